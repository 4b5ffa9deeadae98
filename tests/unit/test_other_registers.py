"""Registers that are none of dossiers – feedback, digital indicators, the plan's tasks – as offices
keep them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.errors import ColumnsError, FileError
from cchc_analysis.indicators import tasks
from cchc_analysis.sources import Mapping
from cchc_analysis.trace import trace
from cchc_analysis.workspace import inbox

from ..sheets import csv_file, line, register, take, xlsx_file

FEEDBACK = ["Số phiếu", "Ngày nhận", "Nội dung", "Hạn xử lý", "Ngày xử lý xong"]


def feedback(month: int, count: int = 2, code: str = "{:02}") -> list[list[Any]]:
    """Pieces of feedback of a month, numbered from 1."""
    day = f"/{month:02}/2024"
    return [[code.format(n), f"{n:02}{day}", "Thái độ phục vụ", f"2{n}{day}", f"1{n}{day}"]
            for n in range(1, count + 1)]  # fmt: skip


def test_feedback_numbered_from_1_again_on_each_sheet_is_refused(tmp_path: Path) -> None:
    sheets = {f"T{n}": [FEEDBACK, *feedback(n)] for n in (4, 5)}
    path = xlsx_file(tmp_path / "pakn.xlsx", sheets)
    with pytest.raises(FileError, match=r"2 số phiếu .*code_with_day"):
        take(path)
    layout = Mapping.parse('table = "feedback"\ncode_with_day = true')
    codes = take(path, mapping=layout).frame["code"].tolist()
    assert codes == ["01 (01/04/2024)", "02 (02/04/2024)", "01 (01/05/2024)", "02 (02/05/2024)"]


@pytest.mark.parametrize(("code", "taken"), [("{}", 1), ("PAKN-2024-{}", 2)])
def test_feedback_numbered_from_1_again_in_the_next_file_is_refused(
    workspace: Path, code: str, taken: int
) -> None:
    folder = workspace / "data" / "inbox"
    csv_file(folder / "pakn_4.csv", [FEEDBACK, *feedback(4, 1, code)])
    csv_file(folder / "pakn_5.csv", [FEEDBACK, *feedback(5, 2, code)])
    done = inbox.ingest(workspace)
    assert [row.error is None for row in done].count(True) == taken


def test_one_piece_of_feedback_taken_up_again_is_no_new_beginning(tmp_path: Path) -> None:
    again = ["03", "20/05/2024", "Thái độ phục vụ", "", ""]
    assert len(take(csv_file(tmp_path / "pakn.csv", [FEEDBACK, *feedback(4, 4), again])).frame) == 5


def important(path: Path, **more: Any) -> list[str]:
    return [note for note in take(path, **more).receipt.notes if note.startswith("QUAN TRỌNG")]


@pytest.mark.parametrize(
    ("due", "end"),
    [("Thời hạn trả lời", "Thời gian hoàn thành"), ("Ngày hẹn trả", "Ngày trả kết quả"),
     ("Thời hạn xử lý", "Thời gian trả lời")],
)  # fmt: skip
def test_feedback_under_the_headers_of_other_programs(tmp_path: Path, due: str, end: str) -> None:
    header = ["Mã hồ sơ PAKN", "Thời gian tiếp nhận PAKN", "Nội dung", due, end]
    frame = take(csv_file(tmp_path / "pakn.csv", [header, *feedback(4)])).frame
    assert frame[["code", "received_at", "due_at", "finished_at"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("place", "words", "untold"),
    [
        (4, "không nhận ra cột ngày trả lời", {"resolved_late", "open", "on_time_rate"}),
        (3, "không nhận ra cột hạn xử lý", {"resolved_late", "on_time_rate"}),
    ],
)
def test_what_feedback_without_a_column_cannot_tell_is_null(
    workspace: Path, place: int, words: str, untold: set[str]
) -> None:
    rows = [row[:place] + row[place + 1 :] for row in (FEEDBACK, *feedback(4))]
    csv_file(workspace / "data" / "inbox" / "pakn.csv", rows)
    dossier = line(1, "02/04/2024", "05/04/2024", "04/04/2024", "")
    register(workspace / "data" / "inbox" / "so.csv", dossier)
    done = inbox.ingest(workspace)
    assert any(words in text for text in done[0].export.receipt.notes if done[0].export)
    q = office.open(workspace).period("2024-Q2", audience="internal")
    results = {r.id.partition(".")[2]: r for r in q.results if r.id.startswith("feedback.")}
    assert {id for id, r in results.items() if r.value is None} == untold
    assert {results[id].status for id in untold} == {"no_column"}
    assert all(trace(q, f"feedback.{id}").reproduces for id in untold)


@pytest.mark.parametrize(("count", "told"), [(6, True), (2, False)])
def test_a_column_of_answers_without_any_is_told(tmp_path: Path, count: int, told: bool) -> None:
    rows = [[*row[:4], ""] for row in feedback(4, count)]
    notes = important(csv_file(tmp_path / "pakn.csv", [FEEDBACK, *rows]))
    assert ["“Ngày xử lý xong”" in note for note in notes] == [True] * told


@pytest.mark.parametrize("header", ["Đơn vị", "Xã/Phường"])
def test_digital_indicators_of_other_communes_are_told(tmp_path: Path, header: str) -> None:
    rows = [["CDS03", "05/2024", 10, 20, unit] for unit in ("xã Thiệu Vân", "Phường Đông Vệ")]
    path = csv_file(tmp_path / "cds.csv", [["Mã", "Tháng", "Tử số", "Mẫu số", header], *rows])
    assert [f"“{header}” ghi đơn vị khác ở 1 dòng" in note for note in important(path)] == [True]
    assert take(path).frame["unit"].isna().all()


def test_feedback_to_other_communes_is_told(tmp_path: Path) -> None:
    rows = [[*row, "UBND xã Đông Hòa"] for row in feedback(4)]
    path = csv_file(tmp_path / "pakn.csv", [[*FEEDBACK, "Đơn vị xử lý"], *rows])
    assert ["ghi đơn vị khác ở 2 dòng" in note for note in important(path)] == [True]


LATE = [["DANH SÁCH HỒ SƠ TRỄ HẸN"], ["Ngày lập biểu: 30/04/2024"],
        ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Số ngày trễ"]]  # fmt: skip


def late_list(path: Path, *dossiers: list[Any]) -> Path:
    return csv_file(path, [*LATE, *([row[1], row[5], row[6], 3] for row in dossiers)])


def test_a_list_of_late_dossiers_does_not_open_them_again(workspace: Path) -> None:
    folder, dossiers = workspace / "data" / "inbox", [line(n) for n in range(1, 6)]
    late_list(folder / "a_tre_hen.csv", *dossiers[:2])
    register(folder / "so.csv", *dossiers)
    late, book = inbox.ingest(workspace)
    assert "kho đã biết 2 hồ sơ" in str(late.error) and book.error is None
    assert inbox.ingest(workspace)[0].error is not None
    assert office.open(workspace).period("2024-Q1").result("dossiers.open").value == 0


def test_a_list_of_dossiers_that_have_not_ended_is_taken_in(workspace: Path) -> None:
    folder, open_ = workspace / "data" / "inbox", line(1, finished="", returned="", status="")
    late_list(folder / "a_tre_hen.csv", open_)
    register(folder / "so.csv", open_, line(2))
    assert [row.error for row in inbox.ingest(workspace)] == [None, None]


def test_a_register_told_of_a_list_that_opens_its_dossiers_again(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    late_list(folder / "a_tre_hen.csv", line(1))
    inbox.ingest(workspace)
    register(folder / "so.csv", line(1), line(2))
    hints = inbox.ingest(workspace)[1].hints
    assert any("nên 1 hồ sơ đã kết thúc" in hint for hint in hints)


BY_DOSSIER = ["Mã hồ sơ", "Ngày tiếp nhận", "Nội dung", "Hạn xử lý", "Ngày trả kết quả"]


@pytest.mark.parametrize(
    ("name", "title", "more", "table"),
    [
        ("so.csv", "DANH SÁCH PHẢN ÁNH, KIẾN NGHỊ", "Trạng thái", "feedback"),
        ("PhanAnhKienNghi_2024.csv", "QUÝ II NĂM 2024", "Trạng thái", "feedback"),
        ("so.csv", "Tiếp nhận phản ánh, kiến nghị: 02373 123 456", "Trạng thái", "dossiers"),
        ("PAKN.csv", "SỔ THEO DÕI HỒ SƠ", "Trạng thái", "dossiers"),
        ("PAKN.csv", "SỔ THEO DÕI", "Tên thủ tục hành chính", "dossiers"),
        ("so.csv", "Phản ánh kiến nghị xin gọi 02373 123 456", "Trạng thái", "dossiers"),
        ("so.csv", "SỔ THEO DÕI", "Trạng thái", "dossiers"),
    ],
)
def test_a_title_tells_feedback_from_dossiers(
    tmp_path: Path, name: str, title: str, more: str, table: str
) -> None:
    rows = [[f"PA{row[0]}", *row[1:], "Phản ánh kiến nghị"] for row in feedback(4)]
    assert take(csv_file(tmp_path / name, [[title], [*BY_DOSSIER, more], *rows])).table == table


def test_dossiers_with_a_content_are_no_feedback(tmp_path: Path) -> None:
    header = ["Số tiếp nhận", "Ngày tiếp nhận", "Nội dung", "Ngày hẹn trả", "Ngày trả kết quả"]
    taken = take(csv_file(tmp_path / "so.csv", [header, *feedback(4)]))
    assert taken.table == "dossiers"


TALES = ["Ông Kín ở thôn 3 kể cán bộ có thái độ không tốt với gia đình",
         "Đề nghị sửa đèn đường", "Nguyễn Thị Kín hỏi"]  # fmt: skip


def test_of_a_tale_only_its_subject_is_kept(tmp_path: Path) -> None:
    rows = [[*row[:2], tale, *row[3:]] for row, tale in zip(feedback(4, 3), TALES, strict=True)]
    taken = take(csv_file(tmp_path / "pakn.csv", [FEEDBACK, *rows]))
    found = taken.frame["content"].astype(object).where(taken.frame["content"].notna(), None)
    assert found.tolist() == ["Thái độ phục vụ", "Đề nghị sửa đèn đường", None]
    assert any("2 dòng là lời kể riêng" in note for note in taken.receipt.notes)


def test_a_column_of_kinds_goes_before_one_of_tales(tmp_path: Path) -> None:
    rows = [[*row, "Thái độ phục vụ"] for row in feedback(4, 3)]
    rows = [[*row[:2], tale, *row[3:]] for row, tale in zip(rows, TALES, strict=True)]
    taken = take(csv_file(tmp_path / "pakn.csv", [[*FEEDBACK, "Tiêu đề"], *rows]))
    assert set(taken.frame["content"]) == {"Thái độ phục vụ"}


def test_a_day_with_a_remark_behind_it_is_that_day(tmp_path: Path) -> None:
    row = ["01", "02/04/2024", "Đèn hỏng", "29/04/2024 (gia hạn đến 10/05/2024)",
           "06/05/2024 (CV 15/UBND)"]  # fmt: skip
    frame = take(csv_file(tmp_path / "pakn.csv", [FEEDBACK, row])).frame
    assert [f"{frame[name].iloc[0]:%d/%m}" for name in ("due_at", "finished_at")] == [
        "29/04", "06/05"
    ]  # fmt: skip


TASKS = ["STT", "Nhiệm vụ", "Chủ trì", "Hạn", "Ngày hoàn thành"]


def test_a_task_whose_deadline_is_not_understood_still_counts(tmp_path: Path) -> None:
    rows = [["1", "Báo cáo", "Văn phòng", "Theo yêu cầu của huyện", "20/06/2024"]]
    taken = take(csv_file(tmp_path / "tien_do.csv", [TASKS, *rows]))
    assert len(taken.frame) == 1 and taken.set_aside == []
    assert any("“Hạn”: không đọc được hạn ở dòng 2" in note for note in taken.receipt.notes)


def test_a_tracker_of_another_plan_says_nothing_of_the_tasks_of_its_numbers(
    workspace: Path,
) -> None:
    folder = workspace / "data" / "inbox"
    register(folder / "so.csv", line(1))
    own = ["1", "Theo dõi thi hành pháp luật", "Tư pháp", "31/12/2024", "02/01/2024"]
    other = ["4", "Cấp tài khoản định danh", "Công an xã", "31/12/2024", "03/01/2024"]
    csv_file(folder / "tien_do.csv", [TASKS, own, other])
    assert [row.error for row in inbox.ingest(workspace)] == [None, None]
    found = tasks.read(office.open(workspace).period("2024-Q1"))
    assert {duty.task.task for duty in found.duties if duty.finished} == {"1"}
    assert [fault.task for fault in found.faults if fault.what == "unlike"] == ["4"]


@pytest.mark.parametrize(
    ("columns", "cells", "words"),
    [
        (["Kết quả"], ["Đã hoàn thành"], ["không nhận ra cột ngày hoàn thành"]),
        (["Ngày hoàn thành", "Tỷ lệ hoàn thành"], ["", "100%"], ["1 nhiệm vụ ghi đã hoàn thành"]),
        (["Ngày hoàn thành", "Tỷ lệ hoàn thành"], ["", "60%"], []),
    ],
)
def test_a_tracker_without_a_day_on_which_a_task_was_done_is_told(
    tmp_path: Path, columns: list[str], cells: list[str], words: list[str]
) -> None:
    rows = [[*TASKS[:4], *columns], ["1", "Báo cáo", "Văn phòng", "30/06/2024", *cells]]
    notes = important(csv_file(tmp_path / "TienDo_2024.csv", rows))
    assert [word in note for word, note in zip(words, notes, strict=True)] == [True] * len(words)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["Chỉ tiêu", "Tháng", "Tử số", "Mẫu số"], "Mã chỉ tiêu chuyển đổi số"),
        (["Ngày phản ánh", "Nội dung phản ánh", "Hạn trả lời"], "Mã phản ánh, kiến nghị"),
    ],
)
def test_what_a_file_lacks_is_called_as_in_its_own_table(
    tmp_path: Path, header: list[str], words: str
) -> None:
    with pytest.raises(ColumnsError) as error:
        take(csv_file(tmp_path / "so.csv", [header, *[["a", "05/04/2024", "1", "2"]] * 3]))
    assert f"thiếu cột cần thiết ({words})" in str(error.value)


def test_what_is_no_month_is_to_be_written_as_one(tmp_path: Path) -> None:
    rows = [["Mã", "Tháng", "Tử số", "Mẫu số"], ["CDS01", "Quý II/2024", "1", "2"]]
    with pytest.raises(FileError, match="tháng/năm, ví dụ 07/2024"):
        take(csv_file(tmp_path / "cds.csv", rows))


@pytest.mark.parametrize("month", ["4/1/2024", dt.datetime(2024, 1, 4)])
def test_a_month_with_a_day_behind_it_is_not_taken_for_january(tmp_path: Path, month: Any) -> None:
    rows = [["Mã", "Tháng", "Tử số", "Mẫu số"], ["CDS01", month, "1", "2"]]
    with pytest.raises(FileError, match="ghi tháng ở trước ngày"):
        take(xlsx_file(tmp_path / "cds.xlsx", {"CDS": rows}))
