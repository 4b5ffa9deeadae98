"""Is this month news, or only the usual ups and downs? Control charts for measurements and shares.

Every process varies. A chart draws the centre of its values and, around it, limits within which
nearly all values of an unchanged process fall (Shewhart, W. A., 1931). What is inside says nothing
about its month and needs no explanation; what breaks a rule has a cause worth looking for. The
width comes from the differences of neighbouring values (moving ranges), not from the standard
deviation of all: a step in the middle of the series would widen the latter and hide itself.

``xmr`` is for measurements (days, points, big counts) and follows the "Making Data Count" charts of
the NHS as the R package NHSRplotthedots draws them. ``p_prime`` is for shares of many dossiers: the
textbook p-chart takes chance in drawing dossiers for the only variation there is, so with thousands
a month its limits close in on the centre and every month becomes news; Laney's p′-chart multiplies
them by the variation really seen from month to month. Where events are rare neither works: see
``cchc_analysis.stats.rare``. ``choose`` says which applies.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

__all__ = ["Chart", "Kind", "choose", "in_runs", "p_prime", "xmr"]

Kind = Literal["xmr", "p_prime", "g", "t"]
Line = tuple[float | None, ...]
_T = TypeVar("_T")

FEWEST = 3  # points for any limit
FIRM = 12  # points for limits that are not on trial
RUN = 7  # points of a shift or a trend
INNER = 15  # points huddling at the centre
_D2 = 1.128  # mean moving range of two / standard deviation, for normal values
_WIDTH = 2.66  # 3 / 1.128, in the two decimals the NHS uses
_SCREEN = 3.267  # upper 3-sigma limit of moving ranges / their mean
_NIL = 1e-9  # relative differences below are rounding
_Lines = tuple[float | None, float | None, float | None]  # centre, lower, upper
_NONE: _Lines = (None, None, None)


@dataclass(frozen=True, slots=True)
class Chart:
    """Points with their centre, limits and signals; all tuples as long as ``points``.

    ``kind`` – "xmr", "p_prime", "g" or "t". ``points`` – values in the order of time, NaN where
    there is none. ``centre``, ``lower``, ``upper`` – in the unit of the points; None where no line
    can be drawn, or where a limit could never be crossed. ``trial`` – whether some limits rest on
    too few points to be relied on. ``signals`` – pairs of the index of a point and the rule it is
    part of, sorted. ``phases`` – indices at which limits start anew, the first being 0.

    ``unfinished`` – g and t only: the run since the last event, known to be *at least* this long.
    Limits do not depend on it; a signal of it has the index ``len(points)``.

    Rules: "beyond_limit", "shift", "trend", "two_of_three", "fifteen_inner" (see ``xmr``);
    "zeros_in_a_row", "short_gaps", "long_gaps" (see ``rare.g_chart``).
    """

    kind: Kind
    points: tuple[float, ...]
    centre: Line
    lower: Line
    upper: Line
    trial: bool
    signals: tuple[tuple[int, str], ...] = ()
    phases: tuple[int, ...] = (0,)
    unfinished: float | None = None


def xmr(values: Sequence[float], rebase: Sequence[int] = (), baseline: int | None = None) -> Chart:
    """Chart of individual values: mean ± 2.66 · mean moving range.

    ``values`` – one a period, in any unit; NaN is a gap, and no moving range reaches over it.
    ``rebase`` – indices from which a new phase is known to begin; each has its own limits, and
    neither ranges nor rules cross from one to the next. ``baseline`` – take limits of each phase
    from its first so many points only. Raises ``ValueError`` for infinite values, indices outside
    the series and an empty baseline. Limits may lie below 0 though the values cannot.

    Moving ranges above 3.267 times their mean are left out once and the mean taken again, lest a
    single outlier widen the limits that should reveal it (Nelson, L. S., 1982, "Control charts for
    individual measurements", Journal of Quality Technology 14, 172–173). Fewer than 12 points in a
    phase (or its baseline) make the chart a trial, fewer than 3 (or no
    two moving ranges) leave the phase without lines.

    Rules, as in NHSRplotthedots; all points taking part are marked:

    * "beyond_limit" – a point outside the limits;
    * "shift" – 7 or more in a row on one side of the centre; one on the centre ends the row;
    * "trend" – 7 or more in a row, each higher (or each lower) than the one before;
    * "two_of_three" – of 3 in a row on one side, 2 or 3 within the outer third up to the limit;
    * "fifteen_inner" – 15 or more in a row within the inner third (optional with the NHS).

    >>> chart = xmr([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> round(chart.lower[0], 2), round(chart.centre[0], 2), round(chart.upper[0], 2)
    (-0.72, 1.94, 4.6)
    >>> (4, "beyond_limit") in chart.signals
    True
    """
    points = tuple(float(value) for value in values)
    if any(math.isinf(point) for point in points):
        raise ValueError("values must be finite")
    lines: list[_Lines] = []
    scores, trial = [], False
    phases = _phases(rebase, len(points))
    for phase in _cut(points, phases):
        known = _known(phase, baseline)
        trial |= len(known) < FIRM
        half = _WIDTH * _mean_range(phase[:baseline], screen=True)
        if math.isnan(half):
            lines += [_NONE] * len(phase)
            scores.append([math.nan] * len(phase))
            continue
        centre = math.fsum(known) / len(known)
        lines += [(centre, centre - half, centre + half)] * len(phase)
        scores.append([_score(point, centre, half / 3) for point in phase])
    return _chart("xmr", points, lines, scores, trial, phases)


def p_prime(
    numerators: Sequence[float],
    denominators: Sequence[float],
    rebase: Sequence[int] = (),
    baseline: int | None = None,
) -> Chart:
    """Laney's p′-chart of shares: p̄ ± 3 σ_pi σ_z, cut to 0 … 1.

    ``numerators``, ``denominators`` – dossiers with and dossiers at all, one pair a period; points
    are their ratios, NaN where the denominator is 0. ``rebase`` and ``baseline`` as for ``xmr``.
    Raises ``ValueError`` unless both are of one length and 0 ≤ numerator ≤ denominator.

    p̄ is the share of all periods together, σ_pi = √(p̄(1 − p̄)/n_i) what chance alone would do, and
    σ_z = mean moving range of the z-scores / 1.128 how much more (or less) the months really vary
    (Laney, D. B., 2002, "Improved control charts for attributes", Quality Engineering 14, 531–537).
    As there, σ_z is not kept from falling below 1: months more alike than chance allows get limits
    narrower than the p-chart's. Moving ranges are not screened. No lines where p̄ is 0 or 1.

    >>> chart = p_prime([90, 160, 85, 0, 188], [100, 200, 100, 0, 200])
    >>> [round(share, 3) for share in chart.points], chart.trial
    ([0.9, 0.8, 0.85, nan, 0.94], True)
    >>> chart.upper[:2] == (1.0, 1.0), chart.upper[3] is None
    (True, True)
    """
    if len(numerators) != len(denominators):
        raise ValueError("numerators and denominators differ in length")
    pairs = [(float(x), float(n)) for x, n in zip(numerators, denominators, strict=True)]
    if not all(0 <= x <= n < math.inf for x, n in pairs):
        raise ValueError("no share: a numerator is negative or above its denominator")
    points = tuple(x / n if n else math.nan for x, n in pairs)
    lines: list[_Lines] = []
    scores, trial = [], False
    phases = _phases(rebase, len(points))
    for phase, counts in zip(_cut(points, phases), _cut(pairs, phases), strict=True):
        trial |= len(_known(phase, baseline)) < FIRM
        based = counts[:baseline]
        size = math.fsum(n for _, n in based)
        centre = math.fsum(x for x, _ in based) / size if size else 0.0
        chance = [math.sqrt(centre * (1 - centre) / n) if n else math.nan for _, n in counts]
        z = [(point - centre) / (sd or math.nan) for point, sd in zip(phase, chance, strict=True)]
        spread = _mean_range(z[:baseline]) / _D2
        if math.isnan(spread):
            lines += [_NONE] * len(phase)
            scores.append([math.nan] * len(phase))
            continue
        sigmas = [sd * spread for sd in chance]
        lines += [
            (centre, None, None)
            if math.isnan(sigma)
            else (centre, max(0.0, centre - 3 * sigma), min(1.0, centre + 3 * sigma))
            for sigma in sigmas
        ]
        scores.append([_score(p, centre, s) for p, s in zip(phase, sigmas, strict=True)])
    return _chart("p_prime", points, lines, scores, trial, phases)


def choose(
    numerators: Sequence[float],
    denominators: Sequence[float] | None = None,
    counted: bool = True,
) -> tuple[Kind, str]:
    """Which chart suits a series, and a code for why.

    ``numerators`` – values or numbers of events, one a period; ``denominators`` – opportunities
    (dossiers) in each, None where not known; ``counted`` – False for measurements. The p′-chart
    needs some 5 expected events *and* 5 expected non-events in a period (the usual condition for
    the normal approximation); it is chosen where more than half of the periods with dossiers have
    both. Otherwise the rarer of the two is charted one by one. Codes:

    * "measurements" → xmr; "counts_without_opportunities" → xmr, 5 or more events a period;
    * "both_outcomes_common" → p_prime;
    * "events_are_rare" → g, or t (time between) where opportunities are not known;
    * "complement_is_rare" → g: the share is near 100 %, so chart the dossiers *without*;
    * "no_opportunities" → g: nothing to chart yet.

    >>> choose([3.2, 4.1, 2.9], counted=False)
    ('xmr', 'measurements')
    >>> choose([0, 1, 0, 0], [410, 388, 402, 395])
    ('g', 'events_are_rare')
    """
    if not counted:
        return "xmr", "measurements"
    if denominators is None:
        rare = math.fsum(numerators) < 5 * len(numerators) or not numerators
        return ("t", "events_are_rare") if rare else ("xmr", "counts_without_opportunities")
    sizes = [n for n in denominators if n > 0]
    if not sizes:
        return "g", "no_opportunities"
    share = math.fsum(numerators) / math.fsum(sizes)
    rarer = min(share, 1 - share)
    if 2 * sum(n * rarer >= 5 * (1 - _NIL) for n in sizes) > len(sizes):
        return "p_prime", "both_outcomes_common"
    return "g", "events_are_rare" if share <= 0.5 else "complement_is_rare"


def in_runs(flags: Sequence[bool], length: int) -> set[int]:
    """Indices in unbroken rows of at least ``length`` true flags.

    >>> sorted(in_runs([True, False, True, True, True], 3))
    [2, 3, 4]
    """
    found: set[int] = set()
    start = 0
    for index in range(len(flags) + 1):
        if index == len(flags) or not flags[index]:
            if index - start >= length:
                found.update(range(start, index))
            start = index + 1
    return found


def _phases(rebase: Sequence[int], size: int) -> tuple[int, ...]:
    starts = tuple(sorted({0, *rebase}))
    if starts[0] < 0 or (len(starts) > 1 and starts[-1] >= size):
        raise ValueError(f"no such points to rebase at: {list(rebase)}")
    return starts


def _cut(values: Sequence[_T], starts: Sequence[int]) -> list[list[_T]]:
    ends = [*starts[1:], len(values)]
    return [list(values[a:b]) for a, b in zip(starts, ends, strict=True)]


def _known(phase: Sequence[float], baseline: int | None) -> list[float]:
    if baseline is not None and baseline < 1:
        raise ValueError("a baseline has at least one point")
    return [value for value in phase[:baseline] if not math.isnan(value)]


def _mean_range(values: Sequence[float], screen: bool = False) -> float:
    """Mean absolute difference of neighbours; NaN where fewer than two pairs are neighbours."""
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    ranges = [step for step in steps if not math.isnan(step)]
    if len(ranges) < FEWEST - 1:
        return math.nan
    mean = math.fsum(ranges) / len(ranges)
    if screen:
        kept = [step for step in ranges if step <= _SCREEN * mean * (1 + _NIL)]
        mean = math.fsum(kept) / len(kept)
    return mean


def _score(point: float, centre: float, sigma: float) -> float:
    """Distance from the centre in sigmas; infinite off the centre of a series without spread."""
    away = point - centre
    if math.isnan(away):
        return away
    if abs(away) <= _NIL * max(abs(point), abs(centre)):
        return 0.0
    return away / sigma if sigma > 0 else math.copysign(math.inf, away)


def _chart(
    kind: Kind,
    points: tuple[float, ...],
    lines: Sequence[_Lines],
    scores: Sequence[Sequence[float]],
    trial: bool,
    phases: tuple[int, ...],
) -> Chart:
    signals = []
    for start, phase, z in zip(phases, _cut(points, phases), scores, strict=True):
        signals += [(start + index, rule) for index, rule in _signals(phase, z)]
    centre, lower, upper = (tuple(line[i] for line in lines) for i in range(3))
    return Chart(kind, points, centre, lower, upper, trial, tuple(sorted(signals)), phases)


def _signals(points: Sequence[float], z: Sequence[float]) -> set[tuple[int, str]]:
    """The rules broken within one phase; NaN in ``z`` breaks every row."""
    marks: dict[str, set[int]] = {
        "beyond_limit": {i for i, score in enumerate(z) if abs(score) > 3 * (1 + _NIL)},
        "shift": set(),
        "trend": set(),
        "two_of_three": set(),
    }
    for sign in (1, -1):
        side = [sign * score > 0 for score in z]
        outer = [2 * (1 + _NIL) < sign * score <= 3 * (1 + _NIL) for score in z]
        marks["shift"] |= in_runs(side, RUN)
        rising = [
            sign * (b - a) > 0 and not math.isnan(score)
            for (a, b), score in zip(itertools.pairwise(points), z, strict=False)
        ]
        steps = in_runs(rising, RUN - 1)
        marks["trend"] |= steps | {index + 1 for index in steps}
        for i in range(len(z) - 2):
            if all(side[i : i + 3]) and sum(outer[i : i + 3]) >= 2:
                marks["two_of_three"] |= {i + j for j in range(3) if outer[i + j]}
    if any(0 < abs(score) < math.inf for score in z):  # a series without any spread has no thirds
        inner = [abs(score) < 1 - _NIL for score in z]
        marks["fifteen_inner"] = in_runs(inner, INNER)
    return {(index, rule) for rule, indices in marks.items() for index in indices}
