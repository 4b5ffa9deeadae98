"""Which groups of people beside those of the register the shared audience sees.

Who answered the survey by field, channel, sex, age, what became of their dossier and what their
comments speak of; feedback by subject, source and field; figures of the office's own. The law
publishes none of them. A group is decided once for all tables of a brief, and with what earlier
briefs have shown: the briefs that tell of a group cut the days into pieces, and it is told only
where nobody or at least five stand behind each piece, so that nothing that adds and subtracts them
comes to fewer. Of groups that add up to a total those left out are two at least and together five,
and :mod:`.disclosure` hides more until no small number follows. The survey of a whole period is
told by the same rule: a month of two forms is not what is left of its quarter.

Of figures of the office's own only numbers are known, not their days: what is left of a period less
any others within it is nobody or at least five, and of two that overlap in part one is told.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .disclosure import Attack, cover, is_small
from .published import Shown, Span, inside, known_to, near, overlap, pieces

if TYPE_CHECKING:
    import pandas as pd

    from .view import PeriodView

__all__ = ["PAPER", "THEMES", "Groups"]

PAPER, SURVEY = "groups", "survey"
THEMES = f"{SURVEY}.themes"
OVERLAPPING = (f"{SURVEY}.linked", THEMES)  # groupings that do not add up to the whole
EVER = (dt.date(1900, 1, 1), dt.date(2200, 12, 31))
Numbers = tuple[int, ...]
Days = Mapping[str, Sequence[Sequence[dt.date]]]  # of a group, the days of each thing counted


class Groups:
    """What a brief tells of groups of people; made by ``q.groups`` of the brief's own view."""

    def __init__(self, q: PeriodView) -> None:
        self._q = q
        self._span = (q.start, q.end)

    def hidden(self, by: str) -> frozenset[str]:
        """The groups of ``by``, as ``survey.field``, that the brief does not tell."""
        return self._found[by].hidden if self._q.audience == "shared" else frozenset()

    def tells(self, by: str, span: Span) -> bool:
        """Whether the brief tells the whole of ``by``, as ``survey``, over ``span``."""
        told = self._q.audience != "shared" or self._totals[by].get(span)
        return told is True or (isinstance(told, Shown) and bool(told.keys))

    @property
    def tables(self) -> list[Shown]:
        """All of it, to be remembered."""
        return [t for of in self._totals.values() for t in of.values()] + [*self._found.values()]

    # -- wholes -----------------------------------------------------------------------------------

    @cached_property
    def _totals(self) -> dict[str, dict[Span, Shown]]:
        from .indicators.own import people
        from .indicators.satisfaction import quarters

        q = self._q
        views = [q, *q.compared.values()]
        shown = [*views, *(q.beside(p) for p in quarters(q.period))]
        days: Days = {"": self._survey.get(SURVEY, {}).get("", ((),))}
        found: dict[str, dict[Span, Shown]] = {SURVEY: {}}
        for span in dict.fromkeys((view.start, view.end) for view in shown):
            earlier = [*self._earlier(SURVEY), *found[SURVEY].values()]
            found[SURVEY][span] = _alone(SURVEY, days, span, earlier)
        for each in q.office.extensions.indicators:
            mine = found.setdefault(each.id, {})
            for view in [] if each.open else views:
                span = (view.start, view.end)
                earlier = [*self._earlier(each.id), *mine.values()]
                mine.setdefault(span, _number(each.id, people(view, each), span, earlier))
        return found

    def _earlier(self, by: str) -> list[Shown]:
        return [shown for shown in self._known if shown.by == by]

    @cached_property
    def _known(self) -> list[Shown]:
        return [shown for shown in known_to(self._q) if shown.paper == PAPER]

    # -- groups that add up to them ---------------------------------------------------------------

    @cached_property
    def _found(self) -> dict[str, Shown]:
        told = [*self._earlier(SURVEY), *self._totals[SURVEY].values()]
        surveyed = [shown.span for shown in told if shown.keys]
        found = {}
        for by, days in self._survey.items():
            totals = [] if by in OVERLAPPING else surveyed
            found[by] = _groups(by, days, self._span, self._earlier(by), totals)
            if self._span not in surveyed:
                found[by] = _nothing(found[by])
        compared = [(view.start, view.end) for view in self._q.compared.values()]
        for by, days in self._feedback.items():
            earlier = self._earlier(by)
            totals = [self._span, *compared, *(shown.span for shown in earlier)]
            found[by] = _groups(by, days, self._span, earlier, totals)
        return found

    @cached_property
    def _survey(self) -> dict[str, Days]:
        """By whole and grouping the days on which each group answered."""
        from .indicators.satisfaction import GROUPS, Satisfaction

        ever = Satisfaction(self._q, EVER)
        people = ever.people
        days = people["answered_at"].dt.date
        found = {SURVEY: _days([days], [days.map(lambda _: "")])}
        found |= {f"{SURVEY}.{by}": _days([days], [people[by]]) for by in GROUPS}
        linked = ever.linked()
        found[f"{SURVEY}.linked"] = {
            name: (sorted(days[part.index]),) for name, part in linked.items() if len(part)
        }
        found[THEMES] = _themes(self._q, ever.answers)
        return found

    @cached_property
    def _feedback(self) -> dict[str, Days]:
        """By grouping the days on which feedback came in and was done with."""
        from .indicators.feedback import BY, every

        frame = every(self._q)
        moments = [frame["received_at"], frame["finished_at"]]
        days = [m.dropna().dt.date for m in moments]
        return {f"feedback.{by}": _days(days, [frame.loc[d.index, by] for d in days]) for by in BY}


