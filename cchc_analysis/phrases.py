"""Words from numbers: the sentences a leader reads first.

Each function takes figures and returns Vietnamese sentences with the right unit, agreement and
certainty: a count before a percentage, "có thể do ngẫu nhiên" where chance explains a change,
"vượt ngưỡng" where the target is missed. No sentence is made where there is no figure.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from .period import EARLIER
from .stats.intervals import newcombe
from .words import date, goal, has_label, inside, label, number, percent, points, say

if TYPE_CHECKING:
    from .indicators.results import Result, Value
    from .view import PeriodView

__all__ = [
    "about_dossiers",
    "about_rate",
    "about_satisfaction",
    "about_tasks",
    "change",
    "compared_label",
    "headline",
    "interval_text",
    "is_share",
    "key_text",
    "mark",
    "moved",
    "rate_text",
    "ratio_text",
    "result_text",
    "share_text",
    "to_do",
    "value_text",
]

RATE_DECIMALS = 2  # 99,86% must not be read as 99,9%


def value_text(result: Result | Value | None, unit_is_share: bool) -> str:
    """A figure as people read it: ``99,85%``, ``1.234``, ``…`` where there is none."""
    if result is None or result.value is None:
        hidden = result is not None and result.status == "suppressed"
        return mark("suppressed" if hidden else "no_data")
    if unit_is_share:
        return rate_text(result.numerator, result.denominator, result.value)
    return number(Decimal(str(result.value)))


def result_text(result: Result) -> str:
    """A figure of ``indicators.json`` as people read it, a share as a percentage."""
    return value_text(result, is_share(result))


def is_share(result: Result) -> bool:
    """Whether a figure is a share, told by its unit."""
    return result.unit == label("unit.share")


def rate_text(numerator: int | None, denominator: int | None, value: float) -> str:
    """A share as a percentage with two decimals, never rounded across 0 % or 100 %."""
    if denominator:
        return ratio_text(numerator or 0, denominator)
    return percent(Decimal(str(value)), RATE_DECIMALS)


def ratio_text(k: int, n: int) -> str:
    """``k`` of ``n`` as a percentage with two decimals; ``…`` of nothing."""
    return percent(Decimal(k) / Decimal(n), RATE_DECIMALS) if n else mark("no_data")


def share_text(share: float | None, decimals: int = 1) -> str:
    """An estimated share as a percentage; ``…`` where there is none."""
    if share is None or share != share:
        return mark("no_data")
    return percent(Decimal(str(round(share, 6))), decimals)


def key_text(by: str, key: object) -> str:
    """A group of a breakdown as people read it: the catalogue's name for it, or its own."""
    return label(f"{by}.{key}") if has_label(f"{by}.{key}") else str(key)


def interval_text(low: float | None, high: float | None, decimals: int = RATE_DECIMALS) -> str:
    """An interval of shares on one line: ``92,08% – 95,75%``; ``…`` where there is none."""
    if low is None or high is None:
        return mark("no_data")
    return f"{share_text(low, decimals)}\u00a0–\u00a0{share_text(high, decimals)}"


def mark(state: str) -> str:
    """The sign that stands in a table for what has no number: ``…``, ``-``, ``(*)``."""
    return label(f"mark.{state}")


def compared_label(name: str) -> str:
    """What a period that one is compared with is called (``period.COMPARED``)."""
    return label("word.previous_period" if name == "previous" else f"word.{name}")


def change(
    now: Value, before: Value, than: str, together: tuple[float, float] = (1.0, 1.0)
) -> str | None:
    """How a rate moved, and whether chance alone may have moved it.

    Judged by Newcombe's 95 % interval for the difference; None where there is no rate.
    ``together`` are the design effects of both periods: late dossiers of one event count as fewer
    (Rao, J. N. K. and Scott, A. J., 1992, Biometrics 48, 577–585).
    """
    if now.value is None or before.value is None:
        return None
    if not (now.denominator and before.denominator):
        return None
    low, high = newcombe(
        (now.numerator or 0) / together[0], now.denominator / together[0],
        (before.numerator or 0) / together[1], before.denominator / together[1],
    )  # fmt: skip
    difference = now.value - before.value
    if low <= 0 <= high:
        return say(
            "phrases.no_clear_change", than=than, points=points(difference, RATE_DECIMALS),
            low=points(low, RATE_DECIMALS), high=points(high, RATE_DECIMALS),
        )  # fmt: skip
    key = "phrases.rose" if difference > 0 else "phrases.fell"
    amount = f"{number(abs(Decimal(str(difference)) * 100), RATE_DECIMALS)}"
    return say(key, than=than, amount=amount, unit=label("word.percentage_points"))


def moved(q: PeriodView) -> list[str]:
    """How the on-time rate moved since the previous period and the same one last year."""
    now = q.values["dossiers.on_time_rate"]
    said = []
    for name in EARLIER:
        view = q.compared.get(name)
        before = view.values["dossiers.on_time_rate"] if view else None
        if view and before and now.denominator and before.denominator:
            together = q.picture.together(view)
            said.append(change(now, before, inside(compared_label(name)), together))
    return [sentence for sentence in said if sentence]


def headline(q: PeriodView) -> list[str]:
    """What the first screen says of the dossiers, the survey and the plan's tasks."""
    return about_dossiers(q) + about_satisfaction(q) + about_tasks(q)


