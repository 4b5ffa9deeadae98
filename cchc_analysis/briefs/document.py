"""From executed notebooks to one list of blocks, the source of every document.

Markdown cells give headings, paragraphs and lists; outputs give the blocks that the package's
own displays carry. Anything else a cell printed stays in the notebook. Headings are lowered by
one below the document's title and the topmost are numbered I, II, … as Vietnamese reports are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import BriefError
from ..words import say
from .blocks import MIME

if TYPE_CHECKING:
    import nbformat

__all__ = ["blocks", "roman"]


def blocks(notebooks: Sequence[nbformat.NotebookNode]) -> list[dict[str, Any]]:
    """All blocks in order. Adds the kinds ``heading`` (``level`` 2…, ``text``, ``id``),
    ``paragraph`` (``spans``) and ``list`` (``ordered``, ``items`` of spans).

    Raises :class:`BriefError` where a cell's output is an error.
    """
    found = [block for notebook in notebooks for block in _cells(notebook)]
    place = 0
    for n, block in enumerate(found):
        if block["kind"] == "heading":
            block["id"] = f"h-{n}"
            if block["level"] == 2:
                place += 1
                block["text"] = f"{roman(place)}. {block['text']}"
    return found


def _cells(notebook: nbformat.NotebookNode) -> Iterable[dict[str, Any]]:
    for cell in notebook.cells:
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
    """nbformat's dicts as plain ones."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node


def _markdown(source: str) -> Iterable[dict[str, Any]]:
    import mistune

    tokens: Any = mistune.create_markdown(renderer=None)(source)
    for token in tokens:
        kind = token["type"]
        if kind == "heading":
            level = min(token["attrs"]["level"] + 1, 6)
            text = "".join(span["text"] for span in _spans(token["children"]))
            yield {"kind": "heading", "level": level, "text": text}
        elif kind in ("paragraph", "block_text"):
            yield {"kind": "paragraph", "spans": _spans(token["children"])}
        elif kind == "list":
            items = [
                [span for child in item["children"] for span in _spans(child.get("children", []))]
                for item in token["children"]
            ]
            yield {"kind": "list", "ordered": token["attrs"]["ordered"], "items": items}


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
            found.append({"text": token["raw"], "style": style})
    return found


def roman(n: int) -> str:
    """1 … 39 as I … XXXIX."""
    tens, ones = divmod(n, 10)
    numerals = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + numerals[ones]
