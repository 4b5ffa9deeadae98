"""Which rows are set aside, under which rule, and which are exact duplicates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.sources import Mapping

from ..sheets import DONE, HEADER, NAME, PHONE, csv_file, line, register, take, xlsx_file

OPEN = "Đang xử lý"


def dossier(**cells: Any) -> list[Any]:
    """A dossier still open but for the cells given."""
    return line(1, **{"due": "", "finished": "", "returned": "", "status": OPEN} | cells)


CASES = [
    (dossier(), None),
    (dossier(code=" 000.17.31.h56–240102-0001 "), None),
    (dossier(code=""), "code_missing"),
    (dossier(code="#N/A"), "code_impossible"),
    (dossier(code="1.01E+11"), "code_impossible"),
    (dossier(code="000.17.31.H56-240231-0001"), "code_impossible"),
    (dossier(code="không nhớ"), "code_impossible"),
    (dossier(received=""), "received_missing"),
    (dossier(received="-"), "received_missing"),
    (dossier(received="", status="Mới đăng ký"), "not_yet_received"),
    (dossier(received="", status="Không được tiếp nhận"), "refused_undated"),
    (dossier(received="31/02/2024"), "received_impossible"),
    (dossier(received="01/31/2024"), "received_impossible"),
    (dossier(due="30/02/2024"), "date_unreadable"),
    (dossier(due="chưa hẹn ai"), "date_unreadable"),
    (dossier(due="đang chờ"), "date_unreadable"),
    (dossier(received="Chưa tiếp nhận"), "received_impossible"),
    (dossier(finished="Chưa giải quyết xong", returned="Chưa có kết quả"), None),
    (dossier(finished="Đang chờ ký", returned="(chưa trả)"), None),
    (dossier(finished="chua xong"), None),
    (dossier(finished="Đặng Văn Kín"), "date_unreadable"),  # cells moved
    (dossier(finished="chờ ký"), "date_unreadable"),
    (dossier(due="01/01/2024"), None),  # odd, but it decides nothing wrongly
    (dossier(due="05/01/2204"), "year_not_believable"),
    (dossier(due="31/12/2034"), None),
    (dossier(due="01/01/2080"), "year_not_believable"),
    (dossier(due="31/12/2059"), None),  # a promise for ever, as real registers have it
    (dossier(received="02/01/1999"), "year_not_believable"),
    (dossier(finished="01/01/2024", status=DONE), "finished_before_received"),
    (dossier(finished="02/01/2024", status=DONE), None),
    (dossier(received="02/01/2024 09:00", finished="02/01/2024 08:00"), "finished_before_received"),
    (dossier(received="02/01/2024 09:00", finished="02/01/2024"), None),  # a day without a time
    (dossier(returned="01/01/2024", status=DONE), "finished_before_received"),
    (dossier(returned="01/01/2024", status="Dừng xử lý"), "finished_before_received"),
    (dossier(returned="01/01/2024", status=OPEN), None),  # an open dossier has no end
    (dossier(finished="04/01/2024", returned="01/01/2024", status=DONE), None),  # recorded late
]


@pytest.mark.parametrize(("row", "rule"), CASES)
def test_the_rule_that_sets_a_row_aside(tmp_path: Path, row: list[Any], rule: str | None) -> None:
    taken = take(register(tmp_path / "so.csv", row, title=["Ngày xuất: 05/04/2024 08:00"]))
    assert [kept.rule for kept in taken.set_aside] == ([rule] if rule else [])


@pytest.mark.parametrize("beyond", ["", ";"])
def test_a_cell_too_many_is_seen_though_the_last_column_is_empty(
    tmp_path: Path, beyond: str
) -> None:
    """``beyond``: lines that all end in a delimiter which the header has not are as they should."""
    header = "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Cán bộ;Trạng thái;Ghi chú"
    lines = [f"A-{n};02/01/2024;05/01/2024;{'CB A; CB B' if n == 2 else 'CB A'};{DONE};{beyond}"
             for n in range(1, 5)]  # fmt: skip
    path = tmp_path / "so.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    assert [(a.row, a.rule) for a in take(path).set_aside] == [(3, "columns_shifted")]


def test_a_row_set_aside_is_named_by_its_place_only(tmp_path: Path) -> None:
    rows = [HEADER, line(1), line(2, received="31/02/2024")]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"Tháng 1": rows}))
    (aside,) = taken.set_aside
    assert (aside.file, aside.sheet, aside.row) == ("so.xlsx", "Tháng 1", 3)
    assert (aside.column, aside.code) == ("Ngày tiếp nhận", "000.17.31.H56-240102-0002")
    assert aside.remedy.endswith(".")
    assert NAME not in str(aside) and PHONE not in str(aside)


def test_the_first_rule_that_applies_names_the_row(tmp_path: Path) -> None:
    row = dossier(code="", received="31/02/2024", due="xyz")
    taken = take(register(tmp_path / "so.csv", row, line(2)))
    assert [aside.rule for aside in taken.set_aside] == ["code_missing"]


def test_duplicates_are_the_same_in_all_but_the_running_number(tmp_path: Path) -> None:
    first, again, other = line(1), line(1), line(1, finished="03/01/2024")
    again[0] = 7
    taken = take(register(tmp_path / "so.csv", first, line(2), again, other))
    assert taken.receipt.duplicates == 1
    assert taken.frame["row"].tolist() == [2, 3, 5]
    assert any("dùng chung mã" in note for note in taken.receipt.notes)


def test_one_day_differs_and_it_is_no_duplicate(tmp_path: Path) -> None:
    moments = [dt.datetime(2024, 1, 2, 8, minute) for minute in (0, 0, 1)]
    rows = [HEADER, *(line(1, received=moment) for moment in moments)]
    assert take(xlsx_file(tmp_path / "so.xlsx", {"So": rows})).receipt.duplicates == 1


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("05/01/2024 15:00", dt.datetime(2024, 1, 5, 17)),  # the cut-off itself is in time
        ("05/01/2024 15:01", dt.datetime(2024, 1, 8, 17)),  # Friday: Monday
        ("06/01/2024 08:00", dt.datetime(2024, 1, 8, 17)),  # Saturday
        ("05/01/2024", dt.datetime(2024, 1, 5, 17)),
    ],
)
def test_trong_ngay_is_the_day_of_receipt_or_the_next_working_day(
    tmp_path: Path, received: str, due: dt.datetime
) -> None:
    taken = take(register(tmp_path / "so.csv", dossier(received=received, due="Trong ngày")))
    assert taken.frame["due_at"].tolist() == [due]


def test_an_unknown_word_of_a_list_is_left_empty_and_named(tmp_path: Path) -> None:
    unknown = [line(n, status="Chờ lệnh") for n in (2, 3)]
    taken = take(register(tmp_path / "so.csv", line(1), *unknown))
    assert taken.frame["status"].isna().tolist() == [False, True, True]
    assert any(
        "“Chờ lệnh”" in note and "dòng 3" in note and "[values.status]" in note
        for note in taken.receipt.notes
    )
    secret = take(register(tmp_path / "so2.csv", line(1, status=f"xem {PHONE}")))
    assert PHONE not in str(secret.receipt.notes)
    assert not secret.receipt.has_status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Đã trả kết quả (trễ hạn 2 ngày)", "handed_over"),
        ("Đã trả kết quả (đúng hạn)", "handed_over"),
        ("Đã trả kết quả - Trễ hạn: 1 ngày 4 giờ 30 phút", "handed_over"),
        ("Đã trả kết quả trễ 2,5 ngày làm việc", "handed_over"),
        ("Dừng xử lý - quá hạn 3 ngày", "stopped"),
        ("Chờ bổ sung (quá hạn 1 ngày)", "supplement"),
        ("Đang xử lý - còn hạn", "processing"),
        ("Đang xử lý – còn 2 ngày", "processing"),
        ("4. Đang xử lý (còn lại 03 ngày)", "processing"),
        ("Rút hồ sơ (trước hạn)", "withdrawn"),
        ("Đang xử lý - còn thiếu giấy tờ", None),
        ("Quá hạn 3 ngày", None),
    ],
)
def test_how_late_does_not_change_a_status(tmp_path: Path, said: str, status: str | None) -> None:
    taken = take(csv_file(tmp_path / "so.csv", [HEADER, line(1, status=said)], ";"))
    assert taken.frame["status"].fillna("").tolist() == [status or ""]


def test_a_word_of_two_meanings_is_read_as_not_ended_and_told(tmp_path: Path) -> None:
    open_as_yet = {"finished": "", "returned": ""}
    said = "Chưa trả kết quả"
    rows = [
        line(1, status="Tạm dừng xử lý (quá hạn)", **open_as_yet),
        line(2, status="Tạm dừng", **open_as_yet),
        line(3, status=said, **open_as_yet),
        line(4, status=said, returned=""),
        line(5, status="Dừng xử lý"),
    ]
    taken = take(register(tmp_path / "so.csv", *rows))
    assert taken.frame["status"].tolist() == [
        "supplement", "supplement", "processing", "resolved", "stopped",
    ]  # fmt: skip
    paused, not_returned = [note for note in taken.receipt.notes if "được hiểu là" in note]
    assert "“tạm dừng xử lý”, “tạm dừng” ở 2 dòng" in paused
    assert "“chưa trả kết quả” ở 2 dòng" in not_returned
    mapping = Mapping.parse('table = "dossiers"\n[values.status]\n"Tạm dừng" = "stopped"\n')
    own = take(register(tmp_path / "b.csv", rows[1]), mapping=mapping)
    assert own.frame["status"].tolist() == ["stopped"] and not own.receipt.notes


@pytest.mark.parametrize(
    "name",
    ["Phạm Văn Đồng", "PHẠM VĂN ĐỒNG", "phạm văn đồng", "Pham Van Dong", "Đặng Xử", "dang van a",
     "Lưu Hoàn Thành", "Từ Thanh Tiến", "Hoàn", "H'Hen Niê", "Chờ Bà Lan", "Trả anh Tư bổ sung",
     "Công ty Thanh Tâm"],
)  # fmt: skip
def test_what_may_be_a_name_is_never_quoted(tmp_path: Path, name: str) -> None:
    header = [*HEADER, "Hình thức nộp"]
    rows = [header, [*line(1), ""], *([*line(n, status=name), name] for n in (2, 3))]
    notes = str(take(csv_file(tmp_path / "so.csv", rows)).receipt.notes)
    assert name not in notes and notes.count("dòng 3, 4") == 2


def test_words_of_registers_are_quoted_wherever_they_stand(tmp_path: Path) -> None:
    said = ["Trả hồ sơ bổ sung thuế", "ĐÃ CHUYỂN THUẾ"]
    taken = take(register(tmp_path / "so.csv", *(line(n, status=s) for n, s in enumerate(said))))
    assert all(f"“{word}”" in str(taken.receipt.notes) for word in said)


def test_of_the_apology_only_its_kind_is_kept(tmp_path: Path) -> None:
    header = [*HEADER, "Văn bản xin lỗi"]
    said = ["", "x", f"đã gọi điện cho {NAME}", "Số 12/UBND", "Không", "chưa"]
    rows = [header, *([*line(n), text] for n, text in enumerate(said))]
    apology = take(csv_file(tmp_path / "so.csv", rows)).frame["apology"]
    assert apology.fillna("").tolist() == ["", "written", "phone", "written", "", ""]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [(["x", "", "X"], [True, False, True]), (["Có", "Không", ""], [True, False, None])],
)
def test_an_empty_mark_is_a_no_only_where_no_is_never_written(
    tmp_path: Path, marks: list[str], expected: list[bool | None]
) -> None:
    header = [*HEADER, "Thanh toán trực tuyến"]
    rows = [header, *([*line(n), mark] for n, mark in enumerate(marks))]
    paid = take(csv_file(tmp_path / "so.csv", rows)).frame["paid_online"]
    assert [None if value is None or value != value else bool(value) for value in
            paid.astype(object).where(paid.notna(), None)] == expected  # fmt: skip


OTHER_TABLES = [
    ("Mã hồ sơ,Bước xử lý,Thời điểm nhận,Thời điểm chuyển", {
        "A-1,Thụ lý,02/01/2024 08:00:00,02/01/2024 07:59:00": "left_before_entered",
        "A-1,Thụ lý,02/01/2024 08:00:00,": None,
        ",Thụ lý,02/01/2024 08:00:00,": "code_missing",
        "A-1,Thụ lý,32/01/2024 08:00:00,": "entered_impossible",
        "A-1,Thụ lý,02/01/2024 08:00:00,2/13/2024": "date_unreadable",
    }),
    ("Mã,Chỉ tiêu,Tháng,Tử số,Mẫu số", {
        "CDS01,Ký số,07/2023,9,8": None,  # too much is for the indicator to refuse
        "CDS01,Ký số,13/2023,9,8": "month_impossible",
        ",Ký số,07/2023,9,8": "code_missing",
    }),
    ("Số phiếu,Ngày nhận,Nguồn,Ngày xử lý xong", {
        "P-1,02/01/2024,Zalo,05/01/2024": None,
        "P-1,02/01/2024,Zalo,01/01/2024": "finished_before_received",
        "P-1,02/01/2024,Zalo,Chưa trả lời": None,
        "P-1,,Zalo,01/01/2024": "received_missing",
    }),
    ("STT,Nhiệm vụ,Chủ trì,Hạn,Ngày hoàn thành", {
        "IV-0,Số hóa,UBND,31/12/2024,08/12/2024": None,
        ",Số hóa,UBND,31/12/2024,08/12/2024": "task_missing",
        "5,Số hóa,UBND,31/12/2024,Đang thực hiện dở": None,
        "5,Số hóa,UBND,31/12/2024,cuối năm": "date_unreadable",
    }),
    ("Dấu thời gian,Giới tính,Công chức [Lịch sự],Kết quả [Đúng hẹn]", {
        "02/01/2024,Nữ,Hài lòng,": None,
        "02/01/2024,Nữ,,": "answers_missing",
    }),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "rule"),
    [(header, row, rule) for header, rows in OTHER_TABLES for row, rule in rows.items()],
)
def test_the_rules_of_the_other_tables(
    tmp_path: Path, header: str, row: str, rule: str | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    taken = take(path, exported_at=dt.datetime(2024, 12, 31))
    assert [aside.rule for aside in taken.set_aside] == ([rule] if rule else [])


def test_a_bad_date_of_no_consequence_is_noted_not_set_aside(tmp_path: Path) -> None:
    header = [*HEADER, "Ngày nộp", "Lệ phí"]
    taken = take(csv_file(tmp_path / "so.csv", [header, [*line(1), "31/02/2024", "tám nghìn"]]))
    assert taken.receipt.accepted == 1
    assert taken.frame[["submitted_at", "fee"]].isna().all(axis=None)
    assert sum("dòng 2" in note for note in taken.receipt.notes) == 2


def test_free_text_loses_telephone_numbers(tmp_path: Path) -> None:
    path = tmp_path / "nk.csv"
    path.write_text(
        "Mã hồ sơ,Bước xử lý,Thời điểm nhận,Ghi chú\nA-1,Thụ lý,02/01/2024,gọi 0912 345 678\n",
        encoding="utf-8",
    )
    assert take(path).frame["note"].tolist() == ["gọi […]"]
