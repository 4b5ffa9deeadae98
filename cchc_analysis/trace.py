"""The rows behind a figure, so that anybody can add it up again.

Every figure of ``indicators.json`` is made of rows that somebody delivered. Each row adds something
``above`` the line, something ``below`` it, or both: a dossier resolved in time adds 1 and 1 to the
on-time rate, one that was late adds 0 and 1. The rows are those that the calculation itself used –
its flags, its answers, its duties – and the adding up here is a second, plain one, so a figure that
does not follow from its rows is found out. By ``rule`` the two sums make the value:

``count``      Σ above
``share``      Σ above / Σ below
``mean``       the mean over ``part`` (the questions) of Σ above / Σ below
``points``     the sum over ``part`` (the indicators) of the points for Σ above / Σ below
``allowance``  ⌊Σ below · (1 − target)⌋
``over``       Σ above − ⌊Σ below · (1 − target)⌋, at least 0
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .engine import collect
from .errors import ParameterError
from .indicators import digital, feedback, own, tasks
from .indicators.dossiers import COUNTS, RATES, WITH_DUE, flag, late_allowance
from .indicators.results import Result
from .words import date, has_label, has_message, inside, label, number, percent, say

if TYPE_CHECKING:
    import pandas as pd

    from .view import PeriodView

__all__ = ["Trace", "trace"]

PLACE = ("file", "sheet", "row")
SUMS = ("above", "below")
MOST = 40  # rows in a terminal
WIDTHS = {"text": 28, "number": 12, "datetime": 18}  # of a sheet's columns
DOSSIER = ("code", "status", "channel", "received_at", "due_at", "finished_at")


@dataclass(frozen=True)
class Trace:
    """A figure with its rows: ``file, sheet, row`` (empty where the plan alone tells), ``code``,
    the columns that decide, ``part`` where the rule adds up parts, ``above`` and ``below``.

    ``numerator``, ``denominator`` and ``value`` are added up from the rows by ``rule``; without
    rows, where the figure has no value, they are None.
    """

    result: Result
    rule: str
    rows: pd.DataFrame
    numerator: float | None
    denominator: float | None
    value: float | None

    @property
    def reproduces(self) -> bool:
        """Whether the rows give the figure: counts exactly, other numbers to 12 digits."""
        wanted = self.result
        if wanted.value is None or self.value is None:
            return wanted.value is None and self.value is None
        counts = ((wanted.numerator, self.numerator), (wanted.denominator, self.denominator))
        exact = all(told is None or told == found for told, found in counts)
        return exact and abs(wanted.value - self.value) <= 1e-12 * max(1.0, abs(wanted.value))

    def as_dict(self) -> dict[str, Any]:
        plain = self.rows.astype(object).where(self.rows.notna(), None)
        return {
            "figure": self.result.as_dict(), "rule": self.rule,
            "recomputed": {
                "numerator": self.numerator, "denominator": self.denominator, "value": self.value,
            },
            "reproduces": self.reproduces, "rows": plain.to_dict("records"),
        }  # fmt: skip

    def lines(self, most: int | None = MOST) -> list[str]:
        """What the terminal shows: what it is, the first ``most`` rows (None: all), the sum."""
        r = self.result
        share = r.unit == label("unit.share")
        shown = _shown(r.value, share)
        told = [
            say("trace.head", label=r.label, id=r.id, period=r.period, value=shown),
            say("trace.definition", text=r.definition),
            say("trace.source", text=r.source),
        ]
        if r.value is None:
            return [*told, say("trace.no_value", status=label(f"figure.{r.status}"))]
        names = [name for name in self._names if name not in PLACE]
        for row in self.rows.head(len(self.rows) if most is None else most).to_dict("records"):
            place = ", ".join(
                [
                    row["file"],
                    *(say(f"trace.{n}", **{n: row[n]}) for n in PLACE[1:] if _cell(n, row[n])),
                ]
            )
            cells = {name: _cell(name, row[name]) for name in names}
            told.append(
                f"  {place}: " + "; ".join(f"{_head(n)} {c}" for n, c in cells.items() if c)
            )
        if most is not None and len(self.rows) > most:
            told.append(say("trace.more", n=number(len(self.rows) - most)))
        told.append(
            say(
                f"trace.{self.rule}", rows=number(len(self.rows)), above=_plain(self.numerator),
                below=_plain(self.denominator), value=_shown(self.value, share),
                target=_shown(r.target, True) if r.target is not None else "",
            )
        )  # fmt: skip
        told.append(say("trace.reproduces" if self.reproduces else "trace.differs"))
        return told

    @property
    def _names(self) -> list[str]:
        """The columns to show."""
        return [n for n in map(str, self.rows) if (n, self.rule) != ("below", "count")]

    def sheet(self) -> dict[str, Any]:
        """All rows as a sheet, see :func:`.briefs.listing.write`."""
        r, names = self.result, self._names
        kinds = {name: _kind(self.rows[name].dtype) for name in names}
        return {
            "name": say("trace.name"),
            "title": say("trace.title", label=r.label, period=r.period),
            "columns": [
                {"label": _head(name), "type": kinds[name], "width": WIDTHS[kinds[name]]}
                for name in names
            ],
            "rows": [
                [
                    _cell(name, row[name]) if kinds[name] == "text" else _filled(row[name])
                    for name in names
                ]
                for row in self.rows.to_dict("records")
            ],
            "notes": [
                say("trace.definition", text=r.definition), say("trace.source", text=r.source)
            ],
        }  # fmt: skip


def trace(q: PeriodView, id: str) -> Trace:
    """The rows behind the figure ``id`` of ``q``, those that decide first: of those that add above
    the line and those that do not, the fewer.

    The shared audience sees none: a row is one person's dossier or form, however its code is
    masked, and a few rows tell the small numbers that a brief hides.

    Raises :class:`ParameterError` for that audience, and with a near match for an id that is none.
    """
    if q.audience == "shared":
        raise ParameterError(say("trace.internal_only"))
    result = q.result(id)
    if result.value is None and not result.denominator:
        rule, rows = "count", _empty()
    else:
        rule, rows = _ROOMS[id.partition(".")[0]](q, id)
    rows = rows.reset_index(drop=True)
    counted = rows["above"] > 0
    rarer = counted if counted.sum() * 2 <= len(rows) else ~counted
    rows = rows.loc[[*rows.index[rarer], *rows.index[~rarer]]].reset_index(drop=True)
    sums = _add_up(rule, rows, q, result) if len(rows) or result.value is not None else (None,) * 3
    return Trace(result, rule, rows, *sums)


def _add_up(
    rule: str, rows: pd.DataFrame, q: PeriodView, result: Result
) -> tuple[float | None, float | None, float | None]:
    above = sum((Fraction(v) for v in rows["above"]), Fraction(0))
    below = sum((Fraction(v) for v in rows["below"]), Fraction(0))
    parts = [
        (str(part), Fraction(int(of["above"].sum()), int(of["below"].sum()) or 1))
        for part, of in (rows.groupby("part", sort=False) if "part" in rows else ())
        if of["below"].sum()
    ]
    if rule == "count":
        return _number(above), None, _number(above)
    if rule == "share":
        return _number(above), _number(below), float(above / below) if below else None
    if rule == "mean":
        shares = [share for _, share in parts]
        return None, None, float(sum(shares, Fraction(0)) / len(shares)) if shares else None
    if rule == "points":
        worth = {s.indicator.id: s.indicator for s in q.service_quality.scored}
        whole = sum(worth[part].points for part, _ in parts)
        return None, whole, float(sum((worth[p].earns(share) for p, share in parts), Fraction(0)))
    target = q.target
    allowed = late_allowance(int(below), target.value) if target and target.value else 0
    found = allowed if rule == "allowance" else max(0, int(above) - allowed)
    return found, None, found


def _number(total: Fraction) -> float:
    return int(total) if total.denominator == 1 else float(total)


# -- the rows of each room ------------------------------------------------------------------------


def _dossiers(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    name = id.partition(".")[2]
    rule, needs = "share", COUNTS.get(name, ())
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    if name in COUNTS:
        rule, above = "count", (name,)
    elif name in RATES:
        above, below = RATES[name].numerator, RATES[name].denominator
        needs = RATES[name].needs
    else:
        rule = "allowance" if name == "late_allowance" else "over"
        above, below = ("resolved_late",) if rule == "over" else (), WITH_DUE
    frame = collect(flag(q.prepared, q.start, q.end))
    sums = {
        name: frame[list(flags)].astype("int64").sum(axis=1)
        for name, flags in zip(SUMS, (above, below), strict=True)
    }
    frame = frame.assign(**sums)
    frame = frame[(frame["above"] > 0) | (frame["below"] > 0)].sort_values("code")
    columns = [*DOSSIER, *(n for n in (*needs, "returned_at") if n not in DOSSIER)]
    return rule, _placed(q, frame, columns)


def _survey(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    found = q.satisfaction
    kind = id.partition(".")[2]
    columns = ["respondent", "item", "answer"]
    told = found.answers[found.answers["valid"]]
    told = told.assign(above=told["satisfied"].astype("int64"), below=1)
    if kind == "responses":
        first = told.drop_duplicates("respondent").assign(above=1, below=0)
        return "count", _placed(q, first, columns)
    if kind == "overall":
        first = told[told["item"] == "overall"].drop_duplicates("respondent")
        return "share", _placed(q, first, columns)
    items = told[told.index.isin(found.items.index)]
    if kind == "index_by_item":
        return "mean", _placed(q, items.assign(part=items["item"]), [*columns, "part"])
    if kind == "index_weighted" and found.weighting is not None:
        weights = dict(zip(found.people.index, found.weighting.weights, strict=True))
        weight = items["respondent"].map(weights)
        items = items.assign(weight=weight, above=weight * items["above"], below=weight)
        return "share", _placed(q, items, [*columns, "field", "channel", "weight"])
    if kind.startswith("factor."):
        items = items[items["factor"] == kind.rpartition(".")[2]]
    return "share", _placed(q, items, columns)


def _feedback(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    rows, name = q.feedback.rows, id.partition(".")[2]
    if name in feedback.COUNTS:
        rule, above, below = "count", rows[feedback.COUNTS[name]], rows["received"] & False
    else:
        rule, above, below = "share", rows["on_time"], rows["on_time"] | rows["late"]
    rows = rows.assign(above=above.astype("int64"), below=below.astype("int64"))
    rows = rows[above | below]
    return rule, _placed(q, rows, ["code", "received_at", "due_at", "finished_at"])


def _digital(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    made = [
        {"code": m.code, "month": m.month, "place": m.place, "above": int(m.numerator or 0),
         "below": int(m.denominator or 0)}
        for m in digital.behind(q, id.partition(".")[2])
    ]  # fmt: skip
    return "share", _told(q, made, ["code", "month"])


def _tasks(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    """A duty is one row, placed at the last of the tracker's rows on it; what only the plan tells
    is placed in the plan's annex.
    """
    made = [
        {"task": duty.task.task, "due_on": duty.due_on, "done_on": duty.done_on,
         "state": duty.state, "evidence": duty.evidence,
         "place": duty.places[-1] if duty.places else (f"{duty.year}/tasks.csv", "", None),
         "above": 1, "below": 0}
        for duty in tasks.behind(q)[id]
    ]  # fmt: skip
    return "count", _told(q, made, ["task", "due_on", "done_on", "state", "evidence"])


def _service_quality(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    import pandas as pd

    sq, group = q.service_quality, id.partition(".")[2]
    shown = [*DOSSIER, "procedure_code", "counted_on", "due_on", "why"]
    register = q.dossiers.set_index("code")
    parts = []
    for scored in sq.scored:
        mine, rows = scored.indicator, scored.answer.rows
        if not mine.points or scored.earned is None or group not in ("total", mine.group):
            continue
        assert rows is not None  # every answer with a share has them
        if "row" not in rows:  # of the dossiers by their code, or of the catalogue
            known = rows["code"].isin(register.index)
            where = register.reindex(rows.loc[known, "code"])
            extra = [c for c in (*PLACE[1:], "export", *DOSSIER[1:]) if c not in rows]
            rows = rows.assign(**{c: where[c].reindex(rows["code"]).array for c in extra})
        parts.append(_placed(q, rows.assign(part=mine.id), [*shown, "part"]))
    return "points", pd.concat(parts, ignore_index=True) if parts else _empty()


def _activities(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    kind, _, people = id.removeprefix("activities.").partition(".")
    rows = q.activities.rows
    rows = rows[rows["kind"] == kind]
    rows = rows.assign(above=rows["people"].fillna(0) if people else rows["count"], below=0)
    return "count", rows[[*PLACE, "date", "title", "document", *SUMS]]


def _own(q: PeriodView, id: str) -> tuple[str, pd.DataFrame]:
    """Of figures of the office's own the dossiers, as far as its file names them."""
    found = own.rows_of(q, id)
    if found is None:
        raise ParameterError(say("trace.bare_number", id=id))
    return found[1], _placed(q, found[0].sort_values("code"), [*DOSSIER])


