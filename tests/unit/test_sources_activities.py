"""The register of activities is read from any layout, and is taken for no other table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ..sheets import PHONE, csv_file, take, xlsx_file

HEADER = ["STT", "Ngày thực hiện", "Nội dung CCHC", "Loại hoạt động", "Tên hoạt động", "Số lượng",
          "Đơn vị tính", "Số người tham dự", "Số văn bản", "Ghi chú"]  # fmt: skip
ROW = [1, "15/01/2024", "VII", "Họp", "Họp giao ban", 1, "cuộc", 12, "05/GM-UBND", ""]


def read(tmp_path: Path, *rows: list[Any], header: list[str] = HEADER) -> Any:
    return take(csv_file(tmp_path / "so.csv", [header, *rows]))


@pytest.mark.parametrize(
    "header",
    [
        "Ngày,Nội dung (I–VII),Loại hoạt động,Nội dung,Số lượng,Số người tham gia,Số văn bản",
        "Thời gian,Nội dung CCHC,Loại,Tên hoạt động,Kết quả,Số người,Số ký hiệu văn bản",
        "NGAY THUC HIEN,NOI DUNG CCHC,LOAI HOAT DONG,HOAT DONG,SO LUONG,SO NGUOI,VAN BAN",
        "2. Ngày,3. Thuộc nội dung,4. Loại,5. Hoạt động,6. Số lượng,7. Lượt người,8. Minh chứng",
    ],
)
def test_headers_of_many_offices(tmp_path: Path, header: str) -> None:
    path = tmp_path / "so.csv"
    path.write_text(f"{header}\n15/01/2024,VI,Tập huấn,Kỹ năng số,2,45,01/KH\n", encoding="utf-8")
    taken = take(path)
    assert taken.table == "activities"
    row = taken.frame.iloc[0]
    assert (row["content"], row["kind"], row["title"]) == ("VI", "Tập huấn", "Kỹ năng số")
    assert (row["count"], row["people"], row["document"]) == (2, 45, "01/KH")
    assert row["date"] == dt.datetime(2024, 1, 15)


def test_a_printed_page(tmp_path: Path) -> None:
    rows = [
        ["UBND XÃ THIỆU VÂN"], ["SỔ THEO DÕI HOẠT ĐỘNG CẢI CÁCH HÀNH CHÍNH"],
        ["(Từ ngày 01/01/2024 đến ngày 31/03/2024)"], [], HEADER,
        [f"({n})" for n in range(1, 11)], ROW, HEADER, [2, dt.datetime(2024, 2, 1), *ROW[2:]],
        ["Tổng cộng", "", "", "", "", 2, "", 24, "", ""],
        ["", "", "Người lập biểu", "", "", "", "Chủ tịch", "", "", ""],
    ]  # fmt: skip
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": rows}, merged=[(0, 0, 0, 3), (1, 0, 1, 9)]))
    assert (taken.table, taken.frame["row"].tolist()) == ("activities", [7, 9])
    receipt = taken.receipt
    assert receipt.window_stated and receipt.window_to == dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("spoken", "content"),
    [
        ("I", "I"), ("1", "I"), (2, "II"), ("II. Cải cách thủ tục hành chính", "II"),
        ("Nội dung VI", "VI"), ("noi dung so 7", "VII"), ("cải cách chế độ công vụ", "IV"),
        ("Cải cách tài chính công", "V"), ("1. Cải cách TTHC", "II"), ("", None), ("VIII", None),
        ("Xây dựng chính quyền điện tử, chính quyền số", "VI"), ("khác", None),
    ],
)  # fmt: skip
def test_the_contents_as_offices_write_them(
    tmp_path: Path, spoken: Any, content: str | None
) -> None:
    row = [1, "15/01/2024", f'"{spoken}"', *ROW[3:]]
    taken = read(tmp_path, row)
    assert taken.frame["content"].fillna("").tolist() == [content or ""]
    assert any("chưa hiểu" in note for note in taken.receipt.notes) == (spoken in ("VIII", "khác"))


@pytest.mark.parametrize(
    ("place", "cell", "rule"),
    [
        (1, "", "date_missing"), (1, "31/02/2024", "date_impossible"),
        (1, "15/01/1924", "year_not_believable"), (3, "", "kind_missing"),
        (5, "khoảng chục", "count_impossible"), (5, "-2", "count_impossible"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_set_aside_with_its_remedy(
    tmp_path: Path, place: int, cell: str, rule: str
) -> None:
    row = list(ROW)
    row[place] = cell
    others = [[n, f"1{n}/01/2024", *ROW[2:]] for n in (2, 3)]
    (aside,) = read(tmp_path, row, *others).set_aside
    assert (aside.row, aside.rule) == (2, rule)
    assert len(aside.remedy) > 20


def test_a_short_row_without_a_date_is_still_a_row(tmp_path: Path) -> None:
    taken = read(tmp_path, ROW, [2, "", "", "Họp", "", "", "", "", "", ""])
    assert [row.rule for row in taken.set_aside] == ["date_missing"]
    bare = read(tmp_path, ROW[1:6], ["", "II", "Họp", "", ""], header=HEADER[1:6])
    assert [row.rule for row in bare.set_aside] == ["date_missing"]


def test_the_same_row_twice_is_once(tmp_path: Path) -> None:
    taken = read(tmp_path, ROW, [2, *ROW[1:]])
    assert (taken.receipt.accepted, taken.receipt.duplicates) == (1, 1)


def test_a_unit_behind_the_number(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "Đơn vị tính"]
    rows = [[n, f"1{n}/01/2024", "V", "Kinh phí", "", cell, "", "", ""]
            for n, cell in enumerate(["1.250 triệu đồng", "'02 lớp", "3", ""])]  # fmt: skip
    rows[1][5] = "02 lớp"
    frame = read(tmp_path, *rows, header=header).frame
    assert frame["count"].fillna(-1).tolist() == [1250, 2, 3, -1]
    assert frame["unit"].fillna("").tolist() == ["triệu đồng", "lớp", "", ""]


def test_numbers_of_people_stay_at_the_door(tmp_path: Path) -> None:
    hostile = f'"=HYPERLINK(""http://x"",""<script>"") gọi {PHONE}"'
    row = [1, "15/01/2024", "VII", f"Họp {PHONE}", hostile, f"1 cuộc {PHONE}", "", 3, PHONE, PHONE]
    taken = read(tmp_path, row)
    kept = taken.frame.to_csv() + str(taken.receipt.as_dict())
    assert PHONE not in kept and PHONE[1:] not in kept
    assert taken.frame["title"].iat[0].startswith("=HYPERLINK")
    assert taken.receipt.accepted == 1


OTHERS = {
    "tasks": "STT,Nội dung,Chủ trì,Thời gian thực hiện,Ngày hoàn thành,Văn bản,Ghi chú\n"
    "1,Họp,UBND,31/12/2024,08/12/2024,x,\n",
    "steps": "Mã hồ sơ,Công việc,Người thực hiện,Ngày thực hiện,Ngày hoàn thành,Ghi chú\n"
    "A-1,Thụ lý,Một cửa,02/01/2024 08:00:00,02/01/2024 09:00:00,\n",
    "digital": "Mã,Nội dung,Thời gian,Kết quả thực hiện,Tổng số\nCDS01,Ký số,07/2023,1.234,2.000\n",
    "feedback": "Số phiếu,Ngày nhận,Nguồn,Nội dung,Hạn xử lý\n"
    "P-01,02/01/2024,Zalo,Chậm,09/01/2024\n",
    "survey": "Thời gian,Giới tính,Công chức [Lịch sự],Kết quả [Đúng hẹn]\n"
    "02/01/2024 08:00:00,Nữ,Hài lòng,Rất hài lòng\n",
    "activities": "STT,Thời gian thực hiện,Nội dung,Loại hoạt động,Số lượng,Số văn bản,Ghi chú\n"
    "1,02/01/2024,Họp giao ban,Họp,1,05/GM,\n",
}


@pytest.mark.parametrize("table", OTHERS)
def test_tables_with_headers_in_common_are_told_apart(tmp_path: Path, table: str) -> None:
    path = tmp_path / "HoatDong_2024.csv"
    path.write_text(OTHERS[table], encoding="utf-8")
    assert take(path).table == table


def test_the_year_in_its_name_is_what_it_covers(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "HoatDong_Q1_2024.csv", [HEADER, ROW])
    receipt = take(path).receipt
    assert (receipt.window_from, receipt.window_to) == (dt.date(2024, 1, 1), dt.date(2024, 3, 31))
