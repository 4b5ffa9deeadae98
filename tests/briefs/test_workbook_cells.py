"""What a cell of the workbook holds, whatever was computed or typed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from cchc_analysis.briefs import xlsx
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.office import Office

META = {
    "title": "t", "unit": "u", "span": "s", "data_day": dt.date(2024, 4, 5),
    "audience": "shared", "notices": [],
}  # fmt: skip


def cell(tmp_path: Path, value: object, kind: str) -> Any:
    sheet = {
        "name": "S", "title": "T", "notes": [],
        "columns": [{"label": "a", "type": kind, "width": 9}], "rows": [[value]],
    }  # fmt: skip
    xlsx.write(tmp_path / "a.xlsx", [sheet], META)
    return load_workbook(tmp_path / "a.xlsx")["S"].cell(4, 1)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_formula_even_after_an_edit(tmp_path: Path, text: str) -> None:
    found = cell(tmp_path, text, "text")
    assert (found.value, found.data_type, found.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize("value", [np.int64(5), np.float64(5), Decimal(5), 5])
def test_every_number_is_a_number(tmp_path: Path, value: object) -> None:
    assert (found := cell(tmp_path, value, "number")).data_type == "n" and found.value == 5


@pytest.mark.parametrize("value", [None, "", float("nan"), pd.NA, pd.NaT])
def test_what_is_missing_is_an_empty_cell(tmp_path: Path, value: object) -> None:
    assert cell(tmp_path, value, "number").value is None


def test_a_text_too_long_for_excel_ends_with_a_mark(tmp_path: Path) -> None:
    text = cell(tmp_path, "y" * 40_000, "text").value
    assert len(text) == xlsx.LONGEST and text.endswith("y…")
    height = load_workbook(tmp_path / "a.xlsx")["S"].row_dimensions[4].height
    assert height <= 409.5  # a higher row is a damaged file to Excel


def page_of(tmp_path: Path, widths: list[int], **more: int) -> Any:
    columns = [{"label": "a", "type": "text", "width": width} for width in widths]
    sheet = {"name": "S", "title": "T", "notes": ["n"], "columns": columns, **more}
    xlsx.write(tmp_path / "a.xlsx", [{**sheet, "rows": [["x"] * len(widths)]}], META)
    return load_workbook(tmp_path / "a.xlsx")["S"]


def test_what_is_printed_can_be_read(tmp_path: Path) -> None:
    """A page takes so much width; more goes on further pages with the first column again."""
    one = page_of(tmp_path, [50, 150])
    assert one.page_setup.orientation == "landscape" and one.sheet_properties.pageSetUpPr.fitToPage
    assert one.page_setup.fitToWidth in (None, 1)  # the format's default
    assert one.print_title_cols is None and one.print_area.endswith("$A$1:$B$6")
    two = page_of(tmp_path, [50, 150, 20, 150])
    assert two.page_setup.fitToWidth == 2 and two.print_title_cols.endswith("$A:$A")
    some = page_of(tmp_path, [50, 150, 20, 150], printed=2)
    assert some.page_setup.fitToWidth in (None, 1) and some.print_area.endswith("$A$1:$B$6")


def test_the_figures_go_on_one_page_with_their_names_first(sample: Office) -> None:
    sheet = Annex.of(sample.period("2024-Q4")).sheets()[0]
    shown = sheet["columns"][: sheet["printed"]]
    assert sum(column["width"] for column in shown) <= xlsx.PAGE
    assert {"Chỉ tiêu", "Giá trị"} <= {column["label"] for column in shown}
    assert len(sheet["columns"]) == len(shown) + 3  # id, definition, source
