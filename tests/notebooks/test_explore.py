"""The exploration notebook runs from top to bottom, and leaves no dossier in its file."""

from __future__ import annotations

from pathlib import Path

from cchc_analysis import explore, office
from cchc_analysis.briefs.notebook import execute
from cchc_analysis.shipped import path

NAME = "explore_late_dossiers"


def test_it_runs_without_a_browser_and_keeps_nothing(
    sample: office.Office, sample_workspace: Path, tmp_path: Path
) -> None:
    parameters = {"workspace": str(sample_workspace), "period": "2024-Q3"}
    source, output = path("notebooks", f"{NAME}.ipynb"), tmp_path / "out.ipynb"
    done = execute(source, output, parameters, cwd=tmp_path)
    outputs = [o for cell in done.cells if cell.cell_type == "code" for o in cell.outputs]
    assert [o.output_type for o in outputs] == ["execute_result"]
    q = sample.period("2024-Q3", audience="internal")
    assert outputs[0].data["text/plain"] == repr(explore.Explorer(q))
    assert "application/vnd.jupyter.widget-view+json" in outputs[0].data

    left = output.read_text(encoding="utf-8")
    for frame in (q.late, q.open_overdue):
        for name in ("code", "officer"):
            assert not [value for value in frame[name].dropna() if value in left]
