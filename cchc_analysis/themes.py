"""What comments speak of, told by a dictionary that an office can read and mend.

A few hundred comments a quarter are too few to learn from and too many to read aloud. So each
theme is a list of phrases in ``data/reference/themes.toml``: every count can be traced to the
words that made it. Four things make Vietnamese comments harder than looking for words:

* **Accents.** Half the people type without. Folded, "chờ" (wait) is "cho" (give), "phí" (fee) is
  "phi". A comment with any accent is therefore matched with accents; only one without any is
  matched folded, and phrases marked ``=`` never are. In an accented comment a bare word may be a
  slip for an accented one only next to another word of the same phrase that has its accents
  ("nhiet tình"), and never where it is a word by itself ("cho", ``own_words``). Ways to spell
  a word make no difference (:mod:`.spelling`).
* **Negation.** "không phải chờ lâu" is praise. A negator denies the nearest phrase that begins at
  most ``WINDOW`` words behind it in the same clause; two deny each other ("không phải không hài
  lòng"), each with a window of its own. A negator inside a phrase's gap counts ("chờ không lâu").
  A denied phrase counts for the theme's ``opposite``.
* **Wishes.** "Mong giải quyết nhanh hơn" says that it is slow: praise under a wish turns over,
  unless it is to go on ("mong tiếp tục phục vụ tốt").
* **Harm.** A comment may hold names, numbers, markup, formulas, or a page of emoji. Examples are
  made plain, redacted and short before anybody sees them (:mod:`.freetext`); escaping is for
  whoever renders them.

Irony, and names written in small letters without a title, are beyond a dictionary. Examples are
for the internal audience.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import planfile
from .freetext import Names, forms
from .shipped import reference
from .spelling import LETTERS, key_pair
from .words import say

__all__ = ["POLARITIES", "WINDOW", "Hit", "ThemeCount", "Themes"]

FILE = "themes.toml"
POLARITIES = ("praise", "complaint", "wish", "neutral")
WINDOW = 3  # words between a negator and what it denies
REACH = 8  # words between a wish and what it asks for
BEHIND = 2  # words between a phrase and the "hơn" that makes a weak wish of it
GAP = 3  # words that "…" in a phrase may stand for

_ROLES = ("negators", "wishes", "weak_wishes", "more", "keeps", "breaks", "links", "nothing")


class Hit(NamedTuple):
    """A theme in a comment: the ``polarity`` is the theme's, after any negation or wish has led
    to it (``negated``); ``span`` are offsets into the comment as given.
    """

    theme: str
    polarity: str
    negated: bool
    span: tuple[int, int]


@dataclass(frozen=True)
class ThemeCount:
    """How many comments speak of a theme, and a few of them, redacted."""

    theme: str
    label: str
    polarity: str
    count: int
    examples: tuple[str, ...]


# -- words as they are compared ------------------------------------------------------------------

_TOKEN = re.compile(
    rf"(?P<word>{LETTERS})|(?P<number>\d+(?:[.,:]\d+)*(?:[kK]\b)?)"
    r"|(?P<line>[\n\r\u2028\u2029])|(?P<sign>[^\w\s])(?:(?P=sign)|[\ufe0f\u200d\U0001f3fb-\U0001f3ff])*"
)
_QUOTES = frozenset("\"'`*_~#@\u00ab\u00bb\u2018\u2019\u201c\u201d\ufe0f\u200d")
_SOFT = frozenset(",:/-()[]\u2013\u2014")


class _Token(NamedTuple):
    exact: str
    bare: str
    start: int
    end: int
    kind: str  # word, soft or hard (the end of a part of a sentence or of all), emoji


# -- phrases -------------------------------------------------------------------------------------


@dataclass
class _Phrase:
    """Where a phrase ends in the tree: ``target`` is a theme or a role."""

    target: str
    accents: bool = False
    steady: bool = False
    whole: bool = False


@dataclass
class _Node:
    """A tree of phrases, word by word, under the words' bare form."""

    words: dict[str, list[tuple[str, _Node]]] = field(default_factory=dict)
    gap: _Node | None = None
    ends: list[_Phrase] = field(default_factory=list)

    def add(self, parts: Sequence[str], phrase: _Phrase) -> None:
        node = self
        for part in parts:
            if part == "\u2026":
                node.gap = node.gap or _Node()
                node = node.gap
                continue
            exact, bare = key_pair(part)
            known = node.words.setdefault(bare, [])
            found = next((child for key, child in known if key == exact), None)
            if found is None:
                found = _Node()
                known.append((exact, found))
            node = found
        if phrase not in node.ends:
            node.ends.append(phrase)


