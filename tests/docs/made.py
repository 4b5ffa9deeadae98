"""The parts of pages that are made of the program itself, and so are never behind it.

Each function is the maker of one kind of part; ``made("command brief")`` calls ``command`` with
the rest of the name.
"""

from __future__ import annotations

import csv
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import groupby
from typing import Any

from cchc_analysis import shipped
from cchc_analysis.briefs import method as methods
from cchc_analysis.cli import app
from cchc_analysis.cli.usage import command_of
from cchc_analysis.disclosure import SMALLEST_CELL
from cchc_analysis.indicators.results import STATUSES
from cchc_analysis.sources.tables import TABLES, Field, Table
from cchc_analysis.words import has_label, label, order, say, speaking

__all__ = ["commands", "made"]

SHOWN = 3  # headers and words of each kind that the dictionary names


def made(name: str) -> str:
    """The part ``name``. Raises ``KeyError`` for a part that nobody makes."""
    kind, _, rest = name.partition(" ")
    return {
        "commands": commands_table, "command": command, "method": method, "glossary": glossary,
        "table": table, "values": values, "notes": notes,
    }[kind](*([rest] if rest else []))  # fmt: skip


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |" for r in lines)


# -- commands -------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, Any]:
    """The program's commands by name, as the parser has them."""
    return dict(command_of(app).commands)


def commands_table() -> str:
    """All commands with what they do, by panels of the help."""
    every = list(commands().items())
    panels = [panel for panel, _ in groupby(c.rich_help_panel for _, c in every)]
    parts = []
    for panel in dict.fromkeys(panels):
        rows = [
            [f"[`cchc {name}`](#cchc-{name})", c.help]
            for name, c in every
            if c.rich_help_panel == panel
        ]
        parts.append(f"**{panel}**\n\n{grid(('Lệnh', 'Việc'), rows)}")
    return "\n\n".join(parts)


def command(name: str) -> str:
    """One command: what it does, an example, its arguments and options."""
    found = commands()[name]
    rows = [
        [f"`{_spelled(param)}`", _said(param)]
        for param in found.params
        if not getattr(param, "hidden", False)
    ]
    return "\n\n".join(
        [
            found.help,
            f"<!-- not run: an example -->\n```sh\n{say(f'examples.{name}')}\n```",
            grid(("Tham số, tùy chọn", "Ý nghĩa"), rows),
        ]
    )


def _spelled(param: Any) -> str:
    if param.param_type_name == "argument":
        return (param.metavar or param.name.upper()) + ("…" if param.nargs == -1 else "")
    return ", ".join(param.opts)


def _said(param: Any) -> str:
    said = [param.help or ""]
    if param.required:
        said.append("Bắt buộc.")
    default = param.default() if callable(param.default) else param.default
    if isinstance(default, str | int) and not isinstance(default, bool) and default:
        said.append(f"Mặc định: `{default}`.")
    return " ".join(part for part in said if part)


# -- words ----------------------------------------------------------------------------------------


def method(language: str) -> str:
    """The page of ``cchc method``, under the shipped plan."""
    plan = methods.plan_of(shipped.path())
    rows = methods.of(plan, language)
    with speaking(language):
        notes = [say(f"method.about_{name}") for name in methods.NOTES]
        notes.append(say("method.about_hidden", least=SMALLEST_CELL))
        head = [say(f"method.{name}") for name in ("figure", "how", "unit", "source")]
        parts = [
            say("method.lead"), f"## {say('method.reading')}",
            "\n".join(f"- {note}" for note in notes),
        ]  # fmt: skip
        for room, found in groupby(rows, key=lambda row: row.id.partition(".")[0]):
            parts += [f"## {say(f'method.room_{room}')}", say(f"method.book_{room}")]
            parts.append(
                grid(
                    head,
                    [[f"{r.label}<br>`{r.id}`", r.definition, r.unit, r.source] for r in found],
                )
            )
        known = [[f"`{status}`", label(f"figure.{status}")] for status in STATUSES]
        parts += [f"## {say('method.statuses')}"]
        parts += [grid((say("method.status"), say("method.meaning")), known)]
    return "\n\n".join(parts)


def glossary() -> str:
    """Every term in both languages, as a Vietnamese dictionary sorts them."""
    text = (files("cchc_analysis.words") / "labels.csv").read_text(encoding="utf-8")
    terms: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        term = terms.setdefault((row["vi"], row["en"]), {"ids": [], "notes": []})
        term["ids"].append(f"`{row['id']}`")
        term["notes"] += [row["note"]] if row["note"] else []
    rows = [
        [vi, en, " ".join(terms[vi, en]["ids"]), "; ".join(terms[vi, en]["notes"])]
        for vi, en in sorted(terms, key=lambda term: (order(term[0]), term[1]))
    ]
    return grid(("Tiếng Việt", "English", "Mã", "Ghi chú"), rows)


def notes(room: str) -> str:
    """What the modules of a room of the package say of their methods, with formulas and sources."""
    package = import_module(f"cchc_analysis.{room}")
    parts = []
    for found in pkgutil.iter_modules(package.__path__):
        text = inspect.getdoc(import_module(f"cchc_analysis.{room}.{found.name}")) or ""
        text = re.sub(r":\w+:`[~.]*([^`]+)`|``([^`]+)``", lambda m: f"`{m[1] or m[2]}`", text)
        title, _, body = text.partition("\n")
        parts.append(f"### {title}\n\n`cchc_analysis/{room}/{found.name}.py`\n{body}")
    return "\n\n".join(parts)


# -- data -----------------------------------------------------------------------------------------


def table(name: str) -> str:
    """A table of the store: its columns, what they are called in files, how they are read."""
    found = TABLES[name]
    either = [" hoặc ".join(f"`{n}`" for n in group) for group in found.any_of]
    needed = [f"`{n}`" for n in found.required] + [f"một trong {group}" for group in either]
    rows = [
        [f"`{f.name}`", _name(found, f), f"`{f.kind}`", f"`{f.dtype}`", _headers(found, f)]
        for f in found.fields
    ]
    head = ("Trường", "Tên gọi", "Cách đọc", "Kiểu (pandas)", "Tên cột nhận ra, ví dụ")
    lead = f"Cần có: {', '.join(needed)}. Ngày xếp kỳ: `{found.when}`."
    return f"{lead}\n\n{grid(head, rows)}"


def _name(table: Table, field: Field) -> str:
    own = f"col.{table.name}.{field.name}"
    return label(own if has_label(own) else f"col.{field.name}")


@cache
def _toml(name: str) -> dict[str, Any]:
    text = (files("cchc_analysis.sources") / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _headers(table: Table, field: Field) -> str:
    known = _toml("aliases.toml")[table.name].get(field.name, [])
    return "; ".join(known[:SHOWN])


def values() -> str:
    """The values that a column of a few values may have, and words of offices for them."""
    words = _toml("vocabulary.toml")
    rows = []
    for each in TABLES.values():
        for field in each.fields:
            listed = {**words.get("contains", {}).get(field.name, {}), **words.get(field.name, {})}
            for value in field.choices:
                spoken = [w for w in listed.get(value, []) if not w.isdecimal()][:SHOWN]
                rows.append(
                    [
                        f"`{each.name}`", f"`{field.name}`", f"`{value}`",
                        label(f"{field.name}.{value}"), "; ".join(spoken),
                    ]
                )  # fmt: skip
    return grid(("Bảng", "Trường", "Giá trị", "Ý nghĩa", "Chữ nhận ra, ví dụ"), rows)
