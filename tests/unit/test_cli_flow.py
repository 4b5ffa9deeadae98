"""A stranger's register from headers nobody knows to figures, by commands alone."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from cchc_analysis import cli, office

TABLE = """\
Ref;Opened;Promised;Closed;Branch;How
A-1;2011-01-04 08:00;2011-01-07 09:00:00;2011-01-07 09:00:00;Civil;web
A-2;2011-01-04 08:00;2011-01-07 09:00:00;2011-01-07 09:00:01;Civil;desk
A-3;2011-01-04 08:00;2059-12-31 19:00;;Land;web
"""
FILLED = """\
table = "dossiers"

[columns]
code = "Ref"
received_at = "Opened"
due_at = "Promised"
finished_at = "Closed"
field = "Branch"
channel = "How"

[values.channel]
web = "online"
desk = "direct"
"""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


def test_a_strangers_register_by_a_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "Báo cáo quý 1"
    assert run("init", str(root), "--unit", "city", "--name", "City") == 0
    rules = root / "data" / "plans" / "city" / "unit.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(
        text.replace('late_rule = "day"', 'late_rule = "time"').replace('"VN"', '"US-MA"'),
        encoding="utf-8",
    )
    file = root / "data" / "inbox" / "requests.csv"
    file.write_text(TABLE, encoding="utf-8")
    assert run("-C", str(root), "ingest") == 8  # unknown headers, named with the remedy
    assert "cchc map" in capsys.readouterr().out
    assert run("map", str(file)) == 0
    starter = file.with_name("requests.mapping.toml")
    assert "received_at" in starter.read_text(encoding="utf-8")
    assert run("map", str(file)) == 9  # never over what a person may have filled in
    starter.write_text(FILLED, encoding="utf-8")
    assert run("-C", str(root), "ingest") == 0  # the mapping beside the file is found
    counts = office.open(root).period("2011-Q1").counts
    assert (counts["resolved_on_day"], counts["resolved_late"], counts["open"]) == (1, 1, 1)
    capsys.readouterr()
    assert run("-C", str(root), "exports", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["file"], row["accepted"]) for row in listed] == [("requests.csv", 3)]
    assert run("-C", str(root), "withdraw", listed[0]["export"], "--reason", "thử") == 0
    assert run("-C", str(root), "brief", "2011-Q1") == 10


def test_init_does_not_touch_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    assert run("init", str(tmp_path), "--unit", "a", "--name", "xã A") == 3
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    root = tmp_path / "ws"
    assert run("init", str(root), "--unit", "a", "--name", "xã A") == 0
    assert run("init", str(root), "--unit", "b", "--name", "phường B") == 0
    assert run("init", str(root), "--unit", "b", "--name", "phường B") == 3
    assert run("-C", str(root), "exports") == 4  # two units: which?
    unit = office.open(root, "b").unit
    assert (unit.name, unit.authority, unit.place) == ("phường B", "UBND phường B", "B")


def test_a_message_that_says_map_can_be_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for unit in ("city", "town"):  # whose inbox is a folder of its own
        assert run("init", "ws", "--unit", unit, "--name", "City") == 0
    file = Path("ws/data/inbox/town/sổ 311.csv")
    file.write_text(TABLE, encoding="utf-8")
    assert run("-C", "ws", "ingest", "--unit", "town") == 8
    command = re.findall(r"Chạy (cchc map .+?) để", capsys.readouterr().out)[0]
    assert run("-C", "ws", *shlex.split(command)[1:]) == 0
    assert file.with_name("sổ 311.mapping.toml").is_file()
    assert run("-C", "ws", "map", "no.csv") == 7
    assert "data/inbox" in capsys.readouterr().err
