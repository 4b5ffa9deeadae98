"""One dossier on its way through the office, each step beside what is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..causes.attribution import share_out
from ..causes.evidence import evidence
from ..errors import ParameterError
from ..words import date, label, number, say
from .slices import no_such, view_of

if TYPE_CHECKING:
    import pandas as pd

    from ..causes.attribution import Finding, Stay
    from ..view import PeriodView

__all__ = ["STEPS", "steps", "timeline", "untold", "way_block"]

STEPS = (
    "stage", "actor", "entered_at", "left_at", "days", "usual", "long", "basis", "lost_days",
    "waits_for", "evidence",
)  # fmt: skip


def steps(q: PeriodView, code: str, *, period: str | None = None) -> pd.DataFrame:
    """The steps of one dossier in order, columns ``STEPS``; empty where no log has them.

    ``days``, ``usual`` (median), ``long`` (90th percentile) and ``lost_days`` are working days.
    ``basis`` says what the usual rests on (:class:`~.causes.timeline.Norm`); ``lost_days`` add
    up to the days late, and are NaN for a dossier that is not late in the period. ``evidence``
    is what goes with the delay at that step. Raises :class:`ParameterError` for an unknown code.
    """
    import pandas as pd

    view = view_of(q, period)
    timeline = view.attribution.timeline
    if code not in timeline.dossiers.index:
        raise ParameterError(no_such(label("col.code"), code, list(timeline.dossiers.index)))
    way = timeline.way(code)
    if way.empty:
        return pd.DataFrame([], columns=list(STEPS))
    row, finding = _late_row(view, code)
    stays = finding.stays if finding else view.attribution.stays(code)
    table = way[["stage", "actor", "entered_at", "left_at", "waits_for"]].fillna(
        {"stage": "", "actor": "", "waits_for": ""}
    )
    if len(stays) > len(table):  # a stretch before the first step that the log holds
        before = pd.DataFrame(
            {
                "stage": [stays[0].stage], "actor": [""], "waits_for": [""],
                "entered_at": [timeline.dossiers.loc[code, "received_at"]],
                "left_at": [table["entered_at"].iloc[0]],
            }
        )  # fmt: skip
        table = pd.concat([before, table])
    unknown = len(stays) < len(table)
    nothing = [float("nan")] * len(table)
    table["days"] = nothing if unknown else [s.minutes / timeline.day for s in stays]
    table["usual"] = nothing if unknown else [s.norm.usual / timeline.day for s in stays]
    table["long"] = nothing if unknown else [s.norm.long / timeline.day for s in stays]
    table["basis"] = "none" if unknown else [s.norm.basis for s in stays]
    table["lost_days"] = nothing if unknown or not finding else _share(finding, row)
    table["evidence"] = "" if unknown or not finding else _step_evidence(view, finding, row)
    if len(stays) > len(way):
        table["evidence"] = [
            say("explore.before_log") if not n else text for n, text in enumerate(table["evidence"])
        ]
    return table[list(STEPS)].reset_index(drop=True)


def timeline(q: PeriodView, code: str, *, period: str | None = None) -> Any:
    """The steps of one dossier as a figure: each in working days since receipt, beside the usual
    and the long, with the end of the due day. A note where there is nothing to draw.
    """
    view = view_of(q, period)
    return blocks.note("info", why) if (why := untold(view, code)) else way_block(view, code)


def untold(view: PeriodView, code: str) -> str:
    """Why the way of a dossier cannot be shown; "" where it can."""
    log = view.attribution.timeline
    if not log.has_log:
        return say("explore.no_log")
    if log.way(code).empty and code in log.dossiers.index:
        return say("explore.not_in_log")
    steps(view, code)  # speaks up about an unknown code
    return "" if view.attribution.stays(code) else say("explore.no_calendar")


def _late_row(view: PeriodView, code: str) -> tuple[dict[Any, Any], Finding | None]:
    for frame in (view.late, view.open_overdue):
        found = frame[frame["code"] == code].to_dict("records")
        if found:
            return found[0], view.finding(code)
    return {}, None


def _share(finding: Finding, row: Mapping[Any, Any]) -> list[float]:
    """The days lost at each stay: those of its stage, shared out by what was beyond the usual."""
    shares = [0.0 if row["late_days"] == row["late_days"] else float("nan")] * len(finding.stays)
    for stage, hundredths in finding.lost.items():
        places = [n for n, stay in enumerate(finding.stays) if stay.stage == stage]
        weights = {str(n): finding.stays[n].excess for n in places}
        if not any(weights.values()):
            weights = {str(places[-1]): 1.0}
        for n, part in share_out(hundredths, weights).items():
            shares[int(n)] = part / 100
    return shares


def _step_evidence(view: PeriodView, finding: Finding, row: Mapping[Any, Any]) -> list[str]:
    """What each candidate cause shows at each stay."""
    said: list[list[str]] = [[] for _ in finding.stays]
    if finding.inferred == "closed_late":
        last = max(n for n, stay in enumerate(finding.stays) if stay.stage == finding.stage)
        said[last].append(evidence(view, replace(finding, by_hand=None), row))
    for claim in finding.claims:
        alone = replace(finding, claims=[claim], inferred=claim.cause, by_hand=None)
        place = next(n for n, stay in enumerate(finding.stays) if stay is finding.at(claim))
        said[place].append(evidence(view, alone, row))
    return [" ".join(sentences) for sentences in said]


def way_block(view: PeriodView, code: str, id: str = "explore-way") -> blocks.Block:
    from ..figures.timeline import Bar, in_days, way

    log = view.attribution.timeline
    dossier: Any = log.dossiers.loc[code]
    stays: list[Stay] = view.attribution.stays(code)
    table = steps(view, code)
    ends_open = table["left_at"].isna()
    first = min(stays[0].start, float(log.minutes([dossier["received_at"]])[0]))
    bars = [
        Bar(
            stay.stage, (stay.start - first) / log.day, (stay.stop - first) / log.day,
            stay.norm.usual / log.day, stay.norm.long / log.day, bool(open), bool(stay.waits_for),
        )
        for stay, open in zip(stays, ends_open, strict=True)
    ]  # fmt: skip
    due, due_text = None, ""
    if dossier["due_on"] == dossier["due_on"]:
        minute = log.due_minute(dossier)
        if minute == minute:
            due = (minute - first) / log.day
            due_text = say("explore.timeline_alt_due", days=number(due, 1))
    said = {"n": number(len(bars)), "due": due_text}
    worst = max(bars, key=lambda bar: bar.beyond)
    if worst.beyond:
        said |= {"stage": worst.name, "days": in_days(worst.days),
                 "usual": in_days(worst.usual)}  # fmt: skip
    due_label = say("explore.due_line", day=date(dossier["due_on"])) if due is not None else ""
    return blocks.figure(
        way(bars, due=due, due_label=due_label),
        id=id,
        caption=say("explore.timeline", code=code),
        alt=say("explore.timeline_alt" if worst.beyond else "explore.timeline_alt_plain", **said),
    )
