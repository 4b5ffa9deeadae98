"""The tasks of the plan's annex: what was due, what is done, what is behind.

A task of the plan gives rise to one *duty* for each due day of its cadence within the year:
"hằng quý" on the last day of each quarter, "6 tháng; hằng năm" on 30 June and 31 December, "trong
năm" and "thường xuyên" on 31 December. A day that the plan itself writes ("trước 30/9", "quý
III") goes before a cadence that does not recur. What depends on an event ("sau khi …") has no
due day until the tracker gives one. The words are :mod:`..cadences`'.

When a duty was done is in the office's tracker (``TienDoNhiemVu``), whose rows are laid to the
duties of the same task by its period ("Quý II"), else by its own date. That date is a *milestone*
beside the due day, and never moves it. Done needs a date; 100 % without one is not done, and a
duty that the tracker splits is done with the last of its rows. Only dates up to the period's end
count, so the same tracker tells each period what held at its end. A due day belongs to the
period it falls in: in the cut of Decree 09/2019 31 December is after the year's closing day.

States at the period's end: ``done`` (by the due day), ``done_late``, ``overdue`` (due by then,
unfinished), ``due_soon`` (within 30 days), ``unreported`` (not yet due, or without a due day,
and the tracker has no row), ``not_due``. Without a tracker what fell due is ``unreported``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..cadences import due_days, period_end, without_row
from ..period import Period
from ..plan import Plan, Target, Task
from ..words import date, fold, say
from .results import Value
from .rows import records

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = [
    "IDS", "STATES", "Duty", "Fault", "behind", "by", "by_content", "due_next",
    "duties", "faults", "read", "targets_without_owner", "values",
]  # fmt: skip

IDS = ("tasks.due", "tasks.done", "tasks.done_late", "tasks.overdue", "tasks.no_evidence")
STATES = ("done", "done_late", "overdue", "due_soon", "not_due", "unreported")
SOON = dt.timedelta(days=30)
WHOLE = 100  # per cent
ALIKE = 1 / 3  # of the words of the shorter wording
COLUMNS = (
    "year", "task", "section", "content", "lead", "partner", "cadence", "due", "due_on",
    "milestone", "done_on", "state", "percent", "evidence", "reported", "due_in_period", "note",
)  # fmt: skip


# -- the duties and what the tracker says of them -----------------------------------------------


@dataclass(frozen=True)
class Duty:
    """One due day of one task, as it stood at the period's end.

    ``due_on`` is None for what waits for an event. ``milestone`` is the tracker's own date,
    ``done_on`` the finishing day if it was by the period's end, ``percent`` (0–100) as last
    reported, empty where that would tell of a later day. ``evidence`` are the documents named,
    ``places`` the export, sheet and row of the tracker's rows on it.
    """

    task: Task
    year: int
    due_on: dt.date | None
    state: str
    milestone: dt.date | None = None
    done_on: dt.date | None = None
    percent: float | None = None
    evidence: str = ""
    reported: bool = False
    places: tuple[tuple[str, str, int], ...] = ()

    @property
    def finished(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True)
class Fault:
    """What the data-quality section lists: ``not_in_plan``, ``unlike``, ``no_date``,
    ``done_before_year``, ``done_after_export``, ``unclear_due``, ``no_rows``.
    """

    task: str
    what: str
    text: str


@dataclass(frozen=True)
class Reading:
    """The duties of a plan, the faults found, and whether there was a tracker for its year."""

    duties: tuple[Duty, ...]
    faults: tuple[Fault, ...]
    tracked: bool


def read(q: PeriodView, plan: Plan | None = None) -> Reading:
    """The duties of ``plan`` (default: the period's) in the annex's order, then by due day."""
    plan = plan or q.plan
    if plan.year is None:
        return Reading((), (), False)
    rows = _of_year(records(q, "tasks"), plan.year)
    found: list[Fault] = []
    by_task: dict[str, list[dict[str, Any]]] = {task.task: [] for task in plan.tasks}
    known = [(task, fold(task.content), fold(task.task)) for task in plan.tasks]
    for row in rows:
        task = _task_of(row, known)
        if task is None:
            name = row["task"] or row["content"]
            names = {"task": name, "content": row["content"], "year": plan.year}
            what = "unlike" if name in by_task else "not_in_plan"
            found.append(Fault(name, what, say(f"tasks.{what}", **names)))
        else:
            by_task[task.task].append(row)
    made: list[Duty] = []
    for task in plan.tasks:
        days = due_days(task.cadence, task.due, plan.year)
        mine = by_task[task.task]
        if days is None:
            text = say("tasks.unclear_due", task=task.task, due=task.due or task.cadence)
            found.append(Fault(task.task, "unclear_due", text))
        if rows and not mine:
            found.append(Fault(task.task, "no_rows", say("tasks.no_rows", task=task.task)))
        for day, told in _lay(task, mine, days or (), plan.year):
            found += _row_faults(task, told, plan.year)
            made.append(_duty(task, plan.year, day, told, q.end, tracked=bool(rows)))
    return Reading(tuple(made), tuple(dict.fromkeys(found)), bool(rows))


def _of_year(rows: Iterable[dict[str, Any]], year: int) -> list[dict[str, Any]]:
    """The tracker's rows about a year: by their own date, else as the rest of their export."""
    rows = list(rows)
    years: dict[str, Counter[int]] = {}
    for row in rows:
        if row["due_on"] is not None:
            years.setdefault(row["export"], Counter())[row["due_on"].year] += 1

    def about(row: dict[str, Any]) -> int:
        if row["due_on"] is not None:
            return int(row["due_on"].year)
        if row["export"] in years:
            return years[row["export"]].most_common(1)[0][0]
        return int((row["done_on"] or row["exported_at"]).year)

    return [row for row in rows if about(row) == year]


def _task_of(row: dict[str, Any], known: Sequence[tuple[Task, str, str]]) -> Task | None:
    """The plan's task of a row: by its wording, which a running number cannot mix up, else by
    its number, unless its wording is quite another: a tracker of another plan counts from 1 too.
    ``known`` are the tasks with both, folded.
    """
    content, name = fold(row["content"] or ""), fold(row["task"] or "")
    same = [each for each in known if each[1] == content]
    if len(same) == 1:
        return same[0][0]
    numbered = [each for each in same or known if name and each[2] == name]
    return next((task for task, words, _ in numbered if _alike(content, words)), None)


def _alike(content: str, words: str) -> bool:
    """Whether a row's wording, if it has one, has a part of its words in common with the plan's."""
    mine, theirs = (set(re.findall(r"\w+", text)) for text in (content, words))
    return not mine or len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))


