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
from datetime import date
from random import Random

from .sample_cases import Case, Request, new_case
from .sample_world import CATALOGUE, DAY, THREE_PM, Clock, Staff, pick

__all__ = ["CAUSES", "STAGES", "Event", "Passage", "Verdict", "plant", "run", "verdicts"]

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
        return self.finish // DAY > self.due


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
        marks.append(assigned + 30 + int(max(days, 1) * DAY * 0.6 * case.luck))
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
            start = next((day * DAY + s for s in SESSIONS if rest <= s), (day + 1) * DAY + SESSIONS[0])
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


def plant(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, spans: list[tuple[date, date]],
    causes: Iterable[str],
) -> list[Event]:  # fmt: skip
    """Plants the causes in each span of days; a burst also adds its dossiers to ``cases``."""
    wanted = [cause for cause in CAUSES if cause in set(causes)]
    events: list[Event] = []
    for turn, (start, end) in enumerate(spans):
        first, last = clock.index(start), clock.index(end)
        for rank, cause in enumerate(wanted):
            if len(spans) > 1 and (turn + rank) % 3 == 2:
                continue  # every cause rests now and then
            if cause in _PLANTERS:
                events += _PLANTERS[cause](rng, cases, clock, staff, first, last)
    if "slow_officer" in wanted:
        events += _slow_officer(rng, cases, clock, staff, spans)
    for case in cases:
        _one_by_one(rng, case, wanted)
    return events


def _window(rng: Random, first: int, last: int, low: int, high: int) -> tuple[int, int]:
    length = low + int((high - low + 1) * rng.random())
    start = first + 3 + int(max(1, last - first - length - 10) * rng.random())
    return start * DAY, (start + length) * DAY


