"""One form on one landscape page: heads merged as printed, columns numbered, sums that calculate.

A :class:`Book` has the formats, a :class:`Sheet` is laid out from the top down. Sums are formulas
with their results beside them, so that a program which does not calculate shows them too; a check
row says what its difference means, and says another thing when somebody edits a number.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ..briefs.packing import fixed_zip
from ..gaps import incomplete
from ..words import date, label, say

if TYPE_CHECKING:
    from ..view import PeriodView
    from .forms import Heading

__all__ = ["Book", "Cell", "Sheet"]

FONT = "Times New Roman"
LINE = 18.0  # points of a line of 12-point type
LETTERS = 0.92  # letters that a unit of column width holds


@dataclass(frozen=True)
class Cell:
    """A cell of a head: rows and columns from, to, and the catalogue's word."""

    top: int
    left: int
    bottom: int
    right: int
    word: str


class Book:
    """The workbook, its formats, and the person who reports."""

    def __init__(self, q: PeriodView) -> None:
        self.q = q
        self.over = ""  # who reports for several units
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
             "strings_to_numbers": False},
        )  # fmt: skip
        base = {"font_name": FONT, "font_size": 12, "valign": "vcenter", "text_wrap": True}
        box = base | {"border": 1}
        counts = box | {"align": "right", "indent": 1, "num_format": '#,##0_);-#,##0_);"-"_)'}

        def made(**more: Any) -> Any:
            return self.book.add_format(base | more)

        def boxed(**more: Any) -> Any:
            return self.book.add_format(box | more)

        self.plain, self.bold, self.italic = made(), made(bold=True), made(italic=True)
        self.small = made(font_size=11)
        self.title = made(bold=True, font_size=13, align="center")
        self.centred = made(align="center")
        self.centred_italic = made(align="center", italic=True)
        self.centred_bold = made(align="center", bold=True)
        self.right_italic = made(align="right", italic=True)
        self.head = boxed(bold=True, align="center")
        self.numbering = boxed(italic=True, align="center", font_size=9)
        self.text, self.text_bold = boxed(indent=1), boxed(indent=1, bold=True)
        self.middle = boxed(align="center")
        self.count = self.book.add_format(counts)
        self.count_bold = self.book.add_format(counts | {"bold": True})
        self.told = boxed(italic=True, font_size=11, indent=1)

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        return Sheet(self, self.book.add_worksheet(name), widths)

    def bytes(self, title: str) -> bytes:
        day = self.q.data_day
        self.book.set_properties(
            {"title": title, "author": self.q.office.unit.authority, "company": "",
             "created": dt.datetime.combine(day, dt.time())}
        )  # fmt: skip
        self.book.close()
        return fixed_zip(self.out.getvalue(), day)


