"""Weights: against R's survey, by simulation, and what collapsing and trimming do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cchc_analysis.stats import clusters
from cchc_analysis.stats.weights import (
    Weighting,
    collapse,
    effective_size,
    post_stratify,
    rake,
    ratio,
    trim,
)

CLOSE = 1e-9

# apiclus1 of R's survey, schools of a kind put together: district, type, school-wide target met,
# schools, tested and enrolled students, sum of api00. Published: tests/rakecheck.Rout.save of the
# package, svymean(~api00, dclus1r) 641.23, SE 23.704. More digits, and postStratify (the example of
# its help page): survey 4.1-1 under R 4.2.2.
DISTRICTS = """
637 H Y 1 1358 1689 608; 637 E Y 8 2059 2551 5418; 637 M Y 2 1478 1841 1333; 437 H Y 1 358 418
443; 437 E Y 2 566 732 963; 437 M Y 1 260 286 482; 778 M N 1 291 372 411; 778 E Y 1 241 308 494;
197 E Y 9 3118 3696 6005; 197 M N 2 1604 1875 1190; 197 M Y 1 845 962 689; 197 E N 1 368 425
709; 406 E Y 2 610 683 1116; 815 H N 1 350 442 696; 815 M N 1 434 508 631; 815 E Y 2 589 691
1166; 178 H Y 1 359 388 529; 178 E Y 2 798 937 1001; 178 M N 1 304 343 547; 255 E Y 12 5174 6130
8633; 255 M Y 3 2136 2550 2184; 255 E N 1 263 345 552; 568 H Y 3 775 895 2161; 568 H N 1 184 210
687; 568 E Y 3 554 646 2160; 568 E N 1 177 196 699; 568 M Y 1 187 233 679; 135 E Y 31 11588
13847 20495; 135 E N 3 1030 1191 2013; 510 H N 1 1342 1585 595; 510 H Y 1 1565 1855 661; 510 E Y
15 5608 6995 9964; 510 M N 1 784 1015 614; 510 M Y 2 2517 2978 1298; 510 E N 1 476 540 629; 716
H Y 3 4960 6195 1577; 716 E Y 25 10611 11920 14254; 716 E N 5 2297 2546 2554; 716 M Y 4 4584
5153 2009; 61 E Y 10 3572 3884 7203; 61 M N 2 1603 1870 1458; 61 M Y 1 872 1023 711; 413 E Y 1
199 274 551; 448 H Y 1 1884 2147 703; 448 E Y 9 3287 3794 6858; 448 M Y 2 1260 1434 1550
"""
# apistrat of R's survey, as in test_stats_clusters.py; numbers by survey 4.1-1.
SCHOOLS = """
E Y N 241 276; E Y Y 631 841; E N N 415 441; E Y Y 288 298; E Y Y 319 354; E Y Y 315 330; E N N
363 385; E N N 510 583; E Y Y 652 763; E Y N 322 381; E Y Y 931 1112; E Y Y 447 515; E Y Y 192
262; E Y Y 479 528; E Y N 266 278; E Y N 241 266; H N N 1850 2165; H N N 1451 1894; H Y Y 302
357; H N N 2238 2552; H Y N 851 1105; H N N 1349 1586; H N N 1458 1527; H Y N 285 331; H Y N 853
983; H N N 780 1423; H Y N 645 682; H Y Y 1607 1820; M Y N 1035 1293; M N N 815 1043; M N N 658
739; M Y Y 966 1116; M Y Y 585 739; M Y Y 796 912; M N N 923 1173; M Y Y 494 539; M Y Y 306 363;
M Y Y 402 475; M Y Y 515 558; M N N 384 491
"""
TYPES = {"E": 4421, "H": 755, "M": 1018}
WIDE = {"N": 1072, "Y": 5122}
COMPARABLE = {"N": 1712, "Y": 4482}
SIZES = {"E": 16, "H": 12, "M": 12}


def rows(text: str) -> list[list[str]]:
    return [row.split() for row in " ".join(text.split()).split(";")]


def keyed(totals: dict[str, int]) -> dict[tuple[Any, ...], float]:
    return {(key,): float(total) for key, total in totals.items()}


# One row for schools of a kind: means, with the number of schools in the base weight.
KINDS = rows(DISTRICTS)
NUMBER = [float(row[3]) for row in KINDS]
BASE = [33.846996307373 * n for n in NUMBER]
BY_TYPE, BY_WIDE = [row[1] for row in KINDS], [row[2] for row in KINDS]


def api00_and_tested(weighting: Weighting) -> list[clusters.Ratio]:
    tested, enrolled, api00 = ([float(row[i]) / float(row[3]) for row in KINDS] for i in (4, 5, 6))
    districts = [row[0] for row in KINDS]
    return [
        ratio(y, x, weighting, clusters=districts, population=757, share=False)
        for y, x in ((api00, [1.0] * len(KINDS)), (tested, enrolled))
    ]


def test_post_stratified_districts_as_in_r() -> None:
    cells = [(kind,) for kind in BY_TYPE]
    found = post_stratify(cells, keyed(TYPES), base=BASE, minimum=1)
    mean, share = api00_and_tested(found)
    assert mean.n == 15
    assert mean.value == pytest.approx(642.31078821158212, abs=CLOSE)
    assert mean.se == pytest.approx(23.92048644509039, abs=CLOSE)
    assert share.value == pytest.approx(0.847989789518013404, abs=CLOSE)
    assert share.se == pytest.approx(0.007188258625403315, abs=CLOSE)


def test_the_published_raked_districts() -> None:
    margins = [(BY_TYPE, TYPES), (BY_WIDE, WIDE)]
    found = rake(margins, base=BASE, minimum=1)
    assert found.converged and found.worst < 1e-12
    mean, share = api00_and_tested(found)
    assert (round(mean.value or 0, 2), round(mean.se or 0, 3)) == (641.23, 23.704)
    assert mean.value == pytest.approx(641.23032092682001, abs=CLOSE)
    assert mean.se == pytest.approx(23.70361688792173, abs=CLOSE)
    assert share.value == pytest.approx(0.848231571735981293, abs=CLOSE)
    assert share.se == pytest.approx(0.007232525509954303, abs=CLOSE)
    each = {
        (kind, wide): weight / n
        for kind, wide, weight, n in zip(BY_TYPE, BY_WIDE, found.weights, NUMBER, strict=True)
    }
    wanted = {
        ("H", "Y"): 50.32940111603804,
        ("E", "Y"): 29.87067549268503,
        ("M", "Y"): 36.79102486406812,
        ("M", "N"): 49.06907216385574,
        ("E", "N"): 39.83923624713093,
        ("H", "N"): 67.12552924119430,
    }
    assert each == pytest.approx(wanted, abs=CLOSE)


def test_weights_on_weights_and_strata_as_in_r() -> None:
    table = rows(SCHOOLS)
    base = [round(TYPES[row[0]] / SIZES[row[0]], 2) for row in table]
    y, x = [float(row[3]) for row in table], [float(row[4]) for row in table]
    strata, wide, comparable = ([row[i] for row in table] for i in range(3))
    found = post_stratify([(w,) for w in wide], keyed(WIDE), base=base)
    result = ratio(y, x, found, strata=strata)
    assert result.value == pytest.approx(0.85343268821439, abs=CLOSE)
    assert result.se == pytest.approx(0.01226775159968462, abs=CLOSE)
    assert found.weights[0] == pytest.approx(304.47546679, abs=1e-8)  # samplics 0.6.1
    raked = rake([(wide, WIDE), (comparable, COMPARABLE)], base=base)
    result = ratio(y, x, raked, strata=strata)
    assert result.value == pytest.approx(0.852694231116607, abs=CLOSE)
    assert result.se == pytest.approx(0.0134024674601325, abs=CLOSE)
    assert raked.weights[0] == pytest.approx(122.6553840818457, abs=CLOSE)


def test_weighted_intervals_cover_the_truth_and_raw_ones_do_not() -> None:
    """Online: four in ten of the dossiers, eight in ten of the answers, and happier."""
    rng = np.random.default_rng(8)
    means = {"web": 0.97, "desk": 0.85}
    truth = 0.4 * means["web"] + 0.6 * means["desk"]
    held, raw, narrower = [], [], []
    for _ in range(1000):
        channel = np.where(rng.random(200) < 0.8, "web", "desk")
        p = np.where(channel == "web", means["web"], means["desk"])
        y = rng.binomial(10, rng.beta(p * 1.5, (1 - p) * 1.5)).astype(float).tolist()
        x = [10.0] * 200
        found = post_stratify([(c,) for c in channel.tolist()], {("web",): 400, ("desk",): 600})
        weighted, plain = ratio(y, x, found), clusters.ratio(y, x)
        assert None not in (weighted.low, weighted.high, plain.low, plain.high, weighted.se)
        held.append(weighted.low <= truth <= weighted.high)  # type: ignore[operator]
        raw.append(plain.low <= truth <= plain.high)  # type: ignore[operator]
        narrower.append(weighted.se < (clusters.ratio(y, x, found.weights).se or 0))  # type: ignore[operator]
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(raw) < 0.3
    assert np.mean(narrower) > 0.6


def test_small_cells_are_collapsed_in_the_declared_order() -> None:
    people = {("land", "desk"): 30, ("land", "web"): 4, ("tax", "desk"): 12, ("tax", "web"): 25}
    totals = dict.fromkeys(people, 100)
    assert collapse(people, totals) == [
        (("land", "web"), ("land", "desk")),
        (("tax", "desk"),),
        (("tax", "web"),),
    ]
    by_field = collapse(people, totals, order=(0, 1))
    assert (("land", "web"), ("tax", "web")) in by_field and (("land", "desk"),) in by_field


def test_a_field_too_small_joins_another_as_a_whole() -> None:
    people = {("a", "x"): 2, ("a", "y"): 3, ("b", "x"): 15, ("b", "y"): 15, ("c", "x"): 90}
    groups = collapse(people, dict.fromkeys(people, 10))
    assert groups == [
        (("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")),
        (("c", "x"),),
    ]


def test_cells_without_people_or_without_dossiers_do_not_stand_alone() -> None:
    groups = collapse({("x",): 20, ("y",): 20}, {("x",): 50, ("z",): 30})
    assert groups == [(("z",), ("y",)), (("x",),)]
    found = post_stratify([("x",)] * 20 + [("y",)] * 20, {("x",): 50, ("z",): 30})
    assert found.weights == (2.5,) * 20 + (1.5,) * 20
    [one] = found.collapsed
    assert (one.cells, one.respondents, one.total) == ((("z",), ("y",)), 20, 30.0)


def test_too_few_people_for_any_cell_are_all_alike() -> None:
    found = post_stratify([("x",), ("y",), ("y",)], {("x",): 50, ("y",): 10})
    assert found.weights == (20.0, 20.0, 20.0) and found.effective == 3.0
    assert ratio([1, 1, 1], [1, 1, 1], found).se is None


def test_raking_knows_what_it_does_not_know() -> None:
    fields = ["a"] * 12 + ["b"] * 12 + [None] * 6
    channels = ["x", "y"] * 15
    found = rake([(fields, {"a": 40, "b": 60}), (channels, {"x": 700, "y": 300})])
    w = np.array(found.weights)
    assert found.converged and w.sum() == pytest.approx(100)
    assert w[:12].sum() == pytest.approx(32) and w[24:].sum() == pytest.approx(20)
    assert w[::2].sum() == pytest.approx(70)
    assert found.groups[0][24:] == (-1,) * 6


def test_raking_that_cannot_converge_says_so() -> None:
    """All of a are x and all of b are y, but the margins want them otherwise."""
    labels = ["a"] * 10 + ["b"] * 10, ["x"] * 10 + ["y"] * 10
    found = rake([(labels[0], {"a": 50, "b": 50}), (labels[1], {"x": 90, "y": 10})], rounds=30)
    assert not found.converged and found.rounds == 30 and found.worst > 0.1
    y = [1.0, 0.0] * 10
    plain = clusters.ratio(y, [1.0] * 20, found.weights)
    assert ratio(y, [1.0] * 20, found) == plain


def test_small_categories_of_a_margin_are_pooled() -> None:
    found = rake([(["a"] * 20 + ["b"] * 12 + ["c"] * 3, {"a": 10, "b": 10, "c": 10, "d": 10})])
    [one] = found.collapsed
    assert (one.cells, one.respondents, one.total, one.margin) == (("c", "d", "b"), 15, 30.0, 0)


def test_trimming_keeps_the_sum_and_says_how_many() -> None:
    cells = [("x",)] * 90 + [("y",)] * 10
    found = post_stratify(cells, {("x",): 90, ("y",): 200}, cap=5)
    assert found.cap == 5.0 and found.trimmed == 10
    assert sum(found.weights) == pytest.approx(290)
    assert found.worst == pytest.approx(240 / 90 - 1)  # all of x now weigh 240
    assert max(found.weights) <= 5.0
    y = [float(i % 3 > 0) for i in range(100)]
    assert ratio(y, [1.0] * 100, found) == clusters.ratio(y, [1.0] * 100, found.weights)
    whole = post_stratify(cells, {("x",): 90, ("y",): 200}, cap=30)
    assert whole.trimmed == 0 and whole.worst < 1e-12


def test_trim_by_the_mean_and_at_the_edges() -> None:
    weights, cap, held = trim([1, 1, 1, 5], multiple=1, of="mean")
    assert (weights, cap, held) == ((2.0, 2.0, 2.0, 2.0), 2.0, 1)
    assert trim([]) == ((), 0.0, 0) and trim([0, 0]) == ((0.0, 0.0), 0.0, 0)
    assert trim([0, 3, 3]) == ((0.0, 3.0, 3.0), 15.0, 0)
    for arguments in (([1.0], 0.5, "median"), ([1.0], 5.0, "mode"), ([-1.0], 5.0, "median")):
        with pytest.raises(ValueError):
            trim(*arguments)


def test_effective_size() -> None:
    assert effective_size([]) == effective_size([0, 0]) == 0.0
    assert effective_size([1e200] * 4) == 4.0


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no respondents"):
        post_stratify([], {("x",): 5})
    with pytest.raises(ValueError, match="negative"):
        post_stratify([("x",)], {("x",): -5})
    with pytest.raises(ValueError, match="no total"):
        post_stratify([("x",)], {("x",): 0})
    with pytest.raises(ValueError, match="base"):
        post_stratify([("x",)], {("x",): 5}, base=[0.0])
    with pytest.raises(ValueError, match="different lengths"):
        post_stratify([("x",)], {("x", "y"): 5})
    with pytest.raises(ValueError, match="no order"):
        post_stratify([("x",)], {("x",): 5}, order=(1,))
    with pytest.raises(ValueError, match="no margins"):
        rake([])
    with pytest.raises(ValueError, match="lengths"):
        rake([(["a"], {"a": 1}), (["x", "y"], {"x": 1, "y": 1})])
    with pytest.raises(ValueError, match="nobody"):
        rake([([None], {"a": 1})])
