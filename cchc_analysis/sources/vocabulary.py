"""What the words in the cells mean.

``vocabulary.toml`` lists, for each column that holds one of a few values, the words by which
offices write them; this module looks a cell up in it. A mapping may add words of its own. A
word that is in neither is not guessed at: the value stays empty, and the receipt names the
column and the rows.

>>> choice("status", "Đã trả kết quả (đúng hạn)"), choice("channel", "Nộp qua bưu điện")
('handed_over', 'postal')
>>> choice("content", "II. Cải cách TTHC"), choice("content", "Nội dung 6")
('II', 'VI')
>>> flag("Có"), flag("chưa số hóa"), flag("")
(True, False, None)
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from ..shipped import reference
from ..words import fold

__all__ = [
    "UNKNOWN", "bare_day", "choice", "closing_words", "ditto", "factor", "flag", "headings",
    "is_blank", "is_not_yet", "is_quotable", "is_same_day", "partial", "plain",
    "squash", "unit_headers", "unsure",
]  # fmt: skip

UNKNOWN = "\x00unknown"
"""Returned for a word that means none of the values."""

_LONGEST_QUOTED = 40

_NUMBERED = re.compile(r"^\d{1,2}\s(?=[a-z])")
_DAY_INSIDE = re.compile(
    r"(?P<before>\D*?)"
    r"(?P<day>(?:\d{1,2}\s?(?:giờ|[:hg])\s?(?:\d{1,2}'?)?[\s,]+(?:ngày\s)?)?"
    r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})"
    r"(?:(?:[\s,]+(?:lúc\s)?|\s?-\s?)\d{1,2}[:hg](?:\d{2})?)?)"
    r"(?P<behind>\D.*)?",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"^(?:(?:noi dung|muc|phan|nhom)\s)?(?:so\s)?([ivx]+|\d+)\b")


@lru_cache(maxsize=8192)  # headers and answers come time and again
def plain(text: str, keep: str = "") -> str:
    """Folded text without punctuation but for the characters of ``keep``."""
    return " ".join(_punctuation(keep).sub(" ", fold(text)).split())


@cache
def _punctuation(keep: str) -> re.Pattern[str]:
    return re.compile(rf"[^\w{re.escape(keep)}✓✔☑√☒☐]+|_")


@cache
def squash(text: str) -> str:
    """Folded letters and digits alone: ``Mã hồ sơ``, ``MA_HO_SO`` and ``MaHoSo`` are one."""
    return re.sub(r"[\W_]+", "", fold(text))


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "vocabulary.toml").read_text(encoding="utf-8"))


@cache
def _exact(name: str) -> dict[str, str]:
    lists = _vocabulary().get(name, {})
    return {_key(word): value for value, words in lists.items() for word in words}


@cache
def _contained(name: str) -> list[tuple[str, str]]:
    lists = _vocabulary()["contains"].get(name, {})
    return [(plain(word), value) for value, words in lists.items() for word in words]


def _key(word: str) -> str:
    return plain(word) or fold(word)


def is_blank(text: str) -> bool:
    """Whether the text only says that there is nothing (``-``, ``N/A``, ``chưa có``)."""
    return not text.startswith("#") and _key(text) in _exact("blank")


def is_not_yet(text: str) -> bool:
    """Whether the text, in a column of days, says that something has not ended yet.

    >>> is_not_yet("Đang chờ ký"), is_not_yet("Chưa trả kết quả"), is_not_yet("Đặng Văn An")
    (True, True, False)
    """
    first = unicodedata.normalize("NFC", text).casefold().split()[:1]
    return bool(first) and first[0].strip(".,:;-()") in _vocabulary()["not_yet"]["begins"]


def is_same_day(text: str) -> bool:
    """Whether a due day is said to be that of the receipt ("Trong ngày")."""
    return not text[:1].isdigit() and plain(text).startswith("trong ngay")


def bare_day(text: str, kind: str = "") -> str | None:
    """The day in a text that says of it nothing but that it was the end (``kind`` "end"), or is to
    be the last ("due"), and whether in time; None for any other text.

    >>> bare_day("Đã trả ngày 05/07/2024 (trước hạn)", "end"), bare_day("Hẹn lại 05/07/2024", "end")
    ('05/07/2024', None)
    >>> bare_day("Trước 17h00 ngày 5/7/2024", "due"), bare_day("Sáng 5/7/2024")
    ('17h00 ngày 5/7/2024', '5/7/2024')
    """
    found = _DAY_INSIDE.fullmatch(text)
    if not found or "?" in text or found["day"] == text:
        return None
    before, behind = plain(found["before"]), plain(found["behind"] or "")
    if before and before not in _around_a_day("before", kind):
        return None
    known = not behind or behind in _around_a_day("behind", kind) or _timeliness().fullmatch(behind)
    return found["day"] if known else None


@cache
def _around_a_day(side: str, kind: str) -> frozenset[str]:
    lists = _vocabulary()[f"{side}_a_day"]
    return frozenset(map(plain, [*lists["any"], *lists.get(kind, ())]))


def choice(name: str, text: str, extra: Mapping[str, str] | None = None) -> str | None:
    """The value of the list ``name`` that ``text`` means, ``None`` for nothing, or ``UNKNOWN``.

    ``extra`` has a mapping's own words, folded.
    """
    if extra is not None and (own := extra.get(fold(text))) is not None:
        return own or None
    key = _key(text)
    if name == "apology":
        return _apology(key)
    if name == "content":
        return _content(key)
    exact = _exact(name)
    if key in exact:
        return exact[key]
    if name == "status":
        return _status(key, exact)
    if is_blank(text):
        return None
    held = {value for word, value in _contained(name) if f" {word} " in f" {key} "}
    if len(held) == 1 and not key.startswith(("khong ", "chua ")):
        return held.pop()
    if name == "notified_by":
        if key.startswith(("khong", "chua")):
            return None
        return min(held, key=lambda v: key.find(v)) if held else "other"
    return UNKNOWN


def _status(key: str, exact: Mapping[str, str]) -> str | None:
    for candidate in _status_keys(key):
        if candidate in exact:
            return exact[candidate]
    return None if key in _exact("blank") else UNKNOWN


def _status_keys(key: str) -> tuple[str, ...]:
    """A status without its number in front and its timeliness behind."""
    short = _timeliness().sub("", _NUMBERED.sub("", key)).strip()
    return short, short.removeprefix("ho so "), short.removesuffix(" ho so")


@cache
def _timeliness() -> re.Pattern[str]:
    """Whether something is in time and by how much, at the end of a key."""
    lists = _vocabulary()["timeliness"]
    words, amount, units = ("|".join(map(plain, lists[n])) for n in ("words", "amount", "units"))
    much = rf"(?:\s\d+(?:\s\d+)?\s?(?:{units}))+"
    return re.compile(rf"(?:^|\s)(?:ho so\s)?(?:(?:{words})(?:{much})?|(?:{amount}){much})$")


def unsure(text: str, extra: Mapping[str, str] | None = None) -> tuple[str, str] | None:
    """How a status is read that no office has confirmed, and the word as the vocabulary spells it;
    ``None`` for any other, and for a mapping's own words.

    >>> unsure("Tạm dừng xử lý (quá hạn)"), unsure("Dừng xử lý")
    (('paused', 'tạm dừng xử lý'), None)
    """
    if extra is not None and fold(text) in extra:
        return None
    known = _unsure()
    return next((known[key] for key in _status_keys(_key(text)) if key in known), None)


@cache
def _unsure() -> dict[str, tuple[str, str]]:
    lists = _vocabulary()["unsure_status"]
    return {_key(word): (how, word) for how, words in lists.items() for word in words}


def _content(key: str) -> str | None:
    """A content of the plan by its name, else by the numeral in front of whatever is said."""
    if key in _exact("blank"):
        return None
    held = {value for word, value in _contained("content") if f" {word} " in f" {key} "}
    if len(held) == 1:
        return held.pop()
    numeral = _NUMERAL.match(key)
    return _exact("content").get(numeral[1], UNKNOWN) if numeral else UNKNOWN


def _apology(key: str) -> str | None:
    """By telephone or in writing; the words themselves are never kept."""
    if not key or key in _exact("blank") or key.startswith(("khong", "chua")):
        return None
    if key in ("false", "no", "n"):
        return None
    spoken = any(f" {word} " in f" {key} " for word, _ in _contained("apology"))
    return "phone" if spoken or key in _exact("apology") else "written"


def flag(text: str, extra: Mapping[str, str] | None = None) -> bool | str | None:
    """Yes, no, nothing, or ``UNKNOWN``."""
    if extra is not None and (own := extra.get(fold(text))) is not None:
        return {"true": True, "false": False}.get(own)
    known = _exact("flag").get(_key(text))
    if known is not None:
        return known == "true"
    key = _key(text)
    if not key:
        return None
    if key.startswith("da "):
        return True
    if key.startswith(("chua ", "khong ")):
        return False
    return None if is_blank(text) else UNKNOWN


_HEADED = re.compile(
    r"^\W*(?:(?:phan|nhom|muc|yeu to|tieu chi)\s)?(?:[ivx]+|\d{1,2}|[a-h])\s(?=\w)"
)


def factor(text: str) -> str | None:
    """The number of the survey's factor (``"1"`` to ``"5"``) that a heading names, with or without
    a number and words like "Về" in front, or an abbreviation in brackets behind.

    >>> factor("II. Về thủ tục hành chính (TTHC)"), factor("Vệ sinh")
    ('2', None)
    """
    key = _key(re.sub(r"\([^)]*\)", " ", text)) or _key(text)
    known = _exact("factor")
    for form in (key, _HEADED.sub("", key)):
        before = next((word for word in _before_factors() if form.startswith(word)), "")
        if found := known.get(form) or known.get(form.removeprefix(before)):
            return found
    return None


@cache
def _before_factors() -> tuple[str, ...]:
    words = [f"{_key(word)} " for word in _vocabulary()["before_factor"]["words"]]
    return tuple(sorted(words, key=len, reverse=True))


@cache
def ditto() -> frozenset[str]:
    """Cells that say: as above. The words of the vocabulary in capitals or not, with what people
    put around them.
    """
    words = _vocabulary()["ditto"]["words"]
    spelled = {form for word in words for form in (word, word.upper(), word.capitalize())}
    around = ("{}", "-{}-", "- {} -", "({})", "{}.", "- {}", "-{}", "{} ", " {}", "– {} –")
    return frozenset(form.format(word) for word in spelled for form in around)


@cache
def headings() -> tuple[str, ...]:
    """Words before the name of a field in a heading among the rows."""
    return tuple(_vocabulary()["heading"]["field"])


@cache
def partial(kind: str) -> tuple[str, ...]:
    """How a title says that only dossiers that are ``late``, ``done`` or ``open`` are listed, how
    such a title ``begins``, and what it says of ``all`` of them; plain.
    """
    return tuple(map(plain, _vocabulary()["partial"][kind]))


@cache
def unit_headers() -> frozenset[str]:
    """Headers of the unit that a dossier is of, squashed."""
    return frozenset(map(squash, _vocabulary()["units"]["headers"]))


@cache
def subject_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What feedback may be about, each with the words that say so, plain."""
    found = _vocabulary()["subjects"]
    return tuple((each["name"], tuple(map(plain, each["says"]))) for each in found)


