"""The title block and the file's name: the window, the export's moment, the unit."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc_analysis.errors import UnitError
from cchc_analysis.sources import titles

from ..sheets import line, register, take

Q1 = (dt.date(2024, 1, 1), dt.date(2024, 3, 31))


@pytest.mark.parametrize(
    "title",
    [
        "(Từ ngày 01/01/2024 đến ngày 31/03/2024)",
        "Từ 1-1-2024 đến 31-3-2024",
        "từ ngày 01 tháng 01 năm 2024 đến hết ngày 31 tháng 03 năm 2024",
        "Kỳ báo cáo: Quý I/2024",
        "QUÝ 1 NĂM 2024",
    ],
)
def test_a_stated_window(tmp_path: Path, title: str) -> None:
    receipt = take(register(tmp_path / "so.csv", line(1), title=["SỔ THEO DÕI", title])).receipt
    assert (receipt.window_from, receipt.window_to) == Q1
    assert receipt.window_stated


def test_the_day_under_a_signature_is_no_window() -> None:
    assert titles.window(["Thiệu Vân, ngày 05 tháng 04 năm 2024"]) is None


@pytest.mark.parametrize(
    ("stem", "span"),
    [
        ("SoTheoDoiHoSo_Q1_2024", ("2024-01-01", "2024-03-31")),
        ("Quy1-2024", ("2024-01-01", "2024-03-31")),
        ("HoSo quý II năm 2024", ("2024-04-01", "2024-06-30")),
        ("2024_Q3", ("2024-07-01", "2024-09-30")),
        ("T03.2024", ("2024-03-01", "2024-03-31")),
        ("hoso 2024-03", ("2024-03-01", "2024-03-31")),
        ("6thang2024", ("2024-01-01", "2024-06-30")),
        ("6 tháng cuối năm 2024", ("2024-07-01", "2024-12-31")),
        ("9thang2024", ("2024-01-01", "2024-09-30")),
        ("PhanAnh_2023_2024", ("2023-01-01", "2024-12-31")),
        ("DanhSach_20240405_0800", None),
        ("DanhSach 2024-04-05", None),
        ("so ho so", None),
    ],
)
def test_the_period_that_a_name_states(stem: str, span: tuple[str, str] | None) -> None:
    named = titles.named_period(stem)
    assert (named and (str(named.start), str(named.end))) == span


@pytest.mark.parametrize(
    ("name", "exported", "span"),
    [
        ("so.csv", None, ("2024-01-02", "2024-02-09")),  # first to last receiving day
        ("so_Q1_2024.csv", None, ("2024-01-01", "2024-03-31")),  # widened by the name
        ("so_Q1_2024.csv", "2024-02-20", ("2024-01-01", "2024-02-20")),  # not beyond the export
        ("so_2024.csv", None, ("2024-01-01", "2024-02-29")),  # a year that is not over
        ("so_Q3_2022.csv", None, ("2024-01-02", "2024-02-09")),  # a name that is plainly wrong
    ],
)
def test_an_inferred_window(
    tmp_path: Path, name: str, exported: str | None, span: tuple[str, str]
) -> None:
    rows = [line(1), line(2, received="09/02/2024", due="", finished="", returned="")]
    given = dt.datetime.fromisoformat(exported) if exported else None
    receipt = take(register(tmp_path / name, *rows), exported_at=given).receipt
    assert (str(receipt.window_from), str(receipt.window_to)) == span
    assert not receipt.window_stated


@pytest.mark.parametrize(
    "text",
    [
        "Ngày xuất: 05/04/2024 08:00",
        "Thời điểm xuất: 08:00 05/04/2024",
        "Ngày in 05/04/2024 08:00:00",
        "Xuất ngày 05/04/2024 08:00 từ hệ thống",
        "(Thời gian kết xuất: 05-04-2024 08:00)",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_the_export_says_when_it_was_made(tmp_path: Path, text: str, above: bool) -> None:
    path = tmp_path / "so.csv"
    if above:
        register(path, line(1), title=[text])
    else:
        register(path, line(1), [text])
    receipt = take(path, exported_at=dt.datetime(2025, 1, 1)).receipt
    assert receipt.exported_at == dt.datetime(2024, 4, 5, 8)
    assert receipt.exported_at_source == "file"


def test_without_it_the_given_moment_and_then_the_latest_event_count(tmp_path: Path) -> None:
    path = register(tmp_path / "so.csv", line(1, due="31/12/2024", returned="06/01/2024 09:30"))
    given = take(path, exported_at=dt.datetime(2024, 4, 5, 8)).receipt
    assert (given.exported_at_source, given.exported_at.month) == ("given", 4)
    found = take(path).receipt
    assert found.exported_at == dt.datetime(2024, 1, 6, 9, 30)  # a due date is no event
    assert found.exported_at_source == "data"


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("UBND XÃ THIỆU VÂN", False),
        ("ủy ban nhân dân xã thiệu vân - TP Thanh Hoá", False),
        ("UBND THÀNH PHỐ THANH HÓA", False),  # the parent is no other unit
        ("UBND THỊ XÃ BỈM SƠN", False),
        ("UBND XÃ ĐÔNG LĨNH", True),
        ("BỘ PHẬN MỘT CỬA PHƯỜNG ĐÔNG TIẾN", True),
        ("UBND PHƯỜNG THIỆU VÂN", True),
        ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ ĐÔNG LĨNH", True),
    ],
)
def test_a_title_that_names_another_unit(tmp_path: Path, title: str, refused: bool) -> None:
    path = register(tmp_path / "so.csv", line(1), title=["UBND THÀNH PHỐ THANH HÓA", title])
    assert take(path, any_unit=True).receipt.accepted == 1
    if refused:
        with pytest.raises(UnitError, match=r"so\.csv.*--unit"):
            take(path)
    else:
        assert take(path).receipt.accepted == 1
