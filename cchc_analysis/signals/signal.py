"""One question about the credibility of a register, and how chance is kept out of it.

Some questions need no statistics: a due date moved after it had passed is one, or it is not. Others
ask whether there is more of something than there would be anyhow: finishes on the due day, dossiers
closed in one minute. Those are held against their own neighbours – the days before, the minutes
around – by exact tests that ask little of the data, and all tests of a period are one family: the
chance that a period without any fault raises one of them is at most ``FAMILY`` (Holm, S., 1979,
"A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 65–70).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

__all__ = ["FAMILY", "Signal", "chance_of_heap", "chance_of_sum", "decided", "told"]

FAMILY = 0.01


@dataclass(frozen=True)
class Signal:
    """``count`` of ``of`` show it; ``expected`` is what there would be anyhow, ``chance`` how
    likely so many are then (both None where nothing is compared). ``raised`` says that there is
    something to ask. ``codes`` are the register's own, of the dossiers behind it; ``lacks`` names
    what the data would need to tell (``signals.lacks_…``), and is empty where they can. ``facts``
    are further numbers for the sentence below the table.
    """

    id: str
    count: int = 0
    of: int = 0
    expected: float | None = None
    chance: float | None = None
    raised: bool = False
    codes: tuple[str, ...] = ()
    lacks: str = ""
    facts: Mapping[str, int] = field(default_factory=dict)


def told(id: str, codes: Collection[str], of: int, **facts: int) -> Signal:
    """A signal of which every single dossier is a question."""
    found = tuple(sorted(codes))
    return Signal(id, len(found), of, raised=bool(found), codes=found, facts=facts)


def chance_of_heap(here: int, around: int, neighbours: int) -> float:
    """How likely ``here`` or more are in one place, of ``here + around`` that fall with equal
    chance into it and its ``neighbours``: the upper tail of a binomial distribution, which is what
    Poisson counts of equal rate follow, given their sum.

    >>> round(chance_of_heap(5, 5, 1), 4), chance_of_heap(0, 9, 2)
    (0.623, 1.0)
    """
    from scipy.stats import binom

    return float(binom.sf(here - 1, here + around, 1 / (neighbours + 1)))


def chance_of_sum(k: int, chances: Sequence[float]) -> float:
    """How likely ``k`` or more of independent events with these ``chances`` happen, exactly.

    >>> round(chance_of_sum(1, [0.5, 0.5]), 4)
    0.75
    """
    import numpy as np

    sums = np.ones(1)
    for chance in chances:
        sums = np.convolve(sums, [1 - chance, chance])
    return float(min(1.0, sums[k:].sum()))


def decided(signals: Sequence[Signal]) -> list[Signal]:
    """The same with ``raised`` told for those that are held against chance, as one family."""
    tested = sorted((s for s in signals if s.chance is not None), key=lambda s: s.chance or 0.0)
    raised = set()
    for rank, signal in enumerate(tested):
        if (signal.chance or 0.0) * (len(tested) - rank) > FAMILY:
            break
        raised.add(signal.id)
    return [replace(s, raised=s.id in raised) if s.chance is not None else s for s in signals]
