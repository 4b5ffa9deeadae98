"""Digital transformation by the plan's indicator list: how far, how fast, and what is wrong.

The office keeps a table of indicators, one row a code and month (``ChiTieuChuyenDoiSo``); which
codes count, and as what, is the list of the year's plan (``indicators.csv``). A *stock* is what
there is at a month's end: a period has its last month's, and none if that month is missing. A
*flow* is what happened in a month: a period has Σ numerators / Σ denominators of its months;
with a month missing it is the sum of the others, marked ``incomplete_period``. Goals are the
plan's targets where it has one for the code, else the list's, which says whence.

A row carries a month, not days, so both cuts of a period take the months of the same name, and a
month counts once it is over in the cut asked for. Of several exports the newest one's row counts.
As of a day rows are cut by their month, whichever export they came in; what an export made by
then had said goes before what a later one says.

A month is never mended. It is *flagged*, has no value and stands in no figure when its numerator
exceeds its denominator, when a count is negative or not whole, when one file gives it twice with
different counts, or when a piled-up count (a stock that should grow) falls. Which month fell is
decided so that the fewest months are left out, the later ones where that is undecided. A flow
with a flagged month is refused whole (``faulty``), for its sum would pass as the period's.

What the dossiers themselves say of the digital work (online, paid online, digitised, notified)
is in ``dossiers.*`` and not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..plan import Indicator
from ..stats.drift import Backtest, Forecast, backtest, forecast
from ..words import fold, goal, label, number, percent, say
from .results import Value
from .rows import records

if TYPE_CHECKING:
    import pandas as pd

    from ..plan import Plan
    from ..view import PeriodView

__all__ = [
    "Fault", "History", "Month", "Path", "behind", "coverage", "faults", "history", "months",
    "path", "values",
]  # fmt: skip

PACE = 6  # months over which the present pace is taken
COLUMNS = ("code", "label", "kind", "month", "numerator", "denominator", "value", "fault",
           "in_period")  # fmt: skip
NO_DATA = Value(None, None, None, "no_data")
FAULTY = Value(None, None, None, "faulty")


@dataclass(frozen=True, slots=True)
class Month:
    """One indicator in one month as delivered. ``fault`` says why it is not used: ``missing``,
    ``over``, ``falling``, ``negative``, ``fraction``, ``twice``, ``no_denominator``. ``place``:
    the export, sheet and row it was read from.
    """

    code: str
    month: str
    numerator: float | None = None
    denominator: float | None = None
    fault: str | None = None
    place: tuple[str, str, int] | None = None

    @property
    def usable(self) -> bool:
        return self.fault is None

    @property
    def value(self) -> float | None:
        """The share; None where flagged, missing or nothing to divide by."""
        if not self.usable or not self.denominator or self.numerator is None:
            return None
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Fault:
    """What the data-quality section lists; ``month`` is None for what concerns the code at large
    (``unlisted``, ``goal_differs``). ``in_period``: the month is one of the period's.
    """

    code: str
    month: str | None
    what: str
    text: str
    in_period: bool


@dataclass(frozen=True)
class History:
    """Every indicator's months, from its first row to the period's last month that is over.

    ``series`` maps the codes of ``indicators`` to their months in order, without gaps; ``own``
    are the names of the period's months, those not yet over included. ``unlisted`` are codes of
    the table that the list lacks, ``goals`` the table's own yearly goals (shares).
    """

    indicators: tuple[Indicator, ...]
    series: dict[str, tuple[Month, ...]]
    own: tuple[str, ...]
    unlisted: tuple[str, ...]
    goals: dict[str, float]
    delivered: bool

    def of(self, code: str, names: Sequence[str]) -> list[Month]:
        """The months of these names; a month that the series lacks is missing."""
        found = {month.month: month for month in self.series.get(code, ())}
        return [found.get(name, Month(code, name, fault="missing")) for name in names]


def history(q: PeriodView, listed: Sequence[Indicator] | None = None) -> History:
    """What the table tells up to the period's end.

    ``listed`` stands in for the indicator list where the period's year has no plan, so that a
    year with one can be compared with the months before it; a year's own list always goes first.
    """
    plan = q.plan
    indicators = plan.indicators if plan.year is not None else tuple(listed or ())
    rows = [row for row in records(q, "digital") if row["code"] and row["month"] is not None]
    own = tuple(month.label for month in q.period.months())
    over = [_index(month.label) for month in q.period.months() if month.end <= q.end]
    last = over[-1] if over else _index(own[0]) - 1
    cells: dict[tuple[str, str], list[dict[str, Any]]] = {}
    listed_as = {fold(indicator.code): indicator for indicator in indicators}
    plans = {year: q.plan_of(year) for year in {row["month"].year for row in rows}}
    unlisted, goals = set(), {}
    for row in rows:
        year = row["month"].year
        name = f"{year}-{row['month'].month:02d}"
        if _index(name) > last:
            continue
        known = listed_as.get(fold(row["code"]))
        if known is None:
            if year == q.period.year:
                unlisted.add(row["code"])
            continue
        if year != plan.year and not _same(known, plans[year].indicator(known.code)):
            continue
        if year == plan.year and row["goal"] is not None:
            goals[known.code] = _share(row["goal"])
        cells.setdefault((known.code, name), []).append(row)
    series = {}
    for indicator in indicators:
        told = [_index(name) for code, name in cells if code == indicator.code]
        first = min([*told, _index(own[0])])
        read = [
            _month(indicator.code, name, cells.get((indicator.code, name), []))
            for name in map(_name, range(first, last + 1))
        ]
        series[indicator.code] = tuple(_flag_falls(indicator, read))
    return History(indicators, series, own, tuple(sorted(unlisted)), goals, bool(rows))


def _same(indicator: Indicator, other: Indicator | None) -> bool:
    """Whether a code of another year's list means the same; a year without one says nothing."""
    return other is None or (
        fold(other.label) == fold(indicator.label) and other.kind == indicator.kind
    )


