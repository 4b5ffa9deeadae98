"""What logs of offices that write them in other ways show: small ones in, one behaviour each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

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
