"""The apology slip (form 04 of Circular 01/2018/TT-VPCP), one Word file a dossier.

One file each, not one for all: every slip gets its own number, reason and new day from the
officer who answers for it, goes into its own dossier and may be sent alone; a file of all would be
a second copy of every name, and one wrong attachment away from the whole list. Slips say what is
true of their dossier: a result that is ready is not called missing. The day is left to be written
by hand, so equal runs make equal bytes.

The names are merged here and nowhere else. Slips lie in ``internal/apologies/<unit>/<period>/``,
readable to their owner alone, put there all at once or not at all; ``clean`` removes them. A slip
edited by hand is never written over.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement

from ..atomic import beside, is_reserved, left_over, remove, sha256
from ..briefs.folders import recover, swap
from ..briefs.layout import day_parts
from ..briefs.word import begin, centred, letterhead, plain_table, prose, save, text_line
from ..errors import BriefError, WorkspaceError
from ..words import label, number, say
from .apologies import reference_day

if TYPE_CHECKING:
    from ..office import Office
    from ..unit import Unit
    from ..view import PeriodView
    from .apologies import Apology
    from .raw_names import Names

__all__ = ["Written", "clean", "document_number", "file_name", "folder_of", "render", "write"]

MANIFEST = "slips.json"  # which slips are as we wrote them
_LONGEST = 80


@dataclass(frozen=True)
class Written:
    """Where the slips lie: ``files`` written, ``kept`` as people left them."""

    folder: Path
    files: tuple[Path, ...]
    kept: int


# -- one slip -----------------------------------------------------------------------------------


def render(unit: Unit, row: Apology, name: str | None, today: dt.date, made: dt.date) -> bytes:
    """The slip of a dossier. ``today`` is the day from which a new day must lie ahead, ``made``
    the day in the file's properties; a ``name`` of None leaves a line to write on.
    """
    file = begin(f"{label('word.apology_slip')} – {row.code}", unit.authority, made)
    words = {
        "number_pattern": document_number(unit, say("apologies.kind")),
        "country": say("briefs.country"),
        "motto": say("briefs.motto"),
        "place_day": say("apologies.place_day", place=unit.place),
    }
    letterhead(file, unit.authority, label("word.one_stop_unit"), words)
    centred(file, "", 13)
    centred(file, say("apologies.title"), 14, bold=True)
    centred(file, "", 6)
    centred(file, say("apologies.to", name=name or say("apologies.dots")), 13)
    centred(file, "", 4)
    for text in _body(unit, row, today):
        prose(file, text)
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    centred(file, "", 8)
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    line = plain_table(file, 1, 2, (80, 80)).rows[0]
    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for n, text in enumerate(unit.signature):
        text_line(line.cells[1], text, size=13, bold=True, first=n == 0)
    return save(file, made)


def document_number(unit: Unit, kind: str) -> str:
    """The line for the number of a document of another kind than the unit's reports."""
    _, _, after = unit.number_pattern.partition("/")
    of = after.partition("-")[2]
    return say("apologies.number", kind=kind, of=f"-{of}" if of else "")


def _body(unit: Unit, row: Apology, today: dt.date) -> list[str]:
    due = _day(row.due_at)
    if row.due_at.time() != dt.time():
        at = row.due_at
        due = say("apologies.moment", hour=f"{at:%H}", minute=f"{at:%M}", day=due)
    received = _day(row.received_at)
    body, closing = _told(unit, row, today)
    trouble = [] if _in_hand(row) else [say("apologies.trouble")]
    reason = (
        say("apologies.reason", reason=say(f"apologies.reason_{row.reason}"))
        if row.reason
        else say("apologies.reason_dots", dots=say("apologies.dots"))
    )
    return [
        say(
            "apologies.received", day_received=received[:1].upper() + received[1:],
            authority=unit.authority, procedure=row.procedure or say("apologies.dots"),
            code=row.code,
        ),
        say("apologies.due", due=due),
        body,
        reason,
        *trouble,
        closing,
        say("apologies.understanding"),
    ]  # fmt: skip


def _told(unit: Unit, row: Apology, today: dt.date) -> tuple[str, str]:
    """What became of the dossier, and what the office promises."""
    authority = unit.authority
    if row.finished_at is None:
        revised = row.due_at_revised
        ahead = revised is not None and revised.date() > today
        day = _day(revised) if revised and ahead else say("apologies.short_dots")
        return (
            say(f"apologies.{row.group}", authority=authority),
            say("apologies.sorry_new", authority=authority, day=day),
        )
    late = (
        say("apologies.late_days", n=number(row.late_days))
        if row.late_days
        else say("apologies.late_undated")
    )
    told = {"authority": authority, "finished": _day(row.finished_at), "late": late}
    sorry = say("apologies.sorry", authority=authority)
    if row.outcome != "resolved":
        return say("apologies.no_result", **told), sorry
    if row.returned_at is None:
        where = label("word.one_stop_unit")
        ready = say("apologies.sorry_ready", authority=authority, where=where)
        return say("apologies.late", **told), ready
    returned = _day(row.returned_at)
    if _in_hand(row):
        return say("apologies.recorded", **told, returned=returned), sorry
    handed = say("apologies.sorry_returned", authority=authority, returned=returned)
    return say("apologies.late", **told), handed


