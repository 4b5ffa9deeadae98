"""The last look at what leaves the machine: every file of a brief is read back and searched.

Names, numbers and addresses stop at the door, so nothing here should ever be found; where it is,
the door failed, and the run stops before anybody sees the folder. Searched for are telephone and
citizen numbers and e-mail addresses, however they are split; the names of people in the raw files
at hand, also in another order, with initials, joined, or broken over lines, blocks and cells; and
paths of this machine and of anybody's home. Read are the text, the attributes and the metadata of
HTML, SVG, PDF and Office files, notebooks with their outputs and tracebacks, JSON, CSV, anything
else as text, and the files in all these; pictures made of dots are not. What is found is told by
file and kind alone, so that the report of a leak is not one itself.
"""

from __future__ import annotations

import codecs
import csv
import ctypes
import io
import itertools
import json
import re
import sys
import tempfile
import unicodedata
import zipfile
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree

from . import plan as plans
from .errors import LeakError
from .privacy import meant, scan
from .sources.restarts import bare
from .spelling import key_pair
from .words import fold, say

if TYPE_CHECKING:
    from .view import PeriodView

__all__ = ["Leak", "Watch", "inside", "machine", "search", "spellings", "stop", "texts"]

# Hashes, and the ids of exports, which are no numbers of anybody whatever digits stand in them.
HEXADECIMAL = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{16,}\b")
DIGITS = re.compile(r"\d+")  # a name may have the number of a footnote behind it
DIGIT = re.compile(r"\d")  # every code has one
ALONE = re.compile(r"[1-9]\d{8,10}(?:\.0+)?")  # a number's cell: zeros in front are lost there
POWER = re.compile(r"[1-9][.,]\d{6,10}[eE]\+?\d\d?")  # and this is how Excel writes long ones
CITIZEN = re.compile(r"0\d\d[0-3]\d{8}(?<!000)")  # a province, a sex and century; no round amount
HOME = re.compile(
    r"(?:(?<![\w.])/(?:home|Users|root)|\b[A-Za-z]:/(?i:Users|Documents and Settings))/\w"
)  # of anybody
SHARE = re.compile(r"(?<![\w\\])(\\+)\1\w[\w.-]+\1\w[\w.$ -]+\1\w")  # of an office's network
FORMED = re.compile(r"data:([\w/+.-]*)(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=]+)")
WORDED = ("text/", "image/svg", "application/json", "application/xml", "application/xhtml")
PICTURES = ("image/png", "image/jpeg")
PAGES = ("text/html", "image/svg+xml", "svg")
BREAKS = ("br", "cr", "tab", "p")  # of a Word document's text
GEOMETRY = ("d", "points", "transform", "viewbox")  # attributes of drawings that are numbers
MOST_WORDS = 8  # of a name
MOST_PARTS = 6  # of a code, between its dashes
SEVERAL = 3  # people of whom the same is said
XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)  # what a PDF says of itself
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # of a terminal: colours, "erase the line"
ESCAPED = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([nrt]))")
COLUMN = re.compile(r"[+(]*\d[\d .()-]*(?:\r?\n[ (]*\d[\d .()-]*)+")  # digits over lines
WORDLESS = re.compile(r"[\d@/\\]+")
TOKEN = re.compile(r"\w(?:[\w.\-/]*\w)?")  # what may be a dossier's code
DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
OFFICE = (".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm")
OWN = (".xml", ".rels")  # parts of an Office file
SECTION = re.compile(r"&[LCR]")  # of a worksheet's header, before what stands there
MARGIN = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d{1,3}|.)')  # its font, colour, size
PLAIN_ID = re.compile(
    r"[1-9]\d*|\w{1,4}|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"
)  # of an attribute: sizes, places, ids
OUTSIDE = re.compile(r"[\W_]+")
MARKS = re.compile(r"[\u0300-\u036f]")  # accents that make no letter with what stands before
APART = re.compile(r"(?<=\b\w) (?=\w )")  # initials
INITIALS = 3  # that stand for all but the last of a name: "NTA Danh"
JOINED = 8  # letters of a name without its spaces, "LyThuTrang"


@dataclass(frozen=True)
class Leak:
    """A file that must not leave, and why: ``number``, ``name``, ``code`` or ``path``; ``key``
    names the place in a file that people write.
    """

    file: str
    kind: str
    key: str = ""

    def __str__(self) -> str:
        said = {"file": self.file, "kind": say(f"privacy.{self.kind}"), "key": self.key}
        return say("privacy.found_in" if self.key else "privacy.found", **said)


