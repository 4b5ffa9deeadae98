"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import cchc_analysis

MODULES = [
    found.name
    for found in pkgutil.walk_packages(cchc_analysis.__path__, "cchc_analysis.")
    if not found.ispkg
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
