"""Answers in words or digits become points; what is no answer becomes none; mistakes are named."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from cchc_analysis import shipped
from cchc_analysis.errors import PlanError
from cchc_analysis.questionnaire import Question, Questionnaire, load, scales, scored

from ..sheets import take

HEADER = "item,factor,wording,reverse,scale,satisfied_from,dont_know,answers,overall"


def written(folder: Path, *rows: str, header: str = HEADER) -> Questionnaire | None:
    path = folder / "data" / "plans" / "x" / "questionnaire.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return load(folder, "x")


def one(folder: Path, row: str) -> Question:
    found = written(folder, row)
    assert found is not None
    return found.questions[0]


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (3, ["Không hài lòng", "Bình thường", "Hài lòng"]),
        (4, ["Rất không hài lòng", "Không hài lòng", "Hài lòng", "Rất hài lòng"]),
        (5, ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]),
        (7, ["Rất không hài lòng", "Không hài lòng", "Hơi không hài lòng", "Bình thường",
             "Hơi hài lòng", "Hài lòng", "Rất hài lòng"]),
    ],
)  # fmt: skip
def test_words_of_each_scale(scale: int, words: list[str]) -> None:
    question = Question("Q", scale=scale)
    plain = [w.lower().replace("ấ", "a").replace("à", "a").replace("ò", "o") for w in words]
    for spelt in (words, [w.upper() for w in words], [f" {w}. " for w in words], plain):
        assert [question.points(word) for word in spelt] == list(range(1, scale + 1))


@pytest.mark.parametrize("scale", [3, 4, 5, 6, 7, 8, 9, 10])
def test_digits_of_each_scale(scale: int) -> None:
    question = Question("Q", scale=scale)
    every = range(1, scale + 1)
    for pattern in ("{}", "{}.0", "{},00", " {} ", "{} điểm", "{}/" + str(scale), "{} - gì đó"):
        assert [question.points(pattern.format(n)) for n in every] == list(every)
    assert [question.points(t) for t in ("0", str(scale + 1), "-1", "2.5")] == ["unreadable"] * 4
    assert 2 <= question.threshold <= scale


def test_ends_of_ten() -> None:
    question = Question("Q", scale=10)
    assert (question.points("Rất không hài lòng"), question.points("rat hai long")) == (1, 10)
    assert question.points("Hài lòng") == "unreadable"  # six, seven, eight? not guessed


def test_words_beside_a_number_decide() -> None:
    question = Question("Q")
    texts = ["1 - Rất hài lòng", "5. Rất không hài lòng", "Hài lòng (2)", "4: Không biết", "★★★☆☆"]
    assert [question.points(t) for t in texts] == [5, 1, 4, "dont_know", 3]


def test_what_stands_beside_a_number_is_not_kept() -> None:
    assert Question("Q").read("4 - chị Lan 0912345678") == (4, "4")
    assert Question("Q").read("chị Lan 0912345678") == ("unreadable", None)


@pytest.mark.parametrize("text", ["Không có ý kiến", "KHONG BIET", "N/A", "không áp dụng"])
def test_i_do_not_know_is_no_score(text: str) -> None:
    assert Question("Q").points(text) == "dont_know"
    assert Question("Q").score(text) is None


@pytest.mark.parametrize("text", [None, "", " ", "-", "…", "NA", "nan", "bỏ trống"])
def test_blank_is_neither(text: str | None) -> None:
    assert Question("Q").read(text) == ("blank", None)


@pytest.mark.parametrize("scale", [3, 4, 5, 6, 7, 10])
def test_kept_answers_are_read_alike_again(scale: int) -> None:
    question = Question("Q", scale=scale)
    words = [*scales().points.get(scale, {}), *map(str, range(1, scale + 1)), *scales().dont_know]
    for word in words:
        points, kept = question.read(word)
        assert kept is not None and question.read(kept) == (points, kept)


def test_a_question_of_ones_own(tmp_path: Path) -> None:
    row = 'Q1,3,Chờ lâu,yes,4,,9|từ chối,"Không bao giờ|Ít khi|Nhiều khi|Luôn luôn",'
    question = one(tmp_path, row)
    texts = ["luon luon", "Không bao giờ", "2", "9", "9.0", "Từ chối", "Hài lòng", "5"]
    assert [question.score(t) for t in texts] == [1, 4, 3, None, None, None, None, None]
    assert [question.points(t) for t in texts[3:6]] == ["dont_know"] * 3
    assert question.points("Hài lòng") == "unreadable"  # its own words alone
    assert (question.factor, question.threshold) == ("3", 3)


def test_refused_and_not_asked_are_no_answers(tmp_path: Path) -> None:
    header = "item,scale,reverse,dont_know,no_answer"
    found = written(tmp_path, "calm,4,yes,-2,-1|-5|từ chối", header=header)
    assert found is not None
    texts = ["1", "-2", "-1", "-5", "Từ chối", "-3"]
    assert [found.questions[0].read(text) for text in texts] == [
        (1, "1"), ("dont_know", "-2"), *[("blank", None)] * 3, ("unreadable", None),
    ]  # fmt: skip
    for codes in ("9,9", ",4"):
        with pytest.raises(PlanError) as wrong:
            written(tmp_path, f"calm,4,,{codes}", header=header)
        assert wrong.value.column == "no_answer"


def test_factors_by_number_name_or_other_words(tmp_path: Path) -> None:
    found = written(tmp_path, "a,2", "b,Công chức", "c,CÔNG  CHỨC", "d,Vệ sinh", "e,")
    assert found is not None
    assert [q.factor for q in found.questions] == ["2", "3", "3", "Vệ sinh", ""]


def test_only_the_item_must_be_there(tmp_path: Path) -> None:
    found = written(tmp_path, "Q1", "", "Q2", header="item")
    assert found is not None
    assert [(q.item, q.scale, q.threshold) for q in found.questions] == [("Q1", 5, 4), ("Q2", 5, 4)]


def test_no_file_and_no_row_are_no_questionnaire(tmp_path: Path) -> None:
    (tmp_path / "data" / "plans").mkdir(parents=True)
    assert load(tmp_path, "x") is None
    assert written(tmp_path) is None


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([",3"], 2, "item"),
        (["Q1", "Q2,,,maybe"], 3, "reverse"),
        (["Q1,,,,1"], 2, "scale"),
        (["Q1,,,,11"], 2, "scale"),
        (["Q1,,,,năm"], 2, "scale"),
        (["Q1,,,,4,5"], 2, "satisfied_from"),
        (["Q1,,,,,1"], 2, "satisfied_from"),
        (["Q1,,,,5,,9|5"], 2, "dont_know"),
        (["Q1,,,,5,,98;99"], 2, "dont_know"),
        (["Q1,overall"], 2, "factor"),
        (["Q1,,,,5,,Hài lòng"], 2, "dont_know"),
        (["Q1,,,,3,,,Kém|Tốt"], 2, "answers"),
        (["Q1,,,,3,,,Kém|kem|Tốt"], 2, "answers"),
        (["Q1", "", "q1 "], 4, "item"),
        (["Q1,,,,,,,,yes", "Q2,,,,,,,,yes"], 3, "overall"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(
    tmp_path: Path, rows: list[str], row: int, column: str
) -> None:
    with pytest.raises(PlanError) as caught:
        written(tmp_path, *rows)
    assert f"x/questionnaire.csv, dòng {row}, cột “{column}”" in str(caught.value)


def test_a_misspelt_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"“revers”.*“reverse”"):
        written(tmp_path, "Q1,yes", header="item,revers")
    with pytest.raises(PlanError, match="“item”"):
        written(tmp_path, "Q1,yes", header="code,reverse")


def test_semicolons_as_excel_writes_them(tmp_path: Path) -> None:
    found = written(tmp_path, "Q1;yes", header="item;reverse")
    assert found is not None and found.questions[0].reverse


def test_a_workspace_has_words_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "data" / "reference" / "answers.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[satisfied_from]\n5 = 5\n[scale.5]\n5 = ["Tuyệt"]\n', encoding="utf-8")
    question = one(tmp_path, "Q1")
    assert (question.points("tuyet"), question.threshold) == (5, 5)
    assert question.points("Hài lòng") == "unreadable"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[scale.5]\n1 = ['a']", "satisfied_from"),
        ("[satisfied_from]\n5 = 9", "“5”"),
        ("[satisfied_from]\n12 = 9", "“12”"),
        ("[satisfied_from]\n5 = 4\n[scale.5]\n6 = ['a']", "scale.5"),
        ("[satisfied_from]\n5 = 4\n[scale.5]\n1 = ['a']\n2 = ['A']", "scale.5"),
        ("[blanks]\nwords = []", "blanks"),
    ],
)
def test_mistakes_among_the_words_are_named(tmp_path: Path, text: str, named: str) -> None:
    own = tmp_path / "data" / "reference" / "answers.toml"
    own.parent.mkdir(parents=True)
    own.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"answers\.toml") as caught:
        scales(tmp_path)
    assert named in str(caught.value)


# -- scored -----------------------------------------------------------------------------------


def rows(*answers: tuple[str, str | None], factor: str | None = "1") -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "respondent": [f"r{i}" for i in range(len(answers))],
            "factor": [factor] * len(answers),
            "item": [item for item, _ in answers],
            "answer": [answer for _, answer in answers],
        }
    )
    return frame.astype("str")


def test_without_a_questionnaire_five_points() -> None:
    texts = ["Rất hài lòng", "4", "Bình thường", "Không có ý kiến", None, "7"]
    made = scored(rows(*[("Sạch sẽ", text) for text in texts]))
    assert made["score"].tolist()[:3] == [5, 4, 3] and made["score"][3:].isna().all()
    assert made["valid"].tolist() == [True] * 3 + [False] * 3
    assert made["satisfied"].tolist() == [True, True, False, False, False, False]
    assert made["dont_know"].tolist() == [False, False, False, True, False, False]
    assert made["scale"].tolist() == [5] * 6
    assert made["wording"].tolist() == ["Sạch sẽ"] * 6
    assert made["factor"].tolist() == ["1"] * 6


def test_comments_have_no_scale() -> None:
    made = scored(rows(("comment", None), ("Sạch sẽ", "5"), factor=None))
    assert made["scale"].isna().tolist() == [True, False]
    assert made["valid"].tolist() == [False, True]
    assert made["factor"].isna().all()


def test_no_rows() -> None:
    made = scored(rows())
    assert len(made) == 0 and {"score", "valid", "satisfied", "dont_know"} <= set(made)


def test_a_questionnaire_turns_names_and_sets_thresholds(tmp_path: Path) -> None:
    asked = written(
        tmp_path,
        "Q1,Công chức,Chờ quá lâu,yes,7,,,,",
        "Chung [Hài lòng],,,,10,9,,,yes",
    )
    frame = rows(("Q1", "1"), ("Q1", "3"), ("overall", "8"), ("overall", "9"), ("Q5", "4"))
    made = scored(frame.set_index(pd.Index([9, 9, 2, 1, 0])), asked)
    assert made.index.tolist() == [9, 9, 2, 1, 0]
    assert made["score"].tolist() == [7, 5, 8, 9, 4]
    assert made["satisfied"].tolist() == [True, False, False, True, True]
    assert made["scale"].tolist() == [7, 7, 10, 10, 5]
    assert made["factor"].tolist() == ["3", "3", "1", "1", "1"]
    assert made["wording"].tolist()[0] == "Chờ quá lâu"
    assert math.isclose(made["score"].sum(), 33)


def test_a_code_stands_before_a_wording_and_two_fits_are_none(tmp_path: Path) -> None:
    asked = written(
        tmp_path, "A,,B", "B,,Thái độ", "C1.1,,Thái độ", "C11,,Phòng chờ", "Kết quả [Đúng hẹn]"
    )
    assert asked is not None

    def found(*names: str) -> str | None:
        question = asked.find(*names)
        return question.item if question else None

    assert found("b") == "B"
    assert found("Thái độ") is None
    assert (found("C 1.1"), found("c11"), found("C-1-1")) == ("C1.1", "C11", "C1.1")
    assert found("phong cho") == found("Phòng chờ?") == "C11"
    assert found("Đúng hẹn") == found("ket qua [dung hen]") == "Kết quả [Đúng hẹn]"
    assert found("", "x") is None


def test_every_shipped_answer_is_read() -> None:
    """The sample's own survey: no answer is unreadable, "no opinion" is no score."""
    path = next(shipped.path("data", "sample").glob("KhaoSatHaiLong_Q1_2024.csv"))
    frame = take(path).frame
    made = scored(frame)
    asked = made["item"] != "comment"
    assert (made["valid"] | made["dont_know"])[asked & made["answer"].notna()].all()
    assert not made["valid"][~asked].any()
    assert made["dont_know"].sum() == (frame["answer"] == "Không có ý kiến").sum() > 0
