"""Reading the files that people edit, and saying exactly what to mend.

A plan is written by hand, in a text editor or in Excel. So every key and every column is
checked: one that is misspelt would otherwise be ignored in silence and leave a default in its
place. An error names the file, the row or key, and the remedy, with the nearest known name.

Whoever edits a file wants to hear of every mistake at once. A reader decorated with
:func:`together` goes on past a wrong value with something harmless in its place, and what is
misspelt is read as the name it is nearest to; at the end all that was found is raised as one
error, whose message is the first and whose ``errors`` are all of them. Anywhere else the first
mistake ends the reading.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from .errors import CchcError, ExtensionError, MappingError, PlanError
from .words import fold, say

__all__ = [
    "Row",
    "Section",
    "attempt",
    "hint",
    "near",
    "note",
    "read_rows",
    "read_toml",
    "together",
    "toml_text",
]  # fmt: skip

SHOWN = 60  # characters of a wrong value that a message repeats
MOST = 1e12  # of a unit in another one
CLOCK = r"([01]?\d|2[0-3]):[0-5]\d"
COMMENT = "#"  # what a line of a CSV file begins with that is for people alone
T = TypeVar("T")


# -- all that is wrong at once ----------------------------------------------------------------

_kept: ContextVar[list[CchcError] | None] = ContextVar("kept", default=None)


@contextmanager
def together(kept: list[CchcError] | None = None, *, cached: bool = False) -> Iterator[None]:
    """Inside, and in a function so decorated, what is wrong does not stop the reading.

    At the end it is raised together, or given over in ``kept``. One inside another is part of it,
    but for a reader whose result is ``cached``: it must never return what only stands in.
    """
    if kept is None and not cached and _kept.get() is not None:
        yield
        return
    found = [] if kept is None else kept
    token = _kept.set(found)
    try:
        yield
    except (PlanError, MappingError, ExtensionError) as error:
        found.extend(error.errors)
    finally:
        _kept.reset(token)
    found[:] = {str(error): error for error in found}.values()
    if kept is None and found:
        raise _joined(found)


def note(error: CchcError, instead: T) -> T:
    """Raises ``error``; inside :func:`together` keeps it and goes on with ``instead``."""
    kept = _kept.get()
    if kept is None:
        raise error
    kept.extend(error.errors)
    return instead


def attempt(read: Callable[[], T], instead: T) -> T:
    """What ``read`` gives; where it fails as a whole, as :func:`note` does."""
    try:
        return read()
    except (PlanError, MappingError, ExtensionError) as error:
        return note(error, instead)


def _joined(errors: Sequence[CchcError]) -> CchcError:
    first, *others = errors
    if not others:
        return first
    said = say("plan.and_others", first=first, count=len(others))
    return type(first)(said, file=first.file, row=first.row, column=first.column, errors=errors)


def _error(key: str, file: str, row: int | None = None, /, **names: object) -> PlanError:
    """The sentence ``plan.<key>`` on a place of ``file``."""
    column = str(names.get("column") or names.get("name") or names.get("section") or "")
    said = say(f"plan.{key}", file=file, row=row, **names)
    return PlanError(said, file=file, row=row, column=column)


def near(given: str, known: Iterable[str]) -> str | None:
    """The known name most like ``given``, accents and case aside; None if none is.

    >>> near("Thieu_Van", ["dong-tien", "thieu-van"])
    'thieu-van'
    """
    folded = {fold(name): name for name in known}
    found = difflib.get_close_matches(fold(given), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def hint(given: str, known: Iterable[str]) -> str:
    """A short question with the nearest name, to put behind a sentence; may be empty."""
    name = near(given, known)
    return say("plan.near", near=name) if name else ""


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise _error("missing_file", name) from None
    except UnicodeDecodeError:
        raise _error("not_utf8", name) from None
    except OSError:
        raise _error("unreadable", name) from None


# -- TOML -------------------------------------------------------------------------------------


def toml_text(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's, but for one sign that TOML wants escaped too.

    >>> toml_text('xã "A"')
    '"xã \\\\"A\\\\""'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_toml(path: Path, name: str, sections: Collection[str] = ()) -> dict[str, Any]:
    """The file's tables. ``name`` is how messages call it, ``sections`` what it may hold
    (any, if none is given).
    """
    text = _text(path, name)
    try:
        found = tomllib.loads(text)
    except (RecursionError, ValueError) as error:  # too deep; a number of thousands of digits
        place = re.search(r"line (\d+), column (\d+)", str(error))
        if place is None:
            raise _error("bad_toml_end", name) from None
        line, column = place.groups()
        raise _error("bad_toml", name, int(line), line=line, column=column) from None

    def unknown(key: str) -> PlanError:
        close = hint(key, sections)
        return _error("unknown_section", name, section=key, hint=close, known=", ".join(sections))

    return _known(found, sections, unknown)


def _known(
    found: dict[str, Any], known: Collection[str], unknown: Callable[[str], PlanError]
) -> dict[str, Any]:
    """``found`` under known names, all of them where none are given; ``unknown`` makes the error
    for another, which is read as the nearest name that is not there itself.
    """
    made: dict[str, Any] = {}
    for key, value in found.items():
        meant: str | None = key
        if known and key not in known:
            meant = note(unknown(key), near(key, [k for k in known if k not in found]))
        if meant is not None:
            made.setdefault(meant, value)
    return made


@dataclass(frozen=True)
class Section:
    """One table of a TOML file, with its keys already checked against the known ones."""

    file: str
    name: str
    values: dict[str, Any]

    @classmethod
    def of(
        cls, found: dict[str, Any], name: str, file: str, known: Collection[str] = ()
    ) -> Section:
        """The table ``name`` of a file read, empty if absent. Without ``known``, any key goes."""
        values = found.get(name, {})
        if not isinstance(values, dict):
            raise _error("missing_section", file, section=name)

        def unknown(key: str) -> PlanError:
            names = {"section": name, "name": key, "hint": hint(key, known)}
            return _error("unknown_key", file, known=", ".join(known), **names)

        return cls(file, name, _known(values, known, unknown))

    def wrong(self, key: str, remedy: str) -> PlanError:
        """The error for the value of ``key``."""
        value = str(self.values.get(key, ""))[:SHOWN]
        names = {"section": self.name, "name": key}
        return _error("bad_value", self.file, value=value, remedy=remedy, **names)

    def _get(self, key: str, default: Any, instead: Any) -> Any:
        if key not in self.values and default is ...:
            return note(_error("missing_key", self.file, section=self.name, name=key), instead)
        return self.values.get(key, default)

    def text(self, key: str, default: Any = ...) -> str:
        value = self._get(key, default, "—")
        if not isinstance(value, str) or (default is ... and not value.strip()):
            return note(self.wrong(key, say("plan.need_text")), "—")
        return value.strip()

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        value = self._get(key, default, ())
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            return note(self.wrong(key, say("plan.need_texts")), ())
        return tuple(value)

    def choice(self, key: str, choices: Collection[str], default: Any = ...) -> str:
        first = next(iter(choices))
        value = self._get(key, default, first)
        if value not in choices:
            remedy = say("plan.need_choice", choices=", ".join(choices))
            return note(self.wrong(key, remedy), first)
        return str(value)

    def whole(self, key: str, low: int, high: int, default: Any = ...) -> int:
        value = self._get(key, default, low)
        if type(value) is not int or not low <= value <= high:
            return note(self.wrong(key, say("plan.need_whole", low=low, high=high)), low)
        return value

    def flag(self, key: str, default: Any = ...) -> bool:
        value = self._get(key, default, False)
        if not isinstance(value, bool):
            return note(self.wrong(key, say("plan.need_flag")), False)
        return value

    def amounts(self, key: str, default: Any = ...) -> dict[str, int | float]:
        """Words, and how much each is: numbers above 0."""
        value = self._get(key, default, {})
        if not isinstance(value, dict) or not all(map(_is_amount, value.values())):
            return note(self.wrong(key, say("plan.need_amounts")), {})
        return value

    def day(self, key: str, default: Any = None) -> dt.date | None:
        value = self._get(key, default, None)
        if value is not None and type(value) is not dt.date:
            return note(self.wrong(key, say("plan.need_date")), None)
        return value

    def time(self, key: str, default: Any = ...) -> dt.time:
        value = self._get(key, default, dt.time())
        if isinstance(value, str) and re.fullmatch(CLOCK, value):
            hour, minute = value.split(":")
            return dt.time(int(hour), int(minute))
        if isinstance(value, dt.time):
            return value
        return note(self.wrong(key, say("plan.need_time")), dt.time())


def _is_amount(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < MOST


# -- CSV --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row of a CSV file; ``number`` is its line as a spreadsheet counts."""

    file: str
    number: int
    cells: dict[str, str]

    def wrong(self, column: str, remedy: str) -> PlanError:
        """The error for this row's cell in ``column``."""
        value = self.cells.get(column, "")[:SHOWN]
        names = {"value": value, "remedy": remedy, "column": column}
        return _error("bad_cell", self.file, self.number, **names)

    def text(self, column: str, *, required: bool = False) -> str:
        value = self.cells.get(column, "")
        if required and not value:
            return note(self.wrong(column, say("plan.need_text")), "—")
        return value

    def choice(self, column: str, choices: Collection[str]) -> str:
        value = self.text(column).lower()
        if value not in choices:
            remedy = say("plan.need_choice", choices=", ".join(choices))
            return note(self.wrong(column, remedy), next(iter(choices)))
        return value

    def flag(self, column: str) -> bool:
        value = self.text(column).lower()
        if value not in ("yes", "no", "true", "false"):
            return note(self.wrong(column, say("plan.need_yes_no")), False)
        return value in ("yes", "true")

    def share(self, column: str) -> Decimal | None:
        """A share from ``0.999``, ``0,999`` or ``99,9%``; None for an empty cell."""
        return self._number(column, say("plan.need_share"), most=Decimal(1))

    def count(self, column: str) -> Decimal | None:
        return self._number(column, say("plan.need_count"))

    def day(self, column: str) -> dt.date:
        try:
            return dt.date.fromisoformat(self.text(column))
        except ValueError:
            return note(self.wrong(column, say("plan.need_day")), dt.date.min)

    def _number(self, column: str, remedy: str, most: Decimal | None = None) -> Decimal | None:
        text = self.text(column).replace(",", ".")
        if not text:
            return None
        try:
            value = Decimal(text.removesuffix("%").strip())
        except InvalidOperation:
            return note(self.wrong(column, remedy), None)
        if text.endswith("%"):
            value /= 100
        if not value.is_finite() or value < 0 or (most is not None and value > most):
            return note(self.wrong(column, remedy), None)
        return value


