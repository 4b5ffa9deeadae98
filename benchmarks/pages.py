"""What HTML pages weigh and ask of their reader, measured in headless Chromium.

Opens each file narrow and wide, with the network watched, and prints one Markdown column a file::

    python benchmarks/pages.py brief.html nbconvert/*.html skrub.html --pictures FOLDER

Needs the extra ``dev``, Chromium and its driver. Pictures are first screens of 1280 × 800 and
360 × 800 pixels.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """const done = arguments[1];
axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations']})
  .then(found => done(found.violations.map(v => [v.id, v.nodes.length])), e => done(String(e)));"""
# Some pages live in shadow roots.
WALK = """const roots = [document];
for (const root of roots)
  for (const e of root.querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
const all = what => roots.flatMap(root => [...root.querySelectorAll(what)]);
const size = what => Math.round(all(what).reduce(
  (n, e) => n + new Blob([e.textContent]).size, 0) / 1000);
"""
TEXT = (
    WALK
    + """const text = document.body.innerText + roots.slice(1).flatMap(
  root => [...root.children].map(e => e.innerText || '')).join(' ');
return text.replace(/\\s+/g, ' ').length"""
)
FACTS = (
    WALK
    + """return {
  language: document.documentElement.lang || 'none',
  scripts: all('script').length,
  'kB of script': size('script'),
  'kB of style': size('style'),
  'top headings': all('h1').length,
  tables: all('table').length,
  'tables with a caption': all('table > caption').length,
}"""
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as profile:
        browser = start(profile)
        try:
            found = {path: measure(browser, path.resolve(), given.pictures) for path in given.files}
        finally:
            browser.quit()
    names = list(dict.fromkeys(name for facts in found.values() for name in facts))
    print("| | " + " | ".join(path.name for path in found) + " |")
    print("|---" * (len(found) + 1) + "|")
    for name in names:
        print(f"| {name} | " + " | ".join(str(f.get(name, "")) for f in found.values()) + " |")


def start(profile: str) -> Any:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    browser = webdriver.Chrome(options=options, service=service)
    browser.set_script_timeout(300)
    return browser


def measure(browser: Any, page: Path, pictures: Path | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"kB": round(page.stat().st_size / 1000)}
    show(browser, page, 1280)
    browser.get_log("performance")
    show(browser, page, 1280)
    asked = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    outside = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    hosts = ", ".join(sorted({url.split("/")[2] for url in outside}))
    facts["requests"] = f"{len(outside)} ({hosts})" if outside else "0"
    facts |= browser.execute_script(FACTS)
    with_scripts = browser.execute_script(TEXT)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    show(browser, page, 1280)
    without = browser.execute_script(TEXT)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    facts["letters of text"] = with_scripts
    facts["letters without scripts"] = without
    for width in (1280, 360, 320):
        show(browser, page, width)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        facts[f"page width at {width}"] = wide
        if pictures and width != 320:
            pictures.mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(pictures / f"{page.stem}-{width}.png"))
        if width != 320:
            browser.execute_script(
                (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
            )
            broken = browser.execute_async_script(AXE, TAGS)
            places = sum(count for _, count in broken)
            rules = ", ".join(rule for rule, _ in broken) or "none"
            facts[f"WCAG 2.2 AA at {width}"] = f"{places} ({rules})" if places else "0"
    return facts


def show(browser: Any, page: Path, width: int) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(page.as_uri())


if __name__ == "__main__":
    main()
