"""Forms of a handful of dossiers, where every cell can be told by heart."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc_analysis import cli, office
from cchc_analysis.errors import LeakError, UnitError
from cchc_analysis.papers import filing, forms, forms_xlsx
from cchc_analysis.workspace import inbox

from ..registers import register, row

ROWS = [
    row("0001", "02/01/2024 08:00", "05/01/2024", "04/01/2024", channel="Trực tuyến"),
    row("0002", "02/01/2024 08:00", "05/01/2024", "05/01/2024"),
    row("0003", "02/01/2024 08:00", "05/01/2024", "09/01/2024", field="Đất đai"),
    row("0004", "02/01/2024 08:00", "", "09/01/2024", field=""),  # resolved without a due date
    row("0005", "02/02/2024 08:00", "05/02/2024", "06/02/2024",
        status="Công dân yêu cầu rút hồ sơ"),
    row("0006", "02/02/2024 08:00", "05/02/2024", "", status="Đang xử lý", field="Đất đai"),
    row("0007", "02/02/2024 08:00", "05/02/2024", "", status="Yêu cầu bổ sung giấy tờ"),
    row("0008", "02/02/2024 08:00", "05/02/2024", "", status="Không được tiếp nhận"),
]  # fmt: skip


def taken(workspace: Path, rows: list[list[str]]) -> office.Office:
    (done,) = inbox.ingest(workspace, [register(workspace / "data" / "inbox" / "so.csv", rows)])
    assert done.error is None
    return office.open(workspace)


def sheet(content: bytes, name: str, *, formulas: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=not formulas)[name]


def body(page: Any) -> dict[str, list[Any]]:
    """The rows of a form by their second cell."""
    rows = {str(line[1]): list(line) for line in page.iter_rows(values_only=True) if line[1]}
    return {name: cells[2:13] for name, cells in rows.items() if isinstance(cells[3], int)}


def test_each_dossier_has_its_column(workspace: Path) -> None:
    q = taken(workspace, ROWS).period("2024-Q1")
    cells = body(sheet(forms_xlsx.workbook(q), "II.06a lịch dương"))
    assert cells["Hộ tịch"] == [4, 1, 3, 0, 2, 1, 1, 0, 1, 1, 0]
    assert cells["Đất đai"] == [2, 0, 2, 0, 1, 0, 0, 1, 1, 0, 1]
    assert cells["Chưa ghi lĩnh vực"] == [1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    assert cells["Tổng cộng"] == [7, 1, 6, 0, 4, 1, 1, 1, 2, 1, 1]


def test_the_check_row_names_what_no_column_holds(workspace: Path) -> None:
    q = taken(workspace, ROWS).period("2024-Q1", audience="internal")
    content = forms_xlsx.workbook(q)
    texts = [
        str(cell)
        for line in sheet(content, "II.06a lịch dương").iter_rows(values_only=True)
        for cell in line
        if cell
    ]
    assert any(text.startswith("Chênh 1 hồ sơ") and "rút 1" in text for text in texts)
    assert any("1 hồ sơ đã giải quyết không ghi ngày hẹn trả" in text for text in texts)
    assert any("1 hồ sơ đang chờ người nộp" in text for text in texts)
    listed = [line[0] for line in sheet(content, "Đối chiếu").iter_rows(values_only=True)]
    assert "000.17.31.H56-240202-0005" in listed
    assert "000.17.31.H56-240102-0004" in listed


def test_what_balances_says_so(workspace: Path) -> None:
    q = taken(workspace, ROWS[:3]).period("2024-Q1")
    content = forms_xlsx.workbook(q)
    texts = [c for line in sheet(content, "II.06a").iter_rows(values_only=True) for c in line]
    assert "Cân đối." in texts
    assert forms.broken(q) == []


def test_codes_of_a_shared_form_cannot_be_looked_up(workspace: Path) -> None:
    q = taken(workspace, ROWS).period("2024-Q1")
    book = openpyxl.load_workbook(io.BytesIO(forms_xlsx.workbook(q)))
    cells = [c for page in book for line in page.iter_rows(values_only=True) for c in line]
    assert not [cell for cell in cells if isinstance(cell, str) and "H56-24" in cell]


def test_sums_are_formulas_and_layout_doubts_are_hidden_notes(workspace: Path) -> None:
    q = taken(workspace, ROWS).period("2024-Q1")
    page = sheet(forms_xlsx.workbook(q), "II.06a lịch dương", formulas=True)
    first = next(n for n in range(1, 30) if page.cell(n, 2).value == "Hộ tịch")
    assert page.cell(first, 3).value == f"=D{first}+E{first}+F{first}"
    assert page.cell(first, 11).value == f"=L{first}+M{first}"
    assert "Chưa kiểm chứng" in page["A1"].comment.text
    shown = [c for line in page.iter_rows(values_only=True) for c in line if isinstance(c, str)]
    assert not [text for text in shown if "kiểm chứng" in text]


def test_open_and_overdue_by_cause(workspace: Path) -> None:
    q = taken(workspace, ROWS).period("2024-Q1")
    (first,), second = forms.causes(q)
    assert (first.name, first.codes, second) == ("Đất đai", {"X0": 1}, [])
    lines = list(sheet(forms_xlsx.workbook(q), "II.07a").iter_rows(values_only=True))
    assert any(line[1] == "Đất đai" and line[2:4] == (1, "X0 × 1") for line in lines)
    assert any("X0: Chưa xác định được nguyên nhân" in str(line[0]) for line in lines)


def test_a_cause_by_hand_goes_to_its_code_and_to_the_rules(workspace: Path) -> None:
    the_office = taken(workspace, ROWS)
    assert run("-C", str(workspace), "cause", "000.17.31.H56-240202-0006", "slow_process",
               "--by", "An") == 0  # fmt: skip
    (first,), (second,) = forms.causes(office.open(workspace).period("2024-Q1"))
    assert first.codes == {"A2": 1}
    told = (second.procedure, second.code, second.count)
    assert told == ("Đăng ký khai sinh", "A2", 1)
    assert the_office.unit.slug == "thieu-van"


def test_a_form_of_nothing_says_so(workspace: Path) -> None:
    q = taken(workspace, ROWS[:3]).period("2024-Q1")
    content = forms_xlsx.workbook(q)
    lines = [line[1] for line in sheet(content, "II.07a").iter_rows(values_only=True)]
    assert lines.count("Không phát sinh") == 2
    texts = [line[0] for line in sheet(content, "II.05a").iter_rows(values_only=True)]
    assert "Chưa nạp sổ phản ánh, kiến nghị." in texts


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


def second_unit(workspace: Path) -> Path:
    """Another commune beside the first, with its own names and numbers of forms."""
    plans = workspace / "data" / "plans"
    shutil.copytree(plans / "thieu-van", plans / "dong-linh")
    file = plans / "dong-linh" / "unit.toml"
    text = file.read_text(encoding="utf-8").replace("Thiệu Vân", "Đông Lĩnh")
    text = text.replace("THIỆU VÂN", "ĐÔNG LĨNH").replace('"II.06a/VPCP/KSTT"', '"II.06a-MỚI"')
    file.write_text(text, encoding="utf-8")
    folder = workspace / "data" / "inbox"
    files = {
        "thieu-van": register(folder / "a.csv", ROWS, window=("01/12/2023", "31/03/2024")),
        "dong-linh": register(folder / "b.csv", ROWS[:3], unit="UBND XÃ ĐÔNG LĨNH",
                              window=("01/12/2023", "31/03/2024")),
    }  # fmt: skip
    for unit, path in files.items():
        (done,) = inbox.ingest(workspace, [path], unit=unit)
        assert done.error is None
    return workspace


def test_another_commune_from_its_own_files(workspace: Path) -> None:
    q = office.open(second_unit(workspace), "dong-linh").period("2024-Q1")
    page = sheet(forms_xlsx.workbook(q), "II.06a")
    texts = [c for line in page.iter_rows(values_only=True) for c in line if isinstance(c, str)]
    assert "Biểu số II.06a-MỚI" in texts and "UBND xã Đông Lĩnh" in texts
    assert not [text for text in texts if "Thiệu Vân" in text]


def test_units_side_by_side_and_their_sum(workspace: Path) -> None:
    (made,) = filing.consolidate(second_unit(workspace), "2024-Q1").files
    assert made == workspace / "reports" / "_all" / "2024-Q1" / "forms.xlsx"
    cells = body(sheet(made.read_bytes(), "II.06b theo đơn vị"))
    one = [7, 1, 6, 0, 4, 1, 1, 1, 2, 1, 1]
    other = [3, 1, 2, 0, 3, 1, 1, 1, 0, 0, 0]
    assert cells["UBND xã Thiệu Vân"] == one
    assert cells["UBND xã Đông Lĩnh"] == other
    assert cells["Tổng cộng"] == [a + b for a, b in zip(one, other, strict=True)]
    by_field = body(sheet(made.read_bytes(), "II.06b theo lĩnh vực"))
    assert by_field["Đất đai"] == [3, 0, 3, 0, 2, 0, 0, 2, 1, 0, 1]
    assert by_field["Tổng cộng"] == cells["Tổng cộng"]


def test_no_path_of_the_machine_leaves_in_the_sum(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [f"{workspace}/so.csv".encode(), b"0912345678"]
    monkeypatch.setattr(filing, "FORMS", "forms.txt")
    monkeypatch.setattr(forms_xlsx, "consolidation", lambda views, missing: said.pop())
    root = second_unit(workspace)
    for _ in range(2):
        with pytest.raises(LeakError):
            filing.consolidate(root, "2024-Q1")


def test_a_unit_without_figures_is_named_not_dropped(workspace: Path) -> None:
    root = second_unit(workspace)
    shutil.copytree(root / "data" / "plans" / "dong-linh", root / "data" / "plans" / "dong-tien")
    (made,) = filing.consolidate(root, "2024-Q1").files
    page = sheet(made.read_bytes(), "II.06b theo đơn vị")
    texts = [c for line in page.iter_rows(values_only=True) for c in line if isinstance(c, str)]
    assert any(text.startswith("Chưa tổng hợp được") and "Đông Lĩnh" in text for text in texts)
    with pytest.raises(UnitError):
        filing.consolidate(root, "2024-Q1", ["nobody"])
