"""Where the store is read: DuckDB on this machine, Spark on a cluster.

An engine turns Parquet files into a lazy frame; everything after that is written once, with
narwhals, and runs on whichever engine the frame came from. Here are also the views that need
more than one file: the newest version of each dossier, and what the steps log adds to it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from .errors import DataError, ParameterError
from .known import Span, Told, register_end, told
from .stages import HANDING_OVER, Stages
from .words import say

if TYPE_CHECKING:
    import pandas as pd

    from .plan import Unit
    from .store import Store

__all__ = ["DuckDB", "Engine", "Spark", "collect", "current_dossiers", "current_steps", "engine"]

ENDED_WITHOUT_RESULT = ("withdrawn", "stopped")
SPANS = ("span", "first", "after")


class Engine(Protocol):
    """Reads Parquet files with the same columns into one lazy frame.

    ``rows`` is how many rows it should be given at a time where the work can be parted, None where
    it parts the work itself.
    """

    rows: int | None

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]: ...

    def scan_units(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        """The same of many units' files, with the ``unit`` that each lies under in the store."""

    def keep(self, native: Any) -> Any:
        """The same frame, computed once however often it is asked."""

    def spans(self, rows: Sequence[tuple[str, dt.datetime, dt.datetime]]) -> Any:
        """A frame of ``span, first, after``, for :func:`.indicators.dossiers.tally_spans`."""


