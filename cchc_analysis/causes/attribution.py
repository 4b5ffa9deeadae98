"""Why each late dossier is late, as far as the data can show it.

Follow one late dossier. If its work was done by the due day and only the system was closed later,
it was late in the register (``closed_late``). Otherwise it lost days at some steps: what a step
took beyond the usual is its *excess*. Each candidate cause may *claim* excess that its own
evidence covers – the days on which who signs signed nothing, the days of a desk without any
activity, the stay at a partner agency, the wait for papers. The question is then counterfactual:
its way is walked again without what this cause claims, and a desk that nobody sat at stays empty
all the same; would the work have ended by the due day? The cause that saves most among those that
pass, first those that pass by what they claim themselves, is given (before all others one of the
office's own rules), and the stage at which that time is saved. Where none passes alone but several
steps together do, the process was long (``slow_process``); where nothing fits, it is ``unknown``.

A claim "goes with" the delay; it proves nothing about a person.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..stages import HANDING_OVER
from ..words import label, say
from . import own
from .activity import STUCK, Activity, Desk, Run
from .delay import FELT_PART, MANY_STEPS, Delays
from .pace import Pace, Paces
from .timeline import SUPPLEMENT, Norm, Timeline

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from ..extend import Cause

__all__ = ["CAUSES", "Attribution", "Finding", "Stay"]

CAUSES = (
    "closed_late", "extra_papers", "partner_agency", "signatory_away", "officer_on_leave",
    "portal_outage", "overload", "slow_officer", "slow_process", "unknown",
)  # fmt: skip
MOST = 0.85  # of what is beyond the usual: one step that holds more is no process of many
A_WHILE = 45.0  # minutes beyond the usual below which a step is as usual
FELT = 1.5  # how much longer than usual a flooded desk takes for what comes together


@dataclass(frozen=True)
class Stay:
    """A dossier at one step: minutes of work from ``start`` to ``stop``, and what is usual."""

    stage: str
    standard: str | None
    kind: str | None
    actor: str | None
    start: float
    stop: float
    waits_for: str | None
    waits_by_name: bool
    norm: Norm
    entered: dt.datetime
    left: dt.datetime | None
    desk: str | None = None

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


@dataclass(frozen=True)
class Claim:
    """What one cause's evidence covers of one stay (by ``place`` in ``Finding.weighed``):
    ``minutes`` of work beyond the usual, the
    ``span`` (minutes of work) in which nobody was there, if so, the minutes for which the clock
    was ``stopped`` besides, and the ``facts`` that show it.
    """

    cause: str
    place: int
    minutes: float
    span: tuple[float, float] | None = None
    stopped: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Finding:
    """Why one dossier is late. ``stage`` is the log's own name or "", ``needed`` the minutes of
    work that had to be saved to be in time, ``claims`` what each cause's evidence covers of
    which stay, ``saved`` the minutes that the whole way would have been shorter without each
    cause, ``lost`` hundredths of a working day by stage, adding up to the days late.
    ``inferred`` is the cause as the data show it, ``by_hand`` what somebody recorded instead.
    """

    code: str
    cause: str
    stage: str
    recorded_only: bool
    needed: float = 0.0
    stays: list[Stay] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    saved: dict[str, float] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    inferred: str = ""
    by_hand: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Without the code, which says whose it is."""
        key = "finding" if self.stage else "finding_no_stage"
        return say(f"reprs.{key}", cause=label(f"cause.{self.cause}"), stage=self.stage)

    @property
    def weighed(self) -> list[Stay]:
        """The stays whose time is weighed: all but the handing over, unless there is no other."""
        return [s for s in self.stays if s.standard != HANDING_OVER] or self.stays

    @property
    def long_steps(self) -> list[Stay]:
        """The stays that took rarely long, or cost a good part of what was needed: at the stage
        given first, then those furthest beyond the usual.
        """
        found = [s for s in self.weighed if s.long or s.excess * 4 > self.needed]
        found = [s for s in found if s.excess >= A_WHILE]
        return sorted(found, key=lambda stay: (stay.stage != self.stage, -stay.excess))

    def at(self, claim: Claim) -> Stay:
        """The stay that a claim is about."""
        return self.weighed[claim.place]


