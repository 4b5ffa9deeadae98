"""XmR charts against published numbers, and the NHS rules one by one."""

from __future__ import annotations

import math

import pytest
from scipy.stats import norm

from cchc_analysis.stats.charts import Chart, in_runs, xmr

MORTGAGES = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293]
MORTGAGES += [306, 301, 304, 305, 282, 305, 296, 314, 295, 287, 301, 298, 311, 310, 292, 305, 299]
MORTGAGES += [304, 310, 304, 305, 333, 328]
# R: set.seed(123); rnorm(20)
NORMAL = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621]
NORMAL += [-1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272]
NORMAL += [-0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141]
EVEN = [1, -1] * 8


def lines(chart: Chart, at: int = 0) -> list[float | None]:
    return [chart.lower[at], chart.centre[at], chart.upper[at]]


def marked(chart: Chart, rule: str) -> list[int]:
    return [index for index, found in chart.signals if found == rule]


def test_mortgage_costs_of_montgomery() -> None:
    """Montgomery, Introduction to Statistical Quality Control, 6th ed., Example 6.5."""
    chart = xmr(MORTGAGES, baseline=20)
    assert lines(chart, 39) == pytest.approx([279.78, 300.5, 321.22], abs=0.005)
    assert chart.signals == ((38, "beyond_limit"), (39, "beyond_limit"))
    assert not chart.trial


def test_outlier_of_the_nhs_package() -> None:
    """NHSRplotthedots, vignette "Deviations from Excel defaults": −0.72, 1.94, 4.6."""
    chart = xmr([1, 2, 1, 2, 10] + [1, 2] * 6 + [1])
    assert lines(chart) == pytest.approx([-0.72, 1.94, 4.60], abs=0.005)
    assert marked(chart, "beyond_limit") == [4]


@pytest.mark.parametrize(
    ("replaced", "expected"),
    [({}, [-3.01138, 0.1416238, 3.294627]), ({14: 10.0}, [-2.383666, 0.6694159, 3.722497])],
)
def test_random_numbers_of_the_nhs_package(
    replaced: dict[int, float], expected: list[float]
) -> None:
    """NHSRplotthedots, tests/testthat/_snaps/ptd_spc_standard.md."""
    values = [replaced.get(index, value) for index, value in enumerate(NORMAL)]
    assert lines(xmr(values)) == pytest.approx(expected, rel=3e-6)


def test_constants_are_those_of_the_normal_distribution() -> None:
    """d2 = 2/√π and D4 = 1 + 3 √(π/2 − 1); one point in 370 is beyond a limit by chance."""
    d2 = 2 / math.sqrt(math.pi)
    assert round(3 / d2, 2) == 2.66 and round(1 + 3 * math.sqrt(math.pi / 2 - 1), 3) == 3.267
    assert 2 * norm.sf(2.66 * d2) == pytest.approx(1 / 370, rel=0.01)


def test_phases_do_not_know_each_other() -> None:
    low, high = [3, 5, 4, 6] * 3, [33, 35, 34, 36] * 3
    chart = xmr(low + high, rebase=[12])
    assert chart.phases == (0, 12) and chart.signals == () and not chart.trial
    assert lines(chart, 0) == lines(xmr(low)) and lines(chart, 12) == lines(xmr(high))
    assert xmr(low + high).signals
    assert xmr(low + high[:5], rebase=[12]).trial


def test_few_points_have_few_lines() -> None:
    assert xmr([4, 9]).upper == (None, None) and xmr([]).points == ()
    assert xmr([4, 9, 7]).trial and xmr([4, 9, 7]).upper[0] is not None
    assert not xmr(EVEN[:12]).trial and xmr(EVEN[:11]).trial
    gaps = xmr([4, math.nan, 9, math.nan, 7, math.nan, 3])
    assert gaps.upper == (None,) * 7  # no two values are neighbours
    for wrong in ([12], [-1]):
        with pytest.raises(ValueError, match="rebase"):
            xmr(EVEN[:12], rebase=wrong)
    with pytest.raises(ValueError, match="baseline"):
        xmr(EVEN, baseline=0)
    with pytest.raises(ValueError, match="finite"):
        xmr([1, math.inf])


def test_shift_takes_seven_and_ends_on_the_centre() -> None:
    """NHSRplotthedots: ptd_seven_point_one_side_mean, ptd_part_of_seven_trend."""
    assert marked(xmr([*EVEN, *[0.5, 0.6] * 3, 0.5], baseline=16), "shift") == list(range(16, 23))
    assert not marked(xmr([*EVEN, *[0.5, 0.6] * 3], baseline=16), "shift")
    assert not marked(xmr([*EVEN, *[0.5, 0.6] * 3, 0, 0.5], baseline=16), "shift")


def test_trend_takes_seven_without_a_tie() -> None:
    """NHSRplotthedots: ptd_seven_point_trend, which 1:7 is and c(1:3, 3:6) is not."""
    assert marked(xmr([1, 2, 3, 4, 5, 6, 7]), "trend") == list(range(7))
    assert marked(xmr([9, 7, 6, 5, 4, 3, 2, 1, 1]), "trend") == list(range(8))
    assert not marked(xmr([1, 2, 3, 3, 4, 5, 6]), "trend")


def test_two_of_three_are_on_one_side() -> None:
    """NHSRplotthedots: test-ptd_spc_standard.R; with mR̄ = 2 the outer third is 3.55 … 5.32."""
    two = [*EVEN, 4.5, 0.1, 5]
    assert marked(xmr(two, baseline=16), "two_of_three") == [16, 18]
    assert not marked(xmr([*EVEN, 4.5, 0.1, -5], baseline=16), "two_of_three")
    assert not marked(xmr([*EVEN, 4.5, -0.1, 5], baseline=16), "two_of_three")
    assert not marked(xmr([*EVEN, 4.5, 0.1, 6], baseline=16), "two_of_three")
    assert not marked(xmr([*EVEN, 4.5, 0.1, 0.1, 5], baseline=16), "two_of_three")


def test_fifteen_huddling_points() -> None:
    quiet = [0.5, -0.5] * 8
    chart = xmr([*EVEN, *quiet[:15], 3], baseline=16)
    assert marked(chart, "fifteen_inner") == list(range(31))  # ±1 is within 1.77, too
    assert not marked(xmr([*EVEN[:14], 3], baseline=14), "fifteen_inner")


def test_a_constant_series_is_no_news_until_it_changes() -> None:
    assert xmr([0.1] * 30).signals == ()
    assert marked(xmr([0.1] * 12 + [0.2], baseline=12), "beyond_limit") == [12]


def test_rows() -> None:
    assert in_runs([], 1) == set() == in_runs([True, False, True], 2)
    assert in_runs([True, True, False, True], 2) == {0, 1}
