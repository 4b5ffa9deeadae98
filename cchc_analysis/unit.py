"""The unit: a one-stop office, how it names itself and by which rules its figures are made.

``data/plans/<unit>/unit.toml`` says all of it: the names, until when they hold and what comes
after, how a brief is signed and to whom it goes, when a dossier is late, which calendar counts,
and what the steps of its log are called. Another commune is another folder.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import UnitError, WorkspaceError
from .planfile import Section, hint, read_toml
from .words import fold, has_label, say

__all__ = [
    "YEARLY_RULES",
    "Rules",
    "Unit",
    "load_unit",
    "plans_folder",
    "read_rules",
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

    def __repr__(self) -> str:
        return say("reprs.office", name=self.name, slug=self.slug)

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


_UNIT_KEYS = (
    *("name", "authority", "parent", "place", "province_code", "title_names"),
    *("valid_from", "valid_to", "successor", "verified"),
)
# How a file is read (the cut-off, the time zone) belongs to the unit: files are read once, whatever
# the year. A year's plan may change the others for itself.
YEARLY_RULES = ("late_rule", "calendar", "closing_day")
_RULES = ("late_rule", "same_day_cutoff", "calendar", "closing_day", "timezone")
_FORMS = ("results", "consolidated", "feedback", "causes")
_DOCUMENT = ("number_pattern", "signature", "recipients", "verified")


def plans_folder(workspace: Path) -> Path:
    """``data/plans`` of the workspace; :class:`WorkspaceError` where there is none."""
    folder = Path(workspace) / "data" / "plans"
    if not folder.is_dir():
        raise WorkspaceError(say("plan.no_plans", folder=Path(workspace).resolve().name))
    return folder


def units(workspace: Path) -> list[str]:
    """The slugs of the workspace's units, sorted.

    Raises :class:`WorkspaceError` where there is no ``data/plans``.
    """
    return sorted(file.parent.name for file in plans_folder(workspace).glob("*/unit.toml"))


def load_unit(workspace: Path, slug: str) -> Unit:
    """The unit ``slug``.

    Raises :class:`UnitError` with a near match if the workspace has none of that name, and
    :class:`PlanError` if its file is wrong.
    """
    folder = plans_folder(workspace)
    named = any(path.name == slug for path in folder.iterdir())
    if not named or not (folder / slug / "unit.toml").is_file():
        known = units(workspace)
        names = ", ".join(known) or say("plan.no_units")
        raise UnitError(
            say("plan.unknown_unit", unit=slug[:60], hint=hint(slug, known), units=names)
        )
    file = f"{slug}/unit.toml"
    found = read_toml(
        folder / slug / "unit.toml",
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
        parent=unit.text("parent", ""),
        place=unit.text("place"),
        province_code=unit.text("province_code", ""),
        title_names=unit.texts("title_names", (authority, name)),
        rules=read_rules(found, file, Rules()),
        valid_from=unit.day("valid_from"),
        valid_to=unit.day("valid_to"),
        successor=unit.text("successor", ""),
        number_pattern=document.text("number_pattern", ""),
        signature=document.texts("signature", ()),
        recipients=document.texts("recipients", ()),
        forms=_forms(Section.of(found, "forms", file, (*_FORMS, "verified"))),
        stages=_stages(Section.of(found, "stages", file)),
        verified=unit.flag("verified", False),
    )


def read_rules(
    found: dict[str, Any], file: str, base: Rules, known: tuple[str, ...] = _RULES
) -> Rules:
    """``base`` with what the table ``[rules]`` of a file changes; its keys are ``known``."""
    section = Section.of(found, "rules", file, known)
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
