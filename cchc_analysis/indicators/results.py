"""A figure and all that a reader needs to judge it.

Counts and rates become ``Result`` rows: what was divided by what, the interval, the plan's
target and whether it was met, the same figure for the period before, a year ago and since the
year began, and where the definition stands. ``indicators.json`` is a list of these. A figure
that cannot be computed is null and its ``status`` says why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..period import COMPARED
from ..stats.clusters import verdict
from ..stats.intervals import wilson
from ..words import goal, has_message, inside, label, number, say
from .dossiers import COUNTS, RATES, WITH_DUE, late_allowance, total

if TYPE_CHECKING:
    import pandas as pd

    from ..plan import Indicator, Plan, Target

__all__ = ["STATUSES", "Described", "Result", "Results", "Value", "dossier_values", "other_ids"]
__all__ += ["results"]

STATUSES = (
    "ok",
    "incomplete_period",  # the exports do not cover the period; values stand, comparisons do not
    "zero_denominator",
    "no_column",  # the register has no such column
    "column_in_part",  # one of the period's registers has it, another has not
    "no_catalogue",
    "no_plan",
    "no_data",
    "not_analysed",  # this edition does not compute it
    "suppressed",
    "faulty",  # the numbers delivered contradict each other
    "too_few",  # answers, to weigh them
)
CUT_BY_DAY = ("dossiers.", "survey.", "feedback.")  # incomplete where the exports do not cover
CLUSTERED = ("survey.index", "survey.factor.")  # answers of one person go together
GROUPS = ("transparency", "progress", "digitisation", "online", "online_payment", "satisfaction")
_OTHER = (
    *("survey.responses", "survey.index", "survey.index_by_item", "survey.index_weighted"),
    *("survey.overall", *(f"survey.factor.{n}" for n in range(1, 6))),
    *("feedback.received", "feedback.resolved_late", "feedback.open", "feedback.on_time_rate"),
    *("tasks.due", "tasks.done", "tasks.done_late", "tasks.overdue", "tasks.no_evidence"),
    *(f"service_quality.{group}" for group in GROUPS),
    "service_quality.total",
    *("activities.documents_checked", "activities.training", "activities.inspections"),
    *("activities.meetings", "activities.communication", "activities.budget"),
    *("activities.iso_checks", "activities.ecommerce", "activities.digital_teams"),
)


@dataclass(frozen=True)
class Value:
    """A number and what it is made of. ``value`` of a rate is a share between 0 and 1. ``low`` and
    ``high`` are its interval where it is not simply Wilson's for the two counts.
    """

    numerator: int | None
    denominator: int | None
    value: float | None
    status: str = "ok"
    low: float | None = None
    high: float | None = None


NOTHING = Value(None, None, None)


@dataclass(frozen=True)
class Described:
    """What a figure is called, counts in, means and comes from, where a file of the workspace says
    it.
    """

    label: str
    unit: str
    definition: str
    source: str = ""


@dataclass(frozen=True)
class Result:
    """One row of ``indicators.json``. Dates are ISO; shares lie between 0 and 1."""

    id: str
    label: str
    unit: str
    period: str
    from_: str
    to: str
    cut: str
    basis: str
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    target: float | None
    met: bool | None
    previous: float | None
    same_last_year: float | None
    year_to_date: float | None
    status: str
    definition: str
    source: str

    def __repr__(self) -> str:
        from ..phrases import is_share, result_text

        judged = ""
        if self.target is not None:
            state = {True: "met", False: "not_met", None: "cannot_tell"}[self.met]
            aim = goal(self.target) if is_share(self) else number(self.target)
            judged = say("reprs.target_goal", goal=aim, state=inside(label(f"state.{state}")))
        shown = label(f"figure.{self.status}") if self.value is None else result_text(self)
        return say("reprs.result", id=self.id, value=shown, judged=judged)

    def as_dict(self) -> dict[str, Any]:
        row = asdict(self)
        return {name.rstrip("_"): row[name] for name in (f.name for f in fields(self))}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Result:
        return cls(**{f.name: row[f.name.rstrip("_")] for f in fields(cls)})


class Results(list[Result]):
    """The figures of a period in the order of ``indicators.json``; in a notebook a table."""

    def __repr__(self) -> str:
        told = [row.met for row in self]
        missing = sum(row.value is None for row in self)
        return say(
            "reprs.results", n=number(len(self)), met=number(told.count(True)),
            missed=number(told.count(False)), none=number(missing),
        )  # fmt: skip

    def _repr_html_(self) -> str:
        from ..display import results_html

        return results_html(self)

    @property
    def frame(self) -> pd.DataFrame:
        """A row a figure, the columns as in ``indicators.json``."""
        import pandas as pd

        return pd.DataFrame([row.as_dict() for row in self])


def dossier_values(
    counts: Mapping[str, int],
    *,
    columns: Collection[str] | None = None,
    in_part: Collection[str] = (),
    has_catalogue: bool = True,
    target: Target | None = None,
) -> dict[str, Value]:
    """Every ``dossiers.*`` figure from one row of :func:`..dossiers.tally`.

    ``columns`` are those the register has (None: all), ``in_part`` those that only some of the
    period's registers have. ``target`` is the plan's on-time
    target, without which there is no allowance.
    """

    def lacking(needs: Collection[str]) -> str:
        """The status of a figure that needs what the register has not; "" where it has all."""
        lost = set() if columns is None else set(needs) - set(columns)
        return ("column_in_part" if lost <= set(in_part) else "no_column") if lost else ""

    found: dict[str, Value] = {}
    for name, needs in COUNTS.items():
        count = int(counts[name])
        found[f"dossiers.{name}"] = (
            Value(None, None, None, lost) if (lost := lacking(needs)) else Value(count, None, count)
        )
    for name, rate in RATES.items():
        k, n = total(counts, rate.numerator), total(counts, rate.denominator)
        if lost := lacking(rate.needs):
            value = Value(None, None, None, lost)
        elif name == "online_rate_eligible" and not has_catalogue:
            value = Value(None, None, None, "no_catalogue")
        elif n == 0:
            value = Value(k, n, None, "zero_denominator")
        else:
            value = Value(k, n, k / n)
        found[f"dossiers.{name}"] = value
    due = total(counts, WITH_DUE)
    if target is None or target.value is None:
        none = Value(None, None, None, "no_plan")
        found |= {"dossiers.late_allowance": none, "dossiers.late_over_allowance": none}
    else:
        allowed = late_allowance(due, target.value)
        found["dossiers.late_allowance"] = Value(allowed, None, allowed)
        over = max(0, int(counts["resolved_late"]) - allowed)
        found["dossiers.late_over_allowance"] = Value(over, None, over)
    return found


def other_ids(plan: Plan) -> list[str]:
    """The fixed ids of the rooms that are not analysed here, with those of the plan's list."""
    return [*_OTHER, *(f"digital.{indicator.code}" for indicator in plan.indicators)]


