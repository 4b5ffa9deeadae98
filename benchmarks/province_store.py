"""A province's store made of numbers: many units, four quarterly exports each, in the real layout.

Each dossier is a function of its unit and its number, so a store of a size is always the same.
It is received on a day of 2024, promised, worked on, finished, handed over; an export holds what
was received in its quarter or had not ended before it, as known on the day it was made, so one
dossier in eight stands in two exports or more, first open and then finished. Shares are those of
a usual office: 2 % late, 3 % refused, withdrawn or waiting, 12 fields, 60 procedures.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from cchc_analysis import shipped, store
from cchc_analysis.atomic import sha256
from cchc_analysis.sources.receipt import Receipt

QUARTERS = 4
YEAR = 2024
COLUMNS = (
    *("code", "procedure_code", "procedure", "field", "channel", "received_at", "due_at"),
    *("finished_at", "returned_at", "status", "officer", "supplements", "digitised_intake"),
    *("digitised_result", "fee", "paid_online", "notified_by", "apology"),
)

# `h(n)` is a number below a million that depends on the dossier and on n alone.
_DOSSIERS = """
WITH numbered AS (
    SELECT i::BIGINT AS i, ({unit}::BIGINT * 1_000_000_007 + i) AS seed
    FROM range({first}::BIGINT, {last}::BIGINT) AS t(i)
), drawn AS (
    SELECT *, {draws}
    FROM numbered
), told AS (
    SELECT *,
        (TIMESTAMP '2024-01-01 07:30:00'
            + to_days((i * 366 // {size})::INTEGER) + to_minutes(h1 % 540)) AS received_at,
        (1 + h2 % 20)::INTEGER AS allowed,
        CASE WHEN h3 < 20_000 THEN allowed + 1 + h4 % 6
             WHEN h3 < 100_000 THEN allowed ELSE h4 % allowed END AS took,
        h5 % 60 AS procedure_number,
    FROM drawn
), dated AS (
    SELECT *,
        date_trunc('day', received_at) + to_days(allowed) + INTERVAL 17 HOUR AS promised,
        greatest(received_at + INTERVAL 20 MINUTE,
            date_trunc('day', received_at) + to_days(took::INTEGER)
                + to_minutes(450 + h6 % 540)) AS done,
        CASE WHEN h7 < 10_000 THEN 'refused' WHEN h7 < 15_000 THEN 'withdrawn'
             WHEN h7 < 17_000 THEN 'stopped' WHEN h7 < 27_000 THEN 'supplement'
             WHEN h7 < 30_000 THEN 'payment' ELSE 'handed_over' END AS ends,
        (h8 % 3)::INTEGER AS waits,
    FROM told
)
"""
_DRAWS = ", ".join(f"(hash(seed, {n}) % 1_000_000)::BIGINT AS h{n}" for n in range(1, 17))
_EXPORT = """
SELECT 'DanhSachHoSo' AS sheet, row_number() OVER (ORDER BY i) + 1 AS row,
    format('000.{unit:03d}.31.H56-{{}}-{{:05d}}', strftime(received_at, '%y%m%d'), i) AS code,
    format('1.{{:06d}}.000.00.00.H56', 1000 + procedure_number * 17) AS procedure_code,
    format('Thủ tục hành chính số {{}}', procedure_number) AS procedure,
    format('Lĩnh vực {{:02d}}', procedure_number % 12) AS field,
    CASE WHEN h9 < 600_000 THEN 'online' WHEN h9 < 950_000 THEN 'direct' ELSE 'postal' END
        AS channel,
    received_at,
    CASE WHEN h10 >= 10_000 THEN promised END AS due_at,
    CASE WHEN done <= TIMESTAMP '{moment}' AND ends IN ('handed_over', 'withdrawn', 'stopped')
        THEN done END AS finished_at,
    CASE WHEN done + to_days(waits) <= TIMESTAMP '{moment}' AND ends = 'handed_over'
        THEN done + to_days(waits) END AS returned_at,
    CASE WHEN ends IN ('refused', 'supplement', 'payment') THEN ends
         WHEN done > TIMESTAMP '{moment}' THEN 'processing'
         WHEN ends <> 'handed_over' THEN ends
         WHEN done + to_days(waits) <= TIMESTAMP '{moment}' THEN 'handed_over'
         ELSE 'resolved' END AS status,
    format('Cán bộ {{}}', h11 % 6) AS officer,
    CASE WHEN ends = 'supplement' OR h12 < 20_000 THEN 1 END::BIGINT AS supplements,
    h13 < 900_000 AS digitised_intake,
    h14 < 850_000 AS digitised_result,
    CASE WHEN h15 < 400_000 THEN 8_000.0 ELSE 0.0 END::DOUBLE AS fee,
    h15 < 300_000 AS paid_online,
    CASE WHEN h16 < 500_000 THEN 'zalo' WHEN h16 < 700_000 THEN 'sms' END AS notified_by,
    CASE WHEN h3 < 12_000 THEN 'written' END AS apology,
    NULL::TIMESTAMP AS submitted_at, NULL::TIMESTAMP AS due_at_revised,
    NULL::TIMESTAMP AS supplement_requested_at, NULL::TIMESTAMP AS supplement_completed_at,
    NULL::VARCHAR AS online_level, NULL::BOOLEAN AS reused,
    '{id}' AS export, TIMESTAMP '{moment}' AS exported_at
FROM dated
WHERE received_at <= TIMESTAMP '{moment}'
    AND (received_at >= TIMESTAMP '{opens}' OR ends IN ('supplement', 'payment')
        OR ends <> 'refused' AND done >= TIMESTAMP '{opens}')
ORDER BY i
"""
_STEPS = """
SELECT '' AS sheet, row_number() OVER (ORDER BY i, n) + 1 AS row,
    format('000.{unit:03d}.31.H56-{{}}-{{:05d}}', strftime(received_at, '%y%m%d'), i) AS code,
    ['Tiếp nhận', 'Thụ lý', 'Ký duyệt', 'Trả kết quả'][n] AS stage,
    format('Cán bộ {{}}', (h11 + n) % 6) AS actor,
    received_at + (done - received_at) * (n - 1) / 4 AS entered_at,
    CASE WHEN h4 % 3 = 0 AND n < 4 THEN least(promised, done) ELSE done END AS left_at,
    NULL::VARCHAR AS note,
    '{id}' AS export, TIMESTAMP '{moment}' AS exported_at
FROM dated, range(1, 5) AS steps(n)
WHERE ends = 'handed_over' AND done <= TIMESTAMP '{moment}' AND done >= TIMESTAMP '{opens}'
ORDER BY i, n
"""


@dataclass(frozen=True)
class Quarter:
    """An export's own dates: what it covers and when it was made."""

    number: int

    @property
    def opens(self) -> dt.date:
        return dt.date(YEAR, 3 * self.number - 2, 1)

    @property
    def after(self) -> dt.date:
        return dt.date(YEAR + self.number // 4, 3 * self.number % 12 + 1, 1)

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.combine(self.after + dt.timedelta(days=3), dt.time(8))


def make(root: Path, dossiers: int, units: int, *, log: bool = False) -> tuple[int, int]:
    """Lays out a workspace of ``units`` with ``dossiers`` in all; with ``log`` four steps each.

    Returns the rows of the registers (every version counts) and the bytes they take.
    """
    import duckdb

    size = dossiers // units
    rows = taken = 0
    with duckdb.connect() as connection:
        for unit in range(units):
            slug = f"xa-{unit:04d}"
            _plan(root / "data" / "plans" / slug, slug)
            for number in range(1, QUARTERS + 1):
                quarter = Quarter(number)
                told = [("dossiers", _EXPORT)] + ([("steps", _STEPS)] if log else [])
                for table, query in told:
                    id = f"{unit:08x}{number:07x}{'ab'[table == 'steps']}"
                    path = root / "data" / "store" / slug / table / f"{id}.parquet"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    names = {
                        "unit": unit, "size": size, "id": id, "moment": quarter.moment,
                        "opens": quarter.opens, "draws": _DRAWS,
                        **_span(size, quarter),
                    }  # fmt: skip
                    text = (_DOSSIERS + query).format(**names)
                    [(count,)] = connection.execute(
                        f"COPY ({text}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
                    ).fetchall()
                    if table == "dossiers":
                        rows += count
                        taken += path.stat().st_size
                    _receipt(root, slug, table, id, quarter, count)
    return rows, taken


def _span(size: int, quarter: Quarter) -> dict[str, int]:
    """The numbers that may stand in an export: received up to forty days before its quarter."""
    begin = dt.date(YEAR, 1, 1)
    days = (quarter.opens - begin).days - 40, (quarter.moment.date() - begin).days + 1
    first, last = (min(size, max(0, size * day // 366)) for day in days)
    return {"first": first, "last": last}


def _plan(folder: Path, slug: str) -> None:
    shutil.copytree(shipped.path("data", "plans", "thieu-van"), folder)
    file = folder / "unit.toml"
    text = file.read_text(encoding="utf-8").replace("xã Thiệu Vân", f"xã {slug}")
    file.write_text(text, encoding="utf-8")


def _receipt(root: Path, slug: str, table: str, id: str, quarter: Quarter, rows: int) -> None:
    receipt = Receipt(
        file=f"{table}_{quarter.number}.xlsx", sha256=id * 4, table=table, sheets=["DanhSachHoSo"],
        rows_in=rows, accepted=rows, set_aside=0, duplicates=0, window_from=quarter.opens,
        window_to=quarter.after - dt.timedelta(days=1), window_stated=True,
        exported_at=quarter.moment, exported_at_source="file",
        columns={name: name for name in COLUMNS}, has_status=True,
    )  # fmt: skip
    content = {
        "schema": store.SCHEMA_VERSION, "id": id, "table": table,
        "rows_sha256": sha256(root / "data" / "store" / slug / table / f"{id}.parquet"),
        "receipt": receipt.as_dict(), "set_aside": [],
    }  # fmt: skip
    path = root / "data" / "store" / slug / "exports" / f"{id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content["seal"] = store._seal(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
