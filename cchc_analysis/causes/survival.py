"""How long until it ends, and in which way? Curves of durations, and the scores of forecasts.

Take dossiers that stood where one stands now. Some were finished since, some withdrawn, some are
still open: of those only a lower bound is known (*censored*). To leave them out would favour the
quick ones, to count them as ended would too. So walk along the durations and ask at each end: of
those still at risk just before, what share ended now, and how? A dossier may end in several ways,
and one way forecloses the others: who withdrew is never finished late. The *cumulative incidence*
of a way counts each end among those whom nothing had ended before (Aalen, O. O. and Johansen, S.,
1978, Scandinavian Journal of Statistics 5, 141–150); the incidences of all ways and the chance of
lasting add up to one at every moment. Ends come before censoring at the same moment.

A forecast of 20 % is neither right nor wrong; many of them are. *Brier's score* is the mean squared
distance between the chance and what came, 0 is perfect (Brier, G. W., 1950, Monthly Weather Review
78, 1–3). The *area under the ROC curve* looks at the order alone: the chance that of a late and a
timely dossier the late one had the higher forecast (Mann and Whitney's U over the pairs).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Incidence", "aalen_johansen", "auc", "brier", "late_share", "logistic_fit", "sigmoid"]

RESULT, OTHER = 1, 2  # ways to end; 0 is not ended yet
STEPS, LONGEST, TOLERANCE = 100, 3.0, 1e-9  # of Newton's method


@dataclass(frozen=True)
class Incidence:
    """Step functions of time (in the unit of the durations): from ``times[i]`` on the chance of
    lasting longer is ``lasting[i]``, of having ended in way ``k`` it is ``by[k][i]``;
    ``at_risk[i]`` were there just before. Arrays of one length, empty without an end.
    """

    times: np.ndarray
    lasting: np.ndarray
    by: dict[int, np.ndarray]
    at_risk: np.ndarray

    def at(self, time: float, way: int) -> float:
        """The chance of having ended in ``way`` by ``time``, ``time`` included."""
        import numpy as np

        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.by[way][place - 1]) if place and way in self.by else 0.0


def aalen_johansen(durations: Any, ways: Any) -> Incidence:
    """The cumulative incidence of each way to end; ``ways`` are whole numbers, 0 for censored.

    Raises ``ValueError`` for columns of unequal length, and for negative or missing durations.

    >>> curve = aalen_johansen([1, 2, 3, 4], [1, 2, 0, 1])
    >>> curve.by[1].tolist(), curve.by[2].tolist(), curve.lasting.tolist()
    ([0.25, 0.25, 0.75], [0.0, 0.25, 0.25], [0.75, 0.5, 0.0])
    """
    import numpy as np

    times, codes = np.asarray(durations, dtype=float), np.asarray(ways, dtype=int)
    if times.shape != codes.shape or times.ndim != 1:
        raise ValueError(f"unequal columns: {times.shape} and {codes.shape}")
    if not (times >= 0).all() or (codes < 0).any():
        raise ValueError("a duration is a number from 0 on, a way from 0 on")
    moments, place = np.unique(times[codes > 0], return_inverse=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), moments, side="left")
    ends = np.bincount(place, minlength=len(moments))
    lasting = np.cumprod(1 - ends / at_risk)
    before = np.append(1.0, lasting)[:-1]
    by = {}
    for way in np.unique(codes[codes > 0]).tolist():
        counts = np.bincount(place[codes[codes > 0] == way], minlength=len(moments))
        by[way] = np.cumsum(before * counts / at_risk)
    return Incidence(moments, lasting, by, at_risk)


def late_share(durations: np.ndarray, ways: np.ndarray, left: float) -> float:
    """The share that ends with a result (way 1) after ``left``: who had no result by then and
    never ends otherwise. Whom the curve does not see to the end counts as finished some day.
    NaN without durations; these are trusted, unlike those of :func:`aalen_johansen`.

    >>> import numpy as np
    >>> late_share(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 2, 0, 1]), 3.5)
    0.5
    """
    import numpy as np

    n = len(durations)
    if n == 0:
        return math.nan
    over = durations <= left
    ended, other = np.count_nonzero(over), ways == OTHER
    if np.count_nonzero(ways[over]) == ended and not np.count_nonzero(other & ~over):
        return float((n - ended) / n)  # nobody is lost before: a mere share
    ways = ways[np.lexsort((ways == 0, durations))]  # one by one; order is no matter among equals
    ends = 1 / np.arange(n, 0, -1)  # of those still at risk
    lasting = 1 - ends
    lasting[ways == 0] = 1.0
    ends[1:] = np.cumprod(lasting)[:-1] / np.arange(n - 1, 0, -1)
    late = 1.0 - ends[:ended][ways[:ended] == RESULT].sum() - ends[ways == OTHER].sum()
    return float(max(late, 0.0))


def brier(came: Any, chances: Any) -> float:
    """Mean of (chance − came)²; NaN without forecasts.

    >>> brier([0, 1], [0.0, 0.5])
    0.125
    """
    import numpy as np

    y, p = np.asarray(came, dtype=float), np.asarray(chances, dtype=float)
    return float(np.mean((p - y) ** 2)) if len(y) else math.nan


def auc(came: Any, scores: Any) -> float:
    """The chance that what came had a higher score than what did not, ties by half; NaN where
    there are none of either.

    >>> auc([0, 0, 1], [0.1, 0.3, 0.3])
    0.75
    """
    import numpy as np

    y, score = np.asarray(came, dtype=bool), np.asarray(scores, dtype=float)
    places = np.unique(score, return_inverse=True)[1]
    events, others = np.bincount(places, y), np.bincount(places, ~y)
    pairs = events.sum() * others.sum()
    return float(events @ (np.cumsum(others) - others / 2) / pairs) if pairs else math.nan


def logistic_fit(design: Any, came: Any, mean: Any, spread: Any, weights: Any) -> np.ndarray:
    """The most probable coefficients of a logistic regression when before any data each was held
    to be normal around ``mean`` with ``spread``; without rows the answer is ``mean``.

    Newton's method on a strictly concave function, its steps held short: it always converges.

    >>> wide = logistic_fit([[1.0]] * 4, [1, 1, 1, 0], [0.0], [1e6], [1.0] * 4)
    >>> round(float(sigmoid(wide)[0]), 4)
    0.75
    """
    import numpy as np

    x, y, w = (np.asarray(values, dtype=float) for values in (design, came, weights))
    centre, precision = np.asarray(mean, dtype=float), 1 / np.asarray(spread, dtype=float) ** 2
    b = centre.copy()
    for _ in range(STEPS if len(y) else 0):
        p = sigmoid(x @ b)
        slope = x.T @ (w * (y - p)) - precision * (b - centre)
        step = np.linalg.solve((x.T * (w * p * (1 - p))) @ x + np.diag(precision), slope)
        longest = float(np.abs(step).max())
        b = b + step * min(1.0, LONGEST / max(longest, LONGEST))
        if longest < TOLERANCE:
            break
    return b


def sigmoid(x: Any) -> Any:
    """1 / (1 + e^(−x)), without overflow."""
    import numpy as np

    odds = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1.0, odds) / (1 + odds)
