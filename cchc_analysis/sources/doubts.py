"""What a register says that can hardly be meant so.

Nothing of it is changed or left out: the figures are those of the file, and whoever takes it in is
told what to look at. Only a column of codes that are people's own numbers is refused.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..errors import ColumnsError
from ..words import say
from . import titles
from .headers import Body, Header
from .heading import is_personal
from .rows import Part
from .sheets import Grid
from .tables import message
from .values import national_day, text
from .vocabulary import partial, plain, squash, unit_headers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DOUBTED", "ENDS", "doubts", "refuse_people"]

Bodies = Sequence[tuple[Grid, Header, Body]]
DOUBTED = ("dossiers", "feedback", "digital", "tasks", "survey")  # that may hold the rows of others
FAR = dt.timedelta(days=366)
FEW = 5
WHOLE = 100  # per cent
ENOUGH = 500  # codes that tell of all
BODIES = (" doi", " doan")  # "xã đội", "xã Đoàn": no communes, folded
ENDS = ("finished_at", "returned_at")
# A citizen's number begins with a province's (001 to 096) and the century of birth; a telephone's
# with 03 to 09.
_CITIZEN = re.compile(r"(?:HS-?)?0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}")
_PHONE = re.compile(r"(?:HS-?)?(0[35789]\d\d)\d{6}")
RISING = 0.8  # of the pairs of codes that follow one another, where the codes are counted


def refuse_people(parts: Sequence[Part], file: str) -> None:
    """Raises :class:`ColumnsError` where most codes are citizens' or telephone numbers."""
    for part in parts:
        codes = [code for code in part.codes() if isinstance(code, str)]
        some = codes[:: max(1, len(codes) // ENOUGH)]
        if 3 * sum(bool(_CITIZEN.fullmatch(c) or _PHONE.fullmatch(c)) for c in some) < len(some):
            continue
        phones = [found[1] for code in codes if (found := _PHONE.fullmatch(code))]
        counted = 2 * len(set(phones)) < len(phones)  # MMYY and a number: few begin so
        own = sum(bool(_CITIZEN.fullmatch(code)) for code in codes)
        own += 0 if counted else len(phones)
        rising = sum(a < b for a, b in pairwise(codes))
        if own >= FEW and 2 * own > len(codes) and rising < RISING * (len(codes) - 1):
            column = part.fields["code"].label
            raise ColumnsError(say("sources.code_of_people", file=file, column=column))


def doubts(
    parts: Sequence[Part],
    bodies: Bodies,
    frame: pd.DataFrame,
    window: tuple[dt.date, dt.date] | None,
    unit: Any,
) -> Iterator[str]:
    """Sentences on the file; ``frame`` are its accepted rows, ``window`` the days it states."""
    yield from _other_units(bodies, unit)
    table = parts[0].table.name
    if table == "feedback":
        yield from _empty(parts, frame)
    if table == "tasks":
        yield from _undated(parts, frame)
    if table != "dossiers":
        return
    for part in parts:
        yield from _odd_days(part)
    some = [*_part_of_all(bodies, frame)] if len(frame) >= FEW else []
    yield from some
    if not some:
        yield from _empty(parts, frame)
    if len(frame) >= FEW and not some and window is not None and not _inside(frame, window):
        yield say("sources.window_outside")


def _odd_days(part: Part) -> Iterator[str]:
    received, due = part.frame["received_at"], part.frame["due_at"]
    days = received.dt.normalize()
    odd = (due < days) | (due > days + FAR)
    apart = (received - received.median()).abs() > FAR / 2  # what most say is right
    codes = part.frame["code"]
    far = [
        i
        for i in apart[apart].index
        if isinstance(codes[i], str)
        and isinstance(day := national_day(codes[i]), dt.date)
        and abs(received[i].date() - day) > FAR
    ]
    for key, positions in (("odd_due", odd[odd].index.tolist()), ("odd_code_day", far)):
        if rows := part.listed(positions):
            yield say(f"sources.{key}", rows=rows)


def _other_units(bodies: Bodies, unit: Any) -> Iterator[str]:
    """Whether a column of units names others, or a sheet or a heading among the rows does."""
    own = [*unit.title_names, unit.name]
    for grid, header, rows in bodies:
        named = [line for line in (grid.sheet, *titles.lines(rows.other)) if line]
        if any(_is_other(line, own) for line in named):
            yield say("sources.groups_of_others", sheet=grid.sheet, unit=unit.name)
        for column in header.columns:
            if squash(column.header) not in unit_headers() or is_personal(column):
                continue
            i = column.index
            cells = [text(r[i]) for r in map(grid.rows.__getitem__, rows.rows) if i < len(r)]
            others = {c for c in set(cells) if c and _is_other(c, own)}
            if count := sum(cell in others for cell in cells):
                key = message("rows_of_others", header.matched.table.name)
                yield say(key, column=column.label, count=count, unit=unit.name)


def _is_other(text: str, own: Sequence[str]) -> bool:
    """Whether a text names another commune, and not ours with more behind it."""
    said = plain(text)
    if any(f" {plain(name)} " in f" {said} " for name in own):
        return False
    return titles.other_unit([text], own) is not None and not said.endswith(BODIES)


def _empty(parts: Sequence[Part], frame: pd.DataFrame) -> Iterator[str]:
    """Columns of days in which there is none."""
    known = {name: column.label for part in parts for name, column in part.fields.items()}
    table = parts[0].table.name
    if len(frame) < FEW:
        return
    if "due_at" in known and frame["due_at"].isna().all():
        yield say(message("empty_due", table), column=known["due_at"])
    ends = [name for name in ENDS if name in known]
    states = frame.get("status")
    over = states is None or (states.isna() | states.isin(["resolved", "handed_over"])).any()
    if ends and frame[ends].isna().all(axis=None) and over:
        columns = ", ".join(f"“{known[name]}”" for name in ends)
        yield say(message("empty_end", table), columns=columns)


def _undated(parts: Sequence[Part], frame: pd.DataFrame) -> Iterator[str]:
    """Whether no task of a tracker has the day on which it was done, though some are."""
    column = next((p.fields["done_on"].label for p in parts if "done_on" in p.fields), None)
    if frame.empty or frame["done_on"].notna().any():
        return
    if column is None:
        yield say("sources.no_end_tasks")
    elif count := int((frame["percent"] >= WHOLE).sum()):
        yield say("sources.empty_end_tasks", column=column, count=count)


def _part_of_all(bodies: Bodies, frame: pd.DataFrame) -> Iterator[str]:
    """Whether a title says that only dossiers of one kind are listed, and they are."""
    ended = (frame["finished_at"].notna() | frame["returned_at"].notna()).to_numpy()
    lines = [
        line
        for grid, header, _ in bodies
        for line in (grid.sheet, *titles.lines(grid.rows[header.first : header.top]))
    ]
    ends = frame["finished_at"].fillna(frame["returned_at"]).dt.normalize()
    late = (ends > frame["due_at"].dt.normalize()).to_numpy(bool)
    for kind, holds in (("late", late.all()), ("done", ended.all()), ("open", not ended.any())):
        if holds and any(_says_only(line, kind) for line in lines):
            yield say(f"sources.only_{kind}")
            return


def _says_only(line: str, kind: str) -> bool:
    """Whether a title names dossiers of one kind, and neither those received nor of another."""
    said = f" {plain(line)} "
    if not any(said.startswith(f" {word} ") for word in partial("begins")):
        return False
    named = {k for k in ("late", "done", "open") if any(f" {w} " in said for w in partial(k))}
    meant = named == {kind} or (kind == "open" and named == {"late"})
    return meant and not any(f" {word} " in said for word in partial("all"))


def _inside(frame: pd.DataFrame, window: tuple[dt.date, dt.date]) -> bool:
    first, after = dt.datetime.combine(window[0], dt.time()), window[1] + dt.timedelta(days=1)
    last = dt.datetime.combine(after, dt.time())
    columns = [frame[name] for name in ("received_at", *ENDS)]
    return any(bool(((column >= first) & (column < last)).any()) for column in columns)
