"""What was resolved before and in a period, one dossier a row, in the order of finishing.

A quarter of an office near its target holds a handful of late dossiers: too few to tell where
they gather or whether they come more often. What is asked of a group or of a chart is therefore
asked of a year, or of all that is known, up to the period's last day and never beyond it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..store import windows

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["known_since", "resolved", "year_to_end"]


def known_since(q: PeriodView) -> dt.date:
    """The first day from which the exports cover every day up to the period's last one that is
    covered at all; the period's own first day where nothing earlier is.
    """
    starts = [start for start, _ in windows(q.exports) if start <= q.end]
    return min(max(starts, default=q.start), q.start)


def year_to_end(q: PeriodView) -> tuple[dt.date, dt.date]:
    """The twelve months up to the period's last day, or as much of them as is known; the whole
    period where it is longer.
    """
    day = q.end + dt.timedelta(days=1)
    back = dt.date(day.year - 1, day.month, min(day.day, 28))
    return min(max(back, known_since(q)), q.start), q.end


def resolved(q: PeriodView, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Dossiers resolved from ``start`` to ``end`` with a due date: ``code, work, procedure_code,
    procedure, field, channel, officer, received_at, due_on, ended_at, ended_on, late`` (bool),
    sorted by the moment of finishing, then code.
    """
    import pandas as pd

    every = q.attribution.timeline.dossiers.reset_index()
    first, after = pd.Timestamp(start), pd.Timestamp(end) + pd.Timedelta(days=1)
    ended = every["ended_at"]
    mine = every["outcome"].eq("resolved") & every["due_on"].notna()
    mine &= (ended >= first) & (ended < after)
    names = [
        "code", "work", "procedure_code", "procedure", "field", "channel", "officer", "received_at",
        "due_on", "ended_at", "ended_on", "late",
    ]  # fmt: skip
    frame = every.loc[mine, names].assign(late=every.loc[mine, "late"].astype(bool))
    return frame.sort_values(["ended_at", "code"], ignore_index=True)
