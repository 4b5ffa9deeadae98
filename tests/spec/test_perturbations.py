"""Change one thing in the exports: exactly the figures that should move do.

Each perturbation is made on a copy of the sample. What moved in our figures must be what moved
in the independent computation, id by id, in every period; and it must move something.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc_analysis import office, shipped
from cchc_analysis.workspace import inbox

from . import oracle

PERIODS = ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024")
FIRST_ROW = 9  # below the title, two header rows and the first group row
RECEIVED, DUE, FINISHED, RETURNED, STATUS, CHANNEL, FEE = 11, 12, 13, 14, 15, 10, 20
CATALOGUE = shipped.path("data", "reference", "procedures.csv")
Edit = Callable[[Any], None]


def data_rows(sheet: Any) -> list[int]:
    """Rows of dossiers whose dates are real dates, so that an edit says what it does."""
    return [
        n
        for n in range(FIRST_ROW, sheet.max_row + 1)
        if sheet.cell(n, 2).value
        and all(isinstance(sheet.cell(n, c).value, datetime) for c in (RECEIVED, DUE, FINISHED))
        and sheet.cell(n, STATUS).value == "Đã trả kết quả"
    ]


def shift(column: int, days: int, place: int) -> Edit:
    def edit(sheet: Any) -> None:
        cell = sheet.cell(data_rows(sheet)[place], column)
        cell.value = cell.value + timedelta(days=days)

    return edit


def put(column: int, value: Any, place: int) -> Edit:
    def edit(sheet: Any) -> None:
        sheet.cell(data_rows(sheet)[place], column).value = value

    return edit


def delete_row(place: int) -> Edit:
    def edit(sheet: Any) -> None:
        n = data_rows(sheet)[place]
        for column in range(1, 25):
            sheet.cell(n, column).value = None

    return edit


def on_time_to_late(sheet: Any) -> None:
    n = next(
        n
        for n in data_rows(sheet)
        if sheet.cell(n, FINISHED).value.date() == sheet.cell(n, DUE).value.date()
    )
    sheet.cell(n, FINISHED).value += timedelta(days=1)


def no_end(sheet: Any) -> None:
    n = data_rows(sheet)[120]
    sheet.cell(n, FINISHED).value = sheet.cell(n, RETURNED).value = None


def handed_over_in_time(sheet: Any) -> None:
    n = next(
        n
        for n in data_rows(sheet)
        if sheet.cell(n, RETURNED).value.date() > sheet.cell(n, DUE).value.date()
    )
    sheet.cell(n, RETURNED).value = sheet.cell(n, DUE).value


EDITS: dict[str, tuple[str, Edit]] = {
    "finished a day later": ("Q3_2024", on_time_to_late),
    "due a day earlier": ("Q2_2024", shift(DUE, -1, 30)),
    "due long before": ("Q1_2024", shift(DUE, -60, 40)),
    "received in the quarter before": ("Q1_2024", shift(RECEIVED, -60, 55)),
    "finished in the next quarter": ("Q2_2024", shift(FINISHED, 92, 100)),
    "withdrawn instead of resolved": ("Q4_2024", put(STATUS, "Công dân yêu cầu rút hồ sơ", 12)),
    "refused instead of resolved": ("Q4_2024", put(STATUS, "Không được tiếp nhận", 13)),
    "neither finished nor handed over": ("Q3_2024", no_end),
    "no due date": ("Q3_2024", put(DUE, None, 21)),
    "another channel": ("Q4_2023", put(CHANNEL, "Bưu chính công ích", 22)),
    "finished before received": ("Q1_2024", shift(FINISHED, -400, 200)),
    "a row gone": ("Q2_2024", delete_row(24)),
    "handed over before the due day": ("Q3_2024", handed_over_in_time),
}


def figures(root: Path, folder: Path) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Ours and theirs, by (period, id)."""
    state = oracle.load(folder)
    the_office = office.open(root)
    ours, theirs = {}, {}
    for label in PERIODS:
        q = the_office.period(label)
        target: Decimal | None = q.target.value if q.target else None
        other = oracle.figures(state, q.start, q.end, target=target, catalogue=CATALOGUE)
        for id, (_, _, value) in other.items():
            theirs[label, id] = None if value is None else float(value)
            found = q.values[id].value
            ours[label, id] = None if found is None else float(found)
    return ours, theirs


def moved(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


@pytest.fixture(scope="module")
def unchanged(sample_workspace: Path) -> tuple[dict[Any, Any], dict[Any, Any]]:
    return figures(sample_workspace, shipped.path("data", "sample"))


def copy_inbox(to: Path) -> Path:
    to.mkdir()
    for pattern in ("SoTheoDoiHoSo_*", "NhatKyXuLy_*"):
        for path in shipped.path("data", "sample").glob(pattern):
            shutil.copyfile(path, to / path.name)
    return to


def take_in(sample_workspace: Path, tmp_path: Path, folder: Path, gone: str) -> Path:
    """The sample's workspace with the file ``gone`` replaced by what lies in ``folder``."""
    root = tmp_path / "ws"
    shutil.copytree(sample_workspace / "data", root / "data")
    store = office.open(root).store
    export = next(e for e in store.exports() if e.receipt.file == gone)
    store.withdraw(export.id, "thay")
    if (folder / gone).exists():
        assert inbox.ingest(root, [folder / gone])[0].error is None
    return root


def assert_same_moves(
    before: tuple[dict[Any, Any], dict[Any, Any]], after: tuple[dict[Any, Any], dict[Any, Any]]
) -> None:
    ours, theirs = moved(before[0], after[0]), moved(before[1], after[1])
    assert set(ours) == set(theirs)
    assert theirs, "the edit moved nothing"
    for key, values in theirs.items():
        assert ours[key] == pytest.approx(values, abs=1e-12), key


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_moves_what_it_should(
    sample_workspace: Path, tmp_path: Path, unchanged: Any, name: str
) -> None:
    quarter, edit = EDITS[name]
    folder = copy_inbox(tmp_path / "inbox")
    path = folder / f"SoTheoDoiHoSo_{quarter}.xlsx"
    book = load_workbook(path)
    edit(book.active)
    book.save(path)
    root = take_in(sample_workspace, tmp_path, folder, path.name)
    assert_same_moves(unchanged, figures(root, folder))


@pytest.mark.parametrize("file", ["SoTheoDoiHoSo_Q2_2024.xlsx", "NhatKyXuLy_Q3_2024.csv"])
def test_a_file_gone_moves_what_it_should(
    sample_workspace: Path, tmp_path: Path, unchanged: Any, file: str
) -> None:
    folder = copy_inbox(tmp_path / "inbox")
    (folder / file).unlink()
    root = take_in(sample_workspace, tmp_path, folder, file)
    if file.startswith("NhatKy"):
        # Every late-in-the-register case of the sample shows in both kinds of evidence, so the
        # headline stands without a log and only the evidence from the log goes.
        after = figures(root, folder)
        assert_same_moves(unchanged, after)
        changed = {id for _, id in moved(unchanged[0], after[0])}
        assert changed == {"dossiers.late_recorded_work_done"}
        return
    state = oracle.load(folder)
    q = office.open(root).period("2024-H1")
    assert not q.complete
    other = oracle.figures(state, q.start, q.end, target=Decimal("0.999"), catalogue=CATALOGUE)
    for id, (_, _, value) in other.items():
        if value is not None:
            assert q.values[id].value == pytest.approx(float(value)), id
