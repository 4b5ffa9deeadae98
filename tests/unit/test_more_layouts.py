"""What programs and hands do to registers, and what is to be read of it all the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc_analysis.errors import FileError
from cchc_analysis.sources.formulas import uncomputed

from ..sheets import csv_file, take, xlsx_file

HEAD = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong", "Tình trạng"]
DONE = "Đã xử lý xong"


def row(n: int, *more: Any, end: Any = None) -> list[Any]:
    return [f"H-24-{n:04}", f"{n:02}/07/2024", f"{n + 6:02}/07/2024",
            f"{n + 4:02}/07/2024" if end is None else end, DONE, *more]  # fmt: skip


# -- quotation marks -----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("stray", [(3,), (3, 9), (9,)])
def test_a_quotation_mark_that_nothing_closes(
    tmp_path: Path, delimiter: str, stray: tuple[int, ...]
) -> None:
    made = [row(n, '"An' if n in stray else "An", "x") for n in range(1, 15)]
    path = csv_file(tmp_path / "so.csv", [[*HEAD, "Chủ hồ sơ", "Ghi chú"], *made], delimiter)
    taken = take(path)
    assert taken.frame["code"].tolist() == [each[0] for each in made]
    assert taken.frame["received_at"].dt.day.tolist() == list(range(1, 15))
    (note,) = [note for note in taken.receipt.notes if "dấu ngoặc kép" in note]
    assert f"{len(stray)} dòng" in note


def test_a_remark_of_several_lines_stays_one_cell(tmp_path: Path) -> None:
    remark = '"dòng một, có phẩy\ndòng hai, ba\nvà ""nháy"""'
    made = [row(n, remark if n == 2 else "x") for n in range(1, 6)]
    taken = take(csv_file(tmp_path / "so.csv", [[*HEAD, "Ghi chú"], *made]))
    assert taken.receipt.rows_in == taken.receipt.accepted == 5
    assert not any("ngoặc kép" in note for note in taken.receipt.notes)


def test_whole_lines_in_quotes(tmp_path: Path) -> None:
    lines = [",".join(each) for each in [HEAD, row(1), row(2)]]
    (tmp_path / "so.csv").write_text("".join(f'"{line}"\n' for line in lines), encoding="utf-8")
    assert take(tmp_path / "so.csv").receipt.accepted == 2


def test_the_end_of_a_file_as_dos_marks_it(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "so.csv", [HEAD, row(1), row(2)])
    path.write_bytes(path.read_bytes() + b"\x1a" + b"\0" * 100)
    assert take(path).receipt.accepted == 2


# -- formulas ------------------------------------------------------------------------------------


def test_a_formula_that_nobody_computed_is_not_an_empty_day(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sổ & sách"
    for each in [HEAD, *(row(n) for n in range(1, 7))]:
        sheet.append(each)
    sheet["D3"] = "=C3-1"
    book.save(tmp_path / "so.xlsx")
    taken = take(tmp_path / "so.xlsx")
    (aside,) = taken.set_aside
    assert (aside.row, aside.column) == (3, "Ngày xử lý xong")
    (note,) = [note for note in taken.receipt.notes if "công thức" in note]
    assert "“Sổ & sách”" in note and "dòng 3" in note


def test_a_computed_formula_is_its_value(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "so.xlsx")) as book:
        sheet = book.add_worksheet()
        for i, each in enumerate([[*HEAD, "Ghi chú"], *(row(n, "") for n in range(1, 4))]):
            sheet.write_row(i, 0, each)
        sheet.write_formula(1, 3, '="05/"&"07/2024"', None, "05/07/2024")
    taken = take(tmp_path / "so.xlsx")
    assert taken.frame["finished_at"].iloc[0] == dt.datetime(2024, 7, 5)
    assert not any("công thức" in note for note in taken.receipt.notes)
    cell = b'<c r="F2"%s><f>""</f><v></v></c>'  # Excel says that it is a text
    assert (uncomputed(cell % b' t="str"'), uncomputed(cell % b"")) == ([], [(1, 5)])


# -- one dossier twice, one field under two headers ----------------------------------------------


@pytest.mark.parametrize("names", [("Chốt", "Nháp"), ("Nháp", "Chốt")])
def test_the_row_with_an_end_counts_of_two_on_a_day(
    workspace: Path, names: tuple[str, str]
) -> None:
    from cchc_analysis import office
    from cchc_analysis.workspace import inbox

    day = "05/07/2024"
    ended = [HEAD, *([f"H-24-{n}", day, day, day, DONE] for n in range(1, 7))]
    opened = [HEAD, *([f"H-24-{n}", day, day, "", "Đang xử lý"] for n in range(1, 7))]
    sheets = dict(zip(names, (ended, opened), strict=True))
    path = xlsx_file(workspace / "data" / "inbox" / "so.xlsx", sheets)
    (done,) = inbox.ingest(workspace, [path])
    assert any("12 dòng dùng chung mã" in note for note in done.export.receipt.notes)  # type: ignore[union-attr]
    q = office.open(workspace).period("2024-Q3")
    assert (q.identity.resolved, q.identity.open) == (6, 0)


