"""Taking in the files an office drops into its inbox.

Each file is read, checked and stored on its own: one that cannot be read does not stop the
others, it is named with what to do, and the exit code tells. What was withdrawn stays out however
often the inbox is looked through, until somebody names the file. A mapping written by ``cchc map``
beside a file (``<file's name>.mapping.toml``) is used without being named, and so is a layout in
``extensions`` whose headers the file has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import gaps, office
from ..atomic import put, sha256
from ..errors import CchcError, FileError, MappingError, ParameterError, PlanError
from ..privacy import Masker
from ..store import Export, Store, data_folder, taken_out
from ..words import date, datetime_, label, listing, number, say
from . import refused, unended

if TYPE_CHECKING:
    from ..questionnaire import Questionnaire
    from ..sources import Intake, Mapping
    from ..sources.receipt import SetAside

__all__ = [
    "Taken", "doubts_of", "export_lines", "files_in", "fingerprint", "folder_of", "found",
    "ingest", "lacking_columns", "listed", "summary", "withdrawn_text", "write_mapping",
]  # fmt: skip

MOST_ROWS = 20  # that a sentence lists
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".zip")


@dataclass(frozen=True)
class Taken:
    """What became of one file: ``new``, ``known`` (already in the store), ``withdrawn`` (taken out
    of it by somebody, so left alone) or ``failed``.
    """

    file: str
    outcome: str
    export: Export | None = None
    error: CchcError | None = None
    key: str = ""  # see :mod:`.refused`
    hints: tuple[str, ...] = ()  # what the store knows to say of it beside its receipt

    def as_dict(self) -> dict[str, Any]:
        row: dict[str, Any] = {"file": self.file, "outcome": self.outcome}
        if self.export is not None:
            row |= _listed_row(self.export)
            row["notes"] = [*self.export.receipt.notes, *self.hints]
            row["rows_set_aside"] = [
                {"sheet": r.sheet, "row": r.row, "column": r.column, "rule": r.rule,
                 "remedy": r.remedy}
                for r in self.export.set_aside
            ]  # fmt: skip
        if self.error is not None:
            row["error"] = str(self.error)
            row["exit_code"] = self.error.exit_code
        return row

    def lines(self) -> list[str]:
        """The report of one file for the terminal."""
        if self.error is not None:
            return [say("inbox.failed", file=self.file, message=self.error)]
        assert self.export is not None
        receipt = self.export.receipt
        if self.outcome == "known":
            said = [say("inbox.known", file=self.file, id=self.export.id)]
            return said + [say("inbox.note", text=text) for text in self.hints]
        if self.outcome == "withdrawn":
            return [say("inbox.left_out", file=self.file, when=withdrawn_text(self.export))]
        said = [
            say(
                "inbox.new", file=self.file, table=label(f"table.{self.export.table}"),
                rows=number(receipt.rows_in), accepted=number(receipt.accepted),
                set_aside=number(receipt.set_aside), duplicates=number(receipt.duplicates),
            )
        ]  # fmt: skip
        said += _set_aside(self.export.set_aside)
        return said + [say("inbox.note", text=text) for text in (*receipt.notes, *self.hints)]


def _set_aside(rows: Sequence[SetAside]) -> list[str]:
    """A line for all rows that want the same in the same column, with the first of them."""
    several = len({row.sheet for row in rows}) > 1
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        place = f"{row.row} (“{row.sheet}”)" if several else str(row.row)
        alike.setdefault((row.column, row.remedy), []).append(place)
    said = []
    for (column, remedy), places in alike.items():
        listed = listing(places, MOST_ROWS)
        said.append(say("inbox.set_aside", rows=listed, column=column, remedy=remedy))
    return said


def ingest(
    workspace: Path,
    files: Sequence[Path] = (),
    *,
    unit: str | None = None,
    mapping: Path | None = None,
    exported_at: str = "",
) -> list[Taken]:
    """Takes in ``files``, or everything new in the inbox but what was withdrawn, and says what
    became of each.

    Raises only for what concerns all files: the workspace, the unit, its questionnaire, the
    mapping, a wrong ``exported_at``; a failure of one file is in its row.
    """
    from ..questionnaire import load
    from ..sources import Mapping

    the_office = office.open(workspace, unit)
    moment = _moment(exported_at)
    given = Mapping.load(mapping) if mapping is not None else None
    paths = [_meant(the_office.workspace, file) for file in files]
    paths = paths or files_in(folder_of(the_office.workspace, the_office.unit.slug))
    asked = load(the_office.workspace, the_office.unit.slug)
    _ = the_office.layouts  # a mistake in them concerns all files
    any_unit, named = unit is not None, bool(files)
    done: list[Taken] = []
    for wait in (len(paths) > 1, False):  # lists without ends after all registers
        done = [
            _take(the_office, path, given, moment, asked, any_unit=any_unit, named=named, wait=wait)
            if not done or done[n].outcome == "waits"
            else done[n]
            for n, path in enumerate(paths)
        ]
    reasons = {row.key: str(row.error or "") for row in done if row.key}
    refused.remember(the_office.store, reasons, whole=not files)
    return done


def _take(
    the_office: office.Office,
    path: Path,
    mapping: Mapping | None,
    moment: dt.datetime | None,
    asked: Questionnaire | None,
    *,
    any_unit: bool,
    named: bool,
    wait: bool = False,
) -> Taken:
    """Takes in one file, if it need not ``wait`` until the others are in."""
    from ..sources import Mapping, read

    key = ""
    try:
        content = fingerprint(path)
        key = refused.key(path, content)
        known = the_office.store.find(content)
        if known is not None:
            return Taken(path.name, "known", known, hints=_remapped(path, mapping, known))
        gone = taken_out(the_office.store.exports(withdrawn=True), content)
        if gone is not None and not named:
            return Taken(path.name, "withdrawn", gone)
        if mapping is None:
            mapping = Mapping.beside(path)
        taken = read(
            path,
            unit=the_office.unit,
            calendar=the_office.calendar(),
            mapping=mapping,
            layouts=the_office.layouts,
            exported_at=moment,
            any_unit=any_unit,
            questionnaire=asked,
            masker=Masker.of(the_office.workspace),
        )
        if taken.receipt.sha256 != content:
            raise FileError(say("sources.changing", file=path.name))
        if wait and unended.tells_no_end(taken):
            return Taken(path.name, "waits")
        _refuse_restarted(the_office.store, taken)
        unended.refuse(the_office.store, taken)
        taken = _with_zeros_told(taken, the_office.store)
        added = the_office.store.add(taken)
        hints = (
            *_titled(the_office, added),
            *lacking_columns(added, the_office.store.exports(withdrawn=True)),
            *doubts_of(the_office.workspace, taken),
            *_not_newer(added, the_office.store),
            *unended.over(the_office.store, taken, added),
        )
        return Taken(path.name, "new", added, key=key, hints=hints)
    except CchcError as error:
        return Taken(path.name, "failed", error=error, key=key)


def _refuse_restarted(store: Store, taken: Intake) -> None:
    """Raises :class:`FileError` where the codes of a register are those of other dossiers, or of
    other feedback.
    """
    from ..sources import restarts
    from ..sources.tables import message

    if taken.table not in restarts.TABLES:
        return
    every = store.exports(taken.table, withdrawn=True)
    others = [e for e in every if e.withdrawn is None and not e.damage]
    short = restarts.TABLES[taken.table]
    again = restarts.across(taken.frame, [e.path for e in others], short=short)
    if again:
        names = ", ".join(dict.fromkeys(e.receipt.file for e in others[:MOST_ROWS]))
        file = taken.receipt.file
        key = message("codes_restart_across", taken.table)
        raise FileError(say(key, file=file, count=len(again), other=names))


def _with_zeros_told(taken: Intake, store: Store) -> Intake:
    """The same with a note in its receipt on codes of figures that other exports have with other
    zeros in front: Excel loses them, and a dossier then counts twice.
    """
    if taken.table != "dossiers":
        return taken
    codes = taken.frame["code"]
    figures = codes[codes.str.fullmatch("[0-9]+")]
    if figures.empty:
        return taken
    known: dict[str, dict[str, str]] = {}  # by the code without zeros in front: as it is, and where
    for export in store.exports(withdrawn=True):
        if export.table == taken.table and export.withdrawn is None and not export.damage:
            for code in gaps.codes(export):
                known.setdefault(code.lstrip("0"), {}).setdefault(code, export.receipt.file)
    rows, files = [], dict[str, None]()
    for row, code in zip(taken.frame["row"][figures.index], figures, strict=True):
        others = [file for c, file in known.get(code.lstrip("0"), {}).items() if c != code]
        if others:
            rows.append(str(row))
            files.update(dict.fromkeys(others))
    if not rows:
        return taken
    note = say(
        "inbox.zeros_lost",
        count=len(rows), files=", ".join(files), rows=", ".join(rows[:MOST_ROWS]),
    )  # fmt: skip
    receipt = replace(taken.receipt, notes=[*taken.receipt.notes, note])
    return replace(taken, receipt=receipt)


def _titled(the_office: office.Office, export: Export) -> tuple[str, ...]:
    """That a file was taken in though its title names another unit."""
    other = export.receipt.titled
    told = {"other": other, "unit": the_office.unit.name}
    return (say("inbox.titled", **told),) if other else ()


def _remapped(path: Path, mapping: Mapping | None, known: Export) -> tuple[str, ...]:
    """That a file in the store was read by another mapping than it would be now, and what to do."""
    from ..sources import Mapping

    mapping = mapping or Mapping.beside(path)
    if mapping is None or known.receipt.mapping in (None, mapping.fingerprint):
        return ()
    return (say("inbox.remapped", mapping=mapping.file, id=known.id, file=path),)


def lacking_columns(export: Export, others: Sequence[Export]) -> tuple[str, ...]:
    """That a register lacks columns which others of the same days have, in a sentence, if so."""
    live = [e for e in others if e.withdrawn is None and not e.damage]
    lost = gaps.lacking(export, live)
    return (say("inbox.lacking_columns", columns=", ".join(lost.values())),) if lost else ()


def _not_newer(export: Export, store: Store) -> tuple[str, ...]:
    """That a register which does not say when it was made gives way to one of the same days."""
    span = export.receipt.window_from, export.receipt.window_to
    if export.table != "dossiers" or export.receipt.exported_at_source != "data":
        return ()
    for other in store.exports("dossiers", withdrawn=True):
        theirs = other.receipt.window_from, other.receipt.window_to
        live = other.withdrawn is None and not other.damage and other.id != export.id
        if not live or other.exported_at < export.exported_at or None in (*span, *theirs):
            continue
        if theirs[0] <= span[1] and span[0] <= theirs[1]:  # type: ignore[operator]
            moment = datetime_(export.exported_at)
            told = {"moment": moment, "other": other.receipt.file, "id": export.id}
            return (say("inbox.not_newer", **told),)
    return ()


def doubts_of(workspace: Path, taken: Intake) -> tuple[str, ...]:
    """What was taken in and will stand in no figure: activities of a kind that nobody knows."""
    from ..indicators import activity_kinds

    if taken.table != "activities":
        return ()
    try:
        kinds = activity_kinds.load(workspace)
    except PlanError:  # told where it is read, by check and by the figures
        return ()
    rows = taken.frame.loc[[kinds.find(kind) is None for kind in taken.frame["kind"]], "row"]
    if rows.empty:
        return ()
    listed = ", ".join(str(row) for row in rows[:MOST_ROWS])
    return (say("inbox.unknown_kind", count=len(rows), rows=listed),)


def folder_of(workspace: Path, unit: str) -> Path:
    """Where the unit's files are dropped: ``data/inbox/<unit>`` where there is one, else
    ``data/inbox``. Raises :class:`FileError` where there is neither.
    """
    folder = data_folder(workspace) / "inbox"
    own = folder / unit
    if own.is_dir():
        return own
    if not folder.is_dir():
        raise FileError(say("inbox.no_folder", folder="data/inbox"))
    return folder


def files_in(folder: Path) -> list[Path]:
    """The files to take in, by name; not those that a program keeps while it works."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))
    ]


