"""Why the late dossiers are late: in fact or in the register, where the days went, what fits.

What a table says of a cause is a sum over dossiers, each counted once under the one cause that
saves most. "If these had ended in time" is arithmetic, all else equal, and no promise; the rows
of such a table must not be added up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.dossiers import ON_TIME, WITH_DUE, total
from ..phrases import mark, ratio_text, share_text
from ..words import label, number, percent, say
from .dossiers import LONGEST_LIST, count_text, left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "case_list",
    "limits_of_data",
    "lost_days",
    "pareto",
    "real_or_recorded",
    "stage_times",
    "waiting",
]

LEAST = 10  # dossiers below which a percentile says nothing


def real_or_recorded(q: PeriodView) -> Any:
    """How many are late in fact, how many by signs only in the register, by kind of evidence."""
    c = q.counts
    if not c["resolved_late"]:
        return blocks.note("info", say("sections.none_late"))
    only = c["late_recorded_only"]
    both = c["late_recorded_handed_over"] + c["late_recorded_work_done"] - only
    rows = [
        [label("dossiers.resolved_late"), number(c["resolved_late"])],
        [f"– {say('late_causes.in_fact')}", count_text(c["resolved_late"] - only)],
        [f"– {label('dossiers.late_recorded_only')}", count_text(only)],
        [f"– – {say('late_causes.handed_over_only')}",
         count_text(c["late_recorded_handed_over"] - both)],
        [f"– – {say('late_causes.work_done_only')}",
         count_text(c["late_recorded_work_done"] - both)],
        [f"– – {say('late_causes.both_signs')}", count_text(both)],
    ]  # fmt: skip
    return blocks.table(
        id="real-or-recorded", caption=say("late_causes.real_or_recorded"),
        columns=[left(label("col.label")), right(say("sections.dossiers_count"))], rows=rows,
        notes=[say("late_causes.recorded_note")],
    )  # fmt: skip


def pareto(q: PeriodView) -> Any:
    """Late dossiers and days by cause, and the rate had those of one cause ended in time."""
    found = q.annex.late_rows()
    if not found:
        return blocks.note("info", say("sections.none_late"))
    count = Counter(row["cause"] for row in found)
    days: dict[str, int] = defaultdict(int)
    for row in found:
        days[row["cause"]] += int(row["late_days"] or 0)
    known = all(row["late_days"] != "" for row in found)
    k, n = total(q.counts, ON_TIME), total(q.counts, WITH_DUE)
    rows = []
    for cause in sorted(count, key=lambda c: (c in ("unknown", "withheld"), -count[c], c)):
        rows.append(
            [
                label(f"cause.{cause}"), number(count[cause]),
                percent(Decimal(count[cause]) / len(found), 1),
                number(days[cause]) if known else mark("no_data"),
                ratio_text(k + count[cause], n),
            ]
        )  # fmt: skip
    whole = number(sum(days.values())) if known else mark("no_data")
    rows.append([say("sections.total"), number(len(found)), percent(1), whole, ratio_text(n, n)])
    notes = [say("late_causes.what_if", rate=ratio_text(k, n))]
    if "withheld" in count:
        notes.append(say("late_causes.withheld_note"))
    columns = [
        left(label("col.cause")), right(say("sections.dossiers_count")),
        right(say("late_causes.share")), right(label("col.late_days")),
        right(say("late_causes.rate_if")),
    ]  # fmt: skip
    return blocks.table(
        id="causes", caption=say("late_causes.pareto"), columns=columns, rows=rows, notes=notes,
        total=True,
    )  # fmt: skip


def lost_days(q: PeriodView) -> Any:
    """Where the working days late were lost: each step's share adds up to the days late."""
    lost: dict[str, int] = defaultdict(int)
    chief: Counter[str] = Counter()
    untold = 0
    named = _named(q)
    for row in q.late.to_dict("records"):
        finding = q.finding(str(row["code"]))
        if not finding.lost:
            untold += 1
        for stage, hundredths in finding.lost.items():
            lost[named.get(stage, stage)] += hundredths
        if finding.stage:
            chief[named.get(finding.stage, finding.stage)] += 1
    if not lost:
        return blocks.note("info", say("late_causes.no_log"))
    rows = [
        [stage, number(Decimal(lost[stage]) / 100, 2), count_text(chief[stage])]
        for stage in sorted(lost, key=lambda s: (-lost[s], s))
    ]
    whole = number(Decimal(sum(lost.values())) / 100, 2)
    rows.append([say("sections.total"), whole, number(sum(chief.values()))])
    notes = [say("late_causes.lost_note"), *_merged(named)]
    if untold:
        notes.append(say("late_causes.untold", n=number(untold)))
    columns = [
        left(label("col.stage")), right(say("late_causes.days_lost")),
        right(say("late_causes.chief")),
    ]  # fmt: skip
    return blocks.table(
        id="lost-days", caption=say("late_causes.lost_days"), columns=columns, rows=rows,
        notes=notes, total=True,
    )  # fmt: skip


def _named(q: PeriodView) -> dict[str, str]:
    """What the steps of few people are called, with others, to the shared audience."""
    return q.holders.together if q.audience == "shared" else {}


def _merged(named: dict[str, str]) -> list[str]:
    return [say("late_causes.merged_note")] if named else []