class DuckDB:
    """The embedded default: one in-memory connection, nothing to set up."""

    rows: int | None = 3_000_000  # about a gigabyte

    def __init__(self) -> None:
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        self._names = itertools.count()

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        relation = self.connection.read_parquet([str(path) for path in paths], union_by_name=True)
        return nw.from_native(relation).lazy()

    def scan_units(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        relation = self.connection.read_parquet(
            [path.as_posix() for path in paths], union_by_name=True, filename=True
        )
        named = relation.project("* EXCLUDE filename, split_part(filename, '/', -3) AS unit")
        return nw.from_native(named).lazy()

    def keep(self, native: Any) -> Any:
        name = f"kept_{next(self._names)}"
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {native.sql_query()}")
        return self.connection.table(name)

    def spans(self, rows: Sequence[tuple[str, dt.datetime, dt.datetime]]) -> Any:
        import pandas as pd

        frame = pd.DataFrame(rows, columns=list(SPANS))
        moments = {name: frame[name].astype("datetime64[us]") for name in SPANS[1:]}
        return self.connection.from_df(frame.assign(**moments))


class Spark:
    """A Spark session; ``master`` is ``local[2]``, ``spark://host:7077`` …"""

    rows: int | None = None

    def __init__(self, master: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise ParameterError(say("engine.no_spark")) from None
        builder = (
            SparkSession.builder.master(master)
            .appName("cchc_analysis")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.enabled", "false")
        )
        if master.startswith("local"):  # a cluster knows best how finely to part the work
            builder = builder.config("spark.sql.shuffle.partitions", "4")
        self.session = builder.getOrCreate()

    def scan(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        frame = self.session.read.option("mergeSchema", "true").parquet(*map(str, paths))
        return nw.from_native(frame).lazy()

    def scan_units(self, paths: Sequence[Path]) -> nw.LazyFrame[Any]:
        from pyspark.sql import functions as f

        frame = self.session.read.option("mergeSchema", "true").parquet(*map(str, paths))
        folders = f.split(f.col("_metadata.file_path"), "/")
        return nw.from_native(frame.withColumn("unit", f.element_at(folders, -3))).lazy()

    def keep(self, native: Any) -> Any:
        return native.cache()

    def spans(self, rows: Sequence[tuple[str, dt.datetime, dt.datetime]]) -> Any:
        kinds = zip(SPANS, ("string", "timestamp_ntz", "timestamp_ntz"), strict=True)
        schema = ", ".join(f"{name} {kind}" for name, kind in kinds)
        return self.session.createDataFrame(list(rows), schema)


def engine(name: str = "duckdb") -> Engine:
    """``duckdb``, ``local[n]`` or ``spark://…``. Raises :class:`ParameterError` otherwise."""
    if name == "duckdb":
        return DuckDB()
    if name.startswith(("local", "spark://")):
        return Spark(name)
    raise ParameterError(say("engine.unknown", name=name))


def newest(versions: nw.LazyFrame[Any], key: Sequence[str] = ("code",)) -> nw.LazyFrame[Any]:
    """The newest version of each dossier, by ``key``, and ``ended_seen_at``.

    The newest is by the export's moment, then by the latest event in the row, then by whether the
    row has an end (a day may hold both events), then by its place in the file. ``ended_seen_at``
    is the moment of the first export that says the dossier was withdrawn or stopped, null if none
    does.
    """
    ends = (nw.col(name).dt.offset_by("1us") for name in ("finished_at", "returned_at"))
    event = nw.max_horizontal("received_at", *ends)  # a moment more puts an end above a beginning
    said = (
        versions.filter(nw.col("status").is_in(ENDED_WITHOUT_RESULT))
        .group_by(*key)
        .agg(ended_seen_at=nw.col("exported_at").min())
    )
    return (
        versions.with_columns(_event=event)
        .unique(
            subset=list(key),
            keep="last",
            order_by=["exported_at", "_event", "export", "sheet", "row"],
        )
        .drop("_event")
        .join(said, on=list(key), how="left")
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
    worked = worked_until(steps, Stages.of(unit, store.workspace))
    return frame.join(worked, on="code", how="left")


def worked_until(
    steps: nw.LazyFrame[Any], stages: Stages, key: Sequence[str] = ("code",)
) -> nw.LazyFrame[Any]:
    """The end of each dossier's last working step: ``key`` and ``worked_until``, null where a step
    has not ended, or where the log has nothing but the intake.
    """
    names = steps.select("stage").unique().collect("pandas").to_native()["stage"].dropna()
    named = {name: stages.standard(str(name)) for name in sorted(names)}
    handing_over = [name for name, stage in named.items() if stage == HANDING_OVER]
    intake = [name for name in named if stages.is_intake(str(name))]
    at_work = ~nw.col("stage").is_in(intake) | nw.col("stage").is_null()
    return (
        steps.filter(~nw.col("stage").is_in(handing_over) | nw.col("stage").is_null())
        .with_columns(_at_work=nw.when(at_work).then(nw.lit(1)))
        .group_by(*key)
        .agg(
            _until=nw.col("left_at").max(),
            _steps=nw.len(),
            _ended=nw.col("left_at").count(),
            _worked=nw.col("_at_work").count(),
        )
        .with_columns(
            worked_until=nw.when(
                (nw.col("_steps") == nw.col("_ended")) & (nw.col("_worked") > 0)
            ).then(nw.col("_until"))
        )
        .select(*key, "worked_until")
    )


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
    return known_steps(source.scan([each.export.path for each in found]), found, as_of)


def known_steps(
    frame: nw.LazyFrame[Any],
    found: Iterable[Told],
    as_of: dt.date | None,
    key: Sequence[str] = ("code",),
) -> nw.LazyFrame[Any]:
    """As :func:`current_steps`, of the rows of the exports ``found``."""
    if as_of is not None:
        after = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
        frame = frame.filter(_counts(found) & (nw.col("entered_at") < nw.lit(after))).with_columns(
            left_at=nw.when(nw.col("left_at") < nw.lit(after)).then(nw.col("left_at"))
        )
    return frame.group_by(*key, "stage", "actor", "entered_at").agg(
        left_at=nw.col("left_at").max(), note=nw.col("note").max(), row=nw.col("row").min()
    )


def _counts(found: Iterable[Told]) -> nw.Expr:
    """Whether a row of the log counts as a row of its export."""
    exports: dict[tuple[Span, ...] | None, list[str]] = {}
    for each in found:
        exports.setdefault(each.days, []).append(each.export.id)
    day = nw.col("entered_at").dt.truncate("1d")
    counts = nw.col("export").is_in(exports.pop(None, []))
    for spans, ids in exports.items():
        for first, last in spans or ():
            bounds = (nw.lit(dt.datetime.combine(each, dt.time())) for each in (first, last))
            inside = (day >= next(bounds)) & (day <= next(bounds))
            counts |= nw.col("export").is_in(ids) & inside.fill_null(False)
    return counts


def collect(native: Any) -> pd.DataFrame:
    """A lazy frame of any engine as pandas, with plain booleans and timestamps."""
    import narwhals as nw

    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pandas")
    collected: pd.DataFrame = frame.to_native()
    return collected
