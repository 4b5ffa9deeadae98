"""The time of day in a column of its own belongs to the day beside it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ..sheets import csv_file, take, xlsx_file

HEADER = ["Mã hồ sơ", "Giờ tiếp nhận", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả"]


@pytest.mark.parametrize(
    "hour, received",
    [
        ("16:30", dt.datetime(2024, 7, 2, 16, 30)),
        ("16h30", dt.datetime(2024, 7, 2, 16, 30)),
        ("8:05 SA", dt.datetime(2024, 7, 2, 8, 5)),
        ("", dt.datetime(2024, 7, 2)),
        ("chiều", dt.datetime(2024, 7, 2)),
    ],
)
def test_each_spelling(tmp_path: Path, hour: str, received: dt.datetime) -> None:
    rows = [HEADER, ["H-24-0001", hour, "02/07/2024", "05/07/2024", ""]]
    taken = take(csv_file(tmp_path / "so.csv", rows))
    assert taken.frame["received_at"].tolist() == [received]
    assert not any("Giờ tiếp nhận" in note for note in taken.receipt.notes)


def test_excel_s_own_times(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEADER, ["H-24-0001", 0.6875, dt.datetime(2024, 7, 2), "", ""],
                             ["H-24-0002", 0.6875, dt.datetime(2024, 7, 2, 9), "", ""]]  # fmt: skip
    received = take(xlsx_file(tmp_path / "so.xlsx", {"So": rows})).frame["received_at"].tolist()
    assert received == [dt.datetime(2024, 7, 2, 16, 30), dt.datetime(2024, 7, 2, 9)]


def test_what_comes_after_the_cut_off_is_due_on_the_next_working_day(tmp_path: Path) -> None:
    rows = [HEADER, *[[f"H-24-000{n}", hour, "02/07/2024", "Trong ngày", ""]
                      for n, hour in enumerate(("09:00", "16:30"))]]  # fmt: skip
    due = take(csv_file(tmp_path / "so.csv", rows)).frame["due_at"]
    assert due.tolist() == [dt.datetime(2024, 7, 2, 17), dt.datetime(2024, 7, 3, 17)]
