"""What every kind of file says, read back: the text, the attributes and the metadata of HTML, SVG,
PDF and Office files, notebooks with their outputs and tracebacks, JSON, CSV, anything else as text,
and the files in all these. Pictures made of dots are not read.
"""

from __future__ import annotations

import codecs
import csv
import ctypes
import io
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

__all__ = ["CONTROL", "texts"]

FORMED = re.compile(r"data:([\w/+.-]*)(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=]+)")
WORDED = ("text/", "image/svg", "application/json", "application/xml", "application/xhtml")
PICTURES = ("image/png", "image/jpeg")
PAGES = ("text/html", "image/svg+xml", "svg")
BREAKS = ("br", "cr", "tab", "p")  # of a Word document's text
GEOMETRY = ("d", "points", "transform", "viewbox")  # attributes of drawings that are numbers
XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)  # what a PDF says of itself
COLUMN = re.compile(r"[+(]*\d[\d .()-]*(?:\r?\n[ (]*\d[\d .()-]*)+")  # digits over lines
WORDLESS = re.compile(r"[\d@/\\]+")
OFFICE = (".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm")
OWN = (".xml", ".rels")  # parts of an Office file
SECTION = re.compile(r"&[LCR]")  # of a worksheet's header, before what stands there
MARGIN = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d{1,3}|.)')  # its font, colour, size
PLAIN_ID = re.compile(
    r"[1-9]\d*|\w{1,4}|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"
)  # of an attribute: sizes, places, ids
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # of a terminal: colours, "erase the line"