def _lay(
    task: Task, rows: Sequence[dict[str, Any]], days: Sequence[dt.date], year: int
) -> list[tuple[dt.date | None, list[dict[str, Any]]]]:
    """Each due day with the rows about it, of the export that outranks the others.

    Without due days those of the tracker stand in; a row without any makes one duty undated.
    """
    if not days:
        days = sorted({row["due_on"].date() for row in rows if row["due_on"] is not None})
        if not days:
            return [(None, _outranking(rows))]
    laid: dict[dt.date, list[dict[str, Any]]] = {day: [] for day in days}
    for row in rows:
        about = _about(row, task, year)
        if about is None and len(days) == 1:
            about = days[0]
        if about is None and row["done_on"] is not None:
            about = row["done_on"].date()
        if about is not None:
            laid[next((day for day in days if day >= about), days[-1])].append(row)
    return [(day, _outranking(told)) for day, told in laid.items()]


def _about(row: dict[str, Any], task: Task, year: int) -> dt.date | None:
    """The day a row is about: its period's end, unless that cell only repeats the plan's
    cadence; else its own date.
    """
    text = row["cadence"] or ""
    if fold(text) != fold(task.cadence):
        end = period_end(text, year)
        if end is not None:
            return end
    return row["due_on"].date() if row["due_on"] is not None else None


def _outranking(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["rank"] == rows[-1]["rank"]]


