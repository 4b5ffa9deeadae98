"""A register that does not say when it was made: which of two counts is told, not guessed."""

from __future__ import annotations

from pathlib import Path

from cchc_analysis.workspace import inbox

from ..sheets import csv_file

HEADER = ["Mã hồ sơ", "Ngày nhận", "Ngày hẹn", "Ngày xử lý xong"]


def told(workspace: Path, *rows: list[str], title: str = "") -> str:
    folder = workspace / "data" / "inbox"
    above = [[title]] if title else []
    name = f"so-{len(list(folder.iterdir()))}.csv"
    csv_file(folder / name, [*above, HEADER, *rows])
    [taken] = [t for t in inbox.ingest(workspace) if t.outcome == "new"]
    return " ".join(taken.lines())


FIRST = ["H-24-0001", "01/07/2024", "05/07/2024", "20/12/2024"]  # December by mistake
MENDED = ["H-24-0001", "01/07/2024", "05/07/2024", "04/07/2024"]


def test_the_mended_file_that_counts_as_older_says_so(workspace: Path) -> None:
    assert "--exported-at" not in told(workspace, FIRST)
    assert "so-0.csv" in (said := told(workspace, MENDED)) and "--exported-at" in said


def test_a_file_that_says_its_day_or_is_of_other_days_has_nothing_to_tell(workspace: Path) -> None:
    assert "--exported-at" not in told(workspace, FIRST)
    assert "--exported-at" not in told(workspace, MENDED, title="Ngày xuất: 01/10/2024")
    other = ["H-24-0002", "01/02/2024", "05/02/2024", "04/02/2024"]
    assert "--exported-at" not in told(workspace, other)
