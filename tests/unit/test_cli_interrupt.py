"""Ctrl-C ends with its own code and a line, whatever the interrupted library makes of it."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from cchc_analysis import cli
from cchc_analysis.errors import NotebookError
from cchc_analysis.workspace import check


def interrupted() -> None:
    signal.raise_signal(signal.SIGINT)


def wrapped() -> None:
    try:
        interrupted()
    except KeyboardInterrupt:
        raise RuntimeError("a library's own") from None


def refused() -> None:
    try:
        interrupted()
    except KeyboardInterrupt:
        raise NotebookError("a cell was stopped") from None


@pytest.mark.parametrize("work", [interrupted, wrapped, refused])
def test_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], work: Callable[[], None]
) -> None:
    monkeypatch.setattr(check, "check", lambda *_: work())
    with pytest.raises(SystemExit) as stopped:
        cli.main(["check"])
    assert stopped.value.code == 130
    assert capsys.readouterr().err == "Đã dừng theo yêu cầu; không tệp nào bị ghi dở.\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_without_it_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise NotebookError("x")

    monkeypatch.setattr(check, "check", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["check"])
    assert stopped.value.code == 12 and "Đã dừng" not in capsys.readouterr().err
