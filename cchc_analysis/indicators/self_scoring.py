"""The commune's own score of the reform index, and the scores that others gave it.

Three files of ``data/plans/<unit>/<year>``, all optional. ``index_criteria.csv`` lists what the
index asks; a criterion has a rule where a figure of ``indicators.json`` answers it.
``index_scores.csv`` holds points given by hand, which outrank the rule; both are kept.
``outside_scores.csv`` holds what others published (DDCI, DTI), each with its source. A rule is
one of four forms and is read word by word, never evaluated::

    share <figure>              the maximum times the figure, cut to 0..1
    at_least <figure> <number>  the maximum where the figure reaches the number, else nothing
    at_most <figure> <number>   the maximum where the figure does not exceed it, else nothing
    bands <figure> 0.9:1 0.8:0.5   the share of the highest threshold reached, else nothing
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..planfile import Row, attempt, hint, note, read_rows, together
from ..unit import plans_folder
from ..words import goal, label, number, say

if TYPE_CHECKING:
    from ..view import PeriodView
    from .results import Result

__all__ = [
    "CRITERIA",
    "OUTSIDE",
    "SCORES",
    "Criterion",
    "Outside",
    "Rule",
    "Scored",
    "Totals",
    "criteria",
    "given_by_hand",
    "given_outside",
    "outside",
    "plain",
    "rule_text",
    "scores",
    "totals",
]

CRITERIA = ("id", "name", "maximum", "rule", "evidence", "verified")
SCORES = ("id", "points", "who", "when", "why")
OUTSIDE = ("index", "year", "score", "maximum", "rank", "source")
KINDS = ("share", "at_least", "at_most", "bands")
STANDS = ("ok", "incomplete_period")  # statuses whose value may be scored
YEARS = (1990, 2100)
ANY_POINTS = 10**9  # stands in for a maximum that cannot be read, so that nothing exceeds it


@dataclass(frozen=True)
class Rule:
    """``steps`` are thresholds with the share of the maximum that each gives, highest first."""

    kind: str
    figure: str
    steps: tuple[tuple[Fraction, Fraction], ...] = ()

    def part(self, value: Fraction) -> Fraction:
        """The share of the maximum that ``value`` earns."""
        if self.kind == "share":
            return min(max(value, Fraction(0)), Fraction(1))
        if self.kind == "at_most":
            return Fraction(value <= self.steps[0][0])
        return next((share for least, share in self.steps if value >= least), Fraction(0))


@dataclass(frozen=True)
class Criterion:
    """One line of the index; without a ``rule`` it is scored by hand alone."""

    id: str
    name: str
    maximum: Fraction
    rule: Rule | None
    evidence: str
    verified: bool
    row: Row = field(repr=False, compare=False)


@dataclass(frozen=True)
class Scored:
    """A criterion with its points. ``points`` are those by hand, else those by rule, else None.

    ``missing`` says in words why there are none by rule, or by hand where there is no rule;
    ``figure`` is what the rule rests on.
    """

    criterion: Criterion
    by_rule: Fraction | None
    by_hand: Fraction | None
    who: str
    why: str
    points: Fraction | None
    missing: str
    when: dt.date | None = None
    figure: Result | None = None


@dataclass(frozen=True)
class Totals:
    """``earned`` of ``computable`` points, those of the criteria scored, of ``most`` in all."""

    earned: Fraction
    computable: Fraction
    most: Fraction


@dataclass(frozen=True)
class Outside:
    """A score that somebody else published; ``rank`` as it was written."""

    index: str
    year: int
    score: Fraction
    maximum: Fraction
    rank: str
    source: str


def _rows(
    workspace: Path, slug: str, year: int | str, file: str, columns: Collection[str], key: str = ""
) -> list[Row]:
    """The rows of an optional file, none where it is absent."""
    path = plans_folder(workspace) / slug / str(year) / file
    if not path.is_file():
        return []
    return read_rows(path, f"{slug}/{year}/{file}", columns, key=key or None)


def _points(row: Row, column: str, *, above: bool = False) -> Fraction:
    """Points in a cell; ``above``: more than 0."""
    value = row.count(column)
    if value is None or (above and not value) or row.text(column).endswith("%"):
        remedy = say(f"self_scoring.need_{'maximum' if above else 'points'}")
        return note(row.wrong(column, remedy), Fraction(ANY_POINTS if above else 0))
    return Fraction(value)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def plain(points: Fraction) -> str:
    """Points as they were written, without decimals they do not have: ``0,5``, ``10``."""
    exact = _decimal(points).normalize()
    return number(exact, min(6, max(0, -int(exact.as_tuple().exponent))))


# -- criteria and their rules ---------------------------------------------------------------------


@together()
def criteria(workspace: Path, slug: str, year: int) -> list[Criterion]:
    """The criteria of a year as listed; none without a file.

    Raises :class:`PlanError` that names row and column.
    """
    rows = _rows(workspace, slug, year, "index_criteria.csv", CRITERIA, "id")
    return [
        Criterion(
            id=row.text("id", required=True),
            name=row.text("name", required=True),
            maximum=_points(row, "maximum", above=True),
            rule=attempt(partial(_rule, row), None),
            evidence=row.text("evidence"),
            verified=row.flag("verified"),
            row=row,
        )
        for row in rows
    ]


def _rule(row: Row) -> Rule | None:
    words = row.text("rule").split()
    if not words:
        return None
    kind, rest = words[0].lower(), words[1:]
    if kind not in KINDS:
        close = hint(kind, KINDS)
        raise row.wrong("rule", say("self_scoring.need_rule", hint=close, kinds=", ".join(KINDS)))
    wrong = row.wrong("rule", say(f"self_scoring.need_{kind}"))
    if not rest or (len(rest) != {"share": 1, "bands": len(rest)}.get(kind, 2)):
        raise wrong
    steps = []
    for word in rest[1:]:
        least, colon, share = word.partition(":")
        step = _amount(least), _amount(share) if kind == "bands" else Fraction(1)
        if bool(colon) != (kind == "bands") or step[0] is None or step[1] is None or step[1] > 1:
            raise wrong
        steps.append((step[0], step[1]))
    if len({least for least, _ in steps}) != len(steps) or (kind == "bands" and not steps):
        raise wrong
    return Rule(kind, rest[0], tuple(sorted(steps, reverse=True)))


def _amount(text: str) -> Fraction | None:
    """A number from ``0.9``, ``0,9`` or ``90%``; None for what is none."""
    try:
        value = Decimal(text.removesuffix("%").replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or value < 0:
        return None
    return Fraction(value) / (100 if text.endswith("%") else 1)


# -- scoring ----------------------------------------------------------------------------------


def scores(q: PeriodView) -> list[Scored]:
    """Every criterion of the period's year with its points by rule and by hand.

    Rules take the period's own figures. Points by hand dated after the view's ``as_of`` are not
    known yet. Raises :class:`PlanError` that names row and column.
    """
    office, year = q.office, q.period.year
    listed = criteria(office.workspace, office.unit.slug, year)
    by_hand = {
        id: (row, points)
        for id, (row, points) in given_by_hand(office.workspace, office.unit.slug, year).items()
        if q.as_of is None or row.day("when") <= q.as_of
    }
    found = []
    for criterion in listed:
        figure = _figure(q, criterion)
        by_rule, missing = _by_rule(criterion, figure)
        row, given = by_hand.get(criterion.id, (None, None))
        if criterion.rule is None and given is None:
            missing = say("self_scoring.not_by_hand")
        found.append(
            Scored(
                criterion, by_rule, given,
                who=row.text("who") if row else "", why=row.text("why") if row else "",
                points=by_rule if given is None else given, missing=missing,
                when=row.day("when") if row else None, figure=figure,
            )
        )  # fmt: skip
    return found


def totals(scored: Iterable[Scored]) -> Totals:
    """Sums over the criteria; those without points count towards ``most`` alone."""
    rows = list(scored)
    return Totals(
        earned=sum((s.points for s in rows if s.points is not None), Fraction(0)),
        computable=sum((s.criterion.maximum for s in rows if s.points is not None), Fraction(0)),
        most=sum((s.criterion.maximum for s in rows), Fraction(0)),
    )


@together()
def given_by_hand(workspace: Path, slug: str, year: int) -> dict[str, tuple[Row, Fraction]]:
    """The points that people gave in a year, with the row of each, by criterion.

    Raises :class:`PlanError` that names row and column.
    """
    known = {criterion.id: criterion for criterion in criteria(workspace, slug, year)}
    found = {}
    for row in _rows(workspace, slug, year, "index_scores.csv", SCORES, "id"):
        id, points = row.text("id", required=True), _points(row, "points")
        if id not in known:
            close = hint(id, known)
            note(row.wrong("id", say("self_scoring.unknown_criterion", hint=close)), None)
        elif points > (most := known[id].maximum):
            remedy = say("self_scoring.over_maximum", id=id, most=plain(most))
            note(row.wrong("points", remedy), None)
        row.text("who", required=True)
        row.text("why", required=True)
        row.day("when")
        found[id] = (row, points)
    return found


def _figure(q: PeriodView, criterion: Criterion) -> Result | None:
    """What the rule rests on; None without a rule."""
    rule, row = criterion.rule, criterion.row
    if rule is None:
        return None
    ids = [result.id for result in q.results]
    if rule.figure not in ids:
        close = hint(rule.figure, ids)
        raise row.wrong(
            "rule", say("self_scoring.unknown_figure", figure=rule.figure[:60], hint=close)
        )
    figure = q.result(rule.figure)
    is_share = figure.unit == label("unit.share")
    if rule.kind == "share" and not is_share:
        said = say("self_scoring.not_a_share", figure=rule.figure, unit=figure.unit)
        raise row.wrong("rule", said)
    if is_share and any(least > 1 for least, _ in rule.steps):
        raise row.wrong("rule", say("self_scoring.over_one", figure=rule.figure))
    return figure


def _by_rule(criterion: Criterion, figure: Result | None) -> tuple[Fraction | None, str]:
    """The points by rule, or why there are none."""
    if criterion.rule is None or figure is None:
        return None, ""
    if figure.value is None or figure.status not in STANDS:
        return None, label(f"figure.{'no_data' if figure.status == 'ok' else figure.status}")
    return criterion.maximum * criterion.rule.part(_exact(figure)), ""


def _exact(figure: Result) -> Fraction:
    """The figure's value, as a fraction of its counts where it is one."""
    value = float(figure.value or 0)
    if figure.denominator and figure.numerator is not None:
        counted = Fraction(figure.numerator, figure.denominator)
        if abs(float(counted) - value) < 1e-9:
            return counted
    return Fraction(str(value))


