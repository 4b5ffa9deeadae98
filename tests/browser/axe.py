"""axe-core in the page: what an automatic check of WCAG 2.2 AA finds.

The script comes from the wheel ``axe-playwright-python``, a recent axe-core under MPL-2.0; nothing
else of that wheel is used. Other wheels carry an axe-core from before WCAG 2.2.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

__all__ = ["unfold", "violations"]

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BY_TAG = "return axe.getRules([arguments[0]]).map(rule => rule.ruleId)"
RUN = """
const done = arguments[1];
axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations']})
  .then(found => done(found), error => done({failed: String(error)}));
"""


def unfold(browser: Any) -> None:
    """Opens all that is folded away."""
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")


def violations(browser: Any) -> list[tuple[str, str]]:
    """Each rule broken by the page as it stands, with the piece of the page that breaks it."""
    browser.set_script_timeout(120)
    browser.execute_script((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    rules = {rule for tag in TAGS for rule in browser.execute_script(BY_TAG, tag)}
    assert {"target-size", "color-contrast"} <= rules  # the first is new in WCAG 2.2
    found = browser.execute_async_script(RUN, TAGS)
    assert "failed" not in found, found
    assert len(found["passes"]) > 15  # the rules did look at something
    return [(rule["id"], node["html"]) for rule in found["violations"] for node in rule["nodes"]]
