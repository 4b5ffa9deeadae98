"""The office's picture: is lateness news, where does it gather, why did the rate move, and when.

One object a period that computes each answer once, from dossiers up to the period's last day.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..stats.charts import Chart, choose, p_prime
from ..stats.funnel import design_effect
from ..stats.rare import g_chart, t_chart
from ..words import say
from .change import Counts, Decomposition, decompose
from .concentration import Group, concentration
from .episodes import History, history
from .history import known_since, resolved, year_to_end
from .patterns import CIRCUMSTANCES, circumstances

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    import pandas as pd

    from ..view import PeriodView

__all__ = ["GROUPINGS", "Picture"]

GROUPINGS = ("field", "procedure_code", "channel", "officer")
FIRM = 20  # gaps before the period that make its baseline


class Picture:
    """See the module; made by ``q.picture``."""

    def __init__(self, q: PeriodView) -> None:
        self._q = q

    def __repr__(self) -> str:
        return self._q.said(say("reprs.picture"))

    # -- is it news ---------------------------------------------------------------------------

    @cached_property
    def history(self) -> History:
        """The episodes of lateness since the exports are without a gap."""
        return history(self._q, known_since(self._q), self._q.end)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Each whole or begun month of the history: ``month`` (``2024-03``), ``late``,
        ``resolved`` (with a due date), ``episodes`` that began to finish in it.
        """
        import pandas as pd

        known = self.history
        frame = resolved(self._q, known.start, known.end)
        labels = [str(m) for m in pd.period_range(known.start, known.end, freq="M")]
        of = frame["ended_on"].dt.strftime("%Y-%m")
        counts = frame.groupby(of)["late"].agg(["size", "sum"]).reindex(labels, fill_value=0)
        begun = pd.Series([f"{e.first:%Y-%m}" for e in known.episodes], dtype=object)
        episodes = begun.value_counts().reindex(labels, fill_value=0)
        return pd.DataFrame(
            {
                "month": labels, "late": counts["sum"].to_numpy(int),
                "resolved": counts["size"].to_numpy(int), "episodes": episodes.to_numpy(int),
            }
        )  # fmt: skip

    @cached_property
    def choice(self) -> tuple[str, str]:
        """Which chart suits the episodes, ``g`` or ``p_prime``, and a code for why."""
        months = self.months
        return choose(months["episodes"].tolist(), months["resolved"].tolist())

    @cached_property
    def chart(self) -> Chart:
        """Dossiers resolved in time between episodes, or the monthly share of late dossiers where
        episodes are frequent. Limits come from before the period if there are points enough.
        """
        if self.choice[0] == "p_prime":
            months = self.months
            before = int((months["month"] < f"{self._q.start:%Y-%m}").sum())
            return p_prime(
                months["late"].tolist(), months["resolved"].tolist(),
                baseline=before if before >= FIRM else None,
            )  # fmt: skip
        known = self.history
        return g_chart(known.between, known.since if known.episodes else None, self._baseline)

    @cached_property
    def by_days(self) -> Chart | None:
        """The same in working days between episodes; None where two began in one minute."""
        days = self.history.days
        if not days or min(days) <= 0:
            return None
        return t_chart(days, self.history.days_since, self._baseline)

    @property
    def _baseline(self) -> int | None:
        before = sum(day < self._q.start for day in self.ends[: len(self.history.between)])
        return before if before >= FIRM else None

    @cached_property
    def ends(self) -> list[dt.date]:
        """The day at which each gap of the history ended, its next episode's first."""
        return [episode.first for episode in self.history.episodes[1:]]

    # -- where and when -----------------------------------------------------------------------

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        """The days that groups are compared over."""
        return year_to_end(self._q)

    @cached_property
    def year(self) -> pd.DataFrame:
        """Dossiers resolved in ``span`` with a due date, with their circumstances."""
        return circumstances(self._q, resolved(self._q, *self.span))

    @cached_property
    def groups(self) -> list[Group]:
        """Fields, procedures, channels and officers, each against the others."""
        return concentration(self.year, GROUPINGS, self._episode_of)

    @cached_property
    def circumstances(self) -> list[Group]:
        """Weekday, hour, load, weeks before a long break and month end, compared likewise."""
        return concentration(self.year, CIRCUMSTANCES, self._episode_of)

    @cached_property
    def _episode_of(self) -> dict[str, int]:
        return {
            code: place
            for place, episode in enumerate(self.history.episodes)
            for code in episode.codes
        }

    # -- why it moved -------------------------------------------------------------------------

    def change(self, before: PeriodView, together: Collection[str] = ()) -> Decomposition | None:
        """The change of the late rate since another period, by procedure; those named ``together``
        count as one, "…".
        """
        return decompose(_by_procedure(before, together), _by_procedure(self._q, together))

    def together(self, before: PeriodView) -> tuple[float, float]:
        """By how much the late dossiers of this period and of ``before`` are fewer events than
        dossiers: the design effect of their episodes, each at least 1.
        """
        ended = self._q.attribution.timeline.dossiers["ended_on"]
        found = []
        for view in (self._q, before):
            sizes = [
                sum(view.start <= ended[code].date() <= view.end for code in episode.codes)
                for episode in self.history.episodes
            ]
            found.append(design_effect([[1.0] * size for size in sizes if size]))
        return found[0], found[1]


def _by_procedure(q: PeriodView, together: Collection[str]) -> Counts:
    frame = resolved(q, q.start, q.end)
    keys = frame["work"].astype(object).where(frame["work"].notna(), "")
    keys = keys.where(~keys.isin(list(together)), "…")
    counts = frame.groupby(keys)["late"].agg(["sum", "size"])
    return {
        str(key): (int(late), int(size))
        for key, late, size in zip(counts.index, counts["sum"], counts["size"], strict=True)
    }
