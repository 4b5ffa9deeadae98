"""The scores that others gave, over the years, each as a share of its own maximum.

Drawn without pyplot like ``months``. A year without a score leaves a gap; each index has a marker
of its own, so nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..words import percent, say
from .months import BLUE, GREY, ORANGE, RED, plain_axes

__all__ = ["over_years"]

COLOURS = (BLUE, ORANGE, RED, GREY)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HEIGHT = 2.5  # inches


def over_years(series: Mapping[str, Mapping[int, float]]) -> Figure:
    """A line an index: shares of the maximum (0..1) by year, the axis from 0 to 100 %."""
    figure, axes = plain_axes()
    figure.set_figheight(HEIGHT)
    known = [year for values in series.values() for year in values]
    years = list(range(min(known), max(known) + 1))
    for place, (name, values) in enumerate(series.items()):
        colour = COLOURS[place % len(COLOURS)]
        axes.plot(
            years, [values.get(year, nan) for year in years], color=colour, linewidth=1.8,
            marker=MARKERS[place % len(MARKERS)], label=name,
        )  # fmt: skip
        if len(series) == 1:
            for year, share in values.items():
                axes.annotate(
                    percent(round(share, 6)), (year, share), textcoords="offset points",
                    xytext=(0, 6), ha="center", fontsize=8.5, color=colour,
                )  # fmt: skip
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    axes.set_ylim(0, 1.12)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0)))
    axes.set_xlabel(say("self_scoring.year"), fontsize=9)
    figure.legend(loc="outside upper left", ncols=4, frameon=False, fontsize=9)
    return figure
