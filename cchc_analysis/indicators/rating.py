"""How procedures are handled, rated by Decree 61/2018/NĐ-CP and Circular 01/2018/TT-VPCP.

Nine indices of 0 to 2 points (circular, article 13), some for each dossier, some for the unit; what
each is called, how it is scored from the data at hand and by which thresholds is
``data/reference/rating_2018.toml``. The score of a dossier index is the sum over the dossiers
handled / their number, to one decimal (article 15.2). An index without the data is left out of the
sum (article 15.4b): then there are so many points of so many computable, and no band.

Time is held against the due day by the rule of the reporting forms, as in ``dossiers.*``; Decision
766 counts otherwise and is in :mod:`.service_quality`. Requests for papers stand in for the
contacts of index 3. The shared audience gets the sums by field, as article 15.1b adds them up,
never by officer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..planfile import Section, read_toml
from ..shipped import reference
from ..words import say

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["Index", "Part", "Rating", "RatingSet", "Score", "people", "rate", "rating_set"]

FILE = "rating_2018.toml"
LEVELS = ("dossier", "unit", "both")
METHODS = ("time", "contacts", "feedback", "online", "none")
BY_DOSSIER = ("time", "contacts")


@dataclass(frozen=True)
class Index:
    """One of the nine; ``verified`` says whether what is measured is what the circular means."""

    id: str
    label: str
    level: str
    method: str
    needs: str
    verified: bool


@dataclass(frozen=True)
class RatingSet:
    """The indices, bands (least points, label) and thresholds of the file."""

    short: str
    most: int
    officers: tuple[str, ...]
    unit_bands: tuple[tuple[Decimal, str], ...]
    officer_bands: tuple[tuple[Decimal, str], ...]
    thresholds: dict[str, Fraction]
    indices: tuple[Index, ...]
    verified: bool


@dataclass(frozen=True)
class Score:
    """An index with its points, None where the data is missing; ``facts`` are the counts that it
    rests on.
    """

    index: Index
    points: Decimal | None
    facts: Mapping[str, int]


@dataclass(frozen=True)
class Part:
    """The dossier indices of one field or one officer; ``key`` None where the register has none.
    ``points`` of ``most``, over ``dossiers`` handled with a due day; the scores by index.
    """

    key: str | None
    dossiers: int
    scores: dict[str, Decimal]
    points: Decimal
    most: int
    band: str | None


@dataclass(frozen=True)
class Rating:
    """The unit's: ``points`` of ``most`` computable; ``band`` None unless no index is missing."""

    set: RatingSet
    scores: tuple[Score, ...]
    points: Decimal
    most: int
    band: str | None


def rating_set(workspace: Path | None = None) -> RatingSet:
    """The set of the workspace, else the shipped one. Raises :class:`PlanError`."""
    found = read_toml(
        reference(FILE, workspace), FILE, ("set", "scoring", "bands", "thresholds", "indices")
    )
    head = Section.of(found, "set", FILE)
    scoring = Section.of(found, "scoring", FILE, ("most", "officers", "verified"))
    bands = Section.of(found, "bands", FILE, ("units", "officers", "verified"))
    listed = found.get("indices", [])
    limits = Section.of(found, "thresholds", FILE)
    thresholds = {}
    for key in ("feedback_on_time", "online_two", "online_one", "services_two"):
        value = limits.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise limits.wrong(key, say("plan.need_share"))
        thresholds[key] = Fraction(str(value))
    return RatingSet(
        short=head.text("short"),
        most=scoring.whole("most", 1, 100, 2),
        officers=scoring.texts("officers"),
        unit_bands=_bands(bands, "units"),
        officer_bands=_bands(bands, "officers"),
        thresholds=thresholds,
        indices=tuple(_index(values) for values in (listed if isinstance(listed, list) else [])),
        verified=head.flag("verified", False),
    )


def _index(values: Any) -> Index:
    known = tuple(Index.__dataclass_fields__)
    section = Section.of({"indices": values}, "indices", FILE, known)
    return Index(
        id=section.text("id"),
        label=section.text("label"),
        level=section.choice("level", LEVELS),
        method=section.choice("method", METHODS),
        needs=section.text("needs", ""),
        verified=section.flag("verified", False),
    )


def _bands(section: Section, key: str) -> tuple[tuple[Decimal, str], ...]:
    try:
        found = [(Decimal(str(b["from"])), str(b["label"])) for b in section.values.get(key, [])]
    except (KeyError, TypeError, ArithmeticError):
        raise section.wrong(key, say("service_quality.need_levels")) from None
    if not all(least.is_finite() for least, _ in found):
        raise section.wrong(key, say("service_quality.need_levels"))
    return tuple(sorted(found, reverse=True))


def _band(bands: tuple[tuple[Decimal, str], ...], points: Decimal) -> str | None:
    return next((label for least, label in bands if points >= least), None)


