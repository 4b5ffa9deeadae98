"""The parts a brief is made of, and how a notebook shows them.

A block is a plain dict (``kind`` and its contents, all text already in Vietnamese). What a
notebook's cell returns is a :class:`Block`: it displays as HTML by the same macros as the brief
and carries the dict in its mime bundle, so that every document is made from one structured
source and no template computes anything.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "MIME",
    "Block",
    "cards",
    "cover",
    "figure",
    "heading",
    "headline",
    "heads",
    "note",
    "paragraph",
    "points",
    "table",
    "table_data",
]

MIME = "application/vnd.cchc.block+json"
LEVELS = ("info", "warning", "error")
POINTERS = re.compile(r'(\bid="|"#|url\(#)([^")]+)(?=[")])')  # to parts of an SVG


class Block:
    """A block that a notebook can show. ``data`` is the plain dict."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from .html import block_html, in_notebook

        html = in_notebook(block_html(self.data))
        return {"text/html": html, MIME: self.data, "text/plain": repr(self)}

    def __repr__(self) -> str:
        name = self.data.get("caption") or self.data.get("title") or self.data.get("text", "")
        return f"<{self.data['kind']}: {name}>" if name else f"<{self.data['kind']}>"


def cover(*, alarm: bool = False, **fields: Any) -> Block:
    """The head of a brief: ``title, unit, parent, authority, place, period_title, span,
    cut_label, data_day`` (ISO), ``audience, number_pattern, recipients, signature, notices``.

    ``alarm`` says that the first notice forbids using the brief as it is.
    """
    return Block({"kind": "cover", "alarm": alarm, **fields})


def headline(items: Sequence[str], kind: str = "headline") -> Block:
    """Sentences, the most important first; ``kind="to_do"`` for numbered things to do."""
    return Block({"kind": kind, "items": list(items)})


def points(items: Sequence[str]) -> Block:
    """Sentences that stand on their own, as a list of points."""
    shown = [{"spans": [{"text": text, "style": ""}], "below": []} for text in items]
    return Block({"kind": "list", "ordered": False, "items": shown})


def paragraph(text: str, style: str = "") -> Block:
    """A paragraph; ``style`` is empty, ``strong`` or ``emphasis``."""
    return Block({"kind": "paragraph", "spans": [{"text": text, "style": style}]})


def heading(level: int, text: str, id: str) -> Block:
    """A heading of a document that no notebook makes; the topmost have level 2."""
    return Block({"kind": "heading", "level": level, "text": text, "id": id})


def note(level: str, text: str) -> Block:
    """A remark: ``level`` is info, warning or error."""
    if level not in LEVELS:
        raise ValueError(f"level is one of {LEVELS}")
    return Block({"kind": "note", "level": level, "text": text})


def cards(items: Sequence[dict[str, Any]]) -> Block:
    """Figures at a glance: each ``id, label, value, unit, state, state_label, lines``."""
    return Block({"kind": "cards", "cards": list(items)})


def table_data(
    *,
    id: str,
    caption: str,
    columns: Sequence[dict[str, str]],
    rows: Sequence[Sequence[str]],
    notes: Sequence[str] = (),
    total: bool = False,
) -> dict[str, Any]:
    """A table as a plain dict; every cell is text ready to read, the first of a row its head.

    ``columns`` hold ``label`` and ``align`` (left, right, center), neighbours with the same
    ``group`` stand under one common head. ``total`` says that the last row sums up the others.
    Raises ``ValueError`` for a row of another length.
    """
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"table {id}: {len(row)} cells for {len(columns)} columns")
    return {
        "kind": "table", "id": id, "caption": caption, "columns": [dict(c) for c in columns],
        "rows": [[str(cell) for cell in row] for row in rows], "notes": list(notes),
        "total": total,
    }  # fmt: skip


def table(**fields: Any) -> Block:
    """A table to show; see :func:`table_data`."""
    return Block(table_data(**fields))


def heads(columns: Sequence[dict[str, str]]) -> list[list[dict[str, Any]]]:
    """The rows of a table's head, one or, with groups, two: each cell ``label, align, across,
    down, group`` (the last says that it heads a group).

    >>> [[cell["label"] for cell in row] for row in heads(
    ...     [{"label": "a"}, {"label": "b", "group": "g"}, {"label": "c", "group": "g"}])]
    [['a', 'g'], ['b', 'c']]
    """
    if not any(column.get("group") for column in columns):
        return [[_head(column) for column in columns]]
    upper: list[dict[str, Any]] = []
    lower: list[dict[str, Any]] = []
    before = None
    for column in columns:
        group = column.get("group")
        if not group:
            upper.append({**_head(column), "down": 2})
        else:
            if group == before:
                upper[-1]["across"] += 1
            else:
                upper.append({**_head({"label": group, "align": "center"}), "group": True})
            lower.append(_head(column))
        before = group
    return [upper, lower]


def _head(column: dict[str, str]) -> dict[str, Any]:
    align = column.get("align", "left")
    return {"label": column["label"], "align": align, "across": 1, "down": 1, "group": False}


def figure(
    drawn: Figure,
    *,
    id: str,
    caption: str,
    alt: str,
    table: dict[str, Any] | None = None,
    notes: Sequence[str] = (),
) -> Block:
    """A matplotlib figure as SVG whose text stays text, with alt text and its data table.

    ``notes`` say how to read the figure; those of the table stay with the table, which long ones
    are not printed on paper.
    """
    return Block(
        {
            "kind": "figure", "id": id, "caption": caption, "alt": alt, "svg": _svg(drawn, id),
            "table": table, "notes": list(notes),
        }
    )  # fmt: skip


def _svg(drawn: Figure, id: str) -> str:
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": id, "svg.fonttype": "none"}):
        FigureCanvasSVG(drawn).print_svg(out, metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    # Ids of several figures on one page must not clash.
    known = set(re.findall(r'\bid="([^"]+)"', text))
    return POINTERS.sub(lambda m: f"{m[1]}{id}-{m[2]}" if m[2] in known else m[0], text).strip()
