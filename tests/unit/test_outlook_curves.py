"""The curves behind the outlook against published and worked examples and a second method."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from cchc_analysis import office
from cchc_analysis.causes.landmarks import WEIGHT
from cchc_analysis.causes.outlook import BANDS, Outlook
from cchc_analysis.causes.survival import (
    OTHER,
    RESULT,
    aalen_johansen,
    auc,
    brier,
    late_share,
    logistic_fit,
    sigmoid,
)
from cchc_analysis.workspace import inbox

from .. import registers

# Freireich, E. J. and others, 1963, Blood 21, 699-716: weeks in remission under 6-MP.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
AGAIN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
LASTING = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def to_the_right(times: np.ndarray, ways: np.ndarray) -> list[tuple[float, int, float]]:
    """Efron's second way (1967): who is lost hands his weight to all who lasted longer."""
    rows = sorted(zip(times, ways == 0, ways, strict=True))
    weights = [1 / len(rows)] * len(rows)
    for i, (_, lost, _) in enumerate(rows):
        if lost and (rest := len(rows) - i - 1):
            for j in range(i + 1, len(rows)):
                weights[j] += weights[i] / rest
        if lost:
            weights[i] = 0.0
    return [(row[0], int(row[2]), w) for row, w in zip(rows, weights, strict=True)]


def test_the_curve_is_that_of_the_published_example() -> None:
    curve = aalen_johansen(WEEKS, AGAIN)
    assert curve.times.tolist() == list(LASTING)
    assert curve.lasting.round(3).tolist() == list(LASTING.values())
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert (curve.lasting + curve.by[1]).tolist() == pytest.approx([1.0] * 7)


def test_competing_ends_by_hand() -> None:
    # at 1: 1 of 5 finished; at 2: a finish and a withdrawal among 4; one lost at 2; at 4 the last
    curve = aalen_johansen([1, 2, 2, 2, 4], [1, 1, 2, 0, 1])
    assert curve.at_risk.tolist() == [5, 4, 1]
    assert curve.lasting.tolist() == pytest.approx([0.8, 0.4, 0.0])
    assert curve.by[1].tolist() == pytest.approx([0.2, 0.4, 0.8])
    assert curve.by[2].tolist() == pytest.approx([0.0, 0.2, 0.2])
    assert [curve.at(t, 1) for t in (0.9, 1, 3.9, 99)] == pytest.approx([0, 0.2, 0.4, 0.8])


@pytest.mark.parametrize("seed", range(20))
def test_two_other_methods_agree_with_ties_and_censoring(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    times, ways = rng.integers(0, 12, n).astype(float), rng.choice([0, 1, 1, 2], n)
    curve, masses = aalen_johansen(times, ways), to_the_right(times, ways)
    for left in (-1.0, 0.0, 3.0, 5.5, 11.0, 40.0):
        for way in (RESULT, OTHER):
            mass = sum(w for time, which, w in masses if which == way and time <= left)
            assert curve.at(left, way) == pytest.approx(mass, abs=1e-12)
        never = curve.at(left, RESULT) + curve.at(np.inf, OTHER)
        assert late_share(times, ways, left) == pytest.approx(max(1 - never, 0), abs=1e-12)


def test_wrong_columns_are_refused() -> None:
    for times, ways in (([1, 2], [1]), ([-1], [1]), ([float("nan")], [1]), ([1], [-1])):
        with pytest.raises(ValueError):
            aalen_johansen(times, ways)
    assert np.isnan(late_share(np.zeros(0), np.zeros(0, dtype=int), 1.0))


def test_scores() -> None:
    assert brier([0, 0, 1], [0.1, 0.2, 0.6]) == pytest.approx((0.01 + 0.04 + 0.16) / 3)
    rng = np.random.default_rng(1)
    came, chance = rng.random(200) < 0.3, rng.integers(0, 9, 200)
    pairs = np.sign(chance[came][:, None] - chance[~came][None, :])
    assert auc(came, chance) == pytest.approx((1 + pairs.mean()) / 2)
    assert np.isnan(auc([0, 0], [0.1, 0.2]))


def test_a_lesson_is_held_by_its_prior_and_yields_to_much_data() -> None:
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(20000), rng.normal(size=20000)])
    came = rng.random(20000) < sigmoid(x @ [-1.0, 0.5])
    for n, close in ((0, [0.0, 1.0]), (20000, [-1.0, 0.5])):
        b = logistic_fit(x[:n], came[:n], [0, 1], [0.2, 0.2], np.ones(n))
        assert b.tolist() == pytest.approx(close, abs=0.06)


# -- an office without a log ------------------------------------------------------------------

DUE = {"4": "11/01/2024 17:00", "8": "15/01/2024 17:00", "15": "22/01/2024 17:00"}


