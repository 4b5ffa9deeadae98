"""Text from a register that a file format refuses or a column cannot hold."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document

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
