"""Free text made fit to be shown: plain, without numbers and names that tell a person, short."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from . import privacy
from .spelling import LETTERS, key_pair

__all__ = ["EXAMPLE", "Names", "forms", "harmless"]

EXAMPLE = 160  # characters of an example
LONGEST = 4000  # characters looked at for one
NAME = 4  # words of a name

_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_REPEATED = re.compile(r"((?:(?!\d).){1,8}?)\1{3,}")


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


# -- names --------------------------------------------------------------------------------------


def forms(names: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Names as words, and, behind an empty one, as words without accents."""
    keys = [[key_pair(word) for word in name.split()] for name in names]
    exact = {tuple(a for a, _ in name) for name in keys}
    return frozenset(exact | {("", *(b for _, b in name)) for name in keys})


def _listed(part: list[tuple[str, str]], known: frozenset[tuple[str, ...]], loose: bool) -> bool:
    if tuple(exact for exact, _ in part) in known:
        return True
    bare = ("", *(b for a, b in part if a == b))
    return loose and len(bare) == len(part) + 1 and bare in known


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
        words = list(re.finditer(LETTERS, text))
        keys = [key_pair(word[0]) for word in words]
        letters = [char for char in text if char.isalpha()]
        shouted = sum(map(str.isupper, letters)) > 0.7 * len(letters)
        return _Written(text, words, keys, any(a != b for a, b in keys), shouted)

    def capital(self, i: int) -> bool:
        return self.words[i][0][0].isupper()

    def before(self, i: int) -> str:
        """What stands between word ``i`` and the one before."""
        return self.text[self.words[i - 1].end() : self.words[i].start()]


@dataclass(frozen=True)
class Names:
    """Words that tell a name, and words that tell none; each set as :func:`forms` makes it."""

    families: frozenset[tuple[str, ...]]
    titles: frozenset[tuple[str, ...]]
    never: frozenset[tuple[str, ...]]
    vocabulary: frozenset[tuple[str, ...]]
    pairs: frozenset[tuple[str, ...]]

    def redact(self, text: str) -> str:
        """``text`` without numbers that may tell a person (telephones, citizen numbers, dossier
        codes: nine digits or more), addresses of e-mail, and names of people.

        A name is a capitalised word, or up to four, behind a title, or two to four that begin
        with a family name. Rather a word too many is hidden than one too few.

        >>> from cchc_analysis.themes import Themes
        >>> Themes.of().names.redact("Chị Hoa và Trần Văn Bình rất nhiệt tình, gọi 0912 345 678")
        'Chị […] và […] rất nhiệt tình, gọi […]'
        """
        hidden = privacy.redact(text, every=True)
        while (again := privacy.redact(self._nameless(hidden), every=True)) != hidden:
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
        return privacy.redact(plain, every=True)

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
            if len(part) == length and _listed(part, self.titles, loose):
                return length
        return 0

    def _family(self, key: tuple[str, str]) -> bool:
        return _listed([key], self.families, loose=True)

    def _name(self, written: _Written, first: int, titled: bool) -> int:
        """Where the name that begins at ``first`` ends; ``first`` itself if there is none."""
        keys, loose = written.keys, not written.accented
        end = first
        while end < len(keys) and end - first < NAME and written.capital(end):
            between = r"[ .]{1,2}" if end > first else r"[ :(]{1,3}"
            if (end > first or titled) and not re.fullmatch(between, written.before(end)):
                break
            pair = keys[end : end + 2]
            if self._title(keys, end, loose) or _listed(pair, self.never, loose):
                break
            if (not loose or written.shouted) and _listed(pair[:1], self.never, loose):
                break
            if _listed(pair, self.pairs, loose):
                break
            if titled and written.shouted and _listed(pair[:1], self.vocabulary, loose):
                break
            end += 1
        return end
