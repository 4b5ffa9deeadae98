"""What a chart says does not depend on the unit, the zero point or the direction of the scale."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.stats.charts import Chart, p_prime, xmr
from cchc_analysis.stats.rare import g_chart

VALUES = st.lists(st.integers(-999, 999), min_size=3, max_size=40)


def moved(chart: Chart, change: Callable[[float], float]) -> list[float]:
    lines = (chart.lower, chart.centre, chart.upper)
    return [change(value) for line in lines for value in line if value is not None]


@given(VALUES, st.integers(-9999, 9999), st.integers(0, 20))
def test_adding_a_constant_moves_all_lines_by_it(values: list[int], by: int, cut: int) -> None:
    rebase = [cut] if 0 < cut < len(values) else []
    chart, other = xmr(values, rebase), xmr([value + by for value in values], rebase)
    assert moved(other, float) == pytest.approx(moved(chart, lambda x: x + by), abs=1e-6)
    assert other.signals == chart.signals


@given(VALUES, st.sampled_from([0.001, 0.3, 7.0, 1440.0]))
def test_another_unit_scales_all_lines(values: list[int], unit: float) -> None:
    chart, other = xmr(values), xmr([value * unit for value in values])
    assert moved(other, float) == pytest.approx(moved(chart, lambda x: x * unit), abs=1e-6)
    assert other.signals == chart.signals


@given(VALUES)
def test_upside_down_the_limits_change_places(values: list[int]) -> None:
    chart, other = xmr(values), xmr([-value for value in values])
    assert other.signals == chart.signals
    assert [-x for x in other.upper if x is not None] == pytest.approx(
        [x for x in chart.lower if x is not None], abs=1e-6
    )


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=30))
def test_late_and_in_time_signal_alike(pairs: list[tuple[int, int]]) -> None:
    sizes = [a + b for a, b in pairs]
    late, fine = (p_prime([pair[i] for pair in pairs], sizes) for i in (0, 1))
    assert late.signals == fine.signals
    assert [1 - x for x in late.upper if x is not None] == pytest.approx(
        [x for x in fine.lower if x is not None]
    )


@given(st.lists(st.integers(0, 5000), max_size=40), st.integers(0, 50000))
def test_waiting_is_never_bad_news(gaps: list[int], waiting: int) -> None:
    chart, bare = g_chart(gaps, unfinished=waiting), g_chart(gaps)
    extra = set(chart.signals) - set(bare.signals)
    assert chart.upper == bare.upper and set(bare.signals) <= set(chart.signals)
    assert extra <= {(len(gaps), "beyond_limit")}
    if extra:
        assert waiting > (bare.upper[0] or 0)
