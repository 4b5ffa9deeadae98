"""A small document of every kind of block, for the tests of the renderers."""

from __future__ import annotations

from typing import Any

import nbformat
from matplotlib.figure import Figure

from cchc_analysis.briefs import blocks

HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") #let *a* _b_ $c$ @d \\ {{ e }} 😀 &amp;'


def drawing() -> Figure:
    figure = Figure(figsize=(5, 2))
    axes = figure.add_subplot()
    axes.plot([0, 1, 2], [3, 1, 2])
    axes.set_title("Hồ sơ & <b>")
    return figure


def document(text: str = "Đúng hạn") -> list[Any]:
    """Blocks as a notebook would show them; ``text`` goes wherever text may stand."""
    columns = [{"label": text, "align": "left"}, {"label": "Số", "align": "right"}]
    data = blocks.table_data(
        id="data", caption=text, columns=columns, rows=[[text, "1"], ["x" * 90, "2"]]
    )
    return [
        blocks.cover(
            title=f"Kết quả {text}", unit="xã Thử", parent="", authority="UBND xã Thử",
            place="Thử", period_title="Quý I năm 2024", span="từ ngày 01/01/2024",
            cut_label="Kỳ theo lịch dương", data_day="2024-04-05", audience="internal",
            number_pattern="Số: /BC-UBND", recipients=[text], signature=["CHỦ TỊCH"],
            notices=[text],
        ),
        blocks.headline([text]),
        blocks.headline([text], kind="to_do"),
        blocks.note("warning", text),
        blocks.cards(
            [{"id": "a", "label": text, "value": "94,18%", "unit": "", "state": "not_met",
              "state_label": "Chưa đạt chỉ tiêu", "lines": [text]}]
        ),
        blocks.table(
            id="long", caption=text, columns=columns, notes=[text], total=True,
            rows=[[f"{text} {n}", str(n)] for n in range(200)],
        ),
        blocks.figure(drawing(), id="fig", caption=text, alt=text, table=data),
        blocks.figure(drawing(), id="fig-2", caption=text, alt=text),
    ]  # fmt: skip


def notebook(text: str = "Đúng hạn") -> nbformat.NotebookNode:
    """The same as an executed notebook, with prose between and noise that must not show."""
    made = nbformat.v4.new_notebook()
    made.cells.append(nbformat.v4.new_markdown_cell("# Mở đầu\n\nLời **dẫn**.\n\n- một\n- hai"))
    for block in document(text):
        cell = nbformat.v4.new_code_cell("secret_source = 1")
        cell.outputs = [
            nbformat.v4.new_output("stream", text="printed noise"),
            nbformat.v4.new_output("display_data", data=block._repr_mimebundle_()),
        ]
        made.cells.append(cell)
    made.cells.append(nbformat.v4.new_markdown_cell("## Mục nhỏ\n\n# Kết"))
    return made
