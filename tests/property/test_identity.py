"""Whatever the dossiers: none is lost between two periods, none is counted twice."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_analysis import flag, prepare, tally

STATUSES = (
    None, "new", "received", "refused", "processing", "supplement", "payment", "withdrawn",
    "stopped", "resolved", "handed_over",
)  # fmt: skip
FIRST = dt.datetime(2024, 1, 1)
MOMENTS = st.integers(0, 24 * 60).map(lambda hours: FIRST + dt.timedelta(hours=hours))


@st.composite
def dossier(draw: st.DrawFn) -> dict[str, object]:
    received = draw(MOMENTS)

    def later() -> dt.datetime | None:
        hours = draw(st.none() | st.integers(0, 24 * 40))
        return None if hours is None else received + dt.timedelta(hours=hours)

    return {
        "received_at": received, "due_at": later(), "finished_at": later(),
        "returned_at": later(), "status": draw(st.sampled_from(STATUSES)),
        "ended_seen_at": draw(st.none() | st.just(dt.datetime(2024, 4, 5, 8))),
        "channel": draw(st.sampled_from(["online", "direct", "postal", None])),
    }  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(dossier(), min_size=1, max_size=25),
    start=st.integers(0, 60),
    length=st.integers(0, 40),
)
def test_what_came_in_went_somewhere(
    rows: list[dict[str, object]], start: int, length: int
) -> None:
    frame = pd.DataFrame(rows)
    for name in frame.columns[frame.columns.str.endswith("_at")]:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    prepared = prepare(frame)
    first = FIRST.date() + dt.timedelta(days=start)
    last = first + dt.timedelta(days=length)
    c = tally(flag(prepared, first, last)).iloc[0]
    ended = c["resolved"] + c["ended_without_result"] + c["ended_undated"]
    assert c["carried_over"] + c["received"] == ended + c["open"]
    after = last + dt.timedelta(days=1)
    following = tally(flag(prepared, after, after + dt.timedelta(days=9))).iloc[0]
    assert c["open"] == following["carried_over"]
    assert c["open"] == c["open_within"] + c["open_overdue"] + c["paused"]
    timely = c["resolved_early"] + c["resolved_on_day"]
    assert c["resolved"] == timely + c["resolved_late"] + c["without_due"]
    whole = tally(flag(prepared, dt.date(2000, 1, 1), dt.date(2100, 1, 1))).iloc[0]
    outside = whole["refused"] + whole["not_yet_received"]
    assert whole["received"] + outside == len(rows)
    split = [
        tally(flag(prepared, dt.date(2000, 1, 1), last)).iloc[0],
        tally(flag(prepared, after, dt.date(2100, 1, 1))).iloc[0],
    ]
    for name in ("received", "resolved", "resolved_late", "withdrawn", "stopped", "ended_undated"):
        assert whole[name] == split[0][name] + split[1][name]
