"""A solver tries to recover how few answered: from the groups and the totals of many briefs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cchc_analysis.groups import PAPER, _groups, _number
from cchc_analysis.published import Shown

from .test_suppression import Attacker

MONTHS = [
    (dt.date(2024, m, 1), dt.date(2024, m + 1, 1) - dt.timedelta(days=1)) for m in range(1, 7)
]
SPANS = [*MONTHS, (MONTHS[0][0], MONTHS[2][1]), (MONTHS[3][0], MONTHS[5][1]),
         (MONTHS[0][0], MONTHS[5][1]), (dt.date(2024, 1, 16), dt.date(2024, 4, 15))]  # fmt: skip
# Answers of each group in each half of a month; briefs in any order.
OFFICES = st.integers(2, 4).flatmap(
    lambda groups: st.lists(
        st.lists(st.integers(0, 9), min_size=12, max_size=12), min_size=groups, max_size=groups
    )
)
HALVES = [dt.date(2024, m, d) for m in range(1, 7) for d in (2, 20)]


def answered(office: Sequence[Sequence[int]]) -> dict[str, tuple[list[dt.date]]]:
    return {
        "ABCD"[place]: ([day for day, n in zip(HALVES, line, strict=True) for _ in range(n)],)
        for place, line in enumerate(office)
    }


def small(n: int) -> bool:
    return 0 < n < 5


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate])
@example([[9, 0, 9, 0, 2, 0] + [0] * 6, [9] * 6 + [0] * 6], [0, 1, 6, 2, 3, 4, 5, 7, 8, 9])
@example([[0] * 11 + [6], [0] * 11 + [2], [0] * 7 + [5, 0, 0, 0, 5]],
         [0, 1, 7, 4, 5, 3, 6, 2, 8, 9])  # fmt: skip
@example([[0] * 12, [2, 0, 3, 0, 9, 0] + [0] * 6], [6, 0, 1, 2, 3, 4, 5, 7, 8, 9])
@given(OFFICES, st.permutations(range(len(SPANS))))
def test_groups_of_few_do_not_follow(office: list[list[int]], order: list[int]) -> None:
    days = answered(office)
    whole = {"": (sorted(day for (each,) in days.values() for day in each),)}
    totals: list[Shown] = []
    briefs: list[Shown] = []
    for place in order:
        span = SPANS[place]
        totals.append(_groups("survey", whole, span, totals, []))
        told = [shown.span for shown in totals if shown.keys]
        briefs.append(_groups("survey.field", days, span, briefs, told if span in told else []))
        if span not in told:
            hidden = briefs[-1].keys | briefs[-1].hidden
            briefs[-1] = Shown(PAPER, span, "survey.field", frozenset(), hidden)

    def count(name: str, span: Any) -> int:
        return sum(span[0] <= day <= span[1] for day in days[name][0])

    def cells(name: str, span: Any) -> dict[Any, int]:
        return {(name, half): 1 for half in HALVES if span[0] <= half <= span[1]}

    def every(span: Any) -> dict[Any, int]:
        return {cell: 1 for name in days for cell in cells(name, span)}

    attacker, least = Attacker(), Attacker()
    for mind in (attacker, least):
        for name in days:
            for half in HALVES:
                mind.reads({(name, half): 1, ("unknown", name, half): -1}, 0)
        for shown in totals:
            if shown.keys:
                mind.reads(every(shown.span), sum(count(name, shown.span) for name in days))
    for brief in briefs:
        for name in set(days) - brief.hidden:  # one not left out and not listed is nobody
            attacker.reads(cells(name, brief.span), count(name, brief.span))
        gone = [count(name, brief.span) for name in days if name not in brief.keys]
        assert not brief.keys or not small(sum(gone))
    for span in SPANS:
        people = sum(count(name, span) for name in days)
        assert not small(people) or not attacker.recovers(every(span)), span
        for name in days:
            if small(count(name, span)):
                wanted = cells(name, span)
                assert least.recovers(wanted) or not attacker.recovers(wanted), (name, span)


FIGURES = st.lists(st.integers(0, 9), min_size=6, max_size=6)


@settings(max_examples=100, deadline=None)
@example([9, 9, 2, 0, 0, 0], [0, 1, 6, 2, 3, 4, 5, 7, 8])
@given(FIGURES, st.permutations(range(9)))
def test_numbers_of_few_are_not_what_is_left(months: list[int], order: list[int]) -> None:
    """A figure of the office's own over months, quarters and the half-year."""
    told: list[Shown] = []
    inside = [{n for n, m in enumerate(MONTHS) if s[0] <= m[0] and m[1] <= s[1]} for s in SPANS[:9]]
    for place in order:
        numbers = (sum(months[n] for n in inside[place]),)
        told.append(_number("own.x", numbers, SPANS[place], told))
    attacker = Attacker()
    for n in range(6):
        attacker.reads({n: 1, ("unknown", n): -1}, 0)
    for shown in told:
        within = inside[SPANS.index(shown.span)]
        if shown.keys:
            attacker.reads(dict.fromkeys(within, 1), sum(months[n] for n in within))
    alone = Attacker()
    for within in inside:
        n = sum(months[m] for m in within)
        alone.reads(dict.fromkeys(within, 1), n)
        assert not small(n) or not attacker.recovers(dict.fromkeys(within, 1))
