"""What the office's register says of a dossier on the day it is printed.

The simulation knows each dossier's whole life; a register printed on 5 April knows what had
happened by then, and not always that: dates get lost, mistyped, or typed as text. Both happen here,
the second on purpose and with a note of every case, because a reader of registers is tested by what
it does with the bad rows, one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from unicodedata import normalize

from .sample_cases import Case
from .sample_process import STAGES, Passage
from .sample_world import THREE_PM, Clock, Quarter, Staff, person, pick

__all__ = ["STATUSES", "SYNONYMS", "Entry", "Life", "enter", "live", "log_rows", "soil",
           "spread_faults"]  # fmt: skip

STATUSES = (
    "new", "received", "refused", "processing", "supplement", "payment", "withdrawn", "stopped",
    "resolved", "handed_over",
)  # fmt: skip
SYNONYMS = {
    "direct": ("Nộp trực tiếp tại bộ phận một cửa", "trực tiếp"),
    "online": ("Nộp trực tuyến", "TRỰC TUYẾN"),
    "postal": ("BCCI", "Dịch vụ bưu chính công ích"),
}
VILLAGES = 9


@dataclass(slots=True)
class Life:
    """A dossier, what happened to it, and what the register will forget of it (``fault``)."""

    case: Case
    passage: Passage
    returned: datetime | None
    fault: str = ""  # "", "no_finish", "undated", "no_due"


@dataclass(slots=True)
class Entry:
    """A line of a register before it gets a layout: what the register says, cell by cell."""

    code: str
    status: str
    cells: dict[str, Any]
    true: dict[str, Any]  # the dates before anyone soiled them
    late: bool = False
    ended: bool = False
    plain: bool = False  # an ordinary line, fit to be soiled
    rule: str = ""  # why it must be set aside
    copies: int = 1
    soiled: list[str] = field(default_factory=list)


def live(case: Case, passage: Passage, clock: Clock) -> Life:
    """Joins a dossier to its way, and says when the filer came for the result."""
    returned = None
    if case.fate == "result":
        finished = clock.moment(passage.finish)
        if case.handed_first:
            returned = clock.moment(passage.ready)
        elif case.pickup_days:
            day = clock.index(finished.date()) + case.pickup_days
            returned = clock.moment(day * 450 + case.pickup_minute)
        else:
            returned = finished
    return Life(case, passage, returned)


def spread_faults(
    rng: Random, lives: list[Life], clock: Clock, before: datetime, some: bool
) -> None:
    """Lets the register forget a date here and there, never where it would change who is late."""
    fit = [
        life
        for life in lives
        if life.case.fate == "result" and not life.passage.late and not life.case.closing
        and not life.case.early and not life.passage.pauses and life.returned
        and life.returned.date() <= clock.days[life.passage.due] and life.returned < before
    ]  # fmt: skip
    if not some or len(fit) < 20:
        return
    for fault, share in (("no_finish", 0.003), ("undated", 0.002), ("no_due", 0.006)):
        for _ in range(max(1, int(share * len(fit)))):
            fit.pop(int(rng.random() * len(fit))).fault = fault


def _status(life: Life, clock: Clock, now: datetime) -> str:
    case, passage = life.case, life.passage
    if case.early and case.received > now:
        return "new"
    if case.fate != "result":
        return case.fate if clock.moment(passage.marks[-1]) <= now else "processing"
    if clock.moment(passage.finish) <= now:
        return "handed_over" if life.returned and life.returned <= now else "resolved"
    for start, end, kind in passage.pauses:
        if clock.moment(start) <= now < clock.moment(end):
            return kind
    return "received" if now < clock.moment(passage.marks[2]) else "processing"


def enter(life: Life, clock: Clock, staff: Staff, quarter: Quarter, seed: int) -> Entry | None:
    """The line of a dossier in a quarter's register; None where it has no business there."""
    case, passage, now = life.case, life.passage, quarter.exported_at
    status = _status(life, clock, now)
    came = case.registered if status == "new" else case.received
    ended_at = clock.moment(passage.marks[-1])
    if came.date() > quarter.end or (
        came.date() < quarter.start and ended_at.date() < quarter.start
    ):
        return None
    rng = Random(f"{seed}:{case.code}")
    done, over = status in ("resolved", "handed_over"), status in ("withdrawn", "stopped")
    pushed = sum(days for moment, days in passage.pushes if clock.moment(moment) <= now)
    due = clock.day_end(passage.first_due + pushed)
    asked = [p for p in passage.pauses if p[2] == "supplement" and clock.moment(p[0]) <= now]
    brought = [p for p in asked if clock.moment(p[1]) <= now]
    finished = ended_at if done or (over and not case.undated_end) else None
    late = bool(done and ended_at.date() > due.date())
    overdue = status in ("received", "processing") and due.date() < now.date()
    u = [rng.random() for _ in range(8)]
    fee = case.procedure.fee
    cells: dict[str, Any] = {
        "code": case.code,
        "procedure_code": case.procedure.code,
        "procedure": case.procedure.name,
        "field": case.procedure.field,
        "person": person(rng),
        "citizen": "038" + f"{int(1e9 * rng.random()):09d}",
        "phone": "09" + f"{int(1e8 * rng.random()):08d}",
        "address": f"Thôn {1 + int(VILLAGES * rng.random())}",
        "channel": case.channel,
        "submitted": case.registered,
        "received": came,
        "due": None if status in ("new", "refused") or life.fault == "no_due" else due,
        "finished": None if life.fault in ("no_finish", "undated") else finished,
        "returned": life.returned if status == "handed_over" and life.fault != "undated" else None,
        "status": status,
        "officer": "" if status in ("new", "refused") else staff.names[case.officer],
        "supplements": len(asked) or "",
        "requested": clock.moment(asked[-1][0]) if asked else None,
        "completed": clock.moment(brought[-1][1]) if brought else None,
        "digitised_intake": "x" if u[0] < 0.9 else "",
        "digitised_result": "x" if done and u[1] < 0.88 else "",
        "fee": fee,
        "paid_online": "x" if fee and u[2] < 0.6 else "",
        "notified": ""
        if not done or u[3] < 0.25
        else pick(rng, ("Zalo", "SMS", "Điện thoại"), (6, 3, 1)),
        "apology": "x" if (late or overdue) and u[4] < 0.7 else "",
        "outcome": "Quá hạn"
        if late or overdue
        else "Đúng và trước hạn"
        if done
        else "Chưa đến hạn",
    }
    if life.fault == "no_due" and done:
        cells["outcome"] = "Đúng và trước hạn"
    plain = status == "handed_over" and not (late or life.fault or asked or case.closing)
    true = {name: cells[name] for name in ("due", "finished", "returned")}
    return Entry(case.code, status, cells, true, late or overdue, done or over, plain)


