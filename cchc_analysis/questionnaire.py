"""What a survey asks, and what its answers count for.

Without any file a survey is read by its headers (``Factor [question]``) on the five points of
satisfaction. A unit whose form is another one describes it in ``data/plans/<unit>/
questionnaire.csv``, a row a question; only ``item`` must be there:

| column | meaning |
|---|---|
| ``item`` | the header of its column in the survey's file, or its code there (``A1``) |
| ``factor`` | what it belongs to: ``1`` to ``5``, the factor's name, or any other words |
| ``wording`` | the question as asked; a header with these words is recognised as well |
| ``reverse`` | ``yes`` where agreeing is bad ("I had to wait too long") |
| ``scale`` | how many points, 2 (no and yes) to 10; 5 if empty |
| ``satisfied_from`` | the first point that counts as satisfied, after turning |
| ``dont_know`` | codes or words for "I do not know", separated by a bar |
| ``no_answer`` | codes or words for no answer (refused, not asked), separated by a bar |
| ``answers`` | the words of this question from point 1 upwards, where they are not the usual ones |
| ``overall`` | ``yes`` for the one question on the whole |

:func:`scored` gives each answer its points. An answer is one of four things: a score; "I do not
know", which is an answer and no score; nothing; or unreadable. A reverse-keyed item is turned
(``scale + 1 - points``), so that more is better everywhere. The usual words of each scale are
data (``data/reference/answers.toml``).

>>> from cchc_analysis.questionnaire import Question
>>> waited_long = Question("Q7", reverse=True)
>>> waited_long.score("Đồng ý"), waited_long.score("5"), waited_long.score("không biết")
(2, 1, None)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .errors import PlanError
from .planfile import Row, Section, attempt, hint, note, read_rows, read_toml, together
from .shipped import reference
from .sources.vocabulary import factor, flag, plain, squash
from .unit import plans_folder
from .words import fold, say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "FILE", "LARGEST", "SMALLEST", "Question", "Questionnaire", "Scales",
           "load", "scales", "scored"]  # fmt: skip

FILE = "questionnaire.csv"
COLUMNS = ("item", "factor", "wording", "reverse", "scale", "satisfied_from", "dont_know",
           "no_answer", "answers", "overall")  # fmt: skip
SMALLEST, USUAL, LARGEST = 2, 5, 10
OVERALL, COMMENT = "overall", "comment"  # the store's names, as ``sources.survey`` writes them
ANSWERS = "answers.toml"

DONT_KNOW: Final = "dont_know"
BLANK: Final = "blank"
UNREADABLE: Final = "unreadable"
Points = int | str
"""The points of an answer, or why there are none."""

_WHOLE = re.compile(r"\+?(\d{1,4})(?:[.,]0+)?")
_OF = re.compile(r"(\d{1,2})\s?/\s?(\d{1,2})")
_NUMBER_FIRST = re.compile(r"(\d{1,4})(?:[.,]0+)?(\s?[-–—.:=)]+)?\s?(\D.*)")
_NUMBER_LAST = re.compile(r"(\D*\D)\s?[-–—:=(]\s?(\d{1,4})\s?([^\W\d]*)\s?\)?")
_STARS = re.compile(r"((?:[★⭐]\ufe0f?\s?)+)(?:[☆]\s?)*")


# -- the usual words --------------------------------------------------------------------------


@dataclass(frozen=True)
class Scales:
    """The usual words, by ``plain`` text: the points of each scale, and what is no score."""

    points: dict[int, dict[str, int]]
    satisfied_from: dict[int, int]
    dont_know: frozenset[str]
    blank: frozenset[str]
    units: frozenset[str]


def scales(workspace: Path | None = None) -> Scales:
    """The words of ``answers.toml``, the workspace's own or the shipped one.

    Raises :class:`PlanError` for a file that is wrong.
    """
    path = reference(ANSWERS, workspace)
    return _read_scales(path, path.stat().st_mtime_ns)


@cache
@together(cached=True)
def _read_scales(path: Path, edited: int) -> Scales:
    found = read_toml(path, ANSWERS, ("satisfied_from", DONT_KNOW, BLANK, "units", "scale"))
    thresholds = Section.of(found, "satisfied_from", ANSWERS)
    satisfied = {}
    for key in thresholds.values:
        size = _size(thresholds, key)
        satisfied[size] = thresholds.whole(key, 2, size)
    points: dict[int, dict[str, int]] = {}
    every = Section.of(found, "scale", ANSWERS)
    for key in every.values:
        size = _size(every, key)
        if size not in satisfied:
            raise every.wrong(key, say("questionnaire.need_threshold", scale=size))
        points[size] = _points(Section.of(every.values, key, ANSWERS), size)

    def words(name: str) -> frozenset[str]:
        section = Section.of(found, name, ANSWERS, ("words",))
        return frozenset(map(_key, section.texts("words", ())))

    return Scales(points, satisfied, words(DONT_KNOW), words(BLANK), words("units"))


def _size(section: Section, key: str) -> int:
    if not key.isdecimal() or not SMALLEST <= int(key) <= LARGEST:
        remedy = say("questionnaire.need_scale", low=SMALLEST, high=LARGEST)
        raise section.wrong(key, remedy)
    return int(key)


def _points(section: Section, size: int) -> dict[str, int]:
    named = replace(section, name=f"scale.{section.name}")
    points: dict[str, int] = {}
    for key in section.values:
        if not key.isdecimal() or not 1 <= int(key) <= size:
            raise named.wrong(key, say("questionnaire.need_point", low=1, high=size))
        for word in named.texts(key):
            if (first := points.setdefault(_key(word), int(key))) != int(key):
                raise named.wrong(key, say("questionnaire.word_twice", word=word, first=first))
    return points


def _key(text: str) -> str:
    """Text as compared: folded, without punctuation (``N/A`` is not ``na``)."""
    return plain(text) or fold(text)


# -- one question -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question of a survey, and how its answers are read.

    ``answers`` are its own words as (plain text, points); ``dont_know`` and ``no_answer`` its own
    codes, folded.
    ``usual`` are the words that go for every question.
    """

    item: str
    factor: str = ""
    wording: str = ""
    reverse: bool = False
    scale: int = USUAL
    satisfied_from: int = 0
    dont_know: frozenset[str] = frozenset()
    no_answer: frozenset[str] = frozenset()
    answers: tuple[tuple[str, int], ...] = ()
    overall: bool = False
    usual: Scales = field(default_factory=scales, repr=False, compare=False)

    @cached_property
    def name(self) -> str:
        """What the store calls it: a header ``Factor [question]`` by its question alone."""
        return OVERALL if self.overall else _bracketed(self.item) or self.item

    @cached_property
    def threshold(self) -> int:
        """The first point that counts as satisfied."""
        return self.satisfied_from or self.usual.satisfied_from.get(self.scale, self.scale)

    @cached_property
    def _words(self) -> dict[str, int]:
        return dict(self.answers) or self.usual.points.get(self.scale, {})

    @cached_property
    def _known(self) -> dict[str, tuple[Points, str | None]]:
        return {}

    def points(self, text: str | None) -> Points:
        """The points ticked, before turning; or ``"dont_know"``, ``"blank"``, ``"unreadable"``."""
        return self.read(text)[0]

    def score(self, text: str | None) -> int | None:
        """The points after turning, None where there is no score."""
        points = self.points(text)
        if isinstance(points, str):
            return None
        return self.scale + 1 - points if self.reverse else points

    def knows(self, text: str) -> bool:
        """Whether the text is an answer, and no more than that: not "3. Đại học"."""
        words = plain(re.sub(r"\d+", " ", text))
        known = not words or words in self._words or words in self.usual.units
        return self.points(text) == DONT_KNOW or (known and isinstance(self.points(text), int))

    def read(self, text: str | None) -> tuple[Points, str | None]:
        """The points, and the answer as it may be kept: a word of the lists, a code or digits.

        What stands beside a number is not kept, for it may be anything.
        """
        if text is None:
            return BLANK, None
        if text not in self._known:
            self._known[text] = self._read(" ".join(text.split()))
        return self._known[text]

    def _read(self, spoken: str) -> tuple[Points, str | None]:
        folded, key = fold(spoken), plain(spoken)
        whole = _WHOLE.fullmatch(folded)
        digits = str(int(whole[1])) if whole else None
        if folded in self.dont_know or digits in self.dont_know:
            return DONT_KNOW, digits or spoken
        if folded in self.no_answer or digits in self.no_answer:
            return BLANK, None
        if digits is not None:
            return self._at(int(digits))
        for word in (key, folded):  # an emoji has no letters to compare by
            if word in self._words:
                return self._words[word], spoken
        if key in self.usual.dont_know:
            return DONT_KNOW, spoken
        if stars := _STARS.fullmatch(folded):
            return self._at(stars[1].count("★") + stars[1].count("⭐"))
        if not key or key in self.usual.blank:
            return BLANK, None
        return self._mixed(folded)

    def _mixed(self, folded: str) -> tuple[Points, str | None]:
        """A number with something beside it: ``4/5``, ``4 - Hài lòng``, ``Hài lòng (4)``.

        Where the words are known they decide, for a form may count its points downwards.
        """
        if of := _OF.fullmatch(folded):
            return self._at(int(of[1])) if int(of[2]) == self.scale else (UNREADABLE, None)
        if first := _NUMBER_FIRST.fullmatch(folded):
            number, parted, beside = first[1], bool(first[2]), first[3]
        elif (last := _NUMBER_LAST.fullmatch(folded)) and (
            not last[3] or plain(last[3]) in self.usual.units
        ):
            number, parted, beside = last[2], False, last[1]
        else:
            return UNREADABLE, None
        key = plain(beside)
        if key in self._words:
            points = self._words[key]
            return points, str(points)
        if key in self.usual.dont_know or fold(beside) in self.dont_know:
            return DONT_KNOW, fold(beside)
        if parted or not key or key in self.usual.units:
            return self._at(int(number))
        return UNREADABLE, None

    def _at(self, number: int) -> tuple[Points, str | None]:
        return (number, str(number)) if 1 <= number <= self.scale else (UNREADABLE, None)


