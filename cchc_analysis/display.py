"""How a period and its figures show themselves in a notebook: as tables, in the brief's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .briefs import blocks
from .briefs.html import block_html, in_notebook
from .phrases import compared_label, result_text, value_text
from .words import goal, label, number, say

if TYPE_CHECKING:
    from .indicators.results import Result
    from .view import PeriodView

__all__ = ["results_html", "view_html"]

EARLIER = ("previous", "same_last_year", "year_to_date")


def view_html(q: PeriodView) -> str:
    """Of whom and of when, the first sentences of the brief, and where to go on."""
    from .sections import headline

    head = blocks.paragraph(repr(q)[1:-1], "strong")
    parts = (head, headline(q), blocks.paragraph(say("reprs.period_frames")))
    return in_notebook(*(block_html(part.data) for part in parts))


def results_html(results: Sequence[Result]) -> str:
    """A row a figure: what it is called, its value, the target, the same figure earlier."""
    heads = [(label("col.id"), "left"), (label("col.label"), "left")]
    heads += [(say("reprs.figure_value"), "right"), (label("word.target"), "right")]
    heads += [(label("col.state"), "left")]
    heads += [(compared_label(name), "right") for name in EARLIER]
    rows = [_row(result) for result in results]
    table = blocks.table(
        id="results", caption=repr(results)[1:-1],
        columns=[{"label": text, "align": align} for text, align in heads], rows=rows,
    )  # fmt: skip
    return in_notebook(block_html(table.data))


def _row(result: Result) -> list[str]:
    from .indicators.results import Value
    from .phrases import is_share

    share = is_share(result)
    earlier = [getattr(result, name) for name in EARLIER]
    state = ""
    if result.value is None:
        state = label(f"figure.{result.status}")
    elif result.target is not None:
        state = label(
            {True: "state.met", False: "state.not_met", None: "state.cannot_tell"}[result.met]
        )
    target = "" if result.target is None else (goal if share else number)(result.target)
    return [
        result.id, result.label, result_text(result), target, state,
        *("" if value is None else value_text(Value(None, None, value), share)
          for value in earlier),
    ]  # fmt: skip
