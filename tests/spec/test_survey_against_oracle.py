"""Every ``survey.*`` and ``feedback.*`` figure against plain loops over the raw files.

The independent computation reads CSV with ``csv`` and Excel with calamine, and knows nothing of
the package. Intervals are checked by a bootstrap over respondents and by another formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cchc_analysis import office, shipped

SAMPLE = shipped.path("data", "sample")
WORDS = {"rất hài lòng": 5, "hài lòng": 4, "bình thường": 3, "không hài lòng": 2,
         "rất không hài lòng": 1, "5": 5, "4": 4, "3": 3, "2": 2, "1": 1}  # fmt: skip
FACTORS = {"tiếp cận dịch vụ": 1, "thủ tục hành chính": 2, "công chức": 3, "kết quả": 4,
           "phản ánh, kiến nghị": 5}  # fmt: skip
QUARTERS = ("2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
PERIODS = (*QUARTERS, "2024-H1", "2024-9M", "2024", "2024-05")


def forms() -> list[dict[str, Any]]:
    """One dict a form: when, field, channel, {(factor, item): points or None}, overall."""
    found = []
    for path in sorted(SAMPLE.glob("KhaoSat*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                row = {unicodedata.normalize("NFC", k): v or "" for k, v in row.items()}
                items = {}
                for head, text in row.items():
                    if "[" in head:
                        factor = FACTORS[head.split("[")[0].strip().lower()]
                        items[factor, head] = WORDS.get(text.strip().lower())
                found.append(
                    {
                        "at": dt.datetime.strptime(row["Dấu thời gian"], "%d/%m/%Y %H:%M:%S"),
                        "field": row["Lĩnh vực"], "channel": row["Hình thức nộp hồ sơ"],
                        "items": items,
                        "overall": WORDS.get(row["Mức độ hài lòng chung"].strip().lower()),
                    }
                )  # fmt: skip
    return found


FORMS = forms()


def span(q: office.PeriodView) -> list[dict[str, Any]]:
    return [form for form in FORMS if q.start <= form["at"].date() <= q.end]


@pytest.mark.parametrize("cut", ["calendar", "reporting"])
@pytest.mark.parametrize("label", PERIODS)
def test_every_survey_figure(sample: office.Office, label: str, cut: str) -> None:
    q = sample.period(label, cut=cut)
    mine = span(q)
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for form in mine:
        for (factor, item), points in form["items"].items():
            if points is not None:
                for key in ("all", factor, item):
                    counts[key][0] += points >= 4
                    counts[key][1] += 1
    told = [form["overall"] for form in mine if form["overall"] is not None]
    expected = {"survey.responses": (len(mine), None), "survey.index": tuple(counts["all"]),
                "survey.overall": (sum(p >= 4 for p in told), len(told))}  # fmt: skip
    expected |= {f"survey.factor.{n}": tuple(counts[n]) for n in range(1, 6)}
    for id, (k, n) in expected.items():
        result = q.result(id)
        assert (result.numerator, result.denominator) == (k, n), id
        assert result.value == (k if n is None else pytest.approx(k / n)), id
    shares = [k / n for key, (k, n) in counts.items() if isinstance(key, str) and key != "all"]
    assert q.result("survey.index_by_item").value == pytest.approx(sum(shares) / len(shares))


def test_the_weighted_index_gives_each_group_its_part_of_the_dossiers(
    sample: office.Office,
) -> None:
    """Without collapsed or trimmed cells, Σ dossiers · satisfied per form / Σ dossiers · valid per
    form; here by field and channel for the year, small cells taken out of both sides."""
    q = sample.period("2024")
    weighting = q.satisfaction.weighting
    assert weighting is not None and weighting.effective >= 50
    dossiers = q.dossiers[q.dossiers["resolved"]]
    assert sum(weighting.weights) == pytest.approx(len(dossiers))
    top = bottom = 0.0
    people = q.satisfaction.people
    for weight, (k, n) in zip(
        weighting.weights, people[["satisfied", "valid"]].to_numpy(int), strict=True
    ):
        top, bottom = top + weight * k, bottom + weight * n
    assert q.result("survey.index_weighted").value == pytest.approx(top / bottom)
    groups = defaultdict(float)
    for group, weight in zip(weighting.groups[0], weighting.weights, strict=True):
        groups[group] += weight
    served = q.satisfaction.served
    if not weighting.trimmed:
        for collapsed in weighting.collapsed:
            assert collapsed.total == sum(served.get(cell, 0) for cell in collapsed.cells)
        assert sum(groups.values()) == pytest.approx(sum(served.values()))


def test_the_index_interval_is_that_of_a_bootstrap_over_respondents(sample: office.Office) -> None:
    q = sample.period("2024-Q4")
    rows = [(sum(p >= 4 for p in f["items"].values() if p), sum(p is not None for p in
             f["items"].values())) for f in span(q)]  # fmt: skip
    draw = random.Random(7)
    shares = []
    for _ in range(2000):
        again = draw.choices(rows, k=len(rows))
        shares.append(sum(k for k, _ in again) / sum(n for _, n in again))
    shares.sort()
    result = q.result("survey.index")
    assert result.low == pytest.approx(shares[50], abs=0.006)
    assert result.high == pytest.approx(shares[1949], abs=0.006)
    naive = 2 * 1.96 * (result.value * (1 - result.value) / result.denominator) ** 0.5
    assert result.high - result.low > 2 * naive  # as if each answer were another person's


def feedback_rows() -> list[dict[str, Any]]:
    (path,) = SAMPLE.glob("PhanAnh*.xlsx")
    grid = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(grid) if "Ngày nhận" in row)
    names = [unicodedata.normalize("NFC", str(cell)).strip() for cell in grid[head]]
    return [dict(zip(names, row, strict=True)) for row in grid[head + 1 :] if row[0]]


def day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value).strip()
    return dt.datetime.strptime(text[:10], "%d/%m/%Y").date() if text else None


@pytest.mark.parametrize("label", PERIODS)
def test_every_feedback_figure(sample: office.Office, label: str) -> None:
    q = sample.period(label)
    rows = feedback_rows()
    columns = {name.lower(): name for name in rows[0]}
    received, due, done = (
        columns[next(c for c in columns if word in c)] for word in ("nhận", "hạn", "xong")
    )
    counts = dict.fromkeys(("received", "late", "open", "on_time"), 0)
    for row in rows:
        came, until, ended = day(row[received]), day(row[due]), day(row[done])
        assert came is not None
        counts["received"] += q.start <= came <= q.end
        counts["open"] += came <= q.end and (ended is None or ended > q.end)
        if ended and q.start <= ended <= q.end and until:
            counts["late" if ended > until else "on_time"] += 1
    assert q.result("feedback.received").value == counts["received"]
    assert q.result("feedback.resolved_late").value == counts["late"]
    assert q.result("feedback.open").value == counts["open"]
    rate = q.result("feedback.on_time_rate")
    assert (rate.numerator, rate.denominator) == (
        counts["on_time"], counts["on_time"] + counts["late"],
    )  # fmt: skip


def write_survey(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "KhaoSatHaiLong_Q1_2024.csv"
    head = "Dấu thời gian,Lĩnh vực,Hình thức nộp hồ sơ,Kết quả [Kết quả đúng hẹn],"
    head += "Kết quả [Kết quả công bằng],Mức độ hài lòng chung\n"
    lines = [f"{n + 1:02}/02/2024 08:00:00,Hộ tịch,Trực tiếp,{a},{b},{c}\n"
             for n, (a, b, c) in enumerate(rows)]  # fmt: skip
    path.write_text(head + "".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(("n", "audience", "status"), [
    (1, "shared", "suppressed"), (4, "shared", "suppressed"), (5, "shared", "ok"),
    (1, "internal", "ok"),
])  # fmt: skip
def test_few_respondents_are_never_a_bare_hundred_per_cent(
    workspace: Path, n: int, audience: str, status: str
) -> None:
    from cchc_analysis.workspace import inbox

    from .. import registers

    register = registers.register(
        workspace / "SoTheoDoi.csv",
        [registers.row("0001", "04/03/2024 08:00", "06/03/2024", "05/03/2024 09:00", "")],
    )
    survey = write_survey(workspace, [("Hài lòng", "Rất hài lòng", "Hài lòng")] * n)
    assert not [d.error for d in inbox.ingest(workspace, [register, survey]) if d.error]
    q = office.open(workspace).period("2024-Q1", audience=audience)
    index = q.result("survey.index")
    assert index.status == status
    if status == "suppressed":
        assert index.value is None and q.result("survey.responses").value is None
    else:
        assert index.value == 1.0 and index.met is None  # cannot be told with so few
        assert index.low is None or index.low < 0.6
    assert q.result("survey.index_weighted").value is None
