"""The forms as a workbook, laid out to be printed, signed and sent.

Heads are merged as on the printed form, columns numbered, sums are formulas with their results
beside them, so that a program which does not calculate shows them too. Under the total a check
row tells whether the form balances and why not, and what it says follows the cells: whoever
edits a number sees the check change. What nobody has confirmed of a layout is a hidden note on
its number. Equal counts make equal bytes: dates of the file are the data day.
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
from ..privacy import Masker
from ..words import date, inside, label, number, say
from . import forms
from .forms import Heading, ResultsRow

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["consolidation", "workbook"]

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


RESULTS_HEAD = (
    Cell(0, 0, 2, 0, "number"), Cell(0, 2, 0, 5, "received"), Cell(0, 6, 0, 9, "resolved"),
    Cell(0, 10, 0, 12, "open"), Cell(1, 2, 2, 2, "whole"), Cell(1, 3, 1, 4, "in_period"),
    Cell(1, 5, 2, 5, "carried"), Cell(2, 3, 2, 3, "online"), Cell(2, 4, 2, 4, "direct"),
    Cell(1, 6, 2, 6, "whole"), Cell(1, 7, 2, 7, "early"), Cell(1, 8, 2, 8, "on_day"),
    Cell(1, 9, 2, 9, "late"), Cell(1, 10, 2, 10, "whole"), Cell(1, 11, 2, 11, "within"),
    Cell(1, 12, 2, 12, "overdue"),
)  # fmt: skip
RESULTS_NUMBERS = (
    "(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)",
    "(10)", "(11)=(12)+(13)", "(12)", "(13)",
)  # fmt: skip
RESULTS_WIDTHS = (5, 30, 14, 9, 12, 8, 14, 8, 8, 8, 13, 8, 8)
FEEDBACK_HEAD = (
    Cell(0, 0, 2, 0, "number"), Cell(0, 1, 2, 1, "field"), Cell(0, 2, 0, 6, "feedback_received"),
    Cell(0, 7, 0, 9, "feedback_handled"), Cell(0, 10, 2, 10, "published"),
    Cell(1, 2, 2, 2, "whole"), Cell(1, 3, 1, 4, "by_content"), Cell(1, 5, 1, 6, "by_time"),
    Cell(2, 3, 2, 3, "acts"), Cell(2, 4, 2, 4, "rules"), Cell(2, 5, 2, 5, "feedback_carried"),
    Cell(2, 6, 2, 6, "feedback_new"), Cell(1, 7, 1, 8, "own"), Cell(2, 7, 2, 7, "done"),
    Cell(2, 8, 2, 8, "doing"), Cell(1, 9, 2, 9, "forwarded"),
)  # fmt: skip
FEEDBACK_NUMBERS = (
    "(1)", "(2)", "(3)=(6)+(7)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)",
)  # fmt: skip
FEEDBACK_WIDTHS = (5, 32, 12, 11, 11, 11, 12, 11, 11, 11, 11)
CAUSE_WIDTHS = (5, 36, 14, 50, 28)


def workbook(q: PeriodView) -> bytes:
    """``forms.xlsx`` of a period: II.06a in both cuts, II.05a, II.07a and what fits none."""
    official = forms.in_reporting_cut(q)
    calendar = official.beside(official.period.recut("calendar"))
    book = _Book(q)
    for view, name in ((official, "sheet_results"), (calendar, "sheet_calendar")):
        rows = forms.results(view)
        sheet = book.sheet(say(f"forms.{name}"), RESULTS_WIDTHS)
        sheet.top(view, forms.heading(q, "results"), say("forms.unit_dossiers"))
        sheet.results(rows, "field", list_name=say("forms.sheet_check"))
        sheet.bottom(view)
    _feedback(book, official)
    _causes(book, official)
    _check(book, (official, calendar))
    return book.bytes(say("forms.workbook", period=inside(q.period.title)))


def consolidation(views: Sequence[PeriodView], missing: Sequence[str] = ()) -> bytes:
    """The same over units: a row a unit, and a row a field over all of them. ``missing`` names
    the units that could not be counted. Every view shows the same period.
    """
    views = [forms.in_reporting_cut(q) for q in views]
    first = views[0]
    book = _Book(first)
    parents = {q.office.unit.parent for q in views}
    book.over = parents.pop() if len(parents) == 1 else ""
    units = [forms.unit_row(q) for q in views]
    by_field: dict[str, list[ResultsRow]] = {}
    for q in views:
        for row in forms.results(q):
            by_field.setdefault(row.name, []).append(row)
    over_fields = [
        ResultsRow.total(name, by_field[name]) for name in sorted(by_field, key=forms.in_order)
    ]
    heading = forms.heading(first, "consolidated", own=False)
    for name, rows, head in (
        ("sheet_units", units, "unit"), ("sheet_fields", over_fields, "field"),
    ):  # fmt: skip
        sheet = book.sheet(say(f"forms.{name}"), RESULTS_WIDTHS)
        sheet.top(first, heading, say("forms.unit_dossiers"), over_units=True)
        if missing:
            sheet.line(say("forms.units_missing", units="; ".join(missing)), book.italic)
        sheet.results(rows, head, list_name=say("forms.sheet_check"))
        sheet.bottom(first, over_units=True)
    _check(book, views)
    return book.bytes(say("forms.workbook", period=inside(first.period.title)))


# -- the other forms -----------------------------------------------------------------------------


def _feedback(book: _Book, q: PeriodView) -> None:
    sheet = book.sheet(say("forms.sheet_feedback"), FEEDBACK_WIDTHS)
    sheet.top(q, forms.heading(q, "feedback"), say("forms.unit_feedback"))
    sheet.head(FEEDBACK_HEAD, FEEDBACK_NUMBERS)
    rows = forms.feedback(q)
    if not q.office.store.exports("feedback"):
        sheet.line(say("forms.no_feedback"), book.italic)
    begun = sheet.row
    for n, row in enumerate(rows, 1):
        at = sheet.row
        cells = [
            n, row.name, ("{f}+{g}", row.carried_over + row.received), row.acts, row.rules,
            row.carried_over, row.received, row.resolved, row.open, None, row.published,
        ]  # fmt: skip
        sheet.write(cells, at)
    whole = [sum(getattr(row, name) for row in rows) for name in _FEEDBACK]
    sheet.total(begun, [whole[0] + whole[1], whole[2], whole[3], whole[0], whole[1], whole[4],
                        whole[5], 0, whole[6]])  # fmt: skip
    unclear = sum(row.unclear for row in rows)
    edited = say("forms.feedback_edited")
    sheet.check("check_feedback", "{c}-({d}+{e})", unclear,
                say("forms.feedback_unclear", n=number(unclear)), edited)  # fmt: skip
    sheet.check("check_handled", "{c}-({h}+{i}+{j})", 0, say("forms.balanced"), edited)
    sheet.bottom(q)


_FEEDBACK = ("carried_over", "received", "acts", "rules", "resolved", "open", "published")


def _causes(book: _Book, q: PeriodView) -> None:
    first, second = forms.causes(q)
    sheet = book.sheet(say("forms.sheet_causes"), CAUSE_WIDTHS)
    sheet.top(q, forms.heading(q, "causes"), say("forms.unit_dossiers"))
    sheet.line(say("forms.part_one"), book.bold)
    sheet.head(_flat("number", "field", "overdue_count", "cause", "note"), _numbers(5))
    begun = sheet.row
    for n, row in enumerate(first, 1):
        told = "; ".join(
            say("forms.cause_and_count", code=code, n=number(k)) for code, k in row.codes.items()
        )
        sheet.write([n, row.name, row.count, told, ""], sheet.row)
    if not first:
        sheet.write(["", say("forms.none"), 0, "", ""], sheet.row)
    sheet.total(begun, [sum(row.count for row in first)])
    used = {code for row in first for code in row.codes}
    if used:
        named = "; ".join(
            say("forms.cause_named", code=code, name=name)
            for code, name in forms.cause_names(q, used)
        )
        sheet.line(say("forms.cause_key", codes=named), book.italic)
    sheet.row += 1
    sheet.line(say("forms.part_two"), book.bold)
    sheet.head(_flat("number", "procedure", "overdue_count", "difficulty", "legal_text"),
               _numbers(5))  # fmt: skip
    for n, rooted in enumerate(second, 1):
        ((_, name),) = forms.cause_names(q, [rooted.code])
        told = say("forms.cause_named", code=rooted.code, name=name)
        sheet.write([n, rooted.procedure, rooted.count, told, ""], sheet.row)
    if not second:
        sheet.write(["", say("forms.none"), 0, "", ""], sheet.row)
    sheet.bottom(q)


def _check(book: _Book, views: Sequence[PeriodView]) -> None:
    """The dossiers that the check rows speak of, by their codes as the audience may see them."""
    sheet = book.sheet(say("forms.sheet_check"), (34, 34, 64))
    for q in views:
        cut = label("word.reporting_cut" if q.period.cut == "reporting" else "word.calendar_cut")
        sheet.line(
            say("forms.check_title", number=forms.heading(q, "results").number, cut=inside(cut),
                period=f"{q.office.unit.name}, {q.period.span}"),
            book.bold,
        )  # fmt: skip
        found = forms.broken(q)
        if not found:
            sheet.line(say("forms.check_none"), book.italic)
            sheet.row += 1
            continue
        sheet.head(_flat("code", "field", "why"), ())
        masker = Masker.of(q.office.workspace) if q.audience == "shared" else None
        for row in found:
            code = masker.code(row.code) if masker else row.code
            sheet.write([code, row.field, say(f"forms.why_{row.why}")], sheet.row, plain=True)
        sheet.row += 1


def _flat(*words: str) -> tuple[Cell, ...]:
    return tuple(Cell(0, n, 0, n, word) for n, word in enumerate(words))


def _numbers(n: int) -> tuple[str, ...]:
    return tuple(f"({k})" for k in range(1, n + 1))


# -- laying out ------------------------------------------------------------------------------------


class _Book:
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

    def sheet(self, name: str, widths: Sequence[float]) -> _Sheet:
        return _Sheet(self, self.book.add_worksheet(name), widths)

    def bytes(self, title: str) -> bytes:
        day = self.q.data_day
        self.book.set_properties(
            {"title": title, "author": self.q.office.unit.authority, "company": "",
             "created": dt.datetime.combine(day, dt.time())}
        )  # fmt: skip
        self.book.close()
        return fixed_zip(self.out.getvalue(), day)


class _Sheet:
    """One form on one landscape page; ``row`` is the next free one."""

    def __init__(self, book: _Book, page: Any, widths: Sequence[float]) -> None:
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

    def results(self, rows: Sequence[ResultsRow], head: str, *, list_name: str) -> None:
        """The body of II.06a: rows, total, check row and what to know of columns 7 and 12."""
        self.head((*RESULTS_HEAD, Cell(0, 1, 2, 1, head)), RESULTS_NUMBERS)
        begun = self.row
        for n, row in enumerate(rows, 1):
            resolved = "{h}+{i}+{j}" + (f"+{row.without_due}" if row.without_due else "")
            self.write(
                [
                    n, row.name, ("{d}+{e}+{f}", row.received), row.online, row.direct,
                    row.carried_over, (resolved, row.resolved), row.early, row.on_day, row.late,
                    ("{l}+{m}", row.open), row.within, row.overdue,
                ],
                self.row,
            )  # fmt: skip
        whole = ResultsRow.total("", rows)
        self.total(begun, [
            whole.received, whole.online, whole.direct, whole.carried_over, whole.resolved,
            whole.early, whole.on_day, whole.late, whole.open, whole.within, whole.overdue,
        ])  # fmt: skip
        why = ", ".join(
            say(f"forms.{name}", n=number(n))
            for name, n in (("withdrawn", whole.withdrawn), ("stopped", whole.stopped),
                            ("ended_undated", whole.undated))
            if n
        )  # fmt: skip
        known = number(whole.explained)
        broken = whole.gap != whole.explained
        said = (
            say("forms.results_broken", n=known, sheet=list_name) if broken
            else say("forms.results_gap", n=known, why=why, sheet=list_name)
        )  # fmt: skip
        edited = say("forms.results_edited", n=known, sheet=list_name)
        self.check("check_results", "{c}-({g}+{k})", whole.gap, said, edited)
        for name, count in (("without_due", whole.without_due), ("paused", whole.paused)):
            if count:
                self.line(say(f"forms.results_{name}", n=number(count)), self.book.italic)


def _fitting(text: str, room: float) -> int:
    """Lines that a text takes where so many letters fit one."""
    return len(textwrap.wrap(text, max(1, int(room)), break_on_hyphens=False)) or 1


def _numbered(form: str) -> str:
    word = say("forms.form", number="").strip()
    return form if form.lower().startswith(word.split()[0].lower()) else f"{word} {form}"


def _quoted(text: str) -> str:
    return text.replace('"', '""')
