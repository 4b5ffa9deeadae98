"""Every key of every TOML file, set to every type that it is not: refused by file and key.

The files are the shipped ones, so a key that is added to one is tried without being named here.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import plan as plans
from cchc_analysis import shipped
from cchc_analysis.errors import CchcError, MappingError
from cchc_analysis.sources import Mapping

from ..fuzz import references

WRONG: list[Any] = [
    7, -1, 2.5, float("nan"), True, "", "chữ", "a\nb", [], [1], [[]], ["x"], {}, {"x": 1},
    dt.date(2024, 1, 1), dt.time(8), dt.datetime(2024, 1, 1), 10**30,
]  # fmt: skip
MAPPING = """\
table = "dossiers"
timezone = "Asia/Ho_Chi_Minh"
dayfirst = true
sheet = "So"
header_row = 4
encoding = "utf-8"
delimiter = ","
person = "Người nộp"
[columns]
code = "Mã hồ sơ"
[values.status]
"Xong" = "resolved"
"""


def shown(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(str(k))} = {shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def text(content: dict[str, Any]) -> str:
    return "".join(f"{shown(key)} = {shown(value)}\n" for key, value in content.items())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the values of a file stand; of a list the first one speaks for the others."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


def spoilt(content: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(content)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


def refused(file: Path, read: Callable[[], object], named: str) -> int:
    """How many of the wrong values were refused; whatever is not must be read without a fault."""
    good = file.read_text(encoding="utf-8")
    content = tomllib.loads(good)
    file.write_text(text(content), encoding="utf-8")
    read()  # written on one line a key it is still the same file
    count = 0
    found = list(places(content))
    step = 1 + len(found) * len(WRONG) // (
        250 if len(found) < 100 else 90
    )  # in a long file each key takes a turn of the values
    for n, path in enumerate(found):
        for value in WRONG[n % step :: step]:
            file.write_text(text(spoilt(content, path, value)), encoding="utf-8")
            try:
                read()
            except CchcError as error:
                count += 1
                message = str(error)
                assert named in message, (path, value, message)
                keys = [key for key in path if isinstance(key, str)]
                assert len(path) == 1 or any(key in message for key in keys), (path, message)
            except Exception as error:
                raise AssertionError(f"{named}: {path} = {value!r}: {error!r}") from error
    file.write_text(good, encoding="utf-8")
    return count


@pytest.fixture
def own(workspace: Path) -> Path:
    """A workspace with all reference tables of its own."""
    shutil.copytree(shipped.path("data", "reference"), workspace / "data" / "reference")
    return workspace


@pytest.mark.parametrize("name", ["unit.toml", "2024/plan.toml"])
def test_plans(own: Path, name: str) -> None:
    file = own / "data" / "plans" / "thieu-van" / name
    assert refused(file, lambda: plans.load(own, "thieu-van", 2024), f"thieu-van/{name}") > 50


TABLES = sorted(
    path.relative_to(shipped.path("data", "reference")).as_posix()
    for path in shipped.path("data", "reference").rglob("*.toml")
)


@pytest.mark.parametrize("name", TABLES)
def test_references(own: Path, name: str) -> None:
    file = own / "data" / "reference" / name
    assert refused(file, lambda: references(own, file.name), file.name) > 10


def test_mappings(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(MAPPING, encoding="utf-8")

    def read() -> None:
        mapping = Mapping.load(file)
        assert Mapping.parse(mapping.dumps()) == Mapping.parse(
            text(tomllib.loads(file.read_text()))
        )

    assert refused(file, read, "m.toml") > 100


@pytest.mark.parametrize(
    "deep", ["a = " + "[" * 5000, "a = " + "{a=" * 3000, "a." * 3000 + "b = 1"]
)
def test_a_file_nested_beyond_reason(own: Path, tmp_path: Path, deep: str) -> None:
    (own / "data" / "plans" / "thieu-van" / "unit.toml").write_text(deep)
    with pytest.raises(CchcError, match=r"unit\.toml"):
        plans.load_unit(own, "thieu-van")
    (tmp_path / "m.toml").write_text(deep)
    with pytest.raises(MappingError, match=r"m\.toml"):
        Mapping.load(tmp_path / "m.toml")
