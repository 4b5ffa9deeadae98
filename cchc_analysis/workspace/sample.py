"""An office made to order, with the truth kept beside it.

No commune publishes its register, and an attribution of causes can only be checked where the
causes are known. So this module runs a small office – arrivals, desks, signatures, a partner
agency – plants troubles in it, writes the files such an office would export, dirt and all, and
hands back what really happened: for each dossier its dates and, if it was late, the event without
which it would have been in time. Nothing here knows how the package reads a register or reasons
about lateness.

>>> import tempfile
>>> folder = Path(tempfile.mkdtemp())
>>> truth = make_office(folder, seed=1, dossiers_per_quarter=120, kind="calm", late=1)
>>> len(truth.late())
1
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as by_default
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from .sample_cases import WARM_UP, Case, Request, arrivals, number, showcase, unaccepted
from .sample_events import plant
from .sample_files import LAYOUTS, Office, log_name, write_log, write_register
from .sample_frame import make_frame
from .sample_process import CAUSES, PARTNER, Passage, Verdict, run, verdicts
from .sample_register import Entry, Life, enter, live, log_rows, soil, spread_faults
from .sample_world import CATALOGUE, DAY, Clock, Quarter, Staff, pick

__all__ = ["CAUSES", "DossierTruth", "FileTruth", "SetAside", "Truth", "make_frame", "make_office"]

CALM_RATE = 0.0005  # what a process truly at 99.95 % lets slip


@dataclass
class SetAside:
    """A row that must be set aside: where it stands, whose it is, why."""

    row: int
    code: str
    rule: str


@dataclass
class FileTruth:
    """One export: ``rows_in`` = ``accepted`` + ``duplicates`` + the rows set aside."""

    name: str
    table: str
    rows_in: int
    accepted: int
    duplicates: int = 0
    duplicate_rows: list[int] = by_default(default_factory=list)
    set_aside: list[SetAside] = by_default(default_factory=list)
    soiled: dict[str, list[int]] = by_default(default_factory=dict)


@dataclass
class Version:
    """A dossier in one export; ``due_at`` and the rest are what was true, not the soiled cell."""

    file: str
    row: int
    status: str
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    set_aside: str = ""


@dataclass
class DossierTruth:
    """``late`` in the end; ``late_seen`` by the last export: "resolved", "open" or not ("")."""

    code: str
    procedure_code: str
    field: str
    channel: str
    officer: str
    submitted_at: datetime
    received_at: datetime
    first_due_at: datetime
    due_at: datetime
    ready_at: datetime | None  # the work was done
    finished_at: datetime | None  # the system was told
    returned_at: datetime | None
    ended_at: datetime | None  # withdrawn, stopped or refused
    status: str  # in the last export that has it
    supplements: int
    clock_stopped: bool | None
    fault: str
    late: bool
    late_seen: str
    recorded_only: bool
    cause: str
    stage: str
    also: list[str]
    lost_working_days: float
    versions: list[Version] = by_default(default_factory=list)


@dataclass
class Planted:
    """An event of the simulation, in dates."""

    cause: str
    who: str
    start: datetime
    end: datetime
    key: str


@dataclass
class Truth:
    """What really happened in a made-up office, and what its files hold."""

    seed: int
    kind: str
    unit_name: str
    unit_code: str
    quarters: list[str]
    events: list[Planted]
    files: list[FileTruth]
    dossiers: list[DossierTruth]

    def late(self) -> list[DossierTruth]:
        """Late, and seen to be late in the exports: resolved late, or open and overdue."""
        return [dossier for dossier in self.dossiers if dossier.late_seen]

    def file(self, name: str) -> FileTruth:
        return next(file for file in self.files if file.name == name)

    def write(self, path: Path) -> None:
        """Writes the truth as JSON, dates in ISO form."""
        text = json.dumps(
            asdict(self), ensure_ascii=False, indent=1, default=lambda d: d.isoformat()
        )
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def make_office(
    folder: Path,
    *,
    seed: int,
    quarters: Sequence[str] = ("2024-Q1",),
    dossiers_per_quarter: int = 600,
    kind: Literal["troubled", "calm"] = "troubled",
    late: int | None = None,
    layout: Literal["thieu-van", "igate", "td", "combined"] = "thieu-van",
    unit_name: str = "xã Đông Lĩnh",
    unit_code: str = "000.18.31.H56",
    causes: Sequence[str] | None = None,
    procedures: Sequence[str] | None = None,
    empty_log: bool = False,
    dirt: bool = True,
    fmt: Literal["xlsx", "csv"] = "xlsx",
    truth_file: Path | None = None,
) -> Truth:
    """Runs an office and writes its exports into ``folder``: a register and a steps log a quarter.

    ``troubled``: the ``causes`` (default: all) are planted, every status occurs, and a burst's
    dossiers come on top of ``dossiers_per_quarter``. ``calm``: nothing is planted but ``late``
    single dossiers (None: each is late with probability 0.0005); those that chance would have made
    late are left out of the arrivals. ``procedures`` (codes) are all that the office handles.
    """
    _check(kind, late, layout, causes, procedures, fmt, dossiers_per_quarter)
    exported = sorted((Quarter.parse(label) for label in quarters), key=lambda item: item.start)
    spans = _spans(exported)
    clock = Clock(exported[0].start - timedelta(WARM_UP + 30), exported[-1].end + timedelta(500))
    catalogue = [item for item in CATALOGUE if procedures is None or item.code in procedures]
    staff = Staff(Random(f"{seed}:staff"), dossiers_per_quarter, catalogue)
    cases = _cases(seed, clock, staff, spans, exported, dossiers_per_quarter, kind == "troubled")
    wanted = CAUSES if causes is None else tuple(causes)
    if kind == "troubled":
        periods = [(quarter.start, quarter.end) for quarter in spans]
        events = plant(Random(f"{seed}:events"), cases, clock, staff, periods, wanted)
    else:
        events = []
        cases = _calm(Random(f"{seed}:calm"), cases, clock, exported, late, wanted)
    number(cases, unit_code)
    passages = run(cases, events, clock)
    why = verdicts(cases, events, clock, passages)
    lives = [live(case, way, clock) for case, way in zip(cases, passages, strict=True)]
    last = exported[-1].exported_at
    spread_faults(Random(f"{seed}:faults"), lives, clock, last, kind == "troubled" or dirt)

    office = Office(unit_name, unit_code, layout, fmt)
    folder.mkdir(parents=True, exist_ok=True)
    files: list[FileTruth] = []
    versions: dict[str, list[Version]] = {}
    seen: dict[str, Entry] = {}
    for quarter in exported:
        entries = _entries(lives, clock, staff, quarter, seed)
        if dirt:
            soil(Random(f"{seed}:{quarter.label}:dirt"), entries, clock)
        files.append(_register(folder, office, quarter, entries, versions, seen))
        rows = [] if empty_log else log_rows(lives, clock, staff, quarter)
        write_log(folder, quarter, rows)
        files.append(FileTruth(log_name(quarter), "steps", len(rows), len(rows)))
    dossiers = [
        _dossier(life, clock, staff, why.get(n), versions, seen)
        for n, life in enumerate(lives)
        if life.case.code in versions
    ]
    planted = [
        Planted(e.cause, e.who, clock.moment(e.start), clock.moment(e.end), e.key) for e in events
    ]
    truth = Truth(
        seed, kind, unit_name, unit_code, [quarter.label for quarter in exported], planted, files,
        sorted(dossiers, key=lambda dossier: dossier.code),
    )  # fmt: skip
    if truth_file:
        truth.write(truth_file)
    return truth


def _check(
    kind: str, late: int | None, layout: str, causes: Sequence[str] | None,
    procedures: Sequence[str] | None, fmt: str, count: int,
) -> None:  # fmt: skip
    if kind not in ("troubled", "calm") or layout not in LAYOUTS or fmt not in ("xlsx", "csv"):
        raise ValueError(f"no such office: kind={kind!r}, layout={layout!r}, fmt={fmt!r}")
    if late is not None and (kind != "calm" or late not in (0, 1, 2)):
        raise ValueError("late is 0, 1, 2 or None, and for a calm office only")
    for asked, known in ((causes, CAUSES), (procedures, [item.code for item in CATALOGUE])):
        if unknown := sorted(set(asked or ()) - set(known)):
            raise ValueError(f"there is no {', '.join(unknown)} among {', '.join(known)}")
    if count < 1:
        raise ValueError("an office without dossiers has nothing to export")


def _spans(exported: list[Quarter]) -> list[Quarter]:
    """Every quarter from the first exported to the last, those between them too."""
    labels: list[str] = []
    year, quarter = exported[0].start.year, (exported[0].start.month + 2) // 3
    while not labels or labels[-1] != exported[-1].label:
        labels.append(f"{year}-Q{quarter}")
        year, quarter = (year + 1, 1) if quarter == 4 else (year, quarter + 1)
    return [Quarter.parse(label) for label in labels]


def _cases(
    seed: int, clock: Clock, staff: Staff, spans: list[Quarter], exported: list[Quarter],
    count: int, troubled: bool,
) -> list[Case]:  # fmt: skip
    start = spans[0].start
    rng = Random(f"{seed}:warm-up")
    warm = (start - timedelta(WARM_UP), start - timedelta(1))
    cases = list(arrivals(rng, clock, staff, *warm, count))
    for quarter in spans:
        rng = Random(f"{seed}:{quarter.label}")
        shown: list[Case] = []
        if troubled and len(staff.catalogue) == len(CATALOGUE):
            most = count // 3
            shown = showcase(rng, clock, staff, quarter, most, first=quarter is spans[0])
            shown.append(unaccepted(rng, clock, staff, quarter))
        cases += arrivals(rng, clock, staff, quarter.start, quarter.end, count - len(shown))
        cases += shown
    return cases


def _calm(
    rng: Random, cases: list[Case], clock: Clock, exported: list[Quarter], late: int | None,
    causes: Sequence[str],
) -> list[Case]:  # fmt: skip
    """Leaves out what chance would make late, and makes late just those asked for."""
    cases = _in_time(cases, clock, set())
    passages = run(cases, [], clock)
    latest = clock.index(exported[-1].exported_at.date()) - 8
    fit = [
        n
        for n, (case, way) in enumerate(zip(cases, passages, strict=True))
        if case.fate == "result" and not (case.requests or case.payment or case.closing)
        and any(q.start <= case.received.date() <= q.end for q in exported) and way.due < latest
    ]  # fmt: skip
    if late is None:
        chosen = [n for n in fit if rng.random() < CALM_RATE]
    else:
        chosen = [fit.pop(int(rng.random() * len(fit))) for _ in range(min(late, len(fit)))]
    if late is not None and len(chosen) < late:
        raise ValueError("too few dossiers in this office to make so many late")
    for n in chosen:
        _delay(rng, cases[n], passages[n], causes)
    return _in_time(cases, clock, {id(cases[n]) for n in chosen})


def _in_time(cases: list[Case], clock: Clock, kept: set[int]) -> list[Case]:
    while True:
        passages = run(cases, [], clock)
        left = [
            case
            for case, way in zip(cases, passages, strict=True)
            if id(case) in kept or case.fate != "result" or not way.late
        ]
        if len(left) == len(cases):
            return left
        cases = left


def _delay(rng: Random, case: Case, way: Passage, causes: Sequence[str]) -> None:
    """Makes one dossier late by something that befalls it alone."""
    choices = ["closed_late"]
    if case.procedure.days and "extra_papers" in causes:
        choices.append("extra_papers")
    if case.partner and "partner_agency" in causes:
        choices.append("partner_agency")
    cause = pick(rng, choices)
    needed = (way.due + 2) * DAY - way.finish + int(2 * DAY * rng.random())
    if cause == "closed_late":
        case.closing, case.closing_days, case.handed_first = (
            "after_due",
            1 + int(3 * rng.random()),
            True,
        )
    elif cause == "extra_papers":
        case.requests = [Request(needed, stops_clock=False)]
    else:
        case.extras.append((cause, PARTNER, needed))


def _entries(
    lives: list[Life], clock: Clock, staff: Staff, quarter: Quarter, seed: int
) -> list[Entry]:
    found = [enter(life, clock, staff, quarter, seed) for life in lives]
    entries = [entry for entry in found if entry]
    for entry in entries:
        entry.cells["group"] = entry.cells["field"]
    return sorted(entries, key=lambda entry: (entry.cells["group"], entry.code))


def _register(
    folder: Path, office: Office, quarter: Quarter, entries: list[Entry],
    versions: dict[str, list[Version]], seen: dict[str, Entry],
) -> FileTruth:  # fmt: skip
    name, rows = write_register(folder, office, quarter, entries)
    file = FileTruth(name, "dossiers", sum(map(len, rows)), 0)
    for entry, places in zip(entries, rows, strict=True):
        if entry.rule:
            file.set_aside.append(SetAside(places[0], entry.code, entry.rule))
        else:
            seen[entry.code] = entry
            file.accepted += 1
            file.duplicate_rows += places[1:]
        for kind in entry.soiled:
            file.soiled.setdefault(kind, []).append(places[0])
        was = entry.true
        versions.setdefault(entry.code, []).append(
            Version(name, places[0], entry.status, was["due"], was["finished"], was["returned"],
                    entry.rule)
        )  # fmt: skip
    file.duplicates = len(file.duplicate_rows)
    return file


def _dossier(
    life: Life, clock: Clock, staff: Staff, verdict: Verdict | None,
    versions: dict[str, list[Version]], seen: dict[str, Entry],
) -> DossierTruth:  # fmt: skip
    case, way = life.case, life.passage
    result = case.fate == "result"
    entry = seen.get(case.code)
    late_seen = "" if not (entry and entry.late) else "resolved" if entry.ended else "open"
    ready = clock.moment(way.ready) if result else None
    due = clock.day_end(way.due)
    requests = [pause for pause in way.pauses if pause[2] == "supplement"]
    return DossierTruth(
        code=case.code,
        procedure_code=case.procedure.code,
        field=case.procedure.field,
        channel=case.channel,
        officer=staff.names[case.officer],
        submitted_at=case.registered,
        received_at=case.received,
        first_due_at=clock.day_end(way.first_due),
        due_at=due,
        ready_at=ready,
        finished_at=clock.moment(way.finish) if result else None,
        returned_at=life.returned,
        ended_at=None if result else clock.moment(way.marks[-1]),
        status=versions[case.code][-1].status,
        supplements=len(requests),
        clock_stopped=all(request.stops_clock for request in case.requests) if requests else None,
        fault=life.fault,
        late=verdict is not None,
        late_seen=late_seen,
        recorded_only=bool(verdict and not way.overdue),
        cause=verdict.cause if verdict else "",
        stage=verdict.stage if verdict else "",
        also=verdict.also if verdict else [],
        lost_working_days=round(verdict.lost_minutes / DAY, 2) if verdict else 0.0,
        versions=versions[case.code],
    )
