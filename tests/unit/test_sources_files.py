"""What a file is follows from its content: every format gives the same rows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc_analysis.errors import FileError

from ..sheets import HEADER, csv_of, html_file, line, ods_file, register, take, xlsx_file

ROWS = [HEADER, line(1), line(2, received="03/01/2024 08:30")]


def xml_spreadsheet(rows: list[list[object]]) -> str:
    cells = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
        + "</Row>"
        for row in rows
    )
    return (
        '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Styles></Styles><Worksheet ss:Name="So"><Table>{cells}</Table></Worksheet></Workbook>'
    )


def in_format(folder: Path, name: str) -> Path:
    path = folder / name
    text = csv_of(ROWS)
    match name:
        case "so.xlsx" | "workbook.xls":
            return xlsx_file(path, {"So": ROWS})
        case "so.ods":
            return ods_file(path, ROWS)
        case "page.xls":
            return html_file(path, ROWS)
        case "page16.xls":
            html_file(path, ROWS)
            path.write_bytes(path.read_text("utf-8").encode("utf-16"))
        case "xml.xls":
            path.write_text(xml_spreadsheet(ROWS), encoding="utf-8")
        case "so.tsv":
            path.write_text(csv_of(ROWS, "\t"), encoding="utf-8")
        case "semicolon.csv":
            path.write_text(csv_of(ROWS, ";"), encoding="utf-8")
        case "declared.csv":
            path.write_text("sep=|\r\n" + csv_of(ROWS, "|"), encoding="utf-8")
        case "bom.csv":
            path.write_bytes(text.encode("utf-8-sig"))
        case "utf16.csv":
            path.write_bytes(text.encode("utf-16"))
        case "utf16le.txt":
            path.write_bytes(text.encode("utf-16-le"))
        case "utf16be.txt":
            path.write_bytes(text.encode("utf-16-be"))
        case _:
            path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "so.csv", "so.xlsx", "workbook.xls", "so.ods", "page.xls", "page16.xls", "xml.xls",
        "so.tsv", "semicolon.csv", "declared.csv", "bom.csv", "utf16.csv", "utf16le.txt",
        "utf16be.txt", "text.xlsx",
    ],
)  # fmt: skip
def test_every_format_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    taken = take(in_format(tmp_path, name))
    assert taken.table == "dossiers"
    assert taken.frame["received_at"].tolist() == [
        dt.datetime(2024, 1, 2),
        dt.datetime(2024, 1, 3, 8, 30),
    ]
    assert taken.frame["status"].tolist() == ["handed_over", "handed_over"]
    assert taken.frame["row"].tolist() == [2, 3]


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 1, 2, 8, 15)
    serial = (moment - dt.datetime(1904, 1, 1)) / dt.timedelta(days=1)
    rows = [HEADER, line(1, received=moment, due=serial)]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": rows}, date_1904=True))
    assert taken.frame["received_at"].tolist() == [moment]
    assert taken.frame["due_at"].tolist() == [moment]


def test_sheets_of_one_table_are_read_together_and_others_noted(tmp_path: Path) -> None:
    sheets = {
        "Ghi chú": [["Sổ này do bộ phận một cửa lập"]],
        "Tháng 1": [HEADER, line(1)],
        "Tháng 2": [HEADER, line(2)],
        "Nháp": [HEADER, line(3)],
        "Nhật ký": [["Mã hồ sơ", "Bước xử lý", "Thời điểm nhận"], ["A-1", "Thụ lý", "02/01/2024"]],
    }
    taken = take(xlsx_file(tmp_path / "so.xlsx", sheets, hidden=["Nháp"]))
    assert taken.receipt.sheets == ["Tháng 1", "Tháng 2"]
    assert taken.frame["sheet"].tolist() == ["Tháng 1", "Tháng 2"]
    ignored = [note for note in taken.receipt.notes if "trang tính" in note]
    assert len(ignored) == 3 and any("ẩn “Nháp”" in note for note in ignored)


def truncated(path: Path) -> None:
    xlsx_file(path, {"So": [HEADER, *(line(n) for n in range(200))]})
    path.write_bytes(path.read_bytes()[:5000])


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
RUBBISH = {
    "empty.xlsx": (lambda path: path.write_bytes(b""), "rỗng"),
    "blank.csv": (lambda path: path.write_bytes(b"\xef\xbb\xbf\r\n \r\n"), "rỗng"),
    "folder.xlsx": (lambda path: path.mkdir(), "thư mục"),
    "truncated.xlsx": (truncated, "hỏng"),
    "not_excel.xls": (lambda path: path.write_bytes(OLE + bytes(3000)), "hỏng"),
    "protected.xlsx": (
        lambda path: path.write_bytes(OLE + bytes(1016) + "EncryptedPackage".encode("utf-16-le")),
        "mật khẩu",
    ),
    "pictures.xlsx": (lambda path: xlsx_file(path, {"Ảnh": []}), "hình ảnh"),
    "letter.xlsx": (lambda path: path.write_bytes(b"%PDF-1.7 ..."), "không phải bảng tính"),
    "noise.csv": (lambda path: path.write_bytes(bytes(range(256)) * 20), "không phải bảng tính"),
    "~$so.xlsx": (lambda path: path.write_bytes(b"user"), "tệp tạm"),
    "missing.xlsx": (lambda path: None, "Không tìm thấy"),
    "header_only.csv": (lambda path: register(path), "không có dòng dữ liệu"),
}


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_is_refused_in_one_line_with_a_remedy(tmp_path: Path, name: str) -> None:
    make, expected = RUBBISH[name]
    make(tmp_path / name)
    with pytest.raises(FileError, match=expected) as refused:
        take(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert name in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_workbook_open_in_excel_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = register(tmp_path / "so.csv", line(1))

    def sharing_violation(self: Path) -> bytes:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr(Path, "read_bytes", sharing_violation)
    with pytest.raises(FileError, match=r"so\.csv.*mở trong Excel"):
        take(path)


def test_a_quiet_month_without_a_dossier_is_an_export_all_the_same(tmp_path: Path) -> None:
    path = register(tmp_path / "so.csv", title=["Từ ngày 01/02/2024 đến ngày 29/02/2024"])
    taken = take(path)
    assert (taken.receipt.rows_in, len(taken.frame)) == (0, 0)
    assert taken.receipt.window_to == dt.date(2024, 2, 29)
    assert taken.frame.dtypes["received_at"] == "datetime64[us]"
