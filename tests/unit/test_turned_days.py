"""Days that an Excel of another country took for months."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.errors import FileError

from ..sheets import take, xlsx_file

HEADER = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả"]


def as_american(day: dt.date) -> Any:
    """What is left of dd/mm/yyyy after it was opened as mm/dd/yyyy."""
    if day.day <= 12:
        return dt.datetime(day.year, day.day, day.month)
    return day.strftime("%d/%m/%Y")


def read(tmp_path: Path, days: list[dt.date], spell: Any) -> Any:
    rows = [[f"H-24-{n:04}", spell(day), ""] for n, day in enumerate(days)]
    return take(xlsx_file(tmp_path / "so.xlsx", {"So": [HEADER, *rows]}))


DAYS = [dt.date(2024, 7, day) for day in range(1, 29)]


def test_they_are_put_back_and_told(tmp_path: Path) -> None:
    taken = read(tmp_path, DAYS, as_american)
    assert [moment.date() for moment in taken.frame["received_at"]] == DAYS
    assert any("12 ô" in note and "QUAN TRỌNG" in note for note in taken.receipt.notes)


def test_days_and_texts_of_any_number_stay_as_they_are(tmp_path: Path) -> None:
    def mixed(day: dt.date) -> Any:
        real = dt.datetime.combine(day, dt.time())
        return real if day.day % 2 else day.strftime("%d/%m/%Y")

    taken = read(tmp_path, DAYS, mixed)
    assert [moment.date() for moment in taken.frame["received_at"]] == DAYS
    assert not any("đảo" in note for note in taken.receipt.notes)


def test_texts_with_the_month_first_are_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="dayfirst = false"):
        read(tmp_path, DAYS, lambda day: day.strftime("%m/%d/%Y"))


def test_a_few_are_no_rule(tmp_path: Path) -> None:
    days = [dt.date(2024, 7, day) for day in (1, 2, 3, 20, 21)]
    taken = read(tmp_path, days, as_american)
    assert taken.frame["received_at"].dt.month.tolist() == [1, 2, 3, 7, 7]
