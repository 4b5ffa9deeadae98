"""Figures on the way to the year's goals: indicators month by month, duties by due day.

Drawn without pyplot like ``months``. A month without a usable value leaves a gap and is marked by
a shape at the foot of its panel; all panels share one scale, so that what hardly moves looks so.
States of duties have a shape each, so nothing is told by colour alone.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from ..words import date, label, percent, say
from .months import BLUE, DARK, GREY, ORANGE, RED

__all__ = ["SHAPES", "Panel", "Row", "panels", "timeline"]

WASH = "#eef3f8"
WIDTH = 7.2  # inches
ACROSS = 2  # panels side by side
TITLE = 44  # letters of a panel's title on one line
NAMES = 232  # points for the names of the tasks
FOOT = 0.045  # height of the marks of months without a value

# State → marker, edge colour, filled, size. In the order of the legend.
SHAPES: dict[str, tuple[str, str, bool, float]] = {
    "done": ("o", BLUE, True, 34),
    "done_late": ("D", ORANGE, True, 32),
    "overdue": ("X", RED, True, 56),
    "due_soon": ("^", ORANGE, False, 44),
    "not_due": ("o", GREY, False, 34),
    "unreported": ("s", GREY, False, 32),
}


@dataclass(frozen=True)
class Panel:
    """One indicator: ``values`` by month (None: a gap), ``faults`` the places of flagged months,
    ``missing`` those of months without a row, ``goal`` a share or None.
    """

    title: str
    values: Sequence[float | None]
    faults: Sequence[int]
    missing: Sequence[int]
    goal: float | None


def panels(months: Sequence[str], shown: Sequence[Panel], own: tuple[int, int] | None) -> Figure:
    """A panel an indicator over the same months (``2024-03``), all from 0 to 100 %.

    ``own`` are the first and last place of the period's months, drawn on a tinted ground.
    """
    deep = math.ceil(len(shown) / ACROSS)
    spaced = ConstrainedLayoutEngine(hspace=0.03, wspace=0.04)
    figure = Figure(figsize=(WIDTH, 0.5 + 1.52 * deep), layout=spaced)
    for place, panel in enumerate(shown):
        axes = figure.add_subplot(deep, ACROSS, place + 1)
        _panel(axes, months, panel, own)
        last_of_column = place + ACROSS >= len(shown)
        axes.tick_params(labelleft=place % ACROSS == 0, labelbottom=last_of_column)
    figure.legend(
        handles=_panel_legend(shown), loc="outside upper left", ncols=4, frameon=False, fontsize=9,
        handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip
    return figure


def _panel(axes: Axes, months: Sequence[str], panel: Panel, own: tuple[int, int] | None) -> None:
    _bare(axes)
    places = range(len(months))
    if own is not None:
        axes.axvspan(own[0] - 0.5, own[1] + 0.5, color=WASH, zorder=0)
    if panel.goal is not None:
        axes.plot(
            [-0.7, len(months) - 0.5], [panel.goal] * 2, color=ORANGE, linestyle="--",
            linewidth=1.3, zorder=1,
        )  # fmt: skip
    heights = [math.nan if value is None else value for value in panel.values]
    axes.plot(places, heights, color=BLUE, marker="o", markersize=3, linewidth=1.4, zorder=3)
    for marked, marker, colour, face in (
        (panel.faults, "x", RED, RED), (panel.missing, "o", GREY, "none"),
    ):  # fmt: skip
        if marked:
            axes.scatter(
                list(marked), [FOOT] * len(marked), marker=marker, s=26, color=colour,
                facecolors=face, linewidths=1.4, zorder=3,
            )  # fmt: skip
    known = [place for place in places if panel.values[place] is not None]
    if known:
        value = heights[known[-1]]
        axes.annotate(
            percent(round(value, 6)), (known[-1] + 0.7, value), va="center", fontsize=8.5,
            color=BLUE, fontweight="bold",
        )  # fmt: skip
    axes.set_title(textwrap.fill(panel.title, TITLE), loc="left", fontsize=8.5, color=DARK, pad=3)
    axes.set_xlim(-0.7, len(months) * 1.2)  # room for the last value
    axes.set_ylim(0, 1.07)
    axes.set_yticks([0, 0.5, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0)))
    step = max(1, math.ceil(len(months) / 6))
    ticks = list(range(len(months) - 1, -1, -step))[::-1]
    axes.set_xticks(ticks, [f"{months[n][5:7]}/{months[n][2:4]}" for n in ticks])


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(colors="#333333", labelsize=8)
    axes.grid(axis="y", color="#d9dee3", linewidth=0.7)
    axes.set_axisbelow(True)


def _panel_legend(shown: Sequence[Panel]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=BLUE, marker="o", markersize=3.5, lw=1.4,
               label=say("figures.month_value")),
    ]  # fmt: skip
    if any(panel.goal is not None for panel in shown):
        handles.append(
            Line2D([], [], color=ORANGE, ls="--", lw=1.3, label=say("figures.year_goal"))
        )
    for used, marker, colour, face, key in (
        (any(p.faults for p in shown), "x", RED, RED, "faulty_month"),
        (any(p.missing for p in shown), "o", GREY, "none", "missing_month"),
    ):
        if used:
            handles.append(
                Line2D([], [], color=colour, marker=marker, markerfacecolor=face, markersize=5.5,
                       markeredgewidth=1.4, lw=0, label=say(f"figures.{key}"))
            )  # fmt: skip
    return handles


# -- the year's duties -------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A task: ``duties`` are (due day, finishing day or None, state). Without duties and with
    ``head`` it is the head of a group.
    """

    name: str
    duties: Sequence[tuple[dt.date | None, dt.date | None, str]] = ()
    head: bool = False


