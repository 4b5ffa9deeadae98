"""The quarterly report on administrative reform, in the order of the plan.

Contents I to VII tell what was done: figures with their tables, the tasks due, the activities,
then the officer's own paragraphs. Three parts must be there by custom and by the plan: what fell
short and why, what comes next, what is asked of others. Until an officer has written them
(:mod:`.narrative`) the program proposes sentences marked as a draft; a final report has none, and
is refused while a part is empty. All numbers are the brief's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import sections
from ..briefs import blocks
from ..errors import BriefError
from ..indicators.results import Result
from ..phrases import about_dossiers, about_satisfaction, mark, moved, result_text
from ..sections.dossiers import count_text, left, right
from ..words import date, goal, inside, label, number, say
from . import forms
from .narrative import CONTENTS, PARTS, Narrative

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["report"]

RATES = (
    "dossiers.online_rate", "dossiers.online_rate_eligible", "dossiers.paid_online_rate",
    "dossiers.digitised_intake_rate", "dossiers.digitised_result_rate", "dossiers.notified_rate",
    "dossiers.apology_rate",
)  # fmt: skip
NUMERALS = ("one", "two", "three", "four")
COUNTS = (
    ("received", "received"), ("online", "received"), ("direct", "received"),
    ("carried_over", "received"), ("resolved", "resolved"), ("early", "resolved"),
    ("on_day", "resolved"), ("late", "resolved"), ("open", "open"), ("overdue", "open"),
)  # fmt: skip
HEADS = {
    "received": "whole", "resolved": "whole", "open": "whole", "carried_over": "carried",
}  # fmt: skip


def report(
    q: PeriodView, narrative: Narrative, drafts: Mapping[str, Sequence[str]], *, final: bool
) -> list[dict[str, Any]]:
    """The report as blocks. Raises :class:`BriefError` that names a final one's empty parts."""
    if final and (empty := narrative.empty_parts):
        named = "; ".join(f"“{label(f'word.{part}')}”" for part in empty)
        raise BriefError(say("report.part_empty", file=narrative.file, parts=named))
    found: list[Any] = [_cover(q, narrative, final), blocks.paragraph(_intro(q))]
    found.append(blocks.heading(2, say("report.part_one"), "part-1"))
    found += _targets(q)
    for content in _contents(q):
        title = say("report.content", numeral=content.numeral, name=content.name)
        found.append(blocks.heading(3, title, f"content-{content.numeral}"))
        said = [*_figures(q, content.numeral), *_done(q, content)]
        said += _written(narrative.contents.get(content.numeral, ()))
        found += said or [blocks.paragraph(say("report.no_data"))]
    for n, part in enumerate(PARTS, 2):
        title = say(f"report.part_{NUMERALS[n - 1]}", name=label(f"word.{part}"))
        found.append(blocks.heading(2, title, f"part-{n}"))
        written = narrative.parts.get(part, ())
        found += _written(written) if written else _drafted(drafts[part])
    numbers = ", ".join(forms.heading(q, form).number for form in ("results", "feedback", "causes"))
    found.append(blocks.paragraph(say("report.note_forms", numbers=numbers)))
    return [block.data for block in found]


def _cover(q: PeriodView, narrative: Narrative, final: bool) -> Any:
    cover = sections.cover(q).data
    unit = q.office.unit
    notices = list(cover["notices"])
    if not final:
        notices.insert(0, say("report.draft_notice", file=narrative.file))
    return blocks.Block(
        {
            **cover,
            "title": say("report.title", period=inside(q.period.title)),
            "to": say("report.to", to=unit.parent) if unit.parent else "",
            "place_day": say("report.day_unset", place=unit.place),
            "notices": notices,
        }
    )


def _intro(q: PeriodView) -> str:
    said = {"authority": q.office.unit.authority, "period": inside(q.period.title),
            "span": say("sections.span", start=date(q.start), end=date(q.end))}  # fmt: skip
    if q.plan.year is None:
        return say("report.intro_no_plan", **said)
    return say("report.intro", plan=q.plan.title, **said)


# -- the plan's targets ----------------------------------------------------------------------------


def _targets(q: PeriodView) -> list[Any]:
    """What became of each target that governs a figure."""
    title = blocks.heading(3, say("report.targets"), "targets")
    if q.plan.year is None:
        return [title, blocks.paragraph(say("report.targets_none", year=q.period.year))]
    known = {result.id: result for result in q.results}
    rows = []
    for target in q.plan.targets:
        result = known.get(target.indicator)
        if not target.governs or result is None:
            continue
        rows.append([target.text, target.where, result_text(result), _state(result)])
    if not rows:
        return []
    return [
        title,
        blocks.table(
            id="targets", caption=say("report.targets_head"),
            columns=[
                left(say("report.target_text")), left(say("report.target_where")),
                right(say("report.target_value")), left(label("col.state")),
            ],
            rows=rows,
        ),
    ]  # fmt: skip


