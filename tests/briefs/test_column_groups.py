"""Columns under a common head, as the reporting forms have them."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from cchc_analysis.briefs import blocks, docx, html, pdf

COLUMNS = [
    {"label": "Lĩnh vực", "align": "left"},
    {"label": "Trực tuyến", "align": "right", "group": "Tiếp nhận"},
    {"label": "Trực tiếp", "align": "right", "group": "Tiếp nhận"},
    {"label": "Tổng", "align": "right"},
]


def grouped() -> list[dict[str, Any]]:
    return [blocks.table_data(id="t", caption="c", columns=COLUMNS, rows=[["x", "1", "2", "3"]])]


def test_neighbours_share_a_head() -> None:
    upper, lower = blocks.heads(COLUMNS)
    assert [(c["label"], c["across"], c["down"]) for c in upper] == [
        ("Lĩnh vực", 1, 2), ("Tiếp nhận", 2, 1), ("Tổng", 1, 2),
    ]  # fmt: skip
    assert [c["label"] for c in lower] == ["Trực tuyến", "Trực tiếp"]
    assert len(blocks.heads([{"label": "a"}])) == 1


def test_every_document_shows_the_groups() -> None:
    page = html.render_blocks(grouped())
    assert '<th scope="colgroup" class="center" colspan="2">Tiếp nhận</th>' in page
    assert pdf.render(grouped()).startswith(b"%PDF-")
    table = Document(io.BytesIO(docx.render(grouped()))).tables[0]
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["Lĩnh vực", "Tiếp nhận", "Tiếp nhận", "Tổng"]
    assert texts[1] == ["Lĩnh vực", "Trực tuyến", "Trực tiếp", "Tổng"]
    assert texts[2] == ["x", "1", "2", "3"]
    assert len(table._tbl.findall(f".//{qn('w:tblHeader')}")) == 2
