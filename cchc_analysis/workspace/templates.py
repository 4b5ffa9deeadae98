"""Entry templates in Excel for what no system exports.

A survey on paper, the monthly digital indicators, feedback, the progress of the plan's tasks, the
activities of the reform, a register kept by hand: for each a workbook whose headers ``cchc ingest``
knows without a mapping. Drop-downs hold the plan's own indicators, tasks and the words that intake
understands; the tracker of tasks has a row for every due day of the plan's year already. The
example row is passed over when the file is read (:mod:`..sources.examples`).

What a template asks is here; how it looks is in :mod:`.template_sheets`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .. import plan as plans
from ..atomic import put, remove
from ..errors import ParameterError
from ..plan import Plan, Task
from ..planfile import read_rows
from ..shipped import reference
from ..sources.examples import column_of
from ..sources.tables import CONTENTS, STATUSES, TABLES
from ..words import date, has_message, label, order, say

__all__ = ["Column", "Template", "folder_of", "of_plan", "write"]

Kind = Literal["text", "day", "count", "number", "percent", "choice", "looked_up"]
CHANNELS = ("direct", "online", "postal")  # in the order in which a counter meets them


@dataclass(frozen=True)
class Column:
    """One column to fill in. ``choices`` are offered; a ``choice`` takes nothing else.

    A ``looked_up`` column shows the choice's meaning, of ``meanings`` by the words of the column
    before it.
    """

    header: str
    meaning: str
    example: str
    kind: Kind = "text"
    width: int = 16
    choices: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A workbook to fill in: its ``file``, what stands above (``note``: what is often forgotten),
    its columns, the rows that it has already, and what its guide lists besides.
    """

    file: str
    title: str
    authority: str
    year: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    note: str = ""


def of_plan(workspace: Path, plan: Plan) -> list[Template]:
    """The templates for the year of ``plan``. Raises :class:`PlanError` for a wrong table."""
    fields = _fields(workspace)
    made = {
        "survey": _survey(workspace, plan, fields),
        "digital": _digital(plan),
        "feedback": _feedback(fields),
        "tasks": _tasks(plan),
        "activities": _activities(workspace),
        "dossiers": _dossiers(fields),
    }
    rows = {"tasks": _duties(plan)}
    listed = {
        "digital": tuple((i.code, i.label) for i in plan.indicators),
        "tasks": tuple((t.task, t.content) for t in plan.tasks),
    }
    return [
        Template(
            file=f"{say(f'templates.{name}_file')}_{plan.year}.xlsx",
            title=say(f"templates.{name}_title"),
            note=say(note) if has_message(note := f"templates.{name}_note") else "",
            authority=plan.unit.authority,
            year=plan.year or 0,
            columns=columns,
            rows=rows.get(name, ()),
            listed=listed.get(name, ()),
        )
        for name, columns in made.items()
    ]


def folder_of(workspace: Path, unit: str) -> Path:
    """``data/templates``, or the unit's folder in it where the workspace has other units too."""
    folder = Path(workspace) / "data" / "templates"
    return folder if plans.units(workspace) == [unit] else folder / unit


def write(workspace: Path, unit: str, year: int, *, force: bool = False) -> list[Path]:
    """Writes the templates for the plan of ``year`` and returns where they lie.

    Raises :class:`ParameterError` for a year without a plan, or, without ``force``, for a file
    that is there already: somebody may have filled it in.
    """
    from .template_sheets import draw

    plan = plans.load(workspace, unit, year)
    if plan.year is None:
        years = plans.years(workspace, unit)
        said = {"year": year, "unit": plan.unit.name, "years": ", ".join(map(str, years))}
        if not years:
            raise ParameterError(say("templates.no_plans", **said))
        said |= {"folder": f"data/plans/{unit}", "newest": years[-1]}
        raise ParameterError(say("templates.no_plan", **said))
    folder = folder_of(workspace, unit)
    made = [(folder / template.file, template) for template in of_plan(workspace, plan)]
    for path, _ in made:
        if path.exists() and not force:
            raise ParameterError(say("templates.exists", file=path.name))
    drawn = [(path, draw(t, inbox=_inbox(workspace, unit)), path.exists()) for path, t in made]
    try:
        for path, content, _ in drawn:
            put(path, content)
    except BaseException:  # all or none, so that it can be tried again
        for path, _, stood in drawn:
            if not stood:
                remove(path)
        raise
    return [path for path, _ in made]


