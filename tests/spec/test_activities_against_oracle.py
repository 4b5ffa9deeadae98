"""Every ``activities.*`` figure of the sample, against plain loops over the raw file.

The oracle uses nothing of the package: rows come by calamine, kinds by a list written by hand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import office, sections, shipped
from cchc_analysis.indicators import activities
from cchc_analysis.words import say

from . import oracle as spans

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-H1", "2024-9M", "2024", "2024-08")
CUTS = ("calendar", "reporting")
CONTENTS = ("I", "II", "III", "IV", "V", "VI", "VII")
KINDS = {
    "documents_checked": (
        "Kiểm tra văn bản|Rà soát văn bản|Rà soát, hệ thống hoá|Kiểm tra, rà soát văn bản"
    ),
    "training": "Tập huấn|Bồi dưỡng|Đào tạo",
    "inspections": "Kiểm tra|Kiểm tra CCHC|Kiểm tra công vụ|Kiểm tra đột xuất|Giám sát",
    "meetings": "Họp|Họp giao ban|Giao ban|Đối thoại|Hội nghị sơ kết|Hội nghị tổng kết"
    "|Hội nghị đối thoại",
    "communication": "Tuyên truyền|Tuyên truyền CCHC|Tuyên truyền cải cách hành chính",
    "budget": "Kinh phí|Kinh phi|Kinh phí CCHC",
    "iso_checks": "ISO|ISO 9001|Tự kiểm tra ISO 9001",
    "ecommerce": "Sàn TMĐT|Thương mại điện tử|Sàn thương mại điện tử",
    "digital_teams": "Tổ công nghệ số cộng đồng|To cong nghe so cong dong",
}
PEOPLE = ("training", "meetings", "communication", "digital_teams")
NUMBERS = {"1": "I"}


def raw() -> list[tuple[dt.date, str, str, Decimal | None, str, int | None, int]]:
    """Day, content, kind, number, unit, people and row of each row with a day, none twice."""
    path = shipped.path("data", "sample", "HoatDongCCHC_2024.xlsx")
    grid = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    of = {word: kind for kind, words in KINDS.items() for word in words.split("|")}
    rows, seen = [], set()
    for number, (stt, day, content, kind, *rest) in enumerate(grid, 1):
        if number < 9 or not isinstance(stt, float) or not day or (key := (day, *rest)) in seen:
            continue
        seen.add(key)
        if isinstance(day, str):
            d, m, y = (int(part) for part in day.split("/"))
            day = dt.date(y + 2000 if y < 100 else y, m, d)
        content = str(content).split(".")[0]
        content = NUMBERS.get(content, content) or "VII"  # one row gives none: an inspection
        count = Decimal(str(rest[1])) if rest[1] != "" else None
        people = int(rest[3]) if rest[3] != "" else None
        rows.append((day, content, of.get(kind, "?"), count, rest[2], people, number))
    return rows


ROWS = raw()


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", QUARTERS)
def test_every_figure(sample: office.Office, label: str, cut: str) -> None:
    start, end = spans.spans(label, cut)
    inside = [row for row in ROWS if start <= row[0] <= end]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    heads: defaultdict[str, list[int | None]] = defaultdict(list)
    faulty = Counter[str]()
    for _, _, kind, count, unit, people, _ in inside:
        if kind == "budget" and count is None:
            faulty[kind] += 1
            continue
        sums[kind] += (Decimal(1) if count is None else count) / (10**6 if unit == "đồng" else 1)
        heads[kind].append(people)
    ours = sample.period(label, cut=cut)
    results = {r.id: r for r in ours.results if r.id.startswith("activities.")}
    assert len(results) == len(KINDS) + len(PEOPLE)
    whole = start >= dt.date(2024, 1, 1)  # the window that the file states
    for kind in KINDS:
        r = results[f"activities.{kind}"]
        if faulty[kind]:
            assert r.status == ("incomplete_period" if heads[kind] else "faulty")
        else:
            assert r.status == ("ok" if whole else "incomplete_period")
        expected = None if r.status == "faulty" else float(sums[kind])
        assert r.value == expected, kind
        assert r.denominator is None and r.target is None
        if kind in PEOPLE:
            given = [n for n in heads[kind] if n is not None]
            theirs = None if heads[kind] and not given else sum(given)
            assert results[f"activities.{kind}.people"].value == theirs, kind


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("label", QUARTERS[:4])
def test_each_content_lists_its_rows(sample: office.Office, label: str, cut: str) -> None:
    q = sample.period(label, cut=cut)
    for content in CONTENTS:
        theirs = [
            row[6] for row in ROWS
            if q.start <= row[0] <= q.end and row[1] == content and row[2] != "?"
            and (row[2], row[3]) != ("budget", None)
        ]  # fmt: skip
        frame = q.activities.by_content[content]
        assert frame["row"].tolist() == theirs
        assert frame["date"].is_monotonic_increasing
        block = sections.activities(q, content).data
        if theirs:
            assert len(block["rows"]) == len(theirs)


def test_a_content_without_rows_says_so(sample: office.Office) -> None:
    q = sample.period("2024-Q3")
    block = sections.activities(q, "III").data
    assert (block["kind"], block["text"]) == ("note", "Không có số liệu trong kỳ.")
    assert sections.activities_summary(q, "III") == [say("activities.none")]


def test_sentences_and_cells(sample: office.Office) -> None:
    q = sample.period("2024")
    assert sections.activities_summary(q, "I") == ["Kiểm tra, rà soát 60 văn bản (5 lần)."]
    assert sections.activities_summary(q, "V") == ["Kinh phí thực hiện 81,25 triệu đồng (4 lần)."]
    rows = sections.activities(q, "V").data["rows"]
    assert rows[1] == ["22/03/2024", "Mua máy quét số hóa hồ sơ", "12,5 triệu đồng", "-",
                       "41/QĐ-UBND"]  # fmt: skip
    said = sections.activities_summary(q, "IV")[0]
    assert said == "Tổ chức 4 lớp tập huấn, bồi dưỡng (3 lần), 104 lượt người tham gia."


def test_what_stands_in_no_sum_is_listed_with_its_remedy(sample: office.Office) -> None:
    q = sample.period("2024-Q3")
    assert [(f.row, f.what, f.content) for f in q.activities.faults] == [
        (37, "set_aside", ""), (40, "no_amount", "V"), (42, "unknown_kind", "VII"),
    ]  # fmt: skip
    rows = sections.activities_faults(q).data["rows"]
    assert [row[1] for row in rows] == ["37", "40", "42"] and all(len(row[3]) > 20 for row in rows)
    assert sections.activities(q, "V").data["level"] == "warning"


def test_a_year_that_no_register_covers(sample: office.Office) -> None:
    q = sample.period("2023-Q4")
    assert {(v.value, v.status) for v in activities.values(q).values()} == {(None, "no_data")}
    assert sections.activities(q, "VII").data["text"] == say("activities.none")
    assert all(q.activities.by_content[content].empty for content in CONTENTS)


def test_as_of_a_day_later_rows_are_not_seen(sample: office.Office) -> None:
    q = sample.period("2024-H1", as_of=dt.date(2024, 6, 13))
    assert max(q.activities.rows["date"]).date() == dt.date(2024, 6, 11)


def test_comparisons_and_json(sample: office.Office) -> None:
    q = sample.period("2024-Q2")
    r: Any = q.result("activities.documents_checked")
    assert (r.value, r.previous, r.year_to_date) == (7, 18, 25)
    assert (r.unit, r.numerator) == ("văn bản", 7)
    assert json.dumps(q.result("activities.budget").as_dict())
    assert any(e.receipt.table == "activities" for e in q.inputs)
