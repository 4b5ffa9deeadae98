"""One table as a file to go on working with: CSV for Excel or a workbook, by the file's ending."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import io
from pathlib import Path
from typing import Any

from ..atomic import cannot_write
from ..errors import ParameterError
from ..words import date, datetime_, say

__all__ = ["write"]


def write(path: Path, sheet: dict[str, Any], meta: dict[str, Any]) -> Path:
    """Writes ``sheet``, as :func:`.xlsx.write` takes it, to ``path``: ``.csv`` (UTF-8 with its
    mark, days as in Vietnam) or ``.xlsx`` with a cover of ``meta``.

    Raises :class:`ParameterError` for another ending, :class:`WorkspaceError` without its folder.
    """
    if not path.parent.is_dir():
        raise cannot_write(path.parent, FileNotFoundError(errno.ENOENT, ""))
    if path.suffix.lower() == ".csv":
        path.write_bytes(_csv(sheet).encode("utf-8-sig"))
    elif path.suffix.lower() == ".xlsx":
        from .xlsx import write as write_book

        write_book(path, [sheet], {**meta, "title": sheet["title"]})
    else:
        raise ParameterError(say("watch.ending"))
    return path


def _csv(sheet: dict[str, Any]) -> str:
    from .annex import safe

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column["label"] for column in sheet["columns"]])
    for row in sheet["rows"]:
        writer.writerow([safe(_plain(value)) for value in row])
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return datetime_(value)
    return date(value) if isinstance(value, dt.date) else value
