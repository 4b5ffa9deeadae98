"""The last look finds every name, number and path planted in any kind of file, and nothing else."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import typst
import xlsxwriter
from docx import Document

from cchc_analysis import leaks, office, readback
from cchc_analysis.briefs import docx, html, pdf
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.briefs.blocks import table_data
from cchc_analysis.briefs.document import blocks
from cchc_analysis.errors import LeakError
from cchc_analysis.office import Office
from cchc_analysis.workspace import inbox, raw_files

from ..documents import notebook
from ..papers.made import register

CODE = "000.17.31.H56-240702-0004"
SPELT = leaks.spellings(["Nguyễn Thị Ẩn Danh", "Lý Thu Trang"])
WATCH = leaks.Watch(frozenset(SPELT), ("/srv/xa/",), codes=frozenset({CODE}), spelt=SPELT)
PLANTED = {
    "0912345678": "number", "0912 345 678": "number", "0912.345.678": "number",
    "+84 912 345 678": "number", "038095001234": "number", "038 095 001 234": "number",
    "an.danh@example.com": "number", "Nguyễn Thị Ẩn Danh": "name", "NGUYỄN  THỊ ẨN DANH": "name",
    "Nguyen.Thi.An.Danh": "name", unicodedata.normalize("NFD", "Nguyễn Thị Ẩn Danh"): "name",
    "/srv/xa/data/inbox": "path",
    "\\srv\\xa\\data": "path", CODE: "code",
}  # fmt: skip


def in_html(text: str) -> bytes:
    return html.render([notebook(f"Nêu {text}, hết")]).encode()


def in_split_html(text: str) -> bytes:
    half = len(text) // 2
    return f"<p>{text[:half]}<b>{text[half:]}</b></p>".encode()


def in_an_attribute(text: str) -> bytes:
    return f'<img alt="{text}"><!-- x -->'.encode()


def in_pdf(text: str) -> bytes:
    return pdf.render(blocks([notebook(f"Nêu {text}, hết")]))


def in_docx(text: str) -> bytes:
    return docx.render(blocks([notebook(f"Nêu {text}, hết")]))


def in_docx_runs(text: str) -> bytes:
    file = Document()
    paragraph = file.add_paragraph()
    for letter in text:  # as Word splits what somebody edits
        paragraph.add_run(letter)
    return saved(file)


def in_docx_author(text: str) -> bytes:
    file = Document()
    file.core_properties.author = text
    return saved(file)


def saved(file: object) -> bytes:
    out = io.BytesIO()
    file.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def in_xlsx(text: str) -> bytes:
    return workbook(lambda book, page: page.write_string(3, 2, text))


def in_xlsx_comment(text: str) -> bytes:
    return workbook(lambda book, page: page.write_comment(3, 2, text))


def in_xlsx_properties(text: str) -> bytes:
    return workbook(lambda book, page: book.set_properties({"manager": text}))


def workbook(write: Callable[[xlsxwriter.Workbook, object], object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet())
    return out.getvalue()


def in_a_cell(text: str) -> bytes:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"x = 1\n# {text}")])
    return nbformat.writes(made).encode()


def in_a_traceback(text: str) -> bytes:
    cell = nbformat.v4.new_code_cell("x")
    lines = ["\x1b[31mKeyError\x1b[0m", f"\x1b[1m--> 1 x['{text}']\x1b[0m"]
    cell.outputs = [nbformat.v4.new_output("error", ename="KeyError", evalue="", traceback=lines)]
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()


def in_metadata(text: str) -> bytes:
    made = nbformat.v4.new_notebook(metadata={"papermill": {"parameters": {"who": text}}})
    return nbformat.writes(made).encode()


def in_json(text: str) -> bytes:
    return json.dumps([{"id": "x", "evidence": text}], ensure_ascii=False).encode()


def in_csv(text: str) -> bytes:
    return f'code,evidence\nHS1,"Nêu {text}"\n'.encode()


def in_a_log(text: str) -> bytes:
    return f"INFO mở {text}\n".encode()


PLACES = {
    "a.html": in_html, "b.html": in_split_html, "c.html": in_an_attribute, "a.pdf": in_pdf,
    "a.docx": in_docx, "b.docx": in_docx_runs, "c.docx": in_docx_author, "a.xlsx": in_xlsx,
    "b.xlsx": in_xlsx_comment, "c.xlsx": in_xlsx_properties, "a.ipynb": in_a_cell,
    "b.ipynb": in_a_traceback, "c.ipynb": in_metadata, "a.json": in_json, "a.csv": in_csv,
    "run.log": in_a_log,
}  # fmt: skip


@pytest.mark.parametrize("file", PLACES)
def test_everything_planted_is_found(file: str) -> None:
    clean = leaks.search([(file, PLACES[file]("Đúng hạn 12.345 hồ sơ, 94,18%"))], WATCH)
    assert clean == []
    for text, kind in PLANTED.items():
        found = leaks.search([(file, PLACES[file](text))], WATCH)
        assert found == [leaks.Leak(file, kind)], text


@pytest.mark.parametrize(
    "text",
    [
        "Lí Thu Trang", "LyThuTrang", "Trang Lý Thu", "Thu Trang Lý", "L.T. Trang", "Lý T. Trang",
        "Lý\u200b Thu Tra\u00adng", "\U0001d40b\U0001d432 \U0001d413\U0001d421\U0001d42e Trang",
        "Nguyễn Thị Ẩn\nDanh", "Nguyễn\tThị Ẩn Danh", "N.T.Ẩn Danh", "Nguyễn T. Ẩn Danh",
        "NTA Danh", "NT Ẩn Danh", "Nguyễn T.A. Danh", "L. Thu Trang", "LýThu Trang", "Lý ThuTrang",
        "Nguyễn Thị Ẩn Danh2", "1Nguyễn Thị Ẩn Danh",
    ],
)  # fmt: skip
def test_a_name_in_another_spelling(text: str) -> None:
    for file, content in (("run.log", f"Nêu {text}, hết".encode()), ("a.json", in_json(text)),
                          ("a.html", f"<pre>Nêu {text}</pre>".encode())):  # fmt: skip
        assert leaks.search([(file, content)], WATCH) == [leaks.Leak(file, "name")]


@pytest.mark.parametrize(
    "text", [CODE.lower(), CODE.replace("-", "–"), f"Mã: {CODE.replace('-', ' - ')} - xong"]
)
def test_a_code_in_another_spelling(text: str) -> None:
    assert WATCH.finds(text) == "code"


def test_the_abbreviation_of_an_office_is_no_name() -> None:
    spelt = leaks.spellings(["Trạm Y tế xã", "Lê Y Tế Xã"])
    assert ("tit", "xa") not in spelt and ("lit", "xa") in spelt


def test_a_mark_elsewhere_is_no_reason_to_forget_the_accents() -> None:
    assert WATCH.finds("\u0332x lý thú trang") is None
    assert WATCH.finds("\u0332x Lý Thu Tra\u0332ng") == "name"


@pytest.mark.parametrize("text", ["Lý Trang", "LT Trang", "Thu Trang", "Nguyễn Danh", "TT Danh"])
def test_what_too_many_are_called_is_no_name(text: str) -> None:
    assert WATCH.finds(f"đường {text}, hết") is None


def output(mime: str, said: object) -> bytes:
    made = nbformat.v4.new_output("display_data", data={mime: said})
    cells = [nbformat.v4.new_code_cell("x", outputs=[made])]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


def docx_row(*cells: str) -> bytes:
    file = Document()
    table = file.add_table(rows=2, cols=len(cells))
    for cell, text in zip(table.rows[1].cells, cells, strict=True):
        cell.text = text
    return saved(file)


def xlsx_row(*cells: str) -> bytes:
    return workbook(lambda book, page: page.write_row(3, 1, cells))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("file", "content", "kind"),
    [
        ("a.docx", docx_row("a", "Lý", "Thu", "Trang", "b"), "name"),
        ("a.docx", docx_row("a", "Lý Thu\nTrang"), "name"),
        ("a.xlsx", xlsx_row("a", "Lý", "", "Thu", "Trang", "b"), "name"),
        ("a.xlsx", xlsx_row("a", "0912", "345", "678"), "number"),
        ("a.ipynb", output("image/svg+xml", "<svg><text>Lý Thu Trang</text></svg>"), "name"),
        ("a.ipynb", output("image/svg+xml", "<svg><g id='0912345678'/></svg>"), "number"),
        ("a.ipynb", output("text/markdown", "Lý Thu\nTrang"), "name"),
        ("a.ipynb", output("application/json", {"dt": 912345678.0}), "number"),
        ("a.json", b'{"a": 38293230447}', "number"),
        ("a.csv", "a,Lý,Thu,Trang,b".encode(), "name"),
        ("a.csv", b"x,0912,345,678", "number"),
        ("a.html", "<p>Lý Thu<br>Trang".encode(), "name"),
        ("a.html", "<tr><td><p>Lý</p></td><td>Thu</td> <td>Trang</td></tr>".encode(), "name"),
        ("a.html", b"<time datetime='0912345678'>x</time>", "number"),
        ("a.html", "<input placeholder='Lý Thu Trang'>".encode(), "name"),
        ("a.html", "<style>/* Lý Thu Trang */</style>".encode(), "name"),
        ("a.txt", "Lý Thu Trang".encode("utf-16"), "name"),
        ("a.txt", "Lý Thu Trang".encode("utf-16-be"), "name"),
        ("a.txt", b"File /home/lan/so.xlsx", "path"),
        ("a.txt", b"C:\\Users\\Lan\\so.xlsx", "path"),
        ("a.txt", b"C:\\Documents and Settings\\lan\\so.xlsx", "path"),
        ("a.txt", b"File /root/so.xlsx", "path"), ("a.txt", b"\\\\may1\\so sach\\so.xlsx", "path"),
        ("a.json", rb'["\\\\\\\\may1\\\\so$\\\\so.xlsx"]', "path"),
        ("a.csv", b"a,9.12345678E+08,z", "number"), ("a.csv", b"a,3.8095001234E+10,z", "number"),
        *(("a.txt", f"0912{s}345{s}678".encode(), "number") for s in (*";:|*'~\\x", "...")),
    ],
)  # fmt: skip
def test_where_nobody_looks(file: str, content: bytes, kind: str) -> None:
    assert leaks.search([(file, content)], WATCH) == [leaks.Leak(file, kind)]


def with_part(made: bytes, name: str, content: str | bytes) -> bytes:
    """An Office file or archive with one part more, or another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


