"""An entry template as a workbook: the sheet to fill in, its guide, the lists of its drop-downs.

What is typed is checked as it is typed, in Vietnamese: a date is a date, a percentage lies between
0 and 100, a word is one of the list. The head stays in sight, and the page prints on A4.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from ..briefs.xlsx import row_height
from ..words import say

if TYPE_CHECKING:
    from .templates import Column, Template

__all__ = ["HEAD", "draw"]

HEAD = 4  # the row of the headers, from 0; the example is below it
ROOM = 500  # rows that are checked as they are typed
RULED = 40  # rows with lines below those that are there already
BASE = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
LINED = {"border": 1, "border_color": "#B4BCC6", "text_wrap": True}
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
GUIDE_WIDTHS = (30, 52, 30, 46)
MANY = 12  # words that the guide lists
A4 = 220  # widths of columns that can be read on one page across


def draw(template: Template, *, inbox: str) -> bytes:
    """The workbook's content; ``inbox`` is the folder that its guide names."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
              "strings_to_numbers": False},
    )  # fmt: skip
    book.set_properties({"title": template.title, "author": template.authority})
    formats = {
        "title": book.add_format(BASE | {"bold": True, "font_size": 14}),
        "bold": book.add_format(BASE | {"bold": True}),
        "head": book.add_format(
            BASE | LINED | {"bold": True, "bg_color": "#E8EDF2", "valign": "vcenter",
                            "align": "center"}
        ),
        "example": book.add_format(
            BASE | LINED | {"italic": True, "font_color": "#5F6B78", "bg_color": "#FFF8E1"}
        ),
        "text": book.add_format(BASE | LINED | {"num_format": "@"}),
        "day": book.add_format(BASE | LINED | {"num_format": "dd/mm/yyyy", "align": "center"}),
        "number": book.add_format(BASE | LINED | {"num_format": "#,##0.##"}),
        "count": book.add_format(BASE | LINED | {"num_format": "#,##0"}),
        "percent": book.add_format(BASE | LINED | {"num_format": "0.##"}),
        "choice": book.add_format(BASE | LINED),
        "step": book.add_format(BASE),
        "open_day": book.add_format(BASE | {"num_format": "dd/mm/yyyy", "bottom": 1}),
    }  # fmt: skip
    formats["looked_up"] = book.add_format(BASE | LINED | {"font_color": "#5F6B78"})
    page = book.add_worksheet(say("templates.entry_sheet"))
    guide = book.add_worksheet(say("templates.guide_sheet"))
    lists = book.add_worksheet(say("templates.lists_sheet"))
    lists.hide()
    _entry(page, lists, template, formats)
    _guide(guide, template, formats, inbox)
    book.close()
    return out.getvalue()


# -- the sheet to fill in -----------------------------------------------------------------------


