"""The plan that ``cchc init`` gives a unit to begin with.

It is the shipped plan of another commune under the unit's own name: without that commune's superior
and successor, without the slips of its printed plan, without the targets that contradict those that
govern. Nobody has held it against the unit's plan, so nothing in it is verified, and the place of a
target says that it is a sample. What is left is a plan to correct line by line, and each file says
how: a comment for every
key, lines above the head of every table. Tables are written as Excel in Vietnam opens them by a
double click: semicolons, a mark for UTF-8, percentages with a comma.
"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

from .. import plan as plans
from ..planfile import COMMENT, toml_text
from ..words import goal, say

__all__ = ["adopt"]

_NOT_YET = ("valid_from", "valid_to", "successor")  # keys of a unit that most do not need
_SHARES = {"targets.csv": "value", "indicators.csv": "goal"}
_KEY = re.compile(r"(?P<key>\w+) = (?P<value>\"[^\"]*\"|[^#]*?)(?P<comment>\s+#.*)?")


def adopt(folder: Path, name: str) -> None:
    """Makes ``folder``, a copy of the shipped ``data/plans/<unit>``, the plan of the unit ``name``.
    Raises ``OSError`` where a file cannot be written.
    """
    name = name.strip()
    kind = _kind(name)
    _name(folder / "unit.toml", name, kind)
    workspace = folder.parents[2]
    for year in sorted(path for path in folder.iterdir() if path.is_dir()):
        plan = plans.load(workspace, folder.name, int(year.name))
        title = say("workspace.plan_title", year=year.name, authority=plan.unit.authority)
        values: dict[str, object] = {"title": title, "issued_by": plan.unit.authority, "issued": ""}
        head = (year / "plan.toml").read_text(encoding="utf-8").partition("[[")[0]
        lines = head.rstrip().splitlines()
        while lines[-1].startswith("#"):  # what introduces the slips
            lines.pop()
        _write(year / "plan.toml", [_set(line, values) for line in lines])
        lost = {other.id for _, other in plan.conflicts()}
        for file in ("targets.csv", "tasks.csv", "indicators.csv"):
            _table(year / file, lost if file == "targets.csv" else set(), kind)


def _kind(name: str) -> str:
    """What kind of unit a name says it is: xã, phường …; empty where it does not."""
    kinds = say("workspace.kinds").split("|")
    return next((kind for kind in kinds if name.lower().startswith(kind + " ")), "")


def _of_kind(text: str, kind: str) -> str:
    """``text`` of the shipped plan, a xã's, as a unit of another kind has it."""
    return re.sub(say("workspace.shipped_kind"), kind, text) if kind else text


def _name(path: Path, name: str, kind: str) -> None:
    """Puts the unit's own name into a copy of ``unit.toml``; what is not known of another commune
    (its superior, its successor) is left for the analyst to fill in.
    """
    authority = f"UBND {name}" if kind else name
    values: dict[str, object] = {
        "name": name, "authority": authority, "parent": "", "place": name[len(kind) :].strip(),
        "title_names": [authority.upper(), name], "verified": False,
    }  # fmt: skip
    lines = []
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        section = line.strip() if line.startswith("[") else section
        if section == "[unit]" and line.startswith(_NOT_YET):
            line = f"# {line}"
        is_text = section == "[document]" and not line.startswith("#")
        line = _set(line, values) if section == "[unit]" else line
        lines.append(_of_kind(line, kind) if is_text else line)
    _write(path, lines)


def _set(line: str, values: dict[str, object]) -> str:
    """The line of a key with another value and its comment, any other line as it is."""
    found = _KEY.fullmatch(line)
    if found is None or found["key"] not in values:
        return line
    value = values[found["key"]]
    if isinstance(value, list):
        shown = f"[{', '.join(map(toml_text, value))}]"
    else:
        shown = str(value).lower() if isinstance(value, bool) else toml_text(str(value))
    return f"{found['key']} = {shown}{found['comment'] or ''}"


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")


def _table(path: Path, lost: set[str], kind: str) -> None:
    """A table without the rows ``lost``, as Excel in Vietnam opens it, with what to know above."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    new = {"verified": "no", "where": say("workspace.sample_where"), "quote": "", "note": ""}
    share = head.index(_SHARES[path.name]) if path.name in _SHARES else None
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in say(f"workspace.{path.stem}_help").splitlines():
        writer.writerow([f"{COMMENT} {line}"])
    writer.writerow(head)
    for row in rows:
        if row[0] in lost:
            continue
        cells = dict(zip(head, row, strict=True))
        row = [_of_kind(new.get(name, cell), kind) for name, cell in cells.items()]
        if share is not None and row[share] and row[head.index("unit")] != "count":
            row[share] = goal(Decimal(row[share]))
        writer.writerow(row)
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