def soil(rng: Random, entries: list[Entry], clock: Clock) -> None:
    """Dirties a register in place: what can still be read, and what must be set aside."""
    for entry in entries:
        if entry.status not in ("new", "refused"):
            _smudge(rng, entry, clock)
    plain = [entry for entry in entries if entry.plain and not entry.soiled]
    for rule in ("missing_code", "impossible_received", "finished_before_received",
                 "unbelievable_year"):  # fmt: skip
        if len(plain) < 12:
            return
        _spoil(rng, plain.pop(int(rng.random() * len(plain))), rule)
    for _ in range(2 + int(4 * rng.random())):
        if len(plain) > 8:
            plain.pop(int(rng.random() * len(plain))).copies = 2


def _smudge(rng: Random, entry: Entry, clock: Clock) -> None:
    u = [rng.random() for _ in range(8)]
    cells, note = entry.cells, entry.soiled.append
    received, due, finished = cells["received"], cells["due"], cells["finished"]
    if u[0] < 0.015:
        cells["code"] = f" {cells['code'].lower()} "
        note("code_case")
    if u[1] < 0.02:
        for name in ("procedure", "field", "person", "officer", "address"):
            cells[name] = normalize("NFD", cells[name])
        note("nfd")
    if u[2] < 0.02:
        cells["received"] = f"{received:%d/%m/%Y %H:%M}"
        note("received_text")
    elif u[2] < 0.025:
        since = received - datetime(1899, 12, 30)
        cells["received"] = f"{since.days + since.seconds / 86400:.10f}"
        note("received_serial")
    if finished and u[3] < 0.01:
        cells["finished"] = f"{finished:%d-%m-%Y %H:%M:%S}"
        note("finished_dashes")
    if due and u[4] < 0.012:
        cells["due"] = f"{due:%d/%m/%Y}"
        note("due_text")
    elif due and u[4] < 0.25 and _same_day(entry, received, due, clock):
        cells["due"] = "Trong ngày"
        note("same_day")
    if u[5] < 0.02:
        cells["channel"] = pick(rng, SYNONYMS[cells["channel"]])
        note("channel")


