"""Making the people who answered look like the people who were served.

Forms come from those who like to fill them in: online applicants, say, or clients of one patient
counter. What is wanted is the share among all dossiers, and how these spread over fields and
channels is known exactly. *Post-stratification* gives each respondent of a cell the weight cell
total / cell respondents (Holt, D. and Smith, T. M. F., 1979, "Post stratification", JRSS A 142,
33–46). Where only the margins are known – so many by field, so many by channel – *raking*
(iterative proportional fitting: Deming, W. E. and Stephan, F. F., 1940, Annals of Mathematical
Statistics 11, 427–444) fits one margin after the other until all hold. Neither mends what differs
within a cell.

Weights cost precision. A cell with two respondents hangs on two people, so cells below a minimum
are collapsed, in an order declared beforehand (deciding afterwards lets one choose the answer).
A few very heavy people may be *trimmed* to a cap, and what they lose goes to the others. *Kish's
effective sample size* (Σw)² / Σw² (Kish, L., 1965, "Survey Sampling", 11.7) is how many equally
weighted respondents the weighted ones are worth.

The error of a weighted share: known totals do not vary between samples, so only that part of the
residuals counts which the cells (or margins) do not explain (Deville, J.-C. and Särndal, C.-E.,
1992, "Calibration estimators in survey sampling", JASA 87, 376–382; the same as ``postStratify``
and ``calibrate`` of R's ``survey``). Trimmed weights no longer hold the totals, and are treated as
plain ones.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import clusters as _clusters

__all__ = [
    "CAP", "LEAST", "Collapse", "Weighting", "collapse", "effective_size", "post_stratify", "rake",
    "ratio", "trim",
]  # fmt: skip

LEAST = 10  # respondents in a cell that stands on its own
CAP = 5.0  # times the median weight, the customary bound

Cell = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Collapse:
    """Cells that were made one: ``cells`` – the original ones, in order; ``respondents`` and
    ``total`` – of all of them. ``margin`` – which margin they are of (0 for post-stratification).
    """

    cells: tuple[Any, ...]
    respondents: int
    total: float
    margin: int = 0


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of respondents and how they came about.

    ``weights`` sum to the known total; ``base`` – those before. ``groups`` – for each margin, the
    number of the respondent's (collapsed) cell, −1 where not known. ``collapsed`` – what was made
    one. ``effective`` – Kish's size. ``cap`` – heaviest weight allowed, ``None`` if not trimmed;
    ``trimmed`` – respondents held to it. ``converged``, ``rounds`` – of raking; ``worst`` –
    largest relative distance between a weighted cell and its known total, after trimming.
    """

    weights: tuple[float, ...]
    base: tuple[float, ...]
    groups: tuple[tuple[int, ...], ...]
    collapsed: tuple[Collapse, ...]
    effective: float
    cap: float | None
    trimmed: int
    converged: bool
    rounds: int
    worst: float


def effective_size(weights: Sequence[float]) -> float:
    """Kish's (Σw)² / Σw²; 0 without weights above 0.

    >>> effective_size([2, 2, 2]), round(effective_size([1, 1, 4]), 3)
    (3.0, 2.0)
    """
    import numpy as np

    w = np.asarray(weights, dtype=float)
    if not len(w) or not w.max() > 0:
        return 0.0
    w = w / w.max()  # squares of huge weights would overflow
    return float(w.sum() ** 2 / (w @ w))


