"""Do the items of a questionnaire measure one thing, and which of them moves the overall answer?

*Cronbach's alpha* (Cronbach, L. J., 1951, Psychometrika 16, 297–334) compares the variance of the
sum of k items with the sum of their variances, k/(k − 1)·(1 − Σ var(item) / var(sum)): 0 where the
items have nothing in common, 1 where they say the same. Above 0.7 is usually called enough for a
mean of the items to stand for them; near 1 it may merely mean that people tick straight down. Its
interval follows from an F distribution (Feldt, L. S., 1965, Psychometrika 30, 357–370), which takes
items for alike and scores for normal; with Likert answers it is approximate.

The *corrected item-total correlation* is an item's with the sum of the others. Below zero, the item
most likely says the opposite of the others ("I had to wait too long") and was not turned.

*Importance*: items hang together, so the R² of a regression of the overall answer on all of them
does not fall apart by itself. It is shared out by averaging, over all orders in which the items can
enter, what each adds when it enters (LMG: Lindeman, Merenda and Gold, 1980, "Introduction to
Bivariate and Multivariate Analysis"; the Shapley value of R²; ``calc.relimp`` of R's ``relaimpo``:
Grömping, U., 2006, Journal of Statistical Software 17(1)). The shares are not negative and sum to
R². They describe how answers go together; no one promises that lifting an item lifts the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "EXACT", "Importance", "Scale", "alpha", "ceiling", "feldt", "importance", "longest_runs",
    "reversed_items", "straight_lines",
]  # fmt: skip

EXACT = 12  # predictors up to which all orders are counted

Rows = Sequence[Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Reliability of ``items`` items.

    ``alpha``, ``standardised`` (from correlations) and ``item_total`` are of the ``complete``
    respondents who answered every item; ``low``, ``high`` – Feldt's interval of ``alpha``.
    ``pairwise`` – alpha of the covariances each found from everybody who answered both items;
    ``pairs`` – the fewest who did; ``pairwise_total`` – item-total correlations of these. ``None``
    where it cannot be told: fewer than three respondents or two items, no variance. An item that
    does not vary has a ``None`` in ``item_total`` and no standardised alpha.
    """

    alpha: float | None
    low: float | None
    high: float | None
    standardised: float | None
    item_total: tuple[float | None, ...]
    complete: int
    pairwise: float | None
    pairwise_total: tuple[float | None, ...]
    pairs: int
    items: int


@dataclass(frozen=True, slots=True)
class Importance:
    """Shares of R²: ``shares[i]`` of predictor i, with ``low`` and ``high`` if bootstrapped (else
    empty). ``n`` – complete respondents. ``exact`` – all orders counted, not a sample of them.
    ``r2`` – ``None`` and no shares where it cannot be told: no more respondents than predictors
    plus one, or an outcome that does not vary."""

    r2: float | None
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n: int
    exact: bool


def alpha(rows: Rows, *, turned: Iterable[int] = (), level: float = 0.95) -> Scale:
    """Cronbach's alpha and what goes with it.

    ``rows`` – respondents × items, ``None`` or NaN where not answered. ``turned`` – positions of
    reverse-keyed items; they count with the opposite sign, whatever the scale. Raises
    ``ValueError`` for rows of different lengths.

    >>> s = alpha([[4, 5, 4], [2, 2, 3], [5, 5, 5], [3, 4, 2], [1, 2, 1], [4, None, 4]])
    >>> round(s.alpha, 3), round(s.low, 3), round(s.high, 3), s.complete, s.pairs
    (0.947, 0.732, 0.994, 5, 5)
    >>> alpha([[5, 5], [5, 5], [5, 5]]).alpha is None
    True
    """
    import numpy as np

    table = _table(rows)
    for item in turned:
        table[:, item] = -table[:, item]
    items = table.shape[1]
    answered = ~np.isnan(table)
    full = table[answered.all(axis=1)] if items else table
    complete = len(full)
    both = answered.T.astype(int) @ answered.astype(int)
    pairs = int(both.min()) if items else 0
    nothing = (None,) * items
    if items < 2 or complete < 3:
        value, standard, totals = None, None, nothing
    else:
        covariance = np.cov(full, rowvar=False)
        value, totals = _raw(covariance), _item_totals(covariance)
        spread = np.sqrt(np.diag(covariance))
        standard = _raw(covariance / np.outer(spread, spread)) if (spread > 0).all() else None
    if items < 2 or pairs < 3:
        pairwise, pairwise_totals = None, nothing
    else:
        covariance = _pairwise(table, answered)
        pairwise, pairwise_totals = _raw(covariance), _item_totals(covariance)
    low, high = (None, None) if value is None else feldt(value, complete, items, level)
    return Scale(
        value, low, high, standard, totals, complete, pairwise, pairwise_totals, pairs, items
    )


