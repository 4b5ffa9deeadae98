"""What every dossier figure of a province costs, beside hand-written DuckDB SQL and polars.

Makes a store of numbers (``province_store.py``), and counts every flag by unit × quarter × field
three times: with ``cchc_analysis.province``, with one SQL statement, with one polars query. Each
runs in a process of its own, so its peak memory is its own; they take turns, so that a busy
machine slows all three alike. Their numbers must be equal, or there is no result::

    python benchmarks/province.py --rows 10000000 --runs 5

The two others know what ours has to find out: that every unit has the same rules, the register
every column and the year no steps log. Neither checks a receipt nor works out a rate.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from province_store import make

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
STARTS = ("2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01")
WAYS = ("ours", "sql", "polars")

# One definition a count, as SQL; `a` and `b` are the quarter's first day and the day after it.
# `ends` is how the dossier ended, `closed` when, `bad` an end without result.
COUNTS = {
    "received": "rec",
    "received_online": "rec AND channel = 'online'",
    "received_direct": "rec AND channel = 'direct'",
    "received_postal": "rec AND channel = 'postal'",
    "carried_over": "member AND received_at < a AND (closed IS NULL OR closed >= a)",
    "resolved": "res",
    "resolved_early": "res AND due_at IS NOT NULL AND on_day < due_on",
    "resolved_on_day": "res AND on_day = due_on",
    "resolved_late": "lat",
    "ended_without_result": "bad AND ended",
    "withdrawn": "ends = 'withdrawn' AND ended",
    "stopped": "ends = 'stopped' AND ended",
    "ended_undated": "ends = 'undated' AND ended",
    "refused": "ends = 'refused' AND inside",
    "not_yet_received": "ends = 'new' AND inside",
    "open": "opn",
    "open_within": "opn AND NOT pau AND NOT past",
    "open_overdue": "opn AND NOT pau AND past",
    "paused": "pau",
    "paused_past_due": "pau AND past",
    "without_due": "res AND due_at IS NULL",
    "late_recorded_only": "lat AND handed",
    "late_recorded_handed_over": "lat AND handed",
    "returned_stands_in": "res AND finished_at IS NULL",
    "due_in": "due",
    "due_kept": "due AND ends = 'resolved' AND on_day <= due_on",
    "apologised": "(lat OR opn AND NOT pau AND past) AND apology = 'written'",
    "fee_due": "rec AND fee > 0",
    "fee_paid_online": "rec AND fee > 0 AND paid_online",
    "paper_digitised": "rec AND channel IN ('direct', 'postal') AND digitised_intake",
    "digitised": "rec AND digitised_intake",
    "result_digitised": "res AND digitised_result",
    "notified": "res AND notified_by IN ('zalo', 'sms')",
    "supplemented": "rec AND (supplements >= 1 OR supplement_requested_at IS NOT NULL"
    " OR status = 'supplement')",
}
NEEDED = (
    *("code", "field", "channel", "received_at", "due_at", "finished_at", "returned_at"),
    *("status", "supplements", "supplement_requested_at", "digitised_intake", "digitised_result"),
    *("fee", "paid_online", "notified_by", "apology", "exported_at", "export", "sheet", "row"),
)
ENDED = """
CASE WHEN status = 'refused' THEN 'refused'
     WHEN status IN ('withdrawn', 'stopped') THEN
        CASE WHEN coalesce(finished_at, returned_at, seen) IS NULL THEN 'undated' ELSE status END
     WHEN finished_at IS NOT NULL THEN 'resolved'
     WHEN returned_at IS NOT NULL AND (status IS NULL OR status IN ('resolved', 'handed_over'))
        THEN 'resolved'
     WHEN status IN ('resolved', 'handed_over') THEN 'undated'
     WHEN status = 'new' THEN 'new' ELSE 'open' END"""
AT = """
CASE WHEN ends = 'resolved' THEN coalesce(finished_at, returned_at)
     WHEN ends IN ('withdrawn', 'stopped') THEN coalesce(finished_at, returned_at, seen)
     WHEN ends = 'undated' THEN received_at END"""
FLAGGED = {
    "member": "ends NOT IN ('refused', 'new')",
    "bad": "ends IN ('withdrawn', 'stopped')",
    "inside": "received_at >= a AND received_at < b",
    "ended": "closed >= a AND closed < b",
    "going": "closed IS NULL OR closed >= b",
    "past": "coalesce(due_at < b, FALSE)",
}
FLAGGED_2 = {
    "rec": "member AND inside",
    "res": "ends = 'resolved' AND ended",
    "lat": "ends = 'resolved' AND ended AND on_day > due_on",
    "opn": "member AND received_at < b AND going",
    "pau": "ends = 'open' AND received_at < b AND going AND status IN ('supplement', 'payment')",
}
DUE = """member AND due_at >= a AND due_at < b AND ends <> 'undated' AND NOT (bad AND NOT going)
    AND NOT coalesce(pau, FALSE) AND received_at < b"""


def _named(expressions: dict[str, str]) -> str:
    return ", ".join(f"({text}) AS {name}" for name, text in expressions.items())


TOUCHED = "received_at < b AND (closed IS NULL OR closed >= a OR received_at >= a OR due_at >= a)"
ORDER = "exported_at DESC, greatest(received_at, finished_at, returned_at) DESC, export DESC"


def sql(root: Path) -> dict[str, int]:
    """One statement: a window over the versions, a join with the quarters, filtered counts."""
    import duckdb

    quarters = ", ".join(
        f"('{q}', TIMESTAMP '{a}', TIMESTAMP '{b}')"
        for q, a, b in zip(QUARTERS, STARTS, STARTS[1:], strict=False)
    )
    counts = ", ".join(f"count(*) FILTER ({text}) AS {name}" for name, text in COUNTS.items())
    text = f"""
    WITH versions AS (
        SELECT {", ".join(NEEDED)}, split_part(filename, '/', -3) AS unit
        FROM read_parquet('{root}/data/store/*/dossiers/*.parquet', filename = true)
    ), newest AS (
        SELECT *, min(exported_at) FILTER (status IN ('withdrawn', 'stopped'))
            OVER (PARTITION BY unit, code) AS seen
        FROM versions
        QUALIFY row_number() OVER (PARTITION BY unit, code ORDER BY {ORDER}, sheet DESC, row DESC)
            = 1
    ), told AS (SELECT *, {ENDED} AS ends FROM newest
    ), dated AS (SELECT *, {AT} AS closed FROM told
    ), daily AS (
        SELECT *, closed::DATE AS on_day, due_at::DATE AS due_on,
            coalesce(returned_at::DATE <= due_at::DATE, FALSE) AS handed
        FROM dated
    ), quarters(period, a, b) AS (VALUES {quarters}
    ), flags AS (SELECT *, {_named(FLAGGED)} FROM daily, quarters WHERE {TOUCHED}
    ), more AS (SELECT *, {_named(FLAGGED_2)} FROM flags
    ), last AS (SELECT *, ({DUE}) AS due FROM more
    )
    SELECT unit, period, field, {counts} FROM last GROUP BY ALL"""
    with duckdb.connect() as connection:
        frame = connection.execute(text).df()
    return _sums(frame)


def polars(root: Path) -> dict[str, int]:
    """The same in polars' streaming engine, each file's unit by its path."""
    import polars as pl

    frame = (
        pl.scan_parquet(f"{root}/data/store/*/dossiers/*.parquet", include_file_paths="path")
        .select(*NEEDED, unit=pl.col("path").str.split("/").list.get(-3))
        .with_columns(event=pl.max_horizontal("received_at", "finished_at", "returned_at"))
    )
    rest = [name for name in NEEDED if name != "code"]
    best = pl.struct("exported_at", "event", "export", "sheet", "row")
    badly = pl.col("status").is_in(["withdrawn", "stopped"])
    keys = ["unit", "code"]
    counted = frame.group_by(keys).agg(versions=pl.len())
    single = counted.filter(pl.col("versions") == 1).select(keys)
    several = counted.filter(pl.col("versions") > 1).select(keys)
    seen = pl.when(badly).then(pl.col("exported_at"))
    newest = pl.concat(
        [
            frame.join(single, on=keys, how="semi").select(*keys, *rest, seen=seen),
            frame.join(several, on=keys, how="semi")
            .group_by(keys)
            .agg(pl.col(rest).sort_by(best).last(), seen=seen.min()),
        ]
    )
    newest = newest.with_columns(ends=pl.sql_expr(ENDED)).with_columns(closed=pl.sql_expr(AT))
    newest = newest.with_columns(
        on_day=pl.col("closed").dt.date(),
        due_on=pl.col("due_at").dt.date(),
        handed=(pl.col("returned_at").dt.date() <= pl.col("due_at").dt.date()).fill_null(False),
    )

    def day(text: str) -> Any:
        return pl.lit(text).str.to_datetime("%Y-%m-%d", time_unit="us")

    parts = []
    for period, a, b in zip(QUARTERS, STARTS, STARTS[1:], strict=False):
        part = newest.with_columns(a=day(a), b=day(b)).filter(pl.sql_expr(TOUCHED))
        for level in (FLAGGED, FLAGGED_2, {"due": DUE}):
            part = part.with_columns(**{name: pl.sql_expr(text) for name, text in level.items()})
        sums = {
            name: pl.sql_expr(text).fill_null(False).cast(pl.UInt32).sum()
            for name, text in COUNTS.items()
        }
        parts.append(part.group_by("unit", "field").agg(**sums).with_columns(period=pl.lit(period)))
    made = pl.concat(pl.collect_all(parts, engine="streaming"))
    return _sums(made)


def ours(root: Path) -> dict[str, int]:
    from cchc_analysis import province

    return _sums(province.figures(root, QUARTERS).figures)


def _sums(frame: Any) -> dict[str, int]:
    """What tells two tables apart: each count's sum, weighted by its unit, period and field."""
    weights = [
        1 + int(unit[3:]) % 97 + 101 * int(period[-1]) + 1009 * int(field[-2:])
        for unit, period, field in zip(
            frame["unit"].to_list() if hasattr(frame["unit"], "to_list") else frame["unit"],
            frame["period"],
            frame["field"],
            strict=True,
        )
    ]
    columns = {
        "due_in": "on_time_rate_by_due.denominator", "due_kept": "on_time_rate_by_due.numerator",
        "apologised": "apology_rate.numerator", "fee_due": "paid_online_rate.denominator",
        "fee_paid_online": "paid_online_rate.numerator",
        "paper_digitised": "digitised_intake_rate.numerator",
        "digitised": "digitised_intake_rate_all.numerator",
        "result_digitised": "digitised_result_rate.numerator",
        "notified": "notified_rate.numerator", "supplemented": "supplement_rate.numerator",
    }  # fmt: skip
    sums = {}
    for name in COUNTS:
        column = name if name in list(frame.columns) else columns[name]
        values = zip(weights, frame[column], strict=True)
        sums[name] = sum(weight * int(value) for weight, value in values)
    return sums


