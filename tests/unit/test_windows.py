"""What Windows and macOS do otherwise, played on any system: code pages, open files, locks, names.

What can only be seen there is on the check-list of ``docs/platforms.md``.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from cchc_analysis import atomic, cli, office, plan, workspace
from cchc_analysis.briefs import folders
from cchc_analysis.errors import BriefError
from cchc_analysis.papers.slips import file_name
from cchc_analysis.sources import Mapping
from cchc_analysis.workspace import inbox

from ..registers import register, row

PROGRAM = "from cchc_analysis.cli import main; main()"
ROOT = Path(__file__).parents[2]


# -- code pages --------------------------------------------------------------------------------


def in_code_page(folder: Path, *arguments: str) -> tuple[int, str]:
    """The command as in a redirected ``cmd`` window of a Western Windows: the system's encoding is
    not UTF-8, for files neither. Exit code and what lies in the log.
    """
    odd = {
        "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    log = folder / "log.txt"
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "-C", str(folder), *arguments],
            stdout=out, stderr=out, env={**os.environ, **odd},
        )  # fmt: skip
    return done.returncode, log.read_bytes().decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="sets the locale as POSIX systems do")
def test_a_log_is_utf8_whatever_the_systems_code_page(workspace: Path) -> None:
    register(workspace / "data/inbox" / "a.csv", [row("0001", "02/01/2024")])
    code, said = in_code_page(workspace, "ingest")
    assert code == 0 and "Sổ theo dõi hồ sơ" in said and "Tổng cộng: 1 tệp mới" in said
    code, said = in_code_page(workspace, "brief", "2031-Q1")
    assert code == 5 and said.startswith("Lỗi: ")
    assert in_code_page(workspace, "late", "2024-Q1", "--json")[0] == 0
    assert in_code_page(workspace, "report", "2024-Q1")[0] == 0
    code, said = in_code_page(workspace, "--help")
    assert code == 0 and "Thư mục làm việc" in said


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_name_that_is_no_text_can_be_told(workspace: Path) -> None:
    name = os.fsdecode(b"s\xf4.csv")  # from a disk of Windows-1258
    good = register(workspace / "data/inbox" / name, [row("0001", "02/01/2024")])
    good.with_name(f"2{name}").write_bytes(b"")
    code, said = in_code_page(workspace, "ingest")
    assert code == 7 and "s\\udcf4.csv: Sổ theo dõi" in said and "1 tệp mới" in said


# -- files that people and Windows edit -----------------------------------------------------------


def as_windows_saves(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8-sig", newline="\r\n")


def test_crlf_and_a_mark_change_nothing_in_a_plan(workspace: Path) -> None:
    before, unit = plan.load(workspace, "thieu-van", 2024), office.open(workspace).unit
    files = [p for p in (workspace / "data/plans").rglob("*") if p.suffix in (".toml", ".csv")]
    assert len(files) > 4
    for path in files:
        as_windows_saves(path)
    assert plan.load(workspace, "thieu-van", 2024) == before
    assert office.open(workspace).unit == unit


def test_crlf_and_a_mark_change_nothing_in_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "so.mapping.toml"
    path.write_text(
        'table = "dossiers"\n[columns]\ncode = "Số"\n[values.channel]\n"Mạng" = "online"\n',
        encoding="utf-8",
    )
    before = Mapping.load(path)
    as_windows_saves(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r\n" in path.read_bytes()
    assert Mapping.load(path) == before


# -- names ---------------------------------------------------------------------------------------


def test_a_decomposed_name_is_the_same_file(workspace: Path, tmp_path: Path) -> None:
    """As macOS, and archives packed there, spell it."""
    receipts = []
    for form in ("NFC", "NFD"):
        root = tmp_path / form
        shutil.copytree(workspace / "data", root / "data")
        name = unicodedata.normalize(form, "Sổ theo dõi hồ sơ quý I năm 2024.csv")
        register(root / "data/inbox" / name, [row("0001", "02/01/2024")], window=None)
        assert inbox.ingest(root)[0].error is None
        (export,) = office.open(root).store.exports()
        receipts.append(export.receipt)
    assert receipts[0] == receipts[1]


@pytest.mark.parametrize("slug", ["con", "nul", "com1", "a.", "a b", "Ấp", "Dong-Linh"])
def test_a_unit_whose_folder_windows_cannot_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], slug: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["init", str(tmp_path / "w"), "--unit", slug, "--name", "xã A"])
    assert stopped.value.code == 2 and not (tmp_path / "w").exists()
    assert slug in capsys.readouterr().err


@pytest.mark.parametrize("code", ["CON", "a/b:c", 'x"<>|?*', "HS.", "…", "1" * 60])
def test_a_slips_name_is_one_everywhere(code: str) -> None:
    name = file_name(code)
    assert not set(name) & set('<>:"/\\|?*') and name.isascii()
    assert not atomic.is_reserved(name) and not name.removesuffix(".docx").endswith((".", " "))


def test_a_folder_too_deep_for_windows_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def init(folder: Path) -> str:
        with pytest.raises(SystemExit) as stopped:
            cli.main(["init", str(folder), "--unit", "a", "--name", "xã A"])
        assert stopped.value.code == 0
        return capsys.readouterr().err

    deep = tmp_path / ("Báo cáo " * 12).strip()
    assert not init(deep / "here")  # this system has no limit
    monkeypatch.setattr(workspace, "PATH_LIMIT", 259)
    assert "ngắn hơn" in init(deep / "there")
    monkeypatch.setattr(workspace, "PATH_LIMIT", len(str(tmp_path)) + 150)
    assert not init(tmp_path / "w")


# -- a file that is open elsewhere -----------------------------------------------------------------


def refuse(monkeypatch: pytest.MonkeyPatch, method: str, held: Path, times: int) -> list[Path]:
    """Renaming ``held``, or over it, is refused so often, as Windows refuses what is open."""
    real, refused = getattr(Path, method), []

    def rename(path: Path, target: Path) -> Path:
        if held in (path, target) and len(refused) < times:
            refused.append(path)
            raise PermissionError(13, "The process cannot access the file")
        return real(path, target)

    monkeypatch.setattr(Path, method, rename)
    return refused


def test_a_brief_that_is_open_in_word_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief, new = tmp_path / "2024-Q4", tmp_path / ".2024-Q4-01234567"
    for folder, text in ((brief, "old"), (new, "new")):
        folder.mkdir()
        (folder / "brief.docx").write_text(text, encoding="utf-8")
    refuse(monkeypatch, "rename", brief, 99)
    with pytest.raises(BriefError, match=r"2024-Q4.*đóng tệp rồi chạy lại"):
        folders.swap(new, brief, {"brief.docx"})
    assert (brief / "brief.docx").read_text(encoding="utf-8") == "old"


def test_a_paper_that_is_open_in_excel_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = tmp_path / "forms.xlsx"
    forms.write_bytes(b"old")
    refuse(monkeypatch, "replace", forms, 99)
    with pytest.raises(BriefError, match=r"forms\.xlsx.*đóng tệp rồi chạy lại"):
        atomic.put(forms, b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("forms.xlsx", b"old")]


def test_a_virus_scanner_lets_go_after_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "PATIENCE", 5.0)
    monkeypatch.setattr(atomic.time, "sleep", lambda seconds: None)
    refused = refuse(monkeypatch, "replace", tmp_path / "a", 3)
    atomic.put(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new" and len(refused) == 3


# -- locks -----------------------------------------------------------------------------------------


class Msvcrt:
    """The locks of Windows: the first byte of a file, held by one handle."""

    LK_UNLCK, LK_NBLCK = 0, 2

    def __init__(self, *, has_locks: bool = True) -> None:
        self.held: dict[int, int] = {}
        self.asked = 0
        self.has_locks = has_locks

    def locking(self, handle: int, mode: int, length: int) -> None:
        assert length == 1 and os.lseek(handle, 0, os.SEEK_CUR) == 0
        file = os.fstat(handle).st_ino
        if not self.has_locks:
            raise OSError(22, "Invalid argument")
        if mode == self.LK_UNLCK:
            assert self.held.pop(file) == handle
            return
        self.asked += 1
        if file in self.held:
            raise PermissionError(13, "Permission denied")
        self.held[file] = handle


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``atomic`` as it is imported on Windows, with the locks of Windows behind it."""

    def imported(msvcrt: Msvcrt) -> ModuleType:
        spec = importlib.util.spec_from_file_location("cchc_analysis.on_windows", atomic.__file__)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)  # type: ignore[arg-type]
        with monkeypatch.context() as there:
            there.setattr(os, "name", "nt")
            spec.loader.exec_module(module)
        return module

    return imported


def test_the_later_of_two_waits_on_windows(
    windows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = Msvcrt()
    on_windows = windows(system)
    file = tmp_path / "locks" / "unit"
    first, told = on_windows.locked(file), []
    first.__enter__()
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if len(sleeps) == 2:
            first.__exit__(None, None, None)

    monkeypatch.setattr(on_windows, "time", SimpleNamespace(sleep=sleep))
    with on_windows.locked(file, lambda: told.append("waiting")):
        assert told == ["waiting"] and len(sleeps) == 2 and len(system.held) == 1
    assert not system.held and system.asked == 4


def test_a_drive_without_locks_is_used_without_them(windows: Any, tmp_path: Path) -> None:
    with windows(Msvcrt(has_locks=False)).locked(tmp_path / "unit"):
        pass


def test_on_windows_a_rename_is_tried_for_a_moment(windows: Any) -> None:
    assert windows(Msvcrt()).PATIENCE > 1 > atomic.PATIENCE or os.name == "nt"
