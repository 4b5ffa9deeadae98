"""What a TOML file that people edit may hold, declared once.

A file is a few :class:`Shape`, one a table; each names its keys and how the value of each is read.
The reader goes through the declaration (:meth:`Shape.read`), and so do the JSON schema that helps
an editor (:mod:`.workspace.schemas`) and the tests, so none of them can know a key that the others
do not. What a key means stands in Vietnamese in ``words/messages/keys.toml``.

>>> shape = Shape("rules", {"closing_day": Key("whole", 14, low=1, high=27)})
>>> shape.read({"rules": {"closing_day": 20}}, "unit.toml"), shape.read({}, "unit.toml")
({'closing_day': 20}, {'closing_day': 14})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .planfile import Section, note
from .words import say

__all__ = ["Key", "Kind", "Shape"]

Kind = Literal["text", "texts", "choice", "whole", "flag", "amounts", "day", "time"]


@dataclass(frozen=True)
class Key:
    """How the value of a key is read: as one of the kinds that :class:`.planfile.Section` knows.

    Without a ``default`` it must be there. ``choices`` go with a choice, ``low`` and ``high`` with
    a whole number. ``check`` refuses a text with the message ``remedy``.
    """

    kind: Kind
    default: Any = ...
    choices: Sequence[str] | Callable[[], Sequence[str]] = ()
    low: int = 0
    high: int = 0
    check: Callable[[str], bool] | None = None
    remedy: str = ""

    @property
    def allowed(self) -> Sequence[str]:
        """The words of a choice."""
        return self.choices() if callable(self.choices) else self.choices

    def read(self, section: Section, name: str, default: Any) -> Any:
        """The value of ``name`` in ``section``. Raises :class:`PlanError`."""
        if self.kind == "choice":
            return section.choice(name, self.allowed, default)
        if self.kind == "whole":
            return section.whole(name, self.low, self.high, default)
        value = getattr(section, self.kind)(name, default)
        if self.check is None or self.check(value):
            return value
        return note(section.wrong(name, say(self.remedy)), default)


@dataclass(frozen=True)
class Shape:
    """One table of a file: its ``keys``, and how any ``other`` key is read where there may be.

    ``many``: it may stand any number of times (``[[glitches]]``). ``labels``: what its keys are
    called stands in ``labels.csv`` under this prefix.
    """

    name: str
    keys: Mapping[str, Key]
    other: Key | None = None
    many: bool = False
    labels: str = ""

    def read(self, found: Mapping[str, Any], file: str, **defaults: Any) -> dict[str, Any]:
        """The values by key, of a file as :func:`.planfile.read_toml` gives it; ``defaults`` go
        before those of the keys. Raises :class:`PlanError`.
        """
        known = () if self.other else tuple(self.keys)
        section = Section.of(dict(found), self.name, file, known)
        keys = dict(self.keys)
        if self.other:
            keys |= {name: self.other for name in section.values if name not in keys}
        return {
            name: key.read(section, name, defaults.get(name, key.default))
            for name, key in keys.items()
        }

    def each(self, found: Mapping[str, Any], file: str) -> list[dict[str, Any]]:
        """The values of every table of this name."""
        tables = found.get(self.name, [])
        tables = tables if isinstance(tables, list) else [tables]
        return [self.read({self.name: values}, file) for values in tables]