def _in_hand(row: Apology) -> bool:
    """Whether the person had the result by the due day, and the register alone was late."""
    return row.returned_at is not None and row.returned_at.date() <= row.due_at.date()


def _day(moment: dt.datetime) -> str:
    return say("apologies.day", **day_parts(moment.date()))


# -- all of them --------------------------------------------------------------------------------


def folder_of(office: Office, period: str) -> Path:
    return office.workspace / "internal" / "apologies" / office.unit.slug / period


def file_name(code: str) -> str:
    """A dossier's code as a file is named on any system; two codes never make one name.

    >>> file_name("000.17.31.H56-231221-0006"), file_name("12/HS:7")
    ('000.17.31.H56-231221-0006.docx', '12_HS_7-cb2884.docx')
    """
    plain = re.sub(r"[^0-9A-Za-z._-]|(?<=\.)\.", "_", code).strip(".")[:_LONGEST]
    if plain != code or is_reserved(plain):
        plain = f"{plain or '_'}-{hashlib.sha256(code.encode('utf-8')).hexdigest()[:6]}"
    return ("_" if is_reserved(plain) else "") + f"{plain}.docx"


def write(q: PeriodView, rows: Sequence[Apology], names: Names) -> Written:
    """Writes the slips of ``rows`` in the place of those written before.

    Raises :class:`BriefError` for a slip that cannot be made, :class:`WorkspaceError` where the
    folder cannot be written; then the slips from before are as they were.
    """
    folder = folder_of(q.office, q.period.label)
    recover(folder)
    ours = _untouched(folder)
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    others = there - {*ours, MANIFEST}
    if not rows and not others:
        clean(q.office, q.period.label)
        return Written(folder, (), 0)
    staging = beside(folder)
    made = {}
    try:
        _private_folder(staging, q.office.workspace)
        for row in rows:
            name = file_name(row.code)
            if name not in others:
                content = _render(q, row, names)
                _private_file(staging / name, content)
                made[name] = hashlib.sha256(content).hexdigest()
        text = json.dumps({"slips": made}, indent=1) + "\n"
        _private_file(staging / MANIFEST, text.encode("ascii"))
        swap(staging, folder, {*ours, MANIFEST})
    except OSError:
        raise WorkspaceError(
            say("apologies.slips_unwritable", folder="internal/apologies")
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        _sweep(folder)
    return Written(folder, tuple(folder / name for name in made), len(others))


def _render(q: PeriodView, row: Apology, names: Names) -> bytes:
    """A slip's bytes. Whatever goes wrong is told by the dossier's code and the kind of failure
    alone: another error's own words might hold the name.
    """
    try:
        return render(q.office.unit, row, names.of(row.code), reference_day(q), q.data_day)
    except Exception as error:
        kind = type(error).__name__
    raise BriefError(say("apologies.slip_failed", code=row.code, kind=kind))


def _untouched(folder: Path) -> set[str]:
    """The slips that are still as they were written."""
    try:
        known = json.loads((folder / MANIFEST).read_text(encoding="ascii"))["slips"]
        return {
            name
            for name, digest in known.items()
            if (folder / name).is_file() and sha256(folder / name) == digest
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _private_folder(folder: Path, workspace: Path) -> None:
    """Makes the folder and those above it up to the workspace for their owner alone."""
    if folder == workspace or folder.is_dir():
        return
    _private_folder(folder.parent, workspace)
    folder.mkdir(mode=0o700, exist_ok=True)


def _private_file(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)


def clean(office: Office, period: str) -> int:
    """Removes all that lies in the period's folder of slips, and says how many slips it were.

    Raises :class:`BriefError` where a file is in use.
    """
    folder = folder_of(office, period)
    slips = len(list(folder.rglob("*.docx")))
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
    except OSError:
        raise BriefError(say("apologies.slips_locked", folder=folder.name)) from None
    finally:
        _sweep(folder)
    for parent in (folder.parent, folder.parent.parent):
        with contextlib.suppress(OSError):  # not empty, or not there
            parent.rmdir()
    return slips


def _sweep(folder: Path) -> None:
    """Removes what a run that was cut off left beside the folder."""
    for path in left_over(folder):
        remove(path)
