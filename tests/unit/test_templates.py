"""An entry template filled in as a person would, dropped into the inbox, gives its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc_analysis import cli, office
from cchc_analysis import plan as plans
from cchc_analysis.errors import FileError
from cchc_analysis.indicators import tasks
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.template_sheets import HEAD

EXAMPLE = HEAD + 2  # as Excel counts rows
DAY = dt.datetime
ANSWERS = {"Hài lòng": 4, "Rất hài lòng": 5}
REGISTER = [
    ("A-240101", "1.001193", "Đăng ký khai sinh", "Hộ tịch", "Trực tiếp", DAY(2024, 1, 8),
     DAY(2024, 1, 15), DAY(2024, 1, 12), DAY(2024, 1, 12), "Đã trả kết quả", "x", None, 8000, "x"),
    ("A-240102", "1.001193", "Đăng ký khai sinh", "Hộ tịch", "Trực tuyến", DAY(2024, 2, 1),
     DAY(2024, 2, 7), DAY(2024, 2, 19), None, "Đã xử lý xong", None, "x", 0, None,
     "Công chức Tư pháp - Hộ tịch", 1, "Tin nhắn SMS", "Văn bản"),
    ("A-240103", None, "Chứng thực", "Chứng thực", "Trực tiếp", DAY(2024, 3, 28),
     DAY(2024, 4, 2), None, None, "Đang xử lý", None, None, None, None),
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "Báo cáo quý 1", unit="dong-linh", name="xã Đông Lĩnh")


def fill(
    root: Path,
    stem: str,
    rows: Iterable[Sequence[Any]],
    *,
    first: int = EXAMPLE + 1,
    column: int = 2,
) -> Path:
    """A copy of the template in the inbox, its rows filled in from ``first`` on."""
    book = openpyxl.load_workbook(root / "data" / "templates" / f"{stem}_2024.xlsx")
    page = book.worksheets[0]
    for n, row in enumerate(rows, first):
        for place, value in enumerate(row, column):
            if value is not None:
                page.cell(n, place).value = value
    path = root / "data" / "inbox" / f"{stem}_2024.xlsx"
    book.save(path)
    return path


def taken(root: Path, path: Path) -> dict[str, Any]:
    (row,) = inbox.ingest(root, [path])
    assert row.error is None, row.error
    found = row.as_dict()
    assert (found["notes"], found["rows_set_aside"], found["duplicates"]) == ([], [], 0)
    return found


def figures(root: Path) -> dict[str, float | None]:
    return {
        result.id: result.value
        for result in office.open(root).period("2024-Q1", audience="internal").results
    }


def test_all_templates_filled_in_give_their_figures(root: Path) -> None:
    assert taken(root, fill(root, "SoTheoDoiHoSo", REGISTER))["accepted"] == 3
    forms = [
        (DAY(2024, 1, 22), "Nữ", "35-49", "Hộ tịch", "Trực tiếp", *["Hài lòng"] * 18, None),
        (DAY(2024, 3, 2), "Nam", "Dưới 25", "Chứng thực", "Trực tuyến",
         *["Rất hài lòng"] * 17, "Không hài lòng", "Chờ hơi lâu"),
    ]  # fmt: skip
    assert taken(root, fill(root, "KhaoSatHaiLong", forms))["accepted"] == 2
    months = [("CDS03", None, f"0{month}/2024", 2000 + month, 4000) for month in (1, 2, 3)]
    months += [("CDS01", None, f"0{month}/2024", 10, 20) for month in (1, 2, 3)]
    assert taken(root, fill(root, "ChiTieuChuyenDoiSo", months))["accepted"] == 6
    said = [
        ("PA-001", DAY(2024, 1, 10), "Zalo", "Thái độ phục vụ", "Hộ tịch", DAY(2024, 1, 20),
         DAY(2024, 1, 19), "x"),
        ("PA-002", DAY(2024, 2, 10), "Điện thoại", "Hành vi chậm trễ", "Hộ tịch",
         DAY(2024, 2, 20), DAY(2024, 2, 22), None),
        ("PA-003", DAY(2024, 3, 29), "Trực tiếp", "Khác", "Hộ tịch", DAY(2024, 4, 8), None, None),
    ]  # fmt: skip
    assert taken(root, fill(root, "PhanAnhKienNghi", said))["accepted"] == 3
    done = [
        (DAY(2024, 1, 9), "VII", "Cuộc họp, hội nghị", "Họp giao ban", 2, "cuộc", 24),
        (DAY(2024, 2, 9), None, "Lớp tập huấn, bồi dưỡng", "Tập huấn", None, None, 30),
    ]
    assert taken(root, fill(root, "HoatDongCCHC", done))["accepted"] == 2
    path = root / "data" / "templates" / "TienDoNhiemVu_2024.xlsx"
    page = openpyxl.load_workbook(path).worksheets[0]
    rows = {page.cell(n, 1).value: n for n in range(page.max_row, EXAMPLE, -1)}  # first of each
    written = taken(root, fill(root, "TienDoNhiemVu", [(DAY(2024, 3, 28), "113/BC-UBND", 100)],
                               first=rows["4"], column=6))  # fmt: skip
    plan = plans.load(root, "dong-linh", 2024)
    assert written["accepted"] >= len(plan.tasks)  # every due day has its row already
    value = figures(root)
    assert (value["dossiers.received"], value["dossiers.resolved_late"]) == (3, 1)
    assert value["dossiers.paid_online_rate"] == 1
    assert value["dossiers.apology_rate"] == 1 and value["dossiers.notified_rate"] == 0.5
    assert value["dossiers.supplement_rate"] == 1 / 3
    assert value["survey.responses"] == 2 and value["survey.overall"] == 0.5
    assert value["survey.index"] == 1
    assert value["digital.CDS03"] == 2003 / 4000 and value["digital.CDS01"] == 0.5
    assert (value["feedback.received"], value["feedback.resolved_late"]) == (3, 1)
    assert value["feedback.open"] == 1
    assert (value["activities.meetings"], value["activities.training"]) == (2, 1)
    assert value["activities.training.people"] == 30
    quarter = [row for row in plan.tasks if row.cadence == "hằng quý"]
    assert value["tasks.due"] == len(quarter) and value["tasks.done"] == 1


def test_no_row_is_lost_for_the_example(root: Path) -> None:
    """Typed over the example, whatever was left of it; below it, above it, or like it."""
    path = fill(root, "PhanAnhKienNghi", [
        ("PA-001", DAY(2024, 1, 10), "Zalo", "Ví dụ", "Hộ tịch"),  # over it: "STT" still says so
        ("Ví dụ: PAKN-2024-001", DAY(2024, 1, 11), "Zalo", "Thái độ phục vụ", "Chứng thực"),
        ("PA-003", "Ví dụ: 11/07/2024", "Zalo", "Thái độ phục vụ", "Chứng thực"),
        ("PA-004", DAY(2024, 1, 12), "Ví dụ", "Thái độ phục vụ", "Chứng thực"),
    ], first=EXAMPLE)  # fmt: skip
    (row,) = inbox.ingest(root, [path])
    found = row.as_dict()
    assert (found["rows_in"], found["accepted"]) == (4, 3)
    aside = [(r["row"], r["rule"]) for r in found["rows_set_aside"]]
    assert aside == [(EXAMPLE + 2, "received_impossible")]


@pytest.mark.parametrize("stem", ["SoTheoDoiHoSo", "KhaoSatHaiLong", "TienDoNhiemVu"])
def test_a_template_as_it_came_says_nothing_of_the_year(root: Path, stem: str) -> None:
    (row,) = inbox.ingest(root, [fill(root, stem, [])])
    assert isinstance(row.error, FileError) and "chưa điền" in str(row.error)


def test_the_day_written_above_decides_which_version_is_newer(root: Path) -> None:
    """Percentages alone have no day of their own; a later file must replace an earlier one."""
    taken(root, fill(root, "SoTheoDoiHoSo", REGISTER))
    path = root / "data" / "templates" / "TienDoNhiemVu_2024.xlsx"
    for day, percent in ((DAY(2024, 3, 1), 40), (DAY(2024, 3, 20), 60)):
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        page["C3"].value = day
        page.cell(EXAMPLE + 1, 8).value = percent
        filled = root / "data" / "inbox" / path.name
        book.save(filled)
        assert taken(root, filled)["exported_at"] == str(day)
    q = office.open(root).period("2024-Q1", audience="internal")
    duty = tasks.read(q).duties[0]
    assert (duty.task.task, duty.percent) == ("1", 60)


def test_they_follow_the_plan_and_are_never_written_over(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "data" / "plans" / "dong-linh"
    (folder / "2024").rename(folder / "2025")
    table = folder / "2025" / "tasks.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("task;"))
    own = "N1;I;Nhiệm vụ riêng;;Văn phòng;;hằng quý;;"
    table.write_text("\n".join([*lines[: head + 1], own]) + "\n", encoding="utf-8-sig")

    def run(*arguments: str) -> int:
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(root), "templates", *arguments])
        return int(stopped.value.code or 0)

    assert run("2024") == 2
    copy = "chép thư mục data/plans/dong-linh/2025 thành data/plans/dong-linh/2024"
    assert copy in capsys.readouterr().err
    assert run("2025") == 0
    assert run("2025") == 2 and "--force" in capsys.readouterr().err
    assert run("2025", "--force") == 0
    path = root / "data" / "templates" / "TienDoNhiemVu_2025.xlsx"
    page = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in page[n]][:5] for n in range(EXAMPLE + 1, EXAMPLE + 6)]
    assert [row[3] for row in rows[:4]] == ["Quý I", "Quý II", "Quý III", "Quý IV"]
    assert rows[0][0] == "N1" and rows[3][4] == DAY(2025, 12, 31) and rows[4][0] is None


def test_what_is_typed_is_checked_in_vietnamese(root: Path) -> None:
    for path in sorted((root / "data" / "templates").iterdir()):
        book = openpyxl.load_workbook(path)
        page, guide, lists = book.worksheets
        assert page.freeze_panes == f"B{HEAD + 2}" and lists.sheet_state == "hidden"
        heads = [cell.value for cell in page[HEAD + 1]]
        told = [cell.value for cell in guide["A"]]
        assert set(heads) <= set(told)  # the guide explains each column
        rules = page.data_validations.dataValidation
        assert {"date"} <= {rule.type for rule in rules} or "ChiTieu" in path.name
        assert all(rule.error and rule.errorTitle == "Chưa đúng" for rule in rules)
        firsts = {str(rule.sqref).split(":")[0] for rule in rules} - {"C3"}
        assert all(int("".join(filter(str.isdigit, ref))) == EXAMPLE + 1 for ref in firsts)
