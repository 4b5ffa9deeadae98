"""What stands under a header says whether it is meant so.

By its header alone "Số hồ sơ" is a dossier's code, and may be the number of its papers, 1 in each
row; "Trạng thái" may hold "Đúng hạn" while "Tình trạng" beside it tells how far a dossier is; and
"Trả KQ" may be ticked, "Thời hạn trả kết quả" say how many days there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .columns import Matched
from .convert import ENDS
from .headers import Header
from .heading import Column
from .sheets import Grid
from .titles import other_unit
from .values import code, may_be_day, text
from .vocabulary import UNKNOWN, choice, is_blank, is_not_yet

__all__ = ["by_content", "merge_ends", "stay_where_not_moved"]

Cell = Any
Words = Mapping[str, Mapping[str, str]]
CLEARLY = 2  # times as much as the column whose header stands first
IN_WORDS = ("tasks",)  # tables whose days may be said in words, as quarters
ENOUGH = 500  # rows that tell what a column holds
FEW = 3  # cells that say what a column holds
SEVERAL = 0.6  # kinds of a cell, no more
MOST = 0.9  # of the codes of a column that only counts its rows
OF_ONE_EACH = ("dossiers", "feedback")  # tables in which each row has a code of its own


def by_content(
    grid: Grid, header: Header, rows: Sequence[int], own: Words, *, mapped: bool
) -> Header:
    """The header with the columns whose cells tell more, as codes or as states, and without those
    of days in which there is none. ``own`` are a mapping's words; what a mapping names
    (``mapped``) is as it says.
    """
    matched = header.matched
    for name, rival in matched.rivals:
        used = matched.fields.get(name)
        if used is None:
            continue
        some = rows[:: max(1, len(rows) // ENOUGH)]
        mine, theirs = _cells(grid, used, some), _cells(grid, rival, some)
        if name == "code" and matched.table.name in OF_ONE_EACH:
            better = _codes(theirs) > CLEARLY * _codes(mine) and not _counts(theirs)
        elif name == "status":
            words = own.get("status")
            better = _states(theirs, words) > CLEARLY * _states(mine, words)
        elif name == "content" and matched.table.name == "feedback":
            better = _repeats(theirs) and not _repeats(mine)
        elif name in matched.table.moments:
            better = _no_days(_cells(grid, used, rows)) and not _no_days(_cells(grid, rival, rows))
        else:
            continue
        if better:
            rivals = tuple((n, used if c is rival else c) for n, c in matched.rivals)
            matched = replace(matched, fields={**matched.fields, name: rival}, rivals=rivals)
    measure = matched.fields.get("unit") if matched.table.name == "digital" else None
    if measure is not None and not mapped and _names_units(_cells(grid, measure, rows)):
        matched = matched.without("unit")
    droppable = not mapped and matched.table.name not in IN_WORDS
    for name in matched.table.moments if droppable else ():
        used = matched.fields.get(name)
        spare = used is not None and matched.table.is_complete(matched.without(name).fields)
        if used is not None and spare and _no_days(_cells(grid, used, rows)):
            matched = _without(matched, name)
    return header if matched is header.matched else replace(header, matched=matched)


def _without(matched: Matched, name: str) -> Matched:
    """Without a column that is not what its header says; of first due days the others stay."""
    if name == "due_at" and matched.moved:
        fields = {**matched.fields, "due_at": matched.fields["due_at_revised"]}
        del fields["due_at_revised"]
        lost = matched.fields["due_at"]
        return replace(matched, fields=fields, rest=(*matched.rest, lost), moved=False)
    return matched.without(name)


def _cells(grid: Grid, column: Column, rows: Sequence[int]) -> list[Cell]:
    i = column.index
    return [row[i] for row in map(grid.rows.__getitem__, rows) if i < len(row)]


def _repeats(cells: Sequence[Cell]) -> bool:
    """Whether the cells are of a few kinds, and not a tale each."""
    said = [text(cell) for cell in cells if text(cell)]
    return len(said) >= FEW and len(set(said)) <= SEVERAL * len(said)


def _names_units(cells: Sequence[Cell]) -> bool:
    """Whether a column of units of measure names communes instead."""
    return any(other_unit([cell], ()) for cell in set(cells) if isinstance(cell, str))


def _codes(cells: Sequence[Cell]) -> int:
    """How many dossiers the cells tell apart."""
    return len({made for cell in cells if isinstance(made := code(cell), str)})


def _counts(cells: Sequence[Cell]) -> bool:
    """Whether the cells are small numbers, as a row's own."""
    said = [made for cell in cells if isinstance(made := code(cell), str)]
    return sum(made.isdigit() and len(made) < 4 for made in said) > MOST * len(said)


def _states(cells: Sequence[Cell], own: Mapping[str, str] | None) -> int:
    """How many cells say what is known as a state."""
    said = (text(cell) for cell in cells)
    return sum(choice("status", word, own) not in (None, UNKNOWN) for word in said if word)


def _no_days(cells: Sequence[Cell]) -> bool:
    """Whether none of the cells can be a day: ticks, words, numbers of days."""
    words = 0
    for cell in cells:
        if may_be_day(cell):
            return False
        said = text(cell)
        words += said is not None and not is_blank(said) and not is_not_yet(said)
    return words >= FEW


# -- two columns that complete each other --------------------------------------------------------


def merge_ends(
    moments: dict[str, list[Cell]], matched: Matched, cells: Callable[[Column], list[Cell]]
) -> list[tuple[str, str, int]]:
    """Two columns of ends of which each row has one at most, as by hand and by post, are one.

    Puts the days of the second in place of empty ones of ``moments``, and returns of each such
    column its header, the other's, and how many there were.
    """
    found = []
    for name, rival in matched.rivals:
        if name not in ENDS or name not in moments:
            continue
        mine, theirs = moments[name], cells(rival)
        filled = [i for i, cell in enumerate(theirs) if may_be_day(cell)]
        if filled and not any(may_be_day(mine[i]) for i in filled):
            for i in filled:
                mine[i] = theirs[i]
            found.append((rival.label, matched.fields[name].label, len(filled)))
    return found


def stay_where_not_moved(first: list[Cell], now: list[Cell]) -> None:
    """A first due day is often written only where it was moved: elsewhere the other one is it."""
    for i, cell in enumerate(first):
        if not may_be_day(cell):
            first[i], now[i] = now[i], ""
