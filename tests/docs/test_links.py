"""Every link of the documentation leads somewhere, and every page is led to."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from .pages import PAGES, ROOT, links


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives the headings of a page."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
    found = set()
    for heading in re.findall(r"(?m)^#+ (.+)$", text):
        kept = "".join(
            c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LMN"
        )
        found.add(kept.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http:", "https:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`(?:tests/)?((?:[\w]+/)?test_\w+\.py)`", page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / "tests" / name).exists()] == []


def test_every_page_is_led_to_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    led_to = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert [
        p.name for p in (ROOT / "docs").glob("*.md") if p.resolve() not in led_to | {index}
    ] == []
    assert any(link.startswith("docs/index.md") for link in links(ROOT / "README.md"))
