"""What became of the dossiers: received, resolved, late, open.

Follow one dossier. It is *received* once; it *ends* once, with a result or without; in between
it is *open*. Whether it belongs to a period follows from these two moments alone, so that for
every period

    carried over + received = resolved + ended without a result + ended undated + open

and what is open at the end of one period is carried over into the next. ``prepare`` finds how
and when each dossier ended, ``flag`` says what it counts as in a period, ``tally`` adds up.
Each takes any frame narwhals knows (pandas, polars, a DuckDB relation, Spark) and answers in
kind. The words are those of the reporting form II.06a/VPCP/KSTT; Decision 766/QĐ-TTg counts
otherwise and is not followed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce, wraps
from operator import or_
from typing import Any

import narwhals as nw

from ..errors import ParameterError
from ..planfile import hint
from ..stats.intervals import wilson_expressions
from ..words import say

__all__ = [
    "COUNTS",
    "RATES",
    "Rate",
    "flag",
    "late_allowance",
    "on_time",
    "prepare",
    "tally",
]

RESULT = ("resolved", "handed_over")
NO_RESULT = ("withdrawn", "stopped")
PAUSED = ("supplement", "payment")

_TYPES: dict[str, Any] = {
    "code": nw.String,
    "procedure_code": nw.String,
    "procedure": nw.String,
    "field": nw.String,
    "channel": nw.String,
    "received_at": nw.Datetime("us"),
    "due_at": nw.Datetime("us"),
    "finished_at": nw.Datetime("us"),
    "returned_at": nw.Datetime("us"),
    "status": nw.String,
    "supplements": nw.Int64,
    "supplement_requested_at": nw.Datetime("us"),
    "digitised_intake": nw.Boolean,
    "digitised_result": nw.Boolean,
    "fee": nw.Float64,
    "paid_online": nw.Boolean,
    "notified_by": nw.String,
    "apology": nw.String,
    "online_level": nw.String,
    "ended_seen_at": nw.Datetime("us"),
    "worked_until": nw.Datetime("us"),
}


@dataclass(frozen=True)
class Rate:
    """A share of counts: names of the flags to add up above and below the line.

    ``needs`` lists the register's columns without which it has no value.
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    needs: tuple[str, ...] = ()


ON_TIME = ("resolved_early", "resolved_on_day")
WITH_DUE = (*ON_TIME, "resolved_late")

COUNTS: dict[str, tuple[str, ...]] = {  # id without its room → columns it needs
    "received": (),
    "received_online": ("channel",),
    "received_direct": ("channel",),
    "received_postal": ("channel",),
    "carried_over": (),
    "resolved": (),
    "resolved_early": ("due_at",),
    "resolved_on_day": ("due_at",),
    "resolved_late": ("due_at",),
    "ended_without_result": (),
    "withdrawn": (),
    "stopped": (),
    "ended_undated": (),
    "refused": (),
    "not_yet_received": (),
    "open": (),
    "open_within": ("due_at",),
    "open_overdue": ("due_at",),
    "paused": (),
    "paused_past_due": ("due_at",),
    "without_due": (),
    "late_recorded_only": ("due_at",),
    "late_recorded_handed_over": ("due_at",),
    "late_recorded_work_done": ("due_at",),
    "returned_stands_in": (),
}

