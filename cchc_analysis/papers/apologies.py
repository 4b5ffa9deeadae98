"""Who is owed an apology, and whether it was given.

Decree 61/2018/NĐ-CP, article 19.9: for a dossier that will be late the office apologises in
writing, with the reason and a new day, at the latest one day before the day it promised; it may
promise anew once. So three groups: *due tomorrow* (open, due by the next working day: the last
moment the law leaves), *overdue* (open past its day), *late* (resolved past its day in the
period). The last two are what ``dossiers.apology_rate`` counts, and as there only a written
apology counts as given; one by telephone is told apart.

The days are counted from the period's last day, or from the data day where that comes first. What
the register says later is used: a dossier overdue at the period's end and finished since is told
as finished, and one that was due the next day and has ended since is owed nothing for that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..causes.evidence import points_at_one_person
from ..words import date, datetime_, label, number, say

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["GROUPS", "Apology", "lines", "owed", "reference_day"]

GROUPS = ("due_tomorrow", "overdue", "late")  # the most urgent first


@dataclass(frozen=True)
class Apology:
    """A dossier whose owner is owed an apology, or got it.

    ``form`` is ``written``, ``phone`` or ``none``; ``late_days`` are working days from the due
    day to the day it ended, else to the reference day, None outside the calendar and for a
    dossier not yet late. ``reason`` is the cause where it may be told outside the office, else
    empty; ``sheet``, ``row`` and ``export`` say where the register has the dossier, and ``told_on``
    the day of that register, for an open one of which newer registers do not tell.
    """

    group: str
    code: str
    procedure_code: str
    procedure: str
    field: str
    received_at: dt.datetime
    due_at: dt.datetime
    finished_at: dt.datetime | None
    returned_at: dt.datetime | None
    outcome: str
    late_days: int | None
    due_at_revised: dt.datetime | None
    form: str
    cause: str
    reason: str
    recorded_only: bool
    export: str
    sheet: str
    row: int
    told_on: dt.date | None = None

    @property
    def owed(self) -> bool:
        """Whether no apology was given in writing."""
        return self.form != "written"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a program; nobody's name is in them."""

        def moment(value: dt.datetime | None) -> str | None:
            return value.isoformat(sep=" ") if value else None

        return {
            "group": self.group, "code": self.code, "procedure_code": self.procedure_code,
            "procedure": self.procedure, "field": self.field,
            "received_at": moment(self.received_at), "due_at": moment(self.due_at),
            "finished_at": moment(self.finished_at), "outcome": self.outcome,
            "late_days": self.late_days, "due_at_revised": moment(self.due_at_revised),
            "apology": self.form, "owed": self.owed, "cause": self.cause,
            "recorded_only": self.recorded_only,
            "told_on": self.told_on.isoformat() if self.told_on else None,
        }  # fmt: skip


def reference_day(q: PeriodView) -> dt.date:
    """The day from which the groups are told: the period's last, or the data day before it."""
    return min(q.end, q.data_day)


def owed(q: PeriodView) -> list[Apology]:
    """The dossiers of the three groups, those still owed an apology first, then by urgency."""
    day = reference_day(q)
    # The day on which the data were taken is not over: what is due on it is not late yet.
    over = day if day == q.end else day - dt.timedelta(days=1)
    found = [_of(q, row, "late", day) for row in q.late.to_dict("records")]
    found += [
        _of(q, row, "overdue", day)
        for row in q.open_overdue.to_dict("records")
        if row["due_on"].date() <= over
    ]
    found += [_of(q, row, "due_tomorrow", day) for row in _soon(q, day, over)]
    old = dict(zip(q.unconfirmed["code"], q.unconfirmed["told_on"], strict=True))
    found = [replace(row, told_on=old.get(row.code)) for row in found]
    return sorted(found, key=_urgency)


def _soon(q: PeriodView, day: dt.date, over: dt.date) -> list[dict[Any, Any]]:
    """Open dossiers, not paused, due after ``over`` and by the next working day."""
    last = q.calendar.next_working(day) or day + dt.timedelta(days=1)
    frame: pd.DataFrame = q.open
    due = frame["due_on"].dt.date
    frame = frame[~frame["paused"] & frame["ended_at"].isna() & (due > over) & (due <= last)]
    return frame.to_dict("records")


