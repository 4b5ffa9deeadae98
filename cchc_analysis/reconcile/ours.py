"""Our own figures for the cells of an official table, and what they would be by other rules.

A *view* is the dossiers of a period with what each counts as: by the period's days, by the other
cut, as another export knew them, with lateness told by the instant or by the day of handing over,
with rows that our own view leaves out, or without rows that it has. A *definition* makes the
columns of a table of these flags; the first is ours, the others differ from it in one thing each.
Everything is made of the flags of :mod:`..indicators.dossiers`, which say what a dossier counts as.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..engine import collect
from ..errors import CchcError
from ..gaps import overlaps
from ..indicators.dossiers import flag, prepare
from ..sources.vocabulary import squash
from ..words import date, say
from .official import RATE, TOTAL

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..view import PeriodView

__all__ = ["DEFINITIONS", "Columns", "View", "base", "figures", "others"]

Columns = dict[str, Any]  # column of the table → one number a dossier
COUNTED = (
    "received", "carried_over", "resolved", "ended_without_result", "ended_undated", "refused",
    "open",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """``rows``: a row a dossier with the flags of :func:`.flag`, and ``row``, the squashed name of
    its field. ``id`` and ``values`` are those of the sentence ``reconcile.view_…``.
    """

    id: str
    rows: pd.DataFrame
    values: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def own(self) -> Columns:
        return own(self.rows)

    @cached_property
    def places(self) -> tuple[np.ndarray, list[str]]:
        """For each dossier the number of its row, and the rows."""
        import pandas as pd

        places, rows = pd.factorize(self.rows["row"], sort=True)
        return places, list(rows)


# -- views -----------------------------------------------------------------------------------------


def base(q: PeriodView) -> View:
    """The period as it is reported."""
    return _view("base", q.prepared, q.start, q.end)


def others(q: PeriodView, mine: View, stated: tuple[dt.date, dt.date] | None) -> Iterator[View]:
    """Every view but ``mine``; ``stated`` are the days that the official table says it is of."""
    known = {(q.start, q.end)}
    cut = q.period.recut("calendar" if q.period.cut == "reporting" else "reporting")
    spans = [(f"cut_{cut.cut}", (cut.start, cut.end)), *([("stated", stated)] if stated else [])]
    for id, span in spans:
        if span not in known:
            known.add(span)
            days = {"start": date(span[0]), "end": date(span[1])}
            yield _view(id, q.prepared, *span, days)
    raw = collect(q.prepared)
    by_time = "day" if q.plan.rules.late_rule == "time" else "time"
    yield _view(f"late_by_{by_time}", prepare(raw, late_rule=by_time), q.start, q.end)
    handed = raw.assign(finished_at=raw["returned_at"].fillna(raw["finished_at"]))
    again = prepare(handed, late_rule=q.plan.rules.late_rule)
    yield _view("end_by_return", again, q.start, q.end)
    yield from _as_of(q)
    yield from _by_rows(q, mine)


def _view(
    id: str, prepared: Any, start: dt.date, end: dt.date, values: Mapping[str, str] | None = None
) -> View:
    frame = collect(flag(prepared, start, end))
    frame = frame[frame[list(COUNTED)].any(axis=1)]
    names = frame["field"].fillna("").astype(str).replace("", say("forms.no_field"))
    return View(id, frame.assign(row=names.map(squash), row_name=names), values or {})


def _as_of(q: PeriodView) -> Iterator[View]:
    """The period as it was known at the end of each day on which an export was made."""
    days = sorted({export.exported_at.date() for export in q.exports})
    for day in days[:-1]:
        if day <= q.start:
            continue
        try:
            then = q.office.period(q.period.label, cut=q.period.cut, as_of=day)
        except CchcError:  # nothing was known of the period then
            continue
        yield _view("as_of", then.prepared, q.start, q.end, {"day": date(day)})


def _by_rows(q: PeriodView, mine: View) -> Iterator[View]:
    """Rows counted that we do not count, or left out that we count."""
    near = [export for export in q.exports if overlaps(export, q.start, q.end)]
    for exports in [near, q.exports] if len(near) < len(q.exports) else [near]:
        every = collect(q.office.engine.scan([export.path for export in exports]).to_native())
        rows = prepare(every, late_rule=q.plan.rules.late_rule)
        yield _view("every_row", rows, q.start, q.end, {"n": str(len(exports))})
    gone = set(q.vanished["code"])
    if gone:
        yield View("no_vanished", mine.rows[~mine.rows["code"].isin(gone)])
    files = {export.id: export.receipt.file for export in q.exports}
    places = mine.rows[["export", "sheet"]].drop_duplicates().itertuples(index=False)
    for export, sheet in sorted(places):
        rest = mine.rows[(mine.rows["export"] != export) | (mine.rows["sheet"] != sheet)]
        if len(rest):
            yield View("no_sheet", rest, {"file": files.get(export, ""), "sheet": sheet or "1"})
    for row, name in sorted(set(zip(mine.rows["row"], mine.rows["row_name"], strict=True))):
        yield View("no_field", mine.rows[mine.rows["row"] != row], {"field": name})


# -- definitions -----------------------------------------------------------------------------------


def own(rows: pd.DataFrame) -> Columns:
    """The columns of II.06a, and some beside them, as we count them."""
    early, on_day, late, still, overdue, new, online, carried, resolved, withdrawn, stopped = (
        _flag(rows, name)
        for name in (
            "resolved_early", "resolved_on_day", "resolved_late", "open", "open_overdue",
            "received", "received_online", "carried_over", "resolved", "withdrawn", "stopped",
        )
    )  # fmt: skip
    return {
        "received": new + carried, "received_new": new, "online": online, "direct": new - online,
        "carried": carried, "resolved": resolved, "early": early, "on_day": on_day,
        "on_time": early + on_day, "late": late, "open": still, "within": still - overdue,
        "overdue": overdue, "withdrawn": withdrawn, "stopped": stopped,
    }  # fmt: skip


def _flag(rows: pd.DataFrame, name: str) -> Any:
    return rows[name].fillna(False).to_numpy(dtype=bool).astype("int64")


def _plus(*targets: str, add: str, sign: int = 1) -> Callable[[pd.DataFrame, Columns], Columns]:
    """A definition that counts the dossiers with flag ``add`` in the ``targets`` too (or not)."""

    def changed(rows: pd.DataFrame, c: Columns) -> Columns:
        more = sign * _flag(rows, add)
        return c | {name: c[name] + more for name in targets}

    return changed


def _given_up(*names: str, judged: bool) -> Callable[[pd.DataFrame, Columns], Columns]:
    """Dossiers that ended without a result among the resolved; ``judged`` by their end day too."""

    def changed(rows: pd.DataFrame, c: Columns) -> Columns:
        import numpy as np

        ended = np.logical_or.reduce([_flag(rows, name) for name in names])
        made = c | {"resolved": c["resolved"] + ended}
        if judged:
            end, due = rows["ended_on"], rows["due_on"]
            sides = {"early": end < due, "on_day": end == due, "late": end > due}
            for name, side in sides.items():
                made[name] = c[name] + (ended & side.to_numpy(dtype=bool))
            made["on_time"] = made["early"] + made["on_day"]
        return made

    return changed


def _recorded(rows: pd.DataFrame, c: Columns, *, kept: bool) -> Columns:
    only = _flag(rows, "late_recorded_only")
    made = c | {"late": c["late"] - only}
    if kept:
        return made | {"on_day": c["on_day"] + only, "on_time": c["on_time"] + only}
    return made | {"resolved": c["resolved"] - only}


def _of_the_period(rows: pd.DataFrame, c: Columns) -> Columns:
    """Only what was received in the period: what was carried over and its results are left out."""
    new = _flag(rows, "received")
    return {name: values * new for name, values in c.items()}


def _refused(rows: pd.DataFrame, c: Columns) -> Columns:
    refused = _flag(rows, "refused")
    online = refused * (rows["channel"] == "online").to_numpy(dtype=bool)
    more = {"received": refused, "received_new": refused, "online": online,
            "direct": refused - online}  # fmt: skip
    return c | {name: c[name] + values for name, values in more.items()}


DEFINITIONS: dict[str, Callable[[pd.DataFrame, Columns], Columns]] = {
    "own": lambda rows, c: c,
    "early_with_day": lambda rows, c: c | {"early": c["on_time"], "on_day": 0 * c["on_day"]},
    "day_with_early": lambda rows, c: c | {"on_day": c["on_time"]},
    "given_up": _given_up("withdrawn", "stopped", judged=False),
    "given_up_judged": _given_up("withdrawn", "stopped", judged=True),
    "withdrawn": _given_up("withdrawn", judged=False),
    "withdrawn_judged": _given_up("withdrawn", judged=True),
    "stopped": _given_up("stopped", judged=False),
    "stopped_judged": _given_up("stopped", judged=True),
    "undated": _plus("resolved", add="ended_undated"),
    "recorded_on_time": lambda rows, c: _recorded(rows, c, kept=True),
    "recorded_left_out": lambda rows, c: _recorded(rows, c, kept=False),
    "late_with_open": _plus("late", add="open_overdue"),
    "no_carried": lambda rows, c: c | {"received": c["received_new"]},
    "with_carried": lambda rows, c: c | {"received_new": c["received"]},
    "no_online": lambda rows, c: c | {
        "received": c["received"] - c["online"], "received_new": c["direct"],
    },
    "direct_with_online": lambda rows, c: c | {"direct": c["received_new"]},
    "of_the_period": _of_the_period,
    "no_due_on_time": _plus("on_day", "on_time", add="without_due"),
    "no_due_early": _plus("early", "on_time", add="without_due"),
    "no_due_left_out": _plus("resolved", add="without_due", sign=-1),
    "paused_overdue": lambda rows, c: _plus("within", add="paused_past_due", sign=-1)(
        rows, _plus("overdue", add="paused_past_due")(rows, c)
    ),
    "paused_left_out": _plus("open", "within", add="paused", sign=-1),
    "refused": _refused,
}  # fmt: skip


def figures(view: View, definition: str = "own") -> dict[tuple[str, str], int | tuple[int, int]]:
    """Every cell: (squashed field or ``TOTAL``, column) → count; for the rate (numerator,
    denominator).
    """
    import numpy as np

    places, rows = view.places
    found: dict[tuple[str, str], int | tuple[int, int]] = {}
    for name, values in DEFINITIONS[definition](view.rows, view.own).items():
        sums = np.bincount(places, weights=values, minlength=len(rows)).astype(int)
        found |= {(row, name): int(n) for row, n in zip(rows, sums, strict=True)}
        found[TOTAL, name] = int(sums.sum())
    for row in (*rows, TOTAL):
        on_time, late = found[row, "on_time"], found[row, "late"]
        assert isinstance(on_time, int) and isinstance(late, int)
        found[row, RATE] = (on_time, on_time + late)
    return found
