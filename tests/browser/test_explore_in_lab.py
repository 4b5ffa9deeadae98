"""The exploration notebook in a real JupyterLab, in headless Chromium, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import explore, office
from cchc_analysis.words import label, say

from .lab import FAILED, Lab, command, hosts, shoot, text, wait
from .test_brief_in_browser import browser  # noqa: F401

pytestmark = pytest.mark.browser


def codes(browser: Any) -> list[str]:  # noqa: F811
    return text(browser, ".cchc table[id$=-cases] tbody th").split()


def menu(browser: Any, name: str) -> Any:  # noqa: F811
    from selenium.webdriver.support.ui import Select

    path = f"//div[contains(@class, 'widget-dropdown')][label='{name}']//select"
    return Select(browser.find_element("xpath", path))


def test_filtering_and_looking_at_one_dossier(
    browser: Any,  # noqa: F811
    lab: Lab,
    tmp_path: Path,
) -> None:
    browser.get_log("performance")
    lab.open(browser, "notebooks/explore_late_dossiers.ipynb")
    command(browser, "notebook:run-all-cells")
    q = office.open(lab.root).latest(audience="internal")
    everything = explore.cases(q)
    wait(lambda: codes(browser) or text(browser, FAILED))
    assert text(browser, FAILED) == ""
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

    assert text(browser, FAILED) == ""
    assert hosts(browser) == {lab.address}
    shoot(browser, tmp_path, "explore_in_lab")