def _urgency(row: Apology) -> tuple[Any, ...]:
    return not row.owed, GROUPS.index(row.group), -(row.late_days or 0), row.due_at, row.code


def _of(q: PeriodView, row: Mapping[Any, Any], group: str, day: dt.date) -> Apology:
    finished = _moment(row["ended_at"])
    cause, reason = "", ""
    if group != "due_tomorrow":
        finding = q.finding(row["code"])
        cause = finding.cause
        # A slip leaves the office: no cause on it that could be read as a word on one person.
        if cause != "unknown" and not points_at_one_person(q, finding, _text(row["field"])):
            reason = cause
    form = _text(row.get("apology"))
    return Apology(
        group=group,
        code=str(row["code"]),
        procedure_code=_text(row["procedure_code"]),
        procedure=_text(row["procedure"]),
        field=_text(row["field"]),
        received_at=row["received_at"].to_pydatetime(),
        due_at=row["due_at"].to_pydatetime(),
        finished_at=finished,
        returned_at=_moment(row["returned_at"]),
        outcome=str(row["outcome"]),
        late_days=None
        if group == "due_tomorrow"
        else q.calendar.between(row["due_at"], finished or day),
        due_at_revised=_moment(row.get("due_at_revised")),
        form=form if form in ("written", "phone") else "none",
        cause=cause,
        reason=reason,
        recorded_only=bool(row.get("recorded_only", False)),
        export=str(row["export"]),
        sheet=_text(row["sheet"]),
        row=int(row["row"]),
    )


# -- for the terminal ---------------------------------------------------------------------------


def lines(q: PeriodView, rows: Sequence[Apology]) -> list[str]:
    """The list for a terminal, internal: a head, then a line or two a dossier."""
    due = sum(row.owed for row in rows)
    said = [
        label("word.internal"),
        say(
            "apologies.head", period=q.period.title, day=date(reference_day(q)),
            all=number(len(rows)), owed=number(due),
        ),
    ]  # fmt: skip
    if "apology" not in q.columns and rows:
        in_part = "apology" in q.columns_in_part
        said.append(say("apologies.column_in_part" if in_part else "apologies.no_column"))
    for group in GROUPS:
        of = [row for row in rows if row.group == group]
        if not of:
            continue
        count = number(sum(row.owed for row in of))
        told = {"n": number(len(of)), "owed": count, "day": date(reference_day(q))}
        said.append(say(f"apologies.group_{group}", **told))
        for row in of:
            said += _line(q, row)
    return said if rows else [*said, say("apologies.none")]


def _line(q: PeriodView, row: Apology) -> list[str]:
    said = [
        say(
            "apologies.line", code=row.code, procedure=row.procedure or label("mark.no_data"),
            due=_due(row.due_at), when=when(row), form=say(f"apologies.form_{row.form}"),
        )
    ]  # fmt: skip
    notes = [say("apologies.cause", cause=label(f"cause.{row.cause}"))] if row.cause else []
    if row.recorded_only:
        notes.append(say("apologies.recorded_only"))
    if row.told_on is not None:
        notes.append(say("apologies.told_on", day=date(row.told_on)))
    if row.due_at_revised is not None:
        passed = row.finished_at is None and row.due_at_revised.date() <= reference_day(q)
        key = "passed" if passed else "once"
        notes.append(say(f"apologies.revised_{key}", day=date(row.due_at_revised)))
    if notes:
        said.append("  " + " ".join(notes))
    return said


def _due(moment: dt.datetime) -> str:
    return date(moment) if moment.time() == dt.time() else datetime_(moment)


def when(row: Apology) -> str:
    """What became of the dossier, and how late, in a few words."""
    days = say("apologies.days", n=number(row.late_days)) if row.late_days else ""
    if row.finished_at is not None:
        key = "finished" if row.outcome == "resolved" else "ended"
        said = say(f"apologies.{key}", day=date(row.finished_at))
    else:
        said = say("apologies.still_due" if row.group == "due_tomorrow" else "apologies.still_open")
    return f"{said}, {days}" if days else said


def _moment(value: Any) -> dt.datetime | None:
    if value is None or value != value:
        return None
    made: dt.datetime = value.to_pydatetime()
    return made


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)
