"""The forms as a workbook, laid out to be printed, signed and sent.

Heads are merged as on the printed form, columns numbered, sums are formulas with their results
beside them, so that a program which does not calculate shows them too. Under the total a check
row tells whether the form balances and why not, and what it says follows the cells: whoever
edits a number sees the check change. What nobody has confirmed of a layout is a hidden note on
its number. Equal counts make equal bytes: dates of the file are the data day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..privacy import Masker
from ..words import inside, label, number, say
from . import forms
from .form_sheet import Book, Cell, Sheet
from .forms import ResultsRow

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["consolidation", "workbook"]

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
    book = Book(q)
    for view, name in ((official, "sheet_results"), (calendar, "sheet_calendar")):
        rows = forms.results(view)
        sheet = book.sheet(say(f"forms.{name}"), RESULTS_WIDTHS)
        sheet.top(view, forms.heading(q, "results"), say("forms.unit_dossiers"))
        _results(sheet, rows, "field")
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
    book = Book(first)
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
        _results(sheet, rows, head)
        sheet.bottom(first, over_units=True)
    _check(book, views)
    return book.bytes(say("forms.workbook", period=inside(first.period.title)))


def _results(sheet: Sheet, rows: Sequence[ResultsRow], head: str) -> None:
    """The body of II.06a: rows, total, check row and what to know of columns 7 and 12."""
    list_name = say("forms.sheet_check")
    sheet.head((*RESULTS_HEAD, Cell(0, 1, 2, 1, head)), RESULTS_NUMBERS)
    begun = sheet.row
    for n, row in enumerate(rows, 1):
        resolved = "{h}+{i}+{j}" + (f"+{row.without_due}" if row.without_due else "")
        sheet.write(
            [
                n, row.name, ("{d}+{e}+{f}", row.received), row.online, row.direct,
                row.carried_over, (resolved, row.resolved), row.early, row.on_day, row.late,
                ("{l}+{m}", row.open), row.within, row.overdue,
            ],
            sheet.row,
        )  # fmt: skip
    whole = ResultsRow.total("", rows)
    sheet.total(begun, [
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
    sheet.check("check_results", "{c}-({g}+{k})", whole.gap, said, edited)
    for name, count in (("without_due", whole.without_due), ("paused", whole.paused)):
        if count:
            sheet.line(say(f"forms.results_{name}", n=number(count)), sheet.book.italic)


# -- the other forms -----------------------------------------------------------------------------


def _feedback(book: Book, q: PeriodView) -> None:
    sheet = book.sheet(say("forms.sheet_feedback"), FEEDBACK_WIDTHS)
    sheet.top(q, forms.heading(q, "feedback"), say("forms.unit_feedback"))
    sheet.head(FEEDBACK_HEAD, FEEDBACK_NUMBERS)
    rows = forms.feedback(q)
    if not q.told("feedback"):
        sheet.line(say("forms.no_feedback"), book.italic)
    elif q.feedback.lacking("open"):
        sheet.line(say("forms.no_feedback_end"), book.italic)
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


def _causes(book: Book, q: PeriodView) -> None:
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


def _check(book: Book, views: Sequence[PeriodView]) -> None:
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
