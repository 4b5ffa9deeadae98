"""Which small numbers are not shown, and which others must go with them.

Policy. A count that stands for 1 to ``SMALLEST_CELL`` − 1 people is *small* and not shown to the
shared audience. Hiding it is not enough: what is shown beside it – totals, other rows, what the law
has offices publish, what an earlier paper of the same office showed – may leave one value only.
So a hidden small number must keep at least two possible values for a reader who knows all of that,
knows how the numbers hang together, and can solve linear programs. Where it does not, further rows
are hidden, the smallest first. A number that the law's own publications give away is nobody's to
hide; neither is one that was given away before.

References: Cox, L. H. (1980), Suppression methodology and statistical disclosure control, JASA 75,
377–385; Fischetti, M. and Salazar, J. J. (2001), Solving the cell suppression problem on tabular
data with linear constraints, Management Science 47, 1008–1027 (here a greedy cover instead of the
least loss). Five as the smallest cell: reference ``domain``, section 11; Decree 61/2018/NĐ-CP
article 27.3 on confidentiality.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

__all__ = ["SMALLEST_CELL", "Attack", "cover", "is_small", "small_groups"]

SMALLEST_CELL = 5
EPSILON = 1e-6

Cell = Any  # hashable, as rows are
Row = Any
Sum = Mapping[Cell, int]


def is_small(value: int) -> bool:
    """Whether a count stands for so few people that it is not shown."""
    return 0 < value < SMALLEST_CELL


@dataclass(frozen=True)
class Attack:
    """A reader who wants to know some whole numbers.

    ``values`` are the true ones. The reader knows each of ``sums`` (cell → factor) to be what it
    is, each of ``parts`` to be at least 0, and no cell to be below its ``least`` (0 by default).
    """

    values: Mapping[Cell, int]
    sums: Sequence[Sum]
    parts: Sequence[Sum] = ()
    least: Mapping[Cell, int] = field(default_factory=dict)

    def found(self, hidden: Collection[Cell], wanted: Collection[Cell]) -> set[Cell]:
        """Those of ``wanted`` whose value follows where only the ``hidden`` cells are not shown."""
        unknown = set(hidden) & set(self.values)
        asked = set(wanted) & unknown
        found: set[Cell] = set()
        for cells, sums, parts in self._apart(unknown) if asked else ():
            if mine := asked & cells:
                found |= _Solver(self, cells, sums, parts).pinned(mine)
        return found

    def _apart(self, unknown: set[Cell]) -> list[tuple[set[Cell], list[Sum], list[Sum]]]:
        """The unknown cells in groups that have no sum or part in common."""
        leader = {cell: cell for cell in unknown}

        def find(cell: Cell) -> Cell:
            while leader[cell] is not cell:
                leader[cell] = leader[leader[cell]]
                cell = leader[cell]
            return cell

        of: list[tuple[Sum, Cell, bool]] = []
        for kind, each in ((True, self.sums), (False, self.parts)):
            for one in each:
                inside = [cell for cell in one if cell in leader]
                for cell in inside[1:]:
                    leader[find(cell)] = find(inside[0])
                if inside:
                    of.append((one, inside[0], kind))
        groups: dict[Cell, tuple[set[Cell], list[Sum], list[Sum]]] = {}
        for cell in unknown:
            groups.setdefault(find(cell), (set(), [], []))[0].add(cell)
        for one, cell, is_sum in of:
            _, sums, parts = groups[find(cell)]
            (sums if is_sum else parts).append(one)
        return list(groups.values())


class _Solver:
    """A group of unknown cells that hang together: ``equal @ x = target``, ``above @ x >= least``.

    Most cells are told by linear algebra alone: one that the sums fix follows; one that may move
    while whatever is at its bound stays there does not. Only the others need a linear program.
    """

    def __init__(
        self, attack: Attack, cells: Collection[Cell], sums: Sequence[Sum], parts: Sequence[Sum]
    ) -> None:
        import numpy as np

        names = sorted(cells, key=repr)
        self.place = {name: n for n, name in enumerate(names)}
        self.low = np.array([attack.least.get(name, 0) for name in names], float)
        self.true = np.array([attack.values[name] for name in names], float)

        def matrix(rows: Sequence[Sum]) -> np.ndarray:
            made = np.zeros((len(rows), len(names)))
            for n, row in enumerate(rows):
                for cell, factor in row.items():
                    if cell in self.place:
                        made[n, self.place[cell]] += factor
            return made

        self.equal = matrix(sums)
        self.target = self.equal @ self.true
        self.above = matrix(parts)
        known = [
            sum(k * attack.values[c] for c, k in row.items() if c not in self.place)
            for row in parts
        ]
        self.least = -np.array(known, float)

    def pinned(self, wanted: Collection[Cell]) -> set[Cell]:
        """Those of ``wanted`` that can have one value only."""
        import numpy as np

        places = sorted(self.place[cell] for cell in wanted)
        free = self.true > self.low
        tight = np.isclose(self.above @ self.true, self.least)
        firm = np.vstack([self.equal, self.above[tight]])[:, free]
        inside = np.flatnonzero(free)
        loose = set(inside[_moving(firm)].tolist())
        rest = [n for n in places if n not in loose]
        moving = set(np.flatnonzero(_moving(self.equal)).tolist()) if rest else set()
        fixed = {n for n in rest if n not in moving}
        fixed |= {n for n in rest if n in moving and not self._two(n)}
        names = list(self.place)
        return {names[n] for n in fixed}

    def _two(self, place: int) -> bool:
        """Whether a cell may have two whole values, by the least and the most it can be."""
        import numpy as np
        from scipy.optimize import linprog

        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(self.place))
            goal[place] = sign
            done = linprog(
                goal, A_ub=-self.above if len(self.above) else None,
                b_ub=-self.least if len(self.above) else None,
                A_eq=self.equal if len(self.equal) else None,
                b_eq=self.target if len(self.equal) else None,
                bounds=[(low, None) for low in self.low], method="highs",
            )  # fmt: skip
            ends.append(sign * done.fun if done.status == 0 else sign * -math.inf)
        low, high = ends
        return high > low and math.floor(high + EPSILON) - math.ceil(low - EPSILON) >= 1


def _moving(equal: np.ndarray) -> np.ndarray:
    """For each unknown whether some solution of ``equal @ d = 0`` moves it."""
    import numpy as np
    from scipy.linalg import qr, solve_triangular

    unknowns = equal.shape[1]
    if not len(equal) or not unknowns:
        return np.ones(unknowns, bool)
    right, order = qr(equal, mode="r", pivoting=True)
    scale = np.abs(np.diag(right))
    rank = int((scale > EPSILON * max(1.0, scale.max(initial=0.0))).sum())
    moves = np.ones(unknowns, bool)
    tail = right[:rank, rank:]
    if rank:
        head = solve_triangular(right[:rank, :rank], tail) if tail.size else np.zeros((rank, 0))
        moves[order[:rank]] = (np.abs(head) > EPSILON).any(axis=1)
    return moves


def cover(
    attack: Attack,
    rows: Mapping[Row, Collection[Cell]],
    hidden: Collection[Row],
    sizes: Mapping[Row, int],
    wanted: Collection[Cell],
    *,
    before: Collection[Cell] = (),
    kin: Mapping[Cell, Collection[Row]] | None = None,
) -> set[Row]:
    """The rows to hide so that none of the ``wanted`` cells follows: ``hidden`` and others.

    ``rows`` are the rows of the paper with their cells; ``before`` are cells of no row that are
    not shown either. ``sizes`` says what hiding a row costs, ``kin`` which rows may help a cell
    (default: all). What follows even with every row hidden is left out: it is known already.
    """
    out = set(hidden)
    cells = {row: set(made) for row, made in rows.items()}
    everything = set(before).union(*cells.values())
    secret = set(wanted) & everything
    secret -= replace(attack, least={}).found(everything, secret)

    def leaks(out: set[Row]) -> set[Cell]:
        unseen = set(before).union(*(cells[row] for row in out if row in cells))
        return attack.found(unseen, secret)

    left, added = leaks(out), []
    while left:
        near = set(cells) if kin is None else {row for c in left for row in kin.get(c, ())}
        rest = sorted((near & set(cells)) - out, key=lambda row: (sizes.get(row, 0), repr(row)))
        if not rest:
            break
        out.add(rest[0])
        added.append(rest[0])
        left = leaks(out)
    for row in sorted(added[:-1], key=lambda row: (-sizes.get(row, 0), repr(row))):
        if len(leaks(out - {row})) <= len(left):  # made needless by a later one
            out.remove(row)
    return out


def small_groups(sizes: Mapping[str, Sequence[int]]) -> set[str]:
    """The groups not to be shown, of groups that add up to a published total.

    ``sizes`` are the numbers of people behind each group's figures. A reader knows that a group
    which is listed has somebody, so two hidden groups of two in all are found out as one alone
    is; then the smallest of the others goes with them.
    """
    small = {name for name, ns in sizes.items() if any(is_small(n) for n in ns)}
    if not small:
        return set()
    count = max(len(ns) for ns in sizes.values())
    values = {(name, n): int(ns[n]) for name, ns in sizes.items() for n in range(len(ns))}
    sums = [{(name, n): 1 for name in sizes} for n in range(count)]
    attack = Attack(values, sums, least={cell: min(1, value) for cell, value in values.items()})
    rows = {name: [(name, n) for n in range(count)] for name in sizes if any(sizes[name])}
    wanted = [(name, n) for name in small for n in range(count) if is_small(values[name, n])]
    weights = {name: sum(ns) for name, ns in sizes.items()}
    return {str(name) for name in cover(attack, rows, small, weights, wanted)}
