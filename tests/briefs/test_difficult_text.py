"""Text from a register that a file format refuses or a column cannot hold."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from cchc_analysis.briefs import blocks as blocks_of
from cchc_analysis.briefs import docx, html, pdf
from cchc_analysis.briefs.document import blocks

from ..documents import notebook

CONTROL = "Đa\u0302\u0301t\x00 đai\x0b\x1f\ufffe"
POINTS = 72 / 25.4


def test_control_characters_go_and_letters_are_whole() -> None:
    found = blocks([notebook(CONTROL)])
    assert "Đất đai 7" in html.render_blocks(found)
    file = Document(io.BytesIO(docx.render(found)))
    assert "Đất đai 7" in {row.cells[0].text for t in file.tables for row in t.rows}
    assert pdf.render(found).startswith(b"%PDF-")


@pytest.mark.pdf
def test_long_words_stay_within_the_margins(tmp_path: Path) -> None:
    path, text = tmp_path / "a.pdf", "Ấ" * 150
    found: list[dict[str, Any]] = blocks([notebook(text)])
    path.write_bytes(pdf.render(found))
    shown = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    right = [float(x) for x in re.findall(r'<word [^>]*xMax="([\d.]+)"', shown.stdout.decode())]
    left = [float(x) for x in re.findall(r'<word xMin="([\d.]+)"', shown.stdout.decode())]
    assert left and min(left) >= 30 * POINTS - 1
    assert max(right) <= (210 - 20) * POINTS + 1


@pytest.mark.pdf
def test_an_emoji_leaves_no_empty_box(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    rows = [["Rất tốt 👍\ufe0f"], ["👍"], ["漢 tốt"]]
    columns = [{"label": "Ví dụ", "align": "left"}]
    path.write_bytes(
        pdf.render([blocks_of.table(id="t", caption="c", columns=columns, rows=rows).data])
    )
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    lines = [line.strip() for line in shown.stdout.decode().splitlines() if line.strip()]
    assert [line for line in lines if "tốt" in line or "□" in line] == ["Rất tốt", "□", "□ tốt"]


@pytest.mark.pdf
def test_short_cells_of_a_wide_list_stay_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    heads = ("Mã hồ sơ", "Lĩnh vực", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong",
             "Số ngày làm việc quá hạn", "Chỉ quá hạn trên hệ thống", "Xin lỗi")  # fmt: skip
    columns = [{"label": head, "align": "right" if n in (2, 3, 4, 5) else "left"}
               for n, head in enumerate(heads)]  # fmt: skip
    row = ["000.17.31.H56-241008-0003", "Chứng thực", *["08/10/2024"] * 3, "1", "-", "Văn bản"]
    table = blocks_of.table(id="t", caption="c", columns=columns, rows=[row] * 40)
    path.write_bytes(pdf.render([table.data]))
    shown = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    lines = [line.split() for line in shown.stdout.decode().splitlines()]
    assert sum(line == " ".join(row).split() for line in lines) == 40