class Attribution:
    """Finds causes on one timeline."""

    def __init__(
        self,
        timeline: Timeline,
        by_hand: Mapping[str, Mapping[str, Any]] | None = None,
        rules: Sequence[Cause] = (),
    ) -> None:
        self.timeline = timeline
        self.rules = rules
        self.activity = Activity(timeline)
        self.paces = Paces(timeline, self.activity)
        self.delays = Delays(timeline, self.paces)
        self.by_hand = by_hand or {}

    def __repr__(self) -> str:
        return say("reprs.attribution")

    def find(self, late: pd.DataFrame) -> dict[str, Finding]:
        """A finding for each row of ``late`` (columns ``code, recorded_only, late_days``)."""
        return {str(row["code"]): self._find(row) for row in late.to_dict("records")}

    def _find(self, row: Mapping[Any, Any]) -> Finding:
        stays = self.stays(row["code"])
        finding = Finding(row["code"], "unknown", "", bool(row["recorded_only"]), stays=stays)
        if finding.recorded_only:
            finding.cause = "closed_late"
            if stays:
                finding.stage = _closing(stays).stage
        elif stays:
            self._weigh(finding, row)
            if finding.cause in ("slow_process", "unknown"):
                self._counted(finding, row)
        else:
            self._from_register(finding, row)
        finding.inferred = finding.cause
        finding.by_hand = self.by_hand.get(finding.code)
        if finding.by_hand:
            finding.cause = finding.by_hand["cause"]
        finding.lost = _lost(finding, row["late_days"])
        return finding

    def stays(self, code: str) -> list[Stay]:
        """The steps of a dossier in order, each with its norm; empty without a log."""
        way = self._ways[slice(*self.timeline.place(code))]
        if not way or any(step.start != step.start for step in way):
            return []
        found = [
            Stay(
                stage=str(step.stage),
                standard=_none(step.standard),
                kind=_none(step.kind),
                actor=_none(step.actor),
                start=float(step.since),
                stop=float(step.stop),
                waits_for=_none(step.waits_for),
                waits_by_name=self.timeline.is_pause(step.stage),
                norm=self.timeline.norm(code, step.stage),
                entered=step.entered_at,
                left=None if step.open else step.left_at,
                desk=_none(step.desk),
            )
            for step in way
        ]
        before = self._before_the_log(code, found[0])
        return [before, *found] if before else found

    @cached_property
    def _ways(self) -> list[Any]:
        """The steps of the timeline, for a look at a few of them."""
        names = ["stage", "standard", "kind", "actor", "start", "since", "stop", "waits_for",
                 "entered_at", "left_at", "open", "desk"]  # fmt: skip
        return list(self.timeline.steps[names].itertuples(index=False))

    def _before_the_log(self, code: str, first: Stay) -> Stay | None:
        """The time from receipt to the first step that the log holds, where it begins in the
        middle: put down to the stage that usually takes longest before that step.
        """
        usual = self.timeline.usual_way(code)
        missing = list(usual.items())
        for place, (stage, _) in enumerate(missing):
            if stage == first.stage:
                missing = missing[:place]
                break
        else:
            missing = []
        if not missing:
            return None
        received = self.timeline.minutes([self._received(code)])[0]
        if not first.start - received > self.timeline.day / 4:
            return None
        stage = max(missing, key=lambda item: item[1])[0]
        return Stay(
            stage=stage, standard=self.timeline.stages.standard(stage), kind=None, actor=None,
            start=float(received), stop=first.start, waits_for=None, waits_by_name=False,
            norm=self.timeline.norm(code, stage), left=first.entered,
            entered=self._received(code),
        )  # fmt: skip

    def _received(self, code: str) -> Any:
        return self.timeline.dossiers.loc[code, "received_at"]

    # -- weighing the candidates -------------------------------------------------------------

    def _weigh(self, finding: Finding, row: Mapping[Any, Any]) -> None:
        stays = finding.weighed
        finding.needed = max(stays[-1].stop - self.timeline.due_minute(row), 1.0)
        finding.claims = [
            claim
            for place, (stay, stopped) in enumerate(
                zip(stays, self._stopped(finding.code, stays), strict=True)
            )
            for claim in self._claims(finding.code, stay, place, stopped)
            if claim.minutes > 0 or claim.stopped
        ]
        if self.rules:
            finding.claims += self._own(row, stays, finding)
        causes = list(dict.fromkeys(claim.cause for claim in finding.claims))
        shorter = {cause: _without({cause}, stays, finding.claims) for cause in causes}
        finding.saved = {cause: math.fsum(parts) for cause, parts in shorter.items()}
        longest = max(stays, key=lambda stay: stay.excess)
        total = math.fsum(stay.excess for stay in stays)
        claimed = {c: math.fsum(x.minutes for x in finding.claims if x.cause == c) for c in causes}
        unsigned = {
            c.place for c in finding.claims
            if c.cause == "signatory_away" and c.minutes * 2 > stays[c.place].excess
        }  # fmt: skip
        held_up = {
            s.stage: s.desk
            for n, s in enumerate(stays) if n not in unsigned and self._is_held_up(s)
        }  # fmt: skip
        many = len(held_up) >= MANY_STEPS and len(set(held_up.values())) > 1
        spread = longest.excess <= MOST * total
        if many and spread and max(claimed.values(), default=0.0) * 2 < total:
            finding.cause, finding.stage = "slow_process", self._slowest(finding)
            return
        shown = {cause: _shown(cause, finding.claims, shorter[cause]) for cause in causes}
        stood = {c: math.fsum(x.stopped for x in finding.claims if x.cause == c) for c in causes}
        sufficient = {
            cause: minutes + stood[cause]
            for cause, minutes in finding.saved.items()
            if min(minutes, math.fsum(shown[cause].values())) >= finding.needed
        }
        known = {cause: m for cause, m in sufficient.items() if cause not in CAUSES}
        # the office's own causes know more than its register
        best = _largest(known or sufficient or finding.saved)
        if best and finding.saved[best] < finding.needed:
            alone = self._alone(causes, stays, finding)
            if alone:
                shorter, best = alone, _largest({c: math.fsum(parts) for c, parts in alone.items()})
            elif claimed[best] * 2 <= max(total, finding.needed):
                best = ""
        if best:
            whole = list(shorter[best])
            for claim in finding.claims:
                if claim.cause == best:  # the wait itself is long, whether or not the clock ran
                    whole[claim.place] += claim.stopped
            finding.cause, finding.stage = best, stays[_most(whole)].stage
        else:
            finding.stage = longest.stage if longest.excess else stays[-1].stage
            if (
                len({stay.stage for stay in finding.long_steps}) >= 2
                and longest.excess <= MOST * total
            ):
                finding.cause = "slow_process"
                if many:
                    finding.stage = self._slowest(finding)

    def _slowest(self, finding: Finding) -> str:
        """The stage of a long process at which most delay is expected."""
        delay = [self.delays.expected(finding.code, stay) for stay in finding.weighed]
        return finding.weighed[_most(delay)].stage

    def _counted(self, finding: Finding, row: Mapping[Any, Any]) -> None:
        """Papers that the register only counts: with nothing else to show, a step of an officer
        that was rarely long and alone made it late goes with them, unless the due day moved.
        """
        count = row.get("supplements")
        told = any(stay.waits_for for stay in finding.stays)
        if told or count is None or not count > 0 or self.timeline.days_added(finding.code):
            return
        stays = finding.weighed
        handled = [n for n, stay in enumerate(stays) if stay.kind == "officer" and stay.long]
        place = max(handled, key=lambda n: stays[n].excess, default=None)
        if place is not None and stays[place].excess >= finding.needed:
            facts = {"waits_for": SUPPLEMENT, "counted": int(count)}
            finding.claims.append(Claim("extra_papers", place, stays[place].excess, facts=facts))
            finding.cause, finding.stage = "extra_papers", stays[place].stage

    def _own(self, row: Mapping[Any, Any], stays: list[Stay], finding: Finding) -> list[Claim]:
        """What the office's own rules claim: of days that nobody's clock stood still for. One that
        claims most of an absence at that step says why nobody was there.
        """
        stopped = self._stopped(finding.code, stays)
        claims = []
        for cause, lost in own.asked(self.rules, row, own.steps(stays, self.timeline)):
            limit = stays[lost.place].excess - stopped[lost.place]
            minutes = min(lost.days * self.timeline.day, limit)
            spans = (
                c.span for c in finding.claims
                if c.place == lost.place and c.span and c.minutes < 2 * minutes
            )  # fmt: skip
            if minutes > 0:
                facts = {"said": lost.evidence}
                claims.append(Claim(cause, lost.place, minutes, next(spans, None), facts=facts))
        return claims

    @staticmethod
    def _alone(causes: list[str], stays: list[Stay], finding: Finding) -> dict[str, list[float]]:
        """Where no cause can be spared alone, for all together suffice: what each costs by stay
        with the others away, of those that would still have made it late.
        """
        bare = _without(set(causes), stays, finding.claims)
        if math.fsum(bare) < finding.needed:
            return {}
        found = {}
        for cause in causes:
            others = _without(set(causes) - {cause}, stays, finding.claims)
            if math.fsum(others) < finding.needed:
                found[cause] = [b - o for b, o in zip(bare, others, strict=True)]
        return found

    def _is_held_up(self, stay: Stay) -> bool:
        """Long at a step of the office's own, by a quarter of a day or more."""
        own = stay.kind != "partner" and not stay.waits_for
        return own and stay.long and stay.excess >= FELT_PART * self.timeline.day

    def _claims(self, code: str, stay: Stay, place: int, stopped: float) -> Iterable[Claim]:
        """What each cause's evidence covers of this stay, beyond the usual. ``stopped`` are the
        minutes of it for which the due day was moved: nobody's delay.
        """
        lost = stay.excess - stopped
        if stay.excess <= 0:
            return
        desk = self.activity.desks.get(stay.desk or "")
        own = 0.0
        if stay.kind == "partner":
            own = lost
            yield Claim("partner_agency", place, lost)
        elif stay.standard == "S1_receive":
            yield from self._at_reception(code, stay, place)
        elif desk is not None and not stay.waits_by_name:
            absent = "signatory_away" if stay.kind == "signatory" else "officer_on_leave"
            away, span, run = self._absent(desk, stay)
            flood = self._flooded(stay)
            if flood and span and span[1] <= stay.start:  # a queue of both
                away *= 1 - desk.of_bursts(stay.start)
            yield Claim(absent, place, min(away, lost), span, facts={"run": run})
            pace = self._slow(code, stay)
            times = pace.times if pace else 1.0
            spent = stay.minutes - stopped
            slow = (spent - away) * (1 - 1 / times)
            flood = flood if away < lost / 2 else None
            usual = stay.norm.usual
            steady = min(usual * times, max(pace.own, usual)) if pace else usual
            if flood or stay.waits_for:  # what is beyond even that pace is due to that
                slow = min(slow, steady - usual)
            yield Claim("slow_officer", place, min(slow, lost), facts={"pace": pace})
            if flood:
                more = min(spent - steady, lost)
                where, run = flood
                facts = {"run": run, "came": where.came_in(run), "usual": where.usual_a_day}
                yield Claim("overload", place, more, facts=facts)
            own = max(away, slow)
        if stay.waits_for:
            ran = max(lost - own, 0.0) if stopped else lost
            papers = min(ran, self._asked_for(code, stay))
            facts = {"waits_for": stay.waits_for}
            yield Claim("extra_papers", place, papers, stopped=stopped, facts=facts)

    def _asked_for(self, code: str, stay: Stay) -> float:
        """The minutes of a stay from the day on which papers were asked for to the one after they
        came, as the register has them; all where it has not both, where they are of another stay,
        or where the step itself is the wait.
        """
        row = self.timeline.dossiers.loc[code]
        asked, came = row["supplement_requested_at"], row["supplement_completed_at"]
        if asked != asked or came != came or asked is None or came is None or stay.waits_by_name:
            return stay.minutes
        if came == came.normalize():
            came = self.timeline.end_of(came)
        first, last = self.timeline.minutes([asked, came])
        overlap = min(stay.stop, float(last) + self.timeline.day) - max(stay.start, float(first))
        return overlap if overlap > 0 else stay.minutes

    def _stopped(self, code: str, stays: list[Stay]) -> list[float]:
        """The minutes of each stay for which the due day was moved: the days added to the usual
        limit, shared out over the stays with a wait for the filer by their excess.
        """
        waited = [stay.excess if stay.waits_for else 0.0 for stay in stays]
        whole = math.fsum(waited)
        added = min(self.timeline.days_added(code) * self.timeline.day, whole) if whole else 0.0
        return [added * excess / whole if whole else 0.0 for excess in waited]

    def _absent(
        self, desk: Desk, stay: Stay
    ) -> tuple[float, tuple[float, float] | None, Run | None]:
        """The part of the stay on idle days, or all of it while work of such days is cleared;
        from the first to the last moment at which nobody was there; and the run that claims most.
        """
        day = self.timeline.day
        claimed, most, span, chief = 0.0, 0.0, None, None
        short = stay.norm.long < day / 2  # a step that a day at work would not leave undone
        cleared = dict(desk.absences)
        for run in desk.quiet if short else cleared:
            first, after = run.minutes(day)
            overlap = min(stay.stop, after) - max(stay.start, first)
            if overlap >= (day if short and run not in cleared else 1):
                behind = cleared[run] if run in cleared and self._felt(stay) else after + day
                part = min(stay.stop, max(behind, after + day)) - max(stay.start, first)
            elif run in cleared and after <= stay.start < cleared[run] and self._felt(stay):
                part = stay.excess
            else:
                continue
            claimed += part
            if part > most:
                most, chief = part, run
            span = (first, after) if span is None else (span[0], after)
        return min(claimed, stay.excess), span, chief

    def _felt(self, stay: Stay) -> bool:
        """Whether what came to the desk together with it took clearly longer than usual too."""
        return self.activity.company(str(stay.desk), stay.stage, stay.start) >= FELT

    def _flooded(self, stay: Stay) -> tuple[Desk, Run] | None:
        """The burst that the stay was in or behind of, where what came together felt it: of its own
        desk, else of the whole office; of several, the one nearest to when it came.
        """
        day, name = self.timeline.day, str(stay.desk)
        desks = {name: self.activity.desks[name]}
        if stay.kind == "officer":
            desks[""] = self.activity.office
        for name, desk in desks.items():
            if self.activity.company(name, stay.stage, stay.start) < FELT:
                continue
            runs = [
                run for run, cleared in desk.floods
                if stay.stop > run.minutes(day)[0] and stay.start < cleared
            ]  # fmt: skip
            if runs:
                return desk, min(runs, key=lambda run: run.apart(stay.start / day))
        return None

    def _at_reception(self, code: str, stay: Stay, place: int) -> Iterable[Claim]:
        if self.timeline.dossiers.loc[code, "channel"] == "online":
            together = self.activity.stuck_online(stay.start, stay.stop)
            if together >= STUCK:
                yield Claim("portal_outage", place, stay.excess, facts={"together": together})

    def _slow(self, code: str, stay: Stay) -> Pace | None:
        """What shows that who holds it is slow at that work."""
        if stay.kind != "officer":
            return None
        return self.paces.slow(code, stay.stage, stay.desk, stay.entered)

    # -- less than a log -----------------------------------------------------------------------

    def _from_register(self, finding: Finding, row: Mapping[Any, Any]) -> None:
        """Without a log: only a pause for papers that the register itself dates tells a cause, or
        a rule of the office's own.
        """
        end = row["ended_at"]
        if end is None or end != end:
            return
        asked, brought = row.get("supplement_requested_at"), row.get("supplement_completed_at")
        until = brought if brought == brought and brought is not None else end
        begun = asked if asked == asked and asked is not None else until
        first, last, done = self.timeline.minutes([begun, until, end])
        finding.needed = float(done - self.timeline.due_minute(row))
        claims = [Claim("extra_papers", 0, float(last - first))] if last > first else []
        if self.rules and finding.needed > 0:
            claims += self._own_whole(row, finding.needed)
        finding.claims = [claim for claim in claims if claim.minutes >= finding.needed]
        finding.cause = _largest({c.cause: c.minutes for c in finding.claims}) or "unknown"

    def _own_whole(self, row: Mapping[Any, Any], late: float) -> list[Claim]:
        """What the office's own rules claim of the whole way, where no log has its steps."""
        day = self.timeline.day
        way = own.whole(row, late / day, self.timeline)
        return [
            Claim(cause, 0, min(lost.days * day, late), facts={"said": lost.evidence})
            for cause, lost in own.asked(self.rules, row, [way])
        ]


