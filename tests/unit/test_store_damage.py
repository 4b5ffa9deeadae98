"""A store that the disk, or another version, has changed: found by its hash, named, and mended."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.causes import by_hand
from cchc_analysis.errors import StoreError
from cchc_analysis.store import SCHEMA_VERSION, Export, Store, _seal
from cchc_analysis.workspace import inbox

from ..registers import register, row


@pytest.fixture
def two(workspace: Path) -> tuple[Store, list[Export], list[Path]]:
    """A store with two exports, and their raw files."""
    files = [
        register(
            workspace / "data" / "inbox" / f"{n}.csv",
            [row(f"000{n}", "02/01/2024", "09/01/2024", "12/01/2024")],
            exported=f"0{n}/04/2024 08:00",
        )
        for n in (1, 2)
    ]
    assert [t.outcome for t in inbox.ingest(workspace)] == ["new", "new"]
    store = office.open(workspace).store
    return store, store.exports(), files


def flip(path: Path, at: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("what", ["rows flipped", "rows gone", "receipt flipped", "receipt cut"])
def test_damage_is_named_and_mended_by_the_raw_file(
    two: tuple[Store, list[Export], list[Path]], what: str
) -> None:
    store, (hurt, other), _ = two
    receipt = store.folder / "exports" / f"{hurt.id}.json"
    match what:
        case "rows flipped":
            flip(hurt.path)
        case "rows gone":
            hurt.path.unlink()
        case "receipt flipped":
            receipt.write_text(receipt.read_text("utf-8").replace('"rows_in": 1', '"rows_in": 9'))
        case "receipt cut":
            receipt.write_bytes(receipt.read_bytes()[:-40])
    with pytest.raises(StoreError, match=hurt.id):
        store.exports()
    shown = inbox.export_lines(inbox.listed(store))
    assert [("HỎNG" in text, other.id in text) for text in sorted(shown, key=len)] == [
        (False, True), (True, False),
    ]  # fmt: skip
    assert [t.outcome for t in inbox.ingest(store.workspace)] == ["new", "known"]
    assert office.open(store.workspace).period("2024-Q1").counts["received"] == 2
    assert [e.receipt.file for e in store.exports()] == ["1.csv", "2.csv"]


@pytest.mark.parametrize("receipt_too", [False, True])
def test_the_rest_is_usable_after_the_damage_is_withdrawn(
    two: tuple[Store, list[Export], list[Path]], receipt_too: bool
) -> None:
    store, (hurt, _), _ = two
    flip(hurt.path)
    if receipt_too:
        (store.folder / "exports" / f"{hurt.id}.json").write_bytes(b"\0" * 50)
    store.withdraw(hurt.id[:6], "tệp hỏng")
    assert office.open(store.workspace).period("2024-Q1").counts["received"] == 1
    assert "tệp hỏng" in "".join(inbox.export_lines(inbox.listed(store)))


def test_an_export_whose_tombstone_is_damaged_stays_withdrawn(
    two: tuple[Store, list[Export], list[Path]],
) -> None:
    store, (first, _), _ = two
    store.withdraw(first.id, "nạp nhầm")
    (store.folder / "exports" / f"{first.id}.withdrawn").write_bytes(b"{")
    assert [e.receipt.file for e in store.exports()] == ["2.csv"]


def test_a_store_of_the_first_version_reads_the_same(
    two: tuple[Store, list[Export], list[Path]],
) -> None:
    """Version 1 wrote the same receipt without a seal."""
    store, exports, _ = two
    for export in exports:
        path = store.folder / "exports" / f"{export.id}.json"
        content = json.loads(path.read_text("utf-8"))
        assert content.pop("seal")
        path.write_text(json.dumps(content | {"schema": 1}), encoding="utf-8")
    before = [p.read_bytes() for p in sorted(store.folder.rglob("*.json"))]
    assert store.exports() == exports
    assert [p.read_bytes() for p in sorted(store.folder.rglob("*.json"))] == before
    flip(exports[0].path)
    with pytest.raises(StoreError, match="mã băm"):
        store.exports()


def test_a_store_of_the_second_version_does_not_know_how_a_file_was_read(
    two: tuple[Store, list[Export], list[Path]],
) -> None:
    """Version 2 kept neither the mapping nor the unit in the title."""
    store, exports, files = two
    for export in exports:
        path = store.receipt(export.id)
        content = json.loads(path.read_text("utf-8")) | {"schema": 2}
        del content["seal"], content["receipt"]["mapping"], content["receipt"]["titled"]
        path.write_text(json.dumps(content | {"seal": _seal(content)}), encoding="utf-8")
    assert [e.receipt.mapping for e in exports] == ["", ""]
    assert [(e.receipt.mapping, e.receipt.titled) for e in store.exports()] == [(None, "")] * 2
    beside = files[0].with_name("1.mapping.toml")
    beside.write_text('table = "dossiers"', encoding="utf-8")
    assert [(t.outcome, t.hints) for t in inbox.ingest(store.workspace)] == [("known", ())] * 2


def test_a_store_of_a_newer_version_is_not_touched(
    two: tuple[Store, list[Export], list[Path]],
) -> None:
    store, (export, _), files = two
    path = store.folder / "exports" / f"{export.id}.json"
    path.write_text(json.dumps({"schema": SCHEMA_VERSION + 1, "what": "unknown"}), encoding="utf-8")
    (taken, _) = inbox.ingest(store.workspace, files)
    assert "phiên bản mới hơn" in str(taken.error)
    with pytest.raises(StoreError, match="phiên bản mới hơn"):
        store.withdraw(export.id, "x")


def test_a_clock_that_jumps_back_changes_nothing(
    two: tuple[Store, list[Export], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, _ = two
    the_office = office.open(store.workspace)
    code = "000.17.31.H56-240102-0001"

    class Clock(dt.datetime):
        years = iter((2031, 1999))

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls(next(cls.years), 1, 1)

    monkeypatch.setattr(by_hand.dt, "datetime", Clock)
    by_hand.record(the_office, code, "overload", by="An")
    by_hand.record(the_office, code, "portal_outage", by="An")
    assert by_hand.load(store.workspace, "thieu-van")[code]["cause"] == "portal_outage"
    assert the_office.period("2024-Q1").data_day == dt.date(2024, 4, 2)
