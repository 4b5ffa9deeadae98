"""What pages show of the program is as the program is, and nothing of it is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cchc_analysis import errors
from cchc_analysis.briefs import annex
from cchc_analysis.cli import app
from cchc_analysis.cli.usage import command_of
from cchc_analysis.errors import FAULT, CchcError
from cchc_analysis.indicators.results import Result
from cchc_analysis.sources import mapping
from cchc_analysis.sources.tables import DTYPES, TABLES
from cchc_analysis.words import say

from .made import commands, made
from .pages import PAGES, ROOT, commands_in, rendered

DOCS = ROOT / "docs"


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def rows_under(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    below = f"\n{text_of(page)}".split(f"\n{heading}\n", 1)[1]
    table = re.search(r"(?m)(?:^\|.*\n)+", below)
    assert table is not None
    cells = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in table[0].splitlines()]
    return [[cell.strip() for cell in row] for row in cells[2:]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_parts_made_of_the_program_are_not_behind_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == rendered(text, made), "run: python -m tests.docs --write"


def test_every_command_has_its_how_to() -> None:
    text = text_of("commands.md")
    for name in commands():
        made_part = rf"## cchc {name}\n\n<!-- made: command {name} -->\n.*?<!-- end -->\n"
        part = re.search(rf"(?ms)^{made_part}(.*?)(?=^## |\Z)", text)
        assert part and len(part[1].split()) > 15, f"docs/commands.md says too little of {name}"
    assert set(re.findall(r"(?m)^## cchc (\S+)$", text)) == set(commands())


def test_every_option_says_what_it_is_for() -> None:
    for name, command in commands().items():
        for param in command.params:
            if param.param_type_name == "option":
                assert param.help, f"{name} {param.opts}"


def test_the_example_of_every_command_is_one() -> None:
    for name, command in commands().items():
        (line,) = commands_in(say(f"examples.{name}"))
        assert line[0] == name
        assert command.make_context(name, line[1:])


def test_every_option_stands_before_the_command_too() -> None:
    shared = command_of(app).params
    assert {opt for param in shared for opt in param.opts} == {"--workspace", "-C", "--version"}
    for spelled in ("`-C`", "`--workspace`", "`cchc --version`"):
        assert spelled in text_of("commands.md")


def test_every_exit_code_is_told() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__]
    own = {(str(kind.exit_code), kind.__name__) for kind in kinds if kind is not CchcError}
    told = {
        (row[0].strip("`"), row[1].strip("`")) for row in rows_under("exit_codes.md", "# Mã thoát")
    }
    assert told - own == {("0", ""), ("130", ""), (str(FAULT), "")} and own <= told
    assert len({code for code, _ in own}) == len(own)


def test_every_kind_of_column_is_told() -> None:
    told = {row[0].strip("`") for row in rows_under("data_dictionary.md", "## Cách đọc một ô")}
    assert told == set(DTYPES)
    assert all(f"<!-- made: table {name} -->" in text_of("data_dictionary.md") for name in TABLES)


def test_every_key_of_a_mapping_is_told() -> None:
    told = [row[0].strip("`") for row in rows_under("mapping.md", "## Các mục của tệp ánh xạ")]
    assert told == ["table", "[columns]", "[values.<trường>]", *mapping.KEYS[3:]]


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("### indicators.json", [name.rstrip("_") for name in Result.__dataclass_fields__]),
        ("### late_dossiers.csv, open_overdue.csv", list(annex.LATE_COLUMNS)),
        ("### breakdowns.csv", list(annex.BREAKDOWN_COLUMNS)),
        ("### set_aside.csv", list(annex.SET_ASIDE_COLUMNS)),
    ],
)
def test_every_column_of_an_output_is_told(heading: str, columns: list[str]) -> None:
    told = [row[0].strip("`") for row in rows_under("data_dictionary.md", heading)]
    assert told == columns