@pytest.mark.parametrize("order", [1, -1])
def test_the_column_that_tells_dossiers_apart_is_their_code(tmp_path: Path, order: int) -> None:
    pairs = [("Số hồ sơ", lambda n: 1), ("Mã biên nhận", lambda n: f"BN-{n:04}")][::order]
    head = [name for name, _ in pairs] + HEAD[1:]
    made = [[make(n) for _, make in pairs] + row(n)[1:] for n in range(1, 7)]
    taken = take(csv_file(tmp_path / "so.csv", [head, *made]))
    assert taken.frame["code"].tolist() == [f"BN-{n:04}" for n in range(1, 7)]


def test_the_column_of_states_is_the_state(tmp_path: Path) -> None:
    head = [*HEAD[:4], "Trạng thái", "Tình trạng"]
    made = [[*row(n)[:4], "Đúng hạn", DONE] for n in range(1, 7)]
    taken = take(csv_file(tmp_path / "so.csv", [head, *made]))
    assert set(taken.frame["status"]) == {"resolved"}


@pytest.mark.parametrize("first", ["Ngày hẹn trả ban đầu", "Ngày hẹn trả (gốc)", "Hạn trả lần đầu"])
@pytest.mark.parametrize("order", [1, -1])
def test_the_first_due_day_counts_beside_the_one_it_was_moved_to(
    tmp_path: Path, first: str, order: int
) -> None:
    columns = [(first, "08/07/2024"), ("Ngày hẹn trả", "20/07/2024")][::order]
    head = [*HEAD[:2], *(name for name, _ in columns), *HEAD[3:]]
    made = [[*row(n)[:2], *(day for _, day in columns), *row(n)[3:]] for n in range(1, 4)]
    frame = take(csv_file(tmp_path / "so.csv", [head, *made])).frame
    assert set(frame["due_at"]) == {dt.datetime(2024, 7, 8)}
    assert set(frame["due_at_revised"]) == {dt.datetime(2024, 7, 20)}


# -- as above, and under a heading ---------------------------------------------------------------


@pytest.mark.parametrize("mark", ["nt", "-nt-", '"', "''", "Như trên", "〃"])
def test_ditto_marks(tmp_path: Path, mark: str) -> None:
    made = [row(1), [*row(2)[:1], mark, mark, *row(2)[3:]], row(3)]
    path = xlsx_file(tmp_path / "so.xlsx", {"Sổ": [HEAD, *made]})
    taken = take(path)
    assert taken.frame["received_at"].dt.day.tolist() == [1, 1, 3]
    assert sum("như ô ngay trên" in note for note in taken.receipt.notes) == 2


def test_rows_are_of_the_field_they_stand_under(tmp_path: Path) -> None:
    sheet = [HEAD, ["I", "Lĩnh vực Hộ tịch"], row(1), row(2), ["II. LĨNH VỰC: Đất đai (1 hồ sơ)"],
             row(3), ["Cộng lĩnh vực Đất đai", "", "", 1]]  # fmt: skip
    frame = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": sheet})).frame
    assert frame["field"].tolist() == ["Hộ tịch", "Hộ tịch", "Đất đai"]


# -- one column with the month first -------------------------------------------------------------


def test_a_column_with_the_month_first_among_others(tmp_path: Path) -> None:
    made = [[f"H-{n}", f"{n:02}/07/2024", f"07/{n + 6:02}/2024 17:00", f"{n + 4:02}/07/2024", DONE]
            for n in range(1, 20)]  # fmt: skip
    taken = take(csv_file(tmp_path / "so.csv", [HEAD, *made]))
    assert taken.receipt.accepted == 19
    assert taken.frame["due_at"].tolist() == [dt.datetime(2024, 7, n + 6, 17) for n in range(1, 20)]
    assert any("“Ngày hẹn trả” ghi tháng trước ngày" in note for note in taken.receipt.notes)


# -- logs ----------------------------------------------------------------------------------------

