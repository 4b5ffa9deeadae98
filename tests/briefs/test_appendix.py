"""What a notebook tags as appendix stands behind all the others, under running numbers."""

from __future__ import annotations

import nbformat

from cchc_analysis.briefs import document


def test_an_appendix_comes_last() -> None:
    first, second = (nbformat.v4.new_notebook() for _ in range(2))
    cell = nbformat.v4.new_markdown_cell
    first.cells = [cell("# A"), cell("# Method", metadata={"tags": ["appendix"]}), cell("## How")]
    second.cells = [cell("# B")]
    found = document.blocks([first, second])
    assert [block["text"] for block in found] == ["I. A", "II. B", "III. Method", "How"]
    assert document.blocks([]) == []
