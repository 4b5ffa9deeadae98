"""What logs of offices that write them in other ways show: small ones in, one behaviour each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cchc_analysis.causes.evidence import evidence
from cchc_analysis.view import PeriodView

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