def _signatory_away(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    lane = int(staff.signers * rng.random())
    start, end = _window(rng, first, last, 4, 6)
    return [Event("signatory_away", staff.signature(lane), start, end, str(lane))]


def _officer_on_leave(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    found = []
    for desk in (("ho_tich",), ("xa_hoi", "dia_chinh", "chung_thuc")):
        officer = pick(rng, staff.desks[pick(rng, desk)])
        start, end = _window(rng, first, last, 5, 8)
        found.append(Event("officer_on_leave", staff.names[officer], start, end, str(officer)))
    return found


def _portal_outage(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    start, end = _window(rng, first, last, 2, 4)
    return [Event("portal_outage", "Cổng dịch vụ công", start, end)]


def _partner_agency(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    partner = pick(rng, sorted({item.partner for item in CATALOGUE if item.partner}))
    start, end = _window(rng, first, last, 30, 40)
    return [Event("partner_agency", partner, start, end, partner)]


def _overload(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    """A school year, a campaign: some days of work for a desk, brought in two days."""
    start, _ = _window(rng, first, last, 2, 2)
    group = pick(rng, ("ho_tich", "ho_tich", "chung_thuc"))
    wanted = [item for item in CATALOGUE if item.group == group and item.days <= 3]
    load = 3.5 if group == "ho_tich" else 2.0
    mean = sum(item.minutes for item in wanted) / len(wanted)
    for _ in range(round(load * DAY / mean * len(staff.desks[group]))):
        moment = clock.moment(start + DAY * int(2 * rng.random()) + int(300 * rng.random()))
        way = "online" if rng.random() < 0.4 else "direct"
        case = new_case(rng, clock, staff, moment, pick(rng, wanted), way, plain=True)
        case.burst = True
        cases.append(case)
    return [Event("overload", group, start, start + 2 * DAY, group)]


_PLANTERS = {
    "officer_on_leave": _officer_on_leave,
    "overload": _overload,
    "partner_agency": _partner_agency,
    "portal_outage": _portal_outage,
    "signatory_away": _signatory_away,
}


def _slow_officer(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, spans: list[tuple[date, date]]
) -> list[Event]:
    """One officer of a desk of several, slow on two of its procedures, all the time."""
    group = pick(rng, ("ho_tich", "ho_tich", "xa_hoi", "dia_chinh"))
    officer = pick(rng, staff.desks[group])
    mine = [item for item in CATALOGUE if item.group == group and item.days >= 3]
    chosen: list[str] = []
    while len(chosen) < 2:
        code = pick(rng, mine, [item.weight for item in mine]).code
        chosen += [] if code in chosen else [code]
    for case in cases:
        if case.officer == officer and case.procedure.code in chosen:
            case.extras.append(("slow_officer", HANDLE, int(2.2 * case.verify)))
    start, end = clock.index(spans[0][0]) * DAY, clock.index(spans[-1][1]) * DAY
    return [Event("slow_officer", staff.names[officer], start, end, ",".join(sorted(chosen)))]


def _one_by_one(rng: Random, case: Case, wanted: list[str]) -> None:
    """What befalls a dossier alone. The draws are made whether or not they are used."""
    u = [rng.random() for _ in range(8)]
    if case.fate != "result" or case.requests or case.payment or case.early:
        return
    days = case.procedure.days
    if "closed_late" in wanted and u[0] < 0.025:
        case.closing, case.closing_days, case.handed_first = "bulk", 1 + int(4 * u[1]), u[2] < 0.7
    elif "extra_papers" in wanted and u[0] < 0.05 and days:
        if u[1] < 0.6:
            case.requests = [Request(int(DAY * (0.5 + days * (0.5 + u[3]))), stops_clock=False)]
        else:
            again = int(DAY * days * (0.45 + 0.9 * u[4]))
            case.requests = [Request(int(DAY * (1 + 4 * u[3])), rework=again)]
    elif "slow_process" in wanted and u[0] < 0.08 and days >= 5:
        for step, draw in zip((ASSIGN, HANDLE, SUBMIT, SEAL), u[4:], strict=True):
            step = FORWARD if step == SEAL and case.partner else step
            case.extras.append(("slow_process", step, int(DAY * days * (0.12 + 0.25 * draw))))


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
    """For each late dossier the event without which it would have been in time.

    Of several such events, the one that cost most. Where two events each suffice, neither alone
    makes the difference: then the one that alone costs most. Where only several together make it
    late it is a ``slow_process``; where it is late with nothing planted, the cause is ``unknown``.
    """
    late = [
        n for n, case in enumerate(cases) if case.fate == "result" and actual[n].late
    ]
    if not late:
        return {}
    everything = frozenset(CAUSES)
    without = {cause: run(cases, events, clock, frozenset({cause})) for cause in CAUSES}
    bare = run(cases, events, clock, everything)
    only: dict[str, list[Passage]] = {}
    found: dict[int, Verdict] = {}
    for n in late:
        gain = {
            cause: actual[n].finish - other[n].finish
            for cause, other in without.items()
            if not other[n].late
        }
        if gain:
            cause = max(sorted(gain), key=gain.__getitem__)
            found[n] = _verdict(cause, actual[n], without[cause][n], gain)
        elif bare[n].late:
            found[n] = _verdict("unknown", actual[n], None, {})
        else:
            if not only:
                only = {c: run(cases, events, clock, everything - {c}) for c in CAUSES}
            alone = {c: p[n].finish - bare[n].finish for c, p in only.items() if p[n].late}
            cause = max(sorted(alone), key=alone.__getitem__) if alone else "slow_process"
            found[n] = _verdict(cause, actual[n], bare[n], alone)
            if alone:
                found[n].stage = _stage(only[cause][n], bare[n])
    return found


def _verdict(
    cause: str, actual: Passage, other: Passage | None, rivals: dict[str, int]
) -> Verdict:
    also = [rival for rival in sorted(rivals) if rival != cause]
    lost = actual.finish - other.finish if other else 0
    stage = STAGES[RELEASE] if cause == "closed_late" else _stage(actual, other)
    return Verdict(cause, stage, also, lost)


def _stage(actual: Passage, other: Passage | None) -> str:
    """The step that took most, or most more than in the other run."""
    steps = [b - a for a, b in zip(actual.marks, actual.marks[1:], strict=False)]
    if other:
        base = [b - a for a, b in zip(other.marks, other.marks[1:], strict=False)]
        steps = [a - b for a, b in zip(steps, base, strict=True)]
    return STAGES[steps.index(max(steps))]
