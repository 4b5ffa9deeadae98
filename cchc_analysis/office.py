"""An office and one of its periods: the objects a notebook works with.

``open`` finds the workspace and the unit, ``Office.period`` the span of days, and the
``PeriodView`` then answers from the store: the dossiers of the period with what each counts
as, the late ones, the figures with their comparisons, the breakdowns, and what the data cannot
say. Nothing is computed before it is asked for.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import handover
from . import plan as plans
from .errors import DataError, ParameterError, PeriodError, UnitError, WorkspaceError
from .period import Period
from .store import Export, Store, windows
from .words import date, say

if TYPE_CHECKING:
    import pandas as pd

    from .causes.attribution import Attribution, Finding
    from .causes.outlook import Outlook
    from .causes.picture import Picture
    from .engine import Engine
    from .indicators.feedback import Feedback
    from .indicators.results import Result, Value
    from .indicators.satisfaction import Satisfaction
    from .indicators.service_quality import ServiceQuality
    from .workdays import Calendar

__all__ = ["AUDIENCES", "Office", "PeriodView", "open"]

AUDIENCES = ("shared", "internal")
COMPARED = ("previous", "same_last_year", "year_to_date")
PARTIAL_EXPORT = 0.5  # an export with fewer of the known dossiers proves nothing by absence


def open(path: str | Path = ".", unit: str | None = None, *, engine: str = "duckdb") -> Office:
    """The office ``unit`` of the workspace at ``path`` (or its ``data`` folder).

    ``unit`` may be left out where the workspace has one only. ``engine`` is ``duckdb``,
    ``local[n]`` or ``spark://host:port``. Raises :class:`WorkspaceError`, :class:`UnitError`.
    """
    workspace = Path(path)
    if (workspace / "plans").is_dir() and not (workspace / "data").is_dir():
        workspace = workspace.resolve().parent
    return Office(workspace, _only_unit(workspace, unit), engine)


def _only_unit(workspace: Path, unit: str | None) -> str:
    known = plans.units(workspace)
    if unit is not None:
        return unit
    if len(known) == 1:
        return known[0]
    if not known:
        raise WorkspaceError(say("office.no_unit", folder=workspace.name or "."))
    raise UnitError(say("office.which_unit", units=", ".join(known)))


class Office:
    """One unit of a workspace: its rules, its calendar, its store."""

    def __init__(self, workspace: Path, unit: str, engine: str = "duckdb") -> None:
        self.workspace = workspace
        self.unit = plans.load_unit(workspace, unit)
        self.store = Store(workspace, unit)
        self._engine_name = engine

    def __repr__(self) -> str:
        return f"<Office {self.unit.slug}: {self.unit.name}>"

    @cached_property
    def engine(self) -> Engine:
        from .engine import engine

        return engine(self._engine_name)

    def calendar(self, name: str | None = None) -> Calendar:
        """The unit's working days, or those of the calendar ``name``."""
        from .workdays import Calendar

        return Calendar.of(name or self.unit.calendar, workspace=self.workspace)

    def plan(self, year: int) -> plans.Plan:
        """The plan of a year; without targets and tasks where there is none."""
        return plans.load(self.workspace, self.unit.slug, year)

    @cached_property
    def catalogue(self) -> frozenset[str] | None:
        """Codes of procedures with an online service; None without a catalogue."""
        return plans.online_procedures(self.workspace)

    def latest(self, *, as_of: str | dt.date | None = None, audience: str = "shared") -> PeriodView:
        """The quarter that the newest register reaches into, or had by the end of ``as_of``.

        Raises :class:`DataError` where nothing was known.
        """
        day = _day(as_of)
        reached = windows(self.store.exports("dossiers", as_of=day))
        if not reached:
            raise DataError(_nothing_known(self, day))
        last = reached[-1][1]
        label = f"{last.year}-Q{(last.month + 2) // 3}"
        return self.period(label, as_of=as_of, audience=audience)

    def period(
        self,
        label: str,
        *,
        cut: str = "calendar",
        as_of: str | dt.date | None = None,
        audience: str = "shared",
    ) -> PeriodView:
        """The period ``label`` (``2024-Q1`` …), cut by ``calendar`` or ``reporting`` days.

        ``as_of`` shows what was known at the end of that day. Raises :class:`PeriodError` for
        a period that cannot be read, lies in the future or has no data.
        """
        if audience not in AUDIENCES:
            raise ParameterError(_choose("audience", audience, AUDIENCES))
        if cut not in ("calendar", "reporting"):
            raise ParameterError(_choose("cut", cut, ("calendar", "reporting")))
        day = _day(as_of)
        rules = self.plan(Period.parse(label).year).rules
        period = Period.parse(label, cut=cut, closing_day=rules.closing_day)
        view = PeriodView(self, period, as_of=day, audience=audience)
        view.check()
        handover.take(view)
        return view