def collapse(
    respondents: Mapping[Any, int],
    totals: Mapping[Any, float],
    *,
    minimum: int = LEAST,
    order: Sequence[int] | None = None,
) -> list[tuple[Cell, ...]]:
    """Which cells are to be taken together so that each group has ``minimum`` respondents.

    Cells are tuples such as (field, channel). ``order`` – positions, the first to be given up
    first; by default from the last to the first. With (1, 0), the small channels of a field are
    pooled first; if that is not enough, the smallest of its other channels joins, and so on. A
    field too small as a whole is then pooled in the same way with other small fields, or the
    smallest one. Ties go by the order of first mention. A cell without dossiers cannot stand on its
    own either: its respondents would count for nothing. At worst one group is left.

    >>> collapse({("land", "desk"): 30, ("land", "web"): 4, ("tax", "desk"): 12},
    ...          {("land", "desk"): 50, ("land", "web"): 9, ("tax", "desk"): 7, ("tax", "web"): 1})
    [(('land', 'web'), ('land', 'desk')), (('tax', 'web'), ('tax', 'desk'))]
    """
    cells = list(dict.fromkeys([*totals, *respondents]))
    width = len(cells[0]) if cells else 0
    if any(len(cell) != width for cell in cells):
        raise ValueError("cells of different lengths")
    given_up = list(range(width))[::-1] if order is None else list(order)
    if sorted(given_up) != list(range(width)):
        raise ValueError(f"no order of {width} positions: {given_up}")

    def count(group: Sequence[Cell]) -> int:
        return sum(respondents.get(cell, 0) for cell in group)

    def small(group: Sequence[Cell]) -> bool:
        return count(group) < minimum or sum(totals.get(cell, 0) for cell in group) <= 0

    def groups(of: list[Cell], positions: list[int]) -> list[tuple[Cell, ...]]:
        if not positions:
            return [tuple(of)]
        children: dict[Hashable, list[Cell]] = {}
        for cell in of:
            children.setdefault(cell[positions[0]], []).append(cell)
        done = {name: groups(child, positions[1:]) for name, child in children.items()}
        weak = [name for name, child in children.items() if small(child)]
        others = sorted((n for n in children if n not in weak), key=lambda n: count(children[n]))
        pool = [cell for name in weak for cell in children[name]]
        if not pool:
            return [group for name in children for group in done[name]]
        while others and small(pool):
            pool += children[others.pop(0)]
        kept = [group for name in children if name in others for group in done[name]]
        return [tuple(pool), *kept]

    return groups(cells, given_up[::-1]) if cells else []


def post_stratify(
    cells: Sequence[Cell],
    totals: Mapping[Any, float],
    *,
    base: Sequence[float] | None = None,
    minimum: int = LEAST,
    order: Sequence[int] | None = None,
    cap: float | None = None,
    of: str = "median",
) -> Weighting:
    """Weights that make the cells of respondents add up to known totals.

    ``cells`` – the cell of each respondent, a tuple such as (field, channel). ``totals`` – dossiers
    in each cell; cells without respondents are pooled with others. ``base`` – weights before, 1
    each by default. ``minimum``, ``order`` – see ``collapse``. ``cap``, ``of`` – see ``trim``; by
    default nothing is trimmed. Raises ``ValueError`` for no respondents, no total above 0, negative
    totals, base weights not above 0.

    >>> people, dossiers = [("desk",)] * 3 + [("web",)], {("desk",): 60, ("web",): 60}
    >>> found = post_stratify(people, dossiers, minimum=1)
    >>> found.weights, round(found.effective, 2), found.worst
    ((20.0, 20.0, 20.0, 60.0), 3.0, 0.0)
    >>> found = post_stratify(people, dossiers, minimum=2)
    >>> found.weights, found.collapsed[0].cells
    ((30.0, 30.0, 30.0, 30.0), (('web',), ('desk',)))
    """
    import numpy as np

    start = _start(base, len(cells))
    margin = _margin(cells, totals, minimum, order, 0)
    wanted = margin.totals
    have = np.bincount(margin.codes, start, minlength=len(wanted))
    weights = start * (wanted / have)[margin.codes]
    return _finish(start, weights, [margin], cap, of, True, 0)


