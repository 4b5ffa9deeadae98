"""The periods of a year tile it: no day twice, no day missing, in either cut."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.period import Period

DAY = dt.timedelta(days=1)
KINDS = {
    "month": [f"{n:02d}" for n in range(1, 13)],
    "quarter": ["Q1", "Q2", "Q3", "Q4"],
    "half": ["H1", "H2"],
}
ALL = [part for parts in KINDS.values() for part in parts] + ["9M", ""]

years = st.integers(1950, 2150)
cuts = st.tuples(st.sampled_from(["calendar", "reporting"]), st.integers(1, 27))


def make(year, part, cut):
    return Period.parse(f"{year}-{part}" if part else f"{year}", *cut)


@given(years, cuts, st.sampled_from(list(KINDS)))
def test_a_year_is_tiled(year, cut, kind):
    whole = make(year, "", cut)
    pieces = [make(year, part, cut) for part in KINDS[kind]]
    assert (pieces[0].start, pieces[-1].end) == (whole.start, whole.end)
    for before, after in pairwise(pieces):
        assert before.end + DAY == after.start
    assert sum(piece.days() for piece in pieces) == whole.days()


@given(years, cuts, st.sampled_from([*KINDS["month"], *KINDS["quarter"], *KINDS["half"], ""]))
def test_previous_ends_the_day_before(year, cut, part):
    period = make(year, part, cut)
    assert period.previous().end + DAY == period.start
    assert period.previous().kind == period.kind


@given(years, cuts, st.sampled_from(ALL))
def test_months_tile_the_period(year, cut, part):
    period = make(year, part, cut)
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert sum(month.days() for month in months) == period.days()


@given(years, cuts, st.sampled_from(ALL))
def test_year_to_date_runs_from_the_years_start(year, cut, part):
    period = make(year, part, cut)
    to_date = period.year_to_date()
    assert (to_date.start, to_date.end) == (make(year, "", cut).start, period.end)
    assert to_date.year_to_date() == to_date


@given(years, cuts, st.sampled_from(ALL))
def test_same_last_year_keeps_the_months(year, cut, part):
    period = make(year, part, cut)
    before = period.same_last_year()
    assert before.kind == period.kind
    assert (before.start.month, before.start.day) == (period.start.month, period.start.day)
    assert before.start.year == period.start.year - 1


@given(years, cuts, st.sampled_from(ALL))
def test_a_label_is_read_back(year, cut, part):
    period = make(year, part, cut)
    assert Period.parse(period.label.lower(), *cut) == period
