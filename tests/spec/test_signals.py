"""Each manipulation planted in an honest register is found, dossier by dossier, and no other."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from cchc_analysis import shipped
from cchc_analysis.briefs.questions import as_rows, lines, remarks, table_rows
from cchc_analysis.office import Office
from cchc_analysis.signals import Signal, signals
from cchc_analysis.signals.dates import statutory_due
from cchc_analysis.signals.signal import FAMILY, chance_of_heap, chance_of_sum, decided

from ..made_registers import END, LIMITS, Dossier, ahead, honest, office_of

SEED = 4
Bend = Callable[[list[Dossier]], list[str]]
MINUTE = dt.timedelta(minutes=1)


def found(an_office: Office, audience: str = "internal") -> dict[str, Signal]:
    return {s.id: s for s in signals(an_office.period("2025-Q1", audience=audience))}


def some(rows: list[Dossier], n: int, *, limit: tuple[int, ...] = (3, 5, 7)) -> list[Dossier]:
    """Dossiers without a request that come in early and so are finished in the quarter."""
    may = [
        row
        for row in rows
        if LIMITS[row["procedure"]] in limit and not row["supplements"]
        and row["received"].date() < dt.date(2025, 3, 10)
    ]  # fmt: skip
    return random.Random(7).sample(may, n)


def codes(rows: list[Dossier]) -> list[str]:
    return [row["code"] for row in rows]


def due_moved(rows: list[Dossier]) -> list[str]:
    """Finished late when the first export was made, punctual in the second."""
    early = [row for row in rows if not row["supplements"] and LIMITS[row["procedure"]] == 3
             and row["due"] < dt.datetime(2025, 2, 10)]  # fmt: skip
    for row in early[:4]:
        row["due"] += dt.timedelta(days=7)
    return codes(early[:4])


def due_day(rows: list[Dossier]) -> list[str]:
    bent = some(rows, 60)
    for n, row in enumerate(bent):
        row["finished"] = row["due"].replace(hour=8 + n % 3, minute=n % 60)
    return codes([row for row in rows if row["finished"].date() == row["due"].date() <= END
                  and LIMITS[row["procedure"]] >= 3])  # fmt: skip


def due_minute(rows: list[Dossier]) -> list[str]:
    bent = some(rows, 4)
    for row in bent:
        row["finished"] = row["due"]
    return codes(bent)


def in_one_minute(rows: list[Dossier]) -> list[str]:
    bent = some(rows, 6, limit=(0, 1))
    for row in bent:
        row["finished"] = row["received"]
    return codes(bent)


def bulk(rows: list[Dossier]) -> list[str]:
    day = dt.date(2025, 3, 5)
    bent = [row for row in rows if row["received"].date() < day <= row["due"].date()][:6]
    for row in bent:
        row["finished"] = dt.datetime.combine(day, dt.time(9, 17))
    return codes(bent)


def keyed_later(rows: list[Dossier]) -> list[str]:
    bent = [row for row in rows if LIMITS[row["procedure"]] == 7 and not row["supplements"]
            and row["received"].date() > dt.date(2025, 2, 20)
            and row["finished"].date() < dt.date(2025, 4, 1)][:3]  # fmt: skip
    for row in bent:
        row["received"] -= dt.timedelta(days=7)
        row["submitted"] -= dt.timedelta(days=7)
        row["due"] = dt.datetime.combine(ahead(row["received"].date(), 7), dt.time(17))
        row["finished"] = row["received"] + dt.timedelta(hours=1)
    return codes(bent)


def pause_before(rows: list[Dossier]) -> list[str]:
    bent = some(rows, 20, limit=(7,))
    for row in bent:
        last = row["due"] - dt.timedelta(hours=2)
        row |= {"requested": last, "supplements": 1}
    return codes([
        row for row in rows if row.get("requested") and row["finished"] <= dt.datetime(2025, 4, 1)
        and row["requested"].date() <= row["due"].date() <= ahead(row["requested"].date(), 1)
    ])  # fmt: skip


def pause_after(rows: list[Dossier]) -> list[str]:
    bent = some(rows, 3, limit=(5,))
    for row in bent:
        row |= {"requested": row["due"] + dt.timedelta(days=1), "supplements": 1}
    return codes(bent)


def online_at_once(rows: list[Dossier]) -> list[str]:
    bent = [row for row in rows if row["channel"] == "Trực tuyến"][10:18]
    for row in bent:
        row["submitted"] = row["received"]
    return codes(bent)


def after_cutoff(rows: list[Dossier]) -> list[str]:
    bent = [row for row in rows if LIMITS[row["procedure"]] == 0
            and row["received"].time() > dt.time(15)][:2]  # fmt: skip
    for row in bent:
        row["due"] = row["received"].replace(hour=17, minute=0)
        row["finished"] = row["received"] + 2 * MINUTE
    return codes(bent)


def other_limit(rows: list[Dossier]) -> list[str]:
    """From the first, in both exports."""
    bent = some(rows, 5)
    for row in bent:
        row["due"] = dt.datetime.combine(ahead(row["due"].date(), 2), dt.time(17))
    return codes(bent)


def missing_numbers(rows: list[Dossier]) -> list[str]:
    """Gone from both exports, and never the last of its day."""
    gone = [a for a, b in itertools.pairwise(rows) if a["code"][:-4] == b["code"][:-4]][5:50:20]
    for row in gone:
        rows.remove(row)
    return codes(gone)


BENDS: tuple[Bend, ...] = (
    due_moved, due_day, due_minute, in_one_minute, bulk, keyed_later, pause_before, pause_after,
    online_at_once, after_cutoff, other_limit, missing_numbers,
)  # fmt: skip
BOTH = (other_limit, missing_numbers)  # bent before either export is made
# A finish in the due minute is one on the due day as well; a due date moved is beyond the limit.
KIN = {"due_moved": {"other_limit"}}


@pytest.mark.parametrize("bend", BENDS, ids=lambda bend: bend.__name__)
def test_what_is_planted_is_found_and_nothing_else(workspace: Path, bend: Bend) -> None:
    rows = honest(SEED)
    planted = bend(rows) if bend in BOTH else []

    def change(later: list[Dossier]) -> None:
        planted.extend(bend(later))

    bent = found(office_of(workspace, rows, None if bend in BOTH else change))
    assert planted
    name = bend.__name__
    raised = {id for id, signal in bent.items() if signal.raised}
    assert raised - KIN.get(name, set()) == {name}
    assert bent[name].codes == tuple(sorted(planted))
    assert bent[name].count == len(planted) <= bent[name].of
    if name == "due_moved":
        assert bent[name].facts["seen"] == 4
    if name == "other_limit":
        facts = bent[name].facts
        beyond = [row for row in rows if row["code"] in planted
                  and row["finished"].date() > ahead(row["received"].date(),
                                                     LIMITS[row["procedure"]])]  # fmt: skip
        assert facts["on_time"] - facts["on_time_by_limit"] == len(beyond)


def test_an_honest_office_is_asked_nothing(tmp_path: Path) -> None:
    """Over twenty made offices; docs/credibility.md states how many of 200 larger ones were."""
    for seed in range(20):
        workspace = tmp_path / str(seed)
        shutil.copytree(shipped.path("data", "plans"), workspace / "data" / "plans")
        q = office_of(workspace, honest(seed, 120)).period("2025-Q1")
        assert [s.id for s in signals(q) if s.raised or s.lacks] == [], seed


def test_what_is_lacking_is_said(workspace: Path) -> None:
    rows = honest(SEED, 60)
    for row in rows:
        row["code"] = f"{1000 + hash(row['code']) % 10**9}"
        for name in ("received", "due", "finished"):
            row[name] = row[name].replace(hour=0, minute=0)
    lacking = office_of(workspace, rows, lacks=("submitted", "requested", "procedure"))
    assert {id: s.lacks for id, s in found(lacking).items() if s.lacks} == {
        "other_limit": "catalogue", "due_minute": "times", "in_one_minute": "times",
        "bulk": "times", "keyed_later": "keyed", "pause_before": "requests",
        "pause_after": "requests", "online_at_once": "submitted", "after_cutoff": "times",
        "missing_numbers": "numbers",
    }  # fmt: skip


def test_the_shared_audience_sees_no_code_and_no_small_count(workspace: Path) -> None:
    rows = honest(SEED)
    planted = missing_numbers(rows)
    an_office = office_of(workspace, rows, lambda later: (in_one_minute(later), None)[1])
    q = an_office.period("2025-Q1")
    told = {row["id"]: row for row in as_rows(q)}
    assert told["missing_numbers"]["count"] is None and told["missing_numbers"]["codes"] == []
    assert told["in_one_minute"]["count"] == 6 and not any(row["codes"] for row in told.values())
    found_in = [*lines(q), *remarks(q, signals(q)), str(table_rows(q, signals(q))), str(told)]
    spoken = "\n".join(found_in)
    assert not [row for row in rows if row["code"] in spoken] and planted[0] not in spoken
    inside = "\n".join(lines(an_office.period("2025-Q1", audience="internal")))
    assert all(code in inside for code in planted)


def test_a_clean_register_is_told_in_one_sentence(workspace: Path) -> None:
    q = office_of(workspace, honest(SEED)).period("2025-Q1")
    said = lines(q)
    assert len(said) == 2 and "12 dấu hiệu" in said[1] and "không dấu hiệu nào" in said[1]
    assert "theo thời hạn trong danh mục" in said[0]


def test_the_limit_counts_working_days_and_the_cutoff(workspace: Path) -> None:
    """Against a loop over an oracle's own working days; Tết and swapped days are among them."""
    rows = honest(9)
    q = office_of(workspace, rows).period("2025-Q1")
    due = dict(zip(q.dossiers["code"], statutory_due(q, q.dossiers), strict=True))
    for row in rows:
        limit, day = LIMITS[row["procedure"]], row["received"].date()
        late = row["received"].time() > dt.time(15)
        assert due[row["code"]].date() == ahead(day, limit + (limit == 0 and late))


