"""Small groups are not shown to the shared audience, and never one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.privacy import Masker
from cchc_analysis.workspace import inbox

from ..registers import register, row


def annex(workspace: Path, fields: dict[str, int], audience: str = "shared") -> Annex:
    """The tables of a quarter with so many dossiers in each field, the last of each late."""
    rows, n = [], 0
    for field, count in fields.items():
        for place in range(count):
            n += 1
            finished = "08/01/2024" if place < count - 1 else "12/01/2024"
            rows.append(row(f"{n:04}", "02/01/2024", "09/01/2024", finished, finished, field=field))
    inbox.ingest(workspace, [register(workspace / "a.csv", rows)])
    q = office.open(workspace).period("2024-Q1", audience=audience)
    return Annex(q, Masker(b"k"))


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ({"A": 9, "B": 8, "C": 7}, set()),
        ({"A": 9, "B": 8, "C": 4}, {"B", "C"}),  # C alone could be found by subtraction
        ({"A": 9, "B": 3, "C": 4}, {"B", "C"}),
        ({"A": 9, "": 2}, {"A", ""}),  # dossiers without a field are a group too
    ],
)
def test_small_groups_are_hidden(workspace: Path, fields: dict[str, int], hidden: set[str]) -> None:
    tables = annex(workspace, fields)
    shown = {
        r["key"]: r["status"]
        for r in tables.breakdowns()
        if r["by"] == "field" and r["id"] == "dossiers.resolved"
    }
    assert {key for key, status in shown.items() if status == "suppressed"} == hidden
    rows = {r["field"] for r in tables.late_rows()}
    assert rows == {"" if f in hidden else f for f in fields}


def test_the_internal_audience_sees_all(workspace: Path) -> None:
    tables = annex(workspace, {"A": 9, "B": 2}, audience="internal")
    assert {r["status"] for r in tables.breakdowns()} <= {"ok", "zero_denominator"}
    assert {r["code"][:13] for r in tables.late_rows()} == {"000.17.31.H56"}


def test_a_sensitive_procedure_is_not_named(workspace: Path) -> None:
    tables = annex(workspace, {"Người có công": 9, "Hộ tịch": 9})
    named = {r["field"]: r["procedure_code"] for r in tables.late_rows()}
    assert named["Người có công"] == ""
    assert named["Hộ tịch"].startswith("1.001193")