def stage_times(q: PeriodView) -> Any:
    """How long dossiers resolved in the period spent at each step: median and 90th percentile,
    and the step's share of all working time.
    """
    timeline = q.attribution.timeline
    codes = q.dossiers.loc[q.dossiers["resolved"], "code"]
    spent = timeline.spent
    spent = spent[spent["code"].isin(codes)]
    if spent.empty:
        return blocks.note("info", say("late_causes.no_log"))
    named = _named(q)
    stages = spent["stage"].map(lambda stage: named.get(stage, stage))
    spent = spent.assign(stage=stages).groupby(["code", "stage"])[["minutes"]].sum().reset_index()
    limits = spent["code"].map(timeline.limits)
    spent = spent.assign(
        days=spent["minutes"] / timeline.day, allowed=(spent["minutes"] / limits)[limits > 0]
    )
    whole = float(spent["days"].sum())
    # Which procedures pass a step is known, so their sum would tell those that are not shown.
    unseen = bool(q.hidden["procedure_code"].period)
    rows = []
    groups = sorted(spent.groupby("stage"), key=lambda pair: -float(pair[1]["days"].sum()))
    for stage, part in groups:
        share = Decimal(str(round(float(part["days"].sum()) / whole, 6))) if whole else Decimal(0)
        enough = len(part) >= LEAST
        rows.append(
            [
                str(stage), *([] if unseen else [number(len(part))]),
                number(float(part["days"].median()), 2) if enough else mark("no_data"),
                number(float(part["days"].quantile(0.9)), 2) if enough else mark("no_data"),
                _median_share(part["allowed"].dropna()),
                percent(share, 1),
            ]
        )  # fmt: skip
    columns = [
        left(label("col.stage")),
        *([] if unseen else [right(say("sections.dossiers_count"))]),
        right(say("late_causes.median")), right(say("late_causes.p90")),
        right(say("late_causes.share_of_limit")), right(say("late_causes.share_of_time")),
    ]  # fmt: skip
    return blocks.table(
        id="stage-times", caption=say("late_causes.stage_times"), columns=columns, rows=rows,
        notes=[say("late_causes.stage_note", least=number(LEAST)), *_merged(named)],
    )  # fmt: skip


def _median_share(shares: Any) -> str:
    if len(shares) < LEAST:
        return mark("no_data")
    return percent(Decimal(str(round(float(shares.median()), 6))), 1)


def waiting(q: PeriodView) -> Any:
    """Whose time it was: steps of the office, of other agencies, and waits for the filer; over
    all dossiers resolved in the period and over the late ones.
    """
    timeline = q.attribution.timeline
    resolved = q.dossiers[q.dossiers["resolved"]]
    steps = timeline.steps[timeline.steps["code"].isin(resolved["code"])]
    steps = steps[steps["start"].notna() & ~steps["open"]]
    if steps.empty:
        return blocks.note("info", say("late_causes.no_log"))
    days = (steps["stop"] - steps["since"]) / timeline.day
    whose = steps["kind"].eq("partner").map({True: "partner", False: "office"})
    whose = whose.where(steps["waits_for"].isna(), "filer")
    late = steps["code"].isin(resolved.loc[resolved["resolved_late"], "code"])
    parts = [days.groupby(whose).sum(), days[late].groupby(whose[late]).sum()]
    rows = [
        [say(f"late_causes.{name}"), *(cell for part in parts for cell in _part(part, name))]
        for name in ("office", "partner", "filer")
    ]
    total_row = [cell for part in parts for cell in (number(float(part.sum()), 1), percent(1))]
    rows.append([say("sections.total"), *total_row])
    heads = [
        {**right(say(f"late_causes.{name}")), "group": say(f"late_causes.{group}")}
        for group in ("every_resolved", "late_only")
        for name in ("days", "share")
    ]
    return blocks.table(
        id="waiting", caption=say("late_causes.waiting"),
        columns=[left(say("late_causes.whose")), *heads], rows=rows,
        notes=[say("late_causes.waiting_note")], total=True,
    )  # fmt: skip


def _part(days: Any, name: str) -> list[str]:
    mine, whole = float(days.get(name, 0.0)), float(days.sum())
    return [number(mine, 1), share_text(mine / whole if whole else None)]


def case_list(q: PeriodView) -> Any:
    """Each late dossier with its step, cause and what shows it, as the audience may see it."""
    annex = q.annex
    found = [*annex.late_rows(), *annex.open_overdue_rows()]
    if not found:
        return blocks.note("info", say("late_causes.none_at_all"))
    rows = [
        [
            row["code"],
            _cause(row),
            number(row["late_days"]) if row["late_days"] != "" else mark("no_data"),
            label(f"apology.{row['apology']}") if row["apology"] else say("late_causes.owed"),
            row["evidence"],
        ]
        for row in found[:LONGEST_LIST]
    ]
    notes = [say("late_causes.goes_with")]
    if len(found) > LONGEST_LIST:
        shown, every = number(LONGEST_LIST), number(len(found))
        notes.append(say("sections.more_rows", shown=shown, all=every))
    columns = [
        left(label("col.code")), left(label("col.cause")), right(label("col.late_days")),
        left(label("col.apology")), left(label("col.evidence")),
    ]  # fmt: skip
    return blocks.table(
        id="late-cases", caption=say("late_causes.cases"), columns=columns, rows=rows, notes=notes
    )


def _cause(row: dict[str, Any]) -> str:
    said = label(f"cause.{row['cause']}")
    if row["stage"]:
        said = say("late_causes.cause_at", cause=said, stage=row["stage"])
    return said if row["finished_at"] else f"{said} – {say('late_causes.open')}"


def limits_of_data(q: PeriodView) -> Any:
    """What the causes rest on, and what nobody can read from the data."""
    if not q.attribution.timeline.has_log:
        return blocks.note("warning", say("late_causes.limits_no_log"))
    limits = say("late_causes.limits")
    if unknown := q.attribution.timeline.unknown_steps:
        return blocks.note("warning", f"{unknown} {limits}")
    return blocks.note("info", limits)
