"""Where dossiers stood on a day, and what became of those that stood there before.

A dossier that has lain at a step for five days is not like one that came to it today: most of
those like it are gone by then. So it is compared with those that were *still there* after five
days, and their time is counted anew from that moment, the *landmark* (van Houwelingen, H. C., 2007,
Scandinavian Journal of Statistics 34, 70–85). What happened after the day that one looks from is
not seen: who was open then counts as open, whatever is known by now.

Time is minutes of office work. A wait for the filer that moved the due day is taken out of it.

Who is like? ``LEVELS``, from wide to narrow: every dossier with a similar time allowed, by the
share of it that has gone; those of them at the same standard stage; those at the same stage of
the same procedure, in minutes. Where the log tells no stage: the first, then the same procedure.
Each narrower share is drawn towards the wider one, which counts for ``WEIGHT`` dossiers; so a
handful of likes cannot say "never" or "always".
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .survival import OTHER, RESULT, late_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from .timeline import Timeline

__all__ = ["ENOUGH", "LEVELS", "Past"]

LEVELS = ("all", "share", "procedure", "stage_share", "stage_procedure")
ENOUGH = 30  # like dossiers that stand for themselves
SIMILAR = 3.0  # times allowed up to so many times longer or shorter are alike
WEIGHT = 20.0  # dossiers' worth of belief in the wider group
AFTER = "after "  # before a stage's name: left it, and nobody held it
SHORTEST = 60.0  # minutes: no time allowed is held to be shorter
ENDS = {"resolved": RESULT, "withdrawn": OTHER, "stopped": OTHER, "open": 0}


class Past:
    """Every dossier known to ``timeline`` as a way from receipt to end.

    ``until`` – the minute of work up to which all is known (the data day's moment); ``log_until``
    – up to which the log knows where each dossier stood. ``late_rule`` as in the plan.
    """

    def __init__(
        self, timeline: Timeline, until: float, log_until: float, late_rule: str = "day"
    ) -> None:
        self.timeline = timeline
        self.until = until
        self.log_until = log_until
        self.late_rule = late_rule
        self._asked: dict[Any, tuple[np.ndarray, ...]] = {}
        self._asked_at = float("nan")

    @cached_property
    def dossiers(self) -> pd.DataFrame:
        """A row a dossier by code, in minutes of work: ``received, end`` (∞ while open), ``way``,
        ``seen`` (known until), ``due`` (end of the due day, or the instant), ``pause, pause_end``
        (∞ without), ``moved`` (by how much a pause moved the due day), ``allowed, late``.
        """
        import numpy as np
        import pandas as pd

        line = self.timeline
        raw = line.dossiers[line.dossiers["outcome"].isin(list(ENDS))]
        by_time = self.late_rule == "time"
        frame = pd.DataFrame({"received": line.minutes(raw["received_at"])}, index=raw.index)
        frame["procedure"] = raw["work"]
        frame["way"] = raw["outcome"].map(ENDS).astype(int)
        frame["end"] = np.where(frame["way"] > 0, line.minutes(self._ended(raw)), np.inf)
        last_seen = np.fmin(line.minutes(raw["exported_at"]), self.until)
        frame["seen"] = np.where(frame["way"] > 0, self.until, last_seen)
        frame["due"] = line.minutes(raw["due_at"] if by_time else line.end_of(raw["due_on"]))
        frame["late"] = raw["late"].astype("boolean").fillna(False).to_numpy(bool)
        pauses = self._pauses(raw)
        frame["pause"] = pauses["start"].reindex(raw.index).fillna(np.inf)
        frame["pause_end"] = pauses["stop"].reindex(raw.index).fillna(np.inf)
        added = [line.days_added(code) * line.day for code in pauses.index]
        moved = pd.Series(np.minimum(added, pauses["minutes"]), index=pauses.index, dtype=float)
        frame["moved"] = moved.reindex(raw.index).fillna(0.0)
        frame["allowed"] = np.fmax(frame["due"] - frame["received"] - frame["moved"], SHORTEST)
        known = frame["received"].notna() & frame["end"].notna() & (frame["received"] <= self.until)
        return frame[known]

    def _ended(self, raw: pd.DataFrame) -> pd.Series:
        """When it ended. Of one withdrawn without a date the first export that says so comes long
        after: there the last thing that the log tells of it is nearer.
        """
        import pandas as pd

        undated = raw["outcome"].isin(["withdrawn", "stopped"])
        undated &= raw["finished_at"].isna() & raw["returned_at"].isna()
        steps = self.timeline.steps
        last = steps.groupby("code")[["entered_at", "left_at"]].max().max(axis=1)
        last = pd.to_datetime(last.reindex(raw.index))
        return raw["ended_at"].where(~undated | last.isna(), last)

    def _pauses(self, raw: pd.DataFrame) -> pd.DataFrame:
        """The waits for the filer, by code: ``start, stop`` (∞ while it lasts), ``minutes``; from
        the log, else from the register's request and completion.
        """
        import numpy as np
        import pandas as pd

        steps = self.timeline.steps
        steps = steps[steps["waits_for"].notna() & steps["code"].isin(raw.index)]
        stop = steps["stop"].where(~steps["open"], np.inf)
        steps = steps.assign(stop=stop, minutes=steps["stop"] - steps["start"])
        logged = steps.groupby("code").agg(
            start=("start", "min"), stop=("stop", "max"), minutes=("minutes", "sum")
        )
        asked = raw[raw["supplement_requested_at"].notna() & ~raw.index.isin(logged.index)]
        table = pd.DataFrame(
            {
                "start": self.timeline.minutes(asked["supplement_requested_at"]),
                "stop": self.timeline.minutes(asked["supplement_completed_at"]),
            },
            index=asked.index,
        ).fillna({"stop": np.inf})
        table["minutes"] = np.minimum(table["stop"], self.until) - table["start"]
        table = table[table["start"].notna()]
        return pd.concat([logged, table]) if len(table) else logged

    @cached_property
    def visits(self) -> pd.DataFrame:
        """A row a stay: the whole way of each dossier (``stage`` ""), each step of the log and
        each time after one when nobody held it, by dossier and start: ``code, number`` (the
        dossier's row), ``stage`` (standard, else as the log names it), ``name, start, leave``
        (∞ while there), ``logged``.
        """
        import numpy as np
        import pandas as pd

        about, steps = self.dossiers, self.timeline.steps
        steps = steps[steps["code"].isin(about.index) & steps["start"].notna()]
        stays = pd.DataFrame(
            {
                "code": steps["code"],
                "stage": steps["standard"].fillna(steps["stage"]).fillna("?"),
                "name": steps["stage"],
                "start": steps["start"],
                "leave": steps["stop"].where(~steps["open"], np.inf),
            }
        )
        stays = stays.sort_values(["code", "start", "leave"], kind="stable", ignore_index=True)
        following = stays.groupby("code")["start"].shift(-1).fillna(np.inf)
        furthest = stays.groupby("code")["leave"].cummax()
        end = about["end"].reindex(stays["code"]).to_numpy()
        after = stays.assign(start=furthest, leave=following)
        after["stage"] = AFTER + after["stage"]
        after = after[furthest + 1 < np.minimum(following, end)]
        stays = pd.concat([stays, after], ignore_index=True)
        whole = pd.DataFrame({"code": about.index, "stage": "", "start": about["received"].array})
        whole["name"] = ""
        whole["leave"] = np.inf
        both = pd.concat([whole, stays], ignore_index=True)
        both["number"] = about.index.get_indexer(both["code"])
        both["logged"] = both["stage"].ne("")
        order = ["number", "logged", "start", "leave"]
        return both.sort_values(order, kind="stable", ignore_index=True)

    @cached_property
    def _a(self) -> dict[str, np.ndarray]:
        number = self.visits["number"].to_numpy()
        a = {name: self.visits[name].to_numpy() for name in ("start", "leave", "logged", "number")}
        for name in ("end", "way", "seen", "due", "pause", "pause_end", "moved", "allowed"):
            a[name] = self.dossiers[name].to_numpy()[number]
        return a

    @cached_property
    def _groups(self) -> dict[str, tuple[np.ndarray, list[np.ndarray]]]:
        """For each level the group of each visit (−1 for none) and each group's visits."""
        import numpy as np

        visits = self.visits.assign(
            procedure=self.dossiers["procedure"].to_numpy()[self.visits["number"].to_numpy()]
        )
        logged = visits["logged"].to_numpy()
        keys = {
            "share": (["logged"], ~logged),
            "procedure": (["procedure"], ~logged & visits["procedure"].notna().to_numpy()),
            "stage_share": (["stage"], logged),
            "stage_procedure": (["stage", "procedure"], logged),
        }
        found = {}
        for level, (names, kept) in keys.items():
            numbers = visits.groupby(names, sort=True).ngroup().fillna(-1).to_numpy()
            numbers = np.where(kept, numbers, -1).astype(int)
            order = np.argsort(numbers, kind="stable")
            cuts = np.searchsorted(numbers[order], np.arange(numbers.max(initial=-1) + 2))
            parts = [order[a:b] for a, b in pairwise(cuts)]
            found[level] = (numbers, parts)
        return found

    # -- looking ------------------------------------------------------------------------------

    def _own(self, visits: Any, moment: Any) -> Any:
        """A moment on the dossier's own clock, which stands while a wait moves its due day."""
        import numpy as np

        a = self._a
        return moment - np.clip(moment - a["pause"][visits], 0.0, a["moved"][visits])

    def open_at(self, moments: Sequence[float]) -> pd.DataFrame:
        """Where the dossiers open at each of ``moments`` stood: ``look`` (which moment),
        ``moment, at`` (when the log last told), ``visit, code, stage, name``, ``spent`` there,
        ``left`` until due (NaN without a due day), ``due, seen, end, paused``, ``late`` in the end.
        """
        import numpy as np
        import pandas as pd

        a = self._a
        found, looks = [np.zeros(0, dtype=int)], [np.zeros(0, dtype=int)]
        for look, now in enumerate(moments):
            told = np.where(a["logged"], min(now, self.log_until), now)
            here = np.flatnonzero((a["start"] <= told) & (a["leave"] > told) & (a["end"] > now))
            last = np.append(a["number"][here][1:] != a["number"][here][:-1], True)
            found.append(here[last[: len(here)]])
            looks.append(np.full(len(found[-1]), look))
        visit, number = np.concatenate(found), np.concatenate(looks)
        moment = np.asarray(moments, dtype=float)[number]
        at = np.where(a["logged"][visit], np.minimum(moment, self.log_until), moment)
        spent = self._own(visit, at) - self._own(visit, a["start"][visit])
        about = self.visits.iloc[visit].reset_index(drop=True)
        frame = about[["code", "stage", "name", "number"]].assign(
            look=number, moment=moment, at=at, visit=visit, spent=spent,
            due=a["due"][visit], seen=a["seen"][visit], end=a["end"][visit],
            left=a["due"][visit] - a["moved"][visit] - self._own(visit, moment),
            paused=(a["pause"][visit] <= moment) & (a["pause_end"][visit] > moment),
            late=self.dossiers["late"].to_numpy()[about["number"].to_numpy()],
        )  # fmt: skip
        return pd.DataFrame(frame)

    def chances(self, looks: pd.DataFrame, base: np.ndarray) -> pd.DataFrame:
        """For each row of :meth:`open_at`: ``chance`` of a result after the due day, from the
        curves of ``LEVELS``, the widest drawn towards ``base``; ``basis``, the narrowest level
        with ``ENOUGH`` likes (else the widest with any), and ``n_like`` of it.
        """
        import pandas as pd

        way = looks["visit"].to_numpy() - self._place[looks["visit"].to_numpy()]
        moment = looks["moment"].to_numpy()
        lasts = self._own(way, moment) - self._own(way, self._a["start"][way])
        columns = (
            way, lasts, *(looks[name] for name in ("visit", "at", "moment", "spent", "left")), base,
        )  # fmt: skip
        rows = zip(*(column.tolist() for column in columns), strict=True)
        found = [self._chance(*row) for row in rows]
        return pd.DataFrame(found, columns=["chance", "basis", "n_like"], index=looks.index)

    def _chance(
        self, way: int, lasts: float,
        visit: int, at: float, moment: float, spent: float, left: float, chance: float,
    ) -> tuple[float, str, int]:  # fmt: skip
        """See :meth:`chances`; ``lasts`` is how long the dossier's whole ``way`` is by now."""
        if left != left or chance != chance:  # no due day, or nothing has ended yet
            return float("nan"), "", 0
        basis, n_like = "all", 0
        logged = bool(self._a["logged"][visit])
        for level in ("share", "stage_share", "stage_procedure") if logged else LEVELS[1:3]:
            here = (way, moment, lasts) if level == "share" else (visit, at, spent)
            share, n = self._curve(level, *here, moment, left)
            if not n:
                continue
            chance = (n * share + WEIGHT * chance) / (n + WEIGHT)
            if n >= ENOUGH or n_like == 0:
                basis, n_like = level, n
        return chance, basis, n_like

    @cached_property
    def _place(self) -> np.ndarray:
        """How many rows before each visit the dossier's whole way stands."""
        import numpy as np

        number = self._a["number"]
        return np.arange(len(number)) - np.searchsorted(number, number)

    def _curve(
        self, level: str, visit: int, at: float, spent: float, moment: float, left: float
    ) -> tuple[float, int]:
        """The share of likes that end after ``left``, and how many likes there are. A like was
        still at its stage when as long there, and not ended ``moment`` − ``at`` later.
        """
        a, numbers = self._a, self._groups[level][0]
        if numbers[visit] < 0:
            return float("nan"), 0
        number, allowed, stay, lasted, ways = self._likes(level, int(numbers[visit]), at, moment)
        still = number != a["number"][visit]
        if level in ("share", "stage_share"):
            scale = allowed / a["allowed"][visit]
            still &= scale <= SIMILAR
            still &= scale >= 1 / SIMILAR
            stay, lasted = stay / scale, lasted / scale
        lasted = lasted - spent - (moment - at)
        still &= stay > spent
        still &= lasted > 0
        lasted = lasted[still]
        return late_share(lasted, ways[still], left), len(lasted)

    def _likes(self, level: str, group: int, at: float, moment: float) -> tuple[np.ndarray, ...]:
        """Those of a group that had begun by ``at``: ``number, allowed``, how long they had stayed
        by then and lasted by ``moment``, and the ``ways`` they had ended in. Many dossiers ask the
        same of one moment.
        """
        import numpy as np

        if moment != self._asked_at:
            self._asked, self._asked_at = {}, moment
        key = level, group, at
        if key not in self._asked:
            a, like = self._a, self._groups[level][1][group]
            like = like[a["start"][like] < at]
            start = self._own(like, a["start"][like])
            stay = self._own(like, np.minimum(a["leave"][like], at)) - start
            ended = a["end"][like] <= moment
            known = np.where(ended, a["end"][like], np.minimum(a["seen"][like], moment))
            self._asked[key] = (
                a["number"][like], a["allowed"][like], stay, self._own(like, known) - start,
                np.where(ended, a["way"][like], 0),
            )  # fmt: skip
        return self._asked[key]
