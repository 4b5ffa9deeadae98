"""Quotation marks in delimited text that nothing closes.

A mark that opens a cell takes everything up to the next one into it, whole rows of the table as
well. A remark of several lines does the same and is right. They are told apart by what a line
inside a cell looks like: a row has days and codes where the other rows have them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["by_lines"]

Row = list[str]
MOST = 0.6  # of the lines that have the same shape in a column that tells rows
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def by_lines(text: str, rows: list[Row], delimiter: str) -> tuple[list[Row], list[int]]:
    """The rows, and those among them, from 1, in which a quotation mark is left open: such a line
    is a row by itself, and the mark a letter like any other. ``rows`` is what a reader that trusts
    every mark makes of ``text``.
    """
    lines = text.splitlines(keepends=True)
    shapes = _shapes(lines, delimiter)

    def is_row(line: str) -> bool:
        cells = line.split(delimiter)
        told = [i for i in shapes if i < len(cells)]
        return bool(told) and all(_shape(cells[i]) == shapes[i] for i in told)

    inside = (line for row in rows for cell in row if "\n" in cell for line in _inner(cell))
    if not shapes or not any(map(is_row, inside)):
        return rows, []
    made: list[Row] = []
    open_ = []
    at = 0
    while at < len(lines):
        end, record = at + 1, lines[at]
        while record.count('"') % 2 and end < len(lines):
            record += lines[end]
            end += 1
        if record.count('"') % 2 or any(map(is_row, lines[at + 1 : end])):
            end = at + 1
            made.append([cell.strip('"') for cell in lines[at].rstrip("\r\n").split(delimiter)])
            open_.append(len(made))
        else:
            made += csv.reader(io.StringIO(record, newline=""), delimiter=delimiter)
        at = end
    return made, open_


def _inner(cell: str) -> Sequence[str]:
    return cell.splitlines()[1:]


def _shapes(lines: Sequence[str], delimiter: str) -> dict[int, str]:
    """The columns in which most rows have the same shape with several numbers, as days and codes
    have, and that shape.
    """
    parted = [line.split(delimiter) for line in lines if line.count('"') % 2 == 0]
    width = max(Counter(map(len, parted)).items(), key=lambda f: (f[1], f[0]), default=(0, 0))[0]
    usual = [cells for cells in parted if len(cells) == width]
    found = {}
    for i in range(width if len(usual) > 1 else 0):
        shape, times = Counter(_shape(cells[i]) for cells in usual).most_common(1)[0]
        if shape.count("9") > 1 and times >= MOST * len(usual):
            found[i] = shape
    return found


def _shape(cell: str) -> str:
    """Numbers as 9, words as A: a day is 9/9/9."""
    return _LETTERS.sub("A", _DIGITS.sub("9", cell.strip().strip('"')))
