"""Files whose title names another commune, and how a file was read: what is said, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, sections
from cchc_analysis.workspace import inbox
from cchc_analysis.workspace.state import State, look
from tests.registers import register, row

ROWS = [row("0001", "02/01/2024", "05/01/2024", "04/01/2024")]


@pytest.fixture
def foreign(workspace: Path) -> Path:
    return register(workspace / "data/inbox/XaKhac.csv", ROWS, unit="UBND XÃ ĐÔNG LĨNH")


def state(root: Path) -> State:
    return look(office.open(root))


def test_a_refusal_says_what_to_do_if_the_file_is_not_ours(foreign: Path, workspace: Path) -> None:
    (taken,) = inbox.ingest(workspace)
    said = str(taken.error)
    assert "ĐÔNG LĨNH" in said and "chuyển tệp đi nơi khác" in said and "cchc exports" in said


def test_status_remembers_why_and_does_not_offer_the_file_as_new(
    foreign: Path, workspace: Path
) -> None:
    assert not state(workspace).waiting[0].refused
    inbox.ingest(workspace)
    found = state(workspace)
    assert "ĐÔNG LĨNH" in found.waiting[0].text() and not found.new
    assert "tệp mới" not in " ".join(found.to_do) and "1 tệp lần trước" in found.to_do[0]
    assert found.as_dict()["inbox"][0]["refused"]


def test_a_file_or_a_mapping_that_was_mended_is_new_again(foreign: Path, workspace: Path) -> None:
    inbox.ingest(workspace)
    beside = foreign.with_name("XaKhac.mapping.toml")
    beside.write_text('table = "dossiers"', encoding="utf-8")
    assert [w.file for w in state(workspace).new] == [foreign.name]
    beside.unlink()
    register(foreign, ROWS)
    assert [w.file for w in state(workspace).new] == [foreign.name]
    assert [t.outcome for t in inbox.ingest(workspace)] == ["new"]
    assert not state(workspace).waiting


def test_what_was_taken_in_nevertheless_says_whose_title_it_has(
    foreign: Path, workspace: Path
) -> None:
    inbox.ingest(workspace)
    (taken,) = inbox.ingest(workspace, unit="thieu-van")
    assert len([text for text in taken.lines() if "ĐÔNG LĨNH" in text and "--unit" in text]) == 1
    assert not state(workspace).waiting
    shown = sections.files(office.open(workspace).period("2024-Q1")).data
    assert len([text for text in shown["notes"] if "ĐÔNG LĨNH" in text]) == 1


def test_a_file_of_ours_says_nothing_of_titles(workspace: Path) -> None:
    register(workspace / "data/inbox/Ta.csv", ROWS)
    (taken,) = inbox.ingest(workspace, unit="thieu-van")
    assert taken.hints == () and taken.export and taken.export.receipt.titled == ""
    assert len(sections.files(office.open(workspace).period("2024-Q1")).data["notes"]) == 1
