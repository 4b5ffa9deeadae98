"""The start page of ``cchc lab``: where the workspace stands, as a notebook shows it.

``page`` runs the notebook ``start`` – the workspace's own or the shipped one – and lays what comes
out into ``internal``, for it names dossiers. Run again inside JupyterLab it looks again. Each
function below is one of its cells; all they know is in :mod:`..workspace.state`. Addresses are
relative to where the notebook lies, so that JupyterLab opens what they lead to.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..words import date, datetime_, label, number, say
from ..workspace.state import MOST_DUE, State, look

if TYPE_CHECKING:
    from ..office import Office

__all__ = [
    "Shown",
    "briefs",
    "due",
    "head",
    "inbox",
    "ingested",
    "look",
    "notebooks",
    "page",
    "to_do",
]

NAME = "start"


class Shown:
    """A part of the page: HTML for JupyterLab, lines for any other eye."""

    def __init__(self, html: str, lines: list[str]) -> None:
        self._html = html
        self._lines = lines

    def __repr__(self) -> str:
        return "\n".join(self._lines)

    def _repr_html_(self) -> str:
        return self._html


def head(state: State) -> Shown:
    """Of whom and of when the page tells."""
    return _note(state.head)


def to_do(state: State) -> Shown:
    """What comes next, in the order of doing; commands stand apart."""
    items = [text.rpartition(": cchc ") for text in state.to_do]
    steps = [
        {"text": f"{said}:" if mark else rest, "command": f"cchc {rest}" if mark else ""}
        for said, mark, rest in items
    ]
    return _shown("to_do", state.to_do, steps=steps)


def ingested(state: State) -> Shown:
    """What the store holds: a row a table."""
    rows = [
        [
            label(f"table.{h.table}"), number(h.exports), number(h.rows),
            date(h.first) if h.first else "", date(h.last) if h.last else "",
            datetime_(h.newest) if h.newest else say("state.none_held"),
        ]
        for h in state.held
    ]  # fmt: skip
    heads = [("table", ""), ("exports", "right"), ("rows", "right"), ("from", ""), ("to", "")]
    return _table([*heads, ("newest", "")], rows)


def inbox(state: State) -> Shown:
    """The files of ``data/inbox`` that were not taken in."""
    if not state.waiting:
        return _note(say("state.none_waiting"))
    return _table([("file", ""), ("status", "")], [[w.file, w.text()] for w in state.waiting])


def briefs(state: State) -> Shown:
    """The briefs made, whether they are still of what there is, and the way to them."""
    if not state.briefs:
        return _note(say("state.none_made"))
    rows = [
        [m.title, say(f"state.{m.audience}"), m.text(),
         [(_address(state, path), name) for name, path in m.documents.items()]]
        for m in state.briefs
    ]  # fmt: skip
    return _table([("period", ""), ("audience", ""), ("status", ""), ("open", "")], rows)


def due(state: State) -> Shown:
    """The open dossiers to look after first."""
    from ..briefs.watch import chance_text, when

    note = [state.due_note] if state.due_note else []
    if not state.due:
        return _note(*note)
    heads = [(f"col.{name}", "") for name in ("code", "field", "due_at")]
    heads += [("when", ""), ("col.stage", ""), ("col.chance_late", "right"), ("col.officer", "")]
    rows = [
        [
            row["code"], row["field"] or "", date(row["due_on"]) if row["due_on"] else "…",
            when(row["days_to_due"]), row["stage"] or "…", chance_text(row["chance_late"]),
            row["officer"] or "…",
        ]
        for row in state.due[:MOST_DUE]
    ]  # fmt: skip
    return _table(heads, rows, note)


def notebooks(state: State) -> Shown:
    """The workspace's notebooks, to be opened by a click."""
    found = sorted((state.office.workspace / "notebooks").glob("*.ipynb"))
    links = [
        (_address(state, f"notebooks/{path.name}"), path.name, _title(path))
        for path in found
        if path.stem != NAME
    ]
    if not links:
        return _note(say("state.no_notebooks"))
    return _shown("links", [f"{name}: {title}" for _, name, title in links], links=links)


def page(office: Office) -> Path:
    """Makes the page of ``office`` and returns where it lies: ``internal/start.ipynb``.

    Raises :class:`NotebookError` where it cannot be made.
    """
    import nbformat

    from ..atomic import cannot_write
    from ..briefs.notebook import execute, notebook_path
    from ..plan import units

    asked = {"unit": office.unit.slug} if len(units(office.workspace)) > 1 else {}
    folder = office.workspace / "internal"
    output = folder / f"{NAME}.ipynb"
    try:
        folder.mkdir(exist_ok=True)
        done = execute(notebook_path(office.workspace, NAME), output, asked, cwd=folder)
        for cell in done.cells:  # the page shows what was found, a click shows how
            if cell.cell_type == "code":
                cell.metadata["jupyter"] = {"source_hidden": True}
        nbformat.write(done, output)
    except OSError as error:
        raise cannot_write(folder, error) from None
    _trust(done)
    return output


def _trust(notebook: Any) -> None:
    """Has Jupyter show the page as it is, as it does with what was run in it."""
    from nbformat.sign import NotebookNotary

    try:
        NotebookNotary().sign(notebook)
    except Exception:  # then it looks plainer until it is run again
        return


def _title(path: Path) -> str:
    """The first heading of a notebook; "" without one."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    heads = [line[2:].strip() for text in texts for line in text.splitlines() if line[:2] == "# "]
    return heads[0] if heads else ""


def _address(state: State, path: str) -> str:
    """The address of a path of the workspace, seen from the notebook that is running."""
    place = os.path.relpath((state.office.workspace / path).resolve(), Path.cwd())
    return quote(Path(place).as_posix())


def _note(*lines: str) -> Shown:
    return _shown("note", lines, text=" ".join(lines))


def _table(heads: Any, rows: list[list[Any]], notes: Any = ()) -> Shown:
    columns = [
        {"label": label(name) if name.startswith("col.") else say(f"state.{name}"), "align": align}
        for name, align in heads
    ]
    plain = [[cell if isinstance(cell, str) else ", ".join(n for _, n in cell) for cell in row]
             for row in rows]  # fmt: skip
    lines = [" | ".join(row) for row in [[c["label"] for c in columns], *plain]]
    return _shown("table", [*lines, *notes], columns=columns, rows=rows, notes=notes)


def _shown(kind: str, lines: Any, **values: Any) -> Shown:
    from ..briefs.html import fill, in_notebook

    return Shown(in_notebook(fill("start.html.j2", kind=kind, **values)), list(lines))
