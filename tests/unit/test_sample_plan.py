"""A new unit's plan is a sample: check, the brief and every place of a target say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, sections
from cchc_analysis.workspace import check, inbox, lay_out

REGISTER = """\
Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày xử lý xong
A-01,05/01/2024,20/01/2024,10/01/2024
A-02,08/01/2024,20/01/2024,30/01/2024
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = lay_out(tmp_path / "ws", unit="a", name="xã A")
    (root / "data" / "inbox" / "HoSo_Q1_2024.csv").write_text(REGISTER, encoding="utf-8")
    inbox.ingest(root)
    return root


def doubts(root: Path) -> dict[tuple[str, str], str]:
    found = check.check(root)
    assert not [finding for finding in found if finding.exit_code]
    return {(Path(f.file).name, f.column): f.message for f in found}


def test_check_lists_what_nobody_has_verified(root: Path) -> None:
    found = doubts(root)
    assert "T1, T2a" in found["targets.csv", "verified"]
    assert "CDS01" in found["indicators.csv", "verified"]
    assert {("plan.toml", "number"), ("plan.toml", "issued"), ("unit.toml", "parent")} <= set(found)
    assert ("plan.toml", "title") not in found
    (root / "data/plans/a/2024").rename(root / "data/plans/a/2025")
    assert "2024" in doubts(root)["plan.toml", "title"]  # copied, and not mended


def test_the_brief_lists_them_and_quotes_no_other_plan(root: Path) -> None:
    q = office.open(root).period("2024-Q1")
    said = " ".join(sections.unverified(q).data["items"])
    assert all(target.text in said for target in q.plan.targets)
    assert "bản mẫu" in q.result("dossiers.on_time_rate").source
    targets = root / "data/plans/a/2024/targets.csv"
    text = targets.read_text(encoding="utf-8-sig")
    targets.write_text(text.replace(";no;", ";yes;"), encoding="utf-8-sig")
    q = office.open(root).period("2024-Q1")
    assert "Chỉ tiêu chưa đối chiếu" not in " ".join(sections.unverified(q).data["items"])
