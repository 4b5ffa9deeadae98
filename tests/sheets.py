"""Writes small files of every format and reads them back, for the tests of ``sources``."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from cchc_analysis.sources import Intake, read

HEADER = ["STT", "Mã hồ sơ", "Lĩnh vực", "Người nộp", "Điện thoại", "Ngày tiếp nhận",
          "Ngày hẹn trả", "Ngày xử lý xong", "Ngày trả KQ", "Trạng thái"]  # fmt: skip
DONE = "Đã trả kết quả"
NAME, PHONE = "Nguyễn Thị Kín", "0912345678"


@dataclass(frozen=True)
class Unit:
    """As much of a unit as reading needs."""

    name: str = "xã Thiệu Vân"
    slug: str = "thieu-van"
    title_names: tuple[str, ...] = ("UBND XÃ THIỆU VÂN", "xã Thiệu Vân")
    same_day_cutoff: dt.time = dt.time(15, 0)
    timezone: str = "Asia/Ho_Chi_Minh"


class Weekdays:
    """Monday to Friday."""

    def is_working(self, day: dt.date) -> bool:
        return day.weekday() < 5

    def next_working(self, day: dt.date) -> dt.date:
        day += dt.timedelta(days=1)
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        return day


def take(path: Path, **more: Any) -> Intake:
    """Reads a file as an export of xã Thiệu Vân and checks that every row is accounted for."""
    taken = read(path, unit=Unit(), calendar=Weekdays(), **more)
    receipt = taken.receipt
    assert receipt.rows_in == receipt.accepted + receipt.set_aside + receipt.duplicates
    assert receipt.set_aside == len(taken.set_aside)
    if taken.table != "survey":
        assert receipt.accepted == len(taken.frame)
    return taken


def line(
    number: int,
    received: Any = "02/01/2024",
    due: Any = "05/01/2024",
    finished: Any = "04/01/2024",
    returned: Any = "04/01/2024",
    status: Any = DONE,
    *,
    code: Any = None,
) -> list[Any]:
    """A dossier as a register has it."""
    own = f"000.17.31.H56-240102-{number:04d}" if code is None else code
    return [number, own, "Hộ tịch", NAME, PHONE, received, due, finished, returned, status]


def csv_of(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(str(cell) for cell in row) + "\n" for row in rows)


def csv_file(path: Path, rows: Sequence[Sequence[Any]], delimiter: str = ",") -> Path:
    path.write_text(csv_of(rows, delimiter), encoding="utf-8")
    return path


def register(path: Path, *lines: Sequence[Any], title: Sequence[str] = ()) -> Path:
    """A register as CSV, with title lines above its header."""
    return csv_file(path, [*([text] for text in title), HEADER, *lines])


def xlsx_file(
    path: Path,
    sheets: dict[str, Sequence[Sequence[Any]]],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[str] = (),
    date_1904: bool = False,
) -> Path:
    """A workbook; dates are written as dates. ``merged`` are ranges of the first sheet."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"date_1904": date_1904}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for number, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, dt.date | dt.datetime):
                        sheet.write_datetime(i, j, cell, day)
                    elif cell not in ("", None):
                        sheet.write(i, j, cell)
            for range_ in merged if number == 0 else ():
                content = rows[range_[0]][range_[1]]
                sheet.merge_range(*range_, content)
    return path


def ods_file(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A LibreOffice workbook of one sheet, all text."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string"><text:p>'
            f"{escape(str(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="So">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def html_file(path: Path, rows: Sequence[Sequence[Any]], before: str = "") -> Path:
    """A page with one table, as portals export it."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    path.write_text(
        f'<html><head><meta charset="utf-8"><style>td{{}}</style><body>{before}'
        f"<table>{body}</table></body></html>",
        encoding="utf-8",
    )
    return path
