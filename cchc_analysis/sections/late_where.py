"""Where lateness gathers: fields, procedures, channels, officers, days; and why the rate moved.

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
from ..causes.change import Decomposition, in_units
from ..causes.concentration import LEAST_RESOLVED, Group, spread
from ..disclosure import small_groups
from ..period import EARLIER
from ..phrases import compared_label, key_text, mark, ratio_text
from ..suppression import untold
from ..words import date, inside, label, number, percent, say, signed
from .dossiers import left, right

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["when_late", "where_cells", "where_funnel", "where_late", "why_changed"]

POINTS = Fraction(1, 10_000)  # a hundredth of a percentage point
MOST_GROUPS = 4  # rows a grouping, of those with more late dossiers than expected
STANDING_OUT = ("high", "cleared")
MOST_CELLS = 8


def where_late(q: PeriodView) -> Any:
    """Fields, procedures, channels and (internally) officers against what was to be expected."""
    picture = q.picture
    start, end = map(date, picture.span)
    if not picture.year["late"].any():
        return blocks.note("info", say("late_picture.nothing_late_year", start=start, end=end))
    shared = q.audience == "shared"
    groups = [g for g in picture.groups if not (shared and g.by == "officer")]
    seen = [g for g in groups if not _hidden(q, g, groups)]
    annex = q.annex
    rows: list[list[str]] = []
    per: dict[str, int] = {}
    for group in seen:
        per[group.by] = per.get(group.by, 0) + 1
        few = per[group.by] <= MOST_GROUPS and group.excess > 0
        if group.late and (few or group.by == "channel" or group.state in STANDING_OUT):
            rows.append(_row(annex, group))
    notes = _found(annex, seen)
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
    """Whether the audience does not see a group."""
    if q.audience != "shared" or group.by not in ("field", "procedure_code", "channel"):
        return False
    if group.by == "field":
        sizes = {str(g.key): (g.size,) for g in groups if g.by == "field"}
        return str(group.key) in small_groups(sizes)
    return str(group.key or "") in q.hidden[group.by].year


def _name(annex: Annex, group: Group) -> str:
    named = group.by == "procedure_code" and group.key is not None
    key = annex.procedure(str(group.key)) if named else _cell(group.by, group.key)
    return say(f"late_picture.of_{group.by}", key=key)


def _row(annex: Annex, group: Group) -> list[str]:
    state = group.state
    if state == "high" and group.adjusted is None:
        state = "high_work"
    adjusted = mark("zero") if group.adjusted is None else number(round(group.adjusted, 1), 1)
    return [
        _name(annex, group), number(group.size), number(group.late),
        number(round(group.expected, 1), 1), adjusted, label(f"group.{state}"),
    ]  # fmt: skip


def _found(annex: Annex, groups: Sequence[Group]) -> list[str]:
    said = []
    for group in groups:
        values = {
            "group": _name(annex, group), "late": number(group.late),
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
    annex = q.annex
    names = [
        str(g.key)[:8] if flag and not annex.unnamed(str(g.key)) else ""
        for g, flag in zip(shown, high, strict=True)
    ]
    figure = funnel(
        [g.size for g in shown], [g.late / g.size for g in shown], high, names, limits, rate
    )
    rows = [
        [annex.procedure(str(g.key)), number(g.size), number(g.late), ratio_text(g.late, g.size)]
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


def when_late(q: PeriodView) -> Any:
    """Weekday, hour, load, the weeks before Tết, month ends: those that stand out, or none."""
    picture = q.picture
    start, end = map(date, picture.span)
    if not picture.year["late"].any():
        return blocks.note("info", say("late_picture.nothing_late_year", start=start, end=end))
    groups = [g for g in picture.circumstances if g.key is not None]
    annex = q.annex
    rows = [_row(annex, g) for g in groups if g.state in STANDING_OUT]
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
        notes=[*_found(annex, groups), say("late_picture.when_note"), tests],
    )  # fmt: skip


# -- why the rate moved -------------------------------------------------------------------------


def why_changed(q: PeriodView) -> Any:
    """Mix and rate effects against the previous period and the same one last year."""
    columns, parts, notes = [], [], []
    annex = q.annex
    for name in EARLIER:
        found = _change(q, q.compared[name]) if name in q.compared else None
        if found is None:
            continue
        before, now = round(found.before / POINTS), round(found.now / POINTS)
        effects = (sum(found.mix.values(), Fraction()), sum(found.rate.values(), Fraction()))
        mix, rate = in_units(effects, POINTS, now - before)
        parts.append((before, mix, rate, now))
        columns.append(right(compared_label(name)))
        most = sorted(found.rate.items(), key=lambda pair: (-abs(pair[1]), str(pair[0])))
        names = [
            say("late_picture.named", name=annex.procedure(str(code)),
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


def _change(q: PeriodView, before: PeriodView) -> Decomposition | None:
    """The change since another period, procedures that either does not show as one: what each of
    them adds to the effects would tell its numbers.
    """
    return q.picture.change(before, q.hidden["procedure_code"].period | untold(before, q))


def _unseen(q: PeriodView, code: str) -> bool:
    groups = [g for g in q.picture.groups if g.by == "procedure_code"]
    mine = [g for g in groups if str(g.key or "") == code]
    return not mine or _hidden(q, mine[0], groups)


def _points(hundredths: int) -> str:
    return number(Decimal(hundredths) / 100, 2)


def _signed(hundredths: int) -> str:
    return signed(Decimal(hundredths) / 100, 2)