def texts(name: str, content: bytes) -> Iterator[tuple[str, bool]]:
    """Each piece of text of a file, and whether it is a line in which cells stand side by side, as
    in a PDF, or with a tab between them.
    """
    kind = Path(name).suffix.lower()
    reader = READERS.get(kind, _plain)
    for text in reader(content):
        yield text, reader is _pdf or "\t" in text
    if kind in PARTS:
        for part, inner in PARTS[kind](content):
            yield part, False
            yield from texts(part, inner)


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 as its mark or its many zeros tell."""
    few = len(content) // 4
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16", errors="replace")
    for encoding, high in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        if few and high.count(0) > few // 2:
            return content.decode(encoding, errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _plain(content: bytes) -> Iterator[str]:
    text = _decoded(content)
    if "\x00" not in text:
        yield from _lines(text)


def _lines(text: str) -> Iterator[str]:
    """Each line, and all of them: a name may be broken over two."""
    lines = [line for line in text.splitlines() if line.strip()]
    yield from lines
    if len(lines) > 1:
        yield "\t".join(lines)


def _csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(_decoded(content))):
        yield from row
        yield from _side_by_side(row)


def _side_by_side(cells: Iterable[str]) -> Iterator[str]:
    """The cells of a row that have something, together: a name may be spread over several."""
    filled = [" ".join(cell.split()) for cell in cells if cell.strip()]
    if len(filled) > 1:
        yield "\t".join(filled)


def _json(content: bytes) -> Iterator[str]:
    yield from _inside(json.loads(_decoded(content)))


def _inside(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            if key in PAGES:
                yield from _html("".join(value).encode())
            elif key not in PICTURES:
                yield from _inside(value)
    elif isinstance(node, list):
        said = [CONTROL.sub("", value) for value in node if isinstance(value, str)]
        if said and len(said) == len(node) and all(text.endswith("\n") for text in said[:-1]):
            yield from _lines("".join(said))  # the lines of a notebook's cell
            return
        for value in node:
            yield from _inside(value)
        yield from _side_by_side(said)
    elif isinstance(node, str):
        yield from _lines(CONTROL.sub("", node))
    elif isinstance(node, float) and node.is_integer():
        yield str(int(node))
    elif isinstance(node, int) and not isinstance(node, bool):
        yield str(node)


def _worded_only(text: str) -> str:
    """``text`` for names, which may go on in another line or block, without its numbers."""
    return WORDLESS.sub(" | ", text)


class _Page(HTMLParser):
    """The text of a page by block and by row of its tables, and what its attributes say."""

    INLINE = frozenset((
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
        "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "tspan", "tt", "u", "var", "wbr",
    ))  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}
        self.begun: list[str] = []
        self.blocks: list[str] = []
        self.row: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._between(tag)
        if tag == "tr":
            self.row = []
        for name, value in attrs:
            if tag == "tspan" and name in ("y", "dy"):  # a line of its own
                self.begun.append("\n")
            if value and name not in GEOMETRY:
                self._say(value)

    def _say(self, text: str) -> None:
        """What no block has: as it stands, and as an address means it."""
        text = self._opened(text)
        said = (text, unquote(text)) if "%" in text else (text,)
        self.found |= dict.fromkeys(said)

    def _opened(self, text: str) -> str:
        """``text`` without the files in it, of which those with words are read too."""
        if "base64" not in text:
            return text
        for kind, payload in FORMED.findall(text):
            if not kind or kind.lower().startswith(WORDED):
                whole = payload.rstrip("=")
                whole = whole[: len(whole) - (len(whole) % 4 == 1)]  # cut off somewhere
                self.found |= dict.fromkeys(_html(b64decode(whole + "==")))
        return FORMED.sub("", text)

    def handle_endtag(self, tag: str) -> None:
        self._between(tag)
        if tag == "tr":
            self.found |= dict.fromkeys(_side_by_side(self.row or ()))
            self.row = None

    def _between(self, tag: str) -> None:
        if tag == "br":
            self.begun.append("\n")
        elif tag not in self.INLINE:
            self._end()

    def handle_data(self, data: str) -> None:
        self.begun.append(self._opened(data))

    def unknown_decl(self, data: str) -> None:
        self.begun.append(self._opened(data.removeprefix("CDATA[")))

    def handle_comment(self, data: str) -> None:
        self._say(data)

    handle_pi = handle_comment

    def _end(self) -> None:
        text = "".join(self.begun)
        self.begun = []
        if not text or text.isspace():
            return
        self.found |= dict.fromkeys(_lines(text))
        if self.cdata_elem is None:  # no script, no style
            self.blocks.append(text)
        if self.row is not None:
            self.row.append(text)

    def close(self) -> None:
        super().close()
        self._end()
        if len(self.blocks) > 1:
            self.found[_worded_only(" ".join(self.blocks))] = None


def _html(content: bytes) -> Iterator[str]:
    page = _Page()
    page.feed(_decoded(content))
    page.close()
    yield from page.found


def _pdf(content: bytes) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as file:
        for page in file:
            text = page.get_textpage().get_text_bounded()
            yield from text.splitlines()
            yield _worded_only(text)
            for digits in COLUMN.findall(text):
                yield " ".join(digits.split())
            yield from filter(None, _behind(page))
        yield from (entry.get_title() for entry in file.get_toc())
        yield from file.get_metadata_dict().values()
    for found in XMP.findall(content):
        yield from _xml(found)


def _behind(page: Any) -> Iterator[str]:
    """What stands behind a page of a PDF: addresses of links, notes, and texts for who cannot see
    its pictures.
    """
    from pypdfium2 import raw

    for n in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, n)
        action = raw.FPDFLink_GetAction(raw.FPDFAnnot_GetLink(note))
        address = _filled(raw.FPDFAction_GetURIPath, page.pdf, action)
        yield unquote(address.decode("utf-8", "replace"))
        yield _filled(raw.FPDFAction_GetFilePath, action).decode("utf-8", "replace")
        for key in (b"Contents", b"T"):  # what is noted, and by whom
            yield _filled(raw.FPDFAnnot_GetStringValue, note, key).decode("utf-16-le", "replace")
        raw.FPDFPage_CloseAnnot(note)
    tree = raw.FPDF_StructTree_GetForPage(page)
    children = raw.FPDF_StructTree_CountChildren(tree)
    left = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(children)]
    while left:
        if element := left.pop():
            for read in (raw.FPDF_StructElement_GetAltText, raw.FPDF_StructElement_GetActualText):
                yield _filled(read, element).decode("utf-16-le", "replace")
            children = raw.FPDF_StructElement_CountChildren(element)
            left += [raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in range(children)]
    raw.FPDF_StructTree_Close(tree)


def _filled(read: Callable[..., int], *of: Any) -> bytes:
    """What a function of PDFium writes into a buffer, whose size it tells first."""
    size = read(*of, None, 0)
    if size <= 2:  # of the end's mark
        return b""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    read(*of, buffer, size)
    return bytes(buffer)[:size]


def _attached(content: bytes) -> Iterator[tuple[str, bytes]]:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as file:
        for n in range(file.count_attachments()):
            attached = file.get_attachment(n)
            yield attached.get_name(), bytes(attached.get_data())


def _office(content: bytes) -> Iterator[str]:
    """Office files: paragraphs, cells, the rows of their tables, and what the package says of
    itself.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        trees = {
            name: ElementTree.fromstring(whole.read(name))
            for name in whole.namelist() if name.endswith(OWN)
        }  # fmt: skip
        yield from whole.namelist()
    shared = [
        _text(each) for name, tree in trees.items() if name.endswith("sharedStrings.xml")
        for each in tree
    ]  # fmt: skip
    for tree in trees.values():
        yield from _tree(tree)
        for row in tree.iterfind(".//{*}tr"):
            yield from _side_by_side(map(_text, row.iterfind("{*}tc")))
        for row in tree.iterfind(".//{*}sheetData/{*}row"):
            yield from _side_by_side(_worded(row, shared))
        for margins in tree.iterfind(".//{*}headerFooter"):
            for margin in margins:
                yield MARGIN.sub("", SECTION.sub(" ", _text(margin)))


