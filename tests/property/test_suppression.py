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
CHANNELS = {"Trực tuyến": "online", "Trực tiếp": "direct", "Bưu chính": "postal"}
MONTHS = ("2024-01", "2024-02", "2024-03")
WITHIN = {**{month: (month,) for month in MONTHS}, "2024-Q1": MONTHS}
NAMES = ("received", "resolved", "open")
Group = tuple[str, int, int, int]  # value, month in which they came, in which they ended, how many


class Reader:
    """Who has the briefs of an office, one after the other, and what the law has it publish."""

    def __init__(self, groups: list[Group], by: str, fields: dict[str, str]) -> None:
        self.mind = Attacker()
        self.groups, self.by, self.fields = groups, by, fields
        self.handled = {key for key, *_ in groups}  # anybody sees which are listed
        self.secret: dict[str, dict[Any, int]] = {}
        for key in sorted(self.handled):  # what is open is never below 0
            for month in MONTHS:
                left = self.sums((month,), "open", key)
                self.mind.reads({**left, (month, "left", key): -1}, 0)

    def sums(self, months: tuple[str, ...], name: str, key: str) -> dict[Any, int]:
        """A number of one value as a sum of the months' own and of what there was before."""
        if name != "open":
            return {(m, name, key): 1 for m in months}
        until = [m for m in MONTHS if m <= months[-1]]
        return {("before", key): 1, **{(m, "received", key): 1 for m in until},
                **{(m, "resolved", key): -1 for m in until}}  # fmt: skip

    def true(self, months: tuple[str, ...], name: str, key: str) -> int:
        last = MONTHS.index(months[-1]) + 1
        within = {MONTHS.index(month) + 1 for month in months}
        return sum(
            count for one, came, done, count in self.groups
            if one == key and {"received": came in within, "resolved": done in within,
                               "open": came <= last < done}[name]
        )  # fmt: skip

    def reads_law(self, label: str) -> None:
        """II.06a by field, of the period and of the year up to its end; received by channel."""
        for months in {WITHIN[label], self.year(label)}:
            for name in NAMES:
                for field in sorted(set(self.fields.values())):
                    keys = [k for k in sorted(self.handled) if self.fields[k] == field]
                    whole: dict[Any, int] = {}
                    for key in keys:
                        whole |= self.sums(months, name, key)
                    self.mind.reads(whole, sum(self.true(months, name, key) for key in keys))
            for key in sorted(self.handled) if self.by == "channel" else ():
                received = self.sums(months, "received", key)
                self.mind.reads(received, self.true(months, "received", key))

    def year(self, label: str) -> tuple[str, ...]:
        return tuple(month for month in MONTHS if month <= WITHIN[label][-1])

    def reads(self, label: str, q: Any) -> None:
        """A brief tells no small number that did not follow already, with what the law tells."""
        self.reads_law(label)
        shown, year = self.shown(label, q), self.year(label)
        for key in sorted(self.handled):
            sizes = [self.true(WITHIN[label], name, key) for name in ("received", "resolved")]
            if not any(sizes):
                sizes = [self.true(WITHIN[label], "open", key)]
            small = any(map(is_few, sizes))
            for name in NAMES if small else ():
                if (name, key) not in shown and is_few(self.true(WITHIN[label], name, key)):
                    self.secret[f"{label} {name} {key}"] = self.sums(WITHIN[label], name, key)
            if is_few(self.true(year, "resolved", key)):
                self.secret[f"{label} year {key}"] = self.sums(year, "resolved", key)
        before = {cell for cell, sums in self.secret.items() if self.mind.recovers(sums)}
        for name, key in shown:
            sums = self.sums(WITHIN[label], name, key)
            self.mind.reads(sums, self.true(WITHIN[label], name, key))
        unseen = {known(key) for key in q.hidden[self.by].year}
        for key in sorted(self.handled - unseen):
            self.mind.reads(self.sums(year, "resolved", key), self.true(year, "resolved", key))
        after = {cell for cell, sums in self.secret.items() if self.mind.recovers(sums)}
        assert after <= before, after - before

    def shown(self, label: str, q: Any) -> list[tuple[str, str]]:
        """The numbers by value that the brief tells; one that is not listed is nobody."""
        rows = [r for r in Annex.of(q).breakdowns() if r["by"] == self.by]
        told = {(r["id"].removeprefix("dossiers."), known(r["key"])): r for r in rows}
        for (name, key), line in told.items():
            if name in NAMES and line["status"] == "ok":
                assert line["value"] == self.true(WITHIN[label], name, key)
        listed = {key for _, key in told}
        return [
            (name, key) for key in sorted(self.handled) for name in NAMES
            if key not in listed or told[name, key]["status"] == "ok"
        ]  # fmt: skip


def is_few(count: int) -> bool:
    return 0 < count < 5


def known(key: str) -> str:
    return key.removesuffix(".000.00.00.H56")