# -- the file ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Questionnaire:
    """The questions of a unit's survey, in the order of the file."""

    questions: tuple[Question, ...]
    file: str = FILE

    def __len__(self) -> int:
        return len(self.questions)

    def find(self, *names: str) -> Question | None:
        """The question with one of these headers, codes or wordings.

        Its code or header decides first, then its wording, then either without its punctuation.
        A name that fits two questions fits none.
        """
        keys = [fold(name) for name in names]
        for known, made in zip(self._names, (keys, keys, map(_loose, names)), strict=True):
            for key in made:
                if key and (question := known.get(key)) is not None:
                    return question
        return None

    def absent(self, names: Iterable[str]) -> list[str]:
        """The questions, as the file writes them, whose ``name`` is none of these."""
        present = set(names)
        return [q.item for q in self.questions if q.name not in present]

    @cached_property
    def _names(self) -> tuple[dict[str, Question | None], ...]:
        codes: dict[str, Question | None] = {}
        wordings: dict[str, Question | None] = {}
        loose: dict[str, Question | None] = {}
        for question in self.questions:
            for text in dict.fromkeys((question.item, question.name)):
                codes.setdefault(fold(text), question)
            for key in {fold(question.wording)} - {""}:
                wordings[key] = None if key in wordings else question
            for key in {_loose(t) for t in (question.item, question.name, question.wording)}:
                loose[key] = None if loose.get(key, question) is not question else question
        return codes, wordings, loose


