"""Ratios over respondents: against R's survey and samplics, by simulation, and at the edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from cchc_analysis.stats.clusters import (
    Ratio,
    bootstrap,
    difference,
    needed,
    ratio,
    verdict,
)
from cchc_analysis.stats.intervals import wilson

CLOSE = 1e-9

# apiclus1 of R's survey: district, tested students, enrolled students, summed over its schools.
# Published in the package's vignette "A survey analysis example":
# svyratio(~api.stu, ~enroll, dclus1) is 0.8497087, SE 0.008386297; more digits by survey 4.1-1.
DISTRICTS = """
637 4895 6081; 437 1184 1436; 778 532 680; 197 5935 6958; 406 610 683; 815 1373 1641; 178 1461
1668; 255 7573 9025; 568 1877 2180; 135 12618 15038; 510 12292 14968; 716 22452 25814; 61 6047
6777; 413 199 274; 448 6431 7375
"""
# apistrat of R's survey, the first 16, 12 and 12 schools of each type with no more tested than
# enrolled: type, school-wide target met, target for comparable groups met, tested, enrolled.
# Numbers below: survey 4.1-1 under R 4.2.2; those without fpc also samplics 0.6.1 and svy 0.35.0.
SCHOOLS = """
E Y N 241 276; E Y Y 631 841; E N N 415 441; E Y Y 288 298; E Y Y 319 354; E Y Y 315 330; E N N
363 385; E N N 510 583; E Y Y 652 763; E Y N 322 381; E Y Y 931 1112; E Y Y 447 515; E Y Y 192
262; E Y Y 479 528; E Y N 266 278; E Y N 241 266; H N N 1850 2165; H N N 1451 1894; H Y Y 302
357; H N N 2238 2552; H Y N 851 1105; H N N 1349 1586; H N N 1458 1527; H Y N 285 331; H Y N 853
983; H N N 780 1423; H Y N 645 682; H Y Y 1607 1820; M Y N 1035 1293; M N N 815 1043; M N N 658
739; M Y Y 966 1116; M Y Y 585 739; M Y Y 796 912; M N N 923 1173; M Y Y 494 539; M Y Y 306 363;
M Y Y 402 475; M Y Y 515 558; M N N 384 491
"""
TOTALS = {"E": 4421, "H": 755, "M": 1018}
SIZES = {"E": 16, "H": 12, "M": 12}
# Satisfied and valid answers, weight and stratum of 24 made-up respondents.
RESPONDENTS = """
8 12 1.5 a; 14 16 1.5 b; 12 12 2 a; 13 13 1 b; 6 13 2 a; 12 13 2 b; 8 16 4 a; 8 8 4 b; 10 10 2
a; 10 12 2 b; 13 13 1 a; 16 16 2 b; 9 10 4 a; 13 17 4 b; 16 16 1 a; 15 16 1 b; 8 9 4 a; 8 14 4
b; 12 12 4 a; 15 15 1 b; 16 16 2 a; 9 9 4 a; 14 16 1 a; 5 10 1 a
"""


def rows(text: str) -> list[list[str]]:
    return [row.split() for row in " ".join(text.split()).split(";")]


def schools(which: slice | list[int] = slice(None)) -> tuple[list[float], list[float], Any, Any]:
    table = rows(SCHOOLS)
    table = [table[i] for i in which] if isinstance(which, list) else table[which]
    weights = [round(TOTALS[row[0]] / SIZES[row[0]], 2) for row in table]
    return (
        [float(row[3]) for row in table],
        [float(row[4]) for row in table],
        weights,
        [row[0] for row in table],
    )


def respondents() -> tuple[list[float], list[float], list[float], list[str]]:
    table = rows(RESPONDENTS)
    y, x, w = ([float(row[i]) for row in table] for i in range(3))
    return y, x, w, [row[3] for row in table]


def test_the_published_ratio_of_the_districts() -> None:
    table = [[float(cell) for cell in row] for row in rows(DISTRICTS)]
    y, x = [row[1] for row in table], [row[2] for row in table]
    found = ratio(y, x, population=757)
    assert found.n == 15
    assert found.value == pytest.approx(0.849708741724487515, abs=CLOSE)
    assert found.se == pytest.approx(0.008386297169391089, abs=CLOSE)
    assert ratio(y, x).se == pytest.approx(0.008470640194931512, abs=CLOSE)


def test_strata_weights_and_finite_populations_as_in_r() -> None:
    y, x, w, strata = schools()
    found = ratio(y, x, w, strata=strata)
    assert found.value == pytest.approx(0.8520785423040841, abs=CLOSE)
    assert found.se == pytest.approx(0.01262832775362839, abs=CLOSE)
    found = ratio(y, x, w, strata=strata, population=TOTALS)
    assert found.se == pytest.approx(0.01256821273679771, abs=CLOSE)
    assert ratio(y, x, w).se == pytest.approx(0.0126485392284266, abs=CLOSE)


def test_a_stratum_of_one_counts_by_its_distance_from_all() -> None:
    y, x, w, strata = schools([*range(17), *range(28, 40)])
    found = ratio(y, x, w, strata=strata)
    assert found.value == pytest.approx(0.858941150823594, abs=CLOSE)
    assert found.se == pytest.approx(0.01263308154121676, abs=CLOSE)


def test_answers_in_rows_and_respondents_in_rows_are_the_same_thing() -> None:
    """R, samplics and svy had one row an answer, with the respondent as sampling unit."""
    y, x, w, strata = respondents()
    found = ratio(y, x, w, strata=strata)
    assert found.value == pytest.approx(0.8340425531914895, abs=CLOSE)
    assert found.se == pytest.approx(0.04821805858620276, abs=CLOSE)
    assert ratio(y, x, w).se == pytest.approx(0.04724424123881399, abs=CLOSE)
    found = ratio(y, x)
    assert found.value == pytest.approx(0.8598726114649682, abs=CLOSE)
    assert found.se == pytest.approx(0.03800642752082244, abs=CLOSE)
    # R compares with the unbiased variance of one answer, m / (m − 1) as large
    assert found.deff is not None
    m = found.answers
    assert found.deff * (m - 1) / m == pytest.approx(3.752332298389903, abs=CLOSE)
    answers = [(float(j < s), i) for i, (s, v) in enumerate(zip(y, x, strict=True))
               for j in range(int(v))]  # fmt: skip
    again = ratio([a for a, _ in answers], [1] * len(answers), clusters=[i for _, i in answers])
    assert (again.value, again.n, again.answers) == (found.value, 24, m)
    assert again.se == pytest.approx(found.se, abs=CLOSE)
    assert again.low == pytest.approx(found.low, abs=CLOSE)


def test_the_interval_is_that_of_svyciprop_but_for_the_degrees_of_freedom() -> None:
    y, x, _, _ = respondents()
    found = ratio(y, x)
    assert found.value and found.se and found.df and found.low and found.high
    assert 1 <= found.df < 23
    scale = found.se / (found.value * (1 - found.value))
    centre = math.log(found.value / (1 - found.value))
    for df, wanted in (
        (23, (0.761645161672409, 0.9217773420534164)),  # svyciprop(method = "logit")
        (found.df, (found.low, found.high)),
    ):
        reach = float(t.isf(0.025, df)) * scale
        bounds = [1 / (1 + math.exp(-(centre + side * reach))) for side in (-1, 1)]
        assert bounds == pytest.approx(wanted, abs=CLOSE)


def test_proportions_of_weights_are_all_that_counts() -> None:
    y, x, w, _ = respondents()
    one, other = ratio(y, x, w), ratio(y, x, [1000 * weight for weight in w])
    assert one.se == pytest.approx(other.se, rel=1e-12)
    products = [a * b for a, b in zip(w, x, strict=True)]
    assert one.alone == pytest.approx(sum(products) ** 2 / sum(v * v for v in products))


def test_somebody_without_answers_is_not_a_respondent() -> None:
    found = ratio([3, 0, 4], [4, 0, 5])
    assert (found.n, found.answers) == (2, 9.0)
    assert found.alone == pytest.approx(81 / 41)


@pytest.mark.parametrize(
    ("y", "x", "value"), [([], [], None), ([0], [0], None), ([4], [5], 0.8), ([5], [5], 1.0)]
)
def test_nobody_and_one_tell_no_error(y: list[float], x: list[float], value: float | None) -> None:
    found = ratio(y, x)
    assert found.value == value
    assert [found.se, found.low, found.high, found.n_eff, found.deff] == [None] * 5
    assert verdict(found.low, found.high, 0.98) == "cannot_tell"
    assert bootstrap(y, x) is None


@pytest.mark.parametrize(("n", "low"), [(2, 0.1581), (5, 0.4782), (30, 0.8843), (200, 0.9817)])
def test_all_satisfied_is_never_a_sure_hundred(n: int, low: float) -> None:
    """0.025 ** (1 / n): the exact lower bound for n of n."""
    found = ratio([7.0] * n, [7.0] * n, [0.1 + 0.2] * n)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert [found.se, found.n_eff, found.deff] == [None] * 3
    none = ratio([0.0] * n, [7.0] * n)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - low, abs=5e-5)
    assert bootstrap([7.0] * n, [7.0] * n) is None
    census = ratio([7.0] * (n - 1) + [6], [7.0] * n, population=n)
    assert census.low is not None and census.high is not None and census.low < census.high


def test_respondents_who_answer_alike_show_no_spread() -> None:
    found = ratio([9, 18, 9, 18], [10, 20, 10, 20])
    assert found.se is None and found.n_eff is None
    assert found.low is not None and found.high is not None
    assert found.low < 0.5 and found.high > 0.99
    mean = ratio([4.0, 4.0], [1.0, 1.0], share=False)
    assert (mean.value, mean.low, mean.high) == (4.0, None, None)


def test_means_of_scores_have_a_symmetrical_interval() -> None:
    found = ratio([4, 5, 3, 5], [1, 1, 1, 1], share=False)
    assert found.value == 4.25 and found.se == pytest.approx(np.std([4, 5, 3, 5], ddof=1) / 2)
    assert found.low is not None and found.high is not None and found.n_eff is None
    assert found.high - found.value == pytest.approx(found.value - found.low)


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"y": [1], "x": [1, 2]}, "lengths"),
        ({"y": [3, 1], "x": [2, 2]}, "between 0 and 1"),
        ({"y": [math.nan, 1], "x": [2, 2]}, "finite"),
        ({"y": [1, 1], "x": [2, 2], "w": [1, -1]}, "negative"),
        ({"y": [1, 1], "x": [2, 2], "population": 1}, "below its sample"),
        ({"y": [1, 1], "x": [2, 2], "strata": "ab", "population": 9}, "each stratum"),
        ({"y": [1, 1, 1], "x": [2, 2, 2], "strata": "abb", "clusters": "zzy"}, "two strata"),
        ({"y": [1, 1], "x": [2, 2], "strata": "a"}, "lengths"),
    ],
)
def test_what_cannot_be_is_refused(kwargs: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ratio(**kwargs)


def people(
    rng: np.random.Generator, share: float, together: float, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Respondents with 8 … 18 answers whose correlation within a person is ``together``."""
    x = rng.integers(8, 19, n)
    spread = (1 - together) / together
    y = rng.binomial(x, rng.beta(share * spread, (1 - share) * spread, n))
    return y.astype(float), x.astype(float)