def summary(done: Sequence[Taken]) -> str:
    """One line over all files."""
    outcomes = ("new", "known", "failed", "withdrawn")
    count = {o: sum(1 for row in done if row.outcome == o) for o in outcomes}
    if not done:
        return say("inbox.empty")
    key = "inbox.summary_withdrawn" if count["withdrawn"] else "inbox.summary"
    said = say(key, **{outcome: number(n) for outcome, n in count.items()})
    return f"{said} {say('inbox.known_before')}" if count["known"] else said


def withdrawn_text(export: Export) -> str:
    """That an export was withdrawn, and when, where the store knows it."""
    if export.withdrawn_on is None:
        return say("inbox.withdrawn")
    return say("inbox.withdrawn_on", day=date(export.withdrawn_on))


def _meant(workspace: Path, file: Path) -> Path:
    """As :func:`found`; a file that is nowhere is told with the others."""
    try:
        return found(workspace, file)
    except FileError:
        return file


def found(workspace: Path, file: Path) -> Path:
    """``file`` as it is given, or as messages name it: by its name alone, in the inbox. Raises
    :class:`FileError` where there is neither, or the inboxes of two units have one.
    """
    if file.exists():
        return file
    folder = Path(workspace) / "data" / "inbox"
    places = (folder, *(p for p in sorted(folder.glob("*")) if p.is_dir()))
    named = [place / file for place in places if (place / file).is_file()]
    if len(named) != 1:
        raise FileError(say("inbox.not_found", file=file))
    return named[0]