def _done(row: dict[str, Any], year: int) -> dt.date | None:
    """The finishing day, if one can believe it."""
    if row["done_on"] is None:
        return None
    day: dt.date = row["done_on"].date()
    return day if dt.date(year, 1, 1) <= day <= row["exported_at"].date() else None


def _row_faults(task: Task, rows: Sequence[dict[str, Any]], year: int) -> list[Fault]:
    found = []
    for row in rows:
        day = row["done_on"].date() if row["done_on"] is not None else None
        if day is None and (row["percent"] or 0) >= WHOLE:
            found.append(Fault(task.task, "no_date", say("tasks.no_date", task=task.task)))
        elif day is not None and _done(row, year) is None:
            what = "done_before_year" if day.year < year else "done_after_export"
            text = say(f"tasks.{what}", task=task.task, day=date(day))
            found.append(Fault(task.task, what, text))
    return found


def _duty(
    task: Task,
    year: int,
    due_on: dt.date | None,
    rows: Sequence[dict[str, Any]],
    end: dt.date,
    *,
    tracked: bool,
) -> Duty:
    days = [_done(row, year) for row in rows]
    known = [day for day in days if day is not None]
    by_now = bool(rows) and len(known) == len(days) and max(known) <= end
    done_on = max(known) if by_now else None
    later = any(day > end for day in known)
    milestones = [row["due_on"].date() for row in rows if row["due_on"] is not None]
    percents = [row["percent"] for row in rows if row["percent"] is not None]
    evidence = [row["evidence"].strip() for row in rows if (row["evidence"] or "").strip()]
    return Duty(
        task=task,
        year=year,
        due_on=due_on,
        state=_state(due_on, done_on, end, reported=bool(rows), tracked=tracked),
        milestone=max(milestones, default=None),
        done_on=done_on,
        percent=min(percents) if percents and not later else None,
        evidence="" if later else "; ".join(dict.fromkeys(evidence)),
        reported=bool(rows),
        places=tuple((row["export"], row["sheet"] or "", int(row["row"])) for row in rows),
    )


def _state(
    due_on: dt.date | None, done_on: dt.date | None, end: dt.date, *, reported: bool, tracked: bool
) -> str:
    if done_on is not None:
        return "done" if due_on is None or done_on <= due_on else "done_late"
    if due_on is not None and due_on <= end:
        return "overdue" if tracked else "unreported"
    if due_on is not None and due_on <= end + SOON:
        return "due_soon"
    return "not_due" if reported else "unreported"


# -- the figures --------------------------------------------------------------------------------


def values(q: PeriodView) -> dict[str, Value]:
    """``tasks.due`` (due days within the period), ``.done`` (of those, finished by the due day),
    ``.done_late`` (of those, finished after it, by the period's end), ``.overdue`` (due since the
    year began, unfinished at the period's end) and ``.no_evidence`` (of those due within the
    period, finished without a document named).

    Counts. Without a plan all are null (``no_plan``); without a tracker all but ``tasks.due``,
    which is the plan's alone (``no_data``).
    """
    if q.plan.year is None:
        return dict.fromkeys(IDS, Value(None, None, None, "no_plan"))
    found, tracked = _behind(q)
    counts = {id: Value(len(duties), None, len(duties)) for id, duties in found.items()}
    if not tracked:
        counts |= dict.fromkeys(IDS[1:], Value(None, None, None, "no_data"))
    return counts


def behind(q: PeriodView) -> dict[str, list[Duty]]:
    """The duties that each figure of :func:`values` counts."""
    return _behind(q)[0]


def _behind(q: PeriodView) -> tuple[dict[str, list[Duty]], bool]:
    """The duties behind each figure, and whether there is a tracker."""
    since = q.period.year_to_date().start
    readings = [read(q, plan) for plan in q.knowledge.plans(since, q.end)]
    year = [
        duty
        for reading in readings
        for duty in reading.duties
        if duty.due_on is not None and since <= duty.due_on <= q.end
    ]
    due = [duty for duty in year if duty.due_on is not None and duty.due_on >= q.start]
    found = {
        "tasks.due": due,
        "tasks.done": [duty for duty in due if duty.state == "done"],
        "tasks.done_late": [duty for duty in due if duty.state == "done_late"],
        "tasks.overdue": [duty for duty in year if duty.state == "overdue"],
        "tasks.no_evidence": [d for d in due if d.finished and not d.evidence],
    }
    return found, any(reading.tracked for reading in readings)


