"""The same figures from Spark as from DuckDB, on one quarter of the sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, on_time

pytestmark = pytest.mark.spark


def test_spark_gives_the_same_figures(sample_workspace: Path) -> None:
    here = office.open(sample_workspace).period("2024-Q3")
    there = office.open(sample_workspace, engine="local[2]").period("2024-Q3")
    assert there.counts == here.counts
    assert [r.as_dict() for r in there.results] == [r.as_dict() for r in here.results]
    assert list(there.late["code"]) == list(here.late["code"])


def test_on_time_takes_a_spark_frame(sample_workspace: Path) -> None:
    from cchc_analysis import flag

    q = office.open(sample_workspace, engine="local[2]").period("2024-Q3")
    frame = on_time(flag(q.prepared, q.start, q.end), by="field")
    theirs = {row["field"]: row["numerator"] for row in frame.collect()}
    ours = office.open(sample_workspace).period("2024-Q3")
    expected = on_time(ours.dossiers, by="field")
    assert theirs == dict(zip(expected["field"], expected["numerator"], strict=True))
