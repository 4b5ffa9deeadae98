"""Formulas that nobody has computed: what a program wrote into a workbook that no spreadsheet has
opened and saved since. Their cells hold nothing, and would be read as empty.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Mapping

__all__ = ["NOT_COMPUTED", "sheet_parts", "uncomputed"]

NOT_COMPUTED = "#CALC!"
"""What stands for one in a grid: an error, as Excel's own are."""

_ANY = re.compile(rb"</f>")
_CELL = re.compile(
    rb"""<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*"""
    rb"(?P<empty><v\s*/>|<v></v>)?\s*</c>"
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*"([^"]*)\"""")


def uncomputed(part: bytes) -> list[tuple[int, int]]:
    """The cells, as (row, column) from 0, of a sheet in XML with a formula and without its value.
    A text that came out empty is a value.
    """
    if _ANY.search(part) is None:  # a shared formula is spelled out once
        return []
    found = []
    for letters, digits, attributes, empty in _CELL.findall(part):
        if not (empty and b't="str"' in attributes):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            found.append((int(digits) - 1, column - 1))
    return found


def sheet_parts(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The name of each sheet by the part of the archive that it is written in."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {}
    for found in _RELATION.findall(relations):
        said = dict(_ATTRIBUTE.findall(found))
        target = said.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[said.get("Id")] = path
    parts = {}
    for found in _SHEET.findall(book):
        said = dict(_ATTRIBUTE.findall(found))
        part = targets.get(next((v for k, v in said.items() if k.endswith(":id")), None))
        if part is not None:
            parts[part] = html.unescape(said.get("name", ""))
    return parts