def duties(q: PeriodView) -> pd.DataFrame:
    """All duties of the plan's year as they stood at the period's end, in the annex's order.

    A row a duty: ``year, task, section, content, lead, partner, cadence``, ``due`` (the plan's
    words), ``due_on, milestone, done_on`` (days), ``state``, ``percent`` (0–100), ``evidence``,
    ``reported`` (the tracker has a row), ``due_in_period``, ``note`` (slips of the printed plan).
    """
    return _frame(read(q).duties, q)


def _frame(made: Iterable[Duty], q: PeriodView) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for duty in made:
        task = duty.task
        inside = duty.due_on is not None and q.start <= duty.due_on <= q.end
        rows.append(
            (duty.year, task.task, task.section, task.content, task.lead, task.partner,
             task.cadence, task.due, duty.due_on, duty.milestone, duty.done_on, duty.state,
             duty.percent, duty.evidence, duty.reported, inside, task.note)
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("due_on", "milestone", "done_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame.astype({"percent": "float64", "reported": bool, "due_in_period": bool})


def by_content(q: PeriodView) -> pd.DataFrame:
    """The duties of the year by content I–VII; see :func:`by`."""
    return by(q, "section")


def by(q: PeriodView, key: str) -> pd.DataFrame:
    """The year's duties by ``section``, ``lead`` or ``cadence``, in the annex's order.

    A row a group: the key, ``tasks`` (rows of the annex), ``duties``, how many are in each of
    the states (they add up to ``duties``), ``due_in_period``, ``no_evidence`` (finished, no
    document named). A task led by several counts for each of them; without a lead the key is "".
    """
    import pandas as pd

    columns = [key, "tasks", "duties", *STATES, "due_in_period", "no_evidence"]
    frame = duties(q)
    if key == "lead":
        parts = [[part.strip() for part in text.split(";")] for text in frame["lead"]]
        frame = frame.assign(lead=pd.Series(parts, index=frame.index, dtype=object)).explode("lead")
    rows = []
    for name in dict.fromkeys(frame[key]):
        group = frame[frame[key] == name]
        bare = group["done_on"].notna() & (group["evidence"] == "")
        rows.append(
            [name, group["task"].nunique(), len(group)]
            + [int((group["state"] == state).sum()) for state in STATES]
            + [int(group["due_in_period"].sum()), int(bare.sum())]
        )
    return pd.DataFrame(rows, columns=columns)


def due_next(q: PeriodView) -> pd.DataFrame:
    """What is still to be done of the duties due in the three months after the period, by due
    day; columns as :func:`duties`. Months of a year without a plan add nothing.
    """
    start, end = next_quarter(q.period)
    made = [
        duty
        for plan in q.knowledge.plans(start, end)
        for duty in read(q, plan).duties
        if duty.due_on is not None and start <= duty.due_on <= end and not duty.finished
    ]
    return _frame(sorted(made, key=lambda duty: duty.due_on or end), q)


def next_quarter(period: Period) -> tuple[dt.date, dt.date]:
    """First and last day of the three months after a period, in its cut."""
    numbers = [period.year * 12 + period.last + n for n in (0, 2)]
    first, last = (
        Period.parse(f"{n // 12}-{n % 12 + 1:02d}", cut=period.cut, closing_day=period.closing_day)
        for n in numbers
    )
    return first.start, last.end


def faults(q: PeriodView) -> list[Fault]:
    """What the data-quality section says of the tracker and of the plan's due dates."""
    return list(read(q).faults)


def targets_without_owner(q: PeriodView) -> list[Target]:
    """Targets of the plan's body that no row of the annex takes up, so that nobody leads them
    (2024: T5, T6, T8, T9), by the note in ``targets.csv``.
    """
    return [target for target in q.plan.targets if without_row(target.note)]
