"""The outlook on the shipped exports: what it forecast on each register's day, and its worth."""

from __future__ import annotations

import datetime as dt
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cchc_analysis import office, shipped
from cchc_analysis.causes.outlook import BANDS, Outlook
from cchc_analysis.causes.replays import NEAR
from cchc_analysis.causes.survival import auc, brier
from cchc_analysis.period import Period
from cchc_analysis.workspace import inbox
from cchc_analysis.workspace.sample import make_office

from .. import registers
from .test_other_offices import take_in

DAY = dt.date(2024, 4, 5)
LABEL = "2024-Q1"


def of_each_register(the_office: office.Office) -> Iterator[tuple[dt.date, Outlook]]:
    for export in the_office.store.exports("dossiers"):
        day = export.exported_at.date()
        last = export.receipt.window_to or day
        label = f"{last.year}-Q{(last.month + 2) // 3}"
        yield day, the_office.period(label, as_of=day).outlook


def judged(days: list[tuple[dt.date, Outlook]]) -> pd.DataFrame:
    """The forecasts of every register's day with what the whole store says came of them: ``late``
    (missing while not yet known), ``near`` and ``shares`` (late among those due within three
    working days of a past day, or among the rest, as known then).
    """
    end, now = days[-1]
    known = now.timeline.dossiers
    rows = []
    for day, outlook in days:
        frame = outlook.watch.assign(day=day)
        truth = known.reindex(frame["code"])
        late = truth["late"].fillna(False).to_numpy(bool).astype(float)
        still = truth["outcome"].eq("open").to_numpy()
        waits = truth["status"].isin(["supplement", "payment"]).to_numpy()
        over = (truth["due_on"] < pd.Timestamp(end)).to_numpy() & ~waits
        frame["late"] = np.where(still, np.where(over, 1.0, math.nan), late)
        frame["near"] = (frame["days_to_due"] <= NEAR).fillna(False).astype(float)
        past = outlook.replays.forecasts
        for near in (True, False):
            same = past["late"][past["near"] == near]
            frame.loc[frame["near"].eq(near), "shares"] = (same.sum() + 0.5) / (len(same) + 1)
        rows.append(frame)
    found = pd.concat(rows, ignore_index=True)
    return found[found["chance_late"].notna()]


def figures(rows: pd.DataFrame) -> dict[str, float]:
    y = rows["late"]
    return {
        "n": len(y), "late": y.sum(),
        "auc": auc(y, rows["chance_late"]), "auc, three days": auc(y, rows["near"]),
        "auc, days to due": auc(y, -rows["days_to_due"].astype(float)),
        "brier": brier(y, rows["chance_late"]), "brier, three days": brier(y, rows["near"]),
        "brier, its shares": brier(y, rows["shares"]),
    }  # fmt: skip


def shown(name: str, rows: pd.DataFrame) -> dict[str, float]:
    found = figures(rows)
    print(f"\n{name}: " + "; ".join(f"{key} {value:.4g}" for key, value in found.items()))
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> office.Office:
    root = tmp_path_factory.mktemp("outlook")
    quarters = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
    make_office(root / "exports", seed=77, quarters=quarters)
    return take_in(root / "ws", root / "exports")


@pytest.fixture(scope="module")
def sample_days(sample: office.Office) -> list[tuple[dt.date, Outlook]]:
    return list(of_each_register(sample))


@pytest.fixture(scope="module")
def made_days(made: office.Office) -> list[tuple[dt.date, Outlook]]:
    return list(of_each_register(made))


def test_on_the_registers_days(
    sample_days: list[tuple[dt.date, Outlook]], made_days: list[tuple[dt.date, Outlook]]
) -> None:
    """In the sample every late dossier that was open on a register's day was overdue by then, and
    no other was due within three days: the rule errs in nothing, and no forecast can beat it. Ours
    orders them as well. Where something is left to forecast, it does better.
    """
    rows = judged(sample_days)
    ours = shown("sample, registers' days", rows[rows["late"].notna()])
    assert ours["auc"] >= ours["auc, three days"] and ours["brier"] < ours["brier, its shares"]
    assert ours["auc"] == 1 and ours["brier"] < 0.001
    both = pd.concat([rows, judged(made_days)], ignore_index=True)
    known = both[both["late"].notna()]
    pooled = shown("with a made office", known)
    ahead = shown("of these not yet overdue", known[known["chance_late"] < 1])
    for found in (pooled, ahead):
        assert found["auc"] > found["auc, three days"]
        assert found["brier"] < min(found["brier, three days"], found["brier, its shares"])