LOG = ["Mã hồ sơ", "Bước xử lý", "Người xử lý", "Thời điểm nhận", "Thời điểm chuyển"]
STEPS = [("Tiếp nhận hồ sơ", "01/07/2024 08:00", "01/07/2024 09:00"),
         ("Thụ lý", "01/07/2024 09:00", "{end}")]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "end", "recorded"),
    [(2, "03/07/2024 16:00", 2), (2, "09/07/2024 16:00", 0), (1, "", 0)],
)
def test_late_in_the_register_only_takes_a_step_of_work(
    workspace: Path, steps: int, end: str, recorded: int
) -> None:
    """A log of nothing but the intake says nothing of when the work was done."""
    from cchc_analysis import office
    from cchc_analysis.workspace import inbox

    made = [[f"H-24-{n}", "01/07/2024", "05/07/2024", "10/07/2024", DONE] for n in (1, 2)]
    log = [[f"H-24-{n}", name, "A", start, left.format(end=end)]
           for n in (1, 2) for name, start, left in STEPS[:steps]]  # fmt: skip
    folder = workspace / "data" / "inbox"
    files = [csv_file(folder / "so.csv", [HEAD, *made]), csv_file(folder / "nk.csv", [LOG, *log])]
    assert [done.error for done in inbox.ingest(workspace, files)] == [None, None]
    late = office.open(workspace).period("2024-Q3", audience="internal").late
    assert int(late["recorded_only"].sum()) == recorded and len(late) == 2


def test_steps_without_a_code_are_of_the_dossier_above(tmp_path: Path) -> None:
    log = [[f"H-24-{n}" if i == 0 else "", name, "A", start, left.format(end="02/07/2024 10:00")]
           for n in (1, 2) for i, (name, start, left) in enumerate(STEPS)]  # fmt: skip
    taken = take(csv_file(tmp_path / "nk.csv", [LOG, *log]))
    assert taken.frame["code"].tolist() == ["H-24-1", "H-24-1", "H-24-2", "H-24-2"]
    log = [[f"H-24-{n}", *step[1:]] for n, step in enumerate(log * 3)]
    log[4][0] = ""  # forgotten
    taken = take(csv_file(tmp_path / "nk2.csv", [LOG, *log]))
    assert [aside.rule for aside in taken.set_aside] == ["code_missing"]


# -- headers -------------------------------------------------------------------------------------


def test_a_day_under_a_group_is_the_day_of_the_group(tmp_path: Path) -> None:
    sheet = [["Mã hồ sơ", "Nhận hồ sơ", "", "Trả kết quả", "", ""],
             ["", "Ngày", "Người nhận", "Ngày hẹn", "Ngày trả", "Người nhận"],
             ["H-24-1", "01/07/2024", "A", "05/07/2024", "04/07/2024", "B"]]  # fmt: skip
    merged = [(0, 1, 0, 2), (0, 3, 0, 5), (0, 0, 1, 0)]
    frame = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": sheet}, merged=merged)).frame
    found = [frame[name].iloc[0].day for name in ("received_at", "due_at", "returned_at")]
    assert found == [1, 5, 4]


@pytest.mark.parametrize("both", [False, True])
def test_days_of_handing_over_in_two_columns(tmp_path: Path, both: bool) -> None:
    head = [*HEAD[:3], "Ngày trả kết quả", "Ngày trả kết quả qua BCCI"]
    made = [[*row(n)[:3], "" if n % 2 else "15/07/2024", "16/07/2024" if n % 2 else ""]
            for n in range(1, 7)]  # fmt: skip
    made[1][4] = "16/07/2024" if both else ""
    taken = take(csv_file(tmp_path / "so.csv", [head, *made]))
    days = taken.frame["returned_at"].dt.day.fillna(0).tolist()
    assert days == ([0, 15, 0, 15, 0, 15] if both else [16, 15, 16, 15, 16, 15])
    said = [note for note in taken.receipt.notes if "BCCI" in note]
    assert [("Không dùng" if both else "Lấy ngày") in note for note in said] == [True]


def test_a_sheet_that_lacks_a_column_is_told_which(tmp_path: Path) -> None:
    back = [["Mã hồ sơ", "Ngày trả kết quả"], ["H-24-0001", "05/07/2024"]]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Nhận": [HEAD, row(1), row(2)], "Trả": back}))
    (note,) = [note for note in taken.receipt.notes if "“Trả”" in note]
    assert "thiếu Ngày tiếp nhận." in note


def test_when_no_day_can_be_read_that_is_what_is_said(tmp_path: Path) -> None:
    made = [[*row(n)[:1], f"ngày {n}", "", "", DONE] for n in range(1, 4)]
    with pytest.raises(FileError) as refused:
        take(csv_file(tmp_path / "so.csv", [HEAD, *made]))
    assert "cột “Ngày tiếp nhận” (ví dụ dòng 2, 3, 4)" in str(refused.value)


# -- what must not be taken for one of these -----------------------------------------------------


