"""Who the unit is, and what its plan for the year promises.

Nothing about a commune or a year is written in code. A folder ``data/plans/<unit>`` holds the
unit (``unit.toml``: its names, the rules its figures follow, its steps) and a folder for each
year's plan: what it is (``plan.toml``), its targets, the tasks of its annex, its list of
indicators. Another commune or another year is other files.

A plan may contradict itself: the body of 2024 says 99,9% on time where its annex says 99%. Both
stay, each with the place it was written; the stricter *governs*, and :meth:`Plan.conflicts`
gives the pairs for the brief to show. A year without a plan has no targets and no tasks, and
borrows none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from .errors import PlanError, UnitError, WorkspaceError
from .planfile import Row, Section, hint, read_rows, read_toml
from .shipped import reference
from .words import fold, has_label, say

__all__ = [
    "Glitch",
    "Indicator",
    "Plan",
    "Rules",
    "Target",
    "Task",
    "Unit",
    "load",
    "load_unit",
    "online_procedures",
    "units",
]


@dataclass(frozen=True)
class Rules:
    """How the unit's figures are made. A year's plan may change them for that year."""

    late_rule: str = "day"
    same_day_cutoff: dt.time = dt.time(15, 0)
    calendar: str = "VN"
    closing_day: int = 14
    timezone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Unit:
    """A one-stop office: its names, how it signs, its rules and the steps of its log.

    ``stages`` maps a step's name, folded, to a standard stage. ``verified`` is False while its
    identity rests on what nobody has confirmed.
    """

    slug: str
    name: str
    authority: str
    parent: str
    place: str
    province_code: str
    title_names: tuple[str, ...]
    rules: Rules = Rules()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successor: str = ""
    number_pattern: str = ""
    signature: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    verified: bool = False

    @property
    def late_rule(self) -> str:
        return self.rules.late_rule

    @property
    def same_day_cutoff(self) -> dt.time:
        return self.rules.same_day_cutoff

    @property
    def calendar(self) -> str:
        return self.rules.calendar

    @property
    def closing_day(self) -> int:
        return self.rules.closing_day

    @property
    def timezone(self) -> str:
        return self.rules.timezone

    def stage(self, step: str) -> str | None:
        """The standard stage of a log's step, None for a step that the unit does not name."""
        return self.stages.get(fold(step))

    def valid_on(self, day: dt.date) -> bool:
        """Whether the unit bore this name on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


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

    ``unit`` carries the rules in force that year.
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

_UNIT_KEYS = (
    *("name", "authority", "parent", "place", "province_code", "title_names"),
    *("valid_from", "valid_to", "successor", "verified"),
)
_RULES = ("late_rule", "same_day_cutoff", "calendar", "closing_day", "timezone")
_DOCUMENT = ("number_pattern", "signature", "recipients", "verified")
_PLAN_KEYS = ("title", "number", "issued", "issued_by")
_TARGETS = (
    *("id", "indicator", "value", "unit", "comparator", "where", "quote", "text"),
    *("verified", "note"),
)
_TASKS = tuple(Task.__dataclass_fields__)
_INDICATORS = tuple(Indicator.__dataclass_fields__)


def _folder(workspace: Path) -> Path:
    folder = Path(workspace) / "data" / "plans"
    if not folder.is_dir():
        raise WorkspaceError(say("plan.no_plans", folder=Path(workspace).resolve().name))
    return folder


def units(workspace: Path) -> list[str]:
    """The slugs of the workspace's units, sorted.

    Raises :class:`WorkspaceError` where there is no ``data/plans``.
    """
    return sorted(file.parent.name for file in _folder(workspace).glob("*/unit.toml"))


def load_unit(workspace: Path, slug: str) -> Unit:
    """The unit ``slug``.

    Raises :class:`UnitError` with a near match if the workspace has none of that name, and
    :class:`PlanError` if its file is wrong.
    """
    known = units(workspace)
    if slug not in known:
        names = ", ".join(known) or say("plan.no_units")
        raise UnitError(
            say("plan.unknown_unit", unit=slug[:60], hint=hint(slug, known), units=names)
        )
    file = f"{slug}/unit.toml"
    found = read_toml(
        _folder(workspace) / slug / "unit.toml",
        file,
        ("unit", "rules", "document", "forms", "stages"),
    )
    unit = Section.of(found, "unit", file, _UNIT_KEYS)
    document = Section.of(found, "document", file, _DOCUMENT)
    name, authority = unit.text("name"), unit.text("authority")
    return Unit(
        slug=slug,
        name=name,
        authority=authority,
        parent=unit.text("parent"),
        place=unit.text("place"),
        province_code=unit.text("province_code", ""),
        title_names=unit.texts("title_names", (authority, name)),
        rules=_rules(found, file, Rules()),
        valid_from=unit.day("valid_from"),
        valid_to=unit.day("valid_to"),
        successor=unit.text("successor", ""),
        number_pattern=document.text("number_pattern", ""),
        signature=document.texts("signature", ()),
        recipients=document.texts("recipients", ()),
        forms=_forms(Section.of(found, "forms", file)),
        stages=_stages(Section.of(found, "stages", file)),
        verified=unit.flag("verified", False),
    )


def load(workspace: Path, slug: str, year: int) -> Plan:
    """The plan of ``year``; for a year without one, an empty plan whose ``year`` is None.

    Raises :class:`UnitError` for an unknown unit, :class:`PlanError` for a file that is wrong.
    """
    unit = load_unit(workspace, slug)
    folder, name = _folder(workspace) / slug / str(year), f"{slug}/{year}"
    if not folder.is_dir():
        return Plan(unit)
    file = f"{name}/plan.toml"
    found = read_toml(folder / "plan.toml", file, ("plan", "rules", "glitches"))
    head = Section.of(found, "plan", file, _PLAN_KEYS)

    def table(file: str, columns: Iterable[str], key: str) -> list[Row]:
        return read_rows(folder / file, f"{name}/{file}", tuple(columns), key=key)

    return Plan(
        unit=replace(unit, rules=_rules(found, file, unit.rules)),
        year=year,
        title=head.text("title"),
        number=head.text("number", ""),
        issued=head.text("issued", ""),
        issued_by=head.text("issued_by", unit.authority),
        targets=_governed([(row, _target(row)) for row in table("targets.csv", _TARGETS, "id")]),
        tasks=tuple(_task(row) for row in table("tasks.csv", _TASKS, "task")),
        indicators=tuple(_indicator(row) for row in table("indicators.csv", _INDICATORS, "code")),
        glitches=_glitches(found.get("glitches", []), file),
    )


def _rules(found: dict[str, Any], file: str, base: Rules) -> Rules:
    section = Section.of(found, "rules", file, _RULES)
    zone = section.text("timezone", base.timezone)
    if not _is_zone(zone):
        raise section.wrong("timezone", say("plan.need_zone"))
    return Rules(
        late_rule=section.choice("late_rule", ("day", "time"), base.late_rule),
        same_day_cutoff=section.time("same_day_cutoff", base.same_day_cutoff),
        calendar=section.text("calendar", base.calendar),
        closing_day=section.whole("closing_day", 1, 27, base.closing_day),
        timezone=zone,
    )


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _forms(section: Section) -> dict[str, str]:
    section.flag("verified", False)
    return {key: section.text(key) for key in section.values if key != "verified"}


def _stages(section: Section) -> dict[str, str]:
    stages = {}
    for step in section.values:
        stage = section.text(step)
        if not has_label(f"stage.{stage}"):
            raise section.wrong(step, say("plan.need_stage"))
        stages[fold(step)] = stage
    return stages


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
            names = {"file": row.file, "row": row.number, "indicator": target.indicator}
            raise PlanError(say("plan.two_comparators", other=held.comparator, **names))
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


def _glitches(found: Any, file: str) -> tuple[Glitch, ...]:
    glitches = []
    for values in found if isinstance(found, list) else [found]:
        section = Section.of({"glitches": values}, "glitches", file, ("number", "where", "text"))
        glitches.append(
            Glitch(section.whole("number", 1, 999), section.text("where", ""), section.text("text"))
        )
    return tuple(glitches)


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
