"""How far the digital transformation is: against the goals, on the way to them, month by month.

The figures and their faults are :mod:`..indicators.digital`'s. A month that is flagged or missing
has no value here; what was wrong with it stands in :func:`digital_faults` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators import digital
from ..indicators.results import Value
from ..phrases import mark, value_text
from ..stats.drift import LEVEL
from ..stats.intervals import newcombe
from ..words import date, goal, label, number, percent, say, signed
from .dossiers import left, right

if TYPE_CHECKING:
    from ..indicators.digital import History, Month, Path
    from ..plan import Plan
    from ..view import PeriodView

__all__ = ["digital_faults", "digital_months", "digital_overview", "digital_path"]

DECIMALS = 2  # of percentage points, as of rates
LONGEST = 24  # months drawn


def _nothing(q: PeriodView, known: History, *, first: bool = False) -> Any:
    """A note where there is nothing to show, else None; the ``first`` one says it at length."""
    if q.plan.year is None:
        rows = "_rows" if first and known.unlisted else "" if first else "_short"
        return blocks.note("info", say(f"digital.no_plan{rows}", year=q.period.year))
    if not known.indicators:
        return blocks.note("info", say("digital.no_list", year=q.period.year))
    if not known.delivered:
        return blocks.note("info", say("digital.not_delivered"))
    return None


def _named(path: Path) -> str:
    return say("digital.named", label=path.indicator.label, code=path.indicator.code)


def _codes(paths: Iterable[Path]) -> str:
    return ", ".join(path.indicator.code for path in paths)


def _signed(difference: float | Fraction) -> str:
    """In percentage points, with as many decimals as it takes not to show nothing."""
    exact = Decimal(str(round(float(difference) * 100, 8)))
    decimals = next((n for n in range(DECIMALS, 6) if not exact or round(exact, n)), 6)
    return signed(exact, decimals)


# -- against the goals --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Standing:
    """A period's value against the goal, in exact fractions."""

    path: Path
    before: Value | None

    @property
    def gap(self) -> Fraction | None:
        value, aim = self.path.value, self.path.goal
        if aim is None or not value.denominator:
            return None
        return Fraction(value.numerator or 0, value.denominator) - Fraction(aim)

    @property
    def ahead(self) -> Fraction | None:
        """The gap, above 0 where the goal is surpassed whichever way the indicator goes."""
        if self.gap is None:
            return None
        return self.gap if self.path.indicator.direction == "up" else -self.gap

    @property
    def met(self) -> bool | None:
        return None if self.ahead is None else self.ahead >= 0

    @property
    def change(self) -> float | None:
        now, then = self.path.value.value, self.before
        if now is None or then is None or then.value is None or then.status != "ok":
            return None
        return now - then.value if self.path.value.status == "ok" else None

    @property
    def by_chance(self) -> bool:
        """Whether a flow's change lies within what chance alone does."""
        now, then = self.path.value, self.before
        if self.path.indicator.kind != "flow" or not self.change or then is None:
            return False
        if not (now.denominator and then.denominator):
            return False
        low, high = newcombe(
            now.numerator or 0, now.denominator, then.numerator or 0, then.denominator
        )
        return low <= 0 <= high


def digital_overview(q: PeriodView) -> Any:
    """Each indicator's value beside its goal, farthest behind first."""
    known = digital.history(q)
    if (none := _nothing(q, known, first=True)) is not None:
        return none
    view = q.compared.get("previous")
    before = digital.values(view, q.plan.indicators) if view is not None else {}
    standing = [_Standing(p, before.get(f"digital.{p.indicator.code}")) for p in digital.path(q)]
    standing.sort(key=lambda s: (s.ahead is None, s.ahead or 0))
    rows = []
    for s in standing:
        value = s.path.value
        counts = mark("no_data")
        if value.value is not None:
            counts = say("digital.ratio", k=number(value.numerator or 0),
                         n=number(value.denominator or 0))  # fmt: skip
        verdict = mark("zero")
        if value.value is None:
            verdict = label(f"figure.{value.status}")
        elif s.met is not None:
            verdict = label("state.met" if s.met else "state.not_met")
        rows.append(
            [
                _named(s.path), counts, value_text(value, True), _goal(s.path, q.plan),
                _signed(s.gap) if s.gap is not None else mark("no_data"),
                _signed(s.change) if s.change is not None else mark("no_data"), verdict,
            ]
        )  # fmt: skip
    columns = [
        left(label("col.label")), right(say("digital.counts")), right(say("digital.value")),
        right(say("digital.goal")), right(say("digital.gap")), right(say("digital.change")),
        left(label("col.state")),
    ]  # fmt: skip
    return blocks.table(
        id="digital-overview", caption=say("digital.overview"), columns=columns, rows=rows,
        notes=[*_how_many(standing), *_kinds(standing), *_sources(q, standing),
               *_limits(q, standing)],
    )  # fmt: skip


