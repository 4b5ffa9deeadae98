"""The slips of a quarter one by one, against the raw exports read independently; and where no
name may be: the store, the reports, what is printed, a traceback, a file's properties.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import traceback
import zipfile
from pathlib import Path

import duckdb
import numpy as np
import pytest
from docx import Document
from openpyxl import load_workbook

from cchc_analysis import cli, office, shipped
from cchc_analysis.errors import BriefError, FileError
from cchc_analysis.papers import raw_names, slips
from cchc_analysis.papers.apologies import owed
from cchc_analysis.papers.issue import issue
from cchc_analysis.sources import people as reading

QUARTER = "2024-Q4"  # no holiday falls into it, so its working days are Monday to Friday
HOLIDAYS = ["2024-09-02", "2024-09-03"]
DAYS = ("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong", "Ngày trả KQ")
Raw = dict[str, dict[str, object]]


def run(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(root), "apologies", *arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out + printed.err


@pytest.fixture(scope="module")
def raw() -> Raw:
    """Every row of the sample's registers as a person with a spreadsheet would read it."""
    found: Raw = {}
    files = sorted(shipped.path("data", "sample").glob("SoTheoDoiHoSo_*.xlsx"), key=_quarter)
    for file in files:
        for sheet in load_workbook(file, read_only=True):
            head: list[str] = []
            for cells in sheet.iter_rows(values_only=True):
                said = [str(cell).strip() if cell else "" for cell in cells]
                if "Mã hồ sơ" in said:
                    head = said
                elif "Ngày hẹn trả" in said:
                    head = [upper if upper and upper != "Thời gian" else lower
                            for upper, lower in zip(head, said, strict=True)]  # fmt: skip
                elif head and (code := re.sub(r"\s", "", said[head.index("Mã hồ sơ")]).upper()):
                    found[code] = dict(zip(head, cells, strict=True))
    assert len(found) > 2000
    return found


def _quarter(path: Path) -> tuple[str, str]:
    part = path.stem.split("_")
    return part[2], part[1]


@pytest.fixture(scope="module")
def names(raw: Raw) -> set[str]:
    """All names of citizens in the raw files that no official bears too."""
    people = {str(row["Tổ chức/cá nhân nộp"]).strip() for row in raw.values()}
    return people - {str(row["Cán bộ thụ lý"]).strip() for row in raw.values()} - {"None", ""}


@pytest.fixture(scope="module")
def root(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("apologies")
    shutil.copytree(sample_workspace / "data", made / "data")
    (made / "data" / "inbox").mkdir(exist_ok=True)
    for file in shipped.path("data", "sample").glob("SoTheoDoiHoSo_*"):
        shutil.copy(
            file, made / "data" / "inbox" / f"bản sao của {file.name}"
        )  # renamed: no matter
    return made


def slip(path: Path) -> str:
    file = Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in file.paragraphs)])


def written(day: object) -> str:
    assert isinstance(day, dt.datetime)
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def test_every_slip_of_a_quarter_one_by_one(
    root: Path, raw: Raw, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(capsys, root, QUARTER)
    assert code == 0
    folder = root / "internal" / "apologies" / "thieu-van" / QUARTER
    made = {path.stem: slip(path) for path in folder.glob("*.docx")}
    q = office.open(root).period(QUARTER, audience="internal")
    rate = q.result("dossiers.apology_rate")
    assert rate.denominator and len(made) == rate.denominator - (rate.numerator or 0) == 16
    assert "16 phiếu xin lỗi và hẹn lại ngày trả kết quả" in said
    assert said.splitlines()[-1].endswith("--clean")
    for code_, text in made.items():
        row = raw[code_]
        assert f"Kính gửi: {' '.join(str(row['Tổ chức/cá nhân nộp']).split())}\n" in text
        assert f"“{row['Tên thủ tục hành chính']}”" in text and f"mã số hồ sơ: {code_}." in text
        received, due, done, handed = (row[name] for name in DAYS)
        if not all(isinstance(day, dt.datetime) for day in (received, due, done)):
            continue  # typed as text: the dates below are read from cells of dates alone
        assert f"N{written(received)[1:]}, UBND xã Thiệu Vân tiếp nhận" in text
        assert (
            f"Thời gian hẹn trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, {written(due)}." in text
        )
        late = np.busday_count(due.date(), done.date(), holidays=HOLIDAYS)  # type: ignore[attr-defined]
        assert f"{written(done)}, chậm {late} ngày làm việc so với thời hạn" in text
        assert "chưa trả kết quả" not in text
        if isinstance(handed, dt.datetime):
            assert f"trao cho Ông/Bà/Tổ chức {written(handed)}" in text
        assert "UBND XÃ THIỆU VÂN" in text and "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ" in text
        assert "Số:       /PXL-UBND" in text and "Thiệu Vân, ngày …… tháng …… năm ……" in text
    files = [folder, *folder.iterdir()]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o077 for path in files} == {0}
        assert folder.parent.stat().st_mode & 0o077 == 0


