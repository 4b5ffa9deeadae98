"""Figures on satisfaction: answers of each item side by side, importance against score, trend.

Drawn without pyplot like ``months``; tones go with hatching, so nothing is told by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..words import number, percent, say
from .months import BLUE, DARK, GREY, ORANGE, named_rows, plain_axes

__all__ = ["answers", "importance", "trend"]

TONES = ("#a4262c", "#d98c8f", "#dfe3e8", "#8fb4d9", "#1f5a94")  # from least to most satisfied
HATCHES = ("////", "", "", "", "")
WRAP = 40  # letters of a question on one line


def answers(names: Sequence[str], counts: Sequence[Sequence[int]], points: Sequence[str]) -> Figure:
    """A bar an item, split by answers from the least to the most satisfied, the middle one at zero;
    the satisfied share is written at the right. ``counts`` has five numbers an item.
    """
    height = 0.34 * len(names) + 1.2
    figure = Figure(figsize=(7.2, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    places = list(range(len(names)))[::-1]
    shares = [[n / max(sum(row), 1) for n in row] for row in counts]
    starts: list[float] = [-(row[0] + row[1] + row[2] / 2) for row in shares]
    for tone in range(5):
        widths = [row[tone] for row in shares]
        axes.barh(
            places, widths, left=starts, height=0.68, color=TONES[tone], hatch=HATCHES[tone],
            edgecolor="white", linewidth=0.6, label=points[tone],
        )  # fmt: skip
        for place, start, width, row in zip(places, starts, widths, counts, strict=True):
            if width >= 0.055:
                axes.annotate(
                    number(row[tone]), (start + width / 2, place), ha="center", va="center",
                    fontsize=7.5, color="white" if tone in (0, 4) else DARK,
                )  # fmt: skip
        starts = [a + b for a, b in zip(starts, widths, strict=True)]
    right = max(starts) + 0.02
    for place, parts in zip(places, shares, strict=True):
        told = percent(round(parts[3] + parts[4], 6), 1)
        axes.annotate(told, (right, place), va="center", fontsize=8)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    axes.set_ylim(-0.6, len(names) - 0.4)
    named_rows(axes, places, names, wrap=WRAP, size=8, color=DARK)
    axes.set_xticks([])
    axes.set_xlim(right=right + 0.1)
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=8)
    return figure


def importance(
    scores: Sequence[float], shares: Sequence[float], names: Sequence[str], chosen: Sequence[int]
) -> Figure:
    """Items by their satisfied share and their part in the overall answer; those of ``chosen`` are
    diamonds with their number.
    """
    figure, axes = plain_axes()
    rest = [i for i in range(len(names)) if i not in chosen]
    axes.scatter([scores[i] for i in rest], [shares[i] for i in rest], s=24, color=BLUE, zorder=3)
    axes.scatter(
        [scores[i] for i in chosen], [shares[i] for i in chosen], s=44, marker="D", color=ORANGE,
        zorder=3,
    )  # fmt: skip
    mean = math.fsum(shares) / len(shares)
    lowest = sorted(range(len(names)), key=lambda i: scores[i])[:3]
    for i in (i for i in range(len(names)) if shares[i] >= mean or i in lowest):
        axes.annotate(
            names[i], (scores[i], shares[i]), textcoords="offset points", xytext=(5, 4), fontsize=8
        )
    axes.axvline(math.fsum(scores) / len(scores), color=GREY, linewidth=0.9, linestyle="--")
    axes.axhline(mean, color=GREY, linewidth=0.9, linestyle="--")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), 0)))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), 0)))
    axes.set_ylim(bottom=0)
    axes.set_xlabel(say("satisfaction.satisfied_share"), fontsize=9)
    axes.set_ylabel(say("satisfaction.importance_axis"), fontsize=9)
    return figure


def trend(
    periods: Sequence[str],
    values: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    goal: float | None,
) -> Figure:
    """The index over periods with its intervals, and the goal."""
    figure, axes = plain_axes()
    places = list(range(len(periods)))
    below = [value - low for value, (low, _) in zip(values, intervals, strict=True)]
    above = [high - value for value, (_, high) in zip(values, intervals, strict=True)]
    axes.errorbar(
        places, values, yerr=[below, above], color=BLUE, marker="o", capsize=4, linewidth=1.4,
        label=say("satisfaction.index_with_interval"),
    )  # fmt: skip
    if goal is not None:
        axes.axhline(
            goal, color=ORANGE, linestyle="--", linewidth=1.4, label=say("satisfaction.goal")
        )
    axes.set_xticks(places, list(periods))
    axes.set_xlim(-0.5, len(periods) - 0.5)
    lowest = min([low for low, _ in intervals] + ([goal] if goal else []))
    axes.set_ylim(max(0.0, lowest - 0.03), 1.005)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), 0)))
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure
