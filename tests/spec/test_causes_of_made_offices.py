"""The causes found are the true ones, on offices whose causes were planted."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from cchc_analysis import office
from cchc_analysis.briefs.annex import late_lines, late_tables
from cchc_analysis.causes import by_hand
from cchc_analysis.errors import DataError, ParameterError
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import Truth, make_office

from .. import registers
from .test_other_offices import take_in

QUARTERS = ("2024-Q1", "2024-Q2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[office.Office, Truth]:
    root = tmp_path_factory.mktemp("causes")
    truth = make_office(root / "exports", seed=31, quarters=QUARTERS)
    return take_in(root / "ws", root / "exports"), truth


def test_stage_cause_and_register_are_right_for_most(made: tuple[office.Office, Truth]) -> None:
    the_office, truth = made
    true = {dossier.code: dossier for dossier in truth.late()}
    found = {}
    for label in QUARTERS:
        q = the_office.period(label, audience="internal")
        for frame in (q.open_overdue, q.late):
            found |= {row["code"]: row for row in frame.to_dict("records")}
    judged = [(row, true[code]) for code, row in found.items() if code in true]
    assert len(judged) >= 80
    for name, least in (("recorded_only", 0.98), ("stage", 0.9), ("cause", 0.85)):
        right = sum(row[name] == getattr(d, name) for row, d in judged)
        assert right >= least * len(judged), (name, right, len(judged))


def test_each_steps_share_adds_up_to_the_days_late(made: tuple[office.Office, Truth]) -> None:
    q = made[0].period("2024-Q1")
    assert len(q.late)
    for row in q.late.to_dict("records"):
        lost = q.finding(row["code"]).lost
        assert sum(lost.values()) == int(row["late_days"]) * 100


def test_a_cause_recorded_by_hand_outranks_and_keeps_the_inferred(
    made: tuple[office.Office, Truth],
) -> None:
    the_office = made[0]
    row = the_office.period("2024-Q1").late.iloc[0]
    other = "overload" if row["cause"] != "overload" else "extra_papers"
    file = by_hand.record(the_office, row["code"], other, by="Văn phòng")
    try:
        finding = the_office.period("2024-Q1").finding(row["code"])
        assert (finding.cause, finding.inferred) == (other, row["cause"])
        with pytest.raises(ParameterError, match="overload"):
            by_hand.record(the_office, row["code"], "overlod", by="x")
        with pytest.raises(DataError):
            by_hand.record(the_office, "000-1", "overload", by="x")
        assert by_hand.named(the_office, "chờ kết quả của Cơ quan phối hợp") == "partner_agency"
        with pytest.raises(ParameterError) as told:
            by_hand.record(the_office, row["code"], "cho_phoi_hop", by="x")
        shown = "partner_agency – Chờ kết quả của cơ quan phối hợp"
        assert shown in told.value.listed and len(told.value.listed) == len(the_office.causes)
        assert "Có phải" not in str(told.value) and f"  {shown}" in told.value.lines()
    finally:
        file.unlink()


def test_shared_lists_withhold_a_cause_that_points_at_one_person(
    made: tuple[office.Office, Truth],
) -> None:
    the_office = made[0]
    before = late_tables(the_office.period("2024-Q1"))["late"]
    code = the_office.period("2024-Q1").late.iloc[0]["code"]
    file = by_hand.record(the_office, code, "slow_officer", by="Văn phòng")
    try:
        internal = late_tables(the_office.period("2024-Q1", audience="internal"))["late"]
        q = the_office.period("2024-Q1")
        shared = late_tables(q)["late"]
    finally:
        file.unlink()
    assert {row["code"]: row["cause"] for row in internal}[code] == "slow_officer"
    assert "slow_officer" not in {row["cause"] for row in shared}
    hidden = [row for row in shared if row["cause"] == "withheld"]
    assert len(hidden) == 1 + sum(row["cause"] == "withheld" for row in before)
    assert len({row["evidence"] for row in hidden}) == 1
    assert len(late_lines(q)) == 1 + 2 * sum(map(len, late_tables(q).values()))


def test_an_absence_is_told_only_of_days_on_which_that_desk_ended_nothing(
    made: tuple[office.Office, Truth],
) -> None:
    told = 0
    for label in QUARTERS:
        q = made[0].period(label, audience="internal")
        steps = q.attribution.timeline.steps
        for line in late_tables(q)["late"]:
            if line["cause"] not in ("signatory_away", "officer_on_leave"):
                continue
            days = re.search(r"từ (\S+) đến (\S+) nơi", line["evidence"])
            assert days, line["evidence"]
            first, last = (pd.to_datetime(day, format="%d/%m/%Y") for day in days.groups())
            finding = q.finding(line["code"])
            claims = [c for c in finding.claims if c.cause == line["cause"]]
            actor = finding.at(max(claims, key=lambda c: c.minutes)).actor
            left = steps.loc[steps["actor"] == actor, "left_at"]
            assert not left.between(first, last + pd.Timedelta(hours=23)).any()
            told += 1
    assert told >= 20


def test_a_log_in_other_words_shows_what_was_done_in_time(tmp_path: Path) -> None:
    """The unit's file names no step of this log; handing over is told by its words."""
    root = lay_out(tmp_path / "ws", unit="dong-linh", name="xã Thiệu Vân")
    file = registers.register(
        tmp_path / "SoTheoDoi.csv",
        [registers.row("0001", "04/03/2024 08:00", "06/03/2024 17:00", "08/03/2024 09:00", "")],
    )
    code = "000.17.31.H56-240304-0001"
    log = tmp_path / "NhatKyXuLy.csv"
    log.write_text(
        "Mã hồ sơ,Bước xử lý,Người/đơn vị xử lý,Thời điểm nhận,Thời điểm chuyển,Ghi chú\n"
        f"{code},Chuyên viên giải quyết,a,04/03/2024 08:00:00,05/03/2024 10:00:00,\n"
        f"{code},Chờ trả kết quả cho công dân,b,05/03/2024 10:00:00,08/03/2024 09:00:00,\n",
        encoding="utf-8",
    )
    done = inbox.ingest(root, [file, log])
    assert [d.error for d in done if d.error] == []
    late = office.open(root).period("2024-Q1").late
    assert late[["cause", "recorded_only"]].to_numpy().tolist() == [["closed_late", True]]


def test_a_damaged_file_of_causes_is_named_with_its_line(made: tuple[office.Office, Truth]) -> None:
    the_office = made[0]
    code = the_office.period("2024-Q1").late.iloc[0]["code"]
    file = by_hand.record(the_office, code, "overload", by="Văn phòng")
    try:
        for text, place in (
            ("code;cause\n", "1"),
            (f"code,cause,by,at,note\n{code},x,y,z,\n", "2"),
        ):
            file.write_text(text, encoding="utf-8")
            with pytest.raises(DataError, match=f"dòng {place}"):
                _ = the_office.period("2024-Q1").late
    finally:
        file.unlink()


@pytest.mark.parametrize("late", [0, 1, 2])
@pytest.mark.parametrize("empty_log", [False, True])
def test_few_late_dossiers_and_no_log(tmp_path: Path, late: int, empty_log: bool) -> None:
    from cchc_analysis import sections

    make_office(
        tmp_path / "x", seed=9, kind="calm", late=late, dossiers_per_quarter=150,
        empty_log=empty_log,
    )  # fmt: skip
    q = take_in(tmp_path / "ws", tmp_path / "x").period("2024-Q1")
    assert len(q.late) == late
    for name in ("real_or_recorded", "pareto", "lost_days", "stage_times", "case_list",
                 "limits_of_data"):  # fmt: skip
        assert getattr(sections, name)(q).data
    if empty_log:
        assert set(q.late["cause"]) <= {"closed_late", "extra_papers", "unknown"}
        assert set(q.late["stage"]) <= {""}