class _Match(NamedTuple):
    phrase: _Phrase
    used: tuple[int, ...]  # the tokens that are words of the phrase, not those in its gaps


@dataclass(frozen=True)
class _Theme:
    id: str
    label: str
    polarity: str
    opposite: str | None


def _wordings(
    pattern: str, groups: dict[str, tuple[str, ...]], section: planfile.Section
) -> Iterator[tuple[str, ...]]:
    """All ways to say ``pattern``, as words."""
    pattern = re.sub(
        r"<(\w+)>", lambda m: "(" + "|".join(_group(m[1], groups, section)) + ")", pattern
    )
    while re.search(r"\([^()]*\([^()]*\)", pattern):  # groups within brackets
        pattern = re.sub(r"(\([^()]*)\(([^()]*)\)", r"\1\2", pattern)
    choices = [
        found[1].split("|") if (found := re.fullmatch(r"\((.*)\)", part)) else [part]
        for part in re.findall(r"\([^()]*\)|[^\s()]+", pattern)
    ]
    for chosen in itertools.product(*choices):
        words = tuple(" ".join(chosen).split())
        if words and words[0] != "\u2026" and words[-1] != "\u2026":
            yield words


def _group(
    name: str, groups: dict[str, tuple[str, ...]], section: planfile.Section
) -> tuple[str, ...]:
    if name not in groups:
        raise section.wrong("phrases", say("plan.need_choice", choices=", ".join(groups)))
    return groups[name]


