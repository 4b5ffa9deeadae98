"""A section notebook in JupyterLab: run with nothing filled in, looked at, exported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .lab import FAILED, Lab, command, hosts, idle, shoot, text, theme, wait
from .test_brief_in_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser
NAME = "notebooks/1_dossiers.ipynb"
# Outputs that are there, and whether each can be seen.
SEEN = """const shown = [...document.querySelectorAll(arguments[0])];
    return shown.map(e => e.getBoundingClientRect()).map(r => r.width > 50 && r.height > 20);"""
FIGURE = ".jp-OutputArea-output svg[role=img]"


@pytest.fixture(scope="module")
def ran(browser: Any, lab: Lab) -> Lab:  # noqa: F811
    """The notebook, run and saved in the browser."""
    browser.get_log("performance")
    lab.open(browser, NAME, height=9000)
    command(browser, "notebook:run-all-cells")
    wait(lambda: idle(browser))
    command(browser, "docmanager:save")
    return lab


def test_tables_and_figures_are_seen(
    browser: Any,  # noqa: F811
    ran: Lab,
    tmp_path: Path,
) -> None:
    assert text(browser, FAILED) == ""
    for selector, least in ((".jp-OutputArea-output table", 10), (FIGURE, 2)):
        seen = browser.execute_script(SEEN, selector)
        assert len(seen) >= least and all(seen), selector
    titles = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
    for part in ("title", "desc"):
        assert all(browser.execute_script(titles, f"{FIGURE} > {part}"))
    assert hosts(browser) == {ran.address}
    for dark in (False, True):
        theme(browser, dark=dark)
        shoot(browser, tmp_path, f"notebook_in_lab{'_dark' if dark else ''}")
    theme(browser, dark=False)


def test_the_export_menu_has_our_formats(browser: Any, ran: Lab) -> None:  # noqa: F811
    from selenium.webdriver.common.action_chains import ActionChains

    browser.execute_script("window.scrollTo(0, 0)")
    browser.find_element("xpath", "//*[contains(@class,'lm-MenuBar-itemLabel')][.='File']").click()
    entry = "//*[contains(@class,'lm-Menu-itemLabel')][contains(., 'Save and Export')]"
    found = wait(lambda: browser.find_elements("xpath", entry))
    ActionChains(browser).move_to_element(found[0]).click().perform()
    labels = ".lm-Menu .lm-Menu-itemLabel"
    wait(lambda: "Cchc-html" in text(browser, labels).splitlines())
    assert "Cchc-pdf" in text(browser, labels).splitlines()
    ActionChains(browser).send_keys("\ue00c\ue00c\ue00c").perform()  # Escape


@pytest.mark.parametrize(("format", "begin"), [("html", b"<!doctype html>"), ("pdf", b"%pdf")])
def test_the_menu_gives_what_the_command_gives(
    ran: Lab, tmp_path: Path, format: str, begin: bytes
) -> None:
    """From the address that the menu opens, to the byte."""
    exported = ran.get(f"/nbconvert/cchc-{format}/{NAME}?download=true")
    made = tmp_path / f"made.{format}"
    command = [sys.executable, "-m", "nbconvert", "--to", f"cchc-{format}", "--output", str(made)]
    subprocess.run([*command, str(ran.root / NAME)], check=True, capture_output=True)
    assert exported[:15].lower().startswith(begin)
    assert exported == made.read_bytes()
