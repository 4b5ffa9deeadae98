"""Circumstances are read from dates alone, and are unknown where dates lack times."""

from __future__ import annotations

import pandas as pd

from cchc_analysis import office
from cchc_analysis.causes.patterns import circumstances, days_left


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


def test_days_without_times_tell_no_hour(sample: office.Office) -> None:
    data = frame(("2024-03-04 00:00", "2024-03-08 00:00", "2024-03-05 00:00"))
    assert circumstances(sample.period("2024-Q1"), data)["hour"].isna().all()
