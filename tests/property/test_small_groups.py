"""No small group is shown, and none can be worked out from the others and the total."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cchc_analysis.disclosure import SMALLEST_CELL, small_groups

SIZES = st.dictionaries(
    st.text("ABCDEFG", min_size=1, max_size=2), st.tuples(*[st.integers(0, 12)] * 2), max_size=9
)


@settings(deadline=None)
@given(SIZES)
@example({"A": (5, 0), "B": (5, 0), "AA": (0, 1)})
def test_small_groups_stay_hidden(sizes: dict[str, tuple[int, int]]) -> None:
    hidden = small_groups(sizes)
    small = {k for k, ns in sizes.items() if any(0 < n < SMALLEST_CELL for n in ns)}
    assert small <= hidden
    if not small:
        assert hidden == set()
    others = [k for k, ns in sizes.items() if k not in hidden and any(ns)]
    for n in range(2):
        told = sum(sizes[k][n] for k in hidden)  # the total less what is shown
        least = sum(min(1, sizes[k][n]) for k in hidden)  # a group that is listed has somebody
        secret = any(0 < sizes[k][n] < SMALLEST_CELL for k in small)
        if sum(ns[n] for ns in sizes.values()) == sum(min(1, ns[n]) for ns in sizes.values()):
            continue  # the total alone tells, whatever is hidden
        assert not secret or told > least or not others
        if secret and others:
            assert sum(1 for k in hidden if sizes[k][n] or told > least) >= 2
