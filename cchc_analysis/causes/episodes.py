"""Late dossiers that belong together: one absence makes nine late dossiers, but it is one event.

Dossiers resolved late that lost their days at the same stage and were finished on consecutive
working days are one *episode*, of a week at most, lest an office that is late every day have but
one. Whether lateness is getting more frequent is asked of episodes; counting dossiers would take
one bad week for nine pieces of evidence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from .history import resolved

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["Episode", "History", "history"]


LONGEST = 5  # working days of an episode


@dataclass(frozen=True)
class Episode:
    """Late dossiers of one ``stage`` (the log's name, "" without a log) finished on the
    consecutive working days ``first`` to ``last``; ``place`` is the number of dossiers resolved
    in time before the first of them, ``moment`` when that one was finished.
    """

    stage: str
    first: dt.date
    last: dt.date
    codes: tuple[str, ...]
    place: int
    moment: dt.datetime


@dataclass(frozen=True)
class History:
    """The episodes between ``start`` and ``end``, by their first finishing moment.

    ``between`` are the dossiers resolved in time from each episode to the next (one fewer than
    there are episodes), ``since`` those after the last one began; ``days`` and ``days_since``
    are the same in working days, fractions included, None outside the calendar.
    """

    start: dt.date
    end: dt.date
    episodes: tuple[Episode, ...]
    between: tuple[int, ...]
    since: int
    days: tuple[float, ...] | None
    days_since: float | None


def history(q: PeriodView, start: dt.date, end: dt.date) -> History:
    """All episodes of lateness that began to finish from ``start`` to ``end``."""
    import pandas as pd

    frame = resolved(q, start, end)
    late = frame[frame["late"]]
    found = q.attribution.find(
        late.assign(
            late_days=q.calendar.between_many(late["due_on"], late["ended_on"]),
            recorded_only=q.attribution.timeline.dossiers.loc[
                late["code"], ["handed_over_in_time", "work_done_in_time"]
            ]
            .any(axis=1)
            .to_numpy(),
        )
    )
    in_time = (~frame["late"]).cumsum()
    episodes: list[Episode] = []
    last_of: dict[str, int] = {}
    for place, row in zip(in_time[late.index], late.to_dict("records"), strict=True):
        stage, day = found[row["code"]].stage, row["ended_on"].date()
        at = last_of.get(stage)
        old = None if at is None else episodes[at]
        if at is not None and old is not None and _goes_on(q, old, day):
            episodes[at] = Episode(
                stage, old.first, day, (*old.codes, row["code"]), old.place, old.moment
            )
            continue
        last_of[stage] = len(episodes)
        moment = row["ended_at"].to_pydatetime()
        episodes.append(Episode(stage, day, day, (row["code"],), int(place), moment))
    places = [e.place for e in episodes]
    end_of = pd.Timestamp(end) + pd.Timedelta(hours=23, minutes=59)
    timeline = q.attribution.timeline
    minutes = timeline.minutes([*(e.moment for e in episodes), end_of]) / timeline.day
    known = bool((minutes == minutes).all())
    spans = [float(b - a) for a, b in pairwise(minutes)]
    return History(
        start=start,
        end=end,
        episodes=tuple(episodes),
        between=tuple(b - a for a, b in pairwise(places)),
        since=int((~frame["late"]).sum()) - (places[-1] if places else 0),
        days=tuple(spans[:-1]) if known else None,
        days_since=spans[-1] if known and spans else None,
    )


def _goes_on(q: PeriodView, episode: Episode, day: dt.date) -> bool:
    """Whether no working day lies between, and not more than a week since it began; in days of
    any kind outside the calendar.
    """
    since_last, since_first = (
        (day - before).days if days is None else days
        for before in (episode.last, episode.first)
        for days in (q.calendar.between(before, day),)
    )
    return since_last <= 1 and since_first < LONGEST