RATES: dict[str, Rate] = {
    "on_time_rate": Rate(ON_TIME, WITH_DUE, ("due_at",)),
    "on_time_rate_by_due": Rate(("due_kept",), ("due_in",), ("due_at",)),
    "on_time_rate_with_open": Rate(ON_TIME, (*WITH_DUE, "open_overdue"), ("due_at",)),
    "apology_rate": Rate(("apologised",), ("resolved_late", "open_overdue"), ("apology", "due_at")),
    "online_rate": Rate(("received_online",), ("received",), ("channel",)),
    "online_rate_eligible": Rate(("eligible_online",), ("eligible",), ("channel",)),
    "paid_online_rate": Rate(("fee_paid_online",), ("fee_due",), ("fee", "paid_online")),
    "digitised_intake_rate": Rate(
        ("paper_digitised",),
        ("received_direct", "received_postal"),
        ("channel", "digitised_intake"),
    ),
    "digitised_intake_rate_all": Rate(("digitised",), ("received",), ("digitised_intake",)),
    "digitised_result_rate": Rate(("result_digitised",), ("resolved",), ("digitised_result",)),
    "notified_rate": Rate(("notified",), ("resolved",), ("notified_by",)),
    "supplement_rate": Rate(("supplemented",), ("received",), ("supplements",)),
    "postal_rate": Rate(("received_postal",), ("received",), ("channel",)),
}
NEEDED = frozenset(
    column
    for needs in (*COUNTS.values(), *(rate.needs for rate in RATES.values()))
    for column in needs
)

_PARTS = (
    "due_kept", "due_in", "apologised", "eligible", "eligible_online", "fee_due",
    "fee_paid_online", "paper_digitised", "digitised", "result_digitised", "notified",
    "supplemented",
)  # fmt: skip
FLAGS: tuple[str, ...] = (*COUNTS, *_PARTS)
# What ``flag`` looks at, of all that ``prepare`` gives.
FLAG_INPUTS = (
    *("outcome", "ended_at", "ended_on", "due_on", "late", "online_eligible"),
    *("handed_over_in_time", "work_done_in_time", "status", "channel", "received_at", "due_at"),
    *("finished_at", "supplements", "supplement_requested_at", "digitised_intake"),
    *("digitised_result", "fee", "paid_online", "notified_by", "apology"),
)


def _in_kind(function: Callable[..., Any]) -> Callable[..., Any]:
    """pandas goes through DuckDB and comes back: one meaning of null for every engine, and
    millions of rows stay quick. The index of a pandas frame is not kept."""

    @wraps(function)
    def wrapper(frame: Any, *args: Any, **options: Any) -> Any:
        if not nw.dependencies.is_pandas_dataframe(frame):
            return function(frame, *args, **options)
        import duckdb

        with duckdb.connect() as connection:
            return function(connection.from_df(frame), *args, **options).df()

    return wrapper


