"""How often the causes found are the true ones, on offices whose causes were planted.

Makes offices with :mod:`cchc_analysis.workspace.sample` (which knows nothing of how causes are
found), takes their files in as any user would, and holds what ``q.late`` and ``q.open_overdue``
say against the truth::

    python benchmarks/attribution.py --seeds 101-106

Prints the share of late dossiers with the right stage, the right "late in the register only" and
the right cause, and the confusion table. A dossier counts once, in the last period that lists it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cchc_analysis as cchc
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import CAUSES, DossierTruth, Truth, make_office

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


@dataclass(frozen=True)
class Judged:
    """One late dossier: what was so and what was found ("" where the office did not list it)."""

    truth: DossierTruth
    cause: str
    stage: str
    recorded_only: bool


def judge(folder: Path, truth: Truth) -> list[Judged]:
    """Takes the files of ``folder`` in and judges every dossier that the truth calls late."""
    root = folder / "workspace"
    lay_out(root, unit="other", name=truth.unit_name)
    done = inbox.ingest(root, sorted(p for p in folder.iterdir() if p.is_file()))
    failed = [str(row.error) for row in done if row.error]
    if failed:
        raise SystemExit("\n".join(failed))
    office = cchc.open(root)
    found: dict[str, tuple[str, str, bool]] = {}
    for quarter in truth.quarters:
        q = office.period(quarter, audience="internal")
        for frame in (q.open_overdue, q.late):
            for row in frame.to_dict("records"):
                found[row["code"]] = (row["cause"], row["stage"], bool(row["recorded_only"]))
    end = office.period(truth.quarters[-1]).end  # what is due later is late in no period asked
    late = [dossier for dossier in truth.late() if dossier.due_at.date() <= end]
    return [Judged(d, *found.get(d.code, ("", "", False))) for d in late]


def parse_seeds(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def report(judged: list[Judged], *, errors: bool = False) -> str:
    n = len(judged)
    right = {
        "stage": sum(j.stage == j.truth.stage for j in judged),
        "recorded only": sum(j.recorded_only == j.truth.recorded_only for j in judged),
        "cause": sum(j.cause == j.truth.cause for j in judged),
        "cause, or another that sufficed": sum(
            j.cause in (j.truth.cause, *j.truth.also) for j in judged
        ),
    }
    lines = [f"late dossiers: {n}"]
    lines += [f"{name}: {k} of {n} = {k / n:.1%}" for name, k in right.items()]
    table = Counter((j.truth.cause, j.cause or "(not listed)") for j in judged)
    rows = [*CAUSES, "unknown"]
    columns = [*rows, *sorted({found for _, found in table} - set(rows))]
    short = [name[:9] for name in columns]
    lines.append("")
    lines.append(f"{'true / found':>18} " + " ".join(f"{name:>9}" for name in short))
    for true in rows:
        cells = " ".join(f"{table[true, found] or '.':>9}" for found in columns)
        lines.append(f"{true:>18} {cells}")
    if errors:
        lines.append("")
        lines += [
            f"{j.truth.code} {j.truth.cause}{j.truth.also} at {j.truth.stage}"
            f" | found {j.cause} at {j.stage}"
            for j in judged
            if (j.cause, j.stage) != (j.truth.cause, j.truth.stage)
        ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="101-106", help="such as 101-106 or 1,5")
    parser.add_argument("--per-quarter", type=int, default=600)
    parser.add_argument("--layout", default="thieu-van")
    parser.add_argument("--errors", action="store_true", help="list the wrong ones")
    options = parser.parse_args()
    judged: list[Judged] = []
    for seed in parse_seeds(options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            truth = make_office(
                Path(folder), seed=seed, quarters=QUARTERS, layout=options.layout,
                dossiers_per_quarter=options.per_quarter,
            )  # fmt: skip
            judged += judge(Path(folder), truth)
    print(report(judged, errors=options.errors))


if __name__ == "__main__":
    main()
