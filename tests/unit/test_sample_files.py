"""The files of a made-up office say what its truth says, read back without the package."""

from __future__ import annotations

import csv
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis.workspace.sample import FileTruth, Truth, make_office

STATUSES = {
    "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý",
    "Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính",
    "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong", "Đã trả kết quả",
}  # fmt: skip
CODE, RECEIVED, DUE, FINISHED, STATUS = 1, 10, 11, 12, 14


def grid(path: Path) -> list[list[Any]]:
    """The first sheet from its cell A1, so that index + 1 is the row Excel shows."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def lines(path: Path) -> list[list[Any]]:
    """The dossier lines of a register in the layout of xã Thiệu Vân: those with a number."""
    return [row for row in grid(path) if isinstance(row[0], float)]


def newest(folder: Path) -> dict[str, list[Any]]:
    """Each dossier's line in the last register that has it."""
    found: dict[str, list[Any]] = {}
    for path in sorted(folder.glob("So*.xlsx")):
        found |= {str(row[CODE]).strip().upper(): row for row in lines(path)}
    return found


def late(row: list[Any], printed: datetime) -> bool:
    due, finished = row[DUE], row[FINISHED]
    if not isinstance(due, datetime):
        return False
    if isinstance(finished, datetime):
        return row[STATUS].startswith("Đã") and finished.date() > due.date()
    return row[STATUS] in ("Đang xử lý", "Được tiếp nhận") and due.date() < printed.date()


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    folder = tmp_path_factory.mktemp("troubled")
    return folder, make_office(folder, seed=11, quarters=("2024-Q1", "2024-Q2"))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_calm_office_has_exactly_the_late_dossiers_asked_for(tmp_path: Path, count: int) -> None:
    quarters = ("2024-Q3", "2024-Q4")
    truth = make_office(
        tmp_path, seed=count, quarters=quarters, kind="calm", late=count, dirt=False,
        dossiers_per_quarter=300,
    )  # fmt: skip
    printed = datetime(2025, 1, 5, 8)
    recount = {code for code, row in newest(tmp_path).items() if late(row, printed)}
    assert len(recount) == count
    assert recount == {dossier.code for dossier in truth.late()}


def test_every_status_stands_in_every_register_of_a_troubled_office(
    troubled: tuple[Path, Truth],
) -> None:
    for path in sorted(troubled[0].glob("So*.xlsx")):
        assert {row[STATUS] for row in lines(path)} == STATUSES


def test_lateness_in_the_clean_register_is_the_truth(tmp_path: Path) -> None:
    truth = make_office(tmp_path, seed=5, dirt=False)
    recount = {c for c, row in newest(tmp_path).items() if late(row, datetime(2024, 4, 5, 8))}
    assert recount == {dossier.code for dossier in truth.late()}
    assert len(recount) > 30


def test_rows_in_are_accepted_set_aside_or_duplicates(troubled: tuple[Path, Truth]) -> None:
    folder, truth = troubled
    for file in truth.files:
        assert file.rows_in == file.accepted + file.duplicates + len(file.set_aside)
        if file.table == "dossiers":
            assert file.rows_in == len(lines(folder / file.name))
            assert file.duplicates and len(file.set_aside) == 4
        else:
            text = (folder / file.name).read_text(encoding="utf-8-sig")
            assert file.rows_in == len(text.splitlines()) - 1


def test_each_bad_row_stands_where_the_truth_says(troubled: tuple[Path, Truth]) -> None:
    folder, truth = troubled
    for file in (file for file in truth.files if file.table == "dossiers"):
        rows = grid(folder / file.name)
        for row in file.duplicate_rows:
            assert rows[row - 1] == rows[row - 2]
        assert {bad.rule for bad in file.set_aside} == {
            "missing_code", "impossible_received", "finished_before_received",
            "unbelievable_year",
        }  # fmt: skip
        for bad in file.set_aside:
            assert is_bad(rows[bad.row - 1], bad.rule), bad
        _check_soiled(file, rows)


def is_bad(row: list[Any], rule: str) -> bool:
    if rule == "missing_code":
        return row[CODE] == ""
    if rule == "impossible_received":
        return str(row[RECEIVED]).startswith("31/02/")
    if rule == "finished_before_received":
        return bool(row[FINISHED] < row[RECEIVED])
    return 2204 in {value.year for value in row if isinstance(value, datetime)}


def _check_soiled(file: FileTruth, rows: list[list[Any]]) -> None:
    seen = {
        "code_case": lambda row: row[CODE].startswith(" ") and "h56" in row[CODE],
        "same_day": lambda row: row[DUE] == "Trong ngày",
        "received_text": lambda row: "/" in row[RECEIVED],
        "received_serial": lambda row: 45000 < float(row[RECEIVED]) < 46000,
        "finished_dashes": lambda row: row[FINISHED][2] == "-",
        "due_text": lambda row: len(row[DUE]) == 10,
    }
    for kind, check in seen.items():
        assert all(check(rows[row - 1]) for row in file.soiled[kind]), kind


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_office(tmp_path / name, seed=3, dossiers_per_quarter=90)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["NhatKyXuLy_Q1_2024.csv", "SoTheoDoiHoSo_Q1_2024.xlsx"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_seed_gives_the_same_office_on_every_python(tmp_path: Path) -> None:
    make_office(tmp_path, seed=3, dossiers_per_quarter=90, fmt="csv")
    digest = hashlib.sha256()
    for path in sorted(tmp_path.iterdir()):
        digest.update(path.read_bytes())
    assert digest.hexdigest()[:16] == "cfe43f54ebbb5fd9"


def test_an_empty_log_has_its_header_only(tmp_path: Path) -> None:
    make_office(tmp_path, seed=2, dossiers_per_quarter=60, empty_log=True)
    text = (tmp_path / "NhatKyXuLy_Q1_2024.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(text.splitlines())) == [
        ["Mã hồ sơ", "Bước xử lý", "Người/đơn vị xử lý", "Thời điểm nhận", "Thời điểm chuyển",
         "Ghi chú"]
    ]  # fmt: skip


def test_the_combined_column_agrees_with_the_dates(tmp_path: Path) -> None:
    make_office(tmp_path, seed=4, layout="combined", dossiers_per_quarter=200, dirt=False)
    rows = lines(tmp_path / "SoTheoDoiHoSo_Q1_2024.xlsx")
    assert {row[23] for row in rows} == {"Đúng và trước hạn", "Quá hạn", "Chưa đến hạn"}
    for row in rows:
        assert (row[23] == "Quá hạn") == late(row, datetime(2024, 4, 5, 8))


def test_other_systems_print_other_headers(tmp_path: Path) -> None:
    igate = make_office(tmp_path, seed=4, layout="igate", dossiers_per_quarter=60)
    td = make_office(tmp_path, seed=4, layout="td", fmt="csv", dossiers_per_quarter=60)
    rows = grid(tmp_path / "DanhSachHoSo_Q1_2024.xlsx")
    assert rows[0][:2] == ["STT", "Số hồ sơ"] and len(rows) == igate.files[0].rows_in + 1
    datetime.strptime(rows[1][9], "%d/%m/%Y %H:%M")
    text = (tmp_path / "HoSo_Q1_2024.csv").read_bytes().decode("utf-16")
    table = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert len(table) == td.files[0].rows_in
    assert {row["TrangThai"] for row in table} == {str(n) for n in range(1, 11)}
    assert {row["KenhThucHien"] for row in table} <= {"1", "2", "3"}
