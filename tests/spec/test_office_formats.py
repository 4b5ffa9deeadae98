"""The same register saved in other formats gives the same rows, set aside and figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, shipped
from cchc_analysis.workspace import inbox

from ..libreoffice import convert

pytestmark = pytest.mark.pdf
REGISTER = "SoTheoDoiHoSo_Q2_2024"


@pytest.mark.parametrize("suffix", ["xls", "ods", "html"])
def test_another_format_reads_the_same(
    sample: office.Office, workspace: Path, tmp_path: Path, suffix: str
) -> None:
    path = convert(shipped.path("data", "sample", f"{REGISTER}.xlsx"), suffix, tmp_path)
    if suffix == "html":  # portals call such a page .xls
        path = path.rename(path.with_suffix(".xls"))
    taken = inbox.ingest(workspace, [path])[0]
    assert taken.error is None and taken.export is not None
    name = f"{REGISTER}.xlsx"
    theirs = next(e for e in sample.store.exports("dossiers") if e.receipt.file == name)
    ours = taken.export
    assert [row.row for row in ours.set_aside] == [row.row for row in theirs.set_aside]
    for count in ("rows_in", "accepted", "set_aside", "duplicates", "window_from", "exported_at"):
        assert getattr(ours.receipt, count) == getattr(theirs.receipt, count), count
    alone = office.open(workspace).period("2024-Q2").counts
    assert (alone["received"], alone["resolved"], alone["resolved_late"]) == (684, 668, 28)
