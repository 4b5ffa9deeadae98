"""How an office's systems print a register: title block, headers, dates, encodings.

Four layouts: ``thieu-van`` (a title block, a header on two merged rows, group rows by field, a
total and the signatures), ``combined`` (the same with one column that says "Đúng và trước hạn" or
"Quá hạn"), ``igate`` (one header row on top, dates as text) and ``td`` (the technical names and
codes of a system's own tables). Every writer answers with the row on which each entry stands,
counted as Excel and text editors count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from .sample_register import STATUSES, SYNONYMS, Entry
from .sample_world import Quarter

__all__ = ["LAYOUTS", "Office", "log_name", "register_name", "write_log", "write_register"]

STATUS_NAMES = dict(zip(STATUSES, (
    "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý",
    "Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính",
    "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong", "Đã trả kết quả",
), strict=True))  # fmt: skip
CHANNELS = {"direct": "Trực tiếp", "online": "Trực tuyến", "postal": "Bưu chính công ích"}
CHANNEL_CODES = {"direct": 1, "online": 2, "postal": 3}

# (upper header, lower header, the entry's cell); an empty upper header continues a merged group
THIEU_VAN: tuple[tuple[str, str, str], ...] = (
    ("STT", "", "number"), ("Mã hồ sơ", "", "code"), ("Mã TTHC", "", "procedure_code"),
    ("Tên thủ tục hành chính", "", "procedure"), ("Lĩnh vực", "", "field"),
    ("Tổ chức/cá nhân nộp", "", "person"), ("Số CCCD", "", "citizen"), ("Điện thoại", "", "phone"),
    ("Địa chỉ", "", "address"), ("Hình thức nộp", "", "channel"),
    ("Thời gian", "Ngày tiếp nhận", "received"), ("", "Ngày hẹn trả", "due"),
    ("", "Ngày xử lý xong", "finished"), ("", "Ngày trả KQ", "returned"),
    ("Trạng thái", "", "status"), ("Cán bộ thụ lý", "", "officer"),
    ("Số lần bổ sung", "", "supplements"), ("Số hóa", "Hồ sơ đầu vào", "digitised_intake"),
    ("", "Kết quả", "digitised_result"), ("Lệ phí (đồng)", "", "fee"),
    ("Thanh toán trực tuyến", "", "paid_online"), ("Thông báo kết quả", "", "notified"),
    ("Văn bản xin lỗi", "", "apology"), ("Ghi chú", "", "note"),
)  # fmt: skip
COMBINED = (*THIEU_VAN[:-1], ("Kết quả giải quyết", "", "outcome"), THIEU_VAN[-1])
IGATE = tuple((head, "", cell) for head, cell in (
    ("STT", "number"), ("Số hồ sơ", "code"), ("Tên thủ tục", "procedure"), ("Lĩnh vực", "field"),
    ("Chủ hồ sơ", "person"), ("Địa chỉ", "address"), ("SĐT", "phone"), ("CCCD", "citizen"),
    ("Ngày nộp", "submitted"), ("Ngày tiếp nhận", "received"), ("Ngày hẹn trả", "due"),
    ("Ngày kết thúc xử lý", "finished"), ("Ngày trả kết quả", "returned"),
    ("Trạng thái", "status"), ("Hình thức tiếp nhận", "channel"), ("Cán bộ xử lý", "officer"),
    ("Đơn vị", "unit"), ("Ghi chú", "note"),
))  # fmt: skip
TD = tuple((head, "", cell) for head, cell in (
    ("MaHoSo", "code"), ("TrichYeuHoSo", "summary"), ("ChuHoSo", "person"),
    ("DiaChiChuHoSo", "address"), ("SoDienThoaiChuHoSo", "phone"), ("MaTTHC", "procedure_code"),
    ("TenTTHC", "procedure"), ("TenLinhVuc", "field"), ("KenhThucHien", "channel"),
    ("NgayNopHoSo", "submitted"), ("NgayTiepNhan", "received"), ("NgayHenTra", "due"),
    ("NgayYeuCauBoSung", "requested"), ("NgayCongDanBoSung", "completed"),
    ("NgayKetThucXuLy", "finished"), ("NgayTra", "returned"), ("TrangThai", "status"),
))  # fmt: skip
LAYOUTS = {"thieu-van": THIEU_VAN, "combined": COMBINED, "igate": IGATE, "td": TD}
LOG_HEADER = (
    "Mã hồ sơ", "Bước xử lý", "Người/đơn vị xử lý", "Thời điểm nhận", "Thời điểm chuyển", "Ghi chú",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """Whose exports they are, and how its system prints them."""

    unit_name: str
    unit_code: str
    layout: str
    fmt: str
    parent: str = "UBND thành phố Thanh Hóa"

    @property
    def titled(self) -> bool:
        return self.layout in ("thieu-van", "combined")


def register_name(office: Office, quarter: Quarter) -> str:
    stem = {"igate": "DanhSachHoSo", "td": "HoSo"}.get(office.layout, "SoTheoDoiHoSo")
    return f"{stem}_{quarter.suffix}.{office.fmt}"


def log_name(quarter: Quarter) -> str:
    return f"NhatKyXuLy_{quarter.suffix}.csv"


def _value(entry: Entry, cell: str, office: Office, number: int) -> Any:
    """One cell as the layout words it; moments stay moments until the file is written."""
    cells = entry.cells
    if cell == "number":
        return number
    if cell == "unit":
        return f"UBND {office.unit_name}"
    if cell == "note":
        return ""
    if cell == "summary":
        return f"{cells['procedure']} - {cells['person']}"
    if cell == "procedure_code":
        return f"{cells[cell]}.000.00.00.{office.unit_code.rsplit('.', 1)[-1]}"
    if cell == "address":
        return f"{cells[cell]}, {office.unit_name}"
    if cell == "status":
        status = cells[cell]
        return STATUSES.index(status) + 1 if office.layout == "td" else STATUS_NAMES[status]
    if cell == "channel":
        said = cells[cell]
        if office.layout == "td":
            plain = next((name for name, words in SYNONYMS.items() if said in words), said)
            return CHANNEL_CODES[plain]
        return CHANNELS.get(said, said)
    return cells[cell] if cells[cell] is not None else ""


def write_register(
    folder: Path, office: Office, quarter: Quarter, entries: list[Entry]
) -> tuple[str, list[list[int]]]:
    """Writes the register; answers its name and, for each entry, the rows it stands on."""
    columns = LAYOUTS[office.layout]
    grid: list[list[Any]] = []
    if office.titled:
        grid += _title(office, quarter)
        grid.append([upper for upper, _, _ in columns])
        grid.append([lower for _, lower, _ in columns])
    else:
        grid.append([upper for upper, _, _ in columns])
    header = len(grid)
    counts: dict[str, int] = {}
    for entry in entries:
        name = str(entry.cells["group"])
        counts[name] = counts.get(name, 0) + 1
    rows: list[list[int]] = []
    group = ""
    for number, entry in enumerate(entries, 1):
        name = str(entry.cells["group"])
        if office.titled and name != group:
            group = name
            grid.append([f"Lĩnh vực: {group} ({counts[group]} hồ sơ)"])
        line = [_value(entry, cell, office, number) for _, _, cell in columns]
        rows.append([len(grid) + 1 + copy for copy in range(entry.copies)])
        grid += [line] * entry.copies
    if office.titled:
        grid += [[f"Tổng số: {len(entries)} hồ sơ"], []]
        grid.append(["", "", "", "Người lập biểu", *[""] * 10, "Thủ trưởng đơn vị"])
    name = register_name(office, quarter)
    if office.fmt == "csv":
        _csv(folder / name, grid, office, len(columns))
    else:
        _xlsx(folder / name, grid, office, quarter, header)
    return name, rows


def _title(office: Office, quarter: Quarter) -> list[list[Any]]:
    return [
        [office.parent.upper()],
        [f"UBND {office.unit_name}".upper()],
        ["SỔ THEO DÕI HỒ SƠ TIẾP NHẬN VÀ TRẢ KẾT QUẢ"],
        [f"(Từ ngày {quarter.start:%d/%m/%Y} đến ngày {quarter.end:%d/%m/%Y})"],
        [*[""] * 14, f"Ngày xuất: {quarter.exported_at:%d/%m/%Y %H:%M}"],
    ]


def _text(layout: str) -> Callable[[Any], Any]:
    pattern = "%d/%m/%Y %H:%M:%S" if layout == "td" else "%d/%m/%Y %H:%M"
    return lambda value: value.strftime(pattern) if isinstance(value, datetime) else value


def _csv(path: Path, grid: list[list[Any]], office: Office, width: int) -> None:
    text = _text(office.layout)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if office.layout == "td" else ",", lineterminator="\r\n")
    for line in grid:
        writer.writerow([*map(text, line), *[""] * (width - len(line))])
    encoded = "\ufeff" + out.getvalue()
    path.write_bytes(encoded.encode("utf-16-le" if office.layout == "td" else "utf-8"))


def _xlsx(path: Path, grid: list[list[Any]], office: Office, quarter: Quarter, header: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": quarter.exported_at})
    sheet = book.add_worksheet("DanhSachHoSo")
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    bold = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    text = (lambda value: value) if office.titled else _text(office.layout)
    for at, line in enumerate(grid):
        for column, value in enumerate(map(text, line)):
            if isinstance(value, datetime):
                sheet.write_datetime(at, column, value, moment)
            elif isinstance(value, str):
                if value:
                    sheet.write_string(at, column, value)
            else:
                sheet.write_number(at, column, value)
    if office.titled:
        columns = LAYOUTS[office.layout]
        for at in (2, 3):
            sheet.merge_range(at, 0, at, 20, grid[at][0], bold)
        for column, (upper, lower, _) in enumerate(columns):
            if not lower:
                sheet.merge_range(header - 2, column, header - 1, column, upper, bold)
            elif upper:
                last = column
                while last + 1 < len(columns) and columns[last + 1][1] and not columns[last + 1][0]:
                    last += 1
                sheet.merge_range(header - 2, column, header - 2, last, upper, bold)
    sheet.set_column(1, 1, 28)
    book.close()


def write_log(
    folder: Path,
    quarter: Quarter,
    rows: list[tuple[str, str, str, datetime, datetime | None, str]],
) -> str:
    """The steps log, as the system prints it: UTF-8 with a mark, seconds that are always zero."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LOG_HEADER)
    for code, stage, actor, entered, left, note in rows:
        times = [f"{when:%d/%m/%Y %H:%M:%S}" if when else "" for when in (entered, left)]
        writer.writerow([code, stage, actor, *times, note])
    name = log_name(quarter)
    (folder / name).write_bytes(("\ufeff" + out.getvalue()).encode("utf-8"))
    return name
