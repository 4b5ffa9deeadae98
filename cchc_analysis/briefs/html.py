"""The brief as one HTML file: offline, without a script, readable on a phone and on paper.

``render`` makes the page of one or more executed notebooks.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ..words import date, label, language, say
from .blocks import heads
from .document import blocks

if TYPE_CHECKING:
    import nbformat

__all__ = ["block_html", "fill", "in_notebook", "page", "part", "render", "render_blocks"]

TEMPLATES = Path(__file__).parent / "templates" / "html"
WORDS = 11  # letters up to which every cell of a column stays on one line
CODE = 28  # letters up to which a code does
PROSE = 24  # letters from which a column is text to read, kept wide enough for it
SHORT = 20  # letters up to which a few words stay on one line where there is room
GLANCE = ("headline", "cards", "to_do")  # what stands above the contents
MARKS = {"met": "✓", "not_met": "✗", "cannot_tell": "?", "none": ""}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    environment.globals |= {
        "say": say, "label": label, "language": language, "marks": MARKS, "heads": heads,
    }  # fmt: skip
    environment.filters |= {"accessible": _accessible, "day": _day}
    environment.filters |= {"kinds": _kinds, "stacked": _stacked}
    return environment


def _day(iso: str) -> str:
    return date(dt.date.fromisoformat(iso))


def _kinds(table: dict[str, Any]) -> list[str]:
    """For each column the class of one that holds sentences, or only what stays on one line: a
    word or two, codes where no sentence needs their room, and on a wide screen a few words.
    """
    columns = [[row[n] for row in table["rows"]] for n in range(len(table["columns"]))]
    longest = [max(map(len, cells), default=0) for cells in columns]
    roomy = not any(" " in cell and len(cell) > PROSE for row in table["rows"] for cell in row)
    kinds = []
    for cells, most in zip(columns, longest, strict=True):
        code = roomy and most <= CODE and not any(" " in cell for cell in cells)
        if most <= WORDS or code:
            kinds.append("words")
        else:
            kinds.append("short" if most <= SHORT else "prose" if most > PROSE else "")
    return kinds


def _stacked(table: dict[str, Any]) -> bool:
    """Whether a phone shows each row as a small list: where sentences stand beside the head."""
    return len(table["columns"]) > 2 and "prose" in _kinds(table)[1:]


def _accessible(svg: str, id: str, caption: str, alt: str) -> Markup:
    """The drawing with its title and description for those who cannot see it."""
    if re.search(r"<(script|foreignObject)\b|\son\w+=", svg, re.IGNORECASE):
        return escape(alt)
    head = f'<svg role="img" aria-labelledby="{escape(id)}-title {escape(id)}-desc" '
    words = (
        f'<title id="{escape(id)}-title">{escape(caption)}</title>'
        f'<desc id="{escape(id)}-desc">{escape(alt)}</desc>'
    )
    opened = svg.replace("<svg ", head, 1)
    place = opened.index(">") + 1
    return Markup(opened[:place] + words + opened[place:])


def block_html(block: dict[str, Any]) -> str:
    """One block as HTML."""
    template = _environment().get_template("blocks.html.j2")
    return str(template.make_module().block(block))  # type: ignore[attr-defined]


def in_notebook(*shown: str, kind: str = "") -> str:
    """HTML in the look that displays have in a notebook: the colours of JupyterLab's theme, light
    or dark. ``kind`` is a class of its own beside ``cchc``.
    """
    name = f"cchc {kind}".strip()
    return f'<style>{_in_notebook()}</style><div class="{name}">{"".join(shown)}</div>'


@cache
def _in_notebook() -> str:
    return " ".join(part("lab.css").split())


def render(notebooks: Sequence[nbformat.NotebookNode]) -> str:
    """The page of the executed notebooks, in their order."""
    return render_blocks(blocks(notebooks))


def render_blocks(found: Sequence[dict[str, Any]]) -> str:
    """The page of a list of blocks; the first cover gives the title."""
    cover = next((b for b in found if b["kind"] == "cover"), None)
    body = [b for b in found if b is not cover]
    heads = [b for b in body if b["kind"] == "heading"]
    title = cover["title"] if cover else (heads[0]["text"] if heads else say("briefs.untitled"))
    cut = _first_screen(body) if cover else 0
    return page(
        "page.html.j2", title=title, cover=cover, contents=_contents(heads), first=body[:cut],
        rest=body[cut:],
    )  # fmt: skip


def page(template: str, *, style: str = "", **values: Any) -> str:
    """A whole page of one of the templates, in the look of a brief; ``style`` names a file of
    rules of its own.
    """
    rules = "".join(part(name) for name in ("style.css", style) if name)
    return fill(template, style=Markup(rules), **values)


def fill(template: str, **values: Any) -> str:
    """One of the templates with ``values`` in it, escaped."""
    return _environment().get_template(template).render(**values)


def part(name: str) -> str:
    """A file beside the templates: rules or a script."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _first_screen(body: Sequence[dict[str, Any]]) -> int:
    """How many blocks stand before the contents: the first chapter up to its last sentence, card or
    thing to do at a glance.
    """
    chapters = [n for n, b in enumerate(body) if b["kind"] == "heading" and b["level"] == 2]
    end = chapters[1] if len(chapters) > 1 else len(body)
    return max((n + 1 for n in range(end) if body[n]["kind"] in GLANCE), default=0)


def _contents(heads: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    chapters: list[dict[str, Any]] = []
    for head in heads:
        if head["level"] == 2:
            chapters.append({**head, "below": []})
        elif head["level"] == 3 and chapters:
            chapters[-1]["below"].append(head)
    return chapters if len(chapters) > 1 else []
