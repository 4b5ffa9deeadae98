"""JupyterLab on a workspace, opened at its start page.

It is the JupyterLab of the Python that runs us, so the kernels have this package and *Save and
Export* has its formats. It asks nobody for news or updates: an office may be without a network.
Its token and whatever else guards it stay as Jupyter has them. Of Jupyter's own log only warnings
and errors are shown: our extension says the address, and that Ctrl-C ends it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from ..errors import ParameterError
from ..words import say
from . import TELLS

__all__ = ["command", "serve"]

ROOT = "--allow-root"
CONFIG = Path(__file__).with_name("config")


def command(
    workspace: Path,
    page: Path | None,
    *,
    port: int | None = None,
    browser: bool = True,
    options: Sequence[str] = (),
) -> list[str]:
    """What starts JupyterLab on ``workspace``; ``page`` is a file in it to open first, without
    ``port`` Jupyter chooses one, ``options`` are handed on.
    """
    root = workspace.resolve()
    made = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.log_level=WARN", "--LabApp.log_level=WARN", "--ServerApp.answer_yes=True",
    ]  # fmt: skip
    if page is not None:
        place = page.resolve().relative_to(root).as_posix()
        made.append(f"--LabApp.default_url=/lab/tree/{quote(place)}")
    if port is not None:
        made.append(f"--port={port}")
    if not browser:
        made.append("--no-browser")
    return [*made, *options]


def serve(arguments: Sequence[str]) -> int:
    """Becomes that JupyterLab; on Windows, which has no such thing, waits for it to end and returns
    its exit code. Raises :class:`ParameterError` for an administrator, whom Jupyter asks to insist.
    """
    if hasattr(os, "geteuid") and not os.geteuid() and ROOT not in arguments:
        raise ParameterError(say("cli.lab_root"))
    known = os.environ.get("JUPYTER_CONFIG_PATH", "")
    paths = os.pathsep.join(path for path in (known, str(CONFIG)) if path)
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": paths, TELLS: "1"}
    if os.name == "posix":
        os.execve(arguments[0], list(arguments), environment)
    with subprocess.Popen(arguments, env=environment) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # for Jupyter, which asks whether it shall end
                continue
