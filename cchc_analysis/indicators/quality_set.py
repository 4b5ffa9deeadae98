"""A dated set of indicators of service quality, as its file has it.

``data/reference/service_quality/<day>.toml`` holds groups, points, the share that earns full marks,
by which formula of ``quality_formulas`` an indicator is computed, and the rules of lateness. A
successor is a new file; a period follows the newest set in force on its first day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..planfile import Section, read_toml
from ..shipped import path, reference
from ..words import say
from .quality_formulas import FORMULAS
from .results import GROUPS

__all__ = ["ENDS", "Indicator", "IndicatorSet", "Rules", "indicator_set"]

FOLDER = "service_quality"
PARTS = ("formula", "points", "full_at")  # what of an indicator a source may confirm
ENDS = ("resolved", "withdrawn", "stopped")
WAITS = ("supplement", "payment")


@dataclass(frozen=True)
class Rules:
    """The set's rules of lateness; see the head of its file."""

    request_limit: int = 1
    subtract: tuple[str, ...] = ("supplement",)
    ended: tuple[str, ...] = ENDS
    feedback_days: int = 15
    verified: bool = False


@dataclass(frozen=True)
class Indicator:
    """One indicator; ``verified`` names what of ``PARTS`` a source confirms."""

    id: str
    group: str
    label: str
    formula: str
    needs: str
    points: int
    full_at: Fraction
    verified: tuple[str, ...]
    source: str

    @property
    def unverified(self) -> tuple[str, ...]:
        """What is only configuration; of an unscored one its points do not matter."""
        parts = PARTS if self.points else PARTS[:1]
        return tuple(part for part in parts if part not in self.verified)

    def earns(self, share: Fraction) -> Fraction:
        """Points for a share: pro rata up to ``full_at``."""
        return self.points * min(Fraction(1), max(Fraction(0), share) / self.full_at)


@dataclass(frozen=True)
class IndicatorSet:
    """A dated set of indicators."""

    name: str
    short: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    rules: Rules
    groups: dict[str, int]
    groups_verified: bool
    bands: tuple[tuple[int, str], ...]
    bands_verified: bool
    indicators: tuple[Indicator, ...]
    file: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def band(self, points: float) -> str | None:
        """The band of a total, None where the set has none for it."""
        return next((label for least, label in self.bands if points >= least), None)


def indicator_set(day: dt.date, workspace: Path | None = None) -> IndicatorSet | None:
    """The newest set in force on ``day``; None where there is none.

    A file of the workspace goes before a shipped one of the same name. Raises
    :class:`PlanError` for a file that is wrong.
    """
    held = [s for s in _sets(None if workspace is None else Path(workspace)) if s.holds(day)]
    return max(held, key=lambda s: (s.valid_from, s.file), default=None)


def _sets(workspace: Path | None) -> list[IndicatorSet]:
    folders = [path("data", "reference", FOLDER)]
    if workspace is not None:
        folders.append(workspace / "data" / "reference" / FOLDER)
    names = {file.name for folder in folders if folder.is_dir() for file in folder.glob("*.toml")}
    files = [reference(f"{FOLDER}/{name}", workspace) for name in sorted(names)]
    return [_read(file, file.stat().st_mtime_ns) for file in files]


@lru_cache(maxsize=32)
def _read(file: Path, _changed: int) -> IndicatorSet:
    name = f"{FOLDER}/{file.name}"
    found = read_toml(file, name, ("set", "rules", "groups", "bands", "indicators"))
    head = Section.of(
        found, "set", name, ("name", "short", "valid_from", "valid_to", "source")
    )  # fmt: skip
    valid_from = head.day("valid_from")
    if valid_from is None:
        raise head.wrong("valid_from", say("plan.need_date"))
    groups = Section.of(found, "groups", name, (*GROUPS, "verified"))
    points = {g: groups.whole(g, 0, 1000) for g in groups.values if g != "verified"}
    raw = found.get("indicators", [])
    listed = tuple(_indicator(values, name) for values in (raw if isinstance(raw, list) else []))
    for group, most in points.items():
        if (total := sum(i.points for i in listed if i.group == group)) != most:
            raise groups.wrong(group, say("service_quality.points_differ", total=total))
    for indicator in listed:
        if indicator.group not in points:
            raise groups.wrong(indicator.group, say("plan.need_whole", low=0, high=1000))
    bands = Section.of(found, "bands", name, ("levels", "verified"))
    return IndicatorSet(
        name=head.text("name"),
        short=head.text("short"),
        valid_from=valid_from,
        valid_to=head.day("valid_to"),
        source=head.text("source", ""),
        rules=_rules(Section.of(found, "rules", name, tuple(Rules.__dataclass_fields__))),
        groups=points,
        groups_verified=groups.flag("verified", False),
        bands=_bands(bands),
        bands_verified=bands.flag("verified", False),
        indicators=listed,
        file=file.name,
    )


def _rules(section: Section) -> Rules:
    base = Rules()
    subtract = section.texts("subtract", base.subtract)
    ended = section.texts("ended", base.ended)
    for key, given, known in (("subtract", subtract, WAITS), ("ended", ended, ENDS)):
        if not set(given) <= set(known):
            raise section.wrong(key, say("plan.need_choice", choices=", ".join(known)))
    return Rules(
        request_limit=section.whole("request_limit", 0, 99, base.request_limit),
        subtract=subtract,
        ended=ended,
        feedback_days=section.whole("feedback_days", 0, 365, base.feedback_days),
        verified=section.flag("verified", False),
    )


def _indicator(values: Any, name: str) -> Indicator:
    section = Section.of(
        {"indicators": values}, "indicators", name, tuple(Indicator.__dataclass_fields__)
    )
    verified = section.texts("verified", ())
    if not set(verified) <= set(PARTS):
        raise section.wrong("verified", say("plan.need_choice", choices=", ".join(PARTS)))
    full_at = section.values.get("full_at", 1)
    if isinstance(full_at, bool) or not isinstance(full_at, int | float) or not 0 < full_at <= 1:
        raise section.wrong("full_at", say("plan.need_share"))
    return Indicator(
        id=section.text("id"),
        group=section.choice("group", GROUPS),
        label=section.text("label"),
        formula=section.choice("formula", tuple(FORMULAS)),
        needs=section.text("needs", ""),
        points=section.whole("points", 0, 1000),
        full_at=Fraction(str(full_at)),
        verified=verified,
        source=section.text("source", ""),
    )


def _bands(section: Section) -> tuple[tuple[int, str], ...]:
    levels = section.values.get("levels", [])
    try:
        bands = [(int(level["from"]), str(level["label"])) for level in levels]
    except (KeyError, TypeError, ValueError):
        raise section.wrong("levels", say("service_quality.need_levels")) from None
    return tuple(sorted(bands, reverse=True))