def measure(root: Path, way: str) -> dict[str, Any]:
    """One run of ``way`` in a process of its own: wall and CPU seconds, peak MB, the sums."""
    command = [sys.executable, __file__, "--run", way, "--store", str(root)]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} failed")
    return {
        "wall": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
        "sums": json.loads(told),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="dossiers")
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--store", type=Path, help="a store made before, which is kept")
    parser.add_argument("--run", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps({"ours": ours, "sql": sql, "polars": polars}[options.run](options.store)))
        return
    root = options.store or Path(tempfile.mkdtemp(prefix="cchc-province-"))
    try:
        if not options.store:
            rows, size = make(root, options.rows, options.units)
            print(f"{options.rows:,} dossiers, {rows:,} rows, {size / 1e6:,.0f} MB")
        report(root, options.ways.split(","), options.runs)
    finally:
        if not options.store:
            shutil.rmtree(root)


def report(root: Path, ways: list[str], runs: int) -> None:
    """Runs all ways in turn and prints the median of each; stops where they do not agree."""
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(runs):
        for way in ways:
            found[way].append(measure(root, way))
    reference = found[ways[0]][0]["sums"]
    for way in ways:
        for run in found[way]:
            wrong = [n for n in COUNTS if run["sums"][n] != reference[n]]
            if wrong:
                raise SystemExit(f"{way} and {ways[0]} differ in {', '.join(wrong)}")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {runs} runs")
    print(f"{'way':8}{'wall s':>9}{'cpu s':>9}{'peak MB':>9}")
    medians = {w: {k: statistics.median(r[k] for r in found[w]) for k in ("wall", "cpu", "peak")}
               for w in ways}  # fmt: skip
    for way, row in medians.items():
        print(f"{way:8}{row['wall']:9.1f}{row['cpu']:9.1f}{row['peak']:9.0f}")
    others = [way for way in ways if way != "ours"]
    if others and "ours" in ways:
        for kind in ("wall", "cpu"):
            best = min(medians[way][kind] for way in others)
            print(f"{kind}: {medians['ours'][kind] / best:.2f} × the better of the others")


if __name__ == "__main__":
    main()
