"""Every dossier figure of every unit, in one pass over the store.

A brief looks at one unit. A province looks at hundreds: every count and rate of the dossiers by
unit × period × field. Made brief by brief that reads the store once a unit and a period; here each
file is read once, whatever the number of periods. Units whose figures follow the same rules (how
late is told, which days a period has, what the log's steps are called) go together. On one
machine they go some at a time, so that memory stays flat however many there are; a Spark cluster
gets all of them at once and parts the work itself. The definitions are those of
:mod:`.indicators.dossiers`, so the figures are those of the units' briefs.

The table holds small groups and is not for publication: it is written under ``internal/``.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import plan as plans
from .atomic import put
from .engine import Engine, collect, engine, known_steps, newest, worked_until
from .errors import DataError, ParameterError, PeriodError, UnitError
from .garbage import no_rounds
from .indicators.dossiers import (
    COUNTS,
    FLAG_INPUTS,
    FLAGS,
    RATES,
    bounds,
    prepare,
    tally_spans,
)
from .known import Told
from .misspelt import choose
from .office import Office
from .period import parse_day
from .stages import Stages
from .store import Export
from .view import PeriodView
from .words import say

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

__all__ = ["BY", "Province", "figures", "write"]

BY = ("field", "procedure_code", "channel")
KEY = ("unit", "code")
FOLDER = "_all"  # of all units, as a consolidation's


@dataclass(frozen=True)
class Province:
    """The figures, one row a unit, period and group, and the units left out, each with its reason.

    ``figures`` is sorted by unit, period and group. It has ``unit``, ``period``, ``from``, ``to``,
    ``complete`` (whether the exports cover the period), the column of the grouping, each count, and
    of each rate its value (a share, null over nothing), ``<rate>.numerator`` and
    ``<rate>.denominator``. A figure whose columns the unit's register lacks is null.
    """

    figures: pd.DataFrame
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Unit:
    """What the pass needs of one unit: its files, and for each of its periods the view and rule."""

    office: Office
    views: tuple[PeriodView, ...]
    late_rules: tuple[str, ...]
    dossiers: tuple[Export, ...]
    steps: tuple[Told, ...]

    @property
    def rules(self) -> tuple[Any, ...]:
        """What must be equal for units to go through the pass together."""
        spans = tuple((q.period, q.start, q.end) for q in self.views)
        return spans, self.late_rules, tuple(sorted(self.office.unit.stages.items()))

    @property
    def rows(self) -> int:
        return sum(export.receipt.accepted for export in self.dossiers)


def figures(
    workspace: Path,
    periods: Sequence[str],
    units: Sequence[str] = (),
    *,
    by: str | None = "field",
    cut: str = "calendar",
    as_of: str | dt.date | None = None,
    source: str = "duckdb",
) -> Province:
    """Every dossier figure of ``units`` (all of the workspace by default) in each of ``periods``.

    ``by`` is one of :data:`BY`, None for one row a unit and period. ``cut`` and ``as_of`` as for
    :meth:`.office.Office.period`; ``source`` is an engine's name (:func:`.engine.engine`).
    Raises :class:`ParameterError`, :class:`PeriodError`, :class:`UnitError`, and
    :class:`DataError` where no unit has figures.
    """
    if by is not None and by not in BY:
        raise ParameterError(choose("by", by, BY))
    day = parse_day(as_of)
    known = plans.units(workspace)
    for slug in units:
        if slug not in known:
            raise UnitError(
                say("plan.unknown_unit", unit=slug[:60], hint="", units=", ".join(known))
            )
    found: list[_Unit] = []
    missing: list[str] = []

    def opened() -> Iterator[_Unit]:
        for slug in sorted(set(units or known)):
            office = Office(workspace, slug, source)
            made, told = _look(office, tuple(dict.fromkeys(periods)), cut, day)
            missing.extend(told)
            if made is not None:
                found.append(made)
                yield made

    place, catalogue = engine(source), plans.online_procedures(workspace)
    with no_rounds(), ThreadPoolExecutor(1) as aside:  # some are counted while others are opened
        waiting = [
            aside.submit(_count, group, place, by, catalogue, day)
            for group in _parts(opened(), place.rows)
        ]
        counted = [frame for part in waiting for frame in part.result()]
    if not found:
        raise DataError("; ".join(missing) or say("office.no_unit", folder=workspace.name))
    return Province(_table(counted, found, by, catalogue is not None), tuple(missing))


def write(workspace: Path, made: Province) -> list[Path]:
    """Writes ``figures.csv`` and ``figures.parquet`` under ``internal/_all`` of the workspace, in
    a folder named by the first and the last period. Gives the paths.

    The CSV is UTF-8 with a mark that Excel knows it by; equal figures make equal bytes.
    """
    import duckdb

    labels = sorted(set(made.figures["period"]))
    folder = workspace / "internal" / FOLDER / "_".join(dict.fromkeys((labels[0], labels[-1])))
    text = made.figures.to_csv(index=False, lineterminator="\n")
    put(folder / "figures.csv", text.encode("utf-8-sig"))
    with tempfile.TemporaryDirectory() as temporary, duckdb.connect() as connection:
        parquet = Path(temporary) / "figures.parquet"
        connection.from_df(made.figures).write_parquet(str(parquet), compression="zstd")
        put(folder / "figures.parquet", parquet.read_bytes())
    return [folder / "figures.csv", folder / "figures.parquet"]


def _look(
    office: Office, periods: Iterable[str], cut: str, day: dt.date | None
) -> tuple[_Unit | None, list[str]]:
    """The unit's periods that have figures, and why the others have none."""
    views: list[PeriodView] = []
    told = []
    exports = office.store.exports()
    known = [e for e in exports if e.table == "dossiers"]
    if day is not None:
        known = [e for e in known if e.exported_at.date() <= day]
    for label in periods:
        period = office.span(label, cut)
        view = PeriodView(office, period, as_of=day, audience="internal")
        view.knowledge.exports = known  # read already
        try:
            view.check()
        except (DataError, PeriodError) as error:
            told.append(say("forms.unit_missing", unit=office.unit.slug, reason=str(error)))
            continue
        views.append(view)
    if not views:
        return None, told
    late_rules = tuple(office.rules(q.period.year).late_rule for q in views)
    logged = any(export.table == "steps" for export in exports)
    steps = tuple(views[0].told("steps")) if logged else ()
    return _Unit(office, tuple(views), late_rules, tuple(known), steps), told


