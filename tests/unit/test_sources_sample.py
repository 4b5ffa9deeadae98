"""Every export that ships is read without a word typed by hand, and every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import shipped

from ..sheets import take

SAMPLE = sorted(shipped.path("data", "sample").iterdir())
DOSSIERS = {
    # rows in, duplicates, rows set aside with their rule
    "Q3_2023": (708, 1, {356: "received_impossible", 527: "received_impossible"}),
    "Q4_2023": (621, 1, {84: "finished_before_received", 205: "code_missing",
                         578: "finished_before_received"}),
    "Q1_2024": (576, 0, {}),
    "Q2_2024": (708, 2, {651: "finished_before_received", 711: "year_not_believable"}),
    "Q3_2024": (717, 1, {43: "code_missing"}),
    "Q4_2024": (656, 0, {574: "year_not_believable", 633: "received_impossible"}),
}  # fmt: skip
TABLES = {
    "SoTheoDoiHoSo": "dossiers", "NhatKyXuLy": "steps", "KhaoSatHaiLong": "survey",
    "ChiTieuChuyenDoiSo": "digital", "PhanAnhKienNghi": "feedback", "TienDoNhiemVu": "tasks",
    "HoatDongCCHC": "activities",
}  # fmt: skip
ROWS = {
    "TienDoNhiemVu": 33, "ChiTieuChuyenDoiSo": 180, "PhanAnhKienNghi": 58, "HoatDongCCHC": 52,
}  # fmt: skip


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_a_shipped_export(path: Path) -> None:
    kind, _, rest = path.stem.partition("_")
    taken = take(path)
    receipt = taken.receipt
    assert taken.table == TABLES[kind]
    assert receipt.rows_in == ROWS.get(kind, receipt.rows_in)
    if kind == "SoTheoDoiHoSo":
        rows_in, duplicates, aside = DOSSIERS[rest]
        assert (receipt.rows_in, receipt.duplicates) == (rows_in, duplicates)
        assert {row.row: row.rule for row in taken.set_aside} == aside
        assert receipt.window_stated and receipt.exported_at_source == "file"
        assert receipt.has_status
        assert taken.frame[["channel", "status", "officer"]].notna().all(axis=None)
    elif kind == "HoatDongCCHC":
        assert {row.row: row.rule for row in taken.set_aside} == {37: "date_missing"}
        assert (receipt.duplicates, receipt.notes) == (1, [])
        assert receipt.window_stated and receipt.exported_at_source == "file"
    else:
        assert (receipt.duplicates, receipt.set_aside) == (0, 0)
        assert not [note for note in receipt.notes if "chưa" in note]
