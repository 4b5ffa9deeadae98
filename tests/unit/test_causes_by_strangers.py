"""What logs of offices that write them in other ways show: small ones in, one behaviour each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.causes.evidence import evidence
from cchc_analysis.sections import limits_of_data
from cchc_analysis.stages import Stages
from cchc_analysis.unit import Unit
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace.check import check

from .test_causes_small_logs import DAYS, Made, said


def found(q: PeriodView) -> Counter[tuple[str, str]]:
    return Counter(zip(q.late["stage"], q.late["cause"], strict=True))


def at(day: int, time: str) -> str:
    return said(DAYS[day], time)


@pytest.mark.parametrize("word", ["", "Chuyên viên"])
@pytest.mark.parametrize(
    ("who", "seen"),
    [("signs", ("Ký duyệt", "signatory_away")), ("works", ("Thụ lý", "officer_on_leave"))],
)
def test_without_names_in_the_log_the_registers_officer_and_one_signature_stand_in(
    workspace: Path, word: str, who: str, seen: tuple[str, str]
) -> None:
    """Nobody signs until the day 47, or one of two officers ends nothing until the day 51."""
    made = Made()
    for day in range(70):
        officer = ("Lê Văn B", "Phạm Thị D")[day % 2]
        gone = who == "works" and officer == "Lê Văn B" and 39 <= day < 51
        done = 51 if gone else day + 1
        signed = 47 if who == "signs" and 40 <= done < 47 else done
        steps = [("Tiếp nhận", "", at(day, "08:00"), at(day, "08:30")),
                 ("Thụ lý", word, at(day, "08:30"), at(done, "10:00")),
                 ("Ký duyệt", "", at(done, "10:00"), at(signed, "11:00"))]  # fmt: skip
        made.add(day, 3, steps, officer=officer)
    causes = found(made.view(workspace))
    assert set(causes) == {seen} and causes[seen] >= 3


@pytest.mark.parametrize("since", [0, 30])
def test_who_is_slow_at_everything_is_found_over_many_procedures(
    workspace: Path, since: int
) -> None:
    """Two officers and ten procedures: none has enough dossiers to tell. One officer takes two and
    a half times as long, always or from the day 30 on.
    """
    made = Made()
    for n in range(120):
        begun, slow = n // 2, n % 2 and n // 2 >= since
        usual = 2 + begun % 10 % 3
        done = begun + (5 * usual // 2 if slow else usual)
        steps = [("Thụ lý", ("Phạm Thị D", "Lê Văn B")[n % 2], at(begun, "08:30"),
                  at(done, "10:00")),
                 ("Ký duyệt", "Trần C", at(done, "10:00"), at(done, "11:00"))]  # fmt: skip
        made.add(begun, usual + 1, steps, f"Thủ tục số {begun % 10}")
    q = made.view(workspace, "2024-H1")
    assert set(found(q)) == {("Thụ lý", "slow_officer")} and len(q.late) == 60 - since
    told = evidence(q, q.finding(q.late["code"].iloc[-1]), {})
    assert "gấp 2,4 lần" in told


OFFICERS = ("Phạm Thị D", "Vũ Văn E", "Lê Văn B")


def handled(made: Made, begun: int, officer: str, days: int, away: range = range(0)) -> str:
    """At an officer's for ``days`` days from ``begun``, due after six. On the days ``away`` nobody
    signs.
    """
    done = begun + days
    signed = away.stop if done in away else done
    steps = [("Thụ lý", officer, at(begun, "08:30"), at(done, "10:00")),
             ("Ký duyệt", "Trần C", at(done, "10:00"), at(signed, "11:00"))]  # fmt: skip
    return made.add(begun, 6, steps)


def three_officers(away: range = range(0)) -> Made:
    """An office of three officers, one of whom takes five days for what takes the others two."""
    made = Made()
    for day in range(60):
        handled(made, day, OFFICERS[day % 3], 5 if day % 3 == 2 else 2, away)
    return made


def test_what_a_burst_adds_to_a_slow_officers_own_pace_is_overload(workspace: Path) -> None:
    """Of seven each that come at once: dossiers are counted, not steps, and the days are those on
    which they came.
    """
    made = three_officers()
    codes = [handled(made, 41, OFFICERS[n % 3], 12 if n % 3 == 2 else 9) for n in range(21)]
    q = made.view(workspace, "2024-H1")
    late = q.late.set_index("code")
    assert set(late.loc[codes, "cause"]) == {"overload"}
    told = evidence(q, q.finding(codes[2]), {})
    assert told.startswith(f"Từ {at(41, '')} đến {at(41, '')} có 8 hồ sơ")


def test_the_cause_is_one_that_shows_where_the_days_were_lost(workspace: Path) -> None:
    """At another's pace it would have been signed before the leader left; but it was in time until
    then, and lost its days at the signature.
    """
    q = three_officers(range(41, 50)).view(workspace, "2024-H1")
    assert set(found(q)) == {("Ký duyệt", "signatory_away")}
    findings = q.attribution.find(q.late).values()
    assert any("slow_officer" in finding.saved for finding in findings)


def test_a_gap_before_a_step_is_the_steps_that_was_waited_for(workspace: Path) -> None:
    """Who was away opened the step on the day of coming back: the log shows an hour there."""
    made = three_officers(range(41, 50))
    for step in made.log:
        if step[1] == "Ký duyệt" and step[3][:10] != step[4][:10]:
            step[3] = f"{step[4][:10]} 10:30"
    q = made.view(workspace, "2024-H1")
    assert set(found(q)) == {("Ký duyệt", "signatory_away")}
    for row in q.late.to_dict("records"):
        finding = q.finding(row["code"])
        assert finding.lost["Ký duyệt"] > 0
        assert evidence(q, finding, row).startswith("Bước Ký duyệt mất")


@pytest.mark.parametrize(("count", "cause"), [("1", "extra_papers"), ("", "unknown")])
def test_a_request_that_is_only_counted(workspace: Path, count: str, cause: str) -> None:
    made = three_officers()
    code = handled(made, 30, OFFICERS[0], 14)
    made.rows[-1][-1] = count
    q = made.view(workspace, "2024-H1")
    finding = q.finding(code)
    assert (finding.cause, finding.stage) == (cause, "Thụ lý")
    assert ("không ghi ngày" in evidence(q, finding, {})) == (cause == "extra_papers")


@pytest.mark.parametrize("linked", [False, True])
def test_an_opinion_asked_of_another_agency_is_the_agencys_time(
    workspace: Path, linked: bool
) -> None:
    """An agency is told by the linked steps it holds, or by doing nothing but give opinions."""
    made = Made()
    for day in range(60):
        asked, done = day + 1, day + (12 if day == 40 else 3)
        steps = [("Thụ lý", OFFICERS[0], at(day, "08:30"), at(asked, "10:00")),
                 ("Lấy ý kiến", "Phòng Lao động", at(asked, "10:00"), at(done, "10:00")),
                 ("Ký duyệt", "Trần C", at(done, "10:00"), at(done, "11:00"))]  # fmt: skip
        if linked:
            steps.insert(2, ("Chờ kết quả liên thông", "Phòng Lao động", *steps[1][3:] * 2))
        made.add(day, 5, steps, officer=OFFICERS[0])
    assert set(found(made.view(workspace, "2024-H1"))) == {("Lấy ý kiến", "partner_agency")}


def test_one_step_that_holds_nearly_all_is_no_process_of_many_steps(workspace: Path) -> None:
    made = three_officers()
    code = handled(made, 30, OFFICERS[0], 13)
    made.log[-1][4] = at(43, "16:30")
    made.rows[-1][4] = at(43, "16:30")
    q = made.view(workspace, "2024-H1")
    assert q.finding(code).cause == "unknown"


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        ("Lãnh đạo UBND xã ký", "S6_sign"), ("Chủ tịch ký", "S6_sign"), ("Ký", "S6_sign"),
        ("Ký phát hành", "S6_sign"), ("Trình Chủ tịch UBND xã ký", "S5_submit"),
        ("Trả KQ", "S8_return"), ("Kiểm tra hồ sơ", "S4_appraise"), ("Đăng ký", None),
        ("Chờ kết quả từ Chi nhánh VPĐKĐĐ", "linked_in"), ("Xin ý kiến", "S4_appraise"),
        ("Văn phòng đăng ký đất đai, phòng chuyên môn giải quyết", "linked_in"),
        ("Gửi hồ sơ sang Chi nhánh", "linked_out"), ("Trả kết quả cho công dân", "S8_return"),
    ],
)  # fmt: skip
def test_steps_in_ordinary_words_are_known(step: str, stage: str | None) -> None:
    stages = Stages.of(Unit("x", "x", "x", "", "x", "", ()))
    assert stages.standard(step) == stage and stages.waits_for(step) is None


def test_steps_in_words_not_known_are_told_but_no_names(workspace: Path) -> None:
    made = Made()
    for day in range(40):
        steps = [("Hồ sơ ở tổ công tác", "A", at(day, "08:30"), at(day + 2, "10:00")),
                 ("Nguyễn Văn Kín", "B", at(day + 2, "10:00"), at(day + 2, "11:00"))]  # fmt: skip
        made.add(day, 3, steps)
    told = made.view(workspace).attribution.timeline.unknown_steps
    assert "2 tên bước (trên 80 dòng)" in told and "Kín" not in told
    assert "“Hồ sơ ở tổ công tác”" in told and "data/plans/thieu-van/unit.toml" in told
    assert told in {finding.message for finding in check(workspace)}
    assert told in str(limits_of_data(office.open(workspace).period("2024-Q2")).data)


def test_what_ended_on_one_day_was_closed_late_where_it_was_handed_over(workspace: Path) -> None:
    """Days alone are known, and the steps of a day stand in the order of the file."""
    made = three_officers()
    steps = [("Thụ lý", OFFICERS[0], at(30, ""), at(33, "")),
             ("Ký duyệt", "Trần C", at(33, ""), at(33, "")),
             ("Trả kết quả", "Một cửa", at(33, ""), at(33, ""))]  # fmt: skip
    code = made.add(30, 6, steps)
    made.rows[-1][4] = at(40, "")
    q = made.view(workspace, "2024-H1")
    assert (q.finding(code).cause, q.finding(code).stage) == ("closed_late", "Trả kết quả")
    assert [s.stage for s in q.attribution.stays(code)] == ["Thụ lý", "Ký duyệt", "Trả kết quả"]


def test_due_a_day_later_for_having_come_in_the_evening_is_not_moved_for_papers(
    workspace: Path,
) -> None:
    """A leave of a day within the wait is not what it waited for."""
    made = Made()
    for day in range(70):
        late = 1 if day == 40 else 0
        came, done = ("15:30", day + 6) if late else ("08:00", day)
        steps = [("Thụ lý", OFFICERS[0], at(day, came), at(done, "16:00")),
                 ("Ký duyệt", "Trần C", at(done, "16:00"), at(done, "16:30"))]  # fmt: skip
        asked = (said(DAYS[41]), said(DAYS[46])) if late else ("", "")
        made.add(day, late, steps, asked=asked[0], came=asked[1], count=str(late or ""))
        made.rows[-1][2] = at(day, came)
    q = made.view(workspace, "2024-H1")
    assert found(q) == {("Thụ lý", "extra_papers"): 1}
    (code,) = q.late["code"]
    assert q.attribution.timeline.days_added(code) == 0
