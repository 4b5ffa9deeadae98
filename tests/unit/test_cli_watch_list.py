"""``cchc watch-list``: what the morning meeting looks at, in a terminal, JSON or a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_analysis import cli

DAY = "2024-01-05"  # the day of a register export with three overdue dossiers


def run(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(root), "watch-list", *arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out + printed.err


def test_overdue_come_first_and_the_far_ones_are_counted(
    sample_workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, sample_workspace, "--as-of", DAY)
    lines = said.splitlines()
    assert code == 0 and "8 hồ sơ đang giải quyết; 3 hồ sơ" in lines[0]
    assert len(lines) == 4 and all("đã quá" in line for line in lines[1:])


def test_the_head_counts_each_group_and_an_older_register_is_named(
    sample_workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = json.loads(run(capsys, sample_workspace, "--as-of", "2024-12-20", "--json")[1])
    lines = run(capsys, sample_workspace, "--as-of", "2024-12-20")[1].splitlines()
    overdue = sum(row["chance_late"] == 1 for row in rows)
    near = sum(row["chance_late"] != 1 and row["days_to_due"] <= 5 for row in rows)
    assert f"{overdue} hồ sơ đã quá hạn, {near} hồ sơ còn không quá 5" in lines[0]
    assert f"{len(rows) - overdue - near} hồ sơ khác có khả năng quá hạn từ 20%" in lines[0]
    assert "tính đến ngày 20/12/2024 xuất ngày 05/10/2024" in lines[1]


def test_json_csv_and_workbook_hold_the_same_rows(
    sample_workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--as-of", DAY, "--days", "15")
    rows = json.loads(run(capsys, sample_workspace, *options, "--json")[1])
    assert len(rows) == 6 and all(row["days_to_due"] <= 15 for row in rows)
    assert [row["chance_late"] == 1 for row in rows] == [True] * 3 + [False] * 3
    for name in ("ds.csv", "ds.xlsx"):
        assert run(capsys, sample_workspace, *options, "-o", str(tmp_path / name))[0] == 0
    with (tmp_path / "ds.csv").open(encoding="utf-8-sig") as file:
        assert [line[0] for line in csv.reader(file)][1:] == [row["code"] for row in rows]
    sheet = load_workbook(tmp_path / "ds.xlsx").worksheets[1]
    cells = [row[0].value for row in sheet.iter_rows(min_row=4, max_row=9)]
    assert cells == [row["code"] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("-o", "ds.pdf"), 2), (("-o", "nowhere/ds.csv"), 3), (("--days", "-1"), 2),
     (("--as-of", "2020-01-01"), 10), (("--as-of", "hôm nay"), 2)],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_line(
    sample_workspace: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...],
    code: int,
) -> None:  # fmt: skip
    found, said = run(capsys, sample_workspace, *arguments)
    assert found == code and len(said.splitlines()) == 1 and said.startswith("Lỗi: ")
