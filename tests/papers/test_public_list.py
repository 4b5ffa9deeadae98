"""The list for everybody: no name, no code, nothing that a small group would give away."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from docx import Document

from cchc_analysis import office
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.errors import LeakError
from cchc_analysis.papers.apologies import owed
from cchc_analysis.papers.issue import issue
from cchc_analysis.workspace import inbox

from .made import register

LATE = {"Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_shows_what_the_brief_shows(sample_workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_workspace / "data", tmp_path / "data")
    the_office = office.open(tmp_path)
    q = the_office.period("2024-Q1", audience="internal")
    issued = issue(q, slips=False)
    rows = read(issued.public[0])
    shared = Annex.of(the_office.period("2024-Q1"))
    brief = {row["code"]: row for row in (*shared.late_rows(), *shared.open_overdue_rows())}
    assert {row["code"] for row in rows} == set(brief)
    for row in rows:
        theirs = brief[row["code"]]
        assert (row["procedure_code"], row["field"]) == (theirs["procedure_code"], theirs["field"])
        assert bool(row["procedure"]) == bool(row["procedure_code"])
        assert row["due_at"] == theirs["due_at"] and re.fullmatch(r"\d{4}-\d\d-\d\d", row["due_at"])
        assert (row["apology"] == "written") == (theirs["apology"] == "written")
    text = issued.public[0].read_text("utf-8") + "\n".join(shown(issued.public[1]))
    assert not re.search(r"000\.17\.31\.H56-\d{6}-\d{4}", text)
    assert q.audience == "internal"  # the view itself was not touched


def shown(path: Path) -> list[str]:
    file = Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [*cells, *(paragraph.text for paragraph in file.paragraphs)]


def test_the_notice_and_its_counts(sample_workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_workspace / "data", tmp_path / "data")
    q = office.open(tmp_path).period("2024-Q1", audience="internal")
    text = "\n".join(shown(issue(q, slips=False).public[1]))
    assert "DANH SÁCH CÔNG KHAI" in text and "BÁO CÁO" not in text and "/TB-UBND" in text
    assert "13 hồ sơ giải quyết quá hạn" in text and "8 hồ sơ đã có văn bản xin lỗi" in text
    assert "5 hồ sơ chưa xin lỗi" in text and "LƯU HÀNH NỘI BỘ" not in text


def test_small_fields_and_sensitive_procedures_are_not_named(workspace: Path) -> None:
    rows = [{"n": str(n), **LATE} for n in range(1, 8)]
    rows += [{"n": "20", **LATE, "Lĩnh vực": "Đất đai", "Mã TTHC": "2.000001",
              "Tên thủ tục hành chính": "Cấp đổi giấy"},
             {"n": "21", **LATE, "Lĩnh vực": "Nuôi con nuôi", "Mã TTHC": "2.000002",
              "Tên thủ tục hành chính": "Đăng ký việc nuôi con nuôi"}]  # fmt: skip
    inbox.ingest(workspace, [register(workspace / "so.csv", rows)])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    text = "\n".join(
        [*shown((found := issue(q, slips=False)).public[1]), found.public[0].read_text("utf-8")]
    )
    assert len(found.rows) == 9
    assert not any(word in text for word in ("Đất đai", "Cấp đổi", "nuôi con nuôi", "2.00000"))
    assert "Lĩnh vực hoặc thủ tục để dấu …" in text


def test_none_late(workspace: Path) -> None:
    rows = [{"n": str(n), "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "19/03/2024"}
            for n in range(1, 7)]  # fmt: skip
    inbox.ingest(workspace, [register(workspace / "so.csv", rows)])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    found = issue(q)
    assert owed(q) == [] and found.slips is not None and found.slips.files == ()
    assert "Không có hồ sơ nào quá hạn" in "\n".join(found.lines())
    assert read(found.public[0]) == []
    assert "không có hồ sơ nào giải quyết quá hạn" in "\n".join(shown(found.public[1]))
    assert not (workspace / "internal" / "apologies").exists()


def test_what_looks_personal_stops_the_list(workspace: Path) -> None:
    rows = [{"n": str(n), **LATE, "Lĩnh vực": "Gọi 0912 345 678"} for n in range(1, 8)]
    inbox.ingest(workspace, [register(workspace / "so.csv", rows)])
    q = office.open(workspace).period("2024-Q1", audience="internal")
    with pytest.raises(LeakError) as stopped:
        issue(q, slips=False)
    assert "0912" not in str(stopped.value)
    assert not list((workspace / "reports").rglob("apologies.*"))
