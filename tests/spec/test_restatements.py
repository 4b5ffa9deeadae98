"""Six planted edits in a quarter exported again: all found, none invented, the figures' moves equal
to an independent recomputation; and a year of ordinary work is no restatement.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import cli, office, shipped
from cchc_analysis.briefs.restated import restated_tables
from cchc_analysis.workspace import inbox

from ..reexports import Change, export_again
from . import oracle

QUARTER, FIRST = "2024-Q3", dt.date(2024, 10, 5)
FILE = "SoTheoDoiHoSo_Q3_2024.xlsx"
CATALOGUE = shipped.path("data", "reference", "procedures.csv")


@pytest.fixture(scope="module")
def planted(
    sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Change]]:
    """The sample's workspace with its third quarter exported again in November, and the edits."""
    root = tmp_path_factory.mktemp("restated")
    shutil.copytree(sample_workspace / "data", root / "data")
    again = root / "again" / FILE
    again.parent.mkdir()
    edits = export_again(shipped.path("data", "sample", FILE), again, "10/11/2024 09:00")
    assert [done.error for done in inbox.ingest(root, [again])] == [None]
    return root, edits


def test_the_six_are_found_with_their_kind_and_no_other(
    planted: tuple[Path, dict[str, Change]],
) -> None:
    root, edits = planted
    r = office.open(root).period(QUARTER).restatements
    assert r.since == FIRST and r.complete
    rows = r.dossiers.to_dict("records")
    assert {row["code"]: (row["change"], row["field"]) for row in rows} == edits
    assert len(rows) == len(edits) == 6


def test_the_figures_move_as_an_independent_computation_says(
    planted: tuple[Path, dict[str, Change]], tmp_path: Path
) -> None:
    root, _ = planted
    q = office.open(root).period(QUARTER)
    target = q.target.value if q.target else Decimal(0)

    def figures(name: str, later: bool) -> dict[str, Any]:
        folder = tmp_path / name
        folder.mkdir()
        for path in shipped.path("data", "sample").iterdir():
            if path.name.startswith(("SoTheo", "NhatKy")) and (later or "Q4_2024" not in path.name):
                shutil.copyfile(path, folder / path.name)
        if later:
            shutil.copyfile(root / "again" / FILE, folder / "SoTheoDoiHoSo_again.xlsx")
        state = oracle.load(folder)
        found = oracle.figures(state, q.start, q.end, target=target, catalogue=CATALOGUE)
        return {id: None if v is None else float(v) for id, (_, _, v) in found.items()}

    first, now = figures("first", later=False), figures("now", later=True)
    expected = {id: (first[id], now[id]) for id in now if first[id] != now[id]}
    ours = {
        row["id"]: (row["first"], row["now"])
        for row in q.restatements.figures.to_dict("records")
        if row["id"] in now
    }
    assert len(expected) > 5 and set(ours) == set(expected)
    for id, values in expected.items():
        assert ours[id] == pytest.approx(values, abs=1e-12), id


def test_other_quarters_are_not_restated(planted: tuple[Path, dict[str, Change]]) -> None:
    the_office = office.open(planted[0])
    for label in ("2023-Q4", "2024-Q1", "2024-Q4"):
        assert the_office.period(label).restatements.dossiers.empty, label


def test_ordinary_work_is_no_restatement(sample: office.Office) -> None:
    """Dossiers open at a quarter's end end in the next, whose register tells them again."""
    gone_on = 0
    for label in ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024"):
        r = sample.period(label).restatements
        assert r.dossiers.empty, label
        assert not r.figures["restated"].astype(bool).any(), label
        gone_on += len(r.figures)
    assert gone_on, "an apology written after the quarter moves its rate, and is told apart"


def test_since_another_day(planted: tuple[Path, dict[str, Change]]) -> None:
    q = office.open(planted[0]).period(QUARTER)
    assert q.restated("2024-11-10").dossiers.empty
    assert len(q.restated("2024-11-09").dossiers) == 6


def test_the_shared_audience_sees_no_code_no_hour_no_channel(
    planted: tuple[Path, dict[str, Change]],
) -> None:
    root, edits = planted
    q = office.open(root).period(QUARTER, audience="shared")
    tables = restated_tables(q.restatements)
    assert len(tables["dossiers"]) == 6
    assert not set(edits) & {row["code"] for row in tables["dossiers"]}
    for row in tables["dossiers"]:
        if row["field"] in ("due_at", "finished_at"):
            assert len(row["was"]) == len(row["now"]) == len("2024-01-31")
        if row["field"] == "channel":  # a dossier in no published list
            assert row["was"] == row["now"] == ""


def test_the_command(
    planted: tuple[Path, dict[str, Change]], capsys: pytest.CaptureFixture[str]
) -> None:
    root, edits = planted
    with pytest.raises(SystemExit) as ended:
        cli.main(["-C", str(root), "restatements", QUARTER, "--json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["code"]: row["change"] for row in told["dossiers"]} == {
        code: change for code, (change, _) in edits.items()
    }
    late = next(row for row in told["figures"] if row["id"] == "dossiers.resolved_late")
    assert late["first"] - late["now"] == 2
    assert set(late) == {"id", "first", "now"}
    with pytest.raises(SystemExit):
        cli.main(["-C", str(root), "restatements", QUARTER])
    said = capsys.readouterr().out
    assert "theo số liệu đến hết ngày 05/10/2024 là" in said  # whether or not it was published
    assert all(code in said for code in edits)
