"""One page over all briefs of a folder: units by periods, and each brief with what it says first.

``index.html`` is one file like a brief: no request to anywhere, all rows there without a script. A
small inline script, the only one its policy lets run, adds search by name with or without accents,
filters and sorting. Addresses are relative, so that the folder can be moved or zipped as a whole.
Nothing on the page comes from the clock: equal folders make equal pages.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from markupsafe import Markup

from .. import leaks
from ..atomic import cannot_write
from ..errors import BriefError, DataError
from ..period import Kind, Period
from ..phrases import mark, value_text
from ..words import date, inside, label, number, order, say
from .html import page, part
from .shelf import STATES, Row, Shelf, age, read

__all__ = ["FILE", "render", "summary", "write"]

FILE = "index.html"
OURS = '<meta name="generator" content="cchc index">'
KINDS: tuple[Kind, ...] = ("quarter", "half", "nine_months", "year", "month")
SHAPES = {
    "met": "✓", "not_met": "✗", "incomplete_period": "◐", "unbalanced": "≠", "no_target": "–",
    "no_data": "…", "unreadable": "!",
}  # fmt: skip
TONES = {"met": "met", "not_met": "not_met", "unbalanced": "not_met", "unreadable": "not_met"}


def write(folder: Path, *, force: bool = False) -> tuple[Path, Shelf]:
    """Writes the page into ``folder``; returns where it lies and what it lists.

    Raises :class:`WorkspaceError` where there is no such folder, :class:`DataError` where it has no
    brief, :class:`BriefError` rather than replace an ``index.html`` that somebody else made, and
    :class:`LeakError` where something on the page looks personal or is a path of this machine.
    """
    shelf = read(folder)
    name = folder.resolve().name
    if not shelf.rows:
        raise DataError(say("index.nothing", folder=name, skipped=shelf.skipped + shelf.internal))
    path = folder / FILE
    if not force and path.exists() and OURS not in _start(path):
        raise BriefError(say("index.foreign", folder=name, file=FILE))
    text = render(shelf)
    watch = leaks.Watch(paths=leaks.machine(folder))
    leaks.stop(leaks.search([(FILE, text.encode())], watch))
    beside = folder / f".{FILE}-{secrets.token_hex(4)}"
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise cannot_write(folder, error) from None
    finally:
        beside.unlink(missing_ok=True)
    return path, shelf


def _start(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(2000)
    except OSError:
        return ""


def summary(shelf: Shelf) -> str:
    """One line on what was listed and what was not."""
    return say(
        "index.done", briefs=number(len(shelf.rows)), units=number(_units(shelf)),
        skipped=number(shelf.skipped), internal=number(shelf.internal),
        unreadable=number(sum(row.state == "unreadable" for row in shelf.rows)),
    )  # fmt: skip


def render(shelf: Shelf) -> str:
    """The page."""
    script = part("index.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    periods = _periods(shelf.rows)
    ranks = {unit: rank for rank, (unit, _, _) in enumerate(_named(shelf.rows))}
    return page(
        "index.html.j2",
        style="index.css",
        title=say("index.title"),
        generator=Markup(OURS),
        script=Markup(script),
        digest=digest,
        facts=_facts(shelf, periods),
        skipped=_skipped(shelf),
        matrices=[m for kind in KINDS if (m := _matrix(shelf.rows, kind))],
        groups=[_group(shelf.rows, period, ranks) for period in periods],
        periods=[{"label": p.label, "title": p.title} for p in periods],
        states=[
            {"id": state, "text": label(f"state.{state}")}
            for state in STATES
            if any(row.state == state for row in shelf.rows)
        ],
    )


def _facts(shelf: Shelf, periods: Sequence[Period]) -> str:
    ends = sorted(periods, key=age)
    key = "index.facts" if len(periods) > 1 else "index.facts_one"
    return say(
        key, briefs=number(len(shelf.rows)), units=number(_units(shelf)),
        first=inside(ends[0].title), last=inside(ends[-1].title),
    )  # fmt: skip


def _skipped(shelf: Shelf) -> str:
    if not shelf.skipped + shelf.internal:
        return ""
    return say("index.skipped", skipped=number(shelf.skipped), internal=number(shelf.internal))


def _units(shelf: Shelf) -> int:
    return len({row.unit for row in shelf.rows})


def _periods(rows: Sequence[Row]) -> list[Period]:
    """Each label once, the newest first."""
    return list({row.period.label: row.period for row in rows}.values())


def _named(rows: Sequence[Row]) -> list[tuple[str, str, str]]:
    """Each unit with the name and the authority above of its newest brief that can be read."""
    newest: dict[str, Row] = {}
    for row in rows:
        if row.unit not in newest or newest[row.unit].state == "unreadable":
            newest[row.unit] = row
    units = [(unit, row.name, row.parent) for unit, row in newest.items()]
    return sorted(units, key=lambda u: (order(u[1]), order(u[2]), u[0]))


def _matrix(rows: Sequence[Row], kind: Kind) -> dict[str, Any] | None:
    """Units by periods of one kind; None where there is none."""
    assert kind in get_args(Kind)
    rows = [row for row in rows if row.period.kind == kind]
    if not rows:
        return None
    periods = [period.label for period in _periods(rows)]
    cells = {(row.unit, row.period.label): row for row in rows}
    lines = []
    for unit, name, parent in _named(rows):
        found = [cells.get((unit, label)) for label in periods]
        lines.append({"name": name, "parent": parent, "cells": [c and _cell(c) for c in found]})
    title = say(f"index.matrix_{kind}")
    return {
        "id": f"by-{kind}",
        "title": title,
        "caption": say("index.caption_matrix", kind=inside(title)),
        "periods": [{"label": p.label, "title": p.title} for p in _periods(rows)],
        "lines": lines,
    }


def _cell(row: Row) -> dict[str, Any]:
    """What both the matrix and the list say of a brief."""
    rate = row.rate
    counted = rate is not None and rate.value is not None
    return {
        "period": row.period.label,
        "state": row.state,
        "tone": TONES.get(row.state, "cannot_tell"),
        "shape": SHAPES[row.state],
        "text": label(f"state.{row.state}"),
        "rate": value_text(rate, True) if counted else mark("no_data"),
        "ratio": f"{number(rate.numerator or 0)}/{number(rate.denominator or 0)}"
        if rate is not None and counted
        else "",
        "late": mark("no_data") if row.late is None else number(row.late),
        "href": next(iter(row.documents.values()), ""),
    }


def _group(rows: Sequence[Row], period: Period, ranks: dict[str, int]) -> dict[str, Any]:
    """The briefs of one period."""
    return {
        "id": f"p-{period.label}",
        "label": period.label,
        "title": period.title,
        "caption": say("index.caption_list", period=inside(period.title)),
        "rows": [_line(r, ranks[r.unit]) for r in rows if r.period.label == period.label],
    }


def _line(row: Row, rank: int) -> dict[str, Any]:
    remarks = []
    if row.period.cut == "reporting":
        remarks.append(say("index.reporting_cut"))
    if row.as_of:
        remarks.append(say("index.as_of", day=date(row.as_of)))
    if row.data_day:
        remarks.append(say("briefs.data_day", day=date(row.data_day)))
    rate = row.rate.value if row.rate and row.rate.value is not None else ""
    late = "" if row.late is None else row.late
    keys = (rank, STATES.index(row.state), rate, late)
    return {
        **_cell(row),
        "name": row.name,
        "parent": row.parent,
        "remarks": remarks,
        "headline": row.headline,
        "keys": ";".join(str(key) for key in keys),
        "documents": [
            {"href": href, "text": name.rpartition(".")[2].upper()}
            for name, href in row.documents.items()
        ],
    }