@pytest.mark.parametrize(
    ("share", "together", "n"),
    [(0.9, 0.4, 60), (0.9, 0.4, 300), (0.98, 0.4, 120), (0.98, 0.4, 400)],
)
def test_intervals_cover_the_truth_and_naive_ones_do_not(
    share: float, together: float, n: int
) -> None:
    rng = np.random.default_rng(11)
    held, naive, wider = [], [], []
    for _ in range(1500):
        y, x = people(rng, share, together, n)
        found = ratio(y, x)  # type: ignore[arg-type]
        assert found.low is not None and found.high is not None
        low, high = wilson(float(y.sum()), float(x.sum()))
        held.append(found.low <= share <= found.high)
        naive.append(low <= share <= high)
        wider.append((found.high - found.low) / (high - low))
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(naive) < 0.65
    assert np.median(wider) > 2


def test_the_bootstrap_finds_the_same() -> None:
    y, x = people(np.random.default_rng(3), 0.9, 0.4, 400)
    found, again = ratio(y, x), bootstrap(y, x, draws=3000)  # type: ignore[arg-type]
    assert found.low and found.high and again
    assert again == pytest.approx((found.low, found.high), abs=0.15 * (found.high - found.low))
    assert again == bootstrap(y, x, draws=3000)  # type: ignore[arg-type]


