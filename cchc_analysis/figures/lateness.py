"""Figures on late dossiers: a control chart, a funnel, and when dossiers are finished.

Drawn without pyplot like ``months``. Nothing is told by colour alone: signals have a shape of
their own, limits are broken lines with their words beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..words import number, percent, say
from .months import BLUE, GREY, ORANGE, RED, plain_axes

if TYPE_CHECKING:
    from ..stats.charts import Chart

__all__ = ["closing_days", "control", "funnel"]


def control(
    chart: Chart, ticks: Sequence[tuple[int, str]], current: int, unit: str, point: str
) -> Figure:
    """A control chart: points, centre, limits; from index ``current`` on the period's own.

    ``ticks`` name some places of the axis. Signals are diamonds, the unfinished run a hollow
    triangle ("at least so long"). ``unit`` names the vertical axis, ``point`` what a point is.
    """
    figure, axes = plain_axes()
    places = list(range(len(chart.points)))
    axes.axvspan(current - 0.5, len(places) + 0.5, color="#eef3f8", zorder=0)
    axes.plot(places, chart.points, color=GREY, linewidth=0.9, zorder=2)
    odd = {index for index, _ in chart.signals}
    for shown, marker, colour, size, name in (
        ([i for i in places if i not in odd], "o", BLUE, 14, point),
        ([i for i in places if i in odd], "D", RED, 34, say("figures.signal")),
    ):
        axes.scatter(
            shown, [chart.points[i] for i in shown], s=size, marker=marker, color=colour, zorder=3,
            label=name if shown else None,
        )  # fmt: skip
    share = chart.kind == "p_prime"
    for line, name, style in (
        (chart.centre, "centre", "-"), (chart.upper, "upper", "--"), (chart.lower, "lower", "--"),
    ):  # fmt: skip
        known = [(i, value) for i, value in enumerate(line) if value is not None]
        if not known or (name == "lower" and not known[-1][1]):
            continue
        axes.step(
            [i for i, _ in known], [value for _, value in known], where="mid", color=ORANGE,
            linestyle=style, linewidth=1.3, label=say(f"figures.{name}"), zorder=1,
        )  # fmt: skip
    if chart.unfinished is not None:
        axes.scatter(
            [len(places)], [chart.unfinished], s=42, marker="^", facecolors="white",
            edgecolors=RED if len(places) in odd else BLUE, linewidths=1.4, zorder=3,
            label=say("figures.unfinished"),
        )  # fmt: skip
    axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.set_xlim(-0.8, len(places) + 0.8)
    axes.set_ylim(bottom=-0.03 * axes.get_ylim()[1])
    if share:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0)))
    axes.set_ylabel(unit, fontsize=9)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    return figure


def funnel(
    sizes: Sequence[int],
    rates: Sequence[float],
    high: Sequence[bool],
    names: Sequence[str],
    limits: tuple[Sequence[float], Any, Any],
    rate: float,
) -> Figure:
    """Groups by size: share late against number resolved, with the limits of chance around the
    common ``rate``. ``limits`` are sizes with the 97.5 % and 99.9 % limit at each; ``names`` are
    written beside the points ("" for none).
    """
    figure, axes = plain_axes()
    for which, marker, colour, size in ((False, "o", BLUE, 24), (True, "D", RED, 40)):
        mine = [i for i, flag in enumerate(high) if bool(flag) is which]
        name = say("figures.high_group" if which else "figures.group")
        axes.scatter(
            [sizes[i] for i in mine], [rates[i] for i in mine], s=size, marker=marker,
            color=colour, zorder=3, label=name if mine else None,
        )  # fmt: skip
    for i, name in enumerate(names):
        if name:
            right = sizes[i] > 0.7 * max(sizes)
            axes.annotate(
                name, (sizes[i], rates[i]), textcoords="offset points",
                xytext=(-6 if right else 6, 5), ha="right" if right else "left", fontsize=8,
            )  # fmt: skip
    axes.axhline(rate, color=ORANGE, linewidth=1.3, label=say("figures.common_rate"))
    grid, near, far = limits
    axes.plot(grid, near, color=ORANGE, linestyle="--", linewidth=1.2, label=say("figures.limit95"))
    axes.plot(grid, far, color=GREY, linestyle=":", linewidth=1.4, label=say("figures.limit998"))
    axes.set_ylim(0, min(1.0, max([*rates, 2 * rate, 0.02]) * 1.3))
    axes.set_xlim(0, max(sizes) * 1.06)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(round(value, 4), 0)))
    axes.set_xlabel(say("figures.resolved"), fontsize=9)
    axes.set_ylabel(say("figures.late_rate"), fontsize=9)
    figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    return figure


def closing_days(days: Sequence[str], counts: Sequence[int], late_from: int) -> Figure:
    """Bars of dossiers by working days between finishing and the due day; from index
    ``late_from`` on they were late (hatched).
    """
    figure, axes = plain_axes()
    places = list(range(len(days)))
    axes.bar(places[:late_from], counts[:late_from], color=BLUE, label=say("figures.in_time"))
    axes.bar(
        places[late_from:], counts[late_from:], color=RED, hatch="///", edgecolor="white",
        linewidth=0, label=say("figures.late"),
    )  # fmt: skip
    for place, count in enumerate(counts):
        if count:
            axes.annotate(
                number(count), (place, count), textcoords="offset points", xytext=(0, 2),
                ha="center", fontsize=7.5, color="#333333",
            )  # fmt: skip
    axes.set_xticks(places, days)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_ylim(0, max([*counts, 1]) * 1.12)
    axes.set_xlabel(say("figures.days_to_due"), fontsize=9)
    axes.set_ylabel(say("figures.dossiers"), fontsize=9)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure
