"""``cchc lab``: what an analyst sees first, guarded by Jupyter's token, and where it leads."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.words import say
from cchc_analysis.workspace.state import look

from .lab import FAILED, Lab, command, hosts, shoot, text, theme, wait
from .test_brief_in_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser
PART = ".jp-Notebook .start"


def test_the_state_is_the_first_thing_one_sees(
    browser: Any,  # noqa: F811
    lab: Lab,
    tmp_path: Path,
) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{lab.address}/api/contents", timeout=30)
    browser.get_log("performance")
    lab.open(browser, "", height=1500)
    assert "/lab/tree/internal/start.ipynb" in browser.current_url
    shown = wait(lambda: text(browser, PART))
    state = look(office.open(lab.root))
    assert state.waiting and state.due and [m.current for m in state.briefs] == [True, False]
    for w in state.waiting:
        assert w.file in shown
    for row in state.due:
        assert row["code"] in shown
    for made in state.briefs:
        assert made.title in shown and made.text() in shown
    assert "cchc ingest" in text(browser, f"{PART} code").splitlines()
    assert "1_dossiers.ipynb" in shown and text(browser, FAILED) == ""
    colour = "return getComputedStyle(document.querySelector(arguments[0])).color"
    light = browser.execute_script(colour, PART)
    shoot(browser, tmp_path, "start_page_in_lab")
    theme(browser, dark=True)
    assert browser.execute_script(colour, PART) != light
    shoot(browser, tmp_path, "start_page_in_lab_dark")
    theme(browser, dark=False)
    assert hosts(browser) == {lab.address}


def test_it_looks_again_when_run_again_and_leads_on(
    browser: Any,  # noqa: F811
    lab: Lab,
) -> None:
    lab.open(browser, "internal/start.ipynb", height=1500)
    later = lab.root / "data" / "inbox" / "them.csv"
    later.write_text("x", encoding="utf-8")
    try:
        command(browser, "notebook:run-all-cells")
        wait(lambda: later.name in text(browser, PART) or text(browser, FAILED))
        assert text(browser, FAILED) == ""
    finally:
        later.unlink()
    tabs = "#jp-main-dock-panel .lm-TabBar-tabLabel"
    for name, tab in (("brief.html", "brief.html"), ("5_tasks.ipynb", "5_tasks.ipynb")):
        command(browser, "docmanager:open", path="internal/start.ipynb")
        link = f"//div[@class='start']//a[.='{name}']"
        browser.find_element("xpath", link).click()
        wait(lambda: tab in text(browser, tabs).splitlines())  # noqa: B023
    assert say("state.none_waiting") not in text(browser, PART)