@together()
def load(workspace: Path, slug: str) -> Questionnaire | None:
    """The questionnaire of the unit ``slug``, None where it has none.

    Raises :class:`PlanError` with the row and column of every mistake.
    """
    path = plans_folder(workspace) / slug / FILE
    if not path.is_file():
        return None
    file = f"{slug}/{FILE}"
    usual = attempt(partial(scales, Path(workspace)), None) or scales()
    rows = read_rows(path, file, ("item",), others=True)
    _check_columns(rows)
    seen: dict[str, int] = {}
    overall = 0
    questions = []
    for row in rows:
        question = attempt(partial(_question, row, usual), None)
        if question is None:
            continue
        for key in {fold(question.item), fold(question.name)}:
            if (first := seen.setdefault(key, row.number)) != row.number and not question.overall:
                note(row.wrong("item", say("questionnaire.twice", first=first)), None)
        if question.overall and overall:
            note(row.wrong(OVERALL, say("questionnaire.second_overall", first=overall)), None)
        overall = row.number if question.overall else overall
        questions.append(question)
    return Questionnaire(tuple(questions), file) if questions else None


def _check_columns(rows: list[Row]) -> None:
    for row in rows[:1]:
        for column in row.cells:
            if column not in COLUMNS:
                close = hint(column, [c for c in COLUMNS if c not in row.cells])
                names = {"file": row.file, "column": column, "hint": close}
                said = say("plan.unknown_column", known=", ".join(COLUMNS), **names)
                note(PlanError(said, file=row.file, column=column), None)


