"""Working days in Vietnam, day by day for 2023–2026, against a table spelt out here.

The table is the reference's own (off weekdays and working Saturdays for civil servants),
written a second time by hand; it shares nothing with the package or its data files.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cchc_analysis.errors import PlanError
from cchc_analysis.workdays import Calendar

OFF = {  # year: {month: days off among Monday to Friday}
    2023: {1: [2, 20, 23, 24, 25, 26], 5: [1, 2, 3], 9: [1, 4]},
    2024: {1: [1], 2: [8, 9, 12, 13, 14], 4: [18, 29, 30], 5: [1], 9: [2, 3]},
    2025: {1: [1, 27, 28, 29, 30, 31], 4: [7, 30], 5: [1, 2], 9: [1, 2]},
    2026: {1: [1, 2], 2: [16, 17, 18, 19, 20], 4: [27, 30], 5: [1], 8: [31], 9: [1, 2]},
}
WORKED = [dt.date(2024, 5, 4), dt.date(2025, 4, 26), dt.date(2026, 1, 10), dt.date(2026, 8, 22)]
DAY = dt.timedelta(days=1)


def expected(day):
    if day in WORKED:
        return True
    return day.weekday() < 5 and day.day not in OFF[day.year].get(day.month, [])


@pytest.fixture(scope="module")
def office():
    return Calendar.of("VN")


@pytest.mark.parametrize("year", OFF)
def test_every_day_of_the_year(office, year):
    days = [dt.date(year, 1, 1) + n * DAY for n in range(366 if year == 2024 else 365)]
    assert [d for d in days if office.is_working(d) is not expected(d)] == []


def test_culture_day_is_a_working_day_until_confirmed(office):
    assert office.is_working(dt.date(2026, 11, 24)) is True


def test_outside_the_years_covered_there_is_no_answer(office):
    first, last = office.covered
    assert (first, last) == (dt.date(2023, 1, 1), dt.date(2026, 12, 31))
    assert office.is_working(first - DAY) is None
    assert office.between(last, last + DAY) is None
    assert office.next_working(last) is None
    assert office.next_working(first - DAY) == dt.date(2023, 1, 3)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2024-03-01", "2024-03-01", 0),  # the first day does not count
        ("2024-03-01", "2024-03-04", 1),  # Friday to Monday
        ("2024-03-04", "2024-03-01", -1),
        ("2024-02-07", "2024-02-15", 1),  # over Tết
        ("2024-05-03", "2024-05-06", 2),  # a worked Saturday between
        ("2026-01-09", "2026-01-12", 2),
        ("2024-03-02", "2024-03-03", 0),  # within a weekend
    ],
)
def test_between(office, start, end, days):
    assert office.between(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == days


def test_times_of_day_do_not_matter(office):
    start, end = dt.datetime(2024, 3, 1, 16, 59), dt.datetime(2024, 3, 4, 7, 1)
    assert office.between(start, end) == 1
    assert office.next_working(start) == dt.date(2024, 3, 4)


def test_many_agree_with_one_by_one(office):
    numbers = np.random.default_rng(7).integers(-30, 1500, size=(200, 2))
    days = [[dt.date(2023, 1, 1) + int(n) * DAY for n in row] for row in numbers]
    starts = pd.Series([d[0] for d in days], index=range(1000, 1200))
    ends = pd.Series(pd.to_datetime([d[1] for d in days])) + pd.Timedelta(hours=9)
    found = office.between_many(starts, ends)
    assert found.dtype == "Int64"
    assert list(found.index) == list(starts.index)
    assert [None if pd.isna(n) else n for n in found] == [office.between(*d) for d in days]
    assert found.isna().any()


def test_many_with_empty_dates(office):
    starts = pd.Series([pd.Timestamp("2024-03-01 08:00"), pd.NaT], dtype="datetime64[us]")
    assert office.between_many(starts, dt.date(2024, 3, 4)).tolist() == [1, pd.NA]
    assert office.between_many(starts.iloc[:0], starts.iloc[:0]).tolist() == []


def test_weekdays_know_no_holiday():
    calendar = Calendar.of("weekdays")
    assert calendar.is_working(dt.date(2024, 9, 2)) is True
    assert calendar.is_working(dt.date(2024, 5, 4)) is False
    assert calendar.between(dt.date(1999, 12, 31), dt.date(2000, 1, 3)) == 1


def test_another_country():
    calendar = Calendar.of("US-MA")
    assert calendar.is_working(dt.date(2011, 7, 4)) is False
    assert calendar.is_working(dt.date(2011, 4, 18)) is False  # Patriots' Day, a state's own
    assert Calendar.of("US").is_working(dt.date(2011, 4, 18)) is True


def test_an_unknown_calendar_is_named():
    with pytest.raises(PlanError, match=r"“VNN”.*weekdays"):
        Calendar.of("VNN")


def test_a_workspace_may_correct_the_table(tmp_path):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "workdays_vn.csv").write_text(
        "date,kind,occasion,source,verified\n"
        "2026-11-24,off,Ngày Văn hóa Việt Nam,,yes\n2026-01-10,working,Làm bù,,yes\n",
        encoding="utf-8",
    )
    own = Calendar.of("VN", workspace=tmp_path)
    assert own.is_working(dt.date(2026, 11, 24)) is False
    assert own.is_working(dt.date(2026, 1, 10)) is True


def test_a_cover_that_cannot_be_read_is_refused(tmp_path):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "workdays.toml").write_text("[VN]\ncovered = [2025]\n", encoding="utf-8")
    with pytest.raises(PlanError, match="covered"):
        Calendar.of("VN", workspace=tmp_path)
