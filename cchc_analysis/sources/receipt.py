"""What reading a file gives: its rows, the rows set aside, and the receipt that accounts for all.

These are plain values without behaviour of their own; the store keeps them as they are.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ExportedBy", "Intake", "Receipt", "SetAside"]

ExportedBy = Literal["file", "given", "data"]


@dataclass(frozen=True)
class SetAside:
    """A row that waits to be mended, by its place; never by what it says about a person."""

    file: str
    sheet: str
    row: int
    column: str
    rule: str
    remedy: str
    code: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What came of a file.

    ``mapping`` is the hash of the mapping by which it was read, "" without one, None in receipts
    written before it was kept. ``titled`` is the other unit that its title names, "" if it names
    none.
    """

    file: str
    sha256: str
    table: str
    sheets: list[str]
    rows_in: int
    accepted: int
    set_aside: int
    duplicates: int
    window_from: dt.date | None
    window_to: dt.date | None
    window_stated: bool
    exported_at: dt.datetime
    exported_at_source: ExportedBy
    columns: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_status: bool = False
    mapping: str | None = None
    titled: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        content = asdict(self)
        for key in ("window_from", "window_to", "exported_at"):
            content[key] = content[key].isoformat() if content[key] else None
        return content

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Receipt:
        made = dict(content)
        for key in ("window_from", "window_to"):
            made[key] = dt.date.fromisoformat(made[key]) if made[key] else None
        made["exported_at"] = dt.datetime.fromisoformat(made["exported_at"])
        return cls(**made)


@dataclass(frozen=True)
class Intake:
    """A file that was read."""

    table: str
    frame: pd.DataFrame
    set_aside: list[SetAside]
    receipt: Receipt