def _same_day(entry: Entry, received: datetime, due: datetime, clock: Clock) -> bool:
    """Whether the register may write "Trong ngày" and mean the same due day."""
    if entry.cells["field"] not in ("Chứng thực", "Hộ tịch") or entry.cells["supplements"]:
        return False
    at = clock.minute(received)
    if clock.is_worked(received.date()):
        return at % 450 != THREE_PM and due.date() == clock.days[at // 450 + (at % 450 > THREE_PM)]
    return due.date() == clock.days[at // 450]


def _spoil(rng: Random, entry: Entry, rule: str) -> None:
    cells, entry.rule = entry.cells, rule
    if rule == "missing_code":
        cells["code"] = ""
    elif rule == "impossible_received":
        received = cells["received"]
        cells["received"] = f"31/02/{received:%Y %H:%M}"
    elif rule == "finished_before_received":
        cells["finished"] = cells["received"] - timedelta(days=2 + int(5 * rng.random()))
    else:
        name = pick(rng, ("due", "finished"))
        cells[name] = cells[name].replace(year=2204)


def log_rows(
    lives: list[Life], clock: Clock, staff: Staff, quarter: Quarter
) -> list[tuple[str, str, str, datetime, datetime | None, str]]:
    """The steps log: begun in the quarter, or still open when the log before it was printed."""
    now = quarter.exported_at
    printed_before = datetime.combine(quarter.start, now.time()) + timedelta(4)
    rows = []
    for life in sorted(lives, key=lambda life: life.case.code):
        case, passage = life.case, life.passage
        moments = [clock.moment(mark) for mark in passage.marks]
        if case.shift:
            moments[0] = case.received
            moments[1] = case.received + timedelta(minutes=case.reception)
            if case.procedure.same_day and len(moments) > 2:  # straight to the officer's desk
                moments[2] = moments[1]
        for step, (entered, left) in enumerate(pairwise(moments)):
            if _skipped(case, step) or entered > now or entered.date() > quarter.end:
                continue
            if entered.date() < quarter.start and left <= printed_before:
                continue
            seen = left if left <= now else None
            rows.append(
                (case.code, STAGES[step], _actor(case, step, staff), entered, seen,
                 _note(life, step, clock, now, step == len(moments) - 2))
            )  # fmt: skip
    return rows


def _skipped(case: Case, step: int) -> bool:
    if case.procedure.same_day and step in (1, 3):
        return True
    return step == 7 if case.procedure.partner else step in (5, 6)


def _actor(case: Case, step: int, staff: Staff) -> str:
    if step in (0, 8):
        return "Bộ phận Một cửa"
    if step == 1:
        return "Công chức Văn phòng - Thống kê"
    if step == 4:
        return staff.signature(case.lane)
    if step == 6:
        return case.procedure.partner
    return "Văn thư" if step == 7 else staff.names[case.officer]


def _note(life: Life, step: int, clock: Clock, now: datetime, last: bool) -> str:
    kinds = {kind for start, _, kind in life.passage.pauses if clock.moment(start) <= now}
    if step == 2 and "supplement" in kinds:
        return "Yêu cầu bổ sung hồ sơ"
    if step == 6 and "payment" in kinds:
        return "Chờ thực hiện nghĩa vụ tài chính"
    if last and life.case.fate != "result" and clock.moment(life.passage.marks[-1]) <= now:
        return {"refused": "Không tiếp nhận hồ sơ", "withdrawn": "Công dân rút hồ sơ"}.get(
            life.case.fate, "Dừng xử lý hồ sơ"
        )
    return ""
