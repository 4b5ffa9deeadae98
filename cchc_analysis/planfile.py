"""Reading the files that people edit, and saying exactly what to mend.

A plan is written by hand, in a text editor or in Excel. So every key and every column is
checked: one that is misspelt would otherwise be ignored in silence and leave a default in its
place. An error names the file, the row or key, and the remedy, with the nearest known name.
"""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import json
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from .errors import PlanError
from .words import fold, say

__all__ = ["Row", "Section", "hint", "near", "read_rows", "read_toml", "toml_text"]

SHOWN = 60  # characters of a wrong value that a message repeats


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
        raise PlanError(say("plan.missing_file", file=name)) from None
    except UnicodeDecodeError:
        raise PlanError(say("plan.not_utf8", file=name)) from None
    except OSError:
        raise PlanError(say("plan.unreadable", file=name)) from None


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
            raise PlanError(say("plan.bad_toml_end", file=name)) from None
        line, column = place.groups()
        raise PlanError(say("plan.bad_toml", file=name, line=line, column=column)) from None
    for key in found:
        if sections and key not in sections:
            known, close = ", ".join(sections), hint(key, sections)
            raise PlanError(
                say("plan.unknown_section", file=name, section=key, hint=close, known=known)
            )
    return found


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
            raise PlanError(say("plan.missing_section", file=file, section=name))
        for key in values:
            if known and key not in known:
                names = {"file": file, "section": name, "name": key, "hint": hint(key, known)}
                raise PlanError(say("plan.unknown_key", known=", ".join(known), **names))
        return cls(file, name, values)

    def wrong(self, key: str, remedy: str) -> PlanError:
        """The error for the value of ``key``."""
        value = str(self.values.get(key, ""))[:SHOWN]
        names = {"file": self.file, "section": self.name, "name": key}
        return PlanError(say("plan.bad_value", value=value, remedy=remedy, **names))

    def _get(self, key: str, default: Any) -> Any:
        if key not in self.values and default is ...:
            names = {"file": self.file, "section": self.name, "name": key}
            raise PlanError(say("plan.missing_key", **names))
        return self.values.get(key, default)

    def text(self, key: str, default: Any = ...) -> str:
        value = self._get(key, default)
        if not isinstance(value, str) or (default is ... and not value.strip()):
            raise self.wrong(key, say("plan.need_text"))
        return value.strip()

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        value = self._get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, say("plan.need_texts"))
        return tuple(value)

    def choice(self, key: str, choices: Collection[str], default: Any = ...) -> str:
        value = self._get(key, default)
        if value not in choices:
            raise self.wrong(key, say("plan.need_choice", choices=", ".join(choices)))
        return str(value)

    def whole(self, key: str, low: int, high: int, default: Any = ...) -> int:
        value = self._get(key, default)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(key, say("plan.need_whole", low=low, high=high))
        return value

    def flag(self, key: str, default: Any = ...) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, say("plan.need_flag"))
        return value

    def day(self, key: str) -> dt.date | None:
        value = self._get(key, None)
        if value is not None and type(value) is not dt.date:
            raise self.wrong(key, say("plan.need_date"))
        return value

    def time(self, key: str, default: Any = ...) -> dt.time:
        value = self._get(key, default)
        if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            hour, minute = value.split(":")
            return dt.time(int(hour), int(minute))
        if isinstance(value, dt.time):
            return value
        raise self.wrong(key, say("plan.need_time"))


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
        names = {"file": self.file, "row": self.number, "column": column}
        return PlanError(say("plan.bad_cell", value=value, remedy=remedy, **names))

    def text(self, column: str, *, required: bool = False) -> str:
        value = self.cells.get(column, "")
        if required and not value:
            raise self.wrong(column, say("plan.need_text"))
        return value

    def choice(self, column: str, choices: Collection[str]) -> str:
        value = self.text(column).lower()
        if value not in choices:
            raise self.wrong(column, say("plan.need_choice", choices=", ".join(choices)))
        return value

    def flag(self, column: str) -> bool:
        value = self.text(column).lower()
        if value not in ("yes", "no", "true", "false"):
            raise self.wrong(column, say("plan.need_yes_no"))
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
            raise self.wrong(column, say("plan.need_day")) from None

    def _number(self, column: str, remedy: str, most: Decimal | None = None) -> Decimal | None:
        text = self.text(column).replace(",", ".")
        if not text:
            return None
        try:
            value = Decimal(text.removesuffix("%").strip())
        except InvalidOperation:
            raise self.wrong(column, remedy) from None
        if text.endswith("%"):
            value /= 100
        if not value.is_finite() or value < 0 or (most is not None and value > most):
            raise self.wrong(column, remedy)
        return value


def read_rows(
    path: Path,
    name: str,
    columns: Collection[str],
    *,
    key: str | None = None,
    others: bool = False,
) -> list[Row]:
    """The rows of a CSV file whose first line names exactly ``columns``, in any order.

    A semicolon, as Excel writes it in Vietnam, serves as well as a comma. ``key`` is a column
    whose values may not repeat; ``others`` lets further columns stand.
    """
    text = _text(path, name)
    lines = text.splitlines()
    known = ", ".join(columns)
    if not lines or not lines[0].strip(",; "):
        raise PlanError(say("plan.empty_table", file=name, known=known))
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [cell.strip() for cell in next(reader)]
    _check_header(header, name, columns, others)
    rows, seen = [], dict[str, int]()
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise PlanError(say("plan.too_many_cells", file=name, row=number))
        values = dict.fromkeys(header, "")
        values.update((h, cell.strip()) for h, cell in zip(header, cells, strict=False))
        if key is not None and (first := seen.setdefault(values[key], number)) != number:
            names = {"file": name, "row": number, "first": first}
            raise PlanError(say("plan.repeated", id=values[key], **names))
        rows.append(Row(name, number, values))
    return rows


def _check_header(header: list[str], name: str, columns: Collection[str], others: bool) -> None:
    known = ", ".join(columns)
    for column in header:
        if header.count(column) > 1:
            raise PlanError(say("plan.repeated_column", file=name, column=column))
        if column not in columns and not others:
            close = hint(column, [c for c in columns if c not in header])
            raise PlanError(
                say("plan.unknown_column", file=name, column=column, hint=close, known=known)
            )
    for column in columns:
        if column not in header:
            raise PlanError(say("plan.missing_column", file=name, column=column, known=known))
