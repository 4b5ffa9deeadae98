"""What happens to the dossiers, and why some are late: the true causes, by running it again.

The office is a short line of queues, first in first out: an officer's desk, then a signature, with
plain waiting between. Planted events act on the process only – a signatory is away, the portal is
down, a burst arrives – and nobody writes into a dossier that it is late. Its cause is found
afterwards as a historian with a second world would find it: the office is run again without the
event, with the same luck, and the dossier is in time or it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from .sample_cases import Case
from .sample_world import DAY, THREE_PM, Clock

__all__ = ["CAUSES", "STAGES", "Event", "Passage", "Verdict", "run", "verdicts"]

STAGES = (
    "Tiếp nhận", "Phân công", "Thụ lý", "Trình ký", "Ký duyệt", "Chuyển liên thông",
    "Nhận kết quả liên thông", "Văn thư", "Trả kết quả",
)  # fmt: skip
RECEIVE, ASSIGN, HANDLE, SUBMIT, SIGN, FORWARD, PARTNER, SEAL, RELEASE = range(9)
CAUSES = (
    "closed_late", "extra_papers", "officer_on_leave", "overload", "partner_agency",
    "portal_outage", "signatory_away", "slow_officer", "slow_process",
)  # fmt: skip
SESSIONS = (150, 360)  # the chairman signs at 10:00 and at 15:30


@dataclass(frozen=True)
class Event:
    """Something planted: ``who`` it befalls, from and to which worked minute."""

    cause: str
    who: str
    start: int
    end: int
    key: str = ""


@dataclass(slots=True)
class Passage:
    """One dossier's way through the office: ``marks[k]`` to ``marks[k + 1]`` is step k."""

    marks: list[int]
    first_due: int
    due: int
    pushes: list[tuple[int, int]]  # (when the papers came, working days added)
    pauses: list[tuple[int, int, str]]
    ready: int
    finish: int

    @property
    def late(self) -> bool:
        """Late in the register, where the day of closing counts."""
        return self.finish // DAY > self.due

    @property
    def overdue(self) -> bool:
        """Late in fact: the last working step, before the handing over, ended after the due day.
        Else it is late in the register only, as the definitions have it.
        """
        return self.marks[-2] // DAY > self.due

    def steps(self) -> list[int]:
        """The minutes of each step, the last one up to the work's end."""
        marks = [*self.marks[:-1], self.ready]
        return [after - before for before, after in pairwise(marks)]


def _free(minute: int, spans: Iterable[tuple[int, int]]) -> int:
    for start, end in spans:
        if start <= minute < end:
            minute = end
    return minute


class _World:
    """The events that act in one run, looked up by whom they befall."""

    def __init__(self, events: list[Event], off: frozenset[str]) -> None:
        self.off = off
        self.spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for event in sorted(events, key=lambda event: event.start):
            if event.cause not in off:
                key = (event.cause, event.key)
                self.spans.setdefault(key, []).append((event.start, event.end))

    def at(self, cause: str, key: str) -> list[tuple[int, int]]:
        return self.spans.get((cause, key), [])


def run(
    cases: list[Case], events: list[Event], clock: Clock, off: frozenset[str] = frozenset()
) -> list[Passage]:
    """Every dossier from its arrival to its end, without the causes in ``off``."""
    world = _World(events, off)
    passages = [_arrive(case, world) for case in cases]
    _handle(cases, passages, world)
    _sign(cases, passages, world)
    for case, passage in zip(cases, passages, strict=True):
        if case.fate == "result":
            _finish(case, passage, world, clock)
    return passages


def _extra(case: Case, step: int, world: _World) -> int:
    return sum(more for cause, at, more in case.extras if at == step and cause not in world.off)


def _arrive(case: Case, world: _World) -> Passage:
    days, day = case.procedure.days, case.at // DAY
    if case.shift:
        due = day + max(days, 1) - 1
    elif days == 0:
        due = day + (case.at % DAY > THREE_PM)
    else:
        due = day + days
    left = case.at
    if not case.shift:
        if case.channel == "online":
            held = _free(left, world.at("portal_outage", ""))
            left = held + (int(200 * case.luck) if held > left else 0)
        left += case.reception + _extra(case, RECEIVE, world)
    assigned = left + case.assign + _extra(case, ASSIGN, world)
    marks = [case.at, left, assigned]
    if case.fate == "refused":
        marks = marks[:2]
    elif case.fate != "result":
        marks.append(assigned + 30 + int(days * DAY * 0.6 * case.luck))
    return Passage(marks, due, due, [], [], 0, marks[-1])


def _handle(cases: list[Case], passages: list[Passage], world: _World) -> None:
    """The officers' desks: who comes first is served first, and an absent officer serves nobody."""
    free: dict[int, int] = {}
    going = [n for n, case in enumerate(cases) if case.fate == "result"]
    for n in sorted(going, key=lambda n: (passages[n].marks[ASSIGN + 1], n)):
        case, passage = cases[n], passages[n]
        absent = world.at("officer_on_leave", str(case.officer))
        start = _free(max(passage.marks[HANDLE], free.get(case.officer, 0)), absent)
        end = start + case.hands
        end += sum(b - a for a, b in absent if start < a < end)
        if not (case.burst and "overload" in world.off):  # then a ghost: seen by no one behind it
            free[case.officer] = end
        now = end
        for request in () if "extra_papers" in world.off else case.requests:
            asked, brought = now + 30, now + 30 + request.minutes
            passage.pauses.append((asked, brought, "supplement"))
            if request.stops_clock:
                _push(passage, asked, brought)
            now = brought + request.rework
        now += case.verify + _extra(case, HANDLE, world)
        submitted = _free(now, absent) + case.submit + _extra(case, SUBMIT, world)
        passage.marks += [submitted if case.procedure.same_day else now, submitted]


