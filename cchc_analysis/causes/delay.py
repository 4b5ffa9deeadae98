"""How much of a long stay is delay.

A log shows the sum of what the work takes and of a delay. Where the work takes about as long for
every dossier, the delay is what is beyond the usual. Where it varies, a long stay may as well be
much work and little delay. So the sizes of delays, as shares of the limit, are learnt from the
office's own long processes, at those of their steps where the usual hardly varies. The delay
expected of any other stay weighs all that the work takes for its like by how common the delay is
that this would leave (empirical Bayes: Robbins, H., 1956).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .pace import PEERS
from .timeline import ENOUGH, PARTNER

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .attribution import Stay
    from .pace import Paces
    from .timeline import Timeline

__all__ = ["FELT_PART", "MANY_STEPS", "Delays"]

MANY_STEPS = 3  # long steps that make a long process
FELT_PART = 0.25  # of a day beyond the usual from which on a step is held up
CLEAR = 0.25  # of what is beyond the usual: where the usual varies less, that is the delay
LEARNT = 10  # delays that show how long delays are; with fewer, any is as likely


class Delays:
    """The delays expected of the stays of an office."""

    def __init__(self, timeline: Timeline, paces: Paces) -> None:
        self._timeline = timeline
        self._paces = paces

    def expected(self, code: str, stay: Stay) -> float:
        """The minutes of ``stay`` expected to be delay, by all that is known but ``code``."""
        taken = self._paces.undisturbed(code, stay.stage, stay.desk)
        if len(taken) < PEERS:
            taken = self._timeline.taken(code, stay.stage)[0]
        left = stay.minutes - taken
        left = left[left > 0]
        limit = self._timeline.limits.get(code)
        if not len(left) or not limit:
            return stay.excess
        weights = self._how_common(code, left / limit, stay.minutes / limit)
        return float((left * weights).sum() / weights.sum())

    def _how_common(self, code: str, delays: np.ndarray, longest: float) -> np.ndarray:
        """How common ``delays`` are, as shares of the limit: as the others of the office's and one
        more that may be any up to the ``longest``.
        """
        import numpy as np
        from scipy.stats import gaussian_kde

        shares = self._shares[self._shares.index != code].to_numpy()
        if len(shares) < LEARNT or not np.ptp(shares):
            return np.ones_like(delays)
        found: np.ndarray = gaussian_kde(shares)(delays) * len(shares) + 1 / longest
        return found

    @cached_property
    def _shares(self) -> pd.Series:
        """The clear delays of long processes as shares of the limit, by code."""
        steps = self._timeline.steps
        steps = steps[
            steps["outcome"].eq("resolved") & ~steps["open"] & steps["waits_for"].isna()
            & steps["kind"].ne(PARTNER) & steps["start"].notna()
        ]  # fmt: skip
        minutes = steps["stop"] - steps["since"]
        like = minutes.groupby([steps["work"], steps["stage"]])
        usual, long = like.transform("median"), like.transform("quantile", 0.9)
        more = minutes - usual
        held_up = (minutes > long) & (more >= FELT_PART * self._timeline.day)
        many = held_up.groupby(steps["code"]).transform("sum") >= MANY_STEPS
        clear = held_up & many & (like.transform("size") > ENOUGH) & (long - usual < CLEAR * more)
        shares = more[clear] / steps.loc[clear, "code"].map(self._timeline.limits)
        return shares.set_axis(steps.loc[clear, "code"]).dropna()
