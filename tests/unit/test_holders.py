"""What is said of a role that few people hold is said of a person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs.annex import Annex
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
        ({"An": 199, "Bình": 1}, True),  # who stood in holds nothing
        ({"An": 90, "Bình": 10}, False),
    ],
)
def test_a_role_needs_another_who_does_some_of_it(people: dict[str, int], few: bool) -> None:
    found = holders({"Ký duyệt": people, "Thụ lý": people})
    assert found.few_in("signatory", "B") is found.few_at("Ký duyệt") is few
    assert found.few_in("officer", "A") is few
    assert not found.few_at("Thụ lý")


def test_the_signature_of_one_is_told_with_the_step_next_to_it() -> None:
    steps = {"Thụ lý": {"An": 9}, "Trình ký": {"An": 9}}
    found = holders({**steps, "Ký duyệt": {"Dũng": 9}}).together
    assert found == dict.fromkeys(("Trình ký", "Ký duyệt"), "Trình ký; Ký duyệt")
    assert holders({**steps, "Ký duyệt": {"Dũng": 9, "Hà": 9}}).together == {}


def one_signs(q: Any) -> Any:
    """The same period in an office where one person signs."""
    timeline = q.attribution.timeline
    signs = timeline.steps["kind"].eq("signatory")
    timeline.steps = timeline.steps.assign(actor=timeline.steps["actor"].mask(signs, "An"))
    return q


def test_what_one_person_signs_is_told_of_nobody(sample: office.Office) -> None:
    shared, internal = (
        one_signs(sample.period("2024-Q4", audience=a)) for a in ("shared", "internal")
    )
    rows = Annex.of(shared).late_rows()
    assert "withheld" in {row["cause"] for row in rows}
    assert "signatory_away" not in {row["cause"] for row in rows}
    assert {row["stage"] for row in rows if row["cause"] == "withheld"} == {""}
    for block in (sections.lost_days, sections.stage_times):
        steps = [row[0] for row in block(shared).data["rows"]]
        assert "Ký duyệt; Trình ký" in steps and "Ký duyệt" not in steps
        assert "Ký duyệt" in [row[0] for row in block(internal).data["rows"]]
    days = [sections.lost_days(q).data["rows"][-1] for q in (shared, internal)]
    assert days[0] == days[1]


def test_two_who_sign_are_told(sample: office.Office) -> None:
    rows = Annex.of(sample.period("2024-Q4")).late_rows()
    assert {"signatory_away", "Ký duyệt"} <= {row[n] for row in rows for n in ("cause", "stage")}
