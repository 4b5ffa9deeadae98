"""The small tables of the store – survey, feedback, indicators, tasks – as they were known.

Each has a day a row. As of a day the exports made by then count, and for the days that none of them
covers the first one made later (:mod:`..known`), up to the period's end. Of several exports that
hold the same row the newest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ..known import Told
    from ..view import PeriodView

__all__ = ["known", "ranked", "records"]


def ranked(q: PeriodView, table: str) -> pd.DataFrame:
    """Every row of ``table``, that of the export which counts most last; ``rank`` is the same for
    the rows of one export. Empty without one, with the table's columns.
    """
    told = q.told(table)
    key = table, tuple((each.export.id, each.days) for each in told)
    if key not in q.knowledge.tables:
        q.knowledge.tables[key] = _ranked(q, table, told)
    return q.knowledge.tables[key]


def _ranked(q: PeriodView, table: str, told: Sequence[Told]) -> pd.DataFrame:
    import pandas as pd

    from ..engine import collect
    from ..sources.tables import TABLES

    if not told:
        names = ["sheet", "row", *TABLES[table].names, "export", "exported_at", "rank"]
        return pd.DataFrame({name: pd.Series(dtype="object") for name in names})
    frame = collect(q.office.engine.scan([each.export.path for each in told]).to_native())
    later = {each.export.id: each.days for each in told if each.days is not None}
    then, days = ~frame["export"].isin(list(later)), frame[TABLES[table].when].dt.normalize()
    counts = then.copy()
    for id, spans in later.items():
        for first, last in spans:
            inside = days.between(pd.Timestamp(first), pd.Timestamp(last))
            counts |= (frame["export"] == id) & inside
    frame, then = frame[counts], then[counts]
    keys = pd.DataFrame({"then": then, "at": frame["exported_at"], "export": frame["export"]})
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
