"""The office's own rules for causes, put to a dossier and taken at their word within limits.

A rule sees the steps in working days, each with what is usual, and says how many days of which
step go with its cause. What it says is held to what can be: to steps there are, to days that a step
took beyond the usual and for which the clock did not stand still, to a sentence that shows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ExtensionError
from ..extend import Lost, Step, told
from ..words import say

if TYPE_CHECKING:
    from ..extend import Cause
    from .attribution import Stay
    from .timeline import Timeline

__all__ = ["asked", "steps", "whole"]

MADE = ("cause", "stage", "exports", "export", "sheet", "row")  # no columns of the register


def steps(stays: Sequence[Stay], timeline: Timeline) -> list[Step]:
    """Stays in minutes of work as a rule sees them, in days of work."""
    day = timeline.day
    return [
        Step(
            place=place, stage=stay.stage, standard=stay.standard, actor=stay.actor,
            entered=stay.entered, left=stay.left, days=stay.minutes / day,
            usual=stay.norm.usual / day if stay.norm.usual == stay.norm.usual else None,
            excess=stay.excess / day, waits_for=stay.waits_for,
            clock=_clock(stay.start, stay.stop, timeline),
        )
        for place, stay in enumerate(stays)
    ]  # fmt: skip


def asked(
    rules: Sequence[Cause], row: Mapping[Any, Any], seen: list[Step]
) -> Iterator[tuple[str, Lost]]:
    """What each rule says of a dossier. Raises :class:`ExtensionError` for what cannot be."""
    dossier = {str(name): cell for name, cell in row.items() if name not in MADE}
    for rule in rules:
        with told(rule.path):
            found = list(rule.find(dict(dossier), list(seen)) or ())
        for lost in found:
            if not (
                isinstance(lost, Lost)
                and 0 <= lost.place < len(seen)
                and 0 <= lost.days < float("inf")
                and lost.evidence.strip()
            ):
                raise ExtensionError(say("extend.bad_claim", file=rule.file, id=rule.id))
            yield rule.id, lost


def whole(row: Mapping[Any, Any], late: float, timeline: Timeline) -> Step:
    """The whole way of a dossier without a log as one step, ``late`` days of it too many."""
    received, ended = row["received_at"], row["ended_at"]
    start, stop = timeline.minutes([received, ended])
    clock = _clock(float(start), float(stop), timeline)
    days = float(stop - start) / timeline.day
    return Step(0, "", None, None, received, ended, days, None, late, None, clock)


def _clock(start: float, stop: float, timeline: Timeline) -> Callable[[dt.date, dt.date], float]:
    def within(first: dt.date, last: dt.date) -> float:
        import pandas as pd

        since, until = timeline.minutes([pd.Timestamp(first), timeline.end_of(last)])
        return max(min(stop, float(until)) - max(start, float(since)), 0.0) / timeline.day

    return within
