"""What lies in a folder of briefs, read from the folder alone.

Each ``<unit>/<period>`` that holds a brief gives one :class:`Row`. All of it comes from two files
beside the documents: ``indicators.json`` has the figures, ``run.json`` the unit's name and whom
the brief is for; so a folder can be read on another machine, without the workspace. The headline
is said anew from the figures by the very function that says it in the brief: no sentence is
stored twice, and no free text but names can come through. A brief that cannot be read is a row
too, with what to do about it. Other folders are counted, and briefs that are not to be shared are
not shown.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import BriefError, CchcError, PeriodError, WorkspaceError
from ..indicators.results import STATUSES, Result
from ..period import Period
from ..phrases import about_rate
from ..privacy import scan
from ..words import label, order, say
from .document import legible

__all__ = ["STATES", "Row", "Shelf", "age", "read"]

# What a reader is told of a brief, the most pressing first (``state.*`` of the labels).
STATES = (
    "unreadable", "unbalanced", "not_met", "incomplete_period", "no_target", "no_data", "met",
)  # fmt: skip
DOCUMENTS = ("brief.html", "brief.pdf", "brief.docx", "brief.xlsx")
RECORD, FIGURES = "run.json", "indicators.json"
RATE, LATE, ALLOWED = (
    "dossiers.on_time_rate", "dossiers.resolved_late", "dossiers.late_allowance",
)  # fmt: skip
LARGEST = 10**12  # no office has as many dossiers
LONGEST = 200  # letters of a name


@dataclass(frozen=True)
class Row:
    """One brief. ``documents`` maps the names of those that exist to their addresses, relative to
    the folder of briefs; ``rate`` and ``late`` are None where the brief has none. ``headline`` is
    what the brief says first or, of one that is ``unreadable``, the remedy.
    """

    unit: str
    name: str
    parent: str
    period: Period
    state: str
    headline: str
    documents: dict[str, str]
    rate: Result | None = None
    late: int | None = None
    data_day: dt.date | None = None
    as_of: dt.date | None = None

    def as_dict(self) -> dict[str, Any]:
        rate = self.rate
        return {
            "unit": self.unit, "name": self.name, "parent": self.parent,
            "period": self.period.label, "cut": self.period.cut, "state": self.state,
            "numerator": rate.numerator if rate else None,
            "denominator": rate.denominator if rate else None,
            "value": rate.value if rate else None, "target": rate.target if rate else None,
            "resolved_late": self.late,
            "data_day": self.data_day.isoformat() if self.data_day else None,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "headline": self.headline, "documents": dict(self.documents),
        }  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """The briefs of a folder, the newest period first and units as a dictionary sorts them; how
    many folders are no briefs, and how many briefs are not to be shared.
    """

    rows: tuple[Row, ...]
    skipped: int
    internal: int


class _Internal(Exception):
    """A brief that is not for sharing."""


def read(folder: Path) -> Shelf:
    """The briefs below ``folder``. Raises :class:`WorkspaceError` where there is no such folder."""
    try:
        units = _folders(folder)
    except OSError:
        raise WorkspaceError(say("index.no_folder", folder=folder.name or ".")) from None
    rows: list[Row] = []
    skipped = internal = 0
    for unit in units:
        try:
            inside = [] if unit.name.startswith("_") or scan(unit.name) else _folders(unit)
        except OSError:
            inside = []
        before = len(rows) + internal
        others = 0
        for place in inside:
            period = _period(place)
            if period is None:
                others += 1
                continue
            try:
                rows.append(_row(place, period))
            except _Internal:
                internal += 1
        skipped += others if len(rows) + internal > before else 1
    return Shelf(tuple(sorted(rows, key=_place)), skipped, internal)


def _folders(folder: Path) -> list[Path]:
    """The folders directly in ``folder``, but for hidden ones and links, which lead elsewhere."""
    found = [
        Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)
    ]
    return sorted(path for path in found if not path.name.startswith("."))


def _place(row: Row) -> tuple[Any, ...]:
    return *(-n for n in age(row.period)), order(row.name), order(row.parent), row.unit


def age(period: Period) -> tuple[int, int, int]:
    """Sorts periods of any kind and cut from the oldest on, the longer of equals last."""
    return period.year, period.last, period.last - period.first


def _period(place: Path) -> Period | None:
    """The period whose brief lies in ``place``; None where none does."""
    try:
        period = Period.parse(place.name)
    except PeriodError:
        return None
    holds = any((place / name).is_file() for name in (RECORD, FIGURES, DOCUMENTS[0]))
    return period if period.label == place.name and holds else None


def _row(place: Path, period: Period) -> Row:
    unit = legible(os.fsencode(place.parent.name).decode("utf-8", "replace"))
    documents = {
        name: f"{quote(os.fsencode(place.parent.name))}/{quote(place.name)}/{name}"
        for name in DOCUMENTS
        if (place / name).is_file()
    }
    try:
        return _read_row(place, period, unit, documents)
    except CchcError as error:
        return Row(unit, unit, "", period, "unreadable", str(error), documents)


def _read_row(place: Path, period: Period, unit: str, documents: dict[str, str]) -> Row:
    record = _object(_json(place, RECORD, period), RECORD, period)
    made = _object(record.get("parameters"), RECORD, period)
    if made.get("audience") != "shared":
        raise _Internal if made.get("audience") == "internal" else _damaged(RECORD, period)
    if (made.get("unit"), made.get("period")) != (place.parent.name, period.label):
        raise BriefError(say("index.moved"))
    if made.get("cut") not in ("calendar", "reporting"):
        raise _damaged(RECORD, period)
    named = record.get("unit")  # a record of an older version has none
    named = named if isinstance(named, dict) else {}
    name, parent = _text(named.get("name")) or unit, _text(named.get("parent"))
    if any(scan(text) for text in (name, parent)):
        raise BriefError(say("index.personal", file=RECORD))
    row = Row(unit, name[:1].upper() + name[1:], parent, period, "unreadable", "", documents)
    try:
        rate, late, allowed = _figures(place, period)
    except BriefError as error:
        return replace(row, headline=str(error))
    return replace(
        row,
        period=period.recut(made["cut"]),
        state=_state(rate, record.get("identity_holds") is not False),
        headline=_headline(rate, late, allowed),
        rate=rate,
        late=late,
        data_day=_day(record.get("data_day"), period),
        as_of=_day(made.get("as_of"), period),
    )


def _state(rate: Result, balanced: bool) -> str:
    if not balanced:
        return "unbalanced"
    if rate.value is None:
        return "no_data"
    if rate.status == "incomplete_period":
        return "incomplete_period"
    return {True: "met", False: "not_met", None: "no_target"}[rate.met]


def _headline(rate: Result, late: int | None, allowed: int) -> str:
    if late is None or (rate.value is None and rate.status != "zero_denominator"):
        return label(f"figure.{rate.status}")
    said = about_rate(rate, late, target=rate.target, met=rate.met, allowed=allowed)
    return " ".join(said)


def _figures(place: Path, period: Period) -> tuple[Result, int | None, int]:
    """The rate, the late dossiers and how many of them the target bears."""
    found = _json(place, FIGURES, period)
    rows = {r.get("id"): r for r in _rows(found) if isinstance(r.get("id"), str)}
    try:
        rate = Result.from_dict(rows[RATE])
        late, allowed = rows[LATE]["value"], rows[ALLOWED]["value"]
    except (KeyError, TypeError):
        raise _damaged(FIGURES, period) from None
    counts = (rate.numerator, rate.denominator, late, allowed)
    shares = (rate.value, rate.target)
    sound = (
        all(n is None or (type(n) in (int, float) and 0 <= n < LARGEST) for n in counts)
        and all(n is None or n == int(n) for n in counts)
        and all(s is None or (type(s) in (int, float) and 0 <= s <= 1) for s in shares)
        and (rate.value is None or 0 <= _whole(rate.numerator) <= _whole(rate.denominator) > 0)
        and rate.met in (True, False, None)
        and rate.status in STATUSES
        and (rate.period == period.label)
    )
    if not sound:
        raise _damaged(FIGURES, period)
    return rate, None if late is None else int(late), int(allowed or 0)


def _whole(count: int | None) -> int:
    return -1 if count is None else int(count)


def _rows(found: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, list):
        yield from (row for row in found if isinstance(row, dict))


def _json(place: Path, name: str, period: Period) -> Any:
    try:
        return json.loads((place / name).read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise BriefError(say("index.missing", file=name, period=period.label)) from None
    except (OSError, ValueError, RecursionError):
        raise _damaged(name, period) from None


def _no_number(text: str) -> float:
    raise ValueError(text)


def _object(found: Any, name: str, period: Period) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _damaged(name, period)
    return found


def _damaged(name: str, period: Period) -> BriefError:
    return BriefError(say("index.damaged", file=name, period=period.label))


def _text(found: Any) -> str:
    return " ".join(legible(found).split())[:LONGEST] if isinstance(found, str) else ""


def _day(found: Any, period: Period) -> dt.date | None:
    if not found:
        return None
    try:
        return dt.date.fromisoformat(found)
    except (TypeError, ValueError):
        raise _damaged(RECORD, period) from None