# -- the dictionary ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Themes:
    """The dictionary, read once."""

    themes: dict[str, _Theme]
    names: Names
    _tree: _Node
    _spellings: dict[str, tuple[str, ...]]
    _own: frozenset[str]

    @staticmethod
    def of(workspace: Path | None = None) -> Themes:
        """The workspace's own dictionary, or the shipped one.

        Raises :class:`PlanError` for a wrong file.
        """
        return _read(reference(FILE, None if workspace is None else Path(workspace)))

    def label(self, theme: str) -> str:
        """What a theme is called."""
        return self.themes[theme].label

    def find(self, text: str) -> list[Hit]:
        """The themes of a comment in the order of its words. Never raises.

        >>> [(hit.theme, hit.negated) for hit in Themes.of().find("không phải chờ lâu")]
        [('fast', True)]
        """
        tokens, accented = self._tokens(text)
        chosen = self._chosen(tokens, accented)
        owner = {i: match for match in chosen for i in match.used}
        denied: dict[int, bool] = {}
        hits: list[Hit] = []
        for match in chosen:
            theme = self.themes.get(match.phrase.target)
            if theme is None:
                continue
            turned = False
            if not match.phrase.steady:
                turned = denied[id(match)] = self._denied(match, theme, tokens, owner, denied)
                meant = self._meant(theme, turned)
                if meant and meant.polarity == "praise" and _wished(match, tokens, owner):
                    turned = not turned
            meant = self._meant(theme, turned)
            if meant is None:
                continue
            span = (tokens[match.used[0]].start, tokens[match.used[-1]].end)
            hits.append(Hit(meant.id, meant.polarity, turned, span))
        return hits

    def tally(self, comments: Sequence[str], examples: int = 3) -> list[ThemeCount]:
        """How many comments speak of each theme, the most frequent first.

        A comment counts once for a theme however often it says it, and once for each theme. The
        examples are the first that differ. Themes nobody speaks of are left out.
        """
        counts: Counter[str] = Counter()
        shown: dict[str, list[str]] = {}
        for text, times in Counter(comments).items():  # in the order of their first appearance
            for theme in dict.fromkeys(hit.theme for hit in self.find(text)):
                counts[theme] += times
                known = shown.setdefault(theme, [])
                if len(known) < examples:
                    example = self.names.example(text)
                    if example and example not in known:
                        known.append(example)
        order = list(self.themes)
        return [
            ThemeCount(id, self.label(id), self.themes[id].polarity, counts[id], tuple(shown[id]))
            for id in sorted(counts, key=lambda id: (-counts[id], order.index(id)))
        ]

    # -- finding ---------------------------------------------------------------------------------

    def _tokens(self, text: str) -> tuple[list[_Token], bool]:
        """The words and signs of ``text``, and whether it is written with accents."""
        tokens: list[_Token] = []
        accented = False
        run: set[str] = set()  # signs of an unbroken row of emoji: one of each is enough
        for found in _TOKEN.finditer(text):
            start, end = found.span()
            kind, raw = found.lastgroup, found[0]
            if kind == "sign" and raw[0] in run:
                continue
            if kind != "sign":
                run.clear()
            if kind == "word" or raw in self._spellings:
                exact, bare = key_pair(raw)
                accented = accented or exact != bare
                plain = "".join(c for c in raw.lower() if unicodedata.category(c) != "Cf")
                spelt = self._spellings.get(unicodedata.normalize("NFC", plain))
                words = map(key_pair, spelt) if spelt else [(exact, bare)]
                tokens += [_Token(e, b, start, end, "word") for e, b in words]
            elif kind == "number":
                tokens.append(_Token("#", "#", start, end, "word"))
            elif kind == "line":
                tokens.append(_Token("", "", start, end, "hard"))
            elif raw[0] not in _QUOTES:
                sign = raw[0]
                emoji = unicodedata.category(sign) in ("So", "Sk", "Cn")
                if emoji:
                    run.add(sign)
                kind = "emoji" if emoji else "soft" if sign in _SOFT else "hard"
                tokens.append(_Token(sign, sign, start, end, kind))
        return tokens, accented

    def _chosen(self, tokens: list[_Token], accented: bool) -> list[_Match]:
        """The matches that stand, longest first, no word in two; in the order of the words."""
        words = [i for i, token in enumerate(tokens) if token.kind == "word"]
        found: list[_Match] = []
        for start in range(len(tokens)):
            for phrase, used, marked, mixed in self._walk(tokens, start, accented):
                if mixed and (not marked or used[-1] - used[0] >= len(used)):
                    continue
                if phrase.accents and not accented:
                    continue
                if phrase.whole and list(used) != words:
                    continue
                found.append(_Match(phrase, used))
        found.sort(key=lambda m: (-len(m.used), m.used[0] - m.used[-1], m.used[0]))
        taken: set[int] = set()
        chosen = []
        for match in found:
            if taken.isdisjoint(match.used):
                taken.update(match.used)
                chosen.append(match)
        return sorted(chosen, key=lambda match: match.used[0])

    def _meant(self, theme: _Theme, turned: bool) -> _Theme | None:
        if not turned:
            return theme
        return self.themes[theme.opposite] if theme.opposite else None

    def _denied(
        self,
        match: _Match,
        theme: _Theme,
        tokens: list[_Token],
        owner: dict[int, _Match],
        denied: dict[int, bool],
    ) -> bool:
        gaps = set(range(match.used[0], match.used[-1])) - set(match.used)
        inside = {id(owner[i]) for i in gaps if _role(owner.get(i)) == "negators"}
        turned = len(inside) % 2 == 1
        room, i, linked = WINDOW, match.used[0] - 1, False
        while i >= 0 and room >= 0 and tokens[i].kind == "word":
            other = owner.get(i)
            role = _role(other)
            if role == "breaks":
                break
            if other is not None and role in self.themes:
                like = self.themes[role].polarity == theme.polarity
                return turned != (linked and like and denied.get(id(other), False))
            if other is not None and role == "negators":
                turned, room, i = not turned, WINDOW, other.used[0] - 1
                continue
            linked = role == "links"
            room, i = room - 1, i - 1
        return turned

    def _walk(
        self, tokens: list[_Token], start: int, accented: bool
    ) -> Iterator[tuple[_Phrase, tuple[int, ...], bool, bool]]:
        """Every phrase that begins at ``start``: with its tokens, whether a word of it has its
        accents in the text, and whether one lacks them.
        """
        waiting: list[tuple[_Node, int, tuple[int, ...], bool, bool]] = [
            (self._tree, start, (), False, False)
        ]
        while waiting:
            node, i, used, marked, mixed = waiting.pop()
            for phrase in node.ends:
                yield phrase, used, marked, mixed
            if node.gap is not None:
                for skipped in range(GAP + 1):
                    if i + skipped >= len(tokens):
                        break
                    waiting.append((node.gap, i + skipped, used, marked, mixed))
                    if tokens[i + skipped].kind != "word":
                        break
            if i >= len(tokens):
                continue
            token = tokens[i]
            for exact, child in node.words.get(token.bare, ()):
                same = token.exact == exact
                slip = token.exact == token.bare and token.bare not in self._own
                if accented and not same and not slip:
                    continue
                waiting.append(
                    (
                        child,
                        i + 1,
                        (*used, i),
                        marked or (same and exact != token.bare),
                        mixed or (accented and not same),
                    )
                )


