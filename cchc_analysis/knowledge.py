"""What is known of an office as of a day: read once, for every period that is looked at together.

A brief looks at a period, the one before, the same one last year, the year so far and the other
way to cut it; all rest on the same exports, the same dossiers, the same log. Views that are
``beside`` each other have one :class:`Knowledge`. Nothing is read before it is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .engine import collect
from .known import Span, Told, register_end, told

if TYPE_CHECKING:
    import pandas as pd

    from .office import Office
    from .plan import Plan
    from .store import Export

__all__ = ["Knowledge"]


class Knowledge:
    """What ``office`` knew by the end of ``as_of`` (all there is, if None). The rule of lateness is
    that of ``year``.
    """

    def __init__(self, office: Office, as_of: dt.date | None, year: int) -> None:
        self.office = office
        self.as_of = as_of
        self.year = year
        self._plans: dict[int, Plan] = {}
        self._told: dict[tuple[str, dt.date], list[Told]] = {}
        self.tallies: dict[Span, dict[str, int]] = {}
        """The counts over spans of days asked for so far."""
        self.tables: dict[Any, pd.DataFrame] = {}
        """The other tables read so far, see :func:`.indicators.rows.ranked`."""

    @cached_property
    def exports(self) -> list[Export]:
        """The dossier exports, oldest first."""
        return self.office.store.exports("dossiers", as_of=self.as_of)

    def told(self, table: str, end: dt.date) -> list[Told]:
        """The exports that tell rows of ``table`` to a period up to ``end``, and of which days."""
        if (table, end) not in self._told:
            store = self.office.store
            last = register_end(store, self.as_of) if table == "steps" else end
            self._told[table, end] = told(store, table, self.as_of, last)
        return self._told[table, end]

    def plan(self, year: int) -> Plan:
        """The plan of a year, read once."""
        if year not in self._plans:
            self._plans[year] = self.office.plan(year)
        return self._plans[year]

    def plans(self, start: dt.date, end: dt.date) -> list[Plan]:
        """The plans whose due days may fall between two days; a year without one adds none."""
        found = [self.plan(year) for year in range(start.year, end.year + 1)]
        return [plan for plan in found if plan.year is not None]

    @cached_property
    def prepared(self) -> Any:
        """Every dossier known, with how and when it ended: a lazy frame of the engine."""
        from .engine import current_dossiers
        from .indicators.dossiers import prepare

        office, rule = self.office, self.plan(self.year).rules.late_rule
        frame = current_dossiers(office.store, office.unit, office.engine, self.as_of)
        return office.engine.keep(
            prepare(frame.to_native(), late_rule=rule, eligible=office.catalogue)
        )

    @cached_property
    def register(self) -> pd.DataFrame:
        """The same as pandas, sorted by code."""
        return collect(self.prepared).sort_values("code", ignore_index=True)

    @cached_property
    def log(self) -> pd.DataFrame:
        """Every step known: ``code, stage, actor, entered_at, left_at, note, row`` (its place in
        the file), see :func:`.engine.current_steps`; empty without a log.
        """
        import pandas as pd

        from .engine import current_steps

        lazy = current_steps(self.office.store, self.office.engine, self.as_of)
        if lazy is not None:
            return collect(lazy.to_native())
        frame = pd.DataFrame(
            columns=["code", "stage", "actor", "entered_at", "left_at", "note", "row"]
        )
        return frame.astype({"entered_at": "datetime64[us]", "left_at": "datetime64[us]"})

    def count(self, spans: Iterable[Span]) -> None:
        """Counts all of ``spans`` in one pass, as far as they have not been: see ``tallies``."""
        from .indicators.dossiers import FLAGS, bounds, tally_spans

        asked = {str(n): s for n, s in enumerate(dict.fromkeys(spans)) if s not in self.tallies}
        if not asked:
            return
        rows = [(name, *bounds(*span)) for name, span in asked.items()]
        found = collect(tally_spans(self.prepared, self.office.engine.spans(rows)))
        counts: Any = found.set_index("span")[list(FLAGS)].fillna(0).astype(int)
        told = counts.to_dict("index")
        for name, span in asked.items():
            self.tallies[span] = told.get(name) or dict.fromkeys(FLAGS, 0)
