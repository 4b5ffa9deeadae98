"""Files made to do harm: measured first, refused in one line, and nothing of them is run."""

from __future__ import annotations

import ast
import os
import re
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_analysis.errors import FileError
from cchc_analysis.sources import limits
from cchc_analysis.workspace import inbox, lay_out

from ..sheets import HEADER, csv_file, html_file, line, register, take, xlsx_file

ROWS = [HEADER, line(1), line(2)]


def refused(path: Path, told: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FileError, match=told) as error:
        take(path)
    assert path.name in str(error.value)
    assert time.perf_counter() - began < 20


def with_sheet(path: Path, change: str, instead: str) -> Path:
    """A workbook whose first sheet's XML was changed."""
    xlsx_file(path, {"So": ROWS})
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert re.search(change, sheet)
    parts["xl/worksheets/sheet1.xml"] = re.sub(change, lambda _: instead, sheet, count=1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx_file(tmp_path / "bomb.xlsx", {"So": ROWS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"xl/media/{n}.bin", bytes(2_000_000))
    assert path.stat().st_size < 30_000
    monkeypatch.setattr(limits, "MAX_UNPACKED", 5_000_000)
    refused(path, "giải nén")


def test_an_archive_that_lies_about_its_size(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "lie.xlsx", {"So": ROWS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/1.bin", bytes(5_000_000))
    data = path.read_bytes()
    size = (5_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (50).to_bytes(4, "little")))
    refused(path, "hỏng")


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZZZ9", "A999999999", "A" * 4000 + "11"])
def test_a_stray_cell_in_the_last_corner(tmp_path: Path, cell: str) -> None:
    far = f'<row r="1048576"><c r="{cell}"><v>1</v></c></row></sheetData>'
    path = with_sheet(tmp_path / "far.xlsx", "</sheetData>", far)
    if cell == "A999999999":
        refused(path, "999.999.999 dòng|hỏng")
    else:
        refused(path, "dòng × .* cột")


def test_cells_without_references_are_counted(tmp_path: Path) -> None:
    sheet = b"<row>" + b"<c><v>1</v></c>" * 40 + b"</row>" + b"<row><c><v>1</v></c></row>" * 9
    assert limits._area(b"<sheetData>" + sheet) == (10, 40)
    assert limits._area(b'<row r="1"><c r="B7" t="s"r="AA8"/></row>') == (8, 27)
    assert limits._area(b'<row r="77777777"><c r="B7"/></row>') == (77_777_777, 2)
    assert limits._area(b'<cols><col/></cols><c r="B7"/><c r="AA9"/>') == (9, 27)


def test_a_million_blank_rows_are_nothing(tmp_path: Path) -> None:
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(4, 400_000))
    path = with_sheet(tmp_path / "blank.xlsx", "</sheetData>", blank + "</sheetData>")
    assert take(path).receipt.rows_in == 2


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    path = with_sheet(tmp_path / "laughs.xlsx", "<worksheet", doctype + "<worksheet")
    with_text = '<c r="K2" t="inlineStr"><is><t>&l9;&f;</t></is></c></row>'
    path = with_sheet(path, "</row>", with_text)
    refused(path, "hỏng")
    page = html_file(tmp_path / "page.xls", ROWS)
    page.write_text(doctype + page.read_text("utf-8").replace("Hộ tịch", "&l9;&f;"), "utf-8")
    assert set(take(page).frame["field"]) == {"&l9;&f;"}


@pytest.mark.parametrize("tag", ["<a ", "<!--", '<td a="', "</td ", "<![CDATA[", "<script>", "&#"])
def test_a_page_of_tags_that_never_end(tmp_path: Path, tag: str) -> None:
    path = tmp_path / "page.xls"
    path.write_text("<html>" + tag * 20_000, encoding="utf-8")
    began = time.perf_counter()
    with pytest.raises(Exception, match=r"page\.xls"):
        take(path)
    assert time.perf_counter() - began < 10


def test_a_page_whose_cells_span_everything(tmp_path: Path) -> None:
    path = tmp_path / "page.xls"
    path.write_text("<table>" + "<tr><td colspan=1000 rowspan=1000>x</td>" * 50, encoding="utf-8")
    refused(path, "quá nhiều ô")


def test_a_cell_of_ten_megabytes(tmp_path: Path) -> None:
    long = line(1)
    long[2] = "a" * 10_000_000
    refused(csv_file(tmp_path / "long.csv", [HEADER, long]), "dài hơn")
    long[2] = "a" * 40_000
    refused(csv_file(tmp_path / "long.csv", [HEADER, line(2), long]), "dòng 3, cột thứ 3")
    refused(html_file(tmp_path / "long.xls", [HEADER, long]), "dòng 2, cột thứ 3")


def test_a_quote_that_is_never_closed_is_told_by_its_line(tmp_path: Path) -> None:
    rows = [HEADER, ['"', *line(1)[1:]], *(line(n) for n in range(2, 9000))]
    refused(csv_file(tmp_path / "open.csv", rows), "ngoặc kép chưa đóng")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_inbox_is_not_waited_for(workspace: Path) -> None:
    os.mkfifo(workspace / "data" / "inbox" / "a.csv")
    (taken,) = inbox.ingest(workspace)
    assert "a.csv" in str(taken.error) and "không phải tệp thường" in str(taken.error)


def test_a_file_that_grows_while_it_is_read(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = register(workspace / "data" / "inbox" / "a.csv", line(1))
    real = Path.read_bytes

    def growing(self: Path) -> bytes:
        data = real(self)
        if self == path:
            with path.open("a", encoding="utf-8") as file:
                file.write(",".join(map(str, line(2))) + "\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", growing)
    (taken,) = inbox.ingest(workspace)
    assert "đang được ghi" in str(taken.error)
    monkeypatch.undo()
    assert inbox.ingest(workspace)[0].export.receipt.rows_in == 2  # type: ignore[union-attr]


def test_a_unit_of_any_name_makes_a_plan_that_can_be_read(tmp_path: Path) -> None:
    from cchc_analysis import plan as plans

    name = 'xã "A"\n[rules]\nlate_rule = "time"\x7f\\'
    lay_out(tmp_path / "w", unit="a", name=name)
    unit = plans.load_unit(tmp_path / "w", "a")
    assert unit.name == name.strip() and unit.late_rule == "day"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["period", "unit", "as_of"]), st.text()))
def test_a_parameter_is_a_value_whatever_is_in_it(parameters: dict[str, str]) -> None:
    """What papermill writes into a notebook is assignments of literals and nothing else."""
    from papermill.translators import PythonTranslator

    tree = ast.parse(PythonTranslator.codify(parameters))
    found = {n.targets[0].id: ast.literal_eval(n.value) for n in tree.body}  # type: ignore[attr-defined]
    assert found == parameters
