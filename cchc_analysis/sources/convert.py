"""A column of cells to a column of a frame.

Most cells of a column are of one kind or repeat a few words, so whole columns are converted at
once: dates that already are dates go straight through, and each distinct text is looked at once
and not once a row. What could not be read is reported by position, never by value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..privacy import redact
from ..words import fold
from . import values
from .values import UNREADABLE
from .vocabulary import UNKNOWN, bare_day, choice, flag, is_not_yet, is_same_day

if TYPE_CHECKING:
    import numpy as np

    from .tables import Field

__all__ = ["Converted", "Reading", "convert"]

Cell = Any
ENDS = ("finished_at", "returned_at", "left_at", "done_on", "supplement_completed_at")
"""Days on which something ended; a word like "not yet" leaves them empty."""
DUES = ("due_at", "due_at_revised", "due_on")
"""Days by which something is to end."""
MICROSECONDS = 1_000_000
DAY = 86_400  # seconds


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are to be read."""

    zone: ZoneInfo
    dayfirst: bool = True
    epoch_1904: bool = False
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    """A mapping's own words, folded, by field."""


@dataclass
class Converted:
    """A column as a list or array, with the positions of what could not be read."""

    values: Any
    unreadable: list[int] = field(default_factory=list)
    same_day: list[int] = field(default_factory=list)
    """Where a due date says "Trong ngày"."""


def convert(of: Field, cells: Sequence[Cell], reading: Reading) -> Converted:
    """The cells of one column, read as its field's kind."""
    own = reading.words.get(of.name)
    if of.kind == "moment":
        kind = "end" if of.name in ENDS else "due" if of.name in DUES else ""
        return _moments(cells, reading, own, values.moment, kind)
    if of.kind == "month":
        return _moments(cells, reading, own, values.month)
    if of.kind == "code":
        return _codes(cells)
    if of.kind in ("text", "free", "label"):
        return _texts(cells, of.kind, own)
    if of.kind == "choice":
        return _chosen(cells, lambda word: choice(of.name, word, own))
    if of.kind == "flag":
        return _flags(cells, own)
    return _numbers(cells, of.kind)


