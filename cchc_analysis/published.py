"""What shared briefs of a unit have shown, as ``internal/published/<unit>.jsonl`` remembers it.

The file stays in the workspace and is only ever added to. A line is a table of one brief: the days
that it counts over, the rows shown and the rows hidden.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .atomic import left_over, put, remove
from .errors import StoreError
from .words import say

if TYPE_CHECKING:
    from .view import PeriodView

__all__ = ["DAY", "Shown", "Span", "add", "inside", "known_to", "ledger",
           "near", "overlap", "pieces"]  # fmt: skip

DAY = dt.timedelta(days=1)
Span = tuple[dt.date, dt.date]
Numbers = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Shown:
    """Rows that a brief has shown and those that it has hidden: ``paper`` is ``period``, ``year``
    or ``groups``, ``known`` tells what the brief was made from, ``numbers`` how many stood behind
    each row of ``groups``.
    """

    paper: str
    span: Span
    by: str
    keys: frozenset[str]
    hidden: frozenset[str] = frozenset()
    known: str = ""
    numbers: Numbers = ()


def ledger(workspace: Path, unit: str) -> Path:
    """Where it is remembered what has been shown; only ever added to."""
    return workspace / "internal" / "published" / f"{unit}.jsonl"


def known_to(q: PeriodView) -> list[Shown]:
    """What had been shown when ``q`` first asked."""
    return _read(q.ledger, ledger(q.office.workspace, q.office.unit.slug))


def _read(content: bytes, file: Path) -> list[Shown]:
    """What the ledger says; a last line that was cut off was never followed by a brief.

    Raises :class:`StoreError` for a line that cannot be read: what has been shown is not known.
    """
    found = []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            row = json.loads(line)
            span = (dt.date.fromisoformat(row["from"]), dt.date.fromisoformat(row["to"]))
            keys, hidden = frozenset(row["keys"]), frozenset(row.get("hidden", ()))
            numbers = tuple(
                sorted((k, tuple(map(int, n))) for k, n in row.get("numbers", {}).items())
            )
            known = row.get("known", "")
            found.append(Shown(row["paper"], span, row["by"], keys, hidden, known, numbers))
        except (ValueError, KeyError, TypeError, AttributeError):
            shown = file.relative_to(file.parents[2]).as_posix()
            raise StoreError(say("privacy.damaged_ledger", file=shown, line=number)) from None
    return found


def add(q: PeriodView, tables: Iterable[Shown]) -> None:
    """Notes the tables of a brief of ``q``, each once. Raises :class:`WorkspaceError`."""
    file = ledger(q.office.workspace, q.office.unit.slug)
    held = file.read_bytes() if file.exists() else b""
    before = set(_read(held, file))
    lines = [_line(q, shown) for shown in tables if shown not in before]
    for cut_off in left_over(file):
        remove(cut_off)
    if lines:
        put(file, held[: held.rfind(b"\n") + 1] + "".join(lines).encode("utf-8"))


def _line(q: PeriodView, shown: Shown) -> str:
    start, end = shown.span
    row = {"paper": shown.paper, "from": start.isoformat(), "to": end.isoformat(), "by": shown.by,
           "keys": sorted(shown.keys), "hidden": sorted(shown.hidden), "known": shown.known,
           "period": q.period.label, "cut": q.period.cut,
           **({"numbers": dict(shown.numbers)} if shown.numbers else {})}  # fmt: skip
    return json.dumps(row, ensure_ascii=False) + "\n"


def near(spans: Iterable[Span], tables: Iterable[Shown]) -> list[Shown]:
    """Those of ``tables`` that speak of days of ``spans``, or of days that such a table does."""
    rest, reached, found = list(tables), list(spans), list[Shown]()
    while True:
        more = [s for s in rest if any(overlap(s.span, span) for span in reached)]
        if not more:
            return list(dict.fromkeys(found))
        found += more
        reached += [shown.span for shown in more]
        rest = [shown for shown in rest if shown not in more]


def overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def pieces(spans: Collection[Span]) -> list[Span]:
    """The days between any two bounds of ``spans``, in order."""
    days = sorted({day for start, end in spans for day in (start, end + DAY)})
    return [(start, after - DAY) for start, after in pairwise(days)]


def inside(parts: Sequence[Span], span: Span) -> list[Span]:
    """Those of ``parts`` that lie within ``span``."""
    return [(start, end) for start, end in parts if span[0] <= start and end <= span[1]]
