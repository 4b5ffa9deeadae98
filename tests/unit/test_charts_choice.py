"""Which chart suits which series."""

from __future__ import annotations

import pytest

from cchc_analysis.stats.charts import choose

CASES = [
    ("a third late", [30, 28, 35], [100, 90, 110], ("p_prime", "both_outcomes_common")),
    ("five expected", [5, 5, 5], [100, 100, 100], ("p_prime", "both_outcomes_common")),
    ("four expected", [4, 4, 4], [100, 100, 100], ("g", "events_are_rare")),
    ("never", [0, 0, 0], [500, 500, 500], ("g", "events_are_rare")),
    ("nearly always", [499, 500, 498], [500, 500, 500], ("g", "complement_is_rare")),
    ("always", [500, 500], [500, 500], ("g", "complement_is_rare")),
    ("hardly any dossiers", [1, 2, 0], [2, 3, 2], ("g", "events_are_rare")),
    ("one small month", [30, 28, 1], [100, 90, 4], ("p_prime", "both_outcomes_common")),
    ("mostly small months", [30, 1, 1], [100, 4, 4], ("g", "events_are_rare")),
    ("empty months do not count", [30, 0, 0], [100, 0, 0], ("p_prime", "both_outcomes_common")),
    ("no dossiers", [0, 0], [0, 0], ("g", "no_opportunities")),
    ("nothing", [], [], ("g", "no_opportunities")),
    ("rare, of unknown many", [0, 2, 1], None, ("t", "events_are_rare")),
    ("many, of unknown many", [60, 72, 81], None, ("xmr", "counts_without_opportunities")),
    ("nothing, of unknown many", [], None, ("t", "events_are_rare")),
]


@pytest.mark.parametrize(("numerators", "denominators", "expected"), [case[1:] for case in CASES])
def test_choice(
    numerators: list[float], denominators: list[float] | None, expected: tuple[str, str]
) -> None:
    assert choose(numerators, denominators) == expected


def test_measurements_need_no_counting() -> None:
    assert choose([0.4, 1.2], counted=False) == ("xmr", "measurements")