def the_office(workspace: Path, *, withdrawn: int = 0) -> Outlook:
    """Forty came on 4 January and were due on the 11th: twenty ended the same day, ten on the 8th,
    ten on the 12th, late. What came on 8 and on 15 January or waits is open on 16 January.
    """
    rows = []
    for n in range(40 + withdrawn):
        day = "04" if n < 20 else "08" if n < 30 else "12"
        end = f"{day}/01/2024 16:00"
        status = registers.STATUS if n < 40 else "Công dân yêu cầu rút hồ sơ"
        end = end if n < 40 else "10/01/2024 09:00"
        rows.append(registers.row(f"{n:04}", "04/01/2024 08:00", DUE["4"], end, "", status))
    open_now = "Đang xử lý"
    rows += [
        registers.row("0900", "12/01/2024 08:00", "19/01/2024 17:00", status=open_now),
        registers.row("0901", "16/01/2024 08:00", "23/01/2024 17:00", status=open_now),
        registers.row("0902", "04/01/2024 08:00", DUE["4"], status=open_now),
        registers.row("0903", "12/01/2024 08:00", "", status=open_now),
        registers.row("0904", "12/01/2024 08:00", DUE["8"], status="Yêu cầu bổ sung giấy tờ"),
    ]
    file = registers.register(workspace / "SoTheoDoi.csv", rows, exported="16/01/2024 08:00")
    assert [done.error for done in inbox.ingest(workspace, [file])] == [None]
    return office.open(workspace).period("2024-Q1").outlook


def test_a_chance_is_that_of_those_still_there_when_as_long_there(workspace: Path) -> None:
    outlook = the_office(workspace)
    row = {code[-4:]: line for code, line in outlook.watch.set_index("code").iterrows()}
    base = 10.5 / 41
    # two working days gone: the twenty of the first day are no like of it; ten of twenty were late
    wide = (22 * 11 / 22 + WEIGHT * base) / (22 + WEIGHT)  # and 0902 lasts as well
    seen = outlook.past.open_at([outlook.past.until]).set_index("code")
    drawn = {}
    for code in ("0900", "0901"):
        visit = seen.loc[[c for c in seen.index if c.endswith(code)]].iloc[0]
        drawn[code] = outlook.past._curve(
            "procedure", int(visit["visit"]), visit["at"], visit["spent"], visit["moment"],
            visit["left"],
        )  # fmt: skip
    share, n = drawn["0900"]
    assert n == 21 and share == pytest.approx(11 / 21)
    assert drawn["0901"][0] == pytest.approx(11 / 41, abs=0.02)
    assert row["0900"]["chance_late"] > row["0901"]["chance_late"]
    assert abs(row["0900"]["chance_late"] - wide) < 0.1
    assert row["0900"]["days_to_due"] == 3 and row["0900"]["stage"] == ""


def test_overdue_paused_and_without_a_due_day(workspace: Path) -> None:
    outlook = the_office(workspace)
    watch = outlook.watch
    assert [code[-4:] for code in watch["code"]] == ["0902", "0900", "0901", "0904", "0903"]
    assert watch["chance_late"].iloc[0] == 1.0 and watch["days_to_due"].iloc[0] == -3
    assert watch["chance_late"].iloc[3:].isna().all() and watch["paused"].tolist()[3]
    bands = outlook.by_days_to_due
    assert tuple(bands["band"]) == BANDS
    counts = dict(zip(bands["band"], bands["n"], strict=True))
    assert {k: n for k, n in counts.items() if n} == {
        "overdue": 1, "3": 1, "4-5": 1, "no_due_day": 1, "paused": 1,
    }  # fmt: skip


def test_withdrawals_are_not_late(workspace: Path, tmp_path: Path) -> None:
    outlook = the_office(workspace, withdrawn=20)
    stands = outlook.past.open_at([outlook.past.until])
    visit = stands[stands["code"].str.endswith("0900")].iloc[0]
    share, n = outlook.past._curve(
        "procedure", int(visit["visit"]), visit["at"], visit["spent"], visit["moment"],
        visit["left"],
    )  # fmt: skip
    assert n == 41 and share == pytest.approx(11 / 41)


def test_too_short_a_past_says_so(workspace: Path) -> None:
    outlook = the_office(workspace)
    assert outlook.replays.reading is None
    assert (outlook.record.reason, outlook.record.brier, outlook.record.auc) == (
        "no_past", None, None,
    )  # fmt: skip
    assert outlook.data_day == dt.date(2024, 1, 16)


@pytest.mark.parametrize("year", ["2024", "2009"])
def test_one_dossier_and_days_that_no_calendar_covers(workspace: Path, year: str) -> None:
    row = registers.row(
        "0001", f"12/01/{year} 08:00", f"19/01/{year} 17:00", status="Đang xử lý"
    )  # fmt: skip
    file = registers.register(
        workspace / "SoTheoDoi.csv", [row], window=(f"01/01/{year}", f"31/03/{year}"),
        exported=f"16/01/{year} 08:00",
    )  # fmt: skip
    assert [done.error for done in inbox.ingest(workspace, [file])] == [None]
    outlook = office.open(workspace).period(f"{year}-Q1").outlook
    assert outlook.watch["chance_late"].isna().all() and len(outlook.watch) == 1
    assert outlook.watch["basis"].tolist() == [""]
    counts = dict(zip(*outlook.by_days_to_due.to_numpy().T.tolist(), strict=True))
    assert counts["3" if year == "2024" else "no_due_day"] == 1
    assert outlook.record.reason == "no_past"
