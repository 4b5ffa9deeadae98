"""Which table a sheet is, where its headers would make up another one too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..sheets import csv_file, line, register, take, xlsx_file

REGISTER = ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong", "Trạng thái"]
LOG = ["STT", "Mã hồ sơ", "Bước xử lý", "Người xử lý", "Ngày nhận", "Hạn xử lý", "Ngày kết thúc",
       "Trạng thái"]  # fmt: skip
STAGES = ("Tiếp nhận", "Thụ lý", "Ký duyệt")


def steps(n: int = 4) -> list[list[object]]:
    return [
        [i, f"H-24-00{dossier}", stage, "CB A", "02/07/2024", "05/07/2024", "03/07/2024", "Đã xong"]
        for dossier in range(n)
        for i, stage in enumerate(STAGES)
    ]


def dossiers(n: int = 4) -> list[list[object]]:
    rows = range(n)
    return [[i, f"H-24-00{i}", "01/07/2024", "05/07/2024", "", "Đang xử lý"] for i in rows]


def test_a_log_whose_steps_have_a_limit_and_a_state_is_a_log(tmp_path: Path) -> None:
    taken = take(csv_file(tmp_path / "nk.csv", [LOG, *steps()]))
    assert taken.table == "steps" and taken.receipt.rows_in == 12


def test_so_is_one_with_its_codes_merged_over_the_steps(tmp_path: Path) -> None:
    rows = steps()
    for n, row in enumerate(rows):
        row[1] = row[1] if n % 3 == 0 else ""
    merged = [(1 + 3 * n, 1, 3 + 3 * n, 1) for n in range(4)]
    taken = take(xlsx_file(tmp_path / "nk.xlsx", {"Trang 1": [LOG, *rows]}, merged=merged))
    assert taken.table == "steps" and taken.frame["code"].nunique() == 4


def test_a_register_that_says_at_which_step_each_dossier_is_is_none(tmp_path: Path) -> None:
    rows = [[*row[:1], f"H-24-01{n}", *row[2:]] for n, row in enumerate(steps())]
    taken = take(csv_file(tmp_path / "so.csv", [LOG, *rows]))
    assert taken.table == "dossiers" and len(taken.frame) == 12


PAKN = [
    [
        "Số tiếp nhận",
        "Ngày tiếp nhận",
        "Nội dung phản ánh",
        "Lĩnh vực",
        "Hạn giải quyết",
        "Công khai",
    ],
    ["PA-24-001", "02/07/2024", "Đường hỏng", "Đất đai", "05/07/2024", "x"],
]


@pytest.mark.parametrize("other", [[LOG, *steps()], PAKN], ids=["log", "feedback"])
def test_a_sheet_of_another_kind_gives_a_register_no_rows(tmp_path: Path, other: Any) -> None:
    sheets = {"Hồ sơ": [REGISTER, *dossiers()], "Khác": other}
    taken = take(xlsx_file(tmp_path / "so.xlsx", sheets))
    assert taken.table == "dossiers" and len(taken.frame) == 4
    assert any("“Khác”" in note for note in taken.receipt.notes)


def test_a_sheet_that_is_not_read_is_named_with_its_reason(tmp_path: Path) -> None:
    odd = [["Mã HSMC", "Ngày vào sổ", "Ngày ra"], *[["H-24-1", "01/08/2024", "02/08/2024"]] * 3]
    sheets: dict[str, Any] = {
        "T7": [REGISTER, *dossiers()],
        "T8": odd,
        "T9": [REGISTER, *dossiers()],
    }
    notes = take(xlsx_file(tmp_path / "so.xlsx", sheets, hidden=("T9",))).receipt.notes
    assert any("“T8” (4 dòng" in note and "tiêu đề cột" in note for note in notes)
    assert any("trang tính ẩn “T9” (5 dòng" in note for note in notes)


def test_what_people_reported_is_no_dossier(tmp_path: Path) -> None:
    header = ["STT", "Số tiếp nhận", "Ngày tiếp nhận", "Nội dung phản ánh, kiến nghị", "Lĩnh vực",
              "Hạn giải quyết", "Ngày giải quyết xong", "Tình trạng xử lý"]  # fmt: skip
    row = [1, "PA-24-001", "02/07/2024", "Đèn hỏng", "Khác", "05/07/2024", "04/07/2024", "Xong"]
    assert take(csv_file(tmp_path / "pa.csv", [header, row])).table == "feedback"


@pytest.mark.parametrize(
    "first, second, fields",
    [
        ("Ngày trả kết quả (dự kiến)", "Ngày hoàn thành", ("due_at", "finished_at")),
        ("Ngày hoàn thành (dự kiến)", "Ngày trả kết quả", ("due_at", "returned_at")),
        ("Ngày trả (theo giấy hẹn)", "Ngày trả (thực tế)", ("due_at", "returned_at")),
        ("Ngày phải trả", "Ngày trả (nếu có)", ("due_at", "returned_at")),
        ("Hạn trả (dự kiến)", "Ngày trả kết quả (dự kiến)", ("due_at", "")),
    ],
)
def test_a_promised_day_in_brackets_is_no_result(
    tmp_path: Path, first: str, second: str, fields: tuple[str, str]
) -> None:
    rows = [["Mã hồ sơ", "Ngày nhận", first, second, "Trạng thái"],
            ["H-24-001", "01/07/2024", "05/07/2024", "03/07/2024", "Đã trả kết quả"]]  # fmt: skip
    columns = take(csv_file(tmp_path / "so.csv", rows)).receipt.columns
    named = {label: field for field, label in columns.items()}
    assert (named.get(first, ""), named.get(second, "")) == fields


def test_a_payment_is_no_state_and_a_number_of_papers_no_code(tmp_path: Path) -> None:
    rows = [["Số hồ sơ (bộ)", "Số biên nhận", "Ngày nhận", "Ngày hẹn trả",
             "Trạng thái (thanh toán)", "Trạng thái hồ sơ"],
            [1, "H-24-001", "01/07/2024", "", "Chờ thanh toán", "Đang xử lý"]]  # fmt: skip
    first = take(csv_file(tmp_path / "so.csv", rows)).frame.iloc[0]
    assert (first["code"], first["status"]) == ("H-24-001", "processing")


def test_a_register_without_a_promised_day_says_what_it_cannot_tell(tmp_path: Path) -> None:
    rows = [["Mã hồ sơ", "Ngày nhận", "Trạng thái"], ["H-24-001", "01/07/2024", "Đang xử lý"]]
    notes = take(csv_file(tmp_path / "so.csv", rows)).receipt.notes
    assert any("ngày hẹn trả" in note and "QUAN TRỌNG" in note for note in notes)
    assert not any(
        "ngày hẹn trả" in note for note in take(register(tmp_path / "b.csv", line(1))).receipt.notes
    )


def test_a_numbered_row_with_a_short_code_and_no_day_is_set_aside_not_dropped(
    tmp_path: Path,
) -> None:
    rows = [["TT", "Số hồ sơ", "Họ và tên", "Nội dung", "Ngày nhận", "Ngày trả"],
            [1, "1/HT", "Lê Văn Kín", "Khai sinh", "01/07/2024", "02/07/2024"],
            [2, "2/HT", "Lê Văn Kín", "Khai sinh", "", ""],
            ["II", "Chứng thực", "", "", "", ""]]  # fmt: skip
    receipt = take(csv_file(tmp_path / "so.csv", rows)).receipt
    assert (receipt.rows_in, receipt.accepted, receipt.set_aside) == (2, 1, 1)


def test_two_tables_one_under_the_other_with_other_columns(tmp_path: Path) -> None:
    rows = [["I. HỒ SƠ ĐÃ GIẢI QUYẾT"],
            ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày giải quyết xong", "Ngày hẹn trả"],
            [1, "H-24-001", "01/07/2024", "03/07/2024", "05/07/2024"],
            [2, "H-24-002", "01/07/2024", "04/07/2024", "05/07/2024"],
            ["II. HỒ SƠ ĐANG GIẢI QUYẾT"],
            ["STT", "Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Lý do"],
            [1, "H-24-003", "02/07/2024", "09/07/2024", "Chờ ý kiến"]]  # fmt: skip
    taken = take(csv_file(tmp_path / "so.csv", rows))
    assert taken.receipt.set_aside == 0 and taken.frame["row"].tolist() == [3, 4, 7]
    assert taken.frame["finished_at"].notna().tolist() == [True, True, False]
    assert taken.frame["due_at"].dt.day.tolist() == [5, 5, 9]
