"""Which open dossiers will be late: a chance for each, and what such chances have been worth.

Of the dossiers that stood where this one stands, for as long, some had no result when as much time
had gone by as this one has left: that share is its first chance (``landmarks``, ``survival``). How
to read it the office's own past teaches (``replays``). Nothing exported after the day asked for is
looked at.

*Late* is what the register will say in the end: resolved after the due day, as moved by papers or
a payment. Overdue dossiers are not forecast (chance 1: late, unless they end without a result),
nor those that wait for the filer or have no due day (no chance).
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..indicators.dossiers import PAUSED
from ..store import Store
from ..words import say
from .landmarks import Past
from .replays import Record, Replays
from .timeline import Timeline

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..view import PeriodView

__all__ = ["BANDS", "Outlook", "Record", "known_then"]

BANDS = ("overdue", "today", "1", "2", "3", "4-5", "6-10", "more", "no_due_day", "paused")
LATEST = (-1, 0, 1, 2, 3, 5, 10, math.inf)  # the last working day to due of each band


class _Then(Store):
    """A store that knows nothing exported after ``day``."""

    def __init__(self, store: Store, day: dt.date) -> None:
        self.__dict__.update(store.__dict__)
        self._day = day

    def exports(
        self, table: str | None = None, *, as_of: dt.date | None = None, withdrawn: bool = False
    ) -> Any:
        day = self._day if as_of is None else min(as_of, self._day)
        return super().exports(table, as_of=day, withdrawn=withdrawn)


def known_then(q: PeriodView) -> PeriodView:
    """The view as it was on its data day: no export after the day asked for (rows of the log
    that a later one brought would tell what no file had told) and no event after the data day.
    """
    from ..view import PeriodView

    office = copy.copy(q.office)
    office.__dict__["engine"] = q.office.engine
    if q.as_of is not None:
        office.store = _Then(q.office.store, q.as_of)
    return PeriodView(office, q.period, as_of=q.data_day, audience=q.audience)


def _is_as_then(q: PeriodView) -> bool:
    """Whether all that the view knows was known on its data day: its timeline is that of then."""
    if q.as_of is not None:
        return False
    if any(each.export.exported_at.date() > q.data_day for each in q.told("steps")):
        return False
    after = dt.datetime.combine(q.data_day + dt.timedelta(days=1), dt.time())
    begun, ended = q.log["entered_at"], q.log["left_at"]
    return bool((begun < after).all() and not (ended >= after).any())


class Outlook:
    """What lies ahead of the dossiers open on the data day of a view; made by ``q.outlook``."""

    def __init__(self, q: PeriodView) -> None:
        self._q = known_then(q)
        self.timeline = q.attribution.timeline if _is_as_then(q) else Timeline(self._q)

    def __repr__(self) -> str:
        return self._q.said(say("reprs.outlook"))

    @cached_property
    def moment(self) -> dt.datetime:
        """When the newest register was exported; all is said as of then."""
        return max(export.exported_at for export in self._q.exports)

    @property
    def data_day(self) -> dt.date:
        return self.moment.date()

    @cached_property
    def past(self) -> Past:
        """An export tells of steps begun in its span, and of their ends a little longer: where
        each dossier stands is known until the last step that began.
        """
        begun = self.timeline.steps["entered_at"]
        begun = begun[begun <= self.moment]
        last = begun.max() if len(begun) else self.moment
        now, told = self.timeline.minutes([self.moment, last]).tolist()
        return Past(self.timeline, now, told, self._q.plan.rules.late_rule)

    # -- the list -----------------------------------------------------------------------------

    @cached_property
    def watch(self) -> pd.DataFrame:
        """A row an open dossier, the likeliest late first, then by due day: ``code,
        procedure_code, field, channel, officer, due_on, days_to_due`` (working days from the data
        day, negative once past, null outside the calendar), ``stage`` (the log's name for it, ""
        without), ``days_at_stage`` (working days, since receipt without a log), ``chance_late``
        (1 when overdue, NaN when paused, without due day, or nothing is known), ``basis`` (one of
        ``landmarks.LEVELS``, "" where nothing was forecast), ``n_like``, ``paused``.
        """
        import numpy as np
        import pandas as pd

        frame = self._open.copy()
        stands = self.past.open_at([self.past.until]).set_index("code")
        going = stands.loc[stands.index.isin(frame["code"][self._to_score])].reset_index()
        going = going[going["left"] >= 0].reset_index(drop=True)
        said = self.replays.forecast(going).set_index("code")
        frame["stage"] = stands["name"].reindex(frame["code"]).fillna("").to_numpy()
        days = stands["spent"].reindex(frame["code"]) / self.timeline.day
        frame["days_at_stage"] = days.to_numpy(float)
        chance = said["chance"].reindex(frame["code"]).to_numpy(float)
        frame["chance_late"] = np.where(self._overdue, 1.0, chance)
        frame["basis"] = said["basis"].reindex(frame["code"]).fillna("").to_numpy()
        n_like = said["n_like"].reindex(frame["code"]).fillna(0)
        frame["n_like"] = n_like.to_numpy().astype(int)
        names = [
            "code", "procedure_code", "field", "channel", "officer", "due_on", "days_to_due",
            "stage", "days_at_stage", "chance_late", "basis", "n_like", "paused",
        ]  # fmt: skip
        ordered = frame.assign(order=-frame["chance_late"])
        ordered = ordered.sort_values(["order", "due_on", "code"], ignore_index=True)
        return pd.DataFrame(ordered[names])

    @cached_property
    def _open(self) -> pd.DataFrame:
        import pandas as pd

        dossiers = self.timeline.dossiers
        kept = dossiers["outcome"].eq("open") & (dossiers["received_at"] <= self.moment)
        frame = dossiers[kept].reset_index()
        today = pd.Series(pd.Timestamp(self.data_day), index=frame.index)
        frame["days_to_due"] = self._q.calendar.between_many(today, frame["due_on"])
        frame["paused"] = frame["status"].isin(PAUSED).to_numpy(bool)
        return frame

    @cached_property
    def _overdue(self) -> np.ndarray:
        """Of each open dossier, whether a result would be late by now."""
        import pandas as pd

        frame, now = self._open, pd.Timestamp(self.moment)
        by_time = self._q.plan.rules.late_rule == "time"
        past = frame["due_at"] < now if by_time else frame["due_on"] < now.normalize()
        return (past & ~frame["paused"]).to_numpy(bool)

    @cached_property
    def _to_score(self) -> np.ndarray:
        frame = self._open
        wait = frame["paused"] | frame["due_on"].isna()
        return ~(wait.to_numpy(bool) | self._overdue)

    @cached_property
    def by_days_to_due(self) -> pd.DataFrame:
        """How many open dossiers there are by working days to due: ``band`` (``BANDS``), ``n``;
        those whose days the calendar does not cover stand under ``no_due_day``.
        """
        import numpy as np
        import pandas as pd

        frame = self._open
        days = frame["days_to_due"].astype("Float64").to_numpy(float, na_value=np.nan)
        days = np.where(self._overdue, -1, np.where(days < 0, 0, days))
        places = np.where(np.isnan(days), BANDS.index("no_due_day"), np.searchsorted(LATEST, days))
        places = np.where(frame["paused"], BANDS.index("paused"), places)
        counts = np.bincount(places.astype(int), minlength=len(BANDS))
        return pd.DataFrame({"band": BANDS, "n": counts})

    @cached_property
    def replays(self) -> Replays:
        """What the past teaches."""
        waits = self._open.loc[self._open["paused"], "code"]
        return Replays(self.past, self.moment, frozenset(waits))

    @property
    def record(self) -> Record:
        """What such forecasts were worth in the past."""
        return self.replays.record
