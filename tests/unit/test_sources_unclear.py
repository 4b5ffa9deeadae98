"""A question that is not on the five points makes no figure without a questionnaire."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc_analysis.errors import ColumnsError
from cchc_analysis.questionnaire import load, scored
from cchc_analysis.sources import Intake

from ..sheets import csv_file, take

YES_NO = "Ông/bà có phải đi lại bổ sung hồ sơ không?"
TEN = "Mức độ hài lòng chung (thang điểm 1-10)"
LIKERT = ["Công chức [Lịch sự]", "Tiếp cận [Sạch sẽ]"]
FILE = "data/plans/thieu-van/questionnaire.csv"


def survey(folder: Path, header: str, answers: list[Any], **more: Any) -> Intake:
    """A form a day with two Likert items beside the question."""
    rows = [[f"{day:02d}/01/2024", "Hài lòng", "Hài lòng", answer]
            for day, answer in enumerate(answers, start=1)]  # fmt: skip
    return take(csv_file(folder / "ks.csv", [["Ngày khảo sát", *LIKERT, header], *rows]), **more)


def others(frame: pd.DataFrame) -> pd.DataFrame:
    """What is neither of the Likert items."""
    return frame[~frame["item"].isin(["Lịch sự", "Sạch sẽ"])]


@pytest.mark.parametrize(
    ("header", "answers", "why"),
    [
        (YES_NO, ["Không"] * 9 + ["Có"], "chỉ là “Có” hoặc “Không”"),
        (YES_NO, ["Có"] * 9 + ["Không", "", "Không biết"], "chỉ là “Có” hoặc “Không”"),
        (f"Thủ tục hành chính [{YES_NO}]", ["không", "CÓ"], "chỉ là “Có” hoặc “Không”"),
        (TEN, [4, 5, 3, 4], "thang 10 điểm"),
        ("Danh gia chung (thang diem 10)", [4, 5, 3, 4], "thang 10 điểm"),
        ("Kết quả [Đúng hẹn (từ 1 đến 4)]", [4, 1, 3, 4], "thang 4 điểm"),
        ("Mức độ hài lòng chung", [8, 9, 4, 5, 7], "cao nhất là 9 (dòng 2, 3, 6)"),
        ("Mức độ hài lòng chung", ["8/10", "4/10", "5 điểm"], "cao nhất là 8 (dòng 2)"),
        ("Kết quả [Đúng hẹn (thang điểm 100)]", [80, 3, 5], "thang 100 điểm"),
    ],
)
def test_another_kind_of_question_is_left_out(
    tmp_path: Path, header: str, answers: list[Any], why: str
) -> None:
    taken = survey(tmp_path, header, answers)
    assert others(taken.frame).empty
    assert len(taken.frame) == 2 * len(answers) == 2 * taken.receipt.accepted
    note, again, *whole = taken.receipt.notes
    assert "cchc withdraw" in again and all("mức hài lòng chung" in said for said in whole)
    assert f"“{header}"[:50] in note and why in note and FILE in note
    assert len(taken.receipt.dropped) == 1


@pytest.mark.parametrize(
    ("header", "answers"),
    [
        ("Mức độ hài lòng chung", ["Không", "Hài lòng"]),  # short for dissatisfied
        ("Mức độ hài lòng chung", [5, 4, "Không ý kiến"]),
        ("Mức độ hài lòng chung", [5, 4, 3, 2, 1] * 5 + [6]),  # a slip among many
        ("Đánh giá chung (thang điểm 1-5)", [5, 4]),
        ("Đánh giá chung (1-10)", ["Hài lòng", "Rất hài lòng"]),
        ("Kết quả [Đúng hẹn trong tháng 10]", [5, 4]),
        ("Kết quả [1.10 Đúng hẹn]", [5, 4]),
    ],
)
def test_five_points_are_read_as_ever(tmp_path: Path, header: str, answers: list[Any]) -> None:
    assert len(others(survey(tmp_path, header, answers).frame)) == len(answers)


def test_a_mapping_may_say_what_yes_and_no_mean(tmp_path: Path) -> None:
    from cchc_analysis.sources import Mapping

    words = '[values.answer]\n"có" = "Không hài lòng"\n"không" = "Hài lòng"\n'
    mapping = Mapping.parse(f'table = "survey"\n[columns]\nanswered_at = "Ngày khảo sát"\n{words}')
    taken = survey(tmp_path, YES_NO, ["Không", "Không", "Có"], mapping=mapping)
    assert others(taken.frame)["answer"].tolist() == ["Hài lòng", "Hài lòng", "Không hài lòng"]


def test_the_questionnaire_says_how_each_is_read(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    rows = ["item,reverse,scale,overall", *LIKERT, f"{YES_NO},yes,2,", f"{TEN},,10,yes"]
    path.write_text("\n".join(rows), encoding="utf-8")
    asked = load(tmp_path, "thieu-van")
    no, ten = (
        others(scored(survey(tmp_path, *question, questionnaire=asked).frame, asked))
        for question in ((YES_NO, ["Không", "Có"]), (TEN, [8, 5]))
    )
    assert no["score"].tolist() == [2, 1] and no["satisfied"].tolist() == [True, False]
    assert ten["score"].tolist() == [8, 5] and ten["satisfied"].tolist() == [True, False]


def test_a_file_with_nothing_else_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "ks.csv", [["Ngày", TEN], ["02/01/2024", 8], ["03/01/2024", 4]])
    with pytest.raises(ColumnsError) as refused:
        take(path)
    assert TEN in str(refused.value) and FILE in str(refused.value)


def test_columns_of_a_survey_that_nobody_knows_point_to_the_questionnaire(tmp_path: Path) -> None:
    *_, note = survey(tmp_path, "Số lần phải đi lại", [5, 4, 3]).receipt.notes
    assert "“Số lần phải đi lại”" in note and FILE in note
