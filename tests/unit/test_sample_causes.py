"""The true causes of a made-up office: by hand on one dossier, by the log on a whole office."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from cchc_analysis.workspace.sample import CAUSES, Truth, make_office
from cchc_analysis.workspace.sample_cases import Case, Request, new_case
from cchc_analysis.workspace.sample_process import Event, Verdict, run, verdicts
from cchc_analysis.workspace.sample_world import CATALOGUE, DAY, Clock, Staff

CLOCK = Clock(date(2024, 1, 1), date(2024, 12, 31))
BIRTH = next(item for item in CATALOGUE if item.code == "1.001193")  # due the next working day
QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


def one(channel: str = "direct") -> Case:
    """Received on Monday 4 March 2024 at 8:00, due on Tuesday, in time if nothing happens."""
    rng = Random(1)
    moment = datetime(2024, 3, 4, 8)
    return new_case(rng, CLOCK, Staff(rng, 600), moment, BIRTH, channel, plain=True)


def at(day: int, minute: int = 0) -> int:
    return CLOCK.index(date(2024, 3, day)) * DAY + minute


def judge(case: Case, *events: Event) -> Verdict | None:
    planted = list(events)
    return verdicts([case], planted, CLOCK, run([case], planted, CLOCK)).get(0)


def test_alone_it_is_in_time() -> None:
    assert judge(one()) is None


def test_a_signatory_away_keeps_it_at_the_signature() -> None:
    found = judge(one(), Event("signatory_away", "", at(4), at(7), "0"))
    assert found == Verdict("signatory_away", "Ký duyệt", [], found.lost_minutes if found else 0)


def test_an_outage_keeps_what_was_filed_online_at_reception_and_nothing_else() -> None:
    outage = Event("portal_outage", "", at(4), at(7))
    found = judge(one("online"), outage)
    assert found and (found.cause, found.stage) == ("portal_outage", "Tiếp nhận")
    assert judge(one("direct"), outage) is None


def test_waiting_for_papers_makes_late_only_while_the_clock_runs() -> None:
    case = one()
    case.requests = [Request(3 * DAY, stops_clock=False)]
    found = judge(case)
    assert found and (found.cause, found.stage) == ("extra_papers", "Thụ lý")
    case.requests = [Request(3 * DAY)]
    assert judge(case) is None


def test_done_in_time_and_closed_late_is_late_in_the_register_only() -> None:
    case = one()
    case.closing = "bulk"
    found = judge(case)
    assert found and (found.cause, found.stage) == ("closed_late", "Trả kết quả")


def test_of_two_causes_that_each_suffice_the_longer_counts() -> None:
    leave = Event("officer_on_leave", "", at(4), at(6), str(one().officer))
    away = Event("signatory_away", "", at(4), at(12), "0")
    found = judge(one(), leave, away)
    assert found and found.cause == "signatory_away" and found.also == ["officer_on_leave"]


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Truth]]:
    made = []
    for seed in (1, 2, 3, 4):
        folder = tmp_path_factory.mktemp(f"office{seed}")
        made.append((folder, make_office(folder, seed=seed, quarters=QUARTERS, fmt="csv")))
    return made


def test_every_cause_makes_dossiers_late_in_every_office(
    offices: list[tuple[Path, Truth]],
) -> None:
    total = 0
    for _, truth in offices:
        count = Counter(dossier.cause for dossier in truth.late())
        assert all(count[cause] >= 3 for cause in CAUSES), count
        assert set(count) <= {*CAUSES, "unknown"}
        total += count.total()
    assert total >= 300


def test_a_cause_that_was_not_planted_is_not_found(tmp_path: Path) -> None:
    truth = make_office(tmp_path, seed=6, causes=("partner_agency",), dossiers_per_quarter=400)
    causes = Counter(dossier.cause for dossier in truth.late())
    assert causes["partner_agency"] > 5
    assert set(causes) <= {"partner_agency", "extra_papers", "unknown"}  # requests are everyday


def test_late_in_the_register_only_shows_in_the_files(offices: list[tuple[Path, Truth]]) -> None:
    """The last working step had ended by the due day: what waits then is at the counter."""
    recorded = []
    for folder, truth in offices:
        handed_on = {
            row["Mã hồ sơ"]: datetime.strptime(row["Thời điểm nhận"], "%d/%m/%Y %H:%M:%S")
            for path in sorted(folder.glob("Nhat*"))
            for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
            if row["Bước xử lý"] == "Trả kết quả"
        }
        for dossier in (d for d in truth.dossiers if d.recorded_only):
            assert dossier.cause == "closed_late" and dossier.finished_at
            if dossier.code in handed_on:  # before the last export
                done = handed_on[dossier.code].date()
                assert done <= dossier.due_at.date() < dossier.finished_at.date()
                recorded.append(dossier)
    assert len(recorded) > 50
    assert any(d.returned_at and d.returned_at.date() <= d.due_at.date() for d in recorded)


def test_nobody_signs_while_away_and_no_step_has_a_gap(offices: list[tuple[Path, Truth]]) -> None:
    folder, truth = offices[0]
    steps: dict[tuple[str, str], tuple[datetime, datetime, str]] = {}
    for path in sorted(folder.glob("Nhat*")):
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
            if row["Thời điểm chuyển"]:
                entered, left = (
                    datetime.strptime(row[name], "%d/%m/%Y %H:%M:%S")
                    for name in ("Thời điểm nhận", "Thời điểm chuyển")
                )
                key = (row["Mã hồ sơ"], row["Bước xử lý"])
                steps[key] = (entered, left, row["Người/đơn vị xử lý"])
    for event in truth.events:
        if event.cause == "signatory_away":
            signed = [
                left for (_, stage), (_, left, actor) in steps.items()
                if stage == "Ký duyệt" and actor == event.who and event.start < left < event.end
            ]  # fmt: skip
            assert not signed
    ways: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for (code, _), step in sorted(steps.items(), key=lambda item: item[1][:2]):
        ways.setdefault(code, []).append(step)
    year = (datetime(2024, 1, 1), datetime(2025, 1, 1))  # a log holds what began in its quarter
    received = {
        dossier.code: dossier for dossier in truth.dossiers
        if dossier.finished_at and year[0] < dossier.received_at < dossier.finished_at < year[1]
    }  # fmt: skip
    whole = sorted(received.keys() & ways.keys())
    assert len(whole) > 1500
    for code in whole:
        way = ways[code]
        assert way[0][0] == received[code].received_at
        assert way[-1][1] == received[code].finished_at
        assert all(here[1] == there[0] for here, there in pairwise(way))


def test_an_office_may_handle_one_procedure_only(tmp_path: Path) -> None:
    truth = make_office(
        tmp_path, seed=1, dossiers_per_quarter=120, procedures=["1.004873"], kind="calm"
    )
    assert {dossier.procedure_code for dossier in truth.dossiers} == {"1.004873"}


def test_what_cannot_be_made_is_refused(tmp_path: Path) -> None:
    for wrong in ({"late": 1}, {"causes": ["typhoon"]}, {"quarters": ["2031-Q1"]}):
        with pytest.raises(ValueError):
            make_office(tmp_path, seed=1, **wrong)
