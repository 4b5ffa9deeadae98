"""The dossier figures again, by other means: plain loops over the raw files.

Nothing of the package is used. Registers and logs in the layout of the sample are read with
calamine and csv, dossiers are dicts in a list, a figure is a loop with an ``if``. Where the two
computations differ, one of them is wrong.
"""

from __future__ import annotations

import calendar as months_of_a_year
import csv
import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

Figures = dict[str, tuple[int | None, int | None, float | int | None]]
RESULT = ("Đã xử lý xong", "Đã trả kết quả")
GIVEN_UP = {"Công dân yêu cầu rút hồ sơ": "withdrawn", "Dừng xử lý": "stopped"}
WAITING = ("Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính")
OUTSIDE = ("Không được tiếp nhận", "Mới đăng ký")

# Off days on weekdays and worked Saturdays, typed from the government's yearly notices.
OFF = """
2023: 2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9
2024: 1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9
2025: 1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9
2026: 1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9
"""
WORKED = {(2024, 5, 4), (2025, 4, 26), (2026, 1, 10), (2026, 8, 22)}
OFF_DAYS = {
    (int(line[:4]), int(d.split("/")[1]), int(d.split("/")[0]))
    for line in OFF.split("\n") if line for d in line[5:].split()
}  # fmt: skip


def works(day: dt.date) -> bool:
    key = (day.year, day.month, day.day)
    return key in WORKED or (day.weekday() < 5 and key not in OFF_DAYS)


@dataclass
class File:
    rows_in: int = 0
    duplicates: int = 0
    set_aside: dict[int, str] = field(default_factory=dict)
    window: tuple[dt.date, dt.date] | None = None
    exported: dt.datetime | None = None


@dataclass
class State:
    files: dict[str, File]
    dossiers: list[dict[str, Any]]


def moment(cell: Any) -> dt.datetime | str | None:
    """A date, None for an empty cell, ``"bad"`` for what is no date."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, dt.datetime):
        return cell
    text = str(cell).strip()
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        seconds = round((float(text) - 25569) * 86400)
        return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M:%S"):
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    return "bad"


def read_register(path: Path) -> tuple[File, list[dict[str, Any]]]:
    book = CalamineWorkbook.from_path(path)
    grid = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    head = next(n for n, row in enumerate(grid) if "Mã hồ sơ" in row)
    names = [below or above for above, below in zip(grid[head], grid[head + 1], strict=True)]
    file = File()
    for row in grid[:head]:
        for cell in row:
            days = re.findall(r"\d\d/\d\d/\d{4}", str(cell))
            if "Từ ngày" in str(cell):
                start, end = (dt.datetime.strptime(d, "%d/%m/%Y").date() for d in days)
                file.window = (start, end)
            if "Ngày xuất" in str(cell):
                file.exported = dt.datetime.strptime(str(cell)[-16:], "%d/%m/%Y %H:%M")
    kept, seen = [], set()
    for n, cells in enumerate(grid[head + 2 :], head + 3):
        cells = [unicodedata.normalize("NFC", c) if isinstance(c, str) else c for c in cells]
        raw = dict(zip(names, cells, strict=True))
        if raw["Ngày tiếp nhận"] == "":
            continue  # group rows, the total, signatures: no register line lacks this cell
        file.rows_in += 1
        same = repr(cells[1:])
        if same in seen:
            file.duplicates += 1
            continue
        seen.add(same)
        dossier, why = understand(raw)
        if why:
            file.set_aside[n] = why
        else:
            kept.append({**dossier, "row": n, "exported": file.exported})
    return file, kept


def understand(raw: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A dossier, or why the row cannot be used."""
    code = str(raw["Mã hồ sơ"]).strip().upper()
    if not code:
        return {}, "no code"
    received = moment(raw["Ngày tiếp nhận"])
    if not isinstance(received, dt.datetime):
        return {}, "no receiving date"
    due: Any
    if raw["Ngày hẹn trả"] == "Trong ngày":
        due = received
        if received.time() > dt.time(15) or not works(received.date()):
            due = received + dt.timedelta(days=1)
            while not works(due.date()):
                due += dt.timedelta(days=1)
    else:
        due = moment(raw["Ngày hẹn trả"])
    finished, returned = moment(raw["Ngày xử lý xong"]), moment(raw["Ngày trả KQ"])
    if "bad" in (due, finished, returned):
        return {}, "unreadable date"
    for each in (received, due, finished, returned):
        if each is not None and not 2000 <= each.year <= 2080:
            return {}, "year"
    status = raw["Trạng thái"]
    end = finished
    if end is None and (status in RESULT or status in GIVEN_UP or status == ""):
        end = returned
    if (
        end is not None
        and end < received
        and (end.date() < received.date() or dt.time() not in (end.time(), received.time()))
    ):
        return {}, "finished before received"
    channel = raw["Hình thức nộp"].lower()
    return {
        "code": code, "procedure_code": raw["Mã TTHC"], "field": raw["Lĩnh vực"],
        "channel": "online" if "tuyến" in channel or "dvc" in channel
        else "postal" if "bưu" in channel or "bcci" in channel else "direct",
        "received": received, "due": due, "finished": finished, "returned": returned,
        "status": status, "asked": raw["Số lần bổ sung"] not in ("", 0),
        "paper": raw["Hồ sơ đầu vào"] == "x", "result": raw["Kết quả"] == "x",
        "fee": float(raw["Lệ phí (đồng)"] or 0), "paid": raw["Thanh toán trực tuyến"] == "x",
        "told": raw["Thông báo kết quả"], "apology": raw["Văn bản xin lỗi"] == "x",
    }, ""  # fmt: skip


