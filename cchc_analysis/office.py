"""An office and its periods: where a notebook begins.

``open`` finds the workspace and the unit, ``Office.period`` the span of days as a
:class:`.view.PeriodView`.

>>> office = cchc.sample()
>>> office.period("2024-03").counts["received"], office.period().period.label
(198, '2024-Q4')
"""

from __future__ import annotations

import atexit
import datetime as dt
from contextlib import ExitStack
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from . import handover
from . import plan as plans
from .errors import DataError, ParameterError, UnitError, WorkspaceError
from .misspelt import choose
from .period import Period, parse_day
from .store import Store, windows
from .view import PeriodView, nothing_known
from .words import say

if TYPE_CHECKING:
    from .engine import Engine
    from .extend import Extensions
    from .sources import Mapping
    from .unit import Rules
    from .workdays import Calendar

__all__ = ["AUDIENCES", "Office", "PeriodView", "only_unit", "open", "sample"]

AUDIENCES = ("shared", "internal")


def open(path: str | Path = ".", unit: str | None = None, *, engine: str = "duckdb") -> Office:
    """The office ``unit`` of the workspace at ``path`` (or its ``data`` folder).

    ``unit`` may be left out (or empty, as in a notebook's parameters) where the workspace has
    one only. ``engine`` is ``duckdb``, ``local[n]`` or ``spark://host:port``. Raises
    :class:`WorkspaceError`, :class:`UnitError`.
    """
    workspace = Path(path)
    if (workspace / "plans").is_dir() and not (workspace / "data").is_dir():
        workspace = workspace.resolve().parent
    return Office(workspace, only_unit(workspace, unit), engine)


@cache
def sample() -> Office:
    """The office of the shipped sample, to try everything on: xã Thiệu Vân, which a simulation
    wrote, from July 2023 to December 2024. It lies in a workspace of its own, which goes with the
    process; asked for again it is the same.

    >>> sample()
    <xã Thiệu Vân (thieu-van)>
    """
    from .workspace import sample_office

    lent = ExitStack()
    atexit.register(lent.close)
    return lent.enter_context(sample_office(None, lambda line: None))


def only_unit(workspace: Path, unit: str | None) -> str:
    """The unit's slug: ``unit``, else the only one that the workspace has."""
    known = plans.units(workspace)
    if unit:
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
        self.store = Store(workspace, unit, handover.only(unit))
        self._engine_name = engine
        self._rules: dict[int, Rules] = {}

    def __repr__(self) -> str:
        return say("reprs.office", name=self.unit.name, slug=self.unit.slug)

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
    def extensions(self) -> Extensions:
        """The figures and causes that the workspace adds of its own (:mod:`.extend`)."""
        from .causes.attribution import CAUSES
        from .extend import load

        return load(self.workspace, (*CAUSES, "withheld"))

    @cached_property
    def layouts(self) -> tuple[Mapping, ...]:
        """How the workspace reads exports with headers of their own."""
        from .extend import layouts

        return layouts(self.workspace)

    @property
    def causes(self) -> tuple[str, ...]:
        """The ids of all causes of being late, the office's own last but one."""
        from .causes.attribution import CAUSES

        *known, unknown = CAUSES
        return (*known, *(cause.id for cause in self.extensions.causes), unknown)

    @cached_property
    def catalogue(self) -> frozenset[str] | None:
        """Codes of procedures with an online service; None without a catalogue."""
        return plans.online_procedures(self.workspace)

    def span(self, label: str, cut: str = "calendar") -> Period:
        """The days of a period by the unit's rules of its year."""
        if cut not in ("calendar", "reporting"):
            raise ParameterError(choose("cut", cut, ("calendar", "reporting")))
        rules = self.rules(Period.parse(label).year)
        return Period.parse(label, cut=cut, closing_day=rules.closing_day)

    def rules(self, year: int) -> Rules:
        """The rules of a year, without the rest of its plan."""
        if year not in self._rules:
            self._rules[year] = plans.load_rules(self.workspace, self.unit, year)
        return self._rules[year]

    def latest(self, *, as_of: str | dt.date | None = None, audience: str = "shared") -> PeriodView:
        """The quarter that the newest register reaches into, or had by the end of ``as_of``.

        Raises :class:`DataError` where nothing was known.
        """
        return self.period(as_of=as_of, audience=audience)

    def _latest(self, day: dt.date | None) -> str:
        reached = windows(self.store.exports("dossiers", as_of=day))
        if not reached:
            raise DataError(nothing_known(self, day))
        last = reached[-1][1]
        return f"{last.year}-Q{(last.month + 2) // 3}"

    def period(
        self,
        label: str = "",
        *,
        cut: str = "calendar",
        as_of: str | dt.date | None = None,
        audience: str = "shared",
    ) -> PeriodView:
        """The period ``label`` (``2024-Q1`` …), cut by ``calendar`` or ``reporting`` days; without
        a label the :meth:`latest` quarter.

        ``as_of`` shows what was known at the end of that day. Raises :class:`PeriodError` for
        a period that cannot be read, lies in the future or has no data.
        """
        if audience not in AUDIENCES:
            raise ParameterError(choose("audience", audience, AUDIENCES))
        day = parse_day(as_of)
        period = self.span(label or self._latest(day), cut)
        _ = self.extensions  # a mistake in them is told first, and their terms are known
        view = PeriodView(self, period, as_of=day, audience=audience)
        view.check()
        handover.take(view)
        return view