def test_a_change_that_is_none_is_seldom_found() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        pair = [ratio(*people(rng, 0.95, 0.4, 120)) for _ in range(2)]  # type: ignore[arg-type]
        change = difference(*pair)
        assert change.p is not None and change.low is not None and change.high is not None
        assert (change.p < 0.05) == (not change.low <= 0 <= change.high)
        found.append(change.p < 0.05)
    assert 0.02 <= np.mean(found) <= 0.075


def test_changes_at_the_edges() -> None:
    y, x, _, _ = respondents()
    some, full = ratio(y, x), ratio(x, x)
    one, none = ratio([1], [1]), ratio([], [])
    assert difference(none, some).value is None
    change = difference(one, some)
    assert change.value is not None and change.low is change.high is change.p is None
    same = difference(full, full)
    assert (same.value, same.p) == (0.0, 1.0) and same.low is not None and same.low < 0
    up, down = difference(some, full), difference(full, some)
    assert up.low is not None and down.high is not None and up.p == pytest.approx(down.p)
    assert up.low == pytest.approx(-down.high)
    still = ratio([4.0, 4.0], [1.0, 1.0], share=False)
    assert difference(still, ratio([4, 5, 3], [1, 1, 1], share=False)).low is None
    far = difference(ratio([0] * 99 + [1], [9] * 100), ratio([9] * 99 + [8], [9] * 100))
    assert far.p is not None and far.p < 1e-9


