"""Other offices than the sample: every status, other layouts, none and few late dossiers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import Truth, make_office

from . import oracle

QUARTERS = ("2024-Q1", "2024-Q2")


def take_in(folder: Path, exports: Path) -> office.Office:
    """A workspace of its own for the made-up office."""
    root = lay_out(folder, unit="dong-linh", name="xã Đông Lĩnh")
    done = inbox.ingest(root, sorted(exports.iterdir()))
    assert [row.error for row in done if row.error] == []
    return office.open(root)


@pytest.mark.parametrize("seed", [5, 6])
def test_every_figure_of_an_office_with_every_status(tmp_path: Path, seed: int) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    make_office(exports, seed=seed, quarters=QUARTERS, dossiers_per_quarter=250)
    the_office = take_in(tmp_path / "ws", exports)
    state = oracle.load(exports)
    for label in (*QUARTERS, "2024-H1", "2024-02"):
        for cut in ("calendar", "reporting"):
            q = the_office.period(label, cut=cut)
            theirs = oracle.figures(state, q.start, q.end, target=Decimal("0.999"))
            for id, (numerator, denominator, value) in theirs.items():
                ours = q.values[id]
                assert ours.value == (None if value is None else pytest.approx(value)), (label, id)
                if denominator is not None:
                    assert (ours.numerator, ours.denominator) == (numerator, denominator), id
            assert q.identity.holds


def late_in(truth: Truth) -> set[str]:
    return {dossier.code for dossier in truth.late() if dossier.late_seen == "resolved"}


@pytest.mark.parametrize(
    ("layout", "fmt"),
    [("igate", "xlsx"), ("td", "csv"), ("td", "xlsx"), ("combined", "xlsx"), ("thieu-van", "csv")],
)
def test_other_layouts_tell_the_same_late_dossiers(tmp_path: Path, layout: str, fmt: str) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    truth = make_office(
        exports, seed=7, quarters=QUARTERS, dossiers_per_quarter=200, layout=layout, fmt=fmt
    )
    the_office = take_in(tmp_path / "ws", exports)
    for export in the_office.store.exports("dossiers"):
        expected = truth.file(export.receipt.file)
        assert export.receipt.rows_in == expected.rows_in
        assert {r.row for r in export.set_aside} == {r.row for r in expected.set_aside}
    found = {code for label in QUARTERS for code in the_office.period(label).late["code"]}
    # Finished between the quarter's end and its printing: in the register, not in the quarter.
    after = {d.code for d in truth.late() if d.finished_at and d.finished_at.month > 6}
    assert found == late_in(truth) - after


@pytest.mark.parametrize("late", [0, 1, 2])
def test_few_late_dossiers_are_said_as_counts(tmp_path: Path, late: int) -> None:
    from cchc_analysis.phrases import headline

    exports = tmp_path / "exports"
    exports.mkdir()
    make_office(exports, seed=8, quarters=("2024-Q3",), kind="calm", late=late)
    q = take_in(tmp_path / "ws", exports).period("2024-Q3")
    assert q.counts["resolved_late"] <= late
    said = " ".join(headline(q))
    allowed = q.values["dossiers.late_allowance"].value
    met = q.result("dossiers.on_time_rate").met
    assert met is (q.counts["resolved_late"] <= (allowed or 0))
    assert ("Không có hồ sơ giải quyết quá hạn" in said) is (q.counts["resolved_late"] == 0)


def test_an_empty_log_says_nothing_of_work_done(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    make_office(exports, seed=9, quarters=("2024-Q1",), dossiers_per_quarter=150, empty_log=True)
    q = take_in(tmp_path / "ws", exports).period("2024-Q1")
    assert q.counts["resolved_late"] > 0
    assert q.counts["late_recorded_work_done"] == 0
    assert q.counts["late_recorded_only"] == q.counts["late_recorded_handed_over"]
