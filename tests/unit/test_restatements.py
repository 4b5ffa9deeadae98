"""What is a restatement and what is how work goes on: one dossier, exported twice."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cchc_analysis import office, shipped
from cchc_analysis.errors import ParameterError
from cchc_analysis.workspace import inbox

from ..registers import register, row

OPEN, WAITING, DONE = "Đang xử lý", "Yêu cầu bổ sung giấy tờ", "Đã xử lý xong"
WITHDRAWN = "Công dân yêu cầu rút hồ sơ"
OTHERS = [row(f"00{n}", "02/01/2024", "09/01/2024", "08/01/2024") for n in range(10, 22)]
R, D = "04/03/2024", "14/03/2024"

Changes = set[tuple[str, str | None]]
DUE, FINISH = ("due_moved", "due_at"), ("finish_moved", "finished_at")
TURNED, RETURN = ("status_turned", "status"), ("return_moved", "returned_at")
# What the office said of a dossier in its first export, in its second, and what changed.
CASES: dict[str, tuple[list[str], list[str], Changes]] = {
    "0101": (row("0101", R, D, "15/03/2024"), row("0101", R, "15/03/2024", "15/03/2024"), {DUE}),
    "0102": (row("0102", R, f"{D} 17:00", "15/03/2024"), row("0102", R, D, "15/03/2024"), set()),
    "0103": (row("0103", R, D, "15/03/2024"), row("0103", R, D, D), {FINISH}),
    "0104": (row("0104", R, D, status=OPEN), row("0104", R, D, "02/04/2024"), set()),
    "0105": (row("0105", R, D, status=OPEN), row("0105", R, D, D), {FINISH, TURNED}),
    "0106": (row("0106", R, D, D), row("0106", R, D, status=OPEN), {FINISH, TURNED}),
    "0107": (row("0107", R, D, D, status=DONE), row("0107", R, D, D, "02/04/2024"), set()),
    "0108": (row("0108", R, D, "20/03/2024", "28/03/2024"), row("0108", R, D, "20/03/2024", D),
             {RETURN}),
    "0109": (row("0109", R, D, D), row("0109", R, D, D, status=WITHDRAWN), {TURNED}),
    "0110": (row("0110", R, D, status=OPEN), row("0110", R, D, status=WAITING), set()),
    "0111": (row("0111", R, D, status=WAITING), row("0111", R, "30/04/2024", "29/04/2024"), set()),
    "0112": (row("0112", R, D, status=OPEN), row("0112", R, "30/04/2024", "29/04/2024"), {DUE}),
    "0113": (row("0113", R, D, status=OPEN), row("0113", R, D, "20/04/2024", status=WITHDRAWN),
             set()),
    "0114": (row("0114", R, D, D), row("0114", R, D, D, field="HỘ TỊCH"), set()),
    "0115": (row("0115", R, D, D), row("0115", R, D, D, field="Chứng thực"),
             {("value_changed", "field")}),
    "0116": (row("0116", R, D, D), [row("0116", R, D, D)[0], *row("0116", "05/03/2024", D, D)[1:]],
             {("received_moved", "received_at")}),
    "0117": (row("0117", R, D, D, status=OPEN), row("0117", R, D, D), {TURNED}),
}  # fmt: skip


def told(
    workspace: Path, *registers: tuple[list[list[str]], str], until: str = "31/03/2024"
) -> None:
    for n, (rows, exported) in enumerate(registers):
        path = workspace / f"{n}.csv"
        register(path, rows, window=("01/01/2024", until), exported=exported)
        assert inbox.ingest(workspace, [path])[0].error is None


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Changes]:
    """The changes of each case, by the last digits of its code."""
    workspace = tmp_path_factory.mktemp("cases")
    shutil.copytree(shipped.path("data", "plans"), workspace / "data" / "plans")
    first, second = ([case[n] for case in CASES.values()] for n in (0, 1))
    told(
        workspace, ([*OTHERS, *first], "05/04/2024 08:00"),
        ([*OTHERS, *second], "10/05/2024 08:00"),
    )  # fmt: skip
    rows = office.open(workspace).period("2024-Q1").restatements.dossiers
    by_code: dict[str, Changes] = {}
    for code, change, field in rows[["code", "change", "field"]].itertuples(index=False):
        by_code.setdefault(code[-4:], set()).add((change, field))
    assert len(rows) == sum(map(len, by_code.values())), "each change once"
    return by_code


@pytest.mark.parametrize("case", CASES)
def test_one_dossier_exported_twice(found: dict[str, Changes], case: str) -> None:
    assert found.get(case, set()) == CASES[case][2]


def test_nothing_else_is_found(found: dict[str, Changes]) -> None:
    assert set(found) == {case for case, (_, _, changes) in CASES.items() if changes}


def test_a_day_says_which_report_was_first(workspace: Path) -> None:
    """The first export that covers the whole quarter, not the first that speaks of it."""
    late = row("0001", R, D, "15/03/2024")
    told(workspace, ([*OTHERS], "16/02/2024 08:00"), until="15/02/2024")
    path = register(workspace / "b.csv", [*OTHERS, late], exported="05/04/2024 08:00")
    inbox.ingest(workspace, [path])
    r = office.open(workspace).period("2024-Q1").restatements
    assert (r.since, r.complete, r.same) == (dt.date(2024, 4, 5), True, True)
    assert r.dossiers.empty and r.figures.empty


def test_of_a_period_not_yet_whole_only_its_first_days_are_compared(workspace: Path) -> None:
    early, moved = (
        row("0009", "05/01/2024", d, "16/01/2024") for d in ("15/01/2024", "17/01/2024")
    )
    told(workspace, ([*OTHERS, early], "16/02/2024 08:00"), until="15/02/2024")
    new = row("0002", "20/02/2024", "27/02/2024", "26/02/2024")
    path = register(
        workspace / "b.csv", [*OTHERS, moved, new],
        window=("01/01/2024", "29/02/2024"), exported="01/03/2024 08:00",
    )  # fmt: skip
    inbox.ingest(workspace, [path])
    r = office.open(workspace).period("2024-Q1").restatements
    assert (r.since, r.complete) == (dt.date(2024, 2, 16), False)
    assert r.dossiers["change"].tolist() == ["due_moved"]
    assert r.figures.empty


def test_an_older_register_that_comes_late_invents_nothing(workspace: Path) -> None:
    """Dossiers carried over into the quarter, of days that nobody had exported by then."""
    told(workspace, (OTHERS, "05/04/2024 08:00"))
    before = [row(f"00{n}", "20/12/2023", "10/01/2024", "09/01/2024") for n in range(10, 16)]
    path = register(
        workspace / "old.csv", before, window=("01/10/2023", "31/12/2023"),
        exported="20/05/2024 08:00",
    )  # fmt: skip
    inbox.ingest(workspace, [path])
    r = office.open(workspace).period("2024-Q1").restatements
    assert r.dossiers.empty
    moved = dict(zip(r.figures["id"], r.figures["restated"], strict=True))
    assert moved["dossiers.carried_over"] is False


def test_a_register_taken_out_is_told(workspace: Path) -> None:
    told(workspace, (OTHERS, "05/04/2024 08:00"), (OTHERS[:11], "10/05/2024 08:00"))
    the_office = office.open(workspace)
    assert the_office.period("2024-Q1").restatements.dossiers["change"].tolist() == ["vanished"]
    newest = the_office.store.exports("dossiers")[-1]
    the_office.store.withdraw(newest.id, "nạp nhầm")
    r = office.open(workspace).period("2024-Q1").restatements
    assert r.dossiers.empty
    assert [export.id for export in r.withdrawn] == [newest.id]
    then = office.open(workspace).period("2024-Q1", as_of="2024-04-05").restatements
    assert then.withdrawn == [], "made after the day asked for"


def test_a_day_on_which_nothing_was_known(workspace: Path) -> None:
    told(workspace, (OTHERS, "05/04/2024 08:00"))
    with pytest.raises(ParameterError, match="01/04/2024"):
        office.open(workspace).period("2024-Q1").restated("2024-04-01")
