"""The commune's own score of the reform index, and what others gave it.

The points are :mod:`..indicators.self_scoring`'s. Nothing here is official: a criterion that
nobody checked against the document is marked, and scores by others stand with their source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators import self_scoring as scoring
from ..indicators.self_scoring import Outside, Scored, plain
from ..phrases import is_share, mark, value_text
from ..words import date, inside, label, number, percent, say
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["outside_scores", "outside_years", "own_score", "own_score_said"]


def _points(points: Fraction) -> str:
    return number(_decimal(points), 2)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# -- the reform index -----------------------------------------------------------------------------


def own_score(q: PeriodView) -> Any:
    """Each criterion: its maximum, its points by rule and by hand, those that count, evidence."""
    scored = scoring.scores(q)
    if not scored:
        return blocks.note("info", _none(q, "none"))
    unsure = say("service_quality.unverified_mark")
    sums = scoring.totals(scored)
    rows = [
        [
            _named(s, unsure), plain(s.criterion.maximum), _by_rule(s), _by_hand(q, s),
            mark("no_data") if s.points is None else _points(s.points), s.criterion.evidence,
        ]
        for s in scored
    ]  # fmt: skip
    earned = _points(sums.earned) if sums.computable else mark("no_data")
    rows.append([say("self_scoring.total"), plain(sums.most), "", "", earned, ""])
    return blocks.table(
        id="self-scoring", caption=say("self_scoring.caption", year=q.period.year),
        columns=[
            left(say("self_scoring.criterion")), right(say("self_scoring.maximum")),
            left(say("self_scoring.by_rule")), left(say("self_scoring.by_hand")),
            right(say("self_scoring.points")), left(say("self_scoring.evidence")),
        ],
        rows=rows, notes=[_totals(scored), *_notes(q, scored, unsure)], total=True,
    )  # fmt: skip


def own_score_said(q: PeriodView) -> list[str]:
    """The totals in one sentence, or where the criteria belong."""
    scored = scoring.scores(q)
    return [_totals(scored) if scored else _none(q, "none")]


def _none(q: PeriodView, key: str) -> str:
    return say(f"self_scoring.{key}", year=q.period.year, unit=q.office.unit.slug)


def _named(s: Scored, unsure: str) -> str:
    name = say("self_scoring.named", id=s.criterion.id, name=s.criterion.name)
    return name if s.criterion.verified else f"{name} {unsure}"


def _by_rule(s: Scored) -> str:
    rule, figure = s.criterion.rule, s.figure
    if rule is None or figure is None:
        return mark("zero")
    share = is_share(figure)
    said = {"figure": inside(figure.label), "rule": scoring.rule_text(rule, is_share=share)}
    if s.by_rule is None:
        return say("self_scoring.unruled", missing=s.missing, **said)
    value = value_text(figure, share)
    if figure.status != "ok":
        value = f"{value}, {say('self_scoring.incomplete')}"
    return say("self_scoring.ruled", points=_points(s.by_rule), value=value, **said)


def _by_hand(q: PeriodView, s: Scored) -> str:
    if s.by_hand is None or s.when is None:
        return mark("zero") if s.criterion.rule else s.missing
    said = {"points": _points(s.by_hand), "day": date(s.when), "why": s.why}
    if q.audience == "shared":
        return say("self_scoring.handed_shared", **said)
    return say("self_scoring.handed", who=s.who, **said)


def _totals(scored: Sequence[Scored]) -> str:
    sums = scoring.totals(scored)
    if not sums.computable:
        return say("self_scoring.totals_none")
    said = {"earned": _points(sums.earned), "most": plain(sums.most)}
    lacking = sum(s.points is None for s in scored)
    if not lacking:
        return say("self_scoring.totals_all", **said)
    share = percent(_decimal(sums.computable / sums.most), 0)
    return say(
        "self_scoring.totals", computable=plain(sums.computable), share=share, n=number(lacking),
        **said,
    )  # fmt: skip


def _notes(q: PeriodView, scored: Sequence[Scored], unsure: str) -> list[str]:
    notes = []
    if any(s.criterion.rule for s in scored):
        notes.append(say("self_scoring.period", period=inside(q.period.title)))
    both = [s for s in scored if s.by_rule is not None and s.by_hand is not None]
    if both:
        notes.append(say("self_scoring.hand_first"))
    if differ := [s.criterion.id for s in both if s.by_rule != s.by_hand]:
        notes.append(say("self_scoring.differ", ids=", ".join(differ)))
    if not all(s.criterion.verified for s in scored):
        notes.append(say("self_scoring.unverified", mark=unsure))
    if q.audience == "shared" and any(s.who for s in scored):
        notes.append(say("self_scoring.shared"))
    return notes


# -- by others ------------------------------------------------------------------------------------


def outside_scores(q: PeriodView) -> Any:
    """What others published of the commune, by index and year, each with its source."""
    found = scoring.outside(q)
    if not found:
        return blocks.note("info", _none(q, "outside_none"))
    rows = [
        [
            o.index, str(o.year), plain(o.score), plain(o.maximum),
            percent(_decimal(o.score / o.maximum)), o.rank or mark("no_data"), o.source,
        ]
        for o in found
    ]  # fmt: skip
    return blocks.table(
        id="outside-scores", caption=say("self_scoring.outside"),
        columns=[
            left(say("self_scoring.index")), right(say("self_scoring.year")),
            right(say("self_scoring.score")), right(say("self_scoring.maximum")),
            right(say("self_scoring.share")), right(say("self_scoring.rank")),
            left(label("col.source")),
        ],
        rows=rows, notes=[say("self_scoring.outside_note")],
    )  # fmt: skip


def outside_years(q: PeriodView) -> Any:
    """A line over the years for each index with two or more; None without one."""
    from ..figures.outside import over_years

    series = _series(scoring.outside(q))
    if not series:
        return None
    years = sorted({year for values in series.values() for year in values})
    shown = {
        name: {year: percent(_decimal(share)) for year, share in values.items()}
        for name, values in series.items()
    }
    caption = say("self_scoring.outside_years")
    table = blocks.table_data(
        id="outside-years", caption=caption,
        columns=[left(say("self_scoring.index")), *(right(str(year)) for year in years)],
        rows=[
            [name, *(values.get(year, mark("no_data")) for year in years)]
            for name, values in shown.items()
        ],
    )  # fmt: skip
    told = "; ".join(
        say(
            "self_scoring.outside_series", index=name,
            values=", ".join(
                say("self_scoring.outside_value", year=year, share=share)
                for year, share in values.items()
            ),
        )
        for name, values in shown.items()
    )  # fmt: skip
    drawn = over_years({
        name: {year: float(share) for year, share in values.items()}
        for name, values in series.items()
    })  # fmt: skip
    return blocks.figure(
        drawn, id="outside-years", caption=caption,
        alt=say("self_scoring.outside_alt", series=told), table=table,
        notes=[say("self_scoring.outside_methods")],
    )  # fmt: skip


def _series(found: Iterable[Outside]) -> dict[str, dict[int, Fraction]]:
    """Shares of the maximum by index and year, of those with two years or more."""
    series: dict[str, dict[int, Fraction]] = {}
    for o in found:
        series.setdefault(o.index, {})[o.year] = o.score / o.maximum
    return {name: values for name, values in series.items() if len(values) > 1}
