"""Lists of some dossiers that would open again what the register has ended.

An office also exports lists for a purpose: the late ones, those to apologise for, those paid
online. They have the columns of a register but for those of ends, and the newest file counts: a
list made after the register would take the end from every dossier it names. A file that tells no
end at all is refused where it would do so; one that the register is taken in after is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import FileError
from ..sources.doubts import ENDS
from ..sources.rules import ENDED
from ..words import say

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ..sources import Intake
    from ..store import Export, Store

__all__ = ["over", "refuse", "tells_no_end"]

STATES = (*ENDED, "refused")


def tells_no_end(taken: Intake) -> bool:
    """Whether a file of dossiers has neither a column of ends nor a status that says one."""
    if taken.table != "dossiers" or set(ENDS) & set(taken.receipt.columns):
        return False
    return not taken.frame["status"].isin(STATES).any()


def refuse(store: Store, taken: Intake) -> None:
    """Raises :class:`FileError` where a file without ends is newer than those of its dossiers."""
    if not tells_no_end(taken):
        return
    count = _ended(taken, _registers(store), taken.receipt.exported_at)
    if count:
        raise FileError(say("inbox.unended", file=taken.receipt.file, count=count))


def over(store: Store, taken: Intake, export: Export) -> tuple[str, ...]:
    """That newer files without ends, taken in before, open again what this register has ended."""
    if taken.table != "dossiers" or tells_no_end(taken):
        return ()
    found = []
    for other in _registers(store):
        if other.exported_at <= export.exported_at or set(ENDS) & set(other.receipt.columns):
            continue
        if count := _unended(taken, other.path):
            said = {"other": other.receipt.file, "id": other.id}
            found.append(say("inbox.unended_by", count=count, **said))
    return tuple(found)


def _registers(store: Store) -> list[Export]:
    every = store.exports("dossiers", withdrawn=True)
    return [e for e in every if e.withdrawn is None and not e.damage]


_IS_OVER = (
    f"(finished_at IS NOT NULL OR returned_at IS NOT NULL OR coalesce(status, '') IN {STATES})"
)


def _ended(taken: Intake, others: Sequence[Export], moment: dt.datetime) -> int:
    """How many dossiers of a file have ended by the newest of ``others`` made until ``moment``,
    and not been told of since.
    """
    import duckdb

    if not others:
        return 0
    with duckdb.connect() as connection:
        connection.register("new", taken.frame[["code"]])
        connection.register("old", connection.read_parquet([str(e.path) for e in others]))
        row = connection.execute(
            f"""
            SELECT count(DISTINCT code) FROM new JOIN (
                SELECT code, max(exported_at) AS told,
                    max(exported_at) FILTER (WHERE {_IS_OVER}) AS ended
                FROM old GROUP BY code
            ) USING (code) WHERE ended = told AND told <= ?
            """,
            [moment],
        ).fetchone()
    return int(row[0]) if row else 0


def _unended(taken: Intake, other: Path) -> int:
    """How many dossiers that have ended in a file another one has without an end."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("new", taken.frame[["code", *ENDS, "status"]])
        connection.register("old", connection.read_parquet(str(other)))
        row = connection.execute(
            f"""
            SELECT count(DISTINCT code) FROM new
            WHERE {_IS_OVER} AND code IN (SELECT code FROM old WHERE NOT {_IS_OVER})
            """
        ).fetchone()
    return int(row[0]) if row else 0
