"""Where the files that come with the package lie.

Plans, reference tables, notebooks and the sample exist once, at the top of the repository. A
wheel carries them inside the package, in ``_shipped``. A workspace may hold a table of its own
under ``data/reference``; then that one is used, so that a commune can correct a holiday or a
procedure without waiting for a new version.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["path", "reference"]

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """A shipped file or folder, as ``path("data", "sample")``."""
    carried = _PACKAGE / "_shipped"
    root = carried if carried.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)


def reference(name: str, workspace: Path | None = None) -> Path:
    """The table ``name`` of ``data/reference``: the workspace's own, else the shipped one."""
    if workspace is not None:
        own = Path(workspace) / "data" / "reference" / name
        if own.is_file():
            return own
    return path("data", "reference", name)
