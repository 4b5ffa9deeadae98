"""The random walk with drift against other ways to the same numbers."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from cchc_analysis.stats import drift

COUNTS = [(2858, 4200), (2918, 4200), (2976, 4200), (3015, 4200), (3049, 4200), (3091, 4200),
          (3165, 4200), (3217, 4200)]  # fmt: skip


def by_kriging(counts: list[tuple[int, int]], ahead: int, level: float) -> tuple[float, ...]:
    """The same forecast as generalised least squares: y(t) = a + b·t + a Wiener process, the
    best linear unbiased prediction with its variance, and Student's t.
    """
    y = np.array([math.log((k + 0.5) / (n - k + 0.5)) for k, n in counts])
    size = len(y)
    t = np.arange(1.0, size + 1)
    x = np.column_stack([np.ones(size), t])
    # The level at t = 1 is free (a), so the process may start anywhere: 100 before will do.
    cov = np.minimum.outer(t, t) + 100
    new, new_x = size + ahead, np.array([1.0, size + ahead])
    with_new = np.minimum(t, new) + 100
    inverse = np.linalg.inv(cov)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ y)
    rest = y - x @ beta
    centre = new_x @ beta + with_new @ inverse @ rest
    s2 = rest @ inverse @ rest / (size - 2)
    gap = new_x - x.T @ inverse @ with_new
    variance = new + 100 - with_new @ inverse @ with_new + gap @ np.linalg.solve(information, gap)
    half = stats.t.ppf((1 + level) / 2, size - 2) * math.sqrt(s2 * variance)
    n = counts[-1][1]

    def share(level: float) -> float:
        return ((n + 1) * float(stats.logistic.cdf(level)) - 0.5) / n

    return share(centre - half), share(centre), share(centre + half)


@pytest.mark.parametrize("ahead", [1, 2, 6, 11])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("months", [6, 7, 8])
def test_equals_generalised_least_squares(ahead: int, level: float, months: int) -> None:
    found = drift.forecast(COUNTS[:months], ahead, level)
    assert found is not None
    theirs = by_kriging(COUNTS[:months], ahead, level)
    assert (found.low, found.value, found.high) == pytest.approx(theirs, abs=1e-9)


def test_its_interval_holds_what_it_says_on_made_walks() -> None:
    """4000 walks with a drift, whose steps are normal on the logit scale."""
    rng = np.random.default_rng(20240101)
    n, hits, runs = 10**7, 0, 4000
    for _ in range(runs):
        path = -0.5 + np.cumsum(rng.normal(0.05, 0.04, 13))
        counts = [(round(n / (1 + math.exp(-x))), n) for x in path]
        made = drift.forecast(counts[:9], 4)
        assert made is not None
        hits += made.low <= counts[12][0] / n <= made.high
    assert abs(hits / runs - 0.8) < 4 * math.sqrt(0.16 / runs)


def test_the_last_month_is_where_it_starts() -> None:
    found = drift.forecast(COUNTS, 1, 1e-9)
    assert found is not None
    steps = [math.log((k + 0.5) / (4200 - k + 0.5)) for k, _ in COUNTS]
    mean = sum(b - a for a, b in pairwise(steps)) / 7
    expected = (4201 / (1 + math.exp(-steps[-1] - mean)) - 0.5) / 4200
    assert found.value == pytest.approx(expected) == pytest.approx(found.low)


def test_shares_stay_within_bounds() -> None:
    nearly = [(k, 20) for k in (10, 11, 13, 13, 14, 16)]
    found = drift.forecast(nearly, 11)
    assert found is not None and 0 <= found.low < found.value <= found.high <= 1
    falling = drift.forecast([(20 - k, 20) for k, _ in nearly], 11)
    assert falling is not None
    assert falling.value == pytest.approx(1 - found.value)
    assert falling.low == pytest.approx(1 - found.high)


@pytest.mark.parametrize(
    "counts", [COUNTS[:5], [(7, 8)] * 6, [], [(0, 8)] * 12]
)  # fmt: skip
def test_nothing_from_too_few_or_from_steps_that_do_not_differ(
    counts: list[tuple[float, float]],
) -> None:
    assert drift.forecast(counts, 3) is None


@pytest.mark.parametrize(
    ("counts", "ahead", "level"),
    [(COUNTS, 0, 0.8), (COUNTS, 1, 1.0), ([(9, 8)] * 6, 1, 0.8), ([(0, 0)] * 6, 1, 0.8)],
)
def test_refuses_what_makes_no_sense(
    counts: list[tuple[float, float]], ahead: int, level: float
) -> None:
    with pytest.raises(ValueError):
        drift.forecast(counts, ahead, level)


def test_backtest_uses_only_what_was_known() -> None:
    tested = drift.backtest([COUNTS], 3)
    hits = 0
    for seen, on in ((6, 1), (6, 2), (7, 1)):
        made = drift.forecast(COUNTS[:seen], on)
        assert made is not None
        k, n = COUNTS[seen + on - 1]
        hits += made.low <= k / n <= made.high
    assert tested == drift.Backtest(hits, 3, 2)
    jump = [*COUNTS[:6], (4100, 4200)]
    assert drift.backtest([jump], 1) == drift.Backtest(0, 1, 1)
    assert drift.backtest([COUNTS[:6]], 3).share is None
