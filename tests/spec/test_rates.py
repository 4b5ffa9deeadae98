"""Numerators and denominators of the rates, by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cchc_analysis import flag, on_time, prepare, tally
from cchc_analysis.indicators.dossiers import late_allowance
from cchc_analysis.indicators.results import dossier_values

from .tables import dossiers

TABLE = """
code channel  received_at due_at     finished_at status      fee   paid_online digitised_intake digitised_result notified_by apology supplements procedure_code
a    online   2024-01-02  2024-01-05 2024-01-04  handed_over 8000  x           x                x                zalo        .       .           1.001193.000
b    direct   2024-01-02  2024-01-05 2024-01-08  handed_over 8000  .           x                .                phone       written .           1.001193.000
c    postal   2024-01-03  2024-01-10 2024-01-10  resolved    0     .           .                x                sms         .       1           2.000815.000
d    direct   2024-01-03  2024-01-10 .           processing  0     .           .                .                .           phone   .           2.000815.000
e    online   2024-01-03  2024-01-10 .           supplement  5000  .           x                .                .           .       .           9.999999.000
f    direct   2024-01-03  2024-01-10 2024-01-09  withdrawn   0     .           x                .                .           .       .           2.000815.000
g    online   2024-01-03  2024-01-10 .           refused     9000  x           x                x                .           .       .           1.001193.000
"""
EXPECTED = {
    "on_time_rate": (2, 3),  # a, c of a, b, c
    "on_time_rate_with_open": (2, 4),  # and d, open and overdue
    "on_time_rate_by_due": (2, 4),  # due: a b c d; not e (waits), f (withdrawn), g (refused)
    "apology_rate": (1, 2),  # b in writing; d by telephone only
    "online_rate": (2, 6),
    "online_rate_eligible": (1, 2),  # a, b have an online service
    "paid_online_rate": (1, 3),  # fees: a b e
    "digitised_intake_rate": (2, 4),  # b f of b c d f
    "digitised_intake_rate_all": (4, 6),
    "digitised_result_rate": (2, 3),
    "notified_rate": (2, 3),  # a by Zalo, c by SMS
    "supplement_rate": (2, 6),  # c was asked once, e waits now
    "postal_rate": (1, 6),
}


@pytest.fixture
def counts() -> dict[str, int]:
    prepared = prepare(dossiers(TABLE), eligible={"1.001193"})
    flagged = flag(prepared, dt.date(2024, 1, 1), dt.date(2024, 3, 31))
    return dict(tally(flagged).iloc[0])


@pytest.mark.parametrize("name", EXPECTED)
def test_rate(counts: dict[str, int], name: str) -> None:
    value = dossier_values(counts)[f"dossiers.{name}"]
    assert (value.numerator, value.denominator) == EXPECTED[name]


def test_a_column_the_register_lacks_gives_no_figure(counts: dict[str, int]) -> None:
    values = dossier_values(counts, columns={"code", "received_at", "due_at", "finished_at"})
    assert values["dossiers.online_rate"].status == "no_column"
    assert values["dossiers.online_rate"].value is None
    assert values["dossiers.on_time_rate"].value == pytest.approx(2 / 3)


def test_without_a_catalogue_no_rate_of_the_eligible(counts: dict[str, int]) -> None:
    value = dossier_values(counts, has_catalogue=False)["dossiers.online_rate_eligible"]
    assert (value.value, value.status) == (None, "no_catalogue")


@pytest.mark.parametrize(
    ("n", "target", "allowed"),
    [
        (600, "0.999", 0),
        (999, "0.999", 0),
        (1000, "0.999", 1),
        (2000, "0.999", 2),
        (700, "0.99", 7),
    ],
)
def test_allowance_is_exact(n: int, target: str, allowed: int) -> None:
    assert late_allowance(n, Decimal(target)) == allowed


def test_on_time_answers_in_kind() -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    frame = dossiers(TABLE)
    answer = on_time(frame, by="channel")
    assert isinstance(answer, pd.DataFrame)
    assert answer.set_index("channel").loc["direct", ["numerator", "denominator"]].tolist() == [
        0,
        1,
    ]
    relation = on_time(duckdb.from_df(frame), by="channel")
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    pd.testing.assert_frame_equal(relation.df(), answer)
    as_polars = pl.DataFrame(frame.astype(object).where(frame.notna(), None).to_dict("list"))
    assert isinstance(on_time(as_polars, by="channel"), pl.DataFrame)
    assert on_time(as_polars, by="channel")["value"].to_list() == pytest.approx(
        [None if value != value else value for value in answer["value"]]
    )
