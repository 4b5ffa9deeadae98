"""What a unit promises for a year.

Nothing about a commune or a year is written in code. A folder ``data/plans/<unit>`` holds the
unit (:mod:`cchc_analysis.unit`) and a folder for each year's plan: what it is (``plan.toml``),
its targets, the tasks of its annex, its list of indicators. Another commune or another year is
other files.

A plan may contradict itself: the body of 2024 says 99,9% on time where its annex says 99%. Both
stay, each with the place it was written; the stricter *governs*, and :meth:`Plan.conflicts`
gives the pairs for the brief to show. A year without a plan has no targets and no tasks, and
borrows none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from .planfile import Row, Section, attempt, note, read_rows, read_toml, together
from .shapes import Key, Shape
from .shipped import reference
from .unit import YEARLY_RULES, Rules, Unit, load_unit, plans_folder, read_rules, units
from .words import number, say

__all__ = [
    "PLAN_FILE",
    "Glitch",
    "Indicator",
    "Plan",
    "Rules",
    "Target",
    "Task",
    "Unit",
    "load",
    "load_unit",
    "load_year",
    "online_procedures",
    "units",
    "years",
]


@dataclass(frozen=True)
class Target:
    """One promise, as written in one place.

    ``value`` is a share between 0 and 1 or a count, None where the plan gives no number.
    ``comparator``: ``min`` for at least, ``max`` for at most. ``quote`` is the plan's own
    wording, ``text`` what it means. ``governs`` marks the strictest of its indicator.
    """

    id: str
    indicator: str
    value: Decimal | None
    unit: str
    comparator: str
    where: str
    quote: str
    text: str
    verified: bool
    note: str = ""
    governs: bool = False

    def __repr__(self) -> str:
        return say("reprs.target", id=self.id, where=self.where, text=self.text)


@dataclass(frozen=True)
class Task:
    """One row of the annex; ``content`` is the plan's, ``note`` the editor's."""

    task: str
    section: str
    content: str
    products: str
    lead: str
    partner: str
    cadence: str
    due: str
    note: str

    def __repr__(self) -> str:
        return say("reprs.task", task=self.task, content=self.content)


@dataclass(frozen=True)
class Indicator:
    """One figure that is reported month by month.

    A ``stock`` is what there is at the month's end, a ``flow`` what happened in the month.
    ``goal`` is a share; ``source`` says who set it, for it need not be the plan.
    """

    code: str
    label: str
    unit: str
    kind: Literal["stock", "flow"]
    direction: Literal["up", "down"]
    goal: Decimal | None
    source: str
    verified: bool


@dataclass(frozen=True)
class Glitch:
    """A conflict or slip of the printed plan, kept for the reader to see."""

    number: int
    where: str
    text: str


@dataclass(frozen=True)
class Plan:
    """A unit's plan for one year; ``year`` is None where there is none.

    ``unit`` carries the rules in force that year. ``survey_population`` is how many people a
    probability sample was drawn from, None for forms that people chose to fill in.
    """

    unit: Unit
    year: int | None = None
    title: str = ""
    number: str = ""
    issued: str = ""
    issued_by: str = ""
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    glitches: tuple[Glitch, ...] = ()
    survey_population: int | None = None

    def __repr__(self) -> str:
        if self.year is None:
            return say("reprs.no_plan", unit=self.unit.name)
        return say(
            "reprs.plan", year=self.year, unit=self.unit.name, targets=number(len(self.targets)),
            tasks=number(len(self.tasks)), indicators=number(len(self.indicators)),
        )  # fmt: skip

    @property
    def rules(self) -> Rules:
        """The unit's rules, with what this year's plan changes."""
        return self.unit.rules

    def target(self, indicator_id: str) -> Target | None:
        """The target that governs an indicator; None where the plan gives no number."""
        for target in self.targets:
            if target.governs and target.indicator == indicator_id:
                return target
        return None

    def conflicts(self) -> list[tuple[Target, Target]]:
        """Pairs of (the governing target, another of the same indicator with another value)."""
        return [
            (governing, other)
            for other in self.targets
            if other.value is not None
            and (governing := self.target(other.indicator)) is not None
            and other.value != governing.value
        ]

    def indicator(self, code: str) -> Indicator | None:
        """The indicator with this code, as ``CDS01``."""
        return next((i for i in self.indicators if i.code == code), None)


# -- loading ----------------------------------------------------------------------------------

_HEAD = Shape(
    "plan",
    {
        "title": Key("text"), "number": Key("text", ""), "issued": Key("text", ""),
        "issued_by": Key("text", ""),
    },
)  # fmt: skip
_SURVEY = Shape(
    "survey",
    {
        "probability_sample": Key("flag", False),
        "population": Key("whole", 0, low=0, high=10_000_000),
    },
)
_GLITCHES = Shape(
    "glitches",
    {"number": Key("whole", low=1, high=999), "where": Key("text", ""), "text": Key("text")},
    many=True,
)
PLAN_FILE = (_HEAD, YEARLY_RULES, _SURVEY, _GLITCHES)
_TARGETS = (
    *("id", "indicator", "value", "unit", "comparator", "where", "quote", "text"),
    *("verified", "note"),
)
_TASKS = tuple(Task.__dataclass_fields__)
_INDICATORS = tuple(Indicator.__dataclass_fields__)


def load_rules(workspace: Path, unit: Unit, year: int) -> Rules:
    """The unit's rules, with what the plan of ``year`` changes. Raises :class:`PlanError`."""
    folder = plans_folder(workspace) / unit.slug / str(year)
    return _rules(_head(folder, unit, year), unit, year) if folder.is_dir() else unit.rules


