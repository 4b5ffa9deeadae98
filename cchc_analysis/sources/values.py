"""One cell in, one value out.

Registers say the same thing in many ways: ``05/01/2024 08:30``, ``2024-01-05T01:30:00Z`` and
the number 45296.354 are one moment; ``x``, ``Có`` and ``1`` are one yes. Each function here
takes a cell as a reader gives it (text, number, date, true or false, or an empty text) and
returns its value, ``None`` for a cell that says nothing, or ``UNREADABLE``. Nothing is guessed:
``03/04/2024`` is the third of April unless a mapping says ``dayfirst = false``, and the
thirty-first of February is unreadable.

>>> moment("5/1/2024 8:30")
datetime.datetime(2024, 1, 5, 8, 30)
>>> moment("45296.354166666664") == moment("5/1/2024 8:30")
True
>>> number("1.234,5 đ"), number("10.000")
(1234.5, 10000.0)
>>> code(" 000.17.31.h56 – 240105 - 0001 ")
'000.17.31.H56-240105-0001'
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from .vocabulary import is_blank, is_same_day, plain

__all__ = [
    "UNREADABLE",
    "Unreadable",
    "code",
    "is_error",
    "may_be_day",
    "moment",
    "month",
    "national_day",
    "number",
    "text",
]


class Unreadable(Enum):
    """The cell holds something, but not a value of its column."""

    CELL = "unreadable"


UNREADABLE = Unreadable.CELL

Cell = Any  # str, float, int, bool, datetime, date, time, timedelta or None

_SPACES = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_ESCAPED = re.compile(r'="(.*)"', re.DOTALL)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)")


def text(cell: Cell) -> str | None:
    """Trimmed text in the composed Unicode form; whole numbers without ``.0``."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        if cell.startswith('="') and (escaped := _ESCAPED.fullmatch(cell)):
            cell = escaped[1]
        if not cell.isascii():
            cell = unicodedata.normalize("NFC", cell)
        return _SPACES.sub(" ", cell).strip() or None
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def is_error(cell: Cell) -> bool:
    """Whether the cell shows one of Excel's errors."""
    return isinstance(cell, str) and bool(_ERROR.fullmatch(cell.strip()))


# -- codes ----------------------------------------------------------------------------------

_NATIONAL = re.compile(r"(?:\d+\.)*[A-Z]\d{2}(?:\.\d+)*-(\d{6})-\d{4,}")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d+")
_LONGEST_CODE = 60


def national_day(code: str) -> dt.date | Unreadable | None:
    """The day inside a code of the national patterns, ``None`` for any other code.

    >>> national_day("000.17.31.H56-240105-0001")
    datetime.date(2024, 1, 5)
    """
    found = _NATIONAL.fullmatch(code)
    if not found:
        return None
    digits = found[1]
    if not _day_exists(digits):
        return UNREADABLE
    return dt.date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))


@cache
def _day_exists(yymmdd: str) -> bool:
    try:
        dt.date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return False
    return True


def code(cell: Cell, *, alone: bool = True) -> str | Unreadable | None:
    """A dossier's code without spaces, in capitals, with plain dashes; ``alone`` without what else
    stands in its cell, as a name below it.

    Unreadable are dates, fractions, numbers so long that Excel lost their last digits, error
    cells, texts without a digit, and national codes with a day that does not exist.
    """
    if isinstance(cell, bool):
        return UNREADABLE
    if isinstance(cell, int | float):
        if not math.isfinite(cell) or cell != int(cell) or not 0 < cell < 1e15:
            return UNREADABLE
        return str(int(cell))
    if cell is not None and not isinstance(cell, str):
        return UNREADABLE
    if cell and (found := _NATIONAL.fullmatch(plainly := cell.strip().upper())):
        return plainly if _day_exists(found[1]) else UNREADABLE
    spoken = text(_code_alone(cell) if cell and alone else cell)
    if spoken is None:
        return None
    joined = _SPACES.sub("", unicodedata.normalize("NFKC", spoken)).translate(_DASHES).upper()
    if not joined:
        return None
    if (
        not any(map(str.isdigit, joined))
        or not joined.strip("0.-")
        or len(joined) > _LONGEST_CODE
        or is_error(joined)
        or _SCIENTIFIC.fullmatch(joined)
        or _is_day(spoken)
        or national_day(joined) is UNREADABLE
    ):
        return UNREADABLE
    return re.sub(r"\.0$", "", joined) if re.fullmatch(r"\d{5,}\.0", joined) else joined


