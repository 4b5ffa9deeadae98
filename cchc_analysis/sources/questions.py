"""The questions of a survey among the columns of its sheet.

By the unit's questionnaire where it has one; else a question is written ``Factor [question]``, or
stands under a group named as one of the five factors, or is answered on the satisfaction scale.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from ..words import fold
from .heading import NUMBERED, Column, content, is_personal, says, shown
from .vocabulary import factor, plain

if TYPE_CHECKING:
    from ..questionnaire import Question, Questionnaire

__all__ = [
    "Item", "asked", "asks_of_the_whole", "form_words", "in_order", "survey_items", "survey_words",
    "told_apart",
]  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A question of a survey: its column, the factor it belongs to, and what it is called.

    ``question`` says how its answers are read, where a questionnaire has it.
    """

    column: Column
    factor: str
    wording: str
    question: Question | None = None


def asked(columns: Sequence[Column], questionnaire: Questionnaire) -> tuple[Item, ...]:
    """The columns that the questionnaire has, each question once."""
    found: dict[str, Item] = {}
    for column in columns:
        bracketed = _BRACKETED.fullmatch(column.header)
        short = bracketed["wording"] if bracketed else ""
        header = column.header.removesuffix(".0")  # a code that Excel took for a number
        both = f"{column.group} {header}" if column.group else ""
        words = NUMBERED.sub("", header)  # "2. …", but the code 1.1 is not the code 1
        words = words if sum(map(str.isalpha, words)) > 3 else ""
        question = questionnaire.find(header, both, short, words)
        if question is None or question.name in found:
            continue
        heading = bracketed["factor"] if bracketed else column.group
        group = question.factor or factor(heading) or shown(heading)
        group = "overall" if question.overall else group
        found[question.name] = Item(column, group, question.name, question)
    return tuple(found.values())


def in_order(
    asked: Sequence[Item], others: Sequence[Item], questionnaire: Questionnaire
) -> tuple[Item, ...]:
    """The questions as they stand in the sheet, the overall one last."""
    overall = next((q for q in questionnaire.questions if q.overall), None)
    named = [i if i.factor != "overall" else replace(i, question=overall) for i in others]
    order = sorted((*asked, *named), key=lambda i: (i.factor == "overall", i.column.index))
    return tuple(order)


def told_apart(items: Sequence[Item]) -> tuple[Item, ...]:
    """The questions, those of one name by all that is over their columns, else by a number.

    The overall one and those of a questionnaire keep the name by which they are read.
    """
    often = Counter(item.wording for item in items)
    settled = [
        item.question is not None or item.factor == "overall" or often[item.wording] == 1
        for item in items
    ]
    taken = {item.wording for item, is_so in zip(items, settled, strict=True) if is_so}
    found = []
    for item, is_so in zip(items, settled, strict=True):
        if not is_so:
            name = item.column.label
            names = chain([name], (f"{name} ({number})" for number in count(2)))
            item = replace(item, wording=next(each for each in names if each not in taken))
            taken.add(item.wording)
        found.append(item)
    return tuple(found)


_BRACKETED = re.compile(r"(?P<factor>[^\[]+?)\s*\[(?P<wording>.+)\]\s*", re.DOTALL)


def survey_items(
    columns: Sequence[Column],
    fields: Mapping[str, Column],
    below: Sequence[Sequence[Any]],
    own: dict[str, str] | None = None,
) -> tuple[Item, ...]:
    """The questions among the columns of a survey, beside what is known of its ``fields``.

    A question is written ``Factor [question]``, or stands under a group named as one of the
    five factors, or is answered on the satisfaction scale: in words, or in nothing but its digits
    where the sheet has other questions or several such columns. A factor that is none of the five
    keeps its own words. What is about the respondent is no question.
    """
    found = []
    scored = []
    for column in columns:
        if _is_about_people(column):
            continue
        if bracketed := _BRACKETED.fullmatch(column.header):
            heading = " ".join(bracketed["factor"].split())
            wording = " ".join(bracketed["wording"].split())
            found.append(Item(column, factor(heading) or shown(heading), wording))
        elif column.group and (number := factor(column.group)):
            found.append(Item(column, number, " ".join(column.header.split())))
        elif _is_answered(column, below, own):
            heading = column.group or column.header
            found.append(Item(column, factor(heading) or shown(heading), column.label))
        elif _is_scored(column, below):
            heading = column.group or column.header
            scored.append(Item(column, factor(heading) or shown(heading), column.label))
    if found or (fields and len(scored) >= _SCORED):
        found = sorted([*found, *scored], key=lambda item: item.column.index)
    if "overall" in fields:
        found.append(Item(fields["overall"], "overall", "overall"))
    return tuple(found)


_SCORED = 3  # columns of answers in digits that make a survey


def survey_words() -> list[str]:
    """Words by which a file or a header is about a survey."""
    return list(content()["survey_about"]["words"])


def form_words() -> list[str]:
    """What a form is called in a header: "Phiếu 1"."""
    return list(content()["survey_about"]["forms"])


def asks_of_the_whole(column: Column) -> bool:
    """Whether a header that no alias covers asks how satisfied people are on the whole."""
    if _BRACKETED.fullmatch(column.header) or (column.group and factor(column.group)):
        return False
    words = content()["survey_whole"]
    said = f" {plain(column.header)} "
    return says(said, words["of"]) and says(said, words["whole"])


def _is_about_people(column: Column) -> bool:
    """Whether what looks like a question is about who answers it, or sums up the answers."""
    about = content()["survey_about"]
    bracketed = _BRACKETED.fullmatch(column.header)
    group, header = bracketed.groups() if bracketed else (column.group, column.header)
    headers = {plain(word) for word in about["headers"]}
    groups = {plain(word) for word in about["groups"]}
    return plain(NUMBERED.sub("", header)) in headers or plain(group) in groups


def _is_scored(column: Column, below: Sequence[Sequence[Any]]) -> bool:
    """Whether a column under a header of several words has the digits of five points alone."""
    words = plain(NUMBERED.sub("", column.header)).split()
    said = f" {' '.join(words)} "
    counted = any(said.startswith(f" {plain(w)} ") for w in content()["survey_about"]["counted"])
    if counted or sum(word.isalpha() for word in words) < _SCORED or is_personal(column):
        return False
    cells = [row[column.index] for row in below if column.index < len(row)]
    spoken = [str(cell).strip().removesuffix(".0") for cell in cells if cell not in (None, "")]
    filled = [cell for cell in spoken if cell]
    digits = [int(cell) for cell in filled if cell in {"1", "2", "3", "4", "5"}]
    return bool(digits) and len(digits) >= 0.9 * len(filled) and max(digits) > _SCORED


def _is_answered(
    column: Column, below: Sequence[Sequence[Any]], own: dict[str, str] | None
) -> bool:
    """Whether the cells are answers on the five points, some of them in more than digits."""
    from .survey import usual

    cells = [row[column.index] for row in below if column.index < len(row)]
    spoken = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    worded = [cell for cell in spoken if not _FIGURES.fullmatch(cell)]
    answers = sum(usual().knows(cell) or fold(cell) in (own or ()) for cell in worded)
    return bool(worded) and answers >= 0.6 * len(spoken)


_FIGURES = re.compile(r"[\d\s.,]*")
