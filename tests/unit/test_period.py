"""A label becomes days, and every neighbour of a period is the right one."""

from __future__ import annotations

import datetime as dt

import pytest

from cchc_analysis.errors import ParameterError, PeriodError
from cchc_analysis.period import Period

DAYS = [
    ("2024-02", "calendar", "2024-02-01", "2024-02-29"),
    ("2023-12", "calendar", "2023-12-01", "2023-12-31"),
    ("2024-Q1", "calendar", "2024-01-01", "2024-03-31"),
    ("2024-H2", "calendar", "2024-07-01", "2024-12-31"),
    ("2024-9M", "calendar", "2024-01-01", "2024-09-30"),
    ("2024", "calendar", "2024-01-01", "2024-12-31"),
    ("2024-03", "reporting", "2024-02-15", "2024-03-14"),
    ("2024-01", "reporting", "2023-12-15", "2024-01-14"),
    ("2024-Q1", "reporting", "2023-12-15", "2024-03-14"),
    ("2024-Q2", "reporting", "2024-03-15", "2024-06-14"),
    ("2024-Q4", "reporting", "2024-09-15", "2024-12-14"),
    ("2024-H1", "reporting", "2023-12-15", "2024-06-14"),
    ("2024-9M", "reporting", "2023-12-15", "2024-09-14"),
    ("2024", "reporting", "2023-12-15", "2024-12-14"),
]

NEIGHBOURS = [
    # label, previous, same last year, year to date
    ("2024-01", "2023-12", "2023-01", "2024-01"),
    ("2024-02", "2024-01", "2023-02", "2024-02-YTD"),
    ("2024-03", "2024-02", "2023-03", "2024-Q1"),
    ("2024-12", "2024-11", "2023-12", "2024"),
    ("2024-Q1", "2023-Q4", "2023-Q1", "2024-Q1"),
    ("2024-Q2", "2024-Q1", "2023-Q2", "2024-H1"),
    ("2024-Q3", "2024-Q2", "2023-Q3", "2024-9M"),
    ("2024-Q4", "2024-Q3", "2023-Q4", "2024"),
    ("2024-H1", "2023-H2", "2023-H1", "2024-H1"),
    ("2024-H2", "2024-H1", "2023-H2", "2024"),
    ("2024-9M", "2023-9M", "2023-9M", "2024-9M"),
    ("2024", "2023", "2023", "2024"),
]

TITLES = [
    ("2024-03", "Tháng 3 năm 2024"),
    ("2024-Q4", "Quý IV năm 2024"),
    ("2024-H1", "6 tháng đầu năm 2024"),
    ("2024-H2", "6 tháng cuối năm 2024"),
    ("2024-9M", "9 tháng năm 2024"),
    ("2024", "Năm 2024"),
]

WRONG = [
    *("", "2024-Q5", "2024-Q0", "2024-13", "2024-00", "2024-3", "2024Q1", "24-Q1", "Q1-2024"),
    *("2024-H3", "2024-6M", "2024-9", "2024-05-YTD", "0999", "2024/03", "٢٠٢٤", "quý 1"),
]


@pytest.mark.parametrize(("label", "cut", "start", "end"), DAYS)
def test_days_of_both_cuts(label, cut, start, end):
    period = Period.parse(label, cut)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(("label", "previous", "last_year", "to_date"), NEIGHBOURS)
@pytest.mark.parametrize("cut", ["calendar", "reporting"])
def test_neighbours(label, previous, last_year, to_date, cut):
    period = Period.parse(label, cut)
    assert period.previous().label == previous
    assert period.same_last_year().label == last_year
    assert period.year_to_date().label == to_date
    assert {p.cut for p in (period.previous(), period.year_to_date())} == {cut}


def test_year_to_date_of_an_odd_month_has_a_name_of_its_own():
    to_date = Period.parse("2024-05", "reporting").year_to_date()
    assert to_date.title == "5 tháng đầu năm 2024"
    assert (to_date.start, to_date.end) == (dt.date(2023, 12, 15), dt.date(2024, 5, 14))
    assert to_date.same_last_year().label == to_date.previous().label == "2023-05-YTD"
    assert len(to_date.months()) == 5


@pytest.mark.parametrize(("label", "title"), TITLES)
def test_titles(label, title):
    assert Period.parse(label).title == title


def test_span_reads_as_a_sentence():
    assert Period.parse("2024-Q4").span == "từ ngày 01/10/2024 đến ngày 31/12/2024"


@pytest.mark.parametrize("label", [" 2024-q1 ", "2024 - Q1", "2024-Q1\n"])
def test_case_and_spaces_are_tolerated(label):
    assert Period.parse(label) == Period.parse("2024-Q1")


@pytest.mark.parametrize("label", WRONG)
def test_anything_else_is_refused_with_the_five_forms(label):
    with pytest.raises(PeriodError) as caught:
        Period.parse(label)
    for form in ("2024-03", "2024-Q1", "2024-H1", "2024-9M", "2024 ("):
        assert form in str(caught.value)


def test_unknown_cut_and_impossible_closing_day():
    with pytest.raises(ParameterError, match="calendar"):
        Period.parse("2024", "lunar")
    with pytest.raises(PeriodError, match="closing_day"):
        Period.parse("2024", "reporting", 31)


def test_another_closing_day():
    period = Period.parse("2024-03", "reporting", closing_day=20)
    assert (period.start, period.end) == (dt.date(2024, 2, 21), dt.date(2024, 3, 20))
    assert period.recut("calendar").end == dt.date(2024, 3, 31)
