"""The one way back to people's names: from the raw file, in memory, while a slip is printed or
papers are searched for names that must not be there.

The store knows no names, and a slip that apologises must be addressed to somebody. So the export
from which a dossier came is read once more, its header found as it was found at intake, and the
column with the name of the dossier's owner (else its filer) gives one text a row. Telephone and
citizen numbers and addresses are still not read. What is returned shows nothing of itself in a
message, a log or a traceback, and nothing here writes a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .columns import by_header, named_person, with_names
from .encodings import font_encoding, mend
from .locate import Search, spelled, tables_in
from .restarts import bare
from .sheets import load
from .values import code as dossier_code
from .values import text

if TYPE_CHECKING:
    from .headers import Body, Header
    from .heading import Column
    from .mapping import Mapping
    from .sheets import Grid

__all__ = ["People", "everybody", "people"]

MOST = 200  # letters of a name; what is longer is no name
Place = tuple[str, int]


class People:
    """Whose dossier is whose, of one file. It shows how many it knows, never whom."""

    __slots__ = ("_by_code", "_with_days", "column", "file")

    def __init__(
        self, file: str, column: bool, by_code: dict[str, dict[Place, str]], with_days: bool = False
    ) -> None:
        self.file = file
        self.column = column
        """Whether the file has a column of names at all."""
        self._by_code = by_code
        self._with_days = with_days

    def __repr__(self) -> str:
        return f"<People of {len(self._by_code)} dossiers>"

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, code: str) -> bool:
        return self._key(code) in self._by_code

    def _key(self, code: str) -> str:
        """The code as the file has it."""
        return bare(code) if self._with_days else code

    def name(self, code: str, sheet: str | None = None, row: int | None = None) -> str | None:
        """The name on the row of a dossier; on ``sheet`` and ``row`` where the code stands more
        than once. None for no name, and for several of which none can be told to be the right one.
        """
        found = self._by_code.get(self._key(code), {})
        if (sheet, row) in found:
            return found[sheet, row]  # type: ignore[index]
        names = set(found.values())
        return names.pop() if len(names) == 1 else None


def people(
    path: Path, *, mapping: Mapping | None = None, layouts: Sequence[Mapping] = ()
) -> People:
    """The names of the dossiers in a raw export.

    Raises what reading the file would: :class:`FileError`, :class:`ColumnsError`,
    :class:`MappingError`; each names the file, never what is in it.
    """
    found: dict[str, dict[Place, str]] = {}
    has_column = False
    search = Search(spelled(path.name), load(path), mapping, layouts)
    tables = tables_in(search.sheets(), search.mapping)
    mapping = search.mapping
    for grid, header, rows in tables:
        at = _column(header, mapping)
        if at is None or "code" not in header.matched.fields:
            continue
        has_column = True
        key = header.matched.fields["code"]
        for row, name in zip(rows.rows, _names(grid, rows, at), strict=True):
            code = _code(grid.rows[row], key)
            if code is not None and name is not None:
                found.setdefault(code, {})[grid.sheet, row + 1] = name
    return People(path.name, has_column, found, mapping is not None and mapping.code_with_day)


def everybody(
    path: Path, *, mapping: Mapping | None = None, layouts: Sequence[Mapping] = ()
) -> Iterator[tuple[str, str]]:
    """Every name in a raw export of any kind, with the code of its row or "": rows that were set
    aside and all columns with people's names, for what must not be found elsewhere.

    Raises what :func:`people` does.
    """
    search = Search(spelled(path.name), load(path), mapping, layouts)
    for grid, header, rows in tables_in(search.sheets(), search.mapping):
        key = header.matched.fields.get("code")
        first = _column(header, search.mapping)
        columns = {column.index for column in with_names(header.columns)}
        for at in columns | ({first} if first is not None else set()):
            for row, name in zip(rows.rows, _names(grid, rows, at), strict=True):
                if name is not None:
                    yield (_code(grid.rows[row], key) or "", name)


def _code(row: Sequence[Any], key: Column | None) -> str | None:
    """The code of a dossier on its row, None for none that can be read."""
    code = dossier_code(row[key.index]) if key and key.index < len(row) else None
    return code if isinstance(code, str) else None


def _column(header: Header, mapping: Mapping | None) -> int | None:
    """Where the names stand: the column that the mapping names, else the one that looks it."""
    if mapping is not None and mapping.person is not None:
        column = by_header(header.columns, mapping.person) if mapping.person else None
    else:
        used = {column.index for column in header.matched.fields.values()}
        column = named_person([c for c in header.columns if c.index not in used])
    return column.index if column is not None else None


def _names(grid: Grid, rows: Body, at: int) -> list[str | None]:
    cells = [_cell(grid.rows[row], at) for row in rows.rows]
    font = _font([c for c in cells if c], grid, rows, at)
    return [_name(mend(cell, font) if cell and font else cell) for cell in cells]


def _cell(row: Sequence[Any], at: int) -> str | None:
    return row[at] if at < len(row) and isinstance(row[at], str) else None


def _name(cell: str | None) -> str | None:
    """A name as it can be written, None for what is none: figures, signs, a whole story."""
    spoken = text(cell)
    if spoken is None or not any(map(str.isalpha, spoken)) or len(spoken) > MOST:
        return None
    return "".join(c for c in spoken if c.isprintable()) or None


def _font(cells: list[str], grid: Grid, rows: Body, at: int) -> str | None:
    """The font encoding in which the names were typed. Names have few common words, so they are
    judged together with each other column of the sheet.
    """
    typed = [cell for cell in cells if not cell.isascii()][:300]
    if not typed:
        return None
    width = max(len(grid.rows[row]) for row in rows.rows)
    for column in (at, *range(width)):
        other = [c for row in rows.rows[:300] if (c := _cell(grid.rows[row], column))]
        font = font_encoding([*typed, *(c for c in other if not c.isascii())])
        if font is not None:
            return font
    return None
