"""Was a group late more often than others doing the same work? An exact answer for few events.

Sort the dossiers into strata of like work (say, one procedure at one counter). In stratum s there
are N dossiers, M of them late, and n of the N belong to the group in question. If belonging to it
made no difference, the M late ones would fall on the N dossiers like balls drawn from an urn: the
group's share k of them is hypergeometric. Adding up the strata gives the group's expected number
of late dossiers, Σ n·M / N, and – by convolution – the exact chance of every other number. Should
the group's odds of being late be ψ times those of its peers in every stratum, the chance of a
total t is multiplied by ψᵗ; that one parameter is estimated by conditional maximum likelihood and
has an exact interval (Gart, J. J., 1970, Biometrika 57, 471–475; Agresti, A., 1992, "A survey of
exact inference for contingency tables", Statistical Science 7, 131–153; the ``exact = TRUE`` of
R's ``mantelhaen.test``).

Why not a regression? An office that keeps 99.9 % of its deadlines has a handful of late dossiers
and hundreds of strata, most of them without one. Ordinary logistic regression then has no finite
estimate. Firth's penalised likelihood (Firth, D., 1993, Biometrika 80, 27–38; Heinze, G. and
Schemper, M., 2002, Statistics in Medicine 21, 2409–2419) has one, but it needs an iterative fit
with a parameter for every stratum, shrinks the many empty strata towards even odds and relies on
large-sample tails for its p-values. Conditioning on the margins removes the stratum parameters
altogether: strata without late dossiers, or without anybody to compare with, drop out by
themselves, nothing is fitted that could fail to converge, and the error rate is guaranteed at any
sample size. The price: one odds ratio for all strata, and a somewhat cautious test, the numbers
being discrete.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Comparison", "compare", "null_distribution"]

_TIE = 1 + 1e-7  # outcomes this close in probability are equally likely, as in R


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group against its peers, over all strata.

    ``size``, ``observed``, ``expected`` – dossiers, late ones, late ones had it been like its
    peers and itself together. ``informative`` – strata in which the number late was not bound to
    be what it was.

    ``p_high`` – chance of this many or more. ``p_two_sided`` – of any outcome not more likely than
    this one (Fisher's choice, and R's). ``mid_high`` – of this many or more, the observed number
    counted by half (Lancaster, H. O., 1961, JASA 56, 223–234): less cautious, right on average,
    without guarantee.

    ``odds`` – conditional maximum-likelihood odds ratio, 0 … ∞; ``odds_low``, ``odds_high`` – its
    exact interval. NaN, 0 and ∞ where no stratum is informative; all p are 1 there.
    """

    size: int
    observed: int
    expected: float
    informative: int
    p_two_sided: float
    p_high: float
    mid_high: float
    odds: float
    odds_low: float
    odds_high: float

    @property
    def excess(self) -> float:
        """Late dossiers beyond the expected ones; over all groups these sum to 0."""
        return self.observed - self.expected


def compare(strata: Iterable[Sequence[int]], level: float = 0.95) -> Comparison:
    """Compare a group with its peers, stratum by stratum.

    ``strata`` – rows ``(N, M, n, k)``: dossiers, late ones, the group's dossiers, the group's late
    ones. ``level`` – coverage of the interval. Raises ``ValueError`` for counts that cannot be.

    >>> tea = compare([(8, 4, 4, 3)])  # Fisher's lady tasting tea
    >>> round(tea.p_two_sided, 4), round(tea.p_high, 4), round(tea.odds, 3)
    (0.4857, 0.2429, 6.408)
    >>> round(tea.odds_low, 3), round(tea.odds_high, 1)
    (0.212, 626.2)
    """
    rows = [tuple(int(count) for count in row) for row in strata]
    for total, late, size, hits in rows:
        if not max(0, late - total + size) <= hits <= min(size, late) or max(late, size) > total:
            raise ValueError(f"no stratum: {(total, late, size, hits)}")
    used = [row for row in rows if _informative(row)]
    observed = sum(row[3] for row in used)
    low, logs = null_distribution(used)
    return Comparison(
        size=sum(row[2] for row in rows),
        observed=sum(row[3] for row in rows),
        expected=math.fsum(_mean(row) for row in rows),
        informative=len(used),
        **_tails(logs, observed - low),
        **_odds(logs, observed - low, (1 - level) / 2),
    )


