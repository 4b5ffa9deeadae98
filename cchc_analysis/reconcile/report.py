"""What came of a reconciliation, in words: for the terminal, for programs, and as a workbook.

The workbook goes to ``internal/<unit>/<period>/reconcile.xlsx``: it shows small numbers, and what
an office once reported otherwise is nobody's business before it has been looked into.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..words import date, inside, number, percent, say, signed
from .compare import Difference, Explanation, Reconciled
from .official import TOTAL, Share

__all__ = ["as_dict", "lines", "write"]

FILE = "reconcile.xlsx"


def lines(made: Reconciled) -> list[str]:
    """The result, the most telling first."""
    q, official = made.q, made.official
    place = say("reconcile.place_sheet" if official.sheet else "reconcile.place",
                sheet=official.sheet, file=official.file)  # fmt: skip
    said = [
        say("reconcile.head", place=place, period=inside(q.period.title), unit=q.office.unit.name,
            start=date(q.start), end=date(q.end))
    ]  # fmt: skip
    if not made.differences:
        said.append(say("reconcile.all_same", n=number(made.compared)))
    else:
        differ, left = len(made.differences), made.unexplained
        said.append(
            say("reconcile.counts", n=number(made.compared), same=number(made.compared - differ),
                differ=number(differ), explained=number(differ - left), left=number(left))
        )  # fmt: skip
        said += _told(made)
        said += [_cell(made, d) for d in made.differences]
    return said + _remarks(made)


def _reasons(made: Reconciled) -> list[Explanation]:
    """What explains the cells, each once, that which explains most first."""
    found = dict.fromkeys(e for d in made.differences for e in d.best)
    return sorted(found, key=lambda e: -e.gain)


def _told(made: Reconciled) -> list[str]:
    """The reasons under their numbers."""
    said = []
    for n, found in enumerate(_reasons(made), 1):
        key = "reconcile.reason_spoilt" if found.spoilt else "reconcile.reason"
        said.append(
            say(key, number=n, text=text_of(found), n=number(len(found.fixed)),
                spoilt=number(found.spoilt))
        )  # fmt: skip
    if any(len(d.best) > 1 for d in made.differences):
        said.append(say("reconcile.several"))
    return said


def _remarks(made: Reconciled) -> list[str]:
    said = []
    for wrong in made.sums:
        said.append(
            say(f"reconcile.wrong_{wrong.over}", row=_row(wrong.row),
                column=made.official.heads[wrong.column], stated=number(wrong.stated),
                summed=number(wrong.summed))
        )  # fmt: skip
    said += [say("reconcile.renamed", row=row, field=name) for row, name in made.renamed.items()]
    for key, names in (("unmatched", made.unmatched), ("absent", made.absent)):
        if names:
            said.append(say(f"reconcile.{key}", rows="; ".join(names)))
    if made.official.ignored:
        said.append(say("reconcile.ignored", heads="; ".join(made.official.ignored)))
    return said


def text_of(found: Explanation) -> str:
    """What was done otherwise, inside a sentence."""
    parts = []
    if found.view != "base":
        parts.append(say(f"reconcile.view_{found.view}", **dict(found.values)))
    if found.definition != "own":
        parts.append(say(f"reconcile.by_{found.definition}"))
    return parts[0] if len(parts) == 1 else say("reconcile.and", one=parts[0], other=parts[1])


def _row(name: str) -> str:
    return say("reconcile.total") if name == TOTAL else name


def _cell(made: Reconciled, d: Difference) -> str:
    theirs, ours, difference = _values(d)
    reasons = _reasons(made)
    numbers = [f"({reasons.index(found) + 1})" for found in d.best]
    why = (
        say("reconcile.see", reasons=say("reconcile.or").join(numbers))
        if numbers
        else say("reconcile.unexplained")
    )
    return say(
        "reconcile.cell", row=_row(d.row), column=made.official.heads[d.column], theirs=theirs,
        ours=ours, difference=difference, why=why,
    )  # fmt: skip


def _values(d: Difference) -> tuple[str, str, str]:
    """Both numbers and their difference as people read them."""
    if isinstance(d.theirs, int) and isinstance(d.ours, int):
        return number(d.theirs), number(d.ours), signed(d.theirs - d.ours)
    stated = d.theirs.percent if isinstance(d.theirs, Share) else 0.0
    places = max(d.theirs.decimals, 2) if isinstance(d.theirs, Share) else 2
    k, n = d.ours if isinstance(d.ours, tuple) else (0, 0)
    own = 100 * k / n if n else 0.0
    gap = signed(round(stated - own, places), places)
    return number(round(stated, places), places) + "%", percent(k / n if n else 0.0, places), gap


def _why(d: Difference) -> str:
    return "; ".join(text_of(found) for found in d.best) or say("reconcile.unexplained")


def as_dict(made: Reconciled) -> dict[str, Any]:
    """The same as plain values; ``period, cut, from, to, compared, differences, unexplained, sums,
    renamed, unmatched, absent, ignored``.
    """
    q = made.q
    return {
        "file": made.official.file, "sheet": made.official.sheet, "period": q.period.label,
        "cut": q.period.cut, "from": q.start.isoformat(), "to": q.end.isoformat(),
        "compared": made.compared,
        "differences": [
            {
                "row": d.row, "column": d.column, "heading": made.official.heads[d.column],
                "theirs": _plain(d.theirs), "ours": _plain(d.ours),
                "explanations": [
                    {"view": e.view, "definition": e.definition, "values": dict(e.values),
                     "cells": len(e.fixed), "spoilt": e.spoilt, "text": text_of(e)}
                    for e in d.explanations
                ],
            }
            for d in made.differences
        ],
        "unexplained": made.unexplained,
        "sums": [
            {"row": s.row, "column": s.column, "stated": s.stated, "summed": s.summed,
             "over": s.over}
            for s in made.sums
        ],
        "renamed": dict(made.renamed), "unmatched": list(made.unmatched),
        "absent": list(made.absent), "ignored": list(made.official.ignored),
    }  # fmt: skip


def _plain(value: int | Share | tuple[int, int]) -> float | int | None:
    """A count, or a rate as a share."""
    if isinstance(value, Share):
        return round(value.percent / 100, value.decimals + 2)
    if isinstance(value, tuple):
        return value[0] / value[1] if value[1] else None
    return value


def write(made: Reconciled) -> Path:
    """The workbook, in its place; its file. Raises :class:`WorkspaceError` or
    :class:`BriefError` where it cannot be written.
    """
    from ..atomic import put
    from ..briefs.xlsx import meta_of
    from ..briefs.xlsx import write as write_book

    widths = {"row": 34, "column": 44, "theirs": 14, "ours": 14, "difference": 14, "why": 90}
    numeric = ("theirs", "ours", "difference")
    sheet = {
        "name": say("reconcile.sheet"), "title": say("reconcile.title"),
        "columns": [
            {"label": say(f"reconcile.{name}"), "width": width,
             "type": "int" if name in numeric else "text"}
            for name, width in widths.items()
        ],
        "rows": [
            [_row(d.row), made.official.heads[d.column], *_typed(d), _why(d)]
            for d in made.differences
        ],
        "notes": [*lines(made)[:2], *_told(made), *_remarks(made)],
    }  # fmt: skip
    q = made.q
    target = q.office.workspace / "internal" / q.office.unit.slug / q.period.label / FILE
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / FILE
        meta = {**meta_of(q), "title": say("reconcile.title")}
        write_book(book, [sheet], meta)
        put(target, book.read_bytes())
    return target


def _typed(d: Difference) -> list[Any]:
    if isinstance(d.theirs, int) and isinstance(d.ours, int):
        return [d.theirs, d.ours, d.theirs - d.ours]
    return list(_values(d))
