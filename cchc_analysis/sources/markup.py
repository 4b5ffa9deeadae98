"""Tables out of HTML pages and XML spreadsheets that call themselves workbooks.

Portals often export a page with one ``<table>`` under the name ``.xls``, or the XML form of
Excel 2003. Both are rows of cells between tags; one small parser reads either. Text outside
the tables (a title, the export's moment) becomes rows of one cell, in its place.
"""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from typing import Any

__all__ = ["tables"]

Span = tuple[tuple[int, int], tuple[int, int]]

_ROW = {"tr", "row", "ss:row"}
_CELL = {"td", "th", "cell", "ss:cell"}
_SILENT = {"script", "style", "title", "head", "styles", "documentproperties", "xml"}


def tables(text: str) -> list[tuple[str, list[list[Any]], list[Span]]]:
    """(name, rows, merged ranges) of each worksheet, or of the whole page as one."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_row()
    return [sheet for sheet in reader.sheets if any(any(row) for row in sheet[1])]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[tuple[str, list[list[Any]], list[Span]]] = []
        self.silent = 0
        self.row: list[Any] | None = None
        self.cell: list[str] | None = None
        self.size = (1, 1)
        self.kind = ""
        self.taken: dict[int, set[int]] = {}
        self.cells = False

    # -- sheets and rows --------------------------------------------------------------------

    @property
    def rows(self) -> list[list[Any]]:
        if not self.sheets:
            self.sheets.append(("", [], []))
        return self.sheets[-1][1]

    def end_row(self) -> None:
        self._end_cell()
        if self.row is not None:
            self.rows.append(self.row)
            self.row = None

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        spoken = " ".join("".join(self.cell).split())
        taken = self.taken.setdefault(len(self.rows), set())
        column = len(self.row)
        while column in taken:
            self.row.append("")
            column += 1
        height, width = self.size
        self.row.append(_typed(spoken, self.kind))
        self.row.extend([""] * (width - 1))
        top = len(self.rows)
        if height > 1 or width > 1:
            self.sheets[-1][2].append(((top, column), (top + height - 1, column + width - 1)))
            for below in range(top + 1, top + height):
                self.taken.setdefault(below, set()).update(range(column, column + width))
        self.cell = None

    # -- tags -------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.removeprefix("ss:"): value or "" for name, value in attrs}
        if tag in ("body", "table"):
            self.silent = 0  # a page may leave its head open
        elif tag in _SILENT:
            self.silent += 1
        elif tag in ("worksheet", "ss:worksheet"):
            self.end_row()
            self.sheets.append((values.get("name", ""), [], []))
            self.taken = {}
        elif tag in _ROW:
            self.end_row()
            _ = self.rows
            for _blank in range(len(self.rows) + 1, _number(values.get("index"), 0)):
                self.rows.append([])
            self.row = []
        elif tag in _CELL:
            self._end_cell()
            if self.row is None:
                self.row = []
                _ = self.rows
            while len(self.row) < _number(values.get("index"), 0) - 1:
                self.row.append("")
            self.cell = []
            self.kind = ""
            self.size = (
                _number(values.get("rowspan"), 1) + _number(values.get("mergedown"), 0),
                _number(values.get("colspan"), 1) + _number(values.get("mergeacross"), 0),
            )
        elif tag in ("data", "ss:data"):
            self.kind = values.get("type", "")
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _CELL:
            self._end_cell()
        elif tag in _ROW or tag == "table":
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.cell is not None:
            self.cell.append(data)
        elif self.row is None and (spoken := " ".join(data.split())):
            self.rows.append([spoken])


def _number(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or default), 0), 1000)
    except ValueError:
        return default


def _typed(spoken: str, kind: str) -> Any:
    """The value of a typed cell of an XML spreadsheet; text in HTML."""
    try:
        if kind == "Number":
            return float(spoken)
        if kind == "DateTime":
            return dt.datetime.fromisoformat(spoken)
        if kind == "Boolean":
            return spoken == "1"
    except ValueError:
        pass
    return spoken
