"""One period of one office: what the notebooks call ``q``.

It answers from the store – the dossiers of the period with what each counts as, the late ones and
why, the figures with their comparisons, the breakdowns, and what the data cannot say. Nothing is
computed before it is asked for, and everything once.

>>> q.identity
<Cân đối: chuyển sang 12 + tiếp nhận 639 = giải quyết 636 + kết thúc không
 có kết quả 5 + đang giải quyết 10; khớp>
>>> q.by("month")[["month", "received", "resolved_late"]]
     month  received  resolved_late
0  2024-10       237             12
1  2024-11       189             16
2  2024-12       213              9
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import gaps
from . import plan as plans
from .engine import collect
from .errors import DataError, ParameterError, PeriodError
from .gaps import overlaps
from .knowledge import Knowledge
from .known import Span, Told
from .misspelt import choose, no_attribute
from .period import COMPARED, Period, parse_day
from .store import Export, windows
from .words import date, inside, number, say

if TYPE_CHECKING:
    import pandas as pd

    from .briefs.annex import Annex
    from .causes.attribution import Attribution, Finding
    from .causes.holders import Holders
    from .causes.outlook import Outlook
    from .causes.picture import Picture
    from .groups import Groups
    from .indicators.activities import Activities
    from .indicators.feedback import Feedback
    from .indicators.results import Result, Results, Value
    from .indicators.satisfaction import Satisfaction
    from .indicators.service_quality import ServiceQuality
    from .office import Office
    from .restatements import Restatements
    from .suppression import Hidden
    from .workdays import Calendar

__all__ = ["Identity", "PeriodView"]


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

    def __repr__(self) -> str:
        state = "balanced" if self.holds else "unbalanced"
        ended = self.ended_without_result + self.ended_undated
        return say(
            "reprs.identity", carried_over=number(self.carried_over),
            received=number(self.received), resolved=number(self.resolved), ended=number(ended),
            open=number(self.open), state=say(f"reprs.{state}", gap=number(self.gap)),
        )  # fmt: skip


class PeriodView:
    """One period of one office (``q`` in the notebooks).

    ``dossiers``, ``late``, ``open_overdue`` are pandas frames; ``results`` the figures;
    ``by("field")`` the breakdowns; ``exports`` the files they were made from.
    """

    def __init__(
        self,
        office: Office,
        period: Period,
        *,
        as_of: dt.date | None,
        audience: str,
        knowledge: Knowledge | None = None,
        whole: PeriodView | None = None,
    ) -> None:
        self.office = office
        self.period = period
        self.as_of = as_of
        self.audience = audience
        self.knowledge = knowledge or Knowledge(office, as_of, period.year)
        self.whole = whole or self  # the view that this one is compared in

    def __repr__(self) -> str:
        span = say("period.span", start=date(self.start), end=date(self.end))
        name = self.office.unit.name
        return say("reprs.view", name=name, title=self.period.title, span=span)

    def _repr_html_(self) -> str:
        from .display import view_html

        return view_html(self)

    def __getattr__(self, name: str) -> Any:
        """Only for what is not there, or where computing it stopped at a name of its own."""
        if name.startswith("_") or name in dir(type(self)):
            return object.__getattribute__(self, name)
        raise no_attribute("'PeriodView' object", name, dir(type(self)))

    def said(self, what: str) -> str:
        """How a part of this view shows itself: ``what`` it is, and of which period."""
        return say("reprs.of_view", what=what, title=self.period.title)

    # -- the span ---------------------------------------------------------------------------

    @property
    def start(self) -> dt.date:
        return self.period.start

    @cached_property
    def end(self) -> dt.date:
        """The last day counted; as of a day inside the period, the day before it."""
        if self.as_of is not None and self.as_of <= self.period.end:
            return self.as_of - dt.timedelta(days=1)
        return self.period.end

    @property
    def exports(self) -> list[Export]:
        """The dossier exports that this view rests on, oldest first."""
        return self.knowledge.exports

    @property
    def inputs(self) -> list[Export]:
        """Every export that the figures may rest on: the dossiers' as known then, and those that
        tell rows of the other tables.
        """
        rows = ("steps", "survey", "feedback", "digital", "tasks", "activities")
        return [*self.exports, *(each.export for table in rows for each in self.told(table))]

    def told(self, table: str) -> list[Told]:
        """The exports that tell rows of ``table``, and of which days (:mod:`.known`)."""
        return self.knowledge.told(table, self.period.end)

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
            raise DataError(nothing_known(self.office, self.as_of))
        if self.start > self.data_day or self.end < self.start:
            raise PeriodError(say("office.future", period=title, day=date(self.data_day)))
        spans = windows(self.exports)
        if not any(start <= self.end and self.start <= end for start, end in spans):
            known = "; ".join(f"{date(start)} – {date(end)}" for start, end in spans)
            raise PeriodError(say("office.no_data", period=inside(title), known=known))

    # -- the plan ---------------------------------------------------------------------------

    @cached_property
    def plan(self) -> plans.Plan:
        return self.plan_of(self.period.year)

    def plan_of(self, year: int) -> plans.Plan:
        """The plan of another year."""
        return self.knowledge.plan(year)

    @property
    def calendar(self) -> Calendar:
        return self.office.calendar(self.plan.rules.calendar)

    @property
    def target(self) -> plans.Target | None:
        return self.plan.target("dossiers.on_time_rate")

    # -- the dossiers -----------------------------------------------------------------------

    @property
    def prepared(self) -> Any:
        """Every dossier known, with how and when it ended: a lazy frame of the engine."""
        return self.knowledge.prepared

    @property
    def register(self) -> pd.DataFrame:
        """The same as pandas, sorted by code."""
        return self.knowledge.register

    @property
    def log(self) -> pd.DataFrame:
        """Every step known, see :attr:`.knowledge.Knowledge.log`."""
        return self.knowledge.log

    @cached_property
    def counts(self) -> dict[str, int]:
        return self._counts(self.start, self.end)

    def _counts(self, start: dt.date, end: dt.date) -> dict[str, int]:
        self.knowledge.count([(start, end)])
        return self.knowledge.tallies[start, end]

    @property
    def spans(self) -> list[Span]:
        """The spans of days that a brief of this period counts over."""
        other = self.period.recut("reporting" if self.period.cut == "calendar" else "calendar")
        year = self.compared.get("year_to_date", self)
        views = [self, *self.compared.values(), self.beside(other)]
        return [*((q.start, q.end) for q in views), *year.months.values(), self._next_day]

    @property
    def months(self) -> dict[str, Span]:
        """The months of the period by label, as far as they are counted."""
        begun = [m for m in self.period.months() if m.start <= self.end]
        return {m.label: (m.start, min(m.end, self.end)) for m in begun}

    @property
    def _next_day(self) -> Span:
        after = self.end + dt.timedelta(days=1)
        return after, after

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

        office = self.office
        recorded = by_hand.load(office.workspace, office.unit.slug, self.as_of, office.causes)
        return Attribution(Timeline(self), recorded, office.extensions.causes)

    @cached_property
    def holders(self) -> Holders:
        """By how many people the steps of the dossiers are held."""
        from .causes.holders import Holders

        return Holders(self)

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
        stages = [found[code].stage for code in late["code"]]
        causes = [found[code].cause for code in late["code"]]
        return late.assign(stage=stages, cause=causes).astype({"stage": "str", "cause": "str"})

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

    @cached_property
    def steps(self) -> pd.DataFrame:
        """The steps of the dossiers of the period, as the log has them, sorted by dossier and
        moment; empty without a log.
        """
        from .dictionary import columns_of

        steps = self.attribution.timeline.steps
        mine = steps[steps["code"].isin(self.dossiers["code"])]
        return mine[[column.name for column in columns_of("steps")]].reset_index(drop=True)

    # -- the figures ------------------------------------------------------------------------

    @cached_property
    def columns(self) -> frozenset[str]:
        """The register's columns, as far as every export that overlaps the period has them."""
        return frozenset.intersection(*(frozenset(e.receipt.columns) for e in self.near))

    @cached_property
    def columns_in_part(self) -> frozenset[str]:
        """The columns that some of those exports have and others have not."""
        return frozenset().union(*(e.receipt.columns for e in self.near)) - self.columns

    @cached_property
    def near(self) -> list[Export]:
        """The dossier exports that overlap the period; all where none does."""
        return [e for e in self.exports if overlaps(e, self.start, self.end)] or self.exports

    @cached_property
    def values(self) -> dict[str, Value]:
        return self._values(self.counts)

    def _values(self, counts: dict[str, int]) -> dict[str, Value]:
        from .indicators.results import dossier_values

        return dossier_values(
            counts,
            columns=self.columns,
            in_part=self.columns_in_part,
            has_catalogue=self.office.catalogue is not None or "online_level" in self.columns,
            target=self.target,
        )

    def rooms(self, plan: plans.Plan) -> dict[str, Value]:
        """The figures on satisfaction, feedback, tasks, the digital indicators of ``plan``, the
        quality of service, the activities, and those of the office's own.
        """
        from .indicators import activities, digital, feedback, own, satisfaction, tasks
        from .indicators import service_quality as quality

        return {
            **satisfaction.values(self), **feedback.values(self),
            **digital.values(self, plan.indicators), **tasks.values(self),
            **quality.values(self), **activities.values(self), **own.values(self),
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
    def activities(self) -> Activities:
        """What the office did in the period that no register holds."""
        from .indicators.activities import Activities

        return Activities(self)

    @cached_property
    def service_quality(self) -> ServiceQuality:
        """The quality of service by the set in force, under its own rules."""
        from .indicators.service_quality import ServiceQuality

        return ServiceQuality(self)

    @cached_property
    def own(self) -> dict[str, Any]:
        """What the files in ``extensions`` gave so far, see :mod:`.indicators.own`."""
        return {}

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
        view = PeriodView(
            self.office, period, as_of=self.as_of, audience=self.audience,
            knowledge=self.knowledge, whole=self.whole,
        )  # fmt: skip
        if "attribution" in self.__dict__ and view.plan.rules == self.plan.rules:
            view.__dict__["attribution"] = self.attribution
        return view

    @cached_property
    def results(self) -> Results:
        """The rows of ``indicators.json``: every fixed id once."""
        from .indicators import activities, own
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
            described={**activities.described(self), **own.described(self)},
        )

    def result(self, id: str) -> Result:
        """One figure by its id. Raises :class:`ParameterError` with a near match."""
        for row in self.results:
            if row.id == id:
                return row
        raise ParameterError(choose("id", id, [row.id for row in self.results]))

    @cached_property
    def identity(self) -> Identity:
        counts = self.counts
        return Identity(
            carried_over=counts["carried_over"],
            received=counts["received"],
            resolved=counts["resolved"],
            ended_without_result=counts["ended_without_result"],
            ended_undated=counts["ended_undated"],
            open=counts["open"],
            next_carried_over=self._counts(*self._next_day)["carried_over"],
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
            self.knowledge.count(self.months.values())
            rows = [
                {"month": name, **self.knowledge.tallies[span]}
                for name, span in self.months.items()
            ]
            return pd.DataFrame(rows, columns=["month", *FLAGS])
        if key not in ("field", "procedure_code", "channel", "officer"):
            raise ParameterError(choose("by", key, ("field", "procedure_code", "channel", "month")))
        counts: pd.DataFrame = tally(self.dossiers, key)
        return counts.sort_values(key, ignore_index=True, na_position="last")

    @cached_property
    def ledger(self) -> bytes:
        """What earlier shared briefs have shown, as it stood when first asked for."""
        from .published import ledger

        file = ledger(self.office.workspace, self.office.unit.slug)
        held = file.read_bytes() if file.exists() else b""
        return held[: held.rfind(b"\n") + 1]

    @cached_property
    def hidden(self) -> dict[str, Hidden]:
        """What the audience does not see of the breakdowns by procedure and by channel."""
        from .suppression import hide

        return hide(self)

    @cached_property
    def annex(self) -> Annex:
        """The tables of the period as the audience may see them."""
        from .briefs.annex import Annex

        return Annex.of(self)

    @cached_property
    def groups(self) -> Groups:
        """What a brief of this period tells of groups of people beside those of the register."""
        from .groups import Groups

        return Groups(self)

    # -- what the data cannot say -------------------------------------------------------------

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """See :func:`.gaps.set_aside`."""
        return gaps.set_aside(self)

    @cached_property
    def set_aside_range(self) -> tuple[float | None, float | None]:
        """See :func:`.gaps.set_aside_range`."""
        return gaps.set_aside_range(self)

    @cached_property
    def vanished(self) -> pd.DataFrame:
        """See :func:`.gaps.vanished`."""
        return gaps.vanished(self)

    @cached_property
    def unconfirmed(self) -> pd.DataFrame:
        """See :func:`.gaps.unconfirmed`."""
        return gaps.unconfirmed(self)

    @cached_property
    def overdue_unconfirmed(self) -> dict[str, dt.date]:
        """Of ``open_overdue`` those that are ``unconfirmed``: code → day last told."""
        overdue = set(self.dossiers.loc[self.dossiers["open_overdue"], "code"])
        old = self.unconfirmed
        return {c: d for c, d in zip(old["code"], old["told_on"], strict=True) if c in overdue}

    @cached_property
    def restatements(self) -> Restatements:
        """What changed since the period was first reported."""
        return self.restated()

    def restated(self, since: str | dt.date | None = None) -> Restatements:
        """What changed since the period was first reported, or since the end of another day."""
        from .restatements import Restatements

        return Restatements(self, parse_day(since))

    @cached_property
    def notices(self) -> list[str]:
        """See :func:`.gaps.notices`."""
        return gaps.notices(self)


def nothing_known(office: Office, day: dt.date | None) -> str:
    key = "engine.no_dossiers" if day is None else "office.nothing_known"
    return say(key, unit=office.unit.name, day=date(day) if day else "")