def test_most_dates_of_the_quarter_were_compared(raw: Raw, root: Path) -> None:
    """The comparison above leaves out rows with dates typed as text; these must be few."""
    q = office.open(root).period(QUARTER, audience="internal")
    rows = [raw[row.code] for row in owed(q) if row.owed]
    assert sum(all(isinstance(row[d], dt.datetime) for d in DAYS[:3]) for row in rows) >= 12


def test_no_name_is_anywhere_but_in_the_slips(
    root: Path, names: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    printed = "".join(run(capsys, root, QUARTER, *more)[1] for more in ((), ("--json",)))
    assert len(names) > 500 and not {name for name in names if name in printed}
    slips_folder = root / "internal" / "apologies"
    seen = 0
    for path in root.rglob("*"):
        inbox = path.is_relative_to(root / "data" / "inbox")
        if path.is_file() and not inbox and not path.is_relative_to(slips_folder):
            text = f"{path.name}\n{content_of(path)}"
            assert not {name for name in names if name in text}, path.name
            seen += 1
    assert seen > 20
    for path in slips_folder.rglob("*"):
        assert not {name for name in names if name in str(path)}
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as archive:
                about = "".join(
                    archive.read(n).decode("utf-8") for n in archive.namelist() if "docProps/" in n
                    and n.endswith(".xml")
                )  # fmt: skip
            assert not {name for name in names if name in about}
        elif path.is_file():
            assert not {name for name in names if name in path.read_text(encoding="utf-8")}


def content_of(path: Path) -> str:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return "\n".join(map(str, connection.read_parquet(str(path)).fetchall()))
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return path.read_text(encoding="utf-8", errors="replace")


def test_json_lists_the_dossiers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads(run(capsys, root, QUARTER, "--json", "--no-slips")[1])
    q = office.open(root).period(QUARTER, audience="internal")
    assert len(content["dossiers"]) == q.result("dossiers.apology_rate").denominator
    assert content["slips"] == [] and content["public"][0].startswith("reports/thieu-van/")
    assert {row["apology"] for row in content["dossiers"]} <= {"written", "phone", "none"}


def test_clean_leaves_none_behind(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, root, QUARTER)
    folder = root / "internal" / "apologies" / "thieu-van" / QUARTER
    left = folder.with_name(f".{QUARTER}-0123abcd")  # as a run cut off by a power failure leaves
    left.mkdir()
    (left / "x.docx").write_bytes(b"x")
    (folder / "renamed by an officer.docx").write_bytes(b"x")
    code, said = run(capsys, root, QUARTER, "--clean")
    assert (code, said) == (0, f"Đã xóa 17 phiếu của kỳ {QUARTER}.\n")
    assert not (root / "internal" / "apologies").exists()
    assert run(capsys, root, QUARTER, "--clean") == (0, f"Đã xóa 0 phiếu của kỳ {QUARTER}.\n")


def test_clean_leaves_other_periods(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, root, "2024-Q1")
    run(capsys, root, "2024-01")
    run(capsys, root, "2024-Q1", "--clean")
    assert [p.name for p in (root / "internal/apologies/thieu-van").iterdir()] == ["2024-01"]
    run(capsys, root, "2024-01", "--clean")


def test_an_edited_slip_is_kept_and_equal_runs_make_equal_bytes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, root, "2024-Q1")
    folder = root / "internal" / "apologies" / "thieu-van" / "2024-Q1"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    edited = sorted(folder.glob("*.docx"))[0]
    edited.write_bytes(b"with the new day, by the officer")
    (folder / "scan.pdf").write_bytes(b"signed")
    code, said = run(capsys, root, "2024-Q1")
    second = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert code == 0 and "Giữ nguyên 2 phiếu" in said
    assert second.pop("scan.pdf") == b"signed"
    assert second.pop(edited.name) == b"with the new day, by the officer"
    assert all(second[name] == first[name] for name in second if name != slips.MANIFEST)
    assert set(second) == set(first) - {edited.name}
    run(capsys, root, "2024-Q1", "--clean")