def _each(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> list[Any]:
    """``read`` of each cell, called once for each distinct one."""
    try:
        known = {cell: read(cell) for cell in set(cells)}
    except TypeError:  # a cell that cannot be hashed
        return [read(cell) for cell in cells]
    if len(set(map(type, cells))) > 1 and any(isinstance(c, bool) for c in known):
        return [read(cell) for cell in cells]  # True and 1 are one key, but not one cell
    return list(map(known.__getitem__, cells))


def _moments(
    cells: Sequence[Cell],
    reading: Reading,
    own: dict[str, str] | None,
    read: Callable[..., Any],
    kind: str = "",
) -> Converted:
    import pandas as pd

    if year_last(cells):
        cells = [c.replace("-", "/") if _is_dashed(c) else c for c in cells]

    plain_dates = read is values.moment

    def usual(cell: dt.datetime) -> bool:
        return plain_dates and cell.tzinfo is None and 1970 < cell.year < 9999

    moments: list[Any] = [
        cell if type(cell) is dt.datetime and usual(cell) else None for cell in cells
    ]
    unreadable: list[int] = []
    same_day: list[int] = []
    known: dict[tuple[type, Cell], Any] = {}
    for i, cell in enumerate(cells):
        if moments[i] is not None or cell is None or cell == "":
            continue
        key = (type(cell), cell)
        if key not in known:
            known[key] = _moment(cell, reading, own, read)
            if known[key] is UNREADABLE and isinstance(cell, str) and read is values.moment:
                known[key] = _among_words(cell, kind, reading)
        made = known[key]
        if made == "same day":
            same_day.append(i)
        elif made is UNREADABLE:
            unreadable.append(i)
        else:
            moments[i] = made
    stamps = pd.DatetimeIndex(moments).as_unit("us").to_numpy()
    return Converted(_whole_seconds(stamps), unreadable, same_day)


def _moment(
    cell: Cell, reading: Reading, own: dict[str, str] | None, read: Callable[..., Any]
) -> Any:
    if isinstance(cell, str):
        if own and (mapped := own.get(fold(cell))) is not None:
            cell = mapped
        if is_same_day(cell):
            return "same day"
    return read(cell, dayfirst=reading.dayfirst, zone=reading.zone, epoch_1904=reading.epoch_1904)


def _among_words(cell: str, kind: str, reading: Reading) -> Any:
    """The day among words that say nothing else; None for one that is still to come."""
    spoken = values.text(cell) or ""
    if kind == "end" and is_not_yet(spoken):
        return None
    alone = bare_day(spoken, kind)
    return UNREADABLE if alone is None else _moment(alone, reading, None, values.moment)


_DASHED = re.compile(r"\s*(\d{1,2})-(\d{1,2})-(\d{2})(?:\s+\d{1,2}[:h]\d{2}(?::\d{2})?)?\s*")


def _is_dashed(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_DASHED.fullmatch(cell))


def year_last(cells: Sequence[Cell]) -> bool:
    """Whether in days like 5-7-24, which might begin with their year, it stands at the end: there
    it may be one of our time in each of them, and in front not in all.

    >>> year_last(["5-7-24", "20-07-24"]), year_last(["24-07-05"]), year_last(["20-07-24"])
    (True, False, False)
    """
    days = [m for c in cells if isinstance(c, str) and "-" in c and (m := _DASHED.fullmatch(c))]
    ours = range(2015 - 2000, 2041 - 2000)
    return (
        bool(days)
        and all(int(m[3]) in ours for m in days)
        and not all(int(m[1]) in ours and len(m[1]) == 2 for m in days)
    )


def _whole_seconds(stamps: np.ndarray) -> np.ndarray:
    """Moments within a millisecond of a second are that second (Excel keeps fractions of days), but
    the end of a day is never the next.
    """
    import numpy as np

    ticks = stamps.astype("int64")
    rest = ticks % MICROSECONDS
    near = ((rest > 0) & (rest <= 1000)) | (rest >= MICROSECONDS - 1000)
    near &= ~np.isnat(stamps)
    last = (ticks // MICROSECONDS % DAY == DAY - 1) & (rest >= MICROSECONDS - 1000)
    ticks = np.where(near & last, ticks - rest, ticks)
    if near.any():
        ticks = np.where(near, (ticks + MICROSECONDS // 2) // MICROSECONDS * MICROSECONDS, ticks)
        return ticks.astype("datetime64[us]")
    return stamps


def _codes(cells: Sequence[Cell]) -> Converted:
    made = [values.code(cell) for cell in cells]
    whole = [
        values.code(cell, alone=False)
        if isinstance(cell, str) and (" " in cell or "\n" in cell)
        else code
        for cell, code in zip(cells, made, strict=True)
    ]
    if whole != made and len(set(whole)) > len(set(made)):  # what was left out told them apart
        made = whole
    unreadable = [i for i, code in enumerate(made) if code is UNREADABLE]
    for i in unreadable:
        made[i] = None
    return Converted(made, unreadable)


def _texts(cells: Sequence[Cell], kind: str, own: dict[str, str] | None) -> Converted:
    def read(cell: Cell) -> str | None:
        if isinstance(cell, dt.datetime | dt.date):
            return f"{cell:%d/%m/%Y}"
        if kind == "label" and isinstance(cell, float) and not cell.is_integer():
            return f"{cell:.6f}"  # a procedure's code that Excel took for a number
        spoken = values.text(cell)
        if spoken is None or values.is_error(spoken):
            return None
        if own:
            spoken = own.get(fold(spoken), spoken) or None
        return redact(spoken) if spoken and kind == "free" else spoken

    return Converted(_each(cells, read))


def _chosen(cells: Sequence[Cell], look_up: Callable[[str], Any]) -> Converted:
    def read(cell: Cell) -> Any:
        spoken = values.text(cell)
        return None if spoken is None else look_up(spoken)

    made = _each(cells, read)
    unknown = [i for i, value in enumerate(made) if value == UNKNOWN]
    for i in unknown:
        made[i] = None
    return Converted(made, unknown)


def _flags(cells: Sequence[Cell], own: dict[str, str] | None) -> Converted:
    """Where only yes is ever marked, an empty cell is a no; else it is not known."""
    converted = _chosen(cells, lambda word: flag(word, own))
    made = converted.values
    if False not in made:
        unread = set(converted.unreadable)
        converted.values = [
            False if value is None and i not in unread else value for i, value in enumerate(made)
        ]
    return converted


def _numbers(cells: Sequence[Cell], kind: str) -> Converted:
    made = _each(cells, values.number)
    unreadable = [i for i, value in enumerate(made) if value is UNREADABLE]
    if kind == "count":
        unreadable += [
            i
            for i, value in enumerate(made)
            if isinstance(value, float) and (value < 0 or not value.is_integer())
        ]
    for i in unreadable:
        made[i] = None
    if kind == "count":
        return Converted([None if value is None else int(value) for value in made], unreadable)
    if kind == "percent":
        bare = [i for i, cell in enumerate(cells) if "%" not in str(cell) and made[i] is not None]
        if bare and max(made[i] for i in bare) <= 1 and any(made[i] > 0 for i in bare):
            for i in bare:  # shares, which Excel shows as percents
                made[i] *= 100
    return Converted(made, unreadable)
