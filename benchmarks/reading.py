"""What does it cost to take in a large register, checked, over merely reading its cells?

Makes a workbook of the sample's newest register, its rows repeated under new codes, and in turns
reads the cells with calamine (``to_python``, nothing else) and takes the file into an empty store
(personal data dropped, every cell converted and judged, Parquet and receipt written)::

    python benchmarks/reading.py --rows 50000 --runs 5
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from machine import ROOT, about, shown, timed

from cchc_analysis.workspace import inbox

SAMPLE = ROOT / "data" / "sample" / "SoTheoDoiHoSo_Q4_2024.xlsx"


def register(path: Path, rows: int) -> int:
    """Writes ``rows`` dossiers as the sample's register has them; returns the columns."""
    sheet = python_calamine.CalamineWorkbook.from_path(SAMPLE).get_sheet_by_index(0)
    cells = sheet.to_python()
    at = next(row.index("Mã hồ sơ") for row in cells if "Mã hồ sơ" in row)
    body = [row for row in cells if str(row[at]).startswith("000.")]
    head = cells[: cells.index(body[0])]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        page = book.add_worksheet("DanhSachHoSo")
        for place, row in enumerate(head):
            _write(page, place, row, day)
        for n in range(rows):
            row = list(body[n % len(body)])
            row[at] = f"{row[at]}{n // len(body):03}"
            _write(page, len(head) + n, row, day)
    return len(body[0])


def _write(page: Any, place: int, row: list[Any], day: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, dt.date):
            page.write_datetime(place, column, cell, day)
        elif cell != "":
            page.write(place, column, cell)


def bare(path: Path) -> None:
    python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(about())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = folder / "SoTheoDoiHoSo_Q4_2024.xlsx"
        width = register(path, given.rows)
        print(f"{given.rows} rows × {width} columns, {path.stat().st_size / 2**20:.1f} MiB")
        shutil.copytree(ROOT / "data" / "plans", folder / "data" / "plans")
        found: dict[str, list[float]] = {"bare": [], "ours": []}
        for turn in range(given.runs + 1):  # the first fills the caches
            shutil.rmtree(folder / "data" / "store", ignore_errors=True)
            seconds = {
                "bare": timed(lambda: bare(path)),
                "ours": timed(lambda: _take(folder, path, given.rows)),
            }
            for name, each in seconds.items():
                found[name] += [each] if turn else []
    ratio = statistics.median(
        ours / plain for ours, plain in zip(found["ours"], found["bare"], strict=True)
    )
    for name, times in found.items():
        print(f"{name:5} {shown(times)}")
    print(f"ratio {ratio:.2f} (bar 2)")


def _take(folder: Path, path: Path, rows: int) -> None:
    (taken,) = inbox.ingest(folder, [path])
    assert taken.export is not None, taken.error
    assert taken.export.receipt.rows_in == rows, taken.export.receipt.rows_in


if __name__ == "__main__":
    main()