def about_dossiers(q: PeriodView) -> list[str]:
    """The flow, the rate against its target, the late ones, the apologies, what is overdue now."""
    count = q.counts
    said = [
        say(
            "phrases.flow", period=q.period.title, received=number(count["received"]),
            resolved=number(count["resolved"]), open=number(count["open"]),
        )
    ]  # fmt: skip
    said += _rate(q)
    late, only = count["resolved_late"], count["late_recorded_only"]
    if late and only:
        said.append(say("phrases.recorded_only", late=number(late), only=number(only)))
    said += _apologies(q)
    if count["open_overdue"]:
        day = date(q.end)
        old = len(q.overdue_unconfirmed)
        key = "phrases.open_overdue_old" if old else "phrases.open_overdue"
        said.append(say(key, n=number(count["open_overdue"]), day=day, old=number(old)))
    return said


def about_satisfaction(q: PeriodView) -> list[str]:
    """The index of those who answered, and what it tells of the target."""
    index, forms = q.result("survey.index"), q.result("survey.responses")
    if index.value is None or not forms.value:
        return []
    shown = rate_text(index.numerator, index.denominator, index.value)
    said = {"rate": shown, "n": number(int(forms.value))}
    if index.target is None:
        return [say("phrases.satisfaction", **said)]
    key = {True: "met", False: "not_met", None: "cannot_tell"}[index.met]
    return [say(f"phrases.satisfaction_{key}", **said, target=goal(index.target))]


def about_tasks(q: PeriodView) -> list[str]:
    """The plan's tasks due in the period, and those still overdue."""
    due, done = q.result("tasks.due").value, q.result("tasks.done").value
    overdue = q.result("tasks.overdue").value
    if due is None or done is None or overdue is None or not (due or overdue):
        return []
    return [say("phrases.tasks", due=number(int(due)), done=number(int(done)),
                overdue=number(int(overdue)))]  # fmt: skip


def _rate(q: PeriodView) -> list[str]:
    return about_rate(
        q.values["dossiers.on_time_rate"], q.counts["resolved_late"],
        target=q.target.value if q.target else None,
        met=q.result("dossiers.on_time_rate").met,
        allowed=int(q.values["dossiers.late_allowance"].value or 0),
    )  # fmt: skip


def about_rate(
    rate: Value | Result,
    late: int,
    *,
    target: Decimal | float | None,
    met: bool | None,
    allowed: int,
) -> list[str]:
    """The on-time rate, against its target where there is one, and the late dossiers."""
    if rate.value is None:
        return [say("phrases.no_rate")]
    shown = rate_text(rate.numerator, rate.denominator, rate.value)
    ratio = f"{number(rate.numerator or 0)}/{number(rate.denominator or 0)}"
    if target is None:
        return [say("phrases.rate", rate=shown, ratio=ratio, late=number(late))]
    said = [
        say(
            "phrases.rate_met" if met else "phrases.rate_not_met",
            rate=shown, ratio=ratio, target=goal(target),
        )
    ]  # fmt: skip
    if late == 0:
        said.append(say("phrases.none_late"))
    elif late > allowed:
        said.append(
            say(
                "phrases.over_allowance", late=number(late), over=number(late - allowed),
                allowed=number(allowed),
            )
        )  # fmt: skip
    else:
        said.append(say("phrases.within_allowance", late=number(late), allowed=number(allowed)))
    return said


def _apologies(q: PeriodView) -> list[str]:
    value = q.values["dossiers.apology_rate"]
    if not value.denominator:
        return []
    owed = value.denominator - (value.numerator or 0)
    key = "phrases.apology_owed" if owed else "phrases.apology_all"
    return [
        say(
            key, given=number(value.numerator or 0), all=number(value.denominator),
            owed=number(owed),
        )
    ]  # fmt: skip


def to_do(q: PeriodView) -> list[str]:
    """At most three things to do, the most pressing first; each follows from a figure."""
    count, said = q.counts, []
    if not q.identity.holds:
        said.append(say("phrases.do_identity"))
    if count["open_overdue"]:
        old = len(q.overdue_unconfirmed)
        key = "phrases.do_overdue_old" if old else "phrases.do_overdue"
        said.append(say(key, n=number(count["open_overdue"]), old=number(old)))
    apology = q.values["dossiers.apology_rate"]
    if apology.denominator and (owed := apology.denominator - (apology.numerator or 0)):
        said.append(say("phrases.do_apologise", n=number(owed)))
    if count["resolved_late"]:
        by_field = q.by("field").sort_values(
            ["resolved_late", "field"], ascending=[False, True], kind="stable"
        )
        top = by_field.iloc[0]
        said.append(
            say(
                "phrases.do_field", field=top["field"], n=number(int(top["resolved_late"])),
                all=number(count["resolved_late"]),
            )
        )  # fmt: skip
    if count["late_recorded_only"]:
        said.append(say("phrases.do_recorded", n=number(count["late_recorded_only"])))
    if len(q.set_aside):
        said.append(say("phrases.do_set_aside", n=number(len(q.set_aside))))
    if count["without_due"]:
        said.append(say("phrases.do_without_due", n=number(count["without_due"])))
    return said[:3] or [say("phrases.do_keep")]
