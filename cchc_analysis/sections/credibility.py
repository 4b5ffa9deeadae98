"""Whether the figures can be believed, as questions with what to check first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..briefs.questions import remarks, table_rows
from ..phrases import mark
from ..signals import signals
from ..words import say
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["credibility"]


def credibility(q: PeriodView) -> Any:
    """A row a question; where there is none, what was looked at."""
    found = signals(q)
    rows, said = table_rows(q, found), remarks(q, found)
    if not rows:
        return blocks.points(said)
    columns = [
        left(say("signals.question")), right(say("signals.count")), right(say("signals.of")),
        right(say("signals.expected")), left(say("signals.check")),
        *([left(say("signals.codes"))] if q.audience == "internal" else []),
    ]  # fmt: skip
    notes = [say("signals.note", zero=mark("zero"))]
    if any(mark("suppressed") in row for row in rows):
        notes.append(say("signals.small"))
    return blocks.table(
        id="credibility", caption=say("signals.caption"), columns=columns, rows=rows,
        notes=[*notes, *said],
    )  # fmt: skip
