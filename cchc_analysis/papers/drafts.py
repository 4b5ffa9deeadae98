"""Sentences proposed for the parts of a report that an officer must write.

Each follows from a figure of the period and says no more than it; in the report every one is
marked "dự thảo", and a final report has none. What figures cannot know – why nobody stood in,
what the council decided – stays the officer's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..indicators import tasks
from ..indicators.results import Result
from ..phrases import is_share, result_text, to_do
from ..words import goal, inside, label, number, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["drafts"]

LISTED = 3  # causes or indicators named in a sentence
NEXT = 6  # tasks named


def drafts(q: PeriodView) -> dict[str, list[str]]:
    """Proposed sentences by part: ``limitations``, ``next_tasks``, ``proposals``."""
    causes = Counter(row["cause"] for row in q.annex.late_rows())
    return {
        "limitations": _limitations(q, causes),
        "next_tasks": _next_tasks(q),
        "proposals": _proposals(q, causes),
    }


# -- what fell short -----------------------------------------------------------------------------


def _limitations(q: PeriodView, causes: Counter[str]) -> list[str]:
    said = _late(q, causes)
    said += [
        say("drafts.target_missed", label=result.label, value=result_text(result),
            target=_target(result))
        for result in q.results
        if result.met is False
        and not result.id.startswith(("dossiers.on_time_rate", "digital.", "tasks."))
    ]  # fmt: skip
    if n := q.counts["open_overdue"]:
        said.append(say("drafts.open_overdue", n=number(n)))
    said += _digital(q)
    if overdue := q.result("tasks.overdue").value:
        behind = [
            duty.task.task
            for duty in tasks.read(q).duties
            if duty.state == "overdue" and duty.due_on is not None
        ]
        said.append(
            say("drafts.tasks_overdue", n=number(int(overdue)),
                tasks=", ".join(dict.fromkeys(behind)))
        )  # fmt: skip
    if late := q.result("feedback.resolved_late").value:
        said.append(say("drafts.feedback_late", n=number(int(late))))
    return said


def _late(q: PeriodView, causes: Counter[str]) -> list[str]:
    late = q.counts["resolved_late"]
    if not late:
        return []
    by_field = q.by("field").sort_values(
        ["resolved_late", "field"], ascending=[False, True], kind="stable"
    )
    top = by_field.iloc[0]
    rate = q.result("dossiers.on_time_rate")
    said = [
        say("drafts.late_missed" if rate.met is False else "drafts.late", rate=result_text(rate),
            target=_target(rate), late=number(late), field=top["field"],
            n=number(int(top["resolved_late"])))
    ]  # fmt: skip
    known = [(c, n) for c, n in causes.most_common() if c not in ("unknown", "withheld")]
    if known:
        listed = "; ".join(
            say("drafts.counted", name=inside(label(f"cause.{cause}")), n=number(n))
            for cause, n in known[:LISTED]
        )
        said.append(say("drafts.causes", causes=listed))
    if rest := late - sum(n for _, n in known):
        said.append(say("drafts.causes_unknown", n=number(rest)))
    return said


def _digital(q: PeriodView) -> list[str]:
    missed = [r for r in q.results if r.id.startswith("digital.") and r.met is False]
    missed.sort(key=lambda r: -abs((r.value or 0) - (r.target or 0)))
    if not missed:
        return []
    listed = "; ".join(
        say("drafts.measured", name=inside(r.label), value=result_text(r), target=_target(r))
        for r in missed[:LISTED]
    )
    key = "drafts.digital" if len(missed) <= LISTED else "drafts.digital_more"
    return [say(key, n=number(len(missed)), listed=listed)]


def _target(result: Result) -> str:
    if result.target is None:
        return ""
    return goal(result.target) if is_share(result) else number(result.target)


# -- what comes next -----------------------------------------------------------------------------


def _next_tasks(q: PeriodView) -> list[str]:
    said = to_do(q)
    due = tasks.due_next(q)
    for row in due.head(NEXT).to_dict("records"):
        said.append(say("drafts.next_task", task=row["task"], content=row["content"],
                        lead=row["lead"] or say("tasks.no_lead"),
                        due=f"{row['due_on']:%d/%m/%Y}"))  # fmt: skip
    if len(due) > NEXT:
        said.append(say("drafts.next_more", n=number(len(due) - NEXT)))
    return said


# -- what others must do ---------------------------------------------------------------------------


def _proposals(q: PeriodView, causes: Counter[str]) -> list[str]:
    asked: list[tuple[str, Callable[[int], str]]] = [
        ("partner_agency", lambda n: say("drafts.ask_partner", n=number(n))),
        ("portal_outage", lambda n: say("drafts.ask_portal", n=number(n))),
        ("slow_process", lambda n: say("drafts.ask_limit", n=number(n))),
    ]
    said = [sentence(causes[cause]) for cause, sentence in asked if causes[cause]]
    for governing, other in q.plan.conflicts():
        assert governing.value is not None and other.value is not None
        if governing.unit == "share":
            said.append(
                say("drafts.ask_target", label=inside(label(governing.indicator)),
                    one=goal(governing.value), where=governing.where,
                    other=goal(other.value), elsewhere=other.where)
            )  # fmt: skip
    return said
