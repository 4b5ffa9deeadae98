"""What the people of the office were doing while a dossier waited: by day, from the log.

Three observations, none of them a verdict. *Idle days*: working days on which somebody held work
and ended no step at all. *Bursts*: days on which much more came in than usual. *Stuck online*:
many dossiers filed online standing at reception at once, with none getting through. What was
received as usual, held up elsewhere and let go together is a burst and no overload. Each is held
against what is usual for the same person or counter, so that a quiet desk is not called absent
and a busy one not flooded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .timeline import Timeline

__all__ = ["Activity", "Desk", "Run"]

UNLIKELY = 0.005  # the chance at which a run of idle days is no longer a quiet spell
FLOOD = 0.001  # the chance at which arrivals are no longer a busy spell
WAVE = 1.5  # fewer times the usual received on the days that a burst was received on
TWICE = 2.0  # and they are at least so many times the usual
BURST_DAYS = 3
STUCK = 3  # dossiers at once
OWN = 8  # stays that make a desk's own usual; with fewer it is that of all desks
LOOK_BACK = 10  # working days in which an absence or a burst may still be felt
COMPANY = 4  # dossiers at a desk within a day that show how it went there


@dataclass(frozen=True)
class Run:
    """Consecutive working days, by their number in the calendar, both included."""

    first: int
    last: int

    def minutes(self, day: float) -> tuple[float, float]:
        return self.first * day, (self.last + 1) * day

    def apart(self, moment: float) -> float:
        """How many days lie between it and a moment in days; 0 within."""
        return max(self.first - moment, moment - self.last - 1, 0.0)


class Desk:
    """One person or counter: when steps came to it and when it ended them.

    ``since`` is the number of the first day that the log covers: of the days before, it holds
    only what was still open then.
    """

    def __init__(self, steps: pd.DataFrame, day: float, since: int) -> None:
        import numpy as np

        self.day = day
        self.since = since
        self.start = steps["since"].to_numpy(float)
        self.stop = steps["stop"].to_numpy(float)
        self.open = steps["open"].to_numpy(bool)
        self.received = steps["received"].to_numpy(float)
        self.comes = steps["comes"].to_numpy(bool)
        self._np = np

    @cached_property
    def _span(self) -> tuple[int, int]:
        last = int(self._np.ceil(self.stop.max() / self.day))
        return self.since, max(last, self.since) + 1

    def _by_day(self, moments: Any) -> np.ndarray:
        first, after = self._span
        places = (moments // self.day).astype(int) - first
        return self._np.bincount(places[places >= 0], minlength=after - first + 1)

    @cached_property
    def held(self) -> np.ndarray:
        """For each day of the span, how many steps were in hand at some time of it."""
        first, after = self._span
        came = self._np.maximum((self.start // self.day).astype(int) - first, 0)
        went = self._np.maximum((self.stop // self.day).astype(int) - first, -1)
        change = self._np.zeros(after - first + 2)
        self._np.add.at(change, came, 1)
        self._np.add.at(change, went + 1, -1)
        return self._np.cumsum(change)[: after - first + 1]

    @cached_property
    def ended(self) -> np.ndarray:
        return self._by_day(self.stop[~self.open])

    @cached_property
    def came(self) -> np.ndarray:
        return self._by_day(self.start[self.comes])

    @cached_property
    def quiet(self) -> list[Run]:
        """All runs of days with work in hand on each and nothing ended."""
        first = self._span[0]
        return [Run(a + first, b + first) for a, b in _runs((self.held > 0) & (self.ended == 0))]

    @cached_property
    def idle(self) -> list[Run]:
        """Runs of days with work in hand on each and nothing ended, too long to be chance.

        A day of work in hand ends something with probability f, learnt from all the other days;
        a run of k days without is believed when (1 − f)^k < ``UNLIKELY``.
        """
        held = int((self.held > 0).sum())
        busy = held - sum(run.last - run.first + 1 for run in self.quiet)
        found = []
        for run in self.quiet:
            k = run.last - run.first + 1
            f = (busy + 0.5) / (held - k + 1)
            if busy and (1 - min(f, 1.0)) ** k < UNLIKELY:
                found.append(run)
        return found

    @cached_property
    def usual_a_day(self) -> float:
        """How many come on a day with work in hand, the busiest tenth of days left out."""
        open_days = self.came[self.held > 0]
        return max(float(self._np.mean(_trimmed(open_days))), 0.2) if len(open_days) else 0.2

    def came_in(self, run: Run) -> int:
        """How many came on the days of ``run``."""
        first = self._span[0]
        return int(self.came[run.first - first : run.last + 1 - first].sum())

    @cached_property
    def bursts(self) -> list[Run]:
        """Runs of up to ``BURST_DAYS`` days in which far more came than usual (Poisson tail)."""
        from scipy.stats import poisson

        if int((self.held > 0).sum()) < 20:
            return []
        usual = self.usual_a_day
        found: list[Run] = []
        for width in range(1, BURST_DAYS + 1):
            sums = self._np.convolve(self.came, self._np.ones(width), mode="valid")
            for place in self._np.nonzero(
                (poisson.sf(sums - 1, usual * width) < FLOOD)
                & (sums >= TWICE * usual * width)
                & (sums >= STUCK)
            )[0]:
                found.append(
                    Run(int(place) + self._span[0], int(place) + width - 1 + self._span[0])
                )
        return [self._narrowed(run) for run in _joined(found)]

    def _narrowed(self, run: Run) -> Run:
        """From the first to the last of its days on which more than usual came."""
        first = self._span[0]
        more = self.came[run.first - first : run.last + 1 - first] > self.usual_a_day
        days = self._np.nonzero(more)[0] + run.first
        return Run(int(days[0]), int(days[-1]))

    @cached_property
    def floods(self) -> list[tuple[Run, float]]:
        """Each burst of what was received so, and the minute at which what was in hand at its end
        had been cleared.
        """
        return [(run, self._cleared(run)) for run in self.bursts if not self._is_wave(run)]

    @cached_property
    def heaps(self) -> list[tuple[Run, float]]:
        """The same of every burst."""
        return [(run, self._cleared(run)) for run in self.bursts]

    def _is_wave(self, run: Run) -> bool:
        """Whether what came at once had been received as it usually is: it was held up before,
        and let go together.
        """
        first, after = run.minutes(self.day)
        received = self.received[(self.start >= first) & (self.start < after)]
        received = received[received == received]
        every = self.received[self.received == self.received] // self.day
        if len(received) < STUCK:
            return False
        low, high = self._np.quantile(received // self.day, [0.1, 0.9])
        days = high - low + 1
        usual = len(every) / max(every.max() - every.min() + 1, 1)
        return bool(((every >= low) & (every <= high)).sum() < WAVE * usual * days)

    @cached_property
    def absences(self) -> list[tuple[Run, float]]:
        """Each idle run, and the minute at which what was in hand at its end had been cleared."""
        return [(run, self._cleared(run)) for run in self.idle]

    def of_bursts(self, moment: float) -> float:
        """The part that bursts have in what absences and bursts had left undone at a moment, from 0
        to 1: an idle day leaves the usual arrivals, a day of a burst what came beyond them, and a
        day that ends more than usually comes works both off.
        """
        day = int(moment // self.day) - self._span[0]
        idle, burst = self._left_undone[:, min(max(day, 0), self._left_undone.shape[1] - 1)]
        return float(burst / (idle + burst)) if burst else 0.0

    @cached_property
    def _left_undone(self) -> np.ndarray:
        """What absences and what bursts had left undone at the end of each day."""
        first, usual = self._span[0], self.usual_a_day
        added = self._np.zeros((2, len(self.held)))
        for run in self.idle:
            added[0, max(run.first - first, 0) : run.last + 1 - first] = usual
        for run, _ in self.floods:
            days = slice(max(run.first - first, 0), run.last + 1 - first)
            added[1, days] = self._np.maximum(self.came[days] - usual, 0.0)
        left = self._np.zeros_like(added)
        now = self._np.zeros(2)
        for day, (ended, held) in enumerate(zip(self.ended, self.held, strict=True)):
            now = now + added[:, day]
            most = min(float(held), max(now.sum() - max(ended - usual, 0.0), 0.0))
            now = now * (most / now.sum()) if now.sum() else now
            left[:, day] = now
        return left

    def _cleared(self, run: Run) -> float:
        """Not later than ``LOOK_BACK`` days after: one that stays for ever holds up no other."""
        after = run.minutes(self.day)[1]
        waiting = (self.start < after) & (self.stop > after)
        latest = float(self.stop[waiting].max()) if waiting.any() else after
        return min(latest, after + LOOK_BACK * self.day)


class Activity:
    """The desks of an office, and the times when online filing was stuck."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    @cached_property
    def desks(self) -> dict[str, Desk]:
        """The desks by the steps' ``desk``."""
        steps = self._held
        day, since = self._timeline.day, self._since
        return {str(desk): Desk(part, day, since) for desk, part in steps.groupby("desk")}

    @cached_property
    def office(self) -> Desk:
        """All who handle dossiers as one desk, to which each dossier comes once."""
        steps = self._held[self._held["kind"].eq("officer")]
        steps = steps.drop_duplicates("code").assign(comes=True)
        return Desk(steps, self._timeline.day, self._since)

    @cached_property
    def _held(self) -> pd.DataFrame:
        """The steps at a desk. A wait for the filer ends when the filer comes: nobody is at work in
        it, whoever's name it bears.
        """
        steps = self._timeline.steps
        pauses = [s for s in steps["stage"].dropna().unique() if self._timeline.is_pause(s)]
        steps = steps[steps["start"].notna() & steps["desk"].notna()]
        steps = steps[~steps["stage"].isin(pauses)]
        received = self._timeline.received
        before = steps.groupby("code")["desk"].shift()
        return steps.assign(
            received=steps["code"].map(received).astype(float), comes=steps["desk"].ne(before)
        )

    @cached_property
    def _since(self) -> int:
        ended = self._held.loc[~self._held["open"], "stop"]
        return int(ended.min() // self._timeline.day) if len(ended) else 0

    @cached_property
    def _online_reception(self) -> tuple[np.ndarray, np.ndarray]:
        steps = self._timeline.steps
        steps = steps[steps["standard"].eq("S1_receive") & steps["channel"].eq("online")]
        steps = steps[steps["start"].notna()]
        return steps["start"].to_numpy(float), steps["stop"].to_numpy(float)

    def stuck_online(self, start: float, stop: float) -> int:
        """How many online dossiers stood at reception, itself included, when the longest time
        without any of them getting through ended, of a stay from ``start`` to ``stop``.
        """
        import numpy as np

        begun, ended = self._online_reception
        through = ended[(ended > start) & (ended < stop)]
        marks = np.sort(np.concatenate([[start], through, [stop]]))
        place = int(np.argmax(np.diff(marks)))
        last = marks[place + 1]
        return int(((begun < last - self._timeline.day / 10) & (ended >= last)).sum())

    def company(self, desk: str, stage: str, start: float) -> float:
        """How long the same desk ("": all desks) took at that stage for what came within a day of
        ``start``: the median of minutes over the desk's own usual; 0 with fewer than ``COMPANY``.
        """
        import numpy as np

        found = self._stays.get((desk, stage))
        if found is None:
            return 0.0
        begun, ratio = found
        near = ratio[np.abs(begun - start) <= self._timeline.day]
        return float(np.median(near)) if len(near) >= COMPANY else 0.0

    @cached_property
    def _stays(self) -> dict[Any, tuple[np.ndarray, np.ndarray]]:
        steps = self._timeline.steps
        steps = steps[steps["start"].notna() & steps["desk"].notna()]
        minutes = steps["stop"] - steps["since"]
        keys = [steps["work"], steps["stage"]]
        all_, own = (minutes.groupby(by, dropna=False) for by in (keys, [*keys, steps["desk"]]))
        usual = own.transform("median").where(
            own.transform("size") >= OWN, all_.transform("median")
        )
        steps = steps.assign(ratio=minutes / usual.clip(lower=1.0))
        return {
            key: (part["since"].to_numpy(float), part["ratio"].to_numpy(float))
            for frame in (steps, steps.assign(desk=""))
            for key, part in frame.groupby(["desk", "stage"])
        }


def _runs(flags: Any) -> Iterable[tuple[int, int]]:
    first = None
    for place, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = place
        elif not flag and first is not None:
            yield first, place - 1
            first = None


def _trimmed(values: Any) -> Any:
    """Without the highest tenth, so that a burst does not hide itself."""
    import numpy as np

    return np.sort(values)[: max(1, int(len(values) * 0.9))]


def _joined(runs: list[Run]) -> list[Run]:
    found: list[Run] = []
    for run in sorted(runs, key=lambda r: (r.first, r.last)):
        if found and run.first <= found[-1].last + 1:
            found[-1] = Run(found[-1].first, max(found[-1].last, run.last))
        else:
            found.append(run)
    return found
