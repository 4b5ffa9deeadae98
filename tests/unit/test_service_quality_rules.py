"""Decision 766 on small registers: its rules of lateness, its sets as files, a score by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections
from cchc_analysis.errors import PlanError
from cchc_analysis.indicators import rating, service_quality
from cchc_analysis.office import PeriodView
from cchc_analysis.period import Period
from cchc_analysis.workspace import inbox

from ..sheets import csv_file

DOC = Path(__file__).parents[2] / "docs" / "service_quality_766.md"
HEADER = ("Mã hồ sơ", "Mã TTHC", "Lĩnh vực", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả",
          "Ngày xử lý xong", "Trạng thái", "Số lần bổ sung", "Ngày yêu cầu bổ sung",
          "Ngày bổ sung xong", "Số hóa hồ sơ đầu vào", "Số hóa kết quả", "Lệ phí (đồng)",
          "Thanh toán trực tuyến")  # fmt: skip
DONE, OPEN = "Đã trả kết quả", "Đang xử lý"
WAITS, GAVE_UP = "Yêu cầu bổ sung giấy tờ", "Công dân yêu cầu rút hồ sơ"
Make = Callable[..., PeriodView]


def line(
    received: str, due: str, finished: str = "", status: str = DONE, *,
    requests: int = 0, asked: str = "", brought: str = "", procedure: str = "1.001193",
    channel: str = "Trực tiếp", paper: str = "", result: str = "", fee: int = 0, paid: str = "",
) -> list[Any]:  # fmt: skip
    code = f"{procedure}.000.00.00.H56"
    return [code, "Hộ tịch", channel, received, due, finished, status, requests or "", asked,
            brought, paper, result, fee, paid]  # fmt: skip


@pytest.fixture
def make(workspace: Path) -> Make:
    """``make(lines, …)`` takes in a register of the first quarter of 2024 and opens it."""

    def view(
        lines: Sequence[Sequence[Any]], feedback: Sequence[Sequence[Any]] = (),
        label: str = "2024-Q1",
    ) -> PeriodView:  # fmt: skip
        rows = [
            [f"000.17.31.H56-240102-{n:04d}", *cells] for n, cells in enumerate(lines, 1)
        ]  # fmt: skip
        files = [csv_file(workspace / "so.csv", [HEADER, *rows])]
        if feedback:
            head = ("Số phiếu", "Ngày nhận", "Nguồn", "Nội dung", "Lĩnh vực", "Hạn xử lý",
                    "Ngày xử lý xong", "Công khai kết quả")  # fmt: skip
            cases = [
                [f"PA-{n:03d}", came, "Zalo", "Thái độ phục vụ", "Hộ tịch", due, done, ""]
                for n, (came, due, done) in enumerate(feedback, 1)
            ]
            files.append(csv_file(workspace / "pakn.csv", [head, *cases]))
        done = inbox.ingest(workspace, files, exported_at="2024-04-05T08:00")
        assert [row.error for row in done] == [None] * len(files)
        period = Period.parse(label)
        return PeriodView(office.open(workspace), period, as_of=None, audience="shared")

    return view


def verdicts(q: PeriodView) -> list[tuple[bool | None, str]]:
    rows = q.service_quality.progress.sort_values("code")
    told = rows["in_time"].astype(object).where(rows["in_time"].notna(), None)
    return list(zip(told, rows["why"], strict=True))


def test_the_filers_time_is_taken_off(make: Make) -> None:
    lines = [
        # three days late by the forms, four of them the filer's
        line("04/03/2024 08:00", "08/03/2024", "11/03/2024 09:00", requests=1,
             asked="05/03/2024 08:00", brought="09/03/2024 08:00"),
        # two days of the filer's do not cover three
        line("04/03/2024 08:00", "08/03/2024", "11/03/2024 09:00", requests=1,
             asked="05/03/2024 08:00", brought="07/03/2024 08:00"),
        line("04/03/2024 08:00", "08/03/2024", "11/03/2024 09:00"),
    ]  # fmt: skip
    q = make(lines)
    assert verdicts(q) == [(True, "due"), (False, "due"), (False, "due")]
    assert q.counts["resolved_late"] == 3


def test_a_second_request_is_late(make: Make) -> None:
    asked: dict[str, Any] = {"asked": "05/03/2024 08:00", "brought": "06/03/2024 08:00"}
    lines = [
        line("04/03/2024 08:00", "15/03/2024", "12/03/2024 09:00", requests=1, **asked),
        line("04/03/2024 08:00", "15/03/2024", "12/03/2024 09:00", requests=2, **asked),
    ]
    q = make(lines)
    assert verdicts(q) == [(True, "due"), (False, "requests")]
    assert q.counts["resolved_late"] == 0


def test_open_within_the_limit_counts_as_in_time(make: Make) -> None:
    lines = [
        line("25/03/2024 08:00", "05/04/2024", status=OPEN),
        # due on the last day: in time by 766, overdue by the forms
        line("25/03/2024 08:00", "31/03/2024", status=OPEN),
        line("25/03/2024 08:00", "29/03/2024", status=OPEN),
        # no due day, a procedure of the catalogue without a limit there
        line("25/03/2024 08:00", "", status=OPEN, procedure="9.999999"),
    ]
    q = make(lines)
    assert verdicts(q) == [
        (True, "due"), (True, "due"), (False, "due"), (True, "open_without_due"),
    ]  # fmt: skip
    assert q.counts["open_overdue"] == 2


def test_still_waiting_ends_with_the_request(make: Make) -> None:
    lines = [
        line("11/03/2024 08:00", "15/03/2024", status=WAITS, requests=1, asked="14/03/2024 10:00"),
        line("11/03/2024 08:00", "15/03/2024", status=WAITS, requests=1, asked="18/03/2024 10:00"),
        # nobody knows since when: neither in time nor late
        line("11/03/2024 08:00", "15/03/2024", status=WAITS, requests=1),
    ]
    q = make(lines)
    assert verdicts(q) == [(True, "due"), (False, "due"), (None, "no_request_date")]
    row = service_quality.indicators(q).set_index("id").loc["2.1"]
    assert (row["numerator"], row["denominator"]) == (1, 2)
    assert "left_out" in row["assumes"]


def test_withdrawn_counts_as_processed(make: Make) -> None:
    lines = [
        line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00", GAVE_UP),
        line("04/03/2024 08:00", "08/03/2024", "12/03/2024 09:00", GAVE_UP),
        line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00", "Không được tiếp nhận"),
    ]
    q = make(lines)
    assert verdicts(q) == [(True, "due"), (False, "due")]
    assert q.counts["resolved"] == 0


def test_without_a_due_day_the_limit_of_the_procedure_counts(make: Make) -> None:
    lines = [  # 1.001193: one working day, 2.000815: the same day, or the next after 15:00
        line("04/03/2024 08:00", "", "05/03/2024 09:00"),
        line("04/03/2024 08:00", "", "06/03/2024 09:00"),
        line("04/03/2024 08:00", "", "05/03/2024 09:00", procedure="2.000815"),
        line("04/03/2024 15:30", "", "05/03/2024 09:00", procedure="2.000815"),
        line("04/03/2024 08:00", "", "06/03/2024 09:00", procedure="9.999999"),
    ]
    assert verdicts(make(lines)) == [
        (True, "limit"), (False, "limit"), (False, "limit"), (True, "limit"), (None, "no_limit"),
    ]  # fmt: skip


def test_waits_that_overlap_count_once(make: Make) -> None:
    import pandas as pd

    q = make([line("04/03/2024 08:00", "08/03/2024", "12/03/2024 08:00")])
    sq = q.service_quality
    code = q.dossiers["code"].iloc[0]
    days = pd.to_datetime(["2024-03-05", "2024-03-06", "2024-03-11"])
    until = pd.to_datetime(["2024-03-08", "2024-03-07", "2024-03-15"])
    sq.__dict__["waits"] = pd.DataFrame({"code": [code] * 3, "asked": days, "brought": until})
    # three days, the second lies in the first, and the last until the end: 11/3 to 12/3 08:00
    assert sq.progress["waited"].iloc[0] == pd.Timedelta(days=4, hours=8)


def test_what_is_missing_is_not_zero(make: Make) -> None:
    q = make([line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00")])
    ours = service_quality.values(q)
    assert ours["service_quality.satisfaction"].status == "no_data"
    assert ours["service_quality.satisfaction"].high == 18
    total = ours["service_quality.total"]
    assert total.denominator is not None
    assert total.denominator < 100
    assert total.value == total.low
    assert total.high is not None
    assert total.value is not None
    assert total.high - total.value == pytest.approx(100 - total.denominator)


def test_a_period_without_dossiers_or_without_feedback(make: Make) -> None:
    q = make([line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00")], label="2023-Q1")
    assert q.service_quality.progress.empty
    assert service_quality.values(q)["service_quality.total"].status == "no_data"
    assert {s.points for s in rating.rate(q).scores} == {None}
    for block in (sections.quality_score, sections.quality_indicators, sections.rating,
                  sections.rating_by):  # fmt: skip
        assert block(q).data


def test_the_sections_say_what_is_missing_and_what_is_not_verified(make: Make) -> None:
    q = make([line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00")])
    rows = {row[0].split()[0]: row for row in sections.quality_indicators(q).data["rows"]}
    assert rows["2.1"][3].startswith("20,00/20 †")
    assert rows["1.4"][2] == "…"
    assert rows["1.4"][4]
    assert "(" not in rows["5.4"][3]
    assert len(sections.quality_score(q).data["rows"]) == 7
    assert len(sections.rating(q).data["rows"]) == 9


# -- sets as files ------------------------------------------------------------------------------

SECOND = """
[set]
name = "Bộ chỉ số thử"
short = "Bộ thử 2024"
valid_from = 2024-01-01

