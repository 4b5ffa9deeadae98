"""Due days that are said, not written: "Trong ngày", and a task's "Quý I/2024"; and days with a
remark behind them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..cadences import deadline, is_when

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_in_words", "resolve_same_day", "without_remark"]

Cell = Any
_REMARK = re.compile(r"(?P<day>[^()\[\]]*\d[^()\[\]]*?)\s*[(\[].*[)\]]", re.DOTALL)


def without_remark(cell: Cell) -> Cell:
    """A day with a remark in brackets behind it, without that: the extension it tells of is none of
    the day itself, nor is the number of a document.

    >>> without_remark("29/04/2024 (gia hạn đến 10/05/2024)"), without_remark("(chưa rõ)")
    ('29/04/2024', '(chưa rõ)')
    """
    found = _REMARK.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return found["day"].strip() if found else cell


def resolve_same_day(
    frame: pd.DataFrame, positions: Sequence[int], unit: Any, calendar: Any
) -> None:
    """ "Trong ngày": 17:00 on the day of receipt, or on the next working day for what came after
    the unit's cut-off or on an off-day."""
    received = frame["received_at"].tolist()
    due = frame["due_at"].to_numpy().copy()
    for position in positions:
        moment = received[position]
        if moment is None or moment != moment:  # no receiving date: set aside for that
            continue
        day = moment.date()
        if moment.time() > unit.same_day_cutoff or not _works(calendar, day):
            day = _next_working(calendar, day)
        due[position] = dt.datetime.combine(day, dt.time(17, 0))
    frame["due_at"] = due


def _works(calendar: Any, day: dt.date) -> bool:
    """Whether the day is a working day; Monday to Friday where the calendar cannot tell."""
    known = calendar.is_working(day)
    return day.weekday() < 5 if known is None else bool(known)


def _next_working(calendar: Any, day: dt.date) -> dt.date:
    known = calendar.next_working(day)
    if known is not None:
        return known
    day += dt.timedelta(days=1)
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    return day


def read_in_words(
    frame: pd.DataFrame, cells: Sequence[Cell], positions: Sequence[int]
) -> list[int]:
    """A task's due day "Quý I/2024" is the last of that quarter; "Quý II", "Thường xuyên" say which
    of the plan's due days a row is about, where no other column does. Returns the cells that
    cannot be read so either.
    """
    import pandas as pd

    left = []
    due, cadence = frame["due_on"].to_numpy().copy(), frame["cadence"].tolist()
    for position in positions:
        text = str(cells[position])
        if (day := deadline(text)) is not None:
            due[position] = dt.datetime.combine(day, dt.time())
        elif not is_when(text):
            left.append(position)
        elif not isinstance(cadence[position], str):
            cadence[position] = text
    frame["due_on"], frame["cadence"] = due, pd.Series(cadence, dtype="str")
    return left
