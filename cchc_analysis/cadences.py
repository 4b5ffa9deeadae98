"""How plans and trackers write when something is due: "hằng quý", "quý III", "trước 30/9/2024",
"6 tháng đầu năm 2024". The words are in ``cadences.toml``.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .words import fold

__all__ = ["deadline", "due_days", "is_part", "is_when", "period_end", "without_row"]

_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?![\d/.-])")


@dataclass(frozen=True)
class _Words:
    cadences: tuple[tuple[str, tuple[int, ...]], ...]
    periods: tuple[tuple[str, int], ...]
    quarter: str
    month: str
    year: str
    ignored: tuple[str, ...]
    before: tuple[str, ...]
    without_row: tuple[str, ...]


@cache
def _words() -> _Words:
    found = tomllib.loads((files(__package__) / "cadences.toml").read_text(encoding="utf-8"))

    def longest_first(table: dict[str, Any]) -> list[tuple[str, Any]]:
        folded = {fold(word): meaning for word, meaning in table.items()}
        return sorted(folded.items(), key=lambda item: (-len(item[0]), item[0]))

    return _Words(
        tuple((word, tuple(months)) for word, months in longest_first(found["cadences"])),
        tuple(longest_first(found["periods"])),
        fold(found["parts"]["quarter"]),
        fold(found["parts"]["month"]),
        fold(found["parts"]["year"]),
        tuple(fold(word) for word in found["ignored"]["words"]),
        tuple(fold(word) for word in found["before"]["words"]),
        tuple(fold(text) for text in found["targets"]["without_row"]),
    )


def due_days(cadence: str, due: str, year: int) -> tuple[dt.date, ...] | None:
    """The due days of a task of the plan of ``year``, in order; none for one that waits for an
    event, None where neither its cadence nor its due text can be read.

    >>> [day.isoformat() for day in due_days("6 tháng; hằng năm", "", 2024)]
    ['2024-06-30', '2024-12-31']
    """
    months = _cadence(cadence)
    if months is None:
        months = _cadence(due)
    if months is None or len(months) < 2:
        days = _written(due, year) or _written(cadence, year)
        if days:
            return days
    if months is None:
        return None
    return tuple(_end_of(year, month) for month in months)


def _written(text: str, year: int) -> tuple[dt.date, ...]:
    """Days of ``year`` that a text writes out: 30/9, 30/9/2024, quarter III, month 9/2024."""
    rest, days = _plain(text), set[dt.date]()
    for day, month, its_year in _DAY.findall(rest):
        if int(its_year or year) == year and 1 <= int(month) <= 12:
            last = calendar.monthrange(year, int(month))[1]
            if 1 <= int(day) <= last:
                days.add(dt.date(year, int(month), int(day)))
    if not days:
        quarter, month_of = _numbered()
        for name, its_year in quarter.findall(rest):
            if int(its_year or year) == year:
                days.add(_end_of(year, _NUMBERS[name] * 3))
        for name, its_year in month_of.findall(rest):
            if int(its_year or year) == year:
                days.add(_end_of(year, int(name)))
    return tuple(sorted(days))


def period_end(text: str, year: int) -> dt.date | None:
    """The last day of the part of ``year`` that a text names, None where it names none."""
    if days := _written(text, year):
        return days[0]
    for word, month in _words().periods:
        if re.search(rf"\b{re.escape(word)}\b", _plain(text)):
            return _end_of(year, month)
    return None


def deadline(text: str) -> dt.date | None:
    """The last day of the one part of a year that a text is, with its year; None for any other.

    >>> deadline("Quý I/2024").isoformat(), deadline("6 tháng đầu năm 2024").isoformat()
    ('2024-03-31', '2024-06-30')
    >>> deadline("Quý I"), deadline("Quý III, IV/2024"), deadline("QĐ 05/3/2024, tháng 9/2024")
    (None, None, None)
    """
    found = _one_part().fullmatch(_plain(text))
    if found is None or not found["year"]:
        return None
    return period_end(found["part"], int(found["year"]))


def is_part(text: str) -> bool:
    """Whether a text is one part of a year and nothing else: "Tháng 1", "Quý II/2024"."""
    return _one_part().fullmatch(_plain(text)) is not None


def is_when(text: str) -> bool:
    """Whether a text says when something is due, be it on no day.

    >>> is_when("Thường xuyên trong năm 2024"), is_when("Quý II"), is_when("Sau 5 năm")
    (True, True, False)
    """
    bare = re.sub(rf"[\s/]*(?:{_words().year} )?20\d\d$", "", _plain(text))
    if is_part(text) or is_part(bare):
        return True
    return not any(map(str.isdigit, bare)) and _cadence(bare) is not None


@cache
def _one_part() -> re.Pattern[str]:
    """A quarter, a month or a period of a year, with its year if there is one."""
    words = _words()
    parts = "|".join(re.escape(word) for word, _ in words.periods if word != words.year)
    part = (
        rf"(?:{words.quarter} (?:iv|iii|ii|i|[1-4])|{words.month} (?:1[0-2]|0?[1-9])|{parts}"
        rf"|{words.year})"
    )
    before = "|".join(map(re.escape, words.before))
    year = rf"(?:\s?/\s?|\s(?:{words.year}\s)?)(?P<year>20\d{{2}})"
    return re.compile(rf"(?:(?:{before})\s)*(?P<part>{part})(?:{year})?")


def without_row(note: str) -> bool:
    """Whether the note on a target says that the plan's annex has no row for it."""
    return any(text in fold(note) for text in _words().without_row)


def _cadence(text: str) -> tuple[int, ...] | None:
    """The months of a cadence; None where no word of it is known."""
    rest, months, known = _plain(text), set[int](), False
    for pattern in _numbered():
        rest = pattern.sub("|", rest)
    for word, meaning in _words().cadences:
        rest, times = re.subn(rf"\b{re.escape(word)}\b", "|", rest)
        if times:
            known = True
            months.update(meaning)
    return tuple(sorted(months)) if known else None


def _plain(text: str) -> str:
    """Folded, without the words that only look like a cadence once folded."""
    rest = fold(text)
    for word in _words().ignored:
        rest = re.sub(rf"\b{re.escape(word)}\b", "|", rest)
    return rest


@cache
def _numbered() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A quarter and a month with their number, and their year if there is one."""
    words = _words()
    year = rf"(?:\s?/\s?|\s{words.year}\s)?(\d{{4}})?(?!\d)"
    return (
        re.compile(rf"\b{words.quarter} (iv|iii|ii|i|[1-4])\b{year}"),
        re.compile(rf"\b{words.month} (1[0-2]|0?[1-9])\b{year}"),
    )


def _end_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
