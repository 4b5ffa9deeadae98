"""Results become sentences of the right certainty."""

from __future__ import annotations

import pytest

from cchc_analysis.indicators.results import Value
from cchc_analysis.phrases import change, rate_text
from cchc_analysis.words import goal


def rate(k: int, n: int) -> Value:
    return Value(k, n, k / n if n else None)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (rate(599, 636), rate(667, 692), "có thể do ngẫu nhiên"),
        (rate(599, 636), rate(580, 594), "giảm 3,46 điểm phần trăm"),
        (rate(690, 692), rate(640, 668), "tăng 3,90 điểm phần trăm"),
        (rate(600, 600), rate(600, 600), "có thể do ngẫu nhiên"),
    ],
)
def test_a_change_is_said_with_its_certainty(now: Value, before: Value, expected: str) -> None:
    said = change(now, before, "kỳ trước")
    assert said is not None and expected in said and "kỳ trước" in said


@pytest.mark.parametrize("before", [rate(0, 0), Value(None, None, None, "no_column")])
def test_no_change_without_two_rates(before: Value) -> None:
    assert change(rate(1, 2), before, "kỳ trước") is None


@pytest.mark.parametrize(
    ("k", "n", "shown"),
    [(999, 1000, "99,90%"), (9986, 10000, "99,86%"), (99999, 100000, "99,999%"), (5, 5, "100%")],
)
def test_a_rate_is_never_rounded_onto_the_target(k: int, n: int, shown: str) -> None:
    assert rate_text(k, n, k / n) == shown


@pytest.mark.parametrize(("share", "shown"), [(0.999, "99,9%"), (0.98, "98%"), (1, "100%")])
def test_a_target_is_said_as_it_was_set(share: float, shown: str) -> None:
    assert goal(share) == shown
