"""How satisfied those who answered are, and how far that can be said of all.

A respondent answers many questions, and the answers of one person go together: a share of pooled
answers is a ratio over respondents, and its interval takes each respondent as a cluster
(``stats.clusters``). A single question, answered once by each, has Wilson's interval. The index
weighted to the dossiers gives each field and channel the part that it has among those resolved
(``stats.weights``): who fills in forms is not who was served. None of it is SIPAS, which the
Ministry of Home Affairs publishes; and a voluntary form is no random sample, whatever its size.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..stats import clusters, weights
from ..stats.intervals import wilson
from ..words import label
from .results import Value
from .rows import known

if TYPE_CHECKING:
    import pandas as pd

    from ..period import Period
    from ..published import Span
    from ..view import PeriodView

__all__ = ["FACTORS", "FEW", "GROUPS", "LEAST_EFFECTIVE", "OVERALL", "Satisfaction", "quarters",
           "values"]  # fmt: skip

OVERALL, COMMENT = "overall", "comment"
FACTORS = ("1", "2", "3", "4", "5")
FEW = 5  # respondents below which nothing is shown to the shared audience
LEAST_EFFECTIVE = 50  # effective respondents below which there is no weighted headline
GROUPS = ("field", "channel", "gender", "age_group")
QUARTERS = 8  # of the trend


@dataclass(frozen=True)
class Group:
    """A group of respondents: how many, and the index among them."""

    by: str
    key: Any
    respondents: int
    index: clusters.Ratio


class Satisfaction:
    """The survey of a period; made by ``q.satisfaction``. With a ``span`` that of other days."""

    def __init__(self, q: PeriodView, span: Span | None = None) -> None:
        self._q = q
        self._span = span or (q.start, q.end)

    def __repr__(self) -> str:
        return self._q.said(label("table.survey"))

    @cached_property
    def answers(self) -> pd.DataFrame:
        """A row a respondent and question of the period: ``respondent, answered_at, gender,
        age_group, field, channel, factor, item, wording, answer, score, scale, valid, satisfied,
        dont_know, comment``; comments have the item ``comment``.
        """
        return self._once("answers", self._answers)

    def _once(self, name: str, made: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What is made of the exports known, of these days: the same for every view of them."""
        told = tuple((each.export.id, each.days) for each in self._q.told("survey"))
        tables, key = self._q.knowledge.tables, (name, self._span, told)
        if key not in tables:
            tables[key] = made()
        return tables[key]

    def _answers(self) -> pd.DataFrame:
        import pandas as pd

        from ..questionnaire import load, scored

        office = self._q.office
        frame = known(self._q, "survey", ("respondent", "item"))
        start, end = map(pd.Timestamp, self._span)
        after = end + pd.Timedelta(days=1)
        if frame.empty:
            frame = frame.assign(answered_at=pd.Series(dtype="datetime64[us]"))
        frame = frame[(frame["answered_at"] >= start) & (frame["answered_at"] < after)]
        asked = load(office.workspace, office.unit.slug)
        return scored(frame.reset_index(drop=True), asked, workspace=office.workspace)

    @cached_property
    def items(self) -> pd.DataFrame:
        """The answers to the questions on the factors, without the overall one and comments."""
        return self.answers[~self.answers["item"].isin([OVERALL, COMMENT])]

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row a respondent with a valid answer: ``field, channel, gender, age_group``,
        ``answered_at``, ``valid`` and ``satisfied`` (answers to the items), ``overall`` (satisfied
        on the whole: 1, 0, NaN).
        """
        return self._once("people", self._people)

    def _people(self) -> pd.DataFrame:
        import pandas as pd

        told = self.answers[self.answers["valid"]]
        about = told.groupby("respondent", sort=True)[[*GROUPS, "answered_at"]].first()
        mine = self.items.groupby("respondent")[["valid", "satisfied"]].sum()
        counts = mine.reindex(about.index).fillna(0).astype(int)
        whole = told[told["item"] == OVERALL].groupby("respondent")["satisfied"].first()
        overall = pd.to_numeric(whole.reindex(about.index).astype("Float64"))
        return about.join(counts).assign(overall=overall)

    @property
    def respondents(self) -> int:
        return len(self.people)

    @property
    def hidden(self) -> bool:
        """Whether the shared audience is not told of the survey: too few answered, or it would
        tell of too few in another period.
        """
        told = self._q.whole.groups.tells("survey", self._span)
        return self.respondents > 0 and not told

    # -- the figures --------------------------------------------------------------------------

    @cached_property
    def index(self) -> clusters.Ratio:
        """Satisfied answers over valid ones, all items pooled."""
        return self.ratio(self.people["satisfied"].tolist(), self.people["valid"].tolist())

    def ratio(self, y: list[float], x: list[float], *, share: bool = True) -> clusters.Ratio:
        """Σ y / Σ x over respondents; corrected for a finite population where the year's plan
        declares a probability sample, and nowhere else.
        """
        population = self._q.plan.survey_population
        if population is not None and population < len(y):
            population = None  # more forms than people: the declaration cannot be right
        return clusters.ratio(y, x, population=population, share=share)

    @cached_property
    def overall(self) -> clusters.Ratio:
        """Satisfied on the overall question, one answer a respondent."""
        told = self.people["overall"].dropna().astype(float)
        return self.ratio(told.tolist(), [1.0] * len(told))

    def factor(self, name: str) -> clusters.Ratio:
        """The index of one factor."""
        mine = self.items[self.items["factor"] == name]
        counts = mine.groupby("respondent")[["satisfied", "valid"]].sum()
        return self.ratio(counts["satisfied"].tolist(), counts["valid"].tolist())

    def mean(self, id: str) -> float | None:
        """The mean of the points of ``survey.index``, ``survey.overall`` or a factor, where all
        of it is on one scale.
        """
        told = self.answers[self.answers["valid"]]
        if id == "survey.index":
            told = told[told["item"] != OVERALL]
        elif id == "survey.overall":
            told = told[told["item"] == OVERALL]
        else:
            told = told[(told["factor"] == id.rpartition(".")[2]) & (told["item"] != OVERALL)]
        return float(told["score"].mean()) if told["scale"].nunique() == 1 else None

    @property
    def repeated(self) -> int:
        """Forms that are the same as an earlier one to the last answer and the minute."""
        return sum("-" in name for name in self.people.index)

    @cached_property
    def by_item(self) -> pd.DataFrame:
        """A row a question, in the form's order: ``factor, item, wording, asked`` (respondents
        who saw it), ``valid, satisfied, dont_know, blank`` (counts), ``share, low, high``
        (Wilson), ``mean`` (of the points) and ``ceiling`` (share with the best answer).
        """
        import pandas as pd

        rows = []
        for item, part in self.items.groupby("item", sort=False):
            told = part[part["valid"]]
            k, n = int(told["satisfied"].sum()), len(told)
            low, high = wilson(k, n) if n else (None, None)
            rows.append(
                {
                    "factor": part["factor"].iloc[0], "item": item,
                    "wording": part["wording"].iloc[0], "asked": len(part), "valid": n,
                    "satisfied": k, "dont_know": int(part["dont_know"].sum()),
                    "blank": len(part) - n - int(part["dont_know"].sum()),
                    "share": k / n if n else None, "low": low, "high": high,
                    "mean": float(told["score"].mean()) if n else None,
                    "ceiling": float((told["score"] == told["scale"]).mean()) if n else None,
                }
            )  # fmt: skip
        names = ["factor", "item", "wording", "asked", "valid", "satisfied", "dont_know", "blank",
                 "share", "low", "high", "mean", "ceiling"]  # fmt: skip
        return pd.DataFrame(rows, columns=names)

    def groups(self, by: str) -> list[Group]:
        """The index by ``field``, ``channel``, ``gender`` or ``age_group``, largest group first."""
        people = self.people
        found = [
            Group(
                by,
                None if key != key else key,
                len(part),
                clusters.ratio(part["satisfied"].tolist(), part["valid"].tolist()),
            )
            for key, part in people.groupby(by, dropna=False)
        ]
        return sorted(found, key=lambda group: (-group.respondents, str(group.key)))

    # -- weighted to the dossiers ----------------------------------------------------------------

    @cached_property
    def served(self) -> dict[tuple[str, str], int]:
        """Dossiers resolved in the period by (field, channel)."""
        frame = self._q.dossiers[self._q.dossiers["resolved"]]
        cells = frame[["field", "channel"]].fillna("").astype(str)
        counts = Counter(cells.itertuples(index=False, name=None))
        return {(str(field), str(channel)): n for (field, channel), n in sorted(counts.items())}

    @cached_property
    def weighting(self) -> weights.Weighting | None:
        """Weights by field and channel; cells of fewer than ten respondents are collapsed, the
        channels of a field first. None without respondents or dossiers.
        """
        people = self.people
        if people.empty or not sum(self.served.values()):
            return None
        told = people[["field", "channel"]].fillna("").astype(str)
        cells = list(told.itertuples(index=False, name=None))
        return weights.post_stratify(cells, self.served, order=(1, 0), cap=weights.CAP)

    @cached_property
    def weighted(self) -> clusters.Ratio | None:
        """The index among all dossiers, or None where the weights leave too few respondents."""
        weighting = self.weighting
        if weighting is None or weighting.effective < LEAST_EFFECTIVE:
            return None
        people = self.people
        return weights.ratio(people["satisfied"].tolist(), people["valid"].tolist(), weighting)

    def coverage(self, by: str) -> list[tuple[Any, int, int]]:
        """(key, respondents, dossiers resolved) by ``field`` or ``channel``."""
        people = self.people[by].fillna("").astype(str).value_counts()
        frame = self._q.dossiers[self._q.dossiers["resolved"]]
        served = frame[by].fillna("").astype(str).value_counts()
        keys = sorted(set(people.index) | set(served.index), key=lambda k: (-served.get(k, 0), k))
        return [(key, int(people.get(key, 0)), int(served.get(key, 0))) for key in keys]

    def linked(self) -> dict[str, pd.DataFrame]:
        """The respondents who named their dossier, by what became of it: ``late``, ``on_time``,
        ``supplement`` (papers were asked for); rows of ``people``. The codes are hashed on both
        sides and not told.
        """
        from ..privacy import Masker
        from ..sources.survey import dossier_key

        people = self.people
        if "dossier" not in self.answers:
            return {}
        named = self.answers.groupby("respondent")["dossier"].first().reindex(people.index)
        named = named.dropna()
        if named.empty:
            return {}
        masker = Masker.of(self._q.office.workspace)
        register = self._q.register
        keys = [str(dossier_key(masker, code)) for code in register["code"]]
        dossiers = register.set_axis(keys, axis=0)
        found = dossiers.reindex(named.to_numpy())
        late = found["late"].astype("boolean")
        asked = found["supplements"].fillna(0).gt(0) | found["supplement_requested_at"].notna()
        groups = {
            "late": late.fillna(False), "on_time": ~late.fillna(True), "supplement": asked,
        }  # fmt: skip
        return {
            name: people.loc[named.index[flags.to_numpy(bool)]] for name, flags in groups.items()
        }

    # -- how good the forms are --------------------------------------------------------------------

    @cached_property
    def matrix(self) -> tuple[list[str], list[list[float]]]:
        """The items, and a row of points a respondent in the order of ``people`` (NaN where there
        is no score).
        """
        wide = self.items.pivot(index="respondent", columns="item", values="score")
        wide = wide.reindex(self.people.index)
        items = [item for item in self.by_item["item"] if item in wide]
        return items, wide[items].to_numpy(float).tolist()

    def verdict(self, id: str, target: float) -> str:
        """``met``, ``not_met`` or ``cannot_tell`` of ``survey.index`` or ``survey.overall``: by the
        interval; of the index only where raw and weighted say the same.
        """
        found = self.index if id == "survey.index" else self.overall
        said = clusters.verdict(found.low, found.high, target)
        if id == "survey.index" and self.weighted is not None:
            other = clusters.verdict(self.weighted.low, self.weighted.high, target)
            return said if said == other else "cannot_tell"
        return said


def quarters(period: Period) -> list[Period]:
    """The last quarters up to the one that ``period`` ends in, the oldest first."""
    last = period if period.kind == "quarter" else period.year_to_date().months()[-1]
    if last.kind != "quarter":
        name = f"{last.year}-Q{(last.last + 2) // 3}"
        last = type(period).parse(name, cut=period.cut)
    found = [last]
    while len(found) < QUARTERS:
        found.append(found[-1].previous())
    return found[::-1]


def values(q: PeriodView) -> dict[str, Value]:
    """``survey.responses``, ``.index``, ``.index_by_item``, ``.index_weighted``, ``.overall`` and
    ``.factor.1`` to ``.5``. Shares are null without respondents (``no_data``), and below ``FEW``
    of them for the shared audience (``suppressed``); the weighted one also on fewer than
    ``LEAST_EFFECTIVE`` effective respondents (``too_few``).
    """
    found = q.satisfaction
    n = found.respondents
    shares = ("survey.index", "survey.index_by_item", "survey.index_weighted", "survey.overall",
              *(f"survey.factor.{name}" for name in FACTORS))  # fmt: skip
    if found.answers.empty:
        return dict.fromkeys(("survey.responses", *shares), Value(None, None, None, "no_data"))
    if found.hidden:
        none = Value(None, None, None, "suppressed")
        return dict.fromkeys(("survey.responses", *shares), none)
    by_item = found.by_item["share"].dropna().tolist()
    mean = math.fsum(by_item) / len(by_item) if by_item else None
    weighted = found.weighted
    of_items = Value(None, None, mean, "ok" if by_item else "zero_denominator")
    whole = (
        Value(None, None, weighted.value, "ok", weighted.low, weighted.high)
        if weighted is not None
        else Value(None, None, None, "too_few")
    )
    told = found.people["overall"].dropna()
    items = found.items
    counts = {
        "survey.index": (int(items["satisfied"].sum()), int(items["valid"].sum()), found.index),
        "survey.overall": (int(told.sum()), len(told), found.overall),
    }
    for name in FACTORS:
        mine = items[items["factor"] == name]
        ratio = found.factor(name)
        counts[f"survey.factor.{name}"] = (
            int(mine["satisfied"].sum()), int(mine["valid"].sum()), ratio,
        )  # fmt: skip
    return {
        "survey.responses": Value(n, None, n),
        "survey.index": _share(*counts.pop("survey.index")),
        "survey.index_by_item": of_items,
        "survey.index_weighted": whole,
        **{id: _share(k, size, ratio) for id, (k, size, ratio) in counts.items()},
    }


def _share(k: int, n: int, ratio: clusters.Ratio) -> Value:
    if not n:
        return Value(k, n, None, "zero_denominator")
    return Value(k, n, k / n, "ok", ratio.low, ratio.high)