def _zip(content: bytes) -> Iterator[str]:
    yield from ()  # what it has are its parts


def _packed(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        for entry in whole.infolist():
            if not entry.is_dir():
                yield entry.filename, whole.read(entry)


def _embedded(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Of an Office file the files in it that are no parts of its own."""
    return (part for part in _packed(content) if not part[0].endswith(OWN))


def _text(element: ElementTree.Element) -> str:
    """What an element says, a space where Word breaks a line, a paragraph or to the next stop."""
    broken = (f"{each.text or ''} " if _name(each) in BREAKS else each.text or ""
              for each in element.iter())  # fmt: skip
    return "".join(broken)


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _worded(row: ElementTree.Element, shared: Sequence[str]) -> Iterator[str]:
    """The cells of a worksheet's row that hold words."""
    for cell in row:
        kind, text = cell.get("t"), _text(cell)
        if kind == "s" and text.strip():
            yield shared[int(text)]
        elif kind in ("inlineStr", "str"):
            yield text


def _xml(content: bytes) -> Iterator[str]:
    yield from _tree(ElementTree.fromstring(content))


def _tree(tree: ElementTree.Element) -> Iterator[str]:
    """Text by paragraph (``p``) or string (``si``, ``is``), else by element; and the attributes,
    each value once, without what is only a size, a place or an id.
    """
    taken: set[Any] = set()
    said: dict[str, None] = {}
    for element in tree.iter():
        if element not in taken and _name(element) in ("p", "si", "is", "comment"):
            taken.update(element.iter())
            yield _text(element)
        elif element not in taken and element.text and element.text.strip():
            yield element.text
        said |= dict.fromkeys(element.attrib.values())
    yield from (value for value in said if not PLAIN_ID.fullmatch(value))


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".svg", ".vml", ".xml"), _html), ".pdf": _pdf,
    **dict.fromkeys(OFFICE, _office), ".zip": _zip, ".ipynb": _json, ".json": _json, ".csv": _csv,
}  # fmt: skip
PARTS: dict[str, Callable[[bytes], Iterator[tuple[str, bytes]]]] = {
    **dict.fromkeys(OFFICE, _embedded), ".zip": _packed, ".pdf": _attached,
}  # fmt: skip
