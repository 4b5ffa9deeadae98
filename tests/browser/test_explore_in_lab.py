"""The exploration notebook in a real JupyterLab, in headless Chromium, offline."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import explore, office, shipped
from cchc_analysis.words import label, say

from .test_brief_in_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser
NOTEBOOK = "explore_late_dossiers.ipynb"
PATIENCE = 120  # seconds: a kernel on a busy machine


@pytest.fixture(scope="module")
def lab(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """JupyterLab on a workspace made from the sample; its address."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(sample_workspace / "data", root / "data")
    (root / "notebooks").mkdir()
    shutil.copy(shipped.path("notebooks", NOTEBOOK), root / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(root / name.lower()) for name in ("CONFIG", "RUNTIME")}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={root}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.workspaces_dir={root / 'ws'}", f"--LabApp.user_settings_dir={root / 'set'}",
    ]  # fmt: skip
    with (root / "lab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **own})
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: server.poll() is not None or answers(f"{address}/api"))
        assert server.poll() is None, (root / "lab.log").read_text()
        yield address
    finally:
        server.terminate()  # ends its kernels too
        server.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def wait(until: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.3)
    return found


def text(browser: Any, selector: str) -> str:  # noqa: F811
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')"
    return str(browser.execute_script(script, selector))


def codes(browser: Any) -> list[str]:  # noqa: F811
    return text(browser, ".cchc table[id$=-cases] tbody th").split()


def menu(browser: Any, name: str) -> Any:  # noqa: F811
    from selenium.webdriver.support.ui import Select

    path = f"//div[contains(@class, 'widget-dropdown')][label='{name}']//select"
    return Select(browser.find_element("xpath", path))


def hosts(browser: Any) -> set[str]:  # noqa: F811
    sent = set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            sent.add("/".join(message["params"]["request"]["url"].split("/")[:3]))
    return {url for url in sent if not url.startswith(("data:", "blob:", "chrome:"))}


def test_filtering_and_looking_at_one_dossier(
    browser: Any,  # noqa: F811
    lab: str,
    sample: office.Office,
    tmp_path: Path,
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1400, "height": 2600, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get_log("performance")
    browser.get(f"{lab}/lab/tree/notebooks/{NOTEBOOK}")
    ready = "return !!window.jupyterapp && !!document.querySelector('.jp-Cell')"
    wait(lambda: browser.execute_script(ready))
    wait(lambda: "Idle" in text(browser, ".jp-Notebook-ExecutionIndicator, .jp-StatusBar-Widget"))
    browser.execute_script("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    q = sample.period("2024-Q4", audience="internal")
    everything = explore.cases(q)
    failed = ".jp-OutputArea [data-mime-type*=error], .jp-OutputArea [data-mime-type*=stderr]"
    wait(lambda: codes(browser) or text(browser, failed))
    assert text(browser, failed) == ""
    assert codes(browser) == list(everything["code"])

    field = menu(browser, label("col.field"))
    chosen = next(o.text for o in field.options if o.text.startswith("Hộ tịch"))
    field.select_by_visible_text(chosen)
    some = explore.cases(q, field="Hộ tịch")
    assert 0 < len(some) < len(everything)
    wait(lambda: codes(browser) == list(some["code"]))
    assert f"({len(some)})" in chosen
    assert 'explore.cases(q, field="Hộ tịch")' in text(browser, ".cchc .line")

    code = some["code"].iloc[1]
    dossier = menu(browser, say("explore.dossier"))
    dossier.select_by_index(1)
    wait(lambda: say("explore.timeline", code=code) in text(browser, ".cchc figcaption"))
    drawn = "return [...document.querySelectorAll('.cchc svg[role=img] > title')].length"
    assert browser.execute_script(drawn) == 2
    steps = text(browser, ".cchc table[id$=-steps] tbody th").splitlines()
    assert steps == list(explore.steps(q, code)["stage"])

    assert text(browser, failed) == ""
    assert hosts(browser) == {lab}
    shot = Path(os.environ.get("CCHC_SHOTS", tmp_path)) / "explore_in_lab.png"
    shot.write_bytes(browser.get_screenshot_as_png())
    assert shot.stat().st_size > 50_000
