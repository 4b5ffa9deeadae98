"""The office's picture of lateness: is it news, where does it gather, why did the rate move, when.

Everything here compares; nothing names a cause. Groups too small to compare are listed or left
out, and what the shared audience may not see (officers, small groups) is not in its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..briefs.annex import Annex
from ..causes.change import in_units
from ..causes.concentration import LEAST_RESOLVED, Group, spread
from ..causes.history import resolved
from ..causes.patterns import bulk_closures, days_left, pauses
from ..indicators.dossiers import WITH_DUE, total
from ..phrases import COMPARED, interval_text, key_text, mark, moved, ratio_text
from ..privacy import small_groups
from ..words import date, has_message, inside, label, number, percent, say, signed
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = [
    "closing_days", "habits", "late_chart", "late_news", "late_rates", "when_late",
    "where_cells", "where_funnel", "where_late", "why_changed",
]  # fmt: skip

EARLIER = ("previous", "same_last_year")
DEFINITIONS = {  # late, of
    "by_resolved": (("resolved_late",), WITH_DUE),
    "by_resolved_open": (("resolved_late", "open_overdue"), (*WITH_DUE, "open_overdue")),
    "by_due": (("due_in",), ("due_in",)),  # less those that were kept
}
POINTS = Fraction(1, 10_000)  # a hundredth of a percentage point
MOST_GROUPS = 4  # rows a grouping, of those with more late dossiers than expected
STANDING_OUT = ("high", "cleared")
MOST_CELLS = 8
MOST_POINTS = 40  # of a chart
DRAWN = 30  # dossiers that make a drawing of finishing days


def late_rates(q: PeriodView) -> Any:
    """Late dossiers under each definition, now and then, with the exact interval of now."""
    from scipy.stats import binomtest

    views = [q, *(q.compared.get(name) for name in EARLIER)]
    rows = []
    for name in DEFINITIONS:
        cells = []
        for view in views:
            k, n = _late(view, name) if view else (0, 0)
            shown = say("late_picture.late_of", k=number(k), n=number(n), rate=ratio_text(k, n))
            cells.append(shown if n else mark("no_data"))
        k, n = _late(q, name)
        interval = mark("no_data")
        if n:
            found = binomtest(k, n).proportion_ci(0.95, method="exact")
            interval = interval_text(float(found.low), float(found.high))
        rows.append([say(f"late_picture.{name}"), *cells, interval])
    columns = [
        left(label("col.definition")), right(label("word.this_period")),
        right(label("word.previous_period")), right(label("word.same_last_year")),
        right(say("late_picture.interval")),
    ]  # fmt: skip
    return blocks.table(
        id="late-rates", caption=say("late_picture.rates"), columns=columns, rows=rows,
        notes=[say("late_picture.rates_note")],
    )  # fmt: skip


def _late(q: PeriodView, definition: str) -> tuple[int, int]:
    late, of = DEFINITIONS[definition]
    k = total(q.counts, late)
    return k - (q.counts["due_kept"] if definition == "by_due" else 0), total(q.counts, of)


def late_news(q: PeriodView) -> Any:
    """Whether the late dossiers of the period are news, in sentences."""
    known = q.picture.history
    start, end = date(known.start), date(known.end)
    if not known.episodes:
        none = say("late_picture.news_none", start=start, end=end, n=number(known.since))
        return blocks.note("info", none)
    said = [
        say(
            "late_picture.episodes", start=start, end=end, n=number(len(known.episodes)),
            late=number(sum(len(e.codes) for e in known.episodes)),
            mine=number(sum(e.first >= q.start for e in known.episodes)),
        )
    ]  # fmt: skip
    chart = q.picture.chart
    signals = _signals(q)
    if not any(value is not None for value in chart.centre):
        said.append(say("late_picture.too_few", n=number(len(chart.points))))
    else:
        said += signals or [say("late_picture.quiet")]
    if chart.kind == "g":
        long = any(index == len(chart.points) for index, _ in chart.signals)
        key = "unfinished_long" if long else "unfinished"
        day = date(known.episodes[-1].first)
        said.append(say(f"late_picture.{key}", day=day, n=number(known.since)))
        days = q.picture.by_days
        if days is not None and days.centre and days.centre[-1] is not None and not signals:
            first = _current(q)
            odd = any(first <= index for index, _ in days.signals)
            said.append(say(f"late_picture.{'days_signal' if odd else 'days_agree'}"))
    if compared := moved(q):
        said += [*compared, say("late_picture.together")]
    return blocks.points(said)


def _signals(q: PeriodView) -> list[str]:
    """A sentence for each rule that a point of the period breaks."""
    chart, first = q.picture.chart, _current(q)
    prefix = "signal" if chart.kind == "g" else "share"
    found = []
    for index, rule in chart.signals:
        if index < first or index == len(chart.points):
            continue
        key = f"late_picture.{prefix}_{rule}"
        if not has_message(key):
            upper = chart.upper[index]
            high = upper is not None and chart.points[index] > upper
            key += "_high" if high else "_low"
        found.append(say(key))
    return list(dict.fromkeys(found))


def _current(q: PeriodView) -> int:
    """The index of the chart's first point that belongs to the period."""
    if q.picture.chart.kind == "p_prime":
        return int((q.picture.months["month"] < f"{q.start:%Y-%m}").sum())
    return sum(day < q.start for day in q.picture.ends)


