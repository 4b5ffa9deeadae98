"""What comments speak of, told by a dictionary that an office can read and mend.

A few hundred comments a quarter are too few to learn from and too many to read aloud. So each
theme is a list of phrases in ``data/reference/themes.toml``: every count can be traced to the
words that made it. Four things make Vietnamese comments harder than looking for words:

* **Accents.** Half the people type without. Folded, "chờ" (wait) is "cho" (give), "phí" (fee) is
  "phi". A comment with any accent is therefore matched with accents; only one without any is
  matched folded, and phrases marked ``=`` never are. In an accented comment a bare word may be a
  slip for an accented one only next to another word of the same phrase that has its accents
  ("nhiet tình"), and never where it is a word by itself ("cho", ``own_words``). The places of
  tone marks (hoà, hòa), hỏi for ngã (chổ, chỗ), i for y and stretched letters (lâuuu) make no
  difference.
* **Negation.** "không phải chờ lâu" is praise. A negator denies the nearest phrase that begins at
  most ``WINDOW`` words behind it in the same clause; two deny each other ("không phải không hài
  lòng"), each with a window of its own. A negator inside a phrase's gap counts ("chờ không lâu").
  A denied phrase counts for the theme's ``opposite``.
* **Wishes.** "Mong giải quyết nhanh hơn" says that it is slow: praise under a wish turns over,
  unless it is to go on ("mong tiếp tục phục vụ tốt").
* **Harm.** A comment may hold names, numbers, markup, formulas, or a page of emoji. Examples are
  made plain, redacted and short before anybody sees them (:func:`harmless`,
  :meth:`Themes.example`); escaping is for whoever renders them.

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

from . import planfile, privacy
from .shipped import reference
from .words import say

__all__ = ["EXAMPLE", "POLARITIES", "WINDOW", "Hit", "ThemeCount", "Themes", "harmless"]

FILE = "themes.toml"
POLARITIES = ("praise", "complaint", "wish", "neutral")
WINDOW = 3  # words between a negator and what it denies
REACH = 8  # words between a wish and what it asks for
BEHIND = 2  # words between a phrase and the "hơn" that makes a weak wish of it
GAP = 3  # words that "…" in a phrase may stand for
EXAMPLE = 160  # characters of an example
LONGEST = 4000  # characters looked at for one
NAME = 4  # words of a name

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

_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "3", "\u0323": "5"}
_FORMAT = "\u00ad\u200b-\u200f\u2060\ufeff"
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_FORMAT}])*"
_TOKEN = re.compile(
    rf"(?P<word>{_LETTERS})|(?P<number>\d+(?:[.,:]\d+)*(?:[kK]\b)?)"
    r"|(?P<line>[\n\r\u2028\u2029])|(?P<sign>[^\w\s])(?:(?P=sign)|[\ufe0f\u200d\U0001f3fb-\U0001f3ff])*"
)
_QUOTES = frozenset("\"'`*_~#@\u00ab\u00bb\u2018\u2019\u201c\u201d\ufe0f\u200d")
_SOFT = frozenset(",:/-()[]\u2013\u2014")


@lru_cache(maxsize=20_000)
def _keys(word: str) -> tuple[str, str]:
    """``word`` for comparing with and without accents."""
    letters, tone = "", ""
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in _TONES:
            tone = _TONES[char]
        elif unicodedata.category(char) != "Cf":
            letters += char
    exact = re.sub(r"([^\W\d_])\1+", r"\1", unicodedata.normalize("NFC", letters))
    exact = re.sub(r"^(qu|[hklmstv])y$", r"\1i", exact)
    bare = unicodedata.normalize("NFD", exact).replace("\u0111", "d")
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return exact + tone, bare


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
            exact, bare = _keys(part)
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
    _tree: _Node
    _spellings: dict[str, tuple[str, ...]]
    _own: frozenset[str]
    _families: frozenset[tuple[str, ...]]
    _titles: frozenset[tuple[str, ...]]
    _never: frozenset[tuple[str, ...]]
    _vocabulary: frozenset[tuple[str, ...]]
    _pairs: frozenset[tuple[str, ...]]

    @staticmethod
    def of(workspace: Path | None = None) -> Themes:
        """The workspace's own dictionary, or the shipped one.

        Raises :class:`PlanError` for a wrong file.
        """
        return _read(None if workspace is None else Path(workspace))

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
                    example = self.example(text)
                    if example and example not in known:
                        known.append(example)
        order = list(self.themes)
        return [
            ThemeCount(id, self.label(id), self.themes[id].polarity, counts[id], tuple(shown[id]))
            for id in sorted(counts, key=lambda id: (-counts[id], order.index(id)))
        ]

    def redact(self, text: str) -> str:
        """``text`` without numbers that may tell a person (telephones, citizen numbers, dossier
        codes: nine digits or more), addresses of e-mail, and names of people.

        A name is a capitalised word, or up to four, behind a title, or two to four that begin
        with a family name. Rather a word too many is hidden than one too few.

        >>> Themes.of().redact("Chị Hoa và Trần Văn Bình rất nhiệt tình, gọi 0912 345 678")
        'Chị […] và […] rất nhiệt tình, gọi […]'
        """
        hidden = _numbers(text)
        while (again := _numbers(self._nameless(hidden))) != hidden:
            hidden = again
        return hidden

    def example(self, text: str) -> str:
        """A comment fit to be shown inside: plain, redacted, at most ``EXAMPLE`` characters."""
        plain = harmless(text)
        if len(plain) > LONGEST:  # no more than that is looked at, and no number cut in two
            head = plain[:LONGEST].rpartition(" ")[0] or plain[:LONGEST]
            plain = re.sub(r"[\d .\-()_+]+$", "", head) + "\u2026"
        plain = self.redact(plain)
        if len(plain) > EXAMPLE:
            head, _, _ = plain[:EXAMPLE].rpartition(" ")
            plain = (head or plain[: EXAMPLE - 1]).rstrip(" ,;:.\u2026") + "\u2026"
        return _numbers(plain)

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
                exact, bare = _keys(raw)
                accented = accented or exact != bare
                plain = "".join(c for c in raw.lower() if unicodedata.category(c) != "Cf")
                spelt = self._spellings.get(unicodedata.normalize("NFC", plain))
                words = map(_keys, spelt) if spelt else [(exact, bare)]
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

    # -- hiding ----------------------------------------------------------------------------------

    def _nameless(self, text: str) -> str:
        written = _Written.of(text)
        spans: list[tuple[int, int]] = []
        i = 0
        while i < len(written.words):
            title = self._title(written.keys, i, loose=True)
            first = i + title
            if not title and not (written.capital(i) and self._family(written.keys[i])):
                i += 1
                continue
            end = self._name(written, first, bool(title))
            if end - first >= (1 if title else 2):
                spans.append((written.words[first].start(), written.words[end - 1].end()))
                i = end
            else:
                i += 1
        for start, stop in reversed(spans):
            text = text[:start] + privacy.HIDDEN + text[stop:]
        return text

    def _title(self, keys: list[tuple[str, str]], i: int, loose: bool) -> int:
        """How many words the title at ``i`` has; 0 for none. ``loose``: with or without accents."""
        for length in (4, 3, 2, 1):
            part = keys[i : i + length]
            if len(part) == length and _listed(part, self._titles, loose):
                return length
        return 0

    def _family(self, key: tuple[str, str]) -> bool:
        return _listed([key], self._families, loose=True)

    def _name(self, written: _Written, first: int, titled: bool) -> int:
        """Where the name that begins at ``first`` ends; ``first`` itself if there is none."""
        keys, loose = written.keys, not written.accented
        end = first
        while end < len(keys) and end - first < NAME and written.capital(end):
            between = r"[ .]{1,2}" if end > first else r"[ :(]{1,3}"
            if (end > first or titled) and not re.fullmatch(between, written.before(end)):
                break
            pair = keys[end : end + 2]
            if self._title(keys, end, loose) or _listed(pair, self._never, loose):
                break
            if (not loose or written.shouted) and _listed(pair[:1], self._never, loose):
                break
            if _listed(pair, self._pairs, loose):
                break
            if titled and written.shouted and _listed(pair[:1], self._vocabulary, loose):
                break
            end += 1
        return end


@dataclass(frozen=True)
class _Written:
    """A text's words, and how it is written."""

    text: str
    words: list[re.Match[str]]
    keys: list[tuple[str, str]]
    accented: bool
    shouted: bool  # nearly all in capitals, which then tell nothing

    @staticmethod
    def of(text: str) -> _Written:
        words = list(re.finditer(_LETTERS, text))
        keys = [_keys(word[0]) for word in words]
        letters = [char for char in text if char.isalpha()]
        shouted = sum(map(str.isupper, letters)) > 0.7 * len(letters)
        return _Written(text, words, keys, any(a != b for a, b in keys), shouted)

    def capital(self, i: int) -> bool:
        return self.words[i][0][0].isupper()

    def before(self, i: int) -> str:
        """What stands between word ``i`` and the one before."""
        return self.text[self.words[i - 1].end() : self.words[i].start()]


