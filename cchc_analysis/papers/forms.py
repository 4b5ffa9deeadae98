"""What the forms of Circular 01/2020/TT-VPCP say, before anybody lays them out.

II.06a counts dossiers by field: received (3) = online (4) + in person or by post (5) + carried
over (6); resolved (7) = early (8) + on the day (9) + late (10); in progress (11) = within (12) +
past its due day (13). A form whose (3) is not (7) + (11) has lost somebody, so the difference is
named dossier by dossier: those withdrawn, stopped, or ended without a date leave no column; a
resolved one without a due date is in (7) and in none of (8) to (10). Waiting for papers or a
payment is in progress and never past its due day.

II.05a counts feedback, II.07a why open dossiers are past their due day. What the law has offices
publish is never hidden, whoever reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..planfile import Section, read_toml
from ..shipped import reference
from ..words import fold, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "Broken", "CauseRow", "FeedbackRow", "Heading", "ResultsRow", "RootedRow", "broken",
    "cause_names", "causes", "feedback", "heading", "in_order", "in_reporting_cut", "results",
    "unit_row", "usual_heading",
]  # fmt: skip

FILE = "forms.toml"
NOT_KNOWN = "X0"


@dataclass(frozen=True)
class Heading:
    """What stands above a form, and what of it nobody has confirmed."""

    number: str
    title: str
    unverified: str


@dataclass(frozen=True)
class ResultsRow:
    """A row of II.06a or of its consolidation: counts of dossiers.

    ``without_due`` are resolved and in none of ``early``, ``on_day``, ``late``; ``withdrawn``,
    ``stopped`` and ``undated`` ended in no column; ``paused`` are part of ``within``.
    """

    name: str
    online: int
    direct: int
    carried_over: int
    early: int
    on_day: int
    late: int
    without_due: int
    within: int
    overdue: int
    withdrawn: int
    stopped: int
    undated: int
    paused: int

    @property
    def received(self) -> int:
        """Column 3."""
        return self.online + self.direct + self.carried_over

    @property
    def resolved(self) -> int:
        """Column 7."""
        return self.early + self.on_day + self.late + self.without_due

    @property
    def open(self) -> int:
        """Column 11."""
        return self.within + self.overdue

    @property
    def gap(self) -> int:
        """Column 3 less columns 7 and 11."""
        return self.received - self.resolved - self.open

    @property
    def explained(self) -> int:
        """How much of the gap has a name."""
        return self.withdrawn + self.stopped + self.undated

    @classmethod
    def of(cls, name: str, counts: Mapping[Any, Any]) -> ResultsRow:
        """From the flags of :mod:`..indicators.dossiers`; a dossier whose channel nobody wrote
        down counts as brought in person.
        """
        n = {flag: int(counts[flag]) for flag in _FLAGS}
        return cls(
            name=name,
            online=n["received_online"],
            direct=n["received"] - n["received_online"],
            carried_over=n["carried_over"],
            early=n["resolved_early"],
            on_day=n["resolved_on_day"],
            late=n["resolved_late"],
            without_due=n["without_due"],
            within=n["open"] - n["open_overdue"],
            overdue=n["open_overdue"],
            withdrawn=n["withdrawn"],
            stopped=n["stopped"],
            undated=n["ended_undated"],
            paused=n["paused"],
        )

    @classmethod
    def total(cls, name: str, rows: Sequence[ResultsRow]) -> ResultsRow:
        """The sum of some rows."""
        counts = [f.name for f in fields(cls) if f.name != "name"]
        return cls(name, *(sum(getattr(row, count) for row in rows) for count in counts))


_FLAGS = (
    "received", "received_online", "carried_over", "resolved_early", "resolved_on_day",
    "resolved_late", "without_due", "open", "open_overdue", "withdrawn", "stopped",
    "ended_undated", "paused",
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A dossier that a check of II.06a does not find in any column, and why: ``withdrawn``,
    ``stopped``, ``ended_undated`` or ``without_due``.
    """

    code: str
    field: str
    why: str


@dataclass(frozen=True)
class FeedbackRow:
    """A row of II.05a: ``acts`` and ``rules`` by what the content says, ``unclear`` by neither."""

    name: str
    acts: int
    rules: int
    unclear: int
    carried_over: int
    received: int
    resolved: int
    open: int
    published: int


@dataclass(frozen=True)
class CauseRow:
    """A row of II.07a: the open dossiers past their due day of one field, by code of the cause."""

    name: str
    codes: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.codes.values())


@dataclass(frozen=True)
class RootedRow:
    """A procedure of part II of II.07a, and what is known of its difficulty."""

    procedure: str
    code: str
    count: int


# -- what stands above ---------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _content(workspace: Path) -> dict[str, Any]:
    return read_toml(
        reference(FILE, workspace), FILE, ("results", "consolidated", "feedback", "causes")
    )


def heading(q: PeriodView, form: str, *, own: bool = True) -> Heading:
    """The number and title of ``results``, ``consolidated``, ``feedback`` or ``causes``: the
    unit's ``own`` number, else that of ``data/reference/forms.toml``.
    """
    return usual_heading(q.office.workspace, form, q.office.unit.forms.get(form, "") if own else "")


