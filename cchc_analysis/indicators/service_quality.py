"""Service quality by Decision 766/QĐ-TTg, under the decision's own rules.

The indicators are data (``quality_set``), their formulas functions (``quality_formulas``); here
are the rules of lateness and the adding up.

Lateness here is not that of the headline (forms of Circular 01/2020/TT-VPCP), whose flags are not
used. Of each dossier that ended in the period, or is open at its end, the *counted end* is when it
was processed; for one still waiting for the filer's papers, when they were asked for; for another
open one, the period's last day. The time that the filer took to bring papers, in calendar time, is
taken off. In time is whose counted end, as a day, is not after the due day; without a due day, the
working days since receipt are held against the procedure's limit. More requests for papers than
``request_limit`` are late. Withdrawn and stopped count as processed.

Points are ``points × min(1, share / full_at)``. What the data at hand cannot give is missing, not
zero: a group has the points *earned* out of those *computable*, and a range from all that is
missing at its worst to all of it at its best. The official score is the national portal's alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..planfile import Row, Section, read_rows, read_toml
from ..shipped import reference
from ..words import say
from .quality_formulas import FORMULAS, Answer
from .quality_set import ENDS, Indicator, IndicatorSet, Rules, indicator_set
from .results import GROUPS, Value

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = [
    "SAME_DAY", "Group", "Scored", "ServiceQuality", "catalogue_rows", "indicators", "values",
]  # fmt: skip

SAME_DAY = 0  # a limit of the catalogue


# -- a period by the set ------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """An indicator with its answer and its points; ``earned`` is None where missing."""

    indicator: Indicator
    answer: Answer

    @property
    def earned(self) -> Fraction | None:
        share = self.answer.share
        return None if share is None else self.indicator.earns(share)

    @property
    def low(self) -> Fraction:
        return Fraction(0) if self.earned is None else self.earned

    @property
    def high(self) -> Fraction:
        return self.indicator.earns(self.answer.best) if self.earned is None else self.earned


@dataclass(frozen=True)
class Group:
    """A group or the total: ``most`` points, ``computable`` of them, ``earned`` of those, and the
    range for what is missing; the number of indicators scored and computable.
    """

    id: str
    most: int
    computable: int
    earned: Fraction
    low: Fraction
    high: Fraction
    scored: int
    found: int


class ServiceQuality:
    """The indicators of a period; made by ``q.service_quality``."""

    def __init__(self, q: PeriodView) -> None:
        self.q = q

    def __repr__(self) -> str:
        return self.q.said(say("reprs.service_quality"))

    @cached_property
    def set(self) -> IndicatorSet | None:
        """The set in force on the period's first day."""
        return indicator_set(self.q.start, self.q.office.workspace)

    @cached_property
    def scored(self) -> list[Scored]:
        """Every indicator of the set; empty without one."""
        if self.set is None:
            return []
        return [Scored(i, FORMULAS[i.formula](self)) for i in self.set.indicators]

    @cached_property
    def groups(self) -> list[Group]:
        """The groups of the set, in the order of ``service_quality.<group>``."""
        if self.set is None:
            return []
        mine = {g: [s for s in self.scored if s.indicator.group == g] for g in self.set.groups}
        return [_add_up(g, mine[g]) for g in GROUPS if g in mine]

    @cached_property
    def total(self) -> Group:
        return _add_up("total", self.scored)

    @property
    def band(self) -> str | None:
        """The band, where the worst and the best for what is missing agree on it."""
        if self.set is None:
            return None
        low, high = self.set.band(float(self.total.low)), self.set.band(float(self.total.high))
        return low if low == high else None

    # -- the dossiers under the set's own rules ------------------------------------------------

    @cached_property
    def rules(self) -> Rules:
        return self.set.rules if self.set is not None else Rules()

    @cached_property
    def _after(self) -> pd.Timestamp:
        import pandas as pd

        return pd.Timestamp(self.q.end) + pd.Timedelta(days=1)

    @cached_property
    def waits(self) -> pd.DataFrame:
        """Waits for the filer that began by the period's end: ``code, asked, brought`` (null while
        it lasts). Dated by the register where it dates them, else by the log's steps that are, or
        are noted as, such a wait.
        """
        import pandas as pd

        frame = self.q.dossiers
        found = [pd.DataFrame({"code": [], "asked": [], "brought": []}).astype(_WAIT_TYPES)]
        if "supplement" in self.rules.subtract:
            dated = frame[frame["supplement_requested_at"].notna()]
            found.append(
                pd.DataFrame(
                    {
                        "code": dated["code"], "asked": dated["supplement_requested_at"],
                        "brought": dated["supplement_completed_at"],
                    }
                ).astype(_WAIT_TYPES)
            )  # fmt: skip
        logged = self._logged_waits()
        undated = ~logged["code"].isin(found[-1]["code"])
        found.append(logged[undated & logged["code"].isin(frame["code"])])
        waits = pd.concat(found, ignore_index=True)
        waits = waits[waits["asked"] < self._after]
        return waits.sort_values(["code", "asked"], ignore_index=True)

    def _logged_waits(self) -> pd.DataFrame:
        from ..stages import Stages

        office, log = self.q.office, self.q.log
        stages = Stages.of(office.unit, office.workspace)
        stage, note = (
            log[column].isin(
                [
                    text
                    for text in log[column].dropna().unique()
                    if stages.waits_for(text) in self.rules.subtract
                ]
            )
            for column in ("stage", "note")
        )
        steps = log[stage | note].rename(columns={"entered_at": "asked", "left_at": "brought"})
        return steps[["code", "asked", "brought"]].astype(_WAIT_TYPES)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """Every dossier processed in the period or open at its end: ``code, ended`` (bool),
        ``due_on, end`` (before anything is taken off), ``waited`` (calendar time taken off),
        ``requests, counted_on`` (day of the counted end), ``in_time`` (null where nothing tells)
        and ``why``: ``due``, ``requests``, ``limit``, ``open_without_due``, ``no_limit``,
        ``no_request_date``.
        """
        import numpy as np
        import pandas as pd

        frame = self.q.dossiers
        ended = frame[[name for name in ENDS if name in self.rules.ended]].any(axis=1)
        frame, ended = frame[ended | frame["open"]], ended[ended | frame["open"]]
        frame = frame.assign(ended=ended).set_index("code")
        ended = frame["ended"]
        last = self._after - pd.Timedelta(microseconds=1)
        waits = self.waits[self.waits["code"].isin(frame.index)]
        lasting = waits[waits["brought"].isna() | (waits["brought"] >= self._after)]
        asked = lasting.groupby("code")["asked"].min().reindex(frame.index)
        waiting = ~ended & asked.notna()
        end = frame["ended_at"].where(ended, last).where(~waiting, asked)
        waited = self._taken_off(waits, end)
        counted = (end - waited).dt.normalize()
        requests = (
            frame["supplements"].fillna(0).astype("int64")
            if "supplements" in self.q.columns
            else waits.groupby("code").size().reindex(frame.index, fill_value=0)
        )
        due = frame["due_on"]
        unknown = (~ended & ~waiting & frame["status"].isin(self.rules.subtract).to_numpy()) & (
            frame["outcome"] == "open"
        )
        too_many = requests > self.rules.request_limit
        within, known = self._within_limit(frame, counted)
        cases = [
            ("requests", too_many, False),
            ("no_request_date", unknown, None),
            ("due", due.notna(), counted <= due),
            ("limit", known, within),
            ("open_without_due", ~ended, True),
        ]
        why = np.select([mask.to_numpy(bool) for _, mask, _ in cases], [n for n, _, _ in cases],
                        "no_limit")  # fmt: skip
        in_time = pd.Series(pd.NA, index=frame.index, dtype="boolean")
        for name, _, verdict in cases:
            mine = why == name
            if verdict is not None:
                in_time[mine] = verdict[mine] if isinstance(verdict, pd.Series) else verdict
        return pd.DataFrame(
            {
                "ended": ended, "due_on": due, "end": end, "waited": waited, "requests": requests,
                "counted_on": counted, "in_time": in_time, "why": why,
            }
        ).reset_index()  # fmt: skip

    def _taken_off(self, waits: pd.DataFrame, end: pd.Series) -> pd.Series:
        """The time of the waits up to each ``end``; waits that overlap count once."""
        import pandas as pd

        zero = pd.Timedelta(0)
        until = end.reindex(waits["code"]).set_axis(waits.index)
        stop = waits["brought"].fillna(until).clip(upper=until)
        start = waits["asked"]
        before = stop.groupby(waits["code"]).cummax().groupby(waits["code"]).shift()
        start = start.where(before.isna() | (before < start), before)
        length = (stop - start).where(stop > start, zero)
        total = length.groupby(waits["code"]).sum().reindex(end.index)
        return total.astype("timedelta64[us]").fillna(zero)

    def _within_limit(self, frame: pd.DataFrame, counted: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Whether the working days since receipt keep to the catalogue's limit of the procedure,
        and where that is known. Same-day procedures: the next working day after the cut-off.
        """
        import pandas as pd

        limits = frame["procedure_code"].str[:8].map(_limits(self.q.office.workspace))
        received = frame["received_at"]
        days = self.q.calendar.between_many(received, counted)
        cutoff = self.q.office.unit.same_day_cutoff
        minute = received.dt.hour * 60 + received.dt.minute
        off = self.q.calendar.between_many(received - pd.Timedelta(days=1), received) == 0
        late_in = (minute > cutoff.hour * 60 + cutoff.minute) | off.fillna(False).astype(bool)
        allowed = limits + ((limits == SAME_DAY) & late_in)
        known = allowed.notna() & days.notna()
        within = (days.astype("Float64") <= allowed.astype("Float64")).fillna(False).astype(bool)
        return within, known.astype(bool)

    # -- feedback --------------------------------------------------------------------------------

    @cached_property
    def feedback(self) -> pd.DataFrame | None:
        """The feedback received, handled or open in the period, with ``in_time``: answered within
        ``feedback_days`` working days of receipt, or open and not past them on the last day. None
        without a register, or one that does not say when it was answered.
        """
        import pandas as pd

        if not self.q.told("feedback") or self.q.feedback.lacking("open"):
            return None
        rows = self.q.feedback.rows
        end = rows["finished_at"].where(~rows["open"], pd.Timestamp(self.q.end))
        days = self.q.calendar.between_many(rows["received_at"], end)
        rows = rows.assign(in_time=(days <= self.rules.feedback_days).astype("boolean"))
        return rows[rows["received"] | rows["resolved"] | rows["open"]]

    # -- the catalogue -----------------------------------------------------------------------------

    @cached_property
    def services(self) -> tuple[frozenset[str], frozenset[str]] | None:
        """The codes of the procedures with an online service, and of all; None unless the
        catalogue says that its levels are verified.
        """
        workspace = self.q.office.workspace
        file = "procedures.toml"
        found = read_toml(reference(file, workspace), file)
        if not Section.of(found, "online", file).flag("verified", False):
            return None
        codes = frozenset(row.text("code")[:8] for row in catalogue_rows(workspace))
        return (self.q.office.catalogue or frozenset()) & codes, codes

    def lacks(self, *columns: str) -> str:
        """Why the register cannot tell what needs these columns (``Answer.missing``); "" if it
        can.
        """
        lost = set(columns) - self.q.columns
        return ("column_in_part" if lost <= self.q.columns_in_part else "no_column") if lost else ""

    def received(self) -> pd.DataFrame:
        """The dossiers received in the period, with ``has_result``: an electronic result given by
        the period's end.
        """
        frame = self.q.dossiers[self.q.dossiers["received"]]
        done = (frame["outcome"] == "resolved") & (frame["ended_at"] < self._after)
        given = done & frame["digitised_result"].fillna(False).astype(bool)
        return frame.assign(has_result=given)


_WAIT_TYPES = {"code": "str", "asked": "datetime64[us]", "brought": "datetime64[us]"}


def catalogue_rows(workspace: Path | None) -> list[Row]:
    """The catalogue of procedures, a row a procedure or a version of its limit."""
    file = "procedures.csv"
    columns = ("code", "limit_working_days", "online_level")
    return read_rows(reference(file, workspace), file, columns, others=True)


def _limits(workspace: Path | None) -> dict[str, float]:
    """Limits in working days by the first eight characters of the code; of several the longest."""
    found: dict[str, float] = {}
    for row in catalogue_rows(workspace):
        limit = row.count("limit_working_days")
        if limit is not None:
            code = row.text("code")[:8]
            found[code] = max(found.get(code, 0.0), float(limit))
    return found


def _add_up(id: str, scored: Sequence[Scored]) -> Group:
    counting = [s for s in scored if s.indicator.points]
    found = [s for s in counting if s.earned is not None]
    return Group(
        id=id,
        most=sum(s.indicator.points for s in counting),
        computable=sum(s.indicator.points for s in found),
        earned=sum((s.low for s in found), Fraction(0)),
        low=sum((s.low for s in counting), Fraction(0)),
        high=sum((s.high for s in counting), Fraction(0)),
        scored=len(counting),
        found=len(found),
    )


# -- what others call -----------------------------------------------------------------------------


def indicators(q: PeriodView) -> pd.DataFrame:
    """A row an indicator: ``id, group, label, formula, points, numerator, denominator, value,
    earned, low, high, available, missing, needs, assumes, unverified, source``; the last lists
    but one are joined by a space. Points are floats, ``earned`` null where missing.
    """
    import pandas as pd

    rows = []
    for s in q.service_quality.scored:
        i, a, share = s.indicator, s.answer, s.answer.share
        rows.append(
            {
                "id": i.id, "group": i.group, "label": i.label, "formula": i.formula,
                "points": i.points, "numerator": a.numerator, "denominator": a.denominator,
                "value": None if share is None else float(share),
                "earned": None if s.earned is None else float(s.earned),
                "low": float(s.low), "high": float(s.high), "available": share is not None,
                "missing": a.missing, "needs": i.needs, "assumes": " ".join(a.assumes),
                "unverified": " ".join(i.unverified), "source": i.source,
            }
        )  # fmt: skip
    names = ["id", "group", "label", "formula", "points", "numerator", "denominator", "value",
             "earned", "low", "high", "available", "missing", "needs", "assumes", "unverified",
             "source"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({"numerator": "Int64", "denominator": "Int64", "value": "Float64",
                         "earned": "Float64"})  # fmt: skip


def values(q: PeriodView) -> dict[str, Value]:
    """``service_quality.<group>`` and ``.total``.

    ``value`` is the points earned and ``denominator`` the points that could be computed (whole, as
    all full marks are); ``numerator`` is null, for points earned are seldom whole. ``low`` and
    ``high`` are the range for what is missing, out of the group's full marks. ``no_data`` where
    nothing could be computed or no set was in force; ``incomplete_period`` where the exports do
    not cover the period.
    """
    sq = q.service_quality
    found = {group.id: group for group in sq.groups}
    if sq.set is not None:
        found["total"] = sq.total
    return {f"service_quality.{id}": _value(found.get(id), q.complete) for id in (*GROUPS, "total")}


def _value(group: Group | None, complete: bool) -> Value:
    if group is None or not group.computable:
        low, high = (None, None) if group is None else (float(group.low), float(group.high))
        return Value(None, None, None, "no_data", low, high)
    status = "ok" if complete else "incomplete_period"
    return Value(None, group.computable, float(group.earned), status, float(group.low),
                 float(group.high))  # fmt: skip
