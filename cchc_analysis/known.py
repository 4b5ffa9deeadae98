"""What was known on a day of the tables whose rows have a day each.

A register is known from the moment it was exported. The log, the survey, the feedback, the
indicators, the tasks and the activities often come in one file for a whole year, or some days after
the register that they go with. So as of a day the exports made by its end tell all that they hold;
a day that none of them covers is told by the first export made later that covers it, up to the last
day spoken of. What a later file changes or adds within days that were told is not known yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .store import windows

if TYPE_CHECKING:
    from .store import Export, Store

__all__ = ["Told", "register_end", "told"]

DAY = dt.timedelta(days=1)
EVER = dt.date(1900, 1, 1)
AHEAD = ("tasks",)  # whose day lies ahead: a tracker tells of all its rows or of none
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Told:
    """An export and the days whose rows count from it; None: all that it holds."""

    export: Export
    days: tuple[Span, ...] | None = None


def told(store: Store, table: str, as_of: dt.date | None, until: dt.date) -> list[Told]:
    """The exports of ``table`` that count as of a day, oldest first; ``until`` is the last day
    that one made later may tell of. Without ``as_of`` every export tells all that it holds.
    """
    exports = store.exports(table)
    if as_of is None:
        return [Told(export) for export in exports]
    then = [export for export in exports if export.exported_at.date() <= as_of]
    later = exports[len(then) :]
    if table in AHEAD:
        return [Told(export) for export in then or later[:1]]
    left = _without([(EVER, min(until, as_of))], windows(then))
    found = [Told(export) for export in then]
    for export in later:
        span = windows([export])
        if days := _within(left, span):
            found.append(Told(export, tuple(days)))
            left = _without(left, span)
    return found


def register_end(store: Store, as_of: dt.date | None) -> dt.date:
    """The last day that the registers known cover."""
    spans = windows(store.exports("dossiers", as_of=as_of))
    return spans[-1][1] if spans else EVER


def _within(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    others = list(others)
    pairs = [(max(a, c), min(b, d)) for a, b in spans for c, d in others]
    return [(start, end) for start, end in pairs if start <= end]


def _without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    left = list(spans)
    for first, last in taken:
        left = [
            (start, end)
            for a, b in left
            for start, end in ((a, min(b, first - DAY)), (max(a, last + DAY), b))
            if start <= end
        ]
    return left
