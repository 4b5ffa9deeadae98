"""Every ``dossiers.*`` figure of the sample, against a computation that shares no code with us."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from cchc_analysis import shipped
from cchc_analysis.office import Office

from . import oracle

PERIODS = (
    *(f"{year}-Q{n}" for year, n in [(2023, 3), (2023, 4), *((2024, n) for n in range(1, 5))]),
    "2024-H1", "2024-H2", "2024-9M", "2024", "2024-02", "2024-11",
)  # fmt: skip
CUTS = ("calendar", "reporting")
CATALOGUE = shipped.path("data", "reference", "procedures.csv")


@pytest.fixture(scope="session")
def state() -> Any:
    return oracle.load(shipped.path("data", "sample"))


def target(office: Office, year: int) -> Decimal | None:
    found = office.plan(year).target("dossiers.on_time_rate")
    return found.value if found else None


def compare(office: Office, state: Any, label: str, cut: str) -> None:
    q = office.period(label, cut=cut)
    start, end = oracle.spans(label, cut)
    assert (q.start, q.end) == (start, end)
    assert q.complete == oracle.covered(state, start, end)
    theirs = oracle.figures(
        state, start, end, target=target(office, q.period.year), catalogue=CATALOGUE
    )
    ours = {r.id: r for r in q.results if r.id.startswith("dossiers.")}
    assert {id for id in theirs if theirs[id][2] is not None} <= set(ours)
    for id, (numerator, denominator, value) in theirs.items():
        row = ours[id]
        if value is None:
            assert row.value is None, id
            continue
        assert row.value == pytest.approx(float(value), abs=1e-12), id
        if denominator is not None:
            assert (row.numerator, row.denominator) == (numerator, denominator), id
            if denominator and id.endswith("_rate"):
                assert (row.low, row.high) == pytest.approx(
                    oracle.wilson(numerator, denominator), abs=1e-9
                ), id


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", PERIODS)
def test_every_figure(sample: Office, state: Any, label: str, cut: str) -> None:
    compare(sample, state, label, cut)


@pytest.mark.parametrize("label", ["2023-Q4", "2024-Q3", "2024"])
@pytest.mark.parametrize("key", ["field", "procedure_code", "channel"])
def test_every_breakdown(sample: Office, state: Any, label: str, key: str) -> None:
    q = sample.period(label)
    theirs = oracle.by(state, q.start, q.end, key)
    ours = q.by(key).set_index(key)
    for value, figures in theirs.items():
        for name in ("received", "resolved", "resolved_late", "open", "carried_over"):
            assert ours.loc[value, name] == figures[f"dossiers.{name}"][2], (value, name)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", PERIODS)
def test_late_dossiers_one_by_one(sample: Office, state: Any, label: str, cut: str) -> None:
    q = sample.period(label, cut=cut)
    for theirs, ours in (
        (oracle.late(state, q.start, q.end), q.late),
        (oracle.open_overdue(state, q.start, q.end), q.open_overdue),
    ):
        expected = {r["code"]: (r["late_days"], bool(r["recorded_only"])) for r in theirs}
        found = {
            r["code"]: (int(r["late_days"]), bool(r["recorded_only"]))
            for r in ours.to_dict("records")
        }
        assert found == expected


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", PERIODS)
def test_identity(sample: Office, label: str, cut: str) -> None:
    assert sample.period(label, cut=cut).identity.holds


def test_comparisons_are_those_periods_own_figures(sample: Office) -> None:
    q = sample.period("2024-Q3")
    others = {
        "previous": "2024-Q2", "same_last_year": "2023-Q3", "year_to_date": "2024-9M",
    }  # fmt: skip
    for name, label in others.items():
        theirs = {r.id: r.value for r in sample.period(label).results}
        for row in q.results:
            if row.id.startswith("dossiers.") and row.id != "dossiers.late_over_allowance":
                assert getattr(row, name) == theirs[row.id], (name, row.id)


def test_no_comparison_with_a_period_not_covered(sample: Office) -> None:
    row = sample.period("2023-Q3").result("dossiers.received")
    assert (row.previous, row.same_last_year, row.year_to_date) == (None, None, None)
    assert row.status == "ok"
    reporting = sample.period("2023-Q3", cut="reporting")
    assert reporting.result("dossiers.received").status == "incomplete_period"


def test_files_are_set_aside_row_by_row(sample: Office, state: Any) -> None:
    for export in sample.store.exports("dossiers"):
        theirs = state.files[export.receipt.file]
        receipt = export.receipt
        assert receipt.rows_in == theirs.rows_in
        assert receipt.duplicates == theirs.duplicates
        assert {row.row for row in export.set_aside} == set(theirs.set_aside)
        assert receipt.accepted == theirs.rows_in - theirs.duplicates - len(theirs.set_aside)


def test_as_of_inside_a_period_ends_it_the_day_before(sample: Office) -> None:
    q = sample.period("2024-H1", as_of=dt.date(2024, 4, 10))
    assert q.end == dt.date(2024, 4, 9)
    assert not q.complete
    assert max(export.exported_at for export in q.exports) <= dt.datetime(2024, 4, 10)
    assert len(q.exports) == 3
    assert q.result("dossiers.received").previous is None
