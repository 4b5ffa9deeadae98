"""Abbreviations and terms are explained where a brief first uses them.

In a sentence the explanation follows in brackets; what stands in a table, a figure or on a card is
explained in a note below it. Headings and captions of chapters explain nothing. The terms are the
room ``terms`` of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..words import messages, say

__all__ = ["explain"]

SENTENCES = ("headline", "to_do")


def explain(found: Sequence[dict[str, Any]]) -> None:
    """Adds each explanation once, in place, to the first block that needs it."""
    waiting = dict(messages("terms"))
    for block in found:
        for term in [t for t in waiting if _stands(t, " ".join(_texts(block)))]:
            if _said(block, term, waiting[term]):
                del waiting[term]


def _said(block: dict[str, Any], term: str, meaning: str) -> bool:
    """Whether the block now explains the term."""
    if block["kind"] in ("table", "figure", "cards"):
        sentence = say("briefs.term", term=term[:1].upper() + term[1:], meaning=meaning)
        block["notes"] = [*block.get("notes", ()), sentence]
        return True
    if block["kind"] in SENTENCES:
        return _first(block["items"], range(len(block["items"])), term, meaning)
    if block["kind"] == "note":
        return _first(block, ["text"], term, meaning)
    return any(_first(span, ["text"], term, meaning) for span in _spans(block))


def _first(holder: Any, places: Iterable[Any], term: str, meaning: str) -> bool:
    for place in places:
        text = holder[place]
        if at := _pattern(term).search(text):
            if not re.match(r"\s*[(:]", text[at.end() :]) and text[at.start() - 1 :][:1] != "(":
                holder[place] = f"{text[: at.end()]} ({meaning}){text[at.end() :]}"
            return True
    return False


def _stands(term: str, text: str) -> bool:
    return _pattern(term).search(text) is not None


def _pattern(term: str) -> re.Pattern[str]:
    """The term as a word of its own; with a small letter in it, also at a sentence's start."""
    flags = re.IGNORECASE if " " in term else 0
    return re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", flags)


def _texts(block: dict[str, Any]) -> Iterator[str]:
    """What a block lets people read, headings apart."""
    kind = block["kind"]
    if kind in SENTENCES:
        yield from block["items"]
    elif kind == "note":
        yield block["text"]
    elif kind in ("paragraph", "list"):
        yield from (span["text"] for span in _spans(block))
    elif kind == "cards":
        for card in block["cards"]:
            yield from (card["label"], card["state_label"], *card["lines"])
    elif kind == "table":
        yield from (block["caption"], *block["notes"])
        yield from (column["label"] for column in block["columns"])
        yield from (cell for row in block["rows"] for cell in row)
    elif kind == "figure":
        yield from (block["caption"], *block.get("notes", ()))
        yield from re.findall(r">([^<>]+)<", block["svg"])
        if block.get("table"):
            yield from _texts(block["table"])


def _spans(block: dict[str, Any]) -> Iterator[dict[str, str]]:
    yield from block.get("spans", ())
    for item in block.get("items", ()) if block["kind"] == "list" else ():
        yield from item["spans"]
        for below in item["below"]:
            yield from _spans(below)
