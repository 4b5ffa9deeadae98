"""Dossiers by the million, for benchmarks: the shape of an office without its process.

Where the cost of counting is measured nobody needs a true cause, so this frame is drawn column by
column, with the columns and the kinds of value that the store holds. ``start`` continues a frame
where another ended, so that 100 million dossiers can be made and written ten million at a time.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .sample_world import CATALOGUE, DAY, MORNING, THREE_PM, Clock, Quarter

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["make_frame"]

CHANNELS = ("online", "direct", "postal")
STATUS = ("processing", "refused", "withdrawn", "stopped", "resolved", "handed_over")
LATE = 0.006
BLOCK = 1_000_000


def make_frame(
    n: int, seed: int, units: int = 1, quarters: int = 8, *, start: int = 0
) -> pd.DataFrame:
    """``n`` dossiers of ``units`` communes over ``quarters`` quarters from 2023-Q1 (at most 16)."""
    import numpy as np
    import pandas as pd

    if not 1 <= quarters <= 16 or not 1 <= units <= 9999:
        raise ValueError("1 to 16 quarters and 1 to 9999 units")
    rng = np.random.Generator(np.random.PCG64([seed, start]))
    first = date(2023, 1, 1)
    year, quarter = divmod(quarters - 1, 4)
    end = Quarter.parse(f"{2023 + year}-Q{quarter + 1}").end
    clock = Clock(first, end + timedelta(150))
    days = np.array(clock.days, dtype="datetime64[D]")
    limits = np.array([procedure.days for procedure in CATALOGUE])
    weights = np.array([procedure.weight for procedure in CATALOGUE])
    fees = np.array([float(procedure.fee) for procedure in CATALOGUE])

    which = np.searchsorted(np.cumsum(weights)[:-1], rng.random(n) * weights.sum(), "right")
    unit = rng.integers(0, units, n, dtype=np.int16)
    day = (rng.random(n) * (clock.index(end + timedelta(1)))).astype(np.int32)
    minute = (rng.random(n) * (DAY - 5)).astype(np.int32)
    limit = limits[which]
    due = (day + np.where(limit == 0, minute > THREE_PM, limit)).astype(np.int32)
    late = rng.random(n) < LATE
    spent = (rng.random(n) * (due - day + 1)).astype(np.int32)
    done = np.where(late, due + 1 + (rng.random(n) * 5).astype(np.int32), day + spent)
    at = (rng.random(n) * DAY).astype(np.int32)
    at = np.where(done == day, minute + ((DAY - minute) * rng.random(n)).astype(np.int32), at)
    wait = (rng.random(n) < 0.4) * (1 + (rng.random(n) * 3).astype(np.int32))

    def moments(index: Any, worked: Any) -> Any:
        clocked = np.where(worked <= MORNING, 450, 570) + worked
        return days[index].astype("datetime64[us]") + clocked.astype("timedelta64[m]")

    received, finished = moments(day, minute), moments(done, at)
    returned = np.where(wait > 0, moments(done + wait, np.full(n, 120)), finished)
    until = np.datetime64(end + timedelta(1), "us")
    nat = np.datetime64("NaT", "us")
    fate = rng.random(n)
    status = np.select(
        [fate < 0.01, fate < 0.017, fate < 0.021, finished >= until, returned >= until],
        [1, 2, 3, 0, 4], 5,
    ).astype(np.int8)  # fmt: skip
    resolved = status >= 4
    fee = fees[which]
    due_at = days[due].astype("datetime64[us]") + np.timedelta64(17 * 60, "m")
    undue = (rng.random(n) < 0.005) | (status == 1)
    asked = rng.random(n) < 0.05
    ask_at = np.where(asked, received + np.timedelta64(60, "m"), nat)

    def category(codes: Any, names: list[str]) -> Any:
        return pd.Categorical.from_codes(codes, categories=pd.Index(names))

    def flag(share: float) -> Any:
        return pd.array(rng.random(n) < share, dtype="boolean")

    names = list(dict.fromkeys(procedure.name for procedure in CATALOGUE))
    fields = list(dict.fromkeys(procedure.field for procedure in CATALOGUE))
    place = np.array([fields.index(procedure.field) for procedure in CATALOGUE], dtype=np.int8)
    told = np.where(resolved, (rng.random(n) * 5).astype(np.int8) - 1, -1)
    sorry = np.where(late & resolved, (rng.random(n) * 3).astype(np.int8) - 1, -1)
    levels = ["full", "partial", "info"]
    level = np.array(
        [0 if item.level == "toan_trinh" else 1 if item.level else 2 for item in CATALOGUE]
    )
    communes = [f"xa-{number:04d}" for number in range(units)]
    return pd.DataFrame(
        {
            "unit": category(unit, communes),
            "code": pd.Series(_codes(unit, received, start), dtype="str"),
            "procedure_code": category(which, [item.code for item in CATALOGUE]),
            "procedure": category(which, names),
            "field": category(place[which], fields),
            "channel": category(
                np.searchsorted((0.55, 0.98), rng.random(n)).astype(np.int8), list(CHANNELS)
            ),
            "received_at": received,
            "due_at": np.where(undue, nat, due_at),
            "finished_at": np.where(resolved | (status == 2), finished, nat),
            "returned_at": np.where(status == 5, returned, nat),
            "status": category(status, list(STATUS)),
            "officer": category(
                (rng.random(n) * 8).astype(np.int8), [f"Công chức {k}" for k in range(1, 9)]
            ),
            "supplements": pd.array(asked.astype(np.int64), dtype="Int64"),
            "digitised_intake": flag(0.9),
            "digitised_result": flag(0.85),
            "fee": fee,
            "paid_online": pd.array((fee > 0) & (rng.random(n) < 0.6), dtype="boolean"),
            "notified_by": category(told, ["zalo", "sms", "phone", "email"]),
            "apology": category(sorry, ["written", "phone"]),
            "submitted_at": received,
            "due_at_revised": np.full(n, nat),
            "supplement_requested_at": ask_at,
            "supplement_completed_at": ask_at + np.timedelta64(30, "m"),
            "online_level": category(level[which], levels),
            "reused": flag(0.3),
            "sheet": category(np.zeros(n, dtype=np.int8), ["DanhSachHoSo"]),
            "row": np.arange(start + 1, start + n + 1),
        }
    )


def _codes(unit: Any, received: Any, start: int) -> Any:
    """The dossier codes, letter by letter: text by the million is what costs most here."""
    import numpy as np

    found = np.empty(len(unit), dtype=object)
    for low in range(0, len(unit), BLOCK):
        part = slice(low, min(low + BLOCK, len(unit)))
        count = part.stop - part.start
        letters = np.tile(np.frombuffer(b"000.00.00.H56-000000-000000000", np.uint8), (count, 1))
        day = received[part].astype("datetime64[D]")
        year = day.astype("datetime64[Y]").astype(np.int64) + 1970
        month = day.astype("datetime64[M]").astype(np.int64) % 12 + 1
        of_month = (day - day.astype("datetime64[M]")).astype(np.int64) + 1
        numbers = np.arange(start + part.start + 1, start + part.stop + 1)
        for value, places in (
            (unit[part].astype(np.int64), (8, 7, 5, 4)),
            (year, (15, 14)),
            (month, (17, 16)),
            (of_month, (19, 18)),
            (numbers, range(29, 20, -1)),
        ):
            for place in places:
                letters[:, place] += (value % 10).astype(np.uint8)
                value = value // 10
        found[part] = letters.view("S30").ravel().astype("U30")
    return found