def _state(result: Result) -> str:
    if result.value is None:
        return label(f"figure.{result.status}")
    return label({True: "state.met", False: "state.not_met", None: "state.cannot_tell"}[result.met])


# -- contents I to VII -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Content:
    numeral: str
    name: str
    section: str  # as the plan's annex heads it; empty where it has none


def _contents(q: PeriodView) -> list[_Content]:
    """I to VII by the plan's own names, and after them what else its annex is headed by."""
    by_numeral, others = {}, []
    for section in dict.fromkeys(task.section for task in q.plan.tasks):
        numeral, _, name = section.partition(" ")
        numeral = numeral.rstrip(".:")
        if numeral in CONTENTS and numeral not in by_numeral:
            by_numeral[numeral] = _Content(numeral, name, section)
        else:
            others.append(section)
    found = [by_numeral.get(n) or _Content(n, label(f"content.{n}"), "") for n in CONTENTS]
    after = range(len(CONTENTS) + 1, len(CONTENTS) + 1 + len(others))
    return found + [
        _Content(_numeral(n), section, section) for n, section in zip(after, others, strict=True)
    ]


def _numeral(n: int) -> str:
    from ..briefs.document import roman

    return roman(n)


def _figures(q: PeriodView, numeral: str) -> list[Any]:
    """What the figures of the period say of a content."""
    of: dict[str, Callable[[PeriodView], Iterable[Any]]] = {"II": _procedures, "VI": _digital}
    return list(of[numeral](q)) if numeral in of else []


def _procedures(q: PeriodView) -> Iterable[Any]:
    flow, *rest = about_dossiers(q)
    yield from map(blocks.paragraph, (flow, _balance(q), *rest, *moved(q)))
    yield _by_field(q)
    if q.counts["resolved_late"]:
        yield sections.pareto(q)
    yield _rates(q)
    yield from map(blocks.paragraph, about_satisfaction(q))
    yield sections.feedback_balance(q)


def _balance(q: PeriodView) -> str:
    """Where the dossiers came from and went, so that the counts can be added up."""
    i = q.identity
    named = {"carried": i.carried_over, "received": i.received, "resolved": i.resolved,
             "ended": i.ended_without_result + i.ended_undated, "open": i.open}  # fmt: skip
    return say("report.balance", **{name: number(n) for name, n in named.items()})


def _digital(q: PeriodView) -> Iterable[Any]:
    yield sections.digital_overview(q)


def _done(q: PeriodView, content: _Content) -> list[Any]:
    """The activities and the tasks due of a content."""
    found: list[Any] = []
    if q.told("activities") and content.numeral in CONTENTS:
        rows = sections.activities(q, content.numeral)
        if rows.data["kind"] == "table":
            said = sections.activities_summary(q, content.numeral)
            found = [*map(blocks.paragraph, said), rows]
        elif rows.data["level"] == "warning":  # there are rows, and none could be added
            found = [rows]
    return found + (sections.tasks_due(q, content.section) if content.section else [])


def _by_field(q: PeriodView) -> Any:
    """The figures of II.06a in the cut of the report."""
    rows = forms.results(q)
    total = forms.ResultsRow.total(say("forms.total"), rows)
    columns = [left(label("col.field"))]
    for name, group in COUNTS:
        word = say(f"forms.{HEADS.get(name, name)}")
        columns.append({**right(word), "group": say(f"forms.{group}")})
    shown = [
        [row.name, *(count_text(getattr(row, name)) for name, _ in COUNTS)]
        for row in (*rows, total)
    ]
    number_ = forms.heading(q, "results").number
    return blocks.table(
        id="by-field", caption=say("report.by_field"), columns=columns, rows=shown,
        notes=[say("report.by_field_note", number=number_)], total=True,
    )  # fmt: skip


def _rates(q: PeriodView) -> Any:
    rows = []
    for id in RATES:
        r = q.result(id)
        counts = mark("no_data")
        if r.value is not None:
            counts = f"{number(r.numerator or 0)}/{number(r.denominator or 0)}"
        aim = goal(r.target) if r.target is not None else mark("zero")
        rows.append([r.label, counts, result_text(r), aim])
    return blocks.table(
        id="rates", caption=say("report.rates"),
        columns=[
            left(label("col.label")), right(say("digital.counts")), right(label("col.value")),
            right(label("word.target")),
        ],
        rows=rows,
    )  # fmt: skip


# -- words -----------------------------------------------------------------------------------------


def _written(paragraphs: Iterable[str]) -> list[Any]:
    return [blocks.paragraph(text) for text in paragraphs]


def _drafted(sentences: Sequence[str]) -> list[Any]:
    said = sentences or [say("report.nothing_drafted")]
    return [blocks.paragraph(say("report.draft", text=text), "emphasis") for text in said]
