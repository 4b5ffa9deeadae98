"""Questions that are not answered on the five points of satisfaction, and so make no figure.

Without a questionnaire a survey is read on five points, from very dissatisfied to very satisfied.
A question that is answered by yes or no, or on another scale, would be read wrongly: "Không" is
the good answer to "Ông/bà có phải trả thêm chi phí không?", and 5 is a poor one of ten. Such a
column is left out and named, until the unit's questionnaire says how it is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..words import fold, listing, say
from .heading import Column
from .questions import form_words
from .values import is_error, text
from .vocabulary import plain, squash

if TYPE_CHECKING:
    from ..questionnaire import Question

__all__ = ["Unclear", "are_forms", "beside", "best_first", "unclear"]

FORMS = 3
FEW = 0.05
"""Digits beyond five are slips of the pen where they are a smaller part than this."""
_TO = r"\s*(?:-|–|—|den|toi)\s*"
_STATED = re.compile(
    rf"\bthang diem\s*:?\s*(?:tu\s)?\s*(?:[01]{_TO})?(\d{{1,3}})\b"
    rf"|(?:[(\[]|\b(?:thang|diem|tu)\s)\s*(?:tu\s)?[01]{_TO}(\d{{1,3}})\b"
)


@dataclass(frozen=True)
class Unclear:
    """Why the question of ``column`` is left out."""

    column: Column
    kind: str
    scale: int
    beyond: tuple[int, ...] = ()
    """Where an answer lies beyond five points, by position."""

    def said(self, rows: Sequence[int], file: str) -> str:
        """The sentence on it; ``rows`` are the rows of the sheet by position, from 1."""
        listed = listing([rows[position] for position in self.beyond], 5)
        names = {"column": self.column.label, "scale": self.scale, "file": file}
        return say(f"sources.survey_{self.kind}", rows=listed, **names)


_BEST_FIRST = re.compile(
    r"\b1 (?:la |muc )?(?:rat|hoan toan) hai long\b"
    r"|\b5 (?:la |muc )?(?:rat|hoan toan) khong hai long\b"
)


def best_first(lines: Iterable[str]) -> bool:
    """Whether one of these lines, headers or answers says that 1 is the best of five."""
    return any(_BEST_FIRST.search(plain(line)) for line in lines)


def unclear(
    column: Column, cells: Sequence[Any], own: dict[str, str], *, turned: bool = False
) -> Unclear | None:
    """Why the answers to a question cannot be of the five points, None where they may be.

    ``own`` has a mapping's own words for answers, folded: what it declares is clear. ``turned``
    where the sheet says that 1 is the best: digits alone then mean something else.
    """
    from ..questionnaire import BLANK, DONT_KNOW, LARGEST, USUAL, Question

    on = {size: Question("", scale=size) for size in (2, USUAL, LARGEST)}
    spoken = [None if is_error(cell) else text(cell) for cell in cells]
    known: dict[str, int | str] = {}
    for word in {word for word in spoken if word is not None and fold(word) not in own}:
        if on[USUAL].points(word) not in (BLANK, DONT_KNOW):
            known[word] = _number(word, on[USUAL], on[LARGEST])
    if not known:
        return None
    if turned and any(word in {"1", "2", "4", "5"} for word in known):
        return Unclear(column, "reversed", USUAL)
    if all(said == "" and isinstance(on[2].points(word), int) for word, said in known.items()):
        return Unclear(column, "yes_no", 2)
    numbers = [known.get(word, "") if word is not None else "" for word in spoken]
    figures = [number for number in numbers if number != ""]
    answered = sum(word in known for word in spoken)
    stated = _stated(column)
    if stated not in (None, USUAL) and 2 * len(figures) > answered:
        return Unclear(column, "scale" if stated <= LARGEST else "scale_long", stated)
    beyond = tuple(i for i, n in enumerate(numbers) if isinstance(n, int) and n > USUAL)
    if beyond and len(beyond) >= FEW * len(figures):
        highest = max(n for n in figures if isinstance(n, int))
        return Unclear(column, "beyond", highest, beyond)
    return None


def beside(
    doubts: Sequence[Unclear], open_: Sequence[tuple[Column, Sequence[Any]]]
) -> list[Unclear]:
    """The other questions in digits of a form of which at least half such questions go beyond
    five: a low mark of ten is no high one of five.
    """
    known = {doubt.column for doubt in doubts}
    beyond = [doubt for doubt in doubts if doubt.kind in ("beyond", "scale")]
    left = [
        column
        for column, cells in open_
        if column not in known and all(not text(c) or (text(c) or "").isdigit() for c in cells)
    ]
    if not beyond or len(left) > len(beyond):
        return []
    scale = max(doubt.scale for doubt in beyond)
    return [Unclear(column, "beside", scale) for column in left]


def are_forms(columns: Sequence[Column]) -> bool:
    """Whether each column is a form, and each row a question: "Phiếu 1", "Phiếu 2" …"""
    names = {re.sub(r"\d+", "", squash(column.header)) for column in columns}
    return len(columns) >= FORMS and names <= {squash(word) for word in form_words()}


def _number(word: str, usual: Question, longest: Question) -> int | str:
    """The number that an answer is on the longest scale, "" for one in words, with or without the
    number that it is of five.
    """
    if not any(map(str.isdecimal, word)):
        return ""
    if any(map(str.isalpha, word)) and isinstance(usual.points(word), int):
        return ""
    points = longest.points(word)
    return points if isinstance(points, int) else "?"


def _stated(column: Column) -> int | None:
    """The scale that a header speaks of."""
    spoken = unicodedata.normalize("NFC", f"{column.group} {column.header}").casefold()
    found = _STATED.search(fold(re.sub(r"\w+", _no_month, spoken)))
    scale = int(found[1] or found[2]) if found else 0
    return scale if scale > 2 else None


def _no_month(word: re.Match[str]) -> str:
    """The word, but "" for the month, which is a scale without its accent."""
    return "" if fold(word[0]) == "thang" != word[0] else word[0]
