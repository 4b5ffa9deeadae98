"""The last look at what leaves the machine: every file of a brief is read back and searched.

Names, numbers and addresses stop at the door, so nothing here should ever be found; where it is,
the door failed, and the run stops before anybody sees the folder. Searched for are telephone and
citizen numbers and e-mail addresses, however they are split; the names of people in the raw files
at hand, also in another order, with initials, joined, or broken over lines, blocks and cells; and
paths of this machine and of anybody's home, in all that :mod:`.readback` reads of a file. What is
found is told by file and kind alone, so that the report of a leak is not one itself.
"""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import plan as plans
from .errors import LeakError
from .privacy import meant, scan
from .readback import CONTROL, texts
from .sources.restarts import bare
from .spelling import key_pair
from .words import fold, say

if TYPE_CHECKING:
    from .view import PeriodView

__all__ = ["Leak", "Watch", "inside", "machine", "search", "spellings", "stop"]

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
MOST_WORDS = 8  # of a name
MOST_PARTS = 6  # of a code, between its dashes
SEVERAL = 3  # people of whom the same is said
ESCAPED = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([nrt]))")
TOKEN = re.compile(r"\w(?:[\w.\-/]*\w)?")  # what may be a dossier's code
DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
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