_ROOMS: dict[str, Callable[[PeriodView, str], tuple[str, pd.DataFrame]]] = {
    "dossiers": _dossiers, "survey": _survey, "feedback": _feedback, "digital": _digital,
    "tasks": _tasks, "service_quality": _service_quality, "activities": _activities,
    "own": _own,
}  # fmt: skip


# -- where a row stands ---------------------------------------------------------------------------


def _files(q: PeriodView) -> Mapping[str, str]:
    return {export.id: export.receipt.file for export in q.office.store.exports()}


def _placed(q: PeriodView, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The rows with the file, sheet and row that they were read from."""
    names = _files(q)
    catalogue = "procedures.csv"
    files = [names.get(export, catalogue) for export in rows["export"]]
    kept = rows.assign(file=files, sheet=rows["sheet"].fillna(""))
    return kept[[*PLACE, *(c for c in columns if c in kept), *SUMS]]


def _told(q: PeriodView, made: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    names = _files(q)
    rows = []
    for row in made:
        export, sheet, line = row["place"]
        rows.append({**row, "file": names.get(export, export), "sheet": sheet, "row": line})
    return pd.DataFrame(rows, columns=[*PLACE, *columns, *SUMS])


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=[*PLACE, *SUMS])


def _head(name: str) -> str:
    key = f"trace.col_{name}"
    return say(key) if has_message(key) else label(f"col.{name}")


def _cell(name: str, value: Any) -> str:
    if value is None or value != value:
        return ""
    key = f"tasks.{value}" if name == "state" else f"{name}.{value}"
    if has_label(key):
        return inside(label(key))
    if has_message(f"trace.{name}_{value}"):
        return say(f"trace.{name}_{value}")
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return f"{date(value.date())} {value:%H:%M}"
    if isinstance(value, dt.date):
        return date(value)
    return _plain(value) if isinstance(value, int | float | Fraction) else str(value)


def _kind(dtype: Any) -> str:
    return {"M": "datetime", "i": "number", "u": "number", "f": "number"}.get(dtype.kind, "text")


def _filled(value: Any) -> Any:
    """None for what is missing, a moment as Python has it."""
    if value is None or value != value:
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value


def _plain(value: Any) -> str:
    if value is None:
        return ""
    whole = float(value).is_integer()
    return number(float(value), 0 if whole else 4)


def _shown(value: float | None, share: bool) -> str:
    if value is None:
        return label("mark.no_data")
    return percent(value, 2) if share else _plain(value)