def _without(causes: Collection[str], stays: list[Stay], claims: Iterable[Claim]) -> list[float]:
    """The minutes that each stay would have been shorter without what ``causes`` claim.

    What came earlier to a desk where nobody sat waits there until the same moment, unless it
    would have been through before they left: then what it waited for them is saved, and no more.
    Without a wait that stopped the clock, the due day would have been earlier by as much.
    """
    mine: dict[int, float] = {}
    moved: dict[int, float] = {}
    for claim in claims:
        if claim.cause in causes:
            mine[claim.place] = mine.get(claim.place, 0.0) + claim.minutes + claim.stopped
            moved[claim.place] = claim.stopped
    spared = {claim.place for claim in claims if claim.span and claim.cause in causes}
    away = {c.place: c.minutes for c in claims if c.span and c.place not in spared}
    empty = {c.place: c.span for c in claims if c.span and c.place not in spared}
    saved, shorter = 0.0, []
    for place, stay in enumerate(stays):
        start = stay.start - saved
        stop = start + stay.minutes - min(mine.get(place, 0.0), stay.excess)
        span = empty.get(place)
        if span and saved > 0:
            first, after = span
            usual = min(stay.norm.usual, stay.minutes)
            if start + usual <= first:
                stop = max(start + usual, stop - away[place])
            elif start < after:
                stop = stay.stop
        shorter.append(stay.minutes - (stop - start) - moved.get(place, 0.0))
        saved = stay.stop - stop
    return shorter


