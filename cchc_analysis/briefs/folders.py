"""Putting papers where people look for them: whole or not at all, and never over somebody's own.

A folder of papers is made beside its place and renamed into it. What stands in the old folder and
was not written by its last run – another command's papers, an analyst's notes – goes along into
the new one. A single file is written beside its place and renamed over it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path

from ..errors import BriefError, WorkspaceError
from ..words import say

__all__ = ["beside", "outputs_of", "put", "sha256", "swap"]

LOCKS = ("~$", ".~lock.")  # what Word and LibreOffice leave beside an open file


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(folder: Path) -> Path:
    """A hidden name in the same place, not yet taken."""
    return folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")


def outputs_of(run: Path) -> dict[str, str]:
    """The files that the run of ``run.json`` wrote, with their sha256; none without one."""
    try:
        outputs = json.loads(run.read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return outputs if isinstance(outputs, dict) else {}


def swap(staging: Path, folder: Path, written: Collection[str]) -> None:
    """Puts ``staging`` in the place of ``folder``, which stays whole until then.

    All files of the old folder but those ``written`` by its last run (paths within it) are taken
    along, unless the new folder has a file of that name. Raises :class:`BriefError` where a file
    is in use.
    """
    old = beside(folder)
    try:
        _take_along(folder, staging, written)
        if folder.exists():
            folder.rename(old)
        try:
            staging.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    except OSError:
        raise BriefError(say("run.in_use", folder=folder.name)) from None
    shutil.rmtree(old, ignore_errors=True)


def _take_along(folder: Path, staging: Path, written: Collection[str]) -> None:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        target = staging / name
        if path.is_dir() and not path.is_symlink():
            continue
        if name in written or path.name.startswith(LOCKS) or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)


def put(path: Path, content: bytes) -> None:
    """Writes a file whole, in the place of the one before.

    Raises :class:`WorkspaceError` where the folder cannot be written, :class:`BriefError` where
    the file is in use.
    """
    part = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    except OSError:
        part.unlink(missing_ok=True)
        raise WorkspaceError(say("store.cannot_write", folder=path.parent.name)) from None
    try:
        part.replace(path)
    except OSError:
        raise BriefError(say("run.in_use", folder=path.name)) from None
    finally:
        part.unlink(missing_ok=True)
