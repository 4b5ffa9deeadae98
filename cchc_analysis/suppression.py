"""What of a period's breakdowns the shared audience does not see, and what it has seen before.

Procedures and channels are shown with their counts where enough people stand behind them. Who
reads them also has form II.06a – the counts by field, for every period, published by law – the
totals of the brief, and the briefs of other periods: two months and their quarter give the third
month, the two cuts of a quarter give the days between. So the counts are laid out over the days
that all these papers have in common, each paper is a sum over some of them, and
:mod:`.disclosure` hides rows until no small number follows. What has been shown is remembered in
``internal/published/<unit>.jsonl``, which stays in the workspace. A brief made again from the same
registers shows what it has shown, whatever was published since: later briefs have reckoned with it.

Two papers of a brief are decided here: ``period``, the rows of the period, and ``year``, the rows
over the year up to its end (notebook ``2_late_causes``), of those that the period shows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from .disclosure import Attack, cover, is_small
from .engine import collect
from .indicators.dossiers import WITH_DUE
from .privacy import sensitive_words
from .published import DAY, Shown, Span, add, inside, known_to, near, overlap, pieces
from .words import fold

if TYPE_CHECKING:
    from .view import PeriodView

__all__ = ["BY", "LAW", "Hidden", "hide", "remember", "untold"]

BY = ("procedure_code", "channel")
# Counts of a period that the law has an office publish by field (II.06a), or that follow from them.
LAW = (
    "received", "received_online", "carried_over", "resolved", "resolved_early",
    "resolved_on_day", "resolved_late", "ended_without_result", "open", "open_overdue",
)  # fmt: skip
FLOWS = (
    "received", "received_online", "resolved", "resolved_early", "resolved_on_day",
    "resolved_late", "ended",
)  # fmt: skip
BESIDE = {"eligible": "received", "eligible_online": "received_online"}  # of all together
STOCKS = ("open", "open_overdue")
SUMMED = (*FLOWS[:-1], *BESIDE, "ended_without_result", "ended_undated", *STOCKS)
PAPERS = ("period", "year")  # of the brief
PERIOD, YEAR = range(len(PAPERS))
MEASURES = {"period": (*FLOWS[:-1], *STOCKS), "year": ("with_due", "resolved_late")}  # remembered
Unit = tuple[str, str]  # a value and its field


@dataclass(frozen=True)
class Hidden:
    """The values of a grouping that are not shown, in the tables of the period and of its year;
    among those of the period may be some without a dossier in it.
    """

    period: frozenset[str] = frozenset()
    year: frozenset[str] = frozenset()

    @property
    def papers(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.period, self.year


def hide(q: PeriodView) -> dict[str, Hidden]:
    """What the shared audience does not see by procedure and by channel; of the internal one
    nothing is hidden.
    """
    if q.audience != "shared":
        return dict.fromkeys(BY, Hidden())
    if (again := _again(q)) is not None:
        return again
    earlier = _earlier(q)
    counts = _Counts(q, [shown.span for shown in earlier])
    return {by: _hide(q, by, counts, [s for s in earlier if s.by == by]) for by in BY}


def untold(q: PeriodView, now: PeriodView) -> frozenset[str]:
    """The procedures that shared briefs of a period had not shown when that of ``now`` was first
    made; where there was none, all of the fields in which one could not be shown, which is more
    than :func:`hide` would find and found at once.
    """
    if q.audience != "shared":
        return frozenset()
    by, known = "procedure_code", _known(now)
    mine = (PAPERS[PERIOD], by, (now.start, now.end), known)
    before = takewhile(lambda s: (s.paper, s.by, s.span, s.known) != mine, known_to(now))
    wanted = (PAPERS[PERIOD], by, (q.start, q.end))
    if papers := [s for s in before if (s.paper, s.by, s.span) == wanted]:
        return frozenset().union(*(shown.hidden for shown in papers))
    rows = q.by(by).to_dict("records")
    few = {_key(row[by]) for row in rows if not _enough(by, row)} | _sensitive(q, by)
    handled = q.dossiers[[by, "field"]].drop_duplicates().fillna("")
    fields = set(handled.loc[handled[by].isin(few), "field"])
    return frozenset(few | set(handled.loc[handled["field"].isin(fields), by]))


def _hide(q: PeriodView, by: str, counts: _Counts, earlier: Sequence[Shown]) -> Hidden:
    rows = {_key(row[by]): row for row in q.by(by).to_dict("records")}
    small = {key for key, row in rows.items() if not _enough(by, row)} | _sensitive(q, by)
    year = {key: size for key, (size, _) in _tables(q, by)[YEAR].numbers}
    earlier, moved = _corrected(q, by, counts, earlier)
    table = _Table(q, by, counts, earlier, moved)
    # A row of nothing may be hidden too: then it is listed, and nobody knows that it is nothing.
    papers = {(PERIOD, key): table.cells(PERIOD, key) for key in table.units}
    papers |= {(YEAR, key): table.cells(YEAR, key) for key in table.units}
    sizes = {(PERIOD, key): int(row["received"] + row["resolved"]) for key, row in rows.items()}
    sizes |= {(YEAR, key): n for key, n in year.items()}
    out = {(PERIOD, key) for key in small} | table.worth_hiding(papers, moved)
    out |= {(YEAR, key) for key, n in year.items() if is_small(n)}
    while True:  # what the period does not show its year does not either
        out |= {(YEAR, key) for paper, key in out if paper == PERIOD}
        found = out
        for kin in (table.kin, None):  # rows of the same field before any others
            found = cover(
                table.attack, papers, found, sizes, table.secret, before=table.before, kin=kin
            )
        if found == out:
            break
        out = found
    return Hidden(
        frozenset(key for paper, key in out if paper == PERIOD),
        frozenset(key for paper, key in out if paper == YEAR),
    )


def _corrected(
    q: PeriodView, by: str, counts: _Counts, earlier: Sequence[Shown]
) -> tuple[list[Shown], set[tuple[int, str]]]:
    """What earlier papers tell of today's numbers, and the rows of today's papers of which one to
    four dossiers were corrected since an earlier one of days that they have in common: the
    difference would tell whose they are. Where a field has changed since, nobody knows which of its
    rows has not.
    """
    fields: dict[str, set[str]] = {}
    for key, field in counts.units(by):
        fields.setdefault(key, set()).add(field)
    moved: set[tuple[int, str]] = set()
    told = []
    for shown in earlier:
        then = dict(shown.numbers)
        if then:
            today = counts.now(by, shown.paper, shown.span)
            none = (0,) * len(MEASURES[shown.paper])
            changes = {
                key: [abs(a - b)
                      for a, b in zip(then.get(key, none), today.get(key, none), strict=True)]
                for key in then.keys() | today.keys()
            }  # fmt: skip
            few = {key for key in shown.keys if any(map(is_small, changes.get(key, ())))}
            moved |= {(n, key) for n, own in enumerate(_spans(q)) if overlap(own, shown.span)
                      for key in few}  # fmt: skip
            new = set().union(*(fields.get(k, ()) for k, by_how in changes.items() if any(by_how)))
            unsure = {key for key in shown.keys if not new.isdisjoint(fields.get(key, ()))}
            shown = replace(shown, keys=shown.keys - unsure, hidden=shown.hidden | unsure)
        told.append(shown)
    return told, moved


def _enough(by: str, row: Mapping[Any, Any]) -> bool:
    """Whether enough people stand behind a row: of a procedure five must have been resolved. Where
    nobody came and nobody was done with, they are those who wait.
    """
    received, resolved = int(row["received"]), int(row["resolved"])
    if is_small(received) or is_small(resolved):
        return False
    if not (received or resolved) and is_small(int(row["open"])):
        return False
    return by != "procedure_code" or resolved > 0 or not (received or int(row["open"]))


def _sensitive(q: PeriodView, by: str) -> set[str]:
    """Procedures whose very name tells something about a person."""
    if by != "procedure_code":
        return set()
    words = sensitive_words(q.office.workspace)
    frame = q.dossiers[["procedure_code", "procedure", "field"]].drop_duplicates().fillna("")
    return {
        str(row["procedure_code"])
        for row in frame.to_dict("records")
        if any(word in fold(f"{row['procedure']} {row['field']}") for word in words)
    }


def _key(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _tables(q: PeriodView, by: str) -> list[Shown]:
    """The papers of the brief with every row and its numbers, before any is hidden."""
    rows, groups = q.by(by).to_dict("records"), q.picture.groups
    counted: list[dict[str, tuple[int, ...]]] = [
        {_key(row[by]): tuple(int(row[name]) for name in MEASURES["period"]) for row in rows},
        {_key(g.key): (g.size, g.late) for g in groups if g.by == by},
    ]
    return [
        Shown(paper, span, by, frozenset(numbers), numbers=tuple(sorted(numbers.items())))
        for paper, span, numbers in zip(PAPERS, _spans(q), counted, strict=True)
    ]


def _spans(q: PeriodView) -> tuple[Span, Span]:
    """The days that the papers of the brief tell of, in their order."""
    return (q.start, q.end), q.picture.span


# -- the counts over days --------------------------------------------------------------------------


class _Counts:
    """Every count over the days between any two bounds of the papers, and at their ends."""

    def __init__(self, q: PeriodView, earlier: Iterable[Span]) -> None:
        from .indicators.dossiers import bounds, tally_spans

        self._of: dict[str, dict[tuple[str, Unit, dt.date], int]] = {}
        self.spans = list(dict.fromkeys([*_spans(q), *earlier]))
        self.pieces = pieces(self.spans)
        first = self.pieces[0][0] - DAY
        parts = [(end.isoformat(), *bounds(start, end))
                 for start, end in [(first, first), *self.pieces]]  # fmt: skip
        spans = q.office.engine.spans(parts)
        found = collect(tally_spans(q.prepared, spans, ["procedure_code", "field", "channel"]))
        self.frames = {
            dt.date.fromisoformat(name): found[found["span"] == name] for name, *_ in parts
        }
        self._handled = q.register[["procedure_code", "field", "channel"]].drop_duplicates()

    def units(self, by: str) -> list[Unit]:
        """Every unit that the office is known to handle: one without a dossier in these days might
        have had one, for all that a reader knows.
        """
        field = self._handled["field"] if by == "procedure_code" else ""
        told = self._handled.assign(field=field)[[by, "field"]].astype(object).fillna("")
        return sorted((str(key), str(of)) for key, of in set(told.itertuples(index=False)))

    def of(self, by: str) -> dict[tuple[str, Unit, dt.date], int]:
        """Flows by the first day of their piece, stocks by the day they stood at."""
        if by not in self._of:
            self._of[by] = self._counted(by)
        return self._of[by]

    def _counted(self, by: str) -> dict[tuple[str, Unit, dt.date], int]:
        import pandas as pd

        names = [by, "field"] if by == "procedure_code" else [by]
        starts = {end: start for start, end in self.pieces}
        found: dict[tuple[str, Unit, dt.date], int] = {}
        for end, frame in self.frames.items():
            made = frame.assign(**{n: frame[n].astype(object).fillna("") for n in names})
            sums: pd.DataFrame = made.groupby(names, sort=True)[list(SUMMED)].sum().reset_index()
            for row in sums.to_dict("records"):
                unit = (str(row[by]), str(row.get("field", "")))
                for name in STOCKS:
                    found[name, unit, end] = _whole(row[name])
                if end not in starts:
                    continue
                ended = _whole(row["ended_without_result"]) + _whole(row["ended_undated"])
                found["ended", unit, starts[end]] = ended
                for name in (*FLOWS[:-1], *BESIDE):
                    found[name, unit, starts[end]] = _whole(row[name])
        return found

    def now(self, by: str, paper: str, span: Span) -> dict[str, tuple[int, ...]]:
        """By value what a paper of a span would remember today."""
        within = [start for start, _ in inside(self.pieces, span)]
        sums: dict[str, Counter[str]] = {}
        for (name, (key, _), day), count in self.of(by).items():
            if name in STOCKS and day == span[1]:
                sums.setdefault(key, Counter())[name] += count
            elif name not in STOCKS and day in within:
                sums.setdefault(key, Counter())[name] += count
                if name in WITH_DUE:
                    sums[key]["with_due"] += count
        found = {key: tuple(c[name] for name in MEASURES[paper]) for key, c in sums.items()}
        return {key: numbers for key, numbers in found.items() if any(numbers)}


class _Table:
    """What a reader of all papers by one grouping knows. A unit is a value within a field.

    Paper 0 is the brief's own period, 1 its year, the others are earlier ones.
    """

    def __init__(
        self,
        q: PeriodView,
        by: str,
        counts: _Counts,
        earlier: Sequence[Shown],
        moved: Iterable[tuple[int, str]],
    ) -> None:
        unseen: dict[tuple[str, Span], set[str]] = {}
        for shown in earlier:  # what one paper of a span hides another of it may show
            paper = (shown.paper, shown.span)
            unseen[paper] = (unseen.get(paper, set(shown.hidden)) & shown.hidden) - shown.keys
        self.papers = [*zip(PAPERS, _spans(q), strict=True), *unseen]
        self.pieces, self.days = counts.pieces, sorted(counts.frames)
        self.spans = counts.spans
        self.sums: list[dict[Any, int]] = []
        self.parts: list[dict[Any, int]] = []
        self.units: dict[str, list[Unit]] = {}
        self.values = self._values(found := counts.of(by), counts.units(by))
        self.before: set[Any] = set(self.values)
        self.secret: set[Any] = set()
        self._together()
        for span in self.spans:
            self._law(span)
            if by == "channel":
                self._totals(span)
        if by == "procedure_code":
            self._eligible(found, q.office.catalogue or ())
        for n in range(len(self.papers)):
            self._paper(n)
        corrected = {cell for n, key in moved for cell in self.cells(n, key)}
        self.secret |= {cell for cell in corrected if self.values[cell]}
        for n, keys in enumerate(unseen.values(), 2):  # of one not listed it is known that it is 0
            self.before |= {cell for key in keys for cell in self.cells(n, key)}
        least = {
            (PERIOD, name, key): min(1, self.values[PERIOD, name, key])
            for key in self.units  # a row that is listed has somebody
            for name in ("received", "resolved")
        }
        self.attack = Attack(self.values, self.sums, self.parts, least)
        self.kin = self._kin()

    def _values(
        self, found: Mapping[tuple[str, Unit, dt.date], int], units: Iterable[Unit]
    ) -> dict[Any, int]:
        values: dict[Any, int] = {}
        for unit in units:
            self.units.setdefault(unit[0], []).append(unit)
            for name in FLOWS:
                for start, _ in self.pieces:
                    values[name, unit, start] = found.get((name, unit, start), 0)
            for name in STOCKS:
                for day in self.days:
                    values[name, unit, day] = found.get((name, unit, day), 0)
        return values

    @property
    def every(self) -> list[Unit]:
        return [unit for units in self.units.values() for unit in units]

    def _together(self) -> None:
        """How the numbers of one unit hang together, and which of a piece are secret."""
        for unit in self.every:
            before = self.days[0]
            for start, end in self.pieces:
                at = {name: (name, unit, start) for name in FLOWS}
                self.parts.append({at["received"]: 1, at["received_online"]: -1})
                self.parts.append({at["resolved"]: 1, **{at[name]: -1 for name in WITH_DUE}})
                self.sums.append(
                    {("open", unit, before): 1, at["received"]: 1, at["resolved"]: -1,
                     at["ended"]: -1, ("open", unit, end): -1}
                )  # fmt: skip
                before = end
                sizes = (at["received"], at["resolved"])
                self.secret |= {cell for cell in sizes if is_small(self.values[cell])}
            self.parts += [
                {("open", unit, day): 1, ("open_overdue", unit, day): -1} for day in self.days
            ]

    def _inside(self, span: Span) -> list[dt.date]:
        return [start for start, _ in inside(self.pieces, span)]

    def _law(self, span: Span) -> None:
        """What II.06a of a span says by field."""
        within = self._inside(span)
        stocks = (("open", span[1]), ("open_overdue", span[1]), ("open", span[0] - DAY))
        for field in dict.fromkeys(unit[1] for unit in self.every):
            units = [unit for unit in self.every if unit[1] == field]
            for name in FLOWS:
                self.sums.append({(name, u, start): 1 for u in units for start in within})
            for name, day in stocks:
                self.sums.append({(name, unit, day): 1 for unit in units})

    def _totals(self, span: Span) -> None:
        """What came in by channel stands among the totals of a brief."""
        for unit in self.every:
            for name in ("received", "received_online"):
                self.sums.append({(name, unit, start): 1 for start in self._inside(span)})

    def _eligible(self, found: Mapping[Any, int], listed: Collection[str]) -> None:
        """What came in of procedures that may be filed online is told of all together, and which
        ones may is public, whether or not any came in; of a procedure of both kinds no more than
        the whole is known. ``listed`` are those of the catalogue, by the code's first eight signs.
        """
        starts = [start for start, _ in self.pieces]
        wholly, partly = [], []
        for unit in self.every:
            may = sum(found.get(("eligible", unit, start), 0) for start in starts)
            came = sum(self.values["received", unit, start] for start in starts)
            if may == came and (may or unit[0][:8] in listed):
                wholly.append(unit)
            elif may:
                partly.append(unit)
        for name, of in BESIDE.items():
            for unit in partly:
                cells = {(name, unit, start): found.get((name, unit, start), 0) for start in starts}
                self.values |= cells
                self.before |= set(cells)
                self.parts += [{(of, unit, start): 1, (name, unit, start): -1} for start in starts]
            for span in self.spans:
                within = self._inside(span)
                whole = {(of, unit, start): 1 for unit in wholly for start in within}
                whole |= {(name, unit, start): 1 for unit in partly for start in within}
                self.sums.append(whole)

    def _paper(self, n: int) -> None:
        """A cell for each number that a paper shows of a key, as a sum over pieces; late dossiers
        of a period stand in a list with their days, so each piece of them is shown.
        """
        for key, units in self.units.items():
            made = self._made(n, units, key)
            for cell, parts in made.items():
                self.values[cell] = sum(self.values[c] for c in parts)
                self.sums.append({cell: -1, **parts})
            names = ("received", "resolved", "with_due")
            groups = [self.values.get((n, name, key), 0) for name in names]
            if not any(groups):  # those who wait, of a paper that tells of them
                groups = [self.values[cell] for cell in made if cell[1] == "open"]
            if any(map(is_small, groups)):
                self.secret |= {cell for cell in made if is_small(self.values[cell])}

    def _made(self, n: int, units: Sequence[Unit], key: str) -> dict[Any, dict[Any, int]]:
        paper, span = self.papers[n]
        within = self._inside(span)
        if paper == "year":
            return {
                (n, "with_due", key): {(m, u, s): 1 for m in WITH_DUE for u in units
                                       for s in within},
                (n, "resolved_late", key): {("resolved_late", u, s): 1 for u in units
                                            for s in within},
            }  # fmt: skip
        made: dict[Any, dict[Any, int]] = {
            (n, name, key): {(name, u, s): 1 for u in units for s in within} for name in FLOWS
        }
        for s in within:
            made[n, "resolved_late", key, s] = {("resolved_late", u, s): 1 for u in units}
        for name, day in (("open", span[0] - DAY), ("open", span[1]), ("open_overdue", span[1])):
            made[n, name, key, day] = {(name, u, day): 1 for u in units}
        return made

    def cells(self, n: int, key: str) -> list[Any]:
        """What the row of a key shows in a paper."""
        return list(self._made(n, self.units[key], key)) if key in self.units else []

    def worth_hiding(
        self, papers: Mapping[tuple[int, str], Iterable[Any]], rows: Iterable[tuple[int, str]]
    ) -> set[tuple[int, str]]:
        """Those of ``rows`` that do not follow even where no row is shown."""
        every = self.before.union(*papers.values())
        asked = {row: self.secret.intersection(papers.get(row, ())) for row in rows}
        law = replace(self.attack, least={}).found(every, set().union(*asked.values()))
        return {row for row, cells in asked.items() if cells - law}

    def _kin(self) -> dict[Any, set[tuple[int, str]]]:
        """For each secret cell the rows that have a field with it in common."""
        of_field: dict[str, set[str]] = {}
        for unit in self.every:
            of_field.setdefault(unit[1], set()).add(unit[0])
        kin = {}
        for cell in self.secret:
            units = [cell[1]] if isinstance(cell[1], tuple) else self.units[cell[2]]
            keys = set().union(*(of_field[unit[1]] for unit in units))
            kin[cell] = {(paper, key) for key in keys for paper in (PERIOD, YEAR)}
        return kin


def _whole(value: Any) -> int:
    return 0 if value is None or value != value else int(value)


# -- what has been shown ---------------------------------------------------------------------------


def _earlier(q: PeriodView) -> list[Shown]:
    """What earlier briefs have shown of days that this one speaks of, or of days that those do."""
    shown = (s for s in known_to(q) if s.by in BY and (s.keys or s.hidden))
    return near(_spans(q), shown)


def _again(q: PeriodView) -> dict[str, Hidden] | None:
    """What a brief of the same period from the same registers has hidden, if there was one."""
    known = _known(q)
    spans = dict(zip(PAPERS, _spans(q), strict=True))
    found = {
        (shown.by, shown.paper): shown.hidden
        for shown in known_to(q)
        if shown.known == known and shown.span == spans.get(shown.paper)
    }
    if len(found) < len(BY) * len(spans):
        return None
    return {by: Hidden(*(found[by, paper] for paper in PAPERS)) for by in BY}


def _known(q: PeriodView) -> str:
    """A name for all that decides what is hidden, but for what was published."""
    told = [e.id for e in q.exports], q.plan.rules.late_rule, sensitive_words(q.office.workspace)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def remember(q: PeriodView) -> None:
    """Notes what a shared brief of ``q`` has shown, once. Raises :class:`WorkspaceError`."""
    known = _known(q)
    tables = [
        replace(table, keys=table.keys - unseen, hidden=unseen, known=known)
        for by in BY
        for table, unseen in zip(_tables(q, by), q.hidden[by].papers, strict=True)
    ]  # a row that is not listed has no dossier
    add(q, [*tables, *q.groups.tables])
