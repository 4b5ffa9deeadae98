"""Small registers and logs in, the reason for one late dossier out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cchc_analysis import office
from cchc_analysis.causes.activity import Desk
from cchc_analysis.causes.attribution import Claim, Stay, _without
from cchc_analysis.causes.timeline import Norm
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox

from ..sheets import csv_file

REGISTER = ["Mã hồ sơ", "Tên thủ tục", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày xử lý xong",
            "Trạng thái", "Ngày yêu cầu bổ sung", "Ngày công dân bổ sung", "Người thụ lý",
            "Số lần bổ sung"]  # fmt: skip
LOG = ["Mã hồ sơ", "Bước xử lý", "Người xử lý", "Thời điểm nhận", "Thời điểm chuyển", "Ghi chú"]
BIRTH, LAND = "Đăng ký khai sinh", "Đăng ký đất đai"
OFF = (pd.Timestamp(2024, 4, 18), *pd.date_range("2024-04-29", "2024-05-01"))
DAYS = [d.to_pydatetime() for d in pd.bdate_range("2024-02-19", "2024-06-20") if d not in OFF]


def said(day: dt.datetime, time: str = "") -> str:
    return f"{day:%d/%m/%Y} {time}".strip()


class Made:
    """An office in which a dossier comes each working day, is worked on for one, then signed."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.log: list[list[Any]] = []

    def dossier(
        self,
        at: int,
        works: int,
        limit: int,
        name: str = BIRTH,
        *,
        asked: str = "",
        came: str = "",
        waits: tuple[int, int] | None = None,
    ) -> str:
        """Received on the day ``at``, at work for ``works`` days, due after ``limit``."""
        day, done = DAYS[at], DAYS[at + works]
        steps = [("Tiếp nhận", "Một cửa", said(day, "08:00"), said(day, "08:30")),
                 ("Thụ lý", "Lê Văn B", said(day, "08:30"), said(done, "10:00")),
                 ("Ký duyệt", "Trần C", said(done, "10:00"), said(done, "11:00"))]  # fmt: skip
        if waits is not None:
            steps.insert(2, ("Chờ bổ sung", "Lê Văn B", said(DAYS[waits[0]], "09:00"),
                             said(DAYS[waits[1]], "09:00")))  # fmt: skip
        return self.add(at, limit, steps, name, asked=asked, came=came)

    def add(
        self, at: int, limit: int, steps: Sequence[tuple[str, str, str, str]], name: str = BIRTH,
        *, asked: str = "", came: str = "", officer: str = "", count: str = "",
    ) -> str:  # fmt: skip
        """Received on the day ``at``, finished when the last of its ``steps`` ends."""
        code = f"H-24-{len(self.rows):04}"
        self.rows.append([code, name, said(DAYS[at], "08:00"), said(DAYS[at + limit], "17:00"),
                          steps[-1][3], "Đã xử lý xong", asked, came, officer, count])  # fmt: skip
        self.log += [[code, *step, ""] for step in steps]
        return code

    def view(self, workspace: Path, period: str = "2024-Q2") -> PeriodView:
        folder = workspace / "data" / "inbox"
        files = [csv_file(folder / "so.csv", [REGISTER, *self.rows]),
                 csv_file(folder / "nk.csv", [LOG, *self.log])]  # fmt: skip
        done = inbox.ingest(workspace, files)
        assert [each.error for each in done] == [None, None]
        return office.open(workspace).period(period, audience="internal")


@pytest.fixture
def made() -> Made:
    found = Made()
    for at in range(70):
        found.dossier(at, 1, 3)
    return found


@pytest.mark.parametrize(
    ("asked", "came", "cause"),
    [
        (said(DAYS[52]), said(DAYS[60]), "extra_papers"),
        (said(DAYS[52]), "", "extra_papers"),
        (said(DAYS[52]), said(DAYS[53]), "unknown"),  # and nine days more without a reason
        ("", "", "unknown"),
    ],
)
def test_papers_that_only_the_register_dates(
    workspace: Path, made: Made, asked: str, came: str, cause: str
) -> None:
    code = made.dossier(50, 13, 3, asked=asked, came=came)
    (found,) = made.view(workspace).late.to_dict("records")
    assert (found["code"], found["stage"], found["cause"]) == (code, "Thụ lý", cause)


def test_where_no_code_says_which_procedure_its_name_does(workspace: Path, made: Made) -> None:
    for at in range(0, 62, 2):
        made.dossier(at, 6, 8, LAND)
    births, lands = made.rows[0][0], made.rows[70][0]
    line = made.view(workspace).attribution.timeline
    day = line.day
    quick, slow = line.norm(births, "Thụ lý"), line.norm(lands, "Thụ lý")
    assert (quick.basis, quick.n, slow.basis, slow.n) == ("seen", 69, "seen", 30)
    assert quick.usual == pytest.approx(day * 1.1, rel=0.2) and slow.usual > 5 * day


def test_a_wait_for_the_filer_is_nobodys_desk(workspace: Path, made: Made) -> None:
    made.dossier(30, 9, 12, waits=(31, 37))
    line = made.view(workspace).attribution
    assert len(line.activity.desks["Lê Văn B"].start) == 71


def desk(received: list[int], came: list[int]) -> Desk:
    """A desk at which each dossier stays for a day of ten minutes, in days."""
    frame = pd.DataFrame({"received": received, "since": came}, dtype=float) * 10 + 1
    frame = frame.assign(stop=frame["since"] + 5, open=False, comes=True)
    return Desk(frame, 10.0, 0)


def test_what_was_received_as_usual_and_let_go_together_is_no_overload() -> None:
    usual = list(range(60))
    held = [day if day not in range(30, 38) else 38 for day in usual]
    assert desk(usual, held).heaps and not desk(usual, held).floods
    more = desk(usual + [38] * 8, usual + [38] * 8)
    ((run, _),) = more.floods
    assert run.first <= 38 <= run.last


def test_an_absence_saves_no_more_than_was_waited_for_it() -> None:
    """A desk left alone for a while, to which the dossier would have come a moment earlier."""

    def stay(start: float, stop: float, usual: float) -> Stay:
        norm = Norm(usual, usual, 30, "seen")
        moment = dt.datetime(2024, 1, 2)
        return Stay("x", None, "officer", "A", start, stop, None, False, norm, moment, moment)

    stays = [stay(0, 100, 10), stay(100, 10_000, 50)]
    claims = [Claim("portal_outage", 0, 90), Claim("officer_on_leave", 1, 1400, (160, 1560))]
    assert _without({"portal_outage"}, stays, claims) == [90, 1400]
