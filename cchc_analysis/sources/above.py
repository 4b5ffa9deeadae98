"""What a cell or a row takes from what stands above it: ditto marks, and headings of groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .vocabulary import ditto, headings

if TYPE_CHECKING:
    from .headers import Body

__all__ = ["field_of", "fill_codes", "fill_ditto", "groups_of", "is_heading"]

Cell = Any
MOSTLY = 3  # one in as many
FIRST = 0.9  # of the steps with a code that are of one stage


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:[ivxlc]+|\d{{1,2}}|\w)?\s*[.):\-–]?\s*(?:{'|'.join(headings())})\s*[:\-–]?\s*"
        r"(?P<name>[^\d:(]{2,60}?)\s*(?:[:(\-–]\s*\d.*)?",
        re.IGNORECASE,
    )


def fill_ditto(cells: list[Cell], *, days: bool = True) -> int:
    """Puts in place of each ditto mark the cell above it, and says of how many. Capitals may be
    somebody's initials where there are no ``days``.

    >>> cells = ["05/07/2024", "nt", '"', "", "06/07/2024"]
    >>> fill_ditto(cells), cells[1:3]
    (2, ['05/07/2024', '05/07/2024'])
    """
    try:
        marks = ditto().intersection(cells)
    except TypeError:  # a cell that cannot be hashed
        return 0
    if not days:
        marks = frozenset(mark for mark in marks if mark == mark.lower())
        if cells[:1] and cells[0] in marks:  # of nothing above it
            return 0
    count = 0
    for i, cell in enumerate(cells if marks else ()):
        if i and type(cell) is str and cell in marks and cells[i - 1] not in ("", None):
            cells[i] = cells[i - 1]
            count += 1
    return count


def fill_codes(rows: Sequence[list[Cell]], column: int, stage: int) -> int:
    """In a log, steps without a code are of the dossier above them, where so many have none that it
    cannot be forgotten, and those with one are the first of their dossier; says how many.
    """
    blank = [row for row in rows if column >= len(row) or row[column] in ("", None)]
    coded = [row for row in rows if column < len(row) and row[column] not in ("", None)]
    names = Counter(row[stage] for row in coded if stage < len(row))
    first, most = next(iter(names.most_common(1)), ("", 0))
    if MOSTLY * len(blank) < len(rows) or most < FIRST * len(coded):
        return 0
    if any(stage < len(row) and row[stage] == first for row in blank):
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


_NUMBERED = re.compile(r"\s*(?:[IVXLC]+|\d{1,2}|[^\W\d_])\s*[.):\-–]?(?:\s+\S.*)?")


def is_heading(cells: Sequence[Cell]) -> bool:
    """Whether a line is a numbered heading: "II. Chứng thực", or "II" and "Chứng thực"."""
    worded = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    return bool(worded) and len(cells) < 3 and bool(_NUMBERED.fullmatch(str(cells[0])))


def groups_of(rows: Body) -> Iterator[str | None]:
    """The group that each row of a table stands under."""
    headings = iter(rows.groups)
    ahead = next(headings, None)
    group: str | None = None
    for index in rows.rows:
        while ahead is not None and ahead[0] < index:
            group, ahead = ahead[1], next(headings, None)
        yield group or None
