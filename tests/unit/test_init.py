"""What init says at its end can be done as it stands, in a folder with spaces and accents."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path

import pytest

from cchc_analysis import cli, office, shipped
from cchc_analysis.errors import WorkspaceError
from cchc_analysis.workspace import lay_out
from tests.faults import cut


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


@pytest.mark.parametrize("units", [["dong-linh"], ["dong-linh", "dong-tien"]])
def test_the_next_steps_are_commands_to_copy(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    units: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    root = Path("Ủy ban xã") / "Báo cáo quý 1"
    for unit in units:
        assert run("init", str(root), "--unit", unit, "--name", "xã Đông Lĩnh") == 0
    said = capsys.readouterr().out.rpartition("Đã tạo")[2]
    assert re.findall(r"^(\d)\. ", said, re.MULTILINE) == list("12345")
    commands = [shlex.split(line)[1:] for line in said.splitlines() if line.startswith("     cchc")]
    assert [command[2] for command in commands] == ["check", "ingest", "brief"]
    assert run(*commands[0]) == 0
    assert run(*commands[1]) == 0  # nothing is there yet
    assert "data/inbox" in capsys.readouterr().out
    assert run(*commands[2]) == 10  # and so no figures
    places = re.findall(r"Báo cáo quý 1/(data/[\w/.-]*\w)", said)
    assert len(places) == 3 and all((root / place).exists() for place in places), places


def test_the_sample_plan_of_a_ward_speaks_of_a_ward(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "ws"), "--unit", "a", "--name", "phường Hàm Rồng") == 0
    plan = tmp_path / "ws" / "data" / "plans" / "a"
    assert "HĐND phường" in (plan / "unit.toml").read_text(encoding="utf-8")
    for name in ("tasks.csv", "targets.csv"):
        text = (plan / "2024" / name).read_text(encoding="utf-8-sig")
        assert not re.search(r"\bxã\b(?! hội)", text), name


def test_examples_lie_ready_and_are_put_by(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    assert run("init", str(root), "--unit", "a", "--name", "xã A") == 0
    names = sorted(p.name for p in shipped.path("data", "examples").glob("*.*"))
    laid = [*(root / "extensions").iterdir(), *(root / "notebooks").glob("_*")]
    assert sorted(p.name for p in laid) == [f"_{name}" for name in names]
    assert not office.open(root).extensions.indicators
    figure = root / "extensions" / "_chi_tieu_tra_som.py"
    figure.rename(figure.with_name("chi_tieu_tra_som.py"))
    assert [i.id for i in office.open(root).extensions.indicators] == ["own.tra_som_rate"]


def test_a_plan_brought_along_may_be_wrong_and_is_told_by_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", str(tmp_path / "a"), "--unit", "a", "--name", "xã A") == 0
    plan = tmp_path / "a" / "data" / "plans" / "a"
    (plan / "2024" / "targets.csv").write_text("id\n")
    arguments = ("--unit", "b", "--name", "xã B", "--plan", str(plan))
    assert run("init", str(tmp_path / "b"), *arguments) == 0
    capsys.readouterr()
    assert run("-C", str(tmp_path / "b"), "check") == 6
    assert "data/plans/b/2024/targets.csv" in capsys.readouterr().out


def test_what_was_cut_off_is_made_whole_by_the_same_call(tmp_path: Path) -> None:
    """Whatever point the disk is full at, or the power goes before the unit is there."""

    def tree(root: Path) -> list[str]:
        return sorted(p.relative_to(root).as_posix() for p in root.rglob("*"))

    make = partial(lay_out, tmp_path / "whole", unit="a", name="xã A")
    points = cut(tmp_path, make).points
    whole = tree(tmp_path / "whole")
    told = set()
    for full in (True, False):
        for at in range(3, points, 23):
            root = tmp_path / f"{at}-{full}"
            outcome = cut(tmp_path, partial(lay_out, root, unit="a", name="xã A"), at, full=full)
            told.add(str(outcome.error))
            if full:
                assert "đĩa đã đầy" in str(outcome.error), outcome.error
                assert not (root / "data/plans/a").exists()
            if not (root / "data/plans/a").exists():
                lay_out(root, unit="a", name="xã A")
                assert tree(root) == whole
    assert len(told) > 5  # each names the file


def test_the_message_says_which_file_and_why(tmp_path: Path) -> None:
    (tmp_path / "ws" / "data" / "plans").mkdir(parents=True)
    (tmp_path / "ws" / "data" / "inbox").write_text("a file where a folder should be")
    with pytest.raises(WorkspaceError) as caught:
        lay_out(tmp_path / "ws", unit="a", name="xã A")
    assert "inbox" in str(caught.value) and "đã có một tệp mang tên" in str(caught.value)