def _head(folder: Path, unit: Unit, year: int) -> dict[str, Any]:
    file = f"{unit.slug}/{year}/plan.toml"
    return read_toml(folder / "plan.toml", file, [shape.name for shape in PLAN_FILE])


def _rules(found: dict[str, Any], unit: Unit, year: int) -> Rules:
    return read_rules(found, f"{unit.slug}/{year}/plan.toml", unit.rules, YEARLY_RULES)


def load(workspace: Path, slug: str, year: int) -> Plan:
    """The plan of ``year``; for a year without one, an empty plan whose ``year`` is None.

    Raises :class:`UnitError` for an unknown unit, :class:`PlanError` for a file that is wrong.
    """
    return load_year(workspace, load_unit(workspace, slug), year)


@together()
def load_year(workspace: Path, unit: Unit, year: int) -> Plan:
    """As :func:`load`, of a unit already read. Raises :class:`PlanError` with all that is wrong."""
    name = f"{unit.slug}/{year}"
    folder = plans_folder(workspace) / unit.slug / str(year)
    if not folder.is_dir():
        return Plan(unit)

    def table(file: str, columns: Iterable[str], key: str) -> list[Row]:
        def read() -> list[Row]:
            return read_rows(folder / file, f"{name}/{file}", tuple(columns), key=key)

        return attempt(read, [])

    targets = _governed([(row, _target(row)) for row in table("targets.csv", _TARGETS, "id")])
    tasks = tuple(_task(row) for row in table("tasks.csv", _TASKS, "task"))
    indicators = tuple(_indicator(row) for row in table("indicators.csv", _INDICATORS, "code"))
    file = f"{name}/plan.toml"
    found = _head(folder, unit, year)
    head, survey = _HEAD.read(found, file), _SURVEY.read(found, file)
    if survey["probability_sample"] and not survey["population"]:
        section = Section.of(found, "survey", file)
        note(section.wrong("population", say("plan.need_whole", low=1, high=10_000_000)), None)
    return Plan(
        unit=replace(unit, rules=_rules(found, unit, year)),
        year=year,
        title=head["title"],
        number=head["number"],
        issued=head["issued"],
        issued_by=head["issued_by"] or unit.authority,
        targets=targets,
        tasks=tasks,
        indicators=indicators,
        glitches=tuple(Glitch(**each) for each in _GLITCHES.each(found, file)),
        survey_population=survey["population"] if survey["probability_sample"] else None,
    )


def _target(row: Row) -> Target:
    indicator = row.text("indicator")
    unit = row.choice("unit", ("share", "count")) if indicator else row.text("unit")
    return Target(
        id=row.text("id", required=True),
        indicator=indicator,
        value=row.count("value") if unit == "count" else row.share("value"),
        unit=unit,
        comparator=(
            row.choice("comparator", ("min", "max")) if indicator else row.text("comparator")
        ),
        where=row.text("where", required=True),
        quote=row.text("quote"),
        text=row.text("text", required=True),
        verified=row.flag("verified"),
        note=row.text("note"),
    )


def _governed(read: list[tuple[Row, Target]]) -> tuple[Target, ...]:
    """Marks the strictest target of each indicator; of equals, the one written first."""
    strictest: dict[str, Target] = {}
    for row, target in read:
        if target.value is None or not target.indicator:
            continue
        held = strictest.setdefault(target.indicator, target)
        if held.comparator != target.comparator:
            names = {"indicator": target.indicator, "other": held.comparator}
            note(row.wrong("comparator", say("plan.two_comparators", **names)), None)
        assert held.value is not None
        stricter = (
            target.value > held.value if target.comparator == "min" else target.value < held.value
        )
        if stricter:
            strictest[target.indicator] = target
    chosen = {target.id for target in strictest.values()}
    return tuple(replace(target, governs=target.id in chosen) for _, target in read)


def _task(row: Row) -> Task:
    required = ("task", "section", "content")
    return Task(**{name: row.text(name, required=name in required) for name in _TASKS})


def _indicator(row: Row) -> Indicator:
    return Indicator(
        code=row.text("code", required=True),
        label=row.text("label", required=True),
        unit=row.text("unit"),
        kind=cast(Literal["stock", "flow"], row.choice("kind", ("stock", "flow"))),
        direction=cast(Literal["up", "down"], row.choice("direction", ("up", "down"))),
        goal=row.share("goal"),
        source=row.text("source"),
        verified=row.flag("verified"),
    )


def years(workspace: Path, slug: str) -> list[int]:
    """The years that the unit ``slug`` has a plan for."""
    folder = plans_folder(workspace) / slug
    named = (path.name for path in folder.iterdir() if path.is_dir())
    return sorted(int(name) for name in named if re.fullmatch(r"[12]\d{3}", name))


# -- the catalogue of procedures ---------------------------------------------------------------


def online_procedures(workspace: Path | None = None) -> frozenset[str] | None:
    """Codes (the first eight characters) of procedures with an online service.

    From ``data/reference/procedures.csv``, the workspace's own or the shipped snapshot; which
    levels count is said beside it. None where the catalogue is empty.
    """
    file = "procedures.toml"
    found = read_toml(reference(file, workspace), file, ("snapshot", "online", "limits"))
    levels = Section.of(found, "online", file).texts("online_level_counts")
    rows = read_rows(
        reference("procedures.csv", workspace),
        "procedures.csv",
        ("code", "online_level"),
        others=True,
    )
    if not rows:
        return None
    return frozenset(row.text("code")[:8] for row in rows if row.text("online_level") in levels)


def procedure_names(workspace: Path | None = None) -> dict[str, str]:
    """What the catalogue calls each procedure, by the first eight characters of its code."""
    file = "procedures.csv"
    rows = read_rows(reference(file, workspace), file, ("code",), others=True)
    return {row.text("code")[:8]: name for row in rows if (name := row.text("name"))}
