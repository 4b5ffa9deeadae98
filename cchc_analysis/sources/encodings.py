"""Bytes to Vietnamese text.

A text file does not say in which encoding it was written. Unicode can be told by its marks or
by its own rules; the older encodings cannot, so each is tried and the reading that looks most
like Vietnamese wins: Windows-1258, where tone marks follow the letter, and the two font
encodings TCVN3 (``.VnTime`` fonts) and VNI, where a Vietnamese letter is typed as one or two
Western ones. The font encodings also live on inside workbooks, so they are told and mended on
text as well as on bytes.

>>> from_tcvn3("M· hå s¬"), from_vni("Maõ hoà sô")
('Mã hồ sơ', 'Mã hồ sơ')
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from ..errors import FileError
from ..words import say

__all__ = ["decode", "font_encoding", "from_tcvn3", "from_vni", "mend", "mend_rows"]


# -- font encodings -------------------------------------------------------------------------

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_MARKS = {  # how VNI writes the marks, and their Unicode combining forms
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị",
                "î": "ỵ"}  # fmt: skip
_PLAIN_MARKS = "ùøûõï"


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    pairs: dict[str, str] = {}
    allowed = {"a": _MARKS, "e": "ùøûõïâáàåãä", "o": "ùøûõïâáàåãä", "u": _PLAIN_MARKS,
               "y": "ùøûõ", "ô": _PLAIN_MARKS, "ö": _PLAIN_MARKS}  # fmt: skip
    for base, marks in allowed.items():
        for mark in marks:
            letter = _VNI_LETTERS.get(base, base)
            made = unicodedata.normalize("NFC", letter + _MARKS[mark])
            pairs[base + mark] = made
            pairs[base.upper() + mark.upper()] = pairs[base.upper() + mark] = made.upper()
    for base, letter in _VNI_LETTERS.items():
        pairs[base] = letter
        pairs[base.upper()] = letter.upper()
    longest_first = sorted(pairs, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), pairs


def from_tcvn3(text: str) -> str:
    """Text typed in a ``.VnTime`` font; words in capitals (``.VnTimeH``) stay in capitals."""
    mended = "".join(_TCVN3.get(c, c) for c in text)
    return re.sub(r"\w+", lambda m: _as_capitals(m[0]), mended)


def _as_capitals(word: str) -> str:
    ascii_letters = [c for c in word if c.isascii() and c.isalpha()]
    shouted = len(ascii_letters) >= 2 and all(c.isupper() for c in ascii_letters)
    return word.upper() if shouted else word


def from_vni(text: str) -> str:
    """Text typed in a ``VNI-`` font."""
    pattern, pairs = _vni()
    return pattern.sub(lambda m: pairs[m[0]], text)


_FONTS = {"TCVN3": from_tcvn3, "VNI": from_vni}
_UNICODE_ONLY = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_WESTERN = re.compile("[\u00a1-\u00ff]")
_WORDS = """
hồ sơ ngày tiếp nhận trả kết quả thủ tục hành chính lĩnh vực xử lý hẹn mã trạng thái tên số
cán bộ hình thức của xã phường thành phố giải quyết thời gian hạn trực tuyến công chức đã đang
hộ tịch chứng thực đất đai bảo trợ hội người điện thoại địa chỉ ghi chú từ đến tổng kỳ báo cáo
bước thời điểm chuyển góp ý giới tính độ tuổi tháng mục tiêu nội dung nhiệm vụ bản sao khai sinh
đăng ký cấp lại hài lòng rất không bình thường có và bưu ích dân hoàn thành"""
_COMMON = frozenset(_WORDS.split())


def _likeness(text: str) -> int:
    """How much the text looks like Vietnamese: accented words known, less the odd ones."""
    score = 0
    for word in re.findall(r"[^\W\d_]+", text.lower()):
        if not word.isascii():
            score += 2 if word in _COMMON else 0
            score -= 3 if re.search(r"[^a-zà-ÿăđĩũơư\u1ea0-\u1ef9]|[a-z][æøñßþðåäöüç]", word) else 0
    return score


def font_encoding(texts: Iterable[str]) -> str | None:
    """``TCVN3`` or ``VNI`` if the texts were typed in such a font, else ``None``."""
    sample = "\n".join(texts)[:20_000]
    if not _WESTERN.search(sample) or _UNICODE_ONLY.search(sample):
        return None
    scores = {name: _likeness(mended(sample)) for name, mended in _FONTS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > max(2, _likeness(sample)) else None


def mend(text: str, font: str) -> str:
    """The text in Unicode; ``font`` as :func:`font_encoding` names it."""
    return text if text.isascii() else _FONTS[font](text)


def mend_rows(rows: list[list[Any]]) -> str | None:
    """Puts a sheet typed in a font encoding into Unicode, in place, and names the encoding."""
    looked_at = [*rows[:60], *rows[60 :: max(1, len(rows) // 200)]]
    font = font_encoding(cell for row in looked_at for cell in row if isinstance(cell, str))
    if font is not None:
        known: dict[str, str] = {}
        for row in rows:
            for i, cell in enumerate(row):
                if isinstance(cell, str) and not cell.isascii():
                    if cell not in known:
                        known[cell] = mend(cell, font)
                    row[i] = known[cell]
    return font


# -- bytes ----------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000


def decode(data: bytes, file: str, encoding: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding. ``encoding`` comes from a mapping.

    Raises :class:`FileError` when no encoding gives a readable text.
    """
    if encoding:
        try:
            return _composed(_decode_as(data, encoding)), encoding
        except (UnicodeError, LookupError):
            raise FileError(say("sources.wrong_encoding", file=file, encoding=encoding)) from None
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _composed(data.decode(name, "replace")), name.removesuffix("-sig")
    if wide := _utf16(data):
        return _composed(data.decode(wide, "replace")), wide
    data = data.rstrip(b"\x1a\0")  # the end of a file as DOS marks it, and what fills a block
    if b"\0" in data[:_SAMPLE]:
        raise FileError(say("sources.binary", file=file))
    try:
        return _composed(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    hurt = data.decode("utf-8", "replace")
    beyond = sum(b >= 0x80 for b in data)
    if hurt.count("\ufffd") <= max(1, beyond // 50) and beyond > 20:
        return _composed(hurt), "utf-8"
    readings = {
        "windows-1258": _composed(data.decode("cp1258", "replace")),
        "TCVN3": from_tcvn3(data.decode("latin-1")),
        "VNI": from_vni(data.decode("cp1252", "replace")),
    }
    scores = {name: _likeness(text[:_SAMPLE]) for name, text in readings.items()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0:
        return readings[best], best
    western = data.decode("cp1252", "replace")
    if western.count("\ufffd") > len(western) // 100 or re.search(r"[\x01-\x08\x0e-\x1f]", western):
        raise FileError(say("sources.unknown_encoding", file=file))
    return western, "windows-1252"


def _decode_as(data: bytes, encoding: str) -> str:
    name = encoding.lower().replace("_", "-")
    if name in ("tcvn3", "abc"):
        return from_tcvn3(data.decode("latin-1"))
    if name == "vni":
        return from_vni(data.decode("cp1252", "replace"))
    text = data.decode(encoding)
    return text.removeprefix("\ufeff")


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is zero."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
