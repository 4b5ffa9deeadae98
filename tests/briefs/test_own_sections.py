"""What a cell of an office's own notebook lays out stands in the brief: all of it, once, in order."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd

from cchc_analysis import sections
from cchc_analysis.briefs.blocks import Block
from cchc_analysis.briefs.document import blocks
from cchc_analysis.briefs.notebook import execute

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
