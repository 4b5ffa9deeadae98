"""Makes the briefs of one unit, one period after the other, in a process of its own.

A batch gives each unit to such a process. What the unit's periods have in common is read once, and
all memory is given back when the process ends. What became of each period goes to a file, a line
as soon as it is known, so that nothing is lost with a process that dies.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import FAULT, CchcError, place
from ..words import say

__all__ = ["STATES", "Outcome", "read", "work"]

STATES = ("made", "unchanged", "failed")


@dataclass(frozen=True)
class Outcome:
    """What became of one brief: ``state`` of ``STATES``, ``seconds`` of the clock; ``error`` in
    words and ``exit_code`` where it failed.
    """

    unit: str
    period: str
    state: str
    seconds: float = 0.0
    error: str = ""
    exit_code: int = 0


def work(job: dict[str, Any]) -> None:
    """``job``: ``workspace, unit, periods, options`` of :func:`.run.make`, ``again`` (make also
    what is unchanged), ``forked`` (kernels are forks of this process) and ``report``, the file for
    the outcomes.
    """
    from .. import office
    from .kernels import Nursery

    with (
        Nursery(forked=True) if job["forked"] else nullcontext() as nursery,
        Path(job["report"]).open("a", encoding="utf-8") as report,
    ):
        the_office = None
        print(file=report)  # one that died may have left half a line
        for period in job["periods"]:
            began = time.perf_counter()
            try:
                the_office = the_office or office.open(job["workspace"], job["unit"])
                state = _make(the_office, period, job, nursery)
                outcome = Outcome(job["unit"], period, state)
            except CchcError as error:
                code = error.exit_code
                outcome = Outcome(job["unit"], period, "failed", error=str(error), exit_code=code)
            except Exception as error:
                if os.environ.get("CCHC_DEBUG"):
                    raise
                told = say("cli.fault", kind=type(error).__name__, place=place(error))
                outcome = Outcome(job["unit"], period, "failed", error=told, exit_code=FAULT)
            seconds = round(time.perf_counter() - began, 2)
            line = json.dumps({**asdict(outcome), "seconds": seconds}, ensure_ascii=False)
            print(line, file=report, flush=True)


def _make(the_office: Any, period: str, job: dict[str, Any], nursery: Any) -> str:
    from . import run

    q = the_office.period(period, **{k: v for k, v in job["options"].items() if k != "force"})
    if not job["again"] and run.unchanged(q):
        return "unchanged"
    run.make(the_office, period, nursery=nursery, **job["options"])
    return "made"


def read(report: Path) -> list[Outcome]:
    """The outcomes told so far; what a maker did not live to write whole is none."""
    found = []
    lines = report.read_text(encoding="utf-8").split("\n") if report.exists() else [""]
    for line in lines[:-1]:
        with suppress(ValueError):
            found.append(Outcome(**json.loads(line)))
    return found


if __name__ == "__main__":
    work(json.load(sys.stdin))
