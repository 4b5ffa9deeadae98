"""What changed since a period was first reported.

A register is exported again and again, and a dossier that has ended should read the same each time.
Where a newer export tells its days, its status or what it was otherwise, leaves it out or brings
one that nobody had seen, the period's figures move after they were published: a *restatement*. It
may be a correction or it may be figures wished better; either way a reader is told of it.

*First reported* is a period on the first day by whose end the exports' windows cover all of it, or,
while none do, on the day of the first export that reaches into it; ``since`` names another day.
What is compared is what was known then with what is known now, as it bears on the period: what a
dossier was on the period's last day. That one which was open then has ended since, has its result
handed over or an apology written is how work goes on, and no restatement; it may move figures all
the same (an apology rate), and those are told apart. Moments are compared by day, unless the plan
says that lateness goes by the hour; a column is compared where both exports have it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .errors import ParameterError
from .indicators.dossiers import FLAGS, NO_RESULT, PAUSED, RESULT
from .store import windows
from .words import date, fold, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from .store import Export
    from .view import PeriodView

__all__ = ["CHANGES", "Restatements"]

CHANGES = (
    "received_moved", "due_moved", "finish_moved", "return_moved", "status_turned",
    "value_changed", "appeared", "vanished",
)  # fmt: skip
MOMENTS = {
    "received_at": "received_moved", "due_at": "due_moved", "finished_at": "finish_moved",
    "returned_at": "return_moved",
}  # fmt: skip
AT_INTAKE = ("procedure_code", "field", "channel", "digitised_intake", "fee", "online_level")
AT_THE_END = ("supplements", "digitised_result", "paid_online", "notified_by", "apology")
ENDED = ("resolved", *NO_RESULT, "undated")
COLUMNS = ["code", "change", "field", "was", "now"]
DAY = dt.timedelta(days=1)


def first_day(q: PeriodView) -> dt.date:
    """The day as of which the period was first reported."""
    days = sorted({export.exported_at.date() for export in q.exports})
    for day in days:
        spans = windows(e for e in q.exports if e.exported_at.date() <= day)
        if any(start <= q.start and q.period.end <= end for start, end in spans):
            return max(day, q.period.end + DAY)
    reached = next(export for export in q.exports if _reaches(export, q))
    return max(reached.exported_at.date(), q.start + DAY)


def _reaches(export: Export, q: PeriodView) -> bool:
    return any(start <= q.period.end and q.start <= end for start, end in windows([export]))


@dataclass(frozen=True)
class _Pair:
    """A dossier as it was known first and as it is known now, and the columns of both exports."""

    was: Mapping[str, Any]
    now: Mapping[str, Any]
    columns: frozenset[str]


class Restatements:
    """What changed in a period since it was first reported; made by ``q.restatements``.

    ``since`` is another day to compare with. Raises :class:`ParameterError` for one on which
    nothing was known of the period.
    """

    def __init__(self, q: PeriodView, since: dt.date | None = None) -> None:
        from .view import PeriodView

        self.asked = since is not None
        day = since or first_day(q)
        self.since = day if q.as_of is None else min(day, q.as_of)
        self.first = PeriodView(q.office, q.period, as_of=self.since, audience=q.audience)
        if self.first.end < q.start or not any(_reaches(e, q) for e in self.first.exports):
            raise ParameterError(say("restatements.nothing_then", day=date(self.since)))
        self.now = q
        if self.first.end < q.end:  # reported within the period: nothing to say of later days
            self.now = q.beside(q.period)
            self.now.__dict__["end"] = self.first.end

    def __repr__(self) -> str:
        return say("reprs.restatements", title=self.now.period.title, day=date(self.since))

    @cached_property
    def same(self) -> bool:
        """Whether nothing was exported since."""
        return [e.id for e in self.first.inputs] == [e.id for e in self.now.inputs]

    @property
    def complete(self) -> bool:
        """Whether the period was whole when it was first reported, so that figures compare."""
        return self.first.complete

    @cached_property
    def withdrawn(self) -> list[Export]:
        """Registers that reached into the period and were taken out of the store."""
        store, kept = self.now.office.store, {e.receipt.sha256 for e in self.now.exports}
        return [
            export
            for export in store.exports("dossiers", as_of=self.now.as_of, withdrawn=True)
            if export.withdrawn is not None
            and export.receipt.sha256 not in kept
            and _reaches(export, self.now)
        ]

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """A row a change, by code: ``code, change`` (of ``CHANGES``), ``field`` (the register's
        column, None where the whole dossier came or went), ``was``, ``now`` (files there).
        """
        import pandas as pd

        rows = [] if self.same else [*self._changed(), *self._appeared(), *self._vanished()]
        rows.sort(key=lambda row: (row["code"], CHANGES.index(row["change"]), row["field"] or ""))
        return pd.DataFrame(rows, columns=COLUMNS, dtype=object)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """A row a figure that reads otherwise now: ``id, first, now`` (values as in
        ``indicators.json``), ``restated`` (bool): whether restated rows move it, or only what
        came to pass after the period. Empty where the period was not whole at first.
        """
        import pandas as pd

        columns = ["id", "first", "now", "restated"]
        if self.same or not self.complete:
            return pd.DataFrame(columns=columns)
        first = {**self.first.values, **self.first.rooms(self.first.plan)}
        restated = self.first._values(self._counts_restated())
        rows = [
            {
                "id": row.id, "first": first[row.id].value, "now": row.value,
                "restated": restated.get(row.id, row).value != first[row.id].value,
            }
            for row in self.now.results
            if row.id in first and first[row.id].value != row.value
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def _counts_restated(self) -> dict[str, int]:
        """The first counts, with the restated dossiers as they are now."""
        codes = set(self.dossiers["code"])
        then, now = (
            view.dossiers.loc[view.dossiers["code"].isin(codes), list(FLAGS)].sum()
            for view in (self.first, self.now)
        )
        return {name: n + int(now[name]) - int(then[name]) for name, n in self.first.counts.items()}

    # -- the two versions of a dossier ------------------------------------------------------------

    @cached_property
    def _codes(self) -> tuple[set[str], set[str]]:
        return set(self.first.dossiers["code"]), set(self.now.dossiers["code"])

    @cached_property
    def _then(self) -> dict[str, dict[str, Any]]:
        return self._versions(self.first)

    @cached_property
    def _today(self) -> dict[str, dict[str, Any]]:
        return self._versions(self.now)

    def _versions(self, view: PeriodView) -> dict[str, dict[str, Any]]:
        """The dossiers that either view has in the period, as ``view`` knows them."""
        first, now = self._codes
        frame = view.register[view.register["code"].isin(first | now)]
        plain: Any = frame.astype(object).where(frame.notna(), None)
        return {row["code"]: row for row in plain.to_dict("records")}

    def _changed(self) -> Iterator[dict[str, Any]]:
        columns = {e.id: frozenset(e.receipt.columns) for e in self.now.exports}
        for code in sorted(self._then.keys() & self._today.keys()):
            was, now = self._then[code], self._today[code]
            if was["export"] == now["export"]:
                continue
            both = columns[was["export"]] & columns[now["export"]]
            for change, field in self._differences(_Pair(was, now, both)):
                yield dict(zip(COLUMNS, (code, change, field, was[field], now[field]), strict=True))

    def _differences(self, pair: _Pair) -> Iterator[tuple[str, str]]:
        was, now = pair.was, pair.now
        then, today = self._state(was), self._state(now)
        for field, change in MOMENTS.items():
            if field not in pair.columns:
                continue
            before, after = self._moment(was[field], field), self._moment(now[field], field)
            put_off = field == "due_at" and _put_off(was, before, after)
            if before != after and not (put_off and then == today == "open"):
                yield change, field
        if "status" in pair.columns and self._turned(was["status"], now["status"], then, today):
            yield "status_turned", "status"
        ended = then in ENDED and today in ENDED
        for field in (*AT_INTAKE, *(AT_THE_END if ended else ())):
            owed = field == "apology" and was[field] is None  # written since, as it should be
            if field in pair.columns and _value(was[field]) != _value(now[field]) and not owed:
                yield "value_changed", field

    def _moment(self, moment: Any, field: str) -> Any:
        """A moment as it is compared; an end after the period's last day is none yet."""
        if moment is None or (field in ("finished_at", "returned_at") and moment >= self._after):
            return None
        return moment if self.now.plan.rules.late_rule == "time" else moment.date()

    @cached_property
    def _after(self) -> dt.datetime:
        return dt.datetime.combine(self.now.end + DAY, dt.time())

    def _state(self, row: Mapping[str, Any]) -> str:
        """What a dossier was on the period's last day."""
        outcome, ended = str(row["outcome"]), row["ended_at"]
        if outcome in ENDED and (ended is None or ended >= self._after):
            return "open"
        return outcome

    @staticmethod
    def _turned(was: Any, now: Any, then: str, today: str) -> bool:
        if was == now or was == "new" or (was in RESULT and now in RESULT):
            return False
        return not then == today == "open"

    def _appeared(self) -> Iterator[dict[str, Any]]:
        """Dossiers of the period that no export had then, though one should have: it covered the
        day of receipt, or they are listed now as those are that are carried over.
        """
        spans = windows(self.first.exports)
        exports = {e.id: e for e in self.now.exports}
        known = set(self.first.register["code"])
        for code in sorted(self._codes[1] - known):
            row = self._today[code]
            export, day = exports[row["export"]], row["received_at"].date()
            if _covers(spans, day) or not _covers(windows([export]), day):
                yield dict(zip(COLUMNS, (code, "appeared", None, None, export.receipt.file),
                               strict=True))  # fmt: skip

    def _vanished(self) -> Iterator[dict[str, Any]]:
        before = set(self.first.vanished["code"])
        for row in self.now.vanished.to_dict("records"):
            if row["code"] not in before and row["code"] in self._then:
                yield dict(zip(COLUMNS, (row["code"], "vanished", None, row["last_seen"], None),
                               strict=True))  # fmt: skip


def _put_off(was: Mapping[str, Any], before: Any, after: Any) -> bool:
    """Whether a due day was put off while the office waited for papers or a payment."""
    return was["status"] in PAUSED and before is not None and after is not None and before < after


def _value(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def _covers(spans: list[tuple[dt.date, dt.date]], day: dt.date) -> bool:
    return any(start <= day <= end for start, end in spans)
