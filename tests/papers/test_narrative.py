"""The officer's own words: where they lie, how they are read, and that nobody's are lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.errors import PlanError
from cchc_analysis.papers import narrative
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox

from ..registers import register, row

TEXT = '''\
[contents]
II = """
Đoạn một,
vẫn đoạn một.

- Ý thứ nhất.
- Ý thứ hai
  còn tiếp.
"""
[parts]
proposals = "Không."
'''


@pytest.fixture
def q(workspace: Path) -> PeriodView:
    rows = [row("0001", "02/01/2024 08:00", "05/01/2024", "04/01/2024")]
    inbox.ingest(workspace, [register(workspace / "data" / "inbox" / "so.csv", rows)])
    return office.open(workspace).period("2024-Q1")


def write(q: PeriodView, text: str, unit: str = "") -> None:
    file = q.office.workspace / "data" / "narrative" / unit / "2024-Q1.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_paragraphs_and_points(q: PeriodView) -> None:
    write(q, TEXT)
    found = narrative.load(q)
    assert found.contents["II"] == (
        "Đoạn một, vẫn đoạn một.", "- Ý thứ nhất.", "- Ý thứ hai còn tiếp.",
    )  # fmt: skip
    assert found.contents["I"] == ()
    assert found.empty_parts == ["limitations", "next_tasks"]


def test_without_a_file_every_part_is_empty(q: PeriodView) -> None:
    found = narrative.load(q)
    assert found.file == "data/narrative/2024-Q1.toml"
    assert found.empty_parts == list(narrative.PARTS)


def test_a_misspelt_part_is_named_with_its_neighbour(q: PeriodView) -> None:
    write(q, '[parts]\nproposal = "x"\n')
    with pytest.raises(PlanError, match=r"2024-Q1\.toml.*“proposal”.*“proposals”"):
        narrative.load(q)


def test_a_first_file_can_be_read_and_is_never_overwritten(q: PeriodView) -> None:
    hostile = 'Câu có """ và \\ và # trong.'
    made = narrative.start(q, {"proposals": [hostile]})
    assert made is not None and hostile in made.read_text(encoding="utf-8")
    assert narrative.load(q).empty_parts == list(narrative.PARTS)
    made.write_text(TEXT, encoding="utf-8")
    assert narrative.start(q, {}) is None
    assert made.read_text(encoding="utf-8") == TEXT


def test_units_do_not_borrow_each_others_words(q: PeriodView) -> None:
    write(q, TEXT)
    plans = q.office.workspace / "data" / "plans"
    shutil.copytree(plans / "thieu-van", plans / "dong-linh")
    assert narrative.load(q).file == "data/narrative/thieu-van/2024-Q1.toml"
    assert narrative.load(q).empty_parts == list(narrative.PARTS)
    write(q, TEXT, "thieu-van")
    assert narrative.load(q).parts["proposals"] == ("Không.",)