NOTHING = in_xlsx("x")
FOREIGN = {
    "xl/connections.xml": "<a odcFile='{}'/>",
    "xl/person.xml": "<a><b displayName='S::{}::1'/></a>",
    "xl/worksheets/sheet9.xml": "<c><f><v val='a'/></f><dataValidation prompt='hỏi {}'/></c>",
    "xl/styles9.xml": "<numFmt formatCode='0 &quot;{}&quot;'/>",
    "word/settings9.xml": "<x xmlns:w='w'><w:alias w:val='{}'/></x>",
    "xl/drawings/vmlDrawing1.vml": "<xml><br><v:textbox><div>{}</div></v:textbox></xml>",
    "xl/worksheets/sheet8.xml": "<x><headerFooter><a>&amp;L&amp;\"Times,Bold\"&amp;12{}&amp;P</a>"
    "</headerFooter></x>",
    "word/afchunk.htm": "<p>{}</p>",
}  # fmt: skip


@pytest.mark.parametrize("part", FOREIGN)
@pytest.mark.parametrize(("text", "kind"), [("Lý Thu Trang", "name"), ("0912345678", "number")])
def test_parts_and_attributes_of_office_files(part: str, text: str, kind: str) -> None:
    made = with_part(NOTHING, part, FOREIGN[part].format(text))
    assert leaks.search([("a.xlsx", made)], WATCH) == [leaks.Leak("a.xlsx", kind)]


