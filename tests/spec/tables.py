"""Tiny tables of dossiers: a line a dossier, a column a field, ``.`` for empty."""

from __future__ import annotations

import pandas as pd

MOMENTS = (
    "received_at", "due_at", "finished_at", "returned_at", "ended_seen_at", "worked_until",
    "exported_at", "supplement_requested_at",
)  # fmt: skip


def dossiers(text: str) -> pd.DataFrame:
    """``code received_at …`` in the first line, then a line a dossier; days are ISO, with
    ``T08:30`` where the time matters.
    """
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0]).replace(".", None)
    for name in frame.columns:
        if name in MOMENTS:
            frame[name] = pd.to_datetime(frame[name], format="ISO8601").astype("datetime64[us]")
        elif name in ("fee", "supplements"):
            frame[name] = pd.to_numeric(frame[name])
        elif name.startswith(("digitised", "paid")):
            frame[name] = frame[name].map({"x": True, None: False}).astype("boolean")
    return frame
