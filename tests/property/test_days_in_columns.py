"""A column of days, each written as somebody writes days, gives those days and no others."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_analysis.sources.convert import Reading, convert
from cchc_analysis.sources.tables import TABLES

days = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))
READING = Reading(ZoneInfo("Asia/Ho_Chi_Minh"))
ENDED = ("Đã trả %d/%m/%Y", "%d/%m/%Y (trước hạn)", "đã trả ngày %d/%m/%Y - quá hạn 2 ngày",
         "Trả kết quả: %d.%m.%Y", "%d/%m/%Y - đã ký nhận", "%d/%m/%Y (BCCI)", "%d/%m/%Y.",
         "%d-Thg%m-%y", "%d-Th%m-%Y", "%d/%m/%Y (chiều)", "Sáng %d/%m/%Y")  # fmt: skip
NOT_ENDED = ("Hẹn %d/%m/%Y", "%d/%m/%Y và %d/%m/%Y", "%d/%m/%Y (?)", "Nguyễn Văn A %d/%m/%Y",
             "%d/%m/%Y, gia hạn", "đã trả 31/02/%Y", "%d/%m/%Y Trần Thị B")  # fmt: skip
NO_DAY = ("00/00/0000", "00/00/0000 00:00:00", "0000-00-00 00:00:00", "0000-00-00", "__/__/____",
          "01/01/1900", "30/12/1899", "1970-01-01T00:00:00Z", "31/12/9999", "01/01/0001",
          "Chưa trả, hẹn 05/07/2024", 0.0, 1.0, dt.datetime(1900, 1, 1))  # fmt: skip
HOURS = ("%d/%m/%Y-16:45", "%d/%m/%Y - 16:45", "%d/%m/%Y lúc 16:45", "%d/%m/%Y 16g45",
         "16:45 - %d/%m/%Y", "16h45\' ngày %d/%m/%Y", "%Y-%m-%d-16:45")  # fmt: skip


def read(cells: list[object], name: str = "finished_at") -> tuple[list[object], list[int]]:
    found = convert(TABLES["dossiers"].field(name), cells, READING)
    made = [None if value != value else value.astype("datetime64[s]").item()
            for value in found.values]  # fmt: skip
    return made, found.unreadable


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


@settings(deadline=None)
@given(days, st.sampled_from(ENDED), st.sampled_from(NOT_ENDED))
def test_words_that_only_say_it_ended(day: dt.date, ended: str, other: str) -> None:
    cells: list[object] = [day.strftime(ended), day.strftime(other)]
    assert read(cells) == ([midnight(day), None], [1])


@settings(deadline=None)
@given(days, st.sampled_from(["Trước ngày %d/%m/%Y", "Hẹn trả %d/%m/%Y", "Chậm nhất: %d/%m/%Y"]))
def test_words_that_only_say_it_is_due(day: dt.date, due: str) -> None:
    assert read([day.strftime(due)], "due_at") == ([midnight(day)], [])
    assert read([day.strftime(due)], "received_at") == ([None], [0])


@settings(deadline=None)
@given(days, st.sampled_from(HOURS))
def test_an_hour_however_it_is_joined(day: dt.date, form: str) -> None:
    assert read([day.strftime(form)]) == ([dt.datetime.combine(day, dt.time(16, 45))], [])


@pytest.mark.parametrize("cell", NO_DAY)
def test_what_programs_write_for_no_day(cell: object) -> None:
    assert read([cell, "05/07/2024"]) == ([None, dt.datetime(2024, 7, 5)], [])


@settings(deadline=None)
@given(days, st.sampled_from([".997", ".9999999", ".9999999+07:00", ".999"]))
def test_the_end_of_a_day_is_not_the_next(day: dt.date, fraction: str) -> None:
    last = dt.datetime.combine(day, dt.time(23, 59, 59, 999_999))
    serial = (midnight(day) - dt.datetime(1899, 12, 30)).days + 0.99999999
    cells: list[object] = [f"{day:%Y-%m-%d} 23:59:59{fraction}", last, serial, repr(serial)]
    made, unread = read(cells, "due_at")
    assert {moment.date() for moment in made if isinstance(moment, dt.datetime)} == {day}
    assert unread == [] and None not in made


@settings(deadline=None)
@given(st.lists(days, min_size=1), days.filter(lambda day: day.day < 15))
def test_two_figures_of_a_year_at_the_end(some: list[dt.date], sure: dt.date) -> None:
    every = [*some, sure]
    cells: list[object] = [f"{day.day}-{day.month}-{day:%y}" for day in every]
    assert read(cells) == ([midnight(day) for day in every], [])
    assert read([f"{day:%y-%m-%d}" for day in every])[1] == list(range(len(every)))
