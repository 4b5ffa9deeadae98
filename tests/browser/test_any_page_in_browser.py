"""A page of difficult text in headless Chromium: narrow, dark, by keyboard, without scripts."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.briefs import html

from ..documents import HOSTILE, notebook
from .axe import unfold, violations
from .test_brief_in_browser import browser, show  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("page") / "a.html"
    page = html.render([notebook(HOSTILE + " " + "Ấ" * 150)])
    path.write_text(page, encoding="utf-8")
    assert len(page.encode()) < 1_000_000
    yield path


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_long_words_do_not_widen_the_page(browser: Any, hostile: Path, width: int) -> None:  # noqa: F811
    show(browser, hostile, width)
    script = "return document.documentElement.scrollWidth"
    assert browser.execute_script(script) <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser: Any, hostile: Path, width: int, scheme: str) -> None:  # noqa: F811
    show(browser, hostile, width, scheme)
    assert violations(browser) == []
    unfold(browser)
    assert violations(browser) == []


def test_all_that_scrolls_is_reached_by_keyboard(browser: Any, hostile: Path) -> None:  # noqa: F811
    show(browser, hostile, 320)
    lost = browser.execute_script(
        """return [...document.querySelectorAll('body *:not(svg *)')].filter(e =>
        e.scrollWidth > e.clientWidth + 1 && e.clientWidth &&
        ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.tabIndex < 0
        ).map(e => e.className)"""
    )
    assert lost == []


def test_dark_means_dark(browser: Any, hostile: Path) -> None:  # noqa: F811
    script = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    for scheme, dark in (("light", False), ("dark", True)):
        show(browser, hostile, 1280, scheme)
        assert (max(browser.execute_script(script)) < 64) is dark
        assert len(browser.get_screenshot_as_png()) > 10_000


def test_without_scripts_everything_is_there(browser: Any, hostile: Path) -> None:  # noqa: F811
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, hostile, 1280)
        text = browser.find_element("tag name", "body").text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "<script>alert(1)</script>" in text  # shown, not run
    assert f"{HOSTILE.split('=')[0].strip()}" in text and "199" in text and "94,18%" in text


@pytest.mark.pdf
def test_data_tables_are_printed(browser: Any, hostile: Path, tmp_path: Path) -> None:  # noqa: F811
    """Paper has nothing to click on: what is folded away on the screen stands there in full."""
    show(browser, hostile, 1280)
    printed = tmp_path / "a.pdf"
    printed.write_bytes(base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"]))
    text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, check=True).stdout
    assert b"x" * 20 in text  # stands in the figure's data table only
