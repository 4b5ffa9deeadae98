"""The seven tables an office exports, and what each of their columns holds.

A table is a list of fields, each with a *kind* that decides how its cells are read and in which
dtype they are kept. ``required`` fields must be among a file's headers for the file to be that
table, and at least one of each ``any_of`` group; ``when`` is the day by which a row belongs to a
period. Every frame carries ``sheet`` and ``row`` besides, so that each figure leads back to a
cell in Excel. A column that a file lacks is there all the same, and null.

>>> TABLES["dossiers"].field("received_at").kind
'moment'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ..words import has_label, has_message, label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CONTENTS", "DTYPES", "TABLES", "Field", "Kind", "Table", "field_label", "message"]

Kind = Literal[
    "code",
    "label",
    "text",
    "free",
    "moment",
    "month",
    "count",
    "number",
    "percent",
    "flag",
    "choice",
]

DTYPES: dict[str, str] = {
    "code": "str",
    "label": "str",
    "text": "str",
    "free": "str",
    "choice": "str",
    "moment": "datetime64[us]",
    "month": "datetime64[us]",
    "count": "Int64",
    "number": "float64",
    "percent": "float64",
    "flag": "boolean",
}


@dataclass(frozen=True)
class Field:
    """One column of a table.

    ``code`` identifies a row (a survey's ``dossier`` only by a keyed hash); ``label`` is a short
    code of something else (a procedure, an indicator); ``text`` comes from a list of the
    office's own words; ``free`` was typed by a person and loses telephone and citizen numbers;
    ``choice`` is one of ``choices``.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """The schema of one of the seven tables."""

    name: str
    when: str
    required: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]
    made: tuple[str, ...] = ()
    """Fields made while reading, which no single column of a file holds."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """The fields that hold a day or an instant."""
        return tuple(f.name for f in self.fields if f.kind in ("moment", "month"))

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def is_complete(self, found: set[str] | Mapping[str, Any]) -> bool:
        """Whether the fields ``found`` are enough to call a file this table."""
        return all(name in found for name in self.required) and all(
            any(name in found for name in group) for group in self.any_of
        )

    def empty(self) -> pd.DataFrame:
        """A frame without rows, every column in its dtype."""
        import pandas as pd

        columns = {f.name: pd.Series([], dtype=f.dtype) for f in self.fields}
        return pd.DataFrame(
            {"sheet": pd.Series([], dtype="str"), "row": pd.Series([], dtype="int64"), **columns}
        )


def message(key: str, table: str) -> str:
    """The id of the sentence ``key``, of the one in a table's own words where there is one."""
    own = f"sources.{key}_{table}"
    return own if has_message(own) else f"sources.{key}"


def field_label(table: str, field: str) -> str:
    """What people call a field of a table: the code of an indicator is none of a dossier."""
    own = f"col.{table}.{field}"
    return label(own if has_label(own) else f"col.{field}")


CHANNELS = ("online", "direct", "postal")
CONTENTS = ("I", "II", "III", "IV", "V", "VI", "VII")
STATUSES = (
    "new", "received", "refused", "processing", "supplement",
    "payment", "withdrawn", "stopped", "resolved", "handed_over",
)  # fmt: skip


def _fields(kinds: str, **choices: tuple[str, ...]) -> tuple[Field, ...]:
    """Fields from lines of ``kind: name name …``, in the order written."""
    made = []
    for line in kinds.strip().splitlines():
        kind, _, names = line.partition(":")
        for name in names.split():
            made.append(Field(name, kind.strip(), choices.get(name, ())))  # type: ignore[arg-type]
    return tuple(made)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "dossiers",
            when="received_at",
            required=("code", "received_at"),
            any_of=(("due_at", "finished_at", "returned_at", "status"),),
            fields=_fields(
                """
                code: code
                label: procedure_code
                text: procedure field
                choice: channel
                moment: received_at due_at finished_at returned_at
                choice: status
                text: officer
                count: supplements
                flag: digitised_intake digitised_result
                number: fee
                flag: paid_online
                choice: notified_by apology
                moment: submitted_at due_at_revised
                moment: supplement_requested_at supplement_completed_at
                choice: online_level
                flag: reused
                """,
                channel=CHANNELS,
                status=STATUSES,
                notified_by=("zalo", "sms", "phone", "email", "other"),
                apology=("written", "phone"),
                online_level=("full", "partial", "info"),
            ),
        ),
        Table(
            "steps",
            when="entered_at",
            required=("code", "stage", "entered_at"),
            any_of=(),
            fields=_fields(
                """
                code: code
                text: stage actor
                moment: entered_at left_at
                free: note
                """
            ),
        ),
        Table(
            "survey",
            when="answered_at",
            required=("item",),
            any_of=(),
            fields=_fields(
                """
                text: respondent
                moment: answered_at
                text: gender age_group field
                choice: channel
                text: factor item answer
                free: comment
                code: dossier
                """,
                channel=CHANNELS,
            ),
            made=("respondent", "factor", "item", "answer"),
        ),
        Table(
            "digital",
            when="month",
            required=("code", "month", "numerator"),
            any_of=(),
            fields=_fields(
                """
                label: code
                text: label unit
                month: month
                number: numerator denominator goal
                """
            ),
        ),
        Table(
            "feedback",
            when="received_at",
            required=("code", "received_at"),
            any_of=(("content", "source", "published"),),
            fields=_fields(
                """
                code: code
                moment: received_at
                text: source
                free: content
                text: field
                moment: due_at finished_at
                flag: published
                """
            ),
        ),
        Table(
            "tasks",
            when="due_on",
            required=("content",),
            any_of=(("due_on", "done_on", "percent"), ("task", "lead")),
            fields=_fields(
                """
                label: task
                text: content lead cadence
                moment: due_on done_on
                free: evidence
                percent: percent
                free: note
                """
            ),
        ),
        Table(
            "activities",
            when="date",
            required=("date", "kind"),
            any_of=(("content", "count", "people"),),
            fields=_fields(
                """
                moment: date
                choice: content
                free: kind title
                number: count
                free: unit
                count: people
                free: document note
                """,
                content=CONTENTS,
            ),
        ),
    )
}
