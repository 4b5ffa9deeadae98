"""Vietnamese words as they are compared, however people type them.

The places of tone marks (hoà, hòa), hỏi for ngã (chổ, chỗ), i for y and stretched letters
(lâuuu) make no difference; accents do, for whoever asks for them. (Names of columns and choices
need less: :func:`.words.fold`.)
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["LETTERS", "key_pair"]

_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "3", "\u0323": "5"}
_FORMAT = "\u00ad\u200b-\u200f\u2060\ufeff"
LETTERS = rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_FORMAT}])*"


@lru_cache(maxsize=20_000)
def key_pair(word: str) -> tuple[str, str]:
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
