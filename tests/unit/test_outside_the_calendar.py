"""A register of years that the calendar does not cover, and without a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.briefs import watch
from cchc_analysis.workspace import check, inbox
from tests.registers import register, row

OPEN = "Đang xử lý"


def deliver(root: Path, year: int) -> Path:
    rows = [row("0001", f"05/01/{year}", f"10/01/{year}", status=OPEN)]
    window = (f"01/01/{year}", f"31/03/{year}")
    return register(root / "data/inbox/So.csv", rows, window=window,
                    exported=f"05/04/{year} 08:00")  # fmt: skip


@pytest.mark.parametrize(("year", "outside"), [(2011, True), (2024, False)])
@pytest.mark.parametrize("ingested", [False, True])
def test_check_names_the_calendar_and_the_remedy(
    workspace: Path, year: int, outside: bool, ingested: bool
) -> None:
    deliver(workspace, year)
    if ingested:
        inbox.ingest(workspace)
    said = [f for f in check.check(workspace) if f.column == "calendar"]
    assert len(said) == outside
    for finding in said:
        assert finding.file.endswith("unit.toml") and not finding.exit_code
        assert "VN không phủ năm 2011" in finding.message and "weekdays" in finding.message


@pytest.mark.parametrize(
    ("year", "said"), [(2011, "| không có nhật ký |"), (2024, "| không có nhật ký, tiếp nhận đã ")]
)
def test_the_watch_list_says_that_there_is_no_log(workspace: Path, year: int, said: str) -> None:
    inbox.ingest(workspace, [deliver(workspace, year)])
    rows = watch.watch_rows(q := office.open(workspace).latest(audience="internal"))
    lines = [watch.row_line(each) for each in rows] or watch.watch_lines(q)
    assert said in lines[0] and "0,0 ngày" not in lines[0]
