"""Codes and numbers survive the ways in which they are typed and exported."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.sources.values import UNREADABLE, code, number

parts = st.integers(0, 99)
days = st.dates(dt.date(2015, 1, 1), dt.date(2050, 12, 31))


@given(parts, parts, days, st.integers(0, 999_999), st.sampled_from(["-", "–", " - ", "\u00a0– "]))
def test_a_national_code_in_any_dress(
    district: int, unit: int, day: dt.date, number: int, dash: str
) -> None:
    plain = f"000.{district:02d}.{unit:02d}.H56-{day:%y%m%d}-{number:04d}"
    worn = " " + plain.lower().replace("-", dash) + "\t"
    assert code(worn) == plain == code(plain)


@given(st.integers(1, 12), st.integers(1, 39), st.integers(0, 99))
def test_a_national_code_of_a_day_that_does_not_exist(month: int, day: int, year: int) -> None:
    written = f"H56.34.12-{year:02d}{month:02d}{day:02d}-0001"
    try:
        dt.date(2000 + year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert (code(written) is UNREADABLE) is not exists


@given(st.integers(1, 10**15 - 1))
def test_a_number_taken_for_a_code_keeps_its_digits(digits: int) -> None:
    assert code(float(digits)) == code(digits) == code(str(digits)) == str(digits)


@given(st.integers(10**15, 10**18))
def test_a_number_whose_last_digits_excel_lost_is_no_code(digits: int) -> None:
    assert code(float(digits)) is UNREADABLE
    assert code(f"{digits:.5E}") is UNREADABLE


@given(st.integers(0, 10**9), st.sampled_from([",", ".", " "]))
def test_grouped_thousands(value: int, separator: str) -> None:
    written = f"{value:,}".replace(",", separator)
    assert number(written) == value
    assert number(f"{written} đồng") == value


@given(st.integers(0, 10**7), st.integers(0, 99))
def test_decimals_after_grouped_thousands(whole: int, cents: int) -> None:
    vietnamese = f"{whole:,}".replace(",", ".") + f",{cents:02d}"
    english = f"{whole:,}.{cents:02d}"
    assert number(vietnamese) == number(english) == float(f"{whole}.{cents:02d}")


@given(st.text(max_size=20) | st.floats() | st.integers() | st.none())
def test_any_cell_gives_a_number_nothing_or_unreadable(cell: object) -> None:
    read = number(cell)
    assert read is None or read is UNREADABLE or isinstance(read, float)
    assert code(cell) is None or code(cell) is UNREADABLE or isinstance(code(cell), str)
