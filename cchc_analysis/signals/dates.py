"""Due dates and receiving days that do not go with what is known beside them.

A due date may move for papers that the filer was asked for in time; otherwise a later export that
shows a later due date than the one that had passed is a question. The procedure's own limit, in
working days, is another witness, as far as the catalogue's version covers the receiving day. The
number that a dossier got, and the first step in the log, tell when it was keyed in.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engine import collect
from ..indicators.dossiers import WITH_DUE
from ..indicators.service_quality import SAME_DAY, catalogue_rows
from ..planfile import Section, read_toml
from ..shipped import reference
from ..sources.values import national_day
from ..store import windows
from .heaps import timed
from .pauses import asked, first_of
from .signal import Signal, told

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView
    from ..workdays import Calendar

__all__ = ["after_cutoff", "due_moved", "keyed_later", "other_limit", "statutory_due"]


def due_moved(q: PeriodView) -> Signal:
    """Dossiers resolved in the period or open at its end whose due date a later export, made after
    that day, shows as a later one, and whose filer was asked for nothing by then.

    ``facts``: ``seen`` still stood with the old date in an export made after it; ``in_time`` are
    late by the first due date and not by the last.
    """
    import pandas as pd

    if len(q.exports) < 2:
        return Signal("due_moved", lacks="versions")
    mine = q.dossiers[q.dossiers["resolved"] | q.dossiers["open"]].set_index("code")
    scanned = q.office.engine.scan([export.path for export in q.exports])
    names = ["code", "due_at", "supplements", "exported_at"]
    every = collect(scanned.select(*names).to_native())
    every = every[every["code"].isin(mine.index) & every["due_at"].notna()]
    every = every.sort_values(["code", "exported_at"], ignore_index=True)
    before = every.groupby("code").shift()
    was, now = before["due_at"].dt.normalize(), every["due_at"].dt.normalize()
    after = every["exported_at"] >= was + pd.Timedelta(days=1)
    first_asked = first_of(asked(q), "began", every["code"])
    more = every["supplements"].fillna(0) > before["supplements"].fillna(0)
    lawful = (first_asked < was + pd.Timedelta(days=1)) | (first_asked.isna() & more)
    moved = every[(now > was) & after & ~lawful.fillna(False).astype(bool)]
    seen = before["exported_at"] >= was + pd.Timedelta(days=1)
    codes = sorted(set(moved["code"]))
    first = every.groupby("code")["due_at"].first().dt.normalize()
    ended = mine.loc[codes, "ended_on"]
    in_time = (ended > first.loc[codes]) & ~mine.loc[codes, "late"].fillna(True).astype(bool)
    again = every.groupby("code").size()
    return told(
        "due_moved", codes, int((again > 1).sum()),
        seen=int(seen.loc[moved.index].groupby(moved["code"]).any().sum()),
        in_time=int(in_time.sum()),
    )  # fmt: skip


def other_limit(q: PeriodView) -> Signal:
    """Dossiers resolved in the period, without a request for papers, whose due day is after the
    one that the catalogue's limit gives.

    ``facts``: ``shorter`` have an earlier due day; ``with_due`` and ``on_time`` as in the rate, and
    ``on_time_by_limit`` with the catalogue's due days in place of the register's.
    """
    frame = q.dossiers[q.dossiers[list(WITH_DUE)].any(axis=1)]
    limit = statutory_due(q, frame)
    paused = set(asked(q)["code"])
    pauseless = ~frame["code"].isin(paused) & ~(frame["supplements"] >= 1).fillna(False)
    known = limit.notna() & pauseless
    if not known.any():
        return Signal("other_limit", lacks="catalogue")
    longer, shorter = (known & (frame["due_on"] > limit)), (known & (frame["due_on"] < limit))
    late = frame["resolved_late"].astype(bool)
    late_by_limit = late.where(~known, frame["ended_on"] > limit)
    return told(
        "other_limit", frame.loc[longer, "code"], int(known.sum()), shorter=int(shorter.sum()),
        with_due=len(frame), on_time=int((~late).sum()),
        on_time_by_limit=int((~late_by_limit).sum()),
    )  # fmt: skip


def statutory_due(q: PeriodView, frame: pd.DataFrame) -> pd.Series[Any]:
    """The due day by the limit of the catalogue's version in force on the receiving day, null where
    none covers it; of several limits of a procedure the longest. Same-day procedures received
    after the cut-off or on a day off are due the next working day.
    """
    import pandas as pd

    limits = _limits(q.office.workspace)
    cutoff = q.office.unit.same_day_cutoff
    found: list[dt.datetime | None] = []
    for code, received in zip(frame["procedure_code"], frame["received_at"], strict=True):
        day = received.date()
        days = [n for n, start, end in limits.get(str(code)[:8], ()) if start <= day <= end]
        due = _due(q.calendar, day, received.time(), cutoff, max(days)) if days else None
        found.append(dt.datetime.combine(due, dt.time()) if due else None)
    return pd.Series(found, index=frame.index, dtype="datetime64[us]")


def _due(
    calendar: Calendar, day: dt.date, time: dt.time, cutoff: dt.time, limit: int
) -> dt.date | None:
    if limit != SAME_DAY:
        return calendar.after(day, limit)
    return day if time <= cutoff and calendar.is_working(day) else calendar.next_working(day)


def _limits(workspace: Path) -> dict[str, list[tuple[int, dt.date, dt.date]]]:
    """Limit in working days and the days that it covers, by the first eight characters of the
    code: those of the row (``valid_from``, ``valid_to``) or the years of the whole catalogue.
    """
    file = "procedures.toml"
    found = read_toml(reference(file, workspace), file, ("snapshot", "online", "limits"))
    snapshot = Section.of(found, "snapshot", file)
    years = snapshot.values.get("law_of")
    if not isinstance(years, list) or len(years) != 2 or any(type(y) is not int for y in years):
        return {}
    span = (dt.date(years[0], 1, 1), dt.date(years[1], 12, 31))
    limits: dict[str, list[tuple[int, dt.date, dt.date]]] = {}
    for row in catalogue_rows(workspace):
        limit = row.count("limit_working_days")
        if limit is not None and limit == int(limit):
            start, end = (
                row.day(name) if row.text(name) else usual
                for name, usual in zip(("valid_from", "valid_to"), span, strict=True)
            )
            limits.setdefault(row.text("code")[:8], []).append((int(limit), start, end))
    return limits


def after_cutoff(q: PeriodView) -> Signal:
    """Dossiers received after the cut-off of same-day procedures that are due the same day."""
    frame = q.dossiers[q.dossiers["received"]]
    frame = frame[timed(frame["received_at"])]
    if frame.empty:
        return Signal("after_cutoff", lacks="times")
    same = frame[frame["due_on"] == frame["received_at"].dt.normalize()]
    cutoff = q.office.unit.same_day_cutoff
    late = [moment.time() > cutoff for moment in same["received_at"]]
    return told("after_cutoff", same.loc[late, "code"], len(same))


def keyed_later(q: PeriodView) -> Signal:
    """Dossiers received in the period whose number was given, or whose first step in the log began,
    a working day or more after the receiving day. A log tells of the days that it covers only.
    """
    import pandas as pd

    frame = q.dossiers[q.dossiers["received"]]
    day = frame["received_at"].dt.normalize()
    numbered = pd.to_datetime(pd.Series(map(_numbered_on, frame["code"]), index=frame.index))
    covered = windows(q.office.store.exports("steps"))
    steps = q.attribution.timeline.steps
    inside = day.dt.date.map(lambda d: any(start <= d <= end for start, end in covered))
    began = first_of(steps, "entered_at", frame["code"]).where(inside.astype(bool))
    known = numbered.notna() | began.notna()
    if not known.any():
        return Signal("keyed_later", lacks="keyed")
    lag = [
        (q.calendar.between_many(day, moment) >= 1).fillna(False).astype(bool)
        for moment in (numbered, began)
    ]
    return told("keyed_later", frame.loc[lag[0] | lag[1], "code"], int(known.sum()))


def _numbered_on(code: str) -> dt.date | None:
    day = national_day(code)
    return day if isinstance(day, dt.date) else None
