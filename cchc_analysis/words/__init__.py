"""Every word that people read, in one place.

``labels.csv`` holds the correct term for each figure, column, state, stage and cause;
``messages/*.toml`` holds the sentences, one file a room of the package, together one
catalogue. Numbers and dates are written as in Vietnam (``99,9%``, ``1.234``, ``31/12/2024``)
by Babel. Code never spells out Vietnamese of its own.

Inside ``with speaking("en")`` all of it answers in that language, whose sentences lie in
``messages/en``. A room is translated whole or not at all, with the same placeholders (a test
compares the files), and a sentence that has no translation is a ``KeyError``, never Vietnamese in
the middle of English. Another language is another column of ``labels.csv``, another folder of
messages and a line in ``LOCALES``.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from importlib.resources import files

__all__ = [
    "LANGUAGES",
    "date",
    "datetime_",
    "fold",
    "goal",
    "has_label",
    "has_message",
    "inside",
    "label",
    "labelled",
    "language",
    "learn",
    "listing",
    "messages",
    "number",
    "order",
    "percent",
    "points",
    "say",
    "signed",
    "speaking",
]

LOCALES = {"vi": "vi", "en": "en_GB"}  # language → how it writes numbers and dates
LANGUAGES = tuple(LOCALES)
_spoken: ContextVar[str] = ContextVar("spoken", default="vi")
# Marks that make a letter of its own (ă â ê ô ơ ư), and the tones, both in dictionary order.
MARKS = ("BREVE", "CIRCUMFLEX ACCENT", "HORN")
TONES = ("GRAVE ACCENT", "HOOK ABOVE", "TILDE", "ACUTE ACCENT", "DOT BELOW")
Number = int | float | Decimal
_own: dict[str, str] = {}  # terms of the workspace at hand, see :func:`learn`


@cache
def _labels() -> dict[str, dict[str, str]]:
    text = (files(__name__) / "labels.csv").read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(text.splitlines())}


def _messages() -> dict[str, str]:
    return _catalogue(_spoken.get())


@cache
def _catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    folder = files(__name__) / "messages"
    folder = folder if language == "vi" else folder / language
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            room = entry.name.removesuffix(".toml")
            for key, text in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                found[f"{room}.{key}"] = text
    return found


def language() -> str:
    """The language spoken here: ``vi``, unless :func:`speaking` another."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Labels, sentences, numbers and dates in ``language``, one of ``LANGUAGES``."""
    if language not in LOCALES:
        raise KeyError(language)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def label(id: str, language: str | None = None) -> str:
    """The term for ``id``. Raises ``KeyError`` for an id without a label."""
    return _own[id] if id in _own else _labels()[id][language or _spoken.get()]


def has_label(id: str) -> bool:
    return id in _own or id in _labels()


def learn(id: str, text: str) -> None:
    """Takes a workspace's own term for ``id``; it has one, whichever language is spoken."""
    _own[id] = text


def labelled(prefix: str) -> tuple[str, ...]:
    """What stands behind ``prefix`` in the ids of labels: ``S1_receive`` … of ``stage.``."""
    return tuple(id.removeprefix(prefix) for id in _labels() if id.startswith(prefix))


def say(key: str, /, **values: object) -> str:
    """The sentence ``key`` (``room.name``) with its placeholders filled in."""
    return _messages()[key].format(**values)


def listing(items: Sequence[object], most: int = 20, between: str = ", ") -> str:
    """The first of these as a sentence lists them, and how many more there are."""
    more = len(items) - most
    said = between.join(str(item) for item in items[:most])
    return said + (say("sources.and_more", count=number(more)) if more > 0 else "")


def messages(room: str) -> dict[str, str]:
    """All sentences of a room, by their names there."""
    prefix = f"{room}."
    return {k.removeprefix(prefix): t for k, t in _messages().items() if k.startswith(prefix)}


def has_message(key: str) -> bool:
    return key in _messages()


def inside(text: str) -> str:
    """A label in the middle of a sentence."""
    return text[:1].lower() + text[1:]


