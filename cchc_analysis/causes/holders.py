"""By how many people a role is held: what is said of the role of one is said of a person.

Somebody holds a role who did at least one in fifty of its steps among the dossiers of the period;
who stood in for a day does not. Counters and other agencies are no persons. In what the shared
audience sees, the signature of one person is spoken of only together with the step next to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["Holders"]

LEAST = 2
SHARE = 0.02  # of the steps of a role, from which on somebody holds it
NO_PERSON = ("counter", "partner")
SIGNS = "signatory"


class Holders:
    """Who holds what among the dossiers of a period; made by ``q.holders``."""

    def __init__(self, q: PeriodView) -> None:
        self._q = q
        self._few: dict[tuple[str, str], bool] = {}  # as asked so far

    @cached_property
    def _steps(self) -> pd.DataFrame:
        """The steps of people, the first in a dossier's way first."""
        timeline = self._q.attribution.timeline
        steps = timeline.steps[timeline.steps["code"].isin(self._q.dossiers["code"])]
        fields = steps["code"].map(timeline.dossiers["field"]).fillna("").astype(str)
        steps = steps.assign(field=fields, place=steps.groupby("code").cumcount())
        return steps[~steps["kind"].isin(NO_PERSON)].reset_index(drop=True)

    def few_in(self, kind: str, field: str) -> bool:
        """Whether only one person is of a kind: ``signatory`` in the office, others for a field."""
        key = kind, "" if kind == SIGNS else field
        if key not in self._few:
            steps = self._steps[self._steps["kind"].eq(kind)]
            self._few[key] = _few(steps if kind == SIGNS else steps[steps["field"].eq(field)])
        return self._few[key]

    def few_at(self, stage: str) -> bool:
        """Whether a step is the signature of the one person who signs."""
        return stage in self._signed and self.few_in(SIGNS, "")

    @cached_property
    def _signed(self) -> frozenset[str]:
        """The steps that somebody signs at."""
        return frozenset(self._steps.loc[self._steps["kind"].eq(SIGNS), "stage"].dropna())

    @cached_property
    def together(self) -> dict[str, str]:
        """What to call the signatures of one person with the steps told together with them, by
        step: the ones next to them.
        """
        steps = self._steps
        order = steps.groupby("stage")["place"].median().sort_values(kind="stable")
        groups = [[str(stage)] for stage in order.index]
        while len(groups) > 1:
            few = [n for n, group in enumerate(groups) if self._few_of(group)]
            if not few:
                break
            first = min(few[0], len(groups) - 2)
            groups[first : first + 2] = [groups[first] + groups[first + 1]]
        return {stage: "; ".join(group) for group in groups for stage in group if group[1:]}

    def _few_of(self, stages: Sequence[str]) -> bool:
        mine = self._steps[self._steps["stage"].isin(stages)]
        return bool(mine["kind"].eq(SIGNS).all()) and self.few_in(SIGNS, "")


def _few(steps: pd.DataFrame) -> bool:
    counts = steps["actor"].value_counts()
    return int((counts >= SHARE * len(steps)).sum()) < LEAST