def test_the_sample_said_to_be_needed_tells_as_often_as_said() -> None:
    share, target = 0.94, 0.98
    y, x = people(np.random.default_rng(1), share, 0.4, 20000)
    large = ratio(y, x)  # type: ignore[arg-type]
    n = needed(share, target, large.deff, each=float(x.mean()), power=0.8)
    assert n is not None
    rng = np.random.default_rng(2)
    told = []
    for _ in range(400):
        found = ratio(*people(rng, share, 0.4, n))  # type: ignore[arg-type]
        told.append(verdict(found.low, found.high, target) == "not_met")
    assert 0.72 <= np.mean(told) <= 0.85


def test_needed_where_no_number_would_do() -> None:
    assert needed(None, 0.98, 2.0) is None
    assert needed(0.98, 0.98, 2.0) is None
    assert needed(0.9, 0.98, None) is None
    n = needed(1.0, 0.98, None)
    assert n is not None and 0.025 ** (1 / n) >= 0.98 > 0.025 ** (1 / (n - 1))
    whole, part = needed(0.97, 0.98, 4.0), needed(0.97, 0.98, 4.0, population=500)
    assert whole is not None and part is not None and part <= 500 < whole
    with pytest.raises(ValueError, match="no target"):
        needed(0.9, 1.0, 2.0)


def test_a_verdict_is_one_of_three() -> None:
    assert verdict(0.98, 1.0, 0.98) == "met"
    assert verdict(0.9, 0.98, 0.98) == "cannot_tell"
    assert verdict(0.9, 0.9799, 0.98) == "not_met"
    assert isinstance(ratio([1], [1]), Ratio)