def feldt(
    value: float, n: int, items: int, level: float = 0.95
) -> tuple[float | None, float | None]:
    """Feldt's interval of an alpha of ``value`` from ``n`` respondents and ``items`` items.

    (1 − α) / (1 − α̂) has an F distribution with n − 1 and (n − 1)(k − 1) degrees of freedom.
    ``None`` twice where α̂ is 1 (items that agree to the point) or one of n, k is below 2.

    >>> [round(bound, 3) for bound in feldt(0.8, 100, 10)]
    [0.736, 0.854]
    """
    from scipy.stats import f

    if n < 2 or items < 2 or value >= 1:
        return None, None
    first, second = n - 1, (n - 1) * (items - 1)
    tail = (1 - level) / 2
    return (
        float(1 - (1 - value) * f.isf(tail, first, second)),
        float(1 - (1 - value) * f.ppf(tail, first, second)),
    )


def reversed_items(rows: Rows, *, level: float = 0.95) -> list[int]:
    """Positions of items that look reverse-keyed, from the clearest on.

    The item with the most negative corrected item-total correlation is turned, the correlations
    found anew, and so on, until none is below zero beyond chance (upper bound of Fisher's interval
    of ``level``). Never more than half of the items: of two opposite camps the smaller is named.
    Correlations are pairwise. Empty for fewer than three items or four respondents – two items
    that disagree do not say which is turned.

    >>> reversed_items([[1, 2, 5], [2, 1, 5], [3, 3, 3], [4, 5, 1], [5, 4, 2], [2, 2, 4]] * 3)
    [2]
    """
    import numpy as np
    from scipy.stats import norm

    table = _table(rows)
    items = table.shape[1]
    answered = ~np.isnan(table)
    pairs = int((answered.T.astype(int) @ answered.astype(int)).min()) if items else 0
    if items < 3 or pairs < 4:
        return []
    margin = float(norm.isf((1 - level) / 2)) / math.sqrt(pairs - 3)
    covariance = _pairwise(table, answered)
    sign = np.ones(items)
    found: list[int] = []
    while len(found) < items:
        totals = [0.0 if r is None else r for r in _item_totals(covariance * np.outer(sign, sign))]
        worst = min((i for i in range(items) if i not in found), key=lambda i: totals[i])
        if math.atanh(max(totals[worst], -1 + 1e-12)) + margin >= 0:
            break
        sign[worst] = -1.0
        found.append(worst)
    if 2 * len(found) > items:
        still = [i for i in range(items) if i not in found]
        return sorted(still)
    return found


def ceiling(scores: Iterable[float | None], top: float) -> tuple[float | None, int]:
    """Share of valid answers at the top of the scale, and the number of valid answers.

    Much above one half, an item can hardly show that things get better.

    >>> ceiling([5, 5, 4, None, 5], top=5)
    (0.75, 4)
    >>> ceiling([None], top=5)
    (None, 0)
    """
    valid = [score for score in scores if score is not None and not math.isnan(score)]
    if not valid:
        return None, 0
    return sum(score >= top for score in valid) / len(valid), len(valid)


