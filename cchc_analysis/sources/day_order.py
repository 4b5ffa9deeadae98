"""Days whose month stands first, and days that a spreadsheet of another country has turned."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from typing import Any

__all__ = ["month_first", "months_turned", "turn", "turned_columns"]

Cell = Any

_SPOKEN = re.compile(r"\s*(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4}|\d{2})\b")
_FEW = 5  # days of each kind, lest chance be taken for a rule
_MOST = 0.9  # of the cells that a rule must hold for; the others are mistakes of their own


def turned_columns(columns: dict[str, list[Cell]]) -> list[str]:
    """The columns whose days an Excel of another country has read: it takes 05/07 for the seventh
    of May, and what it cannot take for a month first, 25/07, stays text. So the days of such a
    column are of any month of the year until they are turned, and then of those of its texts.
    """
    found = []
    months: set[tuple[int, int]] = set()
    for name, cells in columns.items():
        real = [cell for cell in cells if isinstance(cell, dt.date)]
        spoken = [m for c in cells if isinstance(c, str) and (m := _SPOKEN.match(c))]
        if min(len(real), len(spoken)) < _FEW:
            continue
        late = sum(int(m["first"]) > 12 for m in spoken)
        early = sum(cell.day <= 12 for cell in real)
        said = {
            _month(int(m["year"]) % 100, int(m["second"]) + n) for m in spoken for n in (-1, 0, 1)
        }
        if min(late / len(spoken), early / len(real)) >= _MOST and _fits_better(real, said):
            found.append(name)
            months |= said
    others = [name for name in columns if found and name not in found]
    for name in others:
        real = [cell for cell in columns[name] if isinstance(cell, dt.date)]
        if real and _fits_better(real, months):
            found.append(name)
    return found


def _month(year: int, month: int) -> tuple[int, int]:
    """The month of the two last figures of a year, 0 being December of the year before."""
    return (year + (month - 1) // 12) % 100, (month - 1) % 12 + 1


def _fits_better(days: Sequence[dt.date], months: Collection[tuple[int, int]]) -> bool:
    """Whether turned days are of these months, and as they stand they are not."""
    turned = sum((day.year % 100, day.day) in months for day in days)
    plain = sum((day.year % 100, day.month) in months for day in days)
    return turned >= _MOST * len(days) > plain


def turn(columns: dict[str, list[Cell]], names: Sequence[str]) -> int:
    """Puts day and month back in their places, and says in how many cells."""
    count = 0
    for name in names:
        cells = columns[name]
        for i, cell in enumerate(cells):
            if isinstance(cell, dt.date) and cell.day <= 12:
                cells[i] = cell.replace(day=cell.month, month=cell.day)
                count += 1
    return count


def month_first(columns: dict[str, list[Cell]]) -> tuple[bool, list[str]]:
    """Whether no day makes sense as day/month/year that is not as good as month/day/year, and some
    only as the latter; and else the columns of which this holds alone. Their texts are written anew
    with the day first.
    """
    spoken = {
        name: [m for cell in cells if isinstance(cell, str) and (m := _SPOKEN.match(cell))]
        for name, cells in columns.items()
    }
    if _month_leads([m for found in spoken.values() for m in found]):
        return True, []
    alone = [
        name
        for name, found in spoken.items()
        if _month_leads(found)
        and not any(isinstance(cell, dt.date) and cell.day > 12 for cell in columns[name])
    ]
    for name in alone:
        cells = columns[name]
        for i, cell in enumerate(cells):
            if isinstance(cell, dt.date):  # which a spreadsheet took for the day first
                cells[i] = cell.replace(day=cell.month, month=cell.day)
            elif isinstance(cell, str) and (m := _SPOKEN.match(cell)):
                sep = cell[m.end("first") : m.start("second")]
                cells[i] = f"{m['second']}{sep}{m['first']}{cell[m.end('second') :]}"
    return False, alone


def months_turned(cells: Sequence[Cell]) -> bool:
    """Whether a column of months has nothing but days of January, and never its first: 4/1/2024 is
    April where the month stands in front.

    >>> months_turned(["4/1/2024", "5/1/2024"]), months_turned(["1/1/2024", "1/4/2024"])
    (True, False)
    """
    days = [(cell.day, cell.month) for cell in cells if isinstance(cell, dt.date)]
    spoken = [m for cell in cells if isinstance(cell, str) and (m := _SPOKEN.match(cell))]
    days += [(int(m["first"]), int(m["second"])) for m in spoken]
    return bool(days) and all(month == 1 and 1 < day <= 12 for day, month in days)


def _month_leads(found: Sequence[re.Match[str]]) -> bool:
    if any(int(m["first"]) > 12 for m in found):
        return False
    odd = sum(int(m["second"]) > 12 for m in found)
    return odd >= _FEW or (odd > 1 and len(found) > _FEW)  # by chance no day beyond the twelfth?
