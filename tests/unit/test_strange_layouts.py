"""Layouts of offices that nobody asked: what they hold is read, or said not to be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.questionnaire import scored

from ..sheets import csv_file, take, xlsx_file

HEAD = ["STT", "Mã hồ sơ", "Lĩnh vực", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả",
        "Ngày xử lý xong", "Trạng thái"]  # fmt: skip


def row(n: int, *days: str, status: str = "Đã trả kết quả") -> list[Any]:
    received, due, finished = (*days, "", "", "")[:3]
    return [n, f"H-24-{n:04}", "Hộ tịch", "Trực tiếp", received, due, finished, status]


def test_a_second_head_that_differs_in_one_column_is_no_repeated_one(tmp_path: Path) -> None:
    second = [name if name != "Ngày xử lý xong" else "Ngày yêu cầu bổ sung" for name in HEAD]
    rows = [HEAD, row(1, "01/07/2024", "05/07/2024", "03/07/2024"), ["B. ĐANG GIẢI QUYẾT"], second,
            row(2, "01/07/2024", "05/07/2024", "02/07/2024", status="Chờ bổ sung")]  # fmt: skip
    frame = take(csv_file(tmp_path / "so.csv", rows)).frame
    assert frame["finished_at"].notna().tolist() == [True, False]
    assert frame["supplement_requested_at"].notna().tolist() == [False, True]


def test_a_table_that_lacks_a_column_of_the_others_is_told(tmp_path: Path) -> None:
    rows = [HEAD, row(1, "01/07/2024"), HEAD[:5] + HEAD[6:], [*row(2, "02/07/2024")[:5], "", ""]]
    notes = take(csv_file(tmp_path / "so.csv", rows)).receipt.notes
    assert any("dòng 3" in note and "“Ngày hẹn trả”" in note for note in notes)
    whole = take(csv_file(tmp_path / "b.csv", rows[:2])).receipt.notes
    assert not any("Ngày hẹn trả" in note for note in whole)


def test_the_same_head_in_other_spelling_is_a_repeated_one(tmp_path: Path) -> None:
    again = [name.upper() for name in HEAD]
    rows = [HEAD, row(1, "01/07/2024"), again, row(2, "02/07/2024")]
    taken = take(csv_file(tmp_path / "so.csv", rows))
    assert taken.receipt.rows_in == 2 and len(taken.frame) == 2


def test_a_list_of_some_dossiers_on_a_sheet_of_its_own_tells_nothing_new(tmp_path: Path) -> None:
    whole = [row(n, "01/07/2024", "05/07/2024", "08/07/2024", status=s)
             for n, s in enumerate(("Đã rút hồ sơ", "Đã trả kết quả"), 1)]  # fmt: skip
    late = [["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong"],
            *[[r[1], *r[4:7]] for r in whole]]  # fmt: skip
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": [HEAD, *whole], "Trễ hạn": late}))
    assert taken.frame["status"].tolist() == ["withdrawn", "handed_over"]
    assert taken.receipt.duplicates == 2
    assert any("“Trễ hạn”" in note for note in taken.receipt.notes)


def test_a_list_that_knows_more_is_another_version(tmp_path: Path) -> None:
    known = [["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong"],
             ["H-24-0001", "01/07/2024", "05/07/2024", "08/07/2024"]]  # fmt: skip
    sheets = {"Sổ": [HEAD, row(1, "01/07/2024", "05/07/2024", status="")], "Trễ hạn": known}
    assert len(take(xlsx_file(tmp_path / "so.xlsx", sheets)).frame) == 2


def test_days_of_early_july_beside_texts_of_late_july_are_right_as_they_are(tmp_path: Path) -> None:
    days = [dt.datetime(2024, 7, day) for day in (1, 2, 3, 4, 5, 8, 9, 10)]
    rows = [[n, f"H-24-{n}", "", "", day, f"{day.day + 13}/07/2024", "", ""]
            for n, day in enumerate(days)]  # fmt: skip
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": [HEAD, *rows]}))
    assert taken.frame["received_at"].tolist() == days
    assert not any("đảo" in note for note in taken.receipt.notes)


@pytest.mark.parametrize("total", [2.0, "2"])
def test_a_total_is_read_as_it_stands(tmp_path: Path, total: Any) -> None:
    rows = [HEAD, row(1, "01/07/2024"), row(2, "02/07/2024"), ["Tổng cộng", total]]
    notes = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": rows})).receipt.notes
    assert not any("tổng số" in note.lower() for note in notes)


def test_actual_days_are_days_and_no_column_of_results_is_said(tmp_path: Path) -> None:
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc thực tế"]
    data = ["H-24-0001", "01/07/2024", "05/07/2024", "03/07/2024"]
    taken = take(csv_file(tmp_path / "a.csv", [head, data]))
    assert taken.frame["finished_at"].notna().all()
    notes = take(csv_file(tmp_path / "b.csv", [head[:3], data[:3]])).receipt.notes
    assert any("ngày có kết quả" in note and "QUAN TRỌNG" in note for note in notes)


@pytest.mark.parametrize("shape", ["{n} - {word}", "{n}. {word}", "{word} ({n})", "{n}: {word}"])
def test_answers_with_their_number_are_answers(tmp_path: Path, shape: str) -> None:
    words = {5: "Rất hài lòng", 4: "Hài lòng", 3: "Bình thường"}
    rows = [["Dấu thời gian", "Thái độ của công chức", "Mức độ hài lòng chung"],
            *[[f"0{n}/07/2024 08:00"] + [shape.format(n=n, word=word)] * 2
              for n, word in words.items()]]  # fmt: skip
    taken = take(csv_file(tmp_path / "ks.csv", rows))
    assert sorted(scored(taken.frame)["score"].dropna()) == [3, 3, 4, 4, 5, 5]
