"""Finishes heaped where they should not be: on the due day, in the due minute, at once, in bulk.

An office that works towards its deadlines finishes much shortly before them; that is no heap.
A heap stands out from its own neighbours: the due day from the two working days before it, a
minute from the minutes around. The density of an honest office may rise or fall there; taking the
neighbours' mean for what is usual allows for either, as long as it is not steep.

Who sees five dossiers closed in a minute of an hour in which sixty were closed sees a busy hour:
closures in bulk are held against a Poisson process with the rate of their own hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..causes.history import resolved
from .signal import Signal, chance_of_heap

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["IN_BULK", "bulk", "due_day", "due_minute", "in_one_minute", "online_at_once", "timed"]

IN_BULK = 5  # dossiers closed in one minute
DAYS_BEFORE = 2  # working days before the due day that it is held against
LONG_ENOUGH = DAYS_BEFORE + 1  # working days of a limit with room for them after the first day
MINUTES_BEFORE = 60
MINUTES_AFTER = 10


def timed(moments: pd.Series[Any]) -> pd.Series[Any]:
    """Which moments have a time of day; none where most are days alone, for then a midnight or two
    tell nothing.
    """
    times = moments.notna() & (moments != moments.dt.normalize())
    known = int(moments.notna().sum())
    return times if known and times.sum() > known / 2 else times & False


def due_day(q: PeriodView) -> Signal:
    """Finishes on the due day against those on the two working days before it, of dossiers with
    a limit of three working days or more.
    """
    frame = resolved(q, q.start, q.end)
    limit = q.calendar.between_many(frame["received_at"], frame["due_on"])
    left = q.calendar.between_many(frame["ended_on"], frame["due_on"])
    frame = frame[(limit >= LONG_ENOUGH).fillna(False).astype(bool)]
    left = left.loc[frame.index]
    around = int(left.between(1, DAYS_BEFORE).sum())
    return _heap("due_day", frame, left == 0, around, DAYS_BEFORE)


def due_minute(q: PeriodView) -> Signal:
    """Finishes in the very minute of the due time against the hour before it."""
    import pandas as pd

    frame = q.dossiers[q.dossiers["resolved"] & q.dossiers["due_at"].notna()]
    frame = frame[timed(frame["ended_at"]) & timed(frame["due_at"])]
    if frame.empty:
        return Signal("due_minute", lacks="times")
    gap = frame["due_at"].dt.floor("min") - frame["ended_at"].dt.floor("min")
    minutes = gap // pd.Timedelta(minutes=1)
    around = int(minutes.between(1, MINUTES_BEFORE).sum())
    return _heap("due_minute", frame, minutes == 0, around, MINUTES_BEFORE)


def in_one_minute(q: PeriodView) -> Signal:
    """Dossiers finished in the minute in which they were received, against those that took one to
    ten minutes.
    """
    frame = q.dossiers[q.dossiers["resolved"]]
    return _at_once("in_one_minute", frame, "received_at", "ended_at", "times")


def online_at_once(q: PeriodView) -> Signal:
    """Online filings received by the office in the minute in which they were submitted: as when
    staff file at the counter, from an account of their own, what people brought on paper.
    """
    if "submitted_at" not in q.columns or "channel" not in q.columns:
        return Signal("online_at_once", lacks="submitted")
    frame = q.dossiers[q.dossiers["received_online"]]
    return _at_once("online_at_once", frame, "submitted_at", "received_at", "submitted")


def bulk(q: PeriodView) -> Signal:
    """Dossiers finished in a minute with four others or more, against a Poisson process with the
    rate of their hour.
    """
    from scipy.stats import poisson

    frame = q.dossiers[q.dossiers["resolved"]]
    frame = frame[timed(frame["ended_at"])]
    if frame.empty:
        return Signal("bulk", lacks="times")
    minutes = frame["ended_at"].dt.floor("min")
    size = minutes.map(minutes.value_counts())
    codes = frame.loc[size >= IN_BULK, "code"]
    rates = frame["ended_at"].dt.floor("h").value_counts().to_numpy() / 60
    groups = 60 * poisson.sf(IN_BULK - 1, rates).sum()
    # dossiers in such minutes: E[X; X >= k] of a Poisson X is its rate times P(X >= k - 1)
    expected = float((60 * rates * poisson.sf(IN_BULK - 2, rates)).sum())
    found = int((minutes.value_counts() >= IN_BULK).sum())
    return Signal(
        "bulk", len(codes), len(frame), expected, float(poisson.sf(found - 1, groups)),
        codes=tuple(sorted(codes)), facts={"groups": found, "largest": int(size.max())},
    )  # fmt: skip


def _at_once(id: str, frame: pd.DataFrame, start: str, end: str, lacks: str) -> Signal:
    import pandas as pd

    frame = frame[timed(frame[start]) & timed(frame[end])]
    if frame.empty:
        return Signal(id, lacks=lacks)
    gap = frame[end].dt.floor("min") - frame[start].dt.floor("min")
    minutes = gap // pd.Timedelta(minutes=1)
    return _heap(
        id, frame, minutes == 0, int(minutes.between(1, MINUTES_AFTER).sum()), MINUTES_AFTER
    )


def _heap(id: str, frame: pd.DataFrame, here: Any, around: int, neighbours: int) -> Signal:
    codes = tuple(sorted(frame.loc[here.fillna(False).astype(bool), "code"]))
    chance = chance_of_heap(len(codes), around, neighbours)
    return Signal(id, len(codes), len(frame), around / neighbours, chance, codes=codes)