@dataclass(frozen=True)
class Watch:
    """What to look for: names of people, folded, as tuples of words, paths of this machine, and
    codes by which a stranger could look a dossier up. ``spelt`` has each name as it is written,
    its words as :func:`.spelling.key_pair` has them: "tỷ lệ thứ Hai" is not Lê Thu Hải.
    """

    names: frozenset[tuple[str, ...]] = frozenset()
    paths: tuple[str, ...] = ()
    numbers: bool = True
    codes: frozenset[str] = frozenset()
    spelt: Mapping[tuple[str, ...], frozenset[tuple[str, ...]]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[int, ...]] = field(init=False)
    joined: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        sizes: dict[str, set[int]] = {}
        for name in self.names:
            sizes.setdefault(name[0], set()).add(len(name))
        by_first = {first: tuple(sorted(found)) for first, found in sizes.items()}
        object.__setattr__(self, "sizes", by_first)
        object.__setattr__(self, "codes", frozenset(code.casefold() for code in self.codes))
        joined = ("".join(name) for name in self.names if len(name[0]) > 1)
        object.__setattr__(self, "joined", frozenset(j for j in joined if len(j) >= JOINED))

    @classmethod
    def of(cls, q: PeriodView, *, shared: bool = False) -> Watch:
        """For what is made of ``q``, or of it for the ``shared`` audience; the internal one reads
        the register's own codes, so numbers are not looked for.
        """
        from .workspace.raw_files import people_of

        shared = shared or q.audience == "shared"
        filers, officers = people_of(q), _officers(q)
        known = _known_words(q, filers)
        # Outside officers are roles; inside their names are read, which citizens may have too.
        inside = set() if shared else {_words(name) for name in officers}
        named = set().union(*filers.values(), filter(_is_person, officers) if shared else ())
        people = {
            name for name in named
            if (words := _words(name)) not in inside and f" {' '.join(words)} " not in known
        }  # fmt: skip
        spelt = {name: frozenset(ways) for name, ways in spellings(people).items()}
        codes = q.attribution.timeline.dossiers.index if shared else ()
        telling = frozenset(code for code in codes if _is_telling(code))
        paths = machine(q.office.workspace)
        return cls(frozenset(spelt), paths, shared, telling, spelt)

    def finds(self, text: str, *, line: bool = False) -> str | None:
        """The kind of the first thing in ``text`` that must not leave. ``line``: of cells."""
        if "\x1b" in text:
            text = CONTROL.sub("", text)
        found = self._finds(text, line=line)
        if found or "\\" not in text or (read := _unescaped(text)) == text:
            return found
        return self._finds(read, line=line)

    def _finds(self, text: str, *, line: bool) -> str | None:
        plain = unicodedata.normalize("NFC", meant(text))
        counted = DIGIT.search(plain) is not None
        if counted:
            plain = HEXADECIMAL.sub(" ", plain)
            if self.codes and self._codes_in(plain.casefold()):
                return "code"
        telling = self.numbers and (counted or "@" in plain)
        if telling and (scan(plain, line=line) or _is_shortened(plain)):
            return "number"
        if "/" in plain or "\\" in plain:
            slashed = re.sub(r"\\+", "/", plain)
            of_anybody = HOME.search(slashed) or SHARE.search(plain)
            if of_anybody or any(path in slashed for path in self.paths):
                return "path"
        if self.names and self._names_in(DIGITS.sub(r" \g<0> ", plain) if counted else plain):
            return "name"
        return None

    def _codes_in(self, text: str) -> bool:
        """Whether a code stands in ``text``, with any dashes and spaces around them."""
        if any(token in self.codes for token in TOKEN.findall(text)):
            return True
        closed = DASH.sub("-", text)
        parts = [token.split("-") for token in TOKEN.findall(closed)] if closed != text else []
        return any(
            "-".join(token[n:end]) in self.codes
            for token in parts
            for n in range(len(token))
            for end in range(n + 2, min(len(token), n + MOST_PARTS) + 1)
        )

    def _names_in(self, text: str) -> bool:
        words = _words(text)
        if not self.joined.isdisjoint(words):
            return True
        found = [
            (n, size)
            for n, word in enumerate(words)
            for size in self.sizes.get(word, ())
            if words[n : n + size] in self.names
        ]
        letters = OUTSIDE.sub(" ", MARKS.sub("", text)).split() if found else []
        if len(letters) != len(words):
            return bool(found)
        return any(self._is_spelt(words[n : n + s], letters[n : n + s]) for n, s in found)

    def _is_spelt(self, name: tuple[str, ...], letters: Sequence[str]) -> bool:
        """Whether words that are a name without accents are it with those that they have."""
        keys = [key_pair(word) for word in letters]
        return name not in self.spelt or any(
            all(exact in (bare, wanted) for (exact, bare), wanted in zip(keys, one, strict=True))
            for one in self.spelt[name]
        )


def machine(folder: Path) -> tuple[str, ...]:
    """``folder`` and others of this machine, whose paths say where, and whose, it is."""
    places = {folder.resolve(), Path.home(), Path(sys.prefix), Path(tempfile.gettempdir())}
    return tuple(sorted(f"{p.as_posix()}/" for p in places if len(p.parts) > 1))


