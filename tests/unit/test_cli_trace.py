"""``cchc trace``: the rows that decide first, a screenful of them, all of them in a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_analysis import cli, office
from cchc_analysis.errors import ParameterError
from cchc_analysis.trace import MOST


def run(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, list[str]]:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(root), "trace", *arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), (printed.out + printed.err).splitlines()


@pytest.mark.parametrize("figure", ["dossiers.postal_rate", "dossiers.on_time_rate"])
def test_the_fewer_come_first_and_the_rest_is_counted(
    sample_workspace: Path, sample: office.Office, capsys: pytest.CaptureFixture[str], figure: str
) -> None:
    result = sample.period("2024-Q4", audience="internal").result(figure)
    assert result.denominator is not None and result.numerator is not None
    few = min(result.numerator, result.denominator - result.numerator)
    code, lines = run(capsys, sample_workspace, figure, "2024-Q4")
    rows = [line for line in lines if "dòng" in line and line.startswith("  SoTheoDoi")]
    own = f"tính vào tử số {int(few == result.numerator)};"
    assert code == 0 and [own in row for row in rows] == [True] * few + [False] * (MOST - few)
    (more,) = [line for line in lines if "--all" in line]
    assert f" {result.denominator - MOST} dòng nữa" in more
    shown = run(capsys, sample_workspace, figure, "2024-Q4", "--all")[1]
    assert len(shown) == len(lines) - 1 + result.denominator - MOST


def test_a_file_holds_them_all(
    sample_workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figure = "dossiers.on_time_rate"
    for name in ("dong.csv", "dong.xlsx"):
        code, lines = run(capsys, sample_workspace, figure, "2024-Q4", "-o", str(tmp_path / name))
        assert code == 0 and name in lines[-1]
    with (tmp_path / "dong.csv").open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    sheet = load_workbook(tmp_path / "dong.xlsx").worksheets[1]
    head, *rows = sheet.iter_rows(min_row=3, max_row=3 + len(table), values_only=True)
    assert head == tuple(table[0])
    codes = [row[head.index("mã")] for row in rows]
    assert codes == [row["mã"] for row in table] and len(codes) == len(set(codes)) > MOST
    assert [row[-2] for row in rows] == [int(list(row.values())[-2]) for row in table]
    assert run(capsys, sample_workspace, figure, "2024-Q4", "-o", "dong.pdf")[0] == 2


@pytest.mark.parametrize("figure", ["dossiers.postal_rate", "survey.overall", "tasks.done"])
def test_rows_are_for_nobody_outside(
    sample_workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], figure: str
) -> None:
    file = tmp_path / "dong.csv"
    for more in ([], ["--json"], ["--all", "-o", str(file)]):
        code, lines = run(
            capsys, sample_workspace, figure, "2024-Q4", "--audience", "shared", *more
        )
        assert code == ParameterError.exit_code and "nội bộ" in lines[-1] and len(lines) == 1
    assert not file.exists()
