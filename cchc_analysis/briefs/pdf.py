"""The brief as PDF/UA-1, in the layout of Decree 30/2020/NĐ-CP, by the typst compiler.

The document's date is the data day, so equal blocks make equal bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from ..words import say
from .blocks import heads
from .layout import cards_table, lines_of, official, on_paper, size_of, widths
from .typesetting import FONT, compiled, in_font

__all__ = ["render"]

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
    made = compiled(
        "brief.typ",
        data,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()),
    )
    return bytes(made)


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
        svg = in_font(block["svg"])
        return {**block, "svg": svg, "table": table, "notes": block.get("notes", [])}
    return dict(block)
