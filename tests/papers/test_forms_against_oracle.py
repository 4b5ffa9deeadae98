"""II.06a and II.05a of the sample, cell by cell, against plain loops over the raw files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import shipped
from cchc_analysis.office import Office
from cchc_analysis.papers import forms

from ..spec import oracle

QUARTERS = ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
CUTS = ("calendar", "reporting")


@pytest.fixture(scope="module")
def state() -> Any:
    return oracle.load(shipped.path("data", "sample"))


def columns(rows: list[dict[str, Any]]) -> list[int]:
    """Columns 3 to 13 of the form."""
    online = sum(r["is_received"] and r["channel"] == "online" for r in rows)
    paper = sum(r["is_received"] and r["channel"] != "online" for r in rows)
    carried = sum(r["is_carried"] for r in rows)
    done = [r for r in rows if r["is_resolved"]]
    early = sum(bool(r["due_day"] and r["end"] < r["due_day"]) for r in done)
    on_day = sum(r["end"] == r["due_day"] for r in done)
    late = sum(r["is_late"] for r in done)
    still, overdue = sum(r["is_open"] for r in rows), sum(r["is_overdue"] for r in rows)
    return [online + paper + carried, online, paper, carried, len(done), early, on_day, late,
            still, still - overdue, overdue]  # fmt: skip


def ours(row: forms.ResultsRow) -> list[int]:
    return [row.received, row.online, row.direct, row.carried_over, row.resolved, row.early,
            row.on_day, row.late, row.open, row.within, row.overdue]  # fmt: skip


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", QUARTERS)
def test_every_cell_and_every_dossier_of_the_gap(
    sample: Office, state: Any, label: str, cut: str
) -> None:
    q = sample.period(label, cut=cut)
    found = oracle.counted(state, *oracle.spans(label, cut))
    by_field: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_field.setdefault(row["field"], []).append(row)
    rows = forms.results(q)
    assert {row.name: ours(row) for row in rows} == {
        name: cells for name, group in by_field.items() if any(cells := columns(group))
    }
    whole = forms.ResultsRow.total("", rows)
    assert ours(whole) == columns(found)
    lost = {r["code"]: r["how"] for r in found if r["is_given_up"] or r["is_undated"]}
    named = {row.code: row.why for row in forms.broken(q) if row.why != "without_due"}
    assert named == {c: "ended_undated" if how == "undated" else how for c, how in lost.items()}
    assert whole.gap == whole.explained == len(lost)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", QUARTERS)
def test_feedback_by_field(sample: Office, label: str, cut: str) -> None:
    start, end = oracle.spans(label, cut)
    path = next(shipped.path("data", "sample").glob("PhanAnhKienNghi_*.xlsx"))
    head, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    theirs: dict[str, Counter[str]] = {}
    for line in lines:
        row = dict(zip(head, line, strict=True))
        came, done = (oracle.moment(row[name]) for name in ("Ngày nhận", "Ngày xử lý xong"))
        assert isinstance(came, dt.datetime)
        if came.date() > end or (done and done.date() < start):
            continue
        count = theirs.setdefault(row["Lĩnh vực"], Counter())
        count["received" if came.date() >= start else "carried_over"] += 1
        closed = done is not None and done.date() <= end
        count["resolved" if closed else "open"] += 1
        count["published"] += closed and row["Công khai kết quả"] == "x"
        count["rules" if row["Nội dung"] == "Quy định hành chính" else "acts"] += 1
    names = ("received", "carried_over", "resolved", "open", "published", "acts", "rules")
    mine = {
        row.name: {n: getattr(row, n) for n in names}
        for row in forms.feedback(sample.period(label, cut=cut))
    }
    assert mine == {field: {n: count[n] for n in names} for field, count in theirs.items()}
