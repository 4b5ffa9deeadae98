"""Vietnamese text is read from every encoding offices have used."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cchc_analysis.errors import FileError
from cchc_analysis.sources import encodings

from ..sheets import HEADER, csv_of, line, take, xlsx_file

TEXT = csv_of([HEADER, line(1), line(2, status="Công dân yêu cầu rút hồ sơ")])
ALPHABET = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"


def to_windows_1258(text: str) -> bytes:
    """Base letters with their hats, tone marks after them."""
    written = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        rest = "".join(c for c in parts if c not in tones)
        written += unicodedata.normalize("NFC", rest) + tones
    return written.encode("cp1258")


def inverse(pairs: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for typed, letter in pairs.items():
        found.setdefault(letter, typed)
    return found


def to_tcvn3(text: str) -> str:
    return "".join(inverse(encodings._TCVN3).get(c, c) for c in text)


def to_vni(text: str) -> str:
    return "".join(inverse(encodings._vni()[1]).get(c, c) for c in text)


@pytest.mark.parametrize(
    ("typed", "meant", "font"),
    [
        ("Uyû ban nhaân daân xaõ Thieäu Vaân", "Uỷ ban nhân dân xã Thiệu Vân", "VNI"),
        ("Ngaøy tieáp nhaän, ngöôøi noäp hoà sô", "Ngày tiếp nhận, người nộp hồ sơ", "VNI"),
        ("ÑAÕ TRAÛ KEÁT QUAÛ", "ĐÃ TRẢ KẾT QUẢ", "VNI"),
        ("Uû ban nh©n d©n x· ThiÖu V©n", "Uỷ ban nhân dân xã Thiệu Vân", "TCVN3"),
        ("Ngµy tiÕp nhËn, ng\u00adêi nép hå s¬", "Ngày tiếp nhận, người nộp hồ sơ", "TCVN3"),
        ("§· tr¶ kÕt qu¶", "Đã trả kết quả", "TCVN3"),
    ],
)
def test_known_words_in_the_font_encodings(typed: str, meant: str, font: str) -> None:
    assert encodings.mend(typed, font) == meant


@pytest.mark.parametrize("font", ["TCVN3", "VNI"])
def test_the_font_tables_hold_the_whole_alphabet(font: str) -> None:
    typed = {"TCVN3": to_tcvn3, "VNI": to_vni}[font]
    for letter in ALPHABET:
        assert encodings.mend(f"x{typed(letter)}x", font) == f"x{letter}x"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (unicodedata.normalize("NFD", TEXT).encode("utf-8"), "utf-8"),
        (to_windows_1258(TEXT), "windows-1258"),
        (to_tcvn3(TEXT).encode("latin-1"), "TCVN3"),
        (to_vni(TEXT).encode("cp1252"), "VNI"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_bytes_become_composed_unicode(tmp_path: Path, data: bytes, encoding: str) -> None:
    assert encodings.decode(data, "so.csv") == (TEXT, encoding)
    path = tmp_path / "so.csv"
    path.write_bytes(data)
    taken = take(path)
    assert taken.frame["status"].tolist() == ["handed_over", "withdrawn"]
    assert taken.frame["field"].tolist() == ["Hộ tịch", "Hộ tịch"]


@pytest.mark.parametrize("typed", [to_tcvn3, to_vni])
def test_font_encodings_inside_a_workbook(tmp_path: Path, typed: object) -> None:
    assert callable(typed)
    rows = [[typed(str(cell)) for cell in row] for row in (HEADER, line(1), line(2))]
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": rows}))
    assert taken.frame["field"].tolist() == ["Hộ tịch", "Hộ tịch"]
    assert any("Unicode" in note for note in taken.receipt.notes)


def test_a_column_in_a_font_under_unicode_headers(tmp_path: Path) -> None:
    rows = [line(n) for n in range(1, 9)]
    for row, field in zip(rows, ["Đất đai", "Hộ tịch", "Chứng thực", "Bảo trợ xã hội"] * 2,
                          strict=True):  # fmt: skip
        row[2] = to_tcvn3(field)
    taken = take(xlsx_file(tmp_path / "so.xlsx", {"So": [HEADER, *rows]}))
    assert set(taken.frame["field"]) == {"Đất đai", "Hộ tịch", "Chứng thực", "Bảo trợ xã hội"}


def test_western_words_are_left_alone() -> None:
    assert encodings.font_encoding(["Straße", "Müller", "café", "Señor"]) is None


def test_an_encoding_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Không nhận ra bảng mã"):
        encodings.decode(bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x01, 0x02]) * 50, "so.csv")
