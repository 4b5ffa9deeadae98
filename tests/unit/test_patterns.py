"""Circumstances and habits are read from dates alone, and are unknown where dates lack times."""

from __future__ import annotations

import pandas as pd

from cchc_analysis import office
from cchc_analysis.causes.history import resolved
from cchc_analysis.causes.patterns import bulk_closures, circumstances, days_left, pauses


def frame(*rows: tuple[str, str, str]) -> pd.DataFrame:
    data = pd.DataFrame(rows, columns=["received_at", "due_on", "ended_at"])
    data = data.apply(pd.to_datetime, format="%Y-%m-%d %H:%M").assign(late=False)
    data["due_on"] = data["due_on"].dt.normalize()
    return data.assign(
        ended_on=data["ended_at"].dt.normalize(), code=[f"c{i}" for i in range(len(data))]
    )


def test_weekday_hour_month_end_and_the_weeks_before_tet(sample: office.Office) -> None:
    data = frame(
        ("2024-02-07 08:30", "2024-02-29 17:00", "2024-02-20 10:00"),  # the last day before Tết
        ("2024-01-24 10:00", "2024-02-01 17:00", "2024-02-02 10:00"),  # eleven working days before
        ("2024-05-04 16:30", "2024-05-28 17:00", "2024-05-06 10:00"),  # a Saturday worked
        ("2024-03-10 20:00", "2024-03-29 17:00", "2024-03-14 10:00"),  # a Sunday
    )
    found = circumstances(sample.period("2024-Q1"), data)
    assert found["weekday"].tolist() == ["2", "2", "5", "6"]
    assert found["hour"].tolist() == ["h9", "h11", "h24", "off"]
    assert found["before_break"].tolist() == ["yes", "no", "no", "no"]
    assert found["month_end"].tolist() == ["yes", "no", "no", "yes"]
    assert days_left(sample.period("2024-Q1"), data).tolist() == [7, -1, 16, 11]


def test_days_without_times_tell_no_hour_and_no_minute(sample: office.Office) -> None:
    data = frame(("2024-03-04 00:00", "2024-03-08 00:00", "2024-03-05 00:00"))
    assert circumstances(sample.period("2024-Q1"), data)["hour"].isna().all()
    assert bulk_closures(data) is None


def test_five_finished_in_one_minute_are_a_bulk(sample: office.Office) -> None:
    minute = [("2024-03-04 08:00", "2024-03-08 17:00", "2024-03-05 10:00")]
    data = frame(*minute * 5, ("2024-03-04 08:00", "2024-03-08 17:00", "2024-03-05 10:01"))
    data["late"] = [True, False, False, False, False, True]
    bulk = bulk_closures(data)
    assert bulk and (bulk.groups, bulk.dossiers, bulk.late, bulk.largest) == (1, 5, 1, 5)
    four = bulk_closures(frame(*minute * 4))
    assert four and four.dossiers == 0


def test_pauses_are_counted_from_the_log_and_split_at_the_due_day(sample: office.Office) -> None:
    """By a second way: each request for papers of the log held against the register's due day."""
    q = sample.period("2024-H1")
    data = resolved(q, q.start, q.end)
    found = pauses(q, data)
    due = dict(zip(data["code"], data["due_on"], strict=True))
    asked: dict[str, pd.Timestamp] = {}
    for row in q.attribution.timeline.steps.to_dict("records"):
        if row["note"] == "Yêu cầu bổ sung hồ sơ" and row["code"] in due:
            asked[row["code"]] = max(row["entered_at"], asked.get(row["code"], row["entered_at"]))
    left = [q.calendar.between(day.date(), due[code].date()) for code, day in asked.items()]
    assert found.dossiers == len(left) > 0
    assert found.before_due == sum(n in (0, 1) for n in left)
    assert found.after_due == sum(n < 0 for n in left if n is not None)
