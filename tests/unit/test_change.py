"""The change of a rate splits into mix and rate without a remainder."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.causes.change import decompose, in_units

COUNTS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)


def late_rate(counts: dict[str, tuple[int, int]]) -> Fraction:
    return Fraction(sum(k for k, _ in counts.values()), sum(n for _, n in counts.values()))


@given(COUNTS, COUNTS)
def test_mix_and_rate_add_up_exactly(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    found = decompose(before, now)
    if not sum(n for _, n in before.values()) or not sum(n for _, n in now.values()):
        assert found is None
        return
    assert found is not None
    whole = late_rate(now) - late_rate(before)
    assert sum(found.mix.values()) + sum(found.rate.values()) == whole == found.change


def test_only_the_mix_moved_and_only_the_rates_moved() -> None:
    before = {"easy": (1, 100), "hard": (10, 100)}
    mix = decompose(before, {"easy": (1, 100), "hard": (40, 400)})
    assert mix and sum(mix.rate.values()) == 0 and mix.change > 0
    rate = decompose(before, {"easy": (4, 100), "hard": (20, 100)})
    assert rate and sum(rate.mix.values()) == 0 and rate.change == Fraction(13, 200)


def test_kitagawas_formula_by_hand() -> None:
    """w: 0.9/0.1 → 0.6/0.4; r: 1/90, 0.2 → 1/60, 0.2. Mix 0.3·(0.2 − (1/90 + 1/60)/2)."""
    found = decompose({"easy": (1, 90), "hard": (2, 10)}, {"easy": (1, 60), "hard": (8, 40)})
    assert found is not None
    assert sum(found.mix.values()) == Fraction(3, 10) * (
        Fraction(1, 5) - (Fraction(1, 90) + Fraction(1, 60)) / 2
    )
    assert sum(found.rate.values()) == (Fraction(1, 60) - Fraction(1, 90)) * Fraction(3, 4)


@given(st.lists(st.fractions(-5, 5), max_size=12))
def test_rounded_parts_add_up_to_their_rounded_sum(parts: list[Fraction]) -> None:
    unit = Fraction(1, 100)
    rounded = in_units(parts, unit)
    assert sum(rounded) == round(sum(parts) / unit)
    assert all(abs(n * unit - part) < unit for n, part in zip(rounded, parts, strict=True))
