"""Slices and dossiers as people read them: sentences, tables, charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..words import date, datetime_, label, number, say
from .slices import lost, named

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["cases_block", "lost_block", "one_summary", "pick_text", "steps_block", "summary"]

MOST_ROWS = 200  # the line of code gives all
MOST_BARS = 7


def cases_block(frame: pd.DataFrame, id: str) -> Any:
    import pandas as pd

    rows = [
        [
            row["code"], "…" if pd.isna(row["late_days"]) else number(int(row["late_days"])),
            named("stage", row["stage"]), named("cause", row["cause"]), row["evidence"],
            row["field"], row["procedure"] or row["procedure_code"],
            named("officer", row["officer"]), named("channel", row["channel"]),
            _day(row["received_at"]), _day(row["due_at"]),
            _day(row["ended_at"]) or label("dossiers.open"),
        ]
        for row in frame.head(MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    names = ("code", "late_days", "stage", "cause", "evidence", "field", "procedure", "officer",
             "channel", "received_at", "due_at", "finished_at")  # fmt: skip
    heads = [say("explore.days_late") if n == "late_days" else label(f"col.{n}") for n in names]
    columns = [
        {"label": text, "align": "right" if name == "late_days" else "left"}
        for name, text in zip(names, heads, strict=True)
    ]
    notes = []
    if len(frame) > MOST_ROWS:
        notes.append(say("explore.more", shown=number(MOST_ROWS), all=number(len(frame))))
    return blocks.table(
        id=f"{id}-cases", caption=say("explore.cases"), columns=columns, rows=rows, notes=notes
    )


def steps_block(code: str, table: pd.DataFrame, id: str) -> Any:
    def days(value: float) -> str:
        return number(round(value, 2), 2) if value == value else "…"

    rows = [
        [
            row["stage"], row["actor"], _moment(row["entered_at"]), _moment(row["left_at"]) or "…",
            days(row["days"]), days(row["usual"]), days(row["long"]), days(row["lost_days"]),
            row["evidence"],
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    heads = [label(f"col.{name}") for name in ("stage", "actor", "entered_at", "left_at")]
    heads += [say(f"explore.{name}") for name in ("days", "usual", "long", "lost_here")]
    aligns = ["left"] * 4 + ["right"] * 4 + ["left"]
    columns = [
        {"label": text, "align": align}
        for text, align in zip([*heads, label("col.evidence")], aligns, strict=True)
    ]
    notes = [say("explore.steps_note")]
    for basis, kinds in (("share", ("share", "configured")), ("none", ("none",))):
        weak = dict.fromkeys(table.loc[table["basis"].isin(kinds), "stage"])
        if weak:
            notes.append(say(f"explore.basis_{basis}", stages=", ".join(weak)))
    return blocks.table(
        id=f"{id}-steps", caption=say("explore.steps", code=code), columns=columns, rows=rows,
        notes=notes,
    )  # fmt: skip


def lost_block(view: PeriodView, frame: pd.DataFrame, id: str) -> Any:
    from ..figures.timeline import lost as panels_of

    panels, said, rows = [], {}, []
    for by in ("stage", "cause"):
        table = lost(view, frame, by)
        found = [(named(by, row[by]), row["days"]) for row in table.to_dict("records")]
        rows += [[label(f"col.{by}"), name, number(days, 2)] for name, days in found]
        told = [pair for pair in found if pair[1]]
        rest = told[MOST_BARS:]
        if len(rest) > 1:
            others = say("explore.others", n=number(len(rest)))
            told = [*told[:MOST_BARS], (others, sum(days for _, days in rest))]
        names, days = [name for name, _ in told], [days for _, days in told]
        panels.append((say(f"explore.lost_by_{by}"), names, days))
        said[f"{by}s"] = "; ".join(
            say("explore.lost_item", name=name, days=number(day, 1)) for name, day in told
        )
    if not any(names for _, names, _ in panels):
        return None
    columns = [{"label": say("explore.lost_by"), "align": "left"},
               {"label": "", "align": "left"},
               {"label": say("explore.lost_days"), "align": "right"}]  # fmt: skip
    data = blocks.table_data(
        id=f"{id}-lost-data", caption=say("explore.lost_table"), columns=columns, rows=rows
    )
    return blocks.figure(
        panels_of(panels), id=f"{id}-lost", caption=say("explore.lost"),
        alt=say("explore.lost_alt", **said), table=data,
    )  # fmt: skip


def _day(moment: Any) -> str:
    return date(moment) if moment is not None and moment == moment else ""


def _moment(moment: Any) -> str:
    return datetime_(moment) if moment is not None and moment == moment else ""


def summary(view: PeriodView, whole: pd.DataFrame, frame: pd.DataFrame, with_open: bool) -> str:
    title = view.period.title
    if whole.empty:
        return say("explore.none" if with_open else "explore.none_resolved", period=title)
    untold = int(frame["late_days"].isna().sum())
    said = say(
        "explore.summary_days_unknown" if untold else "explore.summary",
        period=title, n=number(len(frame)), all=number(len(whole)),
        late=number(int((frame["state"] == "resolved_late").sum())),
        open=number(int((frame["state"] == "open_overdue").sum())),
        days=number(int(frame["late_days"].fillna(0).sum())), untold=number(untold),
        recorded=number(int(frame["recorded_only"].sum())),
    )  # fmt: skip
    return said if len(frame) else f"{say('explore.none_here')} {said}"


def one_summary(row: Mapping[Any, Any]) -> str:
    ended = _day(row["ended_at"])
    return say(
        "explore.one_summary",
        procedure=row["procedure"] or row["procedure_code"] or named("procedure", ""),
        channel=named("channel", row["channel"]), received=_day(row["received_at"]),
        due=_day(row["due_at"]),
        end=say("explore.one_ended", day=ended) if ended else say("explore.one_open"),
        days=number(int(row["late_days"])) if row["late_days"] == row["late_days"] else "…",
        cause=named("cause", row["cause"]), evidence=row["evidence"],
    )  # fmt: skip


def pick_text(row: Mapping[Any, Any]) -> str:
    told = row["late_days"] == row["late_days"]
    return say(
        "explore.dossier_option" if told else "explore.dossier_option_unknown",
        code=row["code"], days=number(int(row["late_days"])) if told else "",
        cause=named("cause", row["cause"]),
    )  # fmt: skip