def _parts(units: Iterable[_Unit], rows: int | None) -> Iterator[list[_Unit]]:
    """Units with the same rules, so many at a time as have ``rows`` between them."""
    groups: dict[tuple[Any, ...], list[_Unit]] = {}
    held: Counter[tuple[Any, ...]] = Counter()
    for unit in units:
        rules = unit.rules
        if rows is not None and held[rules] and held[rules] + unit.rows > rows:
            yield groups.pop(rules)
            held[rules] = 0
        groups.setdefault(rules, []).append(unit)
        held[rules] += unit.rows
    yield from groups.values()


def _count(
    units: Sequence[_Unit],
    place: Engine,
    by: str | None,
    catalogue: frozenset[str] | None,
    day: dt.date | None,
) -> list[pd.DataFrame]:
    """The counts of units with the same rules, of every period: ``unit, period``, ``by`` and each
    flag; a frame for each rule of lateness.
    """
    import narwhals as nw

    first = units[0]
    frame = _versions(units, place, day).to_native()
    keys = ["unit", *([by] if by else [])]
    counted = []
    for rule in dict.fromkeys(first.late_rules):
        views = [q for q, own in zip(first.views, first.late_rules, strict=True) if own == rule]
        spans = place.spans([(q.period.label, *bounds(q.start, q.end)) for q in views])
        prepared = nw.from_native(prepare(frame, late_rule=rule, eligible=catalogue))
        needed = prepared.select(*dict.fromkeys((*keys, *FLAG_INPUTS))).to_native()
        table = collect(tally_spans(needed, spans, keys))
        counted.append(table.rename(columns={"span": "period"}))
    return counted


def _versions(units: Sequence[_Unit], place: Engine, day: dt.date | None) -> nw.LazyFrame[Any]:
    """The newest version of each dossier of ``units``, with ``worked_until`` for those that the
    register has as late; of the others no figure asks it.
    """
    import narwhals as nw

    versions = place.scan_units([e.path for unit in units for e in unit.dossiers])
    frame = newest(versions, KEY)
    logs = [each for unit in units for each in unit.steps]
    if not logs:
        return frame.with_columns(worked_until=nw.lit(None).cast(nw.Datetime("us")))
    ended = nw.coalesce(nw.col("finished_at"), nw.col("returned_at"))
    late = versions.filter(ended > nw.col("due_at")).select(*KEY)
    steps = place.scan_units([each.export.path for each in logs]).join(
        late, on=list(KEY), how="semi"
    )
    stages = Stages.of(units[0].office.unit, units[0].office.store.workspace)
    worked = worked_until(known_steps(steps, logs, day, KEY), stages, KEY)
    return frame.join(worked, on=list(KEY), how="left")


def _table(
    counted: Sequence[pd.DataFrame], units: Sequence[_Unit], by: str | None, has_catalogue: bool
) -> pd.DataFrame:
    """The counts of all parts with what each unit's register can say, and the rates of them."""
    import pandas as pd

    keys = ["unit", "period"]
    views = {(u.office.unit.slug, q.period.label): q for u in units for q in u.views}
    spans = pd.DataFrame(
        [
            {
                "unit": slug, "period": label, "from": q.start.isoformat(),
                "to": q.end.isoformat(), "complete": q.complete, "columns": q.columns,
            }
            for (slug, label), q in views.items()
        ]
    )  # fmt: skip
    counts = pd.concat(counted, ignore_index=True)
    counts = counts[(counts[list(FLAGS)] > 0).any(axis=1)]
    rows = spans.merge(counts, on=keys, how="inner" if by else "left")
    rows[list(FLAGS)] = rows[list(FLAGS)].fillna(0).astype("Int64")
    rows = rows.sort_values([*keys, *([by] if by else [])], ignore_index=True, na_position="last")
    made = {name: rows[name] for name in (*keys, "from", "to", "complete", *([by] if by else []))}
    kinds = rows["columns"].drop_duplicates()

    def lacking(needs: Iterable[str]) -> pd.Series[bool]:
        without = {have for have in kinds if not set(needs) <= have}
        return rows["columns"].isin(without)

    for name, needs in COUNTS.items():
        made[name] = rows[name].mask(lacking(needs))
    for name, rate in RATES.items():
        no = lacking(rate.needs)
        if name == "online_rate_eligible" and not has_catalogue:
            no |= lacking(("online_level",))
        above = rows[list(rate.numerator)].sum(axis=1).mask(no)
        below = rows[list(rate.denominator)].sum(axis=1).mask(no)
        made[name] = (above.astype("Float64") / below.mask(below == 0)).astype("Float64")
        made[f"{name}.numerator"], made[f"{name}.denominator"] = above, below
    return pd.DataFrame(made)
