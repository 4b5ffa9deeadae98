"""Figures on late dossiers: the way of one through the office, and where many lost their days.

Each returns a matplotlib ``Figure`` drawn without pyplot, so that nothing is left open; alt
text and data table are made where the figure is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..words import number, say
from .months import BLUE, DARK, GREY, ORANGE, RED, named_rows

__all__ = ["Bar", "in_days", "lost", "way"]

WIDTH = 8.6  # inches
WRAP = 24  # letters of a step's name on one line
HARDLY = 0.05  # days below which none is told
HEIGHT = 0.52  # of a bar, of the room that a step has


@dataclass(frozen=True)
class Bar:
    """One step in working days since receipt; ``usual`` and ``long`` are lengths, NaN where
    nothing is known to be usual. ``waits`` says that the filer was waited for.
    """

    name: str
    start: float
    stop: float
    usual: float
    long: float
    open: bool = False
    waits: bool = False

    @property
    def days(self) -> float:
        return self.stop - self.start

    @property
    def beyond(self) -> float:
        """Days over the usual; 0 where that is not known."""
        return max(self.days - self.usual, 0.0) if self.usual == self.usual else 0.0

    @property
    def reach(self) -> float:
        """Where what is drawn of it ends."""
        return max(self.stop, self.start + (self.long if self.long == self.long else 0.0))


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(axis="x", colors="#333333", labelsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, min_n_ticks=2, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{_short(value)}"))
    axes.grid(axis="x", color="#d9dee3", linewidth=0.7)
    axes.set_axisbelow(True)


def _short(days: float) -> str:
    """With as many decimals as say something: none for a whole number, else one."""
    return number(days) if round(days, 1) == round(days) else number(round(days, 1), 1)


def _names(axes: Axes, names: Sequence[str]) -> None:
    named_rows(axes, range(len(names)), names, wrap=WRAP, size=9, color=DARK)
    axes.set_ylim(len(names) - 0.4, -0.6)


# -- one dossier -----------------------------------------------------------------------------


def way(bars: Sequence[Bar], *, due: float | None = None, due_label: str = "") -> Figure:
    """The steps of one dossier from top to bottom, each from when to when, with the part beyond
    the usual set off, the usual and the long length marked, and the end of the due day.
    """
    figure = Figure(figsize=(WIDTH, 1.35 + 0.44 * len(bars)), layout="constrained")
    axes = figure.add_subplot()
    _bare(axes)
    end = max([bar.reach for bar in bars] + ([due] if due is not None else []))
    end = max(end, 0.1)
    for place, bar in enumerate(bars):
        _draw(axes, place, bar, end)
    if due is not None:
        axes.axvline(due, color=RED, linestyle=(0, (5, 3)), linewidth=1.5, zorder=1.5)
        right = due < end * 0.6
        axes.annotate(
            due_label, (due, -0.6), textcoords="offset points", xytext=(4 if right else -4, 2),
            ha="left" if right else "right", va="bottom", fontsize=9, color=RED,
            annotation_clip=False,
        )  # fmt: skip
    _names(axes, [bar.name for bar in bars])
    axes.set_xlim(-end * 0.01, end * 1.32)
    axes.set_xlabel(say("explore.timeline_axis"), fontsize=9)
    handles = _legend(bars)
    figure.legend(
        handles=handles, loc="outside upper left", ncols=2 if len(handles) == 4 else 3,
        frameon=False, fontsize=9,
    )  # fmt: skip
    return figure


def _draw(axes: Axes, place: int, bar: Bar, end: float) -> None:
    known = bar.usual == bar.usual
    hatch = "////" if bar.waits else None
    look: dict[str, Any] = {"height": HEIGHT, "hatch": hatch, "edgecolor": "white", "linewidth": 0}
    within = bar.days - bar.beyond
    least = end * 0.003  # a step of a minute is seen too
    axes.barh(place, max(within, least), left=bar.start, color=BLUE if known else GREY, **look)
    if bar.beyond > least:
        axes.barh(place, bar.beyond, left=bar.start + within, color=ORANGE, **look)
    half = HEIGHT / 2 + 0.09
    for length, style, wide in ((bar.usual, "-", 2.0), (bar.long, (0, (1.2, 1.0)), 1.8)):
        if length == length and length >= end * 0.004:
            x = bar.start + length
            axes.plot([x, x], [place - half, place + half], color=DARK, linestyle=style, lw=wide)
    text = say("explore.bar", days=in_days(bar.days))
    if known and max(bar.days, bar.usual) >= HARDLY:
        text = say("explore.bar_usual", days=in_days(bar.days), usual=in_days(bar.usual))
    if bar.open:
        text = say("explore.bar_open", text=text)
    axes.annotate(
        text, (bar.reach, place), textcoords="offset points", xytext=(6, 0), va="center",
        fontsize=8.5, color=DARK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
    )  # fmt: skip


def in_days(days: float) -> str:
    """A length as it is told: to a tenth of a day, less than that as hardly any."""
    return number(days, 1) if days == 0 or days >= HARDLY else say("causes.hardly")


def _legend(bars: Sequence[Bar]) -> list[Patch | Line2D]:
    handles: list[Patch | Line2D] = []
    if any(bar.usual == bar.usual for bar in bars):
        handles += [
            Patch(color=BLUE, label=say("explore.within")),
            Patch(color=ORANGE, label=say("explore.beyond")),
            Line2D([], [], color=DARK, lw=2.0, label=say("explore.usual_mark")),
            Line2D([], [], color=DARK, lw=1.8, ls=(0, (1.2, 1.0)), label=say("explore.long_mark")),
        ]
    if any(bar.usual != bar.usual for bar in bars):
        handles.append(Patch(color=GREY, label=say("explore.not_known")))
    if any(bar.waits for bar in bars):
        handles.append(
            Patch(
                facecolor=GREY, hatch="////", edgecolor="white", label=say("explore.waiting_mark")
            )
        )
    return handles


# -- many ------------------------------------------------------------------------------------


def lost(panels: Sequence[tuple[str, Sequence[str], Sequence[float]]]) -> Figure:
    """Bars of lost working days side by side, a panel (title, names, days) for each way of
    dividing the same days.
    """
    longest = max(len(names) for _, names, _ in panels)
    figure = Figure(figsize=(WIDTH + 1.6, 0.95 + 0.38 * longest), layout="constrained")
    most = max([day for _, _, days in panels for day in days] + [0.1])
    for place, (title, names, days) in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), place + 1)
        _bare(axes)
        axes.barh(range(len(names)), days, HEIGHT, color=BLUE if place == 0 else ORANGE)
        for y, day in enumerate(days):
            axes.annotate(
                _short(day), (day, y), textcoords="offset points", xytext=(4, 0), va="center",
                fontsize=8.5, color=DARK,
            )  # fmt: skip
        _names(axes, names)
        axes.set_ylim(longest - 0.4, -0.6)
        axes.set_xlim(0, most * 1.18)
        axes.set_xlabel(say("explore.days_axis"), fontsize=9)
        axes.set_title(title, loc="left", fontsize=10, color=DARK)
    return figure
