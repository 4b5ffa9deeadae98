"""A mapping: how to read a register whose headers or words we do not know.

It is a small TOML file that a person writes, or mends after ``cchc map FILE`` wrote a first one:

    table = "dossiers"
    dayfirst = false

    [columns]
    code = "case_enquiry_id"
    received_at = "open_dt"

    [values.status]
    "Closed" = "resolved"

With one, any register can be read, whatever its language. Whatever a mapping leaves out is
found as usual; a column mapped to ``""`` is not read at all. ``person`` names the column to which
an apology is addressed: it is read when a slip is made, never when a file is taken in. With
``code_with_day`` a dossier is its code and its day, for registers that count from 1 again. A
misspelt key, field or value is an error that names the nearest right one.
"""

from __future__ import annotations

import codecs
import difflib
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import MappingError
from ..planfile import note, together, toml_text
from ..words import fold, label, say
from .tables import TABLES, Field, Table

__all__ = ["KEYS", "SETTINGS", "SUFFIX", "Mapping", "mappable", "nearest", "of", "sayable"]

_USUAL = (("dayfirst", True), ("code_with_day", False))
SUFFIX = ".mapping.toml"  # behind the name of the export that it lies beside

SETTINGS: dict[str, type] = {
    "timezone": str, "dayfirst": bool, "sheet": str, "header_row": int, "encoding": str,
    "delimiter": str, "person": str, "code_with_day": bool,
}  # fmt: skip
KEYS = ("table", "columns", "values", *SETTINGS)


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. Make one with :meth:`load` or :meth:`parse`."""

    table: str
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    timezone: str | None = None
    dayfirst: bool = True
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    person: str | None = None
    code_with_day: bool = False
    file: str = "mapping.toml"

    def __repr__(self) -> str:
        table = label(f"table.{self.table}")
        return say("reprs.mapping", table=table, n=len(self.columns), file=self.file)

    @classmethod
    def load(cls, path: Path) -> Mapping:
        """The mapping in a file. Raises :class:`MappingError`."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise MappingError(say("sources.mapping_missing", file=path.name)) from None
        except (OSError, UnicodeError):
            raise MappingError(say("sources.mapping_unreadable", file=path.name)) from None
        return cls.parse(text, path.name)

    @classmethod
    def beside(cls, path: Path) -> Mapping | None:
        """The mapping that lies beside an export, if one does."""
        mine = of(path)
        return cls.load(mine) if mine is not None else None

    @classmethod
    @together()
    def parse(cls, text: str, file: str = "mapping.toml") -> Mapping:
        """The mapping in a TOML text. Raises :class:`MappingError` with all that is wrong."""
        try:
            content = tomllib.loads(text)
        except (RecursionError, ValueError) as error:  # too deep; a number of thousands of digits
            line = int(_line_of(str(error)) or text.count("\n") + 1)
            said = say("sources.mapping_syntax", file=file, line=line)
            raise MappingError(said, file=file, row=line) from None
        for key in content:
            if key not in KEYS:
                note(_unknown("mapping_unknown_key", file, key, KEYS), None)
        name = content.get("table")
        if not isinstance(name, str):
            raise MappingError(say("sources.mapping_no_table", file=file, known=", ".join(TABLES)))
        if name not in TABLES:
            raise _unknown("mapping_unknown_table", file, name, TABLES)
        table = TABLES[name]
        columns = _columns(content.get("columns", {}), table, file)
        values = _values(content.get("values", {}), table, file)
        _check_settings(content, file)
        delimiter = content.get("delimiter")
        return cls(
            table=name,
            columns=columns,
            values=values,
            timezone=content.get("timezone"),
            dayfirst=content.get("dayfirst", True),
            sheet=content.get("sheet"),
            header_row=content.get("header_row"),
            encoding=content.get("encoding"),
            delimiter={"tab": "\t", "\\t": "\t"}.get(str(delimiter).lower(), delimiter),
            person=content.get("person"),
            code_with_day=content.get("code_with_day", False),
            file=file,
        )

    def dumps(self) -> str:
        """The mapping as TOML."""
        lines = [f"table = {toml_text(self.table)}"]
        for key in KEYS[3:]:
            value = getattr(self, key)
            if value is not None and (key, value) not in _USUAL:
                shown = str(value).lower() if isinstance(value, bool | int) else toml_text(value)
                lines.append(f"{key} = {shown}")
        lines += ["", "[columns]"]
        lines += [f"{name} = {toml_text(header)}" for name, header in self.columns.items()]
        for name, words in self.values.items():
            lines += ["", f"[values.{name}]"]
            lines += [f"{toml_text(word)} = {toml_text(value)}" for word, value in words.items()]
        return "\n".join(lines) + "\n"

    @property
    def fingerprint(self) -> str:
        """The hash of all that it says, however it is written."""
        return hashlib.sha256(self.dumps().encode("utf-8")).hexdigest()

    def save(self, path: Path) -> None:
        path.write_text(self.dumps(), encoding="utf-8")

    def words(self, name: str) -> dict[str, str]:
        """The mapping's own words for a field, folded."""
        return {fold(word): value for word, value in self.values.get(name, {}).items()}


