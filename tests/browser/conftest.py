"""A JupyterLab for all tests that need one: ``cchc lab`` on a workspace at work."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc_analysis import office, shipped
from cchc_analysis.briefs import record, run
from cchc_analysis.workspace import inbox, lay_out

from .lab import TOKEN, Lab, answers, wait

COMMAND = "from cchc_analysis.cli import main; main()"


@pytest.fixture(scope="session")
def lab_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample up to the third quarter of 2024, whose brief is made, while that of the second is
    no longer of what there is; the files of the fourth wait in the inbox.
    """
    root = lay_out(tmp_path_factory.mktemp("lab") / "Sổ tay", unit="thieu-van", name="xã Thiệu Vân")
    shutil.rmtree(root / "data/plans/thieu-van")
    shutil.copytree(shipped.path("data/plans/thieu-van"), root / "data/plans/thieu-van")
    for path in sorted(shipped.path("data", "sample").iterdir()):
        shutil.copy(path, root / "data/inbox")
    early = [p for p in sorted((root / "data/inbox").iterdir()) if "Q4_2024" not in p.name]
    assert not [row.error for row in inbox.ingest(root, early) if row.error]
    for period in ("2024-Q2", "2024-Q3"):
        q = office.open(root).period(period)
        folder = root / "reports/thieu-van" / period
        folder.mkdir(parents=True)
        page = f"<!doctype html><title>{period}</title><h1>{q.period.title}</h1>".encode()
        (folder / "brief.html").write_bytes(page)
        content = record.record(q, run._parameters(q), {"brief.html": page})
        if period == "2024-Q2":
            content["data_day"] = "2024-07-05"
        (folder / run.RUN).write_text(json.dumps(content), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def lab(lab_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The command as a user types it, with what a container needs behind the dashes."""
    own = tmp_path_factory.mktemp("jupyter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "RUNTIME", "DATA")}
    command = [
        sys.executable, "-c", COMMAND, "-C", str(lab_workspace), "lab", "--no-browser",
        f"--port={port}", "--", "--allow-root", "--expose-app-in-browser",
        "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0",
        f"--LabApp.workspaces_dir={own / 'ws'}", f"--LabApp.user_settings_dir={own / 'set'}",
    ]  # fmt: skip
    with (own / "log").open("w") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log,
            env={**os.environ, **folders, "JUPYTER_TOKEN": TOKEN},
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: server.poll() is not None or answers(f"{address}/api"))
        assert server.poll() is None, (own / "log").read_text()
        yield Lab(address, lab_workspace)
    finally:
        server.terminate()  # ends its kernels too
        server.wait(30)
