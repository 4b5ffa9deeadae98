"""How much a file may hold, measured before it is opened.

A file of a few kilobytes can unpack into gigabytes, and one stray cell in the last corner of a
sheet makes it seventeen thousand million cells wide and tall. A library that lays a sheet out in
memory does not refuse that, it dies, and takes with it whoever called. So archives are unpacked
once with a limit, whatever sizes they declare; the area of a sheet in XML is read off the
references of its cells; and what only the library can measure, the binary formats and ODS, is
tried in a process of its own, which may die.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from ..errors import FileError
from ..words import number, say
from .formulas import uncomputed

__all__ = [
    "MAX_CELLS", "MAX_FILE", "MAX_TEXT", "check_archive", "check_size", "check_texts", "try_apart",
]  # fmt: skip

MAX_FILE = 300_000_000  # bytes
MAX_UNPACKED = 1_000_000_000  # bytes, of all parts of an archive together
MAX_CELLS = 30_000_000  # the area of a sheet: the last row times the last column with a cell
MAX_TEXT = 32_767  # characters in a cell, as in Excel
_PARTS = 10_000
_SECONDS = 300
_MEMORY = 4 << 30

_AT_ONCE, _BACK = 1 << 24, 6  # bytes looked at together, and before them: as long as ``<row r``
_REFERENCE = re.compile(rb"""(?<![\w:-])r\s*=\s*["']([A-Za-z]++)(\d++)["']""")
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_BEYOND = re.compile(
    rb"""<(?:c(?! r="[A-Z]\d{1,6}"|ols?\b|onditional|ustom|ellWatch)|row(?! r="\d{1,6}"))"""
)
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["'](\d{1,12})["']""")
_CELLS = [start + b"c" + end for start in (b"<", b":") for end in (b" ", b">", b"/", b"\n", b"\t")]
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])")

# What the child does: opens every sheet as the reader will, and prints their areas.
_TRY = """
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except Exception:
    pass
from python_calamine import CalamineWorkbook
with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
    for meta in book.sheets_metadata:
        if "WorkSheet" in str(meta.typ):
            sheet = book.get_sheet_by_name(meta.name)
            print(sheet.total_height + 1, sheet.total_width + 1)
"""


