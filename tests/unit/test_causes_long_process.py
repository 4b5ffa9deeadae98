"""At which step a long process lost its days, and what else happened on its way."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .test_causes_small_logs import DAYS, Made, said

STEPS = (("Tiếp nhận", "Một cửa"), ("Phân công", "Lê Văn A"), ("Thụ lý", "Lê Văn B"),
         ("Trình ký", "Lê Văn B"), ("Ký duyệt", "Trần C"), ("Văn thư", "Phạm D"))  # fmt: skip
CLOCK = ("08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00")
AWAY = range(50, 57)


class Process(Made):
    """Of an office where assigning, submitting and sealing take half an hour and handling takes one
    day or, less often, four.
    """

    def __init__(self) -> None:
        super().__init__()
        for at in range(66):
            self.way(at, [0, 0, 1, 0, 0, 0])
            self.way(at, [0, 0, 4 if at % 5 else 1, 0, 0, 0])

    def way(self, at: int, days: list[int]) -> str:
        """Received on the day ``at``, so many days at each step and more if nobody signs."""
        steps, now = [], at
        for (stage, actor), more, (start, end) in zip(STEPS, days, pairwise(CLOCK), strict=True):
            come, now = now, now + more
            if stage == "Ký duyệt" and now in AWAY:
                now = AWAY.stop
            steps.append((stage, actor, said(DAYS[come], start), said(DAYS[now], end)))
        return self.add(at, 8, steps)

    def found(self, workspace: Path, code: str) -> tuple[str, str]:
        late: list[dict[str, Any]] = self.view(workspace).late.to_dict("records")
        return next((row["cause"], row["stage"]) for row in late if row["code"] == code)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        ([0, 2, 5, 1, 0, 1], "Phân công"),  # five days of handling may be four and a delay of one
        ([0, 1, 7, 1, 0, 1], "Thụ lý"),
    ],
)
def test_how_much_of_a_long_step_is_delay_is_learnt_where_the_work_hardly_varies(
    workspace: Path, days: list[int], stage: str
) -> None:
    office = Process()
    for at in range(4, 36, 4):  # other long processes, with delays of one or two days
        office.way(at, [0, 1 + at % 3 // 2, 1, 1, 0, 1 + at % 8 // 4])
    assert office.found(workspace, office.way(34, days)) == ("slow_process", stage)


def test_what_nobody_was_there_to_sign_is_no_step_of_a_long_process(workspace: Path) -> None:
    office = Process()
    code = office.way(43, [0, 3, 5, 0, 0, 0])
    assert office.found(workspace, code) == ("signatory_away", "Ký duyệt")


def test_papers_that_stopped_the_clock_led_into_the_absence(workspace: Path) -> None:
    made = Made()

    def signed(at: int, done: int, limit: int, **papers: str) -> str:
        came, left = said(DAYS[done], "10:00"), AWAY.stop if done in AWAY else done
        steps = [("Tiếp nhận", "Một cửa", said(DAYS[at], "08:00"), said(DAYS[at], "08:30")),
                 ("Thụ lý", "Lê Văn B", said(DAYS[at], "08:30"), came),
                 ("Ký duyệt", "Trần C", came, said(DAYS[left], "11:00"))]  # fmt: skip
        return made.add(at, limit, steps, **papers)

    for at in range(70):
        signed(at, at + 1, 3)
    code = signed(40, 51, 13, asked=said(DAYS[41]), came=said(DAYS[51]))
    rows = made.view(workspace).late.to_dict("records")
    (row,) = [row for row in rows if row["code"] == code]
    assert (row["cause"], row["stage"]) == ("extra_papers", "Thụ lý")
