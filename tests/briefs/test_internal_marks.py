"""An internal brief says so on every page of every document; a shared one on none."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from docx import Document

from cchc_analysis.briefs import docx, html, pdf, xlsx
from cchc_analysis.briefs.document import blocks
from cchc_analysis.words import label

from ..documents import document, notebook

MARK = label("word.internal")


def made(audience: str) -> list[dict[str, object]]:
    found = [block.data for block in document("Đúng hạn") if hasattr(block, "data")]
    found += blocks([notebook()] * 12)
    cover = next(b for b in found if b["kind"] == "cover")
    rest = [b for b in found if b["kind"] != "cover"]
    for n, block in enumerate(rest):
        if "id" in block:
            block["id"] = f"b-{n}"
    return [{**cover, "audience": audience}, *rest]


@pytest.mark.parametrize(("audience", "marked"), [("internal", True), ("shared", False)])
def test_every_page(tmp_path: Path, audience: str, marked: bool) -> None:
    found = made(audience)
    pages = pypdfium2.PdfDocument(pdf.render(found))
    assert len(pages) > 2
    assert {MARK in page.get_textpage().get_text_bounded() for page in pages} == {marked}
    (section,) = Document(io.BytesIO(docx.render(found))).sections
    for footer in (section.footer, section.first_page_footer):
        assert (MARK in "".join(p.text for p in footer.paragraphs)) is marked
    assert ('class="everywhere"' in html.render_blocks(found)) is marked
    path = tmp_path / "a.xlsx"
    sheet = {"name": "A", "title": "A", "notes": [], "rows": [["x"]],
             "columns": [{"label": "a", "type": "text", "width": 9}]}  # fmt: skip
    meta = {"title": "T", "unit": "U", "span": "", "data_day": dt.date(2024, 1, 5),
            "audience": audience, "notices": []}  # fmt: skip
    xlsx.write(path, [sheet], meta)
    pages_of = openpyxl.load_workbook(path).worksheets
    assert {MARK in str(page.oddFooter.center.text) for page in pages_of} == {marked}
