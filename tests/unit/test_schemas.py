"""Editors and readers agree: a file that one takes the other takes, key for key."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cchc_analysis import plan as plans
from cchc_analysis.errors import CchcError
from cchc_analysis.indicators import activity_kinds
from cchc_analysis.papers import narrative
from cchc_analysis.sources import TABLES, Mapping
from cchc_analysis.workspace import lay_out, schemas

from .test_words import LETTERS
from .test_wrong_types import text

ROOT = Path(__file__).resolve().parents[2]
UNIT = "data/plans/thieu-van/unit.toml"
PLAN = "data/plans/thieu-van/2024/plan.toml"


def plain(value: Any) -> Any:
    """TOML as JSON has it, which is how editors check it."""
    return json.loads(json.dumps(value, default=lambda v: v.isoformat()))


def fits(content: dict[str, Any], name: str) -> bool:
    return jsonschema.Draft7Validator(schemas.schema(name)).is_valid(plain(content))


def example(of: dict[str, Any]) -> Any:
    """A value that a schema allows."""
    if "enum" in of:
        return of["enum"][-1]
    if of.get("format") == "date":
        return dt.date(2025, 6, 30)
    if of["type"] in ("integer", "number"):
        return of.get("maximum", 7)
    if of["type"] == "array":
        return [example(of["items"])]
    if of["type"] == "object":
        made = {key: example(inner) for key, inner in of.get("properties", {}).items()}
        other = of.get("additionalProperties")
        free = "own_kind" if "propertyNames" in of else "Từ riêng"
        return made | ({free: example(other)} if isinstance(other, dict) else {})
    return True if of["type"] == "boolean" else "15:00"


def with_zone(content: dict[str, Any]) -> dict[str, Any]:
    """A time zone is a name that the machine knows; no schema can list them."""
    for table in (content, content.get("rules", {})):
        if "timezone" in table:
            table["timezone"] = "Asia/Ho_Chi_Minh"
    if "encoding" in content:
        content["encoding"] = "utf-8"
        content["delimiter"] = ";"
    return content


def whole(name: str) -> dict[str, Any]:
    """A file with every key that its schema knows."""
    return with_zone(example(schemas.schema(name)))


def places(content: Any) -> Iterator[tuple[dict[str, Any], str]]:
    for value in content.values() if isinstance(content, dict) else content:
        if isinstance(value, dict | list):
            yield from places(value)
    if isinstance(content, dict):
        yield from ((content, key) for key in list(content))


@pytest.fixture
def readers(workspace: Path, tmp_path: Path) -> dict[str, Callable[[dict[str, Any]], object]]:
    """How the program reads each kind of file."""

    def unit(content: dict[str, Any]) -> object:
        (workspace / UNIT).write_text(text(content), encoding="utf-8")
        return plans.load_unit(workspace, "thieu-van")

    def plan(content: dict[str, Any]) -> object:
        (workspace / PLAN).write_text(text(content), encoding="utf-8")
        return plans.load(workspace, "thieu-van", 2024)

    def words(content: dict[str, Any]) -> object:
        (tmp_path / "n.toml").write_text(text(content), encoding="utf-8")
        return narrative.read(tmp_path / "n.toml", "n.toml")

    def activities(content: dict[str, Any]) -> object:
        own = workspace / "data" / "reference"
        own.mkdir(exist_ok=True)
        (own / "activities.toml").write_text(text(content), encoding="utf-8")
        return activity_kinds.load(workspace)

    return {"unit": unit, "plan": plan, "narrative": words, "activities": activities,
            "mapping": lambda content: Mapping.parse(text(content))}  # fmt: skip


@pytest.mark.parametrize("name", ["unit", "plan", "narrative", "activities"])
def test_every_key_is_known_to_both_and_a_misspelt_one_to_none(
    name: str, readers: dict[str, Callable[[dict[str, Any]], object]]
) -> None:
    content = whole(name)
    assert fits(content, name)
    readers[name](content)
    count = 0
    for table, key in places(content):
        if table is content.get("stages") or key in ("own_kind", "Từ riêng"):
            continue  # the office's own words
        table[f"{key}x"] = table.pop(key)
        assert not fits(content, name), key
        with pytest.raises(CchcError, match=f"{key}x"):
            readers[name](content)
        table[key] = table.pop(f"{key}x")
        count += 1
    assert count >= 9


@pytest.mark.parametrize("table", TABLES)
def test_a_mapping_of_every_table(table: str) -> None:
    rules = {
        rule["if"]["properties"]["table"]["const"]: rule["then"]
        for rule in schemas.schema("mapping")["allOf"]
    }
    content = {"table": table} | {k: v for k, v in whole("mapping").items() if k != "table"}
    inner = rules[table]["properties"]
    content["columns"] = example(inner["columns"])
    content["values"] = {
        field: {"Từ riêng": "5" if field == "answer" else example(of["additionalProperties"])}
        if "enum" in of["additionalProperties"]
        else {"Từ riêng": "5"}
        for field, of in inner["values"]["properties"].items()
    }
    assert fits(content, "mapping")
    read = Mapping.parse(text(content))
    known = {*TABLES[table].names, *(["overall"] if table == "survey" else [])}
    assert set(read.columns) == known - set(TABLES[table].made)
    assert set(read.values) == set(TABLES[table].names)
    for wrong in ("columns", "values"):
        spoilt = content | {wrong: content[wrong] | {"receivd_at": "x"}}
        assert not fits(spoilt, "mapping")
        with pytest.raises(CchcError, match="receivd_at"):
            Mapping.parse(text(spoilt))


def test_shipped_files_fit_and_name_their_schema(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "Báo cáo quý 1", unit="a", name="xã A")
    for base in (ROOT, root):
        for name, found in (("unit", "plans/*/unit.toml"), ("plan", "plans/*/*/plan.toml"),
                            ("activities", "reference/activities.toml")):  # fmt: skip
            for path in (base / "data").glob(found):
                written = path.read_text(encoding="utf-8")
                assert fits(tomllib.loads(written), name)
                said, _, target = written.splitlines()[0].partition(" ")
                assert said == "#:schema"
                assert json.loads((path.parent / target).read_text("utf-8")) == schemas.schema(name)


def test_starting_files_of_other_commands_name_their_schema(tmp_path: Path) -> None:
    from cchc_analysis.workspace import inbox

    root = lay_out(tmp_path / "Báo cáo quý 1", unit="a", name="xã A")
    file = root / "data" / "inbox" / "x.csv"
    file.write_text("Ref,Opened\nA-1,05/01/2024\n", encoding="utf-8")
    inbox.write_mapping(file)
    written = file.with_name("x.mapping.toml").read_text(encoding="utf-8")
    assert written.startswith("#:schema ../.schema/mapping.schema.json\n")
    assert fits(tomllib.loads(written), "mapping")


def test_every_key_that_init_writes_is_explained_in_vietnamese(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", unit="a", name="xã A")
    explained = 0
    for path in root.rglob("*.toml"):
        before = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if " = " in line and not line.startswith("#"):
                comment = line.partition("#")[2] or before.partition("#")[2]
                assert set(comment.lower()) & LETTERS, (path.name, line)
                explained += 1
            before = line
    assert explained > 30
