"""How near to the due day dossiers are finished: counts and questions, no verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..causes.history import resolved
from ..causes.patterns import bulk_closures, days_left, pauses
from ..phrases import mark, ratio_text
from ..words import number, say, signed
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["closing_days", "habits"]

DRAWN = 30  # dossiers that make a drawing of finishing days


def closing_days(q: PeriodView) -> Any:
    """How near to the due day the dossiers of the period were finished."""
    from ..figures.lateness import closing_days as draw

    left_over = days_left(q, resolved(q, q.start, q.end)).dropna()
    if len(left_over) < DRAWN:
        return blocks.note("info", say("late_picture.closing_few"))
    counts = left_over.clip(-6, 10).astype(int).value_counts()
    days = list(range(10, -7, -1))
    values = [int(counts.get(day, 0)) for day in days]
    names = [
        say("late_picture.or_more", n=number(d)) if d == 10
        else say("late_picture.or_less", n=signed(d)) if d == -6
        else number(d) if d >= 0 else signed(d)
        for d in days
    ]  # fmt: skip
    table = blocks.table_data(
        id="closing-days-data", caption=say("late_picture.closing_data"),
        columns=[left(say("late_picture.days_left")), right(say("sections.dossiers_count"))],
        rows=[[name, number(count)] for name, count in zip(names, values, strict=True)],
    )  # fmt: skip
    alt = say(
        "late_picture.closing_alt", on_day=number(values[10]), n=number(len(left_over)),
        late=number(sum(values[11:])),
    )  # fmt: skip
    short = [*(f"≥{d}" if d == 10 else number(d) for d in days[:11]),
             *(signed(d) if d > -6 else f"≤{signed(d)}" for d in days[11:])]  # fmt: skip
    return blocks.figure(
        draw(short, values, 11), id="closing-days", caption=say("late_picture.closing"), alt=alt,
        table=table,
    )  # fmt: skip


def habits(q: PeriodView) -> Any:
    """Finishes on the due day, closures in bulk, pauses just before due: counts, as questions."""
    frame = resolved(q, q.start, q.end)
    later = frame[frame["due_on"] > frame["received_at"].dt.normalize()]
    on_day = int((later["ended_on"] == later["due_on"]).sum())
    bulk, asked = bulk_closures(frame), pauses(q, frame)
    rows = [("on_the_day", on_day, len(later))]
    if bulk is not None:
        rows.append(("in_bulk", bulk.dossiers, len(frame)))
    if asked.dossiers:
        rows += [
            ("pause_before", asked.before_due, asked.dossiers),
            ("pause_after", asked.after_due, asked.dossiers),
        ]
    shown = [
        [say(f"late_picture.{key}"), number(k), number(n), ratio_text(k, n) if n else mark("zero")]
        for key, k, n in rows
    ]
    columns = [
        left(say("late_picture.habit")), right(say("late_picture.how_many")),
        right(say("late_picture.of_all")), right(say("late_causes.share")),
    ]  # fmt: skip
    return blocks.table(
        id="habits", caption=say("late_picture.habits"), columns=columns, rows=shown,
        notes=[say("late_picture.habits_note")],
    )  # fmt: skip