def results(
    values: Mapping[str, Value],
    *,
    plan: Plan,
    period: str,
    span: tuple[str, str],
    cut: str,
    complete: bool,
    before: Mapping[str, Mapping[str, Value]],
    described: Mapping[str, Described] | None = None,
) -> Results:
    """Rows for ``indicators.json``, one an id, in the order of ``values``, then the other rooms.

    ``before`` maps ``previous``, ``same_last_year`` and ``year_to_date`` to the values of
    those periods; a period that may not be compared is left out of it. ``described`` are
    the figures that the catalogue of words need not know.
    """
    rows = []
    codes = {f"digital.{i.code}": i for i in plan.indicators}
    own = {id: Described(i.label, label("unit.share"), i.label) for id, i in codes.items()}
    own |= described or {}
    for id in [*values, *(i for i in other_ids(plan) if i not in values)]:
        if id.startswith("digital.") and id not in codes:
            continue  # of a year without a list
        value = values.get(id, replace(NOTHING, status="not_analysed"))
        is_rate = id.endswith("_rate") or "_rate_" in id or _is_share(id)
        is_rate = is_rate or (id.startswith("own.") and value.denominator is not None)
        target = plan.target(id)
        goal, comparator = _goal(target, codes.get(id))
        interval = (value.low, value.high)
        if is_rate and value.low is None and value.denominator and not id.startswith(CLUSTERED):
            interval = wilson(value.numerator or 0, value.denominator)
        status = value.status
        if not complete and status == "ok" and id.startswith(CUT_BY_DAY):
            status = "incomplete_period"
        compared = {name: _earlier(before.get(name, {}).get(id)) for name in COMPARED}
        rows.append(
            Result(
                id=id,
                label=own[id].label if id in own else label(id),
                unit=own[id].unit if id in own else _unit(id, is_rate),
                period=period,
                from_=span[0],
                to=span[1],
                cut=cut,
                basis="sample" if id.startswith("survey.") else "census",
                numerator=value.numerator,
                denominator=value.denominator,
                value=value.value,
                low=interval[0],
                high=interval[1],
                target=float(goal) if goal is not None else None,
                met=_met(id, values, goal, comparator),
                status=status,
                definition=own[id].definition if id in own else say(f"definitions.{id}"),
                source=_source(id, target, own.get(id)),
                **compared,
            )
        )
    return Results(rows)


def _goal(target: Target | None, listed: Indicator | None) -> tuple[Decimal | None, str]:
    """The plan's target, else the goal of its indicator list; with ``min`` or ``max``."""
    if target is not None:
        return target.value, target.comparator
    if listed is not None:
        return listed.goal, "min" if listed.direction == "up" else "max"
    return None, "min"


def _earlier(value: Value | None) -> float | None:
    return value.value if value is not None and value.status != "incomplete_period" else None


def _met(
    id: str, values: Mapping[str, Value], goal: Decimal | None, comparator: str
) -> bool | None:
    value = values.get(id, NOTHING)
    if goal is None or value.value is None:
        return None
    if id.startswith("survey."):
        return _told(values, id, float(goal))
    exact = (
        Fraction(value.numerator or 0, value.denominator)
        if value.denominator and value.numerator is not None
        else Fraction(value.value)
    )
    return exact >= Fraction(goal) if comparator == "min" else exact <= Fraction(goal)


def _told(values: Mapping[str, Value], id: str, goal: float) -> bool | None:
    """What a sample can tell: by the interval, and of the index only where the raw and the
    weighted one agree.
    """
    said = {"met": True, "not_met": False, "cannot_tell": None}
    told = said[verdict(values[id].low, values[id].high, goal)]
    weighted = values.get("survey.index_weighted", NOTHING)
    if id == "survey.index" and weighted.value is not None:
        return told if said[verdict(weighted.low, weighted.high, goal)] is told else None
    return told


def _is_share(id: str) -> bool:
    return id.startswith(("digital.", "survey.index", "survey.overall", "survey.factor."))


def _unit(id: str, is_rate: bool) -> str:
    room = id.partition(".")[0]
    return label("unit.share") if is_rate else label(f"unit.{room}")


def _source(id: str, target: Target | None, described: Described | None) -> str:
    key = f"origins.{id}"
    if described is not None and described.source:
        origin = described.source
    else:
        origin = say(key if has_message(key) else f"origins.{id.partition('.')[0]}")
    return f"{origin}; {say('origins.plan', where=target.where)}" if target else origin
