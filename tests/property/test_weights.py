"""Whatever the cells: nobody is lost, totals hold, and an interval never closes."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.stats import clusters
from cchc_analysis.stats.weights import collapse, effective_size, post_stratify, rake, ratio, trim

CELLS = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))
PEOPLE = st.lists(CELLS, min_size=1, max_size=80)
TOTALS = st.dictionaries(CELLS, st.integers(0, 5000), min_size=1).filter(
    lambda totals: any(totals.values())
)
ANSWERS = st.lists(
    st.integers(0, 18).flatmap(lambda x: st.tuples(st.integers(0, x), st.just(x))),
    min_size=0,
    max_size=40,
)
WEIGHTS = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=60)


@given(PEOPLE, TOTALS, st.integers(1, 15), st.permutations([0, 1]))
def test_collapsing_loses_no_cell_and_leaves_none_small(
    people: list[tuple[str, str]], totals: dict[tuple[str, str], int], least: int, order: list[int]
) -> None:
    counts = {cell: people.count(cell) for cell in people}
    groups = collapse(counts, totals, minimum=least, order=order)
    cells = [cell for group in groups for cell in group]
    assert sorted(cells) == sorted({*counts, *totals})
    for group in groups:
        assert len(groups) == 1 or (
            sum(counts.get(cell, 0) for cell in group) >= least
            and sum(totals.get(cell, 0) for cell in group) > 0
        )


@given(PEOPLE, TOTALS, st.integers(1, 15))
def test_weighted_cells_add_up_to_their_totals(
    people: list[tuple[str, str]], totals: dict[tuple[str, str], int], least: int
) -> None:
    found = post_stratify(people, totals, minimum=least)
    assert math.fsum(found.weights) == pytest.approx(sum(totals.values()))
    assert found.worst < 1e-9 and min(found.weights) > 0
    assert 1 - 1e-9 <= found.effective <= len(people) * (1 + 1e-9)
    kept = {cell for one in found.collapsed for cell in one.cells}
    for cell in set(people) - kept:
        own = [w for w, c in zip(found.weights, people, strict=True) if c == cell]
        assert math.fsum(own) == pytest.approx(totals[cell])


@given(PEOPLE, TOTALS, st.integers(1, 15))
def test_raking_either_holds_its_margins_or_says_so(
    people: list[tuple[str, str]], totals: dict[tuple[str, str], int], least: int
) -> None:
    margins = []
    for at in (0, 1):
        sums: dict[str, int] = {}
        for cell, total in totals.items():
            sums[cell[at]] = sums.get(cell[at], 0) + total
        margins.append(([cell[at] for cell in people], sums))
    found = rake(margins, minimum=least, rounds=50)
    assert math.fsum(found.weights) == pytest.approx(sum(totals.values()))
    assert found.converged == (found.worst <= 1e-12)


@given(WEIGHTS, st.floats(1, 10), st.sampled_from(["median", "mean"]))
def test_trimming_keeps_sum_cap_and_order(weights: list[float], by: float, of: str) -> None:
    kept, cap, held = trim(weights, by, of)
    assert math.fsum(kept) == pytest.approx(math.fsum(weights))
    assert max(kept) <= cap and held <= len(weights)
    order = sorted(range(len(weights)), key=lambda i: weights[i])
    assert all(kept[i] <= kept[j] * (1 + 1e-9) for i, j in pairwise(order))
    assert effective_size(kept) >= effective_size(weights) * (1 - 1e-9)


@given(ANSWERS, st.data())
def test_an_interval_holds_its_value_and_never_closes(
    answers: list[tuple[int, int]], data: st.DataObject
) -> None:
    y, x = [pair[0] for pair in answers], [pair[1] for pair in answers]
    sizes = st.lists(st.floats(0.1, 10), min_size=len(y), max_size=len(y))
    w = data.draw(st.none() | sizes)
    found = clusters.ratio(y, x, w)
    asked = sum(size > 0 for size in x)
    assert found.n == asked and (found.value is None) == (asked == 0)
    assert (found.low is None) == (found.high is None) == (asked < 2)
    if found.value is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1 and found.low < found.high
        turned = clusters.ratio([b - a for a, b in answers], x, w)
        assert turned.low == pytest.approx(1 - found.high, abs=1e-9)
        change = clusters.difference(found, turned)
        assert change.p is not None and 0 < change.p <= 1
        assert change.low is not None and change.high is not None and change.low < change.high


@given(PEOPLE, TOTALS)
def test_a_weighted_interval_holds_its_value(
    people: list[tuple[str, str]], totals: dict[tuple[str, str], int]
) -> None:
    y = [float(len(set(people[: i + 1])) % 3) for i in range(len(people))]
    found = ratio(y, [2.0] * len(people), post_stratify(people, totals))
    if found.low is not None and found.high is not None and found.value is not None:
        assert found.low <= found.value <= found.high and found.low < found.high
