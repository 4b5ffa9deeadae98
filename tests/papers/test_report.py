"""The quarterly report of the sample: its parts, its numbers, and when it is final."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from cchc_analysis import office, shipped
from cchc_analysis.errors import BriefError, LeakError
from cchc_analysis.papers import drafts, filing, narrative, report
from cchc_analysis.phrases import result_text
from cchc_analysis.words import label
from cchc_analysis.workspace.check import check

from ..libreoffice import convert, words

PERIOD = "2024-Q3"
WRITTEN = """\
[contents]
VII = "UBND xã họp giao ban cải cách hành chính hằng tháng."
[parts]
limitations = "Việc ký duyệt còn chậm."
next_tasks = "Phân công người ký thay."
proposals = "Đề nghị thành phố tập huấn."
"""


@pytest.fixture(scope="module")
def root(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    shutil.copytree(sample_workspace / "data", made / "data")
    return made


@pytest.fixture(scope="module")
def draft(root: Path) -> filing.Filed:
    return filing.make(office.open(root), PERIOD)


def text(path: Path) -> str:
    """All text of a Word file: paragraphs, then tables."""
    file = Document(io.BytesIO(path.read_bytes()))
    cells = [c.text for table in file.tables for line in table.rows for c in line.cells]
    return "\n".join([p.text for p in file.paragraphs] + cells)


def test_the_papers_lie_beside_the_brief(root: Path, draft: filing.Filed) -> None:
    folder = root / "reports" / "thieu-van" / PERIOD
    assert [path.name for path in draft.files] == ["report.docx", "report.pdf", "forms.xlsx"]
    assert {path.name for path in folder.iterdir()} == {
        "report.docx", "report.pdf", "forms.xlsx", "report.json",
    }  # fmt: skip
    record = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert {row["table"] for row in record["inputs"]} >= {"dossiers", "steps", "survey", "tasks"}
    assert draft.started == root / "data" / "narrative" / f"{PERIOD}.toml"


def test_every_part_in_the_order_of_the_plan(draft: filing.Filed) -> None:
    said = text(draft.files[0])
    heads = [
        "Kính gửi: UBND thành phố Thanh Hóa", "Phần thứ nhất. Kết quả thực hiện",
        "I. Cải cách thể chế", "II. Cải cách thủ tục hành chính", "III. Cải cách tổ chức bộ máy",
        "IV. Cải cách chế độ công vụ", "V. Cải cách tài chính công",
        "VI. Xây dựng chính quyền điện tử, chính quyền số",
        "VII. Chỉ đạo, điều hành, tuyên truyền CCHC",
        "Phần thứ hai. Tồn tại, hạn chế và nguyên nhân",
        "Phần thứ ba. Phương hướng, nhiệm vụ trọng tâm kỳ tới",
        "Phần thứ tư. Đề xuất, kiến nghị",
    ]  # fmt: skip
    places = [said.index(head) for head in heads]
    assert places == sorted(places)
    assert "Không có số liệu trong kỳ" in said


def test_its_numbers_are_the_briefs(root: Path, draft: filing.Filed) -> None:
    said = text(draft.files[0])
    q = office.open(root).period(PERIOD)
    known = {result.id: result for result in q.results}
    ids = [*report.RATES, *(t.indicator for t in q.plan.targets if t.governs)]
    for id in ids:
        if id in known:
            shown = result_text(known[id])
            assert shown in said, id
    for sentence in ("tiếp nhận 696 hồ sơ", "đã giải quyết 692 hồ sơ", "96,39% (667/692 hồ sơ)"):
        assert sentence in said
    assert (known["dossiers.received"].value, known["dossiers.resolved"].value) == (696, 692)


def test_drafts_are_marked_and_a_final_report_has_none(root: Path, tmp_path: Path) -> None:
    work = tmp_path / "w"
    shutil.copytree(root / "data", work / "data")
    shutil.rmtree(work / "data" / "narrative", ignore_errors=True)
    the_office = office.open(work)
    with pytest.raises(BriefError) as refused:
        filing.make(the_office, PERIOD, final=True)
    for part in ("limitations", "next_tasks", "proposals"):
        assert label(f"word.{part}") in str(refused.value)
    assert not (work / "reports").exists()  # a refused report leaves nothing
    file = work / "data" / "narrative" / f"{PERIOD}.toml"
    assert file.exists()  # but for the file to fill in
    file.write_text(WRITTEN.replace('"Phân công người ký thay."', '""'), encoding="utf-8")
    with pytest.raises(BriefError) as refused:
        filing.make(the_office, PERIOD, final=True)
    assert label("word.next_tasks") in str(refused.value)
    assert label("word.limitations") not in str(refused.value)
    file.write_text(WRITTEN, encoding="utf-8")
    said = text(filing.make(the_office, PERIOD, final=True).files[0])
    assert "Dự thảo" not in said and "DỰ THẢO" not in said
    assert "Việc ký duyệt còn chậm." in said and "họp giao ban" in said
    assert "Phân công người ký thay." in said


def test_half_written_keeps_drafts_for_the_rest(root: Path) -> None:
    q = office.open(root).period(PERIOD)
    own = narrative.Narrative("x.toml", {}, {"limitations": ("Của đơn vị.",)})
    found = report.report(q, own, drafts.drafts(q), final=False)
    said = [span["text"] for block in found for span in block.get("spans", ())]
    drafted = [sentence for sentence in said if sentence.startswith("[Dự thảo]")]
    assert "Của đơn vị." in said and drafted
    assert not [s for s in drafted if "chưa đạt chỉ tiêu" in s]  # those were of limitations


def test_an_edited_report_is_not_overwritten(root: Path, draft: filing.Filed) -> None:
    path = draft.files[0]
    before = path.read_bytes()
    try:
        file = Document(io.BytesIO(before))
        file.add_paragraph("Ý kiến của lãnh đạo")
        file.save(str(path))
        with pytest.raises(BriefError, match=r"report\.docx"):
            filing.make(office.open(root), PERIOD)
    finally:
        path.write_bytes(before)


def test_a_telephone_number_in_an_officers_words_stops_the_report(
    root: Path, tmp_path: Path
) -> None:
    work = tmp_path / "w"
    shutil.copytree(root / "data", work / "data")
    file = work / "data" / "narrative" / f"{PERIOD}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text('[contents]\nI = "Gọi ông A 0912 345 678."\n', encoding="utf-8")
    with pytest.raises(LeakError, match=rf"data/narrative/{PERIOD}\.toml, khóa I có") as told:
        filing.make(office.open(work), PERIOD)
    assert "0912" not in str(told.value)
    (finding,) = (f for f in check(work) if f.file.startswith("data/narrative"))
    assert (finding.file, finding.column) == (f"data/narrative/{PERIOD}.toml", "I")
    assert finding.exit_code == LeakError.exit_code and "0912" not in finding.message


def test_a_citizens_name_in_an_officers_words_stops_the_report(root: Path, tmp_path: Path) -> None:
    work = tmp_path / "w"
    shutil.copytree(root / "data", work / "data")
    raw = shipped.path("data", "sample", "SoTheoDoiHoSo_Q3_2024.xlsx")
    (work / "data" / "inbox").mkdir()
    shutil.copy(raw, work / "data" / "inbox" / "so goc.xlsx")
    grid = CalamineWorkbook.from_path(raw).get_sheet_by_index(0).to_python()
    head = next(n for n, line in enumerate(grid) if "Mã hồ sơ" in line)
    column = next(n for n, cell in enumerate(grid[head]) if "cá nhân" in str(cell))
    name = next(str(line[column]) for line in grid[head + 2 :] if str(line[column]).count(" ") > 1)
    file = work / "data" / "narrative" / f"{PERIOD}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'[contents]\nI = "Đã xin lỗi ông {name.upper()}."\n', encoding="utf-8")
    with pytest.raises(LeakError) as told:
        filing.make(office.open(work), PERIOD)
    assert "họ tên" in str(told.value) and name not in str(told.value)
    assert not (work / "reports").exists()


def test_equal_inputs_make_equal_bytes(root: Path, draft: filing.Filed) -> None:
    first = {path.name: path.read_bytes() for path in draft.files}
    again = filing.make(office.open(root), PERIOD)
    assert {path.name: path.read_bytes() for path in again.files} == first
    assert again.started is None


def test_a_year_without_a_plan_has_a_report(root: Path) -> None:
    made = filing.make(office.open(root), "2023-Q4")
    said = text(made.files[0])
    assert "Năm 2023 không có kế hoạch" in said and "VII. " in said


@pytest.mark.pdf
def test_it_opens_in_libreoffice_as_an_official_document(
    draft: filing.Filed, tmp_path: Path
) -> None:
    said = " ".join(words(convert(draft.files[0], "pdf", tmp_path)).split())
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO",
                 "/BC-UBND", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"):  # fmt: skip
        assert part in said
    own = re.sub(r"\s+", " ", words(draft.files[1]))
    assert "PHẦN THỨ TƯ. ĐỀ XUẤT, KIẾN NGHỊ" in own and "Nơi nhận:" in own
