"""A stranger's survey is read by the unit's questionnaire, and keeps nothing about people."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cchc_analysis.errors import ColumnsError, FileError
from cchc_analysis.privacy import Masker
from cchc_analysis.questionnaire import Questionnaire, load, scored
from cchc_analysis.sources import Intake, Mapping
from cchc_analysis.sources.survey import dossier_key
from cchc_analysis.store import Store

from ..sheets import csv_file, line, register, take, xlsx_file

ASKED = [
    "item,factor,wording,reverse,scale,dont_know,overall",
    "N1,Công chức,Công chức lịch sự,,4,9,",
    "N2,Kết quả,Phải chờ quá lâu,yes,4,9,",
    "N3,,Phòng chờ sạch sẽ,,4,9,",
    "Q10,,Nhìn chung ông/bà thấy thế nào,,10,99,yes",
]
CODES = ["N1", "N2", "N3", "Q10"]
EXPORTED = dt.datetime(2024, 4, 5, 8)
CODE = "000.17.31.H56-240102-0001"


@pytest.fixture
def asked(tmp_path: Path) -> Questionnaire:
    return questionnaire(tmp_path, *ASKED)


def questionnaire(folder: Path, *rows: str) -> Questionnaire:
    path = folder / "data" / "plans" / "thieu-van" / "questionnaire.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = load(folder, "thieu-van")
    assert found is not None
    return found


def survey(
    folder: Path, asked: Questionnaire | None, *rows: list[Any], name: str = "a.csv", **more: Any
) -> Intake:
    path = csv_file(folder / name, rows)
    return take(path, questionnaire=asked, **{"exported_at": EXPORTED, **more})


def answers(taken: Intake) -> list[list[str]]:
    """The answers respondent by respondent, empty for none."""
    frame = taken.frame[taken.frame["item"] != "comment"]
    return [group["answer"].fillna("").tolist() for _, group in frame.groupby("row", sort=True)]


def test_codes_and_digits_alone(tmp_path: Path, asked: Questionnaire) -> None:
    taken = survey(tmp_path, asked, CODES, [1, 2, 3, 4], [4, 1, 9, 10], [3, 3, 3, 99])
    assert taken.table == "survey"
    assert answers(taken) == [["1", "2", "3", "4"], ["4", "1", "9", "10"], ["3", "3", "3", "99"]]
    first = taken.frame.iloc[:4]
    assert first["item"].tolist() == ["N1", "N2", "N3", "overall"]
    assert first["factor"].fillna("").tolist() == ["3", "4", "", "overall"]
    made = scored(taken.frame, asked)
    assert made["score"].fillna(0).tolist() == [1, 3, 3, 4, 4, 4, 0, 10, 3, 2, 3, 0]
    assert made["dont_know"].sum() == 2


def test_without_the_file_it_is_no_survey(tmp_path: Path) -> None:
    with pytest.raises(ColumnsError):
        survey(tmp_path, None, CODES, [4, 1, 9, 10])


def test_wordings_in_any_spelling(tmp_path: Path, asked: Questionnaire) -> None:
    header = ["CONG CHUC LICH SU?", "2. Phải chờ  quá lâu", "Phòng chờ sạch sẽ", "Ghi chú"]
    asked = questionnaire(tmp_path, *ASKED[:4], "Chung,,,,10,,yes")
    taken = survey(tmp_path, asked, header, ["Rất hài lòng", "không đồng ý", "3", "x"])
    assert answers(taken) == [["Rất hài lòng", "không đồng ý", "3"]]
    assert any("“Chung”" in note for note in taken.receipt.notes)  # named as not in the file


def test_codes_that_are_numbers(tmp_path: Path) -> None:
    asked = questionnaire(tmp_path, "item,scale", "1.1,5", "1.2,5", "11,5")
    path = xlsx_file(tmp_path / "a.xlsx", {"KS": [[1.1, 1.2, 11], [5, 4, 3], [1, 2, 3]]})
    taken = take(path, questionnaire=asked, exported_at=EXPORTED)
    assert taken.frame["item"].tolist()[:3] == ["1.1", "1.2", "11"]
    assert answers(taken) == [["5", "4", "3"], ["1", "2", "3"]]


def test_among_many_columns_of_others(tmp_path: Path) -> None:
    asked = questionnaire(tmp_path, "item,scale,dont_know,no_answer", *(
        f"R489{n}00,4,-2,-1|-5" for n in (36, 37, 38)
    ))  # fmt: skip
    others = [f"S0{n}20800" for n in range(9)]
    header = [*others, "R4893600", "R4893700", "R4893800"]
    rows = [[*range(9), 4, -2, -1], [*range(9), 1, 2, 3], [*range(9), -5, -5, -5]]
    taken = survey(tmp_path, asked, header, *rows)
    assert answers(taken) == [["4", "-2", ""], ["1", "2", "3"]]
    assert [row.rule for row in taken.set_aside] == ["answers_missing"]
    assert scored(taken.frame, asked)["dont_know"].sum() == 1


def test_answers_off_the_scale_are_named_and_not_kept(tmp_path: Path, asked: Questionnaire) -> None:
    rows = [[5, "chị Kín 0912345678", 3, 10], [4, 4, "", "11"]]
    taken = survey(tmp_path, asked, CODES, *rows)
    assert answers(taken) == [["", "", "3", "10"], ["4", "4", "", ""]]
    named = [
        note
        for note in taken.receipt.notes
        if "chưa hiểu ở" in note or "chưa hiểu câu trả lời “" in note
    ]
    found = [re.search(r"“(\w+)”.* dòng ([\d, ]+), để trống", note) for note in named]
    assert [f and f.groups() for f in found] == [("N1", "2"), ("N2", "2"), ("Q10", "3")]
    assert all("data/plans/thieu-van/questionnaire.csv" in note for note in named)
    assert "Kín" not in taken.frame.to_csv() + str(taken.receipt.as_dict())


def test_a_form_without_an_answer_is_set_aside(tmp_path: Path, asked: Questionnaire) -> None:
    rows = [4, 4, 4, 4], ["x", "y", "", "t"], ["NA", "NA", "NA", "NA"]
    taken = survey(tmp_path, asked, CODES, *rows)
    set_aside = [(row.row, row.rule) for row in taken.set_aside]
    assert set_aside == [(3, "answers_unread"), (4, "answers_missing")]
    assert "values.answer" not in taken.set_aside[1].remedy
    assert any("QUAN TRỌNG" in note and "3 câu trả lời" in note for note in taken.receipt.notes)


def test_who_answered_by_a_mapping(tmp_path: Path, asked: Questionnaire) -> None:
    mapping = Mapping.parse(
        'table = "survey"\n[columns]\ngender = "sex"\nage_group = "age"\nanswered_at = "when"\n'
        '[values.gender]\n"1" = "Nam"\n"2" = "Nữ"\n[values.answer]\n"top" = "4"\n'
    )
    header = ["id", "sex", "age", "when", *CODES, "phone"]
    taken = survey(
        tmp_path, asked, header,
        ["a7", 1, 24, "02/01/2024", "top", 1, 1, 1, "0912345678"],
        ["a8", 2, 61, "03/01/2024", 4, 1, 1, 1, "0912345678"],
        ["a9", 2, "35-49", "03/01/2024", 4, 1, 1, 1, "0912345678"],
        ["b1", "", 3, "03/01/2024", 4, 1, 1, 1, "0912345678"],
        mapping=mapping,
    )  # fmt: skip
    who = taken.frame.drop_duplicates("row")
    assert who["gender"].fillna("").tolist() == ["Nam", "Nữ", "Nữ", ""]
    assert who["age_group"].tolist() == ["Dưới 25", "Trên 60", "35-49", "3"]
    assert taken.frame["answer"][0] == "4"
    assert who["answered_at"].dt.day.tolist() == [2, 3, 3, 3]
    kept = taken.frame.to_csv()
    assert "0912345678" not in kept and "a7" not in kept


@pytest.mark.parametrize(
    ("name", "exported", "day"),
    [
        ("a.csv", EXPORTED, dt.date(2024, 4, 5)),
        ("KhaoSat_Q1_2024.csv", EXPORTED, dt.date(2024, 3, 31)),
        ("KhaoSat_Q1_2024.csv", None, dt.date(2024, 3, 31)),
        ("KhaoSat_Q1_2024.csv", dt.datetime(2024, 3, 5), dt.date(2024, 3, 5)),
    ],
)
def test_forms_without_a_day(
    tmp_path: Path, asked: Questionnaire, name: str, exported: dt.datetime | None, day: dt.date
) -> None:
    taken = survey(tmp_path, asked, CODES, [4, 4, 4, 4], name=name, exported_at=exported)
    assert {moment.date() for moment in taken.frame["answered_at"]} == {day}
    assert any(f"{day:%d/%m/%Y}" in note for note in taken.receipt.notes)


def test_forms_without_any_day_ask_for_one(tmp_path: Path, asked: Questionnaire) -> None:
    with pytest.raises(FileError, match="--exported-at"):
        survey(tmp_path, asked, CODES, [4, 4, 4, 4], exported_at=None)


def test_forms_alike_without_a_day_are_people_of_their_own(
    tmp_path: Path, asked: Questionnaire
) -> None:
    taken = survey(tmp_path, asked, CODES, *[[4, 4, 4, 4]] * 3)
    assert taken.receipt.accepted == 3 and taken.receipt.duplicates == 0
    assert taken.frame["respondent"].nunique() == 3
    assert any(note.startswith("Có 2 phiếu") for note in taken.receipt.notes)


def test_some_questions_by_the_file_the_others_by_their_headers(tmp_path: Path) -> None:
    asked = questionnaire(tmp_path, "item,reverse", "Công chức [Phải chờ lâu],yes")
    header = ["Ngày", "Công chức [Phải chờ lâu]", "Công chức [Lịch sự]", "Có nộp qua mạng không",
              "Mức độ hài lòng chung"]  # fmt: skip
    taken = survey(tmp_path, asked, header, ["02/01/2024", "Hài lòng", "Tốt", "Không", "4"])
    assert taken.frame["item"].tolist() == ["Phải chờ lâu", "Lịch sự", "overall"]
    assert taken.frame["factor"].tolist() == ["3", "3", "overall"]
    assert scored(taken.frame, asked)["score"].tolist() == [2, 4, 4]


def test_a_register_stays_a_register(tmp_path: Path) -> None:
    asked = questionnaire(tmp_path, "item", "Trạng thái", "Lĩnh vực", "N1")
    path = register(tmp_path / "so.xlsx", line(1), line(2))
    assert take(path, questionnaire=asked).table == "dossiers"


# -- the dossier of a form --------------------------------------------------------------------


def test_a_dossier_is_kept_as_a_keyed_hash_alone(tmp_path: Path, asked: Questionnaire) -> None:
    masker = Masker.of(tmp_path)
    header = ["Mã hồ sơ (nếu nhớ)", *CODES]
    rows = [[f" {CODE.lower()} ", 4, 1, 1, 1], ["", 3, 1, 1, 1], ["không nhớ", 2, 1, 1, 1]]
    taken = survey(tmp_path, asked, header, *rows, masker=masker)
    linked = taken.frame.groupby("row")["dossier"].first()
    assert linked.fillna("").tolist() == [dossier_key(masker, CODE), "", ""]
    assert dossier_key(masker, CODE) not in (None, masker.code(CODE), masker.code(f" {CODE}"))
    assert dossier_key(Masker(b"another"), CODE) != dossier_key(masker, CODE)
    store = Store(tmp_path, "thieu-van")
    export = store.add(taken)
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    read = duckdb.sql(f"SELECT * FROM '{export.path}'").df().to_csv()
    whole = read + "".join(path.read_bytes().decode("latin-1") for path in files)
    for part in (CODE, "240102-0001", "H56-240102"):
        assert part.lower() not in whole.lower()
    assert str(dossier_key(masker, CODE)) in read


def test_without_the_key_no_dossier_is_read(tmp_path: Path, asked: Questionnaire) -> None:
    taken = survey(tmp_path, asked, ["Mã hồ sơ", *CODES], [CODE, 4, 1, 1, 1])
    assert taken.frame["dossier"].isna().all()
    assert taken.receipt.dropped == ["Mã hồ sơ"]
    assert "dossier" not in taken.receipt.columns


def test_the_dossier_makes_no_other_respondent(tmp_path: Path, asked: Questionnaire) -> None:
    rows = ["Mã hồ sơ", *CODES], [CODE, 4, 1, 1, 1]
    without = survey(tmp_path, asked, *rows)
    linked = survey(tmp_path, asked, *rows, masker=Masker(b"k"))
    assert set(without.frame["respondent"]) == set(linked.frame["respondent"])
