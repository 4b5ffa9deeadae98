"""Where late dossiers gather, and whether the work itself explains it.

A group – a field, a procedure, a channel, an officer, a weekday – has so many late dossiers; with
the office's common rate it would have had so many. The difference is its *excess*. That alone
blames whoever does the hard work, so a channel or an officer is also held against the others
*within the same procedures*: the number expected then, and the chance of as many or more, are
exact for any number of late dossiers (``stats.strata``, which says why no regression is fitted).
A group that looks bad only by its mix is thereby cleared, and one that is worse than others on
easy work stands out. Late dossiers of one episode are not independent and groups differ anyway;
both widen what is put down to chance (``stats.funnel``). All comparisons of one call are one
family: Benjamini, Y. and Hochberg, Y., 1995, J. R. Stat. Soc. B 57, 289–300.

A group with fewer than 10 resolved, or fewer than one late dossier expected, is listed and never
tested. What is found "goes with" being late; it is no cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..stats import funnel
from ..stats.strata import compare

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEAST_EXPECTED", "LEAST_RESOLVED", "LEVEL", "Group", "concentration", "spread"]

LEAST_RESOLVED = 10
LEAST_EXPECTED = 1.0
LEVEL = 0.05
STRATUM = "work"
THE_WORK = ("field", "procedure_code")  # what the dossiers are about: not adjusted for itself


@dataclass(frozen=True)
class Group:
    """The dossiers with one ``key`` of ``by``: ``size`` resolved, ``late`` of them, ``expected``
    at the common rate, ``adjusted`` (expected among the same procedures; None for fields and
    procedures themselves), ``odds`` with ``low`` and ``high`` (exact 95 % interval, against
    others on the same work), ``p_crude`` and ``p`` (one-sided: as many or more, over-dispersion
    in it), ``z`` (what ``p`` is as a normal score, by mid-p, before over-dispersion), ``q_crude``
    and ``q`` (after Benjamini–Hochberg; None where nothing was tested).

    ``state``: ``listed`` (too few to test), ``usual``, ``high`` (late more often than others on
    the same work) or ``cleared`` (only its mix of procedures makes it look so).
    """

    by: str
    key: Any
    size: int
    late: int
    expected: float
    adjusted: float | None
    odds: float
    low: float
    high: float
    p_crude: float
    p: float
    z: float
    q_crude: float | None = None
    q: float | None = None

    @property
    def excess(self) -> float:
        """Late dossiers beyond those expected, on the same work where that is known."""
        return self.late - (self.expected if self.adjusted is None else self.adjusted)

    @property
    def tested(self) -> bool:
        return _enough(self.size, self.expected) and (
            self.adjusted is None or self.adjusted >= LEAST_EXPECTED
        )

    @property
    def state(self) -> str:
        if self.q is None or self.q_crude is None:
            return "listed"
        if self.q < LEVEL:
            return "high"
        return "cleared" if self.q_crude < LEVEL else "usual"


def concentration(
    frame: pd.DataFrame, by: Sequence[str], episodes: Mapping[str, int] | None = None
) -> list[Group]:
    """The groups of each column of ``by``, all compared as one family.

    ``frame`` has a row a resolved dossier: ``code``, ``late`` (bool), ``work`` (its procedure) and
    the columns of ``by``; an empty value is a group ``None``. ``episodes`` gives late dossiers by
    code the number of their episode; without it each stands alone. Sorted by column, then by
    excess, the largest first. The excess of a column's groups adds up to 0.
    """
    found: list[Group] = []
    for name in by:
        groups = _groups(frame, name, episodes or {})
        ratio = spread(groups)
        found += [replace(group, p=funnel.adjusted_p(group.p, ratio)) for group in groups]
    return _family(found)


def spread(groups: Sequence[Group]) -> float:
    """φ of the groups that can be tested: how much more they differ than chance has it."""
    return funnel.overdispersion([group.z for group in groups if group.tested])


def _enough(size: int, expected: float) -> bool:
    return size >= LEAST_RESOLVED and expected >= LEAST_EXPECTED


def _groups(frame: pd.DataFrame, by: str, episodes: Mapping[str, int]) -> list[Group]:
    """The groups of one column, without what needs all of them, the largest excess first."""
    import numpy as np
    import pandas as pd

    keys = frame[by].astype(object).where(frame[by].notna(), None)
    late = frame["late"].to_numpy(bool)
    strata = pd.factorize(frame[STRATUM].fillna(""), sort=True)[0]
    events = _events(frame["code"], late, episodes)
    everyone = np.bincount(strata)
    parts = keys.groupby(keys, dropna=False, sort=True)
    numbers = parts.ngroup().to_numpy()
    found = []
    for number, (key, part) in enumerate(parts):
        inside = numbers == number
        size, hits = len(part), int(late[inside].sum())
        crude = compare([(len(late), int(late.sum()), size, hits)])
        within, ratio = crude, _together(inside, inside.mean(), events)
        p_crude = funnel.adjusted_p(crude.p_high, ratio)
        if by not in THE_WORK:
            within = compare(_strata(strata, late, inside))
            ratio = _together(inside, (np.bincount(strata, inside) / everyone)[strata], events)
        found.append(
            Group(
                by=by,
                key=None if key != key else key,
                size=size,
                late=hits,
                expected=crude.expected,
                adjusted=None if by in THE_WORK else within.expected,
                odds=within.odds,
                low=within.odds_low,
                high=within.odds_high,
                p_crude=p_crude,
                p=funnel.adjusted_p(within.p_high, ratio),
                z=funnel.score(within.mid_high, ratio),
            )
        )
    return sorted(found, key=lambda group: (-group.excess, str(group.key)))


def _strata(strata: Any, late: Any, inside: Any) -> list[tuple[int, int, int, int]]:
    """Of each stratum all dossiers, the late ones, those inside the group, and those late."""
    import numpy as np

    most = int(strata.max(initial=-1)) + 1
    masks = (slice(None), late, inside, inside & late)
    counts = [np.bincount(strata[mask], minlength=most).tolist() for mask in masks]
    return list(zip(*counts, strict=True))


def _events(codes: pd.Series, late: Any, episodes: Mapping[str, int]) -> list[list[int]]:
    """The rows of the late dossiers, those of one episode together."""
    found: dict[str, list[int]] = {}
    for place, code in enumerate(codes):
        if late[place]:
            found.setdefault(str(episodes.get(code, code)), []).append(place)
    return [found[name] for name in sorted(found)]


def _together(inside: Any, share: Any, events: Sequence[Sequence[int]]) -> float:
    """The design effect of late dossiers that come in episodes, on the group's excess beyond its
    ``share`` of all.
    """
    residuals = inside - share
    return funnel.design_effect([residuals[rows].tolist() for rows in events])


def _family(groups: list[Group]) -> list[Group]:
    from scipy.stats import false_discovery_control

    tested = [place for place, group in enumerate(groups) if group.tested]
    if not tested:
        return groups
    crude = false_discovery_control([groups[i].p_crude for i in tested])
    inside = false_discovery_control([groups[i].p for i in tested])
    found = list(groups)
    for place, a, b in zip(tested, crude, inside, strict=True):
        found[place] = replace(groups[place], q_crude=float(a), q=float(b))
    return found