def load(folder: Path) -> State:
    """Reads every register and log of a folder; the newest version of each dossier counts."""
    files, versions = {}, []
    for path in sorted(folder.glob("SoTheoDoiHoSo_*.xlsx")):
        files[path.name], rows = read_register(path)
        versions += rows
    newest: dict[str, dict[str, Any]] = {}
    gave_up: dict[str, dt.datetime] = {}
    for row in sorted(versions, key=lambda r: (r["exported"], r["row"])):
        newest[row["code"]] = row
        if row["status"] in GIVEN_UP:
            gave_up.setdefault(row["code"], row["exported"])
    worked = read_logs(folder)
    dossiers = []
    for code, row in newest.items():
        how, end = outcome(row, gave_up.get(code))
        dossiers.append({**row, "how": how, "end": end, "worked": worked.get(code)})
    return State(files, dossiers)


def read_logs(folder: Path) -> dict[str, dt.datetime]:
    """When the last working step of each dossier ended, where all of them have ended."""
    steps: dict[tuple[str, str, str, str], str] = {}
    for path in sorted(folder.glob("NhatKyXuLy_*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                if row["Bước xử lý"] == "Trả kết quả":
                    continue
                key = (row["Mã hồ sơ"].strip().upper(), row["Bước xử lý"],
                       row["Người/đơn vị xử lý"], row["Thời điểm nhận"])  # fmt: skip
                steps[key] = row["Thời điểm chuyển"] or steps.get(key, "")
    ends: dict[str, list[str]] = {}
    for key, left in steps.items():
        ends.setdefault(key[0], []).append(left)
    found = {}
    for code, lefts in ends.items():
        if all(lefts):
            found[code] = max(dt.datetime.strptime(x, "%d/%m/%Y %H:%M:%S") for x in lefts)
    return found


def outcome(row: dict[str, Any], gave_up: dt.datetime | None) -> tuple[str, dt.date | None]:
    """How the dossier ended, and on which day."""
    status = row["status"]
    if status in OUTSIDE and not (status == "Mới đăng ký" and row["finished"]):
        return ("refused" if status == OUTSIDE[0] else "new"), None
    if status in GIVEN_UP:
        end = row["finished"] or row["returned"] or gave_up
        return GIVEN_UP[status], end.date()
    if row["finished"]:
        return "resolved", row["finished"].date()
    if status in RESULT or status == "":
        if row["returned"]:
            return "resolved", row["returned"].date()
        if status:
            return "undated", row["received"].date()
    return "open", None


def counted(state: State, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    """Each dossier with what it is in the span, as plain truths."""
    rows = []
    for d in state.dossiers:
        if d["how"] == "new":
            continue
        day, due = d["received"].date(), d["due"].date() if d["due"] else None
        r = dict(d)
        r["is_refused"] = d["how"] == "refused" and start <= day <= end
        inside = d["how"] != "refused"
        ended_in = d["end"] is not None and start <= d["end"] <= end
        r["is_received"] = inside and start <= day <= end
        r["is_carried"] = inside and day < start and not (d["end"] and d["end"] < start)
        r["is_open"] = inside and day <= end and not (d["end"] and d["end"] <= end)
        r["is_paused"] = r["is_open"] and d["how"] == "open" and d["status"] in WAITING
        r["waits_past_due"] = r["is_paused"] and due is not None and due <= end
        r["is_overdue"] = r["is_open"] and not r["is_paused"] and due is not None and due <= end
        r["is_resolved"] = d["how"] == "resolved" and ended_in
        r["is_late"] = bool(r["is_resolved"] and due and d["end"] > due)
        r["is_given_up"] = d["how"] in ("withdrawn", "stopped") and ended_in
        r["is_undated"] = d["how"] == "undated" and ended_in
        r["due_day"] = due
        r["handed"] = bool(r["is_late"] and d["returned"] and d["returned"].date() <= due)
        r["done"] = bool(r["is_late"] and d["worked"] and d["worked"].date() <= due)
        given_up_by_then = d["how"] in ("withdrawn", "stopped") and d["end"] <= end
        r["is_due"] = bool(
            inside and due and start <= due <= end and day <= end and d["how"] != "undated"
            and not given_up_by_then and not r["is_paused"]
        )  # fmt: skip
        r["kept"] = bool(r["is_due"] and d["how"] == "resolved" and d["end"] <= due)
        rows.append(r)
    return rows


def figures(
    state: State,
    start: dt.date,
    end: dt.date,
    target: Decimal | None = None,
    catalogue: Path | None = None,
) -> Figures:
    """Every figure of the span: id → (numerator, denominator, value)."""
    return of_rows(counted(state, start, end), target, online_codes(catalogue))


def online_codes(catalogue: Path | None) -> set[str] | None:
    if catalogue is None:
        return None
    with catalogue.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return {r["code"] for r in rows if r["online_level"] in ("toan_trinh", "mot_phan")}


def of_rows(rows: list[dict[str, Any]], target: Decimal | None, online: set[str] | None) -> Figures:
    received = [r for r in rows if r["is_received"]]
    resolved = [r for r in rows if r["is_resolved"]]
    with_due = [r for r in resolved if r["due_day"]]
    late = [r for r in resolved if r["is_late"]]
    overdue = [r for r in rows if r["is_overdue"]]
    paper = [r for r in received if r["channel"] != "online"]
    counts = {
        "received": received,
        "received_online": [r for r in received if r["channel"] == "online"],
        "carried_over": [r for r in rows if r["is_carried"]],
        "resolved": resolved,
        "resolved_early": [r for r in with_due if r["end"] < r["due_day"]],
        "resolved_on_day": [r for r in with_due if r["end"] == r["due_day"]],
        "resolved_late": late,
        "ended_without_result": [r for r in rows if r["is_given_up"]],
        "withdrawn": [r for r in rows if r["is_given_up"] and r["how"] == "withdrawn"],
        "stopped": [r for r in rows if r["is_given_up"] and r["how"] == "stopped"],
        "ended_undated": [r for r in rows if r["is_undated"]],
        "refused": [r for r in rows if r["is_refused"]],
        "open": [r for r in rows if r["is_open"]],
        "open_overdue": overdue,
        "paused": [r for r in rows if r["is_paused"]],
        "paused_past_due": [r for r in rows if r["waits_past_due"]],
        "without_due": [r for r in resolved if not r["due_day"]],
        "late_recorded_only": [r for r in late if r["handed"] or r["done"]],
        "late_recorded_handed_over": [r for r in late if r["handed"]],
        "late_recorded_work_done": [r for r in late if r["done"]],
    }  # fmt: skip
    found: Figures = {f"dossiers.{k}": (len(v), None, len(v)) for k, v in counts.items()}
    in_time = len(counts["resolved_early"]) + len(counts["resolved_on_day"])
    due = [r for r in rows if r["is_due"]]
    eligible = [r for r in received if online and r["procedure_code"][:8] in online]
    fees = [r for r in received if r["fee"] > 0]
    answerable = late + overdue

    def rate(name: str, numerator: int, denominator: int) -> None:
        value = numerator / denominator if denominator else None
        found[f"dossiers.{name}"] = (numerator, denominator, value)

    rate("on_time_rate", in_time, len(with_due))
    rate("on_time_rate_with_open", in_time, len(with_due) + len(overdue))
    rate("on_time_rate_by_due", sum(r["kept"] for r in due), len(due))
    rate("apology_rate", sum(r["apology"] for r in answerable), len(answerable))
    rate("online_rate", len(counts["received_online"]), len(received))
    if online is not None:
        on_line = sum(r["channel"] == "online" for r in eligible)
        rate("online_rate_eligible", on_line, len(eligible))
    rate("paid_online_rate", sum(r["paid"] for r in fees), len(fees))
    rate("digitised_intake_rate", sum(r["paper"] for r in paper), len(paper))
    rate("digitised_intake_rate_all", sum(r["paper"] for r in received), len(received))
    rate("digitised_result_rate", sum(r["result"] for r in resolved), len(resolved))
    rate("notified_rate", sum(r["told"] in ("Zalo", "SMS") for r in resolved), len(resolved))
    rate("supplement_rate", sum(r["asked"] or r["status"] == WAITING[0] for r in received),
         len(received))  # fmt: skip
    rate("postal_rate", sum(r["channel"] == "postal" for r in received), len(received))
    if target is not None:
        allowed = math.floor(len(with_due) * (1 - target))
        found["dossiers.late_allowance"] = (allowed, None, allowed)
    return found


def by(state: State, start: dt.date, end: dt.date, column: str) -> dict[str, Figures]:
    """The same for each value of ``field``, ``procedure_code`` or ``channel``."""
    rows = counted(state, start, end)
    values = sorted({r[column] for r in rows if r["is_received"] or r["is_resolved"]})
    return {v: of_rows([r for r in rows if r[column] == v], None, None) for v in values}


def working_days(after: dt.date, until: dt.date) -> int:
    """Working days later than ``after``, up to ``until``."""
    days = ((after + dt.timedelta(days=n + 1)) for n in range((until - after).days))
    return sum(works(day) for day in days)


def late(state: State, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    return [
        {"code": r["code"], "late_days": working_days(r["due_day"], r["end"]),
         "recorded_only": r["handed"] or r["done"]}
        for r in counted(state, start, end) if r["is_late"]
    ]  # fmt: skip


def open_overdue(state: State, start: dt.date, end: dt.date) -> list[dict[str, Any]]:
    """Recorded only: the work done or the result given by the due day, the file not closed."""
    rows = []
    for r in counted(state, start, end):
        if r["is_overdue"]:
            ends = [m.date() for m in (r["returned"], r["worked"]) if m]
            rows.append(
                {
                    "code": r["code"], "late_days": working_days(r["due_day"], end),
                    "recorded_only": any(day <= r["due_day"] for day in ends),
                }
            )  # fmt: skip
    return rows


def spans(label: str, cut: str = "calendar") -> tuple[dt.date, dt.date]:
    """First and last day of a period."""
    year, _, part = label.partition("-")
    table = {"": (1, 12), "9M": (1, 9), "H1": (1, 6), "H2": (7, 12), "Q1": (1, 3), "Q2": (4, 6),
             "Q3": (7, 9), "Q4": (10, 12)}  # fmt: skip
    first, last = table[part] if part in table else (int(part), int(part))
    y = int(year)
    if cut == "reporting":
        before = (y - 1, 12) if first == 1 else (y, first - 1)
        return dt.date(*before, 15), dt.date(y, last, 14)
    return dt.date(y, first, 1), dt.date(y, last, months_of_a_year.monthrange(y, last)[1])


def covered(state: State, start: dt.date, end: dt.date) -> bool:
    """Whether every day of the span lies in some file's window."""
    windows = [f.window for f in state.files.values() if f.window]
    day = start
    while day <= end:
        if not any(a <= day <= b for a, b in windows):
            return False
        day += dt.timedelta(days=1)
    return True


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval, by the roots of the quadratic that defines it."""
    z = 1.959963984540054
    a, b, c = n + z * z, -(2 * k + z * z), k * k / n
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
