"""What the benchmarks share: commands timed, memory of a whole family of processes, the machine."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def about() -> str:
    """Processors, memory and versions, in a line."""
    from importlib.metadata import version

    name = "?"
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            name = line.partition(": ")[2]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(
        f"{p} {version(p)}" for p in ("pandas", "duckdb", "papermill", "nbconvert")
    )
    cores = len(os.sched_getaffinity(0))
    return f"{cores} × {name}, {memory:.0f} GiB, Python {platform.python_version()}, {packages}"


def workspace(folder: Path, units: Sequence[str] = ("thieu-van",)) -> Path:
    """A workspace with the shipped sample in its store, under each of ``units``."""
    shutil.copytree(ROOT / "data" / "plans", folder / "data" / "plans")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "inbox")
    command(["cchc", "-C", str(folder), "ingest"])
    for unit in units:
        for part in ("plans", "store"):
            target = folder / "data" / part / unit
            if not target.exists():
                shutil.copytree(folder / "data" / part / "thieu-van", target)
    return folder


def command(argv: Sequence[str], cwd: Path = ROOT) -> None:
    """Runs a command of this environment; raises where it fails."""
    subprocess.run(argv, cwd=cwd, check=True, capture_output=True, env=_environment())


def _environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path}


def timed(work: Callable[[], object]) -> float:
    """Seconds of the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def used(argv: Sequence[str], every: float = 0.1) -> tuple[float, float]:
    """Seconds of the clock, and the most MiB that a command and what it starts took together."""
    began, most = time.perf_counter(), 0
    process = subprocess.Popen(
        argv, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None:
        most = max(most, family(process.pid))
        time.sleep(every)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, argv)
    return time.perf_counter() - began, most / 2**20


def shown(seconds: Sequence[float]) -> str:
    """Median and range."""
    return f"{statistics.median(seconds):.1f} s ({min(seconds):.1f}–{max(seconds):.1f})"


def family(pid: int) -> int:
    """Bytes of memory of a process and all that descend from it, what they share counted once."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(rest[1]), []).append(int(stat.parent.name))
    waiting, whole = [pid], 0
    while waiting:
        one = waiting.pop()
        waiting += children.get(one, [])
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text("utf-8").splitlines():
                if line.startswith("Pss:"):
                    whole += int(line.split()[1]) * 1024
        except OSError:
            continue
    return whole