def _role(match: _Match | None) -> str:
    return match.phrase.target if match else ""


def _wished(match: _Match, tokens: list[_Token], owner: dict[int, _Match]) -> bool:
    """Whether a phrase is asked for. A comma does not end a wish."""
    end = match.used[-1] + 1
    more = any(_role(owner.get(i)) == "more" for i in range(end, end + BEHIND + 1))
    i, room = match.used[0] - 1, REACH
    while i >= 0 and room >= 0 and tokens[i].kind in ("word", "soft"):
        role = _role(owner.get(i))
        if role == "wishes" or (role == "weak_wishes" and more):
            return True
        if role == "keeps" or (role == "breaks" and not more):
            return False
        room, i = room - 1, i - 1
    return False


# -- reading -------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _read(path: Path) -> Themes:
    known = ("verified", "groups", "themes", "turn", "spellings", "names")
    found = planfile.read_toml(path, FILE, known)
    section = planfile.Section.of(found, "groups", FILE)
    groups = {name: section.texts(name) for name in section.values}
    tree, themes = _Node(), dict[str, _Theme]()
    phrases: list[tuple[str, ...]] = []
    tables: dict[str, Any] = planfile.Section.of(found, "themes", FILE).values
    keys = ("label", "polarity", "opposite", "phrases", "emoji")
    for id in tables:
        section = planfile.Section.of(tables, id, FILE, keys)
        polarity = section.choice("polarity", POLARITIES)
        opposite = (
            section.choice("opposite", list(tables), None) if "opposite" in section.values else None
        )
        themes[id] = _Theme(id, section.text("label"), polarity, opposite)
        phrases += _plant(tree, section.texts("phrases"), id, groups, section)
        for emoji in section.texts("emoji", ()):
            tree.add([emoji[:1]], _Phrase(id, steady=True))
    turn = planfile.Section.of(found, "turn", FILE, (*_ROLES, "own_words"))
    for role in _ROLES:
        _plant(tree, turn.texts(role, ()), role, groups, turn)
    spellings = planfile.Section.of(found, "spellings", FILE)
    names = planfile.Section.of(found, "names", FILE, ("families", "titles", "never"))
    return Themes(
        themes=themes,
        names=Names(
            families=forms(names.texts("families", ())),
            titles=forms(names.texts("titles", ())),
            never=forms(names.texts("never", ())),
            vocabulary=forms({word for words in phrases for word in words}),
            pairs=forms({f"{a} {b}" for words in phrases for a, b in itertools.pairwise(words)}),
        ),
        _tree=tree,
        _spellings={
            unicodedata.normalize("NFC", short.lower()): tuple(spellings.text(short).split())
            for short in spellings.values
        },
        _own=frozenset(key_pair(word)[1] for word in turn.texts("own_words", ())),
    )


def _plant(
    tree: _Node,
    patterns: Iterable[str],
    target: str,
    groups: dict[str, tuple[str, ...]],
    section: planfile.Section,
) -> list[tuple[str, ...]]:
    planted = []
    for pattern in patterns:
        flags = re.match(r"[=!~]*", pattern)
        marks = flags[0] if flags else ""
        phrase = _Phrase(target, "=" in marks, "!" in marks, "~" in marks)
        for words in _wordings(pattern[len(marks) :], groups, section):
            tree.add(words, phrase)
            planted.append(words)
    return planted
