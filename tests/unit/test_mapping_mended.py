"""A mapping mended after the file was taken in has no effect by itself: it is said what has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cchc_analysis import cli, office
from cchc_analysis.workspace import inbox

TABLE = """\
Ref;Opened;Promised;Closed;State
A-1;2024-10-03 08:00;2024-10-10;2024-10-09;Done
A-2;2024-10-03 08:00;2024-10-10;2024-10-14;Taken back
"""
MAPPING = """\
table = "dossiers"

[columns]
code = "Ref"
received_at = "Opened"
due_at = "Promised"
finished_at = "Closed"
status = "State"
"""
MENDED = MAPPING + '\n[values.status]\nDone = "resolved"\n"Taken back" = "withdrawn"\n'


@pytest.fixture
def file(workspace: Path) -> Path:
    made = workspace / "data/inbox/requests.csv"
    made.write_text(TABLE, encoding="utf-8")
    beside(made, MAPPING)
    return made


def beside(file: Path, mapping: str) -> None:
    file.with_name("requests.mapping.toml").write_text(mapping, encoding="utf-8")


def test_a_register_without_a_readable_status_says_so_with_the_remedy(
    file: Path, workspace: Path
) -> None:
    (taken,) = inbox.ingest(workspace)
    (said,) = [text for text in taken.lines() if "QUAN TRỌNG" in text]
    assert "“State”" in said and "[values.status]" in said


def test_the_commands_printed_make_the_mended_mapping_count(file: Path, workspace: Path) -> None:
    inbox.ingest(workspace)
    assert office.open(workspace).period("2024-Q4").counts["withdrawn"] == 0
    beside(file, MENDED)
    (taken,) = inbox.ingest(workspace)
    assert taken.outcome == "known"
    (said,) = [text for text in taken.lines() if "requests.mapping.toml" in text]
    found = re.search(r'cchc withdraw (\w+) --reason "(.+?)", rồi cchc ingest "(.+?)"', said)
    assert found
    id, reason, path = found.groups()
    for command in (["withdraw", id, "--reason", reason], ["ingest", path]):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(workspace), *command])
        assert not stopped.value.code
    assert office.open(workspace).period("2024-Q4").counts["withdrawn"] == 1
    assert [(t.outcome, t.hints) for t in inbox.ingest(workspace)] == [("known", ())]


def test_the_same_mapping_written_otherwise_is_no_news(file: Path, workspace: Path) -> None:
    inbox.ingest(workspace)
    beside(file, "# của xã\n" + MAPPING.replace(" = ", "="))
    assert [(t.outcome, t.hints) for t in inbox.ingest(workspace)] == [("known", ())]


def test_a_mapping_laid_beside_a_file_read_without_one_is_news(workspace: Path, file: Path) -> None:
    file.with_name("requests.mapping.toml").unlink()
    file.write_text(
        TABLE.replace("Ref;Opened;Promised;Closed;State",
                      "Mã hồ sơ;Ngày tiếp nhận;Ngày hẹn trả;Ngày xử lý xong;State"),
        encoding="utf-8",
    )  # fmt: skip
    assert [t.outcome for t in inbox.ingest(workspace)] == ["new"]
    beside(file, 'table = "dossiers"\n[columns]\nstatus = "State"\n')
    assert "cchc withdraw" in "".join(inbox.ingest(workspace)[0].hints)
