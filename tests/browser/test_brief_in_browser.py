"""The brief of the sample in headless Chromium: narrow and wide, light and dark, offline."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.briefs import run

from .axe import unfold, violations

pytestmark = pytest.mark.browser
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def page(sample_workspace: Path) -> Path:
    return run.make(office.open(sample_workspace), "2024-Q4").html


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


def show(browser: Any, page: Path, width: int, scheme: str = "light") -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    browser.get(page.as_uri())


def test_the_first_screen_is_the_picture_of_the_readme(
    browser: Any, page: Path, tmp_path: Path
) -> None:
    """``CCHC_SHOTS=docs/pictures`` writes the picture anew."""
    from PIL import Image

    shots = []
    for width in (1280, 360):
        show(browser, page, width)
        shots.append(Image.open(BytesIO(browser.get_screenshot_as_png())).convert("RGB"))
    wide, narrow = shots
    picture = Image.new("RGB", (wide.width + 40 + narrow.width, wide.height), "white")
    picture.paste(wide, (0, 0))
    picture.paste(narrow, (wide.width + 40, 0))
    made = Path(os.environ.get("CCHC_SHOTS", tmp_path)) / "brief.webp"
    picture.save(made, quality=80, method=6)
    committed = Image.open(Path(__file__).parents[2] / "docs" / "pictures" / "brief.webp")
    assert committed.size == picture.size
    assert 40_000 < made.stat().st_size < 250_000
    assert len(picture.getcolors(1 << 24) or []) > 100  # not a blank page


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_page_never_scrolls_sideways(browser: Any, page: Path, width: int) -> None:
    show(browser, page, width)
    unfold(browser)
    wide = browser.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide[0] <= wide[1] <= width


def test_a_phone_reads_sentences_without_scrolling_them(browser: Any, page: Path) -> None:
    show(browser, page, 360)
    wide = browser.execute_script(
        """return [...document.querySelectorAll('table.stack')].map(
        t => t.parentElement).map(e => [e.scrollWidth, e.clientWidth])"""
    )
    assert len(wide) > 5
    assert [pair for pair in wide if pair[0] > pair[1]] == []


def test_the_keyboard_reaches_everything_in_order(browser: Any, page: Path) -> None:
    """One Tab after another meets every link, fold and scrolling box, each with a visible ring."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    show(browser, page, 360)
    wanted = browser.execute_script(
        """window.all = [...document.querySelectorAll('a[href], summary, [tabindex]')].filter(
        e => e.checkVisibility()); return window.all.length"""
    )
    met, unseen = [], []
    for _ in range(wanted):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        place, ring = browser.execute_script(
            """const e = document.activeElement, s = getComputedStyle(e);
            return [window.all.indexOf(e), s.outlineStyle + s.outlineWidth]"""
        )
        met.append(place)
        unseen += [place] if "none" in ring or ring.endswith("0px") else []
    assert met == list(range(wanted))
    assert wanted > 60 and unseen == []


def test_without_scripts_nothing_is_lost(browser: Any, page: Path) -> None:
    show(browser, page, 1280)
    text = browser.find_element("tag name", "body").text
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, page, 1280)
        assert browser.find_element("tag name", "body").text == text
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(browser: Any, page: Path, width: int, scheme: str) -> None:
    """No violation of WCAG 2.2 AA, with the figures' data folded away and unfolded."""
    show(browser, page, width, scheme)
    assert violations(browser) == []
    unfold(browser)
    assert violations(browser) == []


def test_nothing_is_requested_and_nothing_complains(browser: Any, page: Path) -> None:
    browser.get_log("performance")
    browser.get_log("browser")
    show(browser, page, 1280)
    sent = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert [url for url in sent if not url.startswith("file:")] == []
    assert browser.get_log("browser") == []


def test_one_title_and_every_table_named(browser: Any, page: Path) -> None:
    show(browser, page, 1280)
    found = browser.execute_script(
        """return [document.querySelectorAll('h1').length,
        document.querySelectorAll('table').length,
        document.querySelectorAll('table > caption').length,
        document.querySelectorAll('svg[role=img] > title').length,
        document.querySelectorAll('figure').length]"""
    )
    assert found[0] == 1
    assert found[1] == found[2] > 5
    assert found[3] == found[4] > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, page: Path, scheme: str) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) for every piece of text in view."""
    show(browser, page, 1280, scheme)
    poor = browser.execute_script(CONTRAST)
    assert poor == []


CONTRAST = """
const lum = c => { const f = c.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92
  : Math.pow((v + 0.055) / 1.055, 2.4); }); return 0.2126*f[0] + 0.7152*f[1] + 0.0722*f[2]; };
const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
const ground = e => { while (e) { const c = parse(getComputedStyle(e).backgroundColor);
  if (c.length == 3 || (c.length == 4 && c[3] > 0)) return c.slice(0, 3); e = e.parentElement; }
  return [255, 255, 255]; };
const poor = [];
for (const e of document.querySelectorAll('body *:not(svg):not(svg *)')) {
  const own = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
  if (!own || e.classList.contains('skip')) continue;
  const a = lum(parse(getComputedStyle(e).color).slice(0, 3)), b = lum(ground(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) poor.push([e.tagName, e.className, e.textContent.slice(0, 30), ratio]);
}
return poor;
"""
