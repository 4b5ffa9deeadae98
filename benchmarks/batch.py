"""Is a batch steady? None lost, memory flat, and after being killed the same files.

Makes one batch undisturbed and watches the memory of all its processes; then, in a second
workspace of the same data, kills a batch at random moments, starts it again each time until it
ends, and compares every file but ``run.json``::

    python benchmarks/batch.py --units 75 --periods 2024-Q1 2024-Q2 2024-Q3 2024-Q4
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from machine import about, family, workspace

EVERY = 1.0  # seconds between two looks at the memory


def begin(home: Path, periods: list[str], units: list[str]) -> subprocess.Popen[str]:
    program = "from cchc_analysis.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "-C", str(home), "batch", *periods, "--units",
         ",".join(units), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def watch(process: subprocess.Popen[str], home: Path) -> tuple[dict[str, Any], list[float]]:
    """What the batch says in the end, and the most memory (MiB) while each brief was made."""
    import threading

    lines: list[float] = []

    def count() -> None:
        assert process.stderr is not None
        for _ in process.stderr:
            lines.append(peak[0])
            peak[0] = 0.0

    peak = [0.0]
    counting = threading.Thread(target=count, daemon=True)
    counting.start()
    said: list[str] = []
    reading = threading.Thread(target=lambda: said.append(process.stdout.read()), daemon=True)  # type: ignore[union-attr]
    reading.start()
    while process.poll() is None:
        peak[0] = max(peak[0], family(process.pid) / 2**20)
        time.sleep(EVERY)
    reading.join()
    counting.join()
    return json.loads(said[0]), lines


def files(home: Path) -> dict[str, bytes]:
    root = home / "reports"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=75)
    parser.add_argument("--periods", nargs="+", default=[f"2024-Q{n}" for n in (1, 2, 3, 4)])
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    units = [f"xa-{n:03}" for n in range(given.units)]
    whole = len(units) * len(given.periods)
    with tempfile.TemporaryDirectory() as folder:
        home = workspace(Path(folder) / "undisturbed", units)
        (home / "internal").mkdir(exist_ok=True)
        (home / "internal" / "key").write_text("ab" * 32)
        other = Path(folder) / "killed"
        shutil.copytree(home, other)
        began = time.perf_counter()
        told, memory = watch(begin(home, given.periods, units), home)
        took = time.perf_counter() - began
        part = max(1, min(50, whole // 3))
        first, last = (statistics.median(m) for m in (memory[1:][:part], memory[-part:]))
        print(about())
        print(f"{whole} briefs in {took:.0f} s: {told['made']} made, {told['failed']} failed")
        print(f"memory of all processes, median of the peaks: first {part} briefs {first:.0f} MiB, "
              f"last {part} {last:.0f} MiB, most {max(memory):.0f} MiB")  # fmt: skip
        rng = random.Random(given.seed)
        moments = sorted(rng.uniform(0.05, 0.95) * took for _ in range(given.kills))
        for before, moment in zip([0.0, *moments], moments, strict=False):
            process = begin(other, given.periods, units)
            time.sleep(moment - before)
            process.kill()
            process.wait()
            made = len(list((other / "reports").glob("*/*/run.json")))
            print(f"killed after {moment - before:.0f} s with {made} briefs made")
        process = begin(other, given.periods, units)
        out = json.loads(process.communicate()[0])
        print(f"the last one: {out['made']} made, {out['unchanged']} kept, {out['failed']} failed")
        one, two = files(home), files(other)
        differ = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
        hidden = (p for p in (other / "reports").rglob(".*") if p.name != ".locks")
        left = list(hidden) + [
            p for p in Path("/proc").glob("[0-9]*/cmdline")
            if str(other).encode() in _read(p) and p.parent.name != str(os.getpid())
        ]  # fmt: skip
        print(f"{len(one)} files, {len(differ)} differ, {len(left)} left over {differ[:5]}")
    raise SystemExit(bool(differ or told["failed"] or out["failed"]))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
