"""The small tables of the store – survey, feedback, indicators, tasks – as they were known.

Each has a day a row, and is cut by row: as of a day, what happened later is not seen, whichever
export it came in. Of several exports that hold the same row the newest made by that day counts,
and where none was made by then, the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["known", "ranked", "records"]


def ranked(q: PeriodView, table: str) -> pd.DataFrame:
    """Every row of ``table``, that of the export which counts most last; ``rank`` is the same for
    the rows of one export. Empty without one, with the table's columns.
    """
    if table not in q.tables:
        q.tables[table] = _ranked(q, table)
    return q.tables[table]


def _ranked(q: PeriodView, table: str) -> pd.DataFrame:
    import pandas as pd

    from ..engine import collect
    from ..sources.tables import TABLES

    exports = q.office.store.exports(table)
    if not exports:
        names = ["sheet", "row", *TABLES[table].names, "export", "exported_at", "rank"]
        return pd.DataFrame({name: pd.Series(dtype="object") for name in names})
    frame = collect(q.office.engine.scan([export.path for export in exports]).to_native())
    moments = frame["exported_at"]
    then = moments.dt.date <= q.as_of if q.as_of is not None else moments.notna()
    keys = pd.DataFrame({"then": then, "at": moments, "export": frame["export"]})
    order = keys.assign(sheet=frame["sheet"].fillna(""), row=frame["row"])
    places = order.sort_values(["then", "at", "export", "sheet", "row"], kind="stable").index
    frame = frame.loc[places]
    rank = (keys.loc[places] != keys.loc[places].shift()).any(axis=1).cumsum()
    return frame.assign(rank=rank).reset_index(drop=True)


def known(q: PeriodView, table: str, key: Sequence[str]) -> pd.DataFrame:
    """The rows of ``table``, each ``key`` once, as the export that counts most has it."""
    frame: Any = ranked(q, table)
    return frame.drop_duplicates(list(key), keep="last").reset_index(drop=True)


def records(q: PeriodView, table: str) -> list[dict[str, Any]]:
    """The rows of :func:`ranked` as dicts; empty cells are None, days are ``datetime``."""
    frame = ranked(q, table)
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]
