"""The raw exports that are still at hand, told by their content, and the names in them.

The store knows of each export the sha256 of its file, so the raw file is found wherever it lies
and whatever it is called now. Names are read for two ends only, and stay in memory: to address a
slip to somebody, and to make sure that no paper has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..atomic import sha256
from ..errors import CchcError, FileError
from ..sources.mapping import Mapping
from ..sources.people import everybody
from ..words import say
from .inbox import SUFFIXES

if TYPE_CHECKING:
    from ..office import Office
    from ..view import PeriodView

PEOPLES = ("dossiers", "feedback", "survey")  # tables in which citizens may stand

__all__ = ["digest", "files_in", "inbox_files", "people_of"]


def inbox_files(office: Office) -> dict[str, Path]:
    """The files of the unit's inbox by the sha256 of their content."""
    inbox = office.workspace / "data" / "inbox"
    found: dict[str, Path] = {}
    for path in (*files_in(inbox), *files_in(inbox / office.unit.slug)):
        found.setdefault(digest(path), path)
    return found


def files_in(folder: Path) -> Iterator[Path]:
    """The tables in a folder, by name."""
    if not folder.is_dir():
        return
    paths: Iterable[Path] = sorted(folder.iterdir())
    for path in paths:
        usable = path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
        if usable and path.is_file():
            yield path


def digest(path: Path) -> str:
    """The sha256 of a file. Raises :class:`FileError` for one that cannot be read."""
    try:
        return sha256(path)
    except OSError:
        raise FileError(say("sources.in_use", file=path.name)) from None


def people_of(q: PeriodView) -> dict[str, set[str]]:
    """The names in the raw files of citizens' exports, as far as those lie in the inbox, by the
    code of the dossier that they stand at, without the day in it; "" for those without one.
    """
    store = q.office.store
    wanted = {export.receipt.sha256 for table in PEOPLES for export in store.exports(table)}
    found: dict[str, set[str]] = {}
    for content, path in inbox_files(q.office).items():
        if content not in wanted:
            continue
        try:
            for code, name in everybody(
                path, mapping=Mapping.beside(path), layouts=q.office.layouts
            ):  # fmt: skip
                found.setdefault(code, set()).add(name)
        except CchcError:
            continue
    return found
