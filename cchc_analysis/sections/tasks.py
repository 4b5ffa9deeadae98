"""The plan's tasks: what fell due, what is done, behind or next, and what nobody leads.

The duties and their states are :mod:`..indicators.tasks`'s. Counts of a period are of the duties
due in it, those of the year of all due since it began, both as they stood at the period's end.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators import digital, tasks
from ..indicators.tasks import STATES, Duty
from ..period import Period
from ..phrases import mark, value_text
from ..words import date, fold, inside, label, number, percent, say
from .dossiers import count_text, left, right

if TYPE_CHECKING:
    from ..plan import Target, Task
    from ..view import PeriodView

__all__ = [
    "tasks_due", "tasks_faults", "tasks_glitches", "tasks_next", "tasks_no_evidence",
    "tasks_overdue", "tasks_overview", "tasks_targets", "tasks_timeline",
]  # fmt: skip

COUNTS = ("due", "done", "done_late", "overdue", "no_evidence")
NAME, HEAD = 46, 50  # letters of a task's content and of a head in the figure


@dataclass(frozen=True)
class _Year:
    """The duties due since the year began; ``tracked``: some plan of theirs has a tracker."""

    duties: tuple[Duty, ...]
    tracked: bool

    def own(self, q: PeriodView) -> list[Duty]:
        """Those due within the period."""
        return [duty for duty in self.duties if duty.due_on is not None and duty.due_on >= q.start]


def _year(q: PeriodView) -> _Year:
    """Of all plans whose due days the year's days hold: closing days move the year's ends."""
    since = q.period.year_to_date().start
    readings = [tasks.read(q, plan) for plan in q.knowledge.plans(since, q.end)]
    found = [
        duty
        for reading in readings
        for duty in reading.duties
        if duty.due_on is not None and since <= duty.due_on <= q.end
    ]
    return _Year(tuple(found), any(reading.tracked for reading in readings))


def _nothing(q: PeriodView, why: str = "tasks.no_plan_short") -> Any:
    """A note where there is no plan or no task, else None."""
    if q.plan.year is None:
        return blocks.note("info", say(why, year=q.period.year))
    if not q.plan.tasks:
        return blocks.note("info", say("tasks.no_tasks", year=q.plan.year))
    return None


def _untracked(q: PeriodView) -> Any:
    """The same, and where no tracker says what is done."""
    if (none := _nothing(q)) is not None:
        return none
    if not _year(q).tracked and not tasks.read(q).tracked:
        return blocks.note("info", say("tasks.no_tracker", year=q.plan.year))
    return None


def _named(task: Task) -> str:
    return say("tasks.named", task=task.task, content=task.content)


def _lead(task: Task) -> str:
    return task.lead or say("tasks.no_lead")


# -- counts -------------------------------------------------------------------------------------


def _counts(duties: Iterable[Duty], tracked: bool) -> list[str]:
    """``COUNTS`` of some duties as text; without a tracker only how many fell due is known."""
    duties = list(duties)
    if not tracked:
        return [count_text(len(duties)), *[mark("no_data")] * (len(COUNTS) - 1)]
    states = Counter(duty.state for duty in duties)
    bare = sum(duty.finished and not duty.evidence for duty in duties)
    known = (states["done"], states["done_late"], states["overdue"], bare)
    return [count_text(n) for n in (len(duties), *known)]


def tasks_overview(q: PeriodView) -> Any:
    """What fell due in the period and since the year began, by content of the plan."""
    if (none := _nothing(q, "tasks.no_plan")) is not None:
        return none
    year = _year(q)
    spans = [("in_period", year.own(q)), ("this_year", list(year.duties))]
    if q.start == q.period.year_to_date().start:
        spans = spans[1:]
    contents = [task.section for task in q.plan.tasks]
    contents += [duty.task.section for duty in year.duties]
    rows = []
    for content in dict.fromkeys(contents):
        row = [content]
        for _, duties in spans:
            row += _counts((d for d in duties if d.task.section == content), year.tracked)
        rows.append(row)
    rows.append([say("tasks.total")])
    for _, duties in spans:
        rows[-1] += _counts(duties, year.tracked)
    columns = [left(say("tasks.content"))]
    for span, _ in spans:
        group = {"group": say(f"tasks.{span}")} if len(spans) > 1 else {}
        columns += [{**right(say(f"tasks.{name}")), **group} for name in COUNTS]
    return blocks.table(
        id="tasks-overview", caption=say("tasks.overview", day=date(q.end)), columns=columns,
        rows=rows, notes=_overview_notes(q, year), total=True,
    )  # fmt: skip


def _overview_notes(q: PeriodView, year: _Year) -> list[str]:
    duties = tasks.read(q).duties
    dated = [duty for duty in duties if duty.due_on is not None]
    said = []
    target = q.plan.target("tasks.overdue")
    if target is not None and target.value is not None and year.tracked:
        overdue = sum(duty.state == "overdue" for duty in year.duties)
        state = "state.met" if overdue <= target.value else "state.not_met"
        key = "tasks.target" if target.value else "tasks.target_zero"
        said.append(
            say(key, where=target.where, goal=number(target.value), day=date(q.end),
                n=number(overdue), state=inside(label(state)))
        )  # fmt: skip
    said.append(
        say("tasks.duty_note", year=q.plan.year, tasks=number(len(q.plan.tasks)),
            duties=number(len(dated)))
    )  # fmt: skip
    if year.tracked:
        said.append(say("tasks.sum_note", day=date(q.end)))
    else:
        said.append(say("tasks.no_tracker", year=q.plan.year))
    if undated := [duty.task.task for duty in duties if duty.due_on is None]:
        said.append(say("tasks.undated", tasks=", ".join(undated)))
    p = q.period
    closing = Period.parse(str(p.year), cut=p.cut, closing_day=p.closing_day).end
    if after := sum(duty.due_on is not None and duty.due_on > closing for duty in dated):
        said.append(say("tasks.after_closing", n=number(after), day=date(closing)))
    return said


def tasks_due(q: PeriodView, content: str) -> list[Any]:
    """What a content of the plan had due in the period: a sentence with the counts and the duties
    by due day. Empty where nothing was due.
    """
    year = _year(q)
    own = [duty for duty in year.own(q) if duty.task.section == content]
    if not own:
        return []
    states = Counter(duty.state for duty in own)
    counts = {"due": len(own), "done": states["done"], "late": states["done_late"],
              "overdue": states["overdue"]}  # fmt: skip
    key = "report.tasks_due" if year.tracked else "report.tasks_untracked"
    rows = [
        [_named(d.task), _lead(d.task), date(d.due_on), label(f"tasks.{d.state}")]
        for d in _by_due(own)
        if d.due_on is not None
    ]
    return [
        blocks.paragraph(say(key, **{name: number(n) for name, n in counts.items()})),
        blocks.table(
            id=f"tasks-due-{len(rows)}-{own[0].task.task}", caption=say("report.tasks_list"),
            columns=[
                left(say("tasks.task")), left(say("tasks.lead")), right(say("tasks.due_on")),
                left(say("tasks.state")),
            ],
            rows=rows,
        ),
    ]  # fmt: skip


# -- lists --------------------------------------------------------------------------------------


def _told(duty: Duty) -> str:
    """What the tracker says of a duty that is not finished."""
    if not duty.reported:
        return say("tasks.told_nothing")
    told = say("tasks.told_open")
    if duty.percent is not None:
        told = say("tasks.told_percent", percent=percent(duty.percent / 100, 0))
    if duty.milestone is not None and duty.milestone != duty.due_on:
        told = say("tasks.told_milestone", told=told, day=date(duty.milestone))
    return told


def _by_due(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda duty: duty.due_on or dt.date.max)


def tasks_overdue(q: PeriodView) -> Any:
    """Each duty due since the year began and unfinished at the period's end."""
    if (none := _untracked(q)) is not None:
        return none
    found = _by_due(duty for duty in _year(q).duties if duty.state == "overdue")
    if not found:
        return blocks.note("info", say("tasks.overdue_none", day=date(q.end)))
    rows = [
        [_named(d.task), _lead(d.task), date(d.due_on), number((q.end - d.due_on).days), _told(d)]
        for d in found
        if d.due_on is not None
    ]
    return blocks.table(
        id="tasks-overdue", caption=say("tasks.overdue_list", day=date(q.end)),
        columns=[
            left(say("tasks.task")), left(say("tasks.lead")), right(say("tasks.due_on")),
            right(say("tasks.days_over")), left(say("tasks.told")),
        ],
        rows=rows, notes=[say("tasks.overdue_note", day=date(q.end))],
    )  # fmt: skip


