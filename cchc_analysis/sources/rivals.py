"""Two headers for one field: what stands under them says which is meant.

By its header alone "Số hồ sơ" is a dossier's code, and may be the number of its papers, 1 in each
row; "Trạng thái" may hold "Đúng hạn" while "Tình trạng" beside it tells how far a dossier is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from .columns import Column
from .headers import Header
from .sheets import Grid
from .values import code, text
from .vocabulary import UNKNOWN, choice

__all__ = ["by_content"]

Cell = Any
CLEARLY = 2  # times as much as the column whose header stands first


def by_content(grid: Grid, header: Header, rows: Sequence[int]) -> Header:
    """The header with the columns whose cells tell more, as codes or as states."""
    matched = header.matched
    for name, rival in matched.rivals:
        if name not in _TOLD:
            continue
        used, told = matched.fields[name], _TOLD[name]
        if told(_cells(grid, rival, rows)) > CLEARLY * told(_cells(grid, used, rows)):
            rivals = tuple((n, used if c is rival else c) for n, c in matched.rivals)
            matched = replace(matched, fields={**matched.fields, name: rival}, rivals=rivals)
    return header if matched is header.matched else replace(header, matched=matched)


def _cells(grid: Grid, column: Column, rows: Sequence[int]) -> list[Cell]:
    i = column.index
    return [row[i] for row in map(grid.rows.__getitem__, rows) if i < len(row)]


def _codes(cells: Sequence[Cell]) -> int:
    """How many dossiers the cells tell apart."""
    return len({made for cell in cells if isinstance(made := code(cell), str)})


def _states(cells: Sequence[Cell]) -> int:
    """How many cells say what is known as a state."""
    said = (text(cell) for cell in cells)
    return sum(choice("status", word) not in (None, UNKNOWN) for word in said if word)


_TOLD: dict[str, Callable[[Sequence[Cell]], int]] = {"code": _codes, "status": _states}