def _inbox(workspace: Path, unit: str) -> str:
    """Where a filled template goes, as people know the folder."""
    alone = plans.units(workspace) == [unit]
    return "data/inbox" if alone else f"data/inbox/{unit}"


# -- the columns --------------------------------------------------------------------------------


def _column(name: str, kind: Kind = "text", width: int = 16, choices: Sequence[str] = ()) -> Column:
    return Column(*column_of(name), kind=kind, width=width, choices=tuple(choices))


def _words(name: str) -> tuple[str, ...]:
    return tuple(say(f"templates.{name}").split("|"))


def _number() -> Column:
    return _column("number", width=7)


def _survey(workspace: Path, plan: Plan, fields: Sequence[str]) -> tuple[Column, ...]:
    return (
        _number(),
        _column("survey.answered_at", "day", 18),
        _column("survey.gender", "choice", 10, _words("genders")),
        _column("survey.age_group", "choice", 11, _ages()),
        _column("survey.field", "text", 18, fields),
        _column("survey.channel", "choice", 18, _channels()),
        *_questions(workspace, plan),
        _column("survey.comment", width=30),
    )


def _questions(workspace: Path, plan: Plan) -> list[Column]:
    """The questions of the unit's questionnaire, else the usual ones and the one on the whole."""
    from ..questionnaire import load

    usual = _words("answers")
    asked = load(workspace, plan.unit.slug)
    if asked is None:
        headers = say("templates.survey_questions").splitlines()
        made = [_question(header, header, usual) for header in headers]
        return [*made, _column("survey.overall", "choice", 16, usual)]
    return [
        _question(q.item, q.wording or q.item, usual if q.scale == 5 and not q.answers else ())
        for q in asked.questions
    ]


def _question(header: str, wording: str, answers: Sequence[str]) -> Column:
    _, meaning, example = column_of("survey_answer", question=header)
    if wording != header:
        meaning = f"{wording}. {meaning}"
    kind: Kind = "choice" if answers else "text"
    return Column(header, meaning, example if answers else "", kind, 16, tuple(answers))


def _digital(plan: Plan) -> tuple[Column, ...]:
    codes = tuple(indicator.code for indicator in plan.indicators)
    labels = tuple(indicator.label for indicator in plan.indicators)
    months = [f"{month:02}/{plan.year}" for month in range(1, 13)]
    return (
        _number(),
        _column("digital.code", "choice", 12, codes),
        Column(*column_of("digital.label"), "looked_up", 48, codes, labels),
        _column("digital.month", "choice", 16, months),
        _column("digital.numerator", "number", 12),
        _column("digital.denominator", "number", 12),
    )


def _feedback(fields: Sequence[str]) -> tuple[Column, ...]:
    return (
        _number(),
        _column("feedback.code", width=22),
        _column("feedback.received_at", "day", 18),
        _column("feedback.source", "text", 18, _words("feedback_sources")),
        _column("feedback.content", "text", 34, _words("feedback_contents")),
        _column("feedback.field", "text", 18, fields),
        _column("feedback.due_at", "day", 13),
        _column("feedback.finished_at", "day", 13),
        _column("feedback.published", "choice", 12, _words("yes")),
    )


def _tasks(plan: Plan) -> tuple[Column, ...]:
    return (
        _column("tasks.task", "text", 8, [task.task for task in plan.tasks]),
        _column("tasks.content", width=52),
        _column("tasks.lead", width=26),
        _column("tasks.cadence", "text", 11, _periods()),
        _column("tasks.due_on", "day", 13),
        _column("tasks.done_on", "day", 18),
        _column("tasks.evidence", width=22),
        _column("tasks.percent", "percent", 12),
        _column("tasks.note", width=26),
    )


