"""Limits of a funnel are those of the binomial, wider where groups differ anyway."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm

from cchc_analysis.stats.funnel import adjusted_p, design_effect, limit, overdispersion


@pytest.mark.parametrize(
    ("n", "rate", "tail"), [(40, 0.04, 0.025), (300, 0.01, 0.001), (12, 0.5, 0.025)]
)
def test_a_count_is_beyond_the_limit_when_its_binomial_chance_is_below_the_tail(
    n: int, rate: float, tail: float
) -> None:
    bound = n * float(limit([n], rate, tail)[0])
    for count in range(n + 1):
        assert (count > bound) is bool(binom.sf(count - 1, n, rate) < tail)


def test_overdispersed_limits_are_those_of_fewer_dossiers() -> None:
    assert limit([400], 0.05, 0.025, 4.0) == pytest.approx(limit([100], 0.05, 0.025))
    assert limit([50], 0.0, 0.025) == 0 and limit([50], 1.0, 0.025) == 1
    assert limit([2], 0.9, 0.01) == 1  # nothing that two dossiers do is beyond it


def test_spread_is_measured_without_its_extremes() -> None:
    z = np.random.default_rng(3).normal(0, 2, 400).tolist()
    cut = norm.isf(0.1)  # the mean square of a normal reined in at its outer tenths
    kept = 0.8 - 2 * cut * norm.pdf(cut) + 0.2 * cut**2
    assert overdispersion(z) == pytest.approx(4 * kept, rel=0.1)
    assert overdispersion([*z, 500.0]) == pytest.approx(overdispersion(z), rel=0.05)
    assert overdispersion([9.0] * 9) == 1.0  # too few groups to tell
    assert overdispersion([0.1] * 20) == 1.0  # never narrower than chance


def test_ten_events_in_two_clusters_count_as_two() -> None:
    ratio = design_effect([[0.5] * 5, [-0.5] * 5])
    assert ratio == 5
    assert adjusted_p(0.001, ratio) > 0.05 > adjusted_p(0.001, 1.0)