def _goal(path: Path, plan: Plan) -> str:
    if path.goal is None:
        return mark("zero")
    shown = goal(path.goal)
    return shown if _verified(path, plan) else say("digital.unverified_mark", goal=shown)


def _verified(path: Path, plan: Plan) -> bool:
    target = plan.target(f"digital.{path.indicator.code}")
    return target.verified if target is not None else path.indicator.verified


def _how_many(standing: Sequence[_Standing]) -> list[str]:
    aimed = [s for s in standing if s.path.goal is not None]
    if not aimed:
        return [say("digital.no_goal")]
    none = sum(s.met is None for s in aimed)
    return [
        say(
            "digital.how_many", all=number(len(aimed)),
            met=number(sum(s.met is True for s in aimed)),
            not_met=number(sum(s.met is False for s in aimed)),
            none=say("digital.how_many_none", n=number(none)) if none else "",
        )
    ]  # fmt: skip


def _kinds(standing: Sequence[_Standing]) -> list[str]:
    """What a stock and a flow are, and the flows whose year so far tells otherwise."""
    paths = sorted((s.path for s in standing), key=lambda path: path.indicator.code)
    said = [
        say(f"digital.{kind}s", codes=_codes(mine))
        for kind in ("stock", "flow")
        if (mine := [path for path in paths if path.indicator.kind == kind])
    ]
    for s in standing:
        year = s.path.met
        if s.path.indicator.kind == "flow" and None not in (s.met, year) and s.met != year:
            words = [say(f"digital.{'reached' if met else 'not_reached'}") for met in (s.met, year)]
            said.append(
                say("digital.year_differs", code=s.path.indicator.code, now=words[0],
                    year=words[1], value=value_text(s.path.year, True))
            )  # fmt: skip
    return said


def _sources(q: PeriodView, standing: Sequence[_Standing]) -> list[str]:
    """Whose goals are not the plan's, and which nobody has verified."""
    paths = sorted((s.path for s in standing), key=lambda path: path.indicator.code)
    paths = [path for path in paths if path.goal is not None]
    listed = [p for p in paths if q.plan.target(f"digital.{p.indicator.code}") is None]
    said = [
        say("digital.goal_source", codes=_codes(p for p in listed if p.goal_source == source),
            source=source)
        for source in dict.fromkeys(path.goal_source for path in listed) if source
    ]  # fmt: skip
    if any(not _verified(path, q.plan) for path in paths):
        said.append(say("digital.goal_unverified"))
    return said


def _limits(q: PeriodView, standing: Sequence[_Standing]) -> list[str]:
    said = []
    if partial := [s.path for s in standing if s.path.value.status == "incomplete_period"]:
        partial.sort(key=lambda path: path.indicator.code)
        said.append(say("digital.partial", codes=_codes(partial)))
    if chance := [s.path for s in standing if s.by_chance]:
        chance.sort(key=lambda path: path.indicator.code)
        said.append(say("digital.chance", codes=_codes(chance)))
    if any(s.change is None for s in standing):
        said.append(say("digital.not_compared"))
    if q.period.cut == "reporting":
        said.append(say("digital.by_month"))
    if q.end < q.period.end:
        said.append(say("digital.not_over", day=date(q.end)))
    return said


