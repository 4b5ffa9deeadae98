"""Counting working days behaves like counting: it adds up and turns its sign."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.workdays import Calendar

OFFICE = Calendar.of("VN")
days = st.dates(*OFFICE.covered)


@given(days, days, days)
def test_spans_add_up(a, b, c):
    assert OFFICE.between(a, b) + OFFICE.between(b, c) == OFFICE.between(a, c)
    assert OFFICE.between(a, b) == -OFFICE.between(b, a)


@given(days)
def test_the_next_working_day_is_one_working_day_away(day):
    following = OFFICE.next_working(day)
    if following is not None:
        assert OFFICE.between(day, following) == 1
        assert OFFICE.is_working(following)


@given(st.lists(st.tuples(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), days), max_size=20))
def test_many_equals_one_by_one(pairs):
    starts, ends = [a for a, _ in pairs], [b for _, b in pairs]
    found = OFFICE.between_many(
        pd.Series(starts, dtype="datetime64[us]"), pd.Series(ends, dtype="datetime64[us]")
    )
    assert [None if pd.isna(n) else n for n in found] == [OFFICE.between(*p) for p in pairs]
