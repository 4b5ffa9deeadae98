"""Small groups are not shown to the shared audience, and never one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs.annex import Annex, late_lines
from cchc_analysis.privacy import Masker
from cchc_analysis.suppression import remember
from cchc_analysis.words import label
from cchc_analysis.workspace import inbox

from ..registers import register, row

SENSITIVE = "Người có công"


def annex(
    workspace: Path, groups: dict[str, int], audience: str = "shared", by: str = "field"
) -> Annex:
    """The tables of a quarter with so many dossiers in each group, the last of each late."""
    rows, n = [], 0
    for group, count in groups.items():
        for place in range(count):
            n += 1
            finished = "08/01/2024" if place < count - 1 else "12/01/2024"
            made = row(
                f"{n:04}", "02/01/2024", "09/01/2024", finished, finished,
                field=group if by == "field" else "Hộ tịch",
                channel=group if by == "channel" else "Trực tiếp",
            )  # fmt: skip
            if group == SENSITIVE:
                made[1] = "1.010833.000.00.00.H56"
            rows.append(made)
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
def test_the_field_of_a_single_dossier_is_hidden_where_few_are_in_it(
    workspace: Path, fields: dict[str, int], hidden: set[str]
) -> None:
    tables = annex(workspace, fields)
    rows = {r["field"] for r in tables.late_rows()}
    assert rows == {"" if f in hidden else f for f in fields}


def test_counts_by_field_are_published_by_law(workspace: Path) -> None:
    rows = annex(workspace, {"A": 9, "B": 3, "C": 4}).breakdowns()
    shown = {
        r["key"]: r["value"] for r in rows if r["by"] == "field" and r["id"] == "dossiers.resolved"
    }
    assert shown == {"A": 9, "B": 3, "C": 4}


@pytest.mark.parametrize(
    ("channels", "hidden"),
    [
        ({"Trực tuyến": 9, "Trực tiếp": 8, "Bưu chính": 7}, set()),
        ({"Trực tuyến": 9, "Trực tiếp": 8, "Bưu chính": 4}, {"direct", "postal"}),
        ({"Trực tuyến": 9, "Trực tiếp": 3, "Bưu chính": 4}, {"direct", "postal"}),
        ({"Trực tuyến": 9, "Trực tiếp": 1, "Bưu chính": 1}, {"online", "direct", "postal"}),
    ],
)
def test_small_groups_are_hidden_and_those_that_would_tell_them(
    workspace: Path, channels: dict[str, int], hidden: set[str]
) -> None:
    rows = annex(workspace, channels, by="channel").breakdowns()
    shown = {
        r["key"]: r["status"]
        for r in rows
        if r["by"] == "channel" and r["id"] == "dossiers.resolved"
    }
    assert {key for key, status in shown.items() if status == "suppressed"} == hidden


def test_the_internal_audience_sees_all(workspace: Path) -> None:
    tables = annex(workspace, {"A": 9, "B": 2}, audience="internal")
    assert {r["status"] for r in tables.breakdowns()} <= {"ok", "zero_denominator"}
    assert {r["code"][:13] for r in tables.late_rows()} == {"000.17.31.H56"}


def test_a_sensitive_procedure_is_not_named(workspace: Path) -> None:
    tables = annex(workspace, {SENSITIVE: 9, "Hộ tịch": 9})
    named = {r["field"]: r["procedure_code"] for r in tables.late_rows()}
    assert named[SENSITIVE] == ""
    assert named["Hộ tịch"].startswith("1.001193")
    keys = {r["key"] for r in tables.breakdowns() if r["by"] == "procedure_code"}
    assert not [key for key in keys if key.startswith("1.010833")]


def test_what_came_in_by_channel_is_a_total_and_shown(workspace: Path) -> None:
    tables = annex(workspace, {"Trực tuyến": 9, "Trực tiếp": 8, "Bưu chính": 4}, by="channel")
    rows = {(r["key"], r["id"]): r for r in tables.breakdowns() if r["by"] == "channel"}
    assert rows["postal", "dossiers.received"]["value"] == 4
    assert rows["postal", "dossiers.open"]["status"] == "suppressed"
    assert tables.q.result("dossiers.received_postal").value == 4
    shown = {row[0]: row[1:] for row in sections.by(tables.q, "channel").data["rows"]}
    assert shown["Bưu chính công ích"] == ["4", *["(*)"] * 5]
    assert shown["Trực tuyến"][:2] == ["9", "9"]


@pytest.mark.parametrize(("audience", "status"), [("shared", "suppressed"), ("internal", "ok")])
def test_by_field_nothing_is_counted_but_what_the_law_publishes(
    workspace: Path, audience: str, status: str
) -> None:
    rows = annex(workspace, {"A": 9, "B": 8}, audience).breakdowns()
    paused = [r for r in rows if r["by"] == "field" and r["id"] == "dossiers.paused"]
    assert {r["status"] for r in paused} == {status} and len(paused) == 2


@pytest.mark.parametrize(("audience", "status"), [("shared", "suppressed"), ("internal", "ok")])
def test_nor_by_procedure_and_channel(workspace: Path, audience: str, status: str) -> None:
    """Results digitised, notices and pauses of a group would follow from other periods."""
    tables = annex(workspace, {"A": 9, "B": 8}, audience)
    own = ("dossiers.paused", "dossiers.digitised_result_rate", "dossiers.notified_rate")
    rows = [r for r in tables.breakdowns() if r["by"] in ("procedure_code", "channel")]
    told = {(r["by"], r["id"]): r["status"] for r in rows}
    assert {told[by, id] for by in ("procedure_code", "channel") for id in own
            if (by, id) in told} == {status}  # fmt: skip
    assert told["channel", "dossiers.paused"] == status
    assert told["channel", "dossiers.resolved"] == "ok"
    heads = {s["name"]: [c["label"] for c in s["columns"]] for s in tables.sheets()}
    shown = label("col.paused") in heads[label("sheet.by_channel")]
    assert shown is (audience == "internal")


@pytest.mark.parametrize(
    ("later", "hidden"),
    [
        ({"1.001193": 10}, {"1.001193", "1.000656"}),  # the field would tell it
        ({"1.001193": 15}, set()),
        ({"2.000815": 10}, {"2.000815", "2.000884"}),
        ({"2.000815": 14, "1.000656": 13}, set()),
        ({"2.000815": 14, "2.000884": 9}, {"2.000815", "2.000884"}),
    ],
)
def test_a_correction_of_few_dossiers_is_not_told_by_the_difference(
    workspace: Path, later: dict[str, int], hidden: set[str]
) -> None:
    """The brief made again from a corrected register beside the one that people have."""
    fields = {"1.001193": "Hộ tịch", "1.000656": "Hộ tịch", "2.000815": "Chứng thực",
              "2.000884": "Chứng thực"}  # fmt: skip

    def brief(day: str, counts: dict[str, int]) -> set[str]:
        rows = []
        for code, count in counts.items():
            for n in range(count):
                made = row(f"{code}-{n:03}", "02/01/2024", "09/01/2024", "08/01/2024",
                           "08/01/2024", field=fields[code])  # fmt: skip
                made[1], made[2] = f"{code}.000.00.00.H56", f"Thủ tục {code}"
                rows.append(made)
        inbox.ingest(workspace, [register(workspace / f"{day}.csv", rows)])
        q = office.open(workspace).period("2024-Q1")
        told = Annex.of(q).breakdowns()
        remember(q)
        return {r["key"][:8] for r in told if r["by"] == "procedure_code"
                and r["id"] == "dossiers.resolved" and r["status"] == "suppressed"}  # fmt: skip

    first = dict.fromkeys(fields, 8)
    assert brief("so-1", first) == set()
    assert brief("so-2", first | later) == hidden
    assert brief("so-2", first | later) == hidden  # made again


def test_the_limit_of_a_procedure_that_is_not_named_is_not_told(workspace: Path) -> None:
    tables = annex(workspace, {SENSITIVE: 9, "Hộ tịch": 9})
    names = ("received_at", "due_at", "finished_at")
    days = {r["field"]: tuple(r[name] for name in names) for r in tables.late_rows()}
    assert days[SENSITIVE] == ("", "2024-01-09", "2024-01-12")
    assert days["Hộ tịch"] == ("2024-01-02", "2024-01-09", "2024-01-12")
    assert f"{SENSITIVE},direct,,2024-01-09,2024-01-12" in tables.late_csv()
    sheet = next(s for s in tables.sheets() if s["name"] == label("sheet.late"))
    assert None in [row[4] for row in sheet["rows"]]
    assert "02/01/2024" not in " ".join(late_lines(tables.q))
