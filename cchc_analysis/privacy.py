"""Personal data stops at the door, and is looked for once more before anything leaves.

``redact`` takes telephone numbers, citizen numbers and e-mail addresses out of free text when
a file is read. ``scan`` looks for the same in what is about to be shared. Dossier codes become
keyed hashes for the shared audience (``Masker``); the key stays in the workspace.

Which numbers are too small to show is :mod:`.disclosure`'s.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from .atomic import locked, written
from .errors import WorkspaceError
from .planfile import Section, read_toml
from .shipped import reference
from .words import fold, say

__all__ = [
    "Masker",
    "meant",
    "redact",
    "scan",
    "sensitive_words",
]

_WORDS = "privacy.toml"
# Digits may be split by whatever people put between them. Which of them are somebody's number is
# told by how they are grouped, see :func:`_is_written`; days and decimal numbers are no such run.
_BETWEEN = r"[\s.,\-_/()\u2010-\u2015\u2212]"
_RUN = re.compile(rf"[+(]*\d(?:{_BETWEEN}{{0,3}}\d){{8,}}")
# Rarer signs, the same between all groups; of three digits at least, for a time has colons too.
_ODD = re.compile(r"0(?<!\d0)\d{2,3}(\.\.\.|[;:|*'~\\x\u00d7])\d{3}(?:\1\d{3,6}){1,2}(?!\1?\d)")
# A sign between any two digits; in a line of cells they are so many small counts.
_APART = re.compile(
    r"(?<!\d[ .])(?<!\d)0([ .])"
    r"(?:[35789](?:\1\d){8}|2(?:\1\d){9}|\d\1\d\1[0-3](?:\1\d){8})(?!\1?\d)"
)
_PHONE = re.compile(r"(?:0|(?:00)?840?)[1-9]\d{8,9}")
_CITIZEN = re.compile(r"\d{12}")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_DATE = "|".join(
    rf"(?:0?[1-9]|[12]\d|3[01]){s}(?:0?[1-9]|1[0-2]){s}(?:19|20)\d\d"
    rf"|(?:19|20)\d\d{s}(?:0?[1-9]|1[0-2]){s}(?:0?[1-9]|[12]\d|3[01])"
    for s in (r"/", r"\.", r"-")
)
_NO_RUN = re.compile(
    rf"(?<!\d)(?<!\d[./\-])(?:{_DATE})(?:\s?[\-\u2010-\u2015]\s?(?:{_DATE}))*(?![./\-]?\d)"
    r"|(?<![\d.,+])(?:0[.,]|[1-9]\d*(?:\.|,(?!0[1-9]\d{8,9}(?!\d))))\d{4,}(?![.,]?\d)"
    r"|(?<!\d)\d+[eE]-\d\d(?!\d)"
)
_MOST_GROUPS = 6  # of one number
_LEAST = {" ": 2, "-": 2, ".": 2, "_": 3, "/": 3, ",": 3}  # digits of the groups between these
# What stands before an "@" is bounded, as in every mail system: without, a long word would be tried
# from each of its letters. Around it spaces are a slip where the end is one that addresses have;
# elsewhere they are mathematics.
_EMAIL = re.compile(
    r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|[\w.+-]{1,64} {0,2}@ {0,2}[\w-]+(?: ?\. ?[\w-]+)*? ?\. ?(?:com|net|org|edu|gov|vn)\b"
)
HIDDEN = "[…]"
SENSITIVE = "sensitive.toml"
_CONSONANTS = str.maketrans("0123456789abcdef", "BCDFGHJKLMNPQRST")


def redact(text: str, *, every: bool = False) -> str:
    """``text`` without telephone numbers, citizen numbers and e-mail addresses, whatever taking
    one away lays bare; with ``every`` without any nine digits that stand together.

    >>> redact("gọi 0912 345 678 hoặc an@example.com")
    'gọi […] hoặc […]'
    >>> redact("SĐT-0912345678, ĐT.0912.345.678, (0912) 345 678, 2.000815")
    'SĐT-[…], ĐT.[…], ([…], 2.000815'
    """
    while spans := _spans(text, every=every):
        for start, end in reversed(spans):
            text = text[:start] + HIDDEN + text[end:]
    return text


def scan(text: str, *, line: bool = False) -> list[int]:
    """Where in ``text`` something looks like a telephone or citizen number or an address.

    On a ``line`` figures of several cells stand side by side, so digits with gaps must look more
    like one number. Returns offsets only, so that a report of a leak is not itself one.
    """
    return [start for start, _ in _spans(text, line=line)]


class _Meant(dict[int, int | str | None]):
    """What people mean by each sign, as ``str.translate`` asks for it: its usual form, nothing
    where it cannot be seen.
    """

    def __missing__(self, sign: int) -> int | str | None:
        char = chr(sign)
        unseen = unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"
        digit = unicodedata.decimal(char, None)
        usual = unicodedata.normalize("NFKC", char) if digit is None else str(digit)
        self[sign] = found = None if unseen else usual
        return found


_meant = _Meant()


def meant(text: str) -> str:
    """``text`` as it looks: digits and letters in their usual form, without what is not seen.

    >>> meant("\uff10912\u200b345 \U0001d409\U0001d41a")
    '0912345 Ja'
    """
    return text if text.isascii() else text.translate(_meant)


def _spans(text: str, *, line: bool = False, every: bool = False) -> list[tuple[int, int]]:
    """From where to where in ``text`` something is personal, in order and apart."""
    seen = meant(text)
    found = [match.span() for match in _EMAIL.finditer(seen)] if "@" in seen else []
    if _RUN.search(seen):
        runs = _NO_RUN.sub(_blank, seen)
        for run in _RUN.finditer(runs):
            found += [run.span()] if every else _in_run(runs, run, line)
    for odd in _ODD.finditer(seen):
        digits = re.sub(r"\D", "", odd[0])
        if _PHONE.fullmatch(digits) or _CITIZEN.fullmatch(digits):
            found.append(odd.span())
    if not line:
        found += [match.span() for match in _APART.finditer(seen)]
    if seen != text and found:
        at = [i for i, char in enumerate(text) for _ in meant(char)]
        found = [(at[start], at[end - 1] + 1) for start, end in found]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _blank(match: re.Match[str]) -> str:
    """A day or a decimal number made a mark, which no run goes over; 84.912345678 is a telephone
    rather.
    """
    whole = match[0]
    if whole.startswith("84") and _PHONE.fullmatch(re.sub(r"\D", "", whole)):
        return whole
    return "|" * len(whole)


def _in_run(text: str, run: re.Match[str], line: bool) -> Iterator[tuple[int, int]]:
    """The numbers of people in a run of digits, the longest from each group on."""
    groups = list(re.finditer(r"\d+", text[: run.end()][run.start() :]))
    gaps = [_gap(run[0][a.end() : b.start()]) for a, b in itertools.pairwise(groups)]
    told = _is_identity(text[max(0, run.start() - 40) : run.start()])
    amount = _is_amount(text[run.end() : run.end() + 20])
    n = 0
    while n < len(groups):
        for last in range(min(len(groups), n + _MOST_GROUPS) - 1, n - 1, -1):
            parts = [group[0] for group in groups[n : last + 1]]
            digits = "".join(parts)
            if told and n == 0 and len(digits) in (9, 11, 12):
                break
            around = (gaps[n - 1] if n else "", gaps[last] if last < len(gaps) else "")
            counted = amount and last == len(gaps) and digits[0] != "0"
            if last == n:
                if _PHONE.fullmatch(digits) or (not counted and _is_solid(digits, around)):
                    break
            elif _is_written(
                parts, gaps[n:last], around, line=line, amount=counted,
                plus=run[0][: groups[n].start()].endswith("+"),
            ):  # fmt: skip
                break
        else:
            n += 1
            continue
        start = run.start() + groups[n].start()
        yield start - (text[start - 1 : start] == "+"), run.start() + groups[last].end()
        n = last + 1


def _gap(between: str) -> str:
    """What stands between two groups of digits, as one sign: brackets are none, a space is one
    where nothing else is, and stays behind a sign that it stands beside.
    """
    plain = _DASHES.sub("-", re.sub(r"[()]", " ", between))
    sign = "".join(plain.split())
    return sign + " " * (sign != plain) if sign else " "


def _is_solid(digits: str, around: tuple[str, str]) -> bool:
    """Whether digits without a gap are a citizen number. What hangs together with other digits
    ("H56-240702000412") must begin as one does; the nine digits of old may not hang at all.
    """
    hangs = any(gap and " " not in gap for gap in around)
    if hangs:
        return len(digits) == 12 and digits.startswith("0")
    return len(digits) in (9, 12)


def _is_written(
    parts: Sequence[str], gaps: Sequence[str], around: tuple[str, str], *, line: bool,
    amount: bool, plus: bool,
) -> bool:  # fmt: skip
    """Whether groups of digits are written as people write a telephone or citizen number: with the
    same sign between them, or one other, and not in the midst of more of the same.
    """
    if _is_counting(parts):
        return False
    digits, signs = "".join(parts), {gap.strip() or " " for gap in gaps}
    before, behind = (gap.strip() or gap for gap in around)
    by_three = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
    if amount and by_three:
        return False
    if [len(part) for part in parts] == [3, 3, 3]:  # of old citizens
        return not line and signs == {" "} and " " not in (before, behind) and not amount
    if not (_PHONE.fullmatch(digits) or (len(digits) == 12 and digits[0] == "0")):
        return False
    if len(signs) > 2 or not signs <= _LEAST.keys() or (before and " " not in around[0]):
        return False
    least = max(_LEAST[sign] for sign in signs)
    if least > 2 and (len(signs) > 1 or any(gap == ", " for gap in gaps)):
        return False
    if behind and (behind in signs or any(len(part) < 3 for part in parts)):
        return False
    if line and not plus:
        groups = [len(part) for part in parts[1:]]
        return (
            digits[0] == "0" and len(parts[0]) in (3, 4) and len(groups) <= 3
            and all(2 <= size <= 6 for size in groups) and behind not in (".", ",")
        )  # fmt: skip
    short = [part for part in parts[1:] if len(part) < least]
    return plus or (len(parts[0]) >= 2 and len(short) <= (least == 2))


def _is_counting(parts: Sequence[str]) -> bool:
    """Whether groups are a row of years, months or codes, "0911 0912 0913"."""
    steps = {int(after) - int(before) for before, after in itertools.pairwise(parts)}
    return len(parts) > 2 and steps == {1} and len({len(part) for part in parts}) == 1


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says of digits that they are somebody's, in front; that they are an amount, behind."""
    found = tomllib.loads((files(__package__) / _WORDS).read_text(encoding="utf-8"))
    identity, amount = (
        "|".join(re.escape(fold(word)) for word in found[key]) for key in ("identity", "amount")
    )
    return (
        re.compile(rf"\b(?:{identity})\W*(?:\w+\W*)?$"), re.compile(rf"\s*(?:{amount})\b")
    )  # fmt: skip