def _push(passage: Passage, asked: int, brought: int) -> None:
    days = brought // DAY - asked // DAY
    passage.due += days
    passage.pushes.append((brought, days))


def _sign(cases: list[Case], passages: list[Passage], world: _World) -> None:
    """The signature: the chairman's at two sittings a day, the deputy's at the counter."""
    free: dict[int, int] = {}
    going = [n for n, case in enumerate(cases) if case.fate == "result"]
    for n in sorted(going, key=lambda n: (passages[n].marks[SIGN], n)):
        case, passage = cases[n], passages[n]
        start = passage.marks[SIGN]
        absent = world.at("signatory_away", str(case.lane))
        start = _free(start, absent)
        if case.lane >= 0:
            day, rest = divmod(start, DAY)
            start = next(
                (day * DAY + s for s in SESSIONS if rest <= s), (day + 1) * DAY + SESSIONS[0]
            )
        start = _free(max(start, free.get(case.lane, 0)), absent)
        end = start + case.sign
        if not (case.burst and "overload" in world.off):
            free[case.lane] = end
        passage.marks.append(end)


def _finish(case: Case, passage: Passage, world: _World, clock: Clock) -> None:
    now = passage.marks[-1] + case.forward + _extra(case, FORWARD, world)
    passage.marks.append(now)
    if case.partner:
        if case.payment:
            passage.pauses.append((now + 60, now + 60 + case.payment, "payment"))
            _push(passage, now + 60, now + 60 + case.payment)
        slow = any(a <= now < b for a, b in world.at("partner_agency", case.procedure.partner))
        now += case.payment + case.partner * (3 if slow else 1) + _extra(case, PARTNER, world)
    passage.marks.append(now)
    now += case.seal + _extra(case, SEAL, world)
    passage.marks.append(now)
    passage.ready = now + case.release
    passage.finish = _closed(case, passage, world, clock)
    passage.marks.append(passage.finish)


def _closed(case: Case, passage: Passage, world: _World, clock: Clock) -> int:
    """When the system was told: at once, or on the Friday when someone tidies up."""
    ready, day = passage.ready, passage.ready // DAY
    if case.closing == "soft":
        return max(ready, min(ready + case.closing_days * DAY, passage.due * DAY + 430))
    if not case.closing or "closed_late" in world.off:
        return ready
    if case.closing == "after_due":
        return (max(day, passage.due) + case.closing_days) * DAY + 400
    day += case.closing_days
    while clock.days[day].weekday() != 4:
        day += 1
    return day * DAY + 420


@dataclass
class Verdict:
    """Why a dossier is late: the cause, the step where its days went, the other candidates."""

    cause: str
    stage: str
    also: list[str] = field(default_factory=list)
    lost_minutes: int = 0


def verdicts(
    cases: list[Case], events: list[Event], clock: Clock, actual: list[Passage]
) -> dict[int, Verdict]:
    """For each late dossier the event without which the work would have been done in time.

    Done in time and closed late in the system is ``closed_late``. Otherwise, of several events that
    each made the difference, the one that cost most; where two would each have sufficed, so that
    neither alone makes the difference, the one that alone costs most; where only several together
    make it late, ``slow_process``; where it is late with nothing planted, ``unknown``.
    """
    late = [n for n, case in enumerate(cases) if case.fate == "result" and actual[n].late]
    everything = frozenset(CAUSES)
    without: dict[str, list[Passage]] = {}
    only: dict[str, list[Passage]] = {}
    bare: list[Passage] = []
    if late:
        without = {cause: run(cases, events, clock, frozenset({cause})) for cause in CAUSES}
        bare = run(cases, events, clock, everything)
    found: dict[int, Verdict] = {}
    for n in late:
        done = actual[n].ready
        gain = {c: done - p[n].ready for c, p in without.items() if not p[n].overdue}
        if not actual[n].overdue:
            rivals = sorted(c for c, p in without.items() if c != "closed_late" and not p[n].late)
            lost = actual[n].finish - done
            found[n] = Verdict("closed_late", STAGES[RELEASE], rivals, lost)
        elif gain:
            cause = max(sorted(gain), key=gain.__getitem__)
            found[n] = _verdict(cause, actual[n], without[cause][n], gain)
        elif bare[n].overdue:
            found[n] = _verdict("unknown", actual[n], None, {})
        else:
            if not only:
                only = {c: run(cases, events, clock, everything - {c}) for c in CAUSES}
            alone = {c: p[n].ready - bare[n].ready for c, p in only.items() if p[n].overdue}
            cause = max(sorted(alone), key=alone.__getitem__) if alone else "slow_process"
            shown = only[cause][n] if alone else actual[n]
            found[n] = _verdict(cause, shown, bare[n], alone)
    return found


def _verdict(cause: str, actual: Passage, other: Passage | None, rivals: dict[str, int]) -> Verdict:
    """The verdict, with the step that took most, or most more than in the other run."""
    steps = actual.steps()
    if other:
        steps = [here - there for here, there in zip(steps, other.steps(), strict=True)]
    stage = STAGES[steps.index(max(steps))]
    lost = actual.ready - other.ready if other else 0
    return Verdict(cause, stage, [rival for rival in sorted(rivals) if rival != cause], lost)
