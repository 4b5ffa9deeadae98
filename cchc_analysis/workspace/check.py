"""All that is wrong with a unit's files, told at once, before anything is made of them.

Every command refuses a file that is wrong, but each stops at the first one it needs. :func:`check`
reads what the unit's briefs rest on, file by file and each to its end: the plans of every year,
the questionnaire, the workspace's own tables, extensions, notebooks, narratives, mappings and every
file of the inbox. It reads through the very readers of the other commands and changes nothing.

A finding is an *error*, which some command will refuse or which leaves a target without its figure,
or a *warning*: what will be read but may not be what was meant, as a row to set aside, or days
that no register covers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import extend, office
from .. import plan as plans
from ..causes import by_hand
from ..causes.attribution import CAUSES
from ..engine import collect, engine
from ..errors import CchcError, LeakError, PlanError
from ..extend import Extensions
from ..planfile import hint, together
from ..sources import Mapping, read
from ..sources.mapping import of as mapping_of
from ..stages import Stages
from ..store import Export, Store, windows
from ..unit import Unit, unit_file
from ..words import date, has_label, label, labelled, number, say
from . import inbox, own_tables

if TYPE_CHECKING:
    from ..questionnaire import Questionnaire
    from ..sources import Intake

__all__ = ["Finding", "check", "lines", "summary"]

PLANS, REFERENCE, NARRATIVE = "data/plans", "data/reference", "data/narrative"


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to know. ``file`` is relative to the workspace; ``exit_code`` is that
    of the command that would refuse, 0 for a warning.
    """

    file: str
    message: str
    row: int | None = None
    column: str = ""
    exit_code: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"level": "error" if self.exit_code else "warning"} | asdict(self)


def check(workspace: Path, unit: str | None = None) -> list[Finding]:
    """What is wrong with the files of ``unit`` (the workspace's only one if not given), each once,
    in the order of reading. Raises :class:`WorkspaceError`, :class:`UnitError` where there is
    nothing to check.
    """
    return list(dict.fromkeys(_Check(Path(workspace), office.only_unit(workspace, unit), unit)))


