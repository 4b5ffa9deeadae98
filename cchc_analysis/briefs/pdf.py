"""The brief as PDF/UA-1, in the layout of Decree 30/2020/NĐ-CP, by the typst compiler.

The template reads the blocks as JSON, so nothing needs escaping. Only the shipped font is used,
whatever the machine has; the document's date is the data day, so equal blocks make equal bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from ..errors import BriefError
from ..words import say
from .blocks import heads
from .layout import cards_table, lines_of, official, on_paper, size_of, widths

__all__ = ["FONT", "render"]

HERE = Path(__file__).parent
TEMPLATE = HERE / "templates" / "typst" / "brief.typ"
FONT = "Tinos"
SHORT = 12  # lines up to which a table is kept on one page
LONGEST_WORD = 28  # letters; a longer one may be broken after every PIECE of them
PIECE = 14
BREAK = "\u200b"  # a space without width, where a line may end
EPOCH = dt.date(2000, 1, 1)  # the date of a document that has no cover


def render(found: Sequence[dict[str, Any]]) -> bytes:
    """The PDF of a list of blocks. Raises :class:`BriefError` when it cannot be compiled."""
    cover = next((b for b in found if b["kind"] == "cover"), None)
    body = [_prepared(b) for b in found if b is not cover]
    chapters = [b["text"] for b in body if b["kind"] == "heading"]
    title = cover["title"] if cover else (chapters[0] if chapters else say("briefs.untitled"))
    day = dt.date.fromisoformat(cover["data_day"]) if cover else EPOCH
    data = {
        "title": title,
        "author": cover["authority"] if cover else "",
        "font": FONT,
        "day": [day.year, day.month, day.day],
        "cover": _breakable(official(cover)) if cover else None,
        "blocks": _breakable(_levels(body)),
    }
    try:
        made = typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(_in_font(data), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()),
        )
    except typst.TypstError as error:
        reason = str(error).splitlines()[0][:120]
        raise BriefError(say("briefs.compile_failed", reason=reason)) from None
    return bytes(made)


@cache
def _letters() -> frozenset[int]:
    """The characters that all four cuts of the shipped font have."""
    from matplotlib.ft2font import FT2Font

    cuts = sorted((HERE / "fonts").glob("*.ttf"))
    return frozenset.intersection(*(frozenset(FT2Font(str(c)).get_charmap()) for c in cuts))


def _in_font(data: Any) -> Any:
    """The same data without what the shipped font cannot draw, for PDF/UA accepts no text without
    a glyph: emoji go, other characters, and a text of nothing else, become a box.
    """
    if isinstance(data, dict):
        return {key: _in_font(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_in_font(value) for value in data]
    if isinstance(data, str) and not data.isascii():
        known = _letters()
        lacking = {c for c in set(data) if c != "\n" and ord(c) not in known}
        if lacking:
            shown = "".join(_boxed(c) if c in lacking else c for c in data)
            return shown.strip() or "□"
    return data


def _boxed(char: str) -> str:
    return "" if unicodedata.category(char) in ("So", "Sk", "Cf", "Mn") else "□"


def _breakable(data: Any) -> Any:
    """The same data with places to end a line inside words that no column could hold."""
    if isinstance(data, dict):
        return {k: v if k in ("svg", "alt", "id") else _breakable(v) for k, v in data.items()}
    if isinstance(data, list):
        return [_breakable(value) for value in data]
    if isinstance(data, str):
        return re.sub(rf"\S{{{LONGEST_WORD},}}", lambda word: _pieces(word[0], BREAK), data)
    return data


def _pieces(word: str, between: str) -> str:
    return between.join(word[n : n + PIECE] for n in range(0, len(word), PIECE))


def _broken(table: dict[str, Any]) -> dict[str, Any]:
    """The table as its widths are measured: with long words already in pieces."""

    def apart(text: str) -> str:
        return re.sub(rf"\S{{{LONGEST_WORD},}}", lambda word: _pieces(word[0], " "), text)

    columns = [{**c, "label": apart(c["label"])} for c in table["columns"]]
    return {**table, "columns": columns, "rows": [[apart(c) for c in r] for r in table["rows"]]}


def _levels(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Headings without a skipped level, as PDF/UA wants them; the topmost are level 2."""
    above = 1
    for block in body:
        if block["kind"] == "heading":
            block["level"] = above = min(block["level"], above + 1)
    return body


def _prepared(block: dict[str, Any]) -> dict[str, Any]:
    kind = block["kind"]
    if kind == "table":
        found = widths(_broken(block))
        whole = lines_of(block, found) <= SHORT
        first = heads(block["columns"])
        return {
            **block, "heads": first, "widths": found, "size": size_of(found), "whole": whole,
        }  # fmt: skip
    if kind == "cards":
        return {"kind": "cards", "table": _prepared(cards_table(block))}
    if kind == "figure":
        table = on_paper(block)
        table = _prepared(table) if table else None
        svg = re.sub(r"font: ([^'\";]*?)(\d[\d.]*px) [^\"';]*", rf"font: \1\2 {FONT}", block["svg"])
        svg = re.sub(r"font-family: [^;\"]*", f"font-family: {FONT}", svg)
        return {**block, "svg": svg, "table": table, "png": None, "notes": block.get("notes", [])}
    return dict(block)