# -- on the way to them -------------------------------------------------------------------------


def digital_path(q: PeriodView) -> Any:
    """What is needed each month beside the present pace, and where that pace leads."""
    if (none := _nothing(q, digital.history(q))) is not None:
        return none
    paths = digital.path(q)
    over = not paths[0].months_left and q.end == q.period.end
    outlooks = [path for path in paths if path.forecast is not None]
    rows = []
    for path in paths:
        row = [_named(path), value_text(path.year, True), _goal(path, q.plan), _way(path, over)]
        rows.append(row + (_outlook(path) if outlooks else []))
    told = "way" if paths[0].months_left else "result_head"
    columns = [
        left(label("col.label")), right(say(f"digital.{'whole_year' if over else 'so_far'}")),
        right(say("digital.goal")), left(say(f"digital.{told}")),
    ]  # fmt: skip
    if outlooks:
        columns += [right(say("digital.outlook")), right(say("digital.tested"))]
    notes = [say("digital.pace_note")] if paths[0].months_left else []
    if outlooks:
        notes += [say("digital.outlook_note"), *_coverage(q, outlooks)]
    elif paths[0].months_left:
        notes.append(say("digital.no_outlook"))
    if q.end < q.period.end:
        notes.append(say("digital.not_over", day=date(q.end)))
    if any(path.goal is not None and not _verified(path, q.plan) for path in paths):
        notes.append(say("digital.goal_unverified"))
    return blocks.table(
        id="digital-path", caption=say(f"digital.{'path_over' if over else 'path'}"),
        columns=columns, rows=rows, notes=notes,
    )  # fmt: skip


def _way(path: Path, over: bool) -> str:
    """The path in words. A flow is told without a pace: its months are not steps on a way, and
    what they differ by is mostly chance.
    """
    if path.goal is None or path.gap is None:
        return path.text
    aim = goal(path.goal)
    if over and path.met:
        return say("digital.year_met", goal=aim)
    if not path.months_left and not path.met:
        gap = f"{_signed(abs(path.gap))} {label('word.percentage_points')}".lstrip("+")
        return say("digital.year_not_met", gap=gap)
    if path.indicator.kind == "stock":
        return path.text
    if path.met:
        return say("digital.keep_flow", goal=aim)
    if path.needed_level is not None and 0 <= path.needed_level <= 1:
        return say("digital.need_flow_only", level=percent(path.needed_level))
    return say("digital.beyond_reach_only", goal=aim)


def _outlook(path: Path) -> list[str]:
    if path.forecast is None:
        return [mark("zero"), mark("zero")]
    value, low, high = (
        percent(round(share, 6))
        for share in (path.forecast.value, path.forecast.low, path.forecast.high)
    )
    test = path.backtest
    tested = mark("no_data")
    if test is not None and test.tests:
        tested = say("digital.tested_of", hits=number(test.hits), tests=number(test.tests))
    return [say("digital.with_interval", value=value, low=low, high=high), tested]


def _coverage(q: PeriodView, outlooks: Sequence[Path]) -> list[str]:
    test = digital.coverage(q)
    if test.share is None:
        return [say("digital.coverage_none")]
    said = [
        say("digital.coverage", hits=number(test.hits), tests=number(test.tests),
            longest=number(test.longest), share=percent(round(test.share, 4), 0))
    ]  # fmt: skip
    if test.share < LEVEL:
        said.append(say("digital.coverage_low"))
    ahead = outlooks[0].months_left
    if ahead > test.longest:
        said.append(say("digital.coverage_short", ahead=number(ahead)))
    return [" ".join(said)]


# -- month by month -----------------------------------------------------------------------------


