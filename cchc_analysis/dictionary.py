"""What each column of each pandas frame holds: the data dictionary, as data.

The words lie in ``words/columns.csv``, one row a meaning, in Vietnamese and English; the docs'
dictionary is made from them, and a test holds them against the frames, so that no column is without
an entry and no entry without a column. The tables as an office exports them are described by their
schemas in :mod:`.sources.tables`.

Types: ``text``; ``moment`` (a day with its time) and ``day``; ``count`` (a whole number),
``number``; ``share`` (between 0 and 1); ``flag`` (true or false). Texts that were not recorded are
null, in the frames of ``explore`` empty.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from . import words
from .errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FRAMES", "TYPES", "Column", "columns", "columns_of"]

# The frame's name here → how a notebook gets it.
FRAMES = {
    "dossiers": "q.dossiers",
    "late": "q.late",
    "open": "q.open",
    "open_overdue": "q.open_overdue",
    "steps": "q.steps",
    "by": "q.by(…)",
    "on_time": "cchc.on_time(frame, by=…)",
    "causes": "cchc.causes(q, by=…)",
    "cases": "explore.cases(q, …)",
    "way": "explore.steps(q, code)",
    "watch": "q.outlook.watch",
    "set_aside": "q.set_aside",
    "vanished": "q.vanished",
}
TYPES = ("text", "moment", "day", "count", "number", "share", "flag")


@dataclass(frozen=True)
class Column:
    """One column of one frame and what it holds."""

    frame: str
    name: str
    type: str
    vi: str
    en: str


@cache
def _all() -> tuple[Column, ...]:
    text = (files(words) / "columns.csv").read_text(encoding="utf-8")
    return tuple(
        Column(frame, row["column"], row["type"], row["vi"], row["en"])
        for row in csv.DictReader(text.splitlines())
        for frame in row["frames"].split()
    )


def columns_of(frame: str) -> list[Column]:
    """The columns of one of ``FRAMES``. Raises :class:`ParameterError` for any other name."""
    from .misspelt import choose

    if frame not in FRAMES:
        raise ParameterError(choose("frame", frame, FRAMES))
    return [column for column in _all() if column.frame == frame]


def columns(frame: str = "dossiers", language: str = "vi") -> pd.DataFrame:
    """What the columns of a frame hold: ``column, type, meaning``, in ``vi`` or ``en``.

    >>> columns("on_time", "en").set_index("column").loc["value"].to_list()
    ['share', 'The on-time rate']
    """
    import pandas as pd

    if language not in words.LANGUAGES:
        from .misspelt import choose

        raise ParameterError(choose("language", language, words.LANGUAGES))

    class Columns(pd.DataFrame):
        """Shows every row and every meaning whole, whatever pandas is set to."""

        def __repr__(self) -> str:
            return self.to_string(max_colwidth=None)

        def _repr_html_(self) -> str:
            return self.to_html(max_rows=None)

    rows = [(c.name, c.type, getattr(c, language)) for c in columns_of(frame)]
    return Columns(rows, columns=["column", "type", "meaning"])
