"""Registers whose numbers begin again each month, or in each book.

A code stands for one dossier, whose newest version counts; so dossiers that share a number would be
taken for one, without a word. A dossier is received on one day: where many codes are of several
days, the file is refused, unless its mapping says that a dossier is its code *and* its day.
So it is with feedback, of which a commune has so little that a few codes must do: those of a
register that counts from 1 again have its first number among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLES", "across", "bare", "with_days", "within"]

TABLES = {"dossiers": False, "feedback": True}  # with a code a row: whether they are short
FEW, SHARE = 5, 0.5  # fewer codes than either are mistakes of single rows
_FIRST = re.compile(r"\D*0*1\D*")  # "01", "PA-001", "1/PAKN"


def within(frame: pd.DataFrame, *, short: bool = False) -> list[str]:
    """The codes that rows of ``frame`` (``code``, ``received_at``) have on several days, where
    they are many of those on several rows; in a ``short`` register with the first number among
    them they need not be.
    """
    again = frame[frame["code"].duplicated(keep=False)]
    days = again["received_at"].dt.normalize().groupby(again["code"]).nunique()
    return _many([str(code) for code in days.index[days > 1]], len(days), short)


def across(frame: pd.DataFrame, before: Sequence[Path], *, short: bool = False) -> list[str]:
    """The codes of ``frame`` that files of the store (``before``) have on other days only, where
    they are many of those that both have; ``short`` as in :func:`within`.
    """
    import duckdb

    if frame.empty or not before:
        return []
    rows = frame[["code", "received_at"]]
    with duckdb.connect() as connection:
        connection.register("new", rows)
        old = connection.read_parquet([str(path) for path in before])
        connection.register("old", old)
        found = connection.execute(
            """
            SELECT new.code, bool_or(new.received_at::DATE = old.received_at::DATE)
            FROM new JOIN old USING (code) GROUP BY new.code ORDER BY new.code
            """
        ).fetchall()
    return _many([str(code) for code, same in found if not same], len(found), short)


def _many(codes: list[str], of: int, short: bool) -> list[str]:
    few = 1 if short and any(map(_FIRST.fullmatch, codes)) else FEW
    return codes if len(codes) >= max(few, SHARE * of) else []


def with_days(frame: pd.DataFrame) -> pd.DataFrame:
    """The same, each code with the day on which it was received: ``12 (05/07/2024)``."""
    days = frame["received_at"].dt.strftime("%d/%m/%Y")
    return frame.assign(code=(frame["code"] + " (" + days + ")").astype(frame["code"].dtype))


def bare(code: str) -> str:
    """The code as the register has it, of one with its day.

    >>> bare("12 (05/07/2024)"), bare("12")
    ('12', '12')
    """
    return re.sub(r" \(\d{2}/\d{2}/\d{4}\)$", "", code)
