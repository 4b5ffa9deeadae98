"""What was withdrawn stays out, however often the inbox is looked through, until asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cchc_analysis import cli, office
from cchc_analysis.store import Export, Store
from cchc_analysis.workspace import inbox
from cchc_analysis.workspace.state import look
from tests.registers import register, row


@pytest.fixture
def file(workspace: Path) -> Path:
    made = register(
        workspace / "data/inbox/So.csv", [row("0001", "02/01/2024", "05/01/2024", "04/01/2024")]
    )
    assert [t.outcome for t in inbox.ingest(workspace)] == ["new"]
    return made


def store(root: Path) -> Store:
    return office.open(root).store


def withdrawn(root: Path) -> Export:
    (export,) = store(root).exports()
    return store(root).withdraw(export.id, "nhầm xã")


def test_a_plain_ingest_leaves_it_out_and_says_so_in_a_line(
    file: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    withdrawn(workspace)
    for _ in range(2):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(workspace), "ingest"])
        assert not stopped.value.code
        said = capsys.readouterr().out.splitlines()
        day = f"{dt.date.today():%d/%m/%Y}"
        assert len(said) == 2 and f"đã rút ngày {day}" in said[0] and "ghi rõ tên tệp" in said[0]
        assert said[1].startswith("Tổng cộng: 0 tệp mới") and "1 tệp đã rút" in said[1]
        assert not store(workspace).exports()


def test_naming_the_file_takes_it_in_again(file: Path, workspace: Path) -> None:
    withdrawn(workspace)
    by_name = Path(file.name)  # as messages name it: it lies in the inbox
    assert [t.outcome for t in inbox.ingest(workspace, [by_name])] == ["new"]
    assert [t.outcome for t in inbox.ingest(workspace)] == ["known"]
    assert len(store(workspace).exports()) == 1


def test_status_shows_it_and_offers_no_step(file: Path, workspace: Path) -> None:
    gone = withdrawn(workspace)
    found = look(office.open(workspace))
    assert [w.gone and w.gone.id for w in found.waiting] == [gone.id]
    assert "đã rút ngày" in found.waiting[0].text() and "tệp mới" not in " ".join(found.to_do)


def test_a_tombstone_without_a_day_counts_all_the_same(file: Path, workspace: Path) -> None:
    gone = withdrawn(workspace)
    tombstone = store(workspace).folder / "exports" / f"{gone.id}.withdrawn"
    tombstone.write_text('{"reason": "nhầm"}', "utf-8")  # as an older version wrote it
    (taken,) = inbox.ingest(workspace)
    assert taken.outcome == "withdrawn" and "đã rút trước đây" in taken.lines()[0]


def test_what_was_taken_in_again_and_then_damaged_is_mended(file: Path, workspace: Path) -> None:
    withdrawn(workspace)
    (taken,) = inbox.ingest(workspace, [file])
    assert taken.export is not None
    taken.export.path.unlink()
    assert [t.outcome for t in inbox.ingest(workspace)] == ["new"]
    replaced = store(workspace).exports(withdrawn=True)
    assert len(replaced) == 3 and len(store(workspace).exports()) == 1


def test_the_command_says_what_to_do_with_the_file(
    file: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (export,) = store(workspace).exports()
    with pytest.raises(SystemExit):
        cli.main(["-C", str(workspace), "withdraw", export.id, "--reason", "nhầm"])
    said = capsys.readouterr().out
    assert "data/inbox" in said and "chuyển" in said and "cchc ingest TỆP" in said
