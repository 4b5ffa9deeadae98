"""Who comes to the office, and with what: the dossiers before anything happens to them.

Every minute a dossier will need at every desk is drawn here, once. The process may then be run
again without an absence or an outage, and each dossier meets it with the same luck: what differs
between two runs is the event alone, which is what makes "without it, it would have been in time" a
fact and not an opinion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from .sample_world import (
    CATALOGUE,
    DAY,
    TET,
    THREE_PM,
    Clock,
    Procedure,
    Quarter,
    Staff,
    pick,
    skew,
)

__all__ = ["Case", "Request", "arrivals", "new_case", "number"]

WEEKDAY = (1.25, 1.1, 1.0, 0.95, 0.8, 0.5, 0.0)
WARM_UP = 91  # days simulated before the first quarter, so that it begins with dossiers in hand


@dataclass(slots=True)
class Request:
    """Papers asked for: minutes until the filer brings them, and minutes of work done over."""

    minutes: int
    stops_clock: bool = True
    rework: int = 0


@dataclass(slots=True)
class Case:
    """A dossier to come. ``at`` is its arrival in worked minutes; ``extras`` are planted delays."""

    procedure: Procedure
    channel: str
    received: datetime
    registered: datetime
    at: int
    shift: bool  # received on an off-Saturday's shift
    officer: int
    lane: int
    reception: int
    assign: int
    hands: int
    verify: int
    submit: int
    sign: int
    forward: int
    partner: int
    seal: int
    release: int
    pickup_days: int
    pickup_minute: int
    luck: float
    requests: list[Request] = field(default_factory=list)
    payment: int = 0
    fate: str = "result"
    undated_end: bool = False
    extras: list[tuple[str, int, int]] = field(default_factory=list)
    closing: str = ""  # "", "soft" (a day or two, within the limit), "bulk", "after_due"
    closing_days: int = 0
    handed_first: bool = False
    burst: bool = False
    early: bool = False  # registered in the quarter before, accepted after its export
    code: str = ""


def new_case(
    rng: Random,
    clock: Clock,
    staff: Staff,
    received: datetime,
    procedure: Procedure,
    channel: str,
    *,
    plain: bool = False,
) -> Case:
    """A dossier with its luck drawn; ``plain`` leaves out requests, payments and withdrawals."""
    days, same_day = procedure.days, procedure.same_day
    u = [rng.random() for _ in range(20)]
    linked = bool(procedure.partner)
    share = 0.0 if same_day else 0.12 if days == 1 else 0.15 if linked else 0.28
    online = channel == "online"
    quick = 15 if same_day else 60
    lane = int(u[0] * staff.signers)
    case = Case(
        procedure=procedure,
        channel=channel,
        received=received,
        registered=received,
        at=clock.minute(received),
        shift=not clock.is_worked(received.date()),
        officer=staff.officer(rng, procedure),
        lane=-1 - lane if procedure.group == "chung_thuc" else lane,
        reception=3 + int((quick if online else 15) * u[1]),
        assign=0 if same_day else 5 + int((40 if days < 5 else 200) * u[2]),
        hands=max(3, int(procedure.minutes * skew(u[3]))),
        verify=int(share * days * DAY * skew(u[4])),
        submit=0 if same_day else 5 + int(35 * u[5]),
        sign=2 + int(4 * u[6]),
        forward=5 + int(40 * u[7]) if linked else 0,
        partner=int(0.28 * days * DAY * skew(u[8])) if linked else 0,
        seal=0 if linked else 5 + int(20 * u[9]),
        release=2 + int(12 * u[10]),
        pickup_days=0 if u[11] < 0.6 else 1 + int(3 * u[12]),
        pickup_minute=60 + int(330 * u[13]),
        luck=u[14],
    )
    if online and u[15] < 0.3:
        case.registered = datetime.combine(received.date() - timedelta(1), time(18)) + timedelta(
            minutes=int(240 * u[16])
        )
    if plain:
        return case
    if u[17] < 0.05:
        for _ in range(2 if u[18] < 0.15 else 1):
            wait = 1 + int(2 * rng.random()) if same_day else 0.5 + 5 * rng.random()
            case.requests.append(Request(int(DAY * wait)))
    if procedure.field == "Đất đai" and linked and u[19] < 0.12:
        case.payment = int(DAY * (1 + 4 * rng.random()))
    chance = rng.random()
    if chance < 0.021:
        case.fate = "refused" if chance < 0.01 else "withdrawn" if chance < 0.017 else "stopped"
        case.undated_end = rng.random() < 0.4
    if rng.random() < 0.03:
        case.closing, case.closing_days, case.handed_first = "soft", 1 + int(2 * rng.random()), True
    return case


def _days(clock: Clock, start: date, end: date) -> tuple[list[date], list[float]]:
    """The days on which people come, and how many come: fewer on Fridays, more before Tết."""
    days, weights = [], []
    for n in range((end - start).days + 1):
        day = start + timedelta(n)
        weight = WEEKDAY[day.weekday()]
        if not clock.is_worked(day):
            rest = any(-4 <= (day - tet).days <= 11 for tet in TET)
            if day.weekday() != 5 or rest or day.isocalendar().week % 2:
                continue
            weight = 0.2
        for tet in TET:
            before = (tet - day).days
            weight *= 1.4 if 0 < before <= 14 else 0.5 if -14 <= before <= 0 else 1.0
        days.append(day)
        weights.append(weight)
    return days, weights


def _visit(rng: Random, clock: Clock, day: date) -> datetime:
    if not clock.is_worked(day):
        return datetime.combine(day, time(7, 30)) + timedelta(minutes=int(200 * rng.random()))
    minute = int(240 * rng.random()) if rng.random() < 0.6 else 241 + int(200 * rng.random())
    return clock.moment(clock.index(day) * DAY + minute)


def arrivals(
    rng: Random, clock: Clock, staff: Staff, start: date, end: date, count: int
) -> Iterator[Case]:
    """``count`` ordinary dossiers received from ``start`` to ``end``."""
    days, weights = _days(clock, start, end)
    common = [procedure.weight for procedure in staff.catalogue]
    for _ in range(count):
        day = pick(rng, days, weights)
        procedure = pick(rng, staff.catalogue, common)
        way = rng.random()
        channel = (
            "postal" if way < 0.02 else "online" if rng.random() < procedure.online else "direct"
        )
        if not clock.is_worked(day):
            channel = "direct"
        yield new_case(rng, clock, staff, _visit(rng, clock, day), procedure, channel)


def showcase(
    rng: Random, clock: Clock, staff: Staff, quarter: Quarter, most: int, first: bool
) -> list[Case]:
    """Dossiers that stand, when the quarter's register is printed, where others rarely do."""
    after = clock.index(quarter.end + timedelta(1))
    by_code = {procedure.code: procedure for procedure in CATALOGUE}

    def come(code: str, before: int, minute: int = 100, channel: str = "direct") -> Case:
        moment = clock.moment((after - before) * DAY + minute)
        return new_case(rng, clock, staff, moment, by_code[code], channel, plain=True)

    made: list[Case] = []
    waits = come("1.011607", 8)
    waits.requests = [Request(25 * DAY)]
    past_due = come("1.004884", 14)
    past_due.requests = [Request(30 * DAY)]
    payment = come("1.004199", 10)
    payment.payment = 20 * DAY
    just_in = come("1.001699", 1)
    just_in.assign = 9 * DAY
    uncollected = come("1.010833", 14)
    uncollected.pickup_days = 40
    made += [waits, past_due, payment, just_in, uncollected, come("1.003554", 3)]
    for fate in ("refused", "withdrawn", "stopped"):
        for undated in (False, True) if fate != "refused" else (False,):
            ended = come("1.004873", 12 + len(made), 60)
            ended.fate, ended.undated_end = fate, undated
            made.append(ended)
    twice = come("1.001653", 30)
    twice.requests = [Request(2 * DAY), Request(DAY)]
    made += [twice, come("2.000815", 20, THREE_PM + 40)]
    if first:
        made.insert(2, come("1.003554", 20))
        made[2].requests = [Request(140 * DAY)]
    return made[:most]


def unaccepted(rng: Random, clock: Clock, staff: Staff, quarter: Quarter) -> Case:
    """Filed on the portal in the quarter's last evening, still "new" in its register."""
    day = clock.index(quarter.exported_at.date())
    procedure = next(item for item in CATALOGUE if item.code == "1.001193")
    case = new_case(
        rng, clock, staff, clock.moment(day * DAY + 75), procedure, "online", plain=True
    )
    case.registered = datetime.combine(quarter.end, time(20, 15))
    case.early = True
    return case


def number(cases: list[Case], unit_code: str) -> None:
    """Codes as the system gives them: unit, day, running number of the day."""
    counters: dict[date, int] = {}
    for case in sorted(cases, key=_stamp):
        day = _stamp(case).date()
        counters[day] = counters.get(day, 0) + 1
        case.code = f"{unit_code}-{day:%y%m%d}-{counters[day]:04d}"


def _stamp(case: Case) -> datetime:
    return case.registered if case.early else case.received
