"""g- and t-charts against published numbers, and against scipy's distributions."""

from __future__ import annotations

import math
from statistics import median

import pytest
from scipy.stats import expon, geom, weibull_min

from cchc_analysis.stats.rare import ALPHA, g_chart, gap_limits, t_chart, three_sigma

# Heart operations from one death within 30 days to the next: data set cabg of R's qicharts2
SURGERIES = [23, 39, 15, 34, 1, 49, 98, 29, 27, 13, 45, 7, 10, 27, 24, 14, 20, 38, 44, 11, 10, 3]
SURGERIES += [113, 183, 3, 47, 18, 18, 33, 15, 2, 38, 27, 27, 1, 52, 23, 7, 26, 82, 5, 49, 5, 17]
SURGERIES += [24, 44, 26, 2, 27, 46, 55, 97, 22, 22, 20, 4, 60, 51, 7, 21, 66, 36, 25, 72, 15, 5, 3]
# Days between infections: SAS/QC, PROC RAREEVENTS, "Getting Started", after Benneyan (1998)
INFECTIONS = [0, 0, 2, 1, 13, 2, 0, 1, 1, 1, 1, 0, 1, 1, 16, 0, 1, 1, 2, 10, 1, 1, 2, 2, 0, 2, 3, 0]
# Hours between failures of a valve: Montgomery, 6th ed., Table 7.14
VALVE = [286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214]
VALVE += [2831, 96]
CHANCES = [0.00002, 0.0013, 0.0014, 0.004, 0.03, 0.3, 0.5, 0.8]


def test_surgeries_between_deaths() -> None:
    """The G chart of qicharts2's vignette: upper 128.2 (3 sigma), median 24.0, one point out."""
    mean = sum(SURGERIES) / len(SURGERIES)
    assert [round(x, 1) for x in three_sigma(mean)] == [0.0, 128.2] and median(SURGERIES) == 24
    assert sum(gap > 128.2 for gap in SURGERIES) == 1
    chart = g_chart(SURGERIES)  # the quantile is higher, as three sigma signal too often
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == (22, None, 212)
    assert chart.signals == () and not chart.trial
    assert geom.sf(128 + 1, 1 / (mean + 1)) > 10 * ALPHA


def test_days_between_infections() -> None:
    chart = g_chart(INFECTIONS)
    p = 28 / (28 + 65)
    expected = [geom.ppf(q, p) - 1 for q in (0.5, 1 - ALPHA)]
    assert [chart.centre[0], chart.upper[0]] == expected == [1, 18]
    assert chart.lower[0] is None and chart.signals == ()


@pytest.mark.parametrize("p", CHANCES)
def test_quantiles_are_scipys(p: float) -> None:
    limits = gap_limits(p)
    assert limits.upper == geom.ppf(1 - ALPHA, p) - 1
    assert limits.centre == geom.ppf(0.5, p) - 1
    assert (limits.lower or 0) == geom.ppf(ALPHA, p) - 1
    assert (limits.lower is None) == (p > ALPHA)


@pytest.mark.parametrize("p", CHANCES)
def test_false_alarms_are_as_rare_as_promised(p: float) -> None:
    """Exact chances, and the next nearer limit or shorter row would break the promise."""
    limits = gap_limits(p)
    assert geom.sf(limits.upper + 1, p) <= ALPHA < geom.sf(limits.upper, p)
    low = limits.lower or 0
    assert geom.cdf(low, p) <= ALPHA < geom.cdf(low + 1, p)
    below, above = geom.cdf(limits.centre, p), geom.sf(limits.centre + 1, p)
    for chance, row in ((p, limits.zeros), (below, limits.short), (above, limits.long)):
        if row is not None:
            assert chance**row <= ALPHA < chance ** (row - 1) or row == 2


def test_events_in_a_row_and_rows_of_short_and_long_gaps() -> None:
    steady = [40, 120, 9, 75, 60, 200, 31, 88, 5, 140] * 2
    assert g_chart(steady).signals == ()
    crowd = g_chart([*steady, 0, 0, 50], baseline=20)
    assert crowd.signals == ((20, "zeros_in_a_row"), (21, "zeros_in_a_row"))
    short = g_chart([*steady[:19], *[20, 30] * 5], baseline=20)
    assert {rule for _, rule in short.signals} == {"short_gaps"}
    assert 20 in dict(short.signals) and len(short.signals) >= 10
    long = g_chart([*steady[:19], *[90, 80] * 6], baseline=19)
    assert {rule for _, rule in long.signals} == {"long_gaps"}
    rare = g_chart([3000, 1500, 4000, 900, 2500, 0])
    assert rare.lower[0] == 2 and rare.signals == ((5, "beyond_limit"),)


def test_an_unfinished_run_moves_no_limit_and_can_only_be_long() -> None:
    bare, waiting = g_chart(SURGERIES), g_chart(SURGERIES, unfinished=0)
    assert waiting.upper == bare.upper and waiting.signals == () and waiting.unfinished == 0
    assert g_chart(SURGERIES, unfinished=212).signals == ()
    assert g_chart(SURGERIES, unfinished=213).signals == ((67, "beyond_limit"),)
    assert t_chart(VALVE, unfinished=1).signals == ()
    assert t_chart(VALVE, unfinished=7000).signals == ((20, "beyond_limit"),)


def test_valve_failures() -> None:
    """Montgomery, Example 7.6 (y to 5 decimals with the exponent 0.2777, centre 5.39).

    430.040952 and 6937.933488, without lower limit, are stored in qicharts2's test ex_7.6_1.rds;
    it takes 3/1.128 for the 2.66 of the XmR chart.
    """
    assert [round(t**0.2777, 5) for t in VALVE[:4]] == [4.80986, 6.70903, 5.7265, 3.81367]
    chart = t_chart(VALVE)
    centre, upper = chart.centre[0], chart.upper[0]
    assert centre == pytest.approx(430.040952) and chart.lower[0] is None and upper is not None
    y, y_upper = centre ** (1 / 3.6), upper ** (1 / 3.6)
    assert round(y, 2) == 5.39
    assert (y + (y_upper - y) / 2.66 * 3 / 1.128) ** 3.6 == pytest.approx(6937.933488)
    assert chart.signals == () and not chart.trial


def test_the_power_makes_waiting_times_symmetrical() -> None:
    """Nelson, 1994: exponential to the power 1/3.6 is Weibull of shape 3.6, its skewness nil."""
    mean, variance, skew = (float(x) for x in weibull_min(3.6).stats("mvs"))
    assert abs(skew) < 0.001
    limit = (mean + 3 * math.sqrt(variance)) ** 3.6
    assert expon.sf(limit) < ALPHA


def test_few_events_have_few_lines() -> None:
    for chart in (g_chart([5, 9]), t_chart([5, 9], unfinished=99), g_chart([0] * 25)):
        assert set(chart.upper) == set(chart.centre) == {None} and chart.signals == ()
    assert g_chart(SURGERIES[:19]).trial and not g_chart(SURGERIES[:20]).trial
    assert t_chart(VALVE[:19]).trial and g_chart(SURGERIES, baseline=19).trial
    assert g_chart([], unfinished=300).points == () and t_chart([]).trial
    for wrong in ([1.5], [-1], [math.nan]):
        with pytest.raises(ValueError, match="whole"):
            g_chart(wrong)  # type: ignore[arg-type]
    for unusable in ([1, 0, 2], [1, math.inf]):
        with pytest.raises(ValueError, match="above 0"):
            t_chart(unusable)