def _month(code: str, name: str, rows: list[dict[str, Any]]) -> Month:
    rows = [row for row in rows if row["rank"] == rows[-1]["rank"]]
    given = {(row["numerator"], row["denominator"]) for row in rows}
    if not given or all(k is None for k, _ in given):
        return Month(code, name, None, rows[-1]["denominator"] if rows else None, "missing")
    k, n = rows[-1]["numerator"], rows[-1]["denominator"]
    if len(given) > 1:
        fault: str | None = "twice"
    elif n is None:
        fault = "no_denominator"
    elif k < 0 or n < 0:
        fault = "negative"
    elif k > n:
        fault = "over"
    elif k % 1 or n % 1:
        fault = "fraction"
    else:
        fault = None
    place = (rows[-1]["export"], rows[-1]["sheet"] or "", int(rows[-1]["row"]))
    return Month(code, name, k, n, fault, place)


def _flag_falls(indicator: Indicator, read: list[Month]) -> Iterable[Month]:
    """Flags the months to leave out so that a stock's count never falls."""
    if indicator.kind != "stock" or indicator.direction != "up":
        return read
    places = [place for place, month in enumerate(read) if month.usable]
    kept = {places[n] for n in _never_falling([read[place].numerator or 0 for place in places])}
    return [
        month if not month.usable or place in kept else replace(month, fault="falling")
        for place, month in enumerate(read)
    ]


def _never_falling(counts: Sequence[float]) -> list[int]:
    """The places of a longest run of counts that never falls, gaps allowed; the earliest of
    several equally long.

    >>> _never_falling([10, 12, 11, 13]), _never_falling([10, 30, 11, 12])
    ([0, 1, 3], [0, 2, 3])
    """
    length = [1] * len(counts)
    for i in range(len(counts) - 1, -1, -1):
        later = [length[j] for j in range(i + 1, len(counts)) if counts[j] >= counts[i]]
        length[i] += max(later, default=0)
    kept: list[int] = []
    wanted = max(length, default=0)
    for i, count in enumerate(counts):
        if length[i] == wanted and (not kept or count >= counts[kept[-1]]):
            kept.append(i)
            wanted -= 1
    return kept


def _index(name: str) -> int:
    return int(name[:4]) * 12 + int(name[5:7]) - 1


def _name(index: int) -> str:
    return f"{index // 12}-{index % 12 + 1:02d}"


def _share(goal: float) -> float:
    """The table's goal, written in per cent or as a share."""
    return goal / 100 if goal > 1 else goal


# -- the figures --------------------------------------------------------------------------------


def values(q: PeriodView, listed: Sequence[Indicator] | None = None) -> dict[str, Value]:
    """``digital.<CODE>`` for every code of the plan's list: counts as delivered, shares of 1.

    Statuses: ``ok``; ``no_data`` (a stock's last month, or every month of a flow, is missing);
    ``faulty`` (flagged, see above); ``incomplete_period`` (a flow over fewer months than the
    period has); ``zero_denominator``; in a year without a plan ``no_plan`` for every code the
    table has in it, unless ``listed`` stands in (for comparisons only).
    """
    known = history(q, listed)
    if not known.indicators and q.plan.year is None:
        return {f"digital.{code}": Value(None, None, None, "no_plan") for code in known.unlisted}
    return {f"digital.{i.code}": _value(i, known, known.own) for i in known.indicators}