def _rounded(total: int, n: int) -> Decimal:
    exact = Decimal(total) / Decimal(n)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


# -- scoring --------------------------------------------------------------------------------


def rate(q: PeriodView) -> Rating:
    """The unit's rating in the period."""
    held = rating_set(q.office.workspace)
    scores = tuple(_score(q, held, index) for index in held.indices)
    found = [s.points for s in scores if s.points is not None]
    points = sum(found, Decimal(0))
    whole = bool(held.indices) and len(found) == len(held.indices)
    return Rating(
        set=held,
        scores=scores,
        points=points,
        most=held.most * len(found),
        band=_band(held.unit_bands, points) if whole else None,
    )


def people(q: PeriodView, by: str) -> list[Part]:
    """The dossier indices by ``field`` or ``officer``, most dossiers first. A band only where no
    index for officers is missing. Raises ``ValueError`` for officers before the shared audience.
    """
    if by == "officer" and q.audience == "shared":
        raise ValueError("officers are not rated by name for the shared audience")
    held = rating_set(q.office.workspace)
    frame = q.dossiers[q.dossiers["resolved"]]
    rows = []
    for key, part in frame.groupby(by, dropna=False):
        scores = {}
        for index in held.indices:
            if index.id in held.officers and index.method in BY_DOSSIER:
                points, _ = _of_dossiers(q, index.method, part)
                if points is not None:
                    scores[index.id] = points
        if scores:
            total = sum(scores.values(), Decimal(0))
            whole = set(held.officers) <= set(scores)
            name = None if key != key or key is None or key == "" else str(key)
            rows.append(
                Part(
                    key=name, dossiers=len(part), scores=scores, points=total,
                    most=held.most * len(scores),
                    band=_band(held.officer_bands, total) if whole else None,
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: (-row.dossiers, row.key or ""))


def _score(q: PeriodView, held: RatingSet, index: Index) -> Score:
    if index.method in BY_DOSSIER:
        frame = q.dossiers[q.dossiers["resolved"]]
        return Score(index, *_of_dossiers(q, index.method, frame))
    if index.method == "feedback":
        return Score(index, *_feedback(q, held))
    if index.method == "online":
        return Score(index, *_online(q, held))
    return Score(index, None, {})


def _of_dossiers(
    q: PeriodView, method: str, resolved: pd.DataFrame
) -> tuple[Decimal | None, dict[str, int]]:
    """Indices 1 and 3: two points, one or none for each dossier handled."""
    if method == "time":
        if "due_at" not in q.columns:
            return None, {}
        names = ("resolved_early", "resolved_on_day", "resolved_late")
        two, one, zero = (int(resolved[name].sum()) for name in names)
    else:
        if "supplements" not in q.columns:
            return None, {}
        asked = resolved["supplements"].fillna(0)
        two, one, zero = int((asked == 0).sum()), int((asked == 1).sum()), int((asked > 1).sum())
    n = two + one + zero
    if not n:
        return None, {}
    return _rounded(2 * two + one, n), {"two": two, "one": one, "zero": zero}


def _feedback(q: PeriodView, held: RatingSet) -> tuple[Decimal | None, dict[str, int]]:
    """Index 8: all in time or none at all, 90 % and more, fewer; or some drag on, past their due
    day at the period's end.
    """
    if not q.told("feedback"):
        return None, {}
    found = q.feedback
    if found.lacking("on_time"):
        return None, {}
    if found.rows.empty:  # the register begins later: that there was none is not known
        return None, {}
    k, n = found.count("on_time"), found.count("on_time") + found.count("late")
    dragging = found.count("open_overdue")
    facts = {"k": k, "n": n, "open": dragging}
    if dragging:
        return Decimal(0), facts
    if k == n:
        return Decimal(2), facts
    return Decimal(int(Fraction(k, n) >= held.thresholds["feedback_on_time"])), facts


def _online(q: PeriodView, held: RatingSet) -> tuple[Decimal | None, dict[str, int]]:
    """Index 9: the share received online, none of them late or overdue, and for two points the
    share of procedures offered online, which only a verified catalogue tells.
    """
    if not {"channel", "due_at"} <= set(q.columns):
        return None, {}
    frame = q.dossiers
    online = (frame["channel"] == "online").fillna(False)
    n, k = int(frame["received"].sum()), int((online & frame["received"]).sum())
    late = int((online & (frame["resolved_late"] | frame["open_overdue"])).sum())
    facts = {"k": k, "n": n, "late": late}
    if not n:
        return None, {}
    share = Fraction(k, n)
    if late or share < held.thresholds["online_one"]:
        return Decimal(0), facts
    if share < held.thresholds["online_two"]:
        return Decimal(1), facts
    services = q.service_quality.services
    if services is None:
        return None, facts
    offered = Fraction(len(services[0]), len(services[1]) or 1)
    return Decimal(1 + (offered >= held.thresholds["services_two"])), facts
