"""Where a sheet's header is, and which of the rows below are rows of the table.

Exports are printed pages first: a title block, a header of one to three rows with merged groups,
a row of column numbers, then rows in groups under a line of their own, the header again on every
page, a total, and two signatures. A row of the table is told from all that by what it holds: a
day, a code, or more than a few cells. So a row whose code was forgotten still counts as one, and
"Tổng số: 576 hồ sơ" does not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .above import field_of, is_heading
from .closings import closing
from .columns import Matched, match, recognise
from .examples import is_example, says_example
from .heading import Column
from .mapping import Mapping
from .sheets import Grid
from .tables import TABLES
from .values import text
from .vocabulary import UNKNOWN, choice, plain, squash

if TYPE_CHECKING:
    from ..questionnaire import Questionnaire

__all__ = [
    "DEEPEST", "RUNNING", "TALLEST", "Body", "Header", "as_table", "body", "columns_under", "find",
    "is_numbering", "likely_header",
]  # fmt: skip

DEEPEST = 60  # how many rows a title block may have
TALLEST = 3  # how many rows a header may have

Cell = Any


@dataclass(frozen=True)
class Header:
    """Rows ``top`` to ``bottom`` (from 0, both inclusive) of a grid, and what they mean. ``first``
    is where what is printed above the table begins.
    """

    top: int
    bottom: int
    columns: tuple[Column, ...]
    matched: Matched
    first: int = 0


def find(
    grid: Grid, mapping: Mapping | None = None, questionnaire: Questionnaire | None = None
) -> Header | None:
    """The header that makes up a table best, complete or not; ``None`` without any match."""
    best: tuple[tuple[bool, int, bool, int, int], Header] | None = None
    if mapping is not None and mapping.header_row is not None:
        tops: Sequence[int] = [mapping.header_row - 1]
    else:
        tops = range(min(DEEPEST, len(grid.rows)))
    for top in tops:
        if best is not None and best[0][0] and top >= best[1].top + TALLEST:
            break
        if top >= len(grid.rows) or not _may_be_header(grid.rows[top], questionnaire):
            continue
        for height in range(1, TALLEST + 1):
            bottom = top + height - 1
            if height > 1 and not _may_be_under(grid, bottom):
                break
            columns = columns_under(grid, top, bottom)
            below = grid.rows[bottom + 1 : bottom + 41]
            matched = recognise(columns, mapping, below, questionnaire)
            if matched is None:
                continue
            asked = {(item.column.group, item.column.header) for item in matched.items}
            known = len(matched.fields) + len(asked)
            rank = (matched.complete, known, not _cuts(grid, top, bottom), -height, -top)
            if best is None or rank > best[0]:
                best = rank, Header(top, bottom, columns, matched)
    if best is None or mapping is not None:
        return best and best[1]
    return _as_log(best[1], grid)


def _as_log(header: Header, grid: Grid) -> Header:
    """A register in which most dossiers stand several times, at one step after the other, is a log,
    whatever else each step has: a limit of its own, a state.
    """
    if header.matched.table.name not in ("dossiers", "steps"):
        return header
    log = as_table(header, grid, "steps", None)
    if not log.matched.complete:
        return header
    code, stage = (log.matched.fields[name].index for name in ("code", "stage"))
    stages: dict[str, set[str]] = {}
    now = ""
    rows = 0
    for row in grid.rows[header.bottom + 1 :]:
        if len(row) > max(code, stage) and _filled(row[stage]):
            now = squash(str(row[code])) if _filled(row[code]) else now
            stages.setdefault(now, set()).add(squash(str(row[stage])))
            rows += 1
    walked = sum(len(names) for names in stages.values() if len(names) > 1)
    if walked <= rows / 2:
        return header
    return replace(log, matched=replace(log.matched, sure=True))


def _cuts(grid: Grid, top: int, bottom: int) -> bool:
    """Whether a cell of these rows reaches below them: then the header goes on."""
    return any(
        top <= first <= bottom < last and text(grid.rows[first][left]) is not None
        for (first, left), (last, _) in grid.merged or ()
        if first < len(grid.rows) and left < len(grid.rows[first])
    )


def as_table(
    header: Header,
    grid: Grid,
    table: str,
    mapping: Mapping | None,
    questionnaire: Questionnaire | None = None,
    *,
    settled: bool = False,
) -> Header:
    """The same header read as another table, ``settled`` as in :func:`.columns.match`."""
    below = grid.rows[header.bottom + 1 : header.bottom + 41]
    matched = match(header.columns, TABLES[table], mapping, below, questionnaire, settled=settled)
    return Header(header.top, header.bottom, header.columns, matched)


def likely_header(grid: Grid) -> tuple[Column, ...]:
    """The headers of a sheet that is no table we know; empty unless they surely are headers.

    A row of data must never be taken for one, because what it holds may be about people: the row
    has no digits to speak of, no cell twice, and some column below it is of another kind.
    """
    width = max((sum(_filled(cell) for cell in row) for row in grid.rows[:DEEPEST]), default=0)
    for top, row in enumerate(grid.rows[:DEEPEST]):
        filled = [cell for cell in row if _filled(cell)]
        if len(filled) < max(2, 0.6 * width):
            continue
        names = [squash(str(cell)) for cell in filled]
        if (
            not all(_is_words(cell) and len(str(cell)) <= 120 for cell in filled)
            or any(re.search(r"\d{4}", str(cell)) for cell in filled)
            or len(set(names)) < len(names)
        ):
            return ()
        below = grid.rows[top + 1 : top + 41]
        for index, cell in enumerate(row):
            under = [r[index] for r in below if index < len(r) and _filled(r[index])]
            if _filled(cell) and under and sum(_has_figures(c) for c in under) > len(under) / 2:
                return columns_under(grid, top, top)
        return ()
    return ()


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _is_words(cell: Cell) -> bool:
    """Text that may stand in a header: not a number, a day or a code."""
    if not isinstance(cell, str) or not (spoken := cell.strip()):
        return False
    return not re.fullmatch(r"[\d\s.,:/()+=\-]*", spoken) and not re.search(r"\d{5,}", spoken)


def _has_figures(cell: Cell) -> bool:
    if isinstance(cell, str):
        return sum(map(str.isdigit, cell)) >= len(cell.strip()) / 2
    return not isinstance(cell, bool)


def _may_be_header(row: Sequence[Cell], questionnaire: Questionnaire | None = None) -> bool:
    """Whether a row may be the first of a header: two words at least, and hardly anything else.

    The code of a question counts as a word, though it be a number; with half of the questions
    in it the row is a header, whatever its other columns are called.
    """
    filled = [cell for cell in row if _filled(cell)]
    words = sum(_is_words(cell) for cell in filled)
    if questionnaire is not None:
        asked = [questionnaire.find(text(cell) or "") for cell in filled]
        if 2 * len({q.item for q in asked if q}) >= max(4, len(questionnaire)):
            return True
        words += sum(q is not None and not _is_words(c) for q, c in zip(asked, filled, strict=True))
    return words >= 2 and words >= 0.6 * len(filled)


def _may_be_under(grid: Grid, row: int) -> bool:
    """Whether a row may be the second or third row of a header."""
    if row >= len(grid.rows):
        return False
    filled = [cell for cell in grid.rows[row] if _filled(cell)]
    worded = bool(filled) and all(_is_words(cell) and len(cell) <= 120 for cell in filled)
    return worded and not any(map(says_example, filled))


def columns_under(grid: Grid, top: int, bottom: int) -> tuple[Column, ...]:
    """The columns under a header of these rows, merged groups spread over their columns."""
    width = max((len(row) for row in grid.rows[top : bottom + 1]), default=0)
    names = [
        [str(row[i]).strip() if i < len(row) and _filled(row[i]) else "" for i in range(width)]
        for row in grid.rows[top : bottom + 1]
    ]
    across = False
    for (first, left), (last, right) in grid.merged or ():
        if top <= first <= bottom:
            across = across or (right > left and right - left + 1 < width)
            name = names[first - top][left] if left < width else ""
            for row in range(first, min(last, bottom) + 1):
                for column in range(left, min(right + 1, width)):
                    names[row - top][column] = names[row - top][column] or name
    if not across:
        for upper, lower in pairwise(names):
            for i in range(1, width):
                if not upper[i] and lower[i] and lower[i - 1] and upper[i - 1]:
                    upper[i] = upper[i - 1]
    columns = []
    for i in range(width):
        parts = list(dict.fromkeys(names[row][i] for row in range(len(names)) if names[row][i]))
        if len(parts) > 1 and squash(parts[-1]) in _ANSWER:
            parts.pop()
        columns.append(Column(i, parts[-1] if parts else "", " ".join(parts[:-1])))
    return tuple(columns)


# -- the rows below -------------------------------------------------------------------------


@dataclass(repr=False)
class Body:
    """The rows of the table, by their index in the grid, and what stood between them."""

    rows: list[int] = field(default_factory=list)
    stated: int | None = None
    """The count of the line "Tổng số: …"."""
    other: list[list[Cell]] = field(default_factory=list)
    """Lines that are not rows: groups, totals, signatures."""
    groups: list[tuple[int, str]] = field(default_factory=list)
    """Lines that name the field of the rows below them, by their index: "II. Lĩnh vực Hộ tịch"."""
    template: bool = False
    """Whether the example row of an entry template is among them."""
    below: Header | None = None
    """The header of another table under this one, with the same fields in other columns."""


_TOTAL = re.compile(
    r"(?:tong so|tong cong|tong|cong|trong do|luy ke|mang sang)(?: (?:ho so|trang|chung|\d).*)?"
)
_COUNT = re.compile(r"tong(?: (?:so|cong|ho so|phieu))*\W*(\d[\d.,]*)\s*(\S+)?")
_NUMBERING = re.compile(r"[(\[]?\s*(?:\d{1,3}|[a-zA-Z])\s*(?:=.*)?[)\]]?")
_DAYLIKE = re.compile(r"\s*\d{1,4}\s?[/.\-]\s?\d{1,2}|\s*\d{5}|\s*#|\s*trong ngày", re.IGNORECASE)
_ANSWER = ("response", "openendedresponse")  # below a question, where a tool says no more
FEW = 3
"""A line with no more cells than this, without a day and a code, is a group, total or signature."""
FIRST_SERIAL = 10_000
"""No number below it is a day (this one is in 1927)."""
RUNNING = ("stt", "tt", "sott", "sothutu", "no", "sothutuhoso")
"""Headers of running numbers, squashed."""


def body(grid: Grid, header: Header) -> Body:
    """The rows of the table under its header."""
    _fill_down(grid, header.bottom)
    found = Body()
    fields = header.matched.fields
    keys = [fields[name].index for name in ("code",) if name in fields]
    days = [fields[name].index for name in header.matched.table.moments if name in fields]
    columns = [c.index for c in header.columns]
    last = max(columns, default=-1)
    again = [
        {i: squash(str(cell)) for i, cell in enumerate(row) if _filled(cell)}
        for row in grid.rows[header.top : header.bottom + 1]
    ]
    key = keys[0] if keys else -1
    day = days[0] if days else -1
    under_header = True
    signed = False
    for index in range(header.bottom + 1, len(grid.rows)):
        row = grid.rows[index]
        if not under_header and day >= 0 and len(row) > day and len(row) > key >= 0:
            when = row[day]
            dated = isinstance(when, dt.date) or (type(when) is str and when[:1].isdigit())
            if row[key] and dated and not (_is_count(when) and _closing(row, keys, days, signed)):
                found.rows.append(index)  # most rows, at once
                signed = False
                continue
        filled = [i for i, cell in enumerate(row) if _filled(cell)]
        if not filled:
            continue
        found.below = None if _repeats(row, filled, again, 1.0) else _another(grid, index, header)
        if found.below is not None:
            break
        if _repeats(row, filled, again):
            under_header = True
            continue
        if under_header and is_numbering(row, filled) and not _is_ticked(row, header):
            continue
        if is_example(row, header):
            found.template = True
            continue
        kind = _closing(row, keys, days, signed)
        signed = kind == "signature"
        if kind is None and _is_row(row, filled, keys, days, header, last):
            found.rows.append(index)
            under_header = False
            continue
        found.other.append([row[i] for i in filled])
        group = field_of(row[i] for i in filled)
        if group or (found.groups and kind is None and is_heading([row[i] for i in filled])):
            found.groups.append((index, group))
        _note_total(found, row, filled)
    return found


def _another(grid: Grid, index: int, header: Header) -> Header | None:
    """The row as the header of a further table of the kind, where its columns stand in another
    order: dossiers done, and below them those at work.
    """
    row = grid.rows[index]
    words = [cell for cell in row if _filled(cell)]
    table = header.matched.table
    if len(words) < FEW or not all(map(_is_words, words)) or table.name == "survey":
        return None
    columns = columns_under(grid, index, index)
    matched = match(columns, table)
    places = {name: column.index for name, column in matched.fields.items()}
    same = places == {name: column.index for name, column in header.matched.fields.items()}
    if same or not matched.complete:
        return None
    return Header(index, index, columns, matched, first=index)


def _closing(row: Sequence[Cell], keys: list[int], days: list[int], signed: bool) -> str | None:
    """Whether the row is a subtotal or signatures below a register; counts are no days."""
    if not keys or any(i < len(row) and _is_code(row[i]) for i in keys):
        return None
    if any(_is_day(row[i]) and not _is_count(row[i]) for i in days if i < len(row)):
        return None
    return closing([cell for cell in row if _filled(cell)], signed)


def _is_count(cell: Cell) -> bool:
    """Whether a number is too small for a day."""
    if isinstance(cell, str):
        return len(cell) < 5 and cell.isdigit()
    return isinstance(cell, float) and cell < FIRST_SERIAL


def _fill_down(grid: Grid, bottom: int) -> None:
    """Gives each row under a cell merged downwards that cell's content."""
    for (first, left), (last, _) in grid.merged or ():
        if first > bottom and last > first and left < len(grid.rows[first]):
            content = grid.rows[first][left]
            for row in grid.rows[first + 1 : last + 1]:
                if left < len(row) and not _filled(row[left]):
                    row[left] = content


