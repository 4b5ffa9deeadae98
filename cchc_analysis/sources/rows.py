"""The rows of one sheet, read into the columns of their table.

A ``Part`` is a sheet half-way in: every row that is a row of the table, its cells converted, with
the positions of what could not be read. The reader then marks duplicates and rows to set aside,
and what is left is accepted. Positions count the rows of the part from 0; ``number`` gives the
row as Excel shows it.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ..errors import ColumnsError
from ..words import listing, say
from .above import fill_codes, fill_ditto, groups_of
from .amounts import numbers_and_units
from .columns import Matched
from .convert import Reading, convert
from .day_order import month_first, months_turned, turn, turned_columns
from .dues import read_in_words, resolve_same_day, without_remark
from .encodings import font_encoding, mend
from .formulas import NOT_COMPUTED
from .headers import RUNNING, Body, Header
from .heading import Column
from .rivals import merge_ends, stay_where_not_moved
from .rules import FIRST_YEAR, YEARS_AHEAD
from .sheets import Grid
from .subjects import subjects
from .tables import Field, Table, field_label
from .titles import month_end
from .values import may_be_day, moment, text
from .vocabulary import is_quotable, squash, unsure

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ..privacy import Masker
    from .survey import Answers

__all__ = ["Part", "read_part"]

Cell = Any
_SHOWN = ("status", "channel", "online_level", "content")  # a note may quote their words
_EVENTS = {
    "dossiers": ("received_at", "finished_at", "returned_at"),
    "steps": ("entered_at", "left_at"),
    "survey": ("answered_at",),
    "digital": ("month",),
    "feedback": ("received_at", "finished_at"),
    "tasks": ("done_on",),
    "activities": ("date",),
}
_LATEST_YEAR = 2100
_REMARKED = ("feedback", "tasks")  # kept by hand, with remarks behind the days
_SEVERAL = 3  # different rows that are no chance together


@dataclass(repr=False)  # it holds the cells, and those never show
class Part:
    """The rows of one sheet."""

    table: Table
    grid: Grid
    positions: list[int]
    fields: dict[str, Column]
    frame: pd.DataFrame
    unreadable: dict[str, list[int]]
    shifted: list[int]
    running: frozenset[int]
    words: dict[str, list[str]] = field(default_factory=dict)
    """Unknown words by field, where they may be shown."""
    turned: int = 0
    """Cells whose day and month had changed places."""
    month_first: bool = False
    """Whether days are written with the month first, against what the reading was told."""
    alone: list[str] = field(default_factory=list)
    """The columns that are so while others are not."""
    as_above: dict[str, int] = field(default_factory=dict)
    """How many cells of a column say that they are as the one above."""
    uncomputed: list[int] = field(default_factory=list)
    """The rows with formulas that were never computed where a day, number or word should be."""
    merged: list[tuple[str, str, int]] = field(default_factory=list)
    """Columns whose days stand in where another's are empty: both headers, and of how many."""
    unsure: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Where a status is read as no office has confirmed: how, and under which words."""
    unknown: tuple[Column, ...] = ()
    """Columns of the sheet that are no field and of interest to somebody."""
    tales: list[int] = field(default_factory=list)
    """The rows of feedback whose words were not kept, only what they are about."""
    answers: Answers | None = None
    asked_in: str = ""
    """Where the unit's questionnaire is, or would be."""
    duplicates: set[int] = field(default_factory=set)
    set_aside: set[int] = field(default_factory=set)

    @property
    def sheet(self) -> str:
        return self.grid.sheet

    @property
    def count(self) -> int:
        return len(self.positions)

    @property
    def answered(self) -> np.ndarray | None:
        return None if self.answers is None else self.answers.any

    @property
    def misread(self) -> np.ndarray | None:
        return None if self.answers is None else self.answers.misread

    def number(self, position: int) -> int:
        """The row as Excel shows it."""
        return self.positions[position] + 1

    def code(self, position: int) -> str | None:
        if "code" not in self.fields:
            return None
        code = self.frame["code"].iat[position]
        return code if isinstance(code, str) else None

    # -- duplicates -------------------------------------------------------------------------

    def whole(self, position: int, *, numbered: bool = False) -> tuple[Any, ...]:
        """The row's cells but the running number, unless ``numbered``, as compared for
        duplicates.
        """
        row = self.grid.rows[self.positions[position]]
        left = () if numbered else self.running
        cells = [_comparable(cell) for i, cell in enumerate(row) if i not in left]
        while cells and cells[-1] == "":
            cells.pop()
        return tuple(cells)

    def copies(self, other: Part) -> bool:
        """Whether the sheet has several rows, all of which the other one has as often."""
        mine, theirs = (Counter(map(p.whole, range(p.count))) for p in (self, other))
        return len(mine) >= _SEVERAL and mine <= theirs

    @property
    def untimed(self) -> set[int]:
        """The forms without a time of day: two that are alike may be of two people."""
        if self.table.name != "survey":
            return set()
        import numpy as np

        answered = self.frame["answered_at"]
        return set(np.flatnonzero(answered.isna() | (answered == answered.dt.normalize())))

    def repeated(self) -> Iterator[int]:
        """The rows that may be the same as another; most codes stand once, and need no look."""
        if "code" not in self.fields:
            yield from range(self.count)
            return
        codes = self.frame["code"].tolist()
        often = Counter(codes)
        for position, code in enumerate(codes):
            if not isinstance(code, str) or often[code] > 1:
                yield position

    def told_by(self, fuller: Sequence[Part]) -> set[int]:
        """The rows that tell nothing which a sheet with more columns does not tell of their code:
        a list of some of its dossiers, say.
        """
        if self.table.name != "dossiers" or not fuller:
            return set()
        whole: dict[str, list[dict[Any, Any]]] = {}
        for part in fuller:
            for row in part.frame[list(self.fields)].to_dict("records"):
                whole.setdefault(row["code"], []).append(row)
        found = set()
        for position, row in enumerate(self.frame[list(self.fields)].to_dict("records")):
            others = whole.get(row["code"], ()) if isinstance(row["code"], str) else ()
            if any(all(v != v or v is None or v == other[n] for n, v in row.items())
                   for other in others):  # fmt: skip
                found.add(position)
        return found

    def codes(self) -> pd.Series:
        """The codes of accepted rows, where each row is to have its own."""
        if self.table.name not in ("dossiers", "feedback"):
            return self.frame["row"].iloc[:0]
        return self.frame["code"][self._kept()].dropna()

    # -- what is in -------------------------------------------------------------------------

    def _kept(self) -> np.ndarray:
        import numpy as np

        kept = np.ones(self.count, dtype=bool)
        kept[list(self.duplicates | self.set_aside)] = False
        return kept

    def accepted(self) -> pd.DataFrame:
        """The rows left, in the columns of the table."""
        kept = self._kept()
        if self.answers is not None:
            return self.answers.long(self.frame, kept, self.table)
        return self.frame if kept.all() else self.frame[kept].reset_index(drop=True)

    def latest(self) -> dt.datetime | None:
        """The latest event that can be believed; days to come, like due dates, are no events."""
        import numpy as np

        present = [name for name in _EVENTS[self.table.name] if name in self.fields]
        sound = self.frame.drop(index=self.shifted) if self.shifted else self.frame
        columns = [sound[name].to_numpy("datetime64[us]") for name in present]
        moments = np.concatenate([np.array([], dtype="datetime64[us]"), *columns])
        moments = moments[~np.isnat(moments)]
        if not len(moments):
            return None
        years = moments.astype("datetime64[Y]").astype(int) + 1970
        usual = int(np.median(years))
        moments = moments[(years >= FIRST_YEAR) & (years <= usual + YEARS_AHEAD)]
        if not len(moments):
            return None
        last = moments.max().astype(dt.datetime)
        return dt.datetime.combine(month_end(last), dt.time()) if self._by_month else last

    @property
    def _by_month(self) -> bool:
        return self.table.field(self.table.when).kind == "month"

    def after(self, moment: dt.datetime) -> int:
        """How many accepted rows have an event after a moment; a day alone lasts till its end."""
        import numpy as np

        if moment.time() == dt.time():
            moment += dt.timedelta(days=1)
        late = np.zeros(self.count, dtype=bool)
        for name in _EVENTS[self.table.name]:
            if name in self.fields and name != "month":
                late |= (self.frame[name] > moment).fillna(False).to_numpy(dtype=bool)
        return int((late & self._kept()).sum())

    # -- what to tell -----------------------------------------------------------------------

    def notes(self) -> list[str]:
        """Sentences on cells that were left empty because they could not be read."""
        found = []
        for name, positions in self.unreadable.items():
            rows = self.listed(positions)
            if not rows:
                continue
            column = self.fields[name].label if name in self.fields else name
            words = ", ".join(f"“{word}”" for word in self.words.get(name, ()))
            kind = "choice" if self._is_listed(name) else "value"
            key = f"sources.unread_{kind}" + ("_words" if words and kind == "choice" else "")
            if name == "due_on":
                key = "sources.unread_due"
            found.append(say(key, column=column, rows=rows, words=words, field=name))
        if self.answers is not None:
            for item, positions in zip(self.answers.items, self.answers.unreadable, strict=True):
                left = [p for p in positions if p not in self.duplicates]
                if left:
                    quoted = _showable(self._cell(item.column, p) for p in left)
                    words = ", ".join(f"“{word}”" for word in quoted)
                    key = "sources.unread_answer" + ("_words" if words else "")
                    names = {"column": item.column.label, "rows": self.numbers(left)}
                    found.append(say(key, words=words, file=self.asked_in, **names))
        for header, used, count in self.merged:
            found.append(say("sources.merged_column", header=header, used=used, count=count))
        if self.uncomputed:
            rows = self.numbers(self.uncomputed)
            found.append(say("sources.uncomputed", sheet=self.sheet, rows=rows))
        if self.tales:
            none = int(self.frame["content"].iloc[self.tales].isna().sum())
            column, count = self.fields["content"].label, len(self.tales)
            found.append(say("sources.tales", column=column, count=count, none=none))
        for column, count in self.as_above.items():
            found.append(say("sources.as_above", column=column, count=count))
        for column in self.alone:
            found.append(say("sources.month_first_alone", column=column))
        for how, said in self.unsure.items():
            count = sum(len(positions) for positions in said.values())
            words = ", ".join(f"“{word}”" for word in said)
            column = self.fields["status"].label
            found.append(say(f"sources.unsure_{how}", column=column, words=words, count=count))
        return found

    def unknown_days(self) -> Iterator[Column]:
        """The columns of no field that are full of days."""
        for column in self.unknown:
            cells = [self._cell(column, position) for position in range(self.count)]
            filled = [cell for cell in cells if cell not in (None, "")]
            if filled and 5 * sum(map(_is_moment, filled)) >= 4 * self.count:
                yield column

    def _cell(self, column: Column, position: int) -> Cell:
        row = self.grid.rows[self.positions[position]]
        return row[column.index] if column.index < len(row) else ""

    def listed(self, positions: Sequence[int]) -> str:
        """The first rows of these that are accepted, as a sentence lists them."""
        left = [p for p in positions if p not in self.set_aside and p not in self.duplicates]
        return self.numbers(left)

    def numbers(self, left: Sequence[int]) -> str:
        """The first of these rows, as a sentence lists them."""
        return listing([self.number(p) for p in left], 5)

    def _is_listed(self, name: str) -> bool:
        return name in self.table.names and self.table.field(name).kind in ("choice", "flag")


