"""A first mapping for a file that we cannot read, for a person to mend.

Each field of the likeliest table gets the header that looks most like it, or a line to fill in;
the headers that nothing was found for stand below as comments. The words of the file's cells are
not shown: they may be about people.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import ColumnsError
from ..words import has_label, label, say
from .columns import Column, guess, match
from .encodings import mend_rows
from .headers import find, likely_header
from .sheets import grids, load
from .tables import TABLES
from .mapping import Mapping

__all__ = ["starter_mapping"]


def starter_mapping(path: Path) -> str:
    """The text of a mapping for ``path``, with guesses to check.

    Raises :class:`FileError` for what is no table, :class:`ColumnsError` where no row looks like
    a header.
    """
    path = Path(path)
    sheet, columns, table_name, top = "", (), "dossiers", 0
    best = -1
    every = grids(load(path), path.name)
    for grid in every:
        mend_rows(grid.rows)
        header = find(grid)
        if header is not None and len(header.matched.fields) > best:
            best = len(header.matched.fields)
            sheet, columns = grid.sheet, header.columns
            table_name, top = header.matched.table.name, header.top
    if best < 2:
        for grid in every:
            likely = likely_header(grid)
            if likely:
                sheet, columns, table_name = grid.sheet, likely, "dossiers"
                break
    if not columns:
        raise ColumnsError(say("sources.no_header", file=path.name))
    return _written(path.name, sheet if len(every) > 1 else "", columns, table_name)


def _written(file: str, sheet: str, columns: tuple[Column, ...], name: str) -> str:
    table = TABLES[name]
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
    lines += [f"table = {_q(name)}  # {' | '.join(TABLES)}"]
    if sheet:
        lines.append(f"sheet = {_q(sheet)}")
    lines += [f"# dayfirst = false  # {say('sources.starter_dayfirst')}", "", "[columns]"]
    needed = {*table.required, *(field for group in table.any_of for field in group)}
    for field in table.names:
        if field in table.made:
            continue
        what = label(f"col.{field}") if has_label(f"col.{field}") else ""
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
    import json

    return json.dumps(text, ensure_ascii=False)