def _is_identity(before: str) -> bool:
    return _beside()[0].search(fold(before)) is not None


def _is_amount(behind: str) -> bool:
    return _beside()[1].match(fold(behind)) is not None


@lru_cache(maxsize=8)
def sensitive_words(workspace: Path) -> tuple[str, ...]:
    """Folded words that make a procedure's name sensitive by itself
    (``data/reference/sensitive.toml``, the workspace's own or the shipped one).
    """
    found = read_toml(reference(SENSITIVE, workspace), SENSITIVE, ("verified", "words"))
    return tuple(fold(word) for word in Section(SENSITIVE, "words", found).texts("words"))


class Masker:
    """Turns dossier codes into keyed hashes that only this workspace can match.

    The key (32 random bytes, hex) is made at first use in ``<workspace>/internal/key``, once;
    who has the shared files but not the key cannot test a guessed code.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, workspace: Path) -> Masker:
        path = workspace / "internal" / "key"
        if not path.exists():
            with locked(path.with_name(".key.lock")):
                if not path.exists():
                    with written(path) as part:
                        part.touch(mode=0o600)
                        part.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            raise WorkspaceError(say("privacy.bad_key")) from None
        if len(key) < 16:
            raise WorkspaceError(say("privacy.bad_key"))
        return cls(key)

    def code(self, code: str) -> str:
        """``HS`` and the first 48 bits of HMAC-SHA256 in consonants: no digits, so that it
        never looks like a telephone number, and no vowels, so that it spells no word.
        """
        digest = hmac.new(self._key, code.encode("utf-8"), hashlib.sha256).hexdigest()
        return "HS" + digest[:12].translate(_CONSONANTS)