def held(groups: list[Group], by: str, fields: dict[str, str], order: list[str]) -> None:
    """Makes the briefs of an office in this order and has a reader read each."""
    lines, n = [], itertools.count(1)
    words = {key: word for word, key in CHANNELS.items()}
    for key, came, done, count in groups:
        end = f"20/0{done}/2024" if done < 4 else ""
        status = "Đã xử lý xong" if end else "Đang xử lý"
        told = {"channel": words[key]} if by == "channel" else {"field": fields[key]}
        for _ in range(count):
            made = row(f"{next(n):04}", f"03/0{came}/2024", "31/12/2024", end, end, status, **told)
            if by == "procedure_code":
                made[1], made[2] = f"{key}.000.00.00.H56", f"Thủ tục {key}"
            lines.append(made)
    reader = Reader(groups, by, fields)
    with taken(lines) as root:
        for label in order:
            q = office.open(root).period(label)
            reader.reads(label, q)
            remember(q)


def offices(values: list[str]) -> st.SearchStrategy[list[Group]]:
    """Received in one month, resolved in it or a later one (the fourth: still open)."""
    one = st.tuples(
        st.sampled_from(values), st.integers(1, 3), st.integers(1, 4), st.integers(1, 9)
    )
    ordered = one.map(lambda g: (g[0], min(g[1:3]), max(g[1:3]), g[3]))
    return st.lists(ordered, min_size=3, max_size=9)


ORDERS = st.permutations(list(WITHIN))
FEW = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)


@FEW
@example(  # the third month by difference
    [("1.000656", 1, 1, 9), ("1.000656", 3, 3, 2), ("1.004227", 1, 1, 5)],
    ["2024-01", "2024-02", "2024-03", "2024-Q1"],
)
@example(  # a procedure that is not listed in a month had no dossier in it
    [("2.000884", 1, 1, 5), ("2.000884", 3, 3, 2), ("2.000815", 3, 3, 6)],
    ["2024-Q1", "2024-01", "2024-03", "2024-02"],
)
@example(  # the year so far less the month, of a procedure that might not have been alone
    [("2.000815", 1, 1, 2), ("2.000815", 2, 2, 7), ("2.000884", 3, 3, 12)],
    ["2024-02", "2024-01", "2024-Q1", "2024-03"],
)
@example(  # one of which nobody came may be filed online as well
    [("1.001193", 1, 1, 2), ("1.000656", 3, 4, 5), ("2.000815", 1, 3, 7)],
    ["2024-01", "2024-02", "2024-03", "2024-Q1"],
)
@given(offices(sorted(PROCEDURES)), ORDERS)
def test_procedures_of_months_against_their_quarter(groups: list[Group], order: list[str]) -> None:
    held(groups, "procedure_code", PROCEDURES, order)


@FEW
@example(  # of a quarter of which no row is shown
    [("direct", 1, 3, 7), ("postal", 2, 4, 2), ("direct", 2, 4, 7)],
    ["2024-Q1", "2024-01", "2024-02", "2024-03"],
)
@example(
    [("online", 1, 2, 9), ("direct", 1, 3, 3), ("direct", 2, 2, 6), ("postal", 1, 1, 2),
     ("postal", 2, 4, 5)],
    ["2024-Q1", "2024-01", "2024-02", "2024-03"],
)  # fmt: skip
@example(  # what is open at the end of March is told by the quarter
    [("online", 2, 4, 3), ("direct", 2, 3, 9), ("online", 1, 2, 7), ("direct", 3, 4, 6),
     ("online", 1, 3, 1), ("postal", 3, 3, 7), ("online", 2, 3, 4), ("direct", 1, 4, 3)],
    ["2024-01", "2024-Q1", "2024-03", "2024-02"],
)  # fmt: skip
@example(  # two who wait in a month in which nobody came by their way and nobody was done with
    [("direct", 1, 3, 2), ("direct", 2, 3, 7), ("postal", 1, 1, 7), ("postal", 1, 2, 8),
     ("online", 3, 4, 9)],
    ["2024-02", "2024-03", "2024-Q1", "2024-01"],
)  # fmt: skip
@example(  # the year's table of March tells what January and February come to
    [("online", 3, 4, 5), ("online", 1, 4, 9), ("direct", 1, 3, 6), ("online", 1, 2, 2),
     ("postal", 1, 3, 5), ("online", 1, 1, 9), ("postal", 2, 2, 4), ("postal", 1, 2, 1)],
    ["2024-03", "2024-02", "2024-01", "2024-Q1"],
)  # fmt: skip
@given(offices(sorted(CHANNELS.values())), ORDERS)
def test_channels_of_months_against_their_quarter(groups: list[Group], order: list[str]) -> None:
    """What came in by channel is a total. What is open on a day is one number."""
    held(groups, "channel", dict.fromkeys(CHANNELS.values(), ""), order)
