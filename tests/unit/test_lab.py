"""``cchc lab``: what it starts, and the page it makes before, in a workspace with nothing in it."""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from cchc_analysis import cli, jupyter
from cchc_analysis.briefs.run import NOTEBOOKS
from cchc_analysis.errors import ParameterError
from cchc_analysis.jupyter import lab
from cchc_analysis.words import say


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been started."""
    found: list[list[str]] = []

    def serve(arguments: list[str]) -> int:
        found.append(arguments)
        return 0

    monkeypatch.setattr(lab, "serve", serve)
    return found


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return int(stopped.value.code or 0)


def test_an_empty_workspace_opens_on_what_to_do(
    workspace: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it has no notebooks of its own, and two units, of which one is asked for."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(workspace / "jupyter"))
    plans = workspace / "data" / "plans"
    shutil.copytree(plans / "thieu-van", plans / "khac")
    assert run("-C", str(workspace), "lab") == 4 and not started
    options = ("--unit", "khac", "--no-browser", "--port", "8899", "--", "--ServerApp.ip=::1")
    assert run("-C", str(workspace), "lab", *options) == 0
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[-3:] == ["--port=8899", "--no-browser", "--ServerApp.ip=::1"]
    assert "--LabApp.default_url=/lab/tree/internal/start.ipynb" in command
    assert not [argument for argument in command if "token" in argument.lower()]

    page = nbformat.read(workspace / "internal" / "start.ipynb", as_version=4)
    shown = [o for cell in page.cells for o in cell.get("outputs", ())]
    assert {o.output_type for o in shown} == {"execute_result"}
    text = "\n".join(o.data["text/plain"] for o in shown)
    assert say("state.do_copy") in text and say("state.no_notebooks") in text
    hidden = [c.metadata["jupyter"]["source_hidden"] for c in page.cells if c.cell_type == "code"]
    assert all(hidden) and 'unit = "khac"' in page.cells[1].source


def test_a_folder_with_spaces_and_letters_is_an_address(tmp_path: Path) -> None:
    root = tmp_path / "Báo cáo quý 1"
    command = lab.command(root, root / "internal" / "a b.ipynb")
    assert f"--ServerApp.root_dir={root.resolve()}" in command
    assert "--LabApp.default_url=/lab/tree/internal/a%20b.ipynb" in command
    assert not [a for a in lab.command(root, None) if "default_url" in a]


def test_the_server_answers_for_formats_with_a_hyphen() -> None:
    """The module that the shipped settings switch on is the one that adds the addresses."""
    (settings,) = (lab.CONFIG / "jupyter_server_config.d").glob("*.json")
    extensions = json.loads(settings.read_text("utf-8"))["ServerApp"]["jpserver_extensions"]
    (point,) = jupyter._jupyter_server_extension_points()
    assert extensions == {point["module"]: True}
    added: list[Any] = []
    app = SimpleNamespace(
        settings={"base_url": "/nhà/"}, add_handlers=lambda host, rows: added.extend(rows)
    )
    jupyter._load_jupyter_server_extension(SimpleNamespace(web_app=app))
    (address, handler) = added[0]
    for name in jupyter.FORMATS:
        found = re.fullmatch(address, f"/nhà/nbconvert/{name}/notebooks/1_dossiers.ipynb")
        assert found and found["format"] == name and found["path"] == "/notebooks/1_dossiers.ipynb"
    assert not re.fullmatch(address, "/nhà/nbconvert/html/a.ipynb")
    assert handler.__name__ == "NbconvertFileHandler"


def test_a_new_workspace_has_the_notebooks_of_a_brief_and_not_the_page(tmp_path: Path) -> None:
    """The page names dossiers, so what is run of it lies in ``internal`` alone."""
    root = tmp_path / "cơ quan"
    assert run("init", str(root), "--unit", "dong-linh", "--name", "xã Đông Lĩnh") == 0
    names = {path.stem for path in (root / "notebooks").glob("[!_]*")}
    assert names == {*NOTEBOOKS, "explore_late_dossiers"}


def test_the_address_is_told_in_one_line_of_ours_and_not_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "http://localhost:8888/lab?token=ab"
    calls: list[Any] = []
    log = logging.getLogger("server under test")
    server = SimpleNamespace(
        web_app=SimpleNamespace(settings={"base_url": "/"}, add_handlers=lambda *given: None),
        io_loop=SimpleNamespace(add_callback=lambda *call: calls.append(call)),
        log=log, public_url=address,
    )  # fmt: skip
    jupyter._load_jupyter_server_extension(server)
    assert not calls  # a JupyterLab that others started says what it always says
    monkeypatch.setenv(jupyter.TELLS, "1")
    jupyter._load_jupyter_server_extension(server)
    ((tell, given),) = calls
    tell(given)
    (line,) = capsys.readouterr().err.splitlines()
    assert address in line and "Ctrl-C" in line
    records = [log.makeRecord(log.name, 50, "", 0, text, (), None) for text in (address, "khác")]
    assert [bool(log.filter(record)) for record in records] == [False, True]


def test_an_administrator_is_told_how_to_insist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    with pytest.raises(ParameterError, match="-- --allow-root"):
        lab.serve(lab.command(Path(), None))
