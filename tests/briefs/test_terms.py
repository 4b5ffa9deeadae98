"""Abbreviations and terms are explained once, where they first stand."""

from __future__ import annotations

from typing import Any

import nbformat

from cchc_analysis.briefs import blocks
from cchc_analysis.briefs.document import blocks as read
from cchc_analysis.briefs.terms import explain
from cchc_analysis.words import messages

TTHC = "thủ tục hành chính"


def paragraph(text: str) -> dict[str, Any]:
    return blocks.paragraph(text).data


def text_of(block: dict[str, Any]) -> str:
    return "".join(span["text"] for span in block["spans"])


def test_a_sentence_explains_at_the_first_place_only() -> None:
    found = [paragraph("Kết quả TTHC và TTHC khác."), paragraph("Lại TTHC.")]
    explain(found)
    assert text_of(found[0]) == f"Kết quả TTHC ({TTHC}) và TTHC khác."
    assert text_of(found[1]) == "Lại TTHC."


def test_a_table_explains_below_it() -> None:
    column = {"label": "Số TTHC", "align": "left"}
    table = blocks.table_data(id="a", caption="b", columns=[column], rows=[["1"]])
    found = [table, paragraph("Lại TTHC.")]
    explain(found)
    assert table["notes"] == [f"TTHC: {TTHC}."]
    assert text_of(found[1]) == "Lại TTHC."


def test_headings_do_not_and_parts_of_words_are_no_terms() -> None:
    heading = {"kind": "heading", "level": 2, "text": "TTHC", "id": "h"}
    found = [heading, paragraph("TTHCX"), blocks.headline(["Về TTHC"]).data]
    explain(found)
    assert heading["text"] == "TTHC" and text_of(found[1]) == "TTHCX"
    assert found[2]["items"] == [f"Về TTHC ({TTHC})"]


def test_what_is_explained_already_stays() -> None:
    found = [paragraph("Thủ tục hành chính (TTHC) nhiều."), paragraph("Lại TTHC.")]
    explain(found)
    assert [text_of(b) for b in found] == ["Thủ tục hành chính (TTHC) nhiều.", "Lại TTHC."]


def test_every_term_reaches_a_brief() -> None:
    for term, meaning in messages("terms").items():
        made = nbformat.v4.new_notebook()
        made.cells.append(nbformat.v4.new_markdown_cell(f"# Tên\n\n- Nói về {term} ở đây"))
        (listed,) = (b for b in read([made]) if b["kind"] == "list")
        assert text_of(listed["items"][0]) == f"Nói về {term} ({meaning}) ở đây"
