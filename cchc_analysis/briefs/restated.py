"""What changed since a period was first reported, as the audience may see it.

The shared audience sees masked codes, days without times and the status. What a dossier was
otherwise (its procedure, its channel, a fee) is told only of those in the published lists of late
ones, and only where the breakdowns show that value; of the others only that it changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..phrases import is_share, mark, share_text
from ..restatements import MOMENTS
from ..words import date, datetime_, has_label, label, number, points, say, signed
from .annex import BREAKDOWNS

if TYPE_CHECKING:
    from ..indicators.results import Result
    from ..restatements import Restatements

__all__ = [
    "change_text", "dossier_rows", "dossiers_said", "figure_rows", "figure_texts", "figures_said",
    "restated_figures", "restated_lines", "restated_tables", "value_text", "withdrawn_said",
]  # fmt: skip

NOT_SHOWN = ""


def restated_tables(r: Restatements) -> dict[str, Any]:
    """What changed, for a program: ``dossiers`` and ``figures``."""
    return {"dossiers": dossier_rows(r), "figures": figure_rows(r)}


def dossier_rows(r: Restatements) -> list[dict[str, Any]]:
    """``code, change, field, was, now`` of each change; moments in ISO, None where there was or is
    nothing, an empty text where it is not shown.
    """
    q = r.now
    annex = q.annex
    lists = (q.late, q.open_overdue) if annex.shared else ()
    listed = {row["code"]: annex.seen(row) for f in lists for row in f.to_dict("records")}

    def seen(row: Mapping[Any, Any], name: str) -> Any:
        value, field = row[name], row["field"]
        if value is None or value != value:
            return None
        told = listed.get(row["code"], {})
        if annex.shared and field == "received_at" and not told.get("procedure_code"):
            return NOT_SHOWN  # with the day when it is due it would tell the limit
        if field in MOMENTS:
            return value.date().isoformat() if annex.shared else value.isoformat(sep=" ")
        if not annex.shared or field in (None, "status"):
            return value
        known = field in BREAKDOWNS and value in set(q.by(field)[field])
        if not told or not known or annex.is_hidden(field, value):
            return NOT_SHOWN
        return NOT_SHOWN if field == "procedure_code" and annex.unnamed(value) else value

    return [
        {
            "code": annex.masker.code(row["code"]) if annex.shared else row["code"],
            "change": row["change"], "field": row["field"],
            "was": seen(row, "was"), "now": seen(row, "now"),
        }
        for row in r.dossiers.to_dict("records")
    ]  # fmt: skip


def figure_rows(r: Restatements) -> list[dict[str, Any]]:
    """``id, first, now`` of each figure that reads otherwise now; plain numbers."""
    return [
        {name: None if row[name] != row[name] else row[name] for name in ("id", "first", "now")}
        for row in r.figures.to_dict("records")
    ]


# -- in words --------------------------------------------------------------------------------------


def dossiers_said(r: Restatements) -> str:
    """When the period was first reported, and how many of its dossiers read otherwise now."""
    n = r.dossiers["code"].nunique()
    since = "asked" if r.asked else "whole" if r.complete else "part"
    told = say(f"restatements.{since}", day=date(r.since))
    return f"{told} {say('restatements.some' if n else 'restatements.none', n=number(n))}"


def figures_said(r: Restatements) -> list[str]:
    """What is to be said of the figures that moved without a restatement, or are not compared."""
    if not r.complete:
        return [say("restatements.not_whole", day=date(r.since))]
    rows = r.figures.to_dict("records")
    later = [r.now.result(row["id"]).label for row in rows if not row["restated"]]
    return [say("restatements.later", figures="; ".join(later))] if later else []


def withdrawn_said(r: Restatements) -> list[str]:
    """Registers that were taken out of the store, which no comparison sees; the reason that
    somebody wrote is for the office.
    """
    said = []
    for export in r.withdrawn:
        told = {"file": export.receipt.file, "moment": datetime_(export.exported_at)}
        said.append(say("restatements.withdrawn", **told))
        if r.now.audience == "internal":
            said[-1] += " " + say("restatements.reason", reason=export.withdrawn)
    return said


def change_text(row: Mapping[str, Any]) -> str:
    """What kind of change it is, with the column where the kind does not tell it."""
    column = label(f"col.{row['field']}") if row["change"] == "value_changed" else ""
    return say(f"restatements.{row['change']}", column=column)


def value_text(field: str | None, value: Any) -> str:
    """A cell of the register as people read it."""
    if value is None:
        return mark("zero")
    if value == NOT_SHOWN:
        return mark("suppressed")
    if field in MOMENTS:
        moment = dt.datetime.fromisoformat(value)
        return date(moment) if moment.time() == dt.time() else datetime_(moment)
    if isinstance(value, bool):
        return label("word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return number(value)
    return label(f"{field}.{value}") if has_label(f"{field}.{value}") else str(value)


def restated_figures(r: Restatements) -> list[tuple[str, str, str, str]]:
    """Each figure that restatements moved: its label and :func:`figure_texts`."""
    rows = [row for row in r.figures.to_dict("records") if row["restated"]]
    results = [r.now.result(row["id"]) for row in rows]
    return [
        (result.label, *figure_texts(result, row["first"]))
        for result, row in zip(results, rows, strict=True)
    ]


def figure_texts(result: Result, first: float | None) -> tuple[str, str, str]:
    """A figure as it was first reported, as it is now, and by how much it moved."""
    now = result.value
    share = is_share(result)

    def plain(value: float | None) -> str:
        if share or value is None:
            return share_text(value, 2)
        return number(value, 2 if value % 1 else 0)

    if first is None or now is None:
        return plain(first), plain(now), mark("no_data")
    difference = Decimal(str(now)) - Decimal(str(first))
    shown = difference * 100 if share else difference
    places = next((n for n in range(2, 6) if round(shown, n)), 6) if shown % 1 else 0
    moved = points(difference, places) if share else signed(difference, places)
    return plain(first), plain(now), moved


def restated_lines(r: Restatements) -> list[str]:
    """All of it for a terminal."""
    lines = [f"{r.now.period.title}. {dossiers_said(r)}"]
    for row in dossier_rows(r):
        lines.append(
            say(
                "restatements.terminal", code=row["code"], change=change_text(row),
                was=value_text(row["field"], row["was"]), now=value_text(row["field"], row["now"]),
            )
        )  # fmt: skip
    moved = restated_figures(r)
    if moved:
        lines.append(say("restatements.terminal_figures", n=number(len(moved))))
    lines += [
        say(
            "restatements.terminal_figure",
            label=name,
            day=date(r.since),
            first=first,
            now=now,
            moved=difference,
        )
        for name, first, now, difference in moved
    ]
    return [*lines, *figures_said(r), *withdrawn_said(r)]
