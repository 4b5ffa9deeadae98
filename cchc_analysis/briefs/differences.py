"""Where two files of a brief differ, told by what a reader knows: a figure, a row, a heading, a
page, a cell. What two files of one kind do not differ in when read – how they were packed – is said
as well, for then no reader would see it.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from ..words import say

__all__ = ["differences"]

MOST = 10  # differences that are told of one file
SHOWN = 80  # characters of each
Places = list[tuple[str, str]]  # a place and what stands there, in the file's order


def differences(was: Path, now: Path) -> list[str]:
    """Lines on where ``now`` is not ``was``, at most ``MOST``; one line where only the packing is
    another one, or where the file cannot be read.
    """
    read = _READERS.get(was.suffix, _text)
    try:
        told = list(islice(_between(read(was.read_bytes()), read(now.read_bytes())), MOST + 1))
    except Exception:  # an edited file may be anything
        return [say("verify.unreadable")]
    if len(told) > MOST:
        told[MOST:] = [say("verify.more")]
    return told or [say("verify.packed")]


def _between(was: Places, now: Places) -> Iterator[str]:
    match = difflib.SequenceMatcher(a=was, b=now, autojunk=False)
    for kind, a, b, c, d in match.get_opcodes():
        if kind == "equal":
            continue
        for one, other in zip_longest(was[a:b], now[c:d]):
            place = (one or other)[0]
            if one and other and one[0] != other[0]:
                place = f"{one[0]} / {other[0]}"
            yield say("verify.at", place=place, was=_short(one, other), now=_short(other, one))


def _short(cell: tuple[str, str] | None, beside: tuple[str, str] | None) -> str:
    """The text around the first character in which it differs from that ``beside``."""
    if cell is None:
        return say("verify.nothing")
    text, other = cell[1], beside[1] if beside else ""
    first = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    begin = max(0, first - SHOWN // 4) if len(text) > SHOWN else 0
    return ("…" if begin else "") + text[begin : begin + SHOWN]


def _text(content: bytes) -> Places:
    return [(say("verify.line"), line) for line in content.decode("utf-8").splitlines()]


def _indicators(content: bytes) -> Places:
    found: Any = json.loads(content)
    if not isinstance(found, list):
        return _text(content)
    return [
        (f"{row['id']}.{name}", json.dumps(value, ensure_ascii=False))
        for row in found
        for name, value in row.items()
    ]


def _csv(content: bytes) -> Places:
    head, *rows = content.decode("utf-8-sig").splitlines() or [""]
    return [(say("verify.head"), head), *((say("verify.row"), row) for row in rows)]


def _html(content: bytes) -> Places:
    """Line by line, each under the heading last read."""
    places, heading = [], say("verify.beginning")
    for line in content.decode("utf-8").splitlines():
        found = re.findall(r"<h[1-6][^>]*>(.*?)</h[1-6]>", line)
        if found:
            heading = re.sub(r"<[^>]+>", "", found[-1]).strip()
        places.append((heading, line))
    return places


def _pdf(content: bytes) -> Places:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as file:
        return [
            (say("verify.page", page=number), line)
            for number, page in enumerate(file, 1)
            for line in page.get_textpage().get_text_bounded().splitlines()
        ]


def _notebook(content: bytes) -> Places:
    places = []
    for number, cell in enumerate(json.loads(content)["cells"]):
        source, outputs = cell["source"], cell.get("outputs", [])
        source = source if isinstance(source, str) else "".join(source)
        places += [(say("verify.cell", cell=number), line) for line in source.splitlines()]
        for output in outputs:
            lines = json.dumps(output, ensure_ascii=False, indent=1).splitlines()
            places += [(say("verify.output", cell=number), line.strip()) for line in lines]
    return places


def _office(content: bytes) -> Places:
    """The parts of a Word or Excel file, element by element."""
    places = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            part = packed.read(name)
            if name.endswith((".xml", ".rels")):
                elements = part.decode("utf-8").replace("><", ">\n<").splitlines()
            else:
                elements = [hashlib.sha256(part).hexdigest()]
            places += [(name, element) for element in elements]
    return places


_READERS = {
    ".json": _indicators, ".csv": _csv, ".html": _html, ".pdf": _pdf, ".ipynb": _notebook,
    ".docx": _office, ".xlsx": _office,
}  # fmt: skip
