"""Personal data stops at the door, and is looked for once more before anything leaves.

``redact`` takes telephone numbers, citizen numbers and e-mail addresses out of free text when
a file is read. ``scan`` looks for the same in what is about to be shared. Dossier codes become
keyed hashes for the shared audience (``Masker``); the key stays in the workspace.

Policy: cells standing for fewer than ``SMALLEST_CELL`` dossiers are not shown to the shared
audience, and never one alone in its group, for it could be found by subtraction
(reference: ``domain`` section 11; Decree 61/2018/NĐ-CP article 27.3 on confidentiality).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from .errors import LeakError
from .shipped import reference
from .words import fold, say

__all__ = [
    "SMALLEST_CELL",
    "Masker",
    "redact",
    "scan",
    "sensitive_words",
    "small_groups",
    "stop_leaks",
]

SMALLEST_CELL = 5

# Digits may be split by spaces, dots, dashes or brackets. A citizen number has 12 digits (formerly
# 9), a telephone number 10 or 11 with a leading 0 or +84. What goes on from other digits is part of
# a longer number; a dash or dot behind a word ("SĐT-0912…") is not.
_GAP = r"[ .\-()\u00a0]{0,2}"
_BEGIN = r"(?<!\d)(?<!\d[.\-])"
_PHONE = rf"{_BEGIN}(?:\+?84|0){_GAP}[1-9](?:{_GAP}\d){{8,9}}(?!{_GAP}\d)"
_CITIZEN = rf"{_BEGIN}\d(?:{_GAP}\d){{11}}(?!{_GAP}\d)"
_OLD_CITIZEN = rf"{_BEGIN}\d{{9}}(?![\d.\-]*\d)"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PERSONAL = re.compile("|".join((_EMAIL, _CITIZEN, _PHONE, _OLD_CITIZEN)))
HIDDEN = "[…]"
_CONSONANTS = str.maketrans("0123456789abcdef", "BCDFGHJKLMNPQRST")


def redact(text: str) -> str:
    """``text`` without telephone numbers, citizen numbers and e-mail addresses.

    >>> redact("gọi 0912 345 678 hoặc an@example.com")
    'gọi […] hoặc […]'
    >>> redact("SĐT-0912345678, ĐT.0912.345.678, (0912) 345 678, 2.000815")
    'SĐT-[…], ĐT.[…], ([…], 2.000815'
    """
    return _PERSONAL.sub(HIDDEN, text)


def scan(text: str) -> list[int]:
    """Where in ``text`` something looks like a telephone or citizen number or an address.

    Returns offsets only, so that a report of a leak is not itself one.
    """
    return [match.start() for match in _PERSONAL.finditer(text)]


def stop_leaks(content: Any, file: str) -> None:
    """Raises :class:`LeakError` when a text in ``content`` looks personal; drawings are left out,
    for their paths are numbers.
    """
    for text in _texts(content):
        if scan(text):
            raise LeakError(say("privacy.leak", file=file))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            if key not in ("svg", "png"):
                yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)


def small_groups(sizes: Mapping[str, Sequence[int]]) -> set[str]:
    """The groups not to be shown, of groups that add up to a published total.

    ``sizes`` are the numbers of people behind each group's figures. A group is small when one
    of them lies between 1 and ``SMALLEST_CELL`` − 1. Were it alone, the total less the others
    would tell it; then the smallest of the others that has anybody goes with it.
    """
    small = {name for name, ns in sizes.items() if any(0 < n < SMALLEST_CELL for n in ns)}
    rest = {name: sum(sizes[name]) for name in sizes if name not in small and any(sizes[name])}
    if len(small) == 1 and rest:
        small.add(min(rest, key=lambda name: (rest[name], name)))
    return small


@lru_cache(maxsize=8)
def sensitive_words(workspace: Path) -> tuple[str, ...]:
    """Folded words that make a procedure's name sensitive by itself
    (``data/reference/sensitive.toml``, the workspace's own or the shipped one).
    """
    text = reference("sensitive.toml", workspace).read_text(encoding="utf-8")
    return tuple(fold(word) for word in tomllib.loads(text)["words"])


class Masker:
    """Turns dossier codes into keyed hashes that only this workspace can match.

    The key (32 random bytes, hex) is made at first use in ``<workspace>/internal/key``;
    who has the shared files but not the key cannot test a guessed code.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, workspace: Path) -> Masker:
        path = workspace / "internal" / "key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".key-{secrets.token_hex(4)}")
            beside.write_text(secrets.token_hex(32), encoding="ascii")
            beside.chmod(0o600)
            try:
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
        return cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))

    def code(self, code: str) -> str:
        """``HS`` and the first 48 bits of HMAC-SHA256 in consonants: no digits, so that it
        never looks like a telephone number, and no vowels, so that it spells no word.
        """
        digest = hmac.new(self._key, code.encode("utf-8"), hashlib.sha256).hexdigest()
        return "HS" + digest[:12].translate(_CONSONANTS)