def read_part(
    grid: Grid,
    header: Header,
    rows: Body,
    reading: Reading,
    unit: Any,
    calendar: Any,
    masker: Masker | None = None,
) -> Part:
    """The rows of a sheet, converted."""
    import pandas as pd

    matched = header.matched
    table = matched.table
    inside = [grid.rows[i] for i in rows.rows]
    width = len(header.columns)
    ragged = min((len(row) for row in inside), default=width) < width
    reading = Reading(reading.zone, reading.dayfirst, grid.epoch_1904, reading.words)
    fields = {name: column for name, column in matched.fields.items() if name != "item"}
    _refuse_twins(matched, fields, inside)

    as_above: dict[str, int] = {}
    kinds = {
        fields[of.name].index: of.kind
        for of in table.fields
        if of.name in fields and of.kind not in ("code", "free") and table.name != "survey"
    }

    def cells(column: Column) -> list[Cell]:
        i = column.index
        if ragged:
            found = [row[i] if i < len(row) else "" for row in inside]
        else:
            found = list(map(itemgetter(i), inside))
        kind = kinds.get(column.index)
        if kind is not None and (count := fill_ditto(found, days=kind in ("moment", "month"))):
            as_above[column.label] = count
        return found

    columns: dict[str, Any] = {
        "sheet": pd.Series([grid.sheet] * len(inside), dtype="str"),
        "row": pd.Series([i + 1 for i in rows.rows], dtype="int64"),
    }
    if table.name == "steps" and {"code", "stage"} <= set(fields):
        count = fill_codes(inside, fields["code"].index, fields["stage"].index)
        if count:
            as_above[fields["code"].label] = count
    moments = {name: cells(fields[name]) for name in table.moments if name in fields}
    if table.name in _REMARKED:
        moments = {name: list(map(without_remark, days)) for name, days in moments.items()}
    merged = merge_ends(moments, matched, cells)
    if matched.moved:
        stay_where_not_moved(moments["due_at"], moments["due_at_revised"])
    turned = turn(moments, turned_columns(moments)) if reading.dayfirst else 0
    leads, alone = month_first(moments) if reading.dayfirst else (False, [])
    leads |= table.name == "digital" and reading.dayfirst and months_turned(moments["month"])
    unreadable: dict[str, list[int]] = {}
    words: dict[str, list[str]] = {}
    unsure_words: dict[str, dict[str, list[int]]] = {}
    same_day: list[int] = []
    empty: set[int] = set()
    split: dict[str, list[Cell]] = {}
    if table.name == "activities" and "count" in fields:
        units = cells(fields["unit"]) if "unit" in fields else None
        split["count"], split["unit"] = numbers_and_units(cells(fields["count"]), units)
    for of in table.fields:
        if of.name not in fields and of.name not in split:
            columns[of.name] = pd.Series([None] * len(inside), dtype=of.dtype)
            continue
        raw = split.get(of.name) or moments.get(of.name) or cells(fields[of.name])
        raw = _in_unicode(of, raw)
        converted = convert(of, raw, reading)
        columns[of.name] = pd.Series(converted.values, dtype=of.dtype)
        if of.name in matched.hours:
            columns[of.name] += _times_of_day(columns[of.name], cells(matched.hours[of.name]))
        if grid.uncomputed and of.kind not in ("text", "free", "label"):
            empty.update(i for i, cell in enumerate(raw) if cell == NOT_COMPUTED)
        if converted.unreadable:
            unreadable[of.name] = converted.unreadable
            if of.name in _SHOWN:
                words[of.name] = _showable(raw[i] for i in converted.unreadable)
        if of.name == "status":
            unsure_words = _unsure(raw, reading.words.get("status"))
        if of.name == "due_at":
            same_day = converted.same_day
        elif converted.same_day:
            unreadable[of.name] = sorted({*converted.unreadable, *converted.same_day})
    frame = pd.DataFrame(columns, copy=False)
    if "field" in table.names and "field" not in fields and rows.groups:
        frame["field"] = pd.Series(list(groups_of(rows)), dtype="str")
    if same_day:
        resolve_same_day(frame, same_day, unit, calendar)
    if table.name == "tasks" and unreadable.get("due_on"):
        unreadable["due_on"] = read_in_words(frame, moments["due_on"], unreadable["due_on"])
    tales: list[int] = []
    if table.name == "feedback" and "content" in fields:
        told = [cell if isinstance(cell, str) else None for cell in frame["content"]]
        content, tales = subjects(told)
        frame["content"] = pd.Series(content, dtype="str")
    _clear_odd_years(frame, table, unreadable)
    for positions in unsure_words.get("not_returned", {}).values():
        finished = frame["finished_at"].notna().to_numpy()
        done = [i for i in positions if finished[i]]
        frame.loc[done, "status"] = "resolved"
    _only_ended(unsure_words, frame)
    part = Part(
        table=table,
        grid=grid,
        positions=rows.rows,
        fields=fields,
        frame=frame,
        unreadable=unreadable,
        shifted=_shifted(grid, inside, width),
        running=_running(header, fields),
        words=words,
        turned=turned,
        month_first=leads,
        alone=[fields[name].label for name in alone],
        as_above=as_above,
        uncomputed=sorted(empty),
        merged=merged,
        unsure=unsure_words,
        unknown=matched.unknown,
        tales=tales,
    )
    if table.name == "survey":
        from .survey import Answers, age_groups, dossier_key, questionnaire_of

        frame["age_group"] = age_groups(frame["age_group"])
        if "dossier" in fields:
            assert masker is not None
            keys = [dossier_key(masker, code) for code in frame["dossier"]]
            frame["dossier"] = pd.Series(keys, dtype="str")
        part.asked_in = questionnaire_of(unit.slug)
        part.answers = Answers.of(matched.items, frame, cells, reading)
    return part


