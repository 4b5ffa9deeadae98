"""Prose between the cells: nothing written is lost, run together or named twice."""

from __future__ import annotations

import io
from typing import Any

import nbformat
from docx import Document

from cchc_analysis.briefs import blocks as kinds
from cchc_analysis.briefs import docx, html, pdf
from cchc_analysis.briefs.document import blocks

from ..documents import drawing

LISTS = "1. một\n   - trong\n   - nữa\n2. hai\n\ngiữa\n\n1. lại một\n2. lại hai\n"


def written(*sources: str) -> list[dict[str, Any]]:
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_markdown_cell(source) for source in sources]
    return blocks([made])


def test_a_list_within_a_list_stays_one() -> None:
    first = written(LISTS)[0]
    assert [item["spans"][0]["text"] for item in first["items"]] == ["một", "hai"]
    below = first["items"][0]["below"][0]
    assert [item["spans"][0]["text"] for item in below["items"]] == ["trong", "nữa"]
    page = html.render_blocks(written(LISTS))
    assert "<li>một<ul><li>trong</li><li>nữa</li></ul></li>" in page
    assert pdf.render(written(LISTS)).startswith(b"%PDF-")


def test_each_numbered_list_in_word_begins_at_one() -> None:
    file = Document(io.BytesIO(docx.render(written(LISTS))))
    numbers = {
        p.text: p._p.pPr.numPr.numId.val for p in file.paragraphs if p.style.name == "List Number"
    }
    assert numbers["một"] == numbers["hai"] != numbers["lại một"] == numbers["lại hai"]


def test_quotes_code_tables_and_entities_are_kept() -> None:
    found = written("> trích\n\n```\nmã\n```\n\n| a | b |\n|--|-:|\n| 1 | 2 |\n\nA &amp; B")
    assert [b["kind"] for b in found] == ["paragraph", "paragraph", "table", "paragraph"]
    assert found[2]["rows"] == [["1", "2"]] and found[2]["columns"][1]["align"] == "right"
    assert found[2]["caption"] == "Bảng 1"
    assert found[3]["spans"] == [{"text": "A & B", "style": ""}]


def test_the_same_figure_twice_has_two_names() -> None:
    made = nbformat.v4.new_notebook()
    table = kinds.table_data(id="f", caption="c", columns=[{"label": "a"}], rows=[["1"]])
    for _ in range(2):
        block = kinds.figure(drawing(), id="f", caption="c", alt="a", table=table)
        cell = nbformat.v4.new_code_cell("")
        cell.outputs = [nbformat.v4.new_output("display_data", data=block._repr_mimebundle_())]
        made.cells.append(cell)
    first, second = blocks([made])
    assert len({part["id"] for b in (first, second) for part in (b, b["table"])}) == 4
    assert 'id="f-' in first["svg"]
    assert f'id="{second["id"]}-' in second["svg"] and 'id="f-figure' not in second["svg"]
