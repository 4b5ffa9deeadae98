"""A satisfaction form becomes one row a respondent and question, and names nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis.errors import ColumnsError

from ..sheets import csv_file, take, xlsx_file

HEADER = ["Dấu thời gian", "Mã hồ sơ (nếu nhớ)", "Giới tính", "Nhóm tuổi", "Lĩnh vực",
          "Hình thức nộp hồ sơ", "Tiếp cận dịch vụ [Dễ tìm thông tin]",
          "Công chức [Thái độ lịch sự]", "Vệ sinh [Sạch sẽ]", "Mức độ hài lòng chung",
          "Góp ý"]  # fmt: skip
FIRST = ["02/01/2024 08:00:00", "000.17.31.H56-240102-0001", "Nữ", "25-34", "Hộ tịch",
         "Nộp trực tuyến", "rất  hài lòng", "4", "", "Hài lòng", "gọi 0912345678"]  # fmt: skip
SECOND = ["02/01/2024 08:00:00", "", "Nam", "Trên 60", "Hộ tịch", "Trực tiếp", "Hài lòng",
          "Không có ý kiến", "Hơi bẩn", "Bình thường", ""]  # fmt: skip


def test_one_row_a_respondent_and_question(tmp_path: Path) -> None:
    taken = take(csv_file(tmp_path / "ks.csv", [HEADER, FIRST, SECOND]))
    frame = taken.frame
    assert taken.receipt.rows_in == 2
    assert len(frame) == 2 * 4 + 1  # three items and the overall one, and a comment
    first = frame[frame["row"] == 2].set_index("item")
    assert first["factor"].fillna("").tolist() == ["1", "3", "Vệ sinh", "overall", ""]
    assert first["answer"].fillna("").tolist() == ["rất hài lòng", "4", "", "Hài lòng", ""]
    assert first.loc["comment", "comment"] == "gọi […]"
    assert set(first["channel"]) == {"online"}


def test_the_dossier_of_a_respondent_is_not_kept(tmp_path: Path) -> None:
    taken = take(csv_file(tmp_path / "ks.csv", [HEADER, FIRST, SECOND]))
    kept = taken.frame.to_csv() + str(taken.receipt.as_dict())
    assert "H56-240102" not in kept
    assert "Mã hồ sơ (nếu nhớ)" in taken.receipt.dropped


def test_a_respondent_is_the_same_in_the_next_export(tmp_path: Path) -> None:
    alone = take(csv_file(tmp_path / "a.csv", [HEADER, SECOND])).frame
    after = take(csv_file(tmp_path / "b.csv", [HEADER, FIRST, SECOND])).frame
    assert set(alone["respondent"]) < set(after["respondent"])
    assert after["respondent"].nunique() == 2


def test_an_answer_off_the_scale_is_left_empty_and_named(tmp_path: Path) -> None:
    notes = take(csv_file(tmp_path / "ks.csv", [HEADER, FIRST, SECOND])).receipt.notes
    (note,) = [note for note in notes if "dòng 3" in note]
    assert "“Vệ sinh [Sạch sẽ]”" in note and "answer”" not in note


def test_questions_under_merged_factors(tmp_path: Path) -> None:
    top = ["Ngày khảo sát", "Giới tính", "Thủ tục hành chính", "", "Kết quả"]
    bottom = ["", "", "Niêm yết đầy đủ", "Đúng quy định", "Đúng hẹn"]
    row = ["02/01/2024", "Nữ", "Hài lòng", "Hài lòng", "Không hài lòng"]
    path = xlsx_file(tmp_path / "ks.xlsx", {"KS": [top, bottom, row]}, merged=[(0, 2, 0, 3)])
    frame = take(path).frame
    assert frame["factor"].tolist() == ["2", "2", "4"]
    assert frame["item"].tolist() == ["Niêm yết đầy đủ", "Đúng quy định", "Đúng hẹn"]


FACTORS = ["Ngày khảo sát", "Công chức", "", "Mức độ hài lòng chung"]
QUESTIONS = ["", "Thái độ", "Hướng dẫn", ""]
FORMS = [[f"0{day}/01/2024", "Rất hài lòng", "Không hài lòng", "Hài lòng"] for day in (2, 3)]


@pytest.mark.parametrize("merged", [[(0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)], [(0, 1, 0, 2)], []])
def test_every_question_under_a_merged_factor_counts(
    tmp_path: Path, merged: list[tuple[int, int, int, int]]
) -> None:
    rows = [FACTORS, QUESTIONS, *FORMS]
    frame = take(xlsx_file(tmp_path / "ks.xlsx", {"KS": rows}, merged=merged)).frame
    assert frame["item"].tolist() == ["Thái độ", "Hướng dẫn", "overall"] * 2
    assert frame["factor"].tolist() == ["3", "3", "overall"] * 2


def test_one_question_a_factor_under_cells_merged_downwards(tmp_path: Path) -> None:
    top = ["Ngày khảo sát", "Công chức", "Kết quả", "Mức độ hài lòng chung"]
    rows = [top, ["", "Thái độ", "Đúng hẹn", ""], *FORMS]
    path = xlsx_file(tmp_path / "ks.xlsx", {"KS": rows}, merged=[(0, 0, 1, 0), (0, 3, 1, 3)])
    assert take(path).frame["item"].tolist() == ["Thái độ", "Đúng hẹn", "overall"] * 2


@pytest.mark.parametrize(
    ("headers", "items"),
    [
        (["Công chức [Thái độ]", "Bảo vệ [Thái độ]"], ["Công chức [Thái độ]", "Bảo vệ [Thái độ]"]),
        (["Thái độ", "Thái độ"], ["Thái độ", "Thái độ (2)"]),
        (["Câu hỏi rất dài " * 9 + "một", "Câu hỏi rất dài " * 9 + "hai"], None),
    ],
)
def test_questions_of_one_name_are_two(
    tmp_path: Path, headers: list[str], items: list[str] | None
) -> None:
    rows = [["Ngày khảo sát", *headers], ["02/01/2024", "Hài lòng", "Không hài lòng"]]
    frame = take(csv_file(tmp_path / "ks.csv", rows)).frame
    assert frame["answer"].tolist() == ["Hài lòng", "Không hài lòng"]
    assert frame["item"].nunique() == 2
    assert items is None or frame["item"].tolist() == items


# -- other layouts ----------------------------------------------------------------------------

LEVELS = ["Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"]


def spread(*names: str) -> list[str]:
    """Each name over five columns, as a merged cell leaves it."""
    return [cell for name in names for cell in (name, "", "", "", "")]


def ticked(*answers: int, mark: object = "x") -> list[object]:
    return [mark if level == answer else "" for answer in answers for level in range(5)]


@pytest.mark.parametrize("mark", ["x", 1, "✓"])
@pytest.mark.parametrize(
    "questions",
    [("Thái độ phục vụ", "Mức độ hài lòng chung"), ("Công chức", "Kết quả"), ("Câu 1", "Câu 2")],
)
def test_ticked_forms_are_refused_with_the_layout_that_can_be_read(
    tmp_path: Path, questions: tuple[str, str], mark: object
) -> None:
    top, levels = ["STT", "Ngày khảo sát", *spread(*questions)], ["", "", *LEVELS, *LEVELS]
    forms = [[n, f"0{n}/01/2024", *ticked(n % 5, 1, mark=mark)] for n in range(1, 9)]
    book = {"KS": [["TỔNG HỢP PHIẾU"], top, levels, *forms]}
    path = xlsx_file(tmp_path / "ks.xlsx", book, merged=[(1, 2, 1, 6), (1, 7, 1, 11)])
    with pytest.raises(ColumnsError, match=r"đánh dấu.*“Rất không hài lòng”.*thành một cột"):
        take(path)
    mended = [[form[1], LEVELS[n % 5], LEVELS[1]] for n, form in enumerate(forms, start=1)]
    path = xlsx_file(tmp_path / "ks.xlsx", {"KS": [["Ngày khảo sát", *questions], *mended]})
    assert len(take(path).frame) == 2 * len(forms)


@pytest.mark.parametrize("levels", [LEVELS, LEVELS[::-1]])
def test_a_table_of_counts_is_refused_as_what_it_is(tmp_path: Path, levels: list[str]) -> None:
    rows = [["TT", "Nội dung", "Tổng số phiếu", *levels], [1, "Thái độ", 50, 20, 20, 5, 3, 2],
            [2, "Thời gian", 50, 22, 18, 6, 3, 1], ["", "Cộng", 100, 42, 38, 11, 6, 3]]  # fmt: skip
    with pytest.raises(ColumnsError, match=r"tổng hợp.*mỗi phiếu một dòng") as refused:
        take(csv_file(tmp_path / "th.csv", rows))
    assert "hồ sơ" not in str(refused.value)


def test_a_table_of_counts_beside_the_forms_is_another_sheet(tmp_path: Path) -> None:
    counts = [["Công chức", *spread("Kết quả")[:2]], LEVELS[:3], [20, 20, 5]]
    forms = [["Ngày", "Công chức [Lịch sự]", "Kết quả [Đúng hẹn]"], ["02/01/2024", *LEVELS[:2]]]
    taken = take(xlsx_file(tmp_path / "ks.xlsx", {"Tong hop": counts, "Phieu": forms}))
    assert taken.receipt.sheets == ["Phieu"] and len(taken.frame) == 2


def test_a_first_form_that_happens_to_run_down_the_scale_is_a_form(tmp_path: Path) -> None:
    header = ["Ngày", *(f"Công chức [Câu {n}]" for n in range(1, 6))]
    rows = [header, ["02/01/2024", *LEVELS], ["03/01/2024", *LEVELS[::-1]]]
    assert take(csv_file(tmp_path / "ks.csv", rows)).receipt.accepted == 2
