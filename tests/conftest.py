"""Shared by all tests: the shipped sample, taken in once, and a small office to fill by hand."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc_analysis import office, shipped
from cchc_analysis.workspace import inbox

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", autouse=True)
def _offices_let_go() -> Iterator[None]:
    """An office is a cycle of objects with a database in it, threads and all. Hundreds of them,
    kept until Python looks for cycles, once left no memory to fork with.
    """
    yield
    gc.collect()


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with all exports of the sample taken in."""
    root = tmp_path_factory.mktemp("sample")
    shutil.copytree(shipped.path("data", "plans"), root / "data" / "plans")
    done = inbox.ingest(root, sorted(shipped.path("data", "sample").iterdir()))
    assert not [row.error for row in done if row.error]
    return root


@pytest.fixture(scope="session")
def sample(sample_workspace: Path) -> office.Office:
    return office.open(sample_workspace)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace of xã Thiệu Vân."""
    shutil.copytree(shipped.path("data", "plans"), tmp_path / "data" / "plans")
    (tmp_path / "data" / "inbox").mkdir()
    return tmp_path
