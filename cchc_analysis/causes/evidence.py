"""What in the data shows a cause, in words: one or two sentences for each late dossier.

A sentence says what was seen and how far it is from the usual, never why a person did anything.
For the shared audience a cause is withheld where it would point at one person: a signature, a
slow or absent officer where nobody else has that role (:mod:`.holders`); and no sentence names the
signature of one, or what is usual for it or for a procedure that is not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..words import date, inside, label, number, say

if TYPE_CHECKING:
    from ..view import PeriodView
    from .attribution import Claim, Finding, Stay

__all__ = ["evidence", "points_at_one_person", "stage_seen"]

# Causes that speak of a person's work, and the kind of the steps that the role has: never told of
# one of few. A slow officer is one whatever the number.
ROLES = {"signatory_away": "signatory", "officer_on_leave": "officer"}
MOST_NAMED = 4  # steps listed of a long process


def points_at_one_person(q: PeriodView, finding: Finding, field: str) -> bool:
    """Whether the cause, as given or as inferred, could be read as a statement on one person."""
    causes = {finding.cause, finding.inferred}
    if "slow_officer" in causes or causes & q.office.extensions.personal:
        return True
    kinds = {kind for cause, kind in ROLES.items() if cause in causes}
    return any(q.holders.few_in(kind, field) for kind in kinds)


def stage_seen(q: PeriodView, finding: Finding, field: str) -> str:
    """The step of a finding as the audience may see it: none where it would point at a person."""
    if q.audience == "shared" and (
        points_at_one_person(q, finding, field) or q.holders.few_at(finding.stage)
    ):
        return ""
    return finding.stage


def evidence(q: PeriodView, finding: Finding, row: Mapping[Any, Any]) -> str:
    """The sentences for one row of ``q.late`` or ``q.open_overdue``."""
    said = _inferred(q, finding, row)
    if finding.by_hand:
        day = date(finding.by_hand["at"])
        return f"{say('causes.by_hand', day=day)} {said}"
    return said


def _inferred(q: PeriodView, finding: Finding, row: Mapping[Any, Any]) -> str:
    if finding.inferred == "closed_late":
        return _closed_late(row)
    tell = _Teller(q, finding, row)
    if finding.inferred == "slow_process":
        return tell.long_process()
    claim = max(
        (c for c in finding.claims if c.cause == finding.inferred),
        key=lambda c: c.minutes, default=None,
    )  # fmt: skip
    if claim is not None and "said" in claim.facts:  # by a rule of the office's own
        return str(claim.facts["said"])
    if claim is not None and finding.stays:
        return tell.claim(claim)
    if claim is not None:
        return say("causes.papers_in_register", days=tell.days(claim.minutes))
    return tell.unknown()


def _closed_late(row: Mapping[Any, Any]) -> str:
    said, due = [], date(row["due_on"])
    for name, key in (("returned_at", "handed_over"), ("worked_until", "work_done")):
        moment = row[name]
        if moment == moment and moment is not None and moment.normalize() <= row["due_on"]:
            said.append(say(f"annex.{key}", day=date(moment), due=due))
    return " ".join(said) or say("annex.no_evidence")


class _Teller:
    """The sentences on one finding."""

    def __init__(self, q: PeriodView, finding: Finding, row: Mapping[Any, Any]) -> None:
        self._q = q
        # What is usual for a procedure at a step would tell which one it is.
        self._is_named = q.annex.names_procedure(row)
        self._timeline = q.attribution.timeline
        self._finding = finding

    def days(self, minutes: float) -> str:
        days = minutes / self._timeline.day
        return number(days, 1) if days == 0 or days >= 0.05 else say("causes.hardly")

    def _told(self, stay: Stay) -> bool:
        """Whether the audience may know which step it was."""
        shared = self._q.audience == "shared"
        return not (shared and self._q.holders.few_at(stay.stage))

    def _step(self, stay: Stay) -> dict[str, str]:
        if not self._told(stay):
            unseen = label("mark.suppressed")
            return {"stage": unseen, "days": self.days(stay.minutes), "usual": unseen}
        usual = self.days(stay.norm.usual) if stay.norm.usual == stay.norm.usual else "…"
        return {
            "stage": stay.stage, "days": self.days(stay.minutes),
            "usual": usual if self._is_named else label("mark.suppressed"),
        }  # fmt: skip

    def claim(self, claim: Claim) -> str:
        step = self._step(self._finding.at(claim))
        said = say(f"causes.{self._key(claim)}", **step, **self._facts(claim))
        if claim.cause == "extra_papers" and "counted" not in claim.facts:
            key = "clock_stopped" if claim.stopped else "clock_ran"
            said += " " + say(f"causes.{key}", moved=self.days(claim.stopped))
        return said

    @staticmethod
    def _key(claim: Claim) -> str:
        if claim.cause == "extra_papers" and claim.facts.get("waits_for") == "payment":
            return "payment"
        if "counted" in claim.facts:
            return "papers_counted"
        return claim.cause

    def _facts(self, claim: Claim) -> dict[str, str]:
        facts: dict[str, str] = {}
        run = claim.facts.get("run")
        if run is not None:
            days = self._timeline.calendar.working_day
            facts = {"first": date(days(run.first)), "last": date(days(run.last))}
        if run is not None and claim.cause == "overload":
            usual = claim.facts["usual"] * (run.last - run.first + 1)
            facts |= {"came": number(claim.facts["came"]), "as_usual": number(usual, 1)}
        if claim.cause == "slow_officer":
            pace = claim.facts["pace"]
            of = ", ".join(say(f"causes.same_{key}") for key in pace.same)
            facts = {"times": number(pace.times, 1), "n": number(pace.n), "of": of and f" {of}"}
        if "counted" in claim.facts:
            facts = {"counted": number(claim.facts["counted"])}
        if claim.cause == "portal_outage":
            facts = {"together": number(claim.facts["together"])}
        return facts

    def long_process(self) -> str:
        long = self._finding.long_steps
        named = [self._step(stay) for stay in long[:MOST_NAMED]]
        steps = "; ".join(
            say("causes.step", **step | {"stage": inside(step["stage"])}) for step in named
        )
        return say("causes.slow_process", n=number(len(long)), steps=steps)

    def unknown(self) -> str:
        stays = [s for s in self._finding.stays if s.excess and self._told(s)]
        if not stays:
            return say("annex.no_evidence")
        longest = max(stays, key=lambda s: s.excess)
        return say("causes.unknown", **self._step(longest))
