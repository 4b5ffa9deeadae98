"""Sentences proposed from a handful of dossiers: each follows from a figure, none from nothing."""

from __future__ import annotations

from pathlib import Path

from cchc_analysis import office
from cchc_analysis.papers.drafts import drafts
from cchc_analysis.workspace import inbox

from ..registers import register, row


def proposed(workspace: Path, rows: list[list[str]]) -> dict[str, list[str]]:
    (done,) = inbox.ingest(workspace, [register(workspace / "data" / "inbox" / "so.csv", rows)])
    assert done.error is None
    return drafts(office.open(workspace).period("2024-Q1"))


IN_TIME = row("0001", "02/01/2024 08:00", "05/01/2024", "04/01/2024")
LATE = row("0002", "02/01/2024 08:00", "05/01/2024", "09/01/2024", field="Đất đai")
OVERDUE = row("0003", "02/02/2024 08:00", "05/02/2024", "", status="Đang xử lý")


def test_late_dossiers_fall_short_of_the_target(workspace: Path) -> None:
    found = proposed(workspace, [IN_TIME, LATE])
    assert found["limitations"][0] == (
        "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn là 50,00%, chưa đạt chỉ tiêu 99,9%; "
        "1 hồ sơ giải quyết quá hạn, nhiều nhất ở lĩnh vực Đất đai (1 hồ sơ)."
    )
    assert "1 hồ sơ quá hạn chưa xác định hoặc không nêu nguyên nhân." in found["limitations"]


def test_nothing_late_nothing_said_of_it(workspace: Path) -> None:
    found = proposed(workspace, [IN_TIME])
    assert not [text for text in found["limitations"] if "quá hạn" in text]


def test_what_is_overdue_is_to_be_done(workspace: Path) -> None:
    found = proposed(workspace, [IN_TIME, OVERDUE])
    assert "Đến cuối kỳ còn 1 hồ sơ đang giải quyết đã quá hạn." in found["limitations"]
    assert any("1 hồ sơ đang quá hạn" in text for text in found["next_tasks"])


def test_the_plans_own_contradictions_are_asked_about(workspace: Path) -> None:
    found = proposed(workspace, [IN_TIME])
    assert any("ghi 99,9%" in text and "ghi 99%" in text for text in found["proposals"])