def check_size(size: int, file: str) -> None:
    """Raises :class:`FileError` for a file of more than ``MAX_FILE`` bytes."""
    if size > MAX_FILE:
        sizes = {"size": number(size // 1_000_000), "most": number(MAX_FILE // 1_000_000)}
        raise FileError(say("sources.too_big", file=file, **sizes))


def check_archive(
    data: bytes, archive: zipfile.ZipFile, file: str
) -> dict[str, list[tuple[int, int]]]:
    """Unpacks every part once, to measure it; returns the formulas that were never computed, by
    part, see :func:`.formulas.uncomputed`.

    Raises :class:`FileError` for an archive or a sheet that is too big, ``zipfile.BadZipFile`` for
    one that is not what it declares.
    """
    parts = archive.infolist()
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _unpacks_too_big(file)
    left = MAX_UNPACKED
    formulas = {}
    for part in parts:
        sheet = part.filename.lower().endswith(".xml") and part.filename.startswith("xl/")
        content = _unpacked(data, part, min(left, part.file_size))
        left -= len(content)
        if sheet and b"sheetData" in content:
            _check_area(*_area(content), file)
            if cells := uncomputed(content):
                formulas[part.filename] = cells
    return formulas


def _unpacked(data: bytes, part: zipfile.ZipInfo, most: int) -> bytes:
    """A part's content, which must be as long as it declares."""
    start = part.header_offset
    name, extra = (int.from_bytes(data[start + n : start + n + 2], "little") for n in (26, 28))
    packed = memoryview(data)[start + 30 + name + extra :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        content = bytes(packed)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
    else:
        raise zipfile.BadZipFile
    if len(content) != part.file_size:
        raise zipfile.BadZipFile
    return content


def _area(sheet: bytes) -> tuple[int, int]:
    """The last row and the last column that a cell of a sheet in XML may lie in, from 1.

    Reading must not take twice as long for it: a sheet whose cells all lie in columns A to Z and in
    the first million rows, as most do, is looked through once and not measured.
    """
    if _is_plain(sheet):
        return 999_999, 26
    found = _REFERENCE.findall(sheet)
    columns = max((_column(letters) for letters in {c for c, _ in found}), default=0)
    rows = max((int(digits[:12]) for digits in {d for _, d in found}), default=0)
    numbered = _ROW.findall(sheet)
    rows = max(rows, max(map(int, numbered), default=0))
    if sum(map(sheet.count, _CELLS)) > len(found):  # one without a reference follows the one before
        tags = b"".join(_TAG.findall(sheet)).replace(b"row", b"r")
        rows += tags.count(b"r") - len(numbered)
        columns += max(map(len, tags.split(b"r")))
    return rows, columns


def _is_plain(sheet: bytes) -> bool:
    """Whether each cell and row has one reference, in the usual place and near enough."""
    start = max(sheet.find(b"<sheetData"), 0)
    end = sheet.rfind(b"</sheetData", start)
    cells = memoryview(sheet)[start : end if end > start else len(sheet)]
    return _is_usual(cells) and not _PREFIXED.search(sheet) and not _BEYOND.search(sheet)


def _is_usual(cells: memoryview) -> bool:
    """Whether each attribute is written ``name="``, and ``r`` stands first in its tag: a second
    one would be the one that counts.
    """
    import numpy as np

    for start in range(0, len(cells), _AT_ONCE):
        part = np.frombuffer(cells[max(start - _BACK, 0) : start + _AT_ONCE + 1], np.uint8)
        signs = np.flatnonzero(part == ord("="))
        signs = signs[(signs >= _BACK) | (start == 0)]
        signs = signs[signs < len(part) - 1]
        if not (part[signs + 1] == ord('"')).all() or (part[signs - 1] <= ord(" ")).any():
            return False
        named = signs[(part[signs - 1] == ord("r")) & (signs >= _BACK)]
        cell = (part[named - 4] == ord("<")) & (part[named - 3] == ord("c"))
        row = (part[named - 6] == ord("<")) & (part[named - 5] == ord("r"))
        row &= (part[named - 4] == ord("o")) & (part[named - 3] == ord("w"))
        if not ((cell | row) & (part[named - 2] == ord(" "))).all():
            return False
    return True


def _column(letters: bytes) -> int:
    value = 0
    for letter in letters[:9].upper():  # more would only be wider still
        value = value * 26 + letter - 64
    return value


def _check_area(rows: int, columns: int, file: str) -> None:
    if rows * columns > MAX_CELLS:
        area = {"rows": number(rows), "columns": number(columns)}
        raise FileError(say("sources.area_too_big", file=file, **area))


def _unpacks_too_big(file: str) -> FileError:
    most = number(MAX_UNPACKED // 1_000_000)
    return FileError(say("sources.unpacks_too_big", file=file, most=most))


def try_apart(data: bytes, file: str) -> None:
    """Opens a workbook in another process. Raises :class:`FileError` where that process dies, does
    not end, or finds a sheet that is too big; what the library itself refuses is left to it.
    """
    if not sys.executable:
        return
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY.format(memory=_MEMORY)],
            input=data, capture_output=True, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise FileError(say("sources.damaged", file=file)) from None
    if tried.returncode not in (0, 1):
        raise FileError(say("sources.damaged", file=file))
    for line in tried.stdout.split(b"\n"):
        if len(size := line.split()) == 2:
            _check_area(int(size[0]), int(size[1]), file)


def check_texts(rows: list[list[Any]], file: str) -> None:
    """Raises :class:`FileError` that names the place of a text longer than ``MAX_TEXT``."""
    for row, column in _long(rows):
        raise FileError(say("sources.long_cell", file=file, row=row, column=column,
                            most=number(MAX_TEXT)))  # fmt: skip


def _long(rows: list[list[Any]]) -> Iterator[tuple[int, int]]:
    for n, row in enumerate(rows, start=1):
        for m, cell in enumerate(row, start=1):
            if type(cell) is str and len(cell) > MAX_TEXT:
                yield n, m
