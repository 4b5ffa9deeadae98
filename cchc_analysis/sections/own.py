"""What a section of the office's own shows: any table, any matplotlib figure, a sentence.

A notebook that an office adds (``notebooks/6_….ipynb``) may compute what it likes; these lay it out
as the brief lays out its own, so that it stands in the HTML, the PDF, the Word file alike.

In a notebook each shows itself where it is called, so a cell may call several, in a loop too, and
what it returns shows nothing again. Elsewhere they only return the block.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..phrases import mark, share_text
from ..words import date, datetime_, fold, has_label, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["figure", "note", "paragraph", "table"]

PLACES = 2  # decimals of a number that is not whole


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    heads: Mapping[str, str] | None = None,
    shares: Collection[str] = (),
    notes: Sequence[str] = (),
) -> Any:
    """The rows of ``frame`` (without its index) as a table of the brief.

    Numbers and days are written as in Vietnam, the columns ``shares`` (0 to 1) as percentages, what
    is missing as "…". A column is headed by ``heads``, else by the catalogue's term, else by its
    own name. Raises ``KeyError`` for a name in ``heads`` or ``shares`` that is no column.
    """
    for name in (*(heads or {}), *shares):
        if name not in frame:
            raise KeyError(name)
    return _shown(blocks.Block(_data(frame, caption, heads or {}, shares, notes)))


def figure(
    drawn: Figure,
    caption: str,
    alt: str,
    *,
    frame: pd.DataFrame | None = None,
    shares: Collection[str] = (),
    notes: Sequence[str] = (),
) -> Any:
    """A matplotlib figure of the brief. ``alt`` says what it shows to who cannot see it, ``frame``
    is the data behind it. Raises ``ValueError`` without ``alt``.
    """
    if not alt.strip():
        raise ValueError("alt")
    data = None if frame is None else _data(frame, caption, {}, shares, ())
    made = blocks.figure(
        drawn, id=_slug("figure", caption), caption=caption, alt=alt, table=data, notes=notes
    )
    return _shown(made)


def paragraph(text: str) -> Any:
    """A sentence or more."""
    return _shown(blocks.paragraph(text))


def note(text: str, level: str = "info") -> Any:
    """A remark set apart: ``info``, ``warning`` or ``error``."""
    return _shown(blocks.note(level, text))


class _Shown(blocks.Block):
    """A block that stands in its cell already."""

    def _ipython_display_(self) -> None:
        pass


def _shown(block: blocks.Block) -> blocks.Block:
    """Shows ``block`` where IPython runs, which by itself shows a cell's last value only."""
    ipython = sys.modules.get("IPython")  # not imported: this is no notebook
    if ipython is None or ipython.get_ipython() is None:
        return block
    ipython.display.display(block)
    return _Shown(block.data)


def _data(
    frame: pd.DataFrame,
    caption: str,
    heads: Mapping[str, str],
    shares: Collection[str],
    notes: Sequence[str],
) -> dict[str, Any]:
    import pandas as pd

    columns = [
        {
            "label": heads.get(str(name)) or _head(str(name)),
            "align": "right" if pd.api.types.is_numeric_dtype(frame[name])
            and not pd.api.types.is_bool_dtype(frame[name]) else "left",
        }
        for name in frame
    ]  # fmt: skip
    rows = [
        [_cell(str(name), cell, str(name) in shares) for name, cell in zip(frame, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    return blocks.table_data(
        id=_slug("table", caption), caption=caption, columns=columns, rows=rows, notes=notes
    )


def _head(name: str) -> str:
    return label(f"col.{name}") if has_label(f"col.{name}") else name


def _cell(name: str, cell: Any, share: bool) -> str:
    import pandas as pd

    if pd.isna(cell):
        return mark("no_data")
    if isinstance(cell, bool) or type(cell).__name__ == "bool_":
        return label("word.yes" if cell else "word.no")
    if isinstance(cell, dt.datetime):
        return date(cell.date()) if cell.time() == dt.time() else datetime_(cell)
    if isinstance(cell, dt.date):
        return date(cell)
    if isinstance(cell, str):  # a code of ours as the catalogue calls it: "online" is Trực tuyến
        return label(f"{name}.{cell}") if has_label(f"{name}.{cell}") else cell
    if share:
        return share_text(float(cell), PLACES)
    if hasattr(cell, "__float__"):
        whole = float(cell).is_integer()
        return number(float(cell), 0 if whole else PLACES)
    return str(cell)


def _slug(kind: str, caption: str) -> str:
    return f"own-{kind}-" + re.sub(r"[^a-z0-9]+", "-", fold(caption)).strip("-")
