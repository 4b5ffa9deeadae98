"""A taste of the fuzz program on every run of the tests; ``python -m tests.fuzz`` is the meal."""

from __future__ import annotations

from pathlib import Path

import pytest

from .. import fuzz

NAMES = ("values", "settings", "rows", "texts", "pages", "workbooks", "mappings", "plans",
         "references", "questionnaires", "ledgers")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_spoilt_inputs_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    every = {parser.name: parser for parser in fuzz.parsers(tmp_path)}
    assert set(every) == set(NAMES)
    inputs = {"values": 100, "settings": 100, "mappings": 40, "plans": 20}.get(name, 12)
    count = fuzz.feed(every[name], inputs, seed=20)
    assert count.inputs == inputs
    assert count.found == []


def test_the_program_sees_what_breaks() -> None:
    """A parser that is wrong is found, by its number."""
    wrong = fuzz.Parser("wrong", 1, lambda rng: rng.randrange(2), lambda n: 1 // n)
    assert fuzz.feed(wrong, 40, seed=1).found[0].startswith("wrong ")