def test_runs_of_a_cell_are_one_text() -> None:
    runs = "".join(f"<r><t>{letter}</t></r>" for letter in "0912345678")
    made = with_part(NOTHING, "xl/worksheets/sheet9.xml", f"<c t='inlineStr'><is>{runs}</is></c>")
    assert leaks.search([("a.xlsx", made)], WATCH) == [leaks.Leak("a.xlsx", "number")]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsm", "a.docm", "a.pptx", "a.zip"])
def test_files_in_files(name: str) -> None:
    for inner, content in (("b/c.xlsx", in_xlsx("Lý Thu Trang")), ("c.csv", in_csv("Lý Thu Trang")),
                           ("c.zip", with_part(NOTHING, "Lý Thu Trang.txt", ""))):  # fmt: skip
        made = with_part(NOTHING, inner, content)
        assert leaks.search([(name, made)], WATCH) == [leaks.Leak(name, "name")], inner
    assert leaks.search([(name, NOTHING)], WATCH) == []


@pytest.mark.parametrize(
    "value", ["172345678", "4572000", "{05010203-0405-0607-0809-038095001234}", "A12", "0091F2C3"]
)
def test_sizes_and_ids_of_office_files_are_no_numbers(value: str) -> None:
    made = with_part(NOTHING, "xl/x.xml", f"<a id='{value}'/>")
    assert leaks.search([("a.xlsx", made)], WATCH) == []


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.log", "Lý Thu Tr\x1b[31mang"), ("a.log", "Lý Thu Tr\x1b[Kang"),
        ("a.log", "Lý\x1b[2;1H Thu\x1b[?25l Trang"), ("a.log", json.dumps("Lý Thu Trang")),
        ("a.log", ascii("Lý Thu Trang")), ("a.log", r"Lý Thu\nTrang"),
        ("a.log", json.dumps("\U0001d40b\U0001d432 Thu Trang")),
        ("a.html", f"<script>{json.dumps('Lý Thu Trang')}</script>"),
        ("a.html", "<a href='mailto:x?cc=L%C3%BD%20Thu%20Trang'>x</a>"),
        ("a.html", f"<img src='data:image/svg+xml;base64,{base64('<text>Lý Thu Trang')}'>"),
        ("a.html", "<img src='data:image/svg+xml,%3Ctext%3EL%C3%BD Thu Trang%3C/text%3E'>"),
        ("a.html", "<?php Lý Thu Trang ?>"), ("a.html", "<p>Lý</p><p>Thu Trang</p>"),
        ("a.html", "<dl><dt>Lý Thu</dt><dd>Trang</dd></dl>"),
        *(("a.html", f"<p>Lý T<{tag}>hu</{tag}> Trang") for tag in ("u", "mark", "kbd", "label")),
        ("a.svg", "<svg><text>Lý <![CDATA[Thu Trang]]></text></svg>"),
        ("a.svg", "<svg><text>Lý</text><text>Thu</text><text>Trang</text></svg>"),
        ("a.svg", "<svg><text><tspan>Lý Thu</tspan><tspan x='0' dy='1em'>Trang</tspan></text>"),
    ],
)  # fmt: skip
def test_names_in_the_wrappings_of_programs(file: str, text: str) -> None:
    assert leaks.search([(file, text.encode())], WATCH) == [leaks.Leak(file, "name")]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('#link("mailto:an.danh@example.com")[x]', "number"),
        ('#link("tel:0912345678")[x]', "number"),
        ('#link("file:///home/lan/so.xlsx")[x]', "path"), ("#place(hide[= Lý Thu Trang])", "name"),
        ('#pdf.attach("a.html", bytes("<p>Lý Thu</p>Trang"))', "name"),
        ('#pdf.attach("Lý Thu Trang.txt", bytes("x"))', "name"),
        ('#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"), width: 1pt, height: 1pt, '
         'alt: "Lý Thu Trang")', "name"),
        ("#block(width: 1.1cm)[0912 345 678]", "number"),
        ("#link(\"https://example.vn/a%20b\")[639 \\\n 696 \\\n 605 \\\n 0123]", None),
    ],
)  # fmt: skip
def test_what_lies_behind_the_pages_of_a_pdf(said: str, kind: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.typ").write_text(f"{said} x", encoding="utf-8")
    found = leaks.search([("a.pdf", typst.compile(tmp_path / "a.typ"))], WATCH)
    assert found == ([leaks.Leak("a.pdf", kind)] if kind else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0 9 1 2 3 4 5 6 7 8", "number"), ("0.3.8.0.9.5.0.0.1.2.3.4", "number"),
        ("gọi 0 2 3 7 3 8 5 2 1 2 3, hết", "number"),
        ("0 1 2 3 4 5 6 7 8 9", None), ("0 9 1 2 3 4 5 6 7 8 9 10", None),
        ("1 0 9 1 2 3 4 5 6 7 8", None),
    ],
)  # fmt: skip
def test_a_sign_between_any_two_digits(text: str, kind: str | None) -> None:
    assert WATCH.finds(text) == kind
    assert WATCH.finds(text, line=True) is None  # small counts in the cells of a row


