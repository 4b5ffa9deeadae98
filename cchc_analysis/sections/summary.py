"""The first pages: who, which days, the headline, the cards, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.results import Result
from ..period import COMPARED
from ..phrases import compared_label, is_share, mark, moved, rate_text, share_text, value_text
from ..phrases import headline as headline_sentences
from ..phrases import to_do as to_do_sentences
from ..words import date, goal, inside, label, number, say, signed

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["cards", "changes", "cover", "cuts", "headline", "main_figures", "own_figures",
           "to_do"]  # fmt: skip

CARDS = (
    "dossiers.on_time_rate", "dossiers.resolved_late", "dossiers.open_overdue",
    "dossiers.apology_rate", "dossiers.online_rate", "dossiers.digitised_result_rate",
    "survey.index", "tasks.overdue",
)  # fmt: skip
MAIN = (
    "dossiers.received", "dossiers.carried_over", "dossiers.resolved", "dossiers.resolved_early",
    "dossiers.resolved_on_day", "dossiers.resolved_late", "dossiers.ended_without_result",
    "dossiers.open", "dossiers.open_overdue", "dossiers.paused", "dossiers.on_time_rate",
    "dossiers.online_rate", "survey.responses", "survey.index", "survey.overall",
    "feedback.received", "tasks.overdue",
)  # fmt: skip


def cover(q: PeriodView) -> Any:
    """Who reports, for which days, as known on which day."""
    unit = q.office.unit
    cut = "word.calendar_cut" if q.period.cut == "calendar" else "word.reporting_cut"
    return blocks.cover(
        title=say("sections.title", period=inside(q.period.title)),
        unit=unit.name,
        parent=unit.parent,
        authority=unit.authority,
        place=unit.place,
        period_title=q.period.title,
        span=say("sections.span", start=date(q.start), end=date(q.end)),
        cut_label=label(cut),
        data_day=q.data_day.isoformat(),
        audience=q.audience,
        number_pattern=unit.number_pattern,
        recipients=list(unit.recipients),
        signature=list(unit.signature),
        notices=q.notices,
        alarm=not q.identity.holds,
    )


def headline(q: PeriodView) -> Any:
    """The sentences a leader reads first."""
    return blocks.headline(headline_sentences(q))


def changes(q: PeriodView) -> Any:
    """How the on-time rate moved, with its certainty."""
    return blocks.headline(moved(q) or [say("phrases.nothing_before")])


def to_do(q: PeriodView) -> Any:
    """At most three things to do."""
    return blocks.headline(to_do_sentences(q), kind="to_do")


def cards(q: PeriodView, ids: tuple[str, ...] = CARDS) -> Any:
    """The headline figures with target, interval and state."""
    return blocks.cards([_card(q, q.result(id)) for id in ids])


def _card(q: PeriodView, result: Result) -> dict[str, Any]:
    share = is_share(result)
    state = {True: "met", False: "not_met", None: "none"}[result.met]
    lines = []
    if result.value is None:
        lines.append(label(f"figure.{result.status}"))
    elif result.denominator:
        lines.append(f"{number(result.numerator or 0)}/{number(result.denominator)}")
    if result.target is not None:
        shown = goal(result.target) if share else number(result.target)
        if share and result.target < 1:  # nothing is more than all
            shown = f"≥ {shown}"
        elif not share and result.target:
            shown = f"≤ {shown}"
        lines.append(f"{label('word.target')}: {shown}")
    if result.basis == "sample" and result.target is not None and result.met is None:
        lines.append(label("state.cannot_tell"))
    if result.id == "dossiers.resolved_late" and q.target is not None:
        allowed = q.result("dossiers.late_allowance")
        lines.append(say("sections.allowance", n=value_text(allowed, False)))
        over = q.result("dossiers.late_over_allowance").value
        state = "not_met" if over else "met"
    if result.low is not None and result.high is not None:
        low, high = (share_text(x, 2) for x in (result.low, result.high))
        lines.append(say("sections.interval", low=low, high=high))
    if result.previous is not None:
        previous = _plain(result.previous, share)
        lines.append(f"{compared_label('previous')}: {previous}")
    return {
        "id": result.id,
        "label": _named(result),
        "value": value_text(result, share),
        "unit": "" if share else result.unit,
        "state": state,
        "state_label": label(f"state.{state}") if state != "none" else "",
        "lines": lines,
    }


def main_figures(q: PeriodView, ids: tuple[str, ...] = MAIN) -> Any:
    """This period beside the one before, the same one last year and the year so far."""
    missing = [name for name in COMPARED if name not in q.compared]
    notes = [say("sections.not_compared")] if missing else []
    return _compared(q, ids, "main-figures", say("sections.main_figures"), notes)


def own_figures(q: PeriodView) -> Any:
    """The same for the office's own figures; nothing where it has none."""
    ids = [each.id for each in q.office.extensions.indicators]
    if not ids:
        return None
    return _compared(q, ids, "own-figures", say("extend.figures"), [say("extend.table_note")])


def _compared(
    q: PeriodView, ids: Sequence[str], id: str, caption: str, notes: Sequence[str]
) -> Any:
    rows = []
    for id in ids:
        result = q.result(id)
        share = is_share(result)
        others = [getattr(result, name) for name in COMPARED]
        rows.append(
            [
                _named(result),
                value_text(result, share),
                *(_plain(value, share) for value in others),
            ]
        )
    columns = [
        {"label": label("col.label"), "align": "left"},
        {"label": label("word.this_period"), "align": "right"},
        *({"label": compared_label(name), "align": "right"} for name in COMPARED),
    ]
    return blocks.table(id=id, caption=caption, columns=columns, rows=rows, notes=notes)


def _named(result: Result) -> str:
    """What a figure is called among those of other chapters."""
    if result.id.startswith("tasks."):
        return say("sections.task_named", label=inside(result.label))
    return result.label


def _plain(value: float | None, share: bool) -> str:
    if value is None:
        return mark("no_data")
    return rate_text(None, None, value) if share else number(value)


def cuts(q: PeriodView) -> Any:
    """The bridge between the two ways to cut a period: what moves from one to the other."""
    other_cut = "reporting" if q.period.cut == "calendar" else "calendar"
    other = q.beside(q.period.recut(other_cut))
    names = ("received", "resolved", "resolved_late", "open")
    rows = [
        [
            label(f"dossiers.{name}"),
            number(q.counts[name]),
            number(other.counts[name]),
            signed(other.counts[name] - q.counts[name]),
        ]
        for name in names
    ]
    columns = [
        {"label": label("col.label"), "align": "left"},
        {"label": _cut_title(q), "align": "right"},
        {"label": _cut_title(other), "align": "right"},
        {"label": say("sections.difference"), "align": "right"},
    ]
    notes = [] if other.complete else [say("sections.other_cut_incomplete")]
    return blocks.table(
        id="cuts", caption=say("sections.cuts"), columns=columns, rows=rows, notes=notes
    )


def _cut_title(q: PeriodView) -> str:
    return say(f"sections.cut_{q.period.cut}", start=_short(q.start), end=_short(q.end))


def _short(day: dt.date) -> str:
    return day.strftime("%d/%m/%y")
