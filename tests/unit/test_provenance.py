"""Nothing alters a brief in silence: what is read is listed, and what is listed is checked."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, shipped
from cchc_analysis.briefs import record, run
from cchc_analysis.briefs.differences import differences
from cchc_analysis.briefs.inputs import files_of, located
from cchc_analysis.briefs.verify import _check, _lay, verify
from cchc_analysis.errors import BriefError, InputsError, WorkspaceError

READ: list[Path] | None = None


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if READ is not None and event == "open" and isinstance(arguments[0], str):
        READ.append(Path(arguments[0]))


sys.addaudithook(watch)


@pytest.fixture
def copied(sample_workspace: Path, tmp_path: Path) -> Path:
    shutil.copytree(sample_workspace, tmp_path / "office")
    return tmp_path / "office"


@pytest.fixture
def recorded(copied: Path) -> Path:
    """The folder of a brief with nothing but its record."""
    causes = copied / "data/causes/thieu-van.csv"
    causes.parent.mkdir()
    causes.write_text("code,cause,by,at,note\n", encoding="utf-8")
    shutil.copytree(shipped.path("notebooks"), copied / "notebooks")
    (copied / "internal/published").mkdir(exist_ok=True)
    (copied / "internal/published/thieu-van.jsonl").write_text("{}\n", encoding="utf-8")
    q = office.open(copied).period("2024-Q4")
    folder = copied / "reports/thieu-van/2024-Q4"
    folder.mkdir(parents=True)
    content = record.record(q, run._parameters(q), {})
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_every_file_that_the_figures_are_read_from_is_listed(copied: Path) -> None:
    global READ
    the_office = office.open(copied)
    READ = []
    q = the_office.period("2024-Q4", audience="shared")
    _ = q.results, q.hidden, q.late, q.open_overdue, q.picture, q.outlook.watch, q.notices
    read, READ = {path.resolve() for path in READ if path.exists()}, None
    listed = {located(copied, name).resolve() for name in files_of(the_office)}
    listed |= {q.office.store.receipt(e.id).resolve() for e in the_office.store.exports()}
    listed |= {e.path.resolve() for e in the_office.store.exports()}
    ours = [
        path
        for path in read
        if any(path.is_relative_to(root.resolve()) for root in (copied, shipped.path("data")))
    ]
    assert len(ours) > 20
    assert [path.name for path in ours if path not in listed] == []


CHANGES: dict[str, Callable[[Path], object]] = {
    "data/plans/thieu-van/unit.toml": lambda p: p.write_text(p.read_text("utf-8") + "\n", "utf-8"),
    "data/plans/thieu-van/2024/targets.csv": lambda p: p.unlink(),
    "data/causes/thieu-van.csv": lambda p: p.write_text("code,cause,by,at,note\na,b,c,d,\n"),
    "internal/key": lambda p: p.write_text("cd" * 32),
    "internal/published/thieu-van.jsonl": lambda p: p.write_text(""),
    "notebooks/0_summary.ipynb": lambda p: p.write_text("{}"),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_changed_input_is_named(recorded: Path, name: str) -> None:
    root = recorded.parents[2]
    CHANGES[name](root / name)
    with pytest.raises(InputsError, match=name):
        verify(recorded)


def test_what_a_notebook_shows_is_no_input(recorded: Path) -> None:
    """JupyterLab saves it into the notebook; and the notebook to explore with is in no brief."""
    root = recorded.parents[2]
    path = root / "notebooks/1_dossiers.ipynb"
    before = files_of(office.open(root))
    (root / "notebooks/explore_late_dossiers.ipynb").write_text("{}", encoding="utf-8")
    notebook = json.loads(path.read_bytes())
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    notebook["metadata"]["widgets"] = {}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert files_of(office.open(root)) == before
    notebook["cells"][1]["source"] += "\n1"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    changed = dict(files_of(office.open(root)).items() ^ before.items())
    assert list(changed) == ["notebooks/1_dossiers.ipynb"]


@pytest.mark.parametrize("name", ["themes.toml", "workdays_vn.csv", "procedures.csv"])
def test_a_table_of_the_workspace_in_the_place_of_a_shipped_one_is_another_input(
    recorded: Path, name: str
) -> None:
    own = recorded.parents[2] / "data/reference"
    own.mkdir(exist_ok=True)
    shutil.copyfile(shipped.reference(name), own / name)
    now = files_of(office.open(recorded.parents[2]))
    then = json.loads((recorded / "run.json").read_text("utf-8"))["files"]
    assert f"data/reference/{name}" in now and f"shipped/data/reference/{name}" in then
    assert now != then


def test_a_lost_export_is_named_and_a_later_one_is_not_missed(recorded: Path) -> None:
    store = office.open(recorded.parents[2]).store
    gone = store.exports("survey")[0]
    gone.path.unlink()
    store.receipt(gone.id).unlink()
    with pytest.raises(InputsError, match=gone.receipt.file):
        verify(recorded)


def test_what_cannot_be_made_again_says_so(recorded: Path, tmp_path: Path) -> None:
    with pytest.raises(BriefError, match=r"run\.json"):
        verify(tmp_path)
    shutil.copytree(recorded, tmp_path / "sent")
    with pytest.raises(WorkspaceError, match="--from"):
        verify(tmp_path / "sent")
    content = json.loads((recorded / "run.json").read_text("utf-8"))
    del content["files"]
    (recorded / "run.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BriefError, match="cchc brief"):
        verify(recorded)


def test_a_difference_is_told_by_its_place(tmp_path: Path) -> None:
    def told(name: str, was: str, now: str) -> list[str]:
        for folder, text in (("was", was), ("now", now)):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_text(text, encoding="utf-8")
        return differences(tmp_path / "was" / name, tmp_path / "now" / name)

    rows = [{"id": "a", "value": 1}, {"id": "b", "value": 2}]
    (line,) = told(
        "indicators.json", json.dumps(rows), json.dumps([rows[0], {"id": "b", "value": 3}])
    )
    assert "b.value" in line and "«2» → «3»" in line
    (line,) = told("a.csv", "x,y\n1,2\n3,4\n", "x,y\n1,2\n3,5\n")
    assert "3,4" in line and "3,5" in line
    (line,) = told("a.html", "<h2>Một</h2>\n<p>1</p>", "<h2>Một</h2>\n<p>2</p>")
    assert line.startswith("Một")
    cell = {"source": "1 + 1", "outputs": [{"text": "2"}]}
    (line,) = told("a.ipynb", json.dumps({"cells": [cell]}),
                   json.dumps({"cells": [cell | {"outputs": [{"text": "3"}]}]}))  # fmt: skip
    assert line.startswith("ô 0, kết quả")
    (line,) = told("a.docx", "no zip", "nor this")
    assert "không mở được" in line


def test_a_register_that_was_taken_out_is_named_again(copied: Path, tmp_path: Path) -> None:
    store = office.open(copied).store
    newest = store.exports("dossiers")[-1]
    store.withdraw(newest.id, "nhầm tệp")
    q = office.open(copied).period("2024-Q3")
    wanted = office.open(copied).period("2024-H2").restatements.withdrawn
    content = record.record(office.open(copied).period("2024-H2"), {}, {})
    assert [row["export"] for row in content["withdrawn"]] == [newest.id]
    assert record.record(q, {}, {})["withdrawn"] == []
    exports = {e.id: e for e in store.exports(withdrawn=True)}
    _lay(content, copied, store, exports, tmp_path / "again")
    again = office.open(tmp_path / "again").period("2024-H2").restatements.withdrawn
    assert [(e.id, e.withdrawn) for e in again] == [(e.id, e.withdrawn) for e in wanted]
    _check(content, copied, exports, ())
    del exports[newest.id]
    with pytest.raises(InputsError, match=newest.id):
        _check(content, copied, exports, ())
