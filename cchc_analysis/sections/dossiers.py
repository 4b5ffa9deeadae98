"""How the dossiers went: the balance, the rates, the late ones, and how far to trust it all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.dossiers import ON_TIME, WITH_DUE, late_allowance, total
from ..phrases import interval_text, mark, rate_text, ratio_text, value_text
from ..words import date, goal, label, number, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "allowance",
    "balance",
    "by",
    "digital_handling",
    "late_list",
    "months",
    "on_time_definitions",
    "open_overdue_list",
    "year_so_far",
]

HANDLING = (
    "online_rate", "online_rate_eligible", "postal_rate", "paid_online_rate",
    "digitised_intake_rate", "digitised_intake_rate_all", "digitised_result_rate",
    "notified_rate", "supplement_rate",
)  # fmt: skip
TOP = 12  # procedures shown in the brief; the workbook has them all
LONGEST_LIST = 60


def left(text: str) -> dict[str, str]:
    return {"label": text, "align": "left"}


def right(text: str) -> dict[str, str]:
    return {"label": text, "align": "right"}


def count_text(n: int) -> str:
    return number(n) if n else mark("zero")


def balance(q: PeriodView) -> Any:
    """Where the dossiers came from and what became of them; both sides must be equal."""
    c = q.counts
    inflow = [("carried_over", 1), ("received", 1)] + [
        (name, 2) for name in ("received_online", "received_direct", "received_postal")
    ]
    outflow = [("resolved", 1)] + [
        (name, 2) for name in ("resolved_early", "resolved_on_day", "resolved_late", "without_due")
    ]
    outflow += [("ended_without_result", 1), ("withdrawn", 2), ("stopped", 2)]
    outflow += [("ended_undated", 1)] if c["ended_undated"] else []
    outflow += [("open", 1), ("open_within", 2), ("open_overdue", 2), ("paused", 2)]
    rows = []
    for name, level in [*inflow, *outflow]:
        value = q.values[f"dossiers.{name}"]
        text = count_text(int(value.value)) if value.value is not None else mark("no_data")
        shown = label(f"dossiers.{name}")
        rows.append([f"– {shown}" if level == 2 else shown, text])
    i = q.identity
    total_in = i.carried_over + i.received
    key = "sections.balanced" if i.holds else "sections.unbalanced"
    notes = [say(key, total=number(total_in), gap=number(i.gap))]
    if c["refused"]:
        notes.append(say("sections.refused", n=number(c["refused"])))
    if c["returned_stands_in"]:
        notes.append(say("sections.stands_in", n=number(c["returned_stands_in"])))
    if c["paused_past_due"]:
        notes.append(say("sections.paused_past_due", n=number(c["paused_past_due"])))
    return blocks.table(
        id="balance", caption=say("sections.balance"),
        columns=[left(label("col.label")), right(say("sections.dossiers_count"))],
        rows=rows, notes=notes,
    )  # fmt: skip


def on_time_definitions(q: PeriodView) -> Any:
    """The three ways to state the on-time rate, side by side, each with its interval."""
    rows = []
    for name in ("on_time_rate", "on_time_rate_with_open", "on_time_rate_by_due"):
        r = q.result(f"dossiers.{name}")
        rows.append(
            [
                r.label, number(r.numerator or 0), number(r.denominator or 0),
                value_text(r, True), interval_text(r.low, r.high),
            ]
        )  # fmt: skip
    columns = [
        left(label("col.label")), right(label("col.numerator")),
        right(label("col.denominator")), right(label("col.value")),
        right(say("sections.interval_head")),
    ]  # fmt: skip
    return blocks.table(
        id="on-time", caption=say("sections.on_time"), columns=columns, rows=rows,
        notes=[say("sections.on_time_note")],
    )  # fmt: skip


def allowance(q: PeriodView) -> Any:
    """What the target means in dossiers, and where the plan contradicts itself."""
    target = q.target
    if target is None or target.value is None:
        return blocks.note("info", say("office.no_plan", year=q.period.year))
    n = total(q.counts, WITH_DUE)
    said = say(
        "sections.allowance_text", n=number(n), target=goal(target.value),
        allowed=number(int(q.values["dossiers.late_allowance"].value or 0)),
        late=number(q.counts["resolved_late"]), where=target.where,
    )  # fmt: skip
    for governing, other in q.plan.conflicts():
        if governing.indicator == "dossiers.on_time_rate" and other.value is not None:
            said += " " + say(
                "sections.conflict", other=goal(other.value), where=other.where,
                target=goal(target.value),
            )  # fmt: skip
    return blocks.note("info", said)


def year_so_far(q: PeriodView) -> Any:
    """Late dossiers against the target since the year began, month by month, summed up."""
    from ..figures.months import cumulative_late

    view = q.compared.get("year_to_date")
    if view is None or q.target is None or q.target.value is None:
        return blocks.note("info", say("sections.no_year"))
    rows, late, due = [], 0, 0
    for row in view.by("month").to_dict("records"):
        late += int(row["resolved_late"])
        due += total(row, WITH_DUE)
        rows.append((row["month"], late, due, late_allowance(due, q.target.value)))
    shown = [[f"{m[5:7]}/{m[:4]}", number(d), number(k), number(a)] for m, k, d, a in rows]
    table = blocks.table_data(
        id="year-so-far-data", caption=say("sections.year_table"),
        columns=[
            left(label("col.month")), right(say("sections.resolved_so_far")),
            right(say("sections.late_so_far")), right(say("sections.allowed_so_far")),
        ],
        rows=shown, notes=[say("sections.year_note")],
    )  # fmt: skip
    last = rows[-1]
    alt = say(
        "sections.year_alt", month=f"{last[0][5:7]}/{last[0][:4]}", late=number(last[1]),
        allowed=number(last[3]),
    )  # fmt: skip
    figure = cumulative_late([r[0] for r in rows], [r[1] for r in rows], [r[3] for r in rows])
    return blocks.figure(
        figure, id="year-so-far", caption=say("sections.year"), alt=alt, table=table
    )


def months(q: PeriodView) -> Any:
    """Received and resolved by month over the year so far (or the period itself)."""
    from ..figures.months import flow

    view = q.compared.get("year_to_date", q)
    records = view.by("month").to_dict("records")
    names = ("received", "resolved", "resolved_late", "open")
    shown = [
        [f"{r['month'][5:7]}/{r['month'][:4]}", *(number(int(r[n])) for n in names), _rate(r)]
        for r in records
    ]
    table = blocks.table_data(
        id="months-data", caption=say("sections.months_table"),
        columns=[
            left(label("col.month")),
            *(right(label(f"dossiers.{n}")) for n in names),
            right(say("sections.rate_short")),
        ],
        rows=shown,
    )  # fmt: skip
    received = [int(r["received"]) for r in records]
    resolved = [int(r["resolved"]) for r in records]
    alt = say(
        "sections.months_alt", n=number(len(records)), low=number(min(received)),
        high=number(max(received)), low2=number(min(resolved)), high2=number(max(resolved)),
    )  # fmt: skip
    figure = flow([r["month"] for r in records], received, resolved)
    return blocks.figure(figure, id="months", caption=say("sections.months"), alt=alt, table=table)


def _rate(row: Mapping[Any, Any]) -> str:
    k, n = total(row, ON_TIME), total(row, WITH_DUE)
    return ratio_text(k, n) if n else mark("zero")


def by(q: PeriodView, key: str) -> Any:
    """The flow and the on-time rate by ``field``, ``channel`` or ``procedure_code``."""
    annex = q.annex
    records = [
        r
        for r in annex.rows_by(key)
        if r["received"] or r["resolved"] or r["open"] or annex.is_hidden(key, r[key], "resolved")
    ]
    records.sort(key=lambda r: (-r["resolved"], r[key] is None or r[key] != r[key], str(r[key])))
    names = ("received", "resolved", "resolved_late", "open", "open_overdue")
    rows = []
    for row in records[:TOP]:
        cells = {**{n: count_text(int(row[n])) for n in names}, "on_time_rate": _rate(row)}
        shown = (
            mark("suppressed") if annex.is_hidden(key, row[key], name) else cell
            for name, cell in cells.items()
        )
        rows.append([annex.key_label(key, row[key]), *shown])
    totals = {n: q.counts[n] for n in (*names, *WITH_DUE)}
    rows.append([say("sections.total"), *(number(totals[n]) for n in names), _rate(totals)])
    notes = []
    if any(annex.is_hidden(key, r[key], "resolved") for r in records[:TOP]):
        notes.append(say("sections.suppressed"))
    if len(records) > TOP:
        notes.append(say("sections.more_rows", shown=number(TOP), all=number(len(records))))
    columns = [
        left(label(f"col.{'procedure' if key == 'procedure_code' else key}")),
        *(right(label(f"dossiers.{n}")) for n in names),
        right(say("sections.rate_short")),
    ]
    return blocks.table(
        id=f"by-{key.replace('_', '-')}", caption=say(f"sections.by_{key}"), columns=columns,
        rows=rows, notes=notes, total=True,
    )  # fmt: skip


def late_list(q: PeriodView) -> Any:
    """Every dossier resolved late, as the audience may see it."""
    return _list(q, q.annex.late_rows(), "late", finished=True)


def open_overdue_list(q: PeriodView) -> Any:
    """Every dossier open and overdue at the period's end; of those that newer registers do not
    tell of, the day when they were last told.
    """
    annex = q.annex
    old = {code: date(day) for code, day in annex.told_on.items()}
    return _list(q, annex.open_overdue_rows(), "open_overdue", finished=False, old=old)


def _list(
    q: PeriodView,
    rows: list[dict[str, Any]],
    name: str,
    *,
    finished: bool,
    old: Mapping[str, str] | None = None,
) -> Any:
    if not rows:
        return blocks.note("info", say(f"sections.none_{name}"))
    shown = []
    for row in rows[:LONGEST_LIST]:
        apology = label(f"apology.{row['apology']}") if row["apology"] else mark("zero")
        days = number(row["late_days"]) if row["late_days"] != "" else mark("no_data")
        shown.append(
            [
                row["code"], row["field"] or mark("suppressed"), _day(row["received_at"]),
                _day(row["due_at"]), *([_day(row["finished_at"])] if finished else []), days,
                *([label("word.yes") if row["recorded_only"] == "true" else mark("zero")]
                  if finished else []),
                apology, *([old.get(row["code"], mark("zero"))] if old else []),
            ]
        )  # fmt: skip
    columns = [
        left(label("col.code")), left(label("col.field")), right(label("col.received_at")),
        right(label("col.due_at")), *([right(label("col.finished_at"))] if finished else []),
        right(label("col.late_days")),
        *([left(label("col.recorded_only"))] if finished else []), left(label("col.apology")),
        *([right(label("col.told_on"))] if old else []),
    ]  # fmt: skip
    notes = [say("sections.masked")] if q.audience == "shared" else []
    if old:
        notes.append(say("sections.told_on", n=number(len(old))))
    if any(not row["field"] for row in rows[:LONGEST_LIST]):
        notes.append(say("sections.suppressed"))
    if len(rows) > LONGEST_LIST:
        more = say("sections.more_rows", shown=number(LONGEST_LIST), all=number(len(rows)))
        notes.append(more)
    return blocks.table(
        id=name.replace("_", "-"), caption=say(f"annex.{name}"), columns=columns, rows=shown,
        notes=notes,
    )  # fmt: skip


def _day(iso: str) -> str:
    """A day, or a month where no more is told."""
    day = f"{iso[8:10]}/" if iso[8:10] else ""
    return f"{day}{iso[5:7]}/{iso[:4]}" if iso else mark("no_data")


def digital_handling(q: PeriodView) -> Any:
    """Online filing, payment, digitised papers and results, notices, as the register says."""
    rows, why = [], []
    for name in HANDLING:
        r = q.result(f"dossiers.{name}")
        target = goal(r.target) if r.target is not None else mark("zero")
        if r.value is None:
            why.append(f"{r.label}: {label(f'figure.{r.status}').lower()}.")
        state = {True: "state.met", False: "state.not_met", None: None}[r.met]
        rows.append(
            [
                r.label,
                count_text(r.numerator) if r.numerator is not None else mark("no_data"),
                count_text(r.denominator) if r.denominator is not None else mark("no_data"),
                value_text(r, True),
                rate_text(None, None, r.previous) if r.previous is not None else mark("no_data"),
                target,
                label(state) if state else mark("zero"),
            ]
        )
    columns = [
        left(label("col.label")), right(label("col.numerator")),
        right(label("col.denominator")), right(label("word.this_period")),
        right(label("word.previous_period")), right(label("word.target")),
        left(label("col.state")),
    ]  # fmt: skip
    if q.office.catalogue is not None:
        why.append(say("sections.catalogue_note"))
    return blocks.table(
        id="digital-handling", caption=say("sections.digital_handling"), columns=columns,
        rows=rows, notes=why,
    )  # fmt: skip