@pytest.mark.parametrize("number", [1_000_000_000, 38_000_000_000, 1_732_900_000, 12.5])
def test_a_large_figure_is_no_citizen(number: float) -> None:
    assert leaks.search([("a.json", json.dumps([number]).encode())], WATCH) == []


def test_a_telephone_number_that_excel_took_for_a_number() -> None:
    made = workbook(lambda book, page: page.write_number(0, 0, 912345678))  # type: ignore[attr-defined]
    assert leaks.search([("a.xlsx", made)], WATCH) == [leaks.Leak("a.xlsx", "number")]


def test_a_name_broken_over_the_lines_of_a_narrow_column() -> None:
    columns = [{"label": str(n), "align": "left"} for n in range(12)]
    rows = [["Nguyễn Thị Ẩn Danh", *["x" * 9] * 11]]
    table = table_data(id="t", caption="T", columns=columns, rows=rows)
    made = pdf.render([{"kind": "table", **table}])
    assert not any("Nguyễn Thị Ẩn Danh" in text for text, _ in readback.texts("a.pdf", made))
    assert leaks.search([("a.pdf", made)], WATCH) == [leaks.Leak("a.pdf", "name")]


def test_the_name_of_a_file_is_read_too() -> None:
    found = leaks.search([("notebooks/0912345678.txt", b"")], WATCH)
    assert [leak.kind for leak in found] == ["number"]