@pytest.mark.parametrize("name", ["sample", "made"])
def test_on_the_days_gone_by(name: str, request: pytest.FixtureRequest) -> None:
    """Thousands of forecasts, each with what was known on its day, none of them overdue."""
    record = request.getfixturevalue(f"{name}_days")[-1][1].record
    print(f"\n{name}: {record}")
    assert record.reason == "ok" and record.n > 1000 and record.late > 100
    scores = (
        record.brier, record.brier_three_days, record.brier_three_days_shares, record.brier_base,
        record.auc, record.auc_three_days,
    )  # fmt: skip
    ours, rule, shares, base, order, rule_order = [value or math.nan for value in scores]
    assert ours < rule and ours < shares and ours < base
    assert order > rule_order
    assert record.bands["n"].sum() == record.n
    often = record.bands[record.bands["n"] >= 100]
    assert (often["forecast"] - often["seen"]).abs().max() < 0.08


def test_the_list_and_its_bands_agree(sample_days: list[tuple[dt.date, Outlook]]) -> None:
    for _, outlook in sample_days:
        watch, bands = outlook.watch, outlook.by_days_to_due
        assert watch["code"].is_unique and bands["n"].sum() == len(watch)
        assert tuple(bands["band"]) == BANDS
        order = watch["chance_late"].fillna(-1).to_numpy()
        assert (np.diff(order) <= 0).all()
        said = watch["chance_late"].dropna()
        assert said.between(0, 1).all()
        assert watch.loc[watch["paused"], "chance_late"].isna().all()
        assert (watch.loc[watch["basis"] != "", "n_like"] >= 0).all()


# -- only what was known ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that only ever got what had been exported by ``DAY``."""
    root = tmp_path_factory.mktemp("early")
    shutil.copytree(shipped.path("data", "plans"), root / "data" / "plans")
    files = [
        file
        for file in sorted(shipped.path("data", "sample").iterdir())
        if file.name.startswith(("SoTheoDoi", "NhatKyXuLy"))
        and file.stem.endswith(("Q3_2023", "Q4_2023", "Q1_2024"))
    ]
    assert len(files) == 6
    assert not [done.error for done in inbox.ingest(root, files) if done.error]
    return root


def same(one: Outlook, other: Outlook) -> None:
    pd.testing.assert_frame_equal(one.watch, other.watch)
    pd.testing.assert_frame_equal(one.by_days_to_due, other.by_days_to_due)
    pd.testing.assert_frame_equal(one.replays.forecasts, other.replays.forecasts)
    pd.testing.assert_frame_equal(one.record.bands, other.record.bands)


def test_later_exports_change_nothing(
    sample_days: list[tuple[dt.date, Outlook]], early: Path
) -> None:
    then = office.open(early).period(LABEL, as_of=DAY).outlook
    assert len(then.watch)
    same(dict(sample_days)[DAY], then)
    same(office.open(early).period(LABEL).outlook, then)


def test_a_false_future_changes_nothing(early: Path, tmp_path: Path) -> None:
    """Later files tell that all was long done, of steps that nobody knew of and of other ends."""
    then = office.open(early).period(LABEL, as_of=DAY).outlook
    root = tmp_path / "ws"
    shutil.copytree(early, root)
    codes = then.timeline.dossiers.index[-300:]
    rows = []
    for code in codes:
        received = f"{then.timeline.dossiers.loc[code, 'received_at']:%d/%m/%Y %H:%M}"
        row = registers.row("1", received, "04/03/2024 17:00", "20/03/2024 09:00")
        rows.append([code, *row[1:]])
    spans = ("01/04/2024", "30/06/2024")
    file = registers.register(
        tmp_path / "SoTheoDoi_Q2.csv", rows, window=spans, exported="06/04/2024 08:00"
    )
    log = tmp_path / "NhatKyXuLy_Q2_2024.csv"
    head = "Mã hồ sơ,Bước xử lý,Người/đơn vị xử lý,Thời điểm nhận,Thời điểm chuyển,Ghi chú\n"
    lines = [
        f"{code},Ký duyệt,x,01/03/2024 08:00:00,0{n % 9 + 1}/05/2024 10:00:00,\n"
        for n, code in enumerate(codes)
    ]
    log.write_text(head + "".join(lines), encoding="utf-8")
    assert [done.error for done in inbox.ingest(root, [file, log])] == [None, None]
    false = office.open(root)
    assert len(false.store.exports("steps")) == 4
    assert Period.parse(LABEL).end < DAY
    same(false.period(LABEL, as_of=DAY).outlook, then)
