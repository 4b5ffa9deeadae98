"""An official table read: which numbers it states, of what, for which days.

Such tables are printed pages: a title, merged heads of one to three rows, a row of column numbers,
a row a field, a total, signatures; or a list of two columns, what and how many. A column is known
by the words over it (``headings.toml``), read with its groups: "Quá hạn" means one thing under "đã
giải quyết" and another under "đang giải quyết". What the words do not tell a mapping does. Numbers
may be text (``1.234``), and a dash is nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import ColumnsError, FileError, MappingError
from ..planfile import Section, near, read_toml
from ..sources.headers import DEEPEST, RUNNING, TALLEST, columns_under, is_numbering
from ..sources.sheets import Grid, grids, load
from ..sources.titles import lines, named_period, window
from ..sources.values import UNREADABLE, number, text
from ..sources.vocabulary import plain, squash
from ..words import say

__all__ = ["COLUMNS", "RATE", "TOTAL", "Cell", "Layout", "Official", "Share", "meaning", "read"]

RATE = "on_time_rate"
COLUMNS = (
    "received", "received_new", "online", "direct", "carried", "resolved", "early", "on_day",
    "on_time", "late", "open", "within", "overdue", "withdrawn", "stopped", RATE,
)  # fmt: skip
TOTAL = ""  # the row that sums up the others
ENOUGH = 3  # columns, or lines of a list, that make an official table
FEWEST = 2  # numbers in a row of one; a dash is one
Cell = tuple[str, str]  # row as it is named there, and column


@dataclass(frozen=True)
class Share:
    """A percentage as stated, with the decimals that it was rounded to."""

    percent: float
    decimals: int

    def agrees(self, k: int, n: int) -> bool:
        """Whether ``k`` of ``n``, rounded so, is what is stated."""
        return bool(n) and abs(100 * k / n - self.percent) <= 0.5 * 10**-self.decimals + 1e-9


@dataclass(frozen=True)
class Layout:
    """What a mapping tells: the ``sheet``, and the header over each column of ``COLUMNS``."""

    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Layout:
        """From a TOML file with ``sheet`` and ``[columns]``. Raises :class:`MappingError` or
        :class:`PlanError` for one that is wrong.
        """
        if not path.is_file():
            raise MappingError(say("sources.mapping_missing", file=path.name))
        found = read_toml(path, path.name, ("sheet", "columns"))
        section = Section.of(found, "columns", path.name)
        for name in section.values:
            if name not in COLUMNS:
                close = near(name, COLUMNS)
                key = "mapping_unknown_field_near" if close else "mapping_unknown_field"
                raise MappingError(
                    say(f"sources.{key}", file=path.name, word=name, near=close,
                        known=", ".join(COLUMNS), table="reconcile")
                )  # fmt: skip
        columns = {name: section.text(name) for name in section.values}
        sheet = found.get("sheet")
        return cls(sheet if isinstance(sheet, str) else None, columns)


@dataclass(frozen=True)
class Official:
    """A table read. ``cells`` has whole numbers, and a :class:`Share` for a rate; the row ``TOTAL``
    is its own total. ``heads`` are the words over each column, ``ignored`` the heads that nobody
    knows, ``span`` the days that it says it is of.
    """

    file: str
    sheet: str
    cells: Mapping[Cell, int | Share]
    heads: Mapping[str, str]
    ignored: tuple[str, ...]
    span: tuple[dt.date, dt.date] | None

    @property
    def rows(self) -> list[str]:
        """The rows but the total, in their order."""
        return list(dict.fromkeys(row for row, _ in self.cells if row != TOTAL))


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    content = (files(__package__) / "headings.toml").read_text(encoding="utf-8")
    return {
        part: {name: [plain(word) for word in words] for name, words in lists.items()}
        for part, lists in tomllib.loads(content).items()
    }


def _says(spoken: str, words: Sequence[str]) -> bool:
    return any(f" {word} " in f" {spoken} " for word in words)


def section_of(spoken: str) -> str | None:
    """``received``, ``resolved`` or ``open``: the part of the table that folded words speak of.

    The words nearest to the column count, of those that end together the longest.
    """
    found = [
        (f" {spoken} ".rfind(f" {word} ") + len(word), len(word), name)
        for name, words in _words()["sections"].items()
        for word in words
        if _says(spoken, [word])
    ]
    return max(found)[2] if found else None


def meaning(heading: str, section: str | None = None) -> str | None:
    """The column of ``COLUMNS`` that a heading with its groups means; None if it means none.

    ``section`` is the part that the lines before it were of.

    >>> meaning("Số lượng hồ sơ đang giải quyết / Quá hạn"), meaning("Đã xử lý: trễ hạn")
    ('overdue', 'late')
    >>> meaning("Từ kỳ trước"), meaning("Trong đó: trực tuyến", "received"), meaning("Ghi chú")
    ('carried', 'online', None)
    """
    spoken = plain(heading).replace("thoi han", "han")
    has = {name for name, words in _words()["kinds"].items() if _says(spoken, words)}
    own = section_of(spoken)
    if "rate" in has or "%" in heading:
        return RATE if {"on_day", "early"} & has else None
    for name in ("withdrawn", "stopped"):
        if name in has:
            return name
    part = own or section
    if "carried" in has and own != "open":
        return "carried"
    if part == "open":
        return "overdue" if "late" in has else "within" if "within" in has else "open"
    if {"early", "on_day"} <= has or (part == "resolved" and "within" in has):
        return "on_time"
    for name in ("early", "on_day", "late", "within"):
        if name in has:
            return name
    if part == "received":
        for name in ("online", "direct"):
            if name in has:
                return name
        return "received_new" if "new" in has else "received"
    if part == "resolved":
        return "resolved"
    return None


def read(path: Path, layout: Layout | None = None) -> Official:
    """The official table in a file; of several sheets that with most columns, the first of equals.

    Raises :class:`FileError` for a file that is no table, :class:`ColumnsError` for one whose
    heads mean nothing known.
    """
    layout = layout or Layout()
    every = grids(load(path), path.name)
    chosen = [g for g in every if layout.sheet is None or squash(g.sheet) == squash(layout.sheet)]
    if not chosen:
        known = ", ".join(grid.sheet for grid in every)
        raise FileError(say("reconcile.no_sheet", file=path.name, sheet=layout.sheet, known=known))
    found = [made for grid in chosen if (made := _table(grid, path, layout) or _list(grid, path))]
    if not found:
        raise ColumnsError(say("reconcile.no_table", file=path.name))
    return max(found, key=lambda official: len({column for _, column in official.cells}))


def _span(grid: Grid, top: int, path: Path) -> tuple[dt.date, dt.date] | None:
    stated = window(lines(grid.rows[:top]))
    named = None if stated else named_period(path.stem)
    return (named.start, named.end) if named else stated


# -- a row a field ---------------------------------------------------------------------------------


def _table(grid: Grid, path: Path, layout: Layout) -> Official | None:
    best: tuple[tuple[int, int, int], int, int, dict[str, int]] | None = None
    for top in range(min(DEEPEST, len(grid.rows))):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in grid.rows[top]) < 2:
            continue
        for bottom in range(top, min(top + TALLEST, len(grid.rows))):
            places = _places(grid, top, bottom, layout)
            rank = (len(places), top - bottom, -top)
            if best is None or rank > best[0]:
                best = rank, top, bottom, places
    if best is None or len(best[3]) < ENOUGH:
        return None
    _, top, bottom, places = best
    if "early" not in places and "on_day" in places:  # "on time" with no column for early
        places["on_time"] = places.pop("on_day")
    columns = {c.index: c for c in columns_under(grid, top, bottom)}
    naming = _naming(grid, top, bottom, set(places.values()))
    cells: dict[Cell, int | Share] = {}
    for row in grid.rows[bottom + 1 :]:
        filled = [i for i, cell in enumerate(row) if text(cell) is not None]
        values = {name: _value(name, row, place) for name, place in places.items()}
        stated = {name: value for name, value in values.items() if value is not None}
        if is_numbering(row, filled) or len(stated) < FEWEST:
            continue
        name = _row_name(row, naming, set(places.values()))
        if name is None or any((name, column) in cells for column in places):
            continue
        for column, value in values.items():
            if value is not None or column != RATE:
                cells[name, column] = 0 if value is None else value
    if not cells:
        return None
    known = {*places.values(), naming}
    ignored = [c.label for i, c in columns.items() if i not in known and c.header
               and squash(c.header) not in RUNNING]  # fmt: skip
    heads = {
        name: " / ".join(filter(None, (columns[place].group, columns[place].header)))
        for name, place in places.items()
    }
    return Official(
        path.name, grid.sheet, cells, heads, tuple(dict.fromkeys(ignored)), _span(grid, top, path)
    )


def _places(grid: Grid, top: int, bottom: int, layout: Layout) -> dict[str, int]:
    """Which column of the sheet is which, under a head of these rows."""
    given = {squash(header): name for name, header in layout.columns.items()}
    places: dict[str, int] = {}
    for column in columns_under(grid, top, bottom):
        whole = f"{column.group} {column.header}"
        name = given.get(squash(whole)) or given.get(squash(column.header))
        if name is None and not plain(column.header).startswith(tuple(_words()["rows"]["head"])):
            name = meaning(whole)
        if name is not None and (name not in places or name in given.values()):
            places.setdefault(name, column.index)
    return places


def _naming(grid: Grid, top: int, bottom: int, taken: set[int]) -> int:
    """The column that names the rows: by its head, else the one with most words."""
    free = [c for c in columns_under(grid, top, bottom) if c.index not in taken]
    for word in _words()["rows"]["head"]:
        for column in free:
            if word in plain(f"{column.group} {column.header}"):
                return column.index
    below = grid.rows[bottom + 1 :]

    def worded(index: int) -> int:
        cells = [row[index] for row in below if index < len(row)]
        return sum(isinstance(cell, str) and any(map(str.isalpha, cell)) for cell in cells)

    return max((c.index for c in free), key=worded, default=0)


def _row_name(row: Sequence[Any], naming: int, taken: set[int]) -> str | None:
    """What a row is of: ``TOTAL`` for a sum, wherever its word stands; None for no name."""
    named = text(row[naming]) if naming < len(row) else None
    others = [text(cell) for i, cell in enumerate(row) if i not in taken and text(cell)]
    total = "|".join(_words()["rows"]["total"])
    for spoken in (named, *others):
        if spoken and re.fullmatch(rf"(?:{total})(?: so)?(?: \d.*)?(?: ho so)?", plain(spoken)):
            return TOTAL
    return named if named and any(map(str.isalpha, named)) else None


def _value(column: str, row: Sequence[Any], place: int) -> int | Share | None:
    cell = row[place] if place < len(row) else None
    if column != RATE and isinstance(cell, str) and re.fullmatch(r"\s*[-\u2013\u2014]+\s*", cell):
        return 0
    found = number(cell)
    if not isinstance(found, float) or found is UNREADABLE:
        return None
    if column == RATE:
        spoken = str(cell).replace("%", "").strip().replace(",", ".")
        decimals = (
            len(spoken.partition(".")[2].rstrip("0"))
            if isinstance(cell, float)
            else len(spoken.partition(".")[2])
        )
        if found <= 1 and not (isinstance(cell, str) and "%" in cell):
            return Share(100 * found, max(decimals - 2, 0))
        return Share(found, decimals)
    return int(found) if found == int(found) else None


# -- what and how many -----------------------------------------------------------------------------


def _list(grid: Grid, path: Path) -> Official | None:
    """A list: a line names what it counts and holds one number behind."""
    cells: dict[Cell, int | Share] = {}
    heads: dict[str, str] = {}
    ignored: list[str] = []
    section: str | None = None
    first = len(grid.rows)
    for index, row in enumerate(grid.rows):
        words = [i for i, cell in enumerate(row)
                 if isinstance(cell, str) and any(map(str.isalpha, cell))]  # fmt: skip
        if not words:
            continue
        spoken = str(row[words[0]])
        section = section_of(plain(spoken)) or section
        column = meaning(spoken, section)
        behind = range(words[0] + 1, len(row))
        found = [v for i in behind if (v := _value(column or "", row, i)) is not None]
        if len(found) != 1:
            continue
        first = min(first, index)
        if column is None or (TOTAL, column) in cells:
            ignored.append(spoken)
            continue
        cells[TOTAL, column] = found[0]
        heads[column] = spoken
    if len(cells) < ENOUGH:
        return None
    if (TOTAL, "early") not in cells and (TOTAL, "on_day") in cells:
        cells[TOTAL, "on_time"] = cells.pop((TOTAL, "on_day"))
        heads["on_time"] = heads.pop("on_day")
    span = _span(grid, first, path)
    return Official(path.name, grid.sheet, cells, heads, tuple(ignored), span)
