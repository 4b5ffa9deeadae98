"""What feedback is about, without who says it of whom.

Whoever files feedback tells it in his own words, with names and hamlets in them, and those are not
kept. A short word for the matter, or one that stands on several rows, is kept as it is; of a tale
only its subject is, as far as its words tell it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from .vocabulary import person_words, plain, subject_words

__all__ = ["subjects"]

LONGEST = 8  # words that name a matter
OFTEN = 3  # rows with the same words are no tale of one of them


def subjects(cells: Sequence[str | None]) -> tuple[list[str | None], list[int]]:
    """What each cell is about, and which of them are tales.

    >>> subjects(["Đèn đường hỏng", "Ông Kín ở thôn 3 nói cán bộ có thái độ không tốt", "Bà Na"])
    (['Đèn đường hỏng', 'Thái độ phục vụ', None], [1, 2])
    """
    often = Counter(cells)
    tales = [i for i, cell in enumerate(cells) if cell and _is_tale(cell, often[cell])]
    made = list(cells)
    for i in tales:
        made[i] = _subject(cells[i] or "")
    return made, tales


def _is_tale(cell: str, times: int) -> bool:
    if times < OFTEN and len(cell.split()) > LONGEST:
        return True
    said = f" {plain(cell)} "
    return any(f" {word} " in said for word in person_words()) or _has_name(cell, times)


def _has_name(cell: str, times: int) -> bool:
    """Whether words begin with a capital as names do: two together, or one inside a sentence."""
    if cell.isupper():
        return False
    words = re.findall(r"[^\W\d_]+|[^\w\s]", cell)
    capital = [word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words]
    pairs = any(a and b for a, b in pairwise(capital))
    inside = any(b and a.isalpha() for a, b in zip(words[:-1], capital[1:], strict=True))
    return pairs or (inside and times < OFTEN)


def _subject(cell: str) -> str | None:
    said = f" {plain(cell)} "
    return next((n for n, words in subject_words() if any(f" {w} " in said for w in words)), None)