def _shown(cause: str, claims: Iterable[Claim], shorter: Sequence[float]) -> dict[int, float]:
    """What of ``shorter`` (by stay) a cause saves where it claims something itself, a wait counted
    whether or not the clock ran. To have come before somebody left is no evidence elsewhere.
    """
    stopped = {claim.place: claim.stopped for claim in claims if claim.cause == cause}
    return {place: shorter[place] + minutes for place, minutes in stopped.items()}


def _largest(saved: Mapping[str, float]) -> str:
    """The cause that saves most; among equals the office's own, then the first of ``CAUSES``; ""
    of none.
    """
    places = {cause: -n for n, cause in enumerate(CAUSES)}
    return max(saved, key=lambda cause: (saved[cause], places.get(cause, 1)), default="")


def _most(values: list[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)


def _closing(stays: list[Stay]) -> Stay:
    """The last to end; where days alone are known, the handing over of those that ended then."""
    return max(reversed(stays), key=lambda stay: (stay.stop, stay.standard == HANDING_OVER))


def _lost(finding: Finding, late_days: Any) -> dict[str, int]:
    """The working days late, in hundredths, shared out over the stages by their excess."""
    import pandas as pd

    if pd.isna(late_days) or not finding.stays:
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
    total = math.fsum(weights.values())
    exact = {name: whole * weight / total for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: parts[name] - exact[name])
    for name in rest[: whole - sum(parts.values())]:
        parts[name] += 1
    return {name: part for name, part in parts.items() if part}


def _none(value: Any) -> Any:
    return None if value is None or value != value else str(value)
