"""What the data cannot say: rows set aside, dossiers that vanished or of which nothing new is told,
what the first page must tell.

Nothing is dropped in silence. A row that could not be taken, and a dossier that a newer export
should hold and does not, are listed, and it is said how far they could move the figures. An office
that exports only what it received in the quarter tells nothing more of what was open before: such a
dossier stays open, as its register says, but how old that knowledge is goes with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .store import covered_to, windows
from .words import date, label, number, say

if TYPE_CHECKING:
    import pandas as pd

    from .store import Export
    from .view import PeriodView

__all__ = [
    "codes", "incomplete", "lacking", "notices", "overlaps", "set_aside", "set_aside_range",
    "unconfirmed", "unconfirmed_text", "vanished",
]  # fmt: skip

DELIVERY = dt.timedelta(days=7)  # registers made within it are of one delivery, none newer
PARTIAL_EXPORT = 0.5  # an export with fewer of the known dossiers proves nothing by absence


def set_aside(q: PeriodView) -> pd.DataFrame:
    """Rows set aside in the exports of the period and not accepted from any other export:
    ``file, sheet, row, column, rule, remedy, code``.
    """
    import pandas as pd

    known = set(q.register["code"])
    rows = [
        {
            "file": row.file, "sheet": row.sheet, "row": row.row, "column": row.column,
            "rule": row.rule, "remedy": row.remedy, "code": row.code,
        }
        for export in q.exports
        if overlaps(export, q.start, q.end)
        for row in export.set_aside
        if row.code is None or row.code not in known
    ]  # fmt: skip
    columns = ["file", "sheet", "row", "column", "rule", "remedy", "code"]
    return pd.DataFrame(rows, columns=columns)


def set_aside_range(q: PeriodView) -> tuple[float | None, float | None]:
    """The on-time rate if every set-aside row were late, and if every one were in time."""
    from .indicators.dossiers import ON_TIME, WITH_DUE, total

    extra = int((q.set_aside["rule"] != "not_yet_received").sum())
    k, n = total(q.counts, ON_TIME), total(q.counts, WITH_DUE)
    if n + extra == 0:
        return None, None
    return k / (n + extra), (k + extra) / (n + extra)


def vanished(q: PeriodView) -> pd.DataFrame:
    """Dossiers of the period that a newer export should hold and does not: ``code``,
    ``last_seen`` (file), ``absent_from`` (file). They stay counted.
    """
    import pandas as pd

    rows = []
    frame = q.dossiers
    for export in q.exports:
        start, end = export.receipt.window_from, export.receipt.window_to
        if not (start and end and overlaps(export, q.start, q.end)):
            continue
        first = pd.Timestamp(start)
        after = pd.Timestamp(end) + pd.Timedelta(days=1)
        held = set(codes(export))
        inside = (frame["received_at"] >= first) & (frame["received_at"] < after)
        if held & set(frame.loc[frame["received_at"] < first, "code"]):
            ended = frame["ended_at"]
            inside |= (frame["received_at"] < first) & ~(ended < first)
        older = inside & (frame["exported_at"] < pd.Timestamp(export.exported_at))
        expected = set(frame.loc[inside, "code"])
        if expected and len(expected & held) < PARTIAL_EXPORT * len(expected):
            continue
        held |= {row.code for row in export.set_aside if row.code}
        names = {e.id: e.receipt.file for e in q.exports}
        rows += [
            {"code": code, "last_seen": names[seen], "absent_from": export.receipt.file}
            for code, seen in zip(frame.loc[older, "code"], frame.loc[older, "export"], strict=True)
            if code not in held
        ]
    found = pd.DataFrame(rows, columns=["code", "last_seen", "absent_from"])
    return found.drop_duplicates("code", keep="last").sort_values("code", ignore_index=True)


def unconfirmed(q: PeriodView) -> pd.DataFrame:
    """Dossiers open to this day of which no register of the newest delivery tells: ``code``,
    ``told_on`` (the day of the export that last told of it). They stay counted.
    """
    import pandas as pd

    days = {
        e.id: e.exported_at.date()
        for e in q.exports
        if any(_goes_beyond(other, e) for other in q.exports)
    }
    frame = q.register
    frame = frame[frame["outcome"].eq("open") & frame["export"].isin(list(days))]
    told = [days[export] for export in frame["export"]]
    return pd.DataFrame({"code": frame["code"].to_numpy(), "told_on": told})


def _goes_beyond(other: Export, export: Export) -> bool:
    """Whether ``other`` was made in a later delivery and covers later days."""
    if other.exported_at < export.exported_at + DELIVERY:
        return False
    ends = [covered_to(e) or e.exported_at.date() for e in (other, export)]
    return ends[0] > ends[1]


def unconfirmed_text(q: PeriodView) -> str:
    """How many of the dossiers open at the period's end are ``unconfirmed``; "" where none is."""
    held = q.dossiers[q.dossiers["open"]].merge(q.unconfirmed, on="code")
    if not len(held):
        return ""
    first, last = (date(day) for day in (held["told_on"].min(), held["told_on"].max()))
    one = say("office.on_day", day=first)
    return say(
        "office.unconfirmed", n=number(len(held)), all=number(q.counts["open"]),
        overdue=number(int(held["open_overdue"].sum())),
        all_overdue=number(q.counts["open_overdue"]),
        days=one if first == last else say("office.within_days", first=first, last=last),
    )  # fmt: skip


