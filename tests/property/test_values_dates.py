"""A moment written in any of the ways offices write it is read as that moment."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.sources.values import UNREADABLE, moment

moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)).map(
    lambda m: m.replace(microsecond=0)
)
FORMS = ("%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
         "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%H:%M:%S %d/%m/%Y", "%Y%m%d%H%M%S",
         "%H:%M:%S, ngày %d/%m/%Y", "%d/%m/%Y  %I:%M:%S %p",
         "%H giờ %M phút %S giây, ngày %d tháng %m năm %Y",
         "%H giờ %M phút %S giây ngày %d/%m/%Y", "%Hh%M:%S Thứ Hai, ngày %d.%m.%Y",
         "ngày %d/%m/%Y %H:%M:%S", "Chủ nhật, %d/%m/%Y %H:%M:%S")  # fmt: skip
TO_THE_MINUTE = ("%H giờ %M phút, ngày %d tháng %m năm %Y", "%H giờ %M phút ngày %d/%m/%Y",
                 "%Hh%M ngày %d-%m-%Y")  # fmt: skip
OF_DAYS = ("ngày %d/%m/%Y", "Ngày %d tháng %m năm %Y", "%d tháng %m năm %Y",
           "Thứ Năm, ngày %d/%m/%Y", "thứ 2 %d/%m/%Y")  # fmt: skip
HALVES = [("sa", "ch"), ("SA", "CH"), ("am", "pm"), ("Sa", "Ch"), ("sáng", "chiều")]


@given(moments, st.sampled_from(FORMS))
def test_every_way_of_writing_reads_back(when: dt.datetime, form: str) -> None:
    assert moment(when.strftime(form)) == when


@given(moments, st.sampled_from(TO_THE_MINUTE), st.sampled_from(OF_DAYS), st.booleans())
def test_what_is_said_in_words_reads_back(
    when: dt.datetime, timed: str, of_day: str, short: bool
) -> None:
    def said(form: str) -> str:
        return when.strftime(form.replace("%d", f"{when.day}") if short else form)

    assert moment(said(timed)) == when.replace(second=0)
    assert moment(said(of_day)) == dt.datetime.combine(when.date(), dt.time())


@given(moments, st.sampled_from(HALVES))
def test_halves_of_the_day_read_back_in_any_case(
    when: dt.datetime, halves: tuple[str, str]
) -> None:
    half = halves[when.hour >= 12]
    assert moment(f"{when:%d/%m/%Y %I:%M:%S} {half}") == when
    assert moment(f"{when:%I:%M}{half}, ngày {when:%d/%m/%Y}") == when.replace(second=0)


@given(moments)
def test_serials_read_back_to_the_second_as_number_and_as_text(when: dt.datetime) -> None:
    serial = (when - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert moment(serial) == when
    assert moment(repr(serial)) == when


@given(moments, st.integers(-12, 14))
def test_an_offset_becomes_local_time(when: dt.datetime, hours: int) -> None:
    text = f"{when:%Y-%m-%dT%H:%M:%S}{hours:+03d}:00"
    assert moment(text) == when + dt.timedelta(hours=7 - hours)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2068, 12, 31)))
def test_the_month_never_comes_first(day: dt.date) -> None:
    read = moment(f"{day:%m/%d/%Y}")
    if day.day > 12:
        assert read is UNREADABLE
    else:
        assert isinstance(read, dt.datetime)
        assert (read.day, read.month) == (day.month, day.day)
    assert moment(f"{day:%m/%d/%Y}", dayfirst=False) == dt.datetime(day.year, day.month, day.day)


@given(st.integers(1, 12), st.integers(0, 99))
def test_a_day_that_does_not_exist_is_unreadable(month: int, day: int) -> None:
    text = f"{day:02d}/{month:02d}/2023"
    try:
        expected: object = dt.datetime(2023, month, day)
    except ValueError:
        expected = UNREADABLE
    assert moment(text) == expected


@given(st.text(max_size=30) | st.floats() | st.booleans() | st.integers())
def test_any_cell_gives_a_moment_nothing_or_unreadable(cell: object) -> None:
    read = moment(cell)
    assert read is None or read is UNREADABLE or isinstance(read, dt.datetime)
