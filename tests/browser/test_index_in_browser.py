"""The index of many briefs in headless Chromium: search, sorting, narrow, dark, without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis.briefs import index
from cchc_analysis.words import label, say

from ..shelves import put
from .test_brief_in_browser import CONTRAST, browser, show  # noqa: F401

pytestmark = pytest.mark.browser
NAMES = {
    "dong-linh": "xã Đông Lĩnh",
    "an-hung": "xã An Hưng",
    "o": "xã Ô",
    "thieu-van": "xã Thiệu Vân",
}
PERIODS = ("2024-Q4", "2024-Q3", "2024-11", "2024")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("báo cáo #1")
    for place, (unit, name) in enumerate(NAMES.items()):
        for period in PERIODS:
            late = place if period == "2024-Q4" else 0
            put(root, unit, period, k=1000 - late, late=late, unit={"name": name, "parent": "UBND"})
    damaged = put(root, "damaged", "2024-Q3") / "indicators.json"
    damaged.write_text("{")
    yield index.write(root)[0]


def rows(browser: Any, table: str = ".list") -> list[str]:  # noqa: F811
    """The names in the rows that are to be seen, in their order."""
    return list(
        browser.execute_script(
            """return [...document.querySelectorAll(arguments[0] + ' tbody tr')].filter(
            e => !e.hidden && !e.closest('section').hidden
            ).map(e => e.cells[0].firstChild.data.trim())""",
            table,
        )
    )


def enter(browser: Any, field: str, value: str) -> None:  # noqa: F811
    browser.execute_script(
        """const e = document.getElementById(arguments[0]); e.value = arguments[1];
        e.dispatchEvent(new Event('input', {bubbles: true}))""",
        field, value,
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["Đông Lĩnh", "dong linh", "ĐÔNG  lĩnh ", "Đo\u0302ng", "ong li"])
def test_search_with_and_without_accents(browser: Any, page: Path, typed: str) -> None:  # noqa: F811
    show(browser, page, 1280)
    browser.find_element("id", "name").send_keys(typed)
    assert set(rows(browser)) == set(rows(browser, ".matrix")) == {"Xã Đông Lĩnh"}
    said = browser.find_element("tag name", "output").text
    assert said == say("index.shown", shown="4", all="17")


def test_filters_go_together(browser: Any, page: Path) -> None:  # noqa: F811
    show(browser, page, 1280)
    enter(browser, "period", "2024-Q4")
    assert sorted(rows(browser)) == sorted(f"X{name[1:]}" for name in NAMES.values())
    heads = (
        "return [...document.querySelectorAll('.matrix thead th[data-p]')].filter(e => !e.hidden"
        " && !e.closest('section').hidden).map(e => e.dataset.p)"
    )
    assert browser.execute_script(heads) == ["2024-Q4"]
    enter(browser, "state", "not_met")
    assert sorted(rows(browser)) == ["Xã Thiệu Vân", "Xã Ô"]
    enter(browser, "name", "o")
    assert rows(browser) == ["Xã Ô"]
    for field in ("name", "period", "state"):
        enter(browser, field, "")
    assert len(rows(browser)) == 17


def test_sorting_by_keyboard(browser: Any, page: Path) -> None:  # noqa: F811
    show(browser, page, 1280)
    quarter = ".list[data-p='2024-Q4']"
    dictionary = ["Xã An Hưng", "Xã Đông Lĩnh", "Xã Ô", "Xã Thiệu Vân"]
    assert rows(browser, quarter) == dictionary
    head = browser.find_element("css selector", f"{quarter} th[data-sort='3']")
    button = head.find_element("tag name", "button")
    by_late = ["Xã Đông Lĩnh", "Xã An Hưng", "Xã Ô", "Xã Thiệu Vân"]
    button.send_keys("\n")
    assert rows(browser, quarter) == by_late and head.get_attribute("aria-sort") == "ascending"
    button.send_keys(" ")
    assert rows(browser, quarter) == by_late[::-1]
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(browser, ".list[data-p='2024-Q3']")[-1] == "Xã damaged"  # without a figure: last
    browser.find_element("css selector", f"{quarter} th[data-sort='0'] button").click()
    assert rows(browser, quarter) == dictionary


def test_without_scripts_all_is_there(browser: Any, page: Path) -> None:  # noqa: F811
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, page, 1280)
        text = browser.find_element("tag name", "body").get_attribute("textContent")
        fields = [f.is_displayed() for f in browser.find_elements("css selector", "input, select")]
        buttons = browser.find_elements("tag name", "button")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert buttons == [] and fields == [False] * 3  # nothing that would not work
    assert len(rows(browser)) == 17
    assert label("state.not_met") in text and "997/1.000" in text
    assert say("index.damaged", file="indicators.json", period="2024-Q3") in text


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_page_never_scrolls_sideways(browser: Any, page: Path, width: int) -> None:  # noqa: F811
    show(browser, page, width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_nothing_is_requested_and_nothing_complains(browser: Any, page: Path) -> None:  # noqa: F811
    browser.get_log("performance")
    browser.get_log("browser")
    show(browser, page, 1280)
    enter(browser, "name", "an")
    sent = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert sent == [page.as_uri()]
    assert browser.get_log("browser") == []


def test_links_work_from_the_folder(browser: Any, page: Path) -> None:  # noqa: F811
    show(browser, page, 1280)
    hrefs = browser.execute_script("return [...document.querySelectorAll('td a')].map(a => a.href)")
    assert len(hrefs) == 17 * 5
    assert page.parent.as_uri() + "/dong-linh/2024-Q4/brief.xlsx" in hrefs
    assert all(href.startswith(page.parent.as_uri()) for href in hrefs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, page: Path, scheme: str) -> None:  # noqa: F811
    show(browser, page, 1280, scheme)
    assert browser.execute_script(CONTRAST) == []