[rules]
request_limit = 9
subtract = []
ended = ["resolved"]

[groups]
progress = 60
online_payment = 40

[bands]
levels = [ { from = 50, label = "khá" }, { from = 0, label = "yếu" } ]

[[indicators]]
id = "A"
group = "progress"
label = "Đúng hạn"
formula = "in_time"
points = 60
full_at = 1.0

[[indicators]]
id = "B"
group = "online_payment"
label = "Thanh toán trực tuyến"
formula = "paid_online"
points = 40
full_at = 0.5
verified = ["formula", "points", "full_at"]
"""


@pytest.fixture
def second(workspace: Path) -> Path:
    path = workspace / "data" / "reference" / "service_quality" / "2024-01-01.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SECOND, encoding="utf-8")
    return path


def test_a_second_set_works_from_its_file_alone(make: Make, second: Path) -> None:
    lines = [
        line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00", requests=2, fee=8000, paid="x"),
        line("04/03/2024 08:00", "08/03/2024", "12/03/2024 09:00", requests=1, fee=8000,
             asked="05/03/2024 08:00", brought="11/03/2024 08:00"),
        line("04/03/2024 08:00", "08/03/2024", "12/03/2024 09:00", GAVE_UP, fee=8000),
        line("04/03/2024 08:00", "08/03/2024", "07/03/2024 09:00", fee=8000),
    ]  # fmt: skip
    q = make(lines)
    ours = service_quality.values(q)
    # in time 2 of 3 (nothing taken off, two requests allowed, withdrawn not processed);
    # paid 1 of 4, half is enough
    assert ours["service_quality.progress"].value == pytest.approx(40)
    assert ours["service_quality.online_payment"].value == pytest.approx(20)
    assert ours["service_quality.total"].value == pytest.approx(60)
    assert ours["service_quality.total"].denominator == 100
    assert ours["service_quality.transparency"].status == "no_data"
    assert ours["service_quality.transparency"].high is None
    assert q.service_quality.band == "khá"
    assert set(service_quality.indicators(q)["unverified"]) == {"formula points full_at", ""}


def test_the_periods_start_chooses_the_set(second: Path, workspace: Path) -> None:
    def name(label: str) -> str | None:
        found = service_quality.indicator_set(Period.parse(label).start, workspace)
        return found.short if found else None

    assert name("2023-Q4") == "Quyết định 766/QĐ-TTg"
    assert name("2024-Q1") == "Bộ thử 2024"
    assert name("2022-Q2") is None


def test_a_period_before_every_set_has_no_figures(make: Make) -> None:
    q = make([line("04/05/2022 08:00", "08/05/2022", "07/05/2022 09:00")], label="2022-Q2")
    assert {v.status for v in service_quality.values(q).values()} == {"no_data"}
    assert service_quality.indicators(q).empty


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = 40\n", "points = 39\n"), ('formula = "in_time"', 'formula = "guess"'),
        ("full_at = 0.5", "full_at = 0"), ('subtract = []', 'subtract = ["holiday"]'),
        ("valid_from = 2024-01-01", ""), ('group = "progress"', 'group = "online"'),
        ('verified = ["formula"', 'verified = ["all"'), ("from = 50", 'from = "x"'),
    ],
)  # fmt: skip
def test_a_wrong_set_is_named(second: Path, workspace: Path, old: str, new: str) -> None:
    second.write_text(SECOND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlanError, match=r"2024-01-01\.toml"):
        service_quality.indicator_set(Period.parse("2024-Q1").start, workspace)


def test_the_shipped_set_is_the_decisions(workspace: Path) -> None:
    held = service_quality.indicator_set(Period.parse("2024-Q1").start, workspace)
    assert held is not None
    assert held.groups == {
        "transparency": 18, "progress": 20, "digitisation": 22, "online": 12,
        "online_payment": 10, "satisfaction": 18,
    }  # fmt: skip
    sure = {i.id for i in held.indicators if "points" in i.verified}
    assert sure == {"1.2", "5.4"}
    assert len({i.id for i in held.indicators}) == len(held.indicators) == 21


# -- the worked example of the docs ---------------------------------------------------------------


def tables() -> dict[str, list[list[str]]]:
    """The tables of the document by the heading above them."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for text in DOC.read_text(encoding="utf-8").splitlines():
        if text.startswith("#"):
            heading = text.strip("# ")
        elif text.startswith("|"):
            found.setdefault(heading, []).append([c.strip() for c in text.strip("|").split("|")])
    return {name: rows[2:] for name, rows in found.items()}


