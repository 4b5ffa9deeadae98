"""The renderers: all that was said stands in each document, nothing runs, nothing differs."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from docx import Document

from cchc_analysis.briefs import docx, html, pdf, xlsx
from cchc_analysis.briefs.blocks import table_data
from cchc_analysis.briefs.document import blocks
from cchc_analysis.errors import BriefError

from ..documents import HOSTILE, notebook
from ..libreoffice import convert, words


def test_chapters_are_numbered_and_lowered() -> None:
    heads = [b for b in blocks([notebook(), notebook()]) if b["kind"] == "heading"]
    assert [(b["level"], b["text"]) for b in heads[:4]] == [
        (2, "I. Mở đầu"), (3, "Mục nhỏ"), (2, "II. Kết"), (2, "III. Mở đầu"),
    ]  # fmt: skip


def test_a_cell_that_failed_makes_no_document() -> None:
    made = notebook()
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="v", traceback=[])]
    made.cells.append(cell)
    with pytest.raises(BriefError, match="ValueError"):
        blocks([made])


def test_html_is_whole_and_harmless() -> None:
    page = html.render([notebook(HOSTILE)])
    assert "<script" not in page
    assert "secret_source" not in page and "printed noise" not in page
    assert page.count("<h1>") == 1
    assert 'lang="vi"' in page and "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_first_screen_stands_before_the_contents() -> None:
    page = html.render([notebook(), notebook()])
    places = [page.index(t) for t in ('class="headline"', 'class="cards"', 'class="toc"')]
    assert places == sorted(places)
    assert page.index('class="to-do"') < places[-1] < page.index("Mục nhỏ</h3>")


def test_a_phone_stacks_rows_with_sentences_and_keeps_their_roles() -> None:
    wide = {"label": "Căn cứ", "align": "left"}
    data = {"id": "a", "caption": "b", "columns": [wide] * 3, "rows": [["x", "y", "dài " * 20]]}
    page = html.render_blocks([table_data(**data)])
    assert 'class="stack" role="table"' in page
    assert 'role="cell" data-label="Căn cứ"' in page
    data["rows"] = [["x", "y", "z"]]
    assert 'role="table"' not in html.render_blocks([table_data(**data)])


def test_numbers_of_a_table_stand_in_every_document(tmp_path: Path) -> None:
    found = blocks([notebook("Chữ")])
    assert "Chữ 199" in html.render_blocks(found)
    file = Document(io.BytesIO(docx.render(found)))
    cells = {cell.text for table in file.tables for row in table.rows for cell in row.cells}
    assert {"Chữ 0", "Chữ 199", "94,18%"} <= cells
    assert pdf.render(found).startswith(b"%PDF-")


def test_docx_has_real_styles() -> None:
    file = Document(io.BytesIO(docx.render(blocks([notebook()]))))
    styles = {p.style.name for p in file.paragraphs}
    assert {"Heading 1", "Heading 2", "Caption", "Title", "List Bullet"} <= styles
    assert file.sections[0].left_margin.mm == pytest.approx(30, abs=0.1)
    assert file.inline_shapes[0]._inline.docPr.get("descr") == "Đúng hạn"


@pytest.mark.parametrize("render", [pdf.render, docx.render])
def test_equal_blocks_make_equal_bytes(render: object) -> None:
    assert callable(render)
    assert render(blocks([notebook(HOSTILE)])) == render(blocks([notebook(HOSTILE)]))


def test_workbook_holds_text_as_text(tmp_path: Path) -> None:
    import datetime as dt

    from openpyxl import load_workbook

    texts = ["=1+1", "+84912345678", "-1", "@SUM(A1)", "\tx", HOSTILE]
    sheet = {
        "name": "S", "title": "T", "notes": [], "columns": [
            {"label": "a", "type": "text", "width": 9},
            {"label": "b", "type": "percent", "width": 9},
        ],
        "rows": [[text, 0.5] for text in texts],
    }  # fmt: skip
    meta = {
        "title": "t", "unit": "u", "span": "s", "data_day": dt.date(2024, 4, 5),
        "audience": "shared", "notices": [],
    }  # fmt: skip
    files = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in files:
        xlsx.write(path, [sheet], meta)
    assert files[0].read_bytes() == files[1].read_bytes()
    page = load_workbook(files[0])["S"]
    assert [page.cell(n, 1).value for n in range(4, 4 + len(texts))] == texts
    assert not [c for row in page for c in row if c.data_type == "f"]
    with zipfile.ZipFile(files[0]) as opened:
        assert b"<f>" not in opened.read("xl/worksheets/sheet2.xml")


def test_exporters_are_known_to_nbconvert(tmp_path: Path) -> None:
    from nbconvert.exporters import get_exporter

    for name, start in (("cchc-html", "<!doctype html>"), ("cchc-pdf", b"%PDF-")):
        body, resources = get_exporter(name)().from_notebook_node(notebook())
        assert body.startswith(start)
        assert resources["output_extension"] == f".{name.removeprefix('cchc-')}"


@pytest.mark.pdf
def test_docx_opens_in_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx.render(blocks([notebook("Đất đai")])))
    assert "Đất đai 199" in " ".join(words(convert(path, "pdf", tmp_path)).split())
