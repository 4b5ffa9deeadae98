"""How far a batch has come: a bar with the time left on a terminal, a line a brief elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..words import number, say
from .maker import Outcome

__all__ = ["bar"]


@contextmanager
def bar(whole: int) -> Iterator[Callable[[Outcome, int], None]]:
    """What to tell each outcome and how many briefs are left; shown on standard error."""
    if not sys.stderr.isatty():
        yield lambda outcome, left: print(_line(outcome, whole - left, whole), file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Left

    columns = (
        TextColumn(say("batch.bar")), BarColumn(), MofNCompleteColumn(),
        TextColumn(say("batch.left")), Left(), TextColumn("{task.description}"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("", total=whole)

        def told(outcome: Outcome, left: int) -> None:
            if outcome.state == "failed":
                shown.console.print(_line(outcome, whole - left, whole), markup=False)
            shown.update(task, completed=whole - left, description="")

        yield told


def _line(outcome: Outcome, done: int, whole: int) -> str:
    said = say(
        f"batch.{outcome.state}", unit=outcome.unit, period=outcome.period,
        seconds=number(outcome.seconds, 1), error=outcome.error,
    )  # fmt: skip
    return f"{number(done)}/{number(whole)} {said}"
