"""The last look at what leaves the machine: every file of a brief is read back and searched.

Names, numbers and addresses stop at the door, so nothing here should ever be found; where it is,
the door failed, and the run stops before anybody sees the folder. Searched for are telephone and
citizen numbers and e-mail addresses, however they are split; the names of people in the raw files
at hand; and paths of this machine. Read are the text and the metadata of HTML, PDF, Word and Excel
files, notebooks with their metadata and tracebacks, JSON, CSV and anything else as text. What is
found is told by file and kind alone, so that the report of a leak is not one itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from . import plan as plans
from .errors import LeakError
from .privacy import scan
from .sources.restarts import bare
from .spelling import key_pair
from .words import fold, say

if TYPE_CHECKING:
    from .view import PeriodView

__all__ = ["Leak", "Watch", "inside", "search", "stop", "texts"]

# Hashes, and the ids of exports, which are no numbers of anybody whatever digits stand in them.
HEXADECIMAL = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{16,}\b")
# In the lines of a PDF cells stand side by side, so numbers with spaces must look like a telephone
# or citizen number: a group that begins with 0 and has three digits at least.
LINE = re.compile(
    r"(?<![\d.,])0\d{2,3}(?:[ .\-]\d{2,4}){2,3}(?![\d.,]*\d)"
    r"|(?<!\d)\+84[ .\-]?\d(?:[ .\-]?\d){8,9}(?!\d)|(?<!\d)\d{9}(?!\d)|(?<!\d)\d{12}(?!\d)"
    r"|(?<!\d)0\d{9,10}(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
DECIMAL = re.compile(r"-?(?!84\.)(0|[1-9]\d*)\.\d+")  # a share, not a number with a dot in it
SPLIT = (10, 11, 12)  # digits of what LINE finds in groups
DRAWN = ("svg", "image/png", "image/svg+xml")  # paths of drawings are numbers
MOST_WORDS = 8  # of a name
SEVERAL = 3  # people of whom the same is said
XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)  # what a PDF says of itself
WORDLESS = re.compile(r"[\d@/\\]+")
TOKEN = re.compile(r"\w(?:[\w.\-/]*\w)?")  # what may be a dossier's code
OUTSIDE = re.compile(r"[\W_]+")


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
    sizes: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(sorted({len(name) for name in self.names})))

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
        spelt: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for name in named:
            words = _words(name)
            is_known = words in inside or f" {' '.join(words)} " in known
            if 2 <= len(words) <= MOST_WORDS and not is_known:
                spelt.setdefault(words, set()).add(_letters(name))
        places = {q.office.workspace.resolve(), Path.home(), Path(sys.prefix),
                  Path(tempfile.gettempdir())}  # fmt: skip
        paths = tuple(sorted(f"{p.as_posix()}/" for p in places if len(p.parts) > 1))
        codes = q.attribution.timeline.dossiers.index if shared else ()
        telling = frozenset(code for code in codes if _is_telling(code))
        by_words = {name: frozenset(ways) for name, ways in spelt.items()}
        return cls(frozenset(spelt), paths, shared, telling, by_words)

    def finds(self, text: str, *, line: bool = False) -> str | None:
        """The kind of the first thing in ``text`` that must not leave. ``line``: of a PDF."""
        plain = unicodedata.normalize("NFC", HEXADECIMAL.sub(" ", text))
        if self.codes and any(token in self.codes for token in TOKEN.findall(plain)):
            return "code"
        looked_for = self.numbers and not DECIMAL.fullmatch(text)
        if looked_for and (_in_line(plain) if line else scan(plain)):
            return "number"
        if self.paths and ("/" in plain or "\\" in plain):
            slashed = re.sub(r"\\+", "/", plain)
            if any(path in slashed for path in self.paths):
                return "path"
        return "name" if self.names and self._names_in(plain) else None

    def _names_in(self, text: str) -> bool:
        words = _words(text)
        found = [
            (n, size)
            for size in self.sizes
            for n in range(len(words) - size + 1)
            if words[n : n + size] in self.names
        ]
        letters = OUTSIDE.sub(" ", text).split() if found else []
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


def _words(text: str) -> tuple[str, ...]:
    return tuple(OUTSIDE.sub(" ", fold(text)).split())


def _is_person(name: str) -> bool:
    """Whether an officer is called by a name, "Lê Thị Hoa", not by a role, "Công chức Tư pháp"."""
    return all(word.isalpha() and word[0].isupper() for word in name.split())


def _is_telling(code: str) -> bool:
    """Whether a code can be nothing but a code: a short number may be any number."""
    return len(code) >= 8 and not code.isalpha() and TOKEN.fullmatch(code) is not None


def _letters(name: str) -> tuple[str, ...]:
    """The words of a name for comparing, accents and all."""
    return tuple(
        key_pair(word)[0] for word in OUTSIDE.sub(" ", unicodedata.normalize("NFC", name)).split()
    )


def _in_line(text: str) -> bool:
    return any(
        "@" in found or len(re.sub(r"\D", "", found)) in (9, *SPLIT)
        for found in (match[0] for match in LINE.finditer(text))
    )


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
    """Each piece of text of a file, and whether it is a line in which cells stand side by side."""
    reader = READERS.get(Path(name).suffix.lower(), _plain)
    for text in reader(content):
        yield text, reader is _pdf


def _plain(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8", errors="replace")
    if "\x00" not in text:
        yield from text.splitlines()


def _csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"))):
        yield from row


def _json(content: bytes) -> Iterator[str]:
    yield from _inside(json.loads(content))


def _inside(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            if key == "text/html":
                yield from _html("".join(value).encode())
            elif key not in DRAWN:
                yield from _inside(value)
    elif isinstance(node, list):
        if all(isinstance(n, str) for n in node) and all(n.endswith("\n") for n in node[:-1]):
            yield from "".join(node).splitlines()  # the lines of a notebook's cell
        for value in node:
            yield from _inside(value)
    elif isinstance(node, str):
        yield from re.sub(r"\x1b\[[0-9;]*m", "", node).splitlines()
    elif isinstance(node, int) and not isinstance(node, bool):
        yield str(node)


class _Page(HTMLParser):
    """The text of a page by block, and what its attributes say."""

    SAID = ("alt", "title", "content", "href", "value", "aria-label", "aria-description")
    INLINE = ("b", "i", "em", "strong", "span", "abbr", "a", "code", "small", "sup", "sub", "tspan")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.begun: list[str] = []
        self.style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.INLINE:
            self._end()
        self.style = tag == "style"
        self.found += [
            value for name, value in attrs
            if value and (name in self.SAID or name.startswith("data-"))
        ]  # fmt: skip

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.INLINE:
            self._end()
        self.style = False

    def handle_data(self, data: str) -> None:
        if not self.style:
            self.begun.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def _end(self) -> None:
        text = "".join(self.begun)
        self.begun = []
        self.found += [line for line in text.splitlines() if line.strip()]

    def close(self) -> None:
        super().close()
        self._end()


def _html(content: bytes) -> Iterator[str]:
    page = _Page()
    page.feed(content.decode("utf-8", errors="replace"))
    page.close()
    yield from page.found


def _pdf(content: bytes) -> Iterator[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as file:
        for page in file:
            text = page.get_textpage().get_text_bounded()
            yield from text.splitlines()
            yield WORDLESS.sub(" | ", text)  # a name may be broken over two lines
        yield from file.get_metadata_dict().values()
    for found in XMP.findall(content):
        yield from _xml(found)


def _office(content: bytes) -> Iterator[str]:
    """Word and Excel files: paragraphs, cells, and what the package says of itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        for name in whole.namelist():
            yield name
            if name.endswith((".xml", ".rels")):
                yield from _xml(whole.read(name))


def _xml(content: bytes) -> Iterator[str]:
    """Text by paragraph (``p``), shared string (``si``) or cell (``c``), else by element; and the
    attributes that people fill in.
    """
    tree = ElementTree.fromstring(content)
    taken: set[Any] = set()
    for element in tree.iter():
        name = element.tag.rpartition("}")[2]
        if name in ("p", "si", "comment"):
            parts = [each for each in element.iter() if each not in taken]
            taken.update(parts)
            yield "".join(each.text or "" for each in parts)
        elif element not in taken and element.text and element.text.strip():
            yield element.text
        for attribute, value in element.attrib.items():
            if attribute.rpartition("}")[2] in ("descr", "title", "Target", "author", "name"):
                yield value


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".html": _html, ".htm": _html, ".svg": _html, ".pdf": _pdf, ".docx": _office,
    ".xlsx": _office, ".ipynb": _json, ".json": _json, ".csv": _csv,
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
