"""Feedback and recommendations on administrative rules (phản ánh, kiến nghị): in, done, late.

By the same clock as the dossiers: received and finished by their days within the period, late when
the finishing day is after the due day, open when received by the end and not finished by then.
Without a column of finishing days, or of due days, what needs it is not known: it is not 0.
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

__all__ = ["BY", "COUNTS", "NEEDS", "Feedback", "every", "values"]

BY = ("content", "source", "field")
COUNTS = {"received": "received", "resolved_late": "late", "open": "open"}  # id → column of rows
NEEDS: dict[str, tuple[str, ...]] = {  # column of rows → columns of the register it needs
    "received": (),
    "carried_over": ("finished_at",),
    "resolved": ("finished_at",),
    "on_time": ("finished_at", "due_at"),
    "late": ("finished_at", "due_at"),
    "published": ("finished_at",),
    "open": ("finished_at",),
    "open_overdue": ("finished_at", "due_at"),
}


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

        frame = every(self._q)
        start, after = pd.Timestamp(self._q.start), pd.Timestamp(self._q.end) + pd.Timedelta(days=1)
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

    def lacking(self, name: str) -> str:
        """The status of a figure made of ``count(name)`` where a register that tells of the period
        lacks a column it needs (``no_column``, ``column_in_part``); "" where none does.
        """
        every, some = self._columns
        lost = set(NEEDS[name]) - every
        return ("column_in_part" if lost <= some else "no_column") if lost else ""

    @cached_property
    def _columns(self) -> tuple[frozenset[str], frozenset[str]]:
        """The columns that all registers with rows of the period have, and that some have."""
        rows = self.rows
        ids = set(rows.loc[rows["received"] | rows["resolved"] | rows["open"], "export"])
        exports = [told.export for told in self._q.told("feedback")]
        near = [e for e in exports if e.id in ids] or exports
        columns = [frozenset(e.receipt.columns) for e in near]
        return frozenset.intersection(*columns), frozenset().union(*columns)


def every(q: PeriodView) -> pd.DataFrame:
    """Every piece of feedback known, each once, with its moments."""
    import pandas as pd

    frame = known(q, "feedback", ("code",))
    return frame.assign(
        **{name: pd.to_datetime(frame[name]) for name in ("received_at", "due_at", "finished_at")}
    )


def values(q: PeriodView) -> dict[str, Value]:
    """``feedback.received``, ``.resolved_late``, ``.open`` and ``.on_time_rate``; null without a
    register (``no_data``) or the columns that they need.
    """
    ids = ("received", "resolved_late", "open", "on_time_rate")
    if not q.told("feedback"):
        return {f"feedback.{id}": Value(None, None, None, "no_data") for id in ids}
    found = q.feedback
    made = {f"feedback.{id}": _counted(found, name) for id, name in COUNTS.items()}
    return {**made, "feedback.on_time_rate": _on_time(found)}


def _counted(found: Feedback, name: str) -> Value:
    if lost := found.lacking(name):
        return Value(None, None, None, lost)
    count = found.count(name)
    return Value(count, None, count)


def _on_time(found: Feedback) -> Value:
    if lost := found.lacking("on_time"):
        return Value(None, None, None, lost)
    k, n = found.count("on_time"), found.count("on_time") + found.count("late")
    return Value(k, n, k / n) if n else Value(k, n, None, "zero_denominator")
