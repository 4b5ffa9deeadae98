"""Headers to fields.

A header is compared with the aliases of ``aliases.toml`` by its letters and digits alone, without
accents, case, spaces, punctuation or what stands in brackets, so one alias covers every spelling;
but a return "(dự kiến)" is no return. A header under a merged group is looked up with its group
first. Which table a file is follows from which fields its headers make up, never from its name.
Columns about people are recognised only to be dropped; a column that nobody knows is dropped too,
by name, because it might be about people.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from ..errors import MappingError
from ..privacy import redact
from ..words import fold, say
from .mapping import Mapping, nearest
from .tables import TABLES, Table
from .vocabulary import factor, plain, squash

if TYPE_CHECKING:
    from ..questionnaire import Question, Questionnaire

__all__ = [
    "Column",
    "Item",
    "Matched",
    "by_header",
    "form_words",
    "guess",
    "is_titled",
    "likeliest",
    "match",
    "missing_headers",
    "named_person",
    "recognise",
    "survey_words",
]


@dataclass(frozen=True)
class Column:
    """A column of a sheet: where it stands, and what is written over it."""

    index: int
    header: str
    group: str = ""

    @property
    def label(self) -> str:
        """What people see; never longer than a header should be."""
        whole = (
            f"{self.group} / {self.header}"
            if self.group and self.header
            else (self.header or self.group)
        )
        return _shown(whole)

    @property
    def keys(self) -> tuple[str, ...]:
        """What to look for among the aliases, the most telling first."""
        return _keys(self.group, self.header)


def _shown(text: str) -> str:
    text = redact(" ".join(text.split()))
    return text if len(text) <= 60 else text[:59] + "…"


_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,2}\)?|[IVX]+|[a-z])\s*[.)]\s*")


_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
LATER = 400  # a field named in brackets gives way to one that is named outright


@cache
def _keys(group: str, header: str) -> tuple[str, ...]:
    bare = _BRACKETS.sub(" ", header)
    numbered = _NUMBERED.sub("", bare)
    own = [header, bare, numbered, _actual().sub("", numbered)]
    both = [f"{group} {name}" for name in own] if group else []
    if group and squash(bare) in _content()["days"]["headers"]:  # "Ngày" under "Nhận hồ sơ"
        both += [f"{bare} {group}"]
    alone = [group, re.sub(r"\([^)]*\)", " ", group)] if not squash(bare) else []
    found = dict.fromkeys(squash(text) for text in (*both, *own, *alone))
    return tuple(key for key in found if key)


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "aliases.toml").read_text(encoding="utf-8"))


@cache
def _actual() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _content()["actual"]["words"]))
    return re.compile(rf"\s+(?:{words})\s*$", re.IGNORECASE)


@cache
def _aliases(table: str, settled: bool = False) -> dict[str, tuple[str, int]]:
    """Squashed alias → (field, rank)."""
    found: dict[str, tuple[str, int]] = {}
    of = TABLES[table]
    names = {squash(name): (name, 500) for name in of.names if name not in of.made}
    lists = [*_content()[table].items()]
    if settled:
        lists += _content()["settled"].get(table, {}).items()
    for name, words in lists:
        for rank, word in enumerate(words):
            found.setdefault(squash(word), (name, rank))
    return names | found


def is_titled(table: str, title: Iterable[str], stem: str) -> bool:
    """Whether the lines of a title, or else the name of a file, say that it is of ``table``."""
    rule, telling = _content()["titled"][table], _content()["telling"][table]
    lines = [f" {plain(line)} " for line in title]
    lines = [
        line for line in lines if any(line.startswith(f" {plain(w)} ") for w in rule["begins"])
    ]
    if any(_says(line, rule["never"]) for line in lines):
        return False
    name = squash(stem)
    named = any(squash(word) in name for word in telling)
    named = named and not any(squash(word) in name for word in rule["never"])
    return named or any(_says(line, telling) for line in lines)


@cache
def _ignored() -> frozenset[str]:
    return frozenset(squash(word) for word in _content()["ignored"]["headers"])


@cache
def _personal() -> re.Pattern[str]:
    words = {plain(word) for word in _content()["personal"]["contains"]}
    spaced = "|".join(rf"\b{re.escape(word)}\b" for word in sorted(words))
    joined = "|".join(re.escape(squash(word)) for word in sorted(words) if len(squash(word)) > 3)
    return re.compile(f"{spaced}|{joined}")


def is_personal(column: Column) -> bool:
    """Whether the header speaks of people."""
    over = f"{column.group} {column.header}"
    return bool(_personal().search(plain(over)) or _personal().search(squash(over)))


def named_person(columns: Sequence[Column]) -> Column | None:
    """The column with the name of the person or body that a dossier is of: its owner's before its
    filer's before any other name; None where no header surely means a name.
    """
    lists = _content()["people"]
    names = [*lists["owner"], *lists["filer"], *lists["named"]]
    for kind in ("owner", "filer", "named"):
        found = []
        for column in columns:
            own = _spoken(column.header)
            over = f"{_spoken(column.group)}{own}"
            itself = _says(own, lists[kind])
            if (itself or _says(over, lists[kind])) and not _says(
                own if itself else over, lists["never"]
            ):
                found.append((not _says(own, names), column.index, column))
        if found:
            return min(found)[2]
    alone = {squash(word) for word in lists["alone"]}
    return next((c for c in columns if squash(c.header) in alone and not c.group), None)


def with_names(columns: Sequence[Column]) -> list[Column]:
    """Every column that may hold names of citizens, the one of :func:`named_person` among them."""
    lists = _content()["people"]
    people = [plain(w) for kind in ("owner", "filer", "named", "watched") for w in lists[kind]]
    alone = {squash(word) for word in lists["alone"]}
    found = []
    for column in columns:
        said = left = f"{_spoken(column.group)}{_spoken(column.header)}"
        for word in people:
            left = left.replace(f" {word} ", "  ")
        named = left != said and not _says(left, lists["never"])
        if named or (squash(column.header) in alone and not column.group):
            found.append(column)
    return found


_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _spoken(header: str) -> str:
    """A header's words between spaces; ``TenNguoiNop`` is three."""
    return f" {plain(_INNER.sub(' ', header))} "


