"""Where in a file its table is: by which mapping, on which sheets, under which headers.

What is found holds whatever the file holds: nothing of it may be kept, shown or raised but by
:mod:`.intake`, which knows what may.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MappingError
from ..words import say
from . import titles
from .columns import is_titled, missing_headers
from .encodings import mend_rows
from .examples import is_guide
from .headers import Body, Header, as_table, body, find
from .mapping import Mapping, nearest
from .rivals import by_content
from .sheets import Grid, grids
from .strangers import lacking_columns, no_table
from .tables import TABLES, Table
from .tallies import tallied
from .vocabulary import squash

if TYPE_CHECKING:
    from ..questionnaire import Questionnaire

__all__ = ["Search", "spelled", "tables_in"]

_LISTED = 20  # how many sheets a sentence may list


def spelled(name: str) -> str:
    """A file's name as text that is the same everywhere: macOS may spell it in decomposed letters,
    and a name on Linux may be bytes of another encoding.
    """
    known = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return unicodedata.normalize("NFC", known)


def tables_in(
    sheets: Sequence[tuple[Grid, Header]], mapping: Mapping | None = None
) -> list[tuple[Grid, Header, Body]]:
    """The tables of the sheets, several where they stand one under the other."""
    own = {name: mapping.words(name) for name in mapping.values} if mapping else {}
    found = []
    for grid, first in sheets:
        header: Header | None = first
        while header is not None:
            rows = body(grid, header)
            told = by_content(grid, header, rows.rows, own, mapped=mapping is not None)
            found.append((grid, told, rows))
            header = rows.below
    return found


def _better(header: Header, other: Header) -> bool:
    """Whether a sheet is rather the table that its own headers make up than that of the others."""
    return header.matched.complete and header.matched.weight > other.matched.weight


@dataclass
class Search:
    """The search in one file of the content ``data``, for ``file`` see :func:`spelled`.

    Without a ``mapping`` it becomes the one of ``layouts`` whose headers the file has, all of them;
    of several the one with most. ``linked`` keeps which dossier a form is about. :meth:`sheets`
    leaves in ``notes`` what a reader should know.
    """

    file: str
    data: bytes
    mapping: Mapping | None = None
    layouts: Sequence[Mapping] = ()
    questionnaire: Questionnaire | None = None
    linked: bool = False
    notes: list[str] = field(default_factory=list)

    def sheets(self) -> list[tuple[Grid, Header]]:
        """The sheets that hold the file's table, each with its header."""
        if self.mapping is None and self.layouts:
            self._choose_layout()
        mapping = self.mapping
        every = self._grids(mapping)
        wanted = self._wanted(every)
        headers = []
        tallies = []
        for grid in wanted:
            font = mend_rows(grid.rows)
            if font:
                self.notes.append(say("sources.font_found", encoding=font))
            header = find(grid, mapping, self.questionnaire)
            header = header and self._titled(header, grid)
            tally = tallied(self.file, grid, header)
            if tally is not None:
                header = None
                tallies.append(tally)
            headers.append((grid, header and self._unlinked(header)))
            self.notes += grid.notes
        complete = [(g, h) for g, h in headers if h is not None and h.matched.complete]
        if not complete:
            raise tallies[0] if tallies else no_table(self.file, headers, mapping)
        order = list(TABLES)
        table = min((h.matched.table for _, h in complete), key=lambda t: order.index(t.name))
        found = []
        for grid, header in headers:
            if header is None:
                continue
            if header.matched.table is not table and not header.matched.sure:
                other = as_table(header, grid, table.name, mapping, self.questionnaire)
                if other.matched.complete and not _better(header, other):
                    header = self._unlinked(other)
            if header.matched.table is table and header.matched.complete:
                self._check_mapping(header)
                found.append((grid, header))
        self._note_sheets(every, headers, [grid for grid, _ in found], table)
        return found

    def _note_sheets(
        self,
        every: Sequence[Grid],
        headers: Sequence[tuple[Grid, Header | None]],
        used: Sequence[Grid],
        table: Table,
    ) -> None:
        """Which sheets were not read, and why."""
        known = {id(grid): header for grid, header in headers}
        for grid in every:
            if any(grid is each for each in used) or not any(grid.rows) or is_guide(grid):
                continue
            header = known[id(grid)] if id(grid) in known else find(grid, self.mapping)
            whole = header is not None and header.matched.complete
            if grid.visible:
                why = "ignored" if whole else "unknown"
                if header is not None and header.matched.table is table and not whole:
                    why = "lacks"
            elif header is not None and whole and self._has_rows(grid, header, table):
                why = "hidden"
            else:
                continue
            rows = sum(any(cell not in (None, "") for cell in row) for row in grid.rows)
            lacking = "" if header is None else lacking_columns(header.matched)
            said = {"sheet": grid.sheet, "rows": rows, "lacking": lacking}
            self.notes.append(say(f"sources.sheet_{why}", **said))

    @staticmethod
    def _has_rows(grid: Grid, header: Header, table: Table) -> bool:
        """Whether a hidden sheet is more than a list of words to choose from."""
        coded = "code" in header.matched.fields
        return header.matched.table is table and coded and bool(body(grid, header).rows)

    def _grids(self, mapping: Mapping | None) -> list[Grid]:
        return grids(
            self.data,
            self.file,
            encoding=mapping.encoding if mapping else None,
            delimiter=mapping.delimiter if mapping else None,
        )

    def _choose_layout(self) -> None:
        """Takes the layout that knows most of the file's headers, where all it names are there."""
        read: dict[tuple[str | None, str | None], list[Grid]] = {}
        best: tuple[int, Mapping] | None = None
        for layout in self.layouts:
            how = layout.encoding, layout.delimiter
            if how not in read:
                read[how] = self._grids(layout)
            known = len([header for header in layout.columns.values() if header])
            if (best is None or known > best[0]) and any(self._fits(g, layout) for g in read[how]):
                best = known, layout
        if best is not None:
            self.mapping = best[1]
            self.notes.append(say("sources.layout_used", layout=best[1].file))

    @staticmethod
    def _fits(grid: Grid, layout: Mapping) -> bool:
        if layout.sheet is not None and squash(layout.sheet) != squash(grid.sheet):
            return False
        mend_rows(grid.rows)
        header = find(grid, layout)
        return (
            header is not None
            and header.matched.complete
            and missing_headers(header.columns, layout) is None
        )

    def _titled(self, header: Header, grid: Grid) -> Header:
        """The header of dossiers read as feedback, where a title or the file's name calls it so, no
        column names a procedure, and it has all that feedback has.
        """
        matched = header.matched
        if self.mapping is not None or matched.table.name != "dossiers" or matched.sure:
            return header
        title = titles.lines(grid.rows[header.first : header.top])
        if {"procedure", "procedure_code"} & set(matched.fields):
            return header
        if not is_titled("feedback", title, Path(self.file).stem):
            return header
        other = as_table(header, grid, "feedback", None, settled=True)
        sure = replace(other, matched=replace(other.matched, sure=True))
        return sure if other.matched.complete else header

    def _unlinked(self, header: Header) -> Header:
        """The header without the dossier of a form, which is read only where it can be hashed."""
        if self.linked:
            return header
        return replace(header, matched=header.matched.without("dossier"))

    def _wanted(self, every: list[Grid]) -> list[Grid]:
        if self.mapping is not None and self.mapping.sheet is not None:
            named = [g for g in every if squash(g.sheet) == squash(self.mapping.sheet)]
            if not named:
                names = [g.sheet for g in every if g.sheet]
                near = nearest(self.mapping.sheet, names) or ", ".join(names[:_LISTED])
                raise MappingError(
                    say(
                        "sources.mapping_no_sheet",
                        file=self.mapping.file,
                        sheet=self.mapping.sheet,
                        near=near or "—",
                    )
                )
            return named
        shown = [grid for grid in every if grid.visible and not is_guide(grid)]
        return shown or every

    def _check_mapping(self, header: Header) -> None:
        if self.mapping is not None:
            error = missing_headers(header.columns, self.mapping)
            if error is not None:
                raise error