def _question(row: Row, usual: Scales) -> Question:
    item = " ".join(row.text("item").split())
    if not item:
        raise row.wrong("item", say("questionnaire.no_item"))
    scale = _whole(row, "scale", SMALLEST, LARGEST) or USUAL
    group = row.text("factor")
    if fold(group) == OVERALL:
        raise row.wrong("factor", say("questionnaire.overall_is_no_factor"))
    made = Question(
        item=item,
        factor=factor(group) or " ".join(group.split()),
        wording=" ".join(row.text("wording").split()),
        reverse=_yes(row, "reverse"),
        scale=scale,
        satisfied_from=_whole(row, "satisfied_from", 2, scale) or 0,
        answers=_answers(row, scale),
        overall=_yes(row, OVERALL),
        usual=usual,
    )
    unknowing, silent = (_codes(row, column, made) for column in ("dont_know", "no_answer"))
    if both := unknowing & silent:
        raise row.wrong("no_answer", say("questionnaire.code_twice", code=min(both)))
    return replace(made, dont_know=unknowing, no_answer=silent)


def _codes(row: Row, column: str, made: Question) -> frozenset[str]:
    """Codes off the scale, folded, whole numbers as digits too."""
    codes = [code.strip() for code in row.text(column).split("|") if code.strip()]
    for code in codes:
        if _SEVERAL.fullmatch(code):
            raise row.wrong(column, say("questionnaire.need_bars", code=code))
        if isinstance(points := made.points(code), int):
            names = {"code": code, "score": points, "scale": made.scale}
            raise row.wrong(column, say("questionnaire.on_scale", **names))
    whole = {str(int(found[1])) for code in codes if (found := _WHOLE.fullmatch(code))}
    return frozenset({*map(fold, codes), *whole})


_SEVERAL = re.compile(r"-?\d+(?:\s*[;,/\s]\s*-?\d+)+")


def _answers(row: Row, scale: int) -> tuple[tuple[str, int], ...]:
    words = [word.strip() for word in row.text("answers").split("|")]
    if words == [""]:
        return ()
    if len(words) != scale or not all(words):
        raise row.wrong("answers", say("questionnaire.answers_count", scale=scale))
    points: dict[str, int] = {}
    for number, word in enumerate(words, start=1):
        if points.setdefault(_key(word), number) != number:
            raise row.wrong("answers", say("questionnaire.answers_twice", word=word))
    return tuple(points.items())


