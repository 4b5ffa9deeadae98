"""The examples in the docstrings are true: each runs, those on figures on the shipped sample."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import Any

import pytest

import cchc_analysis
from cchc_analysis import explore, office

MODULES = [
    "cchc_analysis",
    *(found.name for found in pkgutil.walk_packages(cchc_analysis.__path__, "cchc_analysis.")),
]


@pytest.fixture(scope="module")
def named(sample: office.Office) -> dict[str, Any]:
    return {
        "cchc": cchc_analysis, "explore": explore,
        "q": sample.period("2024-Q4", audience="internal"),
    }  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, named: dict[str, Any]) -> None:
    module = importlib.import_module(name)
    tried = doctest.testmod(module, extraglobs=named, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried.failed == 0


def test_none_is_left_out() -> None:
    for name in MODULES:
        for tested in doctest.DocTestFinder().find(importlib.import_module(name)):
            for example in tested.examples:
                assert doctest.SKIP not in example.options, tested.name


def test_help_shows_the_whole_api_on_one_screen() -> None:
    told = cchc_analysis.__doc__ or ""
    assert len(told.splitlines()) <= 60 and max(map(len, told.splitlines())) <= 100
    spoken = {name for name in cchc_analysis.__all__ if name in told}
    assert spoken | {"Office", "Period", "PeriodView"} == set(cchc_analysis.__all__)
    assert set(cchc_analysis.__all__) <= set(dir(cchc_analysis))
    for name in cchc_analysis.__all__:
        assert getattr(cchc_analysis, name).__doc__, name