class Sheet:
    """One form on one landscape page; ``row`` is the next free one."""

    def __init__(self, book: Book, page: Any, widths: Sequence[float]) -> None:
        self.book, self.page, self.widths = book, page, widths
        self.row = 0
        self.last = len(widths) - 1
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.6)
        page.hide_gridlines(2)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)

    # -- above and below ---------------------------------------------------------------------

    def top(self, q: PeriodView, heading: Heading, unit: str, *, over_units: bool = False) -> None:
        """The number of the form, its title, who reports to whom, and for which days."""
        office = q.office.unit
        reports = self.book.over if over_units else office.authority
        receives = "" if over_units else office.parent
        unknown = say("forms.receiver_unknown")
        self._thirds(
            [_numbered(heading.number), "", "", ""],
            [heading.title, "", say("forms.period", period=q.period.title),
             say("forms.span", start=date(q.start), end=date(q.end))],
            [say("forms.reports"), reports or unknown, say("forms.receives"), receives or unknown],
        )  # fmt: skip
        if heading.unverified:
            self.page.write_comment(
                0, 0, say("forms.hidden_note", text=heading.unverified),
                {"visible": False, "x_scale": 3, "y_scale": 2, "author": office.authority},
            )  # fmt: skip
        if not q.complete:
            self.line(incomplete(q), self.book.italic)
        self.line(unit, self.book.right_italic)

    def _thirds(self, left: Sequence[str], middle: Sequence[str], right: Sequence[str]) -> None:
        """Three blocks side by side, each of four lines; the title takes two of them."""
        whole = sum(self.widths)
        edges: list[int] = []
        reached = 0.0
        for place, width in enumerate(self.widths):
            reached += width
            if len(edges) == 0 and reached >= 0.2 * whole:
                edges.append(place)
            elif len(edges) == 1 and reached >= 0.76 * whole:
                edges.append(min(place, self.last - 1))
        first, second = edges
        if second <= first:
            second = first + 1
        room = sum(self.widths[first + 1 : second + 1]) * LETTERS
        high = math.ceil(1.3 * len(middle[0]) / room / 2)
        self.page.merge_range(self.row, first + 1, self.row + 1, second, "", self.book.title)
        self.page.write_string(self.row, first + 1, middle[0], self.book.title)
        for n in range(4):
            self._across(self.row, 0, first, left[n], self.book.bold)
            if n > 1:
                style = self.book.centred_bold if n == 2 else self.book.centred_italic
                self._across(self.row, first + 1, second, middle[n], style)
            self._across(self.row, second + 1, self.last, right[n], self.book.small)
            lines = _fitting(right[n], sum(self.widths[second + 1 :]) * LETTERS)
            self.page.set_row(self.row, LINE * max(lines, high if n < 2 else 1))
            self.row += 1

    def bottom(self, q: PeriodView, *, over_units: bool = False) -> None:
        """Place and day to be written by hand, and the two who sign."""
        unit = q.office.unit
        half = self.last // 2
        self.row += 1
        right = [
            say(
                "forms.place_day",
                place=say("forms.receiver_unknown") if over_units else unit.place,
            ),
            *(() if over_units else unit.signature),
        ]
        left = ["", say("forms.prepared"), say("forms.prepared_hint")]
        for n in range(max(len(left), len(right))):
            for texts, start, end in ((left, 0, half), (right, half + 1, self.last)):
                text = texts[n] if n < len(texts) else ""
                style = self.book.centred_bold if n else self.book.centred_italic
                if texts is left and n == 2:
                    style = self.book.centred_italic
                self._across(self.row, start, end, text, style)
            self.row += 1
        self.row += 4
        self.page.print_area(0, 0, self.row, self.last)

    def line(self, text: str, style: Any) -> None:
        """A line of text over the whole width."""
        self._across(self.row, 0, self.last, text, style)
        room = sum(self.widths) * LETTERS
        self.page.set_row(self.row, LINE * max(1, math.ceil(len(text) / room)))
        self.row += 1

    def _across(self, row: int, start: int, end: int, text: str, style: Any) -> None:
        if start == end:
            self.page.write_string(row, start, text, style)
        else:
            self.page.merge_range(row, start, row, end, "", style)
            self.page.write_string(row, start, text, style)

    # -- the table ---------------------------------------------------------------------------

    def head(self, cells: Sequence[Cell], numbers: Sequence[str]) -> None:
        """The head's rows and the numbers of the columns under it; repeated on every page."""
        begun = self.row
        deep = max(cell.bottom for cell in cells) + 1
        heights = [1] * deep
        for cell in cells:
            text = self._word(cell.word)
            top, bottom = begun + cell.top, begun + cell.bottom
            if (top, cell.left) == (bottom, cell.right):
                self.page.write_string(top, cell.left, text, self.book.head)
            else:
                self.page.merge_range(top, cell.left, bottom, cell.right, "", self.book.head)
                self.page.write_string(top, cell.left, text, self.book.head)
            room = sum(self.widths[cell.left : cell.right + 1]) * LETTERS * 0.9
            lines = math.ceil(_fitting(text, room) / (cell.bottom - cell.top + 1))
            heights[cell.bottom] = max(heights[cell.bottom], lines)
        for n, lines in enumerate(heights):
            self.page.set_row(begun + n, LINE * lines)
        self.row += deep
        if numbers:
            for place, text in enumerate(numbers):
                self.page.write_string(self.row, place, text, self.book.numbering)
            self.page.set_row(self.row, LINE * max(
                math.ceil(len(text) / width) for text, width in
                zip(numbers, self.widths, strict=True)))  # fmt: skip
            self.page.repeat_rows(begun, self.row)
            self.row += 1

    @staticmethod
    def _word(word: str) -> str:
        return label("col.code") if word == "code" else say(f"forms.{word}")

    def write(self, cells: Sequence[Any], row: int, *, plain: bool = False) -> None:
        """A row: text, counts, and formulas as ``(formula, result)`` in which ``{c}`` is the cell
        of column C in this row.
        """
        lines = 1
        for place, cell in enumerate(cells):
            if isinstance(cell, tuple):
                formula, result = cell
                self.page.write_formula(row, place, self._formula(formula, row), self.book.count,
                                        result)  # fmt: skip
            elif isinstance(cell, int) and not (place == 0 and not plain):
                self.page.write_number(row, place, cell, self.book.count)
            elif cell is None:
                self.page.write_blank(row, place, None, self.book.count)
            elif isinstance(cell, int):
                self.page.write_number(row, place, cell, self.book.middle)
            else:
                self.page.write_string(row, place, str(cell), self.book.text)
                lines = max(lines, _fitting(str(cell), self.widths[place] * LETTERS))
        self.page.set_row(row, LINE * lines)
        self.row = row + 1

    def _formula(self, pattern: str, row: int) -> str:
        names = {xl_col_to_name(n).lower(): xl_rowcol_to_cell(row, n) for n in range(self.last + 1)}
        return "=" + pattern.format(**names)

    def total(self, begun: int, results: Sequence[int]) -> None:
        """The sums of the rows since ``begun``, of as many columns from the third on as there are
        ``results``.
        """
        row, style = self.row, self.book.count_bold
        self.page.write_blank(row, 0, None, self.book.text_bold)
        self.page.write_string(row, 1, say("forms.total"), self.book.text_bold)
        for place in range(2, self.last + 1):
            if place - 2 < len(results):
                name = xl_col_to_name(place)
                formula = f"=SUM({name}{begun + 1}:{name}{row})" if row > begun else "=0"
                self.page.write_formula(row, place, formula, style, results[place - 2])
            else:
                self.page.write_blank(row, place, None, style)
        self.page.set_row(row, LINE)
        self.row += 1
        self.summed = row

    def check(self, word: str, formula: str, known: int, why: str, edited: str) -> None:
        """What a difference of the total row is, and what it says: nothing at 0, ``why`` at the
        ``known`` difference, ``edited`` at any other.
        """
        row = self.row
        self.page.merge_range(row, 0, row, 1, "", self.book.told)
        self.page.write_string(row, 0, say(f"forms.{word}"), self.book.told)
        self.page.write_formula(row, 2, self._formula(formula, self.summed), self.book.count, known)
        at = xl_rowcol_to_cell(row, 2)
        balanced = say("forms.balanced")
        other = f'IF({at}={known},"{_quoted(why)}","{_quoted(edited)}")'
        choice = f'=IF({at}=0,"{_quoted(balanced)}",{other})'
        shown = why if known else balanced
        self.page.merge_range(row, 3, row, self.last, "", self.book.told)
        self.page.write_formula(row, 3, choice, self.book.told, shown)
        room = sum(self.widths[3:]) * LETTERS
        longest = max(len(why) if known else 0, len(shown))
        self.page.set_row(row, LINE * math.ceil(max(longest, len(edited)) / room))
        self.row += 1


def _fitting(text: str, room: float) -> int:
    """Lines that a text takes where so many letters fit one."""
    return len(textwrap.wrap(text, max(1, int(room)), break_on_hyphens=False)) or 1


def _numbered(form: str) -> str:
    word = say("forms.form", number="").strip()
    return form if form.lower().startswith(word.split()[0].lower()) else f"{word} {form}"


def _quoted(text: str) -> str:
    return text.replace('"', '""')
