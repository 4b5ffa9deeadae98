"""Files that we cannot read by ourselves: what to say, and a first mapping for a person to mend.

A file that is no table we know is refused with its headers and the field that each is most like.
In a starter mapping each field of the likeliest table gets the header that looks most like it, or
a line to fill in; the headers left over stand below as comments. The words of the file's cells
are not shown: they may be about people.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from ..cadences import is_part
from ..errors import ColumnsError, MappingError
from ..words import listing, say
from .columns import Matched, guess, likeliest, match, missing_headers
from .encodings import mend_rows
from .headers import Header, find, likely_header
from .heading import Column
from .mapping import Mapping
from .questions import survey_words
from .sheets import Grid, grids, load
from .tables import TABLES, Table, field_label
from .values import month
from .vocabulary import squash

__all__ = ["lacking_columns", "no_table", "starter_mapping"]

_ACROSS = 3  # months over columns that make a table with the months across
_LISTED = 20  # how many headers a sentence may list


def no_table(
    file: str, headers: Sequence[tuple[Grid, Header | None]], mapping: Mapping | None
) -> ColumnsError | MappingError:
    """The error for a file without a table that we know."""
    partial = [header for _, header in headers if header is not None]
    best = max(partial, key=lambda h: len(h.matched.fields), default=None)
    if best is not None and len(best.matched.fields) >= 2:
        columns = best.columns
    else:
        columns = next((c for c in (likely_header(grid) for grid, _ in headers) if c), ())
    if mapping is not None and columns and (error := missing_headers(columns, mapping)):
        return error
    if not columns:
        return ColumnsError(say("sources.no_header", file=file))
    across = [column.label for column in columns if _is_month(column.header)]
    if len(across) >= _ACROSS:
        names = ", ".join(f"“{name}”" for name in across)
        return ColumnsError(say("sources.months_across", file=file, names=names))
    if _is_survey(file, columns):
        names = ", ".join(f"“{column.label}”" for column in columns[:_LISTED] if column.label)
        return ColumnsError(say("sources.survey_unknown", file=file, headers=names))
    table, known = likeliest(best.matched if best is not None else None)
    lacking = _lacking(table, known)
    named = {column.index for column in known.values()}
    strange = [
        f"“{column.label}” → {field_label(table.name, near) if near else '?'}"
        for column in columns
        if column.label and column.index not in named
        for near in [guess(column, table)]
    ]
    return ColumnsError(
        say(
            "sources.columns_unknown" if known else "sources.columns_strange",
            file=file,
            lacking=lacking or "—",
            headers=listing(strange, _LISTED, "; ") or "—",
        )
    )


def _is_survey(file: str, columns: Sequence[Column]) -> bool:
    """Whether the file's name or its headers speak of a survey."""
    words = [squash(word) for word in survey_words()]
    return any(
        word in squash(said) for said in (file, *(c.label for c in columns)) for word in words
    )


def lacking_columns(matched: Matched) -> str:
    """The columns that a table lacks to be one we can read."""
    return _lacking(matched.table, matched.fields)


def _lacking(table: Table, known: Collection[str]) -> str:
    return ", ".join(
        " / ".join(field_label(table.name, name) for name in group)
        for group in (*((name,) for name in table.required), *table.any_of)
        if not any(name in known for name in group)
    )


def _is_month(header: str) -> bool:
    """Whether a column is about a month or quarter: "Tháng 1", "T1", "01/2024", "Quý I"."""
    short = re.fullmatch(r"\s*[Tt]\s?\.?\s?(1[0-2]|0?[1-9])\s*(?:[/.-]\s*\d{4}\s*)?", header)
    return bool(short or isinstance(month(header), dt.datetime) or is_part(header))


def starter_mapping(path: Path) -> str:
    """The text of a mapping for ``path``, with guesses to check.

    Raises :class:`FileError` for what is no table, :class:`ColumnsError` where no row looks like
    a header.
    """
    path = Path(path)
    sheet = ""
    columns: tuple[Column, ...] = ()
    table = TABLES["dossiers"]
    most = 0
    every = grids(load(path), path.name)
    for grid in every:
        mend_rows(grid.rows)
        header = find(grid)
        if header is not None and len(header.matched.fields) > max(most, 1):
            most = len(header.matched.fields)
            sheet, columns = grid.sheet, header.columns
            table, _ = likeliest(header.matched)
    for grid in every:
        if not columns:
            sheet, columns = grid.sheet, likely_header(grid)
    if not columns:
        raise ColumnsError(say("sources.no_header", file=path.name))
    return _written(path.name, sheet if len(every) > 1 else "", columns, table)


def _written(file: str, sheet: str, columns: tuple[Column, ...], table: Table) -> str:
    matched = match(columns, table)
    sure = {field: column.label for field, column in matched.fields.items() if field != "item"}
    guessed: dict[str, str] = {}
    left = []
    for column in matched.unknown:
        near = guess(column, table)
        if near and near not in sure and near not in guessed:
            guessed[near] = column.label
        else:
            left.append(column.label)
    columns_of = {}
    lines = [f"# {line}" for line in say("sources.starter_intro", file=file).splitlines()]
    lines += [f"table = {_q(table.name)}  # {' | '.join(TABLES)}"]
    if sheet:
        lines.append(f"sheet = {_q(sheet)}")
    lines.append(f"# dayfirst = false  # {say('sources.starter_dayfirst')}")
    if table.name == "dossiers":
        lines.append(f'# person = ""  # {say("sources.starter_person")}')
    lines += ["", "[columns]"]
    needed = {*table.required, *(field for group in table.any_of for field in group)}
    for field in table.names:
        if field in table.made:
            continue
        what = field_label(table.name, field)
        if field in sure:
            lines.append(f"{field} = {_q(sure[field])}{_remark(what)}")
            columns_of[field] = sure[field]
        elif field in guessed:
            check = " – ".join(part for part in (what, say("sources.starter_guess")) if part)
            lines.append(f"{field} = {_q(guessed[field])}{_remark(check)}")
            columns_of[field] = guessed[field]
        else:
            must = say("sources.starter_needed") if field in needed else ""
            rest = " – ".join(part for part in (what, must) if part)
            lines.append(f'# {field} = ""{_remark(rest)}')
    if left:
        lines += ["", *(f"# {line}" for line in say("sources.starter_left").splitlines())]
        lines += [f"#   {header}" for header in left[:60]]
    lines += ["", *(f"# {line}" for line in say("sources.starter_values").splitlines())]
    for of in table.fields:
        if of.kind == "choice" and of.name in columns_of:
            lines += [f"# [values.{of.name}]", f'# "…" = "{of.choices[0]}"  # '
                      + " | ".join(of.choices)]  # fmt: skip
    text = "\n".join(lines) + "\n"
    Mapping.parse(text)
    return text


def _remark(text: str) -> str:
    return f"  # {text}" if text else ""


def _q(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
