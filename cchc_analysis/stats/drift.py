"""Where a share will be at the year's end if it keeps its pace: a random walk with drift.

A count that piles up month by month (people with an account, results digitised) has no season
worth modelling and few months to learn from. The random walk with drift takes each month's step
as the same mean step plus chance, and is hard to beat on short series (Hyndman, R. J. and
Athanasopoulos, G., "Forecasting: principles and practice", 3rd ed., section 5.2). With steps
d₁ … d_m of mean d̄ and standard deviation s, the level h months on is

    y + h·d̄  ±  t(m − 1)·s·√(h·(1 + h/m))

where h/m is for not knowing the drift and Student's t for not knowing s. It is done on the logit
scale, so that a share stays between 0 and 1 and slows down as it nears them: y is
ln((k + ½)/(n − k + ½)), with the halves for what is near 0 or whole (Anscombe, F. J., 1956, "On
estimating binomial response relations", Biometrika 43, 461–464).

What such an interval is worth is found out by :func:`backtest`: forecasts from each earlier month,
with what was known then, against what came. Forecasts that overlap are not independent; the
share of hits is a description.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["FEWEST", "LEVEL", "Backtest", "Forecast", "backtest", "forecast"]

FEWEST = 6  # months in a row
LEVEL = 0.8
STEADY = 1e-9  # steps that differ by less do not differ

Counts = Sequence[tuple[float, float]]
"""(numerator, denominator) of months in a row, oldest first."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Shares between 0 and 1: ``value`` at the present pace, ``low`` to ``high`` the interval.

    ``ahead`` is how many months on, ``months`` how many it was learnt from.
    """

    value: float
    low: float
    high: float
    ahead: int
    months: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """``hits`` of ``tests`` earlier forecasts held what came; ``longest`` is how many months on
    the farthest looked.
    """

    hits: int
    tests: int
    longest: int

    @property
    def share(self) -> float | None:
        return self.hits / self.tests if self.tests else None


def forecast(counts: Counts, ahead: int, level: float = LEVEL) -> Forecast | None:
    """The share ``ahead`` months after the last of ``counts``, of the last denominator.

    None with fewer than six months or where every step was the same, which tells nothing about
    chance. Raises ``ValueError`` unless 0 ≤ k ≤ n, n > 0, ``ahead`` > 0 and 0 < ``level`` < 1.

    >>> found = forecast([(50, 100), (54, 100), (57, 100), (62, 100), (64, 100), (68, 100)], 3)
    >>> round(found.low, 3), round(found.value, 3), round(found.high, 3)
    (0.74, 0.77, 0.797)
    """
    if ahead < 1 or not 0 < level < 1:
        raise ValueError(f"no forecast {ahead} months on at level {level}")
    path = [_logit(k, n) for k, n in counts]
    if len(path) < FEWEST:
        return None
    steps = [later - earlier for earlier, later in itertools.pairwise(path)]
    m = len(steps)
    drift = (path[-1] - path[0]) / m
    deviation = math.sqrt(math.fsum((step - drift) ** 2 for step in steps) / (m - 1))
    if deviation < STEADY:
        return None
    from scipy.special import stdtrit

    centre = path[-1] + ahead * drift
    spread = deviation * math.sqrt(ahead * (1 + ahead / m))
    half = float(stdtrit(m - 1, (1 + level) / 2)) * spread
    n = counts[-1][1]
    low, value, high = (_share(x, n) for x in (centre - half, centre, centre + half))
    return Forecast(value, low, high, ahead, len(path))


def backtest(runs: Iterable[Counts], ahead: int, level: float = LEVEL) -> Backtest:
    """How often the interval held what came, over every month of the ``runs`` from which at
    least six months could be looked back on, 1 to ``ahead`` months on.

    >>> backtest([[(k, 100) for k in (50, 54, 57, 62, 64, 68, 71, 75)]], ahead=2)
    Backtest(hits=3, tests=3, longest=2)
    """
    hits = tests = longest = 0
    for run in runs:
        for seen in range(FEWEST, len(run)):
            for on in range(1, min(ahead, len(run) - seen) + 1):
                made = forecast(run[:seen], on, level)
                if made is None:
                    continue
                k, n = run[seen + on - 1]
                tests += 1
                hits += made.low <= k / n <= made.high
                longest = max(longest, on)
    return Backtest(hits, tests, longest)


def _logit(k: float, n: float) -> float:
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"no share: {k} of {n}")
    return math.log((k + 0.5) / (n - k + 0.5))


def _share(x: float, n: float) -> float:
    """The share whose logit is ``x``: the way back, halves taken off, between 0 and 1."""
    whole = 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
    return min(1.0, max(0.0, (whole * (n + 1) - 0.5) / n))
