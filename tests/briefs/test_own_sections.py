"""What a cell of an office's own notebook lays out stands in the brief: all of it, once."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest

from cchc_analysis import office, sections, shipped
from cchc_analysis.briefs import run
from cchc_analysis.briefs.blocks import Block
from cchc_analysis.briefs.document import blocks
from cchc_analysis.briefs.notebook import execute
from cchc_analysis.errors import NotebookError, ParameterError
from cchc_analysis.workspace.check import check

CELLS = [
    "import pandas as pd\nfrom cchc_analysis import sections\n"
    "from IPython.display import display\nfrom matplotlib.figure import Figure",
    'sections.paragraph("một")\n'
    'kept = sections.table(pd.DataFrame({"n": [1]}), "hai")\n'
    'for word in ("ba", "bốn"):\n    sections.note(word)\n'
    'drawn = Figure()\ndrawn.subplots()\nsections.figure(drawn, "năm", alt="trống")',
    "display(kept)\nkept",
]


def test_each_call_shows_itself_once_in_the_order_of_calling(tmp_path: Path) -> None:
    code = nbformat.v4.new_code_cell
    cells = [code("", metadata={"tags": ["parameters"]}), *map(code, CELLS)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "7_rieng.ipynb")
    made = execute(tmp_path / "7_rieng.ipynb", tmp_path / "out.ipynb", {}, cwd=tmp_path)
    found = [
        block.get("caption") or block.get("text") or block["spans"][0]["text"]
        for block in blocks([made])
    ]
    assert found == ["một", "hai", "ba", "bốn", "năm"]
    shown = [out for cell in made.cells for out in cell.outputs]
    assert [out.output_type for out in shown] == ["display_data"] * 5


def test_outside_a_notebook_it_is_the_block() -> None:
    made = sections.table(pd.DataFrame({"n": [1]}), "hai")
    assert type(made) is Block and made.data["rows"] == [["1"]]


def write(path: Path, parameters: str, tag: str = "parameters") -> None:
    path.parent.mkdir(exist_ok=True)
    cell = nbformat.v4.new_code_cell(parameters, metadata={"tags": [tag]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


GOOD = "".join(f'{name} = ""\n' for name in run.PARAMETERS)
FAULTY = [
    ("x", GOOD, r"không có ô tham số.*6_thu_trong_tuan"),
    ("parameters", "", "không có ô tham số"),
    ("parameters", GOOD.replace("unit", "unitt"), r"thiếu tham số unit \(đang ghi là unitt\)\."),
    ("parameters", "k = 1", r"thiếu tham số unit\. Hãy chép"),
    ("parameters", "unit = f(", "viết chưa đúng"),
    ("parameters", GOOD.replace('""', "1"), "kiểu int"),
]


def refused(root: Path) -> list[tuple[str, int]]:
    found = [(finding.file, finding.exit_code) for finding in check(root)]
    return [each for each in found if each[0].startswith("notebooks/")]


@pytest.mark.parametrize(("tag", "cells", "said"), FAULTY)
def test_a_notebook_that_cannot_be_run_is_told_before_any_has(
    sample_workspace: Path, tmp_path: Path, tag: str, cells: str, said: str
) -> None:
    (tmp_path / "data").symlink_to(sample_workspace / "data")
    path = tmp_path / "notebooks" / "7_rieng.ipynb"
    write(path, cells, tag)
    steps: list[str] = []
    with pytest.raises(ParameterError, match=said):
        run.make(office.open(tmp_path), "2024-Q4", progress=steps.append)
    assert steps == []
    assert refused(tmp_path) == [("notebooks/7_rieng.ipynb", ParameterError.exit_code)]


def test_nor_one_that_cannot_be_read(sample_workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(sample_workspace / "data")
    path = tmp_path / "notebooks" / "7_rieng.ipynb"
    write(path, GOOD)
    assert refused(tmp_path) == []
    path.write_text("{", encoding="utf-8")
    with pytest.raises(NotebookError, match="7_rieng"):
        run.make(office.open(tmp_path), "2024-Q4")
    assert refused(tmp_path) == [("notebooks/7_rieng.ipynb", NotebookError.exit_code)]


def test_the_shipped_example_runs_where_it_lies_in_any_workspace(
    sample_workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").symlink_to(sample_workspace / "data")
    example = shipped.path("data", "examples", "6_thu_trong_tuan.ipynb")
    (tmp_path / "notebooks").mkdir()
    made = execute(example, tmp_path / "out.ipynb", {}, cwd=tmp_path / "notebooks")
    assert [block["kind"] for block in blocks([made])][-2:] == ["table", "figure"]


def test_codes_of_ours_are_written_as_people_call_them() -> None:
    frame = pd.DataFrame({"channel": ["online", "fax"], "status": ["processing", None]})
    assert sections.table(frame, "kênh").data["rows"] == [
        ["Trực tuyến", "Đang xử lý"], ["fax", "…"]
    ]  # fmt: skip
