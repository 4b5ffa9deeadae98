"""Reporting periods: which days a figure speaks of.

A period is a run of whole months of one year: a month, a quarter, a half, nine months or the
year. What a month *is* depends on the cut. By ``calendar`` (the default) it is the month on the
wall. By ``reporting`` it is the month of Decree 09/2019/NĐ-CP, which closes on a fixed day (the
14th, unless the plan says otherwise): March runs from 15 February to 14 March and the year from
15 December to 14 December. Everything else follows from that one choice, so periods tile a
year without gap or overlap in both cuts.

>>> q1 = Period.parse("2024-Q1")
>>> q1.title, q1.span
('Quý I năm 2024', 'từ ngày 01/01/2024 đến ngày 31/03/2024')
>>> q1.previous().label, q1.same_last_year().label
('2023-Q4', '2023-Q1')
>>> Period.parse("2024", cut="reporting").span
'từ ngày 15/12/2023 đến ngày 14/12/2024'
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast, get_args

from . import words
from .errors import ParameterError, PeriodError

__all__ = ["COMPARED", "EARLIER", "Cut", "Kind", "Period", "parse_day"]

Cut = Literal["calendar", "reporting"]
Kind = Literal["month", "quarter", "half", "nine_months", "year", "to_date"]

EARLIER = ("previous", "same_last_year")  # methods of a period that it is compared with
COMPARED = (*EARLIER, "year_to_date")
LENGTH = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
ROMAN = ("I", "II", "III", "IV")
DAY = dt.timedelta(days=1)

_FORMS: tuple[tuple[Kind, str], ...] = (
    ("month", r"(0[1-9]|1[0-2])"),
    ("quarter", r"Q([1-4])"),
    ("half", r"H([12])"),
    ("nine_months", r"(9)M"),
)
_YEAR = r"((?:19|20|21)[0-9]{2})"


@dataclass(frozen=True)
class Period:
    """The months ``first`` to ``last`` of ``year``, from ``start`` to ``end``, both inclusive.

    Make one with :meth:`parse`. The kind ``to_date`` comes from :meth:`year_to_date` alone.
    """

    label: str
    kind: Kind
    year: int
    first: int
    last: int
    cut: Cut = "calendar"
    closing_day: int = 14

    @classmethod
    def parse(cls, label: str, cut: str = "calendar", closing_day: int = 14) -> Period:
        """The period ``label``: ``2024-03``, ``2024-Q1``, ``2024-H1``, ``2024-9M`` or ``2024``.

        Case and spaces do not matter. Raises :class:`PeriodError` for any other label or an
        impossible ``closing_day``, :class:`ParameterError` for an unknown ``cut``.
        """
        if cut not in get_args(Cut):
            raise ParameterError(words.say("period.invalid_cut", cut=cut))
        if type(closing_day) is not int or not 1 <= closing_day <= 27:
            raise PeriodError(words.say("period.invalid_closing_day", day=closing_day))
        chosen = cast(Cut, cut)
        text = "".join(str(label).split()).upper()
        if found := re.fullmatch(_YEAR, text):
            return cls._make("year", int(found[1]), 1, chosen, closing_day)
        for kind, form in _FORMS:
            if found := re.fullmatch(f"{_YEAR}-{form}", text):
                number = 1 if kind == "nine_months" else int(found[2])
                return cls._make(kind, int(found[1]), number, chosen, closing_day)
        raise PeriodError(words.say("period.invalid", label=str(label)[:40]))

    @classmethod
    def _make(cls, kind: Kind, year: int, number: int, cut: Cut, closing_day: int) -> Period:
        """The ``number``-th period of its kind in ``year``."""
        last = number * LENGTH[kind]
        label = {
            "month": f"{year}-{number:02d}",
            "quarter": f"{year}-Q{number}",
            "half": f"{year}-H{number}",
            "nine_months": f"{year}-9M",
            "year": f"{year}",
        }[kind]
        return cls(label, kind, year, last - LENGTH[kind] + 1, last, cut, closing_day)

    # -- days -------------------------------------------------------------------------------

    @cached_property
    def start(self) -> dt.date:
        """The first day."""
        return self._start_of_month(self.first)

    @cached_property
    def end(self) -> dt.date:
        """The last day."""
        return self._start_of_month(self.last + 1) - DAY

    def days(self) -> int:
        """How many days, weekends included."""
        return (self.end - self.start).days + 1

    def _start_of_month(self, month: int) -> dt.date:
        """First day of a month of this year; 13 is the next year's first month."""
        if self.cut == "reporting":
            month -= 1
        months = self.year * 12 + month - 1
        day = self.closing_day + 1 if self.cut == "reporting" else 1
        return dt.date(months // 12, months % 12 + 1, day)

    # -- its neighbours ---------------------------------------------------------------------

    def previous(self) -> Period:
        """The period before: 2023-Q4 for 2024-Q1; nine months compare with last year's nine."""
        if self.kind in ("nine_months", "to_date"):
            return self.same_last_year()
        number = self.last // LENGTH[self.kind] - 1
        if number:
            return self._make(self.kind, self.year, number, self.cut, self.closing_day)
        number = 12 // LENGTH[self.kind]
        return self._make(self.kind, self.year - 1, number, self.cut, self.closing_day)

    def same_last_year(self) -> Period:
        """The same months of the year before."""
        if self.kind == "to_date":
            return self._to_date(self.year - 1)
        number = self.last // LENGTH[self.kind]
        return self._make(self.kind, self.year - 1, number, self.cut, self.closing_day)

    def year_to_date(self) -> Period:
        """From the year's first day in this cut to this period's last.

        It is the quarter, half, nine months or year of the same days where there is one
        (2024-Q2 gives 2024-H1), else ``2024-05-YTD``, "5 tháng đầu năm 2024".
        """
        return self._to_date(self.year)

    def _to_date(self, year: int) -> Period:
        for kind, length in LENGTH.items():
            if self.last == length:
                return self._make(cast(Kind, kind), year, 1, self.cut, self.closing_day)
        label = f"{year}-{self.last:02d}-YTD"
        return Period(label, "to_date", year, 1, self.last, self.cut, self.closing_day)

    def months(self) -> tuple[Period, ...]:
        """The months it is made of, in order, in the same cut."""
        numbers = range(self.first, self.last + 1)
        return tuple(
            self._make("month", self.year, number, self.cut, self.closing_day) for number in numbers
        )

    def recut(self, cut: str) -> Period:
        """The period of the same label in the other cut, for the bridge between the two."""
        if cut not in get_args(Cut):
            raise ParameterError(words.say("period.invalid_cut", cut=cut))
        chosen = cast(Cut, cut)
        return Period(
            self.label, self.kind, self.year, self.first, self.last, chosen, self.closing_day
        )

    # -- its names --------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """``Quý IV năm 2024``."""
        if self.kind == "month":
            return words.say("period.month", month=self.first, year=self.year)
        if self.kind == "quarter":
            return words.say("period.quarter", roman=ROMAN[self.last // 3 - 1], year=self.year)
        if self.kind == "half":
            half = "half_first" if self.last == 6 else "half_second"
            return words.say(f"period.{half}", year=self.year)
        return words.say(f"period.{self.kind}", months=self.last, year=self.year)

    @property
    def span(self) -> str:
        """``từ ngày 01/10/2024 đến ngày 31/12/2024``."""
        return words.say("period.span", start=words.date(self.start), end=words.date(self.end))

    def __str__(self) -> str:
        return self.label

    def __repr__(self) -> str:
        return words.say("reprs.period", label=self.label, title=self.title, span=self.span)


def parse_day(text: str | dt.date | None) -> dt.date | None:
    """A day written ``2024-10-05``; None of nothing. Raises :class:`ParameterError`."""
    if text is None or text == "":
        return None
    if isinstance(text, dt.date):
        return text
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ParameterError(words.say("office.bad_day", day=text[:40])) from None