def tasks_no_evidence(q: PeriodView) -> Any:
    """Duties due since the year began that are done, without a document named."""
    if (none := _untracked(q)) is not None:
        return none
    year = _year(q)
    found = _by_due(duty for duty in year.duties if duty.finished and not duty.evidence)
    if not found:
        return blocks.note("info", say("tasks.evidence_none", day=date(q.end)))
    rows = [
        [_named(d.task), _lead(d.task), date(d.due_on), date(d.done_on)]
        for d in found
        if d.due_on is not None and d.done_on is not None
    ]
    own = sum(duty in found for duty in year.own(q))
    return blocks.table(
        id="tasks-no-evidence", caption=say("tasks.evidence_list"),
        columns=[
            left(say("tasks.task")), left(say("tasks.lead")), right(say("tasks.due_on")),
            right(say("tasks.done_on")),
        ],
        rows=rows, notes=[say("tasks.evidence_note", all=number(len(found)), own=number(own))],
    )  # fmt: skip


def tasks_next(q: PeriodView) -> Any:
    """What is due in the three months after the period and not done, by due day."""
    start, end = tasks.next_quarter(q.period)
    span = {"start": date(start), "end": date(end)}
    without = [
        str(year) for year in range(start.year, end.year + 1) if q.plan_of(year).year is None
    ]
    missing = [say("tasks.next_no_plan", years=", ".join(without))] if without else []
    found = _by_due(
        duty
        for plan in q.knowledge.plans(start, end)
        for duty in tasks.read(q, plan).duties
        if duty.due_on is not None and start <= duty.due_on <= end and not duty.finished
    )
    late = sum(duty.state == "overdue" for duty in _year(q).duties) if q.plan.year else 0
    also = [say("tasks.next_overdue", n=number(late))] if late else []
    if not found:
        only_missing = len(without) == end.year - start.year + 1
        none = [] if only_missing else [say("tasks.next_none", **span)]
        return blocks.note("info", " ".join([*none, *missing, *also]))
    rows = [
        [_named(d.task), _lead(d.task), date(d.due_on), _progress(d)]
        for d in found
        if d.due_on is not None
    ]
    notes = [say("tasks.next_note", n=number(len(found)), day=date(q.end)), *also, *missing]
    if any(row[-1] == mark("no_data") for row in rows):
        notes.append(say("tasks.next_unknown", day=date(q.end)))
    return blocks.table(
        id="tasks-next", caption=say("tasks.next", **span),
        columns=[
            left(say("tasks.task")), left(say("tasks.lead")), right(say("tasks.due_on")),
            left(say("tasks.progress")),
        ],
        rows=rows, notes=notes,
    )  # fmt: skip


