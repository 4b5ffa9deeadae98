"""Registers of a made office by the day and minute, honest unless a test bends them.

Everything is drawn from the seed: dossiers come in at any minute of office hours, are due by the
catalogue's limit and are finished on any working day up to it, at any minute. A few filers are
asked for papers on any day before the due day, and their limit begins anew when they bring them.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cchc_analysis import office
from cchc_analysis.office import Office
from cchc_analysis.workspace import inbox

from .spec.oracle import works

LIMITS = {"1.001193": 1, "1.004873": 3, "1.004884": 5, "1.004222": 7, "2.000815": 0}
COLUMNS = {
    "code": "Mã hồ sơ", "procedure": "Mã TTHC", "field": "Lĩnh vực", "channel": "Hình thức nộp",
    "submitted": "Ngày nộp", "received": "Ngày tiếp nhận", "due": "Ngày hẹn trả",
    "finished": "Ngày xử lý xong", "status": "Trạng thái", "supplements": "Số lần bổ sung",
    "requested": "Ngày yêu cầu bổ sung",
}  # fmt: skip
START, END, EXPORTED = dt.date(2025, 1, 1), dt.date(2025, 3, 31), dt.datetime(2025, 4, 5, 8)
DAY = dt.timedelta(days=1)
Dossier = dict[str, Any]


def days(start: dt.date = START, end: dt.date = END) -> list[dt.date]:
    """The working days between two days, both included."""
    span = ((start + n * DAY) for n in range((end - start).days + 1))
    return [day for day in span if works(day)]


def ahead(day: dt.date, count: int) -> dt.date:
    """The working day ``count`` working days after ``day``."""
    while count:
        day += DAY
        count -= works(day)
    return day


def at(rng: random.Random, day: dt.date, after: int = 450) -> dt.datetime:
    """A minute of office hours, 7:30–11:30 or 13:30–17:00, later than ``after``."""
    minutes = [m for m in (*range(450, 690), *range(810, 1020)) if m > after]
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=rng.choice(minutes))


def honest(seed: int, count: int = 240) -> list[Dossier]:
    """An office without fault."""
    rng = random.Random(seed)
    made: list[Dossier] = []
    for day in sorted(rng.choices(days(), k=count)):
        procedure = rng.choice(list(LIMITS))
        limit = LIMITS[procedure]
        received = at(rng, day)
        if limit == 0:
            due = day if received.time() <= dt.time(15) else ahead(day, 1)
            finished = at(rng, due, max(received.hour * 60 + received.minute, 450) if due == day
                          and received.hour < 16 else 450)  # fmt: skip
        else:
            due = ahead(day, limit)
            finished = at(rng, ahead(day, rng.randint(1, limit)))
        row: Dossier = {
            "procedure": procedure, "field": "Hộ tịch", "received": received,
            "channel": rng.choice(["Trực tuyến", "Trực tiếp"]), "supplements": 0,
            "due": dt.datetime.combine(due, dt.time(17)), "finished": finished,
        }  # fmt: skip
        row["submitted"] = received - dt.timedelta(minutes=rng.randint(3, 600))
        if limit >= 5 and rng.random() < 0.2:
            asked = ahead(day, rng.randint(0, limit))
            back = ahead(asked, rng.randint(1, 3))
            row["requested"] = dt.datetime.combine(asked, dt.time(16, 59))
            row["supplements"] = 1
            row["due"] = dt.datetime.combine(ahead(back, limit), dt.time(17))
            row["finished"] = at(rng, ahead(back, rng.randint(1, limit)))
        made.append(row)
    number: dict[dt.date, int] = {}
    for row in sorted(made, key=lambda row: row["received"]):
        day = row["received"].date()
        number[day] = number.get(day, 0) + 1
        row["code"] = f"000.17.31.H56-{day:%y%m%d}-{number[day]:04d}"
    return sorted(made, key=lambda row: str(row["code"]))


def known(rows: Sequence[Dossier], exported: dt.datetime) -> list[Dossier]:
    """What an export of that moment shows: nothing that came later."""
    shown = []
    for row in rows:
        if row["received"] > exported:
            continue
        seen = dict(row)
        if row["finished"] > exported:
            seen["finished"] = None
        if row.get("requested") and row["requested"] > exported:
            seen |= {"requested": None, "supplements": 0}
            seen["due"] = dt.datetime.combine(
                ahead(row["received"].date(), LIMITS[row["procedure"]]), dt.time(17)
            )
        shown.append(seen)
    return shown


def write(
    path: Path, rows: Sequence[Dossier], exported: dt.datetime = EXPORTED, lacks: Sequence[str] = ()
) -> Path:
    """The register as an export of that moment, without the columns it ``lacks``."""
    names = [name for name in COLUMNS if name not in lacks]
    with path.open("w", encoding="utf-8", newline="") as file:
        until = min(END, exported.date())
        file.write(f"UBND XÃ THIỆU VÂN\n(Từ ngày {START:%d/%m/%Y} đến ngày {until:%d/%m/%Y})\n")
        file.write(f"Ngày xuất: {exported:%d/%m/%Y %H:%M}\n")
        writer = csv.writer(file)
        writer.writerow([COLUMNS[name] for name in names])
        for row in known(rows, exported):
            row["status"] = row.get("status") or (
                "Đã trả kết quả" if row["finished"] else "Đang xử lý"
            )
            writer.writerow([_cell(row.get(name)) for name in names])
    return path


def _cell(value: Any) -> str:
    return f"{value:%d/%m/%Y %H:%M}" if isinstance(value, dt.datetime) else str(value or "")


def office_of(
    workspace: Path,
    rows: Sequence[Dossier],
    bend: Callable[[list[Dossier]], None] | None = None,
    *,
    lacks: Sequence[str] = (),
) -> Office:
    """The office with two exports, one in the middle of the quarter and one behind it; ``bend``
    changes what the second shows.
    """
    first = write(workspace / "first.csv", rows, dt.datetime(2025, 2, 17, 12), lacks)
    later = [dict(row) for row in rows]
    if bend is not None:
        bend(later)
    second = write(workspace / "second.csv", later, lacks=lacks)
    done = inbox.ingest(workspace, [first, second])
    assert not [row.error for row in done if row.error]
    return office.open(workspace)
