"""What the paged documents (PDF, DOCX) share: the official words, widths of columns, cards.

Layout after Decree 30/2020/NĐ-CP, appendix I; what of it is not verified is listed in the unit's
``[document]`` table and can be changed there.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ..words import label, say

__all__ = [
    "CardTable",
    "cards_table",
    "day_parts",
    "lines_of",
    "official",
    "on_paper",
    "place_day",
    "size_of",
    "widths",
]

CardTable = dict[str, Any]
BOLD = 1.12  # heads are bold
LONGEST_DATA = 12  # lines of a figure's data that are printed with it
SIZES = ((80, 11.5), (93, 10.5), (112, 9.5))  # letters on a line, and the type at which they fit
SMALLEST = 8.5
ROOM = 2  # letters that a cell's inner margins take
WIDE, NARROW = frozenset("%…"), frozenset(".,:;-/()'|")
SPACES = r"[ \n]+"  # where a line may end
FULL = 111  # letters on the fullest line wanted
LONGEST_TEXT = 32  # characters at which a column of prose stops growing


def place_day(place: str, day: dt.date) -> str:
    """``Thiệu Vân, ngày 05 tháng 01 năm 2025``: a zero before days under 10, months 1 and 2."""
    return say("briefs.place_day", place=place, **day_parts(day))


def day_parts(day: dt.date) -> dict[str, str]:
    """``day``, ``month`` and ``year`` as an official document writes them."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return {"day": f"{day.day:02}", "month": month, "year": str(day.year)}


def official(cover: dict[str, Any]) -> dict[str, Any]:
    """The cover with the words that every official document bears; ``report`` (what kind of
    document it is), ``to`` and ``place_day`` may be its own.
    """
    day = dt.date.fromisoformat(cover["data_day"])
    return {
        "report": say("briefs.report"),
        "to": "",
        "place_day": place_day(cover["place"], day),
        **cover,
        "country": say("briefs.country"),
        "motto": say("briefs.motto"),
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
        "rows": rows, "notes": block.get("notes", []), "total": False,
    }  # fmt: skip


def on_paper(figure: dict[str, Any]) -> dict[str, Any] | None:
    """The data table to print below a figure: none where it would fill the page."""
    table: dict[str, Any] | None = figure.get("table")
    return table if table and lines_of(table, widths(table)) <= LONGEST_DATA else None


def widths(table: dict[str, Any]) -> list[float]:
    """Relative widths of the columns, from what stands in them; where all of it does not fit a
    line, those at which the rows are lowest.
    """
    least, wanted = [], []
    for place, column in enumerate(table["columns"]):
        cells = [row[place] for row in table["rows"]]
        words = [word for text in (*cells, column["label"]) for word in re.split(SPACES, text)]
        longest = max((_ems(word) for word in words), default=1) * BOLD
        if column["align"] == "right":
            least.append(max(_most(cells), longest, len(column["label"]) / 3.2) + ROOM)
            wanted.append(least[-1])
        else:
            least.append(max(longest, len(column["label"]) / 3) + ROOM)
            wanted.append(max(least[-1], min(_most(cells), LONGEST_TEXT) + ROOM))
    return wanted if sum(wanted) <= SIZES[0][0] else _lowest(table, least)


def _lowest(table: dict[str, Any], least: Sequence[float]) -> list[float]:
    """The widths from ``least`` on that fill a line of ``FULL`` letters, each letter given to the
    column that lowers the rows most.
    """
    found = list(least)
    sizes = [[max(_ems(cell), 1) for cell in row] for row in table["rows"]]
    while sum(found) < FULL and sizes:
        height = [
            [n / (width - ROOM) for n, width in zip(row, found, strict=True)] for row in sizes
        ]
        gains = [0.0] * len(found)
        for row, lines in zip(sizes, height, strict=True):
            top = max(range(len(lines)), key=lines.__getitem__)
            if lines[top] > 1:
                others = max((x for place, x in enumerate(lines) if place != top), default=1.0)
                gains[top] += lines[top] - max(row[top] / (found[top] - ROOM + 1), others, 1.0)
        if not any(gains):
            break
        found[max(range(len(gains)), key=gains.__getitem__)] += 1
    return found


@lru_cache(maxsize=1 << 15)  # a table is laid out for Word and for the PDF
def _ems(text: str) -> float:
    """About how wide a text is, in letters."""
    return sum(
        1.45 if c.isupper() else 1.7 if c in WIDE else 0.65 if c in NARROW else 1 for c in text
    )


def _most(cells: Sequence[str]) -> float:
    return max((_ems(cell) for cell in cells), default=1)


def lines_of(table: dict[str, Any], found: Sequence[float]) -> int:
    """About how many lines of text a table takes."""
    return sum(
        max(
            math.ceil(_ems(cell) / max(width - ROOM, 1))
            for cell, width in zip(row, found, strict=True)
        )
        for row in table["rows"]
    )


def size_of(found: Sequence[float]) -> float:
    """The type size, in points, at which columns of these widths fit an A4 page."""
    total = sum(found)
    return next((size for most, size in SIZES if total <= most), SMALLEST)