@cache
def person_words() -> frozenset[str]:
    """Words with a person behind them, plain."""
    return frozenset(map(plain, _vocabulary()["persons"]["words"]))


@cache
def closing_words(kind: str) -> frozenset[str]:
    """Words of lines below a register (``total``, ``signature``, ``signed``), plain."""
    return frozenset(map(plain, _vocabulary()["closing"][kind]))


# -- what a message may quote ---------------------------------------------------------------


def is_quotable(text: str, times: int) -> bool:
    """Whether a message may quote a word that is not understood and stands on ``times`` rows.

    Where cells were moved, a name stands in any column. So a word is quoted only if each part of
    it is a word of registers, or if it begins with one and stands on several rows; and never if it
    may be a name: a family name in front, or a capital inside that is no known abbreviation.

    >>> is_quotable("Chờ trả giấy", 1), is_quotable("Chờ lệnh", 1), is_quotable("Chờ lệnh", 2)
    (True, False, True)
    >>> is_quotable("Phạm Văn Kín", 9), is_quotable("Từ Thanh", 9), is_quotable("Chờ anh An", 9)
    (False, False, False)
    """
    text = unicodedata.normalize("NFC", text)
    words = re.findall(r"[^\W\d_]+", text)
    keys = [word.casefold() for word in words]
    if keys[:2] in (["hồ", "sơ"], ["ho", "so"]):
        words, keys = words[2:], keys[2:]
    if len(text) > _LONGEST_QUOTED or len(keys) < 2 or re.search(r"\d{3}|@", text):
        return False
    known = [key in _register_words(text.isascii()) for key in keys]
    if not known[0] or keys[0] in _families(text.isascii()):
        return False
    inside = zip(words[1:], known[1:], strict=True)
    if any(word != word.lower() and not (word.isupper() and sure) for word, sure in inside):
        return False
    return all(known) or times > 1


@cache
def _register_words(ascii: bool) -> frozenset[str]:
    """The words that vocabulary, headers and steps are made of, without accents if ``ascii``."""
    headers = tomllib.loads((files(__package__) / "aliases.toml").read_text(encoding="utf-8"))
    steps = tomllib.loads(reference("stages.toml").read_text(encoding="utf-8"))
    return _forms(" ".join(_strings([_vocabulary(), headers, steps])), ascii)


@cache
def _families(ascii: bool) -> frozenset[str]:
    """Family names."""
    themes = tomllib.loads(reference("themes.toml").read_text(encoding="utf-8"))
    return _forms(" ".join(themes["names"]["families"]), ascii)


def _forms(text: str, ascii: bool) -> frozenset[str]:
    spelled = fold(text) if ascii else text.casefold()
    return frozenset(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", spelled)))


def _strings(held: Any) -> Iterator[str]:
    """All text in lists and tables of lists."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _strings(each)
