"""Names that Python does not find: which one, and which one was probably meant.

``q.lat`` is one letter from ``q.late``; an ``AttributeError`` here says so. Of the failures of
other people's code, an extension or a cell of a notebook, we repeat nothing, for their text may
hold values, and values may be personal. Only the name that was not found is told, and only where
that code itself spells it: then it is no value.

>>> told("KeyError", "'recieved'", 'q.dossiers["recieved"]')
'KeyError (không có “recieved”). Có phải bạn muốn ghi “received”?'
>>> told("KeyError", "'Trần Thị Bưởi'", "people[name]")
'KeyError.'
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from .planfile import hint
from .words import say

__all__ = ["choose", "no_attribute", "told"]

_NOT_FOUND = {
    "AttributeError": re.compile(r"has no attribute '(\w+)'"),
    "KeyError": re.compile(r"'([^']+)'"),
    "NameError": re.compile(r"name '(\w+)' is not defined"),
}


def told(kind: str, text: str, source: str) -> str:
    """The end of a sentence: the ``kind`` of an error and what it did not find, as far as
    ``source``, the code that failed, spells that; ``text`` is what the error said.
    """
    pattern = _NOT_FOUND.get(kind)
    found = pattern.search(text) if pattern else None
    if found is None or not re.search(rf"(?<!\w){re.escape(found[1])}(?!\w)", source):
        return f"{kind}."
    written = set(re.findall(r"\w+", source)) - {found[1]}
    known = [*_known(), *(written if kind == "NameError" else ())]
    return say("extend.not_found", kind=kind, name=found[1]) + hint(found[1], sorted(known))


def no_attribute(thing: str, name: str, known: Iterable[str]) -> AttributeError:
    """What to raise where ``thing`` has nothing called ``name``, with the nearest it has."""
    near = hint(name, (each for each in known if not each.startswith("_")))
    return AttributeError(f"{thing} has no attribute {name!r}.{near}", name=name)


def choose(name: str, given: str, choices: Iterable[str]) -> str:
    """The sentence on a parameter that has a wrong value: what it is called, and what it may be."""
    known = list(choices)
    near = difflib.get_close_matches(str(given), known, n=1)
    said = say("office.choose", what=say(f"office.choose_{name}"), name=name, given=given)
    if near:
        return f"{said} {say('cli.near', near=near[0])}"
    return f"{said} {say('office.choices', choices=', '.join(known))}"


def _known() -> set[str]:
    """What code about a period may name: the columns of its frames and what it can be asked."""
    from .dictionary import FRAMES, columns_of
    from .view import PeriodView

    columns = {column.name for frame in FRAMES for column in columns_of(frame)}
    return columns | {name for name in dir(PeriodView) if not name.startswith("_")}
