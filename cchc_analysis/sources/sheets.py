"""One file in, its sheets out: rows of cells, nothing understood yet.

What a file is, its content says, not its name: an ``.xls`` from a web portal is often an HTML
page, and sometimes a workbook or plain text. Workbooks are read by calamine in one go; pages
and delimited text become the same kind of grid. Whatever cannot be read is refused in one line
that says what to do: protected, in use, damaged, empty, not a table.
"""

from __future__ import annotations

import csv
import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import FileError
from ..words import number, say
from .encodings import decode
from .formulas import NOT_COMPUTED, sheet_parts
from .limits import MAX_TEXT, check_archive, check_size, check_texts, try_apart
from .quotes import by_lines

__all__ = ["Grid", "grids", "load"]

Row = list[Any]
Span = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, repr=False)  # cells are about people; they show in no message
class Grid:
    """A sheet: ``rows[i]`` is Excel's row ``i + 1``.

    ``merged`` are merged ranges as (row, column) pairs from 0, ``None`` where the format does
    not tell. ``strict`` is true for delimited text, where a row too long is a row gone wrong.
    """

    sheet: str
    rows: list[Row]
    merged: list[Span] | None = None
    epoch_1904: bool = False
    visible: bool = True
    strict: bool = False
    uncomputed: bool = False
    """Whether formulas were never computed, see :data:`.formulas.NOT_COMPUTED`."""
    notes: list[str] = field(default_factory=list)


MOST_COLUMNS = 16_384  # of a sheet
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(rb"\s*(?:<\?xml|<!doctype|<html|<table|<meta|<head|<body|<style|<div)", re.I)
_OFFICE_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")

# What Python's zip reader raises on a damaged archive.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError,
            ValueError)  # fmt: skip


def load(path: Path) -> bytes:
    """The file's content. Raises :class:`FileError` where there is none to be had."""
    name = path.name
    if name.startswith(("~$", ".~lock.")):
        raise FileError(say("sources.lock_file", file=name))
    try:
        if path.is_dir():
            raise FileError(say("sources.directory", file=name or str(path)))
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):  # a pipe or a device, which may never end
            raise FileError(say("sources.not_a_file", file=name))
        check_size(before.st_size, name)
        data = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        raise FileError(say("sources.missing", file=name)) from None
    except PermissionError:
        raise FileError(say("sources.in_use", file=name)) from None
    except OSError:
        raise FileError(say("sources.cannot_read", file=name)) from None
    read = (len(data), before.st_mtime_ns)
    if (before.st_size, after.st_mtime_ns) != read or after.st_size != len(data):
        raise FileError(say("sources.changing", file=name))
    if not data.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise FileError(say("sources.empty", file=name))
    return data


def grids(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None
) -> list[Grid]:
    """Every sheet of the file, hidden ones too (``visible`` says which)."""
    if data.startswith(_ZIP):
        return _zipped(data, file)
    if data.startswith(_OLE):
        if _PROTECTED in data:
            raise FileError(say("sources.protected", file=file))
        try_apart(data, file)
        return _workbook(data, file)
    if data.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02")):  # a bare sheet of Excel 4 or 5
        try_apart(data, file)
        return _workbook(data, file)
    if data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf")):
        raise FileError(say("sources.not_a_table", file=file))
    if not encoding and _is_markup(data):
        from .markup import tables

        text, _ = decode(data, file, _declared(data))
        found = [Grid(name, rows, merged) for name, rows, merged in tables(text, file)]
        for grid in found:
            check_texts(grid.rows, file)
        if found:
            return found
        raise FileError(say("sources.not_a_table", file=file))
    if data[:300].lower().lstrip().startswith(b"mime-version:"):
        return grids(_page_inside(data, file), file)
    return [_delimited(data, file, encoding, delimiter)]


# -- workbooks ------------------------------------------------------------------------------


def _zipped(data: bytes, file: str) -> list[Grid]:
    epoch_1904 = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if not names.intersection(_OFFICE_PARTS):
                key = "packed" if file.lower().endswith(".zip") else "not_a_table"
                raise FileError(say(f"sources.{key}", file=file))
            if "META-INF/manifest.xml" in names and (
                b"encryption-data" in archive.read("META-INF/manifest.xml")
            ):
                raise FileError(say("sources.protected", file=file))
            if "xl/workbook.xml" in names:
                book = archive.read("xl/workbook.xml")[:20_000]
                epoch_1904 = bool(re.search(rb'date1904="(?:1|true)"', book))
            cells = check_archive(data, archive, file)
            named = sheet_parts(archive) if cells else {}
    except _DAMAGED:
        raise FileError(say("sources.damaged", file=file)) from None
    if "xl/workbook.xml" not in names:
        try_apart(data, file)
    found = _workbook(data, file, epoch_1904)
    formulas = {named[part]: places for part, places in cells.items() if part in named}
    return [_marked(grid, formulas.get(grid.sheet, ())) for grid in found]