# -- failures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_failure_midway_shows_no_name_and_leaves_nothing(
    root: Path, names: set[str], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, debug: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("CCHC_DEBUG", debug)
    real, made = slips.centred, []

    def fail(file: object, text: str, *sizes: float, **style: bool) -> None:
        made.append(text)
        if sum("Kính gửi" in line for line in made) == 3:
            raise ValueError(text)  # a library that tells what it was given
        real(file, text, *sizes, **style)

    monkeypatch.setattr(slips, "centred", fail)
    code, said = run(capsys, root, QUARTER)
    assert code == BriefError.exit_code and "ValueError" in said
    assert not {name for name in names if name in said}
    assert not list((root / "internal").rglob("*.docx"))
    made.clear()
    with pytest.raises(BriefError) as failed:
        issue(office.open(root).period(QUARTER, audience="internal"))
    told = "".join(traceback.format_exception(failed.value))
    assert not {name for name in names if name in told}


def test_a_fault_while_reading_names_shows_none(
    root: Path, names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(cell: object) -> str:
        raise KeyError(cell)

    monkeypatch.setattr(reading, "_name", fail)
    with pytest.raises(FileError) as failed:
        issue(office.open(root).period(QUARTER, audience="internal"))
    told = "".join(traceback.format_exception(failed.value))
    assert "KeyError" in told and not {name for name in names if name in told}


def test_a_disk_that_fills_up_leaves_the_last_slips(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, root, QUARTER)
    folder = root / "internal" / "apologies" / "thieu-van" / QUARTER
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    real, count = slips._private_file, []

    def fill(path: Path, content: bytes) -> None:
        count.append(path)
        if len(count) == 4:
            real(path, content[:100])
            raise OSError("no space left on device")
        real(path, content)

    monkeypatch.setattr(slips, "_private_file", fill)
    code, said = run(capsys, root, QUARTER)
    assert code == 3 and len(said.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [QUARTER]
    monkeypatch.undo()
    run(capsys, root, QUARTER, "--clean")


def test_a_folder_that_cannot_be_made(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "internal" / "apologies").write_text("a file in the place of the folder")
    code, said = run(capsys, root, QUARTER)
    (root / "internal" / "apologies").unlink()
    assert code == 3 and said.startswith("Lỗi: Không ghi được thư mục phiếu")


# -- names from where ------------------------------------------------------------------------------


def test_without_the_raw_file_the_name_is_left_to_write(
    sample_workspace: Path, tmp_path: Path, raw: Raw, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(sample_workspace / "data", tmp_path / "data")
    code, said = run(capsys, tmp_path, "2024-Q1")
    assert code == 0
    needed = "SoTheoDoiHoSo_Q1_2024.xlsx"
    assert f"Không tìm thấy tệp gốc {needed}" in said or needed in said
    folder = tmp_path / "internal" / "apologies" / "thieu-van" / "2024-Q1"
    assert all("Kính gửi: ………" in slip(path) for path in folder.glob("*.docx"))
    stranger = tmp_path / "khác.csv"
    stranger.write_text("a,b\n1,2\n", encoding="utf-8")
    given = str(shipped.path("data", "sample"))
    code, said = run(capsys, tmp_path, "2024-Q1", "--raw", str(stranger), "--raw", given)
    assert code == 0 and "khác.csv không phải tệp đã nạp" in said
    assert "Không tìm thấy tệp gốc" not in said
    for path in folder.glob("*.docx"):
        assert f"Kính gửi: {str(raw[path.stem]['Tổ chức/cá nhân nộp']).strip()}\n" in slip(path)
    assert run(capsys, tmp_path, "2024-Q1", "--raw", "không-có.xlsx")[0] == FileError.exit_code


def test_names_show_nothing_of_themselves(root: Path, names: set[str]) -> None:
    q = office.open(root).period(QUARTER, audience="internal")
    found = raw_names.names_of(q, [row for row in owed(q) if row.owed])
    assert repr(found) == "<16 names>" and len(found) == 16
    assert not hasattr(found, "__dict__")
    file = next(iter(shipped.path("data", "sample").glob("SoTheoDoiHoSo_Q1_*")))
    one = reading.people(file)
    assert re.fullmatch(r"<People of \d+ dossiers>", repr(one))


@pytest.mark.parametrize(
    "code", ["../../etc/passwd 1", "CON", "nul.1", "a/b:c*1", "Đ-1", "." * 9 + "1", "X" * 200]
)
def test_file_names_are_safe_everywhere(code: str) -> None:
    name = slips.file_name(code)
    assert re.fullmatch(r"[0-9A-Za-z_-][0-9A-Za-z._-]*\.docx", name) and len(name) < 120
    assert not re.match(r"(?i)(con|nul)(\.|$)", name) and ".." not in name
    assert name != slips.file_name(code + "/")