def late_chart(q: PeriodView) -> Any:
    """The control chart of lateness with the reason for its kind; a sentence without limits."""
    from dataclasses import replace

    from ..figures.lateness import control

    chart, why = q.picture.chart, q.picture.choice[1]
    reason = say(f"late_picture.why_{chart.kind}_{why}")
    if not any(value is not None for value in chart.centre):
        return blocks.note("info", reason)
    cut = max(0, len(chart.points) - MOST_POINTS)
    names = (
        [f"{m[5:7]}/{m[:4]}" for m in q.picture.months["month"]]
        if chart.kind == "p_prime"
        else [date(day) for day in q.picture.ends]
    )[cut:]
    shown = replace(
        chart, points=chart.points[cut:], centre=chart.centre[cut:], lower=chart.lower[cut:],
        upper=chart.upper[cut:], signals=tuple((i - cut, r) for i, r in chart.signals if i >= cut),
    )  # fmt: skip
    text = _share if chart.kind == "p_prime" else _whole
    rows = [
        [name, text(point), text(centre), text(upper)]
        for name, point, centre, upper in zip(
            names, shown.points, shown.centre, shown.upper, strict=True
        )
    ]
    first = label("col.month") if chart.kind == "p_prime" else say("late_picture.episode_began")
    value = "figures.late_rate" if chart.kind == "p_prime" else "late_picture.gap"
    notes = [say(f"late_picture.chart_{chart.kind}_note"), reason]
    if chart.trial:
        firm = 12 if chart.kind == "p_prime" else 20
        notes.append(say("late_picture.trial", n=number(len(chart.points)), firm=number(firm)))
    table = blocks.table_data(
        id="late-chart-data", caption=say("late_picture.chart_data"),
        columns=[
            left(first), right(say(value)), right(say("figures.centre")),
            right(say("figures.upper")),
        ],
        rows=rows,
    )  # fmt: skip
    known = [p for p in shown.points if p == p]
    alt = say(
        f"late_picture.chart_alt_{chart.kind}", n=number(len(known)), low=text(min(known)),
        high=text(max(known)), centre=text(shown.centre[-1]), upper=text(shown.upper[-1]),
    )  # fmt: skip
    months = [name[-7:] for name in names]
    begun = [i for i, month in enumerate(months) if i == 0 or month != months[i - 1]]
    ticks = [(i, months[i]) for i in begun[:: max(1, -(-len(begun) // 8))]]
    figure = control(
        shown, ticks, max(0, _current(q) - cut), say(f"late_picture.chart_unit_{chart.kind}")
    )
    return blocks.figure(
        figure, id="late-chart", caption=say(f"late_picture.chart_{chart.kind}"), alt=alt,
        table=table, notes=notes,
    )  # fmt: skip


def _whole(value: float | None) -> str:
    return mark("zero") if value is None else number(round(value))


def _share(value: float | None) -> str:
    return mark("zero") if value is None or value != value else percent(round(value, 6), 1)


# -- where --------------------------------------------------------------------------------------


def where_late(q: PeriodView) -> Any:
    """Fields, procedures, channels and (internally) officers against what was to be expected."""
    picture = q.picture
    start, end = map(date, picture.span)
    if not picture.year["late"].any():
        return blocks.note("info", say("late_picture.nothing_late_year", start=start, end=end))
    shared = q.audience == "shared"
    groups = [g for g in picture.groups if not (shared and g.by == "officer")]
    seen = [g for g in groups if not _hidden(q, g, groups)]
    rows: list[list[str]] = []
    per: dict[str, int] = {}
    for group in seen:
        per[group.by] = per.get(group.by, 0) + 1
        few = per[group.by] <= MOST_GROUPS and group.excess > 0
        if group.late and (few or group.by == "channel" or group.state in STANDING_OUT):
            rows.append(_row(q, group))
    notes = _found(q, seen)
    notes += [say("late_picture.where_note"), _tests(picture.groups)]
    if len(seen) < len(groups):
        notes.append(say("late_picture.some_hidden"))
    return blocks.table(
        id="where-late", caption=say("late_picture.where", start=start, end=end),
        columns=_group_columns(), rows=rows, notes=notes,
    )  # fmt: skip


def _group_columns() -> list[dict[str, str]]:
    return [
        left(say("late_picture.group")), right(say("figures.resolved")),
        right(label("dossiers.resolved_late")), right(say("late_picture.expected")),
        right(say("late_picture.adjusted")), left(say("late_picture.verdict")),
    ]  # fmt: skip


def where_cells(q: PeriodView) -> Any:
    """Which field, procedure, officer and channel together have most late dossiers beyond the
    common rate; for the internal audience only.
    """
    frame = q.picture.year
    if q.audience == "shared" or not frame["late"].any():
        return blocks.note("info", say("late_picture.officers_internal"))
    rate = frame["late"].mean()
    keys = ["field", "procedure", "officer", "channel"]
    cells = frame.groupby(keys, dropna=False)["late"].agg(["size", "sum"]).reset_index()
    cells["excess"] = cells["sum"] - rate * cells["size"]
    cells = cells[(cells["sum"] >= 2) & (cells["excess"] > 0)]
    cells = cells.sort_values(["excess", *keys], ascending=[False, True, True, True, True])
    rows = [
        [
            *(_cell(key, row[key]) for key in keys), number(row["size"]), number(row["sum"]),
            number(round(row["sum"] - row["excess"], 1), 1),
        ]
        for row in cells.head(MOST_CELLS).to_dict("records")
    ]  # fmt: skip
    columns = [
        *(left(label(f"col.{key}")) for key in keys),
        right(say("figures.resolved")),
        right(label("dossiers.resolved_late")),
        right(say("late_picture.expected")),
    ]
    return blocks.table(
        id="where-cells", caption=say("late_picture.cells"), columns=columns, rows=rows,
        notes=[say("late_picture.cells_note")],
    )  # fmt: skip


def _cell(by: str, key: Any) -> str:
    if key is None or key != key:
        return say("late_picture.empty_key")
    return key_text(by, key)


def _hidden(q: PeriodView, group: Group, groups: Sequence[Group]) -> bool:
    """Whether the audience does not see a group: small in the period or over the year."""
    if q.audience != "shared" or group.by not in ("field", "procedure_code", "channel"):
        return False
    sizes = {str(g.key): (g.size,) for g in groups if g.by == group.by}
    annex = Annex.of(q)
    named = group.by == "procedure_code" and annex.sensitive(str(_procedure(q, group.key)))
    return named or annex.is_hidden(group.by, group.key) or str(group.key) in small_groups(sizes)


def _procedure(q: PeriodView, code: Any) -> Any:
    frame = q.picture.year
    names = frame.loc[frame["procedure_code"] == code, "procedure"].dropna()
    return names.iloc[-1] if len(names) else code


def _name(q: PeriodView, group: Group) -> str:
    named = group.by == "procedure_code" and group.key is not None
    key = str(_procedure(q, group.key)) if named else _cell(group.by, group.key)
    return say(f"late_picture.of_{group.by}", key=key)


def _row(q: PeriodView, group: Group) -> list[str]:
    state = group.state
    if state == "high" and group.adjusted is None:
        state = "high_work"
    adjusted = mark("zero") if group.adjusted is None else number(round(group.adjusted, 1), 1)
    return [
        _name(q, group), number(group.size), number(group.late),
        number(round(group.expected, 1), 1), adjusted, label(f"group.{state}"),
    ]  # fmt: skip


def _found(q: PeriodView, groups: Sequence[Group]) -> list[str]:
    said = []
    for group in groups:
        values = {
            "group": _name(q, group), "late": number(group.late),
            "expected": number(round(group.expected, 1), 1),
        }  # fmt: skip
        if group.state == "high":
            expected = group.expected if group.adjusted is None else group.adjusted
            values["expected"] = number(round(expected, 1), 1)
            odds, low, high = map(_odds, (group.odds, group.low, group.high))
            said.append(say("late_picture.found_high", **values, odds=odds, low=low, high=high))
        elif group.state == "cleared" and group.adjusted is not None:
            adjusted = number(round(group.adjusted, 1), 1)
            said.append(say("late_picture.found_cleared", **values, adjusted=adjusted))
    return said


def _odds(value: float) -> str:
    finite = value == value and value != float("inf")
    return number(round(value, 1), 1) if finite else say("late_picture.no_end")


def _tests(groups: Sequence[Group]) -> str:
    n = sum(group.q is not None for group in groups)
    return say("late_picture.tests", n=number(n)) if n else say("late_picture.no_tests")


def where_funnel(q: PeriodView) -> Any:
    """Procedures by size and late rate between limits of chance; None of it over noise."""
    import numpy as np

    from ..figures.lateness import funnel
    from ..stats.funnel import limit

    groups = [g for g in q.picture.groups if g.by == "procedure_code"]
    shown = [g for g in groups if g.size >= LEAST_RESOLVED and not _hidden(q, g, groups)]
    if sum(g.tested for g in shown) < 5:
        return blocks.note("info", say("late_picture.no_tests"))
    frame = q.picture.year
    rate, ratio = float(frame["late"].mean()), spread(groups)
    grid = np.unique(np.linspace(LEAST_RESOLVED, max(g.size for g in shown) * 1.05, 60).round())
    limits = (grid.tolist(), limit(grid, rate, 0.025, ratio), limit(grid, rate, 0.001, ratio))
    high = [g.state == "high" for g in shown]
    names = [str(g.key)[:8] if flag else "" for g, flag in zip(shown, high, strict=True)]
    figure = funnel(
        [g.size for g in shown], [g.late / g.size for g in shown], high, names, limits, rate
    )
    rows = [
        [str(_procedure(q, g.key)), number(g.size), number(g.late), ratio_text(g.late, g.size)]
        for g in sorted(shown, key=lambda g: (-g.size, str(g.key)))
    ]
    table = blocks.table_data(
        id="where-funnel-data", caption=say("late_picture.funnel_data"),
        columns=[
            left(label("col.procedure")), right(say("figures.resolved")),
            right(label("dossiers.resolved_late")), right(say("figures.late_rate")),
        ],
        rows=rows,
    )  # fmt: skip
    alt = say(
        "late_picture.funnel_alt", n=number(len(shown)), rate=percent(round(rate, 6), 1),
        high=number(sum(high)),
    )  # fmt: skip
    return blocks.figure(
        figure, id="where-funnel", caption=say("late_picture.funnel"), alt=alt, table=table,
        notes=[say("late_picture.funnel_note", ratio=number(round(ratio, 1), 1))],
    )  # fmt: skip


# -- why the rate moved -------------------------------------------------------------------------


def why_changed(q: PeriodView) -> Any:
    """Mix and rate effects against the previous period and the same one last year."""
    columns, parts, notes = [], [], []
    for name in EARLIER:
        found = q.picture.change(q.compared[name]) if name in q.compared else None
        if found is None:
            continue
        before, now = round(found.before / POINTS), round(found.now / POINTS)
        effects = (sum(found.mix.values(), Fraction()), sum(found.rate.values(), Fraction()))
        mix, rate = in_units(effects, POINTS, now - before)
        parts.append((before, mix, rate, now))
        columns.append(right(label(COMPARED[name])))
        most = sorted(found.rate.items(), key=lambda pair: (-abs(pair[1]), str(pair[0])))
        names = [
            say("late_picture.named", name=_procedure(q, code),
                points=signed(Decimal(round(effect / POINTS)) / 100, 2))
            for code, effect in most[:3]
            if effect and not _unseen(q, code)
        ]  # fmt: skip
        if names:
            than = inside(columns[-1]["label"])
            notes.append(say("late_picture.most", than=than, names="; ".join(names)))
    if not parts:
        return blocks.note("info", say("late_picture.not_compared"))
    rows = [
        [say(f"late_picture.{key}"), *(show(part[i]) for part in parts)]
        for i, (key, show) in enumerate(
            (("rate_before", _points), ("by_mix", _signed), ("by_rate", _signed),
             ("rate_now", _points))
        )
    ]  # fmt: skip
    return blocks.table(
        id="why-changed", caption=say("late_picture.why"),
        columns=[left(label("col.label")), *columns], rows=rows,
        notes=[*notes, say("late_picture.why_note")], total=True,
    )  # fmt: skip


def _unseen(q: PeriodView, code: str) -> bool:
    groups = [g for g in q.picture.groups if g.by == "procedure_code"]
    mine = [g for g in groups if str(g.key or "") == code]
    return not mine or _hidden(q, mine[0], groups)


def _points(hundredths: int) -> str:
    return number(Decimal(hundredths) / 100, 2)


def _signed(hundredths: int) -> str:
    return signed(Decimal(hundredths) / 100, 2)


# -- when and how -------------------------------------------------------------------------------


def when_late(q: PeriodView) -> Any:
    """Weekday, hour, load, the weeks before Tết, month ends: those that stand out, or none."""
    picture = q.picture
    start, end = map(date, picture.span)
    if not picture.year["late"].any():
        return blocks.note("info", say("late_picture.nothing_late_year", start=start, end=end))
    groups = [g for g in picture.circumstances if g.key is not None]
    rows = [_row(q, g) for g in groups if g.state in STANDING_OUT]
    tests = _tests(groups)
    if not any(g.tested for g in groups):
        return blocks.note("info", say("late_picture.when_few"))
    if not rows:
        n = number(sum(g.tested for g in groups))
        said = say("late_picture.when_none", n=n), say("late_picture.when_note")
        return blocks.note("info", " ".join(said))
    return blocks.table(
        id="when-late", caption=say("late_picture.when", start=start, end=end),
        columns=_group_columns(), rows=rows,
        notes=[*_found(q, groups), say("late_picture.when_note"), tests],
    )  # fmt: skip


def closing_days(q: PeriodView) -> Any:
    """How near to the due day the dossiers of the period were finished."""
    from ..figures.lateness import closing_days as draw

    left_over = days_left(q, resolved(q, q.start, q.end)).dropna()
    if len(left_over) < DRAWN:
        return blocks.note("info", say("late_picture.closing_few"))
    counts = left_over.clip(-6, 10).astype(int).value_counts()
    days = list(range(10, -7, -1))
    values = [int(counts.get(day, 0)) for day in days]
    names = [
        say("late_picture.or_more", n=number(d)) if d == 10
        else say("late_picture.or_less", n=signed(d)) if d == -6
        else number(d) if d >= 0 else signed(d)
        for d in days
    ]  # fmt: skip
    table = blocks.table_data(
        id="closing-days-data", caption=say("late_picture.closing_data"),
        columns=[left(say("late_picture.days_left")), right(say("sections.dossiers_count"))],
        rows=[[name, number(count)] for name, count in zip(names, values, strict=True)],
    )  # fmt: skip
    alt = say(
        "late_picture.closing_alt", on_day=number(values[10]), n=number(len(left_over)),
        late=number(sum(values[11:])),
    )  # fmt: skip
    short = [*(f"≥{d}" if d == 10 else number(d) for d in days[:11]),
             *(signed(d) if d > -6 else f"≤{signed(d)}" for d in days[11:])]  # fmt: skip
    return blocks.figure(
        draw(short, values, 11), id="closing-days", caption=say("late_picture.closing"), alt=alt,
        table=table,
    )  # fmt: skip


def habits(q: PeriodView) -> Any:
    """Finishes on the due day, closures in bulk, pauses just before due: counts, as questions."""
    frame = resolved(q, q.start, q.end)
    later = frame[frame["due_on"] > frame["received_at"].dt.normalize()]
    on_day = int((later["ended_on"] == later["due_on"]).sum())
    bulk, asked = bulk_closures(frame), pauses(q, frame)
    rows = [("on_the_day", on_day, len(later))]
    if bulk is not None:
        rows.append(("in_bulk", bulk.dossiers, len(frame)))
    if asked.dossiers:
        rows += [
            ("pause_before", asked.before_due, asked.dossiers),
            ("pause_after", asked.after_due, asked.dossiers),
        ]
    shown = [
        [say(f"late_picture.{key}"), number(k), number(n), ratio_text(k, n) if n else mark("zero")]
        for key, k, n in rows
    ]
    columns = [
        left(say("late_picture.habit")), right(say("late_picture.how_many")),
        right(say("late_picture.of_all")), right(say("late_causes.share")),
    ]  # fmt: skip
    return blocks.table(
        id="habits", caption=say("late_picture.habits"), columns=columns, rows=shown,
        notes=[say("late_picture.habits_note")],
    )  # fmt: skip