def _listed(part: list[tuple[str, str]], known: frozenset[tuple[str, ...]], loose: bool) -> bool:
    if tuple(exact for exact, _ in part) in known:
        return True
    bare = ("", *(b for a, b in part if a == b))
    return loose and len(bare) == len(part) + 1 and bare in known


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


# -- making plain --------------------------------------------------------------------------------

_LONG = re.compile(r"(?<!\d)[+(]*\d(?:[ .\-()_\u00a0\u2010-\u2015]{0,3}\d){8,}")
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_REPEATED = re.compile(r"((?:(?!\d).){1,8}?)\1{3,}")


def _numbers(text: str) -> str:
    """``text`` without telephone numbers and the like, whatever hiding one lays bare."""
    while (hidden := privacy.redact(_LONG.sub(privacy.HIDDEN, text))) != text:
        text = hidden
    return text


def harmless(text: str) -> str:
    """``text`` on one line, without what cannot be seen or runs on for ever.

    Control and formatting characters (direction overrides, joiners, soft hyphens), lone
    surrogates and characters nobody assigned go; so do marks that do not stand on a letter, or
    more than two deep. What is repeated more than three times is said three times, except digits.
    Markup and formulas stay what they are: text.

    >>> harmless("quá" + "á" * 9 + " lâu\\u202e\\n👍👍👍👍👍")
    'quááá lâu 👍👍👍'
    """
    kept: list[str] = []
    deep = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category[0] == "Z" or char in "\t\n\r\v\f\x85":
            kept.append(" ")
            deep = 9
        elif category[0] == "M":
            deep += 1
            if deep <= 2:
                kept.append(char)
        elif category[0] != "C" and char not in _BLANKS:
            kept.append(char)
            deep = 0 if category[0] == "L" else 9
        elif category == "Cn" and 0x1F000 <= ord(char) < 0x1FFFE:
            kept.append(char)  # an emoji newer than this Python
            deep = 9
    plain = " ".join("".join(kept).split())
    while (shorter := _REPEATED.sub(r"\1\1\1", plain)) != plain:
        plain = " ".join(shorter.split())
    return plain


# -- reading -------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _read(workspace: Path | None) -> Themes:
    known = ("verified", "groups", "themes", "turn", "spellings", "names")
    found = planfile.read_toml(reference(FILE, workspace), FILE, known)
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
        _tree=tree,
        _spellings={
            unicodedata.normalize("NFC", short.lower()): tuple(spellings.text(short).split())
            for short in spellings.values
        },
        _own=frozenset(_keys(word)[1] for word in turn.texts("own_words", ())),
        _families=_forms(names.texts("families", ())),
        _titles=_forms(names.texts("titles", ())),
        _never=_forms(names.texts("never", ())),
        _vocabulary=_forms({word for words in phrases for word in words}),
        _pairs=_forms({f"{a} {b}" for words in phrases for a, b in itertools.pairwise(words)}),
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


def _forms(names: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Names as words, and, behind an empty one, as words without accents."""
    keys = [[_keys(word) for word in name.split()] for name in names]
    exact = {tuple(a for a, _ in name) for name in keys}
    return frozenset(exact | {("", *(b for _, b in name)) for name in keys})