@_in_kind
def prepare(frame: Any, *, late_rule: str = "day", eligible: Collection[str] | None = None) -> Any:
    """Adds how and when each dossier ended, and whether that was late.

    ``frame`` has the dossier columns of the store; those it lacks count as empty. Adds
    ``outcome`` (resolved, withdrawn, stopped, undated, open, refused, new), ``ended_at``,
    ``due_on``, ``ended_on``, ``late`` (null without a due date), ``online_eligible`` and the
    two kinds of evidence for a delay in the register only.

    ``late_rule``: ``"day"`` compares days, ``"time"`` compares instants. ``eligible`` are the
    eight-character procedure codes with an online service, None for no catalogue.
    """
    data = nw.from_native(frame)
    have = data.collect_schema()
    data = data.with_columns(
        **{
            name: nw.col(name).cast(kind) if name in have else nw.lit(None).cast(kind)
            for name, kind in _TYPES.items()
        }
    )
    status, finished, returned = nw.col("status"), nw.col("finished_at"), nw.col("returned_at")
    result = _one_of("status", RESULT)
    none = status.is_null()
    ended_badly = _one_of("status", NO_RESULT)
    last = nw.coalesce(finished, returned)
    data = data.with_columns(
        outcome=nw.when((status == "refused").fill_null(False))
        .then(nw.lit("refused"))
        .otherwise(
            nw.when(ended_badly & (~last.is_null() | ~nw.col("ended_seen_at").is_null()))
            .then(status)
            .otherwise(
                nw.when(
                    ~ended_badly & (~finished.is_null() | (result | none) & ~returned.is_null())
                )
                .then(nw.lit("resolved"))
                .otherwise(
                    nw.when(result | ended_badly)
                    .then(nw.lit("undated"))
                    .otherwise(
                        nw.when((status == "new").fill_null(False))
                        .then(nw.lit("new"))
                        .otherwise(nw.lit("open"))
                    )
                )
            )
        ),
    )
    outcome = nw.col("outcome")
    data = data.with_columns(
        ended_at=nw.when(outcome == "resolved")
        .then(last)
        .otherwise(
            nw.when(_one_of("outcome", NO_RESULT))
            .then(nw.coalesce(last, nw.col("ended_seen_at")))
            .otherwise(nw.when(outcome == "undated").then(nw.col("received_at")))
        ),
        due_on=nw.col("due_at").dt.truncate("1d"),
    )
    data = data.with_columns(ended_on=nw.col("ended_at").dt.truncate("1d"))
    after = (
        nw.col("ended_at") > nw.col("due_at")
        if late_rule == "time"
        else nw.col("ended_on") > nw.col("due_on")
    )
    late = nw.when(outcome == "resolved").then(after)
    data = data.with_columns(late=late)
    is_late = nw.col("late").fill_null(False)
    levels = _one_of("online_level", ("full", "partial"))
    listed = (
        nw.col("procedure_code").str.slice(0, 8).is_in(sorted(eligible)).fill_null(False)
        if eligible is not None
        else nw.lit(False)
    )
    data = data.with_columns(
        online_eligible=nw.when(~nw.col("online_level").is_null()).then(levels).otherwise(listed),
        handed_over_in_time=is_late & _on_or_before(returned),
        work_done_in_time=is_late & _on_or_before(nw.col("worked_until")),
    )
    return data.to_native()


def _one_of(name: str, words: Sequence[str]) -> nw.Expr:
    """Whether a column says one of a few words: some engines look into a list row by row."""
    first, *rest = ((nw.col(name) == word).fill_null(False) for word in words)
    return reduce(or_, rest, first)


def _on_or_before(moment: nw.Expr) -> nw.Expr:
    return (moment.dt.truncate("1d") <= nw.col("due_on")).fill_null(False)


@_in_kind
def flag(prepared: Any, start: dt.date, end: dt.date) -> Any:
    """Adds one boolean column for each of ``FLAGS``: what the dossier counts as from ``start``
    to ``end``, both included. ``prepared`` comes from :func:`prepare`.
    """
    first, after = bounds(start, end)
    return _flag(nw.from_native(prepared), nw.lit(first), nw.lit(after)).to_native()


