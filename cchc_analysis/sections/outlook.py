"""What lies ahead: open dossiers by days to due, those to look at first, and the forecasts' worth.

Said as of the data day, not of the period: a brief of a period that later registers reach beyond
points to the newest one instead.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..briefs.watch import LIKELY, SOON, chance_text, watch_rows
from ..phrases import mark
from ..store import windows
from ..words import date, label, number, percent, say
from .dossiers import count_text, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["due_soon", "outlook_worth", "to_watch"]

FEW = 10  # late ones below which a score says nothing
MOST = 25  # dossiers listed


def due_soon(q: PeriodView) -> Any:
    """Open dossiers by working days to due, and how many of them are likely to be late."""
    if (later := _later(q)) is not None:
        return blocks.note("info", later)
    bands = q.outlook.by_days_to_due
    day = date(q.outlook.data_day)
    if not bands["n"].sum():
        return blocks.note("info", say("watch.none_open", day=day))
    rows = [
        [label(f"due.{band}"), count_text(int(n))]
        for band, n in zip(bands["band"], bands["n"], strict=True)
        if n or band == "overdue"
    ]
    rows.append([say("sections.total"), number(int(bands["n"].sum()))])
    chances = q.outlook.watch["chance_late"]
    ahead = chances[(chances < 1) & chances.notna()]
    notes = []
    if len(ahead):
        notes.append(
            say(
                "watch.likely", all=number(len(ahead)), n=number(int((ahead >= LIKELY).sum())),
                likely=percent(LIKELY, 0), expected=number(round(float(ahead.sum()), 1), 1),
            )
        )  # fmt: skip
    return blocks.table(
        id="due-soon", caption=say("watch.bands", day=day),
        columns=[left(label("col.days_to_due")), right(say("sections.dossiers_count"))],
        rows=rows, notes=[*notes, say("watch.limits")], total=True,
    )  # fmt: skip


def _later(q: PeriodView) -> str | None:
    """A sentence where a register reaches beyond the period."""
    last = max((end for _, end in windows(q.exports)), default=q.end)
    return say("watch.later", day=date(last)) if last > q.period.end else None


def to_watch(q: PeriodView) -> Any:
    """The dossiers to look at first, for the internal audience only; nothing where a register
    reaches beyond the period.
    """
    if _later(q) is not None:
        return None
    if q.audience == "shared":
        return blocks.note("info", say("watch.list_internal"))
    found = watch_rows(q)
    if not found:
        said = say("watch.nothing", soon=number(SOON), likely=percent(LIKELY, 0))
        return blocks.note("info", said)
    rows = [
        [
            row["code"], date(row["due_on"]) if row["due_on"] else mark("no_data"),
            number(row["days_to_due"]) if row["days_to_due"] is not None else mark("no_data"),
            row["stage"] or mark("no_data"), chance_text(row["chance_late"]),
            row["officer"] or mark("no_data"),
        ]
        for row in found[:MOST]
    ]  # fmt: skip
    notes = [say("watch.note")]
    if len(found) > MOST:
        notes.append(say("sections.more_rows", shown=number(MOST), all=number(len(found))))
    columns = [
        left(label("col.code")), right(label("col.due_at")), right(label("col.days_to_due")),
        left(label("col.stage")), right(label("col.chance_late")), left(label("col.officer")),
    ]  # fmt: skip
    return blocks.table(
        id="to-watch", caption=say("watch.list"), columns=columns, rows=rows, notes=notes
    )


def outlook_worth(q: PeriodView) -> Any:
    """What such forecasts were worth on days gone by, beside simpler ways; nothing where a
    register reaches beyond the period.
    """
    if _later(q) is not None:
        return None
    record = q.outlook.record
    if record.reason == "no_past" or record.first is None or record.last is None:
        return blocks.note("info", say("watch.worth_none"))
    if record.late < FEW:
        few = say("watch.worth_few", n=number(record.n), late=number(record.late))
        return blocks.note("info", few)
    ways = (
        ("ours", record.brier, record.auc),
        ("near", record.brier_three_days, record.auc_three_days),
        ("near_share", record.brier_three_days_shares, record.auc_three_days),
        ("days", None, record.auc_days_to_due),
        ("base", record.brier_base, None),
    )
    rows = [[say(f"watch.way_{name}"), _score(a), _score(b)] for name, a, b in ways]
    bands = "; ".join(
        say(
            "watch.band_line", low=percent(band["low"], 0), high=percent(band["high"], 0),
            n=number(band["n"]), seen=percent(Decimal(str(round(band["seen"], 4))), 1),
        )
        for band in record.bands.to_dict("records")
    )  # fmt: skip
    notes = [
        say(
            "watch.worth_note", landmarks=number(record.landmarks), first=date(record.first),
            last=date(record.last), n=number(record.n), dossiers=number(record.dossiers),
            late=number(record.late),
        ),
        say("watch.bands_worth", bands=bands),
    ]  # fmt: skip
    return blocks.table(
        id="outlook-worth", caption=say("watch.worth"),
        columns=[
            left(say("watch.way")), right(say("watch.brier")), right(say("watch.auc")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def _score(value: float | None) -> str:
    return mark("zero") if value is None else number(round(value, 3), 3)
