"""The header is found wherever it stands, and rows are told from what is printed among them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cchc_analysis.errors import ColumnsError

from ..sheets import DONE, HEADER, NAME, PHONE, csv_file, line, register, take, xlsx_file


def grouped() -> list[list[object]]:
    """A header of three rows under a title, with merged groups and numbered columns."""
    top = ["STT", "Mã hồ sơ", "Thời gian", "", "", "Số hóa", "", "Trạng thái"]
    middle = ["", "", "Tiếp nhận và hẹn trả", "", "Ngày kết thúc", "", "", ""]
    bottom = ["", "", "Ngày tiếp nhận", "Ngày hẹn trả", "", "Hồ sơ đầu vào", "Kết quả", ""]
    numbers = ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"]
    row = [1, "A-0001", "02/01/2024", "05/01/2024", "04/01/2024", "x", "", "Đã xử lý xong"]
    return [["SỔ THEO DÕI HỒ SƠ"], [], top, middle, bottom, numbers, row]


MERGED = [(2, 2, 2, 4), (3, 2, 3, 3), (2, 5, 3, 6), (2, 0, 4, 0), (2, 1, 4, 1), (3, 4, 4, 4),
          (2, 7, 4, 7)]  # fmt: skip


def test_three_header_rows_with_merged_groups(tmp_path: Path) -> None:
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": grouped()}, merged=MERGED))
    first = taken.frame.iloc[0]
    assert taken.receipt.rows_in == 1
    assert (first["row"], str(first["finished_at"])[:10]) == (7, "2024-01-04")
    assert (first["digitised_intake"], first["digitised_result"]) == (True, False)


def test_two_header_rows_without_merge_information(tmp_path: Path) -> None:
    top = ["Mã hồ sơ", "Thời gian", "", "Số hóa", ""]
    bottom = ["", "Ngày tiếp nhận", "Ngày hẹn trả", "Hồ sơ đầu vào", "Kết quả"]
    rows = [top, bottom, ["A-0001", "02/01/2024", "05/01/2024", "x", "x"]]
    taken = take(csv_file(tmp_path / "so.csv", rows))
    assert taken.receipt.columns["digitised_result"] == "Số hóa / Kết quả"
    assert taken.receipt.rows_in == 1


def test_what_is_printed_among_the_rows_is_no_row(tmp_path: Path) -> None:
    path = register(
        tmp_path / "so.csv",
        [f"({n})" for n in range(1, 11)],
        ["Lĩnh vực: Hộ tịch (2 hồ sơ)"],
        line(1),
        HEADER,  # the next printed page
        line(2),
        ["II", "Chứng thực", "1"],
        line(3),
        [],
        ["4", "", "", "", "", "", "", "", "", ""],
        ["Tổng cộng", "", "", "", "", "", "", "", "", "3"],
        ["", "", "Người lập biểu", "", "", "", "", "", "Thủ trưởng đơn vị", ""],
        ["", "", "Lê Thị Bút", "", "", "", "", "", "Trần Văn Ấn", ""],
        title=["UBND XÃ THIỆU VÂN", "SỔ THEO DÕI HỒ SƠ"],
    )
    taken = take(path)
    assert taken.frame["row"].tolist() == [6, 8, 10]
    assert taken.receipt.set_aside == 0


def test_a_row_without_a_code_is_still_a_row(tmp_path: Path) -> None:
    dateless = ["", "", "Hộ tịch", NAME, PHONE, "", "", "", "", "Đang xử lý"]
    taken = take(register(tmp_path / "so.csv", line(1), line(2, code=""), dateless))
    assert [row.rule for row in taken.set_aside] == ["code_missing", "code_missing"]


CLOSED: list[list[object]] = [
    ["", "Cộng lĩnh vực Hộ tịch", "", "", "", 20, 19, 3, "", ""],
    ["", "Tổng cộng 3 lĩnh vực", "", "", "", 60, 57, 9, "", ""],
    ["", "", "", "", "", "", "", "Thiệu Vân, ngày 01 tháng 10 năm 2024", "", ""],
    ["", "NGƯỜI LẬP BIỂU", "", "CÔNG CHỨC TƯ PHÁP", "", "CÔNG CHỨC ĐỊA CHÍNH", "", "CHỦ TỊCH",
     "", ""],
    ["", "(Ký, ghi rõ họ tên)", "", "(Ký)", "", "(Ký)", "", "(Ký, đóng dấu)", "", ""],
    [],
    ["", NAME, "", "Ngô Văn Kín", "", "Đỗ Văn Kín", "", "Vũ Đình Kín", "", ""],
]  # fmt: skip


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_subtotals_and_signatures_are_no_dossiers(tmp_path: Path, format: str) -> None:
    rows = [HEADER, line(1), CLOSED[0], line(2), *CLOSED[1:]]
    if format == "xlsx":
        taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": rows}))
    else:
        taken = take(csv_file(tmp_path / "so.csv", rows, ";"))
    assert taken.frame["row"].tolist() == [2, 4]
    assert taken.set_aside == [] and NAME not in str(taken.receipt)


@pytest.mark.parametrize(
    "row",
    [
        [3, "", "Hộ tịch", NAME, PHONE, "", "", "", "", "Đang xử lý"],
        ["", "", "Cộng đồng", NAME, "Khai sinh", "", "", "", "", "Đang xử lý"],
        ["", "A-1", "Hộ tịch", "Chủ tịch", "", "20", "", "", "", ""],
        [3, "", "Hộ tịch", "Cán bộ", "Công chức", "", "", "", "", "Đang xử lý"],
    ],
)
def test_a_dossier_without_code_and_day_is_no_closing_line(
    tmp_path: Path, row: list[object]
) -> None:
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": [HEADER, line(1), row, line(2)]}))
    assert taken.receipt.rows_in == 3 and taken.receipt.set_aside == 1


@pytest.mark.parametrize(
    ("total", "noted"),
    [("Tổng số: 2 hồ sơ", False), ("Tổng số: 5 hồ sơ", True), ("Tổng lệ phí: 5.000", False)],
)
def test_a_stated_total_is_held_against_the_rows(tmp_path: Path, total: str, noted: bool) -> None:
    path = register(tmp_path / "so.csv", line(1), line(2), [total])
    assert any("tổng số" in note for note in take(path).receipt.notes) is noted


@pytest.mark.parametrize(
    "header",
    [
        "MaHoSo,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy",
        "MÃ  HỒ SƠ,Ngày tiếp nhận (1),Hạn trả,Ngày kết thúc",
        unicodedata.normalize("NFD", "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày xử lý xong"),
        "Số biên nhận,Ngày nhận hồ sơ,Hạn giải quyết,Ngày hoàn thành",
        "so_ho_so,ngay_tiep_nhan,ngay_hen,ngay_giai_quyet_xong",
        "2. Số hồ sơ,3. Ngày tiếp nhận,4. Ngày hẹn trả kết quả,5. Ngày có kết quả",
    ],
)
def test_headers_are_matched_by_alias(tmp_path: Path, header: str) -> None:
    path = tmp_path / "so.csv"
    path.write_text(header + "\nA-0001,02/01/2024,05/01/2024,04/01/2024\n", encoding="utf-8")
    frame = take(path).frame
    assert frame[["received_at", "due_at", "finished_at"]].notna().all(axis=None)


TABLE_HEADERS = {
    "steps": "Mã hồ sơ,Bước xử lý,Người/đơn vị xử lý,Thời điểm nhận,Thời điểm chuyển\n"
    "A-1,Thụ lý,Một cửa,02/01/2024 08:00:00,02/01/2024 09:00:00\n",
    "digital": "Mã,Chỉ tiêu,Tháng,Tử số,Mẫu số\nCDS01,Ký số,07/2023,1.234,2.000\n",
    "feedback": "Số phiếu,Ngày nhận,Nguồn,Nội dung,Hạn xử lý\n"
    "P-01,02/01/2024,Zalo,Chậm,09/01/2024\n",
    "tasks": "STT,Nhiệm vụ,Chủ trì,Kỳ,Hạn,Ngày hoàn thành\n"
    "IV-0,Số hóa,UBND,Năm,31/12/2024,08/12/2024\n",
    "survey": "Dấu thời gian,Giới tính,Công chức [Lịch sự],Kết quả [Đúng hẹn]\n"
    "02/01/2024 08:00:00,Nữ,Hài lòng,Rất hài lòng\n",
}


@pytest.mark.parametrize("table", TABLE_HEADERS)
def test_a_table_is_told_by_its_columns_not_its_name(tmp_path: Path, table: str) -> None:
    path = tmp_path / "SoTheoDoiHoSo_Q1_2024.csv"
    path.write_text(TABLE_HEADERS[table], encoding="utf-8")
    assert take(path).table == table


def test_columns_about_people_and_unknown_ones_are_dropped(tmp_path: Path) -> None:
    header = [*HEADER, "Số CCCD", "Trích yếu hồ sơ", "Cột lạ"]
    row = [*line(1), "038594507024", f"Khai sinh cho {NAME}", "bí mật"]
    taken = take(csv_file(tmp_path / "so.csv", [header, row]))
    kept = taken.frame.to_csv() + str(taken.receipt.as_dict()) + str(taken.set_aside)
    for personal in (NAME, PHONE, "038594507024", "bí mật"):
        assert personal not in kept
    assert any("“Cột lạ”" in note and "CCCD" not in note for note in taken.receipt.notes)


def test_unknown_headers_are_listed_with_the_nearest_fields(tmp_path: Path) -> None:
    rows = [["Mã hs gốc", "Ngày tiếp nhận tờ", "Ngày hẹn trả", "Ngày trả", "Kết luận",
             "Trạng thái"],
            ["A-1", "02/01/2024", "05/01/2024", "04/01/2024", "x", DONE]]  # fmt: skip
    path = csv_file(tmp_path / "so.csv", rows)
    with pytest.raises(ColumnsError) as refused:
        take(path)
    said = str(refused.value)
    assert "“Ngày tiếp nhận tờ” → Ngày tiếp nhận" in said and "“Kết luận” → ?" in said
    assert 'cchc map "so.csv"' in said


@pytest.mark.parametrize(
    "rows",
    [
        [line(1), line(2)],  # no header at all
        [[NAME, "Thôn 3", "Đang xử lý"], ["Trần Văn Ấn", "Thôn 5", "Đã trả"]],
        [[NAME, "Thôn 3", "02/01/2024"], ["Trần Văn Ấn", "Thôn 5", "03/01/2024"]],
    ],
)
def test_a_row_of_data_is_never_shown_as_a_header(tmp_path: Path, rows: list[list[object]]) -> None:
    with pytest.raises(ColumnsError) as refused:
        take(csv_file(tmp_path / "so.csv", rows))
    assert NAME not in str(refused.value) and PHONE not in str(refused.value)


@pytest.mark.parametrize("months", [[f"Tháng {n}" for n in range(1, 7)], ["T1", "T2", "T3/2024"],
                                    ["Quý I", "Quý II", "Quý III", "Quý IV"]])  # fmt: skip
def test_months_across_are_refused_with_the_way_out(tmp_path: Path, months: list[str]) -> None:
    rows = [["STT", "Chỉ tiêu", "ĐVT", *months], [1, "Hồ sơ trực tuyến", "%", *[90] * len(months)]]
    with pytest.raises(ColumnsError) as caught:
        take(xlsx_file(tmp_path / "ct.xlsx", {"Chi tieu": rows}))
    assert f"“{months[-1]}”" in str(caught.value) and "cchc templates" in str(caught.value)


def test_the_same_header_twice(tmp_path: Path) -> None:
    header = [*HEADER, "Ngày tiếp nhận"]
    same = csv_file(tmp_path / "same.csv", [header, [*line(1), "02/01/2024"]])
    assert take(same).receipt.accepted == 1
    other = csv_file(tmp_path / "other.csv", [header, [*line(1), "03/01/2024"]])
    with pytest.raises(ColumnsError, match="hai cột F và K"):
        take(other)


def test_a_line_with_too_many_cells_is_set_aside(tmp_path: Path) -> None:
    shifted = line(1)
    shifted[2] = "Hộ tịch, Chứng thực"  # an unquoted comma
    taken = take(register(tmp_path / "so.csv", shifted, line(2)))
    assert [row.rule for row in taken.set_aside] == ["columns_shifted"]
