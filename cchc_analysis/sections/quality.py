"""How far to trust the figures: the files, what was set aside, how each figure is made."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..gaps import unconfirmed_text
from ..indicators.dossiers import ON_TIME, RATES, WITH_DUE
from ..phrases import ratio_text
from ..words import date, datetime_, label, number, percent, say
from .dossiers import LONGEST_LIST, count_text, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["definitions", "files", "set_aside", "unverified", "vanished"]


def files(q: PeriodView) -> Any:
    """Each export used: rows in = accepted + set aside + exact duplicates."""
    rows, notes = [], [say("sections.files_note")]
    for export in q.inputs:
        r = export.receipt
        span = ""
        if r.window_from and r.window_to:
            span = f"{date(r.window_from)} – {date(r.window_to)}"
        rows.append(
            [
                r.file, datetime_(r.exported_at), span, number(r.rows_in), number(r.accepted),
                count_text(r.set_aside), count_text(r.duplicates),
            ]
        )  # fmt: skip
        if r.titled:
            notes.append(say("sections.files_titled", file=r.file, other=r.titled))
    columns = [
        left(label("col.file")), left(say("sections.exported_at")),
        left(say("sections.window")), right(say("sections.rows_in")),
        right(say("sections.accepted")), right(say("sections.rows_set_aside")),
        right(say("sections.duplicates")),
    ]  # fmt: skip
    return blocks.table(
        id="files", caption=say("sections.files"), columns=columns, rows=rows,
        notes=list(dict.fromkeys(notes)),
    )  # fmt: skip


def set_aside(q: PeriodView) -> Any:
    """Rows set aside that no other export mends, and how far they could move the rate."""
    frame = q.set_aside
    if not len(frame):
        return blocks.note("info", say("sections.none_set_aside"))
    rows = [
        [r["file"], number(r["row"]), r["column"], r["remedy"]]
        for r in frame.head(LONGEST_LIST).to_dict("records")
    ]
    low, high = q.set_aside_range
    notes = []
    if low is not None and high is not None:
        notes.append(
            say(
                "sections.set_aside_range", n=number(len(frame)),
                low=percent(Decimal(str(low)), 2), high=percent(Decimal(str(high)), 2),
            )
        )  # fmt: skip
    return blocks.table(
        id="set-aside", caption=say("annex.set_aside"),
        columns=[
            left(label("col.file")), right(label("col.row")), left(label("col.column")),
            left(label("col.remedy")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def vanished(q: PeriodView) -> Any:
    """Dossiers that a newer export should hold and does not; and how many are open of which newer
    ones do not tell.
    """
    frame, old = q.vanished, unconfirmed_text(q)
    if not len(frame):
        said = [old] if old else [say("sections.none_vanished")]
        return blocks.note("info", " ".join(said))
    annex = q.annex
    gone = set(frame["code"])
    rest = q.dossiers[~q.dossiers["code"].isin(gone)]
    k, n = int(rest[list(ON_TIME)].sum().sum()), int(rest[list(WITH_DUE)].sum().sum())
    rows = [
        [
            annex.masker.code(r["code"]) if annex.shared else r["code"],
            r["last_seen"], r["absent_from"],
        ]
        for r in frame.head(LONGEST_LIST).to_dict("records")
    ]  # fmt: skip
    return blocks.table(
        id="vanished", caption=say("sections.vanished"),
        columns=[
            left(label("col.code")), left(say("sections.last_seen")),
            left(say("sections.absent_from")),
        ],
        rows=rows,
        notes=[say("sections.vanished_note", rate=ratio_text(k, n)), *([old] if old else [])],
    )  # fmt: skip


def definitions(q: PeriodView) -> Any:
    """How each figure of this notebook is made and where the definition stands."""
    names = (
        "received", "carried_over", "resolved", "resolved_late", "open", "open_overdue", "paused",
        *RATES, "late_allowance", "late_recorded_only",
    )  # fmt: skip
    rows = []
    for name in names:
        r = q.result(f"dossiers.{name}")
        rows.append([r.label, r.definition, r.source])
    return blocks.table(
        id="definitions", caption=say("sections.definitions"),
        columns=[
            left(label("col.label")), left(label("col.definition")), left(label("col.source")),
        ],
        rows=rows, notes=[say("sections.rule_book")],
    )  # fmt: skip


def unverified(q: PeriodView) -> Any:
    """What this brief rests on that nobody has confirmed; all of it is configuration."""
    said = [say("sections.unverified_cut"), say("sections.unverified_layout")]
    if q.office.catalogue is not None:
        said.append(say("sections.catalogue_note"))
    if not q.office.unit.verified:
        said.append(say("sections.unverified_unit", unit=q.office.unit.name))
    texts = [target.text or target.quote for target in q.plan.targets if not target.verified]
    if texts:
        said.append(say("sections.unverified_targets", texts="; ".join(texts)))
    return blocks.headline(said)