def write_mapping(file: Path, output: Path | None = None, *, force: bool = False) -> str:
    """Writes a starter mapping for ``file`` and says where it lies."""
    from ..sources import starter_mapping
    from ..sources.mapping import SUFFIX
    from . import schemas

    target = output or file.with_name(file.stem + SUFFIX)
    text = starter_mapping(file)
    if target.exists() and not force:
        raise MappingError(say("inbox.mapping_exists", file=target.name))
    lines = [*schemas.heading("mapping", target), text]
    put(target, "\n".join(lines).encode("utf-8"))
    return say("inbox.mapping_written", file=target)


def listed(store: Store) -> list[dict[str, Any]]:
    """Every export of the store, the withdrawn ones too, as plain rows."""
    return [_listed_row(export) for export in store.exports(withdrawn=True)]


def _listed_row(export: Export) -> dict[str, Any]:
    receipt = export.receipt
    return {
        "export": export.id, "table": export.table, "file": receipt.file,
        "exported_at": receipt.exported_at.isoformat(sep=" "),
        "window_from": receipt.window_from.isoformat() if receipt.window_from else None,
        "window_to": receipt.window_to.isoformat() if receipt.window_to else None,
        "window_stated": receipt.window_stated,
        "rows_in": receipt.rows_in, "accepted": receipt.accepted,
        "set_aside": receipt.set_aside, "duplicates": receipt.duplicates,
        "withdrawn": export.withdrawn, "damage": export.damage or None,
    }  # fmt: skip


