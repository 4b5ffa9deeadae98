"""The method page: every figure once, in both languages, and nothing of one in the other."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from cchc_analysis import cli, office, plan
from cchc_analysis.briefs import method
from cchc_analysis.errors import ParameterError, UnitError
from cchc_analysis.indicators.results import STATUSES
from cchc_analysis.words import LANGUAGES, label, say

from ..unit.test_words import LETTERS, NUMBER_OF_A_LAW

HERE = Path(__file__).parent  # no workspace: the shipped plan


def tree(language: str, found: plan.Plan | None = None) -> Any:
    return html.document_fromstring(method.render(found or method.plan_of(HERE), language))


def ids(page: Any) -> list[str]:
    return [row.get("id") for row in page.xpath("//table[@class='method']//tr[@id]")]


def test_both_pages_have_the_ids_of_the_json_in_its_order(sample: office.Office) -> None:
    made = [row.id for row in sample.period("2024-Q4").results]
    for language in LANGUAGES:
        assert ids(tree(language, sample.plan(2024))) == made


def test_english_is_english(workspace: Path) -> None:
    page = tree("en", plan.load(workspace, "thieu-van", 2024))
    quoted = page.xpath("//*[@lang='vi']")
    assert [q.text for q in quoted].count("UBND xã Thiệu Vân") == 1
    assert len(quoted) == 1 + 10 + 9  # the unit, the plan's indicators, units of activities
    for own in quoted:
        own.text = ""
    text = re.sub(NUMBER_OF_A_LAW, "", page.text_content())
    assert not set(text) & LETTERS
    assert page.get("lang") == "en"
    assert "(Early + on the day) / dossiers resolved in the period" in text


def test_vietnamese_is_vietnamese(workspace: Path) -> None:
    page = tree("vi", plan.load(workspace, "thieu-van", 2024))
    assert page.get("lang") == "vi" and page.xpath("count(//*[@lang])") == 1
    text = page.text_content()
    assert say("definitions.dossiers.on_time_rate") in text and label("survey.index") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_says_what_it_is_made_of_and_whence(language: str) -> None:
    rows = method.of(method.plan_of(HERE), language)
    assert len({row.id for row in rows}) == len(rows) > 70
    for row in rows:
        assert all((row.label, row.unit, row.definition, row.source)), row.id
        rate = row.id.endswith("_rate") or "_rate_" in row.id
        assert " / " in row.definition or not (rate or row.id.startswith("digital.")), row.id
    page = tree(language)
    assert [code.text for code in page.xpath("//table[last()]//th/code")][-len(STATUSES) :] == list(
        STATUSES
    )
    assert len(page.xpath("//h1")) == 1 and not page.xpath("//script | //link | //*[@src]")


def test_a_plan_without_a_list(workspace: Path) -> None:
    bare = plan.load(workspace, "thieu-van", 1999)
    page = tree("en", bare)
    assert not [id for id in ids(page) if id.startswith("digital.")]
    listed = plan.load(workspace, "thieu-van", 2024)
    hostile = replace(listed.indicators[0], label="<script>alert(1)</script>")
    page = tree("en", replace(listed, indicators=(hostile,)))
    assert not page.xpath("//script") and "<script>alert(1)</script>" in page.text_content()


def test_kinds_of_a_file_of_ones_own(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "activities.toml").write_text(
        'verified = true\n[kinds.trees]\nlabel = "Trồng cây"\ncontent = "I"\nunit = "cây"\n'
        'words = ["trồng cây"]\npeople = true\n'
        '[kinds.meetings]\ncontent = "VII"\nunit = "cuộc"\nwords = ["họp"]\n',
        encoding="utf-8",
    )
    rows = method.of(method.plan_of(workspace), "en", method.load_kinds(tmp_path))
    own = {row.id: row for row in rows if row.id.startswith("activities.")}
    assert list(own)[:3] == [f"activities.{id}" for id in ("trees", "trees.people", "meetings")]
    assert "activities.budget" in own  # in the file too, though the unit counts none
    assert own["activities.trees"].quoted == ("label", "unit")
    assert own["activities.meetings"].label == "Meetings"
    assert own["activities.meetings"].definition.startswith("Sum of the numbers")


def test_an_unknown_language() -> None:
    with pytest.raises(ParameterError, match="vi, en"):
        method.of(method.plan_of(HERE), "fr")


def test_whose_plan(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert method.plan_of(workspace).year == 2024
    assert method.plan_of(tmp_path_factory.mktemp("empty")).year == 2024  # the shipped example
    plans = workspace / "data" / "plans"
    shutil.copytree(plans / "thieu-van", plans / "dong-linh")
    with pytest.raises(UnitError):
        method.plan_of(workspace)
    assert method.plan_of(workspace, "dong-linh").unit.slug == "dong-linh"


def test_the_command(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[Any, str]:
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(workspace), "method", *arguments])
        return stopped.value.code, capsys.readouterr().out

    assert run()[1].strip() == str(workspace / "reports" / "method_vi.html")
    target = workspace / "docs" / "en.html"
    assert run("--language", "en", "-o", str(target))[0] == 0
    assert 'lang="en"' in target.read_text(encoding="utf-8")
    code, out = run("--language", "en", "--json")  # prints and writes nothing
    assert code == 0 and json.loads(out)[0]["label"] == label("dossiers.received", "en")
    assert not (workspace / "reports" / "method_en.html").exists()
    assert run("--language", "xx")[0] == 2
