"""A satisfaction form, one line a respondent, as one row a respondent and question.

A form's columns are its questions; the table of the survey has a row for each answer instead,
with the factor that the question belongs to. A respondent is named by a hash of the answers, so
the same form in two exports is one respondent, and nothing leads back to a person: the dossier's
code and whatever else could tell who answered are not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .columns import Column, Item
from .convert import Reading, convert
from .tables import Field, Table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["COMMENT", "OVERALL", "Answers"]

OVERALL = "overall"
COMMENT = "comment"
_ANSWER = Field("answer", "choice")
_LENGTH = 12


@dataclass(frozen=True, repr=False)
class Answers:
    """The answers of the respondents: one list a question, in the order of the rows."""

    items: tuple[Item, ...]
    columns: list[list[str | None]]
    respondents: list[str]
    unreadable: list[int]

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        frame: pd.DataFrame,
        cells: Callable[[Column], list[Any]],
        reading: Reading,
    ) -> Answers:
        columns, unreadable = [], set[int]()
        for item in items:
            converted = convert(_ANSWER, cells(item.column), reading)
            columns.append(converted.values)
            unreadable.update(converted.unreadable)
        about = [frame[name].astype("str").tolist() for name in _WHO]
        respondents = _names(list(zip(*about, *columns, strict=True)))
        return cls(tuple(items), columns, respondents, sorted(unreadable))

    @property
    def any(self) -> np.ndarray:
        """Which respondents answered at least one question."""
        import numpy as np

        found = np.zeros(len(self.respondents), dtype=bool)
        for column in self.columns:
            found |= np.array([answer is not None for answer in column], dtype=bool)
        return found

    def long(self, frame: pd.DataFrame, kept: np.ndarray, table: Table) -> pd.DataFrame:
        """The table's rows for the respondents kept, respondent by respondent."""
        import pandas as pd

        who = frame.assign(respondent=pd.Series(self.respondents, dtype="str"))
        blocks = []
        for item, answers in zip(self.items, self.columns, strict=True):
            block = who.assign(
                factor=pd.Series([item.factor] * len(who), dtype="str"),
                item=pd.Series([item.wording] * len(who), dtype="str"),
                answer=pd.Series(answers, dtype="str"),
                comment=pd.Series([None] * len(who), dtype="str"),
            )
            blocks.append(block[kept])
        said = frame["comment"].notna().to_numpy() & kept
        remarks = who[said].assign(factor=None, item=COMMENT, answer=None)
        blocks.append(remarks)
        names = ["sheet", "row", *table.names]
        whole = pd.concat([block[names] for block in blocks])
        whole = whole.sort_values("row", kind="stable").reset_index(drop=True)
        return whole.astype({of.name: of.dtype for of in table.fields})


_WHO = ("answered_at", "gender", "age_group", "field", "channel")


def _names(forms: Sequence[tuple[Any, ...]]) -> list[str]:
    """A short hash of each form; equal forms are told apart by their order."""
    seen: dict[str, int] = {}
    names = []
    for form in forms:
        joined = "\x1f".join("" if part is None else str(part) for part in form)
        name = hashlib.sha256(joined.encode("utf-8")).hexdigest()[:_LENGTH]
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names
