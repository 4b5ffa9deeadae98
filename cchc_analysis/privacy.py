"""Personal data stops at the door, and is looked for once more before anything leaves.

``redact`` takes telephone numbers, citizen numbers and e-mail addresses out of free text when
a file is read. ``scan`` looks for the same in what is about to be shared. Dossier codes become
keyed hashes for the shared audience (``Masker``); the key stays in the workspace.

Which numbers are too small to show is :mod:`.disclosure`'s.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import lru_cache
from pathlib import Path

from .atomic import locked, written
from .errors import WorkspaceError
from .planfile import Section, read_toml
from .shipped import reference
from .words import fold, say

__all__ = [
    "Masker",
    "redact",
    "scan",
    "sensitive_words",
]

# Digits may be split by spaces, dots, dashes or brackets. A citizen number has 12 digits (formerly
# 9), a telephone number 10 or 11 with a leading 0 or +84. What goes on from other digits is part of
# a longer number; a dash or dot behind a word ("SĐT-0912…") is not. What stands before an "@" is
# bounded, as in every mail system: without, a long word would be tried from each of its letters.
_GAP = r"[ .\-()\u00a0]{0,2}"
_BEGIN = r"(?<!\d)(?<!\d[.\-])"
_PHONE = rf"{_BEGIN}(?:\+?84|0){_GAP}[1-9](?:{_GAP}\d){{8,9}}(?!{_GAP}\d)"
_CITIZEN = rf"{_BEGIN}\d(?:{_GAP}\d){{11}}(?!{_GAP}\d)"
_OLD_CITIZEN = rf"{_BEGIN}\d{{9}}(?![\d.\-]*\d)"
_EMAIL = r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_PERSONAL = re.compile("|".join((_EMAIL, _CITIZEN, _PHONE, _OLD_CITIZEN)))
HIDDEN = "[…]"
SENSITIVE = "sensitive.toml"
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
