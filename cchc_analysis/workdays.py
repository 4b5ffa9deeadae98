"""Working days: how long something took in days on which the office was open.

Monday to Friday, without public holidays, with the days that the government swaps (a Monday
off for a Saturday worked). Two sources: the ``holidays`` package, and for Vietnam a dated table
in ``data/reference`` that wins where they differ. Swaps are announced year by year, so outside
the years that the two cover there is no answer: None, never a guess.

The first day does not count: received on Friday and finished on Monday took one working day.

>>> from datetime import date
>>> office = Calendar.of("VN")
>>> office.between(date(2024, 4, 26), date(2024, 5, 6))  # a swap: Saturday 4 May is worked
4
>>> office.between(date(2024, 4, 26), date(2031, 5, 6)) is None
True
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import planfile
from .errors import PlanError
from .shipped import reference
from .words import date, say

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Calendar"]

DAY = dt.timedelta(days=1)
WEEKDAYS = "weekdays"
COVER = "workdays.toml"
COLUMNS = ("date", "kind", "occasion", "source", "verified")


class Calendar:
    """Which days are working days, for the years ``covered``. Make one with :meth:`of`."""

    def __init__(self, name: str, first: dt.date, working: np.ndarray) -> None:
        import numpy as np

        self.name = name
        self.covered = (first, first + (len(working) - 1) * DAY)
        self._working = working
        self._first = np.datetime64(first, "D")
        # _until[i]: working days from the first day covered to day i, both included
        self._until = np.cumsum(working, dtype=np.int64)

    @staticmethod
    def of(name: str, *, workspace: Path | None = None) -> Calendar:
        """The calendar ``VN``, ``weekdays`` or any country of ``holidays`` (``US``, ``US-MA``).

        A workspace may correct the shipped tables. Raises :class:`PlanError` for a calendar
        that does not exist.
        """
        name = name.strip()
        code = WEEKDAYS if name.lower() == WEEKDAYS else name.upper()
        return _calendar(code, None if workspace is None else Path(workspace))

    def __repr__(self) -> str:
        start, end = self.covered
        return say("reprs.calendar", name=self.name, start=date(start), end=date(end))

    def _covers(self, day: dt.date) -> bool:
        return self.covered[0] <= day <= self.covered[1]

    def is_working(self, day: dt.date) -> bool | None:
        """Whether the office is open on ``day``; None outside the years covered."""
        day = _day(day)
        return bool(self._working[self._place(day)]) if self._covers(day) else None

    def next_working(self, day: dt.date) -> dt.date | None:
        """The first working day after ``day``; None where that is not known."""
        day = _day(day) + DAY
        while self._covers(day):
            if self._working[self._place(day)]:
                return day
            day += DAY
        return None

    def after(self, day: dt.date, count: int) -> dt.date | None:
        """The working day with which ``count`` working days after ``day`` are over, 1 or more;
        None where that is not known.

        >>> Calendar.of("VN").after(dt.date(2024, 4, 26), 4)
        datetime.date(2024, 5, 6)
        """
        if not self._covers(day):
            return None
        until = int(self._until[self._place(day)]) + count
        return self.working_day(until - 1) if until <= self._until[-1] else None

    def between(self, start: dt.date, end: dt.date) -> int | None:
        """Working days after ``start`` up to and with ``end``; negative if ``end`` is earlier.

        None if either day lies outside the years covered.
        """
        start, end = _day(start), _day(end)
        if not (self._covers(start) and self._covers(end)):
            return None
        return int(self._until[self._place(end)] - self._until[self._place(start)])

    def between_many(self, starts: Any, ends: Any) -> pd.Series:
        """:meth:`between` for columns of dates or times, null where it has no answer.

        The result is ``Int64`` and carries the index of ``starts``.
        """
        import numpy as np
        import pandas as pd

        starts = pd.Series(pd.to_datetime(starts))
        ends = pd.Series(pd.to_datetime(ends))
        last = len(self._until) - 1
        places, known = [], np.ones(len(starts), dtype=bool)
        for column in (starts, ends):
            days = column.to_numpy().astype("datetime64[D]")
            place = (days - self._first).astype(np.int64)  # an empty date is far outside
            known &= (place >= 0) & (place <= last)
            places.append(np.clip(place, 0, last))
        counts = self._until[places[1]] - self._until[places[0]]
        return pd.Series(
            pd.arrays.IntegerArray(counts, ~known), index=starts.index, name="working_days"
        )

    def worked_minutes(self, moments: Any, hours: Sequence[tuple[int, int]]) -> np.ndarray:
        """Minutes of office hours from the first day covered to each of ``moments``.

        ``hours`` are the spans of a working day as (start, end) in minutes after midnight. A
        moment outside them counts as the nearest one inside that went before. Floats, NaN for
        an empty moment or one outside the years covered.

        >>> office = Calendar.of("VN")
        >>> friday, monday = dt.datetime(2024, 3, 1, 16, 30), dt.datetime(2024, 3, 4, 8, 30)
        >>> before, after = office.worked_minutes([friday, monday], [(450, 690), (810, 1020)])
        >>> float(after - before)
        90.0
        """
        import numpy as np
        import pandas as pd

        times = pd.Series(pd.to_datetime(moments)).to_numpy().astype("datetime64[s]")
        days = times.astype("datetime64[D]")
        place = (days - self._first).astype(np.int64)
        known = ~np.isnat(times) & (place >= 0) & (place < len(self._until))
        place = np.clip(place, 0, len(self._until) - 1)
        minute = np.where(known, (times - days).astype(np.int64), 0) / 60
        today = sum(np.clip(minute - start, 0, end - start) for start, end in hours)
        length = sum(end - start for start, end in hours)
        before = (self._until[place] - self._working[place]) * length
        return np.where(known, before + np.where(self._working[place], today, 0), np.nan)

    def working_day(self, number: int) -> dt.date:
        """The working day before which ``number`` others lie in the years covered.

        >>> office = Calendar.of("VN")
        >>> monday = office.worked_minutes([dt.datetime(2024, 3, 4, 8)], [(450, 690), (810, 1020)])
        >>> office.working_day(int(monday[0] // 450))
        datetime.date(2024, 3, 4)
        """
        import numpy as np

        return self.covered[0] + int(np.searchsorted(self._until, number + 1)) * DAY

    def _place(self, day: dt.date) -> int:
        return (day - self.covered[0]).days


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


# -- building ---------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _calendar(name: str, workspace: Path | None) -> Calendar:
    import numpy as np

    years, table = _cover(name, workspace)
    first, last = dt.date(years[0], 1, 1), dt.date(years[1], 12, 31)
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    if name == WEEKDAYS:
        return Calendar(name, first, np.is_busday(days))
    country = _country(name, years)
    working = np.array([country.is_working_day(day) for day in days.tolist()])
    for day, worked in (_table(table, workspace) if table else {}).items():
        if first <= day <= last:
            working[(day - first).days] = worked
    return Calendar(name, first, working)


def _cover(name: str, workspace: Path | None) -> tuple[tuple[int, int], str | None]:
    """The years covered and the calendar's own table, from ``workdays.toml``."""
    path = reference(COVER, workspace)
    found = planfile.read_toml(path, COVER)
    section = name if name in found else "others"
    values = found.get(section, {})
    years = values.get("covered") if isinstance(values, dict) else None
    if (
        not isinstance(years, list)
        or len(years) != 2
        or any(type(year) is not int or not 1900 <= year <= 2199 for year in years)
        or years[0] > years[1]
    ):
        raise PlanError(say("workdays.bad_cover", file=COVER, section=section), file=COVER)
    table = planfile.Section(COVER, section, values).text("table", "")
    if table and (Path(table).name != table or not reference(table, workspace).is_file()):
        raise planfile.Section(COVER, section, values).wrong("table", say("plan.need_file"))
    return (years[0], years[1]), table or None


def _country(name: str, years: tuple[int, int]) -> Any:
    import holidays  # 0.1 s: only where days are counted

    country, _, part = name.partition("-")
    span = range(years[0], years[1] + 1)
    try:
        return holidays.country_holidays(country, subdiv=part or None, years=span)
    except NotImplementedError:
        known = [WEEKDAYS, *holidays.list_supported_countries(include_aliases=False)]
        message = say("workdays.unknown", calendar=name[:40], hint=planfile.hint(name, known))
        raise PlanError(message) from None


@planfile.together(cached=True)
def _table(name: str, workspace: Path | None) -> dict[dt.date, bool]:
    rows = planfile.read_rows(reference(name, workspace), name, COLUMNS, key="date")
    return {row.day("date"): row.choice("kind", ("off", "working")) == "working" for row in rows}
