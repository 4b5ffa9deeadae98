"""A report that rests on other exports than the brief beside it is told when the brief is made."""

from __future__ import annotations

import json
from pathlib import Path

from cchc_analysis.briefs.record import PAPERS, are_older


def test_only_other_exports_make_it_older(tmp_path: Path) -> None:
    def record(name: str, **rows: str) -> None:
        inputs = [{"export": id, "rows_sha256": rows[id]} for id in rows]
        (tmp_path / name).write_text(json.dumps({"inputs": inputs}), encoding="utf-8")

    record("run.json", a="1", b="2")
    assert not are_older(tmp_path, "run.json")  # there is no report
    record(PAPERS, b="2", a="1")
    assert not are_older(tmp_path, "run.json")
    record(PAPERS, a="1")
    assert are_older(tmp_path, "run.json")
