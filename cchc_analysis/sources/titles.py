"""What a printed page says around its table: whose it is, of which days, and when it was made.

The lines above the header (and below the table) are read for three things: the unit that the
page names, the window "Từ ngày … đến ngày …", and the export's moment "Ngày xuất: …". A file's
name may state a period too; it widens a window that nothing else states. The clock is never
asked.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..period import Period
from ..words import fold
from .values import moment
from .vocabulary import plain

__all__ = ["Named", "exported_at", "lines", "month_end", "named_period", "other_unit", "window"]

Cell = Any
Window = tuple[dt.date, dt.date]

_DAY = (
    r"(?:ngay)?[\s:]*(\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}"
    r"|\d{1,2} thang \d{1,2} nam \d{4})"
)
_FROM_TO = re.compile(rf"tu\s+{_DAY}\s*(?:,|-|–)?\s*(?:den|toi)\s+(?:het\s)?{_DAY}")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"\bquy\s*(iv|iii|ii|i|[1-4])\s*(?:[/.\-]|nam)?\s*(\d{4})\b")
_HALF = re.compile(r"\b(?:6|sau) thang\s*(dau|cuoi)?\s*(?:nam)?\s*[/.\-]?\s*(?:nam)?\s*(\d{4})\b")
_NINE = re.compile(r"\b(?:9|chin) thang\s*(?:dau)?\s*(?:nam)?\s*[/.\-]?\s*(?:nam)?\s*(\d{4})\b")
_MONTH = re.compile(r"(?<!\d )(?<!\d)\bthang\s*(\d{1,2})\s*(?:[/.\-]|nam)\s*(\d{4})\b")
_YEAR = re.compile(r"^(?:.*\b(?:ky|bao cao|so lieu)\b.*)?\bnam\s*(\d{4})\)?$")


def lines(rows: Iterable[Sequence[Cell]]) -> list[str]:
    """The texts of some rows, a cell a line, line breaks within a cell taken as such."""
    found = []
    for row in rows:
        for cell in row:
            if isinstance(cell, str):
                found += [line.strip() for line in cell.splitlines() if line.strip()]
    return found


def window(texts: Iterable[str]) -> Window | None:
    """The days that a title states, first and last."""
    folded = [fold(text) for text in texts]
    for text in folded:
        if found := _FROM_TO.search(text):
            start, end = (moment(_spoken(day)) for day in found.groups())
            if isinstance(start, dt.datetime) and isinstance(end, dt.datetime) and start <= end:
                return start.date(), end.date()
    for text in folded:
        period = _stated(text)
        if period is not None:
            return period.start, period.end
    return None


def _spoken(day: str) -> str:
    """A folded text with the accents that a date in words needs."""
    pairs = {"ngay": "ngày", "thang": "tháng", "nam": "năm", "gio": "giờ"}
    return re.sub(r"\b(?:ngay|thang|nam|gio)\b", lambda m: pairs[m[0]], day)


def _stated(text: str) -> Period | None:
    if found := _QUARTER.search(text):
        return _period(found[2], f"Q{_ROMAN[found[1]]}")
    if found := _HALF.search(text):
        return _period(found[2], "H2" if found[1] == "cuoi" else "H1")
    if found := _NINE.search(text):
        return _period(found[1], "9M")
    if found := _MONTH.search(text):
        return _period(found[2], f"{int(found[1]):02d}")
    if found := _YEAR.search(text):
        return _period(found[1])
    return None


def _period(year: str, part: str = "") -> Period | None:
    number = re.sub(r"\D", "", part)
    if not 2000 <= int(year) <= 2100 or (part.isdigit() and not 1 <= int(number) <= 12):
        return None
    return Period.parse(f"{year}-{part}" if part else year)


# -- the file's name ------------------------------------------------------------------------

_Y = r"(20\d{2})"
_S = r"[ ]*"
_NAMED: tuple[tuple[str, str], ...] = (
    (rf"\bq(?:uy)?{_S}(iv|iii|ii|i|[1-4]){_S}(?:nam)?{_S}{_Y}\b", "quarter"),
    (rf"\b{_Y}{_S}q(?:uy)?{_S}(iv|iii|ii|i|[1-4])\b", "quarter_behind"),
    (rf"\b6{_S}thang{_S}(dau|cuoi)?{_S}(?:nam)?{_S}{_Y}\b", "half"),
    (rf"\bh{_S}([12]){_S}{_Y}\b", "half_number"),
    (rf"\b{_Y}{_S}h{_S}([12])\b", "half_behind"),
    (rf"\b9{_S}(?:thang|m){_S}(?:dau)?{_S}(?:nam)?{_S}{_Y}\b", "nine"),
    (rf"\b{_Y}{_S}9{_S}m\b", "nine"),
    (rf"\b(?:thang|t){_S}(\d{{1,2}}){_S}(?:nam)?{_S}{_Y}\b", "month"),
    (rf"(?<!\d )\b{_Y} (0[1-9]|1[0-2])\b(?! ?\d)", "month_behind"),
    (rf"(?<!\d )\b(0[1-9]|1[0-2]) {_Y}\b(?! ?\d)", "month"),
    (rf"(?<!\d )\b(?:nam{_S})?{_Y} {_Y}\b(?! ?\d)", "years"),
    (rf"(?<!\d )\b(?:nam{_S})?{_Y}\b(?! ?\d)", "year"),
)
_LONG = ("half", "half_number", "half_behind", "nine", "year", "years")


@dataclass(frozen=True)
class Named:
    """The days that a file's name states; ``long`` if they are more than a quarter."""

    start: dt.date
    end: dt.date
    long: bool


