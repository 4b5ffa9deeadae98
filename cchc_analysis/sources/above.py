"""What a cell or a row takes from what stands above it: ditto marks, and headings of groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .vocabulary import ditto, headings, plain

if TYPE_CHECKING:
    from .headers import Body

__all__ = ["field_of", "fill_codes", "fill_ditto", "groups_of"]

Cell = Any
_LONGEST = 16  # characters of a ditto mark
MOSTLY = 3  # one in as many


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:[ivxlc]+|\d{{1,2}}|\w)?\s*[.):\-–]?\s*(?:{'|'.join(headings())})\s*[:\-–]?\s*"
        r"(?P<name>[^\d:(]{2,60}?)\s*(?:[:(\-–]\s*\d.*)?",
        re.IGNORECASE,
    )


def fill_ditto(cells: list[Cell]) -> int:
    """Puts in place of each ditto mark the cell above it, and says of how many.

    >>> cells = ["05/07/2024", "nt", '"', "", "06/07/2024"]
    >>> fill_ditto(cells), cells[1:3]
    (2, ['05/07/2024', '05/07/2024'])
    """
    marks = {c for c in cells if type(c) is str and 0 < len(c) <= _LONGEST and _is_ditto(c)}
    count = 0
    for i, cell in enumerate(cells if marks else ()):
        if i and type(cell) is str and cell in marks and cells[i - 1] not in ("", None):
            cells[i] = cells[i - 1]
            count += 1
    return count


def _is_ditto(cell: str) -> bool:
    return (plain(cell) or cell.strip()) in ditto()


def fill_codes(rows: Sequence[list[Cell]], column: int) -> int:
    """In a log, steps without a code are of the dossier above them, where so many have none that it
    cannot be forgotten; says how many.
    """
    blank = [row for row in rows if column >= len(row) or row[column] in ("", None)]
    if MOSTLY * len(blank) < len(rows):
        return 0
    above: Cell = ""
    count = 0
    for row in rows:
        row += [""] * (column + 1 - len(row))
        if row[column] not in ("", None):
            above = row[column]
        elif above:
            row[column] = above
            count += 1
    return count


def field_of(cells: Iterable[Cell]) -> str:
    """The field that a heading among the rows names, "" for any other line.

    >>> field_of(["II", "Lĩnh vực: Hộ tịch (15 hồ sơ)"]), field_of(["Cộng lĩnh vực Hộ tịch", 15.0])
    ('Hộ tịch', '')
    """
    for cell in cells:
        if isinstance(cell, str) and (found := _heading().fullmatch(cell)):
            return found["name"].strip()
    return ""


def groups_of(rows: Body) -> Iterator[str | None]:
    """The group that each row of a table stands under."""
    headings = iter(rows.groups)
    ahead = next(headings, None)
    group: str | None = None
    for index in rows.rows:
        while ahead is not None and ahead[0] < index:
            group, ahead = ahead[1], next(headings, None)
        yield group
