"""A solver tries to recover what is hidden: from tables of chance, and from briefs that overlap.

The attacker shares no code with the package: he writes down what he can read, and asks a linear
program for the least and the most that each hidden number can be.
"""

from __future__ import annotations

import itertools
import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cchc_analysis import office, shipped
from cchc_analysis.briefs.annex import Annex
from cchc_analysis.disclosure import Attack, cover
from cchc_analysis.suppression import remember
from cchc_analysis.workspace import inbox

from ..registers import register, row


class Attacker:
    """Equations over named unknowns, all of them whole and not negative."""

    def __init__(self) -> None:
        self.rows: list[tuple[dict[Any, int], int]] = []
        self.names: dict[Any, int] = {}

    def reads(self, sum_of: dict[Any, int], total: int) -> None:
        for name in sum_of:
            self.names.setdefault(name, len(self.names))
        self.rows.append((sum_of, total))

    def recovers(self, wanted: dict[Any, int]) -> bool:
        """Whether a sum of unknowns can have one value only."""
        left = np.zeros((len(self.rows), len(self.names)))
        for n, (sum_of, _) in enumerate(self.rows):
            for name, factor in sum_of.items():
                left[n, self.names[name]] += factor
        right = [total for _, total in self.rows]
        goal = np.zeros(len(self.names))
        for name, factor in wanted.items():
            goal[self.names[name]] += factor
        ends = []
        for sign in (1, -1):
            done = linprog(sign * goal, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
            if done.status == 3:  # it may be as much as one likes
                return False
            assert done.status == 0, "the attacker's own equations must have a solution"
            ends.append(sign * done.fun)
        return math.floor(ends[1] + 1e-6) - math.ceil(ends[0] - 1e-6) < 1


TABLES = st.integers(2, 5).flatmap(
    lambda columns: st.lists(
        st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=2, max_size=6
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_a_table_with_all_its_margins(table: list[list[int]]) -> None:
    """Rows are groups, columns months; totals of rows that are shown, and of every column."""
    values = {(r, c): n for r, line in enumerate(table) for c, n in enumerate(line)}
    sums = [{(r, c): 1 for r in range(len(table))} for c in range(len(table[0]))]
    small = {r for r, line in enumerate(table) if any(0 < n < 5 for n in line)}
    wanted = [(r, c) for r, c in values if r in small and 0 < values[r, c] < 5]
    rows = {r: [(r, c) for c in range(len(line))] for r, line in enumerate(table)}
    hidden = cover(Attack(values, sums), rows, small, {r: sum(table[r]) for r in rows}, wanted)
    assert small <= hidden

    def attacker(unseen: set[int]) -> Attacker:
        made = Attacker()
        for r, c in values:
            made.reads({(r, c): 1}, values[r, c]) if r not in unseen else made.reads({}, 0)
            made.names.setdefault((r, c), len(made.names))
        for each in sums:
            made.reads(each, sum(values[cell] for cell in each))
        return made

    best, real = attacker(set(rows)), attacker(hidden)
    for cell in wanted:
        assert best.recovers({cell: 1}) or not real.recovers({cell: 1})


@contextmanager
def taken(lines: list[list[str]]) -> Iterator[Path]:
    """A workspace with a register of these dossiers."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(shipped.path("data", "plans"), root / "data" / "plans")
        (done,) = inbox.ingest(root, [register(root / "so.csv", lines)])
        assert done.error is None
        yield root


PROCEDURES = {"1.001193": "Hộ tịch", "1.000656": "Hộ tịch", "2.000815": "Chứng thực",
              "2.000884": "Chứng thực", "1.004227": "Đất đai"}  # fmt: skip
DAYS = ("03/01", "05/02", "04/03", "20/03")
OFFICES = st.lists(
    st.tuples(st.sampled_from(sorted(PROCEDURES)), st.sampled_from(DAYS), st.integers(1, 7)),
    min_size=3, max_size=9,
)  # fmt: skip


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@example(  # the third month by difference
    [("1.000656", "03/01", 9), ("1.000656", "04/03", 2), ("1.004227", "03/01", 5)],
    ["2024-01", "2024-02", "2024-03", "2024-Q1"],
)
@example(  # a procedure that is not listed in a month had no dossier in it
    [("2.000884", "03/01", 5), ("2.000884", "20/03", 2), ("2.000815", "20/03", 6)],
    ["2024-Q1", "2024-01", "2024-03", "2024-02"],
)
@example(  # the year so far less the month, of a procedure that might not have been alone
    [("2.000815", "03/01", 2), ("2.000815", "05/02", 7), ("2.000884", "20/03", 12)],
    ["2024-02", "2024-01", "2024-Q1", "2024-03"],
)
@given(OFFICES, st.permutations(["2024-01", "2024-02", "2024-03", "2024-Q1"]))
def test_months_against_their_quarter(groups: list[tuple[str, str, int]], order: list[str]) -> None:
    """Each dossier is resolved on the day it came; briefs are made in any order."""
    lines, n = [], itertools.count(1)
    handled = {code for code, _, _ in groups}  # anybody sees which procedures are listed
    for code, day, count in groups:
        for _ in range(count):
            made = row(f"{next(n):04}", f"{day}/2024 08:00", f"{day}/2024", f"{day}/2024",
                       field=PROCEDURES[code])  # fmt: skip
            made[1], made[2] = f"{code}.000.00.00.H56", f"Thủ tục {code}"
            lines.append(made)
    with taken(lines) as root:
        attacker, law = Attacker(), Attacker()
        truth: dict[tuple[str, str, str], int] = {}
        hidden = set()
        months = {"2024-01": ["2024-01"], "2024-02": ["2024-02"], "2024-03": ["2024-03"],
                  "2024-Q1": ["2024-01", "2024-02", "2024-03"]}  # fmt: skip
        for label in order:
            q = office.open(root).period(label)
            for line in q.by("procedure_code").to_dict("records"):
                for name in ("received", "resolved"):
                    truth[label, name, line["procedure_code"]] = int(line[name])
            for shown in Annex.of(q).breakdowns():
                name = shown["id"].removeprefix("dossiers.")
                if name not in ("received", "resolved"):
                    continue
                if shown["by"] == "field":  # published by law, whatever its size
                    assert shown["status"] == "ok"
                    codes = [c for c in sorted(handled) if PROCEDURES[c] == shown["key"]]
                    sums = {(m, name, f"{c}.000.00.00.H56"): 1
                            for c in codes for m in months[label]}  # fmt: skip
                    attacker.reads(sums, shown["value"])
                    law.reads(sums, shown["value"])
                elif shown["by"] == "procedure_code":
                    if shown["status"] == "suppressed":
                        hidden.add((label, name, shown["key"]))
                    else:
                        attacker.reads({(m, name, shown["key"]): 1 for m in months[label]},
                                       shown["value"])  # fmt: skip
            remember(q)
    for label, name, code in sorted(hidden):
        if 0 < truth.get((label, name, code), 0) < 5:
            wanted = {(m, name, code): 1 for m in months[label]}
            assert law.recovers(wanted) or not attacker.recovers(wanted), (label, name, code)


MONTHS = ("2024-01", "2024-02", "2024-03")
WITHIN = {**{month: [month] for month in MONTHS}, "2024-Q1": list(MONTHS)}
CHANNELS = {"Trực tuyến": "online", "Trực tiếp": "direct", "Bưu chính": "postal"}
FLOWS = st.lists(
    st.tuples(st.sampled_from(sorted(CHANNELS)), st.integers(1, 3), st.integers(1, 4),
              st.integers(1, 9)),
    min_size=3, max_size=8,
)  # fmt: skip


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@example(  # of a quarter of which no row is shown
    [("Trực tiếp", 3, 1, 7), ("Bưu chính", 2, 4, 2), ("Trực tiếp", 2, 4, 7)],
    ["2024-Q1", "2024-01", "2024-02", "2024-03"],
)
@example(
    [("Trực tuyến", 1, 2, 9), ("Trực tiếp", 1, 3, 3), ("Trực tiếp", 2, 2, 6),
     ("Bưu chính", 1, 1, 2), ("Bưu chính", 2, 4, 5)],
    ["2024-Q1", "2024-01", "2024-02", "2024-03"],
)  # fmt: skip
@example(  # what is open at the end of March is told by the quarter
    [("Trực tuyến", 2, 4, 3), ("Trực tiếp", 3, 2, 9), ("Trực tuyến", 1, 2, 7),
     ("Trực tiếp", 3, 4, 6), ("Trực tuyến", 3, 1, 1), ("Bưu chính", 3, 3, 7),
     ("Trực tuyến", 2, 3, 4), ("Trực tiếp", 1, 4, 3)],
    ["2024-01", "2024-Q1", "2024-03", "2024-02"],
)  # fmt: skip
@example(  # two who wait in a month in which nobody came by their way and nobody was done with
    [("Trực tiếp", 1, 3, 2), ("Trực tiếp", 3, 2, 7), ("Bưu chính", 1, 1, 7),
     ("Bưu chính", 1, 2, 8), ("Trực tuyến", 3, 4, 9)],
    ["2024-02", "2024-03", "2024-Q1", "2024-01"],
)  # fmt: skip
@given(FLOWS, st.permutations(list(WITHIN)))
def test_channels_whose_receipts_are_totals(
    groups: list[tuple[str, int, int, int]], order: list[str]
) -> None:
    """Received in one month, resolved in it or a later one (the fourth: still open). What is open
    on a day is one number: a brief whose row is shown tells it for all that end on that day.
    """
    lines, n = [], itertools.count(1)
    for channel, came, done, count in groups:
        last = max(came, done)
        for _ in range(count):
            end = f"20/0{last}/2024" if last < 4 else ""
            status = "Đã xử lý xong" if end else "Đang xử lý"
            lines.append(row(f"{next(n):04}", f"03/0{came}/2024", "31/12/2024", end, end, status,
                             channel=channel))  # fmt: skip
    names = ("received", "resolved", "open")
    with taken(lines) as root:
        attacker, known = Attacker(), Attacker()
        truth: dict[tuple[str, str, str], int] = {}
        told: set[tuple[str, str]] = set()

        def sums(label: str, name: str, channel: str) -> dict[Any, int]:
            if name != "open":
                return {(m, name, channel): 1 for m in WITHIN[label]}
            until = [m for m in MONTHS if m <= WITHIN[label][-1]]
            return {("before", channel): 1, **{(m, "received", channel): 1 for m in until},
                    **{(m, "resolved", channel): -1 for m in until}}  # fmt: skip

        for channel in CHANNELS.values():
            for label in MONTHS:  # what is open is never below 0
                for mind in (attacker, known):
                    mind.reads({**sums(label, "open", channel), (label, "open", channel): -1}, 0)
        for label in order:
            q = office.open(root).period(label)
            handled = [str(key) for key in q.register["channel"].unique()]
            for mind in (attacker, known):
                for name in names:
                    whole: dict[Any, int] = {}
                    for channel in handled:
                        whole |= sums(label, name, channel)
                    mind.reads(whole, int(q.counts[name]))
                for channel in CHANNELS.values():
                    mind.reads(sums(label, "received", channel), q.counts[f"received_{channel}"])
            listed = Annex.of(q).breakdowns()
            for line in q.by("channel").to_dict("records"):
                for name in names:
                    truth[label, name, line["channel"]] = int(line[name])
            for shown in (r for r in listed if r["by"] == "channel"):
                name = shown["id"].removeprefix("dossiers.")
                if name in names and shown["status"] == "ok":
                    attacker.reads(sums(label, name, shown["key"]), shown["value"])
                    if name == "open":
                        told.add((WITHIN[label][-1], shown["key"]))
                assert name != "received" or shown["status"] == "ok"
            remember(q)
    for (label, name, channel), value in truth.items():
        small = any(0 < truth[label, size, channel] < 5 for size in ("received", "resolved"))
        shown_elsewhere = name == "open" and (WITHIN[label][-1], channel) in told
        if small and 0 < value < 5 and not shown_elsewhere:
            wanted = sums(label, name, channel)
            assert known.recovers(wanted) or not attacker.recovers(wanted), (label, name, channel)