def null_distribution(strata: Iterable[Sequence[int]]) -> tuple[int, Any]:
    """How the group's number late would be distributed if it were like its peers.

    ``strata`` as for ``compare`` (``k`` is not looked at). Returns the smallest possible number
    and a numpy vector of natural logarithms of the chances of it and the following ones. Logs,
    because far tails of hundreds of strata are below the smallest float.

    >>> low, logs = null_distribution([(8, 4, 4, 0)])
    >>> low, [round(70 * math.exp(log)) for log in logs]
    (0, [1, 16, 36, 16, 1])
    """
    import numpy as np

    low, logs = 0, np.zeros(1)
    for row in strata:
        if not _informative(row):
            low += max(0, row[1] - row[0] + row[2])
            continue
        first, part = _hypergeometric(row)
        low += first
        logs = _convolve(logs, part)
    return low, logs


def _informative(row: Sequence[int]) -> bool:
    total, late, size = row[:3]
    return 0 < late < total and 0 < size < total


def _mean(row: Sequence[int]) -> float:
    return row[2] * row[1] / row[0] if row[0] else 0.0


def _hypergeometric(row: Sequence[int]) -> tuple[int, Any]:
    import numpy as np
    from scipy.special import gammaln

    total, late, size = row[:3]
    hits = np.arange(max(0, late - total + size), min(size, late) + 1)

    def choose(n: int, k: Any) -> Any:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    logs = choose(size, hits) + choose(total - size, late - hits)
    return int(hits[0]), _normalised(logs)


def _convolve(one: Any, other: Any) -> Any:
    import numpy as np

    long, short = (one, other) if len(one) >= len(other) else (other, one)
    sums = np.full(len(long) + len(short) - 1, -np.inf)
    for shift, log in enumerate(short):
        window = slice(shift, shift + len(long))
        sums[window] = np.logaddexp(sums[window], long + log)
    return _normalised(sums)


def _normalised(logs: Any) -> Any:
    return logs - _total(logs)


def _total(logs: Any) -> float:
    """Log of the sum of what ``logs`` are logs of."""
    import numpy as np

    if not len(logs):
        return -math.inf
    top = float(np.max(logs))
    return top + math.log(float(np.sum(np.exp(logs - top))))


def _tails(logs: Any, at: int) -> dict[str, float]:
    import numpy as np

    high = min(1.0, math.exp(_total(logs[at:])))
    alike = logs[logs <= logs[at] + np.log(_TIE)]
    return {
        "p_two_sided": min(1.0, math.exp(_total(alike))),
        "p_high": high,
        "mid_high": high - math.exp(logs[at]) / 2 if len(logs) > 1 else 1.0,
    }


def _odds(logs: Any, at: int, tail: float) -> dict[str, float]:
    """Where the mean equals the observation, and where each tail has the chance ``tail``.

    All three functions of the log odds ratio rise or fall strictly, so a bracket is found by
    doubling and the root by Brent's method, whatever the data.
    """
    import numpy as np

    last = len(logs) - 1
    if last == 0:
        return {"odds": math.nan, "odds_low": 0.0, "odds_high": math.inf}
    steps = np.arange(len(logs))

    def at_odds(theta: float) -> Any:
        return _normalised(logs + theta * steps)

    def mean(theta: float) -> float:
        return float(np.exp(at_odds(theta)) @ steps) - at

    def upper(theta: float) -> float:
        return _total(at_odds(theta)[at:]) - math.log(tail)

    def lower(theta: float) -> float:
        return math.log(tail) - _total(at_odds(theta)[: at + 1])

    return {
        "odds": 0.0 if at == 0 else math.inf if at == last else _root(mean),
        "odds_low": 0.0 if at == 0 else _root(upper),
        "odds_high": math.inf if at == last else _root(lower),
    }


def _root(rising: Callable[[float], float]) -> float:
    from scipy.optimize import brentq

    left, right = -1.0, 1.0
    while rising(left) > 0:
        left *= 2
    while rising(right) < 0:
        right *= 2
    theta = float(brentq(rising, left, right, xtol=1e-12))
    return math.exp(theta) if theta < 709 else math.inf
