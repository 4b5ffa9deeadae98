"""As of a day each day of a table is told once: by what was known then, else by one later file."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cchc_analysis.known import told

FIRST = dt.date(2024, 1, 1)
DAYS = st.integers(0, 60)


WINDOWS = st.lists(st.tuples(DAYS, DAYS, DAYS), max_size=5)  # from, to, exported


def export(n: int, window: tuple[int, int, int]) -> Any:
    start, end, moment = (FIRST + dt.timedelta(days=d) for d in (*sorted(window[:2]), window[2]))
    receipt = SimpleNamespace(window_from=start, window_to=end, exported_at_source="data")
    at = dt.datetime.combine(moment, dt.time(8))
    return SimpleNamespace(id=str(n), receipt=receipt, exported_at=at)


@given(WINDOWS, DAYS, DAYS)
def test_each_day_once(windows: list[tuple[int, int, int]], asked: int, last: int) -> None:
    found = sorted((export(*each) for each in enumerate(windows)), key=lambda e: e.exported_at)
    as_of, until = FIRST + dt.timedelta(days=asked), FIRST + dt.timedelta(days=last)
    store: Any = SimpleNamespace(exports=lambda table: found)
    telling = {each.export.id: each.days for each in told(store, "survey", as_of, until)}
    assert {id for id, days in telling.items() if days is None} == {
        e.id for e in found if e.exported_at.date() <= as_of
    }
    for n in range(61):
        day = FIRST + dt.timedelta(days=n)
        covering = [e for e in found if e.receipt.window_from <= day <= e.receipt.window_to]
        later = [id for id, days in telling.items() if any(a <= day <= b for a, b in days or ())]
        known = any(e.exported_at.date() <= as_of for e in covering)
        if known or day > min(as_of, until) or not covering:
            assert later == []
        else:
            assert later == [covering[0].id]
