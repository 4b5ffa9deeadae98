"""The kinds of activities, as ``data/reference/activities.toml`` has them.

A kind is a figure: what is counted, in which unit, to which of the plan's contents it belongs, and
by which words offices write it. All of that is data; a workspace's own file may know other kinds.
So the store keeps a row's kind in the office's words, and they are looked up here each time: a kind
or a word added to the file counts for every row that was ever taken in, without a new export.

>>> kinds = load()
>>> [found.id for text in ("Họp giao ban", "Kiểm tra văn bản QPPL") if (found := kinds.find(text))]
['meetings', 'documents_checked']
>>> kinds.find("Hợp đồng")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..planfile import Section, note, read_toml, together
from ..shapes import Key, Shape
from ..shipped import reference
from ..sources.tables import CONTENTS
from ..sources.vocabulary import plain
from ..words import has_label, label, say

__all__ = ["ID", "KIND", "Kind", "Kinds", "load"]

FILE = "activities.toml"
ID = "[a-z][a-z0-9_]*"
KIND = Shape(
    "kinds",
    {
        "label": Key("text", ""), "content": Key("choice", choices=CONTENTS), "unit": Key("text"),
        "words": Key("texts"), "units": Key("amounts", {}), "people": Key("flag", False),
        "amount": Key("flag", False),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind. ``units`` maps a unit's words, plain, to how many of ``unit`` one of it is;
    ``people``: those who took part are added up; ``amount``: the number is money, not times.
    """

    id: str
    label: str
    content: str
    unit: str
    units: Mapping[str, Fraction]
    people: bool = False
    amount: bool = False

    @property
    def known(self) -> bool:
        """Whether it is called as the package calls it, not by a name of the file's own."""
        id = f"activities.{self.id}"
        return has_label(id) and self.label == label(id, "vi")

    def counted(self, count: Fraction | None, unit: str) -> Fraction | None:
        """What a row adds to the sum in ``self.unit``; None where that cannot be said."""
        if self.amount and (count is None or not unit):
            return None
        factor = self.units.get(plain(unit)) if unit else Fraction(1)
        return None if factor is None else (Fraction(1) if count is None else count) * factor


@dataclass(frozen=True)
class Kinds:
    """Every kind by its id, in the file's order; ``words`` maps plain words to ids."""

    by_id: Mapping[str, Kind]
    words: Mapping[str, str]
    verified: bool

    def find(self, spoken: str) -> Kind | None:
        """The kind that an office's words mean, by the longest that fits; None if none does or
        two do as well.
        """
        key = plain(spoken)
        if key in self.words:
            return self.by_id[self.words[key]]
        held = [word for word in self.words if " " in word and f" {word} " in f" {key} "]
        longest = max(map(len, held), default=0)
        ids = {self.words[word] for word in held if len(word) == longest}
        return self.by_id[ids.pop()] if len(ids) == 1 else None


def load(workspace: Path | None = None) -> Kinds:
    """The kinds of a workspace's own file, else the shipped ones. Raises :class:`PlanError`."""
    path = reference(FILE, workspace)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
@together(cached=True)
def _read(path: Path, _changed: int) -> Kinds:
    found = read_toml(path, FILE, ("verified", "kinds"))
    tables = Section.of(found, "kinds", FILE)
    by_id: dict[str, Kind] = {}
    words: dict[str, str] = {}
    for id in tables.values:
        if not re.fullmatch(ID, id):
            note(tables.wrong(id, say("activities.need_id")), None)
        values = _values(id, tables.values)
        by_id[id] = _kind(id, values)
        for word in (id, by_id[id].label, *values["words"]):
            if words.setdefault(plain(word), id) != id:
                section = Section.of(tables.values, id, FILE)
                note(section.wrong("words", say("activities.word_twice", word=word)), None)
    verified = Section("activities.toml", "verified", found).flag("verified", False)
    return Kinds(by_id, words, verified)


def _values(id: str, tables: dict[str, Any]) -> dict[str, Any]:
    """The keys of one kind; one that the package has no name for must say its own."""
    own = "" if has_label(f"activities.{id}") else ...
    return replace(KIND, name=id).read(tables, FILE, label=own)


def _kind(id: str, values: dict[str, Any]) -> Kind:
    unit = values["unit"]
    units = {plain(word): Fraction(str(number)) for word, number in values["units"].items()}
    return Kind(
        id=id,
        label=values["label"] or label(f"activities.{id}", "vi"),
        content=values["content"],
        unit=unit,
        units={**units, plain(unit): Fraction(1)},
        people=values["people"],
        amount=values["amount"],
    )
