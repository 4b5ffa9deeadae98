"""How time and memory grow: of a brief with the communes in the store, of a province's figures with
its dossiers.

Writes ``growth.csv`` and ``growth.svg`` beside itself; sizes not asked for keep the figures that
the file has::

    python benchmarks/growth.py --units 1 10 100 500 --rows 10000 100000 1000000 10000000 100000000
"""

from __future__ import annotations

import argparse
import csv
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from machine import about, used, workspace
from province import measure
from province_store import make

HERE = Path(__file__).parent
TABLE, PLOT = HERE / "growth.csv", HERE / "growth.svg"
HEAD = ("of", "size", "seconds", "mib")
BRIEF, PROVINCE = "a brief, by communes in the store", "a province's figures, by dossiers"
PERIOD = "2024-Q4"
Found = dict[tuple[str, int], tuple[float, float]]


def brief(units: int, runs: int) -> tuple[float, float]:
    """Seconds and MiB of one commune's brief beside the others, medians."""
    names = [f"xa-{n:03}" for n in range(units - 1)]
    with tempfile.TemporaryDirectory() as folder:
        home = workspace(Path(folder) / "home", names)
        line = ["cchc", "-C", str(home), "brief", PERIOD, "--unit", "thieu-van"]
        used(line)  # warms caches
        return _medians(lambda: used(line), runs)


def province(rows: int, runs: int) -> tuple[float, float]:
    """Seconds and MiB of all figures of 500 communes, medians."""
    root = Path(tempfile.mkdtemp(prefix="cchc-growth-"))
    try:
        make(root, rows, 500)
        told = [measure(root, "ours") for _ in range(runs)]
    finally:
        shutil.rmtree(root)
    return statistics.median(t["wall"] for t in told), statistics.median(t["peak"] for t in told)


def _medians(one: Callable[[], tuple[float, float]], runs: int) -> tuple[float, float]:
    seconds, peaks = zip(*(one() for _ in range(runs)), strict=True)
    return statistics.median(seconds), statistics.median(peaks)


def plot(found: Found) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.fonttype"] = "none"
    figure = Figure(figsize=(9, 3.4), layout="constrained")
    for place, (of, unit) in enumerate(((BRIEF, "communes"), (PROVINCE, "dossiers")), 1):
        rows = sorted((size, *values) for (name, size), values in found.items() if name == of)
        if not rows:
            continue
        axes = figure.add_subplot(1, 2, place)
        axes.set_title(of, loc="left", fontsize=10)
        for index, (name, mark) in enumerate((("seconds", "o-"), ("peak MiB", "s--")), 1):
            axes.plot([row[0] for row in rows], [row[index] for row in rows], mark, label=name)
        axes.set(xscale="log", yscale="log", xlabel=unit)
        axes.grid(color="#d9dee3", linewidth=0.7)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="*", default=[])
    parser.add_argument("--rows", type=int, nargs="*", default=[])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    found: Found = {}
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = row["of"], int(row["size"])
                found[key] = float(row["seconds"]), float(row["mib"])
    print(about())
    for of, sizes, way in ((BRIEF, given.units, brief), (PROVINCE, given.rows, province)):
        for size in sizes:
            found[of, size] = seconds, mib = way(size, given.runs)
            print(f"{of}, {size:,}: {seconds:.1f} s, {mib:,.0f} MiB", file=sys.stderr)
            with TABLE.open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file, lineterminator="\n")
                lines.writerow(HEAD)
                for (name, n), (took, most) in sorted(found.items()):
                    lines.writerow((name, n, f"{took:.2f}", f"{most:.0f}"))
    plot(found)
    for (of, size), (seconds, mib) in sorted(found.items()):
        print(f"{of}  {size:>11,}  {seconds:8.1f} s  {mib:8,.0f} MiB")


if __name__ == "__main__":
    main()
