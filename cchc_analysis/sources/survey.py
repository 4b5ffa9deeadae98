"""A satisfaction form, one line a respondent, as one row a respondent and question.

A form's columns are its questions; the table of the survey has a row for each answer instead,
with the factor that the question belongs to. A respondent is named by a hash of what the answers
count for, so the same form in two exports, in words or in codes, is one respondent, and nothing
leads back to a person: whatever could tell who answered is not read, and an age is kept as its
group.

A form may name the dossier that it is about. Its code is not kept either: what is kept, where the
workspace's masker is given, is a keyed hash of it (``dossier``). Inside the workspace the
register's own codes can be hashed alike and the answers joined to late or on time; no one without
the key can go from an answer to a dossier by trying codes. The hash is another than the one that
stands for the code in shared files, so the two cannot be matched.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..words import fold
from .convert import Reading
from .heading import Column
from .questions import Item
from .tables import Table
from .values import code, is_error, text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..privacy import Masker
    from ..questionnaire import Question

__all__ = ["COMMENT", "OVERALL", "Answers", "age_bands", "age_groups", "dossier_key",
           "questionnaire_of", "usual"]  # fmt: skip

OVERALL = "overall"
COMMENT = "comment"
_LENGTH = 12


@dataclass(frozen=True, repr=False)
class Answers:
    """The answers of the respondents: one list a question, in the order of the rows."""

    items: tuple[Item, ...]
    columns: list[list[str | None]]
    respondents: list[str]
    unreadable: list[list[int]]
    """Where the answers to each question could not be read, by position."""

    @classmethod
    def of(
        cls,
        items: Sequence[Item],
        frame: pd.DataFrame,
        cells: Callable[[Column], list[Any]],
        reading: Reading,
    ) -> Answers:
        columns, unreadable, marks = [], [], []
        for item in items:
            answers, unread, points = _read(item.question or usual(), cells(item.column), reading)
            columns.append(answers)
            unreadable.append(unread)
            marks.append(points)
        about = [frame[name].astype("str").tolist() for name in _WHO]
        respondents = _names(list(zip(*about, *marks, strict=True)))
        return cls(tuple(items), columns, respondents, unreadable)

    @property
    def any(self) -> np.ndarray:
        """Which respondents answered at least one question."""
        import numpy as np

        found = np.zeros(len(self.respondents), dtype=bool)
        for column in self.columns:
            found |= np.array([answer is not None for answer in column], dtype=bool)
        return found

    @property
    def misread(self) -> np.ndarray:
        """Which gave an answer that could not be read."""
        import numpy as np

        found = np.zeros(len(self.respondents), dtype=bool)
        found[sorted({position for each in self.unreadable for position in each})] = True
        return found

    def long(self, frame: pd.DataFrame, kept: np.ndarray, table: Table) -> pd.DataFrame:
        """The table's rows for the respondents kept, respondent by respondent."""
        import pandas as pd

        who = frame.assign(respondent=pd.Series(self.respondents, dtype="str"))
        blocks = []
        for item, answers in zip(self.items, self.columns, strict=True):
            block = who.assign(
                factor=pd.Series([item.factor or None] * len(who), dtype="str"),
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


@cache
def usual() -> Question:
    """How a question is read that no questionnaire describes: on the five points."""
    from ..questionnaire import Question

    return Question("")


def _read(
    question: Question, cells: Sequence[Any], reading: Reading
) -> tuple[list[str | None], list[int], list[int | str]]:
    """The answers to a question, of which only what its lists know is kept; where they could not
    be read; and what each counts for, however it is written.
    """
    own = reading.words.get("answer", {})
    values: list[str | None] = []
    unreadable = []
    marks: list[int | str] = []
    for position, cell in enumerate(cells):
        spoken = None if is_error(cell) else text(cell)
        if spoken is not None:
            spoken = own.get(fold(spoken), spoken)
        points, kept = question.read(spoken)
        values.append(kept)
        marks.append(points)
        if points == "unreadable":
            unreadable.append(position)
    return values, unreadable, marks


def questionnaire_of(slug: str) -> str:
    """Where the questionnaire of the unit ``slug`` is, or would be."""
    return f"data/plans/{slug}/questionnaire.csv"


def dossier_key(masker: Masker, dossier: Any) -> str | None:
    """What the survey keeps of a dossier's code, to hash the register's codes alike for a join.

    None for no code, and for what cannot be one.
    """
    known = code(dossier if isinstance(dossier, str) else None)
    return masker.code(f"survey {known}") if isinstance(known, str) else None


def age_groups(ages: pd.Series) -> pd.Series:
    """Ages in years as their group; groups as they are."""
    words = {word: _age_group(word) for word in ages.dropna().unique()}
    return ages.map(words).astype(ages.dtype)


def _age_group(word: str) -> str:
    if not word.isdecimal():
        return word
    return next((name for name, (low, high) in age_bands() if low <= int(word) <= high), word)


@cache
def age_bands() -> list[tuple[str, tuple[int, int]]]:
    """The groups in which an age is kept, each with its first and last age."""
    text = (files(__package__) / "vocabulary.toml").read_text(encoding="utf-8")
    bands = tomllib.loads(text)["age_group"]
    return [(name, (low, high)) for name, (low, high) in bands.items()]


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
