"""Charts of rare events, one event at a time.

An office late with two dossiers a quarter has no monthly rate worth drawing: nearly all points are
0, and the limits of a p-chart mean nothing there. What such an office does produce is gaps – the
dossiers (or days) from one late dossier to the next. Charting those, every event adds a point as
soon as it happens, and long gaps are good news.

If each dossier is late with the same small chance p, the dossiers between two late ones follow the
geometric distribution (Benneyan, J. C., 2001, "Number-between g-type statistical quality control
charts for monitoring adverse events", Health Care Management Science 4, 305–318): the g-chart.
Where only dates are known, waiting times are exponential, and Nelson's t-chart raises them to the
power 1/3.6, which makes them nearly normal, to put them on an ordinary chart of individual values.

The distribution being so lopsided, mean ± 3 sigma signals too often above and never below; limits
here are quantiles, with a chance of at most 0.00135 beyond each. Even so nothing can be shorter
than no gap at all. With p above 0.00135 a single gap of 0 is not surprising enough, there is no
lower limit, and events crowding together show in several short gaps in a row instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cchc_analysis.stats.charts import FEWEST, Chart, Kind, Line, in_runs, xmr

__all__ = ["ALPHA", "GapLimits", "g_chart", "gap_limits", "t_chart", "three_sigma"]

ALPHA = 0.00135  # of a normal distribution beyond 3 sigma, on one side
FIRM = 20  # events for limits that are not on trial
_POWER = 3.6


@dataclass(frozen=True, slots=True)
class GapLimits:
    """What to expect of gaps where each opportunity is an event with the same chance.

    ``lower``, ``centre``, ``upper`` – numbers of opportunities between two events: quantile,
    median, quantile. A gap is out below ``lower`` (None: nothing can be) or above ``upper``.
    ``zeros``, ``short``, ``long`` – how many gaps in a row that are 0, below the centre or above
    it have a chance of at most ``ALPHA``; None where there can be none or one is enough.
    """

    lower: int | None
    centre: int
    upper: int
    zeros: int | None
    short: int | None
    long: int


def gap_limits(p: float) -> GapLimits:
    """Limits for a known chance ``p`` of an event, 0 < p < 1 (else ``ValueError``).

    >>> gap_limits(0.01)
    GapLimits(lower=None, centre=68, upper=657, zeros=2, short=10, long=10)
    >>> gap_limits(0.0005).lower
    2
    """
    if not 0 < p < 1:
        raise ValueError(f"not a chance between 0 and 1: {p}")
    none = math.log1p(-p)  # log chance of one opportunity without an event
    upper = _at_least(math.log(ALPHA) / none) - 1
    centre = max(0, _at_least(math.log(0.5) / none) - 1)
    lower = math.floor(math.log1p(-ALPHA) / none * (1 + 1e-12))
    below = -math.expm1(centre * none)
    return GapLimits(
        lower=lower or None,
        centre=centre,
        upper=upper,
        zeros=None if lower else _in_a_row(p),
        short=_in_a_row(below) if below else None,
        long=_in_a_row(math.exp((centre + 1) * none)),
    )


def three_sigma(mean: float) -> tuple[float, float]:
    """Conventional limits of a g-chart, ḡ ± 3 √(ḡ(ḡ + 1)), not below 0 – for comparison only.

    >>> [round(limit, 2) for limit in three_sigma(9.0)]
    [0.0, 37.46]
    """
    half = 3 * math.sqrt(mean * (mean + 1))
    return max(0.0, mean - half), mean + half


def g_chart(
    between: Sequence[int], unfinished: int | None = None, baseline: int | None = None
) -> Chart:
    """Chart of the numbers of opportunities (dossiers) between rare events.

    ``between`` – whole numbers ≥ 0, one for each event: dossiers without it since the one before.
    ``unfinished`` – dossiers since the last event; as a gap that has reached at least this length
    it may be above the upper limit, never below a lower one. ``baseline`` – take limits from the
    first so many gaps only. Raises ``ValueError`` for other numbers.

    p = 1/(ḡ + 1), the maximum likelihood estimate; lines are those of ``gap_limits``, the centre
    being the median (half of all gaps are shorter; the mean would have two thirds below it).
    Fewer than 20 gaps make a trial; fewer than 3, or only gaps of 0, leave the chart without lines.

    Rules, each with a chance of at most 0.00135 in an unchanged process with known p:
    "beyond_limit"; "zeros_in_a_row" – p^k ≤ 0.00135 for k events in immediate succession (the
    in-a-row rule of Benneyan's companion article, ibid. 319–336, and of SAS and Minitab);
    "short_gaps", "long_gaps" – as many in a row below or above the centre, mostly 10.

    >>> chart = g_chart([120, 45, 0, 88, 230, 12], unfinished=700)
    >>> chart.centre[0], chart.lower[0], chart.upper[0], chart.trial, chart.signals
    (57.0, None, 548.0, True, ((6, 'beyond_limit'),))
    """
    _whole([*between, *([] if unfinished is None else [unfinished])])
    points, used = tuple(map(float, between)), _used(between, baseline)
    blank = _blank("g", points, len(used), unfinished)
    if len(used) < FEWEST or not any(used):
        return blank
    limits = gap_limits(len(used) / (len(used) + sum(used)))
    floor = limits.lower or 0
    tests: list[tuple[str, int | None, Callable[[float], bool]]] = [
        ("beyond_limit", 1, lambda gap: gap > limits.upper or gap < floor),
        ("zeros_in_a_row", limits.zeros, lambda gap: gap == 0),
        ("short_gaps", limits.short, lambda gap: gap < limits.centre),
        ("long_gaps", limits.long, lambda gap: gap > limits.centre),
    ]
    signals = [
        (index, rule)
        for rule, length, holds in tests
        if length is not None
        for index in in_runs([holds(gap) for gap in points], length)
    ]
    lower = None if limits.lower is None else float(limits.lower)
    return _finished(blank, float(limits.centre), lower, float(limits.upper), signals)


def t_chart(
    times: Sequence[float], unfinished: float | None = None, baseline: int | None = None
) -> Chart:
    """Chart of the times between rare events, in days or any other unit.

    ``times`` – one for each event, since the one before. They must be above 0: two events on one
    day have no time between them as long as only days are known, and a power of 0 would pull the
    limits apart. Raises ``ValueError``; a caller may add half a day throughout, or know better
    times. ``unfinished`` and ``baseline`` as for ``g_chart``.

    y = t^(1/3.6) turns the exponential distribution into a Weibull distribution of shape 3.6, as
    good as symmetrical; limits, screening and rules are those of ``xmr`` for y, carried back
    (Nelson, L. S., 1994, "A control chart for parts-per-million nonconforming items", Journal of
    Quality Technology 26, 239–240). No lower limit where that of y is not above 0. Fewer than 20
    times make a trial, fewer than 3 leave the chart without lines.

    >>> chart = t_chart([30, 12, 55, 21, 80], unfinished=14)
    >>> round(chart.centre[0], 1), round(chart.upper[0], 1), chart.signals
    (34.0, 309.4, ())
    """
    if not all(0 < time < math.inf for time in times):
        raise ValueError("times between events must be above 0")
    if unfinished is not None and not 0 <= unfinished < math.inf:
        raise ValueError("an unfinished time must not be negative")
    inner = xmr([time ** (1 / _POWER) for time in times], baseline=baseline)
    points, used = tuple(map(float, times)), _used(times, baseline)
    blank = _blank("t", points, len(used), unfinished)
    if len(used) < FEWEST:
        return blank
    centre, lower, upper = (
        None if line[0] is None or line[0] <= 0 else line[0] ** _POWER
        for line in (inner.centre, inner.lower, inner.upper)
    )
    return _finished(blank, centre, lower, upper, inner.signals)


def _blank(kind: Kind, points: tuple[float, ...], used: int, unfinished: float | None) -> Chart:
    lines: Line = (None,) * len(points)
    open_run = None if unfinished is None else float(unfinished)
    return Chart(kind, points, lines, lines, lines, used < FIRM, unfinished=open_run)


def _finished(
    chart: Chart,
    centre: float | None,
    lower: float | None,
    upper: float | None,
    signals: Sequence[tuple[int, str]],
) -> Chart:
    size, found = len(chart.points), set(signals)
    if chart.unfinished is not None and upper is not None and chart.unfinished > upper:
        found.add((size, "beyond_limit"))
    return replace(
        chart,
        centre=(centre,) * size,
        lower=(lower,) * size,
        upper=(upper,) * size,
        signals=tuple(sorted(found)),
    )


def _used(values: Sequence[Any], baseline: int | None) -> list[Any]:
    if baseline is not None and baseline < 1:
        raise ValueError("a baseline has at least one point")
    return list(values[:baseline])


def _whole(numbers: Sequence[float]) -> None:
    if not all(0 <= number < math.inf and number == int(number) for number in numbers):
        raise ValueError("numbers between events must be whole and not negative")


def _at_least(number: float) -> int:
    return math.ceil(number * (1 - 1e-12))


def _in_a_row(chance: float) -> int:
    """How many times in a row something of this chance must happen to be as good as excluded."""
    return max(2, _at_least(math.log(ALPHA) / math.log(chance)))
