"""What the paged documents (PDF, DOCX) share: the official words, widths of columns, cards.

Layout after Decree 30/2020/NĐ-CP, appendix I; what of it is not verified is listed in the unit's
``[document]`` table and can be changed there.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from ..words import label, say

__all__ = ["CardTable", "cards_table", "lines_of", "official", "place_day", "size_of", "widths"]

CardTable = dict[str, Any]
BOLD = 1.12  # heads are bold
LONGEST_TEXT = 32  # characters at which a column of prose stops growing


def place_day(place: str, day: dt.date) -> str:
    """``Thiệu Vân, ngày 05 tháng 01 năm 2025``: a zero before days under 10, months 1 and 2."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return say("briefs.place_day", place=place, day=f"{day.day:02}", month=month, year=day.year)


def official(cover: dict[str, Any]) -> dict[str, Any]:
    """The cover with the words that every official document bears."""
    day = dt.date.fromisoformat(cover["data_day"])
    return {
        **cover,
        "country": say("briefs.country"),
        "motto": say("briefs.motto"),
        "report": say("briefs.report"),
        "place_day": place_day(cover["place"], day),
        "internal": label("word.internal"),
        "recipients_head": say("briefs.recipients"),
    }


def cards_table(block: dict[str, Any]) -> CardTable:
    """The cards as a table, for paper."""
    columns = [
        {"label": label("col.label"), "align": "left"},
        {"label": label("col.value"), "align": "right"},
        {"label": label("col.state"), "align": "left"},
        {"label": say("briefs.content_column"), "align": "left"},
    ]
    rows = [
        [
            card["label"],
            f"{card['value']} {card['unit']}".strip(),
            card["state_label"] or label("mark.zero"),
            "; ".join(card["lines"]) or label("mark.zero"),
        ]
        for card in block["cards"]
    ]
    return {
        "kind": "table", "id": "cards", "caption": say("briefs.cards"), "columns": columns,
        "rows": rows, "notes": [], "total": False,
    }  # fmt: skip


def widths(table: dict[str, Any]) -> list[float]:
    """Relative widths of the columns, from what stands in them."""
    found = []
    for place, column in enumerate(table["columns"]):
        cells = [row[place] for row in table["rows"]]
        words = [word for text in (*cells, column["label"]) for word in text.split()]
        longest = max((_ems(word) for word in words), default=1)
        if column["align"] == "right":
            body = max((len(cell) for cell in cells), default=1)
            width = max(body, longest * BOLD, len(column["label"]) / 3.2)
        else:
            body = max((len(cell) for cell in cells), default=1)
            width = max(longest * BOLD, min(body, LONGEST_TEXT), len(column["label"]) / 3)
        found.append(width + 2)
    return found


def _ems(word: str) -> float:
    """About how wide a word is, in letters: capitals are wider."""
    return sum(1.45 if c.isupper() else 1 for c in word)


def lines_of(table: dict[str, Any], found: Sequence[float]) -> int:
    """About how many lines of text a table takes."""
    return sum(
        max(math.ceil(len(cell) / width) for cell, width in zip(row, found, strict=True))
        for row in table["rows"]
    )


def size_of(found: Sequence[float]) -> float:
    """The type size, in points, at which columns of these widths fit an A4 page."""
    total = sum(found)
    for most, size in ((84, 11.5), (97, 10.5), (112, 9.5)):
        if total <= most:
            return size
    return 8.5