def straight_lines(rows: Rows, least: int = 5) -> list[bool | None]:
    """Who gave the same answer to every item; ``None`` with fewer than ``least`` valid answers.

    Before reverse-keyed items are turned: agreeing with both "the wait was short" and "the wait was
    long" is what gives a straight line away. All "very satisfied" may well be meant; say so.

    >>> straight_lines([[5, 5, 5, 5, 5], [5, 5, 4, 5, 5], [5, None, None, None, None]])
    [True, False, None]
    """
    found: list[bool | None] = []
    for row in rows:
        valid = [score for score in row if score is not None and not math.isnan(score)]
        found.append(len(set(valid)) == 1 if len(valid) >= max(1, least) else None)
    return found


def longest_runs(rows: Rows) -> list[int]:
    """Longest run of equal valid answers of each respondent, in the order of the items.

    >>> longest_runs([[4, 4, None, 4, 5], [1, 2, 3, 4, 5], [None] * 5])
    [3, 1, 0]
    """
    runs = []
    for row in rows:
        best = now = 0
        last: float | None = None
        for score in row:
            if score is None or math.isnan(score):
                continue
            now = now + 1 if score == last else 1
            last, best = score, max(best, now)
        runs.append(best)
    return runs


def importance(
    outcome: Sequence[float | None],
    predictors: Rows,
    *,
    bootstrap: int = 0,
    orders: int = 500,
    seed: int = 20240101,
    level: float = 0.95,
) -> Importance:
    """Shapley (LMG) shares of the R² of a linear regression of ``outcome`` on ``predictors``.

    ``predictors`` – respondents × predictors; respondents with a gap are left out. Exact up to
    ``EXACT`` predictors, else the mean over ``orders`` orders drawn with ``seed``, each together
    with its reverse. ``bootstrap`` – draws of respondents for percentile intervals (0: none).
    A predictor that does not vary has no share; two that are the same share equally. Raises
    ``ValueError`` for lengths that differ.

    >>> found = importance([1, 2, 3, 4, 6], [[1, 1], [2, 1], [3, 2], [4, 2], [5, 9]])
    >>> round(found.r2, 3), [round(share, 3) for share in found.shares]
    (1.0, [0.598, 0.402])
    """
    import numpy as np

    x = _table(predictors)
    y = np.array([math.nan if v is None else v for v in outcome], dtype=float)
    if len(x) != len(y):
        raise ValueError(f"lengths differ: {len(y)}, {len(x)}")
    keep = ~(np.isnan(y) | np.isnan(x).any(axis=1))
    x, y = x[keep], y[keep]
    n, k = x.shape
    exact = k <= EXACT
    if n <= k + 1 or k == 0 or np.ptp(y) == 0:
        return Importance(None, (), (), (), n, exact)
    rng = np.random.default_rng(seed)
    chosen: Any = None
    if not exact:
        drawn = np.array([rng.permutation(k) for _ in range(max(1, orders // 2))])
        chosen = np.vstack([drawn, drawn[:, ::-1]])
    data = np.column_stack([x, y])
    shares = _shares(data, chosen)
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    if bootstrap > 0:
        found = []
        for _ in range(bootstrap):
            again = data[rng.integers(0, n, n)]
            if np.ptp(again[:, -1]) > 0:
                found.append(_shares(again, chosen))
        if found:
            tail = (1 - level) / 2
            bounds = np.quantile(np.array(found), [tail, 1 - tail], axis=0)
            low, high = tuple(bounds[0].tolist()), tuple(bounds[1].tolist())
    return Importance(float(shares.sum()), tuple(shares.tolist()), low, high, n, exact)


def _table(rows: Rows) -> Any:
    import numpy as np

    width = len(rows[0]) if len(rows) else 0
    if any(len(row) != width for row in rows):
        raise ValueError("rows of different lengths")
    cells = [[math.nan if cell is None else float(cell) for cell in row] for row in rows]
    return np.array(cells, dtype=float).reshape(len(rows), width)


def _pairwise(table: Any, answered: Any) -> Any:
    """Covariances, each of the respondents who answered both items."""
    import numpy as np

    items = table.shape[1]
    covariance = np.empty((items, items))
    for i in range(items):
        for j in range(i, items):
            both = answered[:, i] & answered[:, j]
            one, other = table[both, i], table[both, j]
            product = (one - one.mean()) @ (other - other.mean()) / (len(one) - 1)
            covariance[i, j] = covariance[j, i] = product
    return covariance


def _raw(covariance: Any) -> float | None:
    import numpy as np

    items, whole = len(covariance), float(covariance.sum())
    parts = float(np.trace(covariance))
    # rounding may leave something of a sum that does not vary
    if not whole > 1e-12 * parts:
        return None
    return items / (items - 1) * (1 - parts / whole)


def _item_totals(covariance: Any) -> tuple[float | None, ...]:
    whole = float(covariance.sum())
    found: list[float | None] = []
    for i in range(len(covariance)):
        own, row = float(covariance[i, i]), float(covariance[i].sum())
        rest = whole - 2 * row + own
        fine = own > 0 and rest > 1e-12 * abs(whole)
        found.append((row - own) / math.sqrt(own * rest) if fine else None)
    return tuple(found)


def _shares(data: Any, orders: Any) -> Any:
    """Shares of R², from respondents × (predictors, outcome)."""
    import numpy as np

    centred = data - data.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    flat = length <= 1e-12 * np.abs(data).max(axis=0)
    centred = centred / np.where(flat, 1.0, length)
    centred[:, flat] = 0.0
    together = centred.T @ centred
    if orders is not None:
        return _sampled(together, orders)
    return _exact(together[:-1, :-1], together[:-1, -1])


def _exact(inner: Any, outer: Any) -> Any:
    """Every subset's R² once, weighted by how many orders begin with it."""
    from itertools import combinations

    import numpy as np

    k = len(outer)
    regular = _regular(inner)
    explained = np.zeros(2**k)
    for size in range(1, k + 1):
        sets = np.array(list(combinations(range(k), size)))
        part = inner[sets[:, :, None], sets[:, None, :]]
        right = outer[sets]
        if regular:
            beta = np.linalg.solve(part, right[:, :, None])[:, :, 0]
        else:
            inverse = np.linalg.pinv(part, rcond=1e-10, hermitian=True)
            beta = np.einsum("sij,sj->si", inverse, right)
        explained[(1 << sets).sum(axis=1)] = (beta * right).sum(axis=1)
    masks = np.arange(2**k)
    sizes = np.array([int(mask).bit_count() for mask in masks])
    weight = np.array(
        [math.factorial(s) * math.factorial(k - 1 - s) / math.factorial(k) for s in range(k)]
    )
    shares = np.empty(k)
    for i in range(k):
        without = masks[(masks >> i) & 1 == 0]
        shares[i] = weight[sizes[without]] @ (explained[without | (1 << i)] - explained[without])
    return np.maximum(shares, 0.0)


def _regular(inner: Any) -> bool:
    """Whether no predictor follows from the others."""
    import numpy as np

    return float(np.linalg.eigvalsh(inner)[0]) > 1e-8


def _sampled(together: Any, orders: Any) -> Any:
    """What each predictor adds on entering, in each order; the outcome is last."""
    import numpy as np

    count, k = orders.shape
    places = np.column_stack([orders, np.full(count, k)])
    left = together[places[:, :, None], places[:, None, :]]
    if _regular(together[:-1, :-1]):
        left[:, k, k] = 2.0  # what the outcome keeps is not asked for, and may be nothing
        added = np.linalg.cholesky(left)[:, k, :k].T ** 2
    else:
        added = _eliminated(left)
    return np.bincount(orders.T.ravel(), weights=added.ravel(), minlength=k) / count


def _eliminated(left: Any) -> Any:
    """The same step by step, where a predictor may follow from those before it and adds nothing."""
    import numpy as np

    k = left.shape[1] - 1
    added = np.empty((k, len(left)))
    for step in range(k):
        own = left[:, 0, 0]
        fine = own > 1e-10
        row = left[:, 0, 1:] / np.where(fine, own, 1.0)[:, None]
        column = left[:, 1:, 0] * fine[:, None]
        added[step] = column[:, -1] * row[:, -1]
        left = left[:, 1:, 1:] - column[:, :, None] * row[:, None, :]
    return added