def _progress(duty: Duty) -> str:
    """How far a duty not yet due is: what was reported, without what came later."""
    if not duty.reported:
        return label("tasks.unreported")
    told = mark("no_data") if duty.percent is None else percent(duty.percent / 100, 0)
    if duty.milestone is not None and duty.milestone != duty.due_on:
        told = say("tasks.told_milestone", told=told, day=date(duty.milestone))
    return told


# -- the year's duties --------------------------------------------------------------------------


def tasks_timeline(q: PeriodView) -> Any:
    """The year's duties by due day and state, a row a task."""
    from ..figures.progress import Row, timeline

    if (none := _nothing(q)) is not None:
        return none
    year = q.plan.year
    assert year is not None
    duties = tasks.read(q).duties
    rows: list[Row] = []
    section = None
    for task in q.plan.tasks:
        if task.section != section:
            section = task.section
            rows.append(Row(_short(section, HEAD), head=True))
        name = say("tasks.row_name", task=task.task,
                   content=_short(task.content))  # fmt: skip
        mine = [(d.due_on, d.done_on, d.state) for d in duties if d.task is task]
        rows.append(Row(name, mine))
    counts = Counter(duty.state for duty in duties)
    states = "; ".join(
        say("tasks.timeline_state", state=inside(label(f"tasks.{state}")), n=number(counts[state]))
        for state in STATES
        if counts[state]
    )
    notes = [say("tasks.timeline_note")]
    if not tasks.read(q).tracked:
        notes.append(say("tasks.no_tracker", year=year))
    return blocks.figure(
        timeline(rows, year, q.start, q.end), id="tasks-timeline",
        caption=say("tasks.timeline", year=year, day=date(q.end)),
        alt=say("tasks.timeline_alt", year=year, n=number(len(duties)), day=date(q.end),
                states=states),
        table=_timeline_table(duties, year), notes=notes,
    )  # fmt: skip


