"""Who is late more often than others on the same work: cleared by the mix, found in spite of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cchc_analysis.causes.concentration import Group, concentration

HARD, EASY = "1.000001", "1.000002"


def office(seed: int) -> pd.DataFrame:
    """Online is filed for the hard procedure, whoever handles it; D is slow on easy work."""
    rng = np.random.default_rng(seed)
    rows = []
    plan = [  # procedure, channel, officer, dossiers, chance of being late
        (HARD, "online", "A", 180, 0.15), (HARD, "online", "B", 180, 0.15),
        (HARD, "direct", "A", 30, 0.15), (HARD, "direct", "B", 30, 0.15),
        (EASY, "online", "C", 60, 0.01), (EASY, "online", "D", 60, 0.08),
        (EASY, "direct", "C", 300, 0.01), (EASY, "direct", "D", 200, 0.08),
    ]  # fmt: skip
    for procedure, channel, officer, n, chance in plan:
        rows += [(procedure, channel, officer, bool(hit)) for hit in rng.random(n) < chance]
    frame = pd.DataFrame(rows, columns=["work", "channel", "officer", "late"])
    return frame.assign(code=[f"c{i}" for i in range(len(frame))])


def states(frame: pd.DataFrame, **options: object) -> dict[tuple[str, object], Group]:
    found = concentration(frame, ["channel", "officer"], **options)  # type: ignore[arg-type]
    return {(group.by, group.key): group for group in found}


@pytest.mark.parametrize("seed", range(8))
def test_a_channel_is_cleared_and_a_slow_officer_stands_out_in_one_run(seed: int) -> None:
    found = states(office(seed))
    online, slow = found["channel", "online"], found["officer", "D"]
    assert online.late > online.expected * 1.15  # looks bad by itself
    assert online.state == "cleared"
    assert online.adjusted is not None and online.late < online.adjusted * 1.15
    rates = {name: found["officer", name].late / found["officer", name].size for name in "ABD"}
    assert rates["D"] < min(rates["A"], rates["B"])  # by itself the others look worse
    assert slow.state == "high" and slow.odds > 2.5
    assert slow.q == min(group.q for group in found.values() if group.q is not None)


def test_who_is_like_the_others_is_seldom_blamed() -> None:
    runs = [states(office(seed)) for seed in range(100, 130)]
    blamed = [any(run["officer", name].state == "high" for name in "ABC") for run in runs]
    assert sum(blamed) <= 5  # 1.5 are expected at the level of 5 %


def test_the_excess_of_a_columns_groups_adds_up_to_nothing() -> None:
    for by in ("channel", "officer"):
        groups = [group for (name, _), group in states(office(1)).items() if name == by]
        assert sum(group.excess for group in groups) == pytest.approx(0, abs=1e-9)
        assert sum(group.late - group.expected for group in groups) == pytest.approx(0, abs=1e-9)


def test_few_dossiers_or_few_expected_are_listed_and_not_tested() -> None:
    frame = pd.DataFrame(
        {
            "code": [f"c{i}" for i in range(309)],
            "work": EASY,
            "officer": ["A"] * 300 + ["B"] * 9,
            "late": [i in (0, 1, 2, 300, 301, 302) for i in range(309)],
        }
    )
    a, b = concentration(frame, ["officer"])[::-1]
    assert (a.key, a.state, b.key, b.state) == ("A", "usual", "B", "listed")
    assert concentration(frame.assign(late=False), ["officer"])[0].state == "listed"
    assert concentration(frame.iloc[:0], ["officer"]) == []


def test_one_event_of_many_dossiers_is_no_proof() -> None:
    frame = pd.DataFrame(
        {
            "code": [f"c{i}" for i in range(600)],
            "work": HARD,
            "channel": ["online"] * 300 + ["direct"] * 300,
            "late": [i < 14 or 300 <= i < 302 for i in range(600)],
        }
    )
    alone = concentration(frame, ["channel"])[0]
    event = concentration(frame, ["channel"], {f"c{i}": 1 for i in range(14)})[0]
    assert (alone.key, alone.state) == ("online", "high")
    assert (event.key, event.state) == ("online", "usual")


def test_an_empty_value_is_a_group_of_its_own() -> None:
    frame = office(2)
    frame.loc[frame["officer"] == "A", "officer"] = None
    found = states(frame)
    assert found["officer", None].size == 210
