"""The brief as an editable Word file, because leaders edit before they sign.

Real Word styles (headings, caption, list, table), Times New Roman, A4 with the margins of Decree
30/2020/NĐ-CP, page number centred in the header from the second page. Times inside the file are
the data day, so equal blocks make equal bytes.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ..words import say
from .blocks import heads
from .layout import cards_table, official, on_paper, size_of, widths
from .packing import fixed_zip

__all__ = ["render"]

FONT = "Times New Roman"
TEXT_WIDTH = Mm(160)
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
LISTS = ("List Bullet", "List Bullet 2", "List Number", "List Number 2")
CELL_MARGIN = "45"  # twentieths of a point: 0.8 mm
HEAD = "EEEEEE"  # behind a table's head
EPOCH = dt.date(2000, 1, 1)


def render(found: Sequence[dict[str, Any]]) -> bytes:
    """The DOCX of a list of blocks."""
    cover = next((b for b in found if b["kind"] == "cover"), None)
    day = dt.date.fromisoformat(cover["data_day"]) if cover else EPOCH
    file = Document()
    _styles(file)
    _page(file)
    title = cover["title"] if cover else say("briefs.untitled")
    _properties(file, title, cover["authority"] if cover else "", day)
    if cover:
        _cover(file, official(cover))
    for block in found:
        _block(file, block)
    if cover:
        # The signature never stands on a page of its own.
        file.paragraphs[-1].paragraph_format.keep_with_next = True
        _signature(file, official(cover))
    out = io.BytesIO()
    file.save(out)
    return fixed_zip(out.getvalue(), day)


def _styles(file: Any) -> None:
    styles = file.styles
    normal = styles["Normal"]
    _font(normal, 13)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for level in (1, 2, 3, 4, 5):
        style = styles[f"Heading {level}"]
        _font(style, 13)
        style.font.bold = True
        style.font.italic = level > 2
        style.font.all_caps = level == 1
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(12)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.keep_with_next = True
    caption = styles["Caption"]
    _font(caption, 12)
    caption.font.bold = True
    caption.font.color.rgb = RGBColor(0, 0, 0)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before = Pt(10)
    _font(styles["Title"], 14)
    for name in LISTS:
        _font(styles[name], 13)
    language = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")


def _font(style: Any, size: float) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if qn(name) in fonts.attrib:
            del fonts.attrib[qn(name)]


def _page(file: Any) -> None:
    section = file.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _properties(file: Any, title: str, author: str, day: dt.date) -> None:
    core = file.core_properties
    core.title, core.author, core.last_modified_by = title, author, author
    core.created = core.modified = dt.datetime.combine(day, dt.time())
    core.revision, core.language, core.comments = 1, "vi-VN", ""


def _plain_table(file: Any, rows: int, columns: int, shares: Sequence[float]) -> Any:
    table = file.add_table(rows=rows, cols=columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), CELL_MARGIN)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
    whole = sum(shares)
    for place, share in enumerate(shares):
        width = int(TEXT_WIDTH * share / whole)
        table.columns[place].width = width
        for cell in table.columns[place].cells:
            cell.width = width
    return table


def _line(cell: Any, text: str, *, size: float = 12, bold: bool = False, italic: bool = False,
          first: bool = False, align: str = "center") -> None:  # fmt: skip
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _cover(file: Any, cover: dict[str, Any]) -> None:
    table = _plain_table(file, 1, 2, (66, 94))
    left, right = table.rows[0].cells
    agency = [cover["parent"].upper()] if cover["parent"] else []
    for n, text in enumerate(agency):
        _line(left, text, first=n == 0)
    _line(left, cover["authority"].upper(), bold=True, first=not agency)
    _line(left, "_______")
    _line(left, cover["number_pattern"], size=13)
    _line(right, cover["country"], bold=True, first=True)
    _line(right, cover["motto"], size=13, bold=True)
    _line(right, "____________________")
    _line(right, cover["place_day"], size=13, italic=True)
    if cover["audience"] == "internal":
        _centred(file, cover["internal"], 13, bold=True)
    _centred(file, "", 6)
    _centred(file, cover["report"], 14, bold=True)
    title = file.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _no_border(title)
    run = title.add_run(cover["title"])
    run.bold, run.font.color.rgb = True, RGBColor(0, 0, 0)
    _centred(file, f"({cover['cut_label']}: {cover['span']})", 13, italic=True)
    if cover["to"]:
        _centred(file, cover["to"], 14)
    for text in cover["notices"]:
        file.add_paragraph().add_run(text).italic = True


def _no_border(paragraph: Any) -> None:
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    bottom.set(qn("w:val"), "nil")
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)


def _centred(
    file: Any, text: str, size: float, *, bold: bool = False, italic: bool = False
) -> None:
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _signature(file: Any, cover: dict[str, Any]) -> None:
    _centred(file, "", 8)
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    line = _plain_table(file, 1, 2, (80, 80)).rows[0]
    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = line.cells
    _line(left, cover["recipients_head"], bold=True, italic=True, first=True, align="left")
    for text in cover["recipients"]:
        _line(left, f"– {text}", size=11, align="left")
    for n, text in enumerate(cover["signature"]):
        _line(right, text, size=13, bold=True, first=n == 0)


def _block(file: Any, block: dict[str, Any]) -> None:
    kind = block["kind"]
    if kind == "heading":
        file.add_heading(block["text"], level=min(block["level"] - 1, 5))
    elif kind == "paragraph":
        _body(file, block["spans"])
    elif kind == "list":
        _list(file, block)
    elif kind == "headline":
        for text in block["items"]:
            _body(file, [{"text": f"– {text}", "style": ""}])
    elif kind == "to_do":
        for n, text in enumerate(block["items"], 1):
            _body(file, [{"text": f"{n}. {text}", "style": ""}])
    elif kind == "note":
        style = "strong" if block["level"] == "error" else "emphasis"
        _body(file, [{"text": block["text"], "style": style}])
    elif kind == "cards":
        _table(file, cards_table(block))
    elif kind == "table":
        _table(file, block)
    elif kind == "figure":
        _figure(file, block)


def _list(file: Any, block: dict[str, Any], deep: bool = False) -> None:
    style = ("List Number" if block["ordered"] else "List Bullet") + (" 2" if deep else "")
    number = _new_numbering(file, style) if block["ordered"] else None
    for item in block["items"]:
        paragraph = file.add_paragraph(style=style)
        if number is not None:
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number
        _spans(paragraph, item["spans"])
        for below in item["below"]:
            _list(file, below, deep=True)


def _new_numbering(file: Any, style: str) -> int:
    """A numbering of the style's own form that begins at 1 again; Word would count on."""
    numbering = file.part.numbering_part.element
    of_style = file.styles[style].element.pPr.numPr.numId.val
    made = numbering.add_num(numbering.num_having_numId(of_style).abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _body(file: Any, spans: Sequence[dict[str, str]]) -> None:
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    _spans(paragraph, spans)


def _spans(paragraph: Any, spans: Sequence[dict[str, str]]) -> None:
    for span in spans:
        run = paragraph.add_run(span["text"])
        run.bold = span["style"] == "strong" or None
        run.italic = span["style"] == "emphasis" or None


def _table(file: Any, block: dict[str, Any]) -> None:
    file.add_paragraph(block["caption"], style="Caption")
    shares = widths(block)
    size = size_of(shares)
    first = heads(block["columns"])
    table = _plain_table(file, len(first) + len(block["rows"]), len(block["columns"]), shares)
    table.style = "Table Grid"
    _heads(table, first, size)
    last = len(block["rows"]) - 1
    for n, row in enumerate(block["rows"]):
        line = table.rows[n + len(first)]
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        bold = bool(block["total"]) and n == last
        for cell, text, column in zip(line.cells, row, block["columns"], strict=True):
            _line(cell, text, size=size, bold=bold, first=True, align=column["align"])
    _notes(file, block["notes"])
    if not block["notes"]:
        file.add_paragraph().paragraph_format.space_after = Pt(2)


def _notes(file: Any, notes: Sequence[str]) -> None:
    for text in notes:
        run = file.add_paragraph().add_run(text)
        run.italic, run.font.size = True, Pt(11)


def _heads(table: Any, first: Sequence[Sequence[dict[str, Any]]], size: float) -> None:
    """The head's rows, repeated on every page, cells of a group merged."""
    for n, row in enumerate(first):
        line = table.rows[n]
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        taken = [place for place, down in _downs(first[0]) if n and down > 1]
        places = iter(p for p in range(len(table.columns)) if p not in taken)
        for head in row:
            at = [next(places) for _ in range(head["across"])]
            cell = table.cell(n, at[0]).merge(table.cell(n + head["down"] - 1, at[-1]))
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            shade = OxmlElement("w:shd")
            for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", HEAD)):
                shade.set(qn(name), value)
            cell._tc.get_or_add_tcPr().append(shade)
            _line(cell, head["label"], size=size, bold=True, first=True)


def _downs(row: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """The columns under a row of heads, each with how many rows its head takes."""
    found: list[tuple[int, int]] = []
    for head in row:
        found += [(len(found) + n, head["down"]) for n in range(head["across"])]
    return found


def _figure(file: Any, block: dict[str, Any]) -> None:
    file.add_paragraph(block["caption"], style="Caption")
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture = io.BytesIO(base64.b64decode(block["png"]))
    shape = paragraph.add_run().add_picture(picture, width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", block["alt"])
    shape._inline.docPr.set("title", block["caption"])
    _notes(file, block.get("notes", []))
    table = on_paper(block)
    if table:
        _table(file, table)
