"""The list that an office puts up: which dossiers were late, and how it apologised.

Public, so nobody can be known by it: codes are the keyed hashes of the brief, a field or a
procedure with few dossiers or of a private nature is not named, moments are days. All of that is
decided by :class:`..briefs.annex.Annex`, as for everything else that leaves the office. Only
dossiers past their day are on it; what is due tomorrow is nobody's business yet.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import leaks
from ..atomic import put
from ..briefs import blocks, docx
from ..briefs.annex import Annex, csv_text
from ..briefs.folders import alone, recover
from ..sections.summary import cover
from ..words import date, inside, label, number, say
from .apologies import Apology, reference_day
from .slips import document_number

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["COLUMNS", "public_rows", "write_public"]

COLUMNS = (
    "code", "procedure_code", "procedure", "field", "due_at", "finished_at", "late_days",
    "apology", "due_at_revised",
)  # fmt: skip
SHOWN = ("code", "field", "procedure", "due_at", "finished_at", "late_days", "apology",
         "due_at_revised")  # fmt: skip


def public_rows(q: PeriodView, rows: Sequence[Apology]) -> list[dict[str, Any]]:
    """``rows`` as anyone may see them: ``COLUMNS``, days as ISO text, ``late_days`` a number or
    empty; in the order of the due day.
    """
    shared = copy.copy(q)
    shared.audience = "shared"
    annex = Annex.of(shared)
    found = []
    for row in rows:
        if row.group == "due_tomorrow":
            continue
        seen = annex.seen(
            {
                "code": row.code, "procedure_code": row.procedure_code,
                "procedure": row.procedure, "field": row.field,
            }
        )  # fmt: skip
        found.append(
            {
                "code": seen["code"],
                "procedure_code": seen["procedure_code"],
                "procedure": annex.procedure_names.get(seen["procedure_code"], ""),
                "field": seen["field"],
                "due_at": _iso(row.due_at),
                "finished_at": _iso(row.finished_at),
                "late_days": "" if row.late_days is None else row.late_days,
                "apology": row.form,
                "due_at_revised": _iso(row.due_at_revised),
            }
        )
    return sorted(found, key=lambda r: (r["due_at"], r["code"]))


def write_public(q: PeriodView, rows: Sequence[Apology]) -> list[Path]:
    """Writes ``apologies.csv`` and ``apologies.docx`` into the period's reports.

    Raises :class:`LeakError` rather than write what looks like a person's number.
    """
    found = public_rows(q, rows)
    root, unit = q.office.workspace / "reports", q.office.unit.slug
    folder = root / unit / q.period.label
    notice = _notice(q, found)
    files = {
        "apologies.csv": csv_text(COLUMNS, found).encode("utf-8"),
        "apologies.docx": docx.render(notice),
    }
    leaks.stop(leaks.search(files.items(), leaks.Watch.of(q, shared=True)))
    with alone(root, unit):
        recover(folder)
        for name, content in files.items():
            put(folder / name, content)
    return [folder / name for name in files]


def _notice(q: PeriodView, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    unit, title = q.office.unit, inside(q.period.title)
    head = {
        **cover(q).data,
        "report": say("apologies.public_report"),
        "title": say("apologies.public_title", period=title),
        "number_pattern": document_number(unit, say("apologies.public_kind")),
        "span": say("apologies.public_span", day=date(reference_day(q))),
        "cut_label": q.period.title,
        "audience": "shared",
        "recipients": [],
        "notices": [],
    }
    count = dict.fromkeys(("written", "phone", "none"), 0)
    for row in rows:
        count[row["apology"]] += 1
    told = {form: number(n) for form, n in count.items()}
    key = "public_intro" if rows else "public_none"
    intro = say(f"apologies.{key}", authority=unit.authority, all=number(len(rows)), **told)
    found: list[dict[str, Any]] = [
        head,
        {"kind": "paragraph", "spans": [{"text": intro, "style": ""}]},
    ]
    if rows:
        found.append(_table(rows, reference_day(q)))
    return found


def _table(rows: Sequence[dict[str, Any]], day: dt.date) -> dict[str, Any]:
    def column(name: str) -> dict[str, str]:
        return {"label": label(f"col.{name}"), "align": "right" if name == "late_days" else "left"}

    notes = [say("apologies.public_note_code")]
    if any(not row["field"] or not row["procedure"] for row in rows):
        notes.append(say("apologies.public_note_hidden"))
    return blocks.table_data(
        id="apologies",
        caption=say("apologies.public_caption"),
        columns=[column(name) for name in SHOWN],
        rows=[[_shown(name, row[name]) for name in SHOWN] for row in rows],
        notes=[*notes, say("apologies.public_note_days", day=date(day))],
    )


def _shown(name: str, value: Any) -> str:
    if name == "apology":
        return say(f"apologies.public_form_{value}")
    if value == "":
        mark = "zero" if name in ("finished_at", "due_at_revised") else "no_data"
        return label(f"mark.{mark}")
    if name in ("due_at", "finished_at", "due_at_revised"):
        return date(dt.date.fromisoformat(value))
    return number(value) if name == "late_days" else str(value)


def _iso(moment: dt.datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
