"""Who takes clearly longer than the others at the same work, and when.

An officer's stays at a step are held against those of the others at the same procedure and step.
One procedure rarely has enough dossiers to tell, so the comparisons of all procedures are pooled,
by quarter where a quarter has enough (one may be slow for a while), else over all that is known.
What is pooled is the sum of the minutes taken over the sum of those that the others take for the
same dossiers (indirect standardisation), and whether that is chance is asked of the ranks within
each procedure (van Elteren, P. H., 1960: the Mann–Whitney test over strata). Who is slow at one
procedure only is found there.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    import pandas as pd

    from .activity import Activity
    from .timeline import Timeline

__all__ = ["Pace", "Paces"]

SLOWER = 1.5  # how many times the others' time matters
PEERS = 8  # stays of each side before an officer is compared at one procedure
POOLED = 20  # an officer's stays over all procedures
FEWEST = 3  # stays of the others at a procedure for it to be pooled
SURE = 0.01  # the level of the comparison, over all officers and steps
HINT = 0.1  # the chance at which nothing hints at it
SPANS = (("half",), ("quarter",))
HANDLING = ("S3_process", "S4_appraise")
HIGHEST = 3.0  # times the upper quartile of its like: what took longer counts as long as that


@dataclass(frozen=True)
class Pace:
    """The stays of one officer at a kind of work and how long the others take for such, in
    minutes; ``same`` says what was kept the same: ``procedure``, ``quarter``, ``half``, and
    ``own`` is what the officer usually takes for what was asked about, infinite if not known.
    """

    codes: np.ndarray
    taken: np.ndarray
    usual: np.ndarray
    chance: float
    same: tuple[str, ...] = ()
    own: float = math.inf

    @property
    def times(self) -> float:
        """How many times the others' time."""
        return float(self.taken.sum() / max(self.usual.sum(), 1.0))

    @property
    def n(self) -> int:
        """How many dossiers it rests on."""
        return len(set(self.codes))

    def without(self, code: str) -> Pace:
        kept = self.codes != code
        return replace(self, codes=self.codes[kept], taken=self.taken[kept], usual=self.usual[kept])

    @property
    def is_slow(self) -> bool:
        return self.chance < SURE and self.times >= SLOWER

    @property
    def is_quick(self) -> bool:
        """Whether nothing hints at being slower than the others."""
        return self.chance > HINT and self.times < (1 + SLOWER) / 2


class Paces:
    """The paces of all officers, from stays that nothing unusual befell."""

    def __init__(self, timeline: Timeline, activity: Activity) -> None:
        self._timeline = timeline
        self._activity = activity

    def slow(self, code: str, stage: str, desk: str | None, moment: dt.datetime) -> Pace | None:
        """What shows that whoever sits at ``desk`` is slow at ``stage`` for dossiers like
        ``code`` at a moment, itself left out; None where nothing does. Who was quick about then
        was not slow, nor is who is quick at that procedure.
        """
        like = self._like(stage)
        for scope in ((stage, self._timeline.procedures[code]), (like, None)):
            for span in (quarter_of(moment), half_of(moment), ""):
                if found := self._found.get((*scope, desk, span)):
                    pace = found.without(code)
                    if pace.is_slow:
                        return replace(pace, own=pace.times * self._others(code, stage, desk))
                    if pace.is_quick:
                        return None
        return None

    def _others(self, code: str, stage: str, desk: str | None) -> float:
        """What is usual among the others, the median in minutes; infinite without others."""
        stays = self._cells.get((self._timeline.procedures[code], stage))
        others = None if stays is None else stays.loc[stays["desk"] != desk, "minutes"]
        return math.inf if others is None or others.empty else float(others.median())

    def undisturbed(self, code: str, stage: str, desk: str | None) -> np.ndarray:
        """The minutes that dossiers like ``code``, itself left out, took at ``stage`` where nothing
        unusual befell them: at that desk where they are enough, else at all of them.
        """
        import numpy as np

        stays = self._cells.get((self._timeline.procedures[code], stage))
        if stays is None:
            return np.empty(0)
        like = stays[stays["code"] != code]
        own = like[like["desk"] == desk]
        return (own if len(own) >= PEERS else like)["minutes"].to_numpy()

    @cached_property
    def _cells(self) -> dict[Any, pd.DataFrame]:
        return dict(iter(self._comparable.groupby(["work", "stage"])))

    def _like(self, stage: str) -> str:
        """Handling and appraising are one work, whatever an office calls its steps."""
        standard = self._timeline.stages.standard(stage)
        return HANDLING[0] if standard in HANDLING else stage

    @cached_property
    def _found(self) -> dict[Any, Pace]:
        """By step, procedure (None for all), desk and span."""
        stays = self._comparable
        grouped = stays.groupby(["work", "stage"])
        codes, desks, minutes = (stays[name].to_numpy() for name in ("code", "desk", "minutes"))
        columns = _Columns(codes, desks, minutes, grouped.ngroup().to_numpy())
        cells: Any = grouped.indices
        likes: Any = stays.groupby("like").indices
        one = [((stage, work), rows) for (work, stage), rows in cells.items()]
        every = [((like, None), rows) for like, rows in likes.items()]
        found: dict[Any, Pace] = {}
        for by in ((), *SPANS):
            spans = stays[by[0]].to_numpy(str) if by else None
            found |= _compared(columns, one, spans, ("procedure", *by), PEERS, PEERS)
            found |= _compared(columns, every, spans, by, POOLED, FEWEST)
        return found

    @cached_property
    def _comparable(self) -> pd.DataFrame:
        """The stays of officers, without those with a request for papers, in an absence or a burst
        or while either is cleared: ``code, work, stage, like, desk, quarter, half, minutes``.
        """
        import numpy as np

        steps = self._timeline.steps
        steps = steps[
            steps["kind"].eq("officer") & steps["start"].notna() & ~steps["open"]
            & steps["waits_for"].isna() & steps["desk"].notna() & steps["work"].notna()
        ]  # fmt: skip
        unusual = np.zeros(len(steps), dtype=bool)
        start, stop = steps["since"].to_numpy(), steps["stop"].to_numpy()
        desks = steps["desk"].to_numpy()
        for name in set(desks):
            desk = self._activity.desks[name]
            for run, cleared in [*desk.absences, *desk.heaps]:
                first = run.minutes(self._timeline.day)[0]
                unusual |= (desks == name) & (stop > first) & (start < cleared)
        stays = steps[~unusual].assign(minutes=(stop - start)[~unusual])
        highest = stays.groupby(["work", "stage"])["minutes"].transform("quantile", 0.75) * HIGHEST
        likes = {stage: self._like(stage) for stage in stays["stage"].unique()}
        return stays.assign(
            minutes=np.minimum(stays["minutes"], highest), like=stays["stage"].map(likes),
            quarter=stays["entered_at"].map(quarter_of), half=stays["entered_at"].map(half_of),
        )  # fmt: skip


