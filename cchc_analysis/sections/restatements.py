"""What changed since the period was first reported: the dossiers, and the figures they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks, restated
from ..briefs.restated import (
    change_text,
    dossier_rows,
    dossiers_said,
    figures_said,
    value_text,
    withdrawn_said,
)
from ..words import date, label, number, say
from .dossiers import LONGEST_LIST, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["restated_dossiers", "restated_figures"]


def restated_dossiers(q: PeriodView) -> Any:
    """Each dossier whose days, status or other values a newer export tells otherwise."""
    r = q.restatements
    rows = dossier_rows(r)
    if not rows:
        return blocks.note("info", " ".join([dossiers_said(r), *withdrawn_said(r)]))
    notes = [dossiers_said(r), say("restatements.note"), *withdrawn_said(r)]
    if q.audience == "shared":
        notes.append(say("restatements.masked"))
    if len(rows) > LONGEST_LIST:
        shown, all = number(LONGEST_LIST), number(len(rows))
        notes.append(say("restatements.more", shown=shown, all=all, period=q.period.label))
    return blocks.table(
        id="restated-dossiers", caption=say("restatements.dossiers"),
        columns=[
            left(label("col.code")), left(say("restatements.change")),
            right(say("restatements.was")), right(say("restatements.now")),
        ],
        rows=[
            [
                row["code"], change_text(row), value_text(row["field"], row["was"]),
                value_text(row["field"], row["now"]),
            ]
            for row in rows[:LONGEST_LIST]
        ],
        notes=notes,
    )  # fmt: skip


def restated_figures(q: PeriodView) -> Any:
    """Each figure that restatements moved: as it was when first reported and as it is now."""
    r = q.restatements
    rows = [list(row) for row in restated.restated_figures(r)]
    if not rows:
        said = figures_said(r) or [say("restatements.no_figures")]
        return blocks.note("info", " ".join(said))
    return blocks.table(
        id="restated-figures", caption=say("restatements.figures"),
        columns=[
            left(label("col.label")), right(say("restatements.first", day=date(r.since))),
            right(say("restatements.now")), right(say("sections.difference")),
        ],
        rows=rows, notes=figures_said(r),
    )  # fmt: skip