def test_the_chances_by_other_ways() -> None:
    for here, around, n in ((5, 3, 2), (12, 20, 2), (1, 0, 60), (7, 1, 10)):
        exact = binomtest(here, here + around, 1 / (n + 1), alternative="greater").pvalue
        assert chance_of_heap(here, around, n) == pytest.approx(exact)
    rng = np.random.default_rng(1)
    counts = rng.poisson(4.0, (200_000, 3))  # three places of one rate
    sums = counts.sum(axis=1) == 12
    share = (counts[sums, 0] >= 8).mean()
    assert chance_of_heap(8, 4, 2) == pytest.approx(share, abs=0.005)
    chances = [0.1, 0.5, 0.9, 1.0, 0.25]
    for k in range(6):
        listed = sum(
            np.prod([p if yes else 1 - p for p, yes in zip(chances, way, strict=True)])
            for way in itertools.product((False, True), repeat=5) if sum(way) >= k
        )  # fmt: skip
        assert chance_of_sum(k, chances) == pytest.approx(listed)


def test_closures_in_bulk_are_expected_as_a_simulation_finds(workspace: Path) -> None:
    rows = honest(SEED, 200)
    rng = random.Random(3)
    hour = dt.datetime(2025, 3, 5, 9)
    for row in rows:  # one hour with 100 closures, the rest far between
        if row["received"] < hour - dt.timedelta(days=7):
            row["finished"] = hour + rng.randrange(60) * MINUTE
    signal = found(office_of(workspace, rows))["bulk"]
    n = sum(row["finished"].replace(minute=0) == hour for row in rows)
    draws = np.random.default_rng(2).poisson(n / 60, (20_000, 60))
    assert signal.expected == pytest.approx(
        np.where(draws >= 5, draws, 0).sum(axis=1).mean(), rel=0.05
    )
    assert not signal.raised


def test_many_looks_are_one_family() -> None:
    """Of four tests the smallest chance must be below a quarter of the family's."""
    looks = [Signal(str(n), chance=c) for n, c in enumerate((FAMILY / 3, 0.5, 1.0, 0.2))]
    assert not any(s.raised for s in decided(looks))
    looks[0] = Signal("0", chance=FAMILY / 4)
    looks[1] = Signal("1", chance=FAMILY / 3)
    assert [s.raised for s in decided(looks)] == [True, True, False, False]