def _themes(q: PeriodView, answers: pd.DataFrame) -> Days:
    """By theme the days of the comments that speak of it."""
    from .themes import Themes

    said = answers.dropna(subset=["comment"])
    find = Themes.of(q.office.workspace).find
    spoken = {text: sorted({hit.theme for hit in find(text)}) for text in said["comment"].unique()}
    pairs = said.assign(theme=said["comment"].map(spoken)).explode("theme").dropna(subset="theme")
    return _days([pairs["answered_at"].dt.date], [pairs["theme"]])


def _days(days: Sequence[pd.Series], keys: Sequence[pd.Series]) -> Days:
    names = [key.fillna("").astype(str) for key in keys]
    every = sorted({str(name) for each in names for name in each.unique()})
    return {
        key: tuple(sorted(d[n == key]) for d, n in zip(days, names, strict=True)) for key in every
    }


def _count(days: Sequence[Sequence[dt.date]], span: Span) -> Numbers:
    return tuple(bisect_right(each, span[1]) - bisect_left(each, span[0]) for each in days)


def _few(numbers: Iterable[int]) -> bool:
    return any(map(is_small, numbers))


def _nothing(shown: Shown) -> Shown:
    return Shown(PAPER, shown.span, shown.by, frozenset(), shown.keys | shown.hidden,
                 numbers=shown.numbers)  # fmt: skip


def _again(made: Shown, earlier: Iterable[Shown]) -> Shown | None:
    """What a brief with the same numbers has shown: a brief made again shows it again."""
    same = (s for s in earlier if s.span == made.span and s.numbers == made.numbers)
    return max(same, key=lambda shown: len(shown.keys), default=None)


def _alone(by: str, days: Days, span: Span, earlier: Sequence[Shown]) -> Shown:
    """A whole that nothing is a part of."""
    return _groups(by, days, span, earlier, [])


def _number(by: str, numbers: Numbers, span: Span, earlier: Sequence[Shown]) -> Shown:
    """A figure of which no more than its numbers over periods is known."""
    made = Shown(PAPER, span, by, frozenset({""}), numbers=(("", numbers),))
    if (again := _again(made, earlier)) is not None:
        return again
    told = {s.span: n for s in earlier if s.keys for _, n in s.numbers if len(n) == len(numbers)}
    few = _few(numbers) or (span in told and _few(_less(numbers, told[span])))
    few |= any(overlap(span, o) and not (_in(span, o) or _in(o, span)) for o in told)
    told[span] = numbers
    for outer in (o for o in told if _in(span, o)):
        parts = [(part, n) for part, n in told.items() if part != outer and _in(part, outer)]
        few |= any(_few(left) for left in _rests(told[outer], parts))
    return _nothing(made) if few else made


def _less(one: Numbers, other: Numbers) -> Numbers:
    return tuple(abs(a - b) for a, b in zip(one, other, strict=True))


def _in(part: Span, whole: Span) -> bool:
    return whole[0] <= part[0] and part[1] <= whole[1]


