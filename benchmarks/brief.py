"""How quick is a brief? Held against papermill's and nbconvert's own commands.

The plain way runs ``papermill`` and ``nbconvert --to html`` and ``--to cchc-pdf`` on the six
notebooks one after another; it makes no Word file, no workbook, no figures as data, and looks for
no personal data, all of which ``cchc brief`` does in its time. Both are commands from a cold start,
in turns. A further brief in a batch is timed by how much longer a batch of more communes takes::

    python benchmarks/brief.py --runs 5 --units 8
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from machine import ROOT, about, command, shown, timed, workspace

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
PERIOD = "2024-Q4"


def plain(home: Path, made: Path) -> None:
    """The six notebooks by papermill's and nbconvert's commands, to HTML and PDF each."""
    for name in NOTEBOOKS:
        executed = str(made / f"{name}.ipynb")
        command([
            "papermill", "-k", "python3", f"{ROOT}/notebooks/{name}.ipynb", executed,
            "-p", "workspace", str(home), "-p", "period", PERIOD, "-p", "unit", "thieu-van",
        ])  # fmt: skip
        for kind in ("html", "cchc-pdf"):
            command(["jupyter", "nbconvert", "--to", kind, executed])


def batch(home: Path, units: list[str]) -> None:
    command(["cchc", "-C", str(home), "batch", PERIOD, "--units", ",".join(units), "--again"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--units", type=int, default=8, help="communes of the larger batch")
    given = parser.parse_args()
    many = [f"xa-{n:03}" for n in range(given.units)]
    few = many[: max(2, given.units // 4)]
    times: dict[str, list[float]] = {"plain": [], "brief": [], "few": [], "many": []}
    steps: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home, made = workspace(Path(folder) / "home", many), Path(folder) / "plain"
        made.mkdir()
        command(["cchc", "-C", str(home), "brief", PERIOD, "--unit", "thieu-van"])  # warms caches
        for _ in range(given.runs):
            print(f"run {len(times['plain']) + 1}, plain …", file=sys.stderr)
            times["plain"].append(timed(lambda: plain(home, made)))
            shutil.rmtree(home / "reports")
            times["brief"].append(
                timed(
                    lambda: command(
                        ["cchc", "-C", str(home), "brief", PERIOD, "--unit", "thieu-van"]
                    )
                )
            )
            record = home / "reports" / "thieu-van" / PERIOD / "run.json"
            for name, seconds in json.loads(record.read_text())["seconds"].items():
                steps.setdefault(name, []).append(seconds)
            times["few"].append(timed(lambda: batch(home, few)))
            times["many"].append(timed(lambda: batch(home, many)))
            print({name: round(found[-1], 1) for name, found in times.items()}, file=sys.stderr)
    cores = len(os.sched_getaffinity(0))
    further = [
        (more - less) * cores / (len(many) - len(few))
        for more, less in zip(times["many"], times["few"], strict=True)
    ]
    base = statistics.median(times["plain"])
    print(about())
    print(f"plain, six notebooks → html and pdf  {shown(times['plain'])}")
    print(f"cchc brief                           {shown(times['brief'])}")
    print(f"  ratio                              {statistics.median(times['brief']) / base:.3f}")
    print(f"a further brief in a batch, per core {shown(further)}")
    print(f"  ratio                              {statistics.median(further) / base:.3f}")
    for name, seconds in steps.items():
        print(f"  of a brief: {name:24} {shown(seconds)}")


if __name__ == "__main__":
    main()