def rake(
    margins: Sequence[tuple[Sequence[Hashable], Mapping[Any, float]]],
    *,
    base: Sequence[float] | None = None,
    minimum: int = LEAST,
    cap: float | None = None,
    of: str = "median",
    tolerance: float = 1e-12,
    rounds: int = 1000,
) -> Weighting:
    """Weights that make several margins add up to known totals, by iterative proportional fitting.

    ``margins`` – pairs: the category of each respondent (``None`` where not known; left as it is
    in that margin), and the dossiers in each category. The first margin sets the sum; others are
    scaled to it, because tables with unknown entries seldom agree to the dossier. ``minimum`` – a
    small category is pooled with the smallest others, as in ``collapse``. Ends when no margin is
    further than ``tolerance`` (relative) from its totals, or after ``rounds``: see ``converged``.
    Raises ``ValueError`` as ``post_stratify`` does, and without margins.

    >>> found = rake([(["a", "a", "b", "b"], {"a": 50, "b": 50}),
    ...               (["x", "y", "x", "y"], {"x": 20, "y": 80})], minimum=1)
    >>> [round(weight, 6) for weight in found.weights], found.converged
    ([10.0, 40.0, 10.0, 40.0], True)
    """
    import numpy as np

    if not margins:
        raise ValueError("no margins")
    start = _start(base, len(margins[0][0]))
    made = []
    for number, (labels, totals) in enumerate(margins):
        if len(labels) != len(start):
            raise ValueError(f"lengths differ: {len(labels)}, {len(start)}")
        cells = [None if label is None else (label,) for label in labels]
        made.append(
            _margin(cells, {(k,): v for k, v in totals.items()}, minimum, None, number, bare=True)
        )
    whole = float(made[0].totals.sum())
    for margin in made:
        known = margin.codes >= 0
        # respondents of unknown category keep their part of the whole
        margin.share = float(start[known].sum() / start.sum())
        margin.totals = margin.totals * (whole * margin.share / margin.totals.sum())
    weights = start * (whole / start.sum())
    done, converged = 0, _worst(weights, made) <= tolerance
    while not converged and done < rounds:
        for margin in made:
            known = margin.codes >= 0
            have = np.bincount(margin.codes[known], weights[known], minlength=len(margin.totals))
            weights[known] *= (margin.totals / have)[margin.codes[known]]
        done += 1
        converged = _worst(weights, made) <= tolerance
    return _finish(start, weights, made, cap, of, converged, done)


def trim(
    weights: Sequence[float], multiple: float = CAP, of: str = "median"
) -> tuple[tuple[float, ...], float, int]:
    """Weights held to ``multiple`` times their median (or mean), the rest scaled up in proportion.

    Repeated until nobody is above the cap, which stays where it was; the sum is kept and the order
    of weights, too. A cap below the mean could not keep the sum and is raised to it. Weights of 0
    stay 0 and do not count in median or mean. Returns the weights, the cap, and how many were held
    to it. Raises ``ValueError`` for another ``of``, a ``multiple`` below 1, weights that are
    negative or not finite.

    >>> trim([1, 1, 1, 1, 16], multiple=5)
    ((3.75, 3.75, 3.75, 3.75, 5.0), 5.0, 1)
    """
    import numpy as np

    w = np.asarray(weights, dtype=float)
    if of not in ("median", "mean") or not multiple >= 1:
        raise ValueError(f"no cap: {multiple} times the {of}")
    if not (np.isfinite(w).all() and (w >= 0).all()):
        raise ValueError("weights must be finite and not negative")
    some = w > 0
    if not some.any():
        return tuple(w.tolist()), 0.0, 0
    whole, mean = float(w.sum()), float(w[some].mean())
    cap = max(mean, multiple * (float(np.median(w[some])) if of == "median" else mean))
    held, out, above = w > cap, w, w > cap
    while above.any() and not held.all():
        free = float(w[~held].sum())
        if not free > 0:
            break
        out = np.where(held, cap, w * ((whole - cap * int(held.sum())) / free))
        above = ~held & (out > cap * (1 + 1e-12))
        held = held | above
    return tuple(np.minimum(out, cap).tolist()), cap, int(held.sum())


