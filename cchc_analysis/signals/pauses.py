"""Requests for papers or a payment that begin just before the due day, or after it.

While the filer is asked for something the clock stands still, so a request a day before the due
day saves a dossier from being late. Whoever finds a fault in the papers finds it when reading them,
early more often than late; a request is taken to be as likely on any working day from receipt to
the due day, and the number of late ones is held against the sum of these chances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .signal import Signal, chance_of_sum, told

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["asked", "first_of", "pause_after", "pause_before"]

JUST_BEFORE = 1  # working days to the due day when a request comes


def asked(q: PeriodView) -> pd.DataFrame:
    """Every request known, ``code`` and ``began``, from the register and from the log."""
    import pandas as pd

    timeline = q.attribution.timeline
    register = timeline.dossiers["supplement_requested_at"].dropna()
    waits = timeline.steps[timeline.steps["waits_for"].notna()]
    log = waits[["code", "entered_at"]].rename(columns={"entered_at": "began"})
    named = register.rename("began").rename_axis("code").reset_index()
    return pd.concat([named, log], ignore_index=True)


def first_of(frame: pd.DataFrame, moment: str, codes: pd.Series[Any]) -> pd.Series[Any]:
    """For each of ``codes`` the first ``moment`` that ``frame`` has of it, null without one."""
    first = frame.groupby("code")[moment].min().reindex(codes)
    return first.astype("datetime64[us]").set_axis(codes.index)


def pause_before(q: PeriodView) -> Signal:
    """Dossiers whose last request by the due day came on that day or the working day before."""
    frame = _left(q)
    if frame is None:
        return Signal("pause_before", lacks="requests")
    last = frame[frame["left"] >= 0].sort_values("began").groupby("code").last()
    codes = last.index[last["left"] <= JUST_BEFORE]
    days = last["limit"] + 1
    chances = ((JUST_BEFORE + 1) / days).clip(upper=1.0).tolist()
    return Signal(
        "pause_before", len(codes), len(last), sum(chances),
        chance_of_sum(len(codes), chances), codes=tuple(sorted(codes)),
    )  # fmt: skip


def pause_after(q: PeriodView) -> Signal:
    """Dossiers with a request that came after the due day."""
    frame = _left(q)
    if frame is None:
        return Signal("pause_after", lacks="requests")
    return told("pause_after", set(frame.loc[frame["left"] < 0, "code"]), frame["code"].nunique())


def _left(q: PeriodView) -> pd.DataFrame | None:
    """The requests to filers of dossiers resolved in the period or open at its end, made by that
    day: ``code, began, left`` and ``limit``, working days from them and from receipt to the due
    day. None where neither the register nor a log could tell of one.
    """
    import pandas as pd

    if not ({"supplement_requested_at"} & q.columns or q.attribution.timeline.has_log):
        return None
    mine = q.dossiers[(q.dossiers["resolved"] | q.dossiers["open"]) & q.dossiers["due_on"].notna()]
    frame = asked(q).merge(mine[["code", "received_at", "due_on"]], on="code")
    frame = frame[frame["began"] < pd.Timestamp(q.end) + pd.Timedelta(days=1)]
    left = q.calendar.between_many(frame["began"], frame["due_on"])
    limit = q.calendar.between_many(frame["received_at"], frame["due_on"])
    frame = frame.assign(left=left, limit=limit)
    frame = frame[frame["left"].notna() & frame["limit"].notna()]
    return frame.astype({"left": "int64", "limit": "int64"})
