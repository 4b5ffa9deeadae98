"""Tables out of HTML pages and XML spreadsheets that call themselves workbooks.

Portals often export a page with one ``<table>`` under the name ``.xls``, or the XML form of
Excel 2003. Both are rows of cells between tags; one small parser reads either. Text outside
the tables (a title, the export's moment) becomes rows of one cell, in its place.

The tags are found here and not by ``html.parser``, which needs two minutes for 60 kB of tags that
are never closed: a character is looked at a bounded number of times, whatever stands in the file.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any

from ..errors import FileError
from ..words import number, say
from .limits import MAX_CELLS

__all__ = ["tables"]

Span = tuple[tuple[int, int], tuple[int, int]]

_ROW = {"tr", "row", "ss:row"}
_CELL = {"td", "th", "cell", "ss:cell"}
_SILENT = {"script", "style", "title", "head", "styles", "documentproperties", "xml"}


def tables(text: str, file: str) -> list[tuple[str, list[list[Any]], list[Span]]]:
    """(name, rows, merged ranges) of each worksheet, or of the whole page as one.

    Raises :class:`FileError` for a page whose cells span more than a sheet may hold.
    """
    reader = _Reader(file)
    for kind, content, attributes in _tokens(text):
        if kind == "text":
            reader.text(content)
        elif kind == "start":
            reader.start(content, attributes)
        else:
            reader.end(content)
    reader.end_row()
    return [sheet for sheet in reader.sheets if any(any(row) for row in sheet[1])]


Token = tuple[str, str, dict[str, str]]

# The quantifiers are possessive: what they took, they never give back to try again.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][\w:.-]{0,60}+)((?:[^<>"']++|"[^"]{0,5000}+"|'[^']{0,5000}+')*+)>"""
)
_ATTRIBUTE = re.compile(r"""([\w:.-]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"']++))?""")
_RAW = ("script", "style")  # whatever stands in them is no tag
_HIDDEN = {"<!--": "-->", "<![CDATA[": "]]>", "<!": ">", "<?": ">"}


def _tokens(text: str) -> Iterator[Token]:
    """What the text is made of, as (``text``, ``start`` or ``end``, content or name, attributes).

    What begins and never ends ends the text.
    """
    place = 0
    while (tag := text.find("<", place)) >= 0:
        if tag > place:
            yield "text", _unescaped(text[place:tag]), {}
        begin = next((b for b in _HIDDEN if text.startswith(b, tag)), None)
        if begin is not None:
            end = text.find(_HIDDEN[begin], tag + len(begin))
            if end < 0:
                return
            if begin == "<![CDATA[":
                yield "text", text[tag + len(begin) : end], {}
            place = end + len(_HIDDEN[begin])
            continue
        found = _TAG.match(text, tag)
        if found is None:
            yield "text", "<", {}
            place = tag + 1
            continue
        place = found.end()
        name = found[2].lower()
        if found[1]:
            yield "end", name, {}
            continue
        yield "start", name, _attributes(found[3])
        if found[3].endswith("/"):
            yield "end", name, {}
        elif name in _RAW:
            closing = re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(text, place)
            if closing is None:
                return
            place = closing.start()
    yield "text", _unescaped(text[place:]), {}


def _attributes(text: str) -> dict[str, str]:
    found = {}
    for name, value in _ATTRIBUTE.findall(text):
        found[name.lower().removeprefix("ss:")] = _unescaped(value.strip("\"'"))
    return found


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a character's number of thousands of digits
        return text


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.left = MAX_CELLS // 3  # here a cell costs more
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
        self._spend(height * width)
        self.row.append(_typed(spoken, self.kind))
        self.row.extend([""] * (width - 1))
        top = len(self.rows)
        if height > 1 or width > 1:
            self.sheets[-1][2].append(((top, column), (top + height - 1, column + width - 1)))
            for below in range(top + 1, top + height):
                self.taken.setdefault(below, set()).update(range(column, column + width))
        self.cell = None

    def _spend(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            most = number(MAX_CELLS // 3)
            raise FileError(say("sources.cells_too_many", file=self.file, most=most))

    # -- tags -------------------------------------------------------------------------------

    def start(self, tag: str, values: dict[str, str]) -> None:
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
            blank = range(len(self.rows) + 1, _number(values.get("index"), 0))
            self._spend(len(blank))
            self.rows.extend([] for _ in blank)
            self.row = []
        elif tag in _CELL:
            self._end_cell()
            if self.row is None:
                self.row = []
                _ = self.rows
            skipped = max(0, _number(values.get("index"), 0) - 1 - len(self.row))
            self._spend(skipped)
            self.row.extend([""] * skipped)
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

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _CELL:
            self._end_cell()
        elif tag in _ROW or tag == "table":
            self.end_row()

    def text(self, data: str) -> None:
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