def _repeats(
    row: Sequence[Cell], filled: list[int], again: list[dict[int, str]], part: float = 0.7
) -> bool:
    """Whether the row is the header once more, as at the top of a printed page."""
    if not all(isinstance(row[i], str) for i in filled):
        return False
    return any(
        len(filled) >= 2
        and sum(names.get(i) == squash(row[i]) for i in filled) >= part * len(filled)
        for names in again
    )


def is_numbering(row: Sequence[Cell], filled: list[int]) -> bool:
    """Whether the row only numbers the columns: (1) (2) (3), 1 2 3, A B 1 2."""
    tokens = [
        str(int(row[i])) if isinstance(row[i], float) and row[i].is_integer() else str(row[i])
        for i in filled
    ]
    if len(tokens) < 3 or not all(_NUMBERING.fullmatch(token.strip()) for token in tokens):
        return False
    figures = [int(n) for token in tokens for n in re.findall(r"\d+", token.partition("=")[0])]
    rising = all(b > a for a, b in pairwise(figures))
    return rising and (not figures or figures[0] <= 2)


def _is_row(
    row: Sequence[Cell],
    filled: list[int],
    keys: list[int],
    days: list[int],
    header: Header,
    last: int,
) -> bool:
    """Whether the row belongs to the table, complete or not."""
    if any(_is_day(row[i]) for i in days if i < len(row)):
        return True
    coded = any(i in filled and _is_code(row[i]) for i in keys)
    first = plain(str(row[filled[0]]))
    if not coded and any(_TOTAL.fullmatch(plain(str(row[i]))) for i in filled[:3]):
        return False
    inside = [i for i in filled if i <= last]
    content = header.matched.fields.get("content")
    numbered = header.matched.fields.get("task")
    if content is not None and numbered is not None:  # a task is its number and its content
        return (
            content.index in filled
            and numbered.index in filled
            and (len(inside) > 2 or not re.fullmatch(r"[ivxlc]+|[a-z]", first))
        )
    if coded or _is_form(row, header):
        return True
    running = {c.index for c in header.columns if squash(c.header) in RUNNING}
    if _is_activity(row, filled, header, running):
        return True
    if any(i in filled and _is_figure(row[i]) for i in running) and any(
        i in filled and any(map(str.isdigit, str(row[i]))) for i in keys
    ):
        return True
    said = [i for i in inside if i not in running]
    worded = [i for i in said if any(map(str.isalpha, str(row[i])))]
    return len(said) > FEW and len(worded) > 1


