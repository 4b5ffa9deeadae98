"""Laney's p′-chart against a published chart, and against its own definition in numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cchc_analysis.stats.charts import p_prime

# Attendances seen within 4 hours, and all, in 20 weeks of NHS England
SEEN = [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320]
SEEN += [267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989]
ALL = [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529]
ALL += [279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772]


def test_emergency_attendances() -> None:
    """Data: Mohammed et al., 2013, Quality and Safety in Health Care 22, 362–368.

    Printed at the end of the lines of the P′ chart in the vignette of R's qicharts2, case 5:
    93.997 %, 95.290 %, 96.582 %, and no point outside, against nearly all on a p-chart.
    """
    chart = p_prime(SEEN, ALL)
    found = [line[-1] for line in (chart.lower, chart.centre, chart.upper)]
    assert [round(100 * value, 3) for value in found if value] == [93.997, 95.29, 96.582]
    assert chart.signals == () and not chart.trial
    chance = [3 * math.sqrt(0.9529 * 0.0471 / n) for n in ALL]
    out = [abs(p - 0.9529) > c for p, c in zip(chart.points, chance, strict=True)]
    assert sum(out) > 14


def test_definition() -> None:
    """Laney, 2002; the formula of qicharts2's qic.pp (without its screening), vectorised."""
    x, n = np.array(SEEN), np.array(ALL)
    centre = x.sum() / n.sum()
    chance = np.sqrt(centre * (1 - centre) / n)
    sigma_z = np.abs(np.diff((x / n - centre) / chance)).mean() / 1.128
    chart = p_prime(SEEN, ALL)
    assert sigma_z > 10  # what a p-chart would not see
    assert chart.upper == pytest.approx(centre + 3 * chance * sigma_z)
    assert chart.lower == pytest.approx(centre - 3 * chance * sigma_z)


def test_binomial_shares_get_the_limits_of_the_p_chart_on_average() -> None:
    rng = np.random.default_rng(20)
    n = np.full(2000, 400)
    chart = p_prime(list(rng.binomial(n, 0.7)), list(n))
    assert chart.upper[0] is not None and chart.centre[0] is not None
    half = chart.upper[0] - chart.centre[0]
    assert half == pytest.approx(3 * math.sqrt(0.7 * 0.3 / 400), rel=0.05)


def test_no_floor_under_sigma_z() -> None:
    chart = p_prime([50, 51] * 8, [100] * 16)
    assert chart.upper[0] is not None and chart.upper[0] < 0.54 < 0.505 + 3 * 0.05


def test_limits_stay_shares_and_differ_with_size() -> None:
    chart = p_prime([97, 60, 99, 999], [100, 64, 100, 1000])
    assert chart.upper[1] == 1.0 and all(low is not None and 0 <= low < 1 for low in chart.lower)
    assert chart.lower[1] < chart.lower[0] < chart.lower[3]  # type: ignore[operator]


def test_a_month_without_dossiers_is_a_gap() -> None:
    with_gap = p_prime([90, 80, 85, 0, 90, 80, 85], [100, 100, 100, 0, 100, 100, 100])
    assert math.isnan(with_gap.points[3]) and with_gap.upper[3] is None
    assert with_gap.lower[3] is None and with_gap.centre[3] == pytest.approx(0.85)
    sigma = 0.075 / 1.128  # moving ranges of 10, 5, 10 and 5 points, none over the gap
    assert with_gap.lower[0] == pytest.approx(0.85 - 3 * sigma)
    assert p_prime([0] * 5, [0] * 5).centre == (None,) * 5


def test_nothing_can_be_said_without_variation_or_points() -> None:
    for x in (0, 50):
        chart = p_prime([x] * 14, [50] * 14)
        assert chart.centre == chart.upper == (None,) * 14 and chart.signals == ()
    assert p_prime([1, 2], [9, 9]).upper == (None, None)
    assert p_prime([1, 2, 3], [9, 9, 9]).trial


def test_baseline_and_phases() -> None:
    x, n = [90, 88, 91, 89] * 4 + [60], [100] * 17
    chart = p_prime(x, n, baseline=16)
    assert chart.centre[16] == pytest.approx(0.895)
    assert (16, "beyond_limit") in chart.signals
    parts = p_prime([*x, 60, 62, 61, 62], n + [100] * 4, rebase=[16])
    assert parts.phases == (0, 16) and parts.centre[16] == pytest.approx(0.61) and parts.trial


@pytest.mark.parametrize(("x", "n"), [([3], [2]), ([-1], [2]), ([1, 1], [2]), ([1], [math.inf])])
def test_what_is_no_share(x: list[float], n: list[float]) -> None:
    with pytest.raises(ValueError, match=r"share|length"):
        p_prime(x, n)
