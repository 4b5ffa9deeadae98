"""The list for the office's morning meeting: open dossiers that are due soon or likely late.

Internal: it names dossiers by their code and who handles them. What leaves the office is in the
brief, as numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from ..phrases import key_text
from ..words import date, label, number, percent, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["LIKELY", "SOON", "chance_text", "row_line", "watch_lines", "watch_rows", "when"]
__all__ += ["write"]

SOON = 5  # working days to due
LIKELY = 0.2  # chance of being late
COLUMNS = (
    ("code", "text", 28), ("procedure_code", "text", 24), ("field", "text", 18),
    ("channel", "text", 14), ("officer", "text", 20), ("due_on", "date", 13),
    ("days_to_due", "int", 12), ("stage", "text", 24), ("days_at_stage", "number", 12),
    ("chance_late", "percent", 12), ("n_like", "int", 12), ("paused", "text", 12),
    ("told_on", "date", 13),
)  # fmt: skip


def watch_rows(q: PeriodView, soon: int = SOON) -> list[dict[str, Any]]:
    """The open dossiers that are overdue, due within ``soon`` working days, or late with a chance
    of ``LIKELY`` or more, the likeliest first: ``COLUMNS``, dates as dates, None where unknown.
    ``told_on`` is the day of the register that last told of it, where newer ones do not.
    Raises :class:`ParameterError` for a negative ``soon``.
    """
    if soon < 0:
        raise ParameterError(say("watch.negative"))
    rows = []
    old = dict(zip(q.unconfirmed["code"], q.unconfirmed["told_on"], strict=True))
    for row in q.outlook.watch.to_dict("records"):
        row["told_on"] = old.get(row["code"])
        if not row["paused"] and (_is_near(row, soon) or (row["chance_late"] or 0) >= LIKELY):
            rows.append({name: _plain(row[name]) for name, _, _ in COLUMNS})
    return rows


def _is_overdue(row: Mapping[Any, Any]) -> bool:
    return bool(row["chance_late"] == 1)


def _is_near(row: Mapping[Any, Any], soon: int) -> bool:
    return _known(row["days_to_due"]) and row["days_to_due"] <= soon


def _known(value: Any) -> bool:
    import pandas as pd

    return not pd.isna(value)


def _plain(value: Any) -> Any:
    if not _known(value):
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime().date()
    return value.item() if hasattr(value, "item") else value


def watch_lines(q: PeriodView, soon: int = SOON) -> list[str]:
    """The same for a terminal, after a line on the whole and before one on what it is worth."""
    rows = watch_rows(q, soon)
    open_now = len(q.outlook.watch)
    overdue = sum(_is_overdue(row) for row in rows)
    near = sum(not _is_overdue(row) and _is_near(row, soon) for row in rows)
    lines = [
        say(
            "watch.head", day=date(q.outlook.data_day), all=number(open_now),
            overdue=number(overdue), near=number(near), n_likely=number(len(rows) - overdue - near),
            soon=number(soon), likely=percent(LIKELY, 0),
        )
    ]  # fmt: skip
    if q.as_of is not None and q.as_of != q.outlook.data_day:
        days = {"asked": date(q.as_of), "day": date(q.outlook.data_day)}
        lines.append(say("watch.newest", **days))
    lines += [row_line(row) for row in rows]
    if not rows:
        lines.append(say("watch.none"))
    paused = int(q.outlook.watch["paused"].sum())
    if paused:
        lines.append(say("watch.paused", n=number(paused)))
    return lines


def row_line(row: Mapping[str, Any]) -> str:
    """One row of :func:`watch_rows` as a line."""
    key = "line_overdue" if _is_overdue(row) else "line"
    line = say(
        f"watch.{key}", code=row["code"], due=date(row["due_on"]) if row["due_on"] else "…",
        when=when(row["days_to_due"]), stage=_stage(row["stage"], row["days_at_stage"]),
        chance=chance_text(row["chance_late"]), officer=row["officer"] or "…",
    )  # fmt: skip
    return line + (say("watch.told_on", day=date(row["told_on"])) if row["told_on"] else "")


def _stage(stage: str, days: float | None) -> str:
    """At which step a dossier stands, and for how many working days, as far as that is known."""
    if days is None:
        return stage or say("watch.no_log")
    spent = number(round(days, 1), 1)
    key = "watch.at_stage" if stage else "watch.no_log_days"
    return say(key, stage=stage, days=spent)


def when(days: int | None) -> str:
    """How far the due day is, in words."""
    if days is None:
        return label("mark.no_data")
    if days < 0:
        return say("watch.overdue", n=number(-days))
    return say("watch.today") if days == 0 else say("watch.left", n=number(days))


def chance_text(chance: float | None) -> str:
    """A chance in whole per cent, never 0 % or 100 % unless it is certain."""
    if chance is None or chance != chance:
        return label("mark.no_data")
    if chance >= 1:
        return say("watch.certain")
    if chance < 0.01:
        return say("watch.hardly", least=percent(0.01, 0))
    return percent(min(round(chance, 2), 0.99), 0)


def write(q: PeriodView, path: Path, soon: int = SOON) -> Path:
    """The list as a file, see :func:`.listing.write`."""
    from . import listing
    from .xlsx import meta_of

    sheet = {
        "name": say("watch.sheet"), "title": say("watch.title"),
        "columns": [
            {"label": _head(name), "type": kind, "width": width} for name, kind, width in COLUMNS
        ],
        "rows": [
            [_shown(name, row[name]) for name, _, _ in COLUMNS] for row in watch_rows(q, soon)
        ],
        "notes": [say("watch.note")],
    }  # fmt: skip
    return listing.write(path, sheet, meta_of(q))


def _head(name: str) -> str:
    return label(f"col.{name}")


def _shown(name: str, value: Any) -> Any:
    if name == "channel" and value:
        return key_text(name, value)
    if name == "paused":
        return label("word.yes") if value else ""
    return value