def _is_activity(row: Sequence[Cell], filled: list[int], header: Header, running: set[int]) -> bool:
    """Whether the row tells of an activity: of what kind, and its number, content or amount."""
    fields = header.matched.fields
    if "kind" not in fields or fields["kind"].index not in filled:
        return False
    content = fields.get("content")
    if content is not None and content.index in filled:
        known = choice("content", text(row[content.index]) or "")
        if known not in (None, UNKNOWN):
            return True
    amounts = {fields[name].index for name in ("count", "people") if name in fields}
    return any(i in filled and _has_figures(row[i]) for i in running | amounts)


def _is_form(row: Sequence[Cell], header: Header) -> bool:
    """Whether the row fills in a questionnaire: half of its questions, or one as it may be."""
    filled, answered, asked = _answered(row, header)
    return answered > 0 or 0 < asked <= 2 * filled


def _is_ticked(row: Sequence[Cell], header: Header) -> bool:
    """Whether what looks like the numbers of the columns, 1 2 3, may as well be answers."""
    filled, answered, _ = _answered(row, header)
    return 0 < filled == answered


def _answered(row: Sequence[Cell], header: Header) -> tuple[int, int, int]:
    """How many questions of a questionnaire the row fills in, how many readably, out of all."""
    filled = answered = asked = 0
    for item in header.matched.items:
        if item.question is None:
            continue
        asked += 1
        index = item.column.index
        if index < len(row) and _filled(row[index]):
            filled += 1
            answered += item.question.read(text(row[index]))[1] is not None
    return filled, answered, asked


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_DAYLIKE.match(cell)) and len(cell.strip()) <= 30
    return isinstance(cell, dt.date | dt.datetime | float) and not isinstance(cell, bool)


def _is_code(cell: Cell) -> bool:
    """A code on a line with little else; "Nhóm 2" or a count is none."""
    if isinstance(cell, str):
        return sum(c.isdigit() for c in cell) >= 4 and not _is_sentence(cell)
    return isinstance(cell, float | int) and not isinstance(cell, bool) and cell >= 1000


def _is_figure(cell: Cell) -> bool:
    """A running number."""
    return str(cell).strip().removesuffix(".0").isdigit()


def _is_sentence(spoken: str) -> bool:
    return sum(word.isalpha() and len(word) > 1 for word in spoken.split()) >= 2


def _note_total(found: Body, row: Sequence[Cell], filled: list[int]) -> None:
    """Keeps the count of a line like "Tổng số: 576 hồ sơ"."""
    cells = (row[i] for i in filled)
    shown = (str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in cells)
    whole = plain(" ".join(shown), keep=".,")
    if len(filled) <= 2 and (stated := _COUNT.match(whole)):
        unit = stated[2]
        if unit is None or unit in ("ho", "phieu", "phan", "dong", "nhiem", "y", "luot", "ban"):
            figures = re.sub(r"[.,]", "", stated[1])
            if figures and unit != "dong":
                found.stated = int(figures)