def _rests(whole: Numbers, parts: Sequence[tuple[Span, Numbers]]) -> Iterator[Numbers]:
    """What is left of ``whole`` without some of its parts that share no day."""
    yield whole
    for place, (span, numbers) in enumerate(parts):
        others = [(s, n) for s, n in parts[place + 1 :] if not overlap(span, s)]
        yield from _rests(tuple(a - b for a, b in zip(whole, numbers, strict=True)), others)


def _groups(
    by: str, days: Days, span: Span, earlier: Sequence[Shown], totals: Sequence[Span]
) -> Shown:
    """The groups of a period to tell; over the ``totals`` they add up to a number that is told."""
    numbers = {key: _count(each, span) for key, each in days.items()}
    listed = {key: ns for key, ns in numbers.items() if any(ns)}
    made = Shown(PAPER, span, by, frozenset(listed), numbers=tuple(sorted(listed.items())))
    if (again := _again(made, earlier)) is not None:
        return again
    small = {key for key in days if not _may_be_told(key, days[key], span, earlier)}
    around = near([span], earlier)
    if totals and (small or any(shown.hidden for shown in around)):
        small |= _with_others(days, made, small, around, [span, *totals])
    return Shown(PAPER, span, by, frozenset(listed) - small, frozenset(small), numbers=made.numbers)


def _may_be_told(
    key: str, days: Sequence[Sequence[dt.date]], span: Span, earlier: Iterable[Shown]
) -> bool:
    """Whether nobody or enough people stand behind each piece of days that a group is told of, and
    behind what was added to it since it was told of the same days.
    """
    told = near([span], [shown for shown in earlier if key in shown.keys])
    spans = [span, *(shown.span for shown in told)]
    parts = [part for part in pieces(spans) if any(_in(part, each) for each in spans)]
    now = _count(days, span)
    before = [dict(shown.numbers).get(key, now) for shown in told if shown.span == span]
    since = (_less(now, then) for then in before if len(then) == len(now))
    return not any(map(_few, (*(_count(days, part) for part in parts), *since)))


def _with_others(
    days: Days, made: Shown, small: set[str], earlier: Sequence[Shown], totals: Collection[Span]
) -> set[str]:
    """The groups to leave out so that the ``small`` ones do not follow from the totals; one of
    nobody among them, for a reader does not know it from one that is left out.
    """
    reached = [shown.span for shown in earlier] + [made.span]
    totals = [span for span in dict.fromkeys(totals) if any(overlap(span, r) for r in reached)]
    parts = pieces([*totals, *reached])
    values: dict[Any, int] = {
        (key, n, part): number
        for key in days for part in parts for n, number in enumerate(_count(days[key], part))
    }  # fmt: skip
    measures = range(len(next(iter(days.values()))))
    sums: list[dict[Any, int]] = [
        {(key, n, part): 1 for key in days for part in inside(parts, span)}
        for span in totals for n in measures
    ]  # fmt: skip
    before = set(values)
    rows: dict[str, list[Any]] = {}
    for table in (made, *earlier):
        for key in days:
            cells = {(table.span, key, n): {(key, n, p): 1 for p in inside(parts, table.span)}
                     for n in measures}  # fmt: skip
            values |= {cell: sum(values[c] for c in made_of) for cell, made_of in cells.items()}
            sums += [{cell: -1, **made_of} for cell, made_of in cells.items()]
            if table is made:
                rows[key] = list(cells)
            elif key in table.hidden and table.span != made.span:
                before |= set(cells)
    before -= {(table.span, key, n) for table in earlier for key in table.keys for n in measures}
    numbers = dict(made.numbers)
    sizes = {key: sum(numbers.get(key, ())) for key in days}
    least = {cell: min(1, values[cell]) for key in small for cell in rows[key]}
    secret = {cell for cell, value in values.items() if is_small(value)}
    attack = Attack(values, sums, least=least)
    out = {str(key) for key in cover(attack, rows, small, sizes, secret, before=before)}
    rest = sorted(set(numbers) - out, key=lambda key: (sizes[key], key))
    while rest and (gone := [numbers[key] for key in out if key in numbers]):
        if len(gone) > 1 and not _few(map(sum, zip(*gone, strict=True))):
            break
        out.add(rest.pop(0))
    return out
