"""A register that says what can hardly be so is taken as it stands, and its reader told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.errors import ColumnsError

from ..sheets import NAME, csv_file, register, take, xlsx_file
from ..sheets import line as dossier

HEAD = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong", "Tình trạng"]


def said(path: Path, **more: Any) -> list[str]:
    return [note for note in take(path, **more).receipt.notes if note.startswith("QUAN TRỌNG")]


def rows(count: int = 6, **cells: Any) -> list[list[Any]]:
    """Dossiers with the cells of columns by the places given as ``c2=…``."""
    made = []
    for n in range(1, count + 1):
        row = [f"000.17.31.H56-24010{n}-000{n}", f"0{n}/01/2024", "15/01/2024", "12/01/2024",
               "Đã xử lý xong"]  # fmt: skip
        for place, cell in cells.items():
            row[int(place[1:])] = cell
        made.append(row)
    return made


def test_a_register_as_it_should_be(tmp_path: Path) -> None:
    assert said(csv_file(tmp_path / "so.csv", [HEAD, *rows()])) == []


@pytest.mark.parametrize(
    ("row", "number"),
    [
        (dossier(1, due="20/12/2023"), "dòng 2"),
        (dossier(1, due="05/01/2042"), "dòng 2"),
        (dossier(1, due="31/12/2024"), ""),
        (dossier(1, received="02/01/2022", due="05/01/2022"), "dòng 2"),
    ],
)
def test_days_that_cannot_be_together(tmp_path: Path, row: list[Any], number: str) -> None:
    notes = said(register(tmp_path / "so.csv", row, dossier(2)))
    assert [number in note for note in notes] == ([True] if number else [])


@pytest.mark.parametrize("header", ["Đơn vị tiếp nhận", "Xã/Phường", "Tên đơn vị"])
@pytest.mark.parametrize("other", ["UBND xã Đông Hòa", "Phường Đông Vệ", ""])
def test_dossiers_of_another_commune(tmp_path: Path, header: str, other: str) -> None:
    units = ["UBND xã Thiệu Vân"] * 4 + [other or "Bộ phận Tư pháp"] * 2
    made = [[*row, unit] for row, unit in zip(rows(), units, strict=True)]
    notes = said(csv_file(tmp_path / "so.csv", [[*HEAD, header], *made]))
    assert [f"“{header}” ghi đơn vị khác ở 2 dòng" in note for note in notes] == [True] * bool(
        other
    )


@pytest.mark.parametrize("where", ["sheet", "group", ""])
def test_a_sheet_or_group_of_another_commune(tmp_path: Path, where: str) -> None:
    name = "xã Đông Hòa" if where == "sheet" else "xã Thiệu Vân"
    group = [["II", "UBND xã Đông Hòa"]] if where == "group" else []
    path = xlsx_file(tmp_path / "so.xlsx", {name: [HEAD, *rows(3), *group, *rows(6)[3:]]})
    notes = said(path)
    assert ["ghi đơn vị khác" in note for note in notes] == [True] * bool(where)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"c2": ""}, ["“Ngày hẹn trả” để trống ở mọi dòng"]),
        ({"c3": ""}, ["không dòng nào ghi ngày ở cột “Ngày xử lý xong”"]),
        ({"c3": "", "c4": "Đang xử lý"}, []),
    ],
)
def test_a_column_of_days_without_any(
    tmp_path: Path, cells: dict[str, Any], words: list[str]
) -> None:
    notes = said(csv_file(tmp_path / "so.csv", [HEAD, *rows(**cells)]))
    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))


@pytest.mark.parametrize(
    ("title", "cells", "word"),
    [
        ("DANH SÁCH HỒ SƠ ĐÃ GIẢI QUYẾT", {}, "chỉ liệt kê hồ sơ đã giải quyết"),
        ("DANH SÁCH HỒ SƠ QUÁ HẠN", {"c3": "", "c4": "Đang xử lý"}, "chưa giải quyết xong"),
        ("DANH SÁCH HỒ SƠ QUÁ HẠN", {}, ""),
        ("SỔ THEO DÕI HỒ SƠ", {}, ""),
    ],
)
def test_a_list_of_some(tmp_path: Path, title: str, cells: dict[str, Any], word: str) -> None:
    path = xlsx_file(tmp_path / "so.xlsx", {"Sổ": [[title], HEAD, *rows(**cells)]})
    assert [word in note for note in said(path)] == [True] * bool(word)


def test_a_title_of_other_days(tmp_path: Path) -> None:
    title = "Từ ngày 01/10/2024 đến ngày 31/12/2024"
    notes = said(csv_file(tmp_path / "so.csv", [[title], HEAD, *rows()]))
    assert len(notes) == 1 and "không hồ sơ nào" in notes[0]


@pytest.mark.parametrize(
    ("word", "end", "meant"),
    [
        ("Từ chối", "12/01/2024", "không tiếp nhận"),
        ("Trả lại hồ sơ", "12/01/2024", "dừng giải quyết"),
        ("Từ chối", "", ""),
        ("Không được tiếp nhận", "12/01/2024", ""),
    ],
)
def test_refused_on_a_day(tmp_path: Path, word: str, end: str, meant: str) -> None:
    made = [*rows(4), *([*row[:3], end, word] for row in rows(6)[4:])]
    notes = said(csv_file(tmp_path / "so.csv", [HEAD, *made]))
    assert [f"ở 2 dòng có ngày kết thúc được hiểu là {meant}" in n for n in notes] == (
        [True] * bool(meant)
    )


@pytest.mark.parametrize("code", ["03820400123{n}", "09{n}2345678", "HS-09{n}2345678"])
def test_peoples_own_numbers_are_no_codes(tmp_path: Path, code: str) -> None:
    made = [[code.format(n=7 * n % 10), *row[1:]] for n, row in enumerate(rows())]
    with pytest.raises(ColumnsError) as refused:
        take(csv_file(tmp_path / "so.csv", [HEAD, *made]))
    assert "“Mã hồ sơ”" in str(refused.value) and "2345" not in str(refused.value)


@pytest.mark.parametrize(
    "more", ["\n{name}\n0912345678", " {name} 0912345678", "\n{name}", " ({name})"]
)
def test_a_code_with_a_name_below_it_is_the_code(tmp_path: Path, more: str) -> None:
    made = [[row[0] + more.format(name=NAME), *row[1:]] for row in rows(3)]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": [HEAD, *made]}))
    assert taken.frame["code"].tolist() == [row[0] for row in rows(3)]
    made = [["H-24-000" + row[0][-1] + more.format(name=NAME), *row[1:]] for row in rows(3)]
    if "\n" in more:
        taken = take(xlsx_file(tmp_path / "so2.xlsx", {"Sổ": [HEAD, *made]}))
        assert taken.frame["code"].tolist() == ["H-24-0001", "H-24-0002", "H-24-0003"]