def _marked(grid: Grid, formulas: Sequence[tuple[int, int]]) -> Grid:
    """The grid with errors in the cells whose formula was never computed."""
    marked = False
    for row, column in formulas:
        if row < len(grid.rows) and column < MOST_COLUMNS:
            cells = grid.rows[row]
            cells += [""] * (column + 1 - len(cells))
            if cells[column] == "":
                cells[column] = NOT_COMPUTED
                marked = True
    return replace(grid, uncomputed=True) if marked else grid


def _workbook(data: bytes, file: str, epoch_1904: bool = False) -> list[Grid]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

    found = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if "WorkSheet" not in str(meta.typ):
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                rows = sheet.to_python(skip_empty_area=False)
                check_texts(rows, file)
                shown = meta.visible == SheetVisibleEnum.Visible
                spans = sheet.merged_cell_ranges
                found.append(Grid(meta.name, rows, spans, epoch_1904, visible=shown))
    except PasswordError:
        raise FileError(say("sources.protected", file=file)) from None
    except (KeyboardInterrupt, SystemExit, MemoryError, FileError):
        raise
    except BaseException as error:  # calamine's own errors, and panics of the Rust beneath it
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FileError(say("sources.damaged", file=file)) from None
    if not any(any(cell != "" for cell in row) for grid in found for row in grid.rows):
        raise FileError(say("sources.no_cells", file=file))
    return found


# -- pages ----------------------------------------------------------------------------------


def _is_markup(data: bytes) -> bool:
    start = data[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    return bool(_MARKUP.match(start))


def _declared(data: bytes) -> str | None:
    """The encoding that the page states, if Python knows it and it is not plainly wrong."""
    found = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", data[:2000])
    if not found or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return None
    name = found[1].decode("ascii")
    try:
        data.decode(name)
    except (LookupError, UnicodeError):
        return None
    return None if name.lower().startswith("utf-16") else name


def _page_inside(data: bytes, file: str) -> bytes:
    """The HTML part of a page saved as one file (MHTML)."""
    import email

    for part in email.message_from_bytes(data).walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or part.get_content_type() != "text/html":
            continue
        if _is_markup(content):
            return content
    raise FileError(say("sources.not_a_table", file=file))


# -- delimited text -------------------------------------------------------------------------

_DELIMITERS = (",", ";", "\t", "|")


def _delimited(data: bytes, file: str, encoding: str | None, delimiter: str | None) -> Grid:
    text, used = decode(data, file, encoding)
    declared = re.match(r'\s*"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    if declared:
        text = text[declared.end() :]
        delimiter = delimiter or declared[1]
    csv.field_size_limit(10 * MAX_TEXT)  # the reader counts quotes and is the same for all
    chosen = delimiter or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen)
    unclosed: list[int] = []
    try:
        rows: list[Row] = list(reader)
        if any("\n" in cell for row in rows for cell in row):
            rows, unclosed = by_lines(text, rows, chosen)
    except csv.Error as error:
        if "limit" in str(error):
            raise FileError(say("sources.long_cell_line", file=file, line=reader.line_num,
                                most=number(MAX_TEXT))) from None  # fmt: skip
        raise FileError(say("sources.damaged", file=file)) from None
    if max(map(len, rows), default=0) == 1 and not delimiter:
        inner = "\n".join(row[0] for row in rows if row)
        parted = csv.reader(io.StringIO(inner, newline=""), delimiter=_delimiter(inner))
        if inner.strip() != text.strip() and max(map(len, parted), default=0) > 1:
            return _delimited(inner.encode(), file, "utf-8", None)  # each line was in quotes
    check_texts(rows, file)
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise FileError(say("sources.empty", file=file))
    notes = []
    if unclosed:
        listed = ", ".join(map(str, unclosed[:5]))
        notes.append(say("sources.unclosed", count=len(unclosed), rows=listed))
    if used not in ("utf-8", "utf-16", "utf-16-le", "utf-16-be") and not encoding:
        notes.append(say("sources.encoding_found", encoding=used))
    if "\ufffd" in text:
        notes.append(say("sources.encoding_hurt", encoding=used))
    return Grid("", rows, strict=True, notes=notes)


def _delimiter(text: str) -> str:
    """The delimiter by which most of the first records fall into equally many cells."""
    sample = text[:60_000]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), 0) or None]

    def evenness(delimiter: str) -> float:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))[:200]
        except csv.Error:
            return 0.0
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            return 0.0
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]))
        return count / sum(widths.values()) * (width - 1)

    return max(_DELIMITERS, key=evenness)
