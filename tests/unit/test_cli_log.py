"""A line a command in the workspace's log: what was run, and how it ended, but not with what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import cli
from cchc_analysis.cli import app, log
from cchc_analysis.cli.usage import command_of

from ..registers import register, row


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


def lines(workspace: Path) -> list[dict[str, Any]]:
    path = workspace / log.LOG
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def test_what_was_run_and_how_it_ended(workspace: Path) -> None:
    at = ("-C", str(workspace))
    register(workspace / "data" / "inbox" / "a.csv", [row("0001", "02/01/2024", "09/01/2024")])
    assert run(*at, "brief", "2024-Q1") == 10  # nothing taken in yet
    assert run(*at, "ingest") == 0
    assert run(*at, "cause", "000.17.31.H56-240102-0001", "overload", "--by", "Lê Thị Hạnh") == 0
    assert run(*at, "late", "2024-Q1") == run(*at, "exports") == 0  # only answer
    assert run(*at, "brief", "--no-such-option") == 2
    assert run(*at, "brief", "--help") == 0
    kept = lines(workspace)
    assert [(line["command"], line["exit_code"]) for line in kept] == [
        ("brief", 10), ("ingest", 0), ("cause", 0), ("brief", 2),
    ]  # fmt: skip
    assert "cchc ingest" in kept[0]["error"] and kept[1]["error"] == ""
    assert all(line["version"] == log.version() and line["seconds"] < 60 for line in kept)
    assert "Hạnh" not in (workspace / log.LOG).read_text(encoding="utf-8")


def test_commands_that_change_something_are_commands() -> None:
    assert set(log.CHANGING) < set(command_of(app).commands)


def test_no_workspace_no_log(tmp_path: Path) -> None:
    assert run("-C", str(tmp_path), "ingest") != 0
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_cannot_be_written_stops_nothing(workspace: Path) -> None:
    (workspace / log.LOG).mkdir(parents=True)
    register(workspace / "data" / "inbox" / "a.csv", [row("0001", "02/01/2024", "09/01/2024")])
    assert run("-C", str(workspace), "ingest") == 0


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"cchc {log.version()}\n"