def _activities(workspace: Path) -> tuple[Column, ...]:
    from ..indicators import activity_kinds

    kinds = activity_kinds.load(workspace).by_id.values()
    return (
        _number(),
        _column("activities.date", "day", 18),
        _column("activities.content", "choice", 11, CONTENTS),
        _column("activities.kind", "text", 32, [kind.label for kind in kinds]),
        _column("activities.title", width=42),
        _column("activities.count", "number", 10),
        _column("activities.unit", "text", 12, list(dict.fromkeys(kind.unit for kind in kinds))),
        _column("activities.people", "count", 11),
        _column("activities.document", width=20),
        _column("activities.note", width=22),
    )


def _dossiers(fields: Sequence[str]) -> tuple[Column, ...]:
    yes = _words("yes")

    def labels(field: str) -> list[str]:
        return [label(f"{field}.{word}") for word in TABLES["dossiers"].field(field).choices]

    return (
        _number(),
        _column("dossiers.code", width=34),
        _column("dossiers.procedure_code", width=14),
        _column("dossiers.procedure", width=36),
        _column("dossiers.field", "text", 18, fields),
        _column("dossiers.channel", "choice", 18, _channels()),
        _column("dossiers.received_at", "day", 18),
        _column("dossiers.due_at", "day", 13),
        _column("dossiers.finished_at", "day", 13),
        _column("dossiers.returned_at", "day", 13),
        _column("dossiers.status", "choice", 24, [label(f"status.{s}") for s in STATUSES]),
        _column("dossiers.digitised_intake", "choice", 12, yes),
        _column("dossiers.digitised_result", "choice", 12, yes),
        _column("dossiers.fee", "number", 12),
        _column("dossiers.paid_online", "choice", 12, yes),
        _column("dossiers.officer", width=24),
        _column("dossiers.supplements", "count", 10),
        _column("dossiers.notified_by", "choice", 16, labels("notified_by")),
        _column("dossiers.apology", "choice", 14, labels("apology")),
    )


def _channels() -> list[str]:
    return [label(f"channel.{channel}") for channel in CHANNELS]


def _ages() -> list[str]:
    from ..sources.survey import age_bands

    return [name for name, _ in age_bands()]


def _fields(workspace: Path) -> list[str]:
    """The fields of the catalogue of procedures, in the order of the alphabet."""
    path = reference("procedures.csv", workspace)
    rows = read_rows(path, path.name, ("code",), others=True)
    return sorted({row.text("field") for row in rows} - {""}, key=order)


# -- the rows of the tracker --------------------------------------------------------------------


def _periods() -> list[str]:
    quarters = [say("templates.quarter", number=number) for number in ("I", "II", "III", "IV")]
    return [*quarters, say("templates.half"), say("templates.year"),
            *(say("templates.month", number=month) for month in range(1, 13))]  # fmt: skip


def _duties(plan: Plan) -> tuple[tuple[Any, ...], ...]:
    """A row for every due day of every task, one without a day for what waits for an event."""
    from ..cadences import due_days

    rows = []
    for task in plan.tasks:
        days = due_days(task.cadence, task.due, plan.year or 0) or (None,)
        rows += [
            (task.task, task.content, task.lead, _period(task, day, len(days)), day) for day in days
        ]
    return tuple(rows)


def _period(task: Task, day: dt.date | None, count: int) -> str:
    """What people call the period that ends on one of a task's ``count`` due days."""
    if day is None:
        return task.cadence
    if count == 12:
        return say("templates.month", number=day.month)
    if count == 4:
        return say("templates.quarter", number=("I", "II", "III", "IV")[(day.month - 1) // 3])
    return {6: say("templates.half"), 12: say("templates.year")}.get(day.month, date(day))