@pytest.mark.parametrize(
    "text",
    [
        "639 696 605 2.671 10 12", "01/10/2024 – 31/12/2024", "000.17.31.H56", "1.001193",
        "3.050/3.281", "HSBLDLCJMHKNSK", "Nguyễn Thị An", "nguyên thì Ăn Đánh",
        "0,9418238993710691", "0911 0912 0913 0914", "0373 – 0374 – 0375", "0,0912345678",
        "0912345678e-05", "01 02 03 04 05 06 07 08 09 10 11 12", "08:15:00", "tỷ lệ 012:345",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6be559546454cb80", "b3cc9d874004916f-2", "874004916b3cc9de",  # ids of exports
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_not(text: str) -> None:
    for file in ("a.html", "a.pdf", "a.docx", "a.ipynb", "a.csv"):
        assert leaks.search([(file, PLACES[file](text))], WATCH) == [], file


@pytest.mark.parametrize("file", ["a.xlsx", "a.csv"])
def test_a_share_with_as_many_digits_as_a_telephone_number(file: str) -> None:
    made = {"a.csv": b"id,value\nx,0.755859375\n",
            "a.xlsx": workbook(lambda book, page: page.write_number(0, 0, 387 / 512))}  # fmt: skip
    assert leaks.search([(file, made[file])], WATCH) == []


def test_the_report_of_a_leak_is_not_one() -> None:
    with pytest.raises(LeakError) as told:
        leaks.stop(leaks.search([("a.csv", in_csv("Nguyễn Thị Ẩn Danh 0912345678"))], WATCH))
    assert "a.csv" in str(told.value)
    assert "0912" not in str(told.value) and "Danh" not in str(told.value)


def test_a_damaged_office_file_is_no_reason_to_let_it_through(tmp_path: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        leaks.search([("a.docx", b"not a zip")], WATCH)


def test_an_officer_may_have_the_name_of_a_citizen(
    sample: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    internal = sample.period("2024-Q4", audience="internal")
    officer = internal.dossiers["officer"].dropna().iloc[0]
    monkeypatch.setattr(raw_files, "people_of", lambda q: {"": {officer, "Nguyễn Thị Ẩn Danh"}})
    for q, shared, found in (
        (internal, False, None), (internal, True, "name"),
        (sample.period("2024-Q4"), False, "name"),
    ):  # fmt: skip
        watch = leaks.Watch.of(q, shared=shared)
        assert watch.finds(f"Thụ lý: {officer}") == found
        assert watch.finds("Nguyễn Thị Ẩn Danh") == "name"


def test_codes_and_officers_are_not_for_everybody(
    sample: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_files, "people_of", lambda q: {})
    q = sample.period("2024-Q4")
    watch = leaks.Watch.of(q)
    row = q.dossiers[q.dossiers["officer"].notna()].iloc[0]
    assert watch.finds(f"Hồ sơ {row['code']}.") == "code"
    assert watch.finds(f"Thụ lý: {row['officer']}") == "name"
    assert watch.finds("Bộ phận Một cửa, Phó Chủ tịch UBND xã, văn thư") is None  # roles
    assert leaks.Watch.of(sample.period("2024-Q4", audience="internal")).finds(row["code"]) is None


WORDED = "Đăng ký khai tử cho bà Lường Thị Nga"
LATE = {"Mã TTHC": "2.999999", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024"}


def test_a_filer_named_in_the_register_s_words_is_still_looked_for(workspace: Path) -> None:
    rows = [{"n": "1", **LATE, "Tên thủ tục hành chính": WORDED, "Chủ hồ sơ": "Lường Thị Nga"}]
    rows += [
        {"n": str(n), **LATE, "Tên thủ tục hành chính": "Giao đất cho hộ gia đình",
         "Chủ hồ sơ": who}
        for n, who in enumerate(("Hộ gia đình", "Lê Văn Tám", "Vi Thị Chín", "Hà Văn Mười"), 2)
    ]  # fmt: skip
    inbox.ingest(workspace, [register(workspace / "data" / "inbox" / "so.csv", rows)])
    for audience in ("shared", "internal"):
        q = office.open(workspace).period("2024-Q1", audience=audience)
        watch = leaks.Watch.of(q)
        assert watch.finds(WORDED) == "name"
        assert watch.finds("Giao đất cho hộ gia đình") is None  # said at four people
        assert watch.finds("Lê Văn Tám") == watch.finds("Lò Văn Thay") == "name"  # owner, filer
        assert WORDED not in Annex.of(q).key_label("procedure_code", "2.999999")


def test_procedures_are_called_what_the_catalogue_calls_them(workspace: Path) -> None:
    rows = [{"n": str(n), "Ngày hẹn trả": "20/03/2024"} for n in range(1, 3)]
    rows[0]["Tên thủ tục hành chính"] = rows[1]["Tên thủ tục hành chính"] = WORDED
    rows.append({"n": "3", **LATE, "Tên thủ tục hành chính": WORDED + " Hà", "Lĩnh vực": "Đất đai"})
    inbox.ingest(workspace, [register(workspace / "so.csv", rows)])
    annex = Annex.of(office.open(workspace).period("2024-Q1"))
    known = annex.key_label("procedure_code", "1.001193.000.00.00.H56")
    assert known == "Thủ tục đăng ký khai sinh (1.001193)"
    lone = annex.key_label("procedure_code", "2.999999")
    assert lone == "Thủ tục thuộc lĩnh vực Đất đai, không nêu tên"


def test_names_without_a_dossier_are_looked_for_too(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    rows = [{"n": "1", **LATE}, {"n": "2", **LATE, "Mã hồ sơ": "", "Chủ hồ sơ": "Vi Thị Hằng Nga"}]
    said = folder / "PhanAnh.csv"
    said.write_text(
        "Mã phản ánh,Ngày tiếp nhận,Hạn trả lời,Ngày trả lời,Nội dung,Người phản ánh\n"
        "PA1,05/02/2024,20/02/2024,12/02/2024,Chờ lâu,Cao Bá Kiên\n",
        encoding="utf-8",
    )
    done = inbox.ingest(workspace, [register(folder / "so.csv", rows), said])
    assert not [row.error for row in done if row.error]
    watch = leaks.Watch.of(office.open(workspace).period("2024-Q1"))
    assert watch.finds("Vi Thị Hằng Nga") == watch.finds("Cao Bá Kiên") == "name"
