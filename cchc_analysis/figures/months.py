"""Figures over months: what came in and went out, and the late ones against the target.

Each returns a matplotlib ``Figure`` drawn without pyplot, so that nothing is left open; alt
text and data table are made where the figure is shown.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..words import label, number, say

__all__ = ["cumulative_late", "flow", "named_rows", "plain_axes"]

BLUE, ORANGE, RED, GREY = "#1f5a94", "#b8651b", "#a4262c", "#5f6b76"
DARK = "#222222"  # of names
SIZE = (7.2, 3.1)  # inches
PAD = 3.5  # points between a row's name and the axis
LEADING = 1.2


def plain_axes() -> tuple[Figure, Axes]:
    """An empty figure of our size with plain axes, numbers written as in Vietnam."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(colors="#333333", labelsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.grid(axis="y", color="#d9dee3", linewidth=0.7)
    axes.set_axisbelow(True)
    return figure, axes


def named_rows(
    axes: Axes, places: Sequence[int], names: Sequence[str], *, wrap: int, size: float, color: str
) -> None:
    """Names at the left of rows; one of more than ``wrap`` letters takes several lines. Each line
    is a text of its own: the lines of one are laid out by matplotlib's font, so where a reader's
    font is another they would not end at the axis.
    """
    lines = [textwrap.wrap(name, wrap) or [""] for name in names]
    axes.set_yticks(places, [each[0] if len(each) == 1 else "" for each in lines])
    axes.tick_params(axis="y", length=0, labelsize=size, labelcolor=color)
    for place, each in zip(places, lines, strict=True):
        for n, line in enumerate(each if len(each) > 1 else ()):
            down = ((len(each) - 1) / 2 - n) * size * LEADING
            axes.annotate(
                line, (0, place), xycoords=axes.get_yaxis_transform(), xytext=(-PAD, down),
                textcoords="offset points", ha="right", va="center_baseline", fontsize=size,
                color=color, annotation_clip=False,
            )  # fmt: skip


def _months(axes: Axes, months: Sequence[str]) -> None:
    axes.set_xticks(range(len(months)), [f"{m[5:7]}/{m[:4]}" for m in months])
    axes.set_xlim(-0.6, len(months) - 0.4)
    if len(months) > 8:
        axes.tick_params(axis="x", labelsize=7.5)


def flow(months: Sequence[str], received: Sequence[int], resolved: Sequence[int]) -> Figure:
    """Bars of dossiers received and resolved in each month (labels ``2024-03``)."""
    figure, axes = plain_axes()
    width = 0.38
    places = range(len(months))
    axes.bar(
        [p - width / 2 for p in places],
        received,
        width,
        color=BLUE,
        label=label("dossiers.received"),
    )
    axes.bar(
        [p + width / 2 for p in places], resolved, width, color=ORANGE, hatch="///",
        edgecolor="white", linewidth=0, label=label("dossiers.resolved"),
    )  # fmt: skip
    _months(axes, months)
    axes.set_ylabel(say("figures.dossiers"), fontsize=9)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure


def cumulative_late(months: Sequence[str], late: Sequence[int], allowed: Sequence[int]) -> Figure:
    """Late dossiers summed since the year began, beside the most at which the target is met."""
    figure, axes = plain_axes()
    places = range(len(months))
    axes.plot(places, late, color=RED, marker="o", linewidth=1.8, label=say("figures.late_so_far"))
    axes.step(
        places,
        allowed,
        where="mid",
        color=GREY,
        linestyle="--",
        linewidth=1.6,
        label=say("figures.allowed_so_far"),
    )
    for place, value in zip(places, late, strict=True):
        axes.annotate(
            number(value), (place, value), textcoords="offset points", xytext=(0, 6),
            ha="center", fontsize=8.5, color=RED,
        )  # fmt: skip
    axes.set_ylim(0, max([*late, *allowed, 1]) * 1.18)
    _months(axes, months)
    axes.set_ylabel(say("figures.dossiers"), fontsize=9)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure
