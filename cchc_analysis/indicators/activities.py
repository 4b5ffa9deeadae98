"""What the office did that no register holds: documents checked, training, inspections, meetings.

The office writes a row for each activity; what a kind is and by which words a row is of it is data
(:mod:`.activity_kinds`). A figure is the sum of the numbers of the rows of one kind whose day lies
in the period. A row without a number counts as 1, one of money not at all. Nothing is added that is
not of one unit, and nothing is left out in silence: a row of no known kind, in a unit that the kind
does not have, or of money without its sum is a *fault*, listed with its place and what mends it.

A register is written on and exported again. Of several exports that hold the same row – the same
day, content, kind, title and document – the newest one's counts, so that a corrected number
replaces the old one. A row that a newer export of the same register no longer has stays counted,
and is listed: it may have been corrected elsewhere, and would then be counted twice.

A period has figures as far as the exports' windows cover it: ``no_data`` where none does,
``incomplete_period`` where some of its days are not covered or a row of the kind is a fault,
``faulty`` where every row of the kind is. A sum that is not whole (money) has no numerator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..gaps import PARTIAL_EXPORT, overlaps
from ..sources.tables import CONTENTS
from ..store import windows
from ..words import fold, label, say
from . import activity_kinds
from .activity_kinds import Kind, Kinds
from .results import Described, Value
from .rows import ranked

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd

    from ..view import PeriodView

__all__ = ["COLUMNS", "Activities", "Fault", "describe", "described", "values"]

COLUMNS = ("date", "content", "kind", "title", "count", "unit", "people", "document", "file",
           "sheet", "row")  # fmt: skip
KEY = ("date", "content", "kind", "title", "document")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that stands in no sum, or may stand in one twice. ``what`` is ``set_aside``,
    ``unknown_kind``, ``other_unit``, ``no_amount`` or ``vanished``; ``content`` and ``kind`` are
    empty where they are not known.
    """

    file: str
    sheet: str
    row: int
    what: str
    text: str
    content: str = ""
    kind: str = ""