def _entry(page: Any, lists: Any, template: Template, formats: dict[str, Any]) -> None:
    columns = template.columns
    first, last = HEAD + 2, HEAD + 1 + ROOM + len(template.rows)
    widths = [column.width for column in columns]
    _paper(page, across=1 + sum(widths) // A4)
    page.repeat_rows(HEAD)
    page.write_string(0, 0, template.authority, formats["bold"])
    page.write_string(1, 0, template.title, formats["title"])
    page.write_string(2, 0, say("templates.made_on"), formats["bold"])
    page.write_blank(2, 2, None, formats["open_day"])
    page.data_validation(2, 2, 2, 2, _day())
    page.write_string(3, 0, template.note, formats["bold"])
    page.set_row(HEAD, row_height([c.header for c in columns], widths, bold=True))
    page.set_row(HEAD + 1, row_height([c.example for c in columns], widths))
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(HEAD, place, column.header, formats["head"])
        page.write_string(HEAD + 1, place, column.example, formats["example"])
        rule = _rule(column, lists, place)
        if rule:
            page.data_validation(first, place, last, place, rule)
    for n, row in enumerate(template.rows, first):
        page.set_row(n, row_height(row, widths[: len(row)]))
        _line(page, n, columns, row, lists, formats)
    for n in range(first + len(template.rows), first + len(template.rows) + RULED):
        _line(page, n, columns, (), lists, formats)
    page.ignore_errors({"number_stored_as_text": xl_range(HEAD + 1, 0, last, len(columns))})
    page.freeze_panes(HEAD + 1, 1)  # a second column would fill a telephone
    page.set_selection(first, 0, first, 0)


def _line(
    page: Any, n: int, columns: Sequence[Column], row: Sequence[Any], lists: Any, formats: Any
) -> None:
    for place, column in enumerate(columns):
        value = row[place] if place < len(row) else None
        if isinstance(value, dt.date):
            page.write_datetime(n, place, value, formats[column.kind])
        elif value:
            page.write_string(n, place, str(value), formats[column.kind])
        elif column.kind == "looked_up":
            page.write_formula(n, place, _lookup(column, place, n), formats["looked_up"], "")
        else:
            page.write_blank(n, place, None, formats[column.kind])


def _lookup(column: Column, place: int, n: int) -> str:
    """The meaning of the word in the column before."""
    word = xl_rowcol_to_cell(n, place - 1)
    sheet, size = say("templates.lists_sheet"), len(column.choices)
    words = f"{sheet}!{xl_range_abs(0, place * 2, size - 1, place * 2 + 1)}"
    return f'=IFERROR(VLOOKUP({word},{words},2,FALSE),"")'


def _rule(column: Column, lists: Any, place: int) -> dict[str, Any] | None:
    """What Excel lets into the cells of a column; its list is written beside."""
    if column.choices:
        for n, word in enumerate(column.choices):
            lists.write_string(n, place * 2, word)
            if column.meanings:
                lists.write_string(n, place * 2 + 1, column.meanings[n])
    if column.kind == "looked_up":
        return None
    if column.choices:
        words = xl_range_abs(0, place * 2, len(column.choices) - 1, place * 2)
        strict = column.kind == "choice"
        return _checked("need_choice" if strict else "unlisted", column) | {
            "validate": "list",
            "source": f"={say('templates.lists_sheet')}!{words}",
            "error_type": "stop" if strict else "warning",
        }
    if column.kind == "day":
        return _day() | _checked("need_day", column)
    if column.kind == "percent":
        limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
        return limits | _checked("need_percent", column)
    if column.kind in ("count", "number"):
        kind = "integer" if column.kind == "count" else "decimal"
        rule = {"validate": kind, "criteria": ">=", "value": 0}
        return rule | _checked(f"need_{column.kind}", column)
    return None


def _day() -> dict[str, Any]:
    return {
        "validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY,
        "error_title": say("templates.wrong"), "error_message": say("templates.need_day"),
    }  # fmt: skip


def _checked(message: str, column: Column) -> dict[str, Any]:
    """The words of a check; Excel takes 32 letters for a title and 255 for the rest."""
    return {
        "error_title": say("templates.wrong"), "error_message": say(f"templates.{message}"),
        "input_title": column.header[:32], "input_message": column.meaning[:255],
    }  # fmt: skip


# -- the guide ----------------------------------------------------------------------------------


def _guide(page: Any, template: Template, formats: dict[str, Any], inbox: str) -> None:
    _paper(page)
    for place, width in enumerate(GUIDE_WIDTHS):
        page.set_column(place, place, width)
    page.write_string(0, 0, say("templates.guide_title"), formats["title"])
    begin = say("templates.guide_there" if template.rows else "templates.guide_empty")
    steps = say("templates.guide_steps", begin=begin, inbox=inbox).splitlines()
    for n, step in enumerate(steps, 1):
        page.write_string(n, 0, step, formats["step"])
    if template.note:
        steps.append(template.note)
        page.write_string(len(steps), 0, template.note, formats["bold"])
    top = len(steps) + 2
    for place, name in enumerate(("column", "fill", "example", "choices")):
        page.write_string(top, place, say(f"templates.guide_{name}"), formats["head"])
    for n, column in enumerate(template.columns, top + 1):
        told = (column.header, column.meaning, column.example, _offered(column))
        _told(page, n, told, formats)
    if template.listed:
        top += len(template.columns) + 2
        said = say("templates.guide_codes", year=template.year)
        page.write_string(top, 0, said, formats["bold"])
        for n, pair in enumerate(template.listed, top + 1):
            _told(page, n, pair, formats)


def _offered(column: Column) -> str:
    """The words of a drop-down, as long as one can take them in."""
    if column.kind == "looked_up" or not column.choices:
        return ""
    if len(column.choices) > MANY:
        return say("templates.guide_many", count=len(column.choices))
    return " · ".join(column.choices)


def _told(page: Any, row: int, told: Sequence[str], formats: dict[str, Any]) -> None:
    page.set_row(row, row_height(told, GUIDE_WIDTHS[: len(told)]))
    for place, text in enumerate(told):
        page.write_string(row, place, text, formats["text"])


def _paper(page: Any, across: int = 1) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(across, 0)
    page.set_margins(0.4, 0.4, 0.5, 0.5)