def read_rows(
    path: Path,
    name: str,
    columns: Collection[str],
    *,
    key: str | None = None,
    others: bool = False,
) -> list[Row]:
    """The rows of a CSV file whose head names exactly ``columns``, in any order.

    A semicolon, as Excel writes it in Vietnam, serves as well as a comma. A line whose first cell
    begins with ``#`` is for people alone and is skipped, above the head or below. ``key`` is a
    column whose values may not repeat; ``others`` lets further columns stand.
    """
    lines = _text(path, name).splitlines(keepends=True)
    above = 0
    while above < len(lines) and _is_remark(lines[above]):
        above += 1
    if above == len(lines):
        raise _error("empty_table", name, known=", ".join(columns))
    delimiter = ";" if lines[above].count(";") > lines[above].count(",") else ","
    reader = csv.reader(io.StringIO("".join(lines[above:]), newline=""), delimiter=delimiter)
    names = [cell.strip() for cell in next(reader)]
    while not names[-1]:  # Excel gives every row as many cells as the longest remark has
        names.pop()
    header = _header(names, name, columns, others)
    rows, seen = [], dict[str, int]()
    for number, cells in enumerate(reader, start=above + 2):
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith(COMMENT):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            note(_error("too_many_cells", name, number), None)
            continue
        values = dict.fromkeys(header, "")
        values.update((h, cell.strip()) for h, cell in zip(header, cells, strict=False))
        if key is not None and (first := seen.setdefault(values[key], number)) != number:
            note(_error("repeated", name, number, column=key, id=values[key], first=first), None)
        rows.append(Row(name, number, values))
    return rows


def _is_remark(line: str) -> bool:
    """A line above the head: for people, or with nothing in it."""
    return not line.strip(",; \t\r\n") or line.lstrip(' "').startswith(COMMENT)


def _header(header: list[str], name: str, columns: Collection[str], others: bool) -> list[str]:
    """The head under known names. A table without one of its columns is not read any further."""
    known = ", ".join(columns)
    missing = [column for column in columns if column not in header]
    meant: list[str] = []
    for column in header:
        if column in meant:
            note(_error("repeated_column", name, column=column), None)
        elif column not in columns and not others:
            names = {"hint": hint(column, missing), "known": known}
            error = _error("unknown_column", name, column=column, **names)
            column = note(error, near(column, missing) or column)
        meant.append(column)
    lost = [column for column in missing if column not in meant]
    if lost:
        raise _joined([_error("missing_column", name, column=c, known=known) for c in lost])
    return meant
