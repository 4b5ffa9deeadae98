"""Where the names for the slips come from: the office's raw exports, told by their content.

The store knows of each dossier from which export it came, and of each export the sha256 of its
file. So the raw file is found wherever it lies and whatever it is called now: in the inbox, or in
what the command was given. Of several exports with a dossier the newest that has a name wins.
Names stay in this object, in memory; what it shows of itself is numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CchcError, FileError
from ..sources.mapping import Mapping
from ..sources.people import People, people
from ..words import number, say
from ..workspace.raw_files import digest, files_in, inbox_files

if TYPE_CHECKING:
    from ..office import Office
    from ..view import PeriodView
    from .apologies import Apology

__all__ = ["Names", "names_of"]


class Names:
    """The names found, and ``notes`` on those not found: which file is needed, by its name."""

    __slots__ = ("_names", "needed", "notes")

    def __init__(self, names: dict[str, str], needed: list[str], notes: list[str]) -> None:
        self._names = names
        self.needed = needed
        self.notes = notes

    def __repr__(self) -> str:
        return f"<{len(self._names)} names>"

    def __len__(self) -> int:
        return len(self._names)

    def of(self, code: str) -> str | None:
        return self._names.get(code)


def names_of(q: PeriodView, rows: Sequence[Apology], given: Sequence[Path] = ()) -> Names:
    """The names for ``rows`` from the raw files in the inbox and in ``given``, files or folders.

    Raises :class:`FileError` for something given that does not exist.
    """
    files, notes = _files(q.office, given)
    names: dict[str, str] = {}
    wanted = {row.code: row for row in rows}
    without: dict[str, None] = {}  # files without a column of names
    read: set[str] = set()
    for export in reversed(q.exports):
        left = [row for code, row in wanted.items() if code not in names]
        path = files.get(export.receipt.sha256)
        if not left or path is None:
            continue
        known = _people(q.office, path, notes)
        if known is None:
            continue
        read.add(export.id)
        if not known.column:
            without[path.name] = None
        for row in left:
            at = (row.sheet, row.row) if row.export == export.id else (None, None)
            name = known.name(row.code, *at)
            if name is not None:
                names[row.code] = name
    unnamed = [row for code, row in wanted.items() if code not in names]
    lacking = [row for row in unnamed if row.export not in read]
    of = {export.id: export.receipt.file for export in q.exports}
    needed = sorted({of[row.export] for row in lacking})
    if lacking:
        n = number(len(lacking))
        notes.append(say("apologies.raw_missing", files=", ".join(needed), n=n))
    notes += [say("apologies.raw_no_column", file=file) for file in without]
    if len(unnamed) > len(lacking) and not without:
        notes.append(say("apologies.raw_unnamed", n=number(len(unnamed) - len(lacking))))
    return Names(names, needed, notes)


def _people(office: Office, path: Path, notes: list[str]) -> People | None:
    """The names in a raw file; None and a note where it cannot be read. Of any other failure the
    kind alone is told: its own words might hold what is in the file.
    """
    try:
        mapping, layouts = Mapping.beside(path), office.layouts
        return people(path, mapping=mapping, layouts=layouts)
    except CchcError as error:
        notes.append(str(error))
        return None
    except Exception as error:
        kind = type(error).__name__
    raise FileError(say("apologies.raw_fault", file=path.name, kind=kind))


def _files(office: Office, given: Sequence[Path]) -> tuple[dict[str, Path], list[str]]:
    """The files at hand by the sha256 of their content, and notes on those of no use."""
    known = {e.receipt.sha256 for e in office.store.exports(withdrawn=True)}
    found = inbox_files(office)
    notes = []
    for path in given:
        if path.is_dir():
            for inner in files_in(path):
                found.setdefault(digest(inner), inner)
        elif path.is_file():
            content = digest(path)
            found[content] = path
            if content not in known:
                notes.append(say("apologies.raw_unknown", file=path.name))
        else:
            raise FileError(say("sources.missing", file=path.name))
    return found, notes
