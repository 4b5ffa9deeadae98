"""Headers to fields.

A header is compared with the aliases of ``aliases.toml`` as :mod:`.heading` reads it; but a return
"(dự kiến)" is no return. A header under a merged group is looked up with its group
first. Which table a file is follows from which fields its headers make up, never from its name.
Columns about people are recognised only to be dropped; a column that nobody knows is dropped too,
by name, because it might be about people.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ..errors import MappingError
from ..words import say
from . import questions
from .heading import BRACKETS, Column, content, is_ignored, is_personal, keys, says, shown, spoken
from .mapping import Mapping, nearest
from .questions import Item
from .tables import TABLES, Table
from .vocabulary import plain, squash

if TYPE_CHECKING:
    from ..questionnaire import Questionnaire

__all__ = [
    "Matched", "by_header", "guess", "is_titled", "likeliest", "match", "missing_headers",
    "named_person", "recognise", "with_names",
]  # fmt: skip

LATER = 400  # a field named in brackets gives way to one that is named outright


@cache
def _aliases(table: str, settled: bool = False) -> dict[str, tuple[str, int]]:
    """Squashed alias → (field, rank)."""
    found: dict[str, tuple[str, int]] = {}
    of = TABLES[table]
    names = {squash(name): (name, 500) for name in of.names if name not in of.made}
    lists = [*content()[table].items()]
    if settled:
        lists += content()["settled"].get(table, {}).items()
    for name, words in lists:
        for rank, word in enumerate(words):
            found.setdefault(squash(word), (name, rank))
    return names | found


def is_titled(table: str, title: Iterable[str], stem: str) -> bool:
    """Whether the lines of a title, or else the name of a file, say that it is of ``table``."""
    rule, telling = content()["titled"][table], content()["telling"][table]
    lines = [f" {plain(line)} " for line in title]
    lines = [
        line for line in lines if any(line.startswith(f" {plain(w)} ") for w in rule["begins"])
    ]
    if any(says(line, rule["never"]) for line in lines):
        return False
    name = squash(stem)
    named = any(squash(word) in name for word in telling)
    named = named and not any(squash(word) in name for word in rule["never"])
    return named or any(says(line, telling) for line in lines)


def named_person(columns: Sequence[Column]) -> Column | None:
    """The column with the name of the person or body that a dossier is of: its owner's before its
    filer's before any other name; None where no header surely means a name.
    """
    lists = content()["people"]
    names = [*lists["owner"], *lists["filer"], *lists["named"]]
    for kind in ("owner", "filer", "named"):
        found = []
        for column in columns:
            own = spoken(column.header)
            over = f"{spoken(column.group)}{own}"
            itself = says(own, lists[kind])
            if (itself or says(over, lists[kind])) and not says(
                own if itself else over, lists["never"]
            ):
                found.append((not says(own, names), column.index, column))
        if found:
            return min(found)[2]
    alone = {squash(word) for word in lists["alone"]}
    return next((c for c in columns if squash(c.header) in alone and not c.group), None)


def with_names(columns: Sequence[Column]) -> list[Column]:
    """Every column that may hold names of citizens, the one of :func:`named_person` among them."""
    lists = content()["people"]
    people = [plain(w) for kind in ("owner", "filer", "named", "watched") for w in lists[kind]]
    alone = {squash(word) for word in lists["alone"]}
    found = []
    for column in columns:
        said = left = f"{spoken(column.group)}{spoken(column.header)}"
        for word in people:
            left = left.replace(f" {word} ", "  ")
        named = left != said and not says(left, lists["never"])
        if named or (squash(column.header) in alone and not column.group):
            found.append(column)
    return found


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
        for item in questions.asked(free, questionnaire):
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
        whole = [c for c in rest if questions.asks_of_the_whole(c)]
        if len(whole) == 1 and "overall" not in {*fields, *closed}:
            fields["overall"] = whole[0]
            rest.remove(whole[0])
        items = questions.survey_items(rest, fields, () if asked else below, own)
        if questionnaire is not None:
            items = questions.in_order(asked, items, questionnaire)
        items = questions.told_apart(items)
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
    return any(aliases.get(key, ("", 0))[0] == "due_at" for key in keys(column.group, bare))


@cache
def _first() -> re.Pattern[str]:
    words = "|".join(map(re.escape, content()["first"]["words"]))
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
        said = f" {plain(' '.join(BRACKETS.findall(column.header)))} "
        for rule in content()["brackets"]:
            if name in rule["fields"] and says(said, rule["says"]):
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
                say(key, file=mapping.file, field=name, header=shown(header), near=near or "")
            )
    return None


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
    if best.complete and best.table.name in content()["settled"]:
        whole = match(columns, best.table, mapping, below, questionnaire, settled=True)
        best = replace(whole, sure=best.sure)
    return best if best.fields else None


def _told(matched: Matched) -> Matched:
    """The same, ``sure`` where a header says a word that only its table has."""
    words = [squash(word) for word in content()["telling"].get(matched.table.name, ())]
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
    hints = {hint: name for name, words in content()["hints"].items() for hint in words
             if name in table.names}  # fmt: skip
    for word in reversed(plain(column.header).split()):  # the last word says what it is
        if word in hints:
            return hints[word]
    return None
