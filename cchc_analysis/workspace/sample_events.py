"""The troubles that are planted in an office: whom they befall, when, for how long.

An event is a span of time at one place of the process; only what befalls a dossier alone (papers
asked for, a closing forgotten, a long way round) is written into the dossier. How many dossiers an
event makes late is not decided here: that is up to the queues.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random

from .sample_cases import Case, Request, new_case
from .sample_process import ASSIGN, CAUSES, FORWARD, HANDLE, SEAL, SUBMIT, Event
from .sample_world import CATALOGUE, DAY, Clock, Staff, pick

__all__ = ["plant"]


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
    desks = (("ho_tich",), ("xa_hoi", "dia_chinh", "chung_thuc"))
    for desk in desks * max(1, len(staff.names) // 10):
        officer = pick(rng, staff.desks[pick(rng, desk)])
        start, end = _window(rng, first, last, 5, 8)
        found.append(Event("officer_on_leave", staff.names[officer], start, end, str(officer)))
    return found


def _portal_outage(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    start, end = _window(rng, first, last, 3, 4)
    return [Event("portal_outage", "Cổng dịch vụ công", start, end)]


def _partner_agency(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    partners = sorted({item.partner for item in staff.catalogue if item.partner})
    if not partners:
        return []
    partner = pick(rng, partners)
    start, end = _window(rng, first, last, 30, 40)
    return [Event("partner_agency", partner, start, end, partner)]


def _overload(
    rng: Random, cases: list[Case], clock: Clock, staff: Staff, first: int, last: int
) -> list[Event]:
    """A school year, a campaign: some days of work for a desk, brought in two days."""
    start, _ = _window(rng, first, last, 2, 2)
    group = pick(rng, ("ho_tich", "ho_tich", "chung_thuc"))
    wanted = [item for item in staff.catalogue if item.group == group and item.days <= 3]
    if not wanted:
        return []
    load = 3.5 if group == "ho_tich" else 2.0
    mean = sum(item.minutes for item in wanted) / len(wanted)
    usual = sum(first <= case.at // DAY <= last for case in cases)
    for _ in range(min(round(load * DAY / mean * len(staff.desks[group])), usual // 6)):
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
