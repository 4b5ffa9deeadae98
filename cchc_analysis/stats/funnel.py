"""Many groups against one rate: which lie outside what chance, and the usual unrest, explain.

A funnel plot draws each group's share over its size, and the limits between which a group of
that size lies if it has the common rate. Two things make the textbook limits too narrow. Groups
differ for reasons nobody listed (*over-dispersion*: Spiegelhalter, D. J., 2005, "Funnel plots for
comparing institutional performance", Statistics in Medicine 24, 1185–1202), which shows in the
spread of all z-scores once the extreme ones are reined in. And events come together – one absent
signature makes nine late dossiers – so that nine are not nine independent ones (*design effect*:
Rao, J. N. K. and Scott, A. J., 1992, "A simple method for the analysis of clustered binary data",
Biometrics 48, 577–585). Both are variance ratios, 1 where there is nothing of the kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["adjusted_p", "design_effect", "limit", "overdispersion", "score"]

LEAST_GROUPS = 10  # with fewer their spread tells nothing, and none would be reined in
WINSORISED = 0.1  # share of z-scores reined in at each end


def overdispersion(z: Sequence[float]) -> float:
    """φ, the mean square of the z-scores with the outer tenth at each end reined in; at least 1,
    and 1 for fewer than ``LEAST_GROUPS`` groups (Spiegelhalter 2005, appendix A.2 with A.3's
    winsorising).

    >>> overdispersion([0.1, -0.4, 0.3])
    1.0
    >>> round(overdispersion([2.0, -2.0] * 10 + [30.0]), 2)
    4.0
    """
    import numpy as np

    if len(z) < LEAST_GROUPS:
        return 1.0
    ordered = np.sort(np.asarray(z, dtype=float))
    cut = int(len(ordered) * WINSORISED)
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return max(1.0, float(np.mean(np.clip(ordered, low, high) ** 2)))


def design_effect(clusters: Iterable[Sequence[float]]) -> float:
    """By how much clustering widens the variance of a sum: 1 + (m̃ − 1)·ρ, at least 1.

    ``clusters`` are the residuals of the events, one sequence a cluster; m̃ is the size of the
    cluster that an event lies in on average, ρ how much more alike the events of a cluster are
    than those of different ones (intraclass correlation by analysis of variance: Donner, A. and
    Koval, J. J., 1980, Biometrics 36, 19–25), between 0 and 1; 1 where nothing tells it.

    >>> design_effect([[0.5], [-0.5]]), design_effect([[0.5] * 4, [-0.5] * 4])
    (1.0, 4.0)
    >>> design_effect([[0.5, -0.5, 0.5, -0.5]] * 3)
    1.0
    """
    sizes, sums, squares = [], [], 0.0
    for residuals in clusters:
        sizes.append(len(residuals))
        sums.append(math.fsum(residuals))
        squares += math.fsum(r * r for r in residuals)
    n, groups = sum(sizes), len(sizes)
    if n == groups:
        return 1.0
    together = sum(m * m for m in sizes) / n
    rho = 1.0
    if groups > 1:
        of_groups = math.fsum(s * s / m for s, m in zip(sums, sizes, strict=True))
        between = (of_groups - math.fsum(sums) ** 2 / n) / (groups - 1)
        within = max(0.0, squares - of_groups) / (n - groups)
        usual = (n - together) / (groups - 1)
        whole = between + (usual - 1) * within
        if whole > 1e-12:
            rho = min(1.0, max(0.0, (between - within) / whole))
    return 1.0 + (together - 1) * rho


def adjusted_p(p: float, ratio: float) -> float:
    """A one-sided p-value when the variance is ``ratio`` times that which it was made with: its
    z-score divided by √ratio. Never smaller than ``p`` below one half.

    >>> round(adjusted_p(0.00135, 4.0), 4), adjusted_p(0.00135, 1.0)
    (0.0668, 0.00135)
    """
    from scipy.stats import norm

    if ratio <= 1 or p >= 0.5:
        return p
    return float(norm.sf(norm.isf(max(p, 1e-300)) / math.sqrt(ratio)))


def score(p: float, ratio: float = 1.0) -> float:
    """The normal score of a one-sided p-value, for a variance ``ratio`` times as wide.

    >>> round(score(0.025), 2), round(score(0.025, 4.0), 2)
    (1.96, 0.98)
    """
    from scipy.stats import norm

    return float(norm.isf(min(max(p, 1e-12), 1 - 1e-12))) / math.sqrt(ratio)


def limit(n: Any, rate: float, tail: float, ratio: float = 1.0) -> Any:
    """The share that a group of ``n`` reaches with chance ``tail`` at the common ``rate``.

    Exact binomial, read between whole numbers through the incomplete beta function, for the
    ``n / ratio`` independent dossiers that ``n`` over-dispersed ones are worth. ``n`` may be a
    sequence; the answer is an array of shares, at most 1.

    >>> from scipy.stats import binom
    >>> r = round(50 * float(limit([50], 0.1, 0.025)[0]), 3)
    >>> r, bool(binom.sf(9, 50, 0.1) <= 0.025 < binom.sf(8, 50, 0.1))  # chances of 10, of 9 or more
    (9.98, True)
    """
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import betainc

    def one(size: float) -> float:
        worth = size / ratio

        def reached(x: float) -> float:  # P(X >= x), continuous in x
            return float(betainc(x, worth - x + 1, rate)) - tail

        if not 0 < rate < 1 or reached(worth) >= 0:
            return 0.0 if rate <= 0 else 1.0
        return float(brentq(reached, 1e-9, worth)) / worth

    return np.array([one(float(size)) for size in n])