def timeline(rows: Sequence[Row], year: int, start: dt.date, end: dt.date) -> Figure:
    """A row a task, a shape for the state of each duty at its due day, a thin line from there to
    the day it was finished; the period from ``start`` to ``end`` tinted, its end a broken line.
    """
    figure = Figure(figsize=(WIDTH, 0.95 + 0.215 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    _bare(axes)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color="#e3e7eb", linewidth=0.7)
    axes.spines[["left"]].set_visible(False)
    axes.axvspan(_at(start, year), _at(end, year) + 1, color=WASH, zorder=0)
    axes.axvline(_at(end, year) + 1, color=DARK, linestyle=(0, (4, 3)), linewidth=1.2, zorder=1)
    days = [_at(day, year) for row in rows for due, done, _ in row.duties for day in (due, done)
            if day is not None]  # fmt: skip
    last = max([*days, _at(dt.date(year, 12, 31), year)])
    for place, row in enumerate(rows):
        if row.head:
            axes.axhline(place + 0.5, color="#c3cbd3", linewidth=0.7, zorder=1)
        for due, done, state in row.duties:
            _duty(axes, place, due, done, state, year)
    axes.set_yticks([])
    for place, row in enumerate(rows):
        axes.annotate(
            row.name, (0, place), xycoords=("axes fraction", "data"), xytext=(-NAMES, 0),
            textcoords="offset points", va="center", fontsize=8, color=DARK,
            fontweight="bold" if row.head else "normal", annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(min(0, _at(start, year)), last + 9)
    firsts = [_at(dt.date(year, month, 1), year) for month in range(1, 13)]
    axes.set_xticks(firsts, [""] * 12)
    axes.set_xticks([day + 15 for day in firsts], [f"{n:02d}" for n in range(1, 13)], minor=True)
    axes.tick_params(axis="x", which="minor", length=0, labelsize=8, colors="#333333")
    axes.xaxis.set_label_text(say("figures.months_of", year=year), fontsize=9)
    right = _at(end, year) > 183
    axes.annotate(
        say("figures.period_end", day=date(end)), (_at(end, year) + 1, -0.6),
        textcoords="offset points", xytext=(-3 if right else 3, 3), fontsize=8.5, color=DARK,
        ha="right" if right else "left", annotation_clip=False,
    )  # fmt: skip
    figure.legend(
        handles=_duty_legend(rows), loc="outside upper left", ncols=3, frameon=False, fontsize=9,
        handletextpad=0.3, columnspacing=1.4,
    )  # fmt: skip
    return figure


def _at(day: dt.date, year: int) -> int:
    return (day - dt.date(year, 1, 1)).days


def _duty(
    axes: Axes, place: int, due: dt.date | None, done: dt.date | None, state: str, year: int
) -> None:
    if due is None and done is None:
        axes.annotate(
            say("figures.no_due_day"), (4, place), va="center", fontsize=8, color=GREY,
            style="italic",
        )  # fmt: skip
        return
    at = _at(due or done or dt.date(year, 12, 31), year)
    if due is not None and done is not None:
        axes.plot([_at(done, year), at], [place, place], color=GREY, linewidth=1.1, zorder=2)
        axes.plot([_at(done, year)], [place], marker="|", color=GREY, markersize=6, zorder=2)
    marker, colour, filled, size = SHAPES[state]
    axes.scatter(
        [at], [place], marker=marker, s=size, facecolors=colour if filled else "white",
        edgecolors=colour if not filled else "white", linewidths=1.4 if not filled else 0.5,
        zorder=3, clip_on=False,
    )  # fmt: skip


def _duty_legend(rows: Sequence[Row]) -> list[Line2D]:
    states = {state for row in rows for due, done, state in row.duties if due or done}
    handles = []
    for state, (marker, colour, filled, size) in SHAPES.items():
        if state in states:
            look: dict[str, Any] = {"markerfacecolor": colour if filled else "white"}
            handles.append(
                Line2D([], [], lw=0, marker=marker, markersize=math.sqrt(size), color=colour,
                       markeredgewidth=0.4 if filled else 1.4, label=label(f"tasks.{state}"),
                       **look)
            )  # fmt: skip
    if any(due and done for row in rows for due, done, _ in row.duties):
        handles.append(
            Line2D([], [], lw=1.1, marker="|", markersize=6, color=GREY,
                   label=say("figures.finished"))
        )  # fmt: skip
    return handles
