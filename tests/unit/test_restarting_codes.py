"""Registers that count from 1 again: dossiers of one number are not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.errors import FileError
from cchc_analysis.sources import Mapping
from cchc_analysis.sources.people import people
from cchc_analysis.workspace import inbox

from ..sheets import csv_file, take, xlsx_file

HEADER = ["Số hồ sơ", "Ngày nhận", "Ngày hẹn", "Ngày trả"]
LAYOUT = """
table = "dossiers"
code_with_day = true
[columns]
code = "Số hồ sơ"
"""


def month(number: int, n: int = 5) -> list[list[object]]:
    day = f"/{number:02}/2024"
    return [[f"{i:02}", f"{i:02}{day}", f"{i + 5:02}{day}", f"{i + 3:02}{day}"]
            for i in range(1, n + 1)]  # fmt: skip


def test_numbers_that_begin_again_within_a_file_are_refused(tmp_path: Path) -> None:
    sheets = {f"T{n}": [HEADER, *month(n)] for n in (7, 8, 9)}
    with pytest.raises(FileError, match="code_with_day") as error:
        take(xlsx_file(tmp_path / "so.xlsx", sheets))
    assert "5 mã hồ sơ" in str(error.value) and "so.xlsx" in str(error.value)


def test_with_their_days_they_are_told_apart(tmp_path: Path) -> None:
    sheets = {f"T{n}": [HEADER, *month(n)] for n in (7, 8, 9)}
    taken = take(xlsx_file(tmp_path / "so.xlsx", sheets), mapping=Mapping.parse(LAYOUT))
    assert taken.frame["code"].nunique() == 15
    assert taken.frame["code"].iloc[0] == "01 (01/07/2024)"


def test_two_versions_and_single_mistakes_are_no_new_beginning(tmp_path: Path) -> None:
    rows = month(7, 20)
    again = [[code, day, due, ""] for code, day, due, _ in rows]  # at work, then done
    odd = [["01", "02/07/2024", "06/07/2024", ""], ["02", "03/07/2024", "07/07/2024", ""]]
    assert len(take(csv_file(tmp_path / "so.csv", [HEADER, *again, *rows, *odd])).frame) == 42


def test_a_file_whose_numbers_the_store_has_of_other_days_is_refused(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    for n in (7, 8):
        csv_file(folder / f"thang-{n}.csv", [HEADER, *month(n)])
    seven, eight = inbox.ingest(workspace)
    assert seven.error is None and "thang-7.csv" in str(eight.error)
    assert len(office.open(workspace).store.exports()) == 1

    office.open(workspace).store.withdraw(seven.export.id if seven.export else "", "đánh số lại")
    (workspace / "extensions").mkdir()
    (workspace / "extensions" / "so_giay.mapping.toml").write_text(LAYOUT, encoding="utf-8")
    done = inbox.ingest(workspace, [folder / "thang-7.csv", folder / "thang-8.csv"])
    assert [row.error for row in done] == [None, None]
    assert office.open(workspace).period("2024-Q3").result("dossiers.received").value == 10


def test_the_same_register_a_month_later_is_taken_in(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    csv_file(folder / "a.csv", [HEADER, *month(7)])
    csv_file(folder / "b.csv", [HEADER, *month(7, 9)])
    assert [row.error for row in inbox.ingest(workspace)] == [None, None]


def test_the_person_to_apologise_to_is_found_by_number_and_row(tmp_path: Path) -> None:
    names = ("Nguyễn Thị Kín", "Trần Văn Ấn")
    sheets = {f"T{n}": [[*HEADER, "Người nộp"], [*month(n)[0], name]]
              for n, name in zip((7, 8), names, strict=True)}  # fmt: skip
    file = xlsx_file(tmp_path / "so.xlsx", sheets)
    layout = Mapping.parse(LAYOUT)
    for found in (people(file, mapping=layout), people(file, layouts=[layout])):
        assert found.name("01 (01/08/2024)", "T8", 2) == "Trần Văn Ấn"
    assert "01 (01/07/2024)" in found and "02 (02/07/2024)" not in found
