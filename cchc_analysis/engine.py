"""Where the store is read: DuckDB on this machine, Spark on a cluster.

An engine turns Parquet files into a lazy frame; everything after that is written once, with
narwhals, and runs on whichever engine the frame came from. Here are also the views that need
more than one file: the newest version of each dossier, and what the steps log adds to it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from .errors import DataError, ParameterError
from .known import Told, register_end, told
from .stages import HANDING_OVER, Stages
from .words import say

if TYPE_CHECKING:
    import pandas as pd

    from .plan import Unit
    from .store import Store

__all__ = ["DuckDB", "Engine", "Spark", "collect", "current_dossiers", "current_steps", "engine"]

ENDED_WITHOUT_RESULT = ("withdrawn", "stopped")


class Engine(Protocol):
    """Reads Parquet files with the same columns into one lazy frame."""

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]: ...

    def keep(self, native: Any) -> Any:
        """The same frame, computed once however often it is asked."""


class DuckDB:
    """The embedded default: one in-memory connection, nothing to set up."""

    def __init__(self) -> None:
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        self._names = itertools.count()

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        relation = self.connection.read_parquet([str(path) for path in paths], union_by_name=True)
        return nw.from_native(relation).lazy()

    def keep(self, native: Any) -> Any:
        name = f"kept_{next(self._names)}"
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {native.sql_query()}")
        return self.connection.table(name)


class Spark:
    """A Spark session; ``master`` is ``local[2]``, ``spark://host:7077`` …"""

    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise ParameterError(say("engine.no_spark")) from None
        self.session = (
            SparkSession.builder.master(master)
            .appName("cchc_analysis")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.ui.enabled", "false")
            .getOrCreate()
        )

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        frame = self.session.read.option("mergeSchema", "true").parquet(*map(str, paths))
        return nw.from_native(frame).lazy()

    def keep(self, native: Any) -> Any:
        return native.cache()


def engine(name: str = "duckdb") -> Engine:
    """``duckdb``, ``local[n]`` or ``spark://…``. Raises :class:`ParameterError` otherwise."""
    if name == "duckdb":
        return DuckDB()
    if name.startswith(("local", "spark://")):
        return Spark(name)
    raise ParameterError(say("engine.unknown", name=name))


def newest(versions: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The newest version of each dossier, and ``ended_seen_at``.

    The newest is by the export's moment, then by the latest event in the row, then by its
    place in the file. ``ended_seen_at`` is the moment of the first export that says the
    dossier was withdrawn or stopped, null if none does.
    """
    said = nw.when(nw.col("status").is_in(ENDED_WITHOUT_RESULT)).then(nw.col("exported_at"))
    event = nw.max_horizontal("received_at", "finished_at", "returned_at")
    return (
        versions.with_columns(_said=said, _event=event)
        .with_columns(ended_seen_at=nw.col("_said").min().over("code"))
        .unique(
            subset=["code"],
            keep="last",
            order_by=["exported_at", "_event", "export", "sheet", "row"],
        )
        .drop("_said", "_event")
    )


def current_dossiers(
    store: Store, unit: Unit, source: Engine, as_of: dt.date | None = None
) -> nw.LazyFrame[Any]:
    """Every dossier in its newest version, with ``ended_seen_at`` and ``worked_until``.

    ``worked_until`` is the end of the last working step in the log (the handing over of the
    result is none), null without a log or while a working step is still open.
    Raises :class:`DataError` when the store has no dossiers.
    """
    exports = store.exports("dossiers", as_of=as_of)
    if not exports:
        raise DataError(say("engine.no_dossiers", unit=unit.name))
    frame = newest(source.scan([export.path for export in exports]))
    steps = current_steps(store, source, as_of)
    if steps is None:
        return frame.with_columns(worked_until=nw.lit(None).cast(nw.Datetime("us")))
    names = steps.select("stage").unique().collect("pandas").to_native()["stage"].dropna()
    stages = Stages.of(unit, store.workspace)
    handing_over = [name for name in sorted(names) if stages.standard(str(name)) == HANDING_OVER]
    worked = (
        steps.filter(~nw.col("stage").is_in(handing_over) | nw.col("stage").is_null())
        .group_by("code")
        .agg(
            _until=nw.col("left_at").max(),
            _steps=nw.len(),
            _ended=nw.col("left_at").count(),
        )
        .with_columns(
            worked_until=nw.when(nw.col("_steps") == nw.col("_ended")).then(nw.col("_until"))
        )
        .select("code", "worked_until")
    )
    return frame.join(worked, on="code", how="left")


def current_steps(
    store: Store, source: Engine, as_of: dt.date | None = None
) -> nw.LazyFrame[Any] | None:
    """Every step of the log once: ``code, stage, actor, entered_at, left_at, note``, with its
    end and its note if a later export tells them; None without a log.

    As of a day the log is cut by row (:mod:`.known`): steps begun later are not seen, ends that
    came later are not known.
    """
    found = told(store, "steps", as_of, register_end(store, as_of))
    if not found:
        return None
    frame = source.scan([each.export.path for each in found])
    if as_of is not None:
        frame = frame.filter(nw.any_horizontal(*map(_counts, found), ignore_nulls=True))
        after = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
        frame = frame.filter(nw.col("entered_at") < nw.lit(after)).with_columns(
            left_at=nw.when(nw.col("left_at") < nw.lit(after)).then(nw.col("left_at"))
        )
    return frame.group_by("code", "stage", "actor", "entered_at").agg(
        left_at=nw.col("left_at").max(), note=nw.col("note").max()
    )


def _counts(each: Told) -> nw.Expr:
    """Whether a row of the log counts as a row of this export."""
    mine = nw.col("export") == each.export.id
    if each.days is None:
        return mine
    day = nw.col("entered_at").dt.truncate("1d")
    spans = [(dt.datetime.combine(a, dt.time()), dt.datetime.combine(b, dt.time()))
             for a, b in each.days]  # fmt: skip
    inside = [(day >= nw.lit(first)) & (day <= nw.lit(last)) for first, last in spans]
    return mine & nw.any_horizontal(*inside, ignore_nulls=True)


def collect(native: Any) -> pd.DataFrame:
    """A lazy frame of any engine as pandas, with plain booleans and timestamps."""
    import narwhals as nw

    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pandas")
    collected: pd.DataFrame = frame.to_native()
    return collected
