"""Everything beside the exports that can alter a brief, by its hash.

A figure rests on more than the office's exports: on the plan, the calendar, the words by which
answers, steps and themes are known, the causes recorded by hand, the notebooks, the key that masks
codes, and on what earlier briefs have shown. What a workspace has of its own goes before what is
shipped, so a file is named by where it was read: ``data/…`` and ``notebooks/…`` in the workspace,
``shipped/…`` in the package.

JupyterLab writes what a notebook shows into the notebook's own file. That alters no brief, for a
run clears it: so the hash of a notebook is that of its cells, and the notebooks that are only ever
opened by hand are none of its inputs.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import extend, shipped
from ..atomic import sha256
from ..causes import by_hand
from ..published import ledger

if TYPE_CHECKING:
    from ..office import Office
    from ..view import PeriodView

__all__ = ["BY_HAND", "SHIPPED", "digest", "files_of", "ledger_of", "located"]

SHIPPED = "shipped/"
REFERENCE, NOTEBOOKS = "data/reference", "notebooks"
BY_HAND = ("start.ipynb", "explore_late_dossiers.ipynb")  # no part of a brief


def files_of(office: Office) -> dict[str, str]:
    """Each file that a brief of ``office`` may read, with its :func:`digest`, sorted by name."""
    workspace, unit = office.workspace, office.unit.slug
    own = {
        path.relative_to(workspace).as_posix(): path
        for folder in (f"data/plans/{unit}", REFERENCE, NOTEBOOKS)
        for path in _under(workspace / folder)
    }
    carried = {
        f"{folder}/{path.relative_to(shipped.path(*folder.split('/'))).as_posix()}": path
        for folder in (REFERENCE, NOTEBOOKS)
        for path in _under(shipped.path(*folder.split("/")))
    }
    found = own | {SHIPPED + name: path for name, path in carried.items() if name not in own}
    others = (by_hand.path(workspace, unit), workspace / "internal" / "key")
    for path in (*others, *extend.files(workspace)):
        if path.is_file():
            found[path.relative_to(workspace).as_posix()] = path
    return {name: digest(path) for name, path in sorted(found.items())}


def digest(path: Path) -> str:
    """The sha256 of a file; of a notebook that of its cells, without what they show."""
    if path.suffix != ".ipynb":
        return sha256(path)
    try:
        cells = [
            [cell["cell_type"], cell.get("id"), cell["metadata"].get("tags"),
             "".join(cell["source"])]
            for cell in json.loads(path.read_bytes())["cells"]
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return sha256(path)  # no notebook
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode("utf-8")).hexdigest()


def located(workspace: Path, name: str) -> Path:
    """Where the file that :func:`files_of` calls ``name`` lies."""
    if name.startswith(SHIPPED):
        return shipped.path(*name.removeprefix(SHIPPED).split("/"))
    return workspace / name


def ledger_of(q: PeriodView) -> dict[str, Any] | None:
    """How much of the ledger of earlier briefs this one knew: ``file, bytes, sha256``, for it is
    only ever added to; None for the internal audience, from which nothing is hidden.
    """
    if q.audience != "shared":
        return None
    file = ledger(q.office.workspace, q.office.unit.slug)
    return {
        "file": file.relative_to(q.office.workspace).as_posix(),
        "bytes": len(q.ledger),
        "sha256": hashlib.sha256(q.ledger).hexdigest(),
    }


def _under(folder: Path) -> list[Path]:
    """The files of a folder that a run may read: none hidden, none that an editor left."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in BY_HAND
        and not any(p.startswith((".", "~$")) for p in path.relative_to(folder).parts)
    ]