def ratio(
    y: Sequence[float],
    x: Sequence[float],
    weighting: Weighting,
    *,
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    population: float | Mapping[Any, float] | None = None,
    share: bool = True,
    level: float = 0.95,
) -> _clusters.Ratio:
    """The weighted ratio with the error that post-stratified or raked weights leave.

    As ``clusters.ratio``, with the weights of ``weighting``; the variance is that of the residuals
    within cells, or around what the margins explain additively (weighted least squares with the
    base weights). Where weights were trimmed, or raking did not converge, nothing is taken as
    explained.

    >>> people = [("desk",)] * 3 + [("web",)] * 3
    >>> w = post_stratify(people, {("desk",): 20, ("web",): 80}, minimum=3)
    >>> r = ratio([9, 10, 9, 3, 5, 4], [10] * 6, w)
    >>> round(r.value, 3), round(r.se, 3), round(r.alone, 2)
    (0.507, 0.042, 4.41)
    """
    import numpy as np

    known = None
    if weighting.converged and not weighting.trimmed:
        columns = [
            np.equal.outer(np.array(codes), np.arange(max(codes, default=-1) + 1)).astype(float)
            for codes in weighting.groups
        ]
        known = (np.hstack(columns), np.array(weighting.base))
    return _clusters.ratio(
        y, x, weighting.weights, clusters=clusters, strata=strata, population=population,
        share=share, level=level, known=known,
    )  # fmt: skip


@dataclass(slots=True)
class _Margin:
    codes: Any  # group of each respondent, −1 where not known
    totals: Any  # of each group
    collapsed: list[Collapse]
    share: float = 1.0  # of the respondents whose group is known


def _start(base: Sequence[float] | None, size: int) -> Any:
    import numpy as np

    start = np.ones(size) if base is None else np.asarray(base, dtype=float)
    if not size or len(start) != size:
        raise ValueError(f"no respondents, or lengths differ: {size}, {len(start)}")
    if not (np.isfinite(start).all() and (start > 0).all()):
        raise ValueError("base weights must be above 0")
    return start


def _margin(
    cells: Sequence[Cell | None],
    totals: Mapping[Any, float],
    minimum: int,
    order: Sequence[int] | None,
    number: int,
    bare: bool = False,
) -> _Margin:
    import numpy as np

    if any(not (math.isfinite(total) and total >= 0) for total in totals.values()):
        raise ValueError("totals cannot be negative")
    if not any(totals.values()):
        raise ValueError("no total above 0")
    counts: dict[Cell, int] = {}
    for cell in cells:
        if cell is not None:
            counts[cell] = counts.get(cell, 0) + 1
    if not counts:
        raise ValueError(f"margin {number}: nobody's category is known")
    wanted = {cell: total for cell, total in totals.items() if total > 0 or cell in counts}
    groups = collapse(counts, wanted, minimum=max(1, minimum), order=order)
    place = {cell: at for at, group in enumerate(groups) for cell in group}
    sums = [math.fsum(wanted.get(cell, 0) for cell in group) for group in groups]
    return _Margin(
        np.array([-1 if cell is None else place[cell] for cell in cells], dtype=int),
        np.array(sums),
        [
            Collapse(
                tuple(cell[0] if bare else cell for cell in group),
                sum(counts.get(cell, 0) for cell in group),
                total,
                number,
            )
            for group, total in zip(groups, sums, strict=True)
            if len(group) > 1
        ],
    )


def _worst(weights: Any, margins: Sequence[_Margin]) -> float:
    import numpy as np

    far = 0.0
    for margin in margins:
        known = margin.codes >= 0
        have = np.bincount(margin.codes[known], weights[known], minlength=len(margin.totals))
        far = max(far, float(np.abs(have / margin.totals - 1).max()))
    return far


def _finish(
    start: Any,
    weights: Any,
    margins: Sequence[_Margin],
    cap: float | None,
    of: str,
    converged: bool,
    rounds: int,
) -> Weighting:
    import numpy as np

    bound, held = None, 0
    if cap is not None:
        kept, bound, held = trim(weights, cap, of)
        weights = np.array(kept)
    return Weighting(
        weights=tuple(weights.tolist()),
        base=tuple(start.tolist()),
        groups=tuple(tuple(margin.codes.tolist()) for margin in margins),
        collapsed=tuple(one for margin in margins for one in margin.collapsed),
        effective=effective_size(weights),
        cap=bound,
        trimmed=held,
        converged=converged,
        rounds=rounds,
        worst=_worst(weights, margins),
    )
