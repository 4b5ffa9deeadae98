"""The workbook that goes with a brief: typed cells, one table a sheet, no formula ever.

Text is written as text, whatever it begins with, so that nothing a citizen typed can run in
Excel. Dates of the file are the data day, so equal sheets make equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import numbers
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from ..words import date, inside, label, say
from .packing import fixed_zip

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["meta_of", "row_height", "write"]

FORMATS = {
    "text": {}, "bool": {},
    "int": {"num_format": "#,##0"},
    "number": {"num_format": "General"},
    "percent": {"num_format": "0.00%"},
    "date": {"num_format": "dd/mm/yyyy"},
    "datetime": {"num_format": "dd/mm/yyyy hh:mm"},
}  # fmt: skip
LINE = 16.0  # points
HIGHEST = 409.0  # points that Excel takes for a row
LONGEST = 32_767  # characters that Excel takes in a cell
LEADS = ("=", "+", "-", "@", "\t", "\r")  # what Excel would read as a formula when edited
PAGE = 210.0  # units of width that one page takes in letters of 8 points
FIRST = 3  # the table's head stands below title and a blank line


def write(path: Path, sheets: Sequence[dict[str, Any]], meta: dict[str, Any]) -> None:
    """Writes ``sheets`` (``name, title, columns [{label, type, width}], rows, notes``) to
    ``path``, behind a cover sheet made of ``meta``.

    Column types: text, int, number, percent, date, datetime, bool; a cell ``(value, type)`` has
    its own. None is an empty cell; text in a numeric column (a mark such as ``(*)``) stays text.
    ``printed`` says how many columns go on paper, if not all; what is wider than a page in letters
    that can be read goes on several, each with the first column.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
              "strings_to_numbers": False},
    )  # fmt: skip
    day = meta["data_day"]
    book.set_properties(
        {"title": meta["title"], "author": meta["unit"], "company": "",
         "created": dt.datetime.combine(day, dt.time())}
    )  # fmt: skip
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    formats = {name: book.add_format(base | extra) for name, extra in FORMATS.items()}
    formats["text"].set_text_wrap()
    formats["quoted"] = book.add_format(base | {"text_wrap": True, "quote_prefix": True})
    formats["title"] = book.add_format(base | {"bold": True, "font_size": 14})
    formats["head"] = book.add_format(
        base | {"bold": True, "bg_color": "#E8EDF2", "border": 1, "text_wrap": True,
                "valign": "vcenter", "align": "center"}
    )  # fmt: skip
    formats["note"] = book.add_format(base | {"italic": True})
    _cover(book, formats, sheets, meta)
    for sheet in sheets:
        _sheet(book, formats, sheet)
    if meta["audience"] == "internal":
        for page in book.worksheets():
            page.set_footer(f"&C&B{label('word.internal')}")
    book.close()
    path.write_bytes(fixed_zip(out.getvalue(), day))


def _cover(book: Any, formats: dict[str, Any], sheets: Sequence[Any], meta: Any) -> None:
    page = book.add_worksheet(say("briefs.cover_sheet"))
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 80)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, meta["unit"], formats["title"])
    page.write_string(1, 0, meta["title"], formats["title"])
    page.write_string(2, 0, meta["span"], formats["note"])
    page.write_string(3, 0, say("briefs.data_day", day=date(meta["data_day"])), formats["note"])
    place = 4
    if meta["audience"] == "internal":
        page.write_string(place, 0, label("word.internal"), formats["title"])
        place += 1
    for text in meta["notices"]:
        page.write_string(place, 0, text, formats["note"])
        place += 1
    place += 1
    page.write_string(place, 0, say("briefs.sheet_column"), formats["head"])
    page.write_string(place, 1, say("briefs.content_column"), formats["head"])
    for n, sheet in enumerate(sheets, place + 1):
        page.write_url(n, 0, f"internal:'{sheet['name']}'!A1", formats["text"], sheet["name"])
        page.write_string(n, 1, sheet["title"], formats["text"])


def _sheet(book: Any, formats: dict[str, Any], sheet: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet["name"])
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4)
    page.repeat_rows(FIRST - 1)
    columns, rows = sheet["columns"], sheet["rows"]
    widths = [column["width"] for column in columns]
    printed = sheet.get("printed", len(columns))
    across = math.ceil(sum(widths[:printed]) / PAGE)
    page.fit_to_pages(across, 0)
    if across > 1:
        page.repeat_columns(0)
    page.print_area(0, 0, FIRST + len(rows) + len(sheet["notes"]), printed - 1)
    page.set_row(FIRST - 1, row_height([c["label"] for c in columns], widths, bold=True))
    page.write_string(0, 0, sheet["title"], formats["title"])
    for n, text in enumerate(sheet["notes"], FIRST + len(rows) + 1):
        page.write_string(n, 0, text, formats["note"])
    for place, column in enumerate(columns):
        page.set_column(place, place, column["width"])
        page.write_string(FIRST - 1, place, column["label"], formats["head"])
    for n, row in enumerate(rows, FIRST):
        page.set_row(n, row_height(row, widths))
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            _cell(page, n, place, value, column["type"], formats)
    page.freeze_panes(FIRST, 1)
    page.autofilter(FIRST - 1, 0, FIRST - 1 + max(len(rows), 1), len(columns) - 1)


def row_height(row: Sequence[Any], widths: Sequence[float], *, bold: bool = False) -> float:
    """A row's height in points, for programs that do not fit rows to wrapped text themselves."""
    letters = 0.85 if bold else 0.95  # how many letters of 12 points fill one unit of width
    lines = max(
        (
            math.ceil(len(value) / (width * letters))
            for value, width in zip(row, widths, strict=True)
            if isinstance(value, str)
        ),
        default=1,
    )
    return min(LINE * max(1, lines), HIGHEST)


def _cell(page: Any, n: int, place: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
    if isinstance(value, tuple):  # a value with a type of its own
        value, kind = value
    if _empty(value):
        return
    if isinstance(value, bool):
        page.write_boolean(n, place, value, formats["bool"])
    elif isinstance(value, dt.date):  # datetime too
        shown = kind if kind in ("date", "datetime") else "date"
        page.write_datetime(n, place, value, formats[shown])
    elif isinstance(value, numbers.Real | Decimal) and kind != "text":
        page.write_number(n, place, float(value), formats[kind])
    else:
        _text(page, n, place, str(value), formats)


def _empty(value: Any) -> bool:
    """None, no text, and what pandas has for a missing value."""
    if value is None or isinstance(value, str):
        return not value
    if isinstance(value, numbers.Real):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType")


def _text(page: Any, n: int, place: int, text: str, formats: dict[str, Any]) -> None:
    """Text as text, also when someone edits the cell later; too long a text ends with a mark."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    page.write_string(n, place, text, formats["quoted" if text.startswith(LEADS) else "text"])


def meta_of(q: PeriodView) -> dict[str, Any]:
    """What the workbook's cover sheet says."""
    return {
        "title": say("run.workbook_title", period=inside(q.period.title)),
        "unit": q.office.unit.authority,
        "span": q.period.span,
        "data_day": q.data_day,
        "audience": q.audience,
        "notices": q.notices,
    }
