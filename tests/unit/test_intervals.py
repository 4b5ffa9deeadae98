"""Intervals against scipy and published worked examples."""

from __future__ import annotations

import pytest

from cchc_analysis.stats.intervals import newcombe, wilson


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (1, 600), (599, 600), (81, 263)])
def test_wilson_equals_scipy(k: int, n: int) -> None:
    from scipy.stats import binomtest

    other = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((other.low, other.high), abs=1e-12)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombe_equals_the_paper(
    groups: tuple[int, int, int, int], expected: tuple[float, float]
) -> None:
    assert newcombe(*groups) == pytest.approx(expected, abs=5e-5)


def test_no_share_without_a_denominator() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)