@dataclass(frozen=True)
class Identity:
    """carried over + received = resolved + ended without result + ended undated + open."""

    carried_over: int
    received: int
    resolved: int
    ended_without_result: int
    ended_undated: int
    open: int
    next_carried_over: int

    @property
    def gap(self) -> int:
        ended = self.resolved + self.ended_without_result + self.ended_undated
        return self.carried_over + self.received - ended - self.open

    @property
    def holds(self) -> bool:
        return self.gap == 0 and self.open == self.next_carried_over


class PeriodView:
    """One period of one office (``q`` in the notebooks).

    ``dossiers``, ``late``, ``open_overdue`` are pandas frames; ``results`` the figures;
    ``by("field")`` the breakdowns; ``exports`` the files they were made from.
    """

    def __init__(
        self, office: Office, period: Period, *, as_of: dt.date | None, audience: str
    ) -> None:
        self.office = office
        self.period = period
        self.as_of = as_of
        self.audience = audience

    def __repr__(self) -> str:
        return f"<{self.office.unit.name}, {self.period.title} ({self.start} – {self.end})>"

    # -- the span ---------------------------------------------------------------------------

    @property
    def start(self) -> dt.date:
        return self.period.start

    @property
    def end(self) -> dt.date:
        """The last day counted; as of a day inside the period, the day before it."""
        if self.as_of is not None and self.as_of <= self.period.end:
            return self.as_of - dt.timedelta(days=1)
        return self.period.end

    @cached_property
    def exports(self) -> list[Export]:
        """The dossier exports that this view rests on, oldest first."""
        return self.office.store.exports("dossiers", as_of=self.as_of)

    @property
    def inputs(self) -> list[Export]:
        """Every export that the figures may rest on: the dossiers' as known then, and those of the
        tables that are cut by row, whenever they were made.
        """
        rows = ("steps", "survey", "feedback", "digital", "tasks")
        return [*self.exports, *(e for table in rows for e in self.office.store.exports(table))]

    @cached_property
    def data_day(self) -> dt.date:
        """The newest export moment used; the brief's own date."""
        return max(export.exported_at for export in self.exports).date()

    @cached_property
    def complete(self) -> bool:
        """Whether the exports' windows cover every day of the period."""
        return self.end == self.period.end and any(
            start <= self.start and self.end <= end for start, end in windows(self.exports)
        )

    def check(self) -> None:
        """Raises :class:`PeriodError` or :class:`DataError` when there is nothing to show."""
        title = self.period.title
        if not self.exports:
            raise DataError(_nothing_known(self.office, self.as_of))
        if self.start > self.data_day or self.end < self.start:
            raise PeriodError(say("office.future", period=title, day=date(self.data_day)))
        spans = windows(self.exports)
        if not any(start <= self.end and self.start <= end for start, end in spans):
            known = "; ".join(f"{date(start)} – {date(end)}" for start, end in spans)
            raise PeriodError(say("office.no_data", period=title, known=known))

    # -- the plan ---------------------------------------------------------------------------

    @cached_property
    def plan(self) -> plans.Plan:
        return self.office.plan(self.period.year)

    @property
    def calendar(self) -> Calendar:
        return self.office.calendar(self.plan.rules.calendar)

    @property
    def target(self) -> plans.Target | None:
        return self.plan.target("dossiers.on_time_rate")

    # -- the dossiers -----------------------------------------------------------------------

    @cached_property
    def prepared(self) -> Any:
        """Every dossier known, with how and when it ended: a lazy frame of the engine."""
        from .engine import current_dossiers
        from .indicators.dossiers import prepare

        office = self.office
        frame = current_dossiers(office.store, office.unit, office.engine, self.as_of)
        return office.engine.keep(
            prepare(
                frame.to_native(), late_rule=self.plan.rules.late_rule, eligible=office.catalogue
            )
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        return self._counts(self.start, self.end)

    def _counts(self, start: dt.date, end: dt.date) -> dict[str, int]:
        from .indicators.dossiers import FLAGS, flag, tally

        row = collect(tally(flag(self.prepared, start, end))).iloc[0]
        return {name: 0 if row[name] != row[name] else int(row[name]) for name in FLAGS}

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """The dossiers of the period: received, carried over, ended or refused in it, sorted by
        code, with one boolean column for each thing a dossier may count as.
        """
        import narwhals as nw

        from .indicators.dossiers import flag

        flagged = nw.from_native(flag(self.prepared, self.start, self.end))
        touched = nw.any_horizontal(
            *("received", "carried_over", "resolved", "ended_without_result", "ended_undated"),
            *("open", "refused", "not_yet_received"),
            ignore_nulls=True,
        )
        frame = collect(flagged.filter(touched).to_native())
        return frame.sort_values("code", ignore_index=True)

    @cached_property
    def late(self) -> pd.DataFrame:
        """Dossiers resolved late in the period, with ``late_days`` (working days, null outside
        the calendar) and ``recorded_only``; sorted by finishing day.
        """
        frame = self.dossiers[self.dossiers["resolved_late"]]
        days = self.calendar.between_many(frame["due_on"], frame["ended_on"])
        frame = frame.assign(
            late_days=days, recorded_only=frame["late_recorded_only"].astype(bool)
        ).sort_values(["ended_on", "code"], ignore_index=True)
        return self._with_causes(frame)

    @cached_property
    def open_overdue(self) -> pd.DataFrame:
        """Dossiers open and overdue on the period's last day, with ``late_days`` until it, and
        ``recorded_only`` where the work was done by the due day and the system not closed.
        """
        import pandas as pd

        frame = self.dossiers[self.dossiers["open_overdue"]]
        ends = pd.Series(pd.Timestamp(self.end), index=frame.index)
        days = self.calendar.between_many(frame["due_on"], ends)
        end_of_due_day = frame["due_on"] + pd.Timedelta(days=1)
        done = (frame["returned_at"] < end_of_due_day) | (frame["worked_until"] < end_of_due_day)
        frame = frame.assign(late_days=days, recorded_only=done.astype(bool)).sort_values(
            ["due_on", "code"], ignore_index=True
        )
        return self._with_causes(frame)

    @cached_property
    def attribution(self) -> Attribution:
        """What finds the causes; its ``timeline`` holds the steps of every dossier known."""
        from .causes import by_hand
        from .causes.attribution import Attribution
        from .causes.timeline import Timeline

        recorded = by_hand.load(self.office.workspace, self.office.unit.slug, self.as_of)
        return Attribution(Timeline(self), recorded)

    @cached_property
    def picture(self) -> Picture:
        """Whether lateness is news, where it gathers, when it comes and why the rate moved."""
        from .causes.picture import Picture

        return Picture(self)

    @cached_property
    def outlook(self) -> Outlook:
        """Which dossiers open on the data day will be late, and what such forecasts were worth."""
        from .causes.outlook import Outlook

        return Outlook(self)

    def _with_causes(self, late: pd.DataFrame) -> pd.DataFrame:
        found = self.attribution.find(late)
        self._findings.update(found)
        return late.assign(
            stage=[found[code].stage for code in late["code"]],
            cause=[found[code].cause for code in late["code"]],
        )

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {}

    def finding(self, code: str) -> Finding:
        """Why a dossier of ``late`` or ``open_overdue`` is late, with all that was weighed."""
        if code not in self._findings:
            _ = self.late, self.open_overdue
        return self._findings[code]

    @cached_property
    def open(self) -> pd.DataFrame:
        """Dossiers open on the period's last day, the longest waiting first."""
        frame = self.dossiers[self.dossiers["open"]]
        return frame.sort_values(["received_at", "code"], ignore_index=True)

    # -- the figures ------------------------------------------------------------------------

    @cached_property
    def columns(self) -> frozenset[str]:
        """The register's columns, as far as every export that overlaps the period has them."""
        near = [e for e in self.exports if _overlaps(e, self.start, self.end)] or self.exports
        return frozenset.intersection(*(frozenset(e.receipt.columns) for e in near))

    @cached_property
    def values(self) -> dict[str, Value]:
        return self._values(self.counts)

    def _values(self, counts: dict[str, int]) -> dict[str, Value]:
        from .indicators.results import dossier_values

        return dossier_values(
            counts,
            columns=self.columns,
            has_catalogue=self.office.catalogue is not None or "online_level" in self.columns,
            target=self.target,
        )

    def rooms(self, plan: plans.Plan) -> dict[str, Value]:
        """The figures on satisfaction, feedback, tasks, the digital indicators of ``plan`` and the
        quality of service.
        """
        from .indicators import digital, feedback, satisfaction, service_quality, tasks

        return {
            **satisfaction.values(self), **feedback.values(self),
            **digital.values(self, plan.indicators), **tasks.values(self),
            **service_quality.values(self),
        }  # fmt: skip

    @cached_property
    def satisfaction(self) -> Satisfaction:
        """The survey of the period."""
        from .indicators.satisfaction import Satisfaction

        return Satisfaction(self)

    @cached_property
    def feedback(self) -> Feedback:
        """The feedback register of the period."""
        from .indicators.feedback import Feedback

        return Feedback(self)

    @cached_property
    def service_quality(self) -> ServiceQuality:
        """The quality of service by the set in force, under its own rules."""
        from .indicators.service_quality import ServiceQuality

        return ServiceQuality(self)

    @cached_property
    def compared(self) -> dict[str, PeriodView]:
        """The views to compare with, where both periods are covered: ``previous``,
        ``same_last_year``, ``year_to_date``.
        """
        if not self.complete:
            return {}
        found = {}
        for name in COMPARED:
            view = self.beside(getattr(self.period, name)())
            if view.complete:
                found[name] = view
        return found

    def beside(self, period: Period) -> PeriodView:
        """Another period of the same office, seen as of the same day from the same rows."""
        view = PeriodView(self.office, period, as_of=self.as_of, audience=self.audience)
        view.__dict__["prepared"] = self.prepared
        if "attribution" in self.__dict__ and view.plan.rules == self.plan.rules:
            view.__dict__["attribution"] = self.attribution
        return view

    @cached_property
    def results(self) -> list[Result]:
        """The rows of ``indicators.json``: every fixed id once."""
        from .indicators.results import results

        return results(
            {**self.values, **self.rooms(self.plan)},
            plan=self.plan,
            period=self.period.label,
            span=(self.start.isoformat(), self.end.isoformat()),
            cut=self.period.cut,
            complete=self.complete,
            before={
                name: {**view.values, **view.rooms(self.plan)}
                for name, view in self.compared.items()
            },
        )

    def result(self, id: str) -> Result:
        """One figure by its id. Raises :class:`ParameterError` with a near match."""
        for row in self.results:
            if row.id == id:
                return row
        raise ParameterError(_choose("id", id, [row.id for row in self.results]))

    @cached_property
    def identity(self) -> Identity:
        after = self.end + dt.timedelta(days=1)
        counts = self.counts
        return Identity(
            carried_over=counts["carried_over"],
            received=counts["received"],
            resolved=counts["resolved"],
            ended_without_result=counts["ended_without_result"],
            ended_undated=counts["ended_undated"],
            open=counts["open"],
            next_carried_over=self._counts(after, after)["carried_over"],
        )

    # -- breakdowns -------------------------------------------------------------------------

    def by(self, key: str) -> pd.DataFrame:
        """Counts of each flag by ``field``, ``procedure_code``, ``channel`` or ``month``.

        One row a value; for ``month`` one row a month of the period, in order, with what each
        count means in that month alone.
        """
        if key not in self._breakdowns:
            self._breakdowns[key] = self._by(key)
        return self._breakdowns[key]

    @cached_property
    def _breakdowns(self) -> dict[str, pd.DataFrame]:
        return {}

    def _by(self, key: str) -> pd.DataFrame:
        import pandas as pd

        from .indicators.dossiers import FLAGS, tally

        if key == "month":
            months = [m for m in self.period.months() if m.start <= self.end]
            rows = [
                {"month": m.label, **self._counts(m.start, min(m.end, self.end))} for m in months
            ]
            return pd.DataFrame(rows, columns=["month", *FLAGS])
        if key not in ("field", "procedure_code", "channel", "officer"):
            raise ParameterError(
                _choose("by", key, ("field", "procedure_code", "channel", "month"))
            )
        counts: pd.DataFrame = tally(self.dossiers, key)
        return counts.sort_values(key, ignore_index=True, na_position="last")

    # -- what the data cannot say -------------------------------------------------------------

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """Rows set aside in the exports of the period and not accepted from any other export:
        ``file, sheet, row, column, rule, remedy, code``.
        """
        import pandas as pd

        known = set(collect(_codes(self.prepared))["code"])
        rows = [
            {
                "file": row.file, "sheet": row.sheet, "row": row.row, "column": row.column,
                "rule": row.rule, "remedy": row.remedy, "code": row.code,
            }
            for export in self.exports
            if _overlaps(export, self.start, self.end)
            for row in export.set_aside
            if row.code is None or row.code not in known
        ]  # fmt: skip
        columns = ["file", "sheet", "row", "column", "rule", "remedy", "code"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def set_aside_range(self) -> tuple[float | None, float | None]:
        """The on-time rate if every set-aside row were late, and if every one were in time."""
        from .indicators.dossiers import ON_TIME, WITH_DUE, total

        extra = int((self.set_aside["rule"] != "not_yet_received").sum())
        k, n = total(self.counts, ON_TIME), total(self.counts, WITH_DUE)
        if n + extra == 0:
            return None, None
        return k / (n + extra), (k + extra) / (n + extra)

    @cached_property
    def vanished(self) -> pd.DataFrame:
        """Dossiers of the period that a newer export should hold and does not: ``code``,
        ``last_seen`` (file), ``absent_from`` (file). They stay counted.
        """
        import pandas as pd

        rows = []
        frame = self.dossiers
        for export in self.exports:
            start, end = export.receipt.window_from, export.receipt.window_to
            if not (start and end and _overlaps(export, self.start, self.end)):
                continue
            first = pd.Timestamp(start)
            after = pd.Timestamp(end) + pd.Timedelta(days=1)
            held = set(_export_codes(export))
            inside = (frame["received_at"] >= first) & (frame["received_at"] < after)
            if held & set(frame.loc[frame["received_at"] < first, "code"]):
                ended = frame["ended_at"]
                inside |= (frame["received_at"] < first) & ~(ended < first)
            older = inside & (frame["exported_at"] < pd.Timestamp(export.exported_at))
            expected = set(frame.loc[inside, "code"])
            if expected and len(expected & held) < PARTIAL_EXPORT * len(expected):
                continue
            held |= {row.code for row in export.set_aside if row.code}
            names = {e.id: e.receipt.file for e in self.exports}
            rows += [
                {"code": code, "last_seen": names[seen], "absent_from": export.receipt.file}
                for code, seen in zip(
                    frame.loc[older, "code"], frame.loc[older, "export"], strict=True
                )
                if code not in held
            ]
        found = pd.DataFrame(rows, columns=["code", "last_seen", "absent_from"])
        return found.drop_duplicates("code", keep="last").sort_values("code", ignore_index=True)

    @cached_property
    def notices(self) -> list[str]:
        """What the first page must say about the data, as sentences; most grave first."""
        said = []
        if not self.identity.holds:
            said.append(say("office.identity_broken", gap=self.identity.gap))
        if not self.complete:
            said.append(say("office.incomplete", span=f"{date(self.start)} – {date(self.end)}"))
        if self.plan.year is None:
            said.append(say("office.no_plan", year=self.period.year))
        if any(
            not e.receipt.window_stated and _overlaps(e, self.start, self.end) for e in self.exports
        ):
            said.append(say("office.window_inferred"))
        if self.as_of is not None:
            said.append(say("office.as_of", day=date(self.as_of)))
        return said


def _nothing_known(office: Office, day: dt.date | None) -> str:
    key = "engine.no_dossiers" if day is None else "office.nothing_known"
    return say(key, unit=office.unit.name, day=date(day) if day else "")


def _overlaps(export: Export, start: dt.date, end: dt.date) -> bool:
    first, last = export.receipt.window_from, export.receipt.window_to
    return first is None or last is None or (first <= end and start <= last)


def _codes(native: Any) -> Any:
    import narwhals as nw

    return nw.from_native(native).select("code").to_native()


def _export_codes(export: Export) -> list[str]:
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(export.path)).project("code").fetchall()
    return [code for (code,) in rows]


def collect(native: Any) -> pd.DataFrame:
    """A lazy frame of any engine as pandas, with plain booleans and timestamps."""
    import narwhals as nw

    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pandas")
    collected: pd.DataFrame = frame.to_native()
    return collected


def _day(as_of: str | dt.date | None) -> dt.date | None:
    if as_of is None or as_of == "":
        return None
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return dt.date.fromisoformat(as_of)
    except ValueError:
        raise ParameterError(say("office.bad_day", day=as_of)) from None


def _choose(name: str, given: str, choices: Any) -> str:
    near = difflib.get_close_matches(str(given), list(choices), n=1)
    hint = near[0] if near else ", ".join(choices)
    return say("office.choose", name=name, given=given, hint=hint)
