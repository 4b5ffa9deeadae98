"""The table of a province says of each unit what the unit's own brief says, on every engine."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from cchc_analysis import office, province
from cchc_analysis.engine import collect
from cchc_analysis.errors import DataError, ParameterError, UnitError
from cchc_analysis.indicators.dossiers import COUNTS, FLAGS, RATES, flag, prepare, tally
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import make_office

QUARTERS = ("2024-Q1", "2024-Q2")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three offices with logs and rules of their own, and one that handed in nothing."""
    root = tmp_path_factory.mktemp("province")
    for seed, slug in enumerate(("dong-linh", "dong-tien", "quang-thinh"), start=31):
        exports = root / "made" / slug
        exports.mkdir(parents=True)
        make_office(exports, seed=seed, quarters=QUARTERS, dossiers_per_quarter=120)
        lay_out(root / "ws", unit=slug, name="xã Đông Lĩnh")
        done = inbox.ingest(root / "ws", sorted(exports.iterdir()), unit=slug)
        assert [row.error for row in done if row.error] == []
    lay_out(root / "ws", unit="xa-moi", name="xã Mới")
    rules = root / "ws" / "data" / "plans" / "dong-tien" / "unit.toml"
    text = rules.read_text(encoding="utf-8")
    text = text.replace('late_rule = "day"', 'late_rule = "time"').replace(
        "closing_day = 14", "closing_day = 20"
    )
    rules.write_text(text, encoding="utf-8")
    return root / "ws"


def own(view: PeriodView, by: str) -> pd.DataFrame:
    """Every flag of one unit's period, by group, as its own brief counts it."""
    frame = collect(tally(flag(view.prepared, view.start, view.end), by))
    frame = frame[(frame[list(FLAGS)] > 0).any(axis=1)]
    return frame.sort_values(by, ignore_index=True, na_position="last")


@pytest.mark.parametrize(
    ("by", "cut", "as_of"),
    [
        ("field", "calendar", None),
        ("channel", "reporting", None),
        ("field", "calendar", "2024-04-20"),
    ],
)
def test_each_row_is_the_units_own(root: Path, by: str, cut: str, as_of: str | None) -> None:
    made = province.figures(root, QUARTERS, by=by, cut=cut, as_of=as_of)
    expected = list(QUARTERS) if as_of is None else ["2024-Q1"]
    assert sorted(set(made.figures["period"])) == expected
    assert len(made.missing) == (2 if as_of is None else 5)
    seen = 0
    for slug in ("dong-linh", "dong-tien", "quang-thinh"):
        for label in expected:
            view = office.open(root, slug).period(label, cut=cut, as_of=as_of)
            rows = made.figures.query("unit == @slug and period == @label").reset_index(drop=True)
            assert (rows["from"] == view.start.isoformat()).all()
            assert (rows["complete"] == view.complete).all()
            theirs = own(view, by)
            assert list(rows[by].fillna("")) == list(theirs[by].fillna(""))
            for at, counts in enumerate(theirs.to_dict("records")):
                values = view._values({name: int(counts[name]) for name in FLAGS})
                seen += same(rows.iloc[at], values)
    assert seen > 500


def same(row: pd.Series[Any], values: dict[str, Any]) -> int:
    """Holds a row of the table against the figures of the same dossiers, id by id."""

    def plain(value: Any) -> Any:
        return None if pd.isna(value) else value

    for name in COUNTS:
        assert plain(row[name]) == values[f"dossiers.{name}"].numerator, name
    for name in RATES:
        value = values[f"dossiers.{name}"]
        found = (row[f"{name}.numerator"], row[f"{name}.denominator"], row[name])
        expected = (value.numerator, value.denominator, value.value)
        if value.status == "no_catalogue":
            continue
        assert tuple(map(plain, found)) == expected, name
    return len(COUNTS) + len(RATES)


def test_the_fields_add_up_to_the_units_results(root: Path) -> None:
    whole = province.figures(root, QUARTERS, ["dong-linh"], by=None).figures
    view = office.open(root, "dong-linh").period("2024-Q2")
    row = whole.query("period == '2024-Q2'").iloc[0]
    assert row["late_recorded_work_done"] > 0
    same(row, view.values)


def test_parts_do_not_change_the_figures(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cchc_analysis.engine import DuckDB

    once = province.figures(root, QUARTERS).figures
    monkeypatch.setattr(DuckDB, "rows", 1)
    pd.testing.assert_frame_equal(province.figures(root, QUARTERS).figures, once)


def test_equal_runs_write_equal_bytes(root: Path, tmp_path: Path) -> None:
    made = province.figures(root, QUARTERS)
    first = [path.read_bytes() for path in province.write(tmp_path, made)]
    shutil.rmtree(tmp_path / "internal")
    again = province.write(tmp_path, province.figures(root, QUARTERS))
    assert [path.read_bytes() for path in again] == first
    assert again[0].read_bytes().startswith(b"\xef\xbb\xbfunit,period,from,to,complete,field,")


def test_what_cannot_be_asked_is_said(root: Path) -> None:
    with pytest.raises(UnitError, match="dong-xa"):
        province.figures(root, QUARTERS, ["dong-xa"])
    with pytest.raises(ParameterError, match="field"):
        province.figures(root, QUARTERS, by="fields")
    with pytest.raises(DataError, match="xa-moi"):
        province.figures(root, QUARTERS, ["xa-moi"])


def test_pandas_polars_and_duckdb_tell_the_same(root: Path, tmp_path: Path) -> None:
    """Without Spark: the definitions on three kinds of frame, every flag by field."""
    q = office.open(root, "dong-linh").period("2024-Q2")
    names = ("code", "ended_seen_at", "worked_until", "field")
    frame = collect(q.prepared)
    base = frame[[*names, *(n for n in frame if n in q.columns and n not in names)]]
    file = tmp_path / "dossiers.parquet"
    span = (dt.date(2024, 4, 1), dt.date(2024, 6, 30))

    def told(kind: Any) -> dict[Any, Any]:
        counts = nw.from_native(tally(flag(prepare(kind), *span), "field"))
        backend = "polars" if isinstance(kind, pl.DataFrame | pl.LazyFrame) else "pandas"
        rows = counts.lazy().collect(backend).rows(named=True)
        return {row["field"]: {name: int(row[name]) for name in FLAGS} for row in rows}

    with duckdb.connect() as connection:
        relation = connection.from_df(base)
        relation.write_parquet(str(file))
        assert told(relation) == told(base)
    assert sum(row["resolved"] for row in told(base).values()) == q.counts["resolved"]
    assert told(pl.scan_parquet(file)) == told(base)
    assert told(pl.read_parquet(file)) == told(base)


@pytest.mark.spark
def test_spark_tells_the_same_to_the_last_digit(root: Path) -> None:
    """Every count and rate of every unit, quarter and field; the frames are equal bit by bit."""
    here = province.figures(root, QUARTERS)
    there = province.figures(root, QUARTERS, source="local[2]")
    assert here.figures["late_recorded_work_done"].sum() > 0
    pd.testing.assert_frame_equal(there.figures, here.figures, check_exact=True)
    assert there.missing == here.missing