def named_period(stem: str) -> Named | None:
    """The period that a file's name states: ``Q1_2024``, ``Quy1-2024``, ``T03.2024``, ``2024-03``,
    ``6thang2024``, ``2024``, ``2023_2024``. A full date in the name is a date, not a period.

    >>> named_period("hoso T03.2024").end
    datetime.date(2024, 3, 31)
    >>> named_period("DanhSach_20240405"), named_period("DanhSach 05-04-2024")
    (None, None)
    """
    split = re.sub(r"(?<=[a-z])(?=(?:Quy|Q[1-4]|Thang|T\d|Nam|H[12]))", " ", stem)
    text = plain(re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", split))
    for pattern, kind in _NAMED:
        if found := re.search(pattern, text):
            period = _named(kind, [g for g in found.groups() if g])
            if period is not None:
                return Named(period[0].start, period[1].end, kind in _LONG)
    return None


def _named(kind: str, groups: list[str]) -> tuple[Period, Period] | None:
    """The first and last period of a name, from what its pattern caught."""
    year, part = groups[-1], ""
    if kind.endswith("_behind"):
        year, kind = groups[0], kind.removesuffix("_behind")
        groups = groups[::-1]
    if kind == "years":
        first, last = _period(groups[0]), _period(groups[1])
        if first is None or last is None or not 0 < last.year - first.year <= 5:
            return None
        return first, last
    if kind == "quarter":
        part = f"Q{_ROMAN[groups[0]]}"
    elif kind in ("half_number",):
        part = f"H{groups[0]}"
    elif kind == "half":
        part = "H2" if groups[0] in ("cuoi", "2") else "H1"
    elif kind == "nine":
        part = "9M"
    elif kind == "month":
        part = f"{int(groups[0]):02d}"
    period = _period(year, part)
    return None if period is None else (period, period)


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


# -- the export's moment --------------------------------------------------------------------

_EXPORTED = re.compile(
    r"(?:ngay(?: gio)? (?:xuat|in|ket xuat|trich xuat|lap bieu)|thoi (?:diem|gian) "
    r"(?:xuat|in|ket xuat|trich xuat)|(?:xuat|in|ket xuat|trich xuat)(?: bao cao| du lieu)? "
    r"(?:ngay|luc|vao luc))\b[^\d]{0,25}(?P<moment>\d.*)?$"
)


def exported_at(rows: Iterable[Sequence[Cell]]) -> dt.datetime | None:
    """The moment at which the page says it was exported or printed."""
    for row in rows:
        cells = [cell for cell in row if cell is not None and cell != ""]
        for place, cell in enumerate(cells):
            if not isinstance(cell, str):
                continue
            for line in cell.splitlines():
                found = _EXPORTED.search(fold(line))
                if not found:
                    continue
                if found["moment"]:
                    made = _leading_moment(found["moment"])
                else:
                    after = cells[place + 1] if place + 1 < len(cells) else None
                    made = moment(after)
                if isinstance(made, dt.datetime) and 2000 <= made.year <= 2100:
                    return made
    return None


def _leading_moment(text: str) -> Any:
    """The moment that a folded text begins with, whatever follows."""
    words = _spoken(text).strip(" .;)").split()
    for count in range(min(len(words), 8), 0, -1):
        made = moment(" ".join(words[:count]).strip(",;"))
        if isinstance(made, dt.datetime):
            return made
    return None


# -- the unit -------------------------------------------------------------------------------

_KINDS = r"(?<!thi )\b(xa|phuong|thi tran|dac khu)\b"
_BODY = (
    r"(?:don vi(?: bao cao)?[ :]+)?(?:ubnd|uy ban nhan dan|hdnd(?: va)? ubnd|uy ban|cong an|"
    r"bo phan (?:mot cua|tiep nhan va tra ket qua|tn tkq|tn va tkq)(?: ubnd)?(?: cua)?|"
    r"trung tam (?:phuc vu )?hanh chinh cong(?: cap)?|van phong hdnd(?: va)? ubnd)"
)
_UNIT = re.compile(rf"^{_BODY}\s+(?:{_KINDS}|cap xa)\s+(?P<name>[\w' ]+)")
_ALONE = re.compile(
    rf"^(?:don vi(?: bao cao)?[ :]+)?{_KINDS}\s+(?!hoi )(?P<name>[\w']+(?: [\w']+){{0,3}})$"
)
_END = re.compile(r"\s+(?:thanh pho|tp|huyen|thi xa|quan|tinh|thuoc)\b.*")


def _unit_in(text: str) -> tuple[str, str] | None:
    """(kind, name) of the commune that a line names, folded; the parent does not count."""
    line = re.split(r"\s*[-–—,;(|]\s*", fold(text))[0].strip(" .:")
    found = _UNIT.match(line) or _ALONE.match(line)
    if not found:
        return None
    kind = next((g for g in found.groups()[:-1] if g), "")
    return kind, _END.sub("", found["name"]).strip()


def other_unit(texts: Iterable[str], names: Iterable[str]) -> str | None:
    """The unit that the title names, if it names one and none of ``names`` is it."""
    known = set()
    for name in names:
        own = _unit_in(name)
        known.add(own if own else ("", plain(name)))
    bare = {name for _, name in known}
    stranger = None
    for text in texts:
        named = _unit_in(text)
        if named is None:
            continue
        kind, name = named
        if (kind, name) in known or ("", name) in known or (not kind and name in bare):
            return None
        stranger = stranger or " ".join(text.split())[:60]
    return stranger
