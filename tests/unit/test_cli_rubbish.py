"""Rubbish in: one line with a remedy, an exit code of its own, no traceback, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import cli

from ..registers import register, row


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    printed = capsys.readouterr()
    code = stopped.value.code
    return (code if isinstance(code, int) else 0), printed.out + printed.err


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def truncated(path: Path) -> Path:
    from openpyxl import Workbook

    Workbook().save(path)
    path.write_bytes(path.read_bytes()[:900])
    return path


def protected(path: Path) -> Path:
    # The signature of a compound file, in which Excel wraps an encrypted workbook.
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1016 + name + b"\0" * 2000)
    return path


def pictures(path: Path) -> Path:
    from openpyxl import Workbook

    Workbook().save(path)  # a sheet without a single cell
    return path


def wide(path: Path) -> Path:
    head = ",".join(f"c{n}" for n in range(200))
    path.write_text(f"{head}\n{'1,' * 199}1\n", encoding="utf-8")
    return path


RUBBISH = {
    "empty.xlsx": (empty, 7), "empty.csv": (empty, 7), "folder": (folder, 7),
    "truncated.xlsx": (truncated, 7), "protected.xlsx": (protected, 7),
    "pictures.xlsx": (pictures, 7), "wide.csv": (wide, 8),
}  # fmt: skip


@pytest.mark.parametrize("name", RUBBISH)
def test_a_file_that_is_no_table(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    make, expected = RUBBISH[name]
    path = make(tmp_path / name)
    code, said = run(capsys, "-C", str(workspace), "ingest", str(path))
    assert code == expected, said
    assert name in said
    assert "Traceback" not in said
    assert not list(workspace.glob("data/store/**/*.parquet"))


def test_the_other_files_are_taken_in(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = register(workspace / "data" / "inbox" / "good.csv", [row("0001", "02/01/2024")])
    empty(workspace / "data" / "inbox" / "bad.csv")
    code, said = run(capsys, "-C", str(workspace), "ingest")
    assert code == 7
    assert good.name in said and "1 tệp mới" in said


def test_nothing_given_shows_the_help_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys)
    assert code == 2 and said.count("Cách gọi: cchc") == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["brief", "2031-Q1"], 5),
        (["brief", "2022-Q1"], 5),
        (["brief", "2024-Q7"], 5),
        (["brief", "2024-Q1", "--unit", "thieu-vam"], 4),
        (["brief", "2024-Q1", "--cut", "lunar"], 2),
        (["brief", "2024-Q1", "--audience", "everyone"], 2),
        (["brief", "2024-Q1", "--as-of", "5/4/2024"], 2),
        (["withdraw", "abc", "--reason", "x"], 11),
        (["ingest", "missing.xlsx"], 7),
        (["report"], 2),
        (["brief", "2024-Q1", "--aufience", "shared"], 2),
        (["breif", "2024-Q1"], 2),
        (["withdraw", "abc"], 2),
    ],
)
def test_a_wrong_argument(
    workspace: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: int,
) -> None:
    register(workspace / "data" / "inbox" / "a.csv", [row("0001", "02/01/2024")])
    run(capsys, "-C", str(workspace), "ingest")
    code, said = run(capsys, "-C", str(workspace), *arguments)
    assert code == expected, said
    assert "Traceback" not in said
    if arguments[0] != "ingest":  # which says one line a file
        assert len(said.strip().splitlines()) == 1 and said.startswith("Lỗi: ")
    assert not (workspace / "reports").exists()


def test_a_folder_that_is_no_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "-C", str(tmp_path), "brief", "2024-Q1")
    assert code == 3
    assert "cchc init" in said


def test_another_units_file_is_refused_unless_named(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = register(tmp_path / "a.csv", [row("0001", "02/01/2024")], unit="UBND XÃ ĐÔNG LĨNH")
    code, said = run(capsys, "-C", str(workspace), "ingest", str(path))
    assert code == 4 and "--unit" in said
    code, _ = run(capsys, "-C", str(workspace), "ingest", str(path), "--unit", "thieu-van")
    assert code == 0


def test_no_message_holds_a_citizens_data(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = row("0001", "31/02/2024", "09/01/2024", "0912345678")
    path = register(tmp_path / "a.csv", [bad, row("", "Nguyễn Văn Kín")])
    _, said = run(capsys, "-C", str(workspace), "ingest", str(path))
    for secret in ("Ẩn Danh", "0912345678", "Văn Kín"):
        assert secret not in said
    stored = b"".join(p.read_bytes() for p in workspace.rglob("data/store/**/*") if p.is_file())
    assert "Ẩn Danh".encode() not in stored


def test_a_workbook_with_a_broken_part_is_named(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import Workbook

    path = tmp_path / "a.xlsx"
    Workbook().save(path)
    content = bytearray(path.read_bytes())
    place = content.index(b"xl/workbook.xml") + 40  # inside that part's compressed bytes
    content[place : place + 40] = bytes(range(100, 140))
    path.write_bytes(content)
    code, said = run(capsys, "-C", str(workspace), "ingest", str(path))
    assert code == 7
    assert "a.xlsx" in said and "Traceback" not in said
