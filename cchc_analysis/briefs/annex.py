"""The tables that go with a brief: CSV and JSON for programs, sheets for the workbook.

What the shared audience sees is decided here and nowhere else: dossier codes are keyed hashes,
moments are days, small cells are hidden and never alone, sensitive procedures are not named.
The internal audience sees the register's own codes and times, and every dossier with what it
counts as, so that a filter in Excel gives each headline count again.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..causes.evidence import evidence, points_at_one_person, stage_seen
from ..disclosure import small_groups
from ..indicators.dossiers import FLAGS, RATES, total
from ..phrases import key_text
from ..plan import procedure_names
from ..privacy import Masker, sensitive_words
from ..suppression import LAW
from ..words import date, fold, has_label, label, number, say

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["BREAKDOWNS", "Annex", "csv_text", "late_lines", "late_tables", "safe"]

BREAKDOWNS = ("field", "procedure_code", "channel", "month")
LATE_COLUMNS = (
    "code", "procedure_code", "field", "channel", "received_at", "due_at", "finished_at",
    "late_days", "recorded_only", "stage", "cause", "evidence", "apology",
)  # fmt: skip
BREAKDOWN_COLUMNS = ("id", "by", "key", "numerator", "denominator", "value", "status")
SET_ASIDE_COLUMNS = ("file", "sheet", "row", "column", "rule", "remedy")
BREAKDOWN_COUNTS = (
    "received", "received_online", "carried_over", "resolved", "resolved_early",
    "resolved_on_day", "resolved_late", "ended_without_result", "open", "open_overdue", "paused",
)  # fmt: skip
LAWFUL = {  # what everybody sees of a grouping: published by law, or totals of the brief
    "field": (*LAW, "on_time_rate", "online_rate"),
    "channel": ("received", "received_online", "online_rate"),
}
BREAKDOWN_RATES = ("on_time_rate", "online_rate", "digitised_result_rate", "notified_rate")
SHARES = ("value", "low", "high", "target", "previous", "same_last_year", "year_to_date")
DOSSIER_FLAGS = (
    "received", "received_online", "received_direct", "received_postal", "carried_over",
    "resolved", "resolved_early", "resolved_on_day", "resolved_late", "ended_without_result",
    "withdrawn", "stopped", "ended_undated", "refused", "not_yet_received", "open", "open_within",
    "open_overdue", "paused", "paused_past_due", "without_due", "late_recorded_only",
)  # fmt: skip


OF_ONLINE = "portal_outage"  # a cause that only what came in online can have


class Annex:
    """The tables of one period for one audience."""

    def __init__(self, q: PeriodView, masker: Masker) -> None:
        self.q = q
        self.masker = masker
        self.shared = q.audience == "shared"

    @classmethod
    def of(cls, q: PeriodView) -> Annex:
        """With the key of the workspace of ``q``."""
        return cls(q, Masker.of(q.office.workspace))

    # -- what may be seen ---------------------------------------------------------------------

    def is_hidden(self, key: str, value: Any, count: str = "") -> bool:
        """Whether the audience does not see this value of ``key``, or one ``count`` of it. What the
        law has offices publish by field is seen by everybody, and nothing else is counted of a
        group: it would follow from the totals and from other periods. What came in by channel are
        totals.
        """
        if not self.shared or key == "month" or count in LAWFUL.get(key, ()):
            return False
        if count and count not in LAWFUL["field"]:
            return True
        if key == "field":
            return _text(value) in self._small_fields
        return _text(value) in self.q.hidden[key].period

    @cached_property
    def _small_fields(self) -> set[str]:
        return small_groups(
            {
                _text(row["field"]): (int(row["received"]), int(row["resolved"]))
                for row in self.q.by("field").to_dict("records")
            }
        )

    def sensitive(self, text: str | None) -> bool:
        words = sensitive_words(self.q.office.workspace)
        return self.shared and text is not None and any(w in fold(text) for w in words)

    def seen(self, row: Mapping[Any, Any]) -> dict[str, str]:
        """``code, procedure_code, field, channel`` of a dossier as the audience may see them."""
        field, channel = (_text(row.get(name)) for name in ("field", "channel"))
        return {
            "code": self.masker.code(row["code"]) if self.shared else row["code"],
            "procedure_code": self._procedure_of(row),
            "field": "" if self.is_hidden("field", field) else field,
            "channel": "" if self.is_hidden("channel", channel) else channel,
        }

    def _procedure_of(self, row: Mapping[Any, Any]) -> str:
        code = _text(row.get("procedure_code"))
        said = f"{_text(row.get('procedure'))} {_text(row.get('field'))}"
        return "" if self.is_hidden("procedure_code", code) or self.sensitive(said) else code

    def names_procedure(self, row: Mapping[Any, Any]) -> bool:
        """Whether the audience sees which procedure a dossier is of, where anything says so."""
        told = self._procedure_of(row) or not _text(row.get("procedure_code"))
        return not self.shared or bool(told)

    # -- CSV ------------------------------------------------------------------------------------

    def late_csv(self) -> str:
        return csv_text(LATE_COLUMNS, self.late_rows())

    def open_overdue_csv(self) -> str:
        return csv_text(LATE_COLUMNS, self.open_overdue_rows())

    def late_rows(self) -> list[dict[str, Any]]:
        """The late dossiers as the audience may see them, in the order of finishing."""
        return self._late

    def open_overdue_rows(self) -> list[dict[str, Any]]:
        return self._open_overdue

    @cached_property
    def _late(self) -> list[dict[str, Any]]:
        return self._late_rows(self.q.late)

    @cached_property
    def _open_overdue(self) -> list[dict[str, Any]]:
        return self._late_rows(self.q.open_overdue)

    @cached_property
    def told_on(self) -> dict[str, dt.date]:
        """Of the open and overdue dossiers that newer registers do not tell of, by the code that
        the audience sees, the day when one last did.
        """
        old = self.q.overdue_unconfirmed
        return {self.masker.code(c) if self.shared else c: day for c, day in old.items()}

    def _late_rows(self, frame: pd.DataFrame) -> list[dict[str, Any]]:
        rows = []
        for row in frame.to_dict("records"):
            finished = row["ended_at"] if row["resolved_late"] else None
            finding = self.q.finding(row["code"])
            field = _text(row.get("field"))
            seen = self.seen(row)
            online = OF_ONLINE in (finding.cause, finding.inferred) and not seen["channel"]
            withheld = self.shared and (online or points_at_one_person(self.q, finding, field))
            # Both days would tell the limit, and so the procedure that is not named.
            told = not self.shared or _named(seen, row)
            rows.append(
                {
                    **seen,
                    "received_at": self._moment(row["received_at"]) if told else "",
                    "due_at": self._moment(row["due_at"]),
                    "finished_at": self._moment(finished),
                    "late_days": _whole(row["late_days"]),
                    "recorded_only": "true" if row["recorded_only"] else "false",
                    "stage": "" if withheld else stage_seen(self.q, finding, field),
                    "cause": "withheld" if withheld else row["cause"],
                    "evidence": say("causes.withheld")
                    if withheld
                    else evidence(self.q, finding, row),
                    "apology": _text(row.get("apology")),
                }
            )
        return sorted(rows, key=lambda r: (r["finished_at"] or r["due_at"], r["code"]))

    def _moment(self, moment: Any) -> str:
        if moment is None or moment != moment:
            return ""
        return moment.date().isoformat() if self.shared else moment.isoformat(sep=" ")

    def breakdowns(self) -> list[dict[str, Any]]:
        """``id, by, key, numerator, denominator, value, status``; hidden cells are empty."""
        rows = []
        without = ("no_column", "column_in_part")
        lacking = {name for name, value in self.q.values.items() if value.status in without}
        for by in BREAKDOWNS:
            for row in self.rows_by(by):
                key = _text(row[by])
                if by == "procedure_code" and self.unnamed(key):
                    continue
                for name in (*BREAKDOWN_COUNTS, *BREAKDOWN_RATES):
                    id = f"dossiers.{name}"
                    if id in lacking:
                        continue
                    rate = RATES.get(name)
                    k = total(row, rate.numerator) if rate else int(row[name])
                    n = total(row, rate.denominator) if rate else None
                    value = k if rate is None else (k / n if n else None)
                    status = "ok" if value is not None else "zero_denominator"
                    if self.is_hidden(by, row[by], name):
                        k, n, value, status = None, None, None, "suppressed"  # type: ignore[assignment]
                    rows.append(
                        {
                            "id": id, "by": by, "key": key, "numerator": k, "denominator": n,
                            "value": value, "status": status,
                        }
                    )  # fmt: skip
        return rows

    def breakdowns_csv(self) -> str:
        return csv_text(BREAKDOWN_COLUMNS, self.breakdowns())

    def set_aside_csv(self) -> str:
        rows = (
            {name: getattr(row, name) for name in SET_ASIDE_COLUMNS}
            for export in self.q.exports
            for row in export.set_aside
        )
        return csv_text(SET_ASIDE_COLUMNS, rows)

    # -- sheets of the workbook -------------------------------------------------------------------

    def sheets(self) -> list[dict[str, Any]]:
        """What ``briefs.xlsx.write`` takes, one dict a sheet."""
        found = [self._figures_sheet(), *(self._by_sheet(key) for key in BREAKDOWNS)]
        found += [
            self._late_sheet("late", self.late_rows()),
            self._late_sheet("open_overdue", self.open_overdue_rows()),
            self._set_aside_sheet(),
        ]
        if not self.shared:
            found.append(self._dossiers_sheet())
        return found

    def _figures_sheet(self) -> dict[str, Any]:
        names = (
            ("label", "text", 52), ("unit", "text", 10),
            ("numerator", "int", 10), ("denominator", "int", 10), ("value", "number", 12),
            ("low", "number", 10), ("high", "number", 10), ("target", "number", 10),
            ("state", "text", 18), ("previous", "number", 10), ("same_last_year", "number", 12),
            ("year_to_date", "number", 12), ("status", "text", 22),
            *(not_printed := (("id", "text", 30), ("definition", "text", 80),
                              ("source", "text", 60))),
        )  # fmt: skip
        rows = []
        for result in self.q.results:
            row = result.as_dict()
            met = {True: "state.met", False: "state.not_met", None: None}[row["met"]]
            row["state"] = label(met) if met else ""
            row["status"] = label(f"figure.{row['status']}")
            if row["unit"] == label("unit.share"):
                for name in SHARES:
                    row[name] = (row[name], "percent")
            rows.append([row[name] for name, _, _ in names])
        printed = len(names) - len(not_printed)
        return {**_sheet("figures", names, rows), "printed": printed}

    def _by_sheet(self, key: str) -> dict[str, Any]:
        everyone = not self.shared or key == "month"
        counts = [name for name in BREAKDOWN_COUNTS if everyone or name in LAW]
        names = [
            (key, "text", 34),
            *((name, "int", 12) for name in counts),
            ("on_time_rate", "percent", 12),
        ]
        rate = RATES["on_time_rate"]
        rows: list[list[Any]] = []
        for row in self.rows_by(key):
            n = total(row, rate.denominator)
            share = total(row, rate.numerator) / n if n else None
            cells = {**{name: int(row[name]) for name in counts}, "on_time_rate": share}
            rows.append(
                [
                    self.key_label(key, row[key]),
                    *(
                        label("mark.suppressed") if self.is_hidden(key, row[key], name) else cell
                        for name, cell in cells.items()
                    ),
                ]
            )
        return _sheet(f"by_{key}", names, rows)

    def key_label(self, key: str, value: Any) -> str:
        """A value of a breakdown as people read it."""
        text = _text(value)
        if not text:
            return label("state.no_data")
        if key == "channel":
            return key_text(key, text)
        if key == "month":
            return f"{text[5:7]}/{text[:4]}"
        if key == "procedure_code" and text in self.procedure_names and not self.unnamed(text):
            return f"{self.procedure(text)} ({text.split('.000.')[0]})"
        return self.procedure(text) if key == "procedure_code" else text

    def procedure(self, code: str) -> str:
        """What a procedure is called, its code where nothing is known of it."""
        if self.unnamed(code):
            return say("annex.by_field_only", field=self._fields.get(code, ""))
        return self.procedure_names.get(code, code)

    def rows_by(self, key: str) -> list[dict[Any, Any]]:
        """The rows of ``q.by(key)``, and those that are listed though nobody stands behind them."""
        rows = self.q.by(key).to_dict("records")
        if not self.shared or key not in self.q.hidden:
            return rows
        listed = {_text(row[key]) for row in rows}
        more = sorted(self.q.hidden[key].period - listed)
        return rows + [{key: value, **dict.fromkeys(FLAGS, 0)} for value in more]

    def unnamed(self, code: str) -> bool:
        """Whether a procedure is not named to the audience, only its field: its name, in the
        catalogue or the register, is sensitive, or it has none but what stands at single
        dossiers, where a person's name may be in it.
        """
        told, written = self.procedure_names.get(code, ""), self._written.get(code, "")
        if self.shared and written and not told:
            return True
        return self.sensitive(f"{told} {written} {self._fields.get(code, '')}")

    @cached_property
    def procedure_names(self) -> dict[str, str]:
        """What each procedure is called: as the register does, in words that stand at three
        dossiers at least where the audience is the shared one; else as the catalogue does; else in
        words that stand at two. Fewer may hold the name of a person.
        """
        catalogue = procedure_names(self.q.office.workspace)
        frames = (self.q.picture.year, self.q.dossiers)
        codes = {str(code) for frame in frames for code in frame["procedure_code"].dropna()}
        known = {code: catalogue[code[:8]] for code in codes if code[:8] in catalogue}
        if not self.shared:
            return known | self._written
        return self._most("procedure", 2) | known | self._most("procedure", 3)

    @cached_property
    def _written(self) -> dict[str, str]:
        return self._most("procedure")

    @cached_property
    def _fields(self) -> dict[str, str]:
        return self._most("field")

    def _most(self, column: str, least: int = 1) -> dict[str, str]:
        """What the register says of each procedure in ``column``, most often in the period, else in
        its year, and at ``least`` dossiers of both.
        """
        found: dict[str, str] = {}
        wholes = [
            whole[["code", "procedure_code"]].assign(said=whole[column]).dropna()
            for whole in (self.q.picture.year, self.q.dossiers)
        ]
        pairs = {pair for w in wholes for pair in zip(w["code"], w["said"], strict=True)}
        often = Counter(said for _, said in pairs)
        for whole in wholes:
            frame = whole[whole["said"].map(often) >= least]
            counted = frame.groupby("procedure_code")["said"].agg(lambda s: s.mode().iloc[0])
            found |= {str(code): str(name) for code, name in counted.items()}
        return found

    def _late_sheet(self, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        kind = "date" if self.shared else "datetime"
        kinds = {"received_at": kind, "due_at": kind, "finished_at": kind, "late_days": "int"}
        names = [(c, kinds.get(c, "text"), 60 if c == "evidence" else 18) for c in LATE_COLUMNS]
        shown = []
        for row in rows:
            values = dict(row)
            for column in ("received_at", "due_at", "finished_at"):
                values[column] = dt.datetime.fromisoformat(row[column]) if row[column] else None
            values["channel"] = self.key_label("channel", row["channel"]) if row["channel"] else ""
            values["recorded_only"] = label(
                "word.yes" if row["recorded_only"] == "true" else "word.no"
            )
            values["cause"] = label(f"cause.{row['cause']}")
            values["apology"] = label(f"apology.{row['apology']}") if row["apology"] else ""
            values["late_days"] = int(row["late_days"]) if row["late_days"] != "" else None
            shown.append([values[column] for column in LATE_COLUMNS])
        return _sheet(name, names, shown)

    def _set_aside_sheet(self) -> dict[str, Any]:
        names = (
            ("file", "text", 30), ("sheet", "text", 16), ("row", "int", 8),
            ("column", "text", 20), ("rule", "text", 26), ("remedy", "text", 80),
        )  # fmt: skip
        rows = [
            [row.file, row.sheet, row.row, row.column, row.rule, row.remedy]
            for export in self.q.exports
            for row in export.set_aside
        ]
        return _sheet("set_aside", names, rows)

    def _dossiers_sheet(self) -> dict[str, Any]:
        names = [
            ("code", "text", 28), ("procedure_code", "text", 24), ("procedure", "text", 40),
            ("field", "text", 16), ("channel", "text", 16), ("received_at", "datetime", 17),
            ("due_at", "datetime", 17), ("finished_at", "datetime", 17),
            ("returned_at", "datetime", 17), ("status", "text", 20), ("officer", "text", 18),
            ("supplements", "int", 8),
            *((flag, "int", 10) for flag in DOSSIER_FLAGS),
        ]  # fmt: skip
        rows = []
        for row in self.q.dossiers.to_dict("records"):
            row["channel"] = self.key_label("channel", row["channel"])
            status = _text(row["status"])
            row["status"] = label(f"status.{status}") if status else ""
            values = [
                (1 if row[name] else None) if name in DOSSIER_FLAGS else _plain(row.get(name))
                for name, _, _ in names
            ]
            rows.append(values)
        return _sheet("dossiers", names, rows)


def late_tables(q: PeriodView) -> dict[str, list[dict[str, Any]]]:
    """The rows of both lists as the audience of ``q`` may see them, by name of the list."""
    annex = q.annex
    return {"late": annex.late_rows(), "open_overdue": annex.open_overdue_rows()}


def late_lines(q: PeriodView) -> list[str]:
    """The same in short for a terminal: two lines a dossier, after one that counts them."""
    tables, old = late_tables(q), q.annex.told_on
    lines = [
        say(
            "late_causes.terminal_summary", period=q.period.title,
            late=number(len(tables["late"])), open=number(len(tables["open_overdue"])),
        )
    ]  # fmt: skip
    for row in (*tables["late"], *tables["open_overdue"]):
        days = number(row["late_days"]) if row["late_days"] != "" else label("mark.no_data")
        lines.append(
            say(
                "late_causes.terminal", code=row["code"], days=days,
                due=date(dt.date.fromisoformat(row["due_at"][:10])),
                stage=row["stage"] or label("mark.no_data"), cause=label(f"cause.{row['cause']}"),
            )
        )  # fmt: skip
        lines.append(say("late_causes.terminal_evidence", evidence=row["evidence"]))
        if day := old.get(row["code"]):
            lines.append(say("late_causes.terminal_told_on", day=date(day)))
    return lines


def _sheet(name: str, columns: Iterable[tuple[str, str, int]], rows: list[Any]) -> dict[str, Any]:
    def header(column: str) -> str:
        for id in (f"col.{column}", f"dossiers.{column}"):
            if has_label(id):
                return label(id)
        return column

    return {
        "name": label(f"sheet.{name}"),
        "title": say(f"annex.{name}"),
        "columns": [
            {"label": header(column), "type": kind, "width": width}
            for column, kind, width in columns
        ],
        "rows": rows,
        "notes": [],
    }


def csv_text(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(row[name]) for name in columns])
    return out.getvalue()


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a quote in front."""
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _named(seen: Mapping[str, str], row: Mapping[Any, Any]) -> bool:
    """Whether a dossier is seen with its procedure, and with its field where it has one."""
    return bool(seen["procedure_code"]) and bool(seen["field"] or not _text(row.get("field")))


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _whole(value: Any) -> Any:
    try:
        return "" if value is None or value != value else int(value)
    except (TypeError, ValueError):
        return ""


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
