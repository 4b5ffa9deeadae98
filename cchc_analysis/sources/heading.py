"""A column's heading: the words over it, the aliases they may be, and whether they are of people.

Headings are compared by their letters and digits alone, without accents, case, spaces, punctuation
or what stands in brackets, so one alias of ``aliases.toml`` covers every spelling.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..privacy import redact
from .vocabulary import plain, squash

__all__ = [
    "BRACKETS", "NUMBERED", "Column", "content", "is_ignored", "is_personal", "keys", "says",
    "shown", "spoken",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a sheet: where it stands, and what is written over it."""

    index: int
    header: str
    group: str = ""

    @property
    def label(self) -> str:
        """What people see; never longer than a header should be."""
        whole = (
            f"{self.group} / {self.header}"
            if self.group and self.header
            else (self.header or self.group)
        )
        return shown(whole)

    @property
    def keys(self) -> tuple[str, ...]:
        """What to look for among the aliases, the most telling first."""
        return keys(self.group, self.header)


def shown(text: str) -> str:
    text = redact(" ".join(text.split()))
    return text if len(text) <= 60 else text[:59] + "…"


NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}\)?|[IVX]+|[a-z])\s*[.)]\s*")


BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@cache
def keys(group: str, header: str) -> tuple[str, ...]:
    bare = BRACKETS.sub(" ", header)
    numbered = NUMBERED.sub("", bare)
    own = [header, bare, numbered, _actual().sub("", numbered)]
    both = [f"{group} {name}" for name in own] if group else []
    if group and squash(bare) in content()["days"]["headers"]:  # "Ngày" under "Nhận hồ sơ"
        both += [f"{bare} {group}"]
    alone = [group, re.sub(r"\([^)]*\)", " ", group)] if not squash(bare) else []
    found = dict.fromkeys(squash(text) for text in (*both, *own, *alone))
    return tuple(key for key in found if key)


@cache
def content() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "aliases.toml").read_text(encoding="utf-8"))


@cache
def _actual() -> re.Pattern[str]:
    words = "|".join(map(re.escape, content()["actual"]["words"]))
    return re.compile(rf"\s+(?:{words})\s*$", re.IGNORECASE)


@cache
def _ignored() -> frozenset[str]:
    return frozenset(squash(word) for word in content()["ignored"]["headers"])


@cache
def _personal() -> re.Pattern[str]:
    words = {plain(word) for word in content()["personal"]["contains"]}
    spaced = "|".join(rf"\b{re.escape(word)}\b" for word in sorted(words))
    joined = "|".join(re.escape(squash(word)) for word in sorted(words) if len(squash(word)) > 3)
    return re.compile(f"{spaced}|{joined}")


def is_personal(column: Column) -> bool:
    """Whether the header speaks of people."""
    over = f"{column.group} {column.header}"
    return bool(_personal().search(plain(over)) or _personal().search(squash(over)))


_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spoken(header: str) -> str:
    """A header's words between spaces; ``TenNguoiNop`` is three."""
    return f" {plain(_INNER.sub(' ', header))} "


def says(text: str, words: Sequence[str]) -> bool:
    return any(f" {plain(word)} " in text for word in words)


def is_ignored(column: Column) -> bool:
    """Whether everyone may drop the column without a word."""
    return any(key in _ignored() for key in column.keys)
