"""Every ``digital.*`` figure of the sample, against plain loops over the raw files.

``Oracle`` uses nothing of the package: it reads the plan's list with csv and the office's table
with calamine, and adds up.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import shipped
from cchc_analysis.indicators import digital
from cchc_analysis.office import Office

CUTS = ("calendar", "reporting")
OF_2024 = {
    "2024-Q1": range(1, 4), "2024-Q2": range(4, 7), "2024-Q3": range(7, 10),
    "2024-Q4": range(10, 13), "2024-H1": range(1, 7), "2024-H2": range(7, 13),
    "2024-9M": range(1, 10), "2024": range(1, 13),
    **{f"2024-{month:02d}": range(month, month + 1) for month in range(1, 13)},
}  # fmt: skip
Cell = tuple[Any, Any]


class Oracle:
    def __init__(self, plans: Path, sample: Path) -> None:
        with (plans / "thieu-van" / "2024" / "indicators.csv").open(encoding="utf-8") as opened:
            self.kinds = {row["code"]: row["kind"] for row in csv.DictReader(opened)}
        self.cells: dict[tuple[str, int, int], Cell] = {}
        for path in sample.glob("ChiTieuChuyenDoiSo_*.xlsx"):
            for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]:
                month, year = row[3].split("/")
                self.cells[row[0], int(year), int(month)] = (row[4], row[5])

    def figure(self, code: str, months: range) -> tuple[int, int] | None:
        if self.kinds[code] == "stock":
            months = months[-1:]
        tops = bottoms = 0
        for month in months:
            top, bottom = self.cells.get((code, 2024, month), ("", ""))
            if top == "" or bottom == "" or top > bottom:
                return None
            tops, bottoms = tops + int(top), bottoms + int(bottom)
        return tops, bottoms


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(shipped.path("data", "plans"), shipped.path("data", "sample"))


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", OF_2024)
def test_every_figure(sample: Office, oracle: Oracle, label: str, cut: str) -> None:
    ours = digital.values(sample.period(label, cut=cut))
    assert list(ours) == [f"digital.{code}" for code in oracle.kinds]
    for code in oracle.kinds:
        value, theirs = ours[f"digital.{code}"], oracle.figure(code, OF_2024[label])
        if theirs is None:
            assert (value.numerator, value.denominator, value.value) == (None, None, None), code
            assert value.status in ("no_data", "faulty"), code
        else:
            assert (value.numerator, value.denominator) == theirs, code
            assert value.value == theirs[0] / theirs[1], code
            assert value.status == "ok", code


@pytest.mark.parametrize("label", ["2023-Q3", "2023-Q4"])
def test_a_year_without_a_plan_has_no_figures(sample: Office, oracle: Oracle, label: str) -> None:
    q = sample.period(label)
    ours = digital.values(q)
    assert set(ours) == {f"digital.{code}" for code in oracle.kinds}
    assert {(v.value, v.status) for v in ours.values()} == {(None, "no_plan")}
    assert digital.path(q) == []
    assert digital.months(q).empty


@pytest.mark.parametrize(("label", "months"), [("2023-Q3", (7, 8, 9)), ("2023-Q4", (10, 11, 12))])
def test_the_list_of_2024_compares_with_the_months_before_it(
    sample: Office, oracle: Oracle, label: str, months: tuple[int, ...]
) -> None:
    ours = digital.values(sample.period(label), sample.plan(2024).indicators)
    for code, kind in oracle.kinds.items():
        used = [oracle.cells[code, 2023, m] for m in (months[-1:] if kind == "stock" else months)]
        assert ours[f"digital.{code}"].numerator == sum(top for top, _ in used), code
        assert ours[f"digital.{code}"].denominator == sum(bottom for _, bottom in used), code


def test_every_month_is_there_and_the_faults_are_in_no_figure(
    sample: Office, oracle: Oracle
) -> None:
    q = sample.period("2024")
    frame = digital.months(q)
    assert len(frame) == 10 * 18
    for row in frame.to_dict("records"):
        year, month = map(int, row["month"].split("-"))
        top, bottom = oracle.cells[row["code"], year, month]
        if top == "" or top > bottom:
            assert row["value"] != row["value"]
            assert row["fault"] == ("missing" if top == "" else "over")
        else:
            assert row["value"] == top / bottom
            assert row["fault"] == ""
        assert row["in_period"] == (year == 2024)
    found = [(f.code, f.month, f.what, f.in_period) for f in digital.faults(q)]
    assert found == [
        ("CDS05", "2024-05", "over", True),
        ("CDS06", "2023-07", "missing", False),
        ("CDS06", "2024-07", "missing", True),
    ]
    may = digital.values(sample.period("2024-05"))["digital.CDS05"]
    assert (may.value, may.status) == (None, "faulty")
    july = digital.values(sample.period("2024-07"))["digital.CDS06"]
    assert (july.value, july.status) == (None, "no_data")


def test_faults_are_said_in_words(sample: Office) -> None:
    texts = {f.code: f.text for f in digital.faults(sample.period("2024-Q2"))}
    assert "05/2024" in texts["CDS05"] and "772" in texts["CDS05"] and "760" in texts["CDS05"]


def test_as_of_a_day_months_not_over_are_not_seen(sample: Office, oracle: Oracle) -> None:
    """The only export came at the year's end; rows are cut by their month all the same."""
    q = sample.period("2024-H1", as_of="2024-06-15")
    assert set(digital.months(q)["month"]) <= {f"2023-{m:02d}" for m in range(7, 13)} | {
        f"2024-{m:02d}" for m in range(1, 6)
    }
    ours = digital.values(q)
    assert ours["digital.CDS03"].status == "no_data"
    flow = ours["digital.CDS08"]
    tops = [oracle.cells["CDS08", 2024, m][0] for m in range(1, 6)]
    assert (flow.numerator, flow.status) == (sum(tops), "incomplete_period")
    later = digital.values(sample.period("2024-Q1", as_of="2024-06-15"))
    assert later == digital.values(sample.period("2024-Q1"))


