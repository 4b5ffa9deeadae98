"""Which rows cannot be used as they are, and what would mend each.

A row is set aside, never dropped: it is counted, listed with its place in the file, and taken in
as soon as the office mends it and exports again. The rules below are tried in their order and
the first that applies names the row. What is odd but possible stays in: a result handed over
before the system was closed, a due date before the receipt.

| rule | meaning |
|---|---|
| ``columns_shifted`` | a line of delimited text with more cells than the header and most lines |
| ``code_missing`` · ``code_impossible`` | no code · one that cannot be a code |
| ``not_yet_received`` · ``refused_undated`` | filed but not, or never, received; nothing to mend |
| ``…_missing`` · ``…_impossible`` | the day by which the row belongs to a period |
| ``date_unreadable`` | another date that decides a figure cannot be read |
| ``year_not_believable`` | a year before 2000, or ten after the export (fifty for a due date) |
| ``finished_before_received`` · ``left_before_entered`` | an end before its beginning |
| ``answers_unread`` · ``answers_missing`` | a form of which no answer is understood · without one |
| ``kind_missing`` · ``count_impossible`` | an activity of no kind · of a number that is none |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ..words import say
from .tables import message

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .heading import Column
    from .tables import Table

    Mask = np.ndarray

__all__ = ["FIRST_YEAR", "YEARS_AHEAD", "Rows", "Verdict", "effective_end", "judge"]

FIRST_YEAR = 2000
YEARS_AHEAD = 10
DUE_YEARS_AHEAD = 50  # a far target is a policy (some registers promise the year 2059), 2204 a slip

ENDED = ("resolved", "handed_over", "withdrawn", "stopped")

# By table: the key, the day by which a row belongs to a period and the word for it in rule ids,
# the other moments that decide a figure, and the pair of which one ends the other.
_CODE = {"dossiers": "code", "steps": "code", "feedback": "code", "digital": "code",
         "tasks": "task"}  # fmt: skip
_WHEN = {
    "dossiers": ("received_at", "received"),
    "steps": ("entered_at", "entered"),
    "feedback": ("received_at", "received"),
    "digital": ("month", "month"),
    "survey": ("answered_at", "answered"),
    "activities": ("date", "date"),
}
_DECIDING = {
    "dossiers": ("due_at", "finished_at", "returned_at"),
    "steps": ("left_at",),
    "feedback": ("due_at", "finished_at"),
    "tasks": ("due_on", "done_on"),
    "survey": (),
    "digital": (),
    "activities": (),
}
_IN_PLAN = ("due_on",)  # the plan has it as well: a row whose own is not understood still counts
_NEVER_RECEIVED = {"new": "not_yet_received", "refused": "refused_undated"}
_OPTIONAL_WHEN = ("survey",)  # a form without a date may still be counted in its export


class Rows(Protocol):
    """The rows of one sheet as the rules see them.

    ``unreadable`` holds, by field, where a cell is filled but could not be read; ``fields`` are
    the fields that the sheet has.
    """

    table: Table
    frame: pd.DataFrame
    fields: dict[str, Column]
    unreadable: dict[str, list[int]]
    shifted: list[int]

    @property
    def answered(self) -> Mask | None:
        """Which respondents of a survey answered anything that is understood."""

    @property
    def misread(self) -> Mask | None:
        """Which gave an answer that is not."""


@dataclass(frozen=True)
class Verdict:
    """Row ``position`` of ``table`` is set aside by ``rule`` for what is in ``field``."""

    position: int
    rule: str
    field: str
    table: str

    @property
    def remedy(self) -> str:
        return say(message(f"remedy_{self.rule}", self.table))


def effective_end(frame: pd.DataFrame) -> pd.Series:
    """When a dossier ended: its finishing moment, else the handing over where that stands in."""
    status = frame["status"]
    stands_in = frame["finished_at"].isna() & (status.isna() | status.isin(ENDED))
    return frame["finished_at"].mask(stands_in, frame["returned_at"])


def judge(rows: Rows, exported_year: int) -> list[Verdict]:
    """The rows to set aside, by position, each under the first rule that applies."""
    import numpy as np

    size = len(rows.frame)
    taken = np.zeros(size, dtype=bool)
    verdicts: list[Verdict] = []

    def apply(rule: str, field: str, mask: Mask) -> None:
        fresh = mask & ~taken
        if fresh.any():
            places, table = np.flatnonzero(fresh), rows.table.name
            verdicts.extend(Verdict(int(i), rule, field, table) for i in places)
            taken[fresh] = True

    def at(positions: Sequence[int]) -> Mask:
        mask = np.zeros(size, dtype=bool)
        mask[list(positions)] = True
        return mask

    def unreadable(field: str) -> Mask:
        return at(rows.unreadable.get(field, ()))

    def empty(field: str) -> Mask:
        return rows.frame[field].isna().to_numpy() & ~unreadable(field)

    apply("columns_shifted", "", at(rows.shifted))
    key = _CODE.get(rows.table.name)
    if key and key in rows.fields:
        kind = "task" if key == "task" else "code"
        apply(f"{kind}_missing", key, empty(key))
        apply(f"{kind}_impossible", key, unreadable(key))
    when, word = _WHEN.get(rows.table.name, ("", ""))
    if when in rows.fields:
        if rows.table.name == "dossiers":
            for status, rule in _NEVER_RECEIVED.items():
                is_so = (rows.frame["status"] == status).fillna(False).to_numpy(dtype=bool)
                apply(rule, when, empty(when) & is_so)
        if rows.table.name not in _OPTIONAL_WHEN:
            apply(f"{word}_missing", when, empty(when))
        apply(f"{word}_impossible", when, unreadable(when))
    for field in _DECIDING[rows.table.name]:
        if field not in _IN_PLAN:
            apply("date_unreadable", field, unreadable(field))
    moments = [f for f in (when, *_DECIDING[rows.table.name]) if f in rows.fields]
    for field in moments:
        apply(
            "year_not_believable",
            field,
            _not_believable(rows.frame[field], exported_year + _ahead(field)),
        )
    _judge_order(rows, apply)
    if rows.table.name == "activities":
        apply("kind_missing", "kind", empty("kind"))
        negative = (rows.frame["count"] < 0).to_numpy(dtype=bool)
        apply("count_impossible", "count", negative | unreadable("count"))
    if rows.answered is not None and rows.misread is not None:
        apply("answers_unread", "item", ~rows.answered & rows.misread)
        apply("answers_missing", "item", ~rows.answered)
    return sorted(verdicts, key=lambda verdict: verdict.position)


def _judge_order(rows: Rows, apply: Callable[[str, str, Mask], None]) -> None:
    frame = rows.frame
    if rows.table.name == "dossiers":
        end = effective_end(frame)
        early = before(end, frame["received_at"])
        by_return = frame["finished_at"].isna().to_numpy()
        apply("finished_before_received", "finished_at", early & ~by_return)
        apply("finished_before_received", "returned_at", early & by_return)
    elif rows.table.name == "feedback":
        early = before(frame["finished_at"], frame["received_at"])
        apply("finished_before_received", "finished_at", early)
    elif rows.table.name == "steps":
        apply("left_before_entered", "left_at", before(frame["left_at"], frame["entered_at"]))


def before(end: pd.Series, start: pd.Series) -> Mask:
    """Where an end lies before its start: by the instant if both have a time, else by the day."""
    import numpy as np

    ends, starts = end.to_numpy("datetime64[us]"), start.to_numpy("datetime64[us]")
    end_days, start_days = ends.astype("datetime64[D]"), starts.astype("datetime64[D]")
    timed = (ends != end_days) & (starts != start_days)
    return np.where(timed, ends < starts, end_days < start_days)


def _ahead(field: str) -> int:
    return DUE_YEARS_AHEAD if field.startswith("due") else YEARS_AHEAD


def _not_believable(moments: pd.Series, last_year: int) -> Mask:
    import numpy as np

    stamps = moments.to_numpy("datetime64[us]")
    first = np.datetime64(dt.datetime(FIRST_YEAR, 1, 1), "us")
    after = np.datetime64(dt.datetime(last_year + 1, 1, 1), "us")
    return ~np.isnat(stamps) & ((stamps < first) | (stamps >= after))
