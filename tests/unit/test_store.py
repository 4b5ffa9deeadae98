"""The store: the same file is once, the order of ingesting does not matter, nothing is lost."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.errors import StoreError
from cchc_analysis.workspace import inbox

from ..registers import register, row


def versions(folder: Path) -> list[Path]:
    """Three exports: a dossier open, then late, then a correction of another export."""
    folder.mkdir()
    return [
        register(
            folder / "a.csv",
            [row("0001", "02/01/2024", "09/01/2024", status="Đang xử lý")],
            window=("01/01/2024", "05/01/2024"),
            exported="05/01/2024 08:00",
        ),
        register(
            folder / "b.csv",
            [
                row("0001", "02/01/2024", "09/01/2024", "11/01/2024"),
                row("0002", "03/01/2024", "10/01/2024", "09/01/2024"),
            ],
            window=("01/01/2024", "31/01/2024"),
            exported="05/02/2024 08:00",
        ),
        register(
            folder / "c.csv",
            [row("0002", "03/01/2024", "10/01/2024", "12/01/2024")],
            window=("01/01/2024", "31/01/2024"),
            exported="06/02/2024 08:00",
        ),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_gives_the_same_current_view(
    workspace: Path, tmp_path: Path, order: tuple[int, ...]
) -> None:
    files = versions(tmp_path / "files")
    for n in order:
        inbox.ingest(workspace, [files[n]])
    q = office.open(workspace).period("2024-01")
    assert q.counts["resolved_late"] == 2
    assert q.counts["received"] == 2


def test_as_of_sees_the_exports_of_that_day(workspace: Path, tmp_path: Path) -> None:
    inbox.ingest(workspace, versions(tmp_path / "files"))
    the_office = office.open(workspace)
    q = the_office.period("2024-01", as_of=dt.date(2024, 2, 5))
    assert (q.counts["resolved_late"], q.counts["resolved_early"]) == (1, 1)


def test_the_same_content_twice_is_once(workspace: Path, tmp_path: Path) -> None:
    file = versions(tmp_path / "files")[1]
    again = file.with_name("renamed.csv")
    again.write_bytes(file.read_bytes())
    done = inbox.ingest(workspace, [file, again, file])
    assert [taken.outcome for taken in done] == ["new", "known", "known"]
    assert len(office.open(workspace).store.exports()) == 1


def test_withdrawn_is_out_of_every_view_and_nothing_is_deleted(
    workspace: Path, tmp_path: Path
) -> None:
    inbox.ingest(workspace, versions(tmp_path / "files"))
    store = office.open(workspace).store
    newest = store.exports()[-1]
    before = {path for path in store.folder.rglob("*") if path.is_file()}
    store.withdraw(newest.id[:6], "nạp nhầm")
    assert before < {path for path in store.folder.rglob("*") if path.is_file()}
    assert office.open(workspace).period("2024-01").counts["resolved_late"] == 1
    assert [e.withdrawn for e in store.exports(withdrawn=True)] == [None, None, "nạp nhầm"]
    with pytest.raises(StoreError):
        store.withdraw(newest.id, "lần nữa")


def test_a_withdrawn_file_can_come_back(workspace: Path, tmp_path: Path) -> None:
    file = versions(tmp_path / "files")[1]
    inbox.ingest(workspace, [file])
    store = office.open(workspace).store
    store.withdraw(store.exports()[0].id, "đọc sai cột")
    assert inbox.ingest(workspace, [file])[0].outcome == "new"
    assert office.open(workspace).period("2024-01").counts["received"] == 2


def test_a_corrected_row_comes_in_beside_the_rest(workspace: Path, tmp_path: Path) -> None:
    good = [row(f"000{n}", "02/01/2024", "09/01/2024", "08/01/2024") for n in range(1, 5)]
    bad = row("0009", "02/01/2024", "09/01/2024", "01/01/2024")
    mended = row("0009", "02/01/2024", "09/01/2024", "10/01/2024")
    first = register(tmp_path / "first.csv", [*good, bad])
    second = register(tmp_path / "second.csv", [mended], exported="06/04/2024 08:00")
    inbox.ingest(workspace, [first])
    assert len(office.open(workspace).period("2024-Q1").set_aside) == 1
    inbox.ingest(workspace, [second])
    q = office.open(workspace).period("2024-Q1")
    assert len(q.set_aside) == 0
    assert q.counts["resolved_late"] == 1
    assert len(q.vanished) == 0  # a file with one corrected row says nothing of the others


def test_vanished_stays_counted_and_is_listed(workspace: Path, tmp_path: Path) -> None:
    rows = [row(f"000{n}", "02/01/2024", "09/01/2024", "08/01/2024") for n in range(1, 5)]
    rows.append(row("0005", "02/01/2024", "09/01/2024", "12/01/2024"))
    inbox.ingest(workspace, [register(tmp_path / "a.csv", rows)])
    newer = register(tmp_path / "b.csv", rows[:4], exported="10/04/2024 08:00")
    inbox.ingest(workspace, [newer])
    q = office.open(workspace).period("2024-Q1")
    assert q.counts["resolved_late"] == 1
    assert q.vanished["code"].tolist() == ["000.17.31.H56-240102-0005"]
