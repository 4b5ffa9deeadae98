"""Many units, many periods: the briefs of a province in one go.

A job is one unit with its periods, oldest first, because a brief hides what earlier ones would
give away. As many jobs run as there are processors, each in a process of its own (``maker``); one
that fails or dies takes no other along. A brief whose inputs, plan, notebooks and program are as
they were is not made again, so a batch that was stopped goes on where it stood. Several machines
share a workspace on common storage by each taking its ``Shard`` of the units.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import plan as plans
from ..errors import FAULT, ParameterError
from ..period import Period
from ..words import number, say
from .kernels import Nursery, processors
from .maker import STATES, Outcome, read

__all__ = ["Batch", "Job", "Shard", "jobs", "make"]

POLL = 0.05  # seconds


@dataclass(frozen=True)
class Shard:
    """The share of one of several machines: number ``i`` of ``n``, from 1."""

    i: int = 1
    n: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """``2/5``; empty for all. Raises :class:`ParameterError`."""
        if not text:
            return cls()
        i, slash, n = text.partition("/")
        if not (slash and i.isdigit() and n.isdigit() and 1 <= int(i) <= int(n)):
            raise ParameterError(say("batch.bad_shard", given=text))
        return cls(int(i), int(n))


@dataclass(frozen=True)
class Job:
    """One unit and its periods, in the order of making."""

    unit: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """What became of every brief, in the order of the jobs."""

    outcomes: tuple[Outcome, ...]
    seconds: float

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.state == "failed"]

    @property
    def exit_code(self) -> int:
        """0, or that of the first failure."""
        return self.failed[0].exit_code if self.failed else 0

    def as_dict(self) -> dict[str, Any]:
        counts = Counter(outcome.state for outcome in self.outcomes)
        return {
            "seconds": round(self.seconds, 1),
            **{state: counts[state] for state in STATES},
            "briefs": [asdict(outcome) for outcome in self.outcomes],
        }

    def lines(self) -> list[str]:
        """The summary: counts, then each failure with its reason."""
        counts = Counter(outcome.state for outcome in self.outcomes)
        told = {state: number(counts[state]) for state in STATES}
        whole = say("batch.summary", n=number(len(self.outcomes)), time=span(self.seconds), **told)
        return [
            whole,
            *(say("batch.failed_one", unit=o.unit, period=o.period, error=o.error)
              for o in self.failed),
        ]  # fmt: skip


def jobs(
    workspace: Path, periods: Sequence[str], units: Sequence[str] = (), shard: Shard = Shard()
) -> list[Job]:
    """The jobs of a shard: every unit of the workspace, or those named, with all ``periods``.

    Raises :class:`PeriodError`, :class:`UnitError` for names that cannot be.
    """
    ordered = sorted(dict.fromkeys(periods), key=lambda label: _ended(Period.parse(label)))
    chosen = sorted(dict.fromkeys(units)) or plans.units(workspace)
    for unit in units:
        plans.load_unit(workspace, unit)
    return [Job(unit, tuple(ordered)) for unit in chosen[shard.i - 1 :: shard.n]]


def _ended(period: Period) -> tuple[dt.date, dt.date]:
    return period.end, period.start


def make(
    workspace: Path,
    listed: Sequence[Job],
    *,
    options: Mapping[str, Any],
    workers: int = 0,
    again: bool = False,
    told: Callable[[Outcome, int], None] = lambda outcome, left: None,
    nursery: bool = Nursery.works,
) -> Batch:
    """Makes the briefs of ``listed`` and tells of each as it is done, with how many are left.

    ``options`` as :func:`.run.make`; ``workers`` 0 for as many as processors; ``again`` makes also
    what is unchanged. Never raises for a brief that fails.
    """
    began = time.perf_counter()
    every = [(job.unit, period) for job in listed for period in job.periods]
    found: dict[tuple[str, str], Outcome] = {}
    with tempfile.TemporaryDirectory(prefix="cchc-") as folder:
        births = Nursery(makers=True) if nursery else nullcontext()
        with births as born:
            for outcome in _outcomes(workspace, listed, Path(folder), {
                "options": dict(options), "again": again, "forked": nursery,
            }, workers or processors(), born):  # fmt: skip
                found[outcome.unit, outcome.period] = outcome
                told(outcome, len(every) - len(found))
    return Batch(tuple(found[key] for key in every), time.perf_counter() - began)


def _outcomes(
    workspace: Path,
    listed: Sequence[Job],
    folder: Path,
    order: Mapping[str, Any],
    workers: int,
    nursery: Nursery | None,
) -> Iterator[Outcome]:
    waiting: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
    for place, job in enumerate(listed):
        waiting.put((place, job))
    done: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()

    def lane() -> None:
        try:
            while True:
                place, job = waiting.get_nowait()
                report = folder / f"{place}.jsonl"
                whole = {
                    **order, "workspace": str(workspace.resolve()), "unit": job.unit,
                    "report": str(report),
                }  # fmt: skip
                begin = functools.partial(_begin, whole, nursery)
                for outcome in _follow(job, report, begin):
                    done.put(outcome)
        except queue.Empty:
            done.put(None)

    lanes = [threading.Thread(target=lane, daemon=True) for _ in range(min(workers, len(listed)))]
    for thread in lanes:
        thread.start()
    running = len(lanes)
    while running:
        outcome = done.get()
        if outcome is None:
            running -= 1
        else:
            yield outcome


def _begin(order: Mapping[str, Any], nursery: Nursery | None, periods: Sequence[str]) -> Any:
    """A process that makes the briefs of ``periods``."""
    job = {**order, "periods": list(periods)}
    if nursery is not None:
        return nursery.maker(job, Path(job["workspace"]))
    process = subprocess.Popen(
        [sys.executable, "-m", "cchc_analysis.briefs.maker"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()
    return process


def _follow(job: Job, report: Path, begin: Callable[[Sequence[str]], Any]) -> Iterator[Outcome]:
    """The outcomes of a job as they are reported. A period whose maker dies has failed; those
    after it are given to another.
    """
    skipped = 0
    left = list(job.periods)
    while left:
        try:
            process = begin(left)
        except (OSError, RuntimeError):
            break
        ended = False
        while not ended:
            time.sleep(POLL)
            ended = process.poll() is not None
            told = read(report)[skipped:]
            skipped += len(told)
            del left[: len(told)]
            yield from told
        if left:
            yield _died(job.unit, left.pop(0))
    for period in left:
        yield _died(job.unit, period)


def _died(unit: str, period: str) -> Outcome:
    return Outcome(unit, period, "failed", error=say("batch.died"), exit_code=FAULT)


def span(seconds: float) -> str:
    """A time in words: hours and minutes, minutes and seconds, or seconds."""
    whole = round(seconds)
    if whole >= 3600:
        return say("batch.hours", h=number(whole // 3600), m=number(whole % 3600 // 60))
    if whole >= 60:
        return say("batch.minutes", m=number(whole // 60), s=number(whole % 60))
    return say("batch.seconds", s=number(whole))
