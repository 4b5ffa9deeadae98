"""The brief as an editable Word file, because leaders edit before they sign.

The look is that of all our Word files (``word``); here a list of blocks becomes one of them.
Times inside the file are the data day, so equal blocks make equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ..words import say
from .blocks import heads
from .layout import cards_table, official, on_paper, size_of, widths
from .typesetting import pictures
from .word import (
    TEXT_WIDTH,
    begin,
    centred,
    letterhead,
    no_border,
    on_every_page,
    plain_table,
    prose,
    save,
    text_line,
)

__all__ = ["render"]

HEAD = "EEEEEE"  # behind a table's head
EPOCH = dt.date(2000, 1, 1)


def render(found: Sequence[dict[str, Any]]) -> bytes:
    """The DOCX of a list of blocks."""
    cover = next((b for b in found if b["kind"] == "cover"), None)
    day = dt.date.fromisoformat(cover["data_day"]) if cover else EPOCH
    title = cover["title"] if cover else say("briefs.untitled")
    file = begin(title, cover["authority"] if cover else "", day)
    if cover:
        _cover(file, official(cover))
    drawn = iter(pictures([block["svg"] for block in found if block["kind"] == "figure"]))
    for block in found:
        if block["kind"] == "figure":
            _figure(file, block, next(drawn))
        else:
            _block(file, block)
    if cover:
        # The signature never stands on a page of its own.
        file.paragraphs[-1].paragraph_format.keep_with_next = True
        _signature(file, official(cover))
    return save(file, day)


def _cover(file: Any, cover: dict[str, Any]) -> None:
    letterhead(file, cover["parent"], cover["authority"], cover)
    if cover["audience"] == "internal":
        centred(file, cover["internal"], 13, bold=True)
        on_every_page(file, cover["internal"])
    centred(file, "", 6)
    centred(file, cover["report"], 14, bold=True)
    title = file.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    no_border(title)
    run = title.add_run(cover["title"])
    run.bold, run.font.color.rgb = True, RGBColor(0, 0, 0)
    centred(file, f"({cover['cut_label']}: {cover['span']})", 13, italic=True)
    if cover["to"]:
        centred(file, cover["to"], 14)
    for text in cover["notices"]:
        file.add_paragraph().add_run(text).italic = True


def _signature(file: Any, cover: dict[str, Any]) -> None:
    centred(file, "", 8)
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    line = plain_table(file, 1, 2, (80, 80)).rows[0]
    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = line.cells
    if cover["recipients"]:
        text_line(left, cover["recipients_head"], bold=True, italic=True, first=True, align="left")
    for text in cover["recipients"]:
        text_line(left, f"– {text}", size=11, align="left")
    for n, text in enumerate(cover["signature"]):
        text_line(right, text, size=13, bold=True, first=n == 0)


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
    _spans(prose(file), spans)


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
    table = plain_table(file, len(first) + len(block["rows"]), len(block["columns"]), shares)
    table.style = "Table Grid"
    _heads(table, first, size)
    last = len(block["rows"]) - 1
    lines = list(table.rows)[len(first) :]
    for n, (line, row) in enumerate(zip(lines, block["rows"], strict=True)):
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        bold = bool(block["total"]) and n == last
        for cell, text, column in zip(line.cells, row, block["columns"], strict=True):
            text_line(cell, text, size=size, bold=bold, first=True, align=column["align"])
    _notes(file, block["notes"])
    if not block["notes"]:
        file.add_paragraph().paragraph_format.space_after = Pt(2)


def _notes(file: Any, notes: Sequence[str]) -> None:
    for text in notes:
        run = file.add_paragraph().add_run(text)
        run.italic, run.font.size = True, Pt(11)


def _heads(table: Any, first: Sequence[Sequence[dict[str, Any]]], size: float) -> None:
    """The head's rows, repeated on every page, cells of a group merged."""
    lines = list(table.rows)[: len(first)]
    cells = [list(line.cells) for line in lines]
    for n, (line, row) in enumerate(zip(lines, first, strict=True)):
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        taken = [place for place, down in _downs(first[0]) if n and down > 1]
        places = iter(p for p in range(len(cells[n])) if p not in taken)
        for head in row:
            at = [next(places) for _ in range(head["across"])]
            cell = cells[n][at[0]]
            if head["down"] > 1 or head["across"] > 1:
                cell = cell.merge(cells[n + head["down"] - 1][at[-1]])
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            shade = OxmlElement("w:shd")
            for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", HEAD)):
                shade.set(qn(name), value)
            cell._tc.get_or_add_tcPr().append(shade)
            text_line(cell, head["label"], size=size, bold=True, first=True)


def _downs(row: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """The columns under a row of heads, each with how many rows its head takes."""
    found: list[tuple[int, int]] = []
    for head in row:
        found += [(len(found) + n, head["down"]) for n in range(head["across"])]
    return found


def _figure(file: Any, block: dict[str, Any], drawn: bytes) -> None:
    file.add_paragraph(block["caption"], style="Caption")
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(drawn), width=TEXT_WIDTH)
    shape._inline.docPr.set("descr", block["alt"])
    shape._inline.docPr.set("title", block["caption"])
    _notes(file, block.get("notes", []))
    table = on_paper(block)
    if table:
        _table(file, table)
