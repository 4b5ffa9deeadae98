"""The forms opened where an office opens them: sums recalculated, checks alive, one page each."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cchc_analysis.office import Office
from cchc_analysis.papers import forms_xlsx

from ..libreoffice import convert, words

pytestmark = pytest.mark.pdf


def cells(path: Path) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book
        for line in page.iter_rows()
        for cell in line
        if cell.value not in (None, "")
    }


@pytest.fixture(scope="module")
def made(sample: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("forms") / "forms.xlsx"
    path.write_bytes(forms_xlsx.workbook(sample.period("2024-Q3")))
    return path


def test_what_is_calculated_is_what_was_written(made: Path, tmp_path: Path) -> None:
    assert cells(convert(made, "xlsx", tmp_path)) == cells(made)


def test_the_check_row_follows_an_edit(made: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(made)
    page = book["II.06a"]
    row = next(n for n in range(1, 40) if page.cell(n, 2).value == "Hộ tịch")
    page.cell(row, 4).value += 1  # one more received online than there was
    edited = tmp_path / "edited.xlsx"
    book.save(edited)
    told = [v for (sheet, _), v in cells(convert(edited, "xlsx", tmp_path / "out")).items()
            if sheet == "II.06a" and isinstance(v, str)]  # fmt: skip
    assert any(text.startswith("Chênh lệch khác với 8 hồ sơ") for text in told)


def test_each_form_is_one_page_that_reads_like_the_form(made: Path, tmp_path: Path) -> None:
    pdf = convert(made, "pdf", tmp_path)
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True).stdout.decode()
    assert "Pages:           5" in info
    pages = [" ".join(page.split()) for page in words(pdf).split("\f")]
    for said in ("Biểu số II.06a/VPCP/KSTT", "Kỳ báo cáo: Quý III năm 2024",
                 "(Từ ngày 15/06/2024 đến ngày 14/09/2024)", "Đơn vị tính: Số hồ sơ TTHC.",
                 "Người lập biểu", "TM. ỦY BAN NHÂN DÂN", "Tổng cộng"):  # fmt: skip
        assert said in pages[0]
    assert "kiểm chứng" not in " ".join(pages)  # hidden notes are not printed