def fold(text: str) -> str:
    """Text for comparing: no accents, ``đ`` as ``d``, lower case, single spaces.

    >>> fold("  Ngày  HẸN trả ")
    'ngay hen tra'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFD", text).translate(_folded)
    return " ".join(text.casefold().split())


class _Folded(dict[int, int | str | None]):
    """What is left of each letter, as ``str.translate`` asks for it."""

    def __missing__(self, letter: int) -> int | None:
        left = None if unicodedata.combining(chr(letter)) else letter
        self[letter] = left
        return left


_folded = _Folded({ord("đ"): "d", ord("Đ"): "D", 0x200B: " ", 0xFEFF: " "})  # spaces of no width


def order(text: str) -> tuple[tuple[tuple[str, int], ...], tuple[int, ...], str]:
    """A key that sorts as a Vietnamese dictionary does: ``đ`` after ``d``, ``ơ`` after ``ô``, tones
    only between words otherwise equal, numbers by their size.

    >>> sorted(["Ô 10", "Ơ", "Ô 2", "Đa", "Dê", "Dề", "Ong"], key=order)
    ['Dê', 'Dề', 'Đa', 'Ong', 'Ô 2', 'Ô 10', 'Ơ']
    """
    letters: list[tuple[str, int]] = []
    tones: list[int] = []
    for c in unicodedata.normalize("NFD", re.sub(r"\d+", lambda n: n[0].zfill(9), text.casefold())):
        mark = unicodedata.name(c, "").removeprefix("COMBINING ")
        if mark in MARKS and letters:
            letters[-1] = (letters[-1][0], 1 + MARKS.index(mark))
        elif mark in TONES and tones:
            tones[-1] = 1 + TONES.index(mark)
        elif not unicodedata.combining(c):
            letters.append(("d", 1) if c == "đ" else (c, 0))
            tones.append(0)
    return tuple(letters), tuple(tones), text


def number(value: Number, decimals: int = 0) -> str:
    """A number as written in Vietnam.

    >>> number(1234.5, 1)
    '1.234,5'
    """
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return format_decimal(exact, format=pattern, locale=LOCALES[_spoken.get()])


def percent(share: Number, decimals: int = 1) -> str:
    """A share between 0 and 1 as a percentage.

    What is not wholly 100 % is never rounded up to it, nor what is not nothing down to 0 %.

    >>> percent(0.999), percent(0.9996), percent(1)
    ('99,9%', '99,96%', '100%')
    """
    exact = share if isinstance(share, Decimal) else Decimal(str(share))
    hundred = exact * 100
    if hundred in (0, 100):
        return number(hundred) + "%"
    for places in range(decimals, decimals + 4):
        shown = round(hundred, places)
        if shown not in (0, 100):
            return number(hundred, places) + "%"
    return number(hundred, decimals + 4) + "%"


def goal(share: Number) -> str:
    """A target as it was set, without decimals that it does not have.

    >>> goal(0.999), goal(0.98), goal(1)
    ('99,9%', '98%', '100%')
    """
    exact = (Decimal(str(share)) * 100).normalize()
    return number(exact, max(0, -int(exact.as_tuple().exponent))) + "%"


def signed(value: Number, decimals: int = 0) -> str:
    """A difference with its sign: ``+2``, ``−6``, ``0``."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    sign = "+" if exact > 0 else "−" if exact < 0 else ""
    return sign + number(abs(exact), decimals)


def points(difference: Number, decimals: int = 1) -> str:
    """A difference of shares, signed, in percentage points.

    >>> points(0.012)
    '+1,2 điểm phần trăm'
    """
    exact = difference if isinstance(difference, Decimal) else Decimal(str(difference))
    return f"{signed(exact * 100, decimals)} {label('word.percentage_points')}"


def date(day: dt.date) -> str:
    """``31/12/2024``; in English ``31 December 2024``, which cannot be misread.

    >>> with speaking("en"):
    ...     date(dt.date(2024, 12, 31)), number(1234.5, 1)
    ('31 December 2024', '1,234.5')
    """
    if _spoken.get() == "vi":
        return day.strftime("%d/%m/%Y")
    from babel.dates import format_date

    return format_date(day, "long", locale=LOCALES[_spoken.get()])


def datetime_(moment: dt.datetime) -> str:
    """``31/12/2024 08:00``."""
    return f"{date(moment.date())} {moment.strftime('%H:%M')}"
