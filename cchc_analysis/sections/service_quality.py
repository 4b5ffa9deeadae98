"""Service quality by Decision 766 and the rating by Decree 61/2018: tables and what is missing.

Two rule books: the tables of :func:`service_quality` and :func:`quality_indicators` follow
Decision 766 alone, the one of :func:`rating` Circular 01/2018; neither repeats a headline figure.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators import rating as ratings
from ..phrases import mark
from ..words import date, has_message, label, number, percent, say
from .dossiers import left, right

if TYPE_CHECKING:
    from ..indicators.service_quality import Group, Indicator, Scored, ServiceQuality
    from ..view import PeriodView

__all__ = ["quality_indicators", "quality_said", "quality_score", "rating", "rating_by"]


def quality_score(q: PeriodView) -> Any:
    """The groups and the total: points computable, earned, and the range for what is missing."""
    sq = q.service_quality
    if sq.set is None:
        return blocks.note("info", say("service_quality.no_set", day=date(q.start)))
    rows = [_group_row(label(f"service_quality.{g.id}"), g) for g in sq.groups]
    rows.append(_group_row(say("service_quality.total"), sq.total))
    return blocks.table(
        id="service-quality", caption=say("service_quality.caption", short=sq.set.short),
        columns=[
            left(say("service_quality.group")), right(say("service_quality.most")),
            right(say("service_quality.computable")), right(say("service_quality.earned")),
            right(say("service_quality.range")),
        ],
        rows=rows, notes=_group_notes(sq), total=True,
    )  # fmt: skip


def quality_said(q: PeriodView) -> list[str]:
    """The total in sentences: earned of computable, share of all points, range, band."""
    sq = q.service_quality
    if sq.set is None:
        return [say("service_quality.no_set", day=date(q.start))]
    total = sq.total
    if not total.computable:
        return [say("service_quality.none_computable")]
    said = [
        say(
            "service_quality.of_all", computable=number(total.computable),
            most=number(total.most), share=percent(Decimal(total.computable) / total.most, 0),
            earned=_points(total.earned), low=_points(total.low), high=_points(total.high),
        )
    ]  # fmt: skip
    if sq.set.bands:
        band = sq.band
        key = "service_quality.no_band" if band is None else "service_quality.band"
        said.append(say(key, band=band))
        if not sq.set.bands_verified:
            said.append(say("service_quality.band_unverified"))
    return said


def _group_row(name: str, group: Group) -> list[str]:
    if not group.computable:
        earned = computable = mark("no_data")
    else:
        earned, computable = _points(group.earned), number(group.computable)
    spread = say("service_quality.range_of", low=_points(group.low), high=_points(group.high))
    return [name, number(group.most), computable, earned, spread]


def _group_notes(sq: ServiceQuality) -> list[str]:
    assert sq.set is not None
    rules, rows = sq.rules, sq.progress
    told = rows[rows["in_time"].notna()]
    late = told[~told["in_time"].astype(bool)]
    notes = quality_said(sq.q)
    notes.append(
        say("service_quality.rules", short=sq.set.short, requests=number(rules.request_limit))
    )
    if len(told):
        notes.append(
            say(
                "service_quality.in_time", k=number(len(told) - len(late)), n=number(len(told)),
                late=number(len(late)), requests=number(int((late["why"] == "requests").sum())),
                limit=number(rules.request_limit),
            )
        )  # fmt: skip
    if len(told) < len(rows):
        notes.append(say("service_quality.left_out", n=number(len(rows) - len(told))))
    if not sq.set.groups_verified:
        notes.append(say("service_quality.points_unverified"))
    return [*notes, say("service_quality.official", short=sq.set.short)]


def quality_indicators(q: PeriodView) -> Any:
    """Every indicator: how it is computed, its share, its points, what is missing or assumed."""
    sq = q.service_quality
    if sq.set is None:
        return blocks.note("info", say("service_quality.no_set", day=date(q.start)))
    unsure = say("service_quality.unverified_mark")
    rows = [
        [
            f"{s.indicator.id} {s.indicator.label}", _formula(sq, s.indicator, unsure),
            _share(s), _earned(s, unsure), _remarks(s),
        ]
        for s in sq.scored
    ]  # fmt: skip
    return blocks.table(
        id="service-quality-indicators",
        caption=say("service_quality.indicators", short=sq.set.short),
        columns=[
            left(label("col.label")), left(say("service_quality.formula")),
            right(label("col.value")), right(say("service_quality.earned")),
            left(say("service_quality.missing")),
        ],
        rows=rows, notes=[say("service_quality.unverified_note", mark=unsure)],
    )  # fmt: skip


def _formula(sq: ServiceQuality, indicator: Indicator, unsure: str) -> str:
    said = say(f"service_quality.formula_{indicator.formula}", days=number(sq.rules.feedback_days))
    return f"{said} {unsure}" if "formula" in indicator.unverified else said


def _share(scored: Scored) -> str:
    a, share = scored.answer, scored.answer.share
    if share is None:
        return mark("no_data")
    shown = percent(Decimal(a.numerator or 0) / Decimal(a.denominator or 1), 2)
    return say(
        "service_quality.value_of", share=shown, k=number(a.numerator or 0),
        n=number(a.denominator or 0),
    )  # fmt: skip


def _earned(scored: Scored, unsure: str) -> str:
    indicator = scored.indicator
    if not indicator.points:
        return say("service_quality.unscored")
    earned = mark("no_data") if scored.earned is None else _points(scored.earned)
    shown = f"{earned}/{number(indicator.points)}"
    return f"{shown} {unsure}" if {"points", "full_at"} & set(indicator.unverified) else shown


def _remarks(scored: Scored) -> str:
    answer, indicator = scored.answer, scored.indicator
    said = [say(f"service_quality.assumes_{name}") for name in answer.assumes]
    if answer.missing:
        key = f"service_quality.missing_{answer.missing}"
        if answer.missing == "reviews" and scored.high == indicator.points:
            key += "_none_late"
        said.insert(0, say(key, needs=indicator.needs, best=_points(scored.high)))
    return " ".join(said)


def _points(points: Fraction) -> str:
    return number(Decimal(points.numerator) / Decimal(points.denominator), 2)


# -- Decree 61/2018 -----------------------------------------------------------------------------


def rating(q: PeriodView) -> Any:
    """The nine indices with their points, what they rest on or what is missing, and the sum."""
    found = ratings.rate(q)
    unsure = say("service_quality.unverified_mark")
    rows = []
    for score in found.scores:
        index = score.index
        points = mark("no_data") if score.points is None else number(score.points, 1)
        name = f"{index.id}. {index.label}"
        rows.append(
            [
                name if index.verified else f"{name} {unsure}",
                say(f"service_quality.level_{index.level}"), points,
                _basis(score, bool(q.hidden["channel"].period)),
            ]
        )  # fmt: skip
    scored = [s for s in found.scores if s.points is not None]
    counts = {"points": number(found.points, 1), "most": number(found.most)}
    if not scored:
        notes = [say("service_quality.rating_none")]
    elif found.band is None:
        numbers = {"n": number(len(scored)), "all": number(len(found.scores))}
        notes = [say("service_quality.rating_some", **counts, **numbers)]
    else:
        notes = [say("service_quality.rating_all", band=found.band, **counts)]
    if any(s.index.method == "contacts" for s in scored):
        notes.append(say("service_quality.rating_proxy"))
    if any(not s.index.verified for s in found.scores):
        notes.append(say("service_quality.unverified_note", mark=unsure))
    return blocks.table(
        id="rating", caption=say("service_quality.rating", short=found.set.short),
        columns=[
            left(say("service_quality.index")), left(say("service_quality.level")),
            right(say("service_quality.score")), left(say("service_quality.basis")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def _basis(score: ratings.Score, hides_channels: bool) -> str:
    index, facts = score.index, score.facts
    shown = {name: number(n) for name, n in facts.items()}
    key = f"service_quality.counts_{index.method}"
    said = ""
    if facts and index.method == "feedback" and not facts["n"] and not facts["open"]:
        said = say("service_quality.counts_feedback_none")
    elif facts and index.method == "online":
        if hides_channels:  # how many of one way were late
            shown["late"] = mark("suppressed")
        said = say(key, share=percent(Decimal(facts["k"]) / facts["n"], 2), **shown)
    elif facts and has_message(key):
        said = say(key, **shown)
    if score.points is None:
        missing = say("service_quality.rating_missing", needs=index.needs)
        return f"{missing} {said}".strip()
    return said


def rating_by(q: PeriodView) -> Any:
    """The dossier indices by field; for the internal audience by officer."""
    shared = q.audience == "shared"
    by = "field" if shared else "officer"
    parts = ratings.people(q, by)
    if not parts:
        return blocks.note("info", say("service_quality.rating_none"))
    held = ratings.rating_set(q.office.workspace)
    ids = sorted({id for part in parts for id in part.scores})
    if shared:  # by field no more than follows from what the law publishes
        told = {index.id for index in held.indices if index.method == "time"}
        ids = [id for id in ids if id in told]
    if not ids:
        return blocks.note("info", say("service_quality.rating_none"))
    banded = not shared and any(part.band for part in parts)
    rows = []
    for part in parts:
        name = part.key or say(f"service_quality.no_{by}")
        points = {id: number(score, 1) for id, score in part.scores.items()}
        whole = [] if shared else [f"{number(part.points, 1)}/{number(part.most)}"]
        band = say(f"service_quality.{part.band}") if part.band else ""
        cells = [number(part.dossiers), *(points.get(id, mark("no_data")) for id in ids), *whole]
        rows.append([name, *cells, *([band] if banded else [])])
    notes = []
    if not banded:
        counts = {"n": number(len(ids)), "all": number(len(held.officers))}
        notes.append(say("service_quality.rating_partial", **counts))
    if shared:
        notes.append(say("service_quality.rating_shared"))
    columns = [
        left(label(f"col.{by}")), right(say("sections.dossiers_count")),
        *(right(f"{say('service_quality.index')} {id}") for id in ids),
        *([] if shared
          else [right(say("service_quality.rating_points", most=number(held.most * len(ids))))]),
        *([left(label("col.state"))] if banded else []),
    ]  # fmt: skip
    return blocks.table(
        id="rating-by", caption=say(f"service_quality.rating_by_{by}", indices=", ".join(ids)),
        columns=columns, rows=rows, notes=notes,
    )  # fmt: skip
