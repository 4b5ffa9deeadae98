"""The way of each dossier through the office, in minutes of work.

A log says who held a dossier from when to when. Nights and days off are nobody's delay, so time
is counted in office hours of working days. From the ways of all dossiers come the *norms*: how
long a stage of a procedure takes as a rule. A norm is taken over every resolved dossier, late
ones too, for a norm made of the punctual alone would find every long step guilty; and never
over the dossier it is held against.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..stages import Stages
from ..unit import unit_file
from ..words import fold, say
from .whose import desks, elsewhere

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..view import PeriodView

__all__ = ["ENOUGH", "SUPPLEMENT", "Norm", "Timeline"]

SUPPLEMENT = "supplement"  # what a step waits for, see :mod:`..stages`
PARTNER = "partner"  # a kind of stage
ENOUGH = 30  # resolved dossiers of the same procedure and stage that make a norm
QUARTERS = 2  # over at least so many quarters


@dataclass(frozen=True)
class Norm:
    """How long a stage takes: ``usual`` (median) and ``long`` (90th percentile) in minutes of
    work, over ``n`` dossiers; ``basis`` is ``seen``, ``share`` (of the limit, as seen over all
    procedures), ``configured`` (the share that the reference gives), ``pause`` (a wait for the
    filer, none of which is usual) or ``none``.
    """

    usual: float
    long: float
    n: int
    basis: str


class Timeline:
    """All steps known to a period's view, and what is usual among them.

    ``steps`` has a row a step: ``code, stage, standard, kind, actor, entered_at, left_at,
    waits_for, start, stop, open, work, channel, officer, outcome, since, desk`` (see
    :mod:`.whose`); ``start``, ``stop`` and ``since`` in minutes of work, a step still open stops at
    the last moment known. Where nobody held the dossier before a step, it waited for that step
    ``since`` then, and the time is the step's.
    """

    def __init__(self, q: PeriodView) -> None:
        self.stages = Stages.of(q.office.unit, q.office.workspace)
        self.calendar = q.calendar
        self.day = float(sum(end - start for start, end in self.stages.hours))
        self._q = q

    def __repr__(self) -> str:
        return self._q.said(say("reprs.timeline"))

    @cached_property
    def known_until(self) -> dt.datetime:
        """The last moment the log can speak of."""
        told = self._q.told("steps")
        last = max((each.export.exported_at for each in told), default=dt.datetime.min)
        if self._q.as_of is not None:
            last = min(last, dt.datetime.combine(self._q.as_of, dt.time(23, 59)))
        return last

    def minutes(self, moments: Any) -> np.ndarray:
        """Minutes of work up to each moment, NaN outside the calendar."""
        return self.calendar.worked_minutes(moments, self.stages.hours)

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """Every dossier known, indexed by code. ``work`` is what it asks for: its procedure's
        code, or by the name where the register has none, folded.
        """
        found = self._q.register.set_index("code")
        names = found["procedure"].dropna().unique()
        named = found["procedure"].map({name: fold(str(name)) for name in names})
        return found.assign(work=found["procedure_code"].fillna(named.astype("str")))

    @cached_property
    def received(self) -> pd.Series:
        """The minute of work at which each dossier was received, by code."""
        import pandas as pd

        return pd.Series(self.minutes(self.dossiers["received_at"]), self.dossiers.index)

    @cached_property
    def procedures(self) -> dict[str, Any]:
        """The work that each dossier asks for, see :attr:`dossiers`."""
        return dict(zip(self.dossiers.index, self.dossiers["work"], strict=True))

    @cached_property
    def steps(self) -> pd.DataFrame:
        """See the class; empty without a log."""
        import numpy as np
        import pandas as pd

        frame = self._q.log
        frame = frame[frame["code"].isin(self.dossiers.index)]
        frame = frame.sort_values(
            ["code", "entered_at", "left_at", "row", "stage"], ignore_index=True
        )
        frame["open"] = frame["left_at"].isna()
        frame["start"] = self.minutes(frame["entered_at"])
        until = frame["left_at"].fillna(pd.Timestamp(self.known_until))
        frame["stop"] = np.maximum(self.minutes(until), frame["start"])
        known = {name: self.stages.standard(name) for name in frame["stage"].dropna().unique()}
        frame["standard"] = frame["stage"].map(known).astype(object)
        frame["kind"] = frame["standard"].map(self.stages.kinds).astype(object)
        said = {text: self.stages.waits_for(text) for text in frame["note"].dropna().unique()}
        paused = {name: self.stages.waits_for(name) for name in known}
        by_note, by_name = frame["note"].map(said), frame["stage"].map(paused)
        frame["waits_for"] = by_note.where(by_note.notna(), by_name).astype(object)
        frame["waits_for"] = frame["waits_for"].where(~self._asked_within(frame, until), SUPPLEMENT)
        about = self.dossiers[["work", "channel", "officer", "outcome"]]
        frame = frame.join(about, on="code")
        asking = frame["stage"].map({name: self.stages.asks(name) for name in known}).eq(True)
        frame["kind"] = frame["kind"].where(~elsewhere(frame, asking), PARTNER)
        ended = frame.groupby("code")["stop"].cummax().groupby(frame["code"]).shift()
        return frame.assign(since=np.fmin(frame["start"], ended), desk=desks(frame))

    def _asked_within(self, steps: pd.DataFrame, until: pd.Series) -> pd.Series:
        """Of each step of an officer, whether the register has papers asked for while it lasted and
        the log does not say what was waited for.
        """
        asked = steps["code"].map(self.dossiers["supplement_requested_at"])
        silent = steps["waits_for"].isna() & steps["kind"].eq("officer")
        whole_day = asked.eq(asked.dt.normalize())
        begun = steps["entered_at"].where(~whole_day, steps["entered_at"].dt.normalize())
        within = (asked >= begun.dt.floor("min")) & (asked < until)
        alone = ~steps["code"].isin(steps.loc[steps["waits_for"].eq(SUPPLEMENT), "code"])
        first = ~(within & silent).groupby(steps["code"]).cumsum().gt(1)
        return silent & within & alone & first

    @cached_property
    def has_log(self) -> bool:
        return len(self.steps) > 0

    @cached_property
    def unknown_steps(self) -> str:
        """What to say of the names of steps that tell nothing; "" where there are none."""
        return self.stages.unknown(
            Counter(self.steps["stage"].dropna()), unit_file(self._q.office.unit.slug)
        )

    def way(self, code: str) -> pd.DataFrame:
        """The steps of a dossier, in order; none without a log."""
        return self.steps.iloc[slice(*self.place(code))]

    def place(self, code: str) -> tuple[int, int]:
        """The rows of ``steps`` of a dossier, from and up to."""
        return self._places.get(code, (0, 0))

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        import numpy as np

        codes, first = np.unique(self.steps["code"].to_numpy(str), return_index=True)
        bounds = pairwise([*first.tolist(), len(self.steps)])
        return dict(zip(codes.tolist(), bounds, strict=True))

    # -- norms --------------------------------------------------------------------------------

    @cached_property
    def spent(self) -> pd.DataFrame:
        """Minutes of work a resolved dossier spent at each stage, a row a (code, stage):
        ``code, stage, work, minutes, quarter``.
        """
        ended = self.steps[self.steps["outcome"].eq("resolved") & self.steps["start"].notna()]
        ended = ended[~ended.groupby("code")["open"].transform("any")]
        ended = ended.assign(minutes=ended["stop"] - ended["since"])
        groups = ended.groupby(["code", "stage", "work"], as_index=False, dropna=False)
        spent: pd.DataFrame = groups.agg(minutes=("minutes", "sum"), quarter=("entered_at", "min"))
        return spent.assign(quarter=spent["quarter"].dt.to_period("Q").astype(str))

    @cached_property
    def _seen(self) -> dict[Any, tuple[Any, Any, Any]]:
        return {
            key: (part["code"].to_numpy(), part["minutes"].to_numpy(), part["quarter"].to_numpy())
            for key, part in self.spent.groupby(["work", "stage"], dropna=False)
        }

    def norm(self, code: str, stage: str) -> Norm:
        """What is usual at ``stage`` for dossiers like ``code``, itself left out.

        Like are those of the same procedure; where they are too few, all that passed the stage,
        by the share of the limit that it took; where those are too few as well, the share that
        ``data/reference/stages.toml`` gives.
        """
        import numpy as np

        if self.is_pause(stage):
            return Norm(0.0, 0.0, 0, "pause")
        taken, basis = self.taken(code, stage)
        if len(taken):
            usual, long = np.quantile(taken, [0.5, 0.9])
            return Norm(float(usual), float(long), len(taken), basis)
        limit = self.limits.get(code)
        share = self.stages.shares.get(self.stages.standard(stage) or "")
        if limit is not None and share is not None:
            return Norm(share * limit / 2, share * limit, 0, "configured")
        return Norm(np.nan, np.nan, 0, "none")

    def taken(self, code: str, stage: str) -> tuple[np.ndarray, str]:
        """The minutes that others took at ``stage`` and their basis, see :meth:`norm`; none where
        they are too few.
        """
        import numpy as np

        seen = self._others(self._seen.get((self.procedures[code], stage)), code)
        if len(seen):
            return seen, "seen"
        limit = self.limits.get(code)
        shares = self._others(self._shares.get(stage), code)
        return (np.empty(0) if limit is None else shares * limit), "share"

    @staticmethod
    def _others(found: Any, code: str) -> np.ndarray:
        """The values without those of ``code``, if there are ``ENOUGH``."""
        import numpy as np

        if found is None:
            return np.empty(0)
        codes, values, quarters = found
        others = codes != code
        if others.sum() < ENOUGH or len(set(quarters[others])) < QUARTERS:
            return np.empty(0)
        return np.asarray(values[others])

    @cached_property
    def _shares(self) -> dict[str, tuple[Any, Any, Any]]:
        limits = self.spent["code"].map(self.limits)
        spent = self.spent.assign(share=self.spent["minutes"] / limits)
        spent = spent[limits > 0]
        return {
            str(stage): (
                part["code"].to_numpy(),
                part["share"].to_numpy(),
                part["quarter"].to_numpy(),
            )
            for stage, part in spent.groupby("stage")
        }

    def is_pause(self, stage: str) -> bool:
        """Whether the step by its name is a wait for the filer: none of the office's time."""
        return self.stages.waits_for(stage) is not None

    @cached_property
    def limits(self) -> dict[str, float]:
        """Minutes of work from receipt to the end of the due day, of dossiers with a due day."""
        received = self.minutes(self.dossiers["received_at"])
        due = self.minutes(self.end_of(self.dossiers["due_on"]))
        return {
            code: float(minutes)
            for code, minutes in zip(self.dossiers.index, due - received, strict=True)
            if minutes == minutes
        }

    def usual_way(self, code: str) -> dict[str, float]:
        """The stages of the dossier's procedure in their usual order, with median minutes."""
        return self._ways_of.get(self.procedures[code], {})

    @cached_property
    def _ways_of(self) -> dict[Any, dict[str, float]]:
        steps = self.steps.assign(place=self.steps.groupby("code").cumcount(ascending=False))
        minutes = steps["stop"] - steps["since"]
        usual = steps.assign(minutes=minutes).groupby(["work", "stage"])
        table = usual.agg(place=("place", "median"), minutes=("minutes", "median")).reset_index()
        table = table.sort_values(["work", "place", "stage"], ascending=[True, False, True])
        return {
            procedure: dict(zip(part["stage"], part["minutes"], strict=True))
            for procedure, part in table.groupby("work")
        }

    def days_added(self, code: str) -> int:
        """By how many working days the due day lies further off than the procedure's usual
        limit; 0 where the register asked for no papers or no limit is usual. What came too late in
        the day for "within the day" was due a day later from the first.
        """
        usual = self._limits.get(self.procedures[code])
        days = self._limit_days.get(code)
        if usual is None or days is None:
            return 0
        received: Any = self.dossiers.loc[code, "received_at"]
        evening = not usual and received.time() > self._q.office.unit.same_day_cutoff
        return max(int(days) - usual - evening, 0)

    @cached_property
    def _limit_days(self) -> dict[str, int]:
        days = self.calendar.between_many(self.dossiers["received_at"], self.dossiers["due_on"])
        return {str(code): int(n) for code, n in days.dropna().items()}

    @cached_property
    def _limits(self) -> dict[Any, int]:
        """The limit of each procedure in working days, as most of its dossiers have it."""
        import pandas as pd

        days = pd.Series(self._limit_days, dtype="int64")
        found = {}
        for procedure, codes in self.dossiers.groupby("work").groups.items():
            counts = days.reindex(codes).dropna().value_counts()
            if len(counts) and counts.sum() >= 5 and counts.iloc[0] * 2 > counts.sum():
                found[procedure] = int(counts.index[0])
        return found

    def due_minute(self, row: Any) -> float:
        """The minute of work by which a dossier had to be done, by the unit's rule of lateness."""
        by_time = self._q.plan.rules.late_rule == "time"
        due = row["due_at"] if by_time else self.end_of(row["due_on"])
        return float(self.minutes([due])[0])

    @staticmethod
    def end_of(days: Any) -> Any:
        """The last minute of a day, or of each of many."""
        import pandas as pd

        late = pd.Timedelta(hours=23, minutes=59)
        if isinstance(days, pd.Series):
            return days.dt.normalize() + late
        return pd.Timestamp(days).normalize() + late
