"""What a run was made from and what it made: the record beside its documents.

It names each export and every other file read by its hash, how much of the ledger was known, the
parameters and the versions of what computed, and each file made by its hash: so that the run can be
made again and compared, and a document which somebody edited since is not overwritten.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..atomic import sha256
from ..errors import BriefError
from ..words import say
from .inputs import SHIPPED, files_of, ledger_of

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["EDITED", "UNREADABLE", "changed", "changed_files", "guard_edits", "record", "versions"]

EDITABLE = (".docx", ".xlsx")
BEHIND = ("ipython", "lxml", "pillow")  # what our own packages leave to others and shows in bytes


def record(
    q: PeriodView, parameters: Mapping[str, Any], outputs: Mapping[str, bytes]
) -> dict[str, Any]:
    """``made_at, parameters, data_day, inputs, withdrawn, files, ledger, versions, outputs`` of a
    run; ``outputs`` maps the names of the files made, relative to the record's folder, to their
    contents. ``withdrawn`` are registers of the period that were taken out, which a brief names.
    """
    inputs = [
        {
            "file": e.receipt.file, "sha256": e.receipt.sha256, "table": e.table, "export": e.id,
            "exported_at": e.exported_at.isoformat(sep=" "), "rows_in": e.receipt.rows_in,
            "accepted": e.receipt.accepted, "set_aside": e.receipt.set_aside,
            "duplicates": e.receipt.duplicates,
            "receipt_sha256": sha256(q.office.store.receipt(e.id)), "rows_sha256": sha256(e.path),
        }
        for e in q.inputs
    ]  # fmt: skip
    return {
        "made_at": dt.datetime.now().isoformat(timespec="seconds", sep=" "),
        "parameters": dict(parameters),
        "data_day": q.data_day.isoformat(),
        "inputs": inputs,
        "withdrawn": [
            {"file": e.receipt.file, "export": e.id, "reason": e.withdrawn}
            for e in q.restatements.withdrawn
        ],
        "files": files_of(q.office),
        "ledger": ledger_of(q),
        "versions": versions(),
        "outputs": {name: hashlib.sha256(made).hexdigest() for name, made in outputs.items()},
    }


def versions() -> dict[str, str]:
    """Of Python, of zlib, which packs the office files, and of every package a run stands on."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        needed = requires("cchc-analysis") or []
    except PackageNotFoundError:
        needed = []
    names = [re.split(r"[^\w.-]", need)[0].lower() for need in needed if "extra ==" not in need]
    found = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
    for package in sorted({"cchc-analysis", *names, *BEHIND}):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


PAPERS = "report.json"  # the record of the report and forms that lie beside a brief
MADE_FROM = ("inputs", "data_day", "withdrawn", "files", "parameters", "versions")
EDITED, UNREADABLE = "outputs", "record"


def changed(folder: Path, name: str, now: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of the record ``name`` in ``folder`` that are no longer what ``now`` says, with
    ``outputs`` where a file that it lists is not there as it was made; ``record`` where none can be
    read. Nothing for a run that is still of what there is.
    """
    try:
        before = json.loads((folder / name).read_text(encoding="utf-8"))
        found = [part for part in MADE_FROM if before[part] != now[part]]
        made = dict(before["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return (UNREADABLE,)
    try:
        whole = all(sha256(folder / file) == digest for file, digest in made.items())
    except OSError:
        whole = False
    return tuple(found) if whole else (*found, EDITED)


def changed_files(folder: Path, name: str, now: Mapping[str, str]) -> list[str]:
    """Which ``files`` of the record ``name`` are other ones, came or went, as :func:`.files_of`
    has them ``now``; none where no record can be read.
    """
    try:
        before = dict(json.loads((folder / name).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    other = (file for file in {*before, *now} if before.get(file) != now.get(file))
    return sorted({file.removeprefix(SHIPPED) for file in other})


def are_older(folder: Path, name: str) -> bool:
    """Whether the papers beside the brief of the record ``name`` rest on other exports than it."""
    try:
        inputs = [
            {row["export"]: row["rows_sha256"] for row in json.loads(text)["inputs"]}
            for text in ((folder / file).read_text("utf-8") for file in (PAPERS, name))
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return inputs[0] != inputs[1]


def guard_edits(folder: Path, name: str) -> None:
    """Raises :class:`BriefError` where a Word or Excel file of the record ``name`` is no longer as
    it was made.
    """
    try:
        outputs = json.loads((folder / name).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError):
        return
    for made, digest in outputs.items():
        path = folder / made
        if path.suffix in EDITABLE and path.exists() and sha256(path) != digest:
            raise BriefError(say("run.edited", file=made, folder=folder.name))