class _Check:
    """The files of one unit, read one after the other."""

    def __init__(self, workspace: Path, slug: str, asked: str | None) -> None:
        self.workspace, self.slug, self.asked = workspace, slug, asked
        self.unit = Unit(slug, slug, slug, "", slug, "", ())  # until its file is read
        self.unsure = False  # whether that file is wrong, and so perhaps its names
        self.questionnaire: Questionnaire | None = None
        self.own = Extensions()
        self.layouts: list[Mapping] = []
        self.steps: Counter[str] = Counter()
        self.unknown_steps = ""

    def __iter__(self) -> Iterator[Finding]:
        clean = True
        for finding in self._read():
            clean = clean and not finding.exit_code
            yield finding
        if clean:
            yield from self._own_figures()

    def _read(self) -> Iterator[Finding]:
        yield from self._unit()
        yield from self._extensions()
        yield from self._notebooks()
        for year in plans.years(self.workspace, self.slug):
            yield from self._year(year)
        yield from self._own_tables()
        yield from self._narratives()
        causes = by_hand.path(self.workspace, self.slug)
        known = (*CAUSES, *(cause.id for cause in self.own.causes))
        read = partial(by_hand.load, self.workspace, self.slug, causes=known)
        yield from self._tried(self._name(causes), read)
        yield from self._inbox()

    def _tried(self, file: str, read: Callable[[], object]) -> Iterator[Finding]:
        """What ``read`` refuses in ``file``, or in a file beside it that it names itself."""
        try:
            read()
        except CchcError as error:
            for each in error.errors:
                yield _refused(file, each)

    # -- the plans --------------------------------------------------------------------------

    def _unit(self) -> Iterator[Finding]:
        """The unit's own file; what can be read of it serves to read the others."""
        found: list[CchcError] = []
        with together(found):
            self.unit = plans.load_unit(self.workspace, self.slug)
        self.unsure = bool(found)
        file = unit_file(self.slug)
        yield from (_refused(file, error) for error in found)
        if not found:
            yield from _empty(file, parent=self.unit.parent)
        yield from self._tried(file, self._calendar)
        yield from self._tried(f"{PLANS}/{self.slug}/questionnaire.csv", self._ask)

    def _calendar(self) -> Any:
        from ..workdays import Calendar

        return Calendar.of(self.unit.calendar, workspace=self.workspace)

    def _ask(self) -> None:
        from ..questionnaire import load

        self.questionnaire = load(self.workspace, self.slug)

    def _year(self, year: int) -> Iterator[Finding]:
        from ..indicators import self_scoring

        folder = f"{PLANS}/{self.slug}/{year}"
        found: list[CchcError] = []
        read: list[plans.Plan] = []
        with together(found):
            read.append(plans.load_year(self.workspace, self.unit, year))
        yield from (_refused(f"{folder}/plan.toml", error) for error in found)
        for plan in read:
            yield from self._doubts(plan, folder)
        given = partial(self_scoring.given_by_hand, self.workspace, self.slug, year)
        yield from self._tried(folder, given)
        outside = partial(self_scoring.given_outside, self.workspace, self.slug)
        yield from self._tried(folder, outside)  # of every year: the same is said once

    def _doubts(self, plan: plans.Plan, folder: str) -> Iterator[Finding]:
        """What a plan says that nothing can be measured by."""
        from ..cadences import due_days
        from ..indicators import activity_kinds
        from ..indicators.activities import describe

        if not plan.targets:
            yield Finding(f"{folder}/targets.csv", say("check.no_targets", year=plan.year))
        codes = {f"digital.{indicator.code}" for indicator in plan.indicators}
        codes |= {indicator.id for indicator in self.own.indicators}
        with together([]):  # the file of kinds is read, and what is wrong in it told, on its own
            codes |= set(describe(activity_kinds.load(self.workspace)))
        for target in plan.targets:
            id = target.indicator
            if id and id not in codes and not has_label(id):
                close = hint(id, [*codes, *labelled("")])
                said = say("check.no_figure", id=target.id, figure=id, hint=close)
                code = PlanError.exit_code
                yield Finding(f"{folder}/targets.csv", said, column="indicator", exit_code=code)
        for file, names in (
            ("targets", [target.id for target in plan.targets if not target.verified]),
            ("indicators", [each.code for each in plan.indicators if not each.verified]),
        ):
            if names:
                said = say(f"check.unverified_{file}", names=", ".join(names))
                yield Finding(f"{folder}/{file}.csv", said, column="verified")
        yield from _empty(f"{folder}/plan.toml", number=plan.number, issued=plan.issued)
        named = re.findall(r"\b(?:19|20)\d\d\b", plan.title)
        if named and str(plan.year) not in named:
            said = say("check.other_year", year=plan.year, named=", ".join(named))
            yield Finding(f"{folder}/plan.toml", said, column="title")
        for task in plan.tasks:
            if due_days(task.cadence, task.due, plan.year or 0) is None:
                said = say("check.no_due_day", task=task.task)
                yield Finding(f"{folder}/tasks.csv", said, column="due")

    # -- what the office adds of its own ----------------------------------------------------

    def _extensions(self) -> Iterator[Finding]:
        """The programs, which are run as far as they declare something, and the layouts."""
        found: list[CchcError] = []
        with together(found):
            self.own = extend.load(self.workspace, (*CAUSES, "withheld"))
        yield from (_refused(error.file, error) for error in found)
        for path in extend.files(self.workspace):
            if path.name.endswith(extend.LAYOUT):
                yield from self._tried(self._name(path), partial(self._layout, path))

    def _own_figures(self) -> Iterator[Finding]:
        """What the programs make of the newest period; nothing where there is none yet."""
        from ..indicators.own import values

        if not (self.own.indicators or self.own.causes):
            return
        if not Store(self.workspace, self.slug).exports("dossiers"):
            return
        try:
            q = office.open(self.workspace, self.slug).latest(audience="internal")
            _ = values(q), q.late, q.open_overdue
        except CchcError as error:
            yield _refused(error.file or extend.FOLDER, error)

    def _layout(self, path: Path) -> None:
        self.layouts.append(Mapping.load(path))

    def _notebooks(self) -> Iterator[Finding]:
        """Those that a brief runs, as far as they lie in the workspace; none is run."""
        from ..briefs.notebook import ready
        from ..briefs.run import PARAMETERS, notebooks_of

        for name in notebooks_of(self.workspace):
            path = self.workspace / "notebooks" / f"{name}.ipynb"
            if path.is_file():
                run = partial(ready, path, dict.fromkeys(PARAMETERS, ""))
                yield from self._tried(self._name(path), run)

    # -- what stands beside them ------------------------------------------------------------

    def _own_tables(self) -> Iterator[Finding]:
        folder = self.workspace / REFERENCE
        known = own_tables.known()
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".toml", ".csv")):
            name = path.relative_to(folder).as_posix()
            try:
                read = partial(own_tables.read, name, self.workspace, self.unit)
                yield from self._tried(f"{REFERENCE}/{name}", read)
            except KeyError:
                said = say("check.no_reader", hint=hint(name, known))
                yield Finding(f"{REFERENCE}/{name}", said)

    def _narratives(self) -> Iterator[Finding]:
        folder = self.workspace / NARRATIVE
        alone = plans.units(self.workspace) == [self.slug]
        folders = [folder / self.slug, *([folder] if alone else [])]
        for path in (path for each in folders for path in sorted(each.glob("*.toml"))):
            yield from self._narrative(path, self._name(path))

    def _narrative(self, path: Path, shown: str) -> Iterator[Finding]:
        """Names of people are looked for when a report is made: the register is read then."""
        from ..leaks import Watch, machine
        from ..papers import narrative

        read: list[narrative.Narrative] = []
        yield from self._tried(shown, lambda: read.append(narrative.read(path, shown)))
        watch = Watch(paths=machine(self.workspace))
        for leak in (leak for each in read for leak in each.leaks(watch)):
            said = say("check.leak", key=leak.key, kind=say(f"privacy.{leak.kind}"))
            yield Finding(shown, said, column=leak.key, exit_code=LeakError.exit_code)

    # -- the inbox --------------------------------------------------------------------------

    def _inbox(self) -> Iterator[Finding]:
        exports: list[Export] = []
        store = Store(self.workspace, self.slug)
        yield from self._tried("data/store", lambda: exports.extend(store.exports()))
        folders: list[Path] = []
        find = partial(inbox.folder_of, self.workspace, self.slug)
        yield from self._tried("data/inbox", lambda: folders.append(find()))
        for folder in folders:
            yield from self._files(folder, exports)
        yield from self._gaps(exports)
        yield from self._tried(f"{REFERENCE}/stages.toml", partial(self._count_steps, exports))
        if self.unknown_steps:
            yield Finding(unit_file(self.slug), self.unknown_steps, column="stages")

    def _count_steps(self, exports: Sequence[Export]) -> None:
        """Adds the steps of the store to those of the inbox, and asks what they are."""
        import narwhals as nw

        paths = [export.path for export in exports if export.table == "steps" and export.id]
        if paths:
            stored = engine().scan(paths).group_by("stage").agg(rows=nw.len())
            for row in collect(stored.to_native()).dropna().to_dict("records"):
                self.steps[row["stage"]] += row["rows"]
        stages = Stages.of(self.unit, self.workspace)
        self.unknown_steps = stages.unknown(self.steps, unit_file(self.slug))

    def _files(self, folder: Path, exports: list[Export]) -> Iterator[Finding]:
        """The files of the inbox; what they would bring is added to ``exports``."""
        if folder.name == self.slug:
            for path in inbox.files_in(folder.parent):
                yield Finding(self._name(path), say("check.not_in_own", unit=self.slug))
        files, bad = inbox.files_in(folder), set[Path]()
        mapped = {mapping_of(path) for path in files}
        for path in sorted(p for p in folder.iterdir() if p.is_file() and p not in files):
            name = self._name(path)
            if not path.name.endswith(extend.LAYOUT):
                if not path.name.startswith(("~$", ".")):
                    yield Finding(name, say("check.not_read"))
                continue
            refused = list(self._tried(name, partial(Mapping.load, path)))
            yield from refused
            bad |= {path} if refused else set()
            if path not in mapped:
                yield Finding(name, say("check.mapping_alone"))
        for path in files:
            if mapping_of(path) in bad:
                continue  # it can be read as it is meant when its mapping can
            taken: list[Intake] = []
            yield from self._tried(self._name(path), partial(self._take, path, taken))
            for intake in taken:
                yield from self._to_know(path, intake)
                if intake.table == "steps":
                    self.steps.update(intake.frame["stage"].dropna())
                exports.append(Export("", intake.table, path, intake.receipt))
                lost = inbox.lacking_columns(exports[-1], exports)
                yield from (Finding(self._name(path), text) for text in lost)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.workspace).as_posix()

    def _take(self, path: Path, taken: list[Intake]) -> None:
        """Reads a file that the store does not have, without the key for people's dossiers."""
        from ..workdays import Calendar

        if Store(self.workspace, self.slug).find(inbox.fingerprint(path)) is not None:
            return
        try:
            calendar = self._calendar()
        except CchcError:  # told already
            calendar = Calendar.of("weekdays")
        beside = mapping_of(path)
        taken.append(
            read(
                path,
                unit=self.unit,
                calendar=calendar,
                mapping=Mapping.load(beside) if beside else None,
                layouts=self.layouts,
                any_unit=self.asked is not None or self.unsure,
                questionnaire=self.questionnaire,
            )
        )

    def _to_know(self, path: Path, intake: Intake) -> Iterator[Finding]:
        receipt, file = intake.receipt, self._name(path)
        yield Finding(
            file,
            say(
                "check.not_ingested", table=label(f"table.{intake.table}"),
                rows=number(receipt.rows_in), accepted=number(receipt.accepted),
                set_aside=number(receipt.set_aside), duplicates=number(receipt.duplicates),
            ),
        )  # fmt: skip
        for row in intake.set_aside:
            key = "set_aside_in" if row.sheet else "set_aside"
            said = say(f"check.{key}", sheet=row.sheet, row=row.row, column=row.column)
            yield Finding(file, f"{said} {row.remedy}", row.row, row.column)
        notes = (*receipt.notes, *inbox.doubts_of(self.workspace, intake))
        yield from (Finding(file, text) for text in notes)

    def _gaps(self, exports: Sequence[Export]) -> Iterator[Finding]:
        """Days between registers that none covers, and years that no plan covers."""
        spans = windows(export for export in exports if export.table == "dossiers")
        day = dt.timedelta(days=1)
        for (_, end), (start, _) in pairwise(spans):
            days = {"start": date(end + day), "end": date(start - day)}
            yield Finding("data/inbox", say("check.gap", **days))
        held = {year for start, end in spans for year in range(start.year, end.year + 1)}
        for year in sorted(held - set(plans.years(self.workspace, self.slug))):
            yield Finding(f"{PLANS}/{self.slug}", say("check.no_plan", year=year))
        yield from self._outside(sorted(held))

    def _outside(self, years: Sequence[int]) -> Iterator[Finding]:
        """Years of registers that the calendar does not cover."""
        try:
            calendar = self._calendar()
        except CchcError:  # told already
            return
        outside = [str(y) for y in years if calendar.is_working(dt.date(y, 7, 1)) is None]
        if outside:
            told = {"calendar": self.unit.calendar, "years": ", ".join(outside)}
            file = unit_file(self.slug)
            yield Finding(file, say("check.outside", **told), column="calendar")