def rule_text(rule: Rule, *, is_share: bool) -> str:
    """The rule in words, its numbers as percentages where the figure is a share."""

    def shown(value: Fraction) -> str:
        return goal(_decimal(value)) if is_share else plain(value)

    if rule.kind == "share":
        return say("self_scoring.rule_share")
    if rule.kind != "bands":
        return say(f"self_scoring.rule_{rule.kind}", number=shown(rule.steps[0][0]))
    return "; ".join(
        say("self_scoring.rule_step", least=shown(least), share=goal(_decimal(share)))
        for least, share in rule.steps
    )


# -- what others gave ---------------------------------------------------------------------------


def outside(q: PeriodView) -> list[Outside]:
    """The scores by others up to the period's year, by index and year."""
    found = given_outside(q.office.workspace, q.office.unit.slug)
    held = [score for score in found if score.year <= q.period.year]
    return sorted(held, key=lambda score: (score.index, score.year))


@together()
def given_outside(workspace: Path, slug: str) -> list[Outside]:
    """The scores by others from every year's file, in their order.

    A folder copied from the year before repeats its lines; two that differ for one index and
    year are a :class:`PlanError`.
    """
    unit = plans_folder(workspace) / slug
    years = sorted(f.name for f in unit.iterdir() if f.name.isdigit() and f.is_dir())
    found: dict[tuple[str, int], Outside] = {}
    for year in years:
        file = partial(_rows, workspace, slug, year, "outside_scores.csv", OUTSIDE)
        rows: list[Row] = attempt(file, [])
        for row in rows:
            read = attempt(partial(_outside, row), None)
            if read is not None and found.setdefault((read.index, read.year), read) != read:
                names = {"index": read.index, "year": read.year}
                note(row.wrong("year", say("self_scoring.two_scores", **names)), None)
    return list(found.values())


def _outside(row: Row) -> Outside:
    year = row.text("year")
    if not (year.isascii() and year.isdigit() and YEARS[0] <= int(year) <= YEARS[1]):
        raise row.wrong("year", say("plan.need_whole", low=YEARS[0], high=YEARS[1]))
    score, most = _points(row, "score"), _points(row, "maximum", above=True)
    if score > most:
        raise row.wrong("score", say("self_scoring.over_most", most=plain(most)))
    return Outside(
        index=row.text("index", required=True), year=int(year), score=score, maximum=most,
        rank=row.text("rank"), source=row.text("source", required=True),
    )  # fmt: skip