_AND_MORE = re.compile(
    r"\s*(?P<code>(?:\d+\.)*[A-Za-z]\d{2}(?:\.\d+)*-\d{6}-\d{4,})(?:[ \t]*[\r\n(;,]|\s+[^\W\d_])"
)


def _code_alone(cell: str) -> str:
    """The code of a cell that has more below or behind it, as a name and a telephone number."""
    if found := _AND_MORE.match(cell):
        return found["code"]
    first, *more = cell.strip().splitlines() or [""]
    spoken = any(re.search(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|\d{9}", line) for line in more)
    broken = first.rstrip().endswith(("-", ".", "/"))  # the code goes on below
    return first if spoken and any(map(str.isdigit, first)) and not broken else cell


def _is_day(spoken: str) -> bool:
    found = _DAY_FIRST.fullmatch(spoken)
    return bool(found and found["sep"] != "-" and len(spoken) >= 8)


# -- days and moments -----------------------------------------------------------------------

_TIME = (
    r"(?P<hour>\d{1,2})\s?(?:giờ|[:hg])\s?(?:(?P<minute>\d{1,2})(?:\s?phút|')?)?"
    r"(?:(?:\s?[:m']\s?|(?<=phút)\s)(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?:\s?giây)?)?"
    r"(?:\s?(?P<half>AM|PM|SA|CH|sáng|chiều))?"
)
_ZONE = r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?|(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?)"
_NAMED_DAY = r"(?:(?:thứ\s(?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ\snhật)[\s,]+)?(?:ngày\s)?"
_DMY = r"(?P<first>\d{1,2})\s?(?P<sep>[/.\-])\s?(?P<second_part>\d{1,2})\s?(?P=sep)\s?"
_YEAR = r"(?P<year>\d{4}|\d{2})"


def _way(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_AFTER_A_DAY = rf"(?:(?:[\s,T]+(?:lúc\s)?|\s?-\s?){_TIME}(?:\s?{_ZONE})?)"
_DAY_FIRST = _way(rf"{_NAMED_DAY}{_DMY}{_YEAR}{_AFTER_A_DAY}?")
_TIME_FIRST = _way(rf"{_TIME}(?:[\s,]+|\s?-\s?){_NAMED_DAY}{_DMY}{_YEAR}")
_YEAR_FIRST = _way(
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    rf"(?:{_AFTER_A_DAY}|Z|\+(?:0\d|1[0-4]):?[0-5]\d)?"  # a day's own offset changes nothing
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_SPOKEN = _way(
    rf"(?:{_TIME}[\s,]+)?{_NAMED_DAY}(?P<day>\d{{1,2}})\s(?:tháng|thg)\s(?P<month>\d{{1,2}})"
    r"(?:\snăm|,)?\s(?P<year>\d{4})"
)
_SHORT = _way(  # Excel's 05-Thg7-24
    r"(?P<day>\d{1,2})[\s\-/](?:tháng|thg|th)\.?\s?(?P<month>\d{1,2})[\s\-/,]+"
    rf"{_YEAR}(?:[\s,]+{_TIME})?"
)
_NAMED = _way(
    r"(?P<day>\d{1,2})[\s\-](?P<name>[A-Z]{3,9})\.?[\s\-,]+(?P<year>\d{4})"
    rf"(?:[\s,]+{_TIME})?"
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_MONTH_NAMES = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
_NO_DAY = re.compile(r"[0_]{1,4}(?:[\s/.:T-]+[0_]+)+")  # 00/00/0000 00:00:00, __/__/____
_NONE_YET = frozenset(  # what programs write for no day
    {dt.date(1, 1, 1), dt.date(1753, 1, 1), dt.date(1899, 12, 30), dt.date(1899, 12, 31),
     dt.date(1900, 1, 1), dt.date(1970, 1, 1), dt.date(9999, 12, 31)}
)  # fmt: skip
_SERIALS = (10_000, 2_958_466)  # 1927 to 9999 in days since 1900


_DAYLIKE = re.compile(r"\d\s?[/.\-]\s?\d|\d{5}|\d\s?th|^#", re.IGNORECASE)


def may_be_day(cell: Cell) -> bool:
    """Whether a cell of a column of days can be meant as one, well written or not.

    >>> may_be_day("Đã trả 5/7"), may_be_day("trong ngày"), may_be_day("5 ngày"), may_be_day(5.0)
    (True, True, False, False)
    """
    if isinstance(cell, str):
        return bool(_DAYLIKE.search(cell)) or is_same_day(cell)
    if isinstance(cell, float):
        return cell >= _SERIALS[0]
    return isinstance(cell, dt.date)


def moment(
    cell: Cell,
    *,
    dayfirst: bool = True,
    zone: ZoneInfo | None = None,
    epoch_1904: bool = False,
) -> dt.datetime | Unreadable | None:
    """A naive local date and time; a day alone is its midnight.

    A time with an offset becomes the wall-clock time of ``zone`` (default
    Asia/Ho_Chi_Minh). Two-digit years are read only as ``dd/mm/yy`` with slashes or dots. Days that
    programs write for none, like 01/01/1900 and 31/12/9999, are none.
    """
    made = _any_moment(cell, dayfirst, zone, epoch_1904)
    return None if isinstance(made, dt.datetime) and made.date() in _NONE_YET else made


def _any_moment(
    cell: Cell, dayfirst: bool, zone: ZoneInfo | None, epoch_1904: bool
) -> dt.datetime | Unreadable | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, dt.datetime):
        return _local(cell, zone)
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, bool | dt.timedelta):
        return UNREADABLE
    if isinstance(cell, dt.time):
        return None if cell == dt.time(0, 0) else UNREADABLE  # zero, formatted as a date
    if isinstance(cell, int | float):
        return _serial(float(cell), epoch_1904)
    spoken = text(cell)
    if spoken is None:
        return None
    try:
        return _spoken_moment(spoken, dayfirst, zone, epoch_1904)
    except (ValueError, OverflowError):
        return UNREADABLE


def _spoken_moment(
    spoken: str, dayfirst: bool, zone: ZoneInfo | None, epoch_1904: bool
) -> dt.datetime | Unreadable | None:
    if (not spoken[0].isdigit() and is_blank(spoken)) or _NO_DAY.fullmatch(spoken):
        return None
    if _SERIAL.fullmatch(spoken):
        return _serial(float(spoken.replace(",", ".")), epoch_1904)
    if found := _DAY_FIRST.fullmatch(spoken) or _TIME_FIRST.fullmatch(spoken):
        day, month = int(found["first"]), int(found["second_part"])
        if not dayfirst:
            day, month = month, day
        year = int(found["year"])
        if len(found["year"]) == 2:
            if found["sep"] == "-":
                return UNREADABLE
            year += 2000
        if year == 1:
            return None
        return _made(year, month, day, found.groupdict(), zone)
    if found := _YEAR_FIRST.fullmatch(spoken) or _COMPACT.fullmatch(spoken):
        if found["year"] == "0001":
            return None
        parts = found.groupdict()
        return _made(int(found["year"]), int(found["month"]), int(found["day"]), parts, zone)
    if found := _SPOKEN.fullmatch(spoken):
        parts = found.groupdict()
        return _made(int(found["year"]), int(found["month"]), int(found["day"]), parts, zone)
    if found := _SHORT.fullmatch(spoken):
        parts = found.groupdict()
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        return _made(year, int(found["month"]), int(found["day"]), parts, zone)
    if found := _NAMED.fullmatch(spoken):
        named = _MONTH_NAMES.get(found["name"][:3].lower())
        if named:
            return _made(int(found["year"]), named, int(found["day"]), found.groupdict(), zone)
    return None if is_blank(spoken) else UNREADABLE


def _made(
    year: int, month: int, day: int, parts: dict[str, Any], zone: ZoneInfo | None
) -> dt.datetime:
    """The moment from its parts; raises ``ValueError`` for one that does not exist."""
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").upper()
    if half:
        after = half in ("PM", "CH", "CHIỀU")
        if not 1 <= hour <= 12 and not (after and 12 <= hour <= 23):
            raise ValueError("hour")
        if hour <= 12:
            hour = hour % 12 + (12 if after else 0)
    micros = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    made = dt.datetime(
        year, month, day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), micros
    )
    offset = parts.get("zone")
    if offset:
        offset = offset.upper().removeprefix("GMT").removeprefix("UTC")
        sign = -1 if offset[0] == "-" else 1
        figures = offset[1:].replace(":", "")
        figures = figures if len(figures) > 1 else f"0{figures}"
        ahead = (
            dt.timedelta(0)
            if offset in "Zz"
            else sign * dt.timedelta(hours=int(figures[:2]), minutes=int(figures[2:] or 0))
        )
        return _local(made.replace(tzinfo=dt.timezone(ahead)), zone)
    return made


def _local(moment: dt.datetime, zone: ZoneInfo | None) -> dt.datetime:
    if moment.tzinfo is None or moment.year in (1, 9999):
        return moment.replace(tzinfo=None)
    return moment.astimezone(zone or ZoneInfo("Asia/Ho_Chi_Minh")).replace(tzinfo=None)


def _serial(days: float, epoch_1904: bool) -> dt.datetime | Unreadable | None:
    """Days since Excel's epoch, to the second, and never into the next day but for what is lost in
    a float; eight digits are read as yyyymmdd.
    """
    if days in (0, 1):
        return None
    if days.is_integer() and (found := _COMPACT.fullmatch(str(int(days)))):
        try:
            return dt.datetime(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            return UNREADABLE
    if not _SERIALS[0] <= days < _SERIALS[1]:
        return UNREADABLE
    try:
        seconds = days * 86_400
        whole = round(seconds)
        if whole % 86_400 == 0 and whole - seconds > 1e-4:
            whole -= 1
        return _EPOCHS[epoch_1904] + dt.timedelta(seconds=whole)
    except OverflowError:
        return UNREADABLE


_MONTH_YEAR = re.compile(
    r"(?:thang|t|ky)?\s?(?P<month>\d{1,2})\s?(?:[/.\-]|nam|\s)\s?(?P<year>\d{4})"
)
_YEAR_MONTH = re.compile(r"(?P<year>\d{4})\s?[/.\-]?\s?(?:thang|t|m)?\s?(?P<month>\d{1,2})")


def month(
    cell: Cell, *, dayfirst: bool = True, zone: ZoneInfo | None = None, epoch_1904: bool = False
) -> dt.datetime | Unreadable | None:
    """The first day of the month that a cell names.

    >>> month("07/2023"), month("Tháng 7 năm 2023") == month("2023-07")
    (datetime.datetime(2023, 7, 1, 0, 0), True)
    """
    if isinstance(cell, str) and (spoken := text(cell)):
        folded = plain(spoken, keep="/.-")
        if found := _MONTH_YEAR.fullmatch(folded) or _YEAR_MONTH.fullmatch(folded):
            try:
                return dt.datetime(int(found["year"]), int(found["month"]), 1)
            except ValueError:
                return UNREADABLE
    whole = moment(cell, dayfirst=dayfirst, zone=zone, epoch_1904=epoch_1904)
    if isinstance(whole, dt.datetime):
        return dt.datetime(whole.year, whole.month, 1)
    return whole


# -- numbers --------------------------------------------------------------------------------

_UNIT = re.compile(
    r"\s*(?:đồng|đ|vnđ|vnd|₫|%|lần|hồ sơ|lượt|người|hộ|ngày)\.?$|^\s*(?:₫|vnd|vnđ)\s*",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,\s'])\d{3})(?:\1\d{3})*")
_FREE = ("mien phi", "mien", "khong thu", "khong", "khong thu phi")


def number(cell: Cell) -> float | Unreadable | None:
    """A number as typed in Vietnam or elsewhere.

    One kind of separator followed by threes groups thousands (``1.234``, ``1,234``); a
    separator of another kind after it, or one not followed by three digits, is the decimal
    one (``12,5``, ``1.234,5``).
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return 1.0 if cell else 0.0
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else UNREADABLE
    if not isinstance(cell, str):
        return UNREADABLE
    spoken = text(cell)
    if spoken is None:
        return None
    if plain(spoken) in _FREE:
        return 0.0
    bare = spoken
    while (shorter := _UNIT.sub("", bare).strip()) != bare:
        bare = shorter
    if re.fullmatch(r"[-.…–—\s]*", bare):
        return None
    if _GROUPED.fullmatch(bare) and not bare.lstrip("+-").startswith("0"):
        return float(re.sub(r"[.,\s']", "", bare))
    grouped = re.fullmatch(r"([+-]?\d{1,3}(?:[.\s']\d{3})+),(\d+)", bare)
    if not grouped:
        grouped = re.fullmatch(r"([+-]?\d{1,3}(?:[,\s']\d{3})+)\.(\d+)", bare)
    if grouped:
        return float(re.sub(r"[.,\s']", "", grouped[1]) + "." + grouped[2])
    if re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?", bare):
        made = float(bare.replace(",", "."))
        return made if math.isfinite(made) else UNREADABLE
    return None if is_blank(spoken) else UNREADABLE
