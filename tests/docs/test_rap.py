"""The page on RAP levels names evidence that is there; the version stands in one place."""

from __future__ import annotations

import re
import tomllib

import pytest

from cchc_analysis.briefs.record import versions
from cchc_analysis.cli import log

from .pages import ROOT

PAGE = (ROOT / "docs" / "rap.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:[\w.]+/)+[\w.]*|[\w.-]+\.(?:py|toml|txt))`", PAGE)


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"internal/log.jsonl"}))
def test_evidence_is_there(name: str) -> None:
    assert any((ROOT / room / name).exists() for room in (".", "cchc_analysis", "tests")), name


def test_every_line_is_answered() -> None:
    lines = re.findall(r"(?m)^\| \*(.+?)\* \| (.+?) \| (.+) \|$", PAGE)
    assert [len(re.findall(r"(?m)^\| \*", part)) for part in PAGE.split("\n## ")[1:4]] == [5, 9, 4]
    assert len(lines) == 18 and all(len(evidence) > 30 for _, _, evidence in lines)
    assert {met.strip("*") for _, met, _ in lines} <= {"yes", "half", "no", "not yet"}


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == log.version() == versions()["cchc-analysis"]
    text = f'"{project["version"]}"'
    code = [
        path for path in (ROOT / "cchc_analysis").rglob("*.py") if text in path.read_text("utf-8")
    ]
    assert code == []
    assert f"will be {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
