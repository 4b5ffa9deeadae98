"""Putting papers where people look for them: whole or not at all, and never over somebody's own.

A folder of papers is made beside its place and renamed into it. What stands in the old folder and
was not written by its last run – another command's papers, an analyst's notes – goes along into
the new one. Of two renames the first takes the old folder away: what is cut off between them is
mended by the next run (:func:`recover`). Only one run at a time writes the papers of a unit
(:func:`alone`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path

from ..atomic import beside, left_over, locked, patiently, remove, sweep
from ..errors import BriefError
from ..words import say

__all__ = ["alone", "outputs_of", "recover", "swap"]

LOCKS = ("~$", ".~lock.")  # what Word and LibreOffice leave beside an open file


def alone(
    root: Path, unit: str, waiting: Callable[[], None] = lambda: None
) -> AbstractContextManager[None]:
    """Keeps other runs from the papers of ``unit`` under ``root``, and waits for one at work."""
    return locked(root / ".locks" / unit, waiting)


def recover(folder: Path) -> None:
    """Mends what a run that was cut off left in and beside ``folder``, under :func:`alone`: papers
    taken away and not replaced come back, half-written ones go.
    """
    for path in left_over(folder):
        if path.suffix == ".old" and not folder.exists():
            path.rename(folder)
        else:
            remove(path)
    sweep(folder)


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
    old = old.with_name(f"{old.name}.old")
    try:
        _take_along(folder, staging, written)
        if folder.exists():
            patiently(lambda: folder.rename(old))
        try:
            patiently(lambda: staging.rename(folder))
        except OSError:
            if old.exists():
                patiently(lambda: old.rename(folder))
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