def _is_moment(cell: Cell) -> bool:
    return may_be_day(cell) and isinstance(moment(cell), dt.datetime)


def _times_of_day(days: pd.Series, cells: Sequence[Cell]) -> pd.Series:
    """The time that a column of its own gives to each day that has none; what cannot be read adds
    none.
    """
    import pandas as pd

    added = []
    for bare, cell in zip(days == days.dt.normalize(), cells, strict=True):
        if isinstance(cell, dt.time):
            cell = cell.isoformat()
        if isinstance(cell, str):
            cell = moment(f"01/01/2000 {cell.strip()}") if cell.strip() else None
        if isinstance(cell, float) and 0 <= cell < 1:  # a fraction of a day
            added.append(dt.timedelta(seconds=round(cell * 86_400)) if bare else dt.timedelta())
        elif bare and isinstance(cell, dt.datetime):
            added.append(dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second))
        else:
            added.append(dt.timedelta())
    return pd.Series(added, dtype="timedelta64[us]", index=days.index)


def _in_unicode(of: Field, cells: list[Cell]) -> list[Cell]:
    """A column of words typed in a font encoding under headers that are not."""
    if of.kind not in ("text", "free", "choice", "flag"):
        return cells
    some = cells[:: max(1, len(cells) // 300)]
    font = font_encoding({c for c in some if isinstance(c, str) and not c.isascii()})
    return [mend(c, font) if isinstance(c, str) else c for c in cells] if font else cells


_KEPT_AS_THEY_ARE = {
    "dossiers": ("received_at", "due_at", "finished_at", "returned_at"),
}


def _clear_odd_years(frame: pd.DataFrame, table: Table, unreadable: dict[str, list[int]]) -> None:
    """Empties dates of no consequence whose year cannot be; the rules judge the others."""
    import numpy as np

    judged = _KEPT_AS_THEY_ARE.get(table.name, table.moments)
    for name in table.moments:
        if name in judged:
            continue
        years = frame[name].dt.year
        odd = ((years < FIRST_YEAR) | (years > _LATEST_YEAR)).to_numpy(dtype=bool)
        if odd.any():
            frame[name] = frame[name].mask(odd)
            unreadable.setdefault(name, []).extend(int(i) for i in np.flatnonzero(odd))


def _shifted(grid: Grid, inside: list[list[Cell]], width: int) -> list[int]:
    """The lines with a cell too many: beyond the header, or more cells than the usual line has,
    though the last be empty (what was moved there is the empty last column).
    """
    if not grid.strict:
        return []
    often = Counter(map(len, inside))
    usual = max(width, max(often, key=lambda cells: (often[cells], -cells), default=0))
    return [
        i
        for i, row in enumerate(inside)
        if len(row) > usual or (len(row) > width and any(str(cell).strip() for cell in row[width:]))
    ]


def _running(header: Header, fields: dict[str, Column]) -> frozenset[int]:
    """The columns of running numbers, which may differ between duplicates."""
    used = {column.index for column in fields.values()}
    return frozenset(
        column.index
        for column in header.columns
        if column.index not in used and squash(column.header) in RUNNING
    )


def _refuse_twins(matched: Matched, fields: dict[str, Column], inside: list[list[Cell]]) -> None:
    """Two columns under the same header that say different things cannot be told apart."""
    for name, rival in matched.rivals:
        used = fields[name]
        if squash(rival.label) != squash(used.label):
            continue
        for row in inside:
            pair = [row[c.index] if c.index < len(row) else "" for c in (used, rival)]
            if _comparable(pair[0]) != _comparable(pair[1]):
                places = [_letter(c.index) for c in (used, rival)]
                raise ColumnsError(
                    say(
                        "sources.header_twice",
                        header=used.label,
                        first=places[0],
                        second=places[1],
                        field=field_label(matched.table.name, name),
                    )
                )


def _letter(index: int) -> str:
    """The column as Excel names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _comparable(cell: Cell) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell).strip()
    return cell


def _showable(cells: Iterator[Cell]) -> list[str]:
    """The first few words that may be quoted."""
    often = Counter(word for cell in cells if (word := text(cell)))
    return [word for word, times in often.items() if is_quotable(word, times)][:3]


def _only_ended(words: dict[str, dict[str, list[int]]], frame: pd.DataFrame) -> None:
    """Keeps of the refused and sent back only rows with an end: of the others nothing is unsure."""
    ends = [name for name in ("finished_at", "returned_at") if name in frame]
    over = frame[ends].notna().any(axis=1).to_numpy()
    for how in [how for how in words if how.endswith("_done")]:
        kept = {w: left for w, at in words[how].items() if (left := [i for i in at if over[i]])}
        words[how] = kept
        if not kept:
            del words[how]


def _unsure(cells: Sequence[Cell], own: dict[str, str] | None) -> dict[str, dict[str, list[int]]]:
    known: dict[str, tuple[str, str] | None] = {}
    found: dict[str, dict[str, list[int]]] = {}
    for i, cell in enumerate(cells):
        if not isinstance(cell, str):
            continue
        if cell not in known:
            known[cell] = unsure(text(cell) or "", own)
        if read := known[cell]:
            how, word = read
            found.setdefault(how, {}).setdefault(word, []).append(i)
    return found
