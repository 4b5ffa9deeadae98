"""Who is owed an apology: the groups, the urgency, and the figure that the brief prints."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.papers.apologies import Apology, lines, owed, reference_day
from cchc_analysis.workspace import inbox

from .made import COLUMNS, register

PERIODS = ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-02")


@pytest.mark.parametrize("period", PERIODS)
def test_the_owed_ones_are_those_of_the_apology_rate(sample: office.Office, period: str) -> None:
    q = sample.period(period, audience="internal")
    rate = q.result("dossiers.apology_rate")
    rows = [row for row in owed(q) if row.group != "due_tomorrow"]
    assert len(rows) == rate.denominator
    assert sum(row.owed for row in rows) == rate.denominator - rate.numerator
    assert {row.code for row in rows} == {*q.late["code"], *q.open_overdue["code"]}


def by_code(workspace: Path, rows: list[dict[str, str]], period: str, **options: str) -> tuple[
    list[Apology], office.PeriodView
]:  # fmt: skip
    exported = options.pop("exported", "05/04/2024 08:00")
    inbox.ingest(workspace, [register(workspace / "so.csv", rows, exported=exported)])
    q = office.open(workspace).period(period, audience="internal", **options)
    return owed(q), q


OPEN = {"Trạng thái": "Đang xử lý", "Ngày xử lý xong": "", "Ngày trả KQ": ""}


def test_groups_urgency_forms_and_promises(workspace: Path) -> None:
    rows = [
        {"n": "1", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024"},
        {"n": "2", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "21/03/2024",
         "Văn bản xin lỗi": "x"},
        {"n": "3", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "20/03/2024"},
        {"n": "4", "Ngày hẹn trả": "25/03/2024", **OPEN, "Văn bản xin lỗi": "gọi điện"},
        {"n": "5", "Ngày hẹn trả": "22/03/2024", **OPEN, "Ngày hẹn lại": "27/03/2024"},
        {"n": "6", "Ngày hẹn trả": "01/04/2024", **OPEN},  # Monday after Sunday 31 March
        {"n": "7", "Ngày hẹn trả": "02/04/2024", **OPEN},
        {"n": "8", "Ngày hẹn trả": "25/03/2024", **OPEN, "Trạng thái": "Yêu cầu bổ sung"},
        {"n": "9", "Ngày hẹn trả": "29/03/2024", "Ngày xử lý xong": "02/04/2024"},
        {"n": "10", "Ngày hẹn trả": "01/04/2024", "Ngày xử lý xong": "01/04/2024"},
    ]  # fmt: skip
    found, q = by_code(workspace, rows, "2024-Q1")
    assert reference_day(q) == dt.date(2024, 3, 31)
    assert [(row.code[-2:], row.group, row.form, row.late_days, row.owed) for row in found] == [
        ("06", "due_tomorrow", "none", None, True),
        ("05", "overdue", "none", 5, True),
        ("04", "overdue", "phone", 4, True),
        ("09", "overdue", "none", 2, True),  # finished since, and said so
        ("01", "late", "none", 3, True),
        ("02", "late", "written", 1, False),
    ]
    assert found[3].finished_at == dt.datetime(2024, 4, 2)
    said = "\n".join(lines(q, found))
    assert "đã xin lỗi qua điện thoại, chưa có văn bản" in said
    assert "Đã hẹn lại một lần đến ngày 27/03/2024 và lại quá ngày đó" in said
    assert said.startswith("LƯU HÀNH NỘI BỘ")


def test_the_day_of_the_data_is_not_over(workspace: Path) -> None:
    rows = [
        {"n": "1", "Ngày hẹn trả": "14/03/2024", **OPEN},
        {"n": "2", "Ngày hẹn trả": "15/03/2024", **OPEN},  # Friday, the day of the export
        {"n": "3", "Ngày hẹn trả": "18/03/2024", **OPEN},
        {"n": "4", "Ngày hẹn trả": "19/03/2024", **OPEN},
    ]
    found, q = by_code(workspace, rows, "2024-Q1", exported="15/03/2024 08:00")
    assert reference_day(q) == dt.date(2024, 3, 15)
    assert [(row.code[-2:], row.group) for row in found] == [
        ("02", "due_tomorrow"), ("03", "due_tomorrow"), ("01", "overdue"),
    ]  # fmt: skip


def test_a_register_without_the_column_says_so(workspace: Path) -> None:
    columns = tuple(name for name in COLUMNS if name not in ("Văn bản xin lỗi", "Ngày hẹn lại"))
    file = register(
        workspace / "so.csv", [{"n": "1", "Ngày hẹn trả": "20/03/2024",
                                "Ngày xử lý xong": "25/03/2024"}], columns=columns,
    )  # fmt: skip
    inbox.ingest(workspace, [file])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    found = owed(q)
    assert [row.form for row in found] == ["none"] and found[0].due_at_revised is None
    assert any("không có cột ghi việc xin lỗi" in line for line in lines(q, found))


def test_no_name_shows_in_an_apology(sample: office.Office) -> None:
    found = owed(sample.period("2024-Q1", audience="internal"))
    assert all("name" not in field for row in found for field in row.as_dict())
