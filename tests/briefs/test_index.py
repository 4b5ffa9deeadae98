"""The index over a folder of briefs: what it lists and what not; damaged and hostile folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import etree, html

from cchc_analysis import cli
from cchc_analysis.briefs import index, shelf
from cchc_analysis.errors import BriefError, DataError, LeakError, WorkspaceError
from cchc_analysis.words import label, say

from ..shelves import put

HOSTILE = """<script>alert('x')</script> "quoted" & ../../etc"""


def page(root: Path) -> Any:
    path, _ = index.write(root)
    return html.document_fromstring(path.read_text(encoding="utf-8"))


def states(root: Path) -> dict[tuple[str, str], str]:
    return {(row.unit, row.period.label): row.state for row in shelf.read(root).rows}


def test_every_brief_with_its_figures_and_headline(tmp_path: Path) -> None:
    put(tmp_path, "a", "2024-Q4", unit={"name": "xã Đông Lĩnh", "parent": "UBND thành phố"})
    put(tmp_path, "b", "2024-Q4", k=990, n=1000, late=10)
    row, other = shelf.read(tmp_path).rows  # b has an older name before "Đ"
    assert {row.state, other.state} == {"met", "not_met"}
    read = {r.unit: r for r in (row, other)}
    assert read["a"].name == "Xã Đông Lĩnh" and read["a"].parent == "UBND thành phố"
    assert read["a"].headline == " ".join(
        [
            say("phrases.rate_met", rate="99,90%", ratio="999/1.000", target="99,9%"),
            say("phrases.within_allowance", late="1", allowed="1"),
        ]
    )
    assert say("phrases.over_allowance", late="10", over="9", allowed="1") in read["b"].headline
    text = page(tmp_path).text_content()
    assert read["a"].headline in text and "990/1.000" in text and "Xã Đông Lĩnh" in text


@pytest.mark.parametrize(
    ("brief", "state"),
    [
        ({}, "met"),
        ({"k": 998, "late": 2}, "not_met"),
        ({"status": "incomplete_period"}, "incomplete_period"),
        ({"target": None}, "no_target"),
        ({"k": 0, "n": 0, "late": 0, "status": "zero_denominator"}, "no_data"),
        ({"identity_holds": False}, "unbalanced"),
    ],
)
def test_states_stand_in_words_and_shape(tmp_path: Path, brief: dict[str, Any], state: str) -> None:
    put(tmp_path, "a", "2024-Q4", **brief)
    assert states(tmp_path) == {("a", "2024-Q4"): state}
    shown = [e.text_content() for e in page(tmp_path).find_class("state")]
    assert shown == [f"{index.SHAPES[state]} {label(f'state.{state}')}"] * 2
    assert set(index.SHAPES) == set(shelf.STATES) and len(set(index.SHAPES.values())) == 7


def test_units_by_periods_the_newest_first(tmp_path: Path) -> None:
    for period in ("2023-Q4", "2024-Q1", "2024-03", "2024-H1", "2024-9M", "2024"):
        put(tmp_path, "a", period)
    put(tmp_path, "b", "2024-Q1", parameters={"cut": "reporting"})
    tree = page(tmp_path)
    tables = tree.xpath("//table[contains(@class, 'matrix')]")
    heads = [[th.get("data-p") for th in t.xpath("./thead//th[@data-p]")] for t in tables]
    assert heads == [["2024-Q1", "2023-Q4"], ["2024-H1"], ["2024-9M"], ["2024"], ["2024-03"]]
    assert [len(t.xpath("./tbody/tr")) for t in tables] == [2, 1, 1, 1, 1]
    groups = [t.get("data-p") for t in tree.xpath("//table[@class='list']")]
    assert groups == ["2024", "2024-9M", "2024-H1", "2024-Q1", "2024-03", "2023-Q4"]
    assert say("index.reporting_cut") in tree.text_content()


def test_other_folders_are_counted_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a", "2024-Q4")
    (tmp_path / "a" / "2024-Q4 (copy)").mkdir()
    (tmp_path / "a" / "2024-Q3").mkdir()  # empty
    (tmp_path / "a" / "2024-q2").mkdir()
    put(tmp_path, "_all", "2024-Q4")
    (tmp_path / "my own" / "pictures").mkdir(parents=True)
    (tmp_path / "a" / ".2024-Q4-ab12").mkdir()  # a run under way
    (tmp_path / "README.md").write_text("x")
    put(tmp_path, "inside", "2024-Q4", parameters={"audience": "internal"})
    found = shelf.read(tmp_path)
    assert (len(found.rows), found.skipped, found.internal) == (1, 5, 1)
    assert "internal" not in {row.unit for row in found.rows}
    assert say("index.skipped", skipped="5", internal="1") in page(tmp_path).text_content()


@pytest.mark.skipif(os.name == "nt", reason="needs rights there")
def test_links_lead_nowhere(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "a", "2024-Q4")
    put(tmp_path / "reports", "b", "2024-Q4")
    (tmp_path / "reports" / "a").symlink_to(tmp_path / "elsewhere" / "a")
    assert set(states(tmp_path / "reports")) == {("b", "2024-Q4")}


@pytest.mark.parametrize("name", ["run.json", "indicators.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"{}", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b"[1, null, [2]]",
        b'[{"id": []}]', b'{"parameters": 3}', b'{"parameters": {"audience": ["shared"]}}',
        b'[{"id": "dossiers.on_time_rate", "value": NaN}]',
    ],
)  # fmt: skip
def test_a_damaged_brief_is_listed_with_its_remedy(
    tmp_path: Path, name: str, content: bytes
) -> None:
    place = put(tmp_path, "a", "2024-Q4")
    put(tmp_path, "b", "2024-Q4")
    (place / name).write_bytes(content)
    assert states(tmp_path) == {("a", "2024-Q4"): "unreadable", ("b", "2024-Q4"): "met"}
    assert say("index.damaged", file=name, period="2024-Q4") in page(tmp_path).text_content()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("numerator", -1), ("numerator", "9"), ("numerator", None), ("denominator", True),
        ("value", 1.5), ("value", "1"), ("numerator", 1001), ("denominator", 10**30),
        ("target", [1]), ("met", "yes"), ("status", "fine"), ("period", "2024-Q3"),
        ("status", ["ok"]), ("met", {}), ("denominator", 999.5),
    ],
)  # fmt: skip
def test_impossible_figures_are_damage(tmp_path: Path, field: str, value: Any) -> None:
    place = put(tmp_path, "a", "2024-Q4")
    rows = json.loads((place / "indicators.json").read_text())
    rows[0][field] = value
    (place / "indicators.json").write_text(json.dumps(rows))
    assert states(tmp_path) == {("a", "2024-Q4"): "unreadable"}


def test_missing_files(tmp_path: Path) -> None:
    for unit, file in (("a", "run.json"), ("b", "indicators.json"), ("c", "brief.html")):
        (put(tmp_path, unit, "2024-Q4") / file).unlink()
    rows = {row.unit: row for row in shelf.read(tmp_path).rows}
    assert rows["a"].headline == say("index.missing", file="run.json", period="2024-Q4")
    assert rows["b"].state == "unreadable" and rows["c"].state == "met"
    links = [a.get("href") for a in page(tmp_path).xpath("//td//a")]
    assert "c/2024-Q4/brief.html" not in links and links.count("c/2024-Q4/brief.pdf") == 2


def test_a_brief_in_another_folder_is_not_taken_for_its_own(tmp_path: Path) -> None:
    put(tmp_path, "copy", "2024-Q4", parameters={"unit": "a"})
    (row,) = shelf.read(tmp_path).rows
    assert row.headline == say("index.moved")


def test_hostile_names_are_shown_not_obeyed(tmp_path: Path) -> None:
    folder = "a'b\"<i> #1 50% javascript:x?" if os.name != "nt" else "a'b #1 50%"
    put(tmp_path, folder, "2024-Q4", unit={"name": HOSTILE, "parent": "\ud800\x00</td>"})
    put(tmp_path, "plain", "2024-Q4", unit={"name": ["no text"]})
    tree = page(tmp_path)
    assert len(tree.xpath("//script")) == 1
    assert HOSTILE in tree.text_content() and "Plain" in tree.text_content()
    for href in tree.xpath("//td//a/@href"):
        assert (tmp_path / unquote(href)).is_file() and ":" not in href
    assert not tree.xpath("//*[@onclick or @onerror or @src]")


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    try:
        put(tmp_path, os.fsdecode(b"x\xff"), "2024-Q4", parameters={"unit": "x"})
    except OSError:
        pytest.skip("this file system takes text only")
    assert "unreadable" in states(tmp_path).values()
    page(tmp_path)


def test_what_looks_personal_stays_out(tmp_path: Path) -> None:
    put(tmp_path, "a", "2024-Q4", unit={"name": "xã A, 0912 345 678"})
    assert states(tmp_path) == {("a", "2024-Q4"): "unreadable"}
    assert "345" not in page(tmp_path).text_content()
    put(tmp_path, "0912345678", "2024-Q4", unit={"name": "xã B"})
    assert shelf.read(tmp_path).skipped == 1


@pytest.mark.parametrize("said", ["{}/so.csv", "/home/lan/so.csv"])
def test_no_path_of_a_machine_stands_on_it(tmp_path: Path, said: str) -> None:
    put(tmp_path, "a", "2024-Q4", unit={"name": f"xã A, {said.format(tmp_path)}"})
    with pytest.raises(LeakError):
        index.write(tmp_path)
    assert not (tmp_path / index.FILE).exists()


def test_equal_folders_make_equal_pages(tmp_path: Path) -> None:
    for name, at in (("one", "2025-01-07 08:00:00"), ("two", "2025-02-01 09:30:00")):
        for unit in ("a", "b"):
            put(tmp_path / name, unit, "2024-Q4", made_at=at, seconds={"figures": len(name + at)})
    first, second = (index.write(tmp_path / name)[0].read_bytes() for name in ("one", "two"))
    assert first == second == index.write(tmp_path / "one")[0].read_bytes()


def test_the_page_asks_for_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a", "2024-Q4")
    tree = page(tmp_path)
    assert not tree.xpath("//link | //img | //iframe | //*[@src]")
    assert "http" not in etree.tostring(tree, encoding="unicode").replace("http-equiv", "")
    assert len(tree.xpath("//h1")) == 1
    assert all(t.xpath("./caption") for t in tree.xpath("//table"))
    assert all(th.get("scope") for th in tree.xpath("//th"))


def test_an_index_of_somebody_else_stays(tmp_path: Path) -> None:
    put(tmp_path, "a", "2024-Q4")
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(BriefError):
        index.write(tmp_path)
    assert (tmp_path / "index.html").read_text() == "mine"
    index.write(tmp_path, force=True)
    index.write(tmp_path)  # its own it replaces
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "index.html"]


def test_no_folder_and_no_brief(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        index.write(tmp_path / "none")
    with pytest.raises(DataError):
        index.write(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "reports", "a", "2024-Q4")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(tmp_path), "index", "--json"])
    assert stopped.value.code == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["unit"] == "a" and row["documents"]["brief.pdf"] == "a/2024-Q4/brief.pdf"
    assert (row["numerator"], row["denominator"], row["resolved_late"]) == (999, 1000, 1)
    with pytest.raises(SystemExit):
        cli.main(["index", str(tmp_path / "reports")])
    assert capsys.readouterr().out.strip().endswith("index.html")