def _short(text: str, room: int = NAME) -> str:
    """As many whole words as the figure has room for, without a mark before the dots."""
    cut = textwrap.shorten(text, room, placeholder="")
    return text if cut == text else cut.rstrip(",;:( ") + "…"


def _timeline_table(duties: Sequence[Duty], year: int) -> dict[str, Any]:
    rows = [
        [
            _named(d.task), mark("zero") if d.due_on is None else date(d.due_on),
            label(f"tasks.{d.state}"), mark("zero") if d.done_on is None else date(d.done_on),
            d.evidence or mark("zero"),
        ]
        for d in duties
    ]  # fmt: skip
    return blocks.table_data(
        id="tasks-timeline-data", caption=say("tasks.timeline_data", year=year),
        columns=[
            left(say("tasks.task")), right(say("tasks.due_on")), left(say("tasks.state")),
            right(say("tasks.done_on")), left(say("tasks.evidence")),
        ],
        rows=rows,
    )  # fmt: skip


# -- what nobody leads, and what is wrong --------------------------------------------------------


def tasks_targets(q: PeriodView) -> Any:
    """Targets of the plan's body that no row of the annex takes up, with what is known of them."""
    if q.plan.year is None:
        return blocks.note("info", say("tasks.no_plan_short", year=q.period.year))
    found = tasks.targets_without_owner(q)
    if not found:
        return blocks.note("info", say("tasks.targets_none"))
    rows = [
        [say("tasks.target_named", id=t.id, text=t.text), t.where, _measured(q, t)] for t in found
    ]
    return blocks.table(
        id="tasks-targets", caption=say("tasks.targets"),
        columns=[
            left(say("tasks.target_text")), left(say("tasks.target_where")),
            left(say("tasks.target_value")),
        ],
        rows=rows, notes=[say("tasks.targets_note")],
    )  # fmt: skip


def _measured(q: PeriodView, target: Target) -> str:
    value = digital.values(q).get(target.indicator)
    if value is None or value.value is None:
        return say("tasks.target_no_value")
    return value_text(value, True)


def tasks_glitches(q: PeriodView) -> Any:
    """Conflicts and slips of the printed plan, as they were found."""
    if q.plan.year is None:
        return blocks.note("info", say("tasks.no_plan_short", year=q.period.year))
    if not q.plan.glitches:
        return blocks.note("info", say("tasks.glitches_none", year=q.plan.year))
    rows = [
        [say("tasks.glitch_named", number=number(g.number), where=g.where), g.text]
        for g in q.plan.glitches
    ]
    return blocks.table(
        id="tasks-glitches", caption=say("tasks.glitches"),
        columns=[left(say("tasks.target_where")), left(say("tasks.glitch_text"))], rows=rows,
        notes=[say("tasks.glitches_note")],
    )  # fmt: skip


def tasks_faults(q: PeriodView) -> Any:
    """What the tracker contradicts itself or the plan in."""
    if (none := _untracked(q)) is not None:
        return none
    found = tasks.faults(q)
    if not found:
        return blocks.note("info", say("tasks.faults_none"))
    order = {fold(task.task): place for place, task in enumerate(q.plan.tasks)}
    found.sort(key=lambda fault: order.get(fold(fault.task), len(order)))
    return blocks.table(
        id="tasks-faults", caption=say("tasks.faults"),
        columns=[left(say("tasks.fault_task")), left(say("tasks.fault_text"))],
        rows=[[fault.task, fault.text] for fault in found], notes=[say("tasks.faults_note")],
    )  # fmt: skip
