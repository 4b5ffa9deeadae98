"""Surveys as other offices and tools export them, read without a questionnaire."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc_analysis.errors import ColumnsError, FileError
from cchc_analysis.questionnaire import scored
from cchc_analysis.sources import Intake, Mapping

from ..sheets import csv_file, take, xlsx_file

SEATS, SHOWN, POLITE = (
    "Nơi ngồi chờ đủ chỗ", "Thủ tục được niêm yết công khai", "Công chức lịch sự",
)  # fmt: skip
ASKED = [SEATS, SHOWN, POLITE]
WHOLE = "Mức độ hài lòng chung về sự phục vụ"
HEADER = ["Dấu thời gian", *ASKED, WHOLE]


def survey(folder: Path, header: list[str], *rows: list[Any]) -> Intake:
    return take(csv_file(folder / "ks.csv", [header, *rows]))


def forms(taken: Intake) -> list[list[float]]:
    """The points respondent by respondent, 0 for none."""
    made = scored(taken.frame)
    return [each["score"].fillna(0).tolist() for _, each in made.groupby("row", sort=True)]


def said(taken: Intake, words: str) -> bool:
    return any(words in note for note in taken.receipt.notes)


@pytest.mark.parametrize(
    "answers",
    [
        ["5/5", "4/5", "3/5", "2/5"],
        ["5 điểm", "4 điểm", "3 điểm", "2 điểm"],
        ["★★★★★", "★★★★☆", "★★★", "★★☆☆☆"],
        ["rất đồng ý", "Đồng ý", "Phân vân", "Không đồng ý"],
        ["Rất hài lòng (5 điểm)", "4 - Hài lòng", "TRUNG LẬP", "Khong hai long"],
        [5, 4, 3, 2],
        ["5.0", "4.0", "3", "2.0"],
    ],
)
def test_answers_in_any_writing(tmp_path: Path, answers: list[Any]) -> None:
    turned = [[*answers[n:], *answers[:n]] for n in range(4)]
    rows = [[f"0{n + 1}/11/2024 08:00:00", *given] for n, given in enumerate(turned)]
    found = forms(survey(tmp_path, HEADER, *rows))
    assert found == [[5, 4, 3, 2], [4, 3, 2, 5], [3, 2, 5, 4], [2, 5, 4, 3]]


def test_digits_alone_are_said_to_be_of_five_points(tmp_path: Path) -> None:
    header = [*HEADER, "Số lần phải đi lại", "Trình độ học vấn"]
    taken = survey(tmp_path, header, ["01/11/2024 08:00", 5, 4, 4, 5, 4, 3])
    assert forms(taken) == [[5, 4, 4, 5]]
    assert said(taken, "5 là tốt nhất") and said(taken, "“Số lần phải đi lại”")


def test_a_table_of_counts_is_no_survey(tmp_path: Path) -> None:
    header = ["Thôn", "Hộ đã có tài khoản định danh", "Hộ đã cài ứng dụng", "Hộ chưa có điện thoại"]
    with pytest.raises(ColumnsError):
        survey(tmp_path, header, ["Thôn 1", 5, 4, 2], ["Thôn 2", 4, 4, 1])


def test_forms_of_one_day_that_are_alike_are_of_several_people(tmp_path: Path) -> None:
    header = ["STT", "Ngày khảo sát", *ASKED]
    pleased = ["15/11/2024", "Hài lòng", "Hài lòng", "Hài lòng"]
    taken = survey(tmp_path, header, *([n, *pleased] for n in (1, 2, 3, 3)))
    assert taken.receipt.accepted == taken.frame["respondent"].nunique() == 3
    assert taken.receipt.duplicates == 1  # the number as well
    assert said(taken, "2 phiếu giống hệt")


def test_a_sheet_that_copies_another_does_not_count_twice(tmp_path: Path) -> None:
    rows = [["Ngày khảo sát", *ASKED], *(
        [f"0{n}/11/2024", "Hài lòng", word, "Hài lòng"]
        for n, word in enumerate(("Hài lòng", "Bình thường", "Rất hài lòng"), start=1)
    )]  # fmt: skip
    taken = take(xlsx_file(tmp_path / "ks.xlsx", {"Tổng hợp": rows, "Tháng 11": rows}))
    assert (taken.receipt.accepted, taken.receipt.duplicates) == (3, 3)


def test_the_same_form_in_words_and_in_codes_is_one_respondent(tmp_path: Path) -> None:
    words = survey(tmp_path, HEADER, ["01/11/2024 08:00:00", *["Hài lòng"] * 4]).frame
    codes = survey(tmp_path, HEADER, ["01/11/2024 08:00:00", 4, 4, 4, 4]).frame
    assert set(words["respondent"]) == set(codes["respondent"])


def test_forms_that_are_not_understood_are_told(tmp_path: Path) -> None:
    rows = [
        ["01/11/2024 08:00", *["Tạm gọi là hài lòng"] * 4],
        ["02/11/2024 08:00", *["Tạm gọi là hài lòng"] * 3, "Hài lòng"],
        *([f"{day:02}/11/2024 08:00", *["Hài lòng"] * 4] for day in range(3, 12)),
    ]
    taken = survey(tmp_path, HEADER, *rows)
    assert [(row.row, row.rule) for row in taken.set_aside] == [(2, "answers_unread")]
    assert said(taken, "QUAN TRỌNG: chưa hiểu 7 câu trả lời")


@pytest.mark.parametrize(
    "header",
    [
        "Nhìn chung Ông/Bà hài lòng ở mức độ nào?", "6. Mức độ hài lòng chung của Ông/Bà",
        "Sự hài lòng chung về dịch vụ", "Đánh giá chung của Ông/Bà về Bộ phận Một cửa",
    ],
)  # fmt: skip
def test_the_question_on_the_whole_in_other_words(tmp_path: Path, header: str) -> None:
    row = ["01/11/2024 08:00", *["Hài lòng"] * 3, "Rất hài lòng"]
    frame = survey(tmp_path, ["Dấu thời gian", *ASKED, header], row).frame
    assert frame.loc[frame["item"] == "overall", "answer"].tolist() == ["Rất hài lòng"]


def test_no_question_on_the_whole_is_told(tmp_path: Path) -> None:
    taken = survey(tmp_path, HEADER[:-1], ["01/11/2024 08:00", *["Hài lòng"] * 3])
    assert said(taken, "QUAN TRỌNG: không nhận ra câu hỏi về mức hài lòng chung")


def test_where_one_is_the_best_digits_are_left_out(tmp_path: Path) -> None:
    legend = "1 = Rất hài lòng; 2 = Hài lòng; 3 = Bình thường; 5 = Rất không hài lòng"
    rows = [[legend], HEADER, ["01/11/2024 08:00", "Hài lòng", 1, 2, 1]]
    taken = take(xlsx_file(tmp_path / "ks.xlsx", {"KS": rows}))
    assert forms(taken) == [[4]]
    assert said(taken, "1 là mức tốt nhất")


def test_a_low_mark_of_ten_is_no_high_one_of_five(tmp_path: Path) -> None:
    rows = [[f"0{n}/11/2024 08:00", 9, 5, 10 - n % 2, "Hài lòng"] for n in range(1, 6)]
    header = ["Dấu thời gian", "Kết quả [Đủ]", "Kết quả [Đúng hẹn]", "Kết quả [Đúng]", WHOLE]
    taken = survey(tmp_path, header, *rows)
    assert set(taken.frame["item"]) == {"overall"}
    assert said(taken, "“Kết quả [Đúng hẹn]”: các câu khác của phiếu có vẻ theo thang 10")


def test_a_sheet_with_a_column_a_form_is_to_be_turned(tmp_path: Path) -> None:
    header = ["Nội dung", *(f"Phiếu {n}" for n in range(1, 6))]
    with pytest.raises(ColumnsError, match="Chuyển vị"):
        survey(tmp_path, header, *([asked, *["Hài lòng"] * 5] for asked in ASKED))


def test_forms_about_other_communes_are_told(tmp_path: Path) -> None:
    rows = [["01/11/2024 08:00", *["Hài lòng"] * 4, unit]
            for unit in ("Xã Thiệu Vân", "Xã Đông Lĩnh", "Xã Đông Lĩnh")]  # fmt: skip
    taken = survey(tmp_path, [*HEADER, "Cơ quan giải quyết"], *rows)
    assert said(taken, "ghi đơn vị khác ở 2 phiếu")


def test_what_is_about_the_respondent_is_no_question(tmp_path: Path) -> None:
    header = ["Dấu thời gian", "Thông tin chung [Nơi làm việc]", "Công chức [Lịch sự]", WHOLE]
    taken = survey(tmp_path, header, ["01/11/2024 08:00", 1, "Hài lòng", "Hài lòng"])
    assert taken.frame["item"].tolist() == ["Lịch sự", "overall"]


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("Timestamp", "2024/11/12 9:05:33 PM GMT+7"),
        ("Dấu thời gian", "2024/11/12 9:05:33 CH GMT+7"),
        ("Completion time", "12/11/2024 21:05:33"), ("submitdate", "2024-11-12 21:05:33"),
        ("_submission_time", "2024-11-12T14:05:33Z"),
    ],
)  # fmt: skip
def test_when_other_tools_say_it_was_answered(tmp_path: Path, header: str, spoken: str) -> None:
    frame = survey(tmp_path, [header, *ASKED], [spoken, *["Hài lòng"] * 3]).frame
    assert set(frame["answered_at"]) == {pd.Timestamp(2024, 11, 12, 21, 5, 33)}


def test_a_tool_with_two_header_rows_and_the_month_first(tmp_path: Path) -> None:
    top = ["Respondent ID", "End Date", "Hài lòng về các nội dung sau", "", WHOLE]
    below = ["", "", POLITE, SEATS, "Response"]
    days = ["10/05/2024", "10/07/2024", "11/12/2024", "11/25/2024", "12/28/2024", "12/30/2024"]
    rows = [[n, f"{day} 09:05:33 AM", *["Hài lòng"] * 3] for n, day in enumerate(days)]
    path = csv_file(tmp_path / "ks.csv", [top, below, *rows])
    with pytest.raises(FileError, match="dayfirst = false"):
        take(path)
    taken = take(path, mapping=Mapping.parse('table = "survey"\ndayfirst = false\n'))
    assert taken.frame["answered_at"].min() == pd.Timestamp(2024, 10, 5, 9, 5, 33)
    assert set(taken.frame["item"]) >= {"overall"} and taken.frame["respondent"].nunique() == 6


def test_a_column_of_days_that_nobody_knows_is_named(tmp_path: Path) -> None:
    header = ["Hôm điền", *ASKED]
    path = csv_file(tmp_path / "ks.csv", [header, ["12/11/2024", *["Hài lòng"] * 3]])
    taken = take(path, exported_at=dt.datetime(2025, 1, 6, 8))
    assert said(taken, "“Hôm điền” có vẻ ghi ngày")


def test_a_packed_file_is_to_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "Phieu.csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Phieu.csv", "a,b\n1,2\n")
    with pytest.raises(FileError, match="giải nén"):
        take(path)
