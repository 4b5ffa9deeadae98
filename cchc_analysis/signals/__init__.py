"""Whether figures can be believed: what a register would show if somebody wished them better.

An office is judged by its figures, so some will be made rather than earned. Each signal is a
question, never a verdict: it has innocent explanations, which are told with it and are to be looked
at first, and it speaks of the register, not of a person. What the data cannot tell is said as
well. Who looks at many things finds something; how that is kept in bounds is in :mod:`.signal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .signal import Signal, decided, told

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["Signal", "signals"]


def signals(q: PeriodView) -> list[Signal]:
    """Every signal of a period, in the order in which they are told. That newer registers do not
    tell of what is open is no matter of looking: it is among them only where it is so.
    """
    from . import dates, heaps, numbers, pauses

    asked = (
        dates.due_moved, dates.other_limit, heaps.due_day, heaps.due_minute, heaps.in_one_minute,
        heaps.bulk, dates.keyed_later, pauses.pause_before, pauses.pause_after,
        heaps.online_at_once, dates.after_cutoff, numbers.missing_numbers,
    )  # fmt: skip
    found = decided([ask(q) for ask in asked])
    open_now = q.dossiers.loc[q.dossiers["open"], "code"]
    old = open_now[open_now.isin(q.unconfirmed["code"])]
    return [*found, told("unconfirmed", set(old), len(open_now))] if len(old) else found