def test_the_way_to_the_goal(sample: Office, oracle: Oracle) -> None:
    paths = {p.indicator.code: p for p in digital.path(sample.period("2024-Q3"))}
    road = paths["CDS03"]
    now, then = (oracle.cells["CDS03", 2024, m] for m in (9, 3))
    share = now[0] / now[1]
    assert road.gap == pytest.approx(share - 0.9)
    assert road.needed == pytest.approx((0.9 - share) / 3)
    assert road.pace == pytest.approx((share - then[0] / then[1]) / 6)
    assert "điểm phần trăm mỗi tháng; đang tăng" in road.text
    assert road.forecast is not None
    assert road.forecast.low < road.forecast.value < road.forecast.high
    assert road.forecast.months == 15 and road.forecast.ahead == 3
    assert road.backtest is not None and road.backtest.tests == 9 + 8 + 7
    assert paths["CDS05"].forecast is None, "four months in a row since the fault"
    assert paths["CDS06"].forecast is None, "two months in a row since the missing one"
    assert paths["CDS07"].forecast is None and paths["CDS07"].met
    flow = paths["CDS08"]
    tops = sum(oracle.cells["CDS08", 2024, m][0] for m in range(1, 10))
    assert (flow.year.numerator, flow.year.denominator) == (tops, 9 * 260)
    assert flow.needed is None and flow.forecast is None
    assert flow.needed_level == pytest.approx((12 * 260 - tops) / (3 * 260))
    assert flow.needed_level > 1, "no longer to be reached"


def test_goals_are_the_plans_where_it_has_one(sample: Office) -> None:
    paths = {p.indicator.code: p for p in digital.path(sample.period("2024-Q1"))}
    assert "mục II.1" in paths["CDS01"].goal_source
    assert paths["CDS04"].goal_source == sample.plan(2024).indicators[3].source


def test_how_good_the_forecasts_were_is_printed(sample: Office) -> None:
    q = sample.period("2024-Q2")
    tested = digital.coverage(q)
    assert tested.share is not None and tested.tests > 100
    assert 0.5 < tested.share <= 1
    first = next(p for p in digital.path(q) if p.indicator.code == "CDS03")
    assert first.backtest is not None
    assert f"{first.backtest.hits}/{first.backtest.tests}" in first.forecast_text
