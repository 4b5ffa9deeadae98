"""The exact comparison over strata against scipy, and against every way the late ones may fall."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import pytest
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from cchc_analysis.stats.strata import compare, null_distribution


@pytest.mark.parametrize("row", [(8, 4, 4, 3), (60, 7, 20, 5), (40, 3, 30, 1), (500, 12, 90, 6)])
def test_one_stratum_is_fishers_test(row: tuple[int, int, int, int]) -> None:
    total, late, size, hits = row
    table = [[hits, size - hits], [late - hits, total - size - late + hits]]
    found, theirs = compare([row]), odds_ratio(table)
    low, high = theirs.confidence_interval(0.95)
    assert found.p_two_sided == pytest.approx(fisher_exact(table).pvalue)
    assert found.p_high == pytest.approx(fisher_exact(table, alternative="greater").pvalue)
    assert found.odds == pytest.approx(theirs.statistic, rel=1e-4)
    assert (found.odds_low, found.odds_high) == pytest.approx((low, high), rel=1e-4)


def test_several_strata_count_every_way_the_late_ones_may_fall() -> None:
    strata = [(5, 2, 2, 1), (4, 1, 3, 1), (6, 3, 2, 0)]
    ways: Counter[int] = Counter()
    for falls in itertools.product(
        *(list(itertools.combinations(range(n), m)) for n, m, _, _ in strata)
    ):
        ways[
            sum(sum(x < row[2] for x in fall) for fall, row in zip(falls, strata, strict=True))
        ] += 1
    low, logs = null_distribution(strata)
    for shift, log in enumerate(logs):
        assert math.exp(log) == pytest.approx(ways[low + shift] / ways.total())


def test_work_that_nobody_else_does_says_nothing_about_the_group() -> None:
    alone = compare([(30, 9, 30, 9)])
    assert (alone.informative, alone.p_two_sided, alone.excess) == (0, 1.0, 0.0)


def test_hard_work_is_no_blame_and_slow_easy_work_stands_out() -> None:
    hard, easy = (40, 20, 36, 18), (200, 4, 20, 0)  # mostly hard work, at others' rate
    cleared = compare([hard, easy])
    assert 18 / 56 > 24 / 240 and cleared.p_high > 0.3
    slow = compare([(200, 12, 20, 9), (40, 20, 4, 2)])
    assert slow.p_high < 0.001 and slow.odds_low > 2
