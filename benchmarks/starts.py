"""How soon does it answer? Starting, held against starting Python with nothing to do.

Commands in turns, from a cold start each::

    python benchmarks/starts.py --runs 11
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time

from machine import about

STARTS = {
    "python": ["-c", "pass"],
    "import cchc_analysis": ["-c", "import cchc_analysis"],
    "cchc --help": ["-c", "from cchc_analysis.cli import main; main(['--help'])"],
    "cchc breif (a wrong command)": ["-c", "from cchc_analysis.cli import main; main(['breif'])"],
}


def one(argv: list[str]) -> tuple[float, float]:
    """Seconds of the clock and of CPU."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *argv], capture_output=True)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in STARTS}
    for _ in range(runs + 1):  # the first fills the caches
        for name, argv in STARTS.items():
            found[name].append(one(argv))
    print(about())
    base = statistics.median(cpu for _, cpu in found["python"][1:])
    for name, times in found.items():
        wall, cpu = (statistics.median(kind) for kind in zip(*times[1:], strict=True))
        print(f"{name:30} {wall:.3f} s, {cpu:.3f} s of CPU, {cpu - base:+.3f} s to bare Python")


if __name__ == "__main__":
    main()
