"""What tests do in JupyterLab: wait, read, run, look."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "0123456789abcdef"
PATIENCE = 180  # seconds: a kernel on a busy machine
FAILED = ".jp-OutputArea [data-mime-type*=error], .jp-OutputArea [data-mime-type*=stderr]"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab on the workspace ``root``."""

    address: str
    root: Path

    def get(self, path: str) -> bytes:
        """What the server answers to somebody who has its token."""
        wanted = urllib.request.Request(
            f"{self.address}{path}", headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(wanted, timeout=PATIENCE) as reply:
            content: bytes = reply.read()
        return content

    def open(self, browser: Any, path: str, *, height: int = 2600) -> None:
        """Opens a notebook, or with the path "" the page that JupyterLab opens first."""
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": 1400, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )
        ready = "return !!window.jupyterapp && !!document.querySelector(arguments[0])"
        # What was open before is not to be restored beside it.
        browser.get(f"{self.address}/lab{f'/tree/{path}' if path else ''}?reset&token={TOKEN}")
        if not path:
            wait(lambda: browser.execute_script(ready, ".jp-Launcher"))
            browser.get(f"{self.address}/")
        wait(lambda: browser.execute_script(ready, ".jp-Notebook .jp-Cell"))
        wait(lambda: idle(browser))


def idle(browser: Any) -> bool:
    return "Idle" in text(browser, ".jp-Notebook-ExecutionIndicator, .jp-StatusBar-Widget")


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


def text(browser: Any, selector: str) -> str:
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')"
    return str(browser.execute_script(script, selector))


def command(browser: Any, name: str, **arguments: Any) -> None:
    """Runs a command of JupyterLab and waits for its end."""
    script = """const done = arguments[2];
        window.jupyterapp.commands.execute(arguments[0], arguments[1])
            .then(() => done(""), error => done(String(error)));"""
    browser.set_script_timeout(PATIENCE)
    assert browser.execute_async_script(script, name, arguments) == ""


def theme(browser: Any, dark: bool) -> None:
    name = "JupyterLab Dark" if dark else "JupyterLab Light"
    command(browser, "apputils:change-theme", theme=name)
    shown = "return document.body.dataset.jpThemeName"
    wait(lambda: browser.execute_script(shown) == name)
    time.sleep(1)  # its colours fade in


def hosts(browser: Any) -> set[str]:
    """Whom the page has asked for anything since the log was last read."""
    sent = set()
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            sent.add("/".join(message["params"]["request"]["url"].split("/")[:3]))
    return {url for url in sent if not url.startswith(("data:", "blob:", "chrome:"))}


def shoot(browser: Any, folder: Path, name: str) -> None:
    """A picture, for the eye and for the docs (``CCHC_SHOTS``)."""
    shot = Path(os.environ.get("CCHC_SHOTS", folder)) / f"{name}.png"
    shot.write_bytes(browser.get_screenshot_as_png())
    assert shot.stat().st_size > 50_000
