"""Intervals for shares of counts.

A share near 100 % from a few hundred dossiers says less than it seems to. Wilson's score
interval stays within 0 and 1 and keeps its coverage near the edges, where the textbook
interval fails (Wilson, E. B., 1927, "Probable inference", JASA 22, 209–212; Brown, Cai and
DasGupta, 2001, Statistical Science 16, 101–133).
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["Z95", "newcombe", "wilson", "wilson_expressions"]

Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(k: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Lower and upper bound for the share ``k / n``. Raises ``ValueError`` unless 0 ≤ k ≤ n, n > 0.

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"no share: {k} of {n}")
    centre, half = _centre(k, n, z), math.sqrt(_square(k, n, z)) * z / (n + z * z)
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def newcombe(k1: float, n1: float, k2: float, n2: float) -> tuple[float, float]:
    """95 % interval for ``k1/n1 − k2/n2`` of two independent groups.

    Method 10 of Newcombe, R. G., 1998, "Interval estimation for the difference between
    independent proportions", Statistics in Medicine 17, 873–890: Wilson's bounds combined.

    >>> [round(bound, 4) for bound in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    return (
        p1 - p2 - math.hypot(p1 - l1, u2 - p2),
        p1 - p2 + math.hypot(u1 - p1, p2 - l2),
    )


def wilson_expressions(k: Any, n: Any, z: float = Z95) -> tuple[Any, Any]:
    """The same for narwhals expressions; null where ``n`` is 0."""
    import narwhals as nw

    centre, half = _centre(k, n, z), _square(k, n, z).sqrt() * z / (n + z * z)
    low = nw.when(k == 0).then(nw.lit(0.0)).otherwise(centre - half)
    high = nw.when(k == n).then(nw.lit(1.0)).otherwise(centre + half)
    return nw.when(n > 0).then(low), nw.when(n > 0).then(high)


def _centre(k: Any, n: Any, z: float) -> Any:
    return (k + z * z / 2) / (n + z * z)


def _square(k: Any, n: Any, z: float) -> Any:
    return k * (n - k) / n + z * z / 4
