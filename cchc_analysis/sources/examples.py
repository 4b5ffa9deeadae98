"""The example row of an entry template, which is no row of the table.

A template of ``cchc init`` shows how a row is filled in, and whoever fills in the others need not
delete it. It is told from a row by what it holds: a word for "example" where a date must stand, so
that no row that could be taken in is ever passed over; and in every other column that very example,
so that a row typed over it, its date forgotten, is set aside like any other and not lost. The words
are those that the template is made from (``words/messages/templates.toml``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..words import has_message, say
from .values import text
from .vocabulary import plain

if TYPE_CHECKING:
    from .headers import Header
    from .rows import Part
    from .sheets import Grid

__all__ = ["column_of", "is_example", "is_filled", "is_guide", "says_example"]


def column_of(name: str, **values: str) -> tuple[str, str, str]:
    """Header, explanation and example of a template's column, as ``feedback.code``."""
    header, meaning, example = say(f"templates.{name}", **values).split(" | ")
    return header, meaning, example


def is_guide(grid: Grid) -> bool:
    """Whether a sheet is a template's own explanation: by its name and what stands first."""
    first = text(_cell(grid.rows[0], 0)) if grid.rows else None
    return (grid.sheet, first) == (say("templates.guide_sheet"), say("templates.guide_title"))


# What a template leaves to people in rows that it has already.
_LEFT = {"tasks": ("done_on", "evidence", "percent", "note")}


def is_filled(part: Part) -> bool:
    """Whether somebody filled in anything of a template's rows."""
    left = _LEFT.get(part.table.name)
    if left is None:
        return part.count > 0
    return bool(part.frame[list(left)].notna().to_numpy().any())


def is_example(row: Sequence[Any], header: Header) -> bool:
    """Whether a row is a template's example, as it came."""
    table = header.matched.table
    fields = header.matched.fields
    dates = [f.name for f in table.fields if f.kind in ("month", "moment") and f.name in fields]
    if not any(says_example(_cell(row, fields[name].index)) for name in dates):
        return False
    return all(
        (spoken := text(_cell(row, column.index))) is None
        or plain(spoken) == _example(table.name, name)
        for name, column in fields.items()
        if name != "item"
    )


def _cell(row: Sequence[Any], index: int) -> Any:
    return row[index] if index < len(row) else None


def says_example(cell: Any) -> bool:
    """Whether a cell begins with the word for an example."""
    return isinstance(cell, str) and f"{plain(cell)} ".startswith(f"{_word()} ")


@cache
def _word() -> str:
    return plain(column_of("number")[2])


@cache
def _example(table: str, field: str) -> str | None:
    name = f"{table}.{field}"
    return plain(column_of(name)[2]) if has_message(f"templates.{name}") else None
