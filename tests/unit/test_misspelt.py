"""A misspelt name is told with the one that was meant, and no value ever is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

import cchc_analysis as cchc
from cchc_analysis import explore, office
from cchc_analysis.briefs.notebook import execute
from cchc_analysis.errors import ExtensionError, NotebookError, ParameterError, WorkspaceError
from cchc_analysis.extend import told
from cchc_analysis.view import PeriodView

ASKED: dict[str, tuple[type[Exception], Callable[[PeriodView], Any]]] = {
    "late": (AttributeError, lambda q: q.lat),
    "on_time": (AttributeError, lambda q: cchc.ontime),
    "field": (ParameterError, lambda q: cchc.on_time(q.dossiers, by="fields")),
    "channel": (ParameterError, lambda q: cchc.tally(q.dossiers, ["chanel"])),
    "cchc.open": (ParameterError, lambda q: cchc.causes("2024-Q4")),  # type: ignore[arg-type]
    "period(": (ParameterError, lambda q: explore.cases(None)),  # type: ignore[arg-type]
}


@pytest.fixture(scope="module")
def q(sample: office.Office) -> PeriodView:
    return sample.period("2024-Q4", audience="internal")


@pytest.mark.parametrize("meant", ASKED)
def test_python_is_told_what_was_meant(meant: str, q: PeriodView) -> None:
    kind, ask = ASKED[meant]
    with pytest.raises(kind, match=re.escape(meant)):
        ask(q)


def test_a_fault_inside_is_not_taken_for_a_misspelt_name(q: PeriodView) -> None:
    view = q.beside(q.period)
    view.office = None  # type: ignore[assignment]
    with pytest.raises(AttributeError, match="NoneType"):
        _ = view.calendar


def test_a_folder_that_is_none_names_the_way_of_python_too(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r'cchc\.open\("THƯ_MỤC"\)'):
        cchc.open(tmp_path)


FAILING = {
    'frame["recieved"]': "“recieved”.*“received”",
    'frame[["code", "recieved"]]': "“recieved”.*“received”",
    "frame.recieved": "“recieved”.*“received”",
    "fram": "“fram”.*“frame”",
    "{}[name]": r"KeyError\.",
    "getattr(frame, name)": r"AttributeError\.",
    "frame[f'{name}']": r"KeyError\.",
}


@pytest.mark.parametrize("code", FAILING)
def test_an_extension_names_what_it_spells_itself(code: str, tmp_path: Path) -> None:
    path = tmp_path / "rieng.py"
    path.write_text(f"def f(frame, name):\n    return {code}\n", encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(path.read_bytes(), str(path), "exec"), names)
    with pytest.raises(ExtensionError, match=f"dòng 2.*{FAILING[code]}") as caught, told(path):
        names["f"](pd.DataFrame({"code": [1], "received": [True]}), "Bưởi")
    assert "Bưởi" not in str(caught.value)


def test_so_does_a_cell(tmp_path: Path) -> None:
    cells = ['name = "Bu" + "oi"', "import pandas as pd\npd.DataFrame()[[name]]"]
    for last, said in ((cells[1], r": KeyError\.$"), ("{}['recieved']", "“received”")):
        made = [nbformat.v4.new_code_cell(text) for text in (cells[0], last)]
        nbformat.write(nbformat.v4.new_notebook(cells=made), tmp_path / "7_rieng.ipynb")
        with pytest.raises(NotebookError, match=said) as caught:
            execute(tmp_path / "7_rieng.ipynb", tmp_path / "out.ipynb", {}, cwd=tmp_path)
        assert "Buoi" not in str(caught.value)


def test_the_meaning_of_a_column_is_shown_whole() -> None:
    frame = cchc.columns("late")
    longest = max(frame["meaning"], key=len)
    assert len(longest) > 50
    assert longest in repr(frame) and longest in frame._repr_html_()
    assert frame._repr_html_().count("<tr") == len(frame) + 1
