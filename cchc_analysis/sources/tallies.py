"""Surveys with a column for each level of an answer: ticked forms, and tables of counts.

A survey is read with a line a form and a column a question. Where the levels themselves, from
very satisfied to very dissatisfied, stand over the columns, what stands below is a mark for each
form or the number of forms, and neither is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import ColumnsError
from ..words import say
from .headers import DEEPEST, Header
from .sheets import Grid
from .values import UNREADABLE, is_error, number, text
from .vocabulary import flag

__all__ = ["tallied"]

LEAST = 3  # levels in a row that make a scale
MOST = 0.8  # part of the cells below that tells what they are


def tallied(file: str, grid: Grid, header: Header | None) -> ColumnsError | None:
    """The error for a sheet with the levels over its columns, None for any other."""
    deepest = DEEPEST
    if header is not None and header.matched.complete:
        if header.matched.table.name != "survey":
            return None
        deepest = header.bottom + 2  # the levels may have been taken for the first form
    for top, row in enumerate(grid.rows[:deepest]):
        levels = max(_scales(row), key=len, default=[])
        below = [text(r[i]) for r in grid.rows[top + 1 :] for i in levels if i < len(r)]
        kind = _kind([cell for cell in below if cell is not None and not is_error(cell)])
        if kind:
            names = ", ".join(f"“{text(row[i])}”" for i in levels)
            return ColumnsError(say(f"sources.survey_{kind}", file=file, levels=names))
    return None


def _scales(row: Sequence[Any]) -> Iterator[list[int]]:
    """The columns of each run of levels in a row, that rises or falls without a break."""
    from ..questionnaire import LARGEST, SMALLEST, Question

    words = {
        i: said for i, cell in enumerate(row) if isinstance(cell, str) and (said := text(cell))
    }
    for size in range(max(SMALLEST, LEAST), LARGEST + 1):
        question = Question("", scale=size)
        points = [
            (i, at)
            for i, said in words.items()
            if any(map(str.isalpha, said)) and isinstance(at := question.points(said), int)
        ]
        for step in (1, -1):
            run: list[tuple[int, int]] = []
            for each in [*points, (-1, -LARGEST)]:
                if run and each[1] != run[-1][1] + step:
                    if len(run) >= LEAST:
                        yield [i for i, _ in run]
                    run = []
                run.append(each)


def _kind(cells: Sequence[str]) -> str:
    """What stands under the levels: ``ticks``, ``counts``, or "" for neither."""
    marks = [flag(cell) for cell in cells]
    if True in marks and sum(isinstance(mark, bool) for mark in marks) >= MOST * len(cells):
        return "ticks"
    numbers = sum(number(cell.rstrip("%")) not in (None, UNREADABLE) for cell in cells)
    return "counts" if numbers and numbers >= MOST * len(cells) else ""
