"""Holding an official table against our figures, and finding what explains each difference.

An explanation is a view and a definition (:mod:`.ours`) under which our figures are theirs. It is
given only where it gives their number exactly, and only where it mends more cells than it spoils:
whoever used another cut for one cell used it for all, and who counted a column in another way did
so in every row. Small numbers are matched by chance, so where several explanations do, all are
told. What none gives stays unexplained.

Besides, a table may contradict itself: a total that is not the sum of its rows, a column that is
not the sum of its parts. Then the total is what is wrong with the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..gaps import overlaps
from ..sources.vocabulary import squash
from .official import COLUMNS, RATE, TOTAL, Cell, Official, Share
from .ours import DEFINITIONS, View, base, figures, others

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["Difference", "Explanation", "Reconciled", "WrongSum", "reconcile"]

Ours = Mapping[Cell, int | tuple[int, int]]
PARTS = {
    "received": ("online", "direct", "carried"), "received_new": ("online", "direct"),
    "resolved": ("early", "on_day", "late"), "open": ("within", "overdue"),
}  # fmt: skip
RANKED = 8  # explanations told of a cell


@dataclass(frozen=True)
class Explanation:
    """``view`` and ``definition`` name sentences (``reconcile.view_…``, ``reconcile.by_…``),
    ``values`` what stands in the view's; ``fixed`` are the differing cells that it gives,
    ``spoilt`` agreeing ones that it does not.
    """

    view: str
    definition: str
    values: tuple[tuple[str, str], ...]
    fixed: frozenset[Cell]
    spoilt: int = 0

    @property
    def gain(self) -> int:
        return len(self.fixed) - self.spoilt


@dataclass(frozen=True)
class Difference:
    """A cell that differs, ``ours`` being (numerator, denominator) for a rate; the explanations
    that mend most first, none where it cannot be explained.
    """

    row: str
    column: str
    theirs: int | Share
    ours: int | tuple[int, int]
    explanations: tuple[Explanation, ...] = ()

    @property
    def best(self) -> tuple[Explanation, ...]:
        """The explanations that mend as many cells as the first: the numbers cannot tell which."""
        return tuple(e for e in self.explanations if e.gain == self.explanations[0].gain)


@dataclass(frozen=True)
class WrongSum:
    """``stated`` in the table where its own parts sum up to ``summed``; ``over`` is ``rows`` or
    ``columns``.
    """

    row: str
    column: str
    stated: int
    summed: int
    over: str


@dataclass(frozen=True)
class Reconciled:
    """``renamed`` are rows taken for a field of another name, as its numbers are all the same;
    ``unmatched`` rows that are no field of ours, ``absent`` fields of ours that are no row.
    """

    official: Official
    q: PeriodView
    compared: int
    differences: tuple[Difference, ...]
    sums: tuple[WrongSum, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def unexplained(self) -> int:
        return sum(not d.explanations for d in self.differences)


def reconcile(q: PeriodView, official: Official) -> Reconciled:
    """The table ``official`` held against the figures of ``q``."""
    mine = base(q)
    ours = figures(mine)
    names = dict(zip(mine.rows["row"], mine.rows["row_name"], strict=True))
    counted = {row for (row, _), value in ours.items() if value not in (0, (0, 0)) and row}
    columns = {column for _, column in official.cells}
    fields, renamed, unmatched = _fields(official, ours, counted, columns)
    theirs = {
        (fields[row], column): value
        for (row, column), value in official.cells.items()
        if row in fields
    }
    differing = {cell for cell, value in theirs.items() if not agrees(value, ours.get(cell, 0))}
    explained = _explain(q, official, mine, ours, theirs, differing)
    shown = {key: row for row, key in fields.items()}
    sums = _sums(official)
    for wrong in sums:
        cell = (fields.get(wrong.row, wrong.row), wrong.column)
        if cell in differing and ours.get(cell) == wrong.summed:
            found = Explanation("wrong_sum", "own", (), frozenset({cell}))
            explained[cell] = sorted([found, *explained.get(cell, [])], key=lambda e: -e.gain)
    follow = frozenset(_from_rows(theirs, ours, differing)) - explained.keys()
    for cell in follow:
        explained[cell] = [Explanation("from_rows", "own", (), follow)]
    extra = _extra_rows(official, unmatched, theirs, ours, differing)
    for cell, found in extra.items():
        explained.setdefault(cell, []).append(found)
    differences = [
        Difference(shown[row], column, theirs[row, column], ours.get((row, column), 0),
                   tuple(explained.get((row, column), ())[:RANKED]))
        for row, column in sorted(differing, key=lambda c: _order(c, list(fields.values())))
    ]  # fmt: skip
    absent = (
        [] if not official.rows else [names[row] for row in sorted(counted - set(fields.values()))]
    )
    return Reconciled(
        official, q, len(theirs), tuple(differences), tuple(sums),
        {row: names[own] for row, own in renamed.items()}, tuple(unmatched), tuple(absent),
    )  # fmt: skip


def agrees(theirs: int | Share, ours: int | tuple[int, int]) -> bool:
    """Whether a stated number is ours; a rate as it is rounded there."""
    if isinstance(theirs, Share):
        return isinstance(ours, tuple) and theirs.agrees(*ours)
    return theirs == ours


def _order(cell: Cell, rows: Sequence[str]) -> tuple[int, int]:
    return (len(rows) if cell[0] == TOTAL else rows.index(cell[0])), COLUMNS.index(cell[1])


# -- rows ------------------------------------------------------------------------------------------


def _fields(
    official: Official, ours: Ours, counted: Iterable[str], columns: Iterable[str]
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """For each row of theirs our own field, by name, else by numbers that are all the same and
    stand nowhere else; and those that were found so, and those that were not.
    """
    known = set(counted)
    fields = {TOTAL: TOTAL} if any(row == TOTAL for row, _ in official.cells) else {}
    fields |= {row: squash(row) for row in official.rows if squash(row) in known}
    left = [row for row in official.rows if row not in fields]
    free = known - set(fields.values())

    def same(row: str, own: str) -> bool:
        return all(
            agrees(official.cells[row, column], ours[own, column])
            for column in columns
            if (row, column) in official.cells
        )

    renamed: dict[str, str] = {}
    for row in left:
        twins = [own for own in sorted(free) if same(row, own)]
        if len(twins) == 1 and sum(same(other, twins[0]) for other in left) == 1:
            renamed[row] = twins[0]
    return fields | renamed, renamed, [row for row in left if row not in renamed]


def _extra_rows(
    official: Official,
    unmatched: Sequence[str],
    theirs: Mapping[Cell, int | Share],
    ours: Ours,
    differing: Iterable[Cell],
) -> dict[Cell, Explanation]:
    """Totals that are ours with the rows added that are no field of ours."""
    found = {}
    for cell in differing:
        row, column = cell
        value, own = theirs[cell], ours.get(cell, 0)
        if row != TOTAL or not unmatched or isinstance(value, Share) or isinstance(own, tuple):
            continue
        more = [official.cells.get((name, column), 0) for name in unmatched]
        if value - own == sum(n for n in more if isinstance(n, int)):
            values = (("rows", "; ".join(unmatched)),)
            found[cell] = Explanation("extra_rows", "own", values, frozenset({cell}))
    return found


def _from_rows(
    theirs: Mapping[Cell, int | Share], ours: Ours, differing: Iterable[Cell]
) -> list[Cell]:
    """Totals that differ by just as much as the rows over them do together."""

    def gap(cell: Cell) -> int:
        value, own = theirs[cell], ours.get(cell, 0)
        return value - own if isinstance(value, int) and isinstance(own, int) else 0

    cells = list(differing)
    gaps = {
        total: sum(gap(cell) for cell in cells if cell[1] == total[1] and cell[0] != TOTAL)
        for total in cells
        if total[0] == TOTAL
    }
    return [total for total, rows in gaps.items() if rows and rows == gap(total)]


def _sums(official: Official) -> list[WrongSum]:
    """Where the table is not the sum of its own parts."""
    wrong = []
    cells = {cell: n for cell, n in official.cells.items() if isinstance(n, int)}
    rows = official.rows
    for column in dict.fromkeys(column for _, column in cells):
        parts = [cells[row, column] for row in rows if (row, column) in cells]
        if len(parts) == len(rows) > 1 and (TOTAL, column) in cells:
            stated, summed = cells[TOTAL, column], sum(parts)
            if stated != summed:
                wrong.append(WrongSum(TOTAL, column, stated, summed, "rows"))
    for row in (*rows, TOTAL):
        for whole, names in PARTS.items():
            if all((row, name) in cells for name in (whole, *names)):
                stated, summed = cells[row, whole], sum(cells[row, name] for name in names)
                if stated != summed:
                    wrong.append(WrongSum(row, whole, stated, summed, "columns"))
    return wrong


# -- explanations ----------------------------------------------------------------------------------


def _explain(
    q: PeriodView,
    official: Official,
    mine: View,
    ours: Ours,
    theirs: Mapping[Cell, int | Share],
    differing: set[Cell],
) -> dict[Cell, list[Explanation]]:
    """For each differing cell what gives it: one thing that is done otherwise; where none does, a
    view and a definition together; where none does either, rows of which no field is known.
    """
    if not differing:
        return {}

    def tried(view: View, definition: str) -> Explanation | None:
        made = figures(view, definition)
        fixed = frozenset(c for c in differing if agrees(theirs[c], made.get(c, 0)))
        if not fixed:
            return None
        columns = {column for _, column in fixed}
        spoilt = sum(
            not agrees(n, made.get(cell, 0))
            for cell, n in theirs.items()
            if cell not in differing and (view is not mine or cell[1] in columns)
        )
        found = Explanation(view.id, definition, tuple(view.values.items()), fixed, spoilt)
        return found if found.gain > 0 else None

    views = list(others(q, mine, official.span))
    changes = [name for name in DEFINITIONS if name != "own"]
    single = [(mine, name) for name in changes] + [(view, "own") for view in views]
    found = [made for view, name in single if (made := tried(view, name))]
    left = differing - frozenset().union(*(made.fixed for made in found))
    if left:
        pairs = ((view, name) for view in views if view.id != "no_field" for name in changes)
        both = [made for view, name in pairs if (made := tried(view, name))]
        found += [made for made in both if made.fixed & left]
    found.sort(key=lambda made: -made.gain)
    explained: dict[Cell, list[Explanation]] = {}
    for cell in differing:
        giving = [made for made in found if cell in made.fixed]
        alone = [made for made in giving if "own" in (made.definition,) or made.view == "base"]
        chosen = alone or giving
        if not chosen:
            chosen = _by_count(q, cell, theirs[cell], ours.get(cell, 0))
        if chosen:
            explained[cell] = chosen
    return explained


def _by_count(
    q: PeriodView, cell: Cell, theirs: int | Share, ours: int | tuple[int, int]
) -> list[Explanation]:
    """A total that is larger by just as many rows as were left out as exact duplicates, or set
    aside; of which field those are nobody knows.
    """
    row, column = cell
    if row != TOTAL or column == RATE or isinstance(theirs, Share) or isinstance(ours, tuple):
        return []
    twice = sum(e.receipt.duplicates for e in q.exports if overlaps(e, q.start, q.end))
    counts = {"duplicates": twice, "set_aside": len(q.set_aside)}
    return [
        Explanation(id, "own", (("n", str(n)),), frozenset({cell}))
        for id, n in counts.items()
        if n and theirs - ours == n
    ]