def _value(indicator: Indicator, known: History, names: Sequence[str]) -> Value:
    used = _used(indicator, known, names)
    present = [month for month in used if month.fault != "missing"]
    if not present:
        return NO_DATA
    if any(not month.usable for month in present):
        return FAULTY
    k = sum(int(month.numerator or 0) for month in present)
    n = sum(int(month.denominator or 0) for month in present)
    if n == 0:
        return Value(k, n, None, "zero_denominator")
    return Value(k, n, k / n, "ok" if len(present) == len(used) else "incomplete_period")


def _used(indicator: Indicator, known: History, names: Sequence[str]) -> list[Month]:
    return known.of(indicator.code, names[-1:] if indicator.kind == "stock" else names)


def behind(q: PeriodView, code: str) -> list[Month]:
    """The months delivered that ``digital.<code>`` of the period is made of."""
    known = history(q)
    found = next((i for i in known.indicators if i.code == code), None)
    used = _used(found, known, known.own) if found else []
    return [month for month in used if month.fault != "missing"]


def months(q: PeriodView) -> pd.DataFrame:
    """A row a code and month, in the list's order: ``code, label, kind, month`` (``2024-05``),
    ``numerator, denominator`` (as delivered), ``value`` (share; empty where missing or flagged),
    ``fault`` (empty text: used), ``in_period``. Charts and tables take ``value``.
    """
    import pandas as pd

    known = history(q)
    rows = [
        (i.code, i.label, i.kind, m.month, m.numerator, m.denominator, m.value,
         m.fault or "", m.month in known.own)
        for i in known.indicators for m in known.series[i.code]
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys(("numerator", "denominator", "value"), "float64")
    return frame.astype({**kinds, "in_period": bool})


def faults(q: PeriodView) -> list[Fault]:
    """What the data-quality section says of the table, by code and month, over all the months
    that the charts show. Nothing where no table was delivered: the figures say ``no_data``.
    """
    known = history(q)
    if not known.delivered or q.plan.year is None:
        return []
    found = []
    for indicator in known.indicators:
        for month in known.series[indicator.code]:
            if month.fault:
                text = say(
                    f"digital.{month.fault}",
                    month=f"{month.month[5:]}/{month.month[:4]}",
                    numerator=_count(month.numerator),
                    denominator=_count(month.denominator),
                )
                inside = month.month in known.own
                found.append(Fault(indicator.code, month.month, month.fault, text, inside))
        theirs = known.goals.get(indicator.code)
        ours = indicator.goal
        if theirs is not None and ours is not None and abs(theirs - float(ours)) > 1e-9:
            text = say("digital.goal_differs", theirs=goal(theirs), ours=goal(ours))
            found.append(Fault(indicator.code, None, "goal_differs", text, True))
    found += [
        Fault(code, None, "unlisted", say("digital.unlisted", code=code), True)
        for code in known.unlisted
    ]
    return found


def _count(value: float | None) -> str:
    if value is None:
        return ""
    return number(value, 0 if float(value).is_integer() else 2)


# -- the way to the goal ------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """One indicator on its way to the year's goal; shares lie between 0 and 1.

    ``value`` is the period's, ``year`` since the year began (of a stock the same). ``gap`` is
    ``year`` − ``goal``. ``needed`` (stocks): the change a month that leads to the goal in the
    ``months_left`` of the year, 0 once it is met. ``needed_level`` (flows): the share that the
    months left must have, at as much work a month as so far; above 1 the goal is out of reach.
    ``pace`` is the mean change a month over the last six months, of a flow that of its monthly
    shares. ``forecast`` looks to the year's end, for stocks with six months in a row;
    ``backtest`` is what such forecasts for this indicator were worth so far.
    """

    indicator: Indicator
    value: Value
    year: Value
    goal: Decimal | None
    goal_source: str
    months_left: int
    gap: float | None = None
    met: bool | None = None
    needed: float | None = None
    needed_level: float | None = None
    pace: float | None = None
    forecast: Forecast | None = None
    backtest: Backtest | None = None

    @property
    def text(self) -> str:
        """``Cần tăng 1,9 điểm phần trăm mỗi tháng; đang tăng 1,2 điểm phần trăm.``"""
        if self.goal is None:
            return say("digital.no_goal")
        if self.gap is None:
            return say("digital.no_value")
        if self.met:
            return say("digital.met", goal=goal(self.goal))
        if self.months_left == 0:
            return say("digital.year_over", gap=_points(self.gap)) + "."
        if self.needed is not None:
            key = "digital.need_up" if self.needed > 0 else "digital.need_down"
            start = say(key, needed=_points(self.needed))
        elif self.needed_level is not None and 0 <= self.needed_level <= 1:
            start = say("digital.need_flow", level=percent(self.needed_level))
        else:
            start = say("digital.beyond_reach", goal=goal(self.goal))
        return start + self._pace()

    def _pace(self) -> str:
        if self.pace is None:
            return say("digital.pace_unknown")
        if abs(self.pace) < 5e-5:
            return say("digital.pace_none")
        key = "digital.pace_up" if self.pace > 0 else "digital.pace_down"
        return say(key, pace=_points(self.pace))

    @property
    def forecast_text(self) -> str:
        """The forecast with its interval and what it was worth; empty without one."""
        if self.forecast is None:
            return ""
        shares = {name: percent(getattr(self.forecast, name)) for name in ("value", "low", "high")}
        said = say("digital.forecast", months=self.forecast.months, **shares)
        test = self.backtest
        if test is None or not test.tests:
            return f"{said} {say('digital.backtest_none')}"
        return f"{said} {say('digital.backtest', hits=test.hits, tests=test.tests)}"


def path(q: PeriodView) -> list[Path]:
    """The way to the year's goal of every indicator of the plan; none without a plan."""
    known = history(q)
    left = 12 - q.period.last
    since = tuple(f"{q.period.year}-{month:02d}" for month in range(1, q.period.last + 1))
    return [_path(indicator, known, q.plan, since, left) for indicator in known.indicators]


def _path(
    indicator: Indicator, known: History, plan: Plan, since: Sequence[str], left: int
) -> Path:
    aim, source = indicator.goal, indicator.source
    target = plan.target(f"digital.{indicator.code}")
    if target is not None:
        aim, source = target.value, say("digital.of_plan", where=target.where)
    value, year = (_value(indicator, known, names) for names in (known.own, since))
    series = known.series[indicator.code]
    ends_now = bool(series) and series[-1].month == since[-1] and series[-1].value is not None
    pace = _pace(series) if ends_now else None
    made = tested = None
    if indicator.kind == "stock" and left and ends_now and series[-1].value != 1:
        runs = _runs(series)
        made = forecast(runs[-1], left)
        tested = backtest(runs, left) if made else None
    gap = met = needed = level = None
    if aim is not None and year.value is not None:
        gap = year.value - float(aim)
        exact = Fraction(year.numerator or 0, year.denominator or 1)
        met = exact >= Fraction(aim) if indicator.direction == "up" else exact <= Fraction(aim)
        if left and indicator.kind == "stock":
            needed = 0.0 if met else -gap / left
        elif left and year.denominator and year.numerator is not None:
            counted = sum(month.usable for month in known.of(indicator.code, since))
            ahead = year.denominator * left / counted
            level = (float(aim) * (year.denominator + ahead) - year.numerator) / ahead
    return Path(
        indicator, value, year, aim, source, left, gap, met, needed, level, pace, made, tested
    )  # fmt: skip


def _pace(series: Sequence[Month]) -> float | None:
    """Mean change a month, from the earliest month with a value of the six before the last."""
    now = series[-1].value
    before = [(n, month.value) for n, month in enumerate(series[-PACE - 1 : -1])]
    known = [(n, value) for n, value in before if value is not None]
    if now is None or not known:
        return None
    place, value = known[0]
    return (now - value) / (len(before) - place)


def _runs(series: Sequence[Month]) -> list[list[tuple[float, float]]]:
    """The unbroken runs of months with a value, as (numerator, denominator), oldest first."""
    runs: list[list[tuple[float, float]]] = [[]]
    for month in series:
        if month.value is None:
            runs.append([])
        else:
            runs[-1].append((month.numerator or 0.0, month.denominator or 0.0))
    return [run for run in runs if run]


def coverage(q: PeriodView) -> Backtest:
    """How often an 80 % interval held what came, over all stocks of the list and every earlier
    month, up to as many months on as the year has left (at least one).
    """
    known = history(q)
    runs = [
        run for i in known.indicators if i.kind == "stock" for run in _runs(known.series[i.code])
    ]
    return backtest(runs, max(1, 12 - q.period.last))


def _points(difference: float) -> str:
    """A size in percentage points, with one decimal, two where one would show nothing."""
    size = abs(difference) * 100
    return f"{number(size, 1 if size >= 0.05 else 2)} {label('word.percentage_points')}"
