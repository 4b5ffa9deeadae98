"""Causes that somebody recorded: who, when, for which dossier.

People know what no register holds. A cause entered by hand outranks the one the data suggest, and
both are kept. The file ``data/causes/<unit>.csv`` is only ever added to; the last line of a
dossier counts. It holds dossier codes and the name of who wrote it, so it stays in the workspace.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..atomic import locked, put
from ..errors import DataError, ParameterError
from ..planfile import near
from ..words import fold, label, say
from .attribution import CAUSES

if TYPE_CHECKING:
    from ..office import Office

__all__ = ["COLUMNS", "load", "named", "path", "record"]

COLUMNS = ("code", "cause", "by", "at", "note")


def path(workspace: Path, unit: str) -> Path:
    return workspace / "data" / "causes" / f"{unit}.csv"


def record(office: Office, code: str, cause: str, *, by: str, note: str = "") -> Path:
    """Adds a line and returns the file.

    ``cause`` is an id or a label. Raises :class:`ParameterError` for one that is none or an empty
    ``by``, and :class:`DataError` for a code that the store does not know.
    """
    from ..engine import current_dossiers

    cause = named(office, cause)
    if not by.strip():
        raise ParameterError(say("causes.no_name"))
    known = current_dossiers(office.store, office.unit, office.engine).select("code")
    if code not in set(known.collect("pandas").to_native()["code"]):
        raise DataError(say("causes.no_dossier", unit=office.unit.name))
    file = path(office.workspace, office.unit.slug)
    now = dt.datetime.now().isoformat(timespec="seconds", sep=" ")
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([code, cause, by.strip(), now, note])
    with locked(file.with_name(f".{file.name}.lock")):
        held = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        held = held or ",".join(COLUMNS) + "\n"
        held += "" if held.endswith("\n") else "\n"
        put(file, (held + line.getvalue()).encode("utf-8"))
    return file


def named(office: Office, given: str) -> str:
    """The id of a cause that is called by it or by its label. Raises :class:`ParameterError` that
    names the nearest, or lists all.
    """
    labels = {id: label(f"cause.{id}") for id in office.causes}
    called = {fold(name): id for id, text in labels.items() for name in (id, text)}
    if (id := called.get(fold(given))) is not None:
        return id
    shown = {id: say("causes.choice", id=id, label=text) for id, text in labels.items()}
    close = near(given, called)
    if close is not None:
        said = say("causes.near", given=given[:40], hint=shown[called[close]])
        raise ParameterError(said)
    raise ParameterError(say("causes.not_a_cause", given=given[:40]), listed=list(shown.values()))


def load(
    workspace: Path,
    unit: str,
    as_of: dt.date | None = None,
    causes: Collection[str] = CAUSES,
) -> dict[str, dict[str, Any]]:
    """The last cause recorded for each dossier by the end of ``as_of``: ``cause, by, at, note``.

    Raises :class:`DataError` that names the line and column of what cannot be read.
    """
    file = path(workspace, unit)
    if not file.exists():
        return {}
    found: dict[str, dict[str, Any]] = {}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DataError(say("causes.unreadable", file=file.name)) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    place = 1
    try:
        for column in COLUMNS:
            if column not in (rows.fieldnames or ()):
                raise DataError(say("causes.damaged", file=file.name, row=1, column=column))
        for place, row in enumerate(rows, start=2):
            if row["cause"] not in causes:
                raise DataError(say("causes.damaged", file=file.name, row=place, column="cause"))
            try:
                at = dt.datetime.fromisoformat(row["at"])
            except (TypeError, ValueError):
                said = say("causes.damaged", file=file.name, row=place, column="at")
                raise DataError(said) from None
            if as_of is None or at.date() <= as_of:
                found[row["code"]] = {
                    "cause": row["cause"], "by": row["by"], "at": at, "note": row["note"],
                }  # fmt: skip
    except csv.Error:  # a carriage return within a line
        said = say("causes.damaged", file=file.name, row=place, column="code")
        raise DataError(said) from None
    return found
