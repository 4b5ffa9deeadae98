"""The look that every Word file of ours has, and the few things that all of them are built of.

Real Word styles (headings, caption, list), Times New Roman, A4 with the margins of Decree
30/2020/NĐ-CP, page number centred in the header from the second page. A file is dated by its
maker, never by the clock: ``begin`` opens one, ``save`` gives its bytes.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from .packing import fixed_zip

__all__ = [
    "TEXT_WIDTH",
    "begin",
    "centred",
    "letterhead",
    "no_border",
    "on_every_page",
    "plain_table",
    "prose",
    "save",
    "text_line",
]

FONT = "Times New Roman"
TEXT_WIDTH = Mm(160)
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
LISTS = ("List Bullet", "List Bullet 2", "List Number", "List Number 2")
CELL_MARGIN = "45"  # twentieths of a point: 0.8 mm


def begin(title: str, author: str, day: dt.date) -> Any:
    """An empty document with our styles, page and properties."""
    file: Any = Document()
    file.part.get_style_id = cache(file.part.get_style_id)  # asked anew for each paragraph
    _styles(file)
    _page(file)
    _properties(file, title, author, day)
    return file


def save(file: Any, day: dt.date) -> bytes:
    """The file's bytes, which depend on its content and ``day`` alone."""
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


def on_every_page(file: Any, text: str) -> None:
    """A mark at the foot of every page."""
    section = file.sections[0]
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).bold = True


def _properties(file: Any, title: str, author: str, day: dt.date) -> None:
    core = file.core_properties
    core.title, core.author, core.last_modified_by = title, author, author
    core.created = core.modified = dt.datetime.combine(day, dt.time())
    core.revision, core.language, core.comments = 1, "vi-VN", ""


def plain_table(file: Any, rows: int, columns: int, shares: Sequence[float]) -> Any:
    """A table without lines whose columns share the text's width as ``shares``."""
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
        for line in table._tbl.tr_lst:
            line.tc_lst[place].width = width
    return table


def text_line(
    cell: Any,
    text: str,
    *,
    size: float = 12,
    bold: bool = False,
    italic: bool = False,
    first: bool = False,
    align: str = "center",
) -> None:
    """A line of text in a cell; ``first`` uses the paragraph that a new cell has."""
    line = copy.deepcopy(_line(size, bold, italic, align))
    Paragraph(line, cell).runs[0].text = text
    if first:
        cell._tc.replace(cell._tc.p_lst[0], line)
    else:
        cell._tc.append(line)


@cache
def _line(size: float, bold: bool, italic: bool, align: str) -> Any:
    """An empty line of a look: to copy one is ten times as fast as to build it."""
    paragraph = Paragraph(OxmlElement("w:p"), None)  # type: ignore[arg-type]
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run()
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph._p


def letterhead(file: Any, above: str, agency: str, words: Mapping[str, Any]) -> None:
    """The head of an official document: who issues it and the number on the left; the country, the
    motto, place and day on the right. ``words``: ``number_pattern, country, motto, place_day``.
    """
    left, right = plain_table(file, 1, 2, (66, 94)).rows[0].cells
    over = [above.upper()] if above else []
    for n, text in enumerate(over):
        text_line(left, text, first=n == 0)
    text_line(left, agency.upper(), bold=True, first=not over)
    text_line(left, "_______")
    text_line(left, words["number_pattern"], size=13)
    text_line(right, words["country"], bold=True, first=True)
    text_line(right, words["motto"], size=13, bold=True)
    text_line(right, "____________________")
    text_line(right, words["place_day"], size=13, italic=True)


def prose(file: Any, text: str = "") -> Any:
    """A justified paragraph with its first line moved in."""
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    if text:
        paragraph.add_run(text)
    return paragraph


def no_border(paragraph: Any) -> None:
    """Takes off the line that the style Title has below."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    bottom.set(qn("w:val"), "nil")
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)


def centred(file: Any, text: str, size: float, *, bold: bool = False, italic: bool = False) -> None:
    """A centred paragraph."""
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