def _whole(row: Row, column: str, low: int, high: int) -> int | None:
    text = row.text(column)
    if not text:
        return None
    if not text.isdecimal() or not low <= int(text) <= high:
        raise row.wrong(column, say("plan.need_whole", low=low, high=high))
    return int(text)


def _yes(row: Row, column: str) -> bool:
    said = flag(row.text(column))
    if said not in (None, True, False) or (said is None and row.text(column)):
        raise row.wrong(column, say("plan.need_yes_no"))
    return said is True


_BRACKETS = re.compile(r"[^\[]+\[(.+)\]\s*", re.DOTALL)


def _bracketed(header: str) -> str:
    """The question in ``Factor [question]``, else nothing."""
    found = _BRACKETS.fullmatch(header)
    return " ".join(found[1].split()) if found else ""


def _loose(text: str) -> str:
    """Letters and digits, with a dot left between two digits: ``Q 1.1`` is not ``Q11``."""
    return "d".join(map(squash, re.split(r"(?<=\d)[\W_]+(?=\d)", fold(text))))


# -- the points -------------------------------------------------------------------------------


def scored(
    frame: pd.DataFrame,
    questionnaire: Questionnaire | None = None,
    *,
    workspace: Path | None = None,
) -> pd.DataFrame:
    """The survey's rows with what each answer counts for.

    ``frame`` has a row a respondent and question (``item``, ``answer``, ``factor`` …), as the
    store keeps it. Added are ``score`` (1 to the scale, after turning; NaN where blank, "I do
    not know" or unreadable), ``scale`` (missing for a comment), ``valid`` (there is a score),
    ``satisfied`` (False where not valid), ``dont_know`` and ``wording`` (the question as asked,
    else the item). A factor that the questionnaire names replaces the one stored. A question
    that the questionnaire does not know has the five points of satisfaction. A ``workspace``
    may have words of its own for questions without a questionnaire.
    """
    import numpy as np
    import pandas as pd

    usual = scales(workspace)
    item_of, items = pd.factorize(frame["item"])
    answer_of, answers = pd.factorize(frame["answer"])
    asked = [_asked(str(item), questionnaire, usual) for item in items]
    texts = [str(answer) for answer in answers]
    shape = (len(asked) + 1, len(texts) + 1)  # the last row and column: none, that is -1
    score = np.full(shape, np.nan)
    unknowing = np.zeros(shape, dtype=bool)
    for item, answer in np.unique(np.stack([item_of, answer_of]), axis=1).T.tolist():
        question = asked[item] if item >= 0 else None
        if question is None or answer < 0:
            continue
        points = question.points(texts[answer])
        unknowing[item, answer] = points == DONT_KNOW
        if isinstance(points, int):
            score[item, answer] = question.scale + 1 - points if question.reverse else points
    scale = np.array([q.scale if q else 0 for q in (*asked, None)])[item_of]
    threshold = np.array([float(q.threshold) if q else np.inf for q in (*asked, None)])[item_of]
    values = score[item_of, answer_of]

    def named(attribute: str, otherwise: pd.Series) -> pd.Series:
        names = [getattr(q, attribute) or None if q else None for q in (*asked, None)]
        given = pd.Series(pd.array(names, dtype="str")[item_of], index=frame.index)
        return given.fillna(otherwise)

    return frame.assign(
        factor=named("factor", frame["factor"]),
        score=values,
        scale=pd.Series(scale, index=frame.index, dtype="Int64").mask(scale == 0),
        valid=~np.isnan(values),
        satisfied=values >= threshold,
        dont_know=unknowing[item_of, answer_of],
        wording=named("wording", frame["item"]),
    )


def _asked(item: str, questionnaire: Questionnaire | None, usual: Scales) -> Question | None:
    if item == COMMENT:
        return None
    found = questionnaire.find(item) if questionnaire is not None else None
    if found is None and questionnaire is not None and item == OVERALL:
        found = next((q for q in questionnaire.questions if q.overall), None)
    return found or Question(item, usual=usual)