class Activities:
    """The activities of a period; made by ``q.activities``."""

    def __init__(self, q: PeriodView) -> None:
        self._q = q
        self._exports = [each.export for each in q.told("activities")]
        self._files = {export.id: export.receipt.file for export in self._exports}

    def __repr__(self) -> str:
        return self._q.said(label("table.activities"))

    @cached_property
    def kinds(self) -> Kinds:
        return activity_kinds.load(self._q.office.workspace)

    @cached_property
    def coverage(self) -> str:
        """``ok`` where exports cover every day of the period, ``incomplete_period`` where some,
        ``no_data`` where none.
        """
        start, end = self._q.start, self._q.end
        spans = windows(self._exports)
        if any(first <= start and end <= last for first, last in spans):
            return "ok"
        touched = any(first <= end and start <= last for first, last in spans)
        return "incomplete_period" if touched else "no_data"

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row an activity that stands in a sum, by day: ``date``, ``content`` (``I`` … ``VII``),
        ``kind`` (id), ``title``, ``count`` (exact, in the kind's ``unit``), ``people``,
        ``document`` and where it comes from (``file, sheet, row``).
        """
        import pandas as pd

        found = pd.DataFrame(self._sorted[0], columns=list(COLUMNS))
        kinds = {"date": "datetime64[us]", "people": "Int64", "row": "int64"}
        return found.astype(kinds).sort_values(["date", "file", "row"], ignore_index=True)

    @cached_property
    def by_content(self) -> dict[str, pd.DataFrame]:
        """The rows of each of the seven contents."""
        frame = self.rows
        return {
            content: frame[frame["content"] == content].reset_index(drop=True)
            for content in CONTENTS
        }

    @cached_property
    def faults(self) -> list[Fault]:
        """What stands in no sum, or may stand in one twice: of the period, and set aside in the
        exports that overlap it.
        """
        aside = [
            Fault(row.file, row.sheet, row.row, "set_aside", row.remedy)
            for export in self._exports
            if overlaps(export, self._q.start, self._q.end)
            for row in export.set_aside
        ]
        return [*aside, *self._sorted[1], *self._vanished()]

    def total(self, kind: str) -> Fraction:
        """The sum of a kind's numbers, in its unit."""
        from fractions import Fraction

        return sum((row["count"] for row in self._sorted[0] if row["kind"] == kind), Fraction(0))

    # -- from the store ---------------------------------------------------------------------

    @cached_property
    def _ranked(self) -> pd.DataFrame:
        """Every row known, with the ``key`` by which exports hold the same one."""
        frame = ranked(self._q, "activities")
        keys: Any = [tuple(_folded(row[name]) for name in KEY) for row in _records(frame)]
        return frame.assign(key=keys)

    @cached_property
    def _inside(self) -> pd.DataFrame:
        """The rows of the period, each as the export that counts most has it."""
        import pandas as pd

        frame = self._ranked
        if frame.empty:
            return frame
        days = pd.to_datetime(frame["date"])
        inside = (days >= pd.Timestamp(self._q.start)) & (days < pd.Timestamp(self._q.end) + DAY)
        newest = frame.groupby("key")["rank"].transform("max")
        return frame[inside & (frame["rank"] == newest)]

    @cached_property
    def _sorted(self) -> tuple[list[dict[str, Any]], list[Fault]]:
        """The rows that are added up, and the faults."""
        from fractions import Fraction

        rows, faults = [], []
        for row in _records(self._inside):
            kind = self.kinds.find(row["kind"])
            count = None if row["count"] is None else Fraction(str(row["count"]))
            unit = row["unit"] or ""
            counted = kind.counted(count, unit) if kind else None
            if kind is None or counted is None:
                faults.append(self._fault(row, kind, count is None or not unit))
                continue
            rows.append(
                {
                    "date": row["date"], "content": row["content"] or kind.content,
                    "kind": kind.id, "title": row["title"] or "", "count": counted,
                    "unit": kind.unit, "people": row["people"],
                    "document": row["document"] or "", "file": self._files[row["export"]],
                    "sheet": row["sheet"] or "", "row": row["row"],
                }
            )  # fmt: skip
        return rows, faults

    def _fault(self, row: dict[str, Any], kind: Kind | None, lacking: bool) -> Fault:
        content = row["content"] or (kind.content if kind else "")
        place = (self._files[row["export"]], row["sheet"] or "", int(row["row"]))
        if kind is None:
            return Fault(*place, "unknown_kind", say("activities.unknown_kind"), content)
        what = "no_amount" if kind.amount and lacking else "other_unit"
        text = say(f"activities.{what}", kind=kind.label, unit=kind.unit)
        return Fault(*place, what, text, content, kind.id)

    def _vanished(self) -> Iterator[Fault]:
        """Rows of the period that a newer export of the same register no longer has."""
        order = list(dict.fromkeys(self._ranked["export"]))
        for row in _records(self._inside):
            day = row["date"].date()
            for newer in order[order.index(row["export"]) + 1 :]:
                span = self._rewritten.get((row["export"], newer))
                if span is None or not span[0] <= day <= span[1]:
                    continue
                kind = self.kinds.find(row["kind"])
                yield Fault(
                    self._files[row["export"]], row["sheet"] or "", int(row["row"]), "vanished",
                    say("activities.vanished", file=self._files[newer]),
                    row["content"] or (kind.content if kind else ""), kind.id if kind else "",
                )  # fmt: skip
                break

    @cached_property
    def _rewritten(self) -> dict[tuple[str, str], tuple[dt.date, dt.date]]:
        """Pairs of an export and a newer one that is the same register written on: within its
        window, given here, it holds half of the older one's rows at least.
        """
        held = {str(id): set(part["key"]) for id, part in self._ranked.groupby("export")}
        order = list(dict.fromkeys(self._ranked["export"]))
        found = {}
        for newer in self._exports:
            first, last = newer.receipt.window_from, newer.receipt.window_to
            if newer.id not in held or first is None or last is None:
                continue
            for older in order[: order.index(newer.id)]:
                days = (first.isoformat(), last.isoformat())
                mine = {key for key in held[older] if days[0] <= key[0] <= days[1]}
                if len(mine & held[newer.id]) >= PARTIAL_EXPORT * max(1, len(mine)):
                    found[older, newer.id] = (first, last)
        return found


def _folded(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.date().isoformat() if isinstance(cell, dt.datetime) else fold(str(cell))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts; empty cells are None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


# -- the figures --------------------------------------------------------------------------------


def values(q: PeriodView) -> dict[str, Value]:
    """``activities.<kind>`` for every kind, and ``activities.<kind>.people`` for those whose
    people are added up: of the rows that say how many, null where rows are and none says it.
    """
    found = q.activities
    if found.coverage == "no_data":
        return {id: Value(None, None, None, "no_data") for id in described(q)}
    faulty = {fault.kind for fault in found.faults if fault.what in ("other_unit", "no_amount")}
    made = {}
    for kind in found.kinds.by_id.values():
        rows = found.rows[found.rows["kind"] == kind.id]
        status = "incomplete_period" if kind.id in faulty else found.coverage
        if kind.id in faulty and rows.empty:
            status = "faulty"
        made[f"activities.{kind.id}"] = _total(found.total(kind.id), status)
        if kind.people:
            made[f"activities.{kind.id}.people"] = _people(rows["people"], status)
    return made


def _total(total: Fraction, status: str) -> Value:
    if status == "faulty":
        return Value(None, None, None, status)
    if total.denominator == 1:
        return Value(int(total), None, int(total), status)
    return Value(None, None, float(total), status)


def _people(people: pd.Series, status: str) -> Value:
    if status == "faulty":
        return Value(None, None, None, status)
    if len(people) and people.isna().all():
        return Value(None, None, None, "no_data")
    n = int(people.sum())
    return Value(n, None, n, status)


def described(q: PeriodView) -> dict[str, Described]:
    """What each figure is called, counts in and means; a workspace's own kinds included."""
    return describe(q.activities.kinds)


def describe(kinds: Kinds) -> dict[str, Described]:
    """The same of ``kinds``; those that the package knows in the language spoken."""
    made = {}
    for kind in kinds.by_id.values():
        id = f"activities.{kind.id}"
        name = label(id) if kind.known else kind.label
        key = "definitions.activities.of_money" if kind.amount else "definitions.activities.of_kind"
        key = f"definitions.{id}" if kind.known else key
        made[id] = Described(name, kind.unit, say(key, kind=name, unit=kind.unit))
        if kind.people:
            made[f"{id}.people"] = Described(
                say("definitions.activities.people", kind=name), label("unit.people"),
                say("definitions.activities.of_people", kind=name),
            )  # fmt: skip
    return made
