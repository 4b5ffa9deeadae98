"""Why the rate moved: other work, or the same work done otherwise.

The late rate of a period is the mean of the procedures' rates, weighted by their shares of the
work. Between two periods it moves because the weights moved (*mix*) and because the rates did
(*rate*). With each weighed at the mean of both periods there is no remainder:

    r₁ − r₀ = Σ (w₁ − w₀)·(r₁ + r₀)/2  +  Σ (r₁ − r₀)·(w₁ + w₀)/2

(Kitagawa, E. M., 1955, "Components of a difference between two rates", JASA 50, 1168–1194). A
procedure that one period lacks has no rate there; it is put down to mix alone. All is done in
whole fractions, so that the parts add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["Decomposition", "decompose", "in_units"]

Counts = Mapping[Any, tuple[int, int]]


@dataclass(frozen=True)
class Decomposition:
    """``before`` and ``now`` are the two late rates, ``mix`` and ``rate`` what each group adds
    to ``now - before`` in the one way and the other; all are exact shares.
    """

    before: Fraction
    now: Fraction
    mix: Mapping[Any, Fraction]
    rate: Mapping[Any, Fraction]

    @property
    def change(self) -> Fraction:
        return self.now - self.before


def decompose(before: Counts, now: Counts) -> Decomposition | None:
    """The change of the late rate from ``before`` to ``now``, each a mapping of a group to
    (late, resolved). None where a period resolved nothing. Raises ``ValueError`` for counts
    that cannot be.

    >>> d = decompose({"easy": (1, 90), "hard": (2, 10)}, {"easy": (1, 60), "hard": (8, 40)})
    >>> float(d.change), float(sum(d.mix.values())), float(sum(d.rate.values()))
    (0.06, 0.05583333333333333, 0.004166666666666667)
    """
    sizes = [sum(n for _, n in counts.values()) for counts in (before, now)]
    if any(not 0 <= k <= n for counts in (before, now) for k, n in counts.values()):
        raise ValueError("late dossiers beyond those resolved")
    if not all(sizes):
        return None
    mix, rate = {}, {}
    for group in dict.fromkeys([*before, *now]):
        (k0, n0), (k1, n1) = before.get(group, (0, 0)), now.get(group, (0, 0))
        w0, w1 = Fraction(n0, sizes[0]), Fraction(n1, sizes[1])
        r1 = Fraction(k1, n1) if n1 else Fraction(k0, n0) if n0 else Fraction(0)
        r0 = Fraction(k0, n0) if n0 else r1
        mix[group] = (w1 - w0) * (r1 + r0) / 2
        rate[group] = (r1 - r0) * (w1 + w0) / 2
    late = [sum(k for k, _ in counts.values()) for counts in (before, now)]
    return Decomposition(Fraction(late[0], sizes[0]), Fraction(late[1], sizes[1]), mix, rate)


def in_units(parts: Sequence[Fraction], unit: Fraction, total: int | None = None) -> list[int]:
    """The parts in whole ``unit``, rounded so that they add up to ``total`` (default: their
    rounded sum), as people add up on paper. Each is off by less than one unit, or two where
    ``total`` is a difference of rounded figures.

    >>> in_units([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3), Fraction(-1, 2)], Fraction(1, 10))
    [4, 3, 3, -5]
    """
    exact = [part / unit for part in parts]
    whole = [value.numerator // value.denominator for value in exact]  # towards minus infinity
    missing = (round(sum(exact)) if total is None else total) - sum(whole)
    order = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for place in order * abs(missing):
        if not missing:
            break
        whole[place] += 1 if missing > 0 else -1
        missing -= 1 if missing > 0 else -1
    return whole