def test_a_long_remark_of_several_lines_in_few_columns(tmp_path: Path) -> None:
    said = '"Phòng chờ nóng, ghế hỏng, quạt kêu, nước hết, nhà xe xa\nvà, thêm, nữa, đây, là, hết"'
    head = ["Số phiếu", "Ngày tiếp nhận", "Nội dung", "Hạn trả lời", "Ngày trả lời"]
    made = [[f"PA-24-{n:03}", f"{n:02}/07/2024", said, f"{n + 5:02}/07/2024", f"{n + 3:02}/07/2024"]
            for n in range(1, 9)]  # fmt: skip
    taken = take(csv_file(tmp_path / "pakn.csv", [head, *made]))
    assert (taken.table, taken.receipt.rows_in, taken.receipt.accepted) == ("feedback", 8, 8)


def test_two_rows_with_an_open_mark_in_the_middle(tmp_path: Path) -> None:
    made = [[*row(n)[:1], '"Cty A' if n in (3, 4) else "An", *row(n)[1:]] for n in range(1, 8)]
    taken = take(csv_file(tmp_path / "so.csv", [[HEAD[0], "Chủ hồ sơ", *HEAD[1:]], *made]))
    assert taken.frame["received_at"].dt.day.tolist() == list(range(1, 8))


def test_a_first_due_day_only_where_it_was_moved(tmp_path: Path) -> None:
    head = [*HEAD[:3], "Ngày hẹn trả cũ", *HEAD[3:]]
    made = [[*row(n)[:3], "08/07/2024" if n == 2 else "", *row(n)[3:]] for n in range(1, 5)]
    frame = take(csv_file(tmp_path / "so.csv", [head, *made])).frame
    assert frame["due_at"].dt.day.tolist() == [7, 8, 9, 10]
    assert frame["due_at_revised"].dt.day.fillna(0).tolist() == [0, 8, 0, 0]


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Trả KQ", "x"), ("Trả KQ", "Tại quầy"), ("Thời hạn trả kết quả", "05 ngày làm việc"),
     ("Thời hạn trả kết quả", 5), ("Hạn giải quyết ban đầu", "5 ngày")],
)  # fmt: skip
def test_a_column_without_days_is_no_column_of_days(
    tmp_path: Path, header: str, cell: object
) -> None:
    made = [[*row(n), cell] for n in range(1, 6)]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": [[*HEAD, header], *made]}))
    assert taken.receipt.accepted == 5
    assert taken.frame["due_at"].dt.day.tolist() == [7, 8, 9, 10, 11]
    assert taken.frame["finished_at"].notna().all()


def test_a_mappings_words_say_which_column_is_the_state(tmp_path: Path) -> None:
    from cchc_analysis.sources.mapping import Mapping

    text = 'table = "dossiers"\n[values.status]\n"Khâu cuối" = "resolved"\n'
    head = [*HEAD[:4], "Trạng thái", "Tình trạng"]
    made = [[*row(n)[:4], "Khâu cuối", "Đã tiếp nhận"] for n in range(1, 6)]
    path = csv_file(tmp_path / "so.csv", [head, *made])
    assert set(take(path, mapping=Mapping.parse(text)).frame["status"]) == {"resolved"}


def test_initials_are_no_ditto_marks(tmp_path: Path) -> None:
    made = [[*row(n), "NT" if n % 2 else "LH"] for n in range(1, 6)]
    taken = take(csv_file(tmp_path / "so.csv", [[*HEAD, "Cán bộ thụ lý"], *made]))
    assert taken.frame["officer"].tolist() == ["NT", "LH", "NT", "LH", "NT"]


@pytest.mark.parametrize("form", ["H56.26.22-\n240701{n:06}", "Quyển số 01\nSố {n} thứ tự",
                                  "000.17.31.H56-240701-0001 {letter}"])  # fmt: skip
def test_what_tells_dossiers_apart_stays_in_their_codes(tmp_path: Path, form: str) -> None:
    made = [[form.format(n=n, letter="ABCDEF"[n]), *row(1)[1:]] for n in range(6)]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": [HEAD, *made]}))
    assert taken.frame["code"].nunique() == 6


def test_a_heading_of_another_kind_ends_the_field(tmp_path: Path) -> None:
    sheet = [HEAD, ["I. Lĩnh vực Hộ tịch"], row(1), ["II. Chứng thực"], row(2)]
    frame = take(xlsx_file(tmp_path / "so.xlsx", {"Sổ": sheet})).frame
    assert frame["field"].fillna("").tolist() == ["Hộ tịch", ""]


def test_a_log_sorted_by_the_hour_is_not_filled(tmp_path: Path) -> None:
    names = ["Tiếp nhận", "Thụ lý", "Ký duyệt"]
    log = [["" if n % 2 else f"H-24-{n % 5}", names[n % 3], "A", f"01/07/2024 {n:02}:00",
            f"01/07/2024 {n:02}:30"] for n in range(8, 20)]  # fmt: skip
    taken = take(csv_file(tmp_path / "nk.csv", [LOG, *log]))
    assert taken.receipt.set_aside == 6
