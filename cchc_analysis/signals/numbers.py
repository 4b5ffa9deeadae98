"""Numbers that are missing in the sequence of dossier codes.

A system numbers the dossiers of a day, or of a year, one after another. A number that no register
ever showed was given to something: a draft, a refusal, a dossier that is gone. Behind the last
number of a day nothing can be seen to be missing, and where most numbers of a sequence are not
ours – a province may number over all its offices – nothing follows from a gap.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..sources.values import national_day
from .signal import Signal, told

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["missing_numbers"]

_ENDING = re.compile(r"(.*?)(\d+)")
_DAY = re.compile(r"\d{6}-$")
OURS = 0.5  # of a sequence's numbers must be known for a gap to mean anything
Numbers = dict[str, set[int]]


def missing_numbers(q: PeriodView) -> Signal:
    """Numbers given in the period that no register export shows, accepted or set aside; ``codes``
    are the codes that they would have. ``facts``: ``in_log`` of them the log knows; ``uncoded``
    rows were set aside for want of a code.

    Codes of the national pattern are numbered from 1 each day, or run on over the year; any others
    run on from the first to the last dossier received in the period.
    """
    frame = q.register
    received = frame["received_at"].dt.date
    mine = set(frame.loc[(received >= q.start) & (received <= q.end), "code"])
    aside = [row.code for export in q.exports for row in export.set_aside if row.code]
    shown = {*frame["code"], *aside}
    daily = _sequences(code for code in shown if (day := _day(code)) and q.start <= day <= q.end)
    if _share(daily, 1) >= OURS:
        numbers, first = daily, 1
    else:
        numbers, first = _sequences(map(_without_day, mine)), None
        if _share(numbers, None) < OURS:
            return Signal("missing_numbers", lacks="numbers")
        shown = set(map(_without_day, shown))
    missing = {
        name
        for head, found in numbers.items()
        for n in range(first or min(found), max(found))
        if n not in found and (name := f"{head}{n:04d}") not in shown
    }
    logged = set(q.log["code"])
    known = logged if first else set(map(_without_day, logged))
    return told(
        "missing_numbers", missing, _span(numbers, first), in_log=len(missing & known),
        uncoded=int(q.set_aside["code"].isna().sum()),
    )  # fmt: skip


def _day(code: str) -> dt.date | None:
    day = national_day(code)
    return day if isinstance(day, dt.date) else None


def _without_day(code: str) -> str:
    """A code with the year alone for the day that it holds: the numbers of a year are one row."""
    found = _ENDING.fullmatch(code)
    day = _day(code)
    return f"{_DAY.sub('', found[1])}{day:%y}…-{found[2]}" if found and day else code


def _sequences(codes: Iterable[str]) -> Numbers:
    """The running numbers of some codes, by what stands before them."""
    numbers: Numbers = {}
    for code in codes:
        if found := _ENDING.fullmatch(code):
            numbers.setdefault(found[1], set()).add(int(found[2]))
    return numbers


def _span(numbers: Mapping[str, set[int]], first: int | None) -> int:
    """How many numbers lie from the ``first``, or the least one known, to the last one known."""
    return sum(max(found) - (first or min(found)) + 1 for found in numbers.values())


def _share(numbers: Mapping[str, set[int]], first: int | None) -> float:
    """Which share of the numbers is known."""
    span = _span(numbers, first)
    return sum(map(len, numbers.values())) / span if span else 0.0