def quarter_of(moment: dt.datetime) -> str:
    return f"{moment.year}-Q{(moment.month + 2) // 3}"


def half_of(moment: dt.datetime) -> str:
    return f"{moment.year}-H{(moment.month + 5) // 6}"


class _Columns(NamedTuple):
    """Stays side by side; ``cells`` numbers their procedures and steps."""

    codes: np.ndarray
    desks: np.ndarray
    minutes: np.ndarray
    cells: np.ndarray


def _compared(
    stays: _Columns,
    scopes: Iterable[tuple[tuple[Any, Any], np.ndarray]],
    spans: np.ndarray | None,
    same: tuple[str, ...],
    least: int,
    peers: int,
) -> dict[Any, Pace]:
    """The paces in each of ``scopes`` (rows of ``stays``), by scope, desk and span, compared
    together: the chances are those of Benjamini and Hochberg.
    """
    import numpy as np
    from scipy.stats import false_discovery_control

    def parts(rows: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        if spans is None:
            yield "", rows
        else:
            yield from ((str(s), rows[spans[rows] == s]) for s in np.unique(spans[rows]))

    found = {
        (*scope, desk, span): replace(pace, same=same)
        for scope, rows in scopes
        for span, some in parts(rows)
        for desk, pace in _paces(_Columns(*(each[some] for each in stays)), least, peers)
    }
    chances = false_discovery_control([pace.chance for pace in found.values()]) if found else []
    return {
        key: replace(pace, chance=float(chance))
        for (key, pace), chance in zip(found.items(), chances, strict=True)
    }


def _paces(stays: _Columns, least: int, peers: int) -> Iterator[tuple[str, Pace]]:
    """The pace of each desk with ``least`` stays at what the others have ``peers`` stays of."""
    import numpy as np

    codes, desks, minutes, _ = stays
    cells = np.unique(stays.cells, return_inverse=True)[1]
    counts, sums = np.bincount(cells), np.bincount(cells, minutes)
    n = len(counts)
    for desk in sorted(set(desks)):
        mine = desks == desk
        if mine.sum() < least:
            continue
        others = counts - np.bincount(cells[mine], minlength=n)
        kept = (others >= peers)[cells]
        own = mine & kept
        if own.sum() < least:
            continue
        theirs = sums - np.bincount(cells[mine], minutes[mine], n)
        usual = (theirs / np.maximum(others, 1))[cells[own]]
        chance = _stratified(minutes[kept], mine[kept], cells[kept])
        yield desk, Pace(codes[own], minutes[own], usual, chance)


def _stratified(values: np.ndarray, mine: np.ndarray, strata: np.ndarray) -> float:
    """The chance that ``mine`` are as high or higher within their strata (van Elteren's test,
    ties taken into account).
    """
    import numpy as np
    from scipy.special import ndtr

    order = np.lexsort((values, strata))
    values, mine, strata = values[order], mine[order], strata[order]
    differs = (np.diff(values) != 0) | (np.diff(strata) != 0)
    first = np.append(0, np.flatnonzero(differs) + 1)  # of those tied with each other
    ties = np.diff(np.append(first, len(values)))
    n = np.bincount(strata)
    ranks = np.repeat(first + (ties + 1) / 2, ties) - (np.cumsum(n) - n)[strata]
    m, sums = np.bincount(strata, mine), np.bincount(strata, ranks * mine)
    squares = n**3 - n - np.bincount(strata[first], ties**3 - ties)  # 12 times those of the ranks
    told = (m > 0) & (m < n)
    n, m, sums, squares = n[told], m[told], sums[told], squares[told]
    score = ((sums - m * (n + 1) / 2) / (n + 1)).sum()
    spread = (m * (n - m) / n * squares / (12 * (n - 1)) / (n + 1) ** 2).sum()
    return float(ndtr(-score / spread**0.5)) if spread else 1.0
