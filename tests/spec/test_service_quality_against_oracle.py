"""Decision 766 on the sample, again by plain loops over the raw files; nothing of ours is used.

Registers, logs and the feedback register are read anew, lateness is decided dossier by dossier
under the decision's own rules, and every indicator that the sample allows is a loop with an ``if``.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
from fractions import Fraction
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import shipped
from cchc_analysis.indicators import rating, service_quality
from cchc_analysis.office import Office

from . import oracle

SAMPLE = shipped.path("data", "sample")
QUARTERS = ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
DAY = dt.timedelta(days=1)
# Full marks and the share that earns them, typed from the set's file.
MARKS = {
    "2.1": ("progress", 20, "0.9"), "3.3": ("online", 4, "0.5"),
    "3.4": ("online_payment", 4, "1"), "3.6": ("online_payment", 3, "1"),
    "4.1": ("digitisation", 5, "1"), "4.2": ("digitisation", 5, "0.8"),
    "5.2": ("satisfaction", 6, "1"), "5.3": ("satisfaction", 6, "1"),
    "5.4": ("satisfaction", 6, "0.9"),
}  # fmt: skip
GROUPS = {"transparency": 18, "progress": 20, "digitisation": 22, "online": 12,
          "online_payment": 10, "satisfaction": 18}  # fmt: skip
Count = tuple[int, int]


@functools.cache
def state() -> oracle.State:
    return oracle.load(SAMPLE)


@functools.cache
def dossiers() -> list[dict[str, Any]]:
    """The newest version of each dossier, with its number of requests and its waits."""
    asked: dict[str, tuple[Any, int]] = {}
    for file in sorted(SAMPLE.glob("SoTheoDoiHoSo_*.xlsx")):
        book = CalamineWorkbook.from_path(file)
        grid = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        head = next(n for n, row in enumerate(grid) if "Mã hồ sơ" in row)
        names = [below or above for above, below in zip(grid[head], grid[head + 1], strict=True)]
        exported = oracle.read_register(file)[0].exported
        for cells in grid[head + 2 :]:
            raw: dict[str, Any] = dict(zip(map(str, names), cells, strict=True))
            if raw["Ngày tiếp nhận"] == "" or oracle.understand(raw)[1]:
                continue
            code = str(raw["Mã hồ sơ"]).strip().upper()
            if code not in asked or exported >= asked[code][0]:
                asked[code] = (exported, int(raw["Số lần bổ sung"] or 0))
    waits = log_waits()
    return [
        {**d, "requests": asked[d["code"]][1], "waits": waits.get(d["code"], [])}
        for d in state().dossiers
    ]


def log_waits() -> dict[str, list[tuple[dt.datetime, dt.datetime | None]]]:
    found: dict[tuple[str, ...], str] = {}
    noted = set()
    for file in sorted(SAMPLE.glob("NhatKyXuLy_*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                key = (row["Mã hồ sơ"].strip().upper(), row["Bước xử lý"],
                       row["Người/đơn vị xử lý"], row["Thời điểm nhận"])  # fmt: skip
                found[key] = row["Thời điểm chuyển"] or found.get(key, "")
                if "bổ sung" in row["Ghi chú"]:
                    noted.add(key)
    waits: dict[str, list[tuple[dt.datetime, dt.datetime | None]]] = {}
    for key in noted:
        left = oracle.moment(found[key])
        waits.setdefault(key[0], []).append((oracle.moment(key[3]), left))  # type: ignore[arg-type]
    return waits


@functools.cache
def limits() -> dict[str, int]:
    with shipped.path("data", "reference", "procedures.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    return {r["code"]: int(r["limit_working_days"]) for r in rows if r["limit_working_days"]}


def verdict(d: dict[str, Any], start: dt.date, end: dt.date) -> str:
    """``in time``, ``late``, ``unknown`` or nothing for a dossier that is not of the period."""
    if d["how"] in ("refused", "new", "undated") or d["received"].date() > end:
        return ""
    if d["end"] is not None and d["end"] < start:
        return ""
    over = d["end"] is not None and d["end"] <= end
    night = dt.datetime.combine(end + DAY, dt.time())
    waits = sorted(w for w in d["waits"] if w[0] < night)
    moment = night - dt.timedelta(microseconds=1)
    if over:
        moment = d["finished"] or d["returned"] or dt.datetime.combine(d["end"], dt.time())
    else:
        lasting = [asked for asked, brought in waits if brought is None or brought >= night]
        if lasting:
            moment = min(lasting)
        elif d["status"] == "Yêu cầu bổ sung giấy tờ" and d["how"] == "open":
            return "unknown"
    if d["requests"] > 1:
        return "late"
    for asked, brought in waits:
        until = min(brought or moment, moment)
        if until > asked:
            moment -= until - asked
    if d["due"]:
        return "in time" if moment.date() <= d["due"].date() else "late"
    limit = limits().get(d["procedure_code"][:8])
    if limit is None:
        return "unknown" if over else "in time"
    came = d["received"]
    if limit == 0 and (came.time() > dt.time(15) or not oracle.works(came.date())):
        limit = 1
    used = oracle.working_days(came.date(), moment.date())
    return "in time" if used <= limit else "late"


def counted(label: str) -> dict[str, Count]:
    """Each indicator that the sample allows as two counts; 5.3 and 5.4 at their best."""
    start, end = oracle.spans(label)
    told = [verdict(d, start, end) for d in dossiers()]
    in_time, late = told.count("in time"), told.count("late")
    inside = [d for d in dossiers() if d["how"] not in ("refused", "new")]
    received = [d for d in inside if start <= d["received"].date() <= end]
    results = [
        d for d in received
        if d["result"] and d["how"] == "resolved" and d["end"] is not None and d["end"] <= end
    ]  # fmt: skip
    fee = [d for d in received if d["fee"] > 0]
    paid = [d for d in fee if d["paid"]]
    answered, came = feedback(start, end)
    return {
        "2.1": (in_time, in_time + late),
        "3.3": (sum(d["channel"] == "online" for d in results), len(received)),
        "3.4": (len({d["procedure_code"] for d in paid}), len({d["procedure_code"] for d in fee})),
        "3.6": (len(paid), len(fee)),
        "4.1": (len(results), len(received)),
        "4.2": (sum(d["paper"] for d in results), len(received)),
        "5.2": (sum(answered), len(answered)),
        "5.3": (sum(came), len(came)),
        "5.4": (in_time, in_time + late),
    }


def feedback(start: dt.date, end: dt.date) -> tuple[list[bool], list[bool]]:
    """Whether in time: of those answered in the span or open at its end, and of those received."""
    book = CalamineWorkbook.from_path(SAMPLE / "PhanAnhKienNghi_2023_2024.xlsx")
    head, *rows = book.get_sheet_by_index(0).to_python()
    answered, came = [], []
    for cells in rows:
        row = dict(zip(head, cells, strict=True))
        received = oracle.moment(row["Ngày nhận"])
        finished = oracle.moment(row["Ngày xử lý xong"])
        assert isinstance(received, dt.datetime)
        if received.date() > end:
            continue
        is_open = not isinstance(finished, dt.datetime) or finished.date() > end
        last = end if is_open else finished.date()  # type: ignore[union-attr]
        in_time = oracle.working_days(received.date(), last) <= 15
        if is_open or last >= start:
            answered.append(in_time)
        if received.date() >= start:
            came.append(in_time)
    return answered, came


def points(id: str, count: Count) -> Fraction:
    _, most, full_at = MARKS[id]
    if not count[1]:
        return Fraction(most)
    return most * min(Fraction(1), Fraction(*count) / Fraction(full_at))


@pytest.mark.parametrize("label", QUARTERS)
def test_every_computable_indicator(sample: Office, label: str) -> None:
    frame = service_quality.indicators(sample.period(label)).set_index("id")
    theirs = counted(label)
    for id, (k, n) in theirs.items():
        row = frame.loc[id]
        if id in ("5.3", "5.4"):
            assert not row["available"]
            assert (row["low"], row["missing"]) == (0, "reviews")
            assert row["high"] == pytest.approx(float(points(id, (k, n)))), id
        else:
            assert (row["numerator"], row["denominator"]) == (k, n), id
            assert row["earned"] == pytest.approx(float(points(id, (k, n)))), id
    assert set(frame.index[frame["available"]]) == set(theirs) - {"5.3", "5.4"}


@pytest.mark.parametrize("label", QUARTERS)
def test_groups_and_total(sample: Office, label: str) -> None:
    ours = service_quality.values(sample.period(label))
    theirs = counted(label)
    total = [Fraction(0)] * 3
    computable_in_all = 0
    for group, most in GROUPS.items():
        mine = {id: points(id, theirs[id]) for id, (g, _, _) in MARKS.items() if g == group}
        sure = {id: p for id, p in mine.items() if id not in ("5.3", "5.4")}
        computable = sum(MARKS[id][1] for id in sure)
        earned = sum(sure.values(), Fraction(0))
        lost = sum((MARKS[id][1] - p for id, p in mine.items()), Fraction(0))
        value = ours[f"service_quality.{group}"]
        if not sure:
            assert (value.value, value.status) == (None, "no_data")
        else:
            assert (value.denominator, value.status) == (computable, "ok")
            assert value.value == pytest.approx(float(earned), abs=1e-12)
        assert value.low == pytest.approx(float(earned), abs=1e-12)
        assert value.high == pytest.approx(float(most - lost), abs=1e-12)
        total = [a + b for a, b in zip(total, (earned, earned, most - lost), strict=True)]
        computable_in_all += computable
    whole = ours["service_quality.total"]
    assert whole.denominator == computable_in_all == 47
    assert (whole.value, whole.low, whole.high) == pytest.approx(tuple(map(float, total)))


@pytest.mark.parametrize("label", QUARTERS)
def test_lateness_dossier_by_dossier(sample: Office, label: str) -> None:
    start, end = oracle.spans(label)
    theirs = {d["code"]: said for d in dossiers() if (said := verdict(d, start, end))}
    rows = sample.period(label).service_quality.progress
    told = rows["in_time"].map({True: "in time", False: "late"}).fillna("unknown")
    assert dict(zip(rows["code"], told, strict=True)) == theirs


def test_the_two_rule_books_differ(sample: Office) -> None:
    """A dossier late by the forms and in time by 766 (papers brought late), and the reverse (two
    requests): the sample has both, so neither rule stands in for the other.
    """
    q = sample.period("2024-Q4")
    rows = q.service_quality.progress.set_index("code")["in_time"].astype(bool)
    headline = q.dossiers.set_index("code")["resolved_late"]
    both = rows.to_frame("in_time").join(headline)
    assert (both["in_time"] & both["resolved_late"]).any()
    resolved = q.dossiers.set_index("code")["resolved"].reindex(both.index)
    assert (~both["in_time"] & ~both["resolved_late"] & resolved).any()


@pytest.mark.parametrize("label", QUARTERS)
def test_rating(sample: Office, label: str) -> None:
    start, end = oracle.spans(label)
    rows = oracle.counted(state(), start, end)
    resolved = [r for r in rows if r["is_resolved"]]
    requests = {d["code"]: d["requests"] for d in dossiers()}
    time = [0 if r["is_late"] else 1 if r["end"] == r["due_day"] else 2
            for r in resolved if r["due_day"]]  # fmt: skip
    contacts = [max(0, 2 - requests[r["code"]]) for r in resolved]
    online = [r for r in rows if r["channel"] == "online"]
    late = any(r["is_late"] or r["is_overdue"] for r in online)
    ours = {s.index.id: s.points for s in rating.rate(sample.period(label)).scores}
    for id, scores in (("1", time), ("3", contacts)):
        exact = Fraction(sum(scores), len(scores)) * 10
        assert ours[id] == Fraction(int(exact + Fraction(1, 2)), 10), id
    assert late
    assert ours["9"] == 0
    assert {id for id, points in ours.items() if points is None} == {"2", "4", "5", "6", "7"}


def test_no_officer_is_rated_for_the_shared_audience(sample: Office) -> None:
    with pytest.raises(ValueError, match="officers"):
        rating.people(sample.period("2024-Q4"), "officer")
    internal = sample.period("2024-Q4", audience="internal")
    assert sum(part.dossiers for part in rating.people(internal, "officer")) == len(
        internal.dossiers[internal.dossiers["resolved"]]
    )
