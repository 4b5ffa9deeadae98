"""Notebooks as an analyst runs them in JupyterLab: nothing filled in, and errors one can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from markupsafe import escape
from nbclient import NotebookClient

from cchc_analysis.briefs.blocks import MIME
from cchc_analysis.briefs.kernels import Nursery
from cchc_analysis.briefs.notebook import execute
from cchc_analysis.briefs.run import NOTEBOOKS
from cchc_analysis.errors import NotebookError, ParameterError
from cchc_analysis.shipped import path
from cchc_analysis.words import say

OPEN = "import cchc_analysis as cchc\nq = cchc.open(r'{}').period()"
WRONG = "q.result('dossiers.on_tme_rate')"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery | None]:
    if not Nursery.works:
        yield None
        return
    with Nursery() as own:
        yield own


@pytest.mark.parametrize("name", sorted(NOTEBOOKS))
def test_it_runs_with_nothing_filled_in(
    name: str, sample_workspace: Path, tmp_path: Path, nursery: Nursery | None
) -> None:
    """From a folder of the workspace, of its only unit, the newest quarter."""
    source, folder = path("notebooks", f"{name}.ipynb"), sample_workspace / "data"
    done = execute(source, tmp_path / "out.ipynb", {}, cwd=folder, nursery=nursery)
    shown = [o.data for cell in done.cells for o in cell.get("outputs", ())]
    assert len(shown) > 3 and all({MIME, "text/html", "text/plain"} <= set(d) for d in shown)
    if name == "0_summary":
        assert "quý IV năm 2024" in shown[0][MIME]["title"]
    if name == "1_dossiers":
        assert {"table", "figure"} <= {d[MIME]["kind"] for d in shown}
    for drawn in (d for d in shown if d[MIME]["kind"] == "figure"):
        page, block = drawn["text/html"], drawn[MIME]
        assert re.search(r'<svg role="img" aria-labelledby="[^"]+"', page)
        assert f">{escape(block['caption'])}</title>" in page and block["alt"]
        assert f">{escape(block['alt'])}</desc>" in page


def run(cells: list[str], cwd: Path) -> list[Any]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": cwd}}).execute()
    return [output for cell in notebook.cells for output in cell.outputs]


def test_an_error_is_one_line(sample_workspace: Path, tmp_path: Path) -> None:
    """With the remedy and no traceback, unless that is asked for."""
    debug = "%env CCHC_DEBUG=1"
    first, *_, again = run([OPEN.format(sample_workspace), WRONG, debug, WRONG], tmp_path)
    assert first.output_type == again.output_type == "error"
    assert first.traceback == [say("cli.error", message=first.evalue)]
    assert "dossiers.on_time_rate" in first.evalue and first.ename == "ParameterError"
    assert "Traceback" in again.traceback[0] and again.evalue in again.traceback[-1]


def test_a_brief_stopped_by_it_says_the_same(sample_workspace: Path, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in (OPEN.format(sample_workspace), WRONG)]
    )
    source = tmp_path / "own.ipynb"
    nbformat.write(notebook, source)
    with pytest.raises(NotebookError, match=r"dossiers\.on_time_rate"):
        execute(source, tmp_path / "out.ipynb", {}, cwd=tmp_path)
    with pytest.raises(ParameterError):  # the types of the empty defaults are checked as before
        execute(path("notebooks", "5_tasks.ipynb"), source, {"period": 2024}, cwd=tmp_path)