def spellings(people: Iterable[str]) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """The names by their words without accents, each with its words as they are written; those of
    three words on also in other ways, :func:`_ways`. One word alone is no name that could be told
    from others.
    """
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for person in people:
        words = OUTSIDE.sub(" ", unicodedata.normalize("NFC", person)).split()
        if not 2 <= len(words) <= MOST_WORDS:
            continue
        for way in _ways(words):
            spelt = tuple(key_pair(word)[0] for word in way)
            found.setdefault(_words(" ".join(way)), set()).add(spelt)
    return found


def _ways(words: list[str]) -> Iterator[list[str]]:
    """How people write a name: with the family's name behind, the last name in front, two words
    joined, and with initials for any words but the last. A person's are joined too where enough is
    left of the name; an office's would be its abbreviation.
    """
    yield words
    if len(words) == 2:
        return
    *most, last = words
    yield from (words[::-1], [last, *most], [*most[1:], last, most[0]])
    yield from ([*words[:n], words[n] + words[n + 1], *words[n + 2 :]] for n in range(len(most)))
    for short in itertools.product(*((word, word[0]) for word in most)):
        yield [*short, last]
        joined = APART.sub("", " ".join((*short, last))).split()
        if (len(joined) > 2 or len(joined[0]) >= INITIALS) and _is_person(" ".join(words)):
            yield joined


def _words(text: str) -> tuple[str, ...]:
    """The words of ``text`` for comparing: without accents, and Lý is Lí."""
    return tuple(OUTSIDE.sub(" ", fold(text)).replace("y", "i").split())


def _unescaped(text: str) -> str:
    """``text`` with the letters that JSON and Python write as ``\\u1ea8``."""

    def letter(match: re.Match[str]) -> str:
        number = match[1] or match[2] or match[3]
        return chr(min(int(number, 16), sys.maxunicode)) if number else " "

    read = ESCAPED.sub(letter, text)  # JSON has what lies beyond four digits in halves
    return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_person(name: str) -> bool:
    """Whether an officer is called by a name, "Lê Thị Hoa", not by a role, "Công chức Tư pháp"."""
    return all(word.isalpha() and word[0].isupper() for word in name.split())


def _is_telling(code: str) -> bool:
    """Whether a code can be nothing but a code: a short number may be any number."""
    return len(code) >= 8 and not code.isalpha() and TOKEN.fullmatch(code) is not None


def _is_shortened(text: str) -> bool:
    """Whether a cell's number is a telephone or citizen number without the zeros in front."""
    if POWER.fullmatch(text):
        text = f"{float(text.replace(',', '.')):.1f}"
    if not ALONE.fullmatch(text):
        return False
    digits = text.partition(".")[0]
    return len(digits) == 9 or CITIZEN.fullmatch(digits.zfill(12)) is not None


def _officers(q: PeriodView) -> set[str]:
    """Everyone whom the registers or the log name as at work on a dossier."""
    log = q.attribution.timeline
    return {str(name) for part in (log.dossiers["officer"], log.steps["actor"])
            for name in part.dropna().unique()}  # fmt: skip


def _known_words(q: PeriodView, filers: Mapping[str, Set[str]]) -> str:
    """What an office says of itself and its work: a filer of that name is nobody's secret. What the
    register calls a procedure or field counts where it does so of several people: of one it may be
    that one's name.
    """
    unit, plan = q.office.unit, q.plan
    said = [
        *(unit.name, unit.authority, unit.parent, unit.place, unit.successor),
        *unit.title_names, *unit.recipients, *unit.signature, plan.title, plan.issued_by,
        *(text for task in plan.tasks for text in (task.content, task.lead, task.partner)),
        *plans.procedure_names(q.office.workspace).values(),
    ]  # fmt: skip
    for column in ("procedure", "field"):
        behind: dict[str, set[frozenset[str]]] = {}
        named = q.dossiers[["code", column]].dropna()
        for code, wording in named.itertuples(index=False):
            if people := filers.get(bare(code)):
                behind.setdefault(str(wording), set()).add(frozenset(people))
        said += [wording for wording, of in behind.items() if len(of) >= SEVERAL]
    return f" {' | '.join(' '.join(_words(text)) for text in said)} "


# -- reading what was written ----------------------------------------------------------------------


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


# -- the look --------------------------------------------------------------------------------------


def search(files: Iterable[tuple[str, bytes]], watch: Watch) -> list[Leak]:
    """What must not leave among ``files`` (name and content), a file and kind once."""
    found: dict[Leak, None] = {}
    kinds: dict[tuple[str, bool], str | None] = {}  # a document says most things in every format
    for name, content in files:
        for text, line in (*texts(name, content), (name, False)):
            if (text, line) not in kinds:
                kinds[text, line] = watch.finds(text, line=line)
            if kind := kinds[text, line]:
                found.setdefault(Leak(name, kind))
    return list(found)


def inside(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, with their names in it, for :func:`search`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def stop(leaks: Iterable[Leak]) -> None:
    """Raises :class:`LeakError` that names the files where there is any."""
    listed = "; ".join(map(str, leaks))
    if listed:
        raise LeakError(say("privacy.leaks", listed=listed))
