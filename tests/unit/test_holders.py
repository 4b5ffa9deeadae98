"""What is said of a role that few people hold is said of a person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.causes.evidence import ROLES
from cchc_analysis.causes.holders import Holders

STEPS = ("Thụ lý", "officer"), ("Trình ký", "officer"), ("Ký duyệt", "signatory")


def holders(people: dict[str, dict[str, int]]) -> Holders:
    """With so many steps of each person at each stage, a dossier for each, all of one field."""
    kinds = {**dict(STEPS), "Tiếp nhận": "counter"}
    rows = [
        {"code": f"{place}-{n}", "stage": stage, "kind": kinds[stage], "actor": who}
        for stage, each in people.items()
        for place, (who, count) in enumerate(each.items()) for n in range(count)
    ]  # fmt: skip
    steps = pd.DataFrame(rows)
    codes = steps["code"].unique()
    dossiers = pd.DataFrame({"field": "A"}, index=codes)
    timeline = SimpleNamespace(steps=steps, dossiers=dossiers)
    q: Any = SimpleNamespace(
        attribution=SimpleNamespace(timeline=timeline), dossiers=pd.DataFrame({"code": codes})
    )
    return Holders(q)


@pytest.mark.parametrize(
    ("people", "few"),
    [
        ({"An": 9}, True),
        ({"An": 50, "Bình": 40}, True),
        ({"An": 50, "Bình": 40, "Chi": 9}, True),  # who stood in holds nothing
        ({"An": 50, "Bình": 40, "Chi": 10}, False),
    ],
)
def test_a_role_needs_three_who_do_a_tenth_each(people: dict[str, int], few: bool) -> None:
    found = holders({"Ký duyệt": people})
    assert found.few_in("signatory", "A") is few
    assert found.few_at("Ký duyệt", "A") is few


def test_a_counter_is_no_person() -> None:
    assert not holders({"Tiếp nhận": {"Một cửa": 9}, "Thụ lý": {"An": 1}}).few_at("Tiếp nhận", "A")


def test_steps_of_few_are_told_with_those_next_to_them() -> None:
    three = {"An": 9, "Bình": 9, "Chi": 9}
    found = holders({"Thụ lý": three, "Trình ký": three, "Ký duyệt": {"Dũng": 9}}).together
    assert found == dict.fromkeys(("Trình ký", "Ký duyệt"), "Trình ký; Ký duyệt")
    alone = holders({"Thụ lý": {"An": 9}, "Trình ký": {"An": 9}, "Ký duyệt": {"Dũng": 9}}).together
    assert set(alone.values()) == {"Thụ lý; Trình ký; Ký duyệt"}
    assert holders({"Thụ lý": three}).together == {}


def test_the_sample_has_too_few_of_each_role(sample: office.Office) -> None:
    shared, internal = (sample.period("2024-Q4", audience=a) for a in ("shared", "internal"))
    rows = Annex.of(shared).late_rows()
    assert "withheld" in {row["cause"] for row in rows}
    assert not {row["cause"] for row in rows} & {*ROLES, "slow_officer"}
    assert {row["stage"] for row in rows if row["cause"] == "withheld"} == {""}
    assert "Ký duyệt" not in {word for row in rows for word in row["evidence"].split(" mất")}
    for block in (sections.lost_days, sections.stage_times):
        steps = [row[0] for row in block(shared).data["rows"]]
        assert "Ký duyệt; Trình ký" in steps and "Ký duyệt" not in steps
        assert "Ký duyệt" in [row[0] for row in block(internal).data["rows"]]
    days = [sections.lost_days(q).data["rows"][-1] for q in (shared, internal)]
    assert days[0] == days[1]
