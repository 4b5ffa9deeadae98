"""Every ``tasks.*`` figure of the sample, against plain loops over the raw files.

``Oracle`` uses nothing of the package: the plan's rows come by csv, the tracker's by calamine.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import shipped
from cchc_analysis.indicators import tasks
from cchc_analysis.office import Office

from . import oracle as spans

PERIODS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-H1", "2024-H2", "2024-9M", "2024",
           "2024-06", "2024-07")  # fmt: skip
CUTS = ("calendar", "reporting")
ENDS = {3: (31, 3), 6: (30, 6), 9: (30, 9), 12: (31, 12)}
MONTHS = {
    "6 tháng; hằng năm": (6, 12), "hằng quý": (3, 6, 9, 12), "theo sự kiện": (),
    "thường xuyên": (12,), "trong năm": (12,),
}  # fmt: skip
OF_TRACKER = {"6 tháng": 6, "Năm": 12, "Quý I": 3, "Quý II": 6, "Quý III": 9, "Quý IV": 12}


def last_day(month: int) -> dt.date:
    day, month = ENDS[month]
    return dt.date(2024, month, day)


class Oracle:
    """Duties as ``(task, due day) → (finishing day, document)``."""

    def __init__(self, plans: Path, sample: Path) -> None:
        path = plans / "thieu-van" / "2024" / "tasks.csv"
        with path.open(encoding="utf-8", newline="") as opened:
            self.rows = list(csv.DictReader(opened))
        self.duties: dict[tuple[str, dt.date], tuple[dt.date | None, str]] = {}
        for row in self.rows:
            for month in MONTHS[row["cadence"]]:
                self.duties[row["task"], last_day(month)] = (None, "")
        grid = CalamineWorkbook.from_path(sample / "TienDoNhiemVu_2024.xlsx")
        for row in grid.get_sheet_by_index(0).to_python()[1:]:
            done = dt.datetime.strptime(row[5], "%d/%m/%Y").date() if row[5] else None
            key = (row[0], last_day(OF_TRACKER[row[3]]))
            assert key in self.duties
            self.duties[key] = (done, row[6])

    def figures(self, first: dt.date, start: dt.date, end: dt.date) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (_, due), (done, document) in self.duties.items():
            if not first <= due <= end:
                continue
            finished = done is not None and done <= end
            if not finished:
                found["overdue"] += 1
            if due >= start:
                found["due"] += 1
                if finished:
                    found["done" if done <= due else "done_late"] += 1
                    found["no_evidence"] += document == ""
        names = ("due", "done", "done_late", "overdue", "no_evidence")
        return {f"tasks.{name}": found[name] for name in names}


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(shipped.path("data", "plans"), shipped.path("data", "sample"))


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", PERIODS)
def test_every_figure(sample: Office, oracle: Oracle, label: str, cut: str) -> None:
    start, end = spans.spans(label, cut)
    first = spans.spans("2024", cut)[0]
    ours = tasks.values(sample.period(label, cut=cut))
    assert {id: v.value for id, v in ours.items()} == oracle.figures(first, start, end)
    assert all(v.numerator == v.value and v.denominator is None for v in ours.values())
    assert {v.status for v in ours.values()} == {"ok"}


def test_the_year_in_figures(sample: Office) -> None:
    ours = {id: v.value for id, v in tasks.values(sample.period("2024")).items()}
    assert ours == {
        "tasks.due": 33, "tasks.done": 30, "tasks.done_late": 1, "tasks.overdue": 2,
        "tasks.no_evidence": 5,
    }  # fmt: skip


@pytest.mark.parametrize("label", ["2023-Q3", "2023-Q4"])
def test_a_year_without_a_plan_has_no_tasks(sample: Office, label: str) -> None:
    q = sample.period(label)
    assert {(v.value, v.status) for v in tasks.values(q).values()} == {(None, "no_plan")}
    assert tasks.duties(q).empty
    assert tasks.by_content(q).empty
    assert tasks.targets_without_owner(q) == []


@pytest.mark.parametrize("label", PERIODS[:8])
def test_every_duty(sample: Office, oracle: Oracle, label: str) -> None:
    q = sample.period(label)
    frame = tasks.duties(q)
    assert len(frame) == len(oracle.duties) + 1, "task 2 waits for an event"
    for row in frame.to_dict("records"):
        if row["task"] == "2":
            assert row["due_on"] != row["due_on"] and row["state"] == "unreported"
            continue
        due = row["due_on"].date()
        done, document = oracle.duties[row["task"], due]
        if done is not None and done <= q.end:
            expected = "done" if done <= due else "done_late"
            assert row["done_on"].date() == done
            assert row["evidence"] == document
        else:
            days = (due - q.end).days
            expected = "overdue" if days <= 0 else "due_soon" if days <= 30 else "not_due"
            assert row["done_on"] != row["done_on"]
        assert row["state"] == expected, row["task"]


def test_by_content(sample: Office, oracle: Oracle) -> None:
    q = sample.period("2024")
    frame = tasks.by_content(q).set_index("section")
    rows = Counter(row["section"] for row in oracle.rows)
    assert dict(frame["tasks"]) == dict(rows)
    assert frame["tasks"].sum() == 30
    assert (frame[list(tasks.STATES)].sum(axis=1) == frame["duties"]).all()
    assert frame["overdue"].sum() == 2 and frame["unreported"].sum() == 1
    assert [name.split()[0] for name in frame.index] == ["I", "II", "III", "IV", "V", "VI", "VII"]


def test_what_is_due_next(sample: Office, oracle: Oracle) -> None:
    def keys(label: str) -> set[Any]:
        frame = tasks.due_next(sample.period(label))
        return set(zip(frame["task"], (day.date() for day in frame["due_on"]), strict=True))

    june, december = last_day(6), last_day(12)
    assert keys("2024-Q1") == {key for key in oracle.duties if key[1] == june}
    assert keys("2024-Q3") == {key for key in oracle.duties if key[1] == december}
    assert keys("2024") == set(), "2025 has no plan, and borrows none"


def test_as_of_a_day_later_dates_are_not_known(sample: Office) -> None:
    q = sample.period("2024-H1", as_of=dt.date(2024, 6, 20))
    frame = tasks.duties(q).set_index(["task", "due_on"])
    row = frame.loc[("1", "2024-06-30")]
    assert row["state"] == "due_soon", "finished on the 20th, the period ends on the 19th"
    assert row["evidence"] == "" and row["percent"] != row["percent"]


def test_targets_that_nobody_leads(sample: Office) -> None:
    found = tasks.targets_without_owner(sample.period("2024-Q4"))
    assert [target.id for target in found] == ["T5", "T6", "T8", "T9"]


def test_slips_of_the_printed_plan_are_kept(sample: Office) -> None:
    frame = tasks.duties(sample.period("2024")).set_index("task")
    assert frame.loc["17", "lead"] == ""
    assert "không có số TT" in frame.loc["IV-0", "note"]
    assert [f.task for f in tasks.faults(sample.period("2024"))] == ["2"]
