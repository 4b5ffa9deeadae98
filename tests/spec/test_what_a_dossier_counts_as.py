"""One table, one period, one answer a line: the definitions of what a dossier counts as."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from cchc_analysis import flag, prepare
from cchc_analysis.indicators.dossiers import FLAGS

from .tables import dossiers

HEAD = "code received_at due_at finished_at returned_at status ended_seen_at worked_until\n"
CASES = {
    "early": ("a 2024-02-01 2024-02-09 2024-02-08 . handed_over . .", "resolved_early"),
    "on the day, later in the day": (
        "a 2024-02-01 2024-02-09T17:00 2024-02-09T18:00 . handed_over . .",
        "resolved_on_day",
    ),
    "the day after is late": (
        "a 2024-02-01 2024-02-09T17:00 2024-02-10T00:01 . handed_over . .",
        "resolved_late",
    ),
    "a finish outranks a lagging status": (
        "a 2024-02-01 2024-02-09 2024-02-08 . processing . .",
        "resolved_early",
    ),
    "no status column": ("a 2024-02-01 2024-02-09 2024-02-08 . . . .", "resolved_early"),
    "returned stands in": (
        "a 2024-02-01 2024-02-09 . 2024-02-12 handed_over . .",
        "resolved_late returned_stands_in",
    ),
    "no due date": ("a 2024-02-01 . 2024-02-08 . resolved . .", "without_due"),
    "withdrawn is not resolved": (
        "a 2024-02-01 2024-02-09 2024-02-12 . withdrawn . .",
        "ended_without_result withdrawn",
    ),
    "stopped, dated by the export that says so": (
        "a 2024-02-01 2024-02-09 . . stopped 2024-03-05 .",
        "ended_without_result stopped",
    ),
    "result without any date": (
        "a 2024-02-01 2024-02-09 . . handed_over . .",
        "ended_undated",
    ),
    "refused is out of everything": ("a 2024-02-01 2024-02-09 . . refused . .", "refused"),
    "only registered": ("a 2024-02-01 2024-02-09 . . new . .", "not_yet_received"),
    "open, due on the last day": (
        "a 2024-02-01 2024-03-31T17:00 . . processing . .",
        "open open_overdue",
    ),
    "open, due the day after": (
        "a 2024-02-01 2024-04-01 . . processing . .",
        "open open_within",
    ),
    "open without a due date": ("a 2024-02-01 . . . received . .", "open open_within"),
    "waiting for papers, past its day": (
        "a 2024-02-01 2024-02-09 . . supplement . .",
        "open paused paused_past_due",
    ),
    "waiting for a payment": ("a 2024-02-01 2024-06-09 . . payment . .", "open paused"),
    "finished after the period": (
        "a 2024-02-01 2024-02-09 2024-04-02 . handed_over . .",
        "open open_overdue",
    ),
    "handed over in time, closed late": (
        "a 2024-02-01 2024-02-09 2024-02-14 2024-02-09T16:00 handed_over . .",
        "resolved_late late_recorded_only late_recorded_handed_over",
    ),
    "worked off in time, closed late": (
        "a 2024-02-01 2024-02-09 2024-02-14 2024-02-14 handed_over . 2024-02-08T10:00",
        "resolved_late late_recorded_only late_recorded_work_done",
    ),
}  # fmt: skip
# What every received dossier counts as besides is not repeated in each line.
ALWAYS = {"received", "resolved"}
SHOWN = FLAGS[: FLAGS.index("due_kept")]


@pytest.mark.parametrize("case", CASES)
def test_counts_as(case: str) -> None:
    line, expected = CASES[case]
    row = flag(prepare(dossiers(HEAD + line)), dt.date(2024, 1, 1), dt.date(2024, 3, 31)).iloc[0]
    assert {name for name in SHOWN if row[name]} - ALWAYS == set(expected.split())
    out = "refused" in expected or "not_yet" in expected
    assert bool(row["received"]) is not out


def test_the_instant_decides_where_the_plan_says_so() -> None:
    frame = dossiers(HEAD + "a 2024-02-01 2024-02-09T17:00 2024-02-09T17:01 . handed_over . .")
    span = (dt.date(2024, 1, 1), dt.date(2024, 3, 31))
    assert flag(prepare(frame), *span)["resolved_on_day"].item()
    assert flag(prepare(frame, late_rule="time"), *span)["resolved_late"].item()


def test_carried_over_is_what_was_open_the_day_before() -> None:
    frame = dossiers(
        HEAD
        + """
        a 2023-12-29 2024-01-05 2024-01-04 . handed_over . .
        b 2023-12-29 2024-01-05 2023-12-31 . handed_over . .
        c 2023-12-29 2024-01-05 . . processing . .
        d 2023-12-29 2024-01-05 . . withdrawn 2024-01-08 .
        e 2024-01-01 2024-01-05 . . processing . .
        """.strip()
    )
    prepared = prepare(frame)
    last = flag(prepared, dt.date(2023, 10, 1), dt.date(2023, 12, 31))
    this = flag(prepared, dt.date(2024, 1, 1), dt.date(2024, 3, 31))
    assert list(this.loc[this["carried_over"], "code"]) == ["a", "c", "d"]
    pd.testing.assert_series_equal(last["open"], this["carried_over"], check_names=False)
