"""Whether the period's late dossiers are news: rates under each definition, the control chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..briefs import blocks
from ..indicators.dossiers import WITH_DUE, total
from ..period import EARLIER
from ..phrases import interval_text, mark, moved, ratio_text
from ..words import date, has_message, label, number, percent, say
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["late_chart", "late_news", "late_rates"]

DEFINITIONS = {  # late, of
    "by_resolved": (("resolved_late",), WITH_DUE),
    "by_resolved_open": (("resolved_late", "open_overdue"), (*WITH_DUE, "open_overdue")),
    "by_due": (("due_in",), ("due_in",)),  # less those that were kept
}
MOST_POINTS = 40  # of a chart
MOST_TICKS = 8  # under it


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
    ticks: list[tuple[int, str]] = []
    for i in begun:
        if not ticks or i - ticks[-1][0] >= len(names) / MOST_TICKS:
            ticks.append((i, months[i]))
    figure = control(
        shown, ticks, max(0, _current(q) - cut), say(f"late_picture.chart_unit_{chart.kind}"),
        say(f"late_picture.chart_point_{chart.kind}"),
    )  # fmt: skip
    return blocks.figure(
        figure, id="late-chart", caption=say(f"late_picture.chart_{chart.kind}"), alt=alt,
        table=table, notes=notes,
    )  # fmt: skip


def _whole(value: float | None) -> str:
    return mark("zero") if value is None else number(round(value))


def _share(value: float | None) -> str:
    return mark("zero") if value is None or value != value else percent(round(value, 6), 1)
