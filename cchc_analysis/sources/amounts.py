"""A number and its unit that stand in one cell.

Where a table has a column of units, "02" stands in one cell and "lớp" in the next. Where it has
none, people write "02 lớp" or "1,5 tỷ đồng". The words behind the number are the unit then, for a
sum of classes and sessions, or of đồng and triệu, would be a sum of nothing. A cell that is more
than a number and its unit is left as it is, and so cannot be read.

>>> split("02 lớp"), split("1.250,5 triệu đồng"), split(3)
(('02', 'lớp'), ('1.250,5', 'triệu đồng'), (3, None))
>>> split("khoảng 10 lớp"), split("2-3 lớp")
(('khoảng 10 lớp', None), ('2-3 lớp', None))
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .values import text

__all__ = ["numbers_and_units", "split"]

_WORDED = re.compile(r"(-?\d[\d.,' ]*?) ?([^\W\d_].*)")


def split(cell: Any) -> tuple[Any, str | None]:
    """The number as it is written, and the words behind it; the cell itself without any."""
    if isinstance(cell, str) and (spoken := text(cell)):
        found = _WORDED.fullmatch(spoken)
        if found:
            return found[1], found[2].strip()
    return cell, None


def numbers_and_units(
    numbers: Sequence[Any], units: Sequence[Any] | None
) -> tuple[list[Any], list[Any]]:
    """The cells of both columns; a unit of its own column goes before one behind the number.

    >>> numbers_and_units(["2 lớp", "3"], ["", "buổi"])
    (['2', '3'], ['lớp', 'buổi'])
    """
    pairs = [split(cell) for cell in numbers]
    own = units if units is not None else [None] * len(pairs)
    behind = [
        unit if text(unit) is not None else word for unit, (_, word) in zip(own, pairs, strict=True)
    ]
    return [number for number, _ in pairs], behind