def of(path: Path) -> Path | None:
    """The file with the mapping that lies beside an export, if one does."""
    beside = path.with_name(path.stem + SUFFIX)
    return beside if beside.exists() else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, if any is."""
    by_fold = {fold(k): k for k in known}
    found = difflib.get_close_matches(fold(word), list(by_fold), n=1, cutoff=0.5)
    return by_fold[found[0]] if found else None


def _unknown(key: str, file: str, word: str, known: Iterable[str], **more: str) -> MappingError:
    """An error that names the nearest known word, or all of them."""
    known = list(known)
    near = nearest(word, known)
    names = {"word": word, "near": near, "known": ", ".join(known), **more}
    said = say(f"sources.{key}_near" if near else f"sources.{key}", file=file, **names)
    return MappingError(said, file=file, column=word)


def _columns(content: Any, table: Table, file: str) -> dict[str, str]:
    if not isinstance(content, dict):
        return note(_wrong("not_a_table", file, "columns"), {})
    known = mappable(table)
    for name, header in content.items():
        if name not in known:
            note(_unknown("mapping_unknown_field", file, name, known, table=table.name), None)
        elif not isinstance(header, str):
            note(_wrong("not_text", file, f"columns.{name}"), None)
    return dict(content)


def mappable(table: Table) -> list[str]:
    """The fields that a mapping may find a column for."""
    known = [name for name in table.names if name not in table.made]
    if table.name == "survey":
        known.append("overall")  # the overall question, a row of its own in the table
    return known


def sayable(field: Field) -> tuple[str, ...]:
    """What a word of the office's may be said to mean in a field; empty where it is anything."""
    return ("true", "false") if field.kind == "flag" else field.choices


def _values(content: Any, table: Table, file: str) -> dict[str, dict[str, str]]:
    if not isinstance(content, dict):
        return note(_wrong("not_a_table", file, "values"), {})
    from .survey import usual

    made: dict[str, dict[str, str]] = {}
    for name, words in content.items():
        if name not in table.names:
            note(_unknown("mapping_unknown_field", file, name, table.names, table=table.name), None)
            continue
        if not isinstance(words, dict):
            note(_wrong("not_a_table", file, f"values.{name}"), None)
            continue
        allowed = sayable(table.field(name))
        made[name] = {}
        for word, value in words.items():
            spoken = str(value).lower() if isinstance(value, bool) else value
            if not isinstance(spoken, str):
                note(_wrong("not_text", file, f"values.{name}"), None)
            elif allowed and spoken and spoken not in allowed:
                note(_unknown("mapping_unknown_value", file, spoken, allowed, field=name), None)
            elif name == "answer" and spoken and not usual().knows(spoken):
                note(_unknown("mapping_unknown_value", file, spoken, ["1", "5"], field=name), None)
            else:
                made[name][word] = spoken
    return made


_NOT = {str: "not_text", bool: "not_bool", int: "not_row"}


def _check_settings(content: dict[str, Any], file: str) -> None:
    for key, kind in SETTINGS.items():
        if key not in content:
            continue
        if type(content[key]) is not kind or (key == "header_row" and content[key] < 1):
            note(_wrong(_NOT[kind], file, key), None)
        elif fault := _fault(key, content[key]):
            said = say(f"sources.mapping_{fault}", file=file, word=content[key])
            note(MappingError(said, file=file, column=key), None)


def _fault(key: str, word: Any) -> str:
    """What is wrong with a setting of the right type: the name of its message, or nothing."""
    if key == "timezone":
        try:
            ZoneInfo(word)
        except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
            return key
    if key == "encoding" and word.lower() not in ("tcvn3", "abc", "vni"):
        try:
            codecs.lookup(word)
        except LookupError:
            return key
    if key == "delimiter" and word.lower() not in ("tab", "\\t") and len(word) != 1:
        return key
    return ""


def _wrong(what: str, file: str, key: str) -> MappingError:
    return MappingError(say(f"sources.mapping_{what}", file=file, key=key), file=file, column=key)


def _line_of(message: str) -> str:
    """The line in a message of the TOML parser ("… (at line 3, column 5)"), if it names one."""
    after = message.partition("line ")[2]
    return "".join(c for c in after.partition(",")[0] if c.isdigit())
