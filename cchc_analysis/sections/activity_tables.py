"""What was done under each of the plan's contents, as its rows and as sentences.

The sums and what stands in none are :mod:`..indicators.activities`'s. Titles and documents were
typed by people: they are shown on one line and, to the shared audience, without what looks like a
person's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..errors import ParameterError
from ..freetext import harmless
from ..indicators.activities import Fault
from ..indicators.activity_kinds import Kind
from ..phrases import mark
from ..sources.tables import CONTENTS
from ..words import date, has_message, label, number, say
from .dossiers import LONGEST_LIST, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["activities", "activities_faults", "activities_summary"]

DECIMALS = 6  # at most, of a sum of money
NOT_ADDED = ("unknown_kind", "other_unit", "no_amount")


def activities(q: PeriodView, content: str) -> Any:
    """The activities of one content (``I`` to ``VII``) by day; a note where there are none.

    Raises :class:`ParameterError` for what is no content.
    """
    frame = q.activities.by_content[_checked(content)]
    left_out = _left_out(q, content)
    if frame.empty and left_out:
        return blocks.note("warning", say("activities.only_faults", count=number(len(left_out))))
    if frame.empty:
        return blocks.note("info", say("activities.none"))
    kinds = q.activities.kinds.by_id
    shown = _Shown(q)
    rows = []
    for row in frame.to_dict("records"):
        people = mark("zero") if row["people"] is None or row["people"] != row["people"] else (
            number(int(row["people"]))
        )  # fmt: skip
        rows.append(
            [
                date(row["date"]), shown.text(row["title"]) or kinds[row["kind"]].label,
                _quantity(row["count"], row["unit"]), people,
                shown.text(row["document"]) or mark("zero"),
            ]
        )  # fmt: skip
    notes = []
    if q.activities.coverage != "ok":
        notes.append(say("activities.not_covered"))
    if left_out:
        notes.append(say("activities.not_added", count=number(len(left_out))))
    return blocks.table(
        id=f"activities-{content}",
        caption=say("activities.caption", content=content, name=label(f"content.{content}")),
        columns=[
            left(label("col.date")), left(label("col.title")), right(label("col.count")),
            right(label("col.people")), left(label("col.document")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def activities_summary(q: PeriodView, content: str) -> list[str]:
    """What was done under one content, a sentence a kind in the order of their file; that there is
    no data where there is none.
    """
    frame = q.activities.by_content[_checked(content)]
    said = []
    for kind in q.activities.kinds.by_id.values():
        rows = frame[frame["kind"] == kind.id]
        if len(rows):
            people = int(rows["people"].sum()) if kind.people else 0
            said.append(_sentence(kind, sum(rows["count"], Fraction(0)), len(rows), people))
    return said or [say("activities.none")]


def activities_faults(q: PeriodView) -> Any:
    """The rows that stand in no figure, or may stand in one twice, each with what mends it."""
    faults = q.activities.faults
    notes = [] if q.activities.kinds.verified else [say("activities.unverified")]
    if not faults:
        known = q.activities.coverage != "no_data"
        return blocks.note("info", say("activities.faults_none" if known else "activities.none"))
    rows = [
        [fault.file, number(fault.row), fault.content or mark("zero"), fault.text]
        for fault in faults[:LONGEST_LIST]
    ]
    if len(faults) > LONGEST_LIST:
        notes.append(say("activities.more", count=number(len(faults) - LONGEST_LIST)))
    return blocks.table(
        id="activities-faults", caption=say("activities.faults"),
        columns=[
            left(label("col.file")), right(label("col.row")), left(label("col.content")),
            left(label("col.remedy")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def _checked(content: str) -> str:
    from ..misspelt import choose

    if content not in CONTENTS:
        raise ParameterError(choose("content", content, CONTENTS))
    return content


def _left_out(q: PeriodView, content: str) -> Sequence[Fault]:
    return [f for f in q.activities.faults if f.content == content and f.what in NOT_ADDED]


class _Shown:
    """Free text as this audience may read it."""

    def __init__(self, q: PeriodView) -> None:
        from ..themes import Themes

        shared = q.audience == "shared"
        self._names = Themes.of(q.office.workspace).names if shared else None

    def text(self, typed: str) -> str:
        return harmless(typed) if self._names is None else self._names.example(typed)


def _sentence(kind: Kind, count: Fraction, times: int, people: int) -> str:
    own = f"activities.did_{kind.id}"
    done = say(
        own if has_message(own) else "activities.did",
        kind=kind.label, count=_number(count), unit=kind.unit,
    )  # fmt: skip
    once = say("activities.once")
    if times > 1 and count != times and kind.unit != once:
        done = say("activities.times", done=done, times=number(times), once=once)
    if people:
        done = say("activities.with_people", done=done, people=number(people))
    return say("activities.sentence", done=done)


def _quantity(count: Fraction, unit: str) -> str:
    return say("activities.quantity", count=_number(count), unit=unit)


def _number(count: Fraction) -> str:
    """The number with as many decimals as it has."""
    exact = round(Decimal(count.numerator) / Decimal(count.denominator), DECIMALS).normalize()
    return number(exact, max(0, -int(exact.as_tuple().exponent)))
