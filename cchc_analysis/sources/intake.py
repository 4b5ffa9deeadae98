"""One file in: the rows accepted, the rows set aside, and a receipt.

``read`` finds out what a file is, reads its rows into the columns of one of the seven tables, and
accounts for each of them: rows in = rows accepted + rows set aside + exact duplicates, always.
Names, telephone and citizen numbers and addresses are not read at all; what is returned, noted
or raised holds none of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..errors import ColumnsError, FileError, UnitError
from ..garbage import no_rounds
from ..words import date, listing, number, percent, say
from . import restarts, titles
from .convert import Reading
from .doubts import DOUBTED, ENDS, doubts, refuse_people
from .examples import is_filled
from .headers import Body, Header
from .heading import Column
from .locate import Search, spelled, tables_in
from .mapping import Mapping
from .receipt import ExportedBy, Intake, Receipt, SetAside
from .rows import Part, read_part
from .rules import judge
from .sheets import Grid, load
from .survey import questionnaire_of
from .tables import Table, field_label, message
from .unclear import are_forms, beside, best_first, unclear
from .vocabulary import squash

if TYPE_CHECKING:
    import pandas as pd

    from ..privacy import Masker
    from ..questionnaire import Questionnaire

__all__ = ["Intake", "Receipt", "SetAside", "read"]

_LISTED = 20  # how many headers or rows a sentence may list
MISREAD = 0.02  # of a survey's answers: more than slips of the pen


def read(
    path: Path,
    *,
    unit: Any,
    calendar: Any,
    mapping: Mapping | None = None,
    layouts: Sequence[Mapping] = (),
    exported_at: dt.datetime | None = None,
    any_unit: bool = False,
    questionnaire: Questionnaire | None = None,
    masker: Masker | None = None,
) -> Intake:
    """Reads one export of ``unit``.

    Without a ``mapping`` the one of ``layouts`` is taken whose headers the file has, all of them;
    of several the one with most. ``calendar`` answers ``is_working(day)`` and
    ``next_working(day)``. ``exported_at`` counts where the file does not say when it was made.
    ``any_unit`` takes a file whose title names another unit. A ``questionnaire`` says what a survey
    asks. With the workspace's ``masker`` a survey keeps which dossier a form is about, as a keyed
    hash; without one it does not.
    Raises :class:`FileError`, :class:`ColumnsError`, :class:`MappingError` or
    :class:`UnitError`.
    """
    path = Path(path)
    data = load(path)
    with no_rounds():  # millions of cells are made at once
        reader = _Reader(path, data, unit, calendar, mapping, exported_at, any_unit)
        reader.layouts = layouts
        reader.questionnaire = questionnaire
        reader.masker = masker
        return reader.read()


class _Reader:
    def __init__(
        self,
        path: Path,
        data: bytes,
        unit: Any,
        calendar: Any,
        mapping: Mapping | None,
        exported_at: dt.datetime | None,
        any_unit: bool,
    ) -> None:
        self.file = spelled(path.name)
        self.stem = spelled(path.stem)
        self.data = data
        self.unit = unit
        self.calendar = calendar
        self.given = exported_at
        self.any_unit = any_unit
        self.questionnaire: Questionnaire | None = None
        self.masker: Masker | None = None
        self.layouts: Sequence[Mapping] = ()
        self._use(mapping)
        self.notes: list[str] = []
        self.unclear: set[str] = set()

    def _use(self, mapping: Mapping | None) -> None:
        self.mapping = mapping
        zone = (mapping.timezone if mapping else None) or self.unit.timezone
        self.reading = Reading(
            zone=ZoneInfo(zone),
            dayfirst=mapping.dayfirst if mapping else True,
            words={name: mapping.words(name) for name in mapping.values} if mapping else {},
        )

    # -- the whole --------------------------------------------------------------------------

    def read(self) -> Intake:
        search = Search(
            self.file, self.data, self.mapping, self.layouts, self.questionnaire,
            linked=self.masker is not None, notes=self.notes,
        )  # fmt: skip
        found = search.sheets()
        self._use(search.mapping)
        table = found[0][1].matched.table
        titled = self._check_unit(found)
        bodies = tables_in(found, self.mapping)
        if table.name == "survey":
            bodies = self._clear(bodies)
        found = [(grid, header) for grid, header, _ in bodies]
        parts = [
            read_part(grid, header, rows, self.reading, self.unit, self.calendar, self.masker)
            for grid, header, rows in bodies
        ]
        if any(rows.template for *_, rows in bodies) and not any(map(is_filled, parts)):
            raise FileError(say("sources.unfilled", file=self.file))
        if any(part.month_first for part in parts):
            raise FileError(say(message("month_first", table.name), file=self.file))
        stated = self._stated_window(bodies)
        named = titles.named_period(self.stem)
        if not any(part.count for part in parts) and stated is None and named is None:
            raise FileError(say("sources.no_rows", file=self.file))
        self._drop_duplicates(parts)
        moment, source = self._exported(bodies, parts, stated)
        set_aside = self._set_aside(parts, moment)
        frame, has_status = self._frame(parts, table)
        if table.name == "dossiers":
            refuse_people(parts, self.file)
        if table.name in restarts.TABLES:
            frame = self._codes(frame, table)
        window, window_stated = self._window(frame, table, stated, moment, source)
        if table.name == "survey":
            self._note_survey(found, parts)
            frame = self._dated(frame, parts, window, moment)
        rows_in = sum(part.count for part in parts)
        duplicates = sum(len(part.duplicates) for part in parts)
        self._note(found, bodies, parts, rows_in, duplicates, moment, source)
        if rows_in and not len(frame):
            self.notes.append(say("sources.nothing_taken"))
        if table.name == "dossiers" and len(frame) and not has_status:
            self._note_status(found)
        if table.name in restarts.TABLES:
            self._note_lacking(found, table)
        if table.name in DOUBTED:
            self.notes += doubts(parts, bodies, frame, stated, self.unit)
        receipt = Receipt(
            file=self.file,
            sha256=hashlib.sha256(self.data).hexdigest(),
            table=table.name,
            sheets=list(dict.fromkeys(grid.sheet for grid, _ in found)),
            rows_in=rows_in,
            accepted=rows_in - duplicates - len(set_aside),
            set_aside=len(set_aside),
            duplicates=duplicates,
            window_from=window[0] if window else None,
            window_to=window[1] if window else None,
            window_stated=window_stated,
            exported_at=moment,
            exported_at_source=source,
            columns=self._columns(found),
            dropped=self._dropped(found),
            notes=list(dict.fromkeys(self.notes)),
            has_status=has_status,
            mapping=self.mapping.fingerprint if self.mapping else "",
            titled=titled,
        )
        return Intake(table.name, frame, set_aside, receipt)

    # -- title and footer -------------------------------------------------------------------

    def _check_unit(self, found: Sequence[tuple[Grid, Header]]) -> str:
        """The other unit that a title names, "" if none does. Raises :class:`UnitError` for one
        unless ``any_unit``.
        """
        names = [*self.unit.title_names, self.unit.name]
        for grid, header in found:
            other = titles.other_unit(titles.lines(grid.rows[header.first : header.top]), names)
            if other is None:
                continue
            if not self.any_unit:
                raise UnitError(
                    say("sources.other_unit", file=self.file, other=other, unit=self.unit.name)
                )
            return other
        return ""

    def _stated_window(
        self, bodies: Sequence[tuple[Grid, Header, Body]]
    ) -> tuple[dt.date, dt.date] | None:
        spans = []
        for grid, header, _ in bodies:
            span = titles.window(titles.lines(grid.rows[header.first : header.top]))
            if span is not None:
                spans.append(span)
        if not spans:
            return None
        return min(span[0] for span in spans), max(span[1] for span in spans)

    def _exported(
        self,
        bodies: Sequence[tuple[Grid, Header, Body]],
        parts: Sequence[Part],
        stated: tuple[dt.date, dt.date] | None,
    ) -> tuple[dt.datetime, ExportedBy]:
        for grid, header, rows in bodies:
            made = titles.exported_at([*grid.rows[header.first : header.top], *rows.other])
            if made is not None:
                return made, "file"
        if self.given is not None:
            given = self.given
            if given.tzinfo is not None:
                given = given.astimezone(self.reading.zone).replace(tzinfo=None)
            return given, "given"
        latest = max((m for m in (part.latest() for part in parts) if m), default=None)
        self._refuse_unread_days(parts, latest)
        if latest is None and stated is not None:
            latest = dt.datetime.combine(stated[1], dt.time())
        if latest is None and (named := titles.named_period(self.stem)) is not None:
            latest = dt.datetime.combine(named.end, dt.time())
            self.notes.append(say("sources.moment_of_name", day=date(named.end)))
        if latest is None:
            raise FileError(say("sources.no_moment", file=self.file))
        return latest, "data"

    def _refuse_unread_days(self, parts: Sequence[Part], latest: dt.datetime | None) -> None:
        """Raises :class:`FileError` where there are rows, and none of their days can be read."""
        when = parts[0].table.when
        unread = [(part, part.unreadable.get(when, ())) for part in parts]
        count = sum(len(positions) for _, positions in unread)
        if latest is None and count == sum(part.count for part in parts) > 0:
            part, positions = next(each for each in unread if each[1])
            column, rows = part.fields[when].label, part.numbers(positions)
            key = message("no_day_read", part.table.name)
            raise FileError(say(key, file=self.file, column=column, rows=rows))

    def _window(
        self,
        frame: pd.DataFrame,
        table: Table,
        stated: tuple[dt.date, dt.date] | None,
        moment: dt.datetime,
        source: ExportedBy,
    ) -> tuple[tuple[dt.date, dt.date] | None, bool]:
        """The days that the export covers, and whether the file states them."""
        if stated is not None:
            return stated, True
        days = frame[table.when].dropna()
        span = (days.min().date(), days.max().date()) if len(days) else None
        if span is not None and table.when == "month":
            span = span[0], titles.month_end(span[1])
        named = titles.named_period(self.stem)
        if named is None:
            return span, False
        end = named.end
        if source != "data":
            end = min(end, moment.date())
        elif named.long:
            end = min(end, titles.month_end(moment.date()))
        if end < named.start or (span and (span[0] > named.end or span[1] < named.start)):
            return span, False
        if span is None:
            return (named.start, end), False
        return (min(span[0], named.start), max(span[1], end)), False

    # -- rows -------------------------------------------------------------------------------

    def _drop_duplicates(self, parts: Sequence[Part]) -> None:
        """Marks rows that are the same as an earlier one in every cell but the running number.

        Forms without a time of day may be alike and yet of two people: they all count, but for a
        sheet that has nothing but what another one has, and a line that repeats the number as well.
        """
        seen: set[tuple[Any, ...]] = set()
        alike = 0
        for n, part in enumerate(parts):
            untimed = part.untimed
            copied = bool(untimed) and any(part.copies(other) for other in parts[:n])
            lines: set[tuple[Any, ...]] = set()
            for position in part.repeated():
                whole = part.whole(position)
                if whole in seen and position in untimed and not copied:
                    line = part.whole(position, numbered=True)
                    if part.running and line in lines:
                        part.duplicates.add(position)
                    else:
                        alike += 1
                elif whole in seen:
                    part.duplicates.add(position)
                seen.add(whole)
                if position in untimed:
                    lines.add(part.whole(position, numbered=True))
        if alike:
            self.notes.append(say("sources.survey_alike", count=alike))
        for part in parts:
            fuller = [p for p in parts if set(p.fields) > set(part.fields)]
            listed = part.told_by(fuller) - part.duplicates
            if listed:
                part.duplicates |= listed
                said = {"sheet": part.sheet, "count": len(listed)}
                self.notes.append(say("sources.listed_again", **said))

    def _set_aside(self, parts: Sequence[Part], moment: dt.datetime) -> list[SetAside]:
        found = []
        for part in parts:
            for verdict in judge(part, moment.year):
                if verdict.position in part.duplicates:
                    continue
                part.set_aside.add(verdict.position)
                column = part.fields.get(verdict.field)
                found.append(
                    SetAside(
                        file=self.file,
                        sheet=part.sheet,
                        row=part.number(verdict.position),
                        column=_short(column),
                        rule=verdict.rule,
                        remedy=verdict.remedy,
                        code=part.code(verdict.position),
                    )
                )
        return found

    def _frame(self, parts: Sequence[Part], table: Table) -> tuple[pd.DataFrame, bool]:
        """The accepted rows of all sheets, and whether their status is known."""
        import pandas as pd

        frames = [accepted for part in parts if len(accepted := part.accepted())]
        if not frames:
            return table.empty(), any("status" in part.fields for part in parts)
        whole = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        has_status = "status" in whole and bool(whole["status"].notna().any())
        return whole.reset_index(drop=True), has_status

    def _codes(self, frame: pd.DataFrame, table: Table) -> pd.DataFrame:
        """The rows, with codes that tell the dossiers or the feedback apart. Raises
        :class:`FileError` where those of the file do not.
        """
        if self.mapping is not None and self.mapping.code_with_day:
            return restarts.with_days(frame)
        again = restarts.within(frame, short=restarts.TABLES[table.name])
        if again:
            found = frame.loc[frame["code"] == again[0], ["sheet", "row"]].head(_LISTED)
            apart = found["sheet"].nunique() > 1
            listed = ", ".join(
                f"{row} ({sheet})" if apart else str(row)
                for sheet, row in found.itertuples(index=False)
            )
            key = message("codes_restart", table.name)
            raise FileError(say(key, file=self.file, count=len(again), rows=listed))
        return frame

    # -- surveys ----------------------------------------------------------------------------

    def _dated(
        self,
        frame: pd.DataFrame,
        parts: Sequence[Part],
        window: tuple[dt.date, dt.date] | None,
        moment: dt.datetime,
    ) -> pd.DataFrame:
        """The forms of a file without a column of days, on the last day that they can be of.

        That is the end of the period that the title or the file's name states, else the day of
        the export.
        """
        undated = {part.sheet for part in parts if "answered_at" not in part.fields}
        day = window[1] if window is not None else moment.date()
        of = frame["sheet"].isin(undated) & frame["answered_at"].isna()
        if not of.any():
            return frame
        self.notes.append(say("sources.survey_undated", day=date(day)))
        labels = {column.label for part in parts for column in part.unknown_days()}
        self.notes += [say("sources.survey_day_column", column=name) for name in sorted(labels)]
        answered = frame["answered_at"].mask(of, dt.datetime.combine(day, dt.time()))
        return frame.assign(answered_at=answered.astype(frame["answered_at"].dtype))

    def _clear(
        self, bodies: Sequence[tuple[Grid, Header, Body]]
    ) -> list[tuple[Grid, Header, Body]]:
        """The same without the questions that need a questionnaire, each of which is named.

        Raises :class:`ColumnsError` where nothing is left.
        """
        own = self.reading.words.get("answer", {})
        clear = []
        reasons = []
        for grid, header, rows in bodies:
            matched = header.matched
            open_ = [item.column for item in matched.items if item.question is None]
            if are_forms(open_):
                raise ColumnsError(say("sources.survey_across", file=self.file))
            turned = best_first(_said_of(grid, header, rows, open_))
            found = []
            for column in (*open_, *matched.unknown):
                i = column.index
                cells = [
                    row[i] if i < len(row) else "" for row in map(grid.rows.__getitem__, rows.rows)
                ]
                doubt = unclear(column, cells, own, turned=turned)
                if doubt is not None and (column in open_ or not doubt.beyond):
                    found.append(doubt)
            found += beside(found, [
                (column, [row[column.index] for row in map(grid.rows.__getitem__, rows.rows)
                          if column.index < len(row)])
                for column in open_
            ])  # fmt: skip
            reasons += [
                doubt.said([i + 1 for i in rows.rows], questionnaire_of(self.unit.slug))
                for doubt in found
            ]
            self.unclear.update(doubt.column.label for doubt in found)
            left_out = {doubt.column.index for doubt in found}
            clear.append((grid, replace(header, matched=matched.without_items(left_out)), rows))
        if not any(header.matched.items for _, header, _ in clear):
            said = " ".join(dict.fromkeys(reasons))
            raise ColumnsError(say("sources.survey_unclear", file=self.file, reasons=said))
        self.notes += [*reasons, say("sources.survey_again")] if reasons else []
        return clear

    def _note_survey(self, found: Sequence[tuple[Grid, Header]], parts: Sequence[Part]) -> None:
        """What a reader of the figures should know about how the questions were found and read."""
        answers = [part.answers for part in parts if part.answers is not None]
        unread = sum(len(positions) for each in answers for positions in each.unreadable)
        read = sum(a is not None for each in answers for column in each.columns for a in column)
        if unread > MISREAD * (read + unread):
            share = percent(unread / (read + unread), 1)
            self.notes.append(say("sources.survey_unread", count=number(unread), share=share))
        items = [item for _, header in found for item in header.matched.items]
        if items and not any(item.factor == "overall" for item in items):
            self.notes.append(say("sources.survey_no_overall"))
        digits = {
            f"“{item.column.label}”"
            for each in answers
            for item, column in zip(each.items, each.columns, strict=True)
            if item.question is None and any(column)
            and all(answer is None or answer.isdigit() for answer in column)
        }  # fmt: skip
        if digits:
            told = {"items": listing(sorted(digits)), "file": questionnaire_of(self.unit.slug)}
            self.notes.append(say("sources.survey_digits", **told))
        named = [item for item in items if item.question is not None]
        if self.questionnaire is None or not named:
            return
        self.notes.append(
            say("sources.survey_by_file", file=self.questionnaire.file, count=len(named))
        )
        absent = self.questionnaire.absent(item.question.name for item in named if item.question)
        if absent:
            names = listing([f"“{name}”" for name in absent])
            self.notes.append(say("sources.survey_absent", items=names))

    def _note_status(self, found: Sequence[tuple[Grid, Header]]) -> None:
        """That of no dossier the status could be read, and how it could."""
        columns = [h.matched.fields.get("status") for _, h in found]
        column = next((each for each in columns if each), None)
        key = "no_status" if column is None else "no_status_read"
        self.notes.append(say(f"sources.{key}", column=column.label if column else ""))

    def _note_lacking(self, found: Sequence[tuple[Grid, Header]], table: Table) -> None:
        """Which figures the register cannot tell for want of a column, all of it or one table."""
        every = [set(header.matched.fields) for _, header in found]
        known = self._columns(found)
        ends = set(ENDS) & set(table.names)
        if "due_at" not in known:
            self.notes.append(say(message("no_due", table.name)))
        if not known.keys() & ends:
            self.notes.append(say(message("no_end", table.name)))
        for (grid, header), fields in zip(found, every, strict=True):
            wanted = {"due_at", "status", *(() if fields & ends else ends)}
            lost = [column for name, column in known.items() if name in wanted - fields]
            if lost:
                columns = ", ".join(f"“{column}”" for column in lost)
                where = {"sheet": grid.sheet, "row": header.bottom + 1}
                self.notes.append(say("sources.part_lacks", columns=columns, **where))

    # -- the receipt ------------------------------------------------------------------------

    def _columns(self, found: Sequence[tuple[Grid, Header]]) -> dict[str, str]:
        columns: dict[str, str] = {}
        for _, header in found:
            for name, column in header.matched.fields.items():
                columns.setdefault(name, column.label)
        return columns

    def _dropped(self, found: Sequence[tuple[Grid, Header]]) -> list[str]:
        labels: dict[str, None] = {}
        for _, header in found:
            matched = header.matched
            lost = [column for _, column in matched.rivals]
            for column in (*matched.rest, *lost):
                labels.setdefault(column.label)
        return list(labels)

    def _note(
        self,
        found: Sequence[tuple[Grid, Header]],
        bodies: Sequence[tuple[Grid, Header, Body]],
        parts: Sequence[Part],
        rows_in: int,
        duplicates: int,
        moment: dt.datetime,
        source: ExportedBy,
    ) -> None:
        unknown: dict[str, None] = {}
        for _, header in found:
            person = squash(self.mapping.person or "") if self.mapping else ""
            for column in header.matched.unknown:
                if person and squash(column.header) == person:
                    continue  # known, and read for slips only
                if column.label in self.unclear:
                    continue  # named already, with the reason
                unknown.setdefault(f"“{column.label}”")
            for name, column in header.matched.rivals:
                if any(column.label == merged for part in parts for merged, *_ in part.merged):
                    continue
                used = header.matched.fields[name].label
                said = {"field": field_label(header.matched.table.name, name), "used": used}
                self.notes.append(say("sources.rival_column", header=column.label, **said))
        if unknown:
            headers = listing(list(unknown))
            survey = found[0][1].matched.table.name == "survey"
            key = "unknown_columns_survey" if survey else "unknown_columns"
            self.notes.append(
                say(f"sources.{key}", headers=headers, file=questionnaire_of(self.unit.slug))
            )
        for part in parts:
            self.notes += part.notes()
        stated = [rows.stated for *_, rows in bodies]
        if len(stated) == 1 and stated[0] is not None and stated[0] != rows_in:
            explained = stated[0] == rows_in - duplicates
            key = "stated_less_duplicates" if explained else "stated_differs"
            self.notes.append(
                say(f"sources.{key}", stated=stated[0], rows=rows_in, duplicates=duplicates)
            )
        if source != "data":
            later = sum(part.after(moment) for part in parts)
            if later:
                self.notes.append(say("sources.after_export", count=later, day=date(moment.date())))
        turned = sum(part.turned for part in parts)
        if turned:
            self.notes.append(say("sources.turned", count=turned))
        repeated = _codes_again(parts)
        if repeated and not (self.mapping is not None and self.mapping.code_with_day):
            self.notes.append(say("sources.codes_again", count=repeated))


def _said_of(grid: Grid, header: Header, rows: Body, columns: Sequence[Column]) -> Iterator[str]:
    """What a survey says of its answers: above the table, in headers, in the answers themselves."""
    yield from titles.lines(grid.rows[header.first : header.top])
    for column in columns:
        yield f"{column.group} {column.header}"
        cells = {row[column.index] for row in map(grid.rows.__getitem__, rows.rows)
                 if column.index < len(row)}  # fmt: skip
        yield from (cell for cell in cells if isinstance(cell, str))


def _codes_again(parts: Sequence[Part]) -> int:
    """How many accepted rows, of all sheets, have a code that stands on more than one of them."""
    import pandas as pd

    codes = pd.concat([part.codes() for part in parts])
    return int(codes.duplicated(keep=False).sum())


def _short(column: Column | None) -> str:
    """The header that names a cell's place; the whole row where no one cell is wrong."""
    return (column.header or column.group) if column else say("sources.whole_row")
