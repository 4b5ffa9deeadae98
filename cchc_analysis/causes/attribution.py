"""Why each late dossier is late, as far as the data can show it.

Follow one late dossier. If its work was done by the due day and only the system was closed
later, it was late in the register (``closed_late``). Otherwise it lost days at some steps:
what a step took beyond the usual is its *excess*. Each candidate cause may *claim* excess that
its own evidence covers – the days on which who signs signed nothing, the days of a desk without
any activity, the stay at a partner agency, the wait for papers. The question is then counter-
factual: without what this cause claims, would the work have ended by the due day? The cause
that claims most among those that pass is given. Where none passes alone but several steps
together do, the process was long (``slow_process``); where nothing fits, it is ``unknown``.

A claim "goes with" the delay; it proves nothing about a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .activity import Activity, Desk, Run
from .timeline import Norm, Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CAUSES", "Attribution", "Finding", "Stay"]

CAUSES = (
    "closed_late", "extra_papers", "partner_agency", "signatory_away", "officer_on_leave",
    "portal_outage", "overload", "slow_officer", "slow_process", "unknown",
)  # fmt: skip
PEERS = 8  # dossiers of each side before an officer is compared with others
SLOWER = 1.5  # the ratio of medians that matters
SURE = 0.01  # the level of that comparison, over all officers and procedures
MANY_STEPS = 3  # long steps that make a long process
FELT = 1.5  # how much longer than usual a flooded desk takes for what comes together
LOOK_BACK = 10  # working days in which an absence or a burst may still be felt


@dataclass(frozen=True)
class Stay:
    """A dossier at one step: minutes of work from ``start`` to ``stop``, and what is usual."""

    stage: str
    standard: str | None
    kind: str | None
    actor: str | None
    start: float
    stop: float
    open: bool
    waits_for: str | None
    norm: Norm

    @property
    def minutes(self) -> float:
        return self.stop - self.start

    @property
    def excess(self) -> float:
        """Minutes beyond the usual; 0 where nothing is known to be usual."""
        more = self.minutes - self.norm.usual
        return more if more > 0 else 0.0

    @property
    def long(self) -> bool:
        return self.minutes > self.norm.long


@dataclass
class Finding:
    """Why one dossier is late. ``stage`` is the log's own name or "", ``claims`` the minutes of
    work each candidate cause could claim, ``needed`` what had to be saved to be in time,
    ``facts`` what the evidence sentence is made of, ``lost`` hundredths of a working day by
    stage, adding up to the days late.
    """

    code: str
    cause: str
    stage: str
    recorded_only: bool
    claims: dict[str, float] = field(default_factory=dict)
    needed: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    stays: list[Stay] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)
    by_hand: Mapping[str, Any] | None = None
    inferred: str = ""


class Attribution:
    """Finds causes on one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.activity = Activity(timeline)

    def find(self, late: pd.DataFrame) -> dict[str, Finding]:
        """A finding for each row of ``late`` (columns ``code, recorded_only, late_days``)."""
        return {row["code"]: self._find(row) for row in late.to_dict("records")}

    def _find(self, row: Mapping[str, Any]) -> Finding:
        stays = self.stays(row["code"])
        finding = Finding(row["code"], "unknown", "", bool(row["recorded_only"]), stays=stays)
        if finding.recorded_only:
            finding.cause = "closed_late"
            if stays:
                finding.stage = _closing(stays).stage
        elif stays:
            self._weigh(finding, row)
        else:
            self._from_register(finding, row)
        finding.inferred = finding.cause
        finding.lost = _lost(finding, row["late_days"])
        return finding

    def stays(self, code: str) -> list[Stay]:
        """The steps of a dossier in order, each with its norm; empty without a log."""
        way = self.timeline.ways.get(code)
        if way is None or way["start"].isna().any():
            return []
        found = [
            Stay(
                stage=str(step["stage"]),
                standard=_none(step["standard"]),
                kind=_none(step["kind"]),
                actor=_none(step["actor"]),
                start=float(step["start"]),
                stop=float(step["stop"]),
                open=bool(step["open"]),
                waits_for=_none(step["waits_for"]),
                norm=self.timeline.norm(code, step["stage"]),
            )
            for step in way.to_dict("records")
        ]
        before = self._before_the_log(code, found[0])
        return [before, *found] if before else found

    def _before_the_log(self, code: str, first: Stay) -> Stay | None:
        """The time from receipt to the first step that the log holds, where it begins in the
        middle: put down to the stage that usually takes longest before that step.
        """
        received = self.timeline.minutes([self.timeline.dossiers.loc[code, "received_at"]])[0]
        usual = self.timeline.usual_way(code)
        missing = list(usual.items())
        for place, (stage, _) in enumerate(missing):
            if stage == first.stage:
                missing = missing[:place]
                break
        else:
            missing = []
        if not missing or not first.start - received > self.timeline.day / 4:
            return None
        stage = max(missing, key=lambda item: item[1])[0]
        return Stay(
            stage=stage, standard=self.timeline.stages.standard(stage), kind=None, actor=None,
            start=float(received), stop=first.start, open=False, waits_for=None,
            norm=self.timeline.norm(code, stage),
        )  # fmt: skip

    # -- weighing the candidates -------------------------------------------------------------

    def _weigh(self, finding: Finding, row: Mapping[str, Any]) -> None:
        stays = finding.stays
        due = self.timeline.minutes([self.timeline.end_of(row["due_on"])])[0]
        stays = [stay for stay in stays if stay.standard != "S8_return"] or stays
        finding.needed = max(stays[-1].stop - due, 1.0)
        by_stage: dict[str, dict[str, float]] = {}
        for stay in stays:
            for cause, minutes in self._claims(finding.code, stay).items():
                if minutes > 0:
                    place = by_stage.setdefault(cause, {})
                    place[stay.stage] = place.get(stay.stage, 0.0) + minutes
        finding.claims = {cause: sum(parts.values()) for cause, parts in by_stage.items()}
        enough = {c: m for c, m in finding.claims.items() if m >= finding.needed}
        longest = max(stays, key=lambda stay: stay.excess)
        total = sum(stay.excess for stay in stays)
        best = max(finding.claims.items(), key=lambda item: item[1], default=("", 0.0))
        held_up = {s.stage: s.actor for s in stays if self._is_held_up(s)}
        if len(held_up) >= MANY_STEPS and len(set(held_up.values())) > 1 and best[1] * 2 < total:
            finding.cause, finding.stage = "slow_process", longest.stage
        elif enough:
            finding.cause = max(enough, key=lambda cause: (enough[cause], -CAUSES.index(cause)))
            parts = by_stage[finding.cause]
            finding.stage = max(parts, key=parts.__getitem__)
        else:
            finding.stage = longest.stage if longest.excess else stays[-1].stage
            if best[1] * 2 > max(total, finding.needed):
                finding.cause = best[0]
                finding.stage = max(by_stage[best[0]], key=by_stage[best[0]].__getitem__)
            elif len({stay.stage for stay in stays if stay.excess * 4 > finding.needed}) >= 2:
                finding.cause = "slow_process"

    def _is_held_up(self, stay: Stay) -> bool:
        """Long at a step of the office's own, by a quarter of a day or more."""
        own = stay.kind != "partner" and not stay.waits_for
        return own and stay.long and stay.excess >= self.timeline.day / 4

    def _claims(self, code: str, stay: Stay) -> dict[str, float]:
        """Minutes of this stay that each cause's evidence covers, beyond the usual."""
        if not stay.excess:
            return {}
        if stay.waits_for == "supplement":
            stopped = self.timeline.days_added(code) * self.timeline.day
            return {"extra_papers": stay.excess - min(stopped, stay.excess)}
        if stay.kind == "partner":
            return {"partner_agency": stay.excess}
        if stay.standard == "S1_receive":
            return self._at_reception(code, stay)
        desk = self.activity.desks.get(stay.actor or "")
        if desk is None:
            return {}
        absent = "signatory_away" if stay.kind == "signatory" else "officer_on_leave"
        away = self._absent(desk, stay)
        claims = {absent: away}
        if away < stay.excess / 2:
            claims["overload"] = self._flooded(desk, stay)
        if stay.kind == "officer":
            claims["slow_officer"] = self._slow(code, stay, away)
        return claims

    def _absent(self, desk: Desk, stay: Stay) -> float:
        """The part of the stay on idle days, or all of it while work of such days is cleared."""
        day = self.timeline.day
        claimed = 0.0
        short = stay.norm.long < day / 2  # a step that a day at work would not leave undone
        for run in desk.quiet if short else desk.idle:
            first, after = run.minutes(day)
            overlap = min(stay.stop, after) - max(stay.start, first)
            if overlap >= (day if short and run not in desk.idle else 1):
                claimed += min(stay.stop, after + day) - max(stay.start, first)
            elif (
                run in desk.idle
                and 0 <= stay.start - after < LOOK_BACK * day
                and desk.still_clearing(run, stay.start)
            ):
                claimed += stay.excess
        return min(claimed, stay.excess)

    def _flooded(self, desk: Desk, stay: Stay) -> float:
        day = self.timeline.day
        if self.activity.company(str(stay.actor), stay.stage, stay.start) < FELT:
            return 0.0
        for run in desk.bursts:
            first, after = run.minutes(day)
            if stay.stop > first and stay.start < after:
                return stay.excess
            if 0 <= stay.start - after < LOOK_BACK * day and desk.still_clearing(run, stay.start):
                return stay.excess
        return 0.0

    def _at_reception(self, code: str, stay: Stay) -> dict[str, float]:
        if self.timeline.dossiers.loc[code, "channel"] != "online":
            return {}
        from .activity import STUCK

        together = self.activity.stuck_online(stay.start, stay.stop)
        return {"portal_outage": stay.excess} if together >= STUCK else {}

    def _slow(self, code: str, stay: Stay, away: float) -> float:
        """What the stay, less the idle days in it, would have been shorter at others' pace."""
        procedure = self.timeline.dossiers.loc[code, "procedure_code"]
        times = self.slow_officers.get((procedure, stay.stage, stay.actor), 1.0)
        return max(min((stay.minutes - away) * (1 - 1 / times), stay.excess), 0.0)

    @cached_property
    def slow_officers(self) -> dict[tuple[Any, str, str | None], float]:
        """(procedure, stage, officer) → how many times the others' median the officer takes, where
        that is ``SLOWER`` or more and no chance (one-sided Mann–Whitney test,
        Benjamini–Hochberg over all that could be compared); stays with a request for papers or
        on idle days are left out.
        """
        import numpy as np
        from scipy.stats import false_discovery_control, mannwhitneyu

        cells = self._comparable()
        tested, chances = [], []
        for (procedure, stage), part in cells.groupby(["procedure_code", "stage"]):
            for actor in sorted(part["actor"].unique()):
                mine = part.loc[part["actor"] == actor, "minutes"].to_numpy()
                others = part.loc[part["actor"] != actor, "minutes"].to_numpy()
                if min(len(mine), len(others)) < PEERS:
                    continue
                usual = float(np.median(others))
                tested.append(((procedure, stage, actor), usual, float(np.median(mine))))
                chances.append(mannwhitneyu(mine, others, alternative="greater").pvalue)
        if not chances:
            return {}
        adjusted = false_discovery_control(chances)
        return {
            key: mine / max(usual, 1.0)
            for (key, usual, mine), p in zip(tested, adjusted, strict=True)
            if p < SURE and mine >= SLOWER * max(usual, 1.0)
        }

    def _comparable(self) -> pd.DataFrame:
        import numpy as np

        steps = self.timeline.steps
        steps = steps[
            steps["kind"].eq("officer") & steps["start"].notna() & ~steps["open"]
            & steps["waits_for"].isna() & steps["actor"].notna()
        ]  # fmt: skip
        away = np.zeros(len(steps), dtype=bool)
        start, stop = steps["start"].to_numpy(), steps["stop"].to_numpy()
        actors = steps["actor"].to_numpy()
        for actor in set(actors):
            for run in self.activity.desks[actor].idle:
                first, after = run.minutes(self.timeline.day)
                away |= (actors == actor) & (stop > first) & (start < after)
        return steps[~away].assign(minutes=(stop - start)[~away])

    # -- less than a log -----------------------------------------------------------------------

    def _from_register(self, finding: Finding, row: Mapping[str, Any]) -> None:
        """Without a log: only a pause for papers that the register itself dates tells a cause."""
        asked, brought = row.get("supplement_requested_at"), row.get("supplement_completed_at")
        if asked is None or asked != asked:
            return
        until = brought if brought == brought and brought is not None else row["ended_at"]
        due, end = self.timeline.end_of(row["due_on"]), row["ended_at"]
        if end is None or end != end or until is None or until != until:
            return
        first, last, due_at, done = self.timeline.minutes([asked, until, due, end])
        if last - first >= done - due_at:
            finding.cause = "extra_papers"
            finding.claims = {"extra_papers": last - first}


def _closing(stays: list[Stay]) -> Stay:
    return max(stays, key=lambda stay: stay.stop)


def _lost(finding: Finding, late_days: Any) -> dict[str, int]:
    """The working days late, in hundredths, shared out over the stages by their excess."""
    if late_days is None or late_days != late_days or not finding.stays:
        return {}
    if finding.recorded_only:
        return {finding.stage: int(late_days) * 100}
    weights: dict[str, float] = {}
    for stay in finding.stays:
        weights[stay.stage] = weights.get(stay.stage, 0.0) + stay.excess
    if not any(weights.values()):
        return {finding.stage: int(late_days) * 100}
    return share_out(int(late_days) * 100, weights)


def share_out(whole: int, weights: Mapping[str, float]) -> dict[str, int]:
    """``whole`` in whole parts in proportion to ``weights``, by largest remainders: the parts
    add up exactly; ties go to the first.

    >>> share_out(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    total = sum(weights.values())
    exact = {name: whole * weight / total for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: parts[name] - exact[name])
    for name in rest[: whole - sum(parts.values())]:
        parts[name] += 1
    return {name: part for name, part in parts.items() if part}


def _none(value: Any) -> Any:
    return None if value is None or value != value else str(value)