def bounds(start: dt.date, end: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moment at which the days from ``start`` to ``end`` begin, and that after them."""
    midnight = dt.time()
    after = dt.datetime.combine(end + dt.timedelta(days=1), midnight)
    return dt.datetime.combine(start, midnight), after


def _flag(data: Any, first: nw.Expr, after: nw.Expr) -> Any:
    """See :func:`flag`. What several flags ask is asked once, and words are compared but once: text
    is what an engine is slowest at.
    """

    def yes(condition: nw.Expr) -> nw.Expr:
        return condition.fill_null(False)

    def within(name: str) -> nw.Expr:
        return yes((nw.col(name) >= first) & (nw.col(name) < after))

    col, one_of = nw.col, _one_of
    data = data.with_columns(
        _resolved=one_of("outcome", ["resolved"]),
        _withdrawn=one_of("outcome", ["withdrawn"]),
        _stopped=one_of("outcome", ["stopped"]),
        _undated=one_of("outcome", ["undated"]),
        _refused=one_of("outcome", ["refused"]),
        _new=one_of("outcome", ["new"]),
        _going=one_of("outcome", ["open"]),
        _online=one_of("channel", ["online"]),
        _direct=one_of("channel", ["direct"]),
        _postal=one_of("channel", ["postal"]),
        _waits=one_of("status", PAUSED),
        _received_in=within("received_at"),
        _ended_in=within("ended_at"),
        _due_in=within("due_at"),
        _due_past=yes(col("due_at") < after),
        _begun=yes(col("received_at") < after),
        _not_ended=col("ended_at").is_null() | yes(col("ended_at") >= after),
        _late=yes(col("late")),
    )
    data = data.with_columns(
        _member=~(col("_refused") | col("_new")),
        _bad=col("_withdrawn") | col("_stopped"),
        _result=col("_resolved") & col("_ended_in"),
    )
    data = data.with_columns(
        received=col("_member") & col("_received_in"),
        open=col("_member") & col("_begun") & col("_not_ended"),
        resolved_late=col("_result") & col("_late"),
        _in_time=col("_result") & ~col("due_at").is_null() & ~col("_late"),
    )
    data = data.with_columns(
        paused=col("open") & col("_going") & col("_waits"),
        _fee=col("received") & yes(col("fee") > 0),
        _eligible=col("received") & col("online_eligible"),
    )
    received, late, is_open = col("received"), col("resolved_late"), col("open")
    overdue = is_open & ~col("paused") & col("_due_past")
    due_in = (
        col("_member")
        & col("_due_in")
        & ~col("_undated")
        & ~(col("_bad") & ~col("_not_ended"))
        & ~col("paused")
        & col("_begun")
    )
    digitised = yes(col("digitised_intake"))
    supplemented = (
        yes(col("supplements") >= 1)
        | ~col("supplement_requested_at").is_null()
        | yes(col("status") == "supplement")
    )
    return data.with_columns(
        received_online=received & col("_online"),
        received_direct=received & col("_direct"),
        received_postal=received & col("_postal"),
        carried_over=col("_member")
        & yes(col("received_at") < first)
        & (col("ended_at").is_null() | yes(col("ended_at") >= first)),
        resolved=col("_result"),
        resolved_early=col("_in_time") & yes(col("ended_on") < col("due_on")),
        resolved_on_day=col("_in_time") & yes(col("ended_on") >= col("due_on")),
        ended_without_result=col("_bad") & col("_ended_in"),
        withdrawn=col("_withdrawn") & col("_ended_in"),
        stopped=col("_stopped") & col("_ended_in"),
        ended_undated=col("_undated") & col("_ended_in"),
        refused=col("_refused") & col("_received_in"),
        not_yet_received=col("_new") & col("_received_in"),
        open_within=is_open & ~col("paused") & ~col("_due_past"),
        open_overdue=overdue,
        paused_past_due=col("paused") & col("_due_past"),
        without_due=col("_result") & col("due_at").is_null(),
        late_recorded_only=late & (col("handed_over_in_time") | col("work_done_in_time")),
        late_recorded_handed_over=late & col("handed_over_in_time"),
        late_recorded_work_done=late & col("work_done_in_time"),
        returned_stands_in=col("_result") & col("finished_at").is_null(),
        due_in=due_in,
        due_kept=due_in & col("_resolved") & ~col("_late"),
        apologised=(late | overdue) & yes(col("apology") == "written"),
        eligible=col("_eligible"),
        eligible_online=col("_eligible") & col("_online"),
        fee_due=col("_fee"),
        fee_paid_online=col("_fee") & yes(col("paid_online")),
        paper_digitised=received & (col("_direct") | col("_postal")) & digitised,
        digitised=received & digitised,
        result_digitised=col("_result") & yes(col("digitised_result")),
        notified=col("_result") & one_of("notified_by", ["zalo", "sms"]),
        supplemented=received & supplemented,
    ).drop(*_ASIDE)


_ASIDE = (
    *("_resolved", "_withdrawn", "_stopped", "_undated", "_refused", "_new", "_online"),
    *("_direct", "_postal", "_waits", "_received_in", "_ended_in", "_due_in", "_due_past"),
    *("_begun", "_not_ended", "_late", "_member", "_bad", "_result", "_in_time", "_fee"),
    "_eligible",
    "_going",
)


def tally_spans(prepared: Any, spans: Any, by: Sequence[str] = ()) -> Any:
    """How many dossiers carry each flag in each of many spans of days, in one pass.

    ``prepared`` comes from :func:`prepare`; ``spans`` is a frame of the same kind with ``span`` (a
    name), ``first`` and ``after`` (:func:`bounds`). One row a span and value of ``by``; none for a
    span that no dossier touches.
    """
    data = nw.from_native(prepared).join(nw.from_native(spans), how="cross")
    first, after, ended = nw.col("first"), nw.col("after"), nw.col("ended_at")

    def yes(condition: nw.Expr) -> nw.Expr:
        return condition.fill_null(False)

    begun = yes(nw.col("received_at") < after) | yes(ended < after)
    lasts = [yes(nw.col(name) >= first) for name in ("received_at", "due_at", "ended_at")]
    touched = data.filter(begun & (ended.is_null() | lasts[0] | lasts[1] | lasts[2]))
    return tally(_flag(touched, first, after).to_native(), ["span", *by])


@_in_kind
def tally(flagged: Any, by: str | Sequence[str] | None = None) -> Any:
    """How many dossiers carry each flag, in all (one row) or for each value of ``by``. Raises
    :class:`ParameterError` for a column that there is none of.
    """
    data = nw.from_native(flagged)
    keys = [by] if isinstance(by, str) else list(by or ())
    for key in keys:
        if key not in (columns := data.collect_schema().names()):
            raise ParameterError(say("office.no_column", name=key) + hint(key, columns))
    sums = {name: nw.col(name).cast(nw.Int64).sum() for name in FLAGS}
    whole = data.group_by(keys).agg(**sums) if keys else data.select(**sums)
    return whole.with_columns(nw.col(*FLAGS).cast(nw.Int64)).to_native()


def total(counts: Mapping[Any, Any], names: Sequence[str]) -> int:
    """The sum of the named flags."""
    return sum(int(counts[name]) for name in names)


@_in_kind
def on_time(frame: Any, by: str | None = None) -> Any:
    """The on-time rate (early and on the day over resolved with a due date), by ``by``.

    ``frame`` is a period's dossiers (``q.dossiers``), whose flags decide what counts, or any
    frame with dossier columns, then all that it holds is one period. Returns a frame of the
    same kind: ``by`` if given, ``numerator``, ``denominator``, ``value``, ``low``, ``high``
    (shares; Wilson's 95 % interval), sorted by ``by``. Raises :class:`ParameterError` as
    :func:`tally`.

    >>> on_time(q.dossiers).round(4)
       numerator  denominator   value     low    high
    0        599          636  0.9418  0.9208  0.9575
    """
    if "resolved_late" not in nw.from_native(frame).collect_schema():
        frame = flag(prepare(frame), dt.date(1, 1, 1), dt.date(9998, 12, 31))
    counts = nw.from_native(tally(frame, by))
    k = sum((nw.col(name) for name in ON_TIME[1:]), nw.col(ON_TIME[0])).cast(nw.Float64)
    n = sum((nw.col(name) for name in WITH_DUE[1:]), nw.col(WITH_DUE[0])).cast(nw.Float64)
    low, high = wilson_expressions(k, n)
    shown = counts.select(
        *([by] if by else []),
        numerator=k.cast(nw.Int64),
        denominator=n.cast(nw.Int64),
        value=nw.when(n > 0).then(k / n),
        low=low,
        high=high,
    )
    return (shown.sort(by) if by else shown).to_native()


def late_allowance(resolved_with_due: int, target: Decimal) -> int:
    """The most dossiers that may be late while the target is still met: ⌊n·(1 − target)⌋."""
    return int(resolved_with_due * (1 - target))