def _empty(file: str, **keys: str) -> Iterator[Finding]:
    """The keys that may be empty, but stand on the first page of a brief or a report."""
    for key, value in keys.items():
        if not value:
            yield Finding(file, say(f"check.empty_{key}"), column=key)


def _refused(file: str, error: CchcError) -> Finding:
    """An error as a finding, without the file that its own message begins with."""
    message = str(error)
    for opening in say("check.openings", file=error.file or Path(file).name).split("|"):
        if message.startswith(opening):
            message = message.removeprefix(opening).lstrip(" ,:")
            message = message[:1].upper() + message[1:]
            break
    if error.file and file.startswith((PLANS, REFERENCE)):  # it may name another than was read
        file = f"{REFERENCE if error.file in own_tables.known() else PLANS}/{error.file}"
    return Finding(file, message, error.row, error.column, error.exit_code)


def lines(findings: Sequence[Finding]) -> list[str]:
    """The findings for the terminal, under the file of each."""
    said = []
    for file in dict.fromkeys(finding.file for finding in findings):
        said.append(say("check.file", file=file))
        for finding in findings:
            if finding.file == file:
                key = "error" if finding.exit_code else "warning"
                said.append(say(f"check.{key}", message=finding.message))
    return said


def summary(findings: Sequence[Finding]) -> str:
    """One line over all."""
    errors = sum(1 for finding in findings if finding.exit_code)
    counts = {"errors": number(errors), "warnings": number(len(findings) - errors)}
    return say("check.summary" if errors else "check.all_well", **counts)