def usual_heading(workspace: Path, form: str, number: str = "") -> Heading:
    """What stands above ``form`` by ``data/reference/forms.toml``; ``number`` goes before its own.
    Raises :class:`PlanError`.
    """
    section = Section.of(_content(workspace), form, FILE)
    return Heading(
        number=number or section.text("number"),
        title=section.text("title"),
        unverified=section.text("unverified", ""),
    )


def in_reporting_cut(q: PeriodView) -> PeriodView:
    """The same period cut by the closing days of Decree 09/2019/NĐ-CP, which the forms go by."""
    return q if q.period.cut == "reporting" else q.beside(q.period.recut("reporting"))


# -- II.06a ----------------------------------------------------------------------------------------


def results(q: PeriodView) -> list[ResultsRow]:
    """One row a field, in the order of the alphabet; fields nobody wrote down come last."""
    rows = [
        ResultsRow.of(row["field"] or say("forms.no_field"), row)
        for row in q.by("field").fillna({"field": ""}).to_dict("records")
    ]
    rows.sort(key=lambda row: in_order(row.name))
    return [row for row in rows if row.received or row.resolved or row.open]


def in_order(field: str) -> tuple[bool, str]:
    """The key by which fields stand on a form: by the alphabet, those nobody wrote down last."""
    return field == say("forms.no_field"), fold(field)


def unit_row(q: PeriodView) -> ResultsRow:
    """The unit's row in a consolidation."""
    return ResultsRow.of(q.office.unit.authority, q.counts)


def broken(q: PeriodView) -> list[Broken]:
    """The dossiers of the gap, and those resolved without a due date, by reason and code."""
    found = []
    for why in ("withdrawn", "stopped", "ended_undated", "without_due"):
        frame = q.dossiers[q.dossiers[why]]
        for code, field in zip(frame["code"], frame["field"].fillna(""), strict=True):
            found.append(Broken(str(code), str(field) or say("forms.no_field"), why))
    return found


# -- II.05a ----------------------------------------------------------------------------------------


def feedback(q: PeriodView) -> list[FeedbackRow]:
    """One row a field; empty without a register that says when feedback was dealt with."""
    if not q.told("feedback") or q.feedback.lacking("open"):
        return []
    section = Section.of(_content(q.office.workspace), "feedback", FILE)
    rules, acts = ([fold(word) for word in section.texts(name, ())] for name in ("rules", "acts"))
    frame = q.feedback.rows
    frame = frame[frame["received"] | frame["carried_over"]]
    names = frame["field"].fillna("").astype(str).replace("", say("forms.no_field"))
    rows = []
    for name, part in sorted(frame.groupby(names), key=lambda group: in_order(str(group[0]))):
        about = Counter(_about(text, rules, acts) for text in part["content"].fillna(""))
        n = {flag: int(part[flag].sum()) for flag in _FEEDBACK_FLAGS}
        rows.append(FeedbackRow(str(name), about["acts"], about["rules"], about[""], **n))
    return rows


_FEEDBACK_FLAGS = ("carried_over", "received", "resolved", "open", "published")


def _about(content: str, rules: Iterable[str], acts: Iterable[str]) -> str:
    said = fold(content)
    if any(word in said for word in rules):
        return "rules"
    return "acts" if any(word in said for word in acts) else ""


# -- II.07a ----------------------------------------------------------------------------------------


def causes(q: PeriodView) -> tuple[list[CauseRow], list[RootedRow]]:
    """Both parts of the form: by field, and the procedures whose cause is rooted in rules."""
    section = Section.of(_content(q.office.workspace), "causes", FILE)
    codes = Section.of(section.values, "codes", FILE)
    rooted = Section.of(section.values, "rooted", FILE, ("letters",)).texts("letters", ())
    frame, annex = q.open_overdue, q.annex
    by_field: dict[str, Counter[str]] = {}
    by_procedure: Counter[tuple[str, str]] = Counter()
    for row in frame.to_dict("records"):
        cause = str(row["cause"])
        code = codes.text(cause, q.office.extensions.form(cause, NOT_KNOWN))
        field = (row["field"] if isinstance(row["field"], str) else "") or say("forms.no_field")
        by_field.setdefault(field, Counter())[code] += 1
        if code.startswith(rooted):
            known = isinstance(row["procedure_code"], str)
            name = annex.procedure(row["procedure_code"]) if known else str(row["procedure"])
            by_procedure[name, code] += 1
    first = [
        CauseRow(name, dict(sorted(by_field[name].items())))
        for name in sorted(by_field, key=in_order)
    ]
    second = [
        RootedRow(procedure, code, n)
        for (procedure, code), n in sorted(by_procedure.items(), key=lambda item: -item[1])
    ]
    return first, second


def cause_names(q: PeriodView, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes with what they mean, in the order of the alphabet."""
    section = Section.of(_content(q.office.workspace), "causes", FILE)
    names = Section.of(section.values, "names", FILE)
    return [(code, names.text(code, code)) for code in sorted(set(codes))]
