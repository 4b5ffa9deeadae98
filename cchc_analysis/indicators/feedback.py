"""Feedback and recommendations on administrative rules (phản ánh, kiến nghị): in, done, late.

By the same clock as the dossiers: received and finished by their days within the period, late when
the finishing day is after the due day, open when received by the end and not finished by then.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..words import label
from .results import Value
from .rows import known

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["BY", "COUNTS", "Feedback", "values"]

BY = ("content", "source", "field")
COUNTS = {"received": "received", "resolved_late": "late", "open": "open"}  # id → column of rows


class Feedback:
    """The feedback register of a period; made by ``q.feedback``."""

    def __init__(self, q: PeriodView) -> None:
        self._q = q

    def __repr__(self) -> str:
        return self._q.said(label("table.feedback"))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every piece of feedback known by the period's end with what it counts as in it:
        ``received, carried_over, resolved, late, on_time, open, open_overdue, published`` (bool;
        published of those resolved).
        """
        import pandas as pd

        frame = known(self._q, "feedback", ("code",))
        start, after = pd.Timestamp(self._q.start), pd.Timestamp(self._q.end) + pd.Timedelta(days=1)
        moments = {
            name: pd.to_datetime(frame[name]) for name in ("received_at", "due_at", "finished_at")
        }
        frame = frame.assign(**moments)
        frame = frame[frame["received_at"] < after]
        done = frame["finished_at"] < after
        resolved = done & (frame["finished_at"] >= start)
        due = frame["due_at"].notna()
        late = due & (frame["finished_at"].dt.normalize() > frame["due_at"].dt.normalize())
        return frame.assign(
            received=frame["received_at"] >= start,
            carried_over=(frame["received_at"] < start) & ~(done & ~resolved),
            resolved=resolved,
            late=resolved & late,
            on_time=resolved & due & ~late,
            open=~done,
            open_overdue=~done & (frame["due_at"] < after),
            published=resolved & frame["published"].fillna(False).astype(bool),
        ).reset_index(drop=True)

    def count(self, name: str) -> int:
        return int(self.rows[name].sum())


def values(q: PeriodView) -> dict[str, Value]:
    """``feedback.received``, ``.resolved_late``, ``.open`` and ``.on_time_rate``; null without a
    register (``no_data``).
    """
    ids = ("received", "resolved_late", "open", "on_time_rate")
    if not q.told("feedback"):
        return {f"feedback.{id}": Value(None, None, None, "no_data") for id in ids}
    found = q.feedback
    known_counts = {id: found.count(name) for id, name in COUNTS.items()}
    k, n = found.count("on_time"), found.count("on_time") + found.count("late")
    rate = Value(k, n, k / n) if n else Value(k, n, None, "zero_denominator")
    return {
        **{f"feedback.{id}": Value(n, None, n) for id, n in known_counts.items()},
        "feedback.on_time_rate": rate,
    }
