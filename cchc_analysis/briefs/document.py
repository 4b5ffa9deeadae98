"""From executed notebooks to one list of blocks, the source of every document.

Markdown cells give headings, paragraphs and lists; outputs give the blocks that the package's
own displays carry. Anything else a cell printed stays in the notebook. Headings are lowered by
one below the document's title and the topmost are numbered I, II, … as Vietnamese reports are.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import BriefError
from ..words import say
from .blocks import MIME, table_data
from .terms import explain

if TYPE_CHECKING:
    import nbformat

__all__ = ["blocks", "legible", "roman"]

APPENDIX = "appendix"  # the tag of the cell from which a notebook goes behind all the others
# What no file format takes: control characters, halves of characters, non-characters.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def blocks(notebooks: Sequence[nbformat.NotebookNode]) -> list[dict[str, Any]]:
    """All blocks in order. Adds the kinds ``heading`` (``level`` 2…, ``text``, ``id``),
    ``paragraph`` (``spans``) and ``list`` (``ordered``, ``items`` of ``spans`` and the lists
    ``below``). No two blocks have the same ``id``. From a cell tagged ``appendix`` on, the
    rest of a notebook comes after all that the other notebooks say. Terms are explained where they
    first stand.

    Raises :class:`BriefError` where a cell's output is an error.
    """
    bodies, appendices = zip(*map(_split, notebooks), strict=True) if notebooks else ((), ())
    found = [block for cells in (*bodies, *appendices) for block in _cells(cells)]
    place = tables = 0
    for n, block in enumerate(found):
        if block["kind"] == "heading":
            block["id"] = f"h-{n}"
            if block["level"] == 2:
                place += 1
                block["text"] = f"{roman(place)}. {block['text']}"
        elif block["kind"] == "table" and not block["id"]:  # written in Markdown
            tables += 1
            block |= {"id": f"t-{n}", "caption": say("briefs.table", n=tables)}
    _apart(found)
    explain(found)
    return found


def _apart(found: Sequence[dict[str, Any]]) -> None:
    """Gives another id to a block whose id stands already, in place: two notebooks may show the
    same figure.
    """
    seen: set[str] = set()
    for block in found:
        for part in (block, block.get("table")):
            if part and "id" in part:
                old, n = part["id"], 2
                while part["id"] in seen:
                    part["id"] = f"{old}-{n}"
                    n += 1
                seen.add(part["id"])
                if part["id"] != old and "svg" in part:
                    drawn = rf'((?:\bid=|href=)"#?|url\(#){re.escape(old)}-'
                    part["svg"] = re.sub(drawn, rf"\g<1>{part['id']}-", part["svg"])


def _split(notebook: nbformat.NotebookNode) -> tuple[list[Any], list[Any]]:
    """A notebook's cells before and from the first one tagged ``appendix``."""
    for place, cell in enumerate(notebook.cells):
        if APPENDIX in cell.metadata.get("tags", ()):
            return notebook.cells[:place], notebook.cells[place:]
    return notebook.cells, []


def _cells(cells: Sequence[Any]) -> Iterable[dict[str, Any]]:
    for cell in cells:
        if cell.cell_type == "markdown":
            yield from _markdown(cell.source)
        elif cell.cell_type == "code":
            for output in cell.get("outputs", ()):
                if output.output_type == "error":
                    raise BriefError(say("briefs.cell_failed", name=output.ename))
                data = output.get("data", {})
                if MIME in data:
                    yield _plain(data[MIME])


def _plain(node: Any) -> Any:
    """nbformat's dicts as plain ones, their text as every file format takes it."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return legible(node) if isinstance(node, str) else node


def legible(text: str) -> str:
    """``text`` as every file format takes it, composed."""
    return unicodedata.normalize("NFC", UNREADABLE.sub("", text))


def _markdown(source: str) -> Iterable[dict[str, Any]]:
    import mistune

    tokens: Any = mistune.create_markdown(renderer=None, plugins=["table"])(legible(source))
    yield from _parts(tokens)


def _parts(tokens: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for token in tokens:
        kind = token["type"]
        if kind == "heading":
            level = min(token["attrs"]["level"] + 1, 6)
            yield {"kind": "heading", "level": level, "text": _words(token)}
        elif kind in ("paragraph", "block_text"):
            yield {"kind": "paragraph", "spans": _spans(token["children"])}
        elif kind == "list":
            items = [_item(item["children"]) for item in token["children"]]
            yield {"kind": "list", "ordered": token["attrs"]["ordered"], "items": items}
        elif kind == "block_quote":
            yield from _parts(token["children"])
        elif kind == "block_code":
            for line in token["raw"].splitlines():
                yield {"kind": "paragraph", "spans": [{"text": line, "style": "code"}]}
        elif kind == "table":
            yield _table(token["children"])


def _item(tokens: Sequence[dict[str, Any]]) -> dict[str, Any]:
    spans: list[dict[str, str]] = []
    below = []
    for part in _parts(tokens):
        if part["kind"] == "list":
            below.append(part)
        elif "spans" in part:
            spans += [{"text": " ", "style": ""}, *part["spans"]] if spans else part["spans"]
    return {"spans": spans, "below": below}


def _table(tokens: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A Markdown table; its name comes later."""
    first, rest = tokens[0]["children"], tokens[1]["children"] if len(tokens) > 1 else []
    columns = [{"label": _words(cell), "align": cell["attrs"]["align"] or "left"} for cell in first]
    rows = [[_words(cell) for cell in row["children"]] for row in rest]
    return table_data(id="", caption="", columns=columns, rows=rows)


def _words(token: dict[str, Any]) -> str:
    return "".join(span["text"] for span in _spans(token["children"]))


def _spans(tokens: Sequence[dict[str, Any]], style: str = "") -> list[dict[str, str]]:
    """Inline text as ``{text, style}``; style is empty, ``strong``, ``emphasis`` or ``code``."""
    found: list[dict[str, str]] = []
    for token in tokens:
        kind = token["type"]
        if kind in ("strong", "emphasis"):
            found += _spans(token["children"], kind)
        elif kind == "codespan":
            found.append({"text": token["raw"], "style": "code"})
        elif kind in ("softbreak", "linebreak"):
            found.append({"text": " ", "style": style})
        elif "children" in token:
            found += _spans(token["children"], style)
        elif "raw" in token:
            found.append({"text": html.unescape(token["raw"]), "style": style})
    return found


def roman(n: int) -> str:
    """1 … 39 as I … XXXIX."""
    tens, ones = divmod(n, 10)
    numerals = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + numerals[ones]
