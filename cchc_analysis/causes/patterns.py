"""When dossiers come in: the circumstances of each.

Weekday, hour, load, the weeks before a long break and the end of the month are columns that
``concentration`` compares within the same procedures, like channels and officers.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..view import PeriodView

__all__ = ["CIRCUMSTANCES", "circumstances", "days_left"]

CIRCUMSTANCES = ("weekday", "hour", "load", "before_break", "month_end")
LONG_BREAK = 7  # days off in a row: in Vietnam only Tết Nguyên đán
BEFORE_BREAK = 10  # working days
MONTH_END = 3  # last working days of the month
HOURS = (9, 11, 14, 16)
DAY = dt.timedelta(days=1)


def circumstances(q: PeriodView, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` (a row a resolved dossier, with ``received_at`` and ``due_on``) with the columns
    of ``CIRCUMSTANCES``, each a short code or None where it is not known:

    ``weekday`` of receipt (``0`` Monday … ``6``); ``hour`` of receipt (``h9`` before 9:00, ``h11``
    …, ``h24``; ``off`` on a day off; None where the register holds no times); ``load`` (``low``,
    ``middle``, ``high``: thirds of the number of dossiers open at receipt); ``before_break`` and
    ``month_end`` (``yes``, ``no``: received within 10 working days before a break of a week or
    more; due on one of the last 3 working days of a month).
    """
    import numpy as np

    received, due = frame["received_at"], frame["due_on"]
    working = {day: q.calendar.is_working(day) for day in set(received.dt.date) | set(due.dt.date)}
    weekday = received.dt.day_of_week.astype(str)
    hours = np.select([received.dt.hour < h for h in HOURS], [f"h{h}" for h in HOURS], "h24")
    hour = np.where(received.dt.date.map(working) == False, "off", hours)  # noqa: E712
    timed = (received != received.dt.normalize()).mean() > 0.5 if len(frame) else False
    load = _load(q, frame)
    cuts = np.quantile(load, [1 / 3, 2 / 3]) if len(load) else np.zeros(2)
    thirds = np.where(load <= cuts[0], "low", np.where(load <= cuts[1], "middle", "high"))
    breaks = _before_breaks(q, received)
    ends = {day: _at_month_end(q, day) for day in set(due.dt.date)}
    return frame.assign(
        weekday=weekday,
        hour=hour if timed else None,
        load=thirds if len(load) and cuts[0] < cuts[1] else None,
        before_break=["yes" if day in breaks else "no" for day in received.dt.date],
        month_end=due.dt.date.map(ends),
    )


def _load(q: PeriodView, frame: pd.DataFrame) -> np.ndarray:
    """For each dossier how many others were open when it came in."""
    import numpy as np

    every = q.attribution.timeline.dossiers
    every = every[~every["outcome"].isin(["refused", "new", "undated"])]
    came = np.sort(every["received_at"].dropna().to_numpy())
    went = np.sort(every["ended_at"].dropna().to_numpy())
    moments = frame["received_at"].to_numpy()
    found: np.ndarray = np.searchsorted(came, moments) - np.searchsorted(went, moments)
    return found


def _before_breaks(q: PeriodView, received: pd.Series[Any]) -> set[dt.date]:
    """The working days of the span of ``received`` that lie shortly before a long break."""
    found: set[dt.date] = set()
    if received.empty:
        return found
    day = received.min().date()
    last = received.max().date() + 2 * BEFORE_BREAK * DAY
    recent: list[dt.date] = []
    off = 0
    while day <= last:
        working = q.calendar.is_working(day)
        if working is None or working:
            off = 0
            recent = [*recent, day][-BEFORE_BREAK:]
        else:
            off += 1
            if off == LONG_BREAK:
                found |= set(recent)
        day += DAY
    return found


def _at_month_end(q: PeriodView, day: dt.date) -> str | None:
    first_of_next = (day.replace(day=28) + 4 * DAY).replace(day=1)
    left = q.calendar.between(day, first_of_next - DAY)
    return None if left is None else "yes" if left < MONTH_END else "no"


def days_left(q: PeriodView, frame: pd.DataFrame) -> pd.Series[Any]:
    """Working days from finishing to the due day, negative when late; null outside the calendar."""
    return q.calendar.between_many(frame["ended_on"], frame["due_on"])