def _says(text: str, words: Sequence[str]) -> bool:
    return any(f" {plain(word)} " in text for word in words)


def is_ignored(column: Column) -> bool:
    """Whether everyone may drop the column without a word."""
    return any(key in _ignored() for key in column.keys)


@dataclass(frozen=True)
class Item:
    """A question of a survey: its column, the factor it belongs to, and what it is called.

    ``question`` says how its answers are read, where a questionnaire has it.
    """

    column: Column
    factor: str
    wording: str
    question: Question | None = None


@dataclass(frozen=True)
class Matched:
    """Which columns of a sheet are which fields of a table."""

    table: Table
    fields: dict[str, Column]
    rest: tuple[Column, ...]
    """Columns that are no field."""
    rivals: tuple[tuple[str, Column], ...]
    """Columns that lost their field to one with a better alias."""
    items: tuple[Item, ...] = ()
    """The questions of a survey."""
    hours: dict[str, Column] = field(default_factory=dict)
    """Columns with the time of day of a moment whose own column has the day."""
    moved: bool = False
    """Whether a column of first due days stands beside one of those they were moved to."""
    sure: bool = False
    """Whether more than the number of fields says that it is this table."""

    @property
    def complete(self) -> bool:
        return self.table.is_complete(self.fields)

    @property
    def weight(self) -> int:
        """How much of the sheet is recognised: the fields, and what a questionnaire names."""
        return len(self.fields) + sum(item.question is not None for item in self.items)

    def without(self, name: str) -> Matched:
        """The same, with the column of the field ``name`` not read."""
        if name not in self.fields:
            return self
        fields = {field: column for field, column in self.fields.items() if field != name}
        return replace(self, fields=fields, rest=(*self.rest, self.fields[name]))

    def without_items(self, columns: Collection[int]) -> Matched:
        """The same, with the questions in these columns not read."""
        if not columns:
            return self
        items = tuple(item for item in self.items if item.column.index not in columns)
        gone = [item.column for item in self.items if item.column.index in columns]
        fields = {n: c for n, c in self.fields.items() if n != "item" and c.index not in columns}
        if items:
            fields["item"] = items[0].column
        return replace(self, fields=fields, rest=(*self.rest, *gone), items=items)

    @cached_property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that are neither a field, nor about people, nor of no interest to anyone."""
        return tuple(c for c in self.rest if not is_personal(c) and not is_ignored(c))


def match(
    columns: Sequence[Column],
    table: Table,
    mapping: Mapping | None = None,
    below: Sequence[Sequence[Any]] = (),
    questionnaire: Questionnaire | None = None,
    *,
    settled: bool = False,
) -> Matched:
    """The fields of ``table`` among the columns, a mapping's own headers first.

    ``below`` are some rows under the header: the questions of a survey are told by their answers,
    or by the unit's questionnaire. Where it is ``settled`` that it is this table, headers count
    that would be those of another one.
    """
    fields: dict[str, Column] = {}
    closed: set[str] = set()
    taken: set[int] = set()
    if mapping is not None and mapping.table == table.name:
        for name, header in mapping.columns.items():
            closed.add(name)
            column = by_header(columns, header) if header else None
            if column is not None:
                fields[name] = column
                taken.add(column.index)
    asked: tuple[Item, ...] = ()
    if table.name == "survey" and questionnaire is not None:
        free = [column for column in columns if column.index not in taken]
        for item in _asked(free, questionnaire):
            if item.factor != "overall":
                asked = (*asked, item)
            elif "overall" not in fields:
                fields["overall"] = item.column
                closed.add("overall")
            else:
                continue
            taken.add(item.column.index)
    aliases = _aliases(table.name, settled)
    offers: dict[str, list[tuple[int, int, Column]]] = {}
    for column in columns:
        if column.index in taken:
            continue
        if "due_at" not in closed and _is_first_due(column, aliases):
            offers.setdefault("due_at", []).append((-1, 0, column))
            continue
        for place, key in enumerate(column.keys):
            name, rank = _meant(column, key, *aliases.get(key, ("", 0)))
            if name and name not in closed:
                offers.setdefault(name, []).append((rank, place, column))
                break
    rivals: list[tuple[str, Column]] = []
    for name, candidates in offers.items():
        candidates.sort(key=lambda offer: (offer[0], offer[1], offer[2].index))
        fields[name] = candidates[0][2]
        taken.add(candidates[0][2].index)
        rivals += [(name, offer[2]) for offer in candidates[1:]]
    moved = _take_moved_due(fields, offers, rivals, closed, taken)
    beaten = {column.index for _, column in rivals}
    rest = [c for c in columns if c.index not in taken and c.index not in beaten and c.keys]
    hours = _hours(rest, fields, aliases)
    rest = [c for c in rest if c not in hours.values()]
    items: tuple[Item, ...] = ()
    if table.name == "survey":
        own = mapping.words("answer") if mapping is not None else None
        whole = [c for c in rest if _asks_of_the_whole(c)]
        if len(whole) == 1 and "overall" not in {*fields, *closed}:
            fields["overall"] = whole[0]
            rest.remove(whole[0])
        items = survey_items(rest, fields, () if asked else below, own)
        if questionnaire is not None:
            items = _in_order(asked, items, questionnaire)
        items = _told_apart(items)
        few = 1 if questionnaire is not None and asked and len(questionnaire) == 1 else 2
        if sum(item.factor != "overall" for item in items) >= few or "overall" in fields:
            fields["item"] = items[0].column
        used = {item.column.index for item in items}
        rest = [c for c in rest if c.index not in used]
    return Matched(table, fields, tuple(rest), tuple(rivals), items, hours, moved=moved)


def _is_first_due(column: Column, aliases: dict[str, tuple[str, int]]) -> bool:
    """Whether the header names a due day as the first: "Ngày hẹn trả ban đầu"."""
    bare = _first().sub("", column.header)
    if bare == column.header:
        return False
    return any(aliases.get(key, ("", 0))[0] == "due_at" for key in _keys(column.group, bare))


@cache
def _first() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _content()["first"]["words"]))
    return re.compile(rf"[\s(–-]+(?:{words})\s*\)?\s*$", re.IGNORECASE)


def _take_moved_due(
    fields: dict[str, Column],
    offers: dict[str, list[tuple[int, int, Column]]],
    rivals: list[tuple[str, Column]],
    closed: set[str],
    taken: set[int],
) -> bool:
    """Beside the first due day, a column of due days has those that it was moved to."""
    first = [offer for offer in offers.get("due_at", ()) if offer[0] < 0]
    others = [rival for rival in rivals if rival[0] == "due_at"]
    if not first or len(others) != 1 or {"due_at_revised"} & (closed | set(fields)):
        return False
    rivals.remove(others[0])
    fields["due_at_revised"] = others[0][1]
    taken.add(others[0][1].index)
    return True


def _hours(
    columns: Sequence[Column], fields: dict[str, Column], aliases: dict[str, tuple[str, int]]
) -> dict[str, Column]:
    """ "Giờ tiếp nhận" beside "Ngày tiếp nhận"."""
    found: dict[str, Column] = {}
    for column in columns:
        for key in column.keys:
            name = aliases.get(f"ngay{key.removeprefix('gio')}", ("", 0))[0]
            if key.startswith("gio") and name in fields:
                found.setdefault(name, column)
    return found


def _meant(column: Column, key: str, name: str, rank: int) -> tuple[str, int]:
    """The field that ``key`` is an alias of, unless the brackets that it leaves out make it another
    one, or none ("").
    """
    if name and not key.endswith(squash(column.header)):
        said = f" {plain(' '.join(_BRACKETS.findall(column.header)))} "
        for rule in _content()["brackets"]:
            if name in rule["fields"] and _says(said, rule["says"]):
                return rule.get("instead", ""), rank + LATER
    return name, rank


def by_header(columns: Iterable[Column], header: str) -> Column | None:
    """The column that a mapping names by its header."""
    wanted = squash(header)
    for column in columns:
        names = (f"{column.group} {column.header}", column.header, column.group, column.label)
        if wanted and wanted in {squash(name) for name in names}:
            return column
        if not wanted and header.strip() == column.header.strip():
            return column
    return None


def missing_headers(columns: Sequence[Column], mapping: Mapping) -> MappingError | None:
    """The error for the first header of a mapping that the file does not have."""
    for name, header in mapping.columns.items():
        if header and by_header(columns, header) is None:
            near = nearest(header, [c.label for c in columns if c.label])
            key = "sources.mapping_no_header_near" if near else "sources.mapping_no_header"
            return MappingError(
                say(key, file=mapping.file, field=name, header=_shown(header), near=near or "")
            )
    return None


def _asked(columns: Sequence[Column], questionnaire: Questionnaire) -> tuple[Item, ...]:
    """The columns that the questionnaire has, each question once."""
    found: dict[str, Item] = {}
    for column in columns:
        bracketed = _BRACKETED.fullmatch(column.header)
        short = bracketed["wording"] if bracketed else ""
        header = column.header.removesuffix(".0")  # a code that Excel took for a number
        both = f"{column.group} {header}" if column.group else ""
        words = _NUMBERED.sub("", header)  # "2. …", but the code 1.1 is not the code 1
        words = words if sum(map(str.isalpha, words)) > 3 else ""
        question = questionnaire.find(header, both, short, words)
        if question is None or question.name in found:
            continue
        heading = bracketed["factor"] if bracketed else column.group
        group = question.factor or factor(heading) or _shown(heading)
        group = "overall" if question.overall else group
        found[question.name] = Item(column, group, question.name, question)
    return tuple(found.values())


def _in_order(
    asked: Sequence[Item], others: Sequence[Item], questionnaire: Questionnaire
) -> tuple[Item, ...]:
    """The questions as they stand in the sheet, the overall one last."""
    overall = next((q for q in questionnaire.questions if q.overall), None)
    named = [i if i.factor != "overall" else replace(i, question=overall) for i in others]
    order = sorted((*asked, *named), key=lambda i: (i.factor == "overall", i.column.index))
    return tuple(order)


def _told_apart(items: Sequence[Item]) -> tuple[Item, ...]:
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
    fields: Mapping_[str, Column],
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
            found.append(Item(column, factor(heading) or _shown(heading), wording))
        elif column.group and (number := factor(column.group)):
            found.append(Item(column, number, " ".join(column.header.split())))
        elif _is_answered(column, below, own):
            heading = column.group or column.header
            found.append(Item(column, factor(heading) or _shown(heading), column.label))
        elif _is_scored(column, below):
            heading = column.group or column.header
            scored.append(Item(column, factor(heading) or _shown(heading), column.label))
    if found or (fields and len(scored) >= _SCORED):
        found = sorted([*found, *scored], key=lambda item: item.column.index)
    if "overall" in fields:
        found.append(Item(fields["overall"], "overall", "overall"))
    return tuple(found)


_SCORED = 3  # columns of answers in digits that make a survey


def survey_words() -> list[str]:
    """Words by which a file or a header is about a survey."""
    return list(_content()["survey_about"]["words"])


def form_words() -> list[str]:
    """What a form is called in a header: "Phiếu 1"."""
    return list(_content()["survey_about"]["forms"])


def _asks_of_the_whole(column: Column) -> bool:
    """Whether a header that no alias covers asks how satisfied people are on the whole."""
    if _BRACKETED.fullmatch(column.header) or (column.group and factor(column.group)):
        return False
    words = _content()["survey_whole"]
    said = f" {plain(column.header)} "
    return _says(said, words["of"]) and _says(said, words["whole"])


def _is_about_people(column: Column) -> bool:
    """Whether what looks like a question is about who answers it, or sums up the answers."""
    about = _content()["survey_about"]
    bracketed = _BRACKETED.fullmatch(column.header)
    group, header = bracketed.groups() if bracketed else (column.group, column.header)
    headers = {plain(word) for word in about["headers"]}
    groups = {plain(word) for word in about["groups"]}
    return plain(_NUMBERED.sub("", header)) in headers or plain(group) in groups


def _is_scored(column: Column, below: Sequence[Sequence[Any]]) -> bool:
    """Whether a column under a header of several words has the digits of five points alone."""
    words = plain(_NUMBERED.sub("", column.header)).split()
    said = f" {' '.join(words)} "
    counted = any(said.startswith(f" {plain(w)} ") for w in _content()["survey_about"]["counted"])
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


def recognise(
    columns: Sequence[Column],
    mapping: Mapping | None = None,
    below: Sequence[Sequence[Any]] = (),
    questionnaire: Questionnaire | None = None,
) -> Matched | None:
    """The table that the headers make up best, complete or not; ``None`` if nothing fits."""
    tables = [TABLES[mapping.table]] if mapping is not None else list(TABLES.values())
    found = [match(columns, table, mapping, below, questionnaire) for table in tables]
    best = max(map(_told, found), key=lambda m: (m.complete, m.sure, m.weight))
    if best.complete and best.table.name in _content()["settled"]:
        whole = match(columns, best.table, mapping, below, questionnaire, settled=True)
        best = replace(whole, sure=best.sure)
    return best if best.fields else None


def _told(matched: Matched) -> Matched:
    """The same, ``sure`` where a header says a word that only its table has."""
    words = [squash(word) for word in _content()["telling"].get(matched.table.name, ())]
    over = [squash(column.label) for column in matched.fields.values()]
    sure = any(word in header for word in words for header in over)
    return replace(matched, sure=matched.complete and sure)


CLEAR = 3
"""With fewer fields than this found, a file does not look like any table."""


def likeliest(matched: Matched | None) -> tuple[Table, dict[str, Column]]:
    """The table to guess for, and what is found of it: dossiers, where nothing is clear."""
    if matched is not None and len(matched.fields) >= CLEAR:
        return matched.table, matched.fields
    return TABLES["dossiers"], {}


def guess(column: Column, table: Table) -> str | None:
    """The field that an unknown header most likely means; for people to check."""
    keys = column.keys
    best, score = None, 0.7
    for alias, (name, _) in _aliases(table.name).items():
        for key in keys:
            alike = difflib.SequenceMatcher(None, key, alias).ratio()
            if alike > score:
                best, score = name, alike
    if best:
        return best
    hints = {hint: name for name, words in _content()["hints"].items() for hint in words
             if name in table.names}  # fmt: skip
    for word in reversed(plain(column.header).split()):  # the last word says what it is
        if word in hints:
            return hints[word]
    return None
