"""A folder of briefs as small as it can be, for the index to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cchc_analysis.indicators.results import Result

DOCUMENTS = ("brief.html", "brief.pdf", "brief.docx", "brief.xlsx")


def figure(id: str, period: str, **fields: Any) -> dict[str, Any]:
    none = dict.fromkeys((f.rstrip("_") for f in Result.__dataclass_fields__), None)
    return {**none, "id": id, "period": period, "status": "ok", **fields}


def put(
    root: Path,
    folder: str,
    period: str,
    *,
    k: int = 999,
    n: int = 1000,
    late: int = 1,
    target: float | None = 0.999,
    status: str = "ok",
    **record: Any,
) -> Path:
    """A brief of the unit ``folder``: the share ``k`` of ``n``; returns its folder. ``record``
    replaces what its record says.
    """
    place = root / folder / period
    place.mkdir(parents=True)
    rate = {"numerator": k, "denominator": n, "value": k / n if n else None, "target": target}
    met = None if target is None or not n else k / n >= target
    rows = [
        figure("dossiers.on_time_rate", period, **rate, met=met, status=status),
        figure("dossiers.resolved_late", period, numerator=late, value=late),
        figure("dossiers.late_allowance", period, numerator=1, value=1),
    ]
    made = {"unit": folder, "period": period, "audience": "shared", "cut": "calendar", "as_of": ""}
    content = {
        "made_at": "2025-01-07 08:00:00",
        "data_day": "2025-01-05",
        "identity_holds": True,
        "seconds": {},
        "unit": {"name": f"xã {folder}", "authority": f"UBND xã {folder}", "parent": ""},
        **record,
    }
    content["parameters"] = made | record.get("parameters", {})
    (place / "indicators.json").write_text(json.dumps(rows), encoding="utf-8")
    (place / "run.json").write_text(json.dumps(content), encoding="utf-8")
    for name in DOCUMENTS:
        (place / name).write_bytes(b"")
    return place
