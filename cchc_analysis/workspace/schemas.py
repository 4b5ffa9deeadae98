"""JSON schemas for the TOML files that people edit, so that an editor helps while they type.

VS Code (Even Better TOML) and other editors with Taplo offer the keys, show what each means and
underline what is wrong, from the schema that a file names in its first line (``#:schema …``). A
schema is made from the declarations that the readers go through (:mod:`..shapes`,
:mod:`..sources.mapping`), so it never knows more or less than they do. ``cchc init`` writes them
to ``data/.schema``.

>>> schema("unit")["properties"]["rules"]["properties"]["closing_day"]["maximum"]
27
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..atomic import put
from ..indicators.activity_kinds import ID, KIND
from ..papers.narrative import NARRATIVE_FILE
from ..plan import PLAN_FILE
from ..planfile import CLOCK
from ..shapes import Key, Shape
from ..sources.mapping import SETTINGS, mappable, sayable
from ..sources.tables import TABLES, Table
from ..unit import UNIT_FILE
from ..words import has_label, label, say

__all__ = ["FOLDER", "NAMES", "heading", "schema", "write"]

FOLDER = ("data", ".schema")
DRAFT = "http://json-schema.org/draft-07/schema#"
_FILES: dict[str, Sequence[Shape]] = {
    "unit": UNIT_FILE,
    "plan": PLAN_FILE,
    "narrative": NARRATIVE_FILE,
}
NAMES = (*_FILES, "mapping", "activities")
Schema = dict[str, Any]


def schema(name: str) -> Schema:
    """The schema of the kind of file ``name``, one of ``NAMES``."""
    head: Schema = {"$schema": DRAFT, "title": f"cchc: {name}", "description": say(f"keys.{name}")}
    others = {"mapping": _mapping, "activities": _activities}
    return head | (others[name]() if name in others else _file(name, _FILES[name]))


def heading(name: str, file: Path) -> list[str]:
    """The first line of ``file``, which tells an editor where the schema lies; none where no
    workspace around it has one.
    """
    for folder in file.resolve().parents:
        target = folder.joinpath(*FOLDER, _file_name(name))
        if target.is_file():
            path = os.path.relpath(target, file.resolve().parent)
            return [f"#:schema {Path(path).as_posix()}"]
    return []


def write(workspace: Path) -> None:
    """Puts every schema into the workspace. Raises :class:`WorkspaceError`."""
    for name in NAMES:
        text = json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"
        put(Path(workspace, *FOLDER, _file_name(name)), text.encode("utf-8"))


def _file_name(name: str) -> str:
    return f"{name}.schema.json"


# -- what is declared by shapes -----------------------------------------------------------------


def _file(name: str, shapes: Sequence[Shape]) -> Schema:
    tables = {shape.name: _table(f"{name}.{shape.name}", shape) for shape in shapes}
    needed = [shape.name for shape in shapes if not shape.many and _needed(shape)]
    return _closed(tables, needed)


def _table(name: str, shape: Shape) -> Schema:
    keys = {}
    for key, of in shape.keys.items():
        said = label(shape.labels + key) if shape.labels else say(f"keys.{name}.{key}")
        keys[key] = {"description": said} | _key(of)
    made = _closed(keys, _needed(shape))
    if shape.other is not None:
        made["additionalProperties"] = {"description": say(f"keys.{name}.*")} | _key(shape.other)
    if shape.many:
        made = {"type": "array", "items": made}
    return {"description": say(f"keys.{name}")} | made


def _needed(shape: Shape) -> list[str]:
    return [name for name, key in shape.keys.items() if key.default is ...]


def _key(key: Key) -> Schema:
    kinds: dict[str, Schema] = {
        "text": {"type": "string"} | ({"minLength": 1} if key.default is ... else {}),
        "texts": {"type": "array", "items": {"type": "string"}},
        "choice": {"type": "string", "enum": list(key.allowed)},
        "whole": {"type": "integer", "minimum": key.low, "maximum": key.high},
        "flag": {"type": "boolean"},
        "amounts": {
            "type": "object",
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        },
        "day": {"type": "string", "format": "date"},
        "time": {"type": "string", "pattern": f"^{CLOCK}(:[0-5]\\d)?$"},
    }
    return kinds[key.kind]


def _closed(properties: Schema, needed: Sequence[str] = ()) -> Schema:
    """A table with these keys and no others."""
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": list(needed)} if needed else {})


def _activities() -> Schema:
    """Any number of kinds of activities, each under an id of its own."""
    kinds = {
        "description": say("keys.activities.kinds"),
        "type": "object",
        "propertyNames": {"pattern": f"^{ID}$"},
        "additionalProperties": _table("activities.kinds", KIND),
    }
    verified = {"type": "boolean", "description": say("keys.activities.verified")}
    return _closed({"verified": verified, "kinds": kinds})


# -- mappings -----------------------------------------------------------------------------------

_TYPES = {str: "string", bool: "boolean", int: "integer"}


def _mapping() -> Schema:
    keys: Schema = {"table": {"type": "string", "enum": list(TABLES)}}
    keys |= {"columns": {"type": "object"}, "values": {"type": "object"}}
    keys |= {name: {"type": _TYPES[kind]} for name, kind in SETTINGS.items()}
    keys["header_row"]["minimum"] = 1
    for name, of in keys.items():
        of["description"] = say(f"keys.mapping.{name}")
    return _closed(keys, ["table"]) | {"allOf": [_of_table(table) for table in TABLES.values()]}


def _of_table(table: Table) -> Schema:
    """Which fields and words a mapping of ``table`` may name."""
    columns = {name: {"type": "string"} | _said(name) for name in mappable(table)}
    values: Schema = {}
    for field in table.fields:
        words = sayable(field)
        spoken: Schema = {"enum": [*words, ""]} if words else {"type": ["string", "boolean"]}
        if field.kind == "flag":
            spoken["enum"] += [True, False]
        values[field.name] = {"type": "object", "additionalProperties": spoken} | _said(field.name)
    return {
        "if": {"properties": {"table": {"const": table.name}}, "required": ["table"]},
        "then": {"properties": {"columns": _closed(columns), "values": _closed(values)}},
    }


def _said(field: str) -> Schema:
    id = f"col.{field}"
    return {"description": label(id)} if has_label(id) else {}
