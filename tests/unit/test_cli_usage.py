"""A command that is called wrongly says how it is meant, the likeliest first."""

from __future__ import annotations

import re

import pytest

from cchc_analysis import cli


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lat", "2024-Q4"], "Có phải ý bạn là: late?"),
        (["watchlist"], "Có phải ý bạn là: watch-list?"),
        (["xyz"], "Không có lệnh này."),
        (["brief", "-C", "x", "2024-Q4"], "Tùy chọn -C đứng trước tên lệnh"),
        (["brief", "--workspace", "x"], "Tùy chọn --workspace đứng trước tên lệnh"),
        (["lab", "--allow-root"], "cchc lab -- --allow-root"),
        (["brief", "--frce"], "Có phải ý bạn là: --force?"),
    ],
)
def test_what_was_meant(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert said in told and len(told.strip().splitlines()) == 1
    if said.startswith("Có phải") and arguments[0] != "brief":
        assert told.startswith(f"Lỗi: {said}")


def test_help_has_no_word_of_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["brief", "--help"], ["map", "--help"]):
        with pytest.raises(SystemExit):
            cli.main(arguments)
        told = capsys.readouterr().out
        assert not re.search(r"<(str|bool|path|int)>|TEXT|PATH|BOOLEAN|INTEGER", told), told
        assert "mặc định: .]" not in told
    assert re.search(r"--output +-o +GIÁ_TRỊ", told) and re.search(r"--force +Ghi", told)