def notices(q: PeriodView) -> list[str]:
    """What the first page must say about the data, as sentences; most grave first."""
    said = []
    if not q.identity.holds:
        said.append(say("office.identity_broken", gap=q.identity.gap))
    if not q.complete:
        said.append(incomplete(q))
    if q.plan.year is None:
        said.append(say("office.no_plan", year=q.period.year))
    if restated := q.restatements.dossiers["code"].nunique():
        day = date(q.restatements.since)
        said.append(say("restatements.notice", n=number(restated), day=day))
    if old := unconfirmed_text(q):
        said.append(old)
    said += [
        say("office.column_in_part", file=export.receipt.file, columns=", ".join(lost.values()))
        for export in q.near
        if (lost := lacking(export, q.near))
    ]
    if any(not e.receipt.window_stated and overlaps(e, q.start, q.end) for e in q.exports):
        said.append(say("office.window_inferred"))
    if q.as_of is not None and q.end < q.period.end:
        said.append(say("office.as_of", day=date(q.as_of)))
    return said


def incomplete(q: PeriodView) -> str:
    """Which days of a period that the exports do not cover they do cover."""
    spans = [
        f"{date(max(start, q.start))} – {date(min(end, q.end))}"
        for start, end in windows(q.exports)
        if start <= q.end and q.start <= end
    ]
    return say("office.incomplete", span="; ".join(spans) or label("mark.no_data"))


def lacking(export: Export, others: Iterable[Export]) -> dict[str, str]:
    """The columns which figures need that ``export`` lacks and another register of overlapping
    days has: field → the header there.
    """
    from .indicators.dossiers import NEEDED

    first, last = export.receipt.window_from, export.receipt.window_to
    if export.table != "dossiers" or first is None or last is None:
        return {}
    beside = [e for e in others if e.table == "dossiers" and overlaps(e, first, last)]
    return {
        name: f"“{header}”"
        for each in beside
        for name, header in each.receipt.columns.items()
        if name in NEEDED and name not in export.receipt.columns
    }


def overlaps(export: Export, start: dt.date, end: dt.date) -> bool:
    first, last = export.receipt.window_from, export.receipt.window_to
    return first is None or last is None or (first <= end and start <= last)


def codes(export: Export) -> list[str]:
    """The codes of an export's rows."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(export.path)).project("code").fetchall()
    return [code for (code,) in rows]
