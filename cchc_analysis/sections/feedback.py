"""Citizens' feedback and petitions: what came in, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.feedback import BY, Feedback
from ..phrases import mark
from ..words import label, say
from .dossiers import count_text, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["feedback_balance", "feedback_by"]


def feedback_balance(q: PeriodView) -> Any:
    """What came in and what became of it."""
    if not q.told("feedback"):
        return blocks.note("info", say("satisfaction.feedback_none"))
    found = q.feedback
    rows = [[label("feedback.received"), count_text(found.count("received"))]]
    rows += [
        [say(f"satisfaction.{name}"), _count(found, name, found.count(name))]
        for name in (
            "carried_over", "resolved", "on_time", "late", "published", "open", "open_overdue",
        )
    ]  # fmt: skip
    return blocks.table(
        id="feedback", caption=say("satisfaction.feedback"),
        columns=[left(label("col.label")), right(label("col.value"))], rows=rows,
    )  # fmt: skip


def _count(found: Feedback, name: str, count: int) -> str:
    """A count of ``name``, or the mark for none where the register lacks a column it needs."""
    return label("mark.no_data") if found.lacking(name) else count_text(count)


def feedback_by(q: PeriodView) -> Any:
    """The same by subject, source and field."""
    frame = q.feedback.rows
    frame = frame[frame["received"] | frame["resolved"] | frame["open"]]
    if frame.empty:
        return blocks.note("info", say("satisfaction.feedback_none"))
    names = ("received", "resolved", "late", "open")
    rows = []
    for by in BY:
        keys = frame[by].fillna("").astype(str)
        few = q.groups.hidden(f"feedback.{by}")
        for key, part in frame.groupby(keys, sort=True):
            if str(key) in few:
                continue
            shown = str(key) or say("satisfaction.unknown")
            cells = [_count(q.feedback, n, int(part[n].sum())) for n in names]
            if q.audience == "shared" and by != "field":  # what waits is told by field (II.05a)
                cells[-1] = mark("suppressed")
            rows.append([say(f"satisfaction.by_{by}", key=shown), *cells])
    if not rows:
        return blocks.note("info", say("satisfaction.feedback_few"))
    heads = [label("feedback.received"), *(say(f"satisfaction.{n}") for n in names[1:])]
    return blocks.table(
        id="feedback-by", caption=say("satisfaction.feedback_by"),
        columns=[left(say("satisfaction.group")), *map(right, heads)], rows=rows,
    )  # fmt: skip
