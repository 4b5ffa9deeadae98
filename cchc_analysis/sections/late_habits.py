"""How near to the due day dossiers are finished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..causes.history import resolved
from ..causes.patterns import days_left
from ..words import number, say, signed
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["closing_days"]

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