def worked(text: str) -> float:
    return float(re.sub(r"[*\s]", "", text).replace(",", "."))


def test_the_worked_example_equals_the_program(make: Make) -> None:
    told = tables()
    lines = [
        line(received, due, finished, status, requests=int(requests or 0), asked=asked,
             brought=brought, channel=channel, paper=paper, result=result, fee=int(fee or 0),
             paid=paid, procedure=procedure)
        for _, procedure, channel, received, due, finished, status, requests, asked, brought,
        paper, result, fee, paid in told["Sổ theo dõi hồ sơ"]
    ]  # fmt: skip
    q = make(lines, [tuple(cells[1:]) for cells in told["Sổ phản ánh, kiến nghị"]])
    rows = q.service_quality.progress.sort_values("code")
    assert [cells[-1] == "đúng hạn" for cells in told["Đúng hạn hay quá hạn"]] == [
        bool(v) for v in rows["in_time"]
    ]
    assert (q.counts["resolved"], q.counts["resolved_late"]) == (5, 2)
    frame = service_quality.indicators(q).set_index("id")
    for id, k, n, most, full_at, earned in told["Từng chỉ tiêu tính được"]:
        row = frame.loc[id]
        assert (row["numerator"], row["denominator"]) == (int(k), int(n)), id
        assert row["points"] == int(most), id
        assert row["earned"] == pytest.approx(worked(earned), abs=0.005), id
        held = q.service_quality.set
        assert held is not None
        listed = next(i for i in held.indicators if i.id == id)
        assert float(listed.full_at) == pytest.approx(worked(full_at.rstrip("%")) / 100), id
    assert {cells[0] for cells in told["Từng chỉ tiêu tính được"]} == set(
        frame.index[frame["available"]]
    )
    ours = service_quality.values(q)
    for id, most, computable, earned, low, high in told["Nhóm và tổng"]:
        value = ours[f"service_quality.{id}"]
        assert (value.denominator or 0) == int(computable), id
        assert value.low == pytest.approx(worked(low), abs=0.005), id
        assert value.high == pytest.approx(worked(high), abs=0.005), id
        if value.value is not None:
            assert value.value == pytest.approx(worked(earned), abs=0.005), id
        held = q.service_quality.set
        assert held is not None
        assert int(most) == (held.groups | {"total": 100})[id]
