"""The name on a dossier, in any register: which column, which row, which encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from cchc_analysis import cli
from cchc_analysis.sources import Mapping
from cchc_analysis.sources.columns import named_person
from cchc_analysis.sources.encodings import from_tcvn3
from cchc_analysis.sources.heading import Column
from cchc_analysis.sources.people import people
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import make_office

from .made import register

LATE = {"Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "25/03/2024"}
ONE = "000.17.31.H56-240315-0001"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (["STT", "Tổ chức/cá nhân nộp", "Số CCCD", "Điện thoại", "Địa chỉ"], "Tổ chức/cá nhân nộp"),
        (["Người nộp", "Chủ hồ sơ", "SĐT chủ hồ sơ"], "Chủ hồ sơ"),
        (["TEN_NGUOI_NOP", "SDT_NGUOI_NOP"], "TEN_NGUOI_NOP"),
        (["TrichYeuHoSo", "DiaChiChuHoSo", "SoDienThoaiChuHoSo", "ChuHoSo"], "ChuHoSo"),
        ([("Chủ hồ sơ", "Loại"), ("Chủ hồ sơ", "Số CCCD"), ("Chủ hồ sơ", "Họ và tên")],
         "Chủ hồ sơ / Họ và tên"),
        ([("Tiếp nhận", "Người tiếp nhận"), ("Tiếp nhận", "Người nộp hồ sơ")],
         "Tiếp nhận / Người nộp hồ sơ"),
        (["Điện thoại người nộp", "Địa chỉ người nộp", "Người được ủy quyền nộp"], None),
        (["Công dân", "Ngày sinh"], "Công dân"),
        (["Tên thủ tục", "Đơn vị", "Cán bộ thụ lý", "Người nhận kết quả"], None),
    ],
)  # fmt: skip
def test_which_column_holds_the_name(headers: list[str | tuple[str, str]], name: str) -> None:
    columns = [
        Column(n, h) if isinstance(h, str) else Column(n, h[1], h[0]) for n, h in enumerate(headers)
    ]
    found = named_person(columns)
    assert (found.label if found else None) == name


@pytest.mark.parametrize(
    ("layout", "fmt"),
    [("igate", "xlsx"), ("td", "csv"), ("td", "xlsx"), ("combined", "xlsx"), ("thieu-van", "csv")],
)
def test_another_commune_with_another_layout(tmp_path: Path, layout: str, fmt: str) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    make_office(
        exports, seed=7, quarters=("2024-Q1",), dossiers_per_quarter=120, layout=layout, fmt=fmt
    )
    root = lay_out(tmp_path / "ws", unit="dong-linh", name="xã Đông Lĩnh")
    assert not [r.error for r in inbox.ingest(root, sorted(exports.iterdir())) if r.error]
    for arguments in (["--raw", str(exports)], []):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(root), "apologies", "2024-Q1", *arguments])
        assert not stopped.value.code
        made = list((root / "internal" / "apologies" / "dong-linh").rglob("*.docx"))
        assert made
        for path in made:
            texts = [paragraph.text for paragraph in Document(str(path)).paragraphs]
            to = next(text for text in texts if text.startswith("Kính gửi: "))
            assert ("…" in to) == (not arguments)
            assert any("UBND xã Đông Lĩnh tiếp nhận" in text for text in texts)


def slip_of(root: Path) -> str:
    with pytest.raises(SystemExit):
        cli.main(["-C", str(root), "apologies", "2024-Q1"])
    path = next((root / "internal" / "apologies").rglob("*.docx"))
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def test_the_owner_comes_before_the_filer(workspace: Path) -> None:
    file = register(workspace / "data" / "inbox" / "so.csv", [{"n": "1", **LATE}])
    inbox.ingest(workspace, [file])
    assert "Kính gửi: Trương Thị Ẩn\n" in slip_of(workspace)
    found = people(file)
    assert found.name(ONE) == "Trương Thị Ẩn" and found.name("another") is None


def test_the_newest_export_with_a_name_wins(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    old = register(folder / "a.csv", [{"n": "1", **LATE, "Chủ hồ sơ": "Cũ Văn Tên"}])
    new = register(
        folder / "b.csv", [{"n": "1", **LATE, "Chủ hồ sơ": "Mới Thị Tên"}],
        exported="06/04/2024 08:00",
    )  # fmt: skip
    inbox.ingest(workspace, [old, new])
    assert "Kính gửi: Mới Thị Tên\n" in slip_of(workspace)
    new.unlink()
    assert "Kính gửi: Cũ Văn Tên\n" in slip_of(workspace)


def test_a_code_that_stands_twice_takes_the_name_of_its_own_row(workspace: Path) -> None:
    rows = [
        {"n": "1", **LATE, "Chủ hồ sơ": "Một Văn Ai"},
        {"n": "1", "Ngày hẹn trả": "20/03/2024", "Ngày xử lý xong": "26/03/2024",
         "Chủ hồ sơ": "Hai Thị Ai"},
    ]  # fmt: skip
    file = register(workspace / "data" / "inbox" / "so.csv", rows)
    inbox.ingest(workspace, [file])
    text = slip_of(workspace)
    assert "ngày 26 tháng 3 năm 2024" in text and "Kính gửi: Hai Thị Ai\n" in text
    assert people(file).name(ONE) is None


def test_names_typed_in_a_font_of_old(workspace: Path) -> None:
    name, typed = from_tcvn3("NguyÔn ThÞ ¸nh"), "NguyÔn ThÞ ¸nh"
    rows = [{"n": str(n), **LATE, "Chủ hồ sơ": typed} for n in range(1, 4)]
    for row in rows:
        row["Lĩnh vực"] = "Hé tÞch, hå s¬ ®Êt ®ai"  # the sheet's words are typed so too
        row["Tên thủ tục hành chính"] = "Thñ tôc cÊp l¹i b¶n sao"
    file = register(workspace / "so.csv", rows)
    found = people(file)
    assert found.name(ONE) == name


def test_what_is_no_name_is_left_out(workspace: Path) -> None:
    cells = ["0912345678", "-", "", "x" * 300, "Công ty TNHH 2 thành viên"]
    rows = [{"n": str(n), **LATE, "Chủ hồ sơ": cell} for n, cell in enumerate(cells, 1)]
    file = register(workspace / "so.csv", rows)
    found = people(file)
    names = [found.name(f"000.17.31.H56-240315-{n:04}") for n in range(1, 6)]
    assert names == [None, None, None, None, "Công ty TNHH 2 thành viên"]


def test_a_strangers_column_by_the_mapping(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", unit="city", name="City")
    file = root / "data" / "inbox" / "requests.csv"
    file.write_text(
        "Ref;Opened;Promised;Closed;Applicant;Phone\n"
        "A-1;2024-01-04;2024-01-09;2024-01-12;Jane Roe;0912345678\n"
        "A-2;2024-01-04;2024-01-09;2024-01-09;John Doe;0912345679\n",
        encoding="utf-8",
    )
    mapping = file.with_name("requests.mapping.toml")
    text = (
        'table = "dossiers"\nperson = "Applicant"\n[columns]\ncode = "Ref"\n'
        'received_at = "Opened"\ndue_at = "Promised"\nfinished_at = "Closed"\n'
    )
    mapping.write_text(text, encoding="utf-8")
    assert not [r.error for r in inbox.ingest(root, []) if r.error]
    assert "Kính gửi: Jane Roe\n" in slip_of(root)
    assert Mapping.parse(Mapping.parse(text).dumps()).person == "Applicant"
    mapping.write_text(text.replace('person = "Applicant"\n', ""), encoding="utf-8")
    assert "Kính gửi: ……" in slip_of(root)