def digital_months(q: PeriodView) -> Any:
    """A small panel an indicator, with gaps where there is no value one can use."""
    from ..figures.progress import Panel, panels

    known = digital.history(q)
    if (none := _nothing(q, known)) is not None:
        return none
    every = sorted({m.month for months in known.series.values() for m in months})
    with_value = [m.month for months in known.series.values() for m in months if m.usable]
    every = [name for name in every if with_value and name >= min(with_value)]
    names = every[-LONGEST:]
    paths = digital.path(q)
    series = {p.indicator.code: known.of(p.indicator.code, names) for p in paths}
    table = _months_table(names, paths, series)
    if len(set(with_value)) < 2:
        if not with_value:
            return blocks.note("info", say("digital.months_few"))
        return blocks.table(**{**table, "notes": [*table["notes"], say("digital.months_few")]})
    shown = [
        Panel(
            title=say("digital.named", label=path.indicator.label, code=path.indicator.code),
            values=[month.value for month in series[path.indicator.code]],
            faults=[n for n, m in enumerate(series[path.indicator.code])
                    if m.fault and m.fault != "missing"],
            missing=[n for n, m in enumerate(series[path.indicator.code]) if m.fault == "missing"],
            goal=None if path.goal is None else float(path.goal),
        )
        for path in paths
    ]  # fmt: skip
    own = [n for n, name in enumerate(names) if name in known.own]
    notes = [say("digital.months_note")]
    if any(panel.faults or panel.missing for panel in shown):
        notes.append(say("digital.months_marked"))
    if len(every) > len(names):
        notes.append(say("digital.months_cut", n=number(len(names))))
    return blocks.figure(
        panels(names, shown, (own[0], own[-1]) if own else None), id="digital-months",
        caption=say("digital.months"), alt=_months_alt(names, paths, series), table=table,
        notes=notes,
    )  # fmt: skip


def _months_table(
    names: Sequence[str], paths: Sequence[Path], series: dict[str, list[Month]]
) -> dict[str, Any]:
    codes = [path.indicator.code for path in paths]
    rows = []
    for place, name in enumerate(names):
        values = [series[code][place].value for code in codes]
        cells = [mark("no_data") if v is None else percent(round(v, 6)) for v in values]
        rows.append([_month(name), *cells])
    named = "; ".join(f"{path.indicator.code}: {path.indicator.label}" for path in paths)
    return blocks.table_data(
        id="digital-months-data", caption=say("digital.months_data"),
        columns=[left(label("col.month")), *(right(code) for code in codes)], rows=rows,
        notes=[say("digital.months_codes", names=named)],
    )  # fmt: skip


def _months_alt(
    names: Sequence[str], paths: Sequence[Path], series: dict[str, list[Month]]
) -> str:  # fmt: skip
    last = []
    for path in paths:
        values = [m.value for m in series[path.indicator.code] if m.value is not None]
        if values:
            shown = percent(round(values[-1], 6))
            last.append(say("digital.months_alt_one", code=path.indicator.code, value=shown))
    return say(
        "digital.months_alt", n=number(len(paths)), first=_month(names[0]), last=_month(names[-1]),
        said=say("digital.months_alt_some", values="; ".join(last)),
    )  # fmt: skip


def _month(name: str) -> str:
    return f"{name[5:7]}/{name[:4]}"


# -- what is wrong ------------------------------------------------------------------------------


def digital_faults(q: PeriodView) -> Any:
    """What is flagged or missing in the table, over all the months that are drawn."""
    if (none := _nothing(q, digital.history(q))) is not None:
        return none
    found = digital.faults(q)
    if not found:
        return blocks.note("info", say("digital.faults_none"))
    codes: dict[tuple[str, bool, bool], list[str]] = {}
    for fault in sorted(found, key=lambda f: (not f.in_period, f.month is None, f.month or "")):
        key = (fault.text, fault.in_period, fault.month is None)
        codes.setdefault(key, []).append(fault.code)
    rows = []
    for (text, inside, whole), mine in codes.items():
        place = label("word.yes" if inside else "word.no")
        rows.append([", ".join(mine), text, say("digital.fault_whole") if whole else place])
    return blocks.table(
        id="digital-faults", caption=say("digital.faults"),
        columns=[
            left(say("digital.fault_codes")), left(say("digital.fault_text")),
            left(say("digital.fault_inside")),
        ],
        rows=rows, notes=[say("digital.faults_note")],
    )  # fmt: skip