def export_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The same for the terminal."""
    if not rows:
        return [say("inbox.store_empty")]
    said = []
    for row in rows:
        if row["damage"] and row["withdrawn"] is None:
            said.append(say("inbox.damaged_export", id=row["export"], message=row["damage"]))
            continue
        if not row["table"]:  # withdrawn, and its receipt cannot be read
            said.append(f"{row['export']} {say('inbox.was_withdrawn', reason=row['withdrawn'])}")
            continue
        span = ""
        if row["window_from"] and row["window_to"]:
            days = [date(dt.date.fromisoformat(row[f"window_{end}"])) for end in ("from", "to")]
            span = say("inbox.span", start=days[0], end=days[1])
        line = say(
            "inbox.export", id=row["export"], table=label(f"table.{row['table']}"),
            file=row["file"], moment=datetime_(dt.datetime.fromisoformat(row["exported_at"])),
            accepted=number(row["accepted"]), span=span,
        )  # fmt: skip
        if row["withdrawn"] is not None:
            line += " " + say("inbox.was_withdrawn", reason=row["withdrawn"])
        said.append(line)
    return said


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ParameterError(say("inbox.bad_moment", text=text[:40])) from None
    if len(text) == 10:  # a day without a time: known by its end
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment.replace(tzinfo=None)


def fingerprint(path: Path) -> str:
    """The hash of a file's content. Raises :class:`FileError` for what cannot be read."""
    try:
        if path.exists() and not path.is_dir() and not path.is_file():
            raise FileError(say("sources.not_a_file", file=path.name))
        return sha256(path)
    except FileNotFoundError:
        raise FileError(say("inbox.missing", file=path.name)) from None
    except IsADirectoryError:
        raise FileError(say("inbox.directory", file=path.name)) from None
    except PermissionError:
        key = "inbox.directory" if path.is_dir() else "inbox.locked"
        raise FileError(say(key, file=path.name)) from None
    except OSError:
        raise FileError(say("inbox.locked", file=path.name)) from None
