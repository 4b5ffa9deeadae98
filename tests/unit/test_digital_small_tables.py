"""Small tables of indicators in, small answers out; another year's list from files alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.indicators import digital
from cchc_analysis.office import PeriodView
from cchc_analysis.period import Period
from cchc_analysis.workspace import inbox

from ..sheets import csv_file

LIST = "code,label,unit,kind,direction,goal,source,verified\n"
STOCK = "A1,Người có tài khoản,người,stock,up,0.9,danh sách thử,no\n"
FLOW = "B1,Văn bản ký số,văn bản,flow,up,1,danh sách thử,no\n"
LESS = "C1,Hộ chưa có cáp quang,hộ,stock,down,0.1,danh sách thử,no\n"
HEADER = ["Mã", "Chỉ tiêu", "Đơn vị tính", "Tháng", "Tử số", "Mẫu số", "Mục tiêu năm (%)"]
Row = tuple[Any, ...]
Make = Callable[..., PeriodView]


@pytest.fixture
def make(workspace: Path) -> Make:
    """``make(period, rows, …, listed=…)``: rows are (code, ``MM/YYYY``, top, bottom[, goal])."""

    def view(
        label: str,
        *exports: Sequence[Row],
        listed: str = STOCK + FLOW + LESS,
        as_of: dt.date | None = None,
        cut: str = "calendar",
    ) -> PeriodView:
        year = workspace / "data" / "plans" / "thieu-van" / "2025"
        year.mkdir()
        (year / "plan.toml").write_text('[plan]\ntitle = "Kế hoạch thử"\n', encoding="utf-8")
        (year / "indicators.csv").write_text(LIST + listed, encoding="utf-8")
        for name in ("targets", "tasks"):
            old = year.parent / "2024" / f"{name}.csv"
            head = old.read_text(encoding="utf-8").splitlines()[0] + "\n"
            if name == "targets":
                head += "X1,digital.B1,0.98,share,min,Mục 3,,Văn bản ký số từ 98%,yes,\n"
            (year / f"{name}.csv").write_text(head, encoding="utf-8")
        for number, rows in enumerate(exports):
            path = csv_file(
                workspace / f"chi_tieu_{number}.csv",
                [HEADER, *([c, "x", "y", m, k, n, *g] for c, m, k, n, *g in rows)],
            )
            moment = dt.datetime(2025, 3 * number + 4, 5)
            done = inbox.ingest(workspace, [path], exported_at=moment.isoformat())
            assert [row.error for row in done] == [None]
        the_office = office.open(workspace)
        return PeriodView(the_office, Period.parse(label, cut), as_of=as_of, audience="shared")

    return view


def value(q: PeriodView, code: str) -> tuple[Any, ...]:
    found = digital.values(q)[f"digital.{code}"]
    return found.numerator, found.denominator, found.value, found.status


def months(code: str, *cells: Any, first: int = 1, bottom: Any = 100) -> list[Row]:
    return [(code, f"{first + n:02d}/2025", cell, bottom) for n, cell in enumerate(cells)]


def test_stock_is_the_last_month_flow_is_the_sum(make: Make) -> None:
    q = make("2025-Q1", [*months("A1", 50, 60, 70), *months("B1", 90, 95, 100)])
    assert value(q, "A1") == (70, 100, 0.7, "ok")
    assert value(q, "B1") == (285, 300, 0.95, "ok")
    assert list(digital.values(q)) == ["digital.A1", "digital.B1", "digital.C1"]
    assert value(q, "C1") == (None, None, None, "no_data")


@pytest.mark.parametrize("last", ["", None])
def test_stock_missing_in_the_last_month(make: Make, last: Any) -> None:
    """Whether its cell is empty or there is no row."""
    rows = months("A1", 50, 60, *([last] if last == "" else []))
    q = make("2025-Q1", [*rows, *months("B1", 9, 9, 9)])
    assert value(q, "A1") == (None, None, None, "no_data")
    assert [(f.code, f.month, f.what) for f in digital.faults(q) if f.code == "A1"] == [
        ("A1", "2025-03", "missing")
    ]
    road = digital.path(q)[0]
    assert road.gap is None and road.needed is None and road.text


def test_flow_with_a_missing_month_is_the_sum_of_the_others_and_says_so(make: Make) -> None:
    q = make("2025-Q1", months("B1", 90, "", 100))
    assert value(q, "B1") == (190, 200, 0.95, "incomplete_period")
    assert ("B1", "2025-02", "missing") in [(f.code, f.month, f.what) for f in digital.faults(q)]


def test_numerator_over_denominator_is_refused(make: Make) -> None:
    q = make("2025-Q1", [*months("A1", 50, 60, 101), *months("B1", 90, 120, 100)])
    assert value(q, "A1") == (None, None, None, "faulty")
    assert value(q, "B1") == (None, None, None, "faulty")
    frame = digital.months(q)
    assert frame[frame["fault"] == "over"]["value"].isna().all()
    assert len(frame[frame["fault"] == "over"]) == 2


def test_a_sum_within_bounds_does_not_hide_a_month_beyond_them(make: Make) -> None:
    q = make("2025-Q1", months("B1", 10, 101, 10))
    assert value(q, "B1")[3] == "faulty"


def test_a_piled_up_count_that_falls_is_left_out(make: Make) -> None:
    q = make("2025-Q1", [*months("A1", 50, 60, 55), *months("B1", 90, 80, 70)])
    assert value(q, "A1") == (None, None, None, "faulty")
    assert value(q, "B1")[3] == "ok", "a flow may fall"


def test_the_fewest_months_are_left_out(make: Make) -> None:
    q = make("2025-Q2", months("A1", 50, 95, 55, 60, 65, 70))
    assert value(q, "A1") == (70, 100, 0.7, "ok")
    falls = [f.month for f in digital.faults(q) if f.what == "falling"]
    assert falls == ["2025-02"]


def test_what_should_fall_may_fall(make: Make) -> None:
    q = make("2025-Q1", months("C1", 40, 30, 25))
    assert value(q, "C1") == (25, 100, 0.25, "ok")
    road = digital.path(q)[2]
    assert road.met is False
    assert road.needed == pytest.approx(-0.15 / 9)
    assert road.pace == pytest.approx(-0.075)
    assert road.text.startswith("Cần giảm 1,7 điểm phần trăm mỗi tháng; đang giảm 7,5")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([("A1", "03/2025", 12.5, 100)], "fraction"),
        ([("A1", "03/2025", -1, 100)], "negative"),
        ([("A1", "03/2025", 12, "")], "no_denominator"),
        ([("A1", "03/2025", 12, 100), ("A1", "03/2025", 13, 100)], "twice"),
    ],
)
def test_what_no_count_can_be_is_flagged(make: Make, cells: list[Row], fault: str) -> None:
    q = make("2025-03", cells)
    assert value(q, "A1") == (None, None, None, "faulty")
    assert [f.what for f in digital.faults(q) if f.code == "A1"] == [fault]


def test_nothing_to_divide_by(make: Make) -> None:
    q = make("2025-Q1", [*months("B1", 0, 0, 0, bottom=0), ("A1", "03/2025", 0, 0)])
    assert value(q, "A1") == (0, 0, None, "zero_denominator")
    assert value(q, "B1") == (0, 0, None, "zero_denominator")


def test_a_month_without_work_adds_nothing(make: Make) -> None:
    q = make(
        "2025-Q1", [("B1", "01/2025", 8, 10), ("B1", "02/2025", 0, 0), ("B1", "03/2025", 9, 10)]
    )
    assert value(q, "B1") == (17, 20, 0.85, "ok")


def test_the_newest_export_wins_and_as_of_a_day_what_was_known(make: Make) -> None:
    first, second = months("A1", 50, 60, 70), months("A1", 51, 61, 71, 75)
    q = make("2025-Q1", first, second)
    assert value(q, "A1")[0] == 71
    then = PeriodView(q.office, q.period, as_of=dt.date(2025, 4, 30), audience="shared")
    assert value(then, "A1")[0] == 70, "the export of 5 July was not made yet"
    early = PeriodView(q.office, q.period, as_of=dt.date(2025, 4, 1), audience="shared")
    assert value(early, "A1")[0] == 70, "no export yet: the first that tells these months"


def test_as_of_inside_a_period(make: Make) -> None:
    q = make(
        "2025-Q1", [*months("A1", 50, 60, 70), *months("B1", 9, 9, 9)], as_of=dt.date(2025, 3, 10)
    )
    assert value(q, "A1")[3] == "no_data"
    assert value(q, "B1") == (18, 200, 0.09, "incomplete_period")
    assert set(digital.months(q)["month"]) == {"2025-01", "2025-02"}


def test_both_cuts_take_months_by_name(make: Make) -> None:
    q = make("2025-Q1", months("A1", 50, 60, 70), cut="reporting")
    assert value(q, "A1") == (70, 100, 0.7, "ok")


def test_codes_that_the_list_lacks_and_goals_that_differ_are_said(make: Make) -> None:
    rows = [("A1", "03/2025", 70, 100, 80), ("b1", "03/2025", 9, 10, 100), ("Z9", "03/2025", 1, 2)]
    q = make("2025-03", [(*row, "")[:5] for row in rows])
    assert value(q, "B1") == (9, 10, 0.9, "ok"), "codes are compared without case"
    found = {(f.code, f.what) for f in digital.faults(q)}
    assert found == {("A1", "goal_differs"), ("Z9", "unlisted"), ("C1", "missing")}
    assert "digital.Z9" not in digital.values(q)


def test_nothing_delivered(make: Make) -> None:
    q = make("2025-Q1")
    assert {v.status for v in digital.values(q).values()} == {"no_data"}
    assert digital.faults(q) == []
    assert len(digital.path(q)) == 3


def test_a_goal_of_the_plan_goes_before_the_lists(make: Make) -> None:
    q = make("2025-Q1", [*months("A1", 50, 60, 70), *months("B1", 97, 97, 97)])
    stock, flow, _ = digital.path(q)
    assert (str(stock.goal), stock.goal_source) == ("0.9", "danh sách thử")
    assert (str(flow.goal), flow.met) == ("0.98", False)
    assert "Mục 3" in flow.goal_source
    assert flow.needed_level == pytest.approx((0.98 * 1200 - 291) / 900)
    assert stock.needed == pytest.approx(0.2 / 9) and stock.pace == pytest.approx(0.1)
    assert stock.text == "Cần tăng 2,2 điểm phần trăm mỗi tháng; đang tăng 10,0 điểm phần trăm."


def test_six_months_in_a_row_make_a_forecast(make: Make) -> None:
    q = make("2025-H1", months("A1", 50, 54, 57, 62, 64, 68))
    made = digital.path(q)[0].forecast
    assert made is not None and (made.ahead, made.months) == (6, 6)
    assert "khoảng 80%" in digital.path(q)[0].forecast_text


def test_a_gap_breaks_the_row(make: Make) -> None:
    q = make("2025-H1", months("A1", 50, 54, "", 62, 64, 68))
    assert digital.path(q)[0].forecast is None
    assert digital.path(q)[0].pace == pytest.approx((0.68 - 0.5) / 5)


def test_a_code_that_meant_something_else_last_year_has_no_history(make: Make) -> None:
    renamed = "CDS03,Thứ khác hẳn,người,stock,up,0.9,danh sách thử,no\n"
    same = "CDS04,Người dân trưởng thành có tài khoản thanh toán điện tử,người,stock,up,0.8,x,no\n"
    rows = [(c, f"{m:02d}/2024", 50 + m, 100) for c in ("CDS03", "CDS04") for m in range(1, 13)]
    rows += [(c, "01/2025", 70, 100) for c in ("CDS03", "CDS04")]
    frame = digital.months(make("2025-01", rows, listed=renamed + same))
    assert dict(frame.groupby("code")["month"].count()) == {"CDS03": 1, "CDS04": 13}
