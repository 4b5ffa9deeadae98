"""The unit: a one-stop office, how it names itself and by which rules its figures are made.

``data/plans/<unit>/unit.toml`` says all of it: the names, until when they hold and what comes
after, how a brief is signed and to whom it goes, when a dossier is late, which calendar counts,
and what the steps of its log are called. Another commune is another folder.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from .errors import UnitError, WorkspaceError
from .planfile import hint, read_toml, together
from .shapes import Key, Shape
from .words import fold, labelled, say

__all__ = [
    "UNIT_FILE",
    "YEARLY_RULES",
    "Rules",
    "Unit",
    "load_unit",
    "plans_folder",
    "read_rules",
    "unit_file",
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


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


@cache
def _stages() -> tuple[str, ...]:
    return labelled("stage.")


_USUAL = Rules()
RULES = Shape(
    "rules",
    {
        "late_rule": Key("choice", _USUAL.late_rule, choices=("day", "time")),
        "same_day_cutoff": Key("time", _USUAL.same_day_cutoff),
        "calendar": Key("text", _USUAL.calendar),
        "closing_day": Key("whole", _USUAL.closing_day, low=1, high=27),
        "timezone": Key("text", _USUAL.timezone, check=_is_zone, remedy="plan.need_zone"),
    },
)
# How a file is read (the cut-off, the time zone) belongs to the unit: files are read once, whatever
# the year. A year's plan may change the others for itself.
YEARLY_RULES = Shape(
    "rules", {name: RULES.keys[name] for name in ("late_rule", "calendar", "closing_day")}
)
_UNIT = Shape(
    "unit",
    {
        "name": Key("text"), "authority": Key("text"), "parent": Key("text", ""),
        "place": Key("text"), "province_code": Key("text", ""), "title_names": Key("texts", ()),
        "valid_from": Key("day", None), "valid_to": Key("day", None),
        "successor": Key("text", ""), "verified": Key("flag", False),
    },
)  # fmt: skip
_DOCUMENT = Shape(
    "document",
    {
        "number_pattern": Key("text", ""), "signature": Key("texts", ()),
        "recipients": Key("texts", ()), "verified": Key("flag", False),
    },
)  # fmt: skip
_FORMS = Shape(
    "forms",
    {
        "results": Key("text", ""), "consolidated": Key("text", ""), "feedback": Key("text", ""),
        "causes": Key("text", ""), "verified": Key("flag", False),
    },
)  # fmt: skip
_STAGES = Shape("stages", {}, other=Key("choice", choices=_stages))
UNIT_FILE = (_UNIT, RULES, _DOCUMENT, _FORMS, _STAGES)


def plans_folder(workspace: Path) -> Path:
    """``data/plans`` of the workspace; :class:`WorkspaceError` where there is none."""
    folder = Path(workspace) / "data" / "plans"
    if not folder.is_dir():
        raise WorkspaceError(say("plan.no_plans", folder=Path(workspace).resolve().name))
    return folder


def unit_file(slug: str) -> str:
    """The unit's own file, from the workspace."""
    return f"data/plans/{slug}/unit.toml"


def units(workspace: Path) -> list[str]:
    """The slugs of the workspace's units, sorted.

    Raises :class:`WorkspaceError` where there is no ``data/plans``.
    """
    found = (file.parent.name for file in plans_folder(workspace).glob("*/unit.toml"))
    return sorted(name for name in found if not name.startswith("."))  # half-made: ``beside``


@together()
def load_unit(workspace: Path, slug: str) -> Unit:
    """The unit ``slug``.

    Raises :class:`UnitError` with a near match if the workspace has none of that name, and
    :class:`PlanError` with all that is wrong in its file.
    """
    folder = plans_folder(workspace)
    # Letter by letter, whatever the file system makes of case; a Path for each entry is slow.
    named = slug in os.listdir(folder)  # noqa: PTH208
    if not named or not (folder / slug / "unit.toml").is_file():
        known = units(workspace)
        names = ", ".join(known) or say("plan.no_units")
        raise UnitError(
            say("plan.unknown_unit", unit=slug[:60], hint=hint(slug, known), units=names)
        )
    file = f"{slug}/unit.toml"
    found = read_toml(folder / slug / "unit.toml", file, [shape.name for shape in UNIT_FILE])
    unit, document = _UNIT.read(found, file), _DOCUMENT.read(found, file)
    forms, stages = _FORMS.read(found, file), _STAGES.read(found, file)
    unit["title_names"] = unit["title_names"] or (unit["authority"], unit["name"])
    del document["verified"], forms["verified"]
    return Unit(
        slug=slug,
        rules=read_rules(found, file, Rules()),
        forms={name: number for name, number in forms.items() if number},
        stages={fold(step): stage for step, stage in stages.items()},
        **unit,
        **document,
    )


def read_rules(found: dict[str, Any], file: str, base: Rules, shape: Shape = RULES) -> Rules:
    """``base`` with what the table ``[rules]`` of a file changes; ``shape`` is what it may."""
    return replace(base, **shape.read(found, file, **asdict(base)))
