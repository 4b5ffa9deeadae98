"""Small trackers in, small answers out; another year's tasks from files alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.indicators import tasks
from cchc_analysis.office import PeriodView
from cchc_analysis.period import Period
from cchc_analysis.workspace import inbox

from ..sheets import csv_file

PLAN = """task,section,content,products,lead,partner,cadence,due,note
1,I Thể chế,Báo cáo quý,BC,Tư pháp,,hằng quý,,
2,I Thể chế,Báo cáo sáu tháng,BC,Tư pháp; Văn phòng,,6 tháng,,
3,II Thủ tục,Rà soát thủ tục,BC,Văn phòng,,trong năm,Trước 30/9/2025,
4,II Thủ tục,Tuyên truyền,BC,,,thường xuyên,Năm 2025,
5,II Thủ tục,Triển khai đề án,BC,Văn phòng,,theo sự kiện,Sau khi có đề án,
"""
HEADER = ["STT", "Nhiệm vụ", "Chủ trì", "Kỳ", "Hạn", "Ngày hoàn thành", "Văn bản minh chứng",
          "Tỷ lệ hoàn thành (%)", "Ghi chú"]  # fmt: skip
CONTENT = {"1": "Báo cáo quý", "2": "Báo cáo sáu tháng", "3": "Rà soát thủ tục",
           "4": "Tuyên truyền", "5": "Triển khai đề án"}  # fmt: skip
Row = tuple[Any, ...]
Make = Callable[..., PeriodView]


@pytest.fixture
def make(workspace: Path) -> Make:
    """``make(period, rows, …)``: rows are (number, period, due, done, document, per cent)."""

    def view(
        label: str, *exports: Sequence[Row], plan: str = PLAN, moment: str = "2026-01-10"
    ) -> PeriodView:
        year = workspace / "data" / "plans" / "thieu-van" / "2025"
        year.mkdir()
        (year / "plan.toml").write_text('[plan]\ntitle = "Kế hoạch thử"\n', encoding="utf-8")
        (year / "tasks.csv").write_text(plan, encoding="utf-8")
        for name in ("targets", "indicators"):
            old = year.parent / "2024" / f"{name}.csv"
            head = old.read_text(encoding="utf-8").splitlines()[0] + "\n"
            (year / f"{name}.csv").write_text(head, encoding="utf-8")
        for number, rows in enumerate(exports):
            cells = []
            for task, cadence, due, done, *more in rows:
                document, percent = (*more, "", "")[:2]
                content = CONTENT.get(task, task)
                cells.append([task, content, "x", cadence, due, done, document, percent, ""])
            path = csv_file(workspace / f"tien_do_{number}.csv", [HEADER, *cells])
            at = dt.datetime.fromisoformat(moment) + dt.timedelta(days=number)
            done_ = inbox.ingest(workspace, [path], exported_at=at.isoformat())
            assert [row.error for row in done_] == [None]
            assert all(row.export and row.export.table == "tasks" for row in done_)
        period = Period.parse(label)
        return PeriodView(office.open(workspace), period, as_of=None, audience="shared")

    return view


def figures(q: PeriodView) -> dict[str, Any]:
    return {id.removeprefix("tasks."): v.value for id, v in tasks.values(q).items()}


def states(q: PeriodView) -> list[tuple[str, str, str]]:
    return [
        (d.task.task, f"{d.due_on:%d/%m}" if d.due_on else "", d.state)
        for d in tasks.read(q).duties
    ]


def test_quarterly_and_half_yearly_duties_are_due_in_each_of_their_periods(make: Make) -> None:
    q = make(
        "2025-Q2",
        [
            ("1", "Quý I", "31/03/2025", "20/03/2025", "1/BC"),
            ("1", "Quý II", "30/06/2025", "05/07/2025", "2/BC"),
            ("2", "6 tháng", "30/06/2025", "28/06/2025", ""),
            ("2", "Năm", "31/12/2025", "", "", 40),
            ("4", "Năm", "31/12/2025", "", "", 10),
        ],
    )
    assert states(q) == [
        ("1", "31/03", "done"), ("1", "30/06", "overdue"), ("1", "30/09", "unreported"),
        ("1", "31/12", "unreported"), ("2", "30/06", "done"), ("2", "31/12", "not_due"),
        ("3", "30/09", "unreported"), ("4", "31/12", "not_due"), ("5", "", "unreported"),
    ]  # fmt: skip
    assert figures(q) == {"due": 2, "done": 1, "done_late": 0, "overdue": 1, "no_evidence": 1}
    after = PeriodView(q.office, Period.parse("2025-9M"), as_of=None, audience="shared")
    assert figures(after) == {"due": 5, "done": 2, "done_late": 1, "overdue": 2, "no_evidence": 1}
    half = PeriodView(q.office, Period.parse("2025-08"), as_of=None, audience="shared")
    assert ("3", "30/09", "due_soon") in states(half)


def test_done_without_a_date_is_not_done(make: Make) -> None:
    q = make("2025", [("4", "Năm", "31/12/2025", "", "9/BC", 100)])
    assert ("4", "31/12", "overdue") in states(q)
    assert ("4", "no_date") in [(f.task, f.what) for f in tasks.faults(q)]


def test_done_without_a_document_is_counted_apart(make: Make) -> None:
    q = make("2025-Q4", [("4", "Năm", "31/12/2025", "01/12/2025", "", 100)])
    assert (figures(q)["done"], figures(q)["no_evidence"]) == (1, 1)
    rows = tasks.by_content(q).set_index("section")
    assert rows.loc["II Thủ tục", "no_evidence"] == 1


def test_the_plans_day_is_due_the_trackers_is_a_milestone(make: Make) -> None:
    q = make(
        "2025",
        [
            ("3", "Năm", "30/11/2025", "15/10/2025", "3/BC"),
            ("1", "Quý II", "15/07/2025", "10/07/2025", "2/BC"),
        ],
    )
    duties = {(d.task.task, d.due_on): d for d in tasks.read(q).duties}
    reviewed = duties["3", dt.date(2025, 9, 30)]
    assert (reviewed.state, reviewed.milestone) == ("done_late", dt.date(2025, 11, 30))
    quarter = duties["1", dt.date(2025, 6, 30)]
    assert (quarter.state, quarter.milestone) == ("done_late", dt.date(2025, 7, 15))


def test_a_duty_in_parts_is_done_with_the_last_of_them(make: Make) -> None:
    rows = [
        ("4", "Quý I", "31/03/2025", "30/03/2025", "1/BC"),
        ("4", "Quý III", "30/09/2025", "30/09/2025", "2/BC"),
    ]
    q = make("2025", rows, [*rows, ("4", "Quý IV", "31/12/2025", "", "", 20)])
    found = next(d for d in tasks.read(q).duties if d.task.task == "4")
    assert (found.state, found.percent) == ("overdue", 20)


def test_the_newest_export_wins_duty_by_duty(make: Make) -> None:
    first = [
        ("1", "Quý I", "31/03/2025", "", "", 50),
        ("3", "Năm", "30/09/2025", "01/09/2025", "3/BC"),
    ]
    q = make("2025", first, [("1", "Quý I", "31/03/2025", "20/03/2025", "1/BC")])
    found = dict.fromkeys(states(q))
    assert ("1", "31/03", "done") in found
    assert ("3", "30/09", "done") in found, "the newer file does not speak of it"


def test_an_event_is_due_when_the_tracker_says(make: Make) -> None:
    q = make("2025-Q3", [("5", "", "31/08/2025", "", "", 30)])
    assert ("5", "31/08", "overdue") in states(q)
    assert figures(q)["overdue"] == 3 + 1 + 1 + 1, "three quarters, tasks 2 and 3, the event"


def test_days_that_cannot_be(make: Make) -> None:
    q = make(
        "2025",
        [
            ("3", "Năm", "30/09/2025", "01/09/2024", "3/BC"),
            ("4", "Năm", "31/12/2025", "15/02/2026", "4/BC"),
            ("7", "Năm", "31/12/2025", "01/02/2025", "7/BC"),
        ],
    )
    assert {("3", "30/09", "overdue"), ("4", "31/12", "overdue")} <= set(states(q))
    what = {(f.task, f.what) for f in tasks.faults(q)}
    assert {
        ("3", "done_before_year"), ("4", "done_after_export"), ("7", "not_in_plan"),
        ("1", "no_rows"), ("2", "no_rows"), ("5", "no_rows"),
    } == what  # fmt: skip


def test_wording_goes_before_a_running_number(make: Make) -> None:
    """The tracker's first column counts its rows instead of repeating the plan's numbers."""
    CONTENT["99"] = CONTENT["4"]
    try:
        q = make("2025", [("99", "Năm", "31/12/2025", "01/12/2025", "4/BC")])
    finally:
        del CONTENT["99"]
    assert ("4", "31/12", "done") in states(q)


def test_no_tracker(make: Make) -> None:
    q = make("2025-Q2")
    found = tasks.values(q)
    assert (found["tasks.due"].value, found["tasks.due"].status) == (2, "ok")
    assert {(v.value, v.status) for id, v in found.items() if id != "tasks.due"} == {
        (None, "no_data")
    }
    assert {state for _, _, state in states(q)} == {"unreported"}
    assert tasks.faults(q) == []


def test_another_years_tracker_says_nothing_of_this_year(make: Make) -> None:
    q = make("2025", [("4", "Năm", "31/12/2024", "01/12/2024", "4/BC")])
    assert tasks.values(q)["tasks.done"].status == "no_data"


def test_a_due_date_that_cannot_be_read_is_said(make: Make) -> None:
    plan = PLAN + "6,II Thủ tục,Việc khác,BC,,,,theo hướng dẫn,\n"
    q = make("2025", plan=plan)
    assert states(q)[-1] == ("6", "", "unreported")
    assert [(f.task, f.what) for f in tasks.faults(q)] == [("6", "unclear_due")]


def test_by_lead_counts_a_task_for_each_who_leads_it(make: Make) -> None:
    frame = tasks.by(make("2025"), "lead").set_index("lead")
    assert dict(frame["tasks"]) == {"Tư pháp": 2, "Văn phòng": 3, "": 1}
    assert (frame[list(tasks.STATES)].sum(axis=1) == frame["duties"]).all()
    # task 2 has two duties and two leads
    assert frame["duties"].sum() == 4 + 2 * 2 + 1 + 1 + 1


def test_what_is_due_next_looks_into_the_next_year_if_it_has_a_plan(make: Make) -> None:
    q = make("2025-Q1")
    before = PeriodView(q.office, Period.parse("2024-Q4"), as_of=None, audience="shared")
    frame = tasks.due_next(before)
    assert list(zip(frame["year"], frame["task"], strict=True)) == [(2025, "1")]
    start, end = tasks.next_quarter(Period.parse("2024-11", cut="reporting"))
    assert (start, end) == (dt.date(2024, 11, 15), dt.date(2025, 2, 14))


def test_due_days_in_words(make: Make) -> None:
    """A tracker that has no column of periods, and whose due days are the plan's own words."""
    q = make(
        "2025",
        [
            ("1", "", "Quý I/2025", "20/03/2025"),
            ("1", "", "Quý II", "05/07/2025"),
            ("1", "", "Hết quý III năm 2025", ""),
            ("2", "", "6 tháng đầu năm 2025", "30/06/2025"),
            ("3", "", "Tháng 9/2025", "01/09/2025"),
            ("4", "", "Thường xuyên", "30/12/2025"),
        ],
    )
    told = tasks.duties(q)[["task", "due_on", "milestone", "done_on", "state"]]
    days = [
        (row.task, *(f"{day:%d/%m}" if day == day and day else "" for day in row[2:5]), row.state)
        for row in told.itertuples()
        if (row.done_on == row.done_on and row.done_on) or row.milestone == row.milestone
    ]
    assert days == [
        ("1", "31/03", "31/03", "20/03", "done"),
        ("1", "30/06", "", "05/07", "done_late"),
        ("1", "30/09", "30/09", "", "overdue"),
        ("2", "30/06", "30/06", "30/06", "done"),
        ("3", "30/09", "30/09", "01/09", "done"),
        ("4", "31/12", "", "30/12", "done"),
    ]
    assert {fault.what for fault in tasks.faults(q)} == {"no_rows"}  # of task 5


@pytest.mark.parametrize("said", [["100%", "50%", "20%"], ["100%", "0.5", "0.2"],
                                  ["1", "0.5", "0.2"], ["100", "50", "20"]])  # fmt: skip
def test_shares_beside_percents(make: Make, said: list[str]) -> None:
    rows = [("1", "", f"{day}/2025", "", "", cell)
            for day, cell in zip(("31/03", "30/06", "30/09"), said, strict=True)]  # fmt: skip
    q = make("2025", rows)
    assert [duty.percent for duty in tasks.read(q).duties if duty.reported] == [100, 50, 20]
