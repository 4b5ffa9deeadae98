"""The typst compiler, with nothing but the shipped font, whatever the machine has.

It makes the PDF, and the pictures of the Word file: drawing an SVG of ours a second time as pixels
takes matplotlib several times as long.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from ..errors import BriefError
from ..words import say

__all__ = ["FONT", "compiled", "in_font", "pictures"]

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates" / "typst"
FONT = "Tinos"
PPI = 200  # of a picture


def compiled(template: str, data: Any, **options: Any) -> Any:
    """What a template of ours makes of ``data``, which it reads as JSON, so nothing needs escaping;
    ``options`` as of :func:`typst.compile`. Raises :class:`BriefError` when it cannot be compiled.
    """
    try:
        return typst.compile(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_drawable(data), ensure_ascii=False)},
            **options,
        )
    except typst.TypstError as error:
        reason = str(error).splitlines()[0][:120]
        raise BriefError(say("briefs.compile_failed", reason=reason)) from None


def in_font(svg: str) -> str:
    """The drawing with its texts in the shipped font."""
    svg = re.sub(r"font: ([^'\";]*?)(\d[\d.]*px) [^\"';]*", rf"font: \1\2 {FONT}", svg)
    return re.sub(r"font-family: [^;\"]*", f"font-family: {FONT}", svg)


def pictures(svgs: Sequence[str]) -> list[bytes]:
    """Each drawing as a PNG of ``PPI`` pixels an inch, its texts in the shipped font."""
    if not svgs:
        return []
    made = compiled("pictures.typ", [in_font(svg) for svg in svgs], format="png", ppi=PPI)
    return list(made) if isinstance(made, list) else [made]


@cache
def _letters() -> frozenset[int]:
    """The characters that all four cuts of the shipped font have."""
    from matplotlib.ft2font import FT2Font

    cuts = sorted((HERE / "fonts").glob("*.ttf"))
    return frozenset.intersection(*(frozenset(FT2Font(str(c)).get_charmap()) for c in cuts))


def _drawable(data: Any) -> Any:
    """The same data without what the shipped font cannot draw, for PDF/UA accepts no text without
    a glyph: emoji go, other characters, and a text of nothing else, become a box.
    """
    if isinstance(data, dict):
        return {key: _drawable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_drawable(value) for value in data]
    if isinstance(data, str) and not data.isascii():
        known = _letters()
        lacking = {c for c in set(data) if c != "\n" and ord(c) not in known}
        if lacking:
            shown = "".join(_boxed(c) if c in lacking else c for c in data)
            return shown.strip() or "□"
    return data


def _boxed(char: str) -> str:
    return "" if unicodedata.category(char) in ("So", "Sk", "Cf", "Mn") else "□"
