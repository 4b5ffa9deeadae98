"""How far may a chance be trusted? Ask the office's own past.

On every working day gone by the same question is put as is put today, with only what was known
then; what came of it is known by now. From these replays a shift and a slope of the log odds are
learnt, held tightly by a prior that says: believe the curve. So an office that is late more or less
often than its curves say is heard, few late dossiers change little, and the order of the dossiers
stays that of the curves.

Three things keep it honest. Only replays enter whose due day is over, whatever became of them,
lest the quick ones count too often. A dossier is looked at many times, but all looks together weigh
no more than there are dossiers. And the scores (``record``) are of forecasts that could have been
made: each read as learnt from what had come due by its day.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .survival import auc, brier, logistic_fit, sigmoid

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .landmarks import Past

__all__ = ["NEAR", "Record", "Replays"]

NEAR = 3  # working days: the rule of thumb
CHANCES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # bands of forecasts in the record
PRIOR = ((0.0, 1.0), (0.1, 0.1))  # means, spreads of the shift and the slope
ENOUGH, ENOUGH_LATE = 100, 5  # dossiers replayed, late ones among them, to learn from
MOST = 4000  # replays; beyond it not every day is looked at
REFIT = 5  # looks between two lessons
SMALLEST = 1e-3  # chance of a curve, before it is read


@dataclass(frozen=True)
class Record:
    """What forecasts made on ``landmarks`` past days were worth: ``n`` of them, of which ``late``
    came late, about ``dossiers``. Brier's score of ours, of the late share known then, of "due
    within three working days" said as 1 or 0, and of that rule's late shares as known then; the
    area under the ROC curve of ours, of the rule, and of "fewer days to due is riskier". ``bands``
    has ``low, high, n, forecast, seen``. Where there is no answer it is None and ``reason`` says
    why: ``no_past`` or ``none_late``; else ``ok``.
    """

    n: int
    late: int
    dossiers: int
    landmarks: int
    first: dt.date | None
    last: dt.date | None
    brier: float | None
    brier_base: float | None
    brier_three_days: float | None
    brier_three_days_shares: float | None
    auc: float | None
    auc_three_days: float | None
    auc_days_to_due: float | None
    bands: pd.DataFrame
    reason: str


class Replays:
    """The past of ``past`` looked at day by day, at the hour of ``moment``; ``waits`` are the
    codes that wait for the filer now: what becomes of them is not known.
    """

    def __init__(self, past: Past, moment: dt.datetime, waits: Collection[str] = ()) -> None:
        self.past = past
        self.moment = moment
        self._waits = waits

    @cached_property
    def _looks(self) -> tuple[list[dt.date], np.ndarray]:
        """The past working days looked at, and the minute of work of each look, at the hour of
        the export; every few where that would make more than ``MOST`` replays.
        """
        import numpy as np
        import pandas as pd

        about, now = self.past.dossiers, pd.Timestamp(self.moment)
        if about.empty:
            return [], np.zeros(0)
        first = self.past.timeline.dossiers["received_at"].reindex(about.index).min().normalize()
        hour = now - now.normalize()
        days = [
            day
            for day in pd.date_range(first, now, freq="D")
            if self.past.timeline.calendar.is_working(day.date()) and day + hour < now
        ]
        moments = self.past.timeline.minutes([day + hour for day in days]) if days else np.zeros(0)
        until = np.fmin(about["end"], self.past.until)
        many = np.floor((until - about["received"]) / self.past.timeline.day).clip(lower=0).sum()
        every = max(1, math.ceil(many / MOST))
        return [day.date() for day in days[::-every][::-1]], moments[::-every][::-1]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row a dossier and past day that it was open on, not yet due nor paused, its due day
        over by now: that of :meth:`Past.open_at` with ``day``, the curve's ``share, base``,
        ``weight``, and whether it was ``late`` or, open still, is.
        """
        import numpy as np

        days, moments = self._looks
        rows = self.past.open_at(moments.tolist())
        kept = (rows["left"] > 0) & ~rows["paused"] & ~rows["code"].isin(self._waits)
        kept &= rows["due"] < np.minimum(rows["seen"], self.past.until)
        rows = rows[kept].reset_index(drop=True)
        rows["day"] = [days[look] for look in rows["look"]]
        rows["late"] = rows["late"].to_numpy(bool) | ~np.isfinite(rows["end"])
        rows = self._drawn(rows)
        rows = rows[rows["share"].notna()].reset_index(drop=True)
        return rows.assign(weight=rows["code"].nunique() / max(len(rows), 1))

    def _drawn(self, rows: pd.DataFrame) -> pd.DataFrame:
        """With the curve's ``share``, ``basis, n_like`` and the ``base``, the share of late ones
        among all that had ended by then (half a late one added, so that it is never 0).
        """
        import numpy as np

        about = self.past.dossiers
        order = np.argsort(about["end"].to_numpy(), kind="stable")
        ended = np.searchsorted(about["end"].to_numpy()[order], rows["moment"], side="right")
        late = np.append(0, np.cumsum(about["late"].to_numpy()[order]))[ended]
        rows = rows.assign(base=np.where(ended > 0, (late + 0.5) / (ended + 1), np.nan))
        drawn = self.past.chances(rows, rows["base"].to_numpy())
        return rows.assign(share=drawn["chance"], basis=drawn["basis"], n_like=drawn["n_like"])

    @staticmethod
    def _design(rows: pd.DataFrame) -> np.ndarray:
        """1 and the log odds of the curve's share."""
        import numpy as np

        share = np.clip(rows["share"].to_numpy(float), SMALLEST, 1 - SMALLEST)
        return np.column_stack([np.ones(len(rows)), np.log(share / (1 - share))])

    @staticmethod
    def _learn(rows: pd.DataFrame, design: np.ndarray) -> np.ndarray | None:
        """How to read a curve; None where the past is too short to tell."""
        codes, late = rows["code"].nunique(), rows.loc[rows["late"], "code"].nunique()
        if codes < ENOUGH or late < ENOUGH_LATE:
            return None
        return logistic_fit(design, rows["late"], *PRIOR, rows["weight"])

    @cached_property
    def reading(self) -> np.ndarray | None:
        """What all replays teach: the coefficients of :meth:`_design`; None for too short a past,
        then the curve's share stands as it is.
        """
        return self._learn(self.rows, self._design(self.rows))

    def forecast(self, going: pd.DataFrame) -> pd.DataFrame:
        """Rows of :meth:`Past.open_at` with ``chance`` (NaN where nothing has ended yet), ``basis``
        and ``n_like``.
        """
        rows = self._drawn(going)
        return rows.assign(chance=self._read(rows, self._design(rows), self.reading))

    @staticmethod
    def _read(rows: pd.DataFrame, design: np.ndarray, reading: np.ndarray | None) -> np.ndarray:
        import numpy as np

        if reading is None or rows.empty:
            return rows["share"].to_numpy(float)
        return np.asarray(sigmoid(design @ reading), dtype=float)

    @cached_property
    def forecasts(self) -> pd.DataFrame:
        """The replays with the forecast that each could have had: ``chance``; ``near`` (due within
        ``NEAR`` working days) and the late share of ``near`` or not as known then, ``shares``.
        Those of days when there was nothing yet to learn from are left out.
        """
        import numpy as np
        import pandas as pd

        rows, design = self.rows, self._design(self.rows)
        starts = [pd.Timestamp(day) for day in rows["day"]]
        days = self.past.timeline.calendar.between_many(
            pd.Series(starts, dtype="datetime64[us]"), self._due_on(rows)
        )
        near = (days <= NEAR).fillna(False).to_numpy(bool)
        late, code = rows["late"].to_numpy(bool), pd.factorize(rows["code"])[0]
        look, moment, due = (rows[name].to_numpy() for name in ("look", "moment", "due"))
        chance, shares, rate = (np.full(len(rows), np.nan) for _ in range(3))
        reading, before, codes = None, -REFIT, 0
        share = np.zeros(2)  # of those not near, of those near
        everyone = np.nan
        for first, after in pairwise([*np.unique(look, return_index=True)[1], len(rows)]):
            here = slice(first, after)
            if look[first] - before >= REFIT:
                known = due < moment[first]
                reading, before = self._learn(rows[known], design[known]), look[first]
                codes = len(np.unique(code[known]))
                everyone = (late[known].sum() + 0.5) / (known.sum() + 1)
                for flag in (0, 1):
                    same = known & (near == flag)
                    share[flag] = (late[same].sum() + 0.5) / (same.sum() + 1)
            if codes < ENOUGH:
                continue
            chance[here] = self._read(rows[here], design[here], reading)
            rate[here], shares[here] = everyone, share[near[here].astype(int)]
        rows = rows.assign(days=days.to_numpy(), near=near, chance=chance, shares=shares, rate=rate)
        return rows[rows["chance"].notna()].reset_index(drop=True)

    def _due_on(self, rows: pd.DataFrame) -> pd.Series:
        """The due day of each replay. Where a pause moved it later on, as it was before."""
        import numpy as np
        import pandas as pd

        due = self.past.timeline.dossiers["due_on"].reindex(rows["code"]).reset_index(drop=True)
        moved = np.ceil((rows["moment"] + rows["left"]) / self.past.timeline.day) - 1
        to_come = (rows["due"] - rows["left"] - rows["moment"]) > 1
        days = [
            pd.Timestamp(self.past.timeline.calendar.working_day(int(number))) if later else day
            for number, later, day in zip(moved, to_come, due, strict=True)
        ]
        return pd.Series(days, dtype="datetime64[us]")

    @cached_property
    def record(self) -> Record:
        """What such forecasts were worth; see :class:`Record`."""
        import pandas as pd

        rows = self.forecasts
        n, late = len(rows), int(rows["late"].sum())

        def score(function: Any, scores: Any) -> float | None:
            value = function(rows["late"], scores) if n else math.nan
            return value if value == value else None

        days = sorted(set(rows["day"]))
        bands = [
            {
                "low": low, "high": high, "n": len(here),
                "forecast": float(here["chance"].mean()), "seen": float(here["late"].mean()),
            }
            for low, high in pairwise(CHANCES)
            if len(here := rows[(rows["chance"] > low) & (rows["chance"] <= high)])
        ]  # fmt: skip
        return Record(
            n=n, late=late, dossiers=int(rows["code"].nunique()), landmarks=len(days),
            first=days[0] if days else None, last=days[-1] if days else None,
            brier=score(brier, rows["chance"]),
            brier_base=score(brier, rows["rate"]),
            brier_three_days=score(brier, rows["near"]),
            brier_three_days_shares=score(brier, rows["shares"]),
            auc=score(auc, rows["chance"]),
            auc_three_days=score(auc, rows["near"]),
            auc_days_to_due=score(auc, -rows["left"]),
            bands=pd.DataFrame(bands, columns=["low", "high", "n", "forecast", "seen"]),
            reason="no_past" if not n else "ok" if late else "none_late",
        )  # fmt: skip
