"""Registers that are none of dossiers – feedback, digital indicators, the plan's tasks – as offices
keep them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.errors import FileError
from cchc_analysis.sources import Mapping
from cchc_analysis.workspace import inbox

from ..sheets import csv_file, take, xlsx_file

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
