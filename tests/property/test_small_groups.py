"""No small group is shown, and none can be found by taking the others from the total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.privacy import SMALLEST_CELL, small_groups

SIZES = st.dictionaries(
    st.text("ABCDEFG", min_size=1, max_size=2), st.tuples(*[st.integers(0, 12)] * 2), max_size=9
)


@given(SIZES)
def test_small_groups_stay_hidden(sizes: dict[str, tuple[int, int]]) -> None:
    hidden = small_groups(sizes)
    small = {k for k, ns in sizes.items() if any(0 < n < SMALLEST_CELL for n in ns)}
    assert small <= hidden
    if not small:
        assert hidden == set()
    if any(sum(ns) for k, ns in sizes.items() if k not in small) and small:
        assert len(hidden) >= 2  # what is missing from the total is never one group's
    assert len(hidden - small) <= 1
