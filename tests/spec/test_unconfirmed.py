"""Where a commune exports only what it received: how old is what is said of an open dossier?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs import questions, watch
from cchc_analysis.briefs.annex import late_lines
from cchc_analysis.papers import apologies
from cchc_analysis.phrases import headline, mark, to_do
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox
from tests.registers import register, row

OPEN = "Đang xử lý"
LEFT = "000.17.31.H56-241220-0001"  # open when the old register was made


def delivered(
    root: Path,
    *,
    again: bool = False,
    exported: str = "05/04/2025 08:00",
    window: tuple[str, str] = ("01/01/2025", "31/03/2025"),
) -> PeriodView:
    """The first quarter of 2025 after two registers; ``again``: the newer tells of the dossier left
    open, too.
    """
    old = [row("0001", "20/12/2024", "25/12/2024", status=OPEN)]
    new = [row("0002", "06/01/2025", "10/01/2025", "09/01/2025"),
           row("0003", "20/03/2025", "25/03/2025", status=OPEN)]  # fmt: skip
    files = [
        register(root / "data/inbox/Q4.csv", old, exported="05/01/2025 08:00",
                 window=("01/10/2024", "31/12/2024")),
        register(root / "data/inbox/Q1.csv", [*new, *(old if again else [])], exported=exported,
                 window=window),
    ]  # fmt: skip
    assert not [t.error for t in inbox.ingest(root, files) if t.error]
    return office.open(root).latest(audience="internal")


@pytest.fixture
def q(workspace: Path) -> PeriodView:
    return delivered(workspace)


def test_it_stays_counted_and_its_age_is_known(q: PeriodView) -> None:
    assert q.counts["open_overdue"] == 2  # as design.md defines it
    assert [(r.code, str(r.told_on)) for r in q.unconfirmed.itertuples()] == [(LEFT, "2025-01-05")]
    assert list(q.overdue_unconfirmed) == [LEFT]


def test_the_first_page_says_how_many_and_what_to_do(q: PeriodView) -> None:
    (said,) = [text for text in q.notices if "sổ cũ" in text]
    assert said.startswith("1 trong 2 hồ sơ") and "ngày 05/01/2025" in said and "hỏi lại" in said
    assert any("2 hồ sơ đang giải quyết quá hạn, trong đó 1" in text for text in headline(q))
    assert any(text.startswith("Hỏi lại tình trạng 1 trong 2 hồ sơ") for text in to_do(q))
    assert "sổ cũ" in str(sections.vanished(q).data)


def test_every_list_marks_it(q: PeriodView) -> None:
    rows = {r["code"]: r["told_on"] for r in watch.watch_rows(q)}
    assert str(rows.pop(LEFT)) == "2025-01-05" and set(rows.values()) == {None}
    marked = [text for text in watch.watch_lines(q) if "ghi lần cuối ngày 05/01/2025" in text]
    assert len(marked) == 1 and LEFT in marked[0]
    owed = {r.code: r.told_on for r in apologies.owed(q)}
    assert str(owed.pop(LEFT)) == "2025-01-05" and set(owed.values()) == {None}
    assert "hỏi lại trước khi xin lỗi" in "\n".join(apologies.lines(q, apologies.owed(q)))
    listed = late_lines(q)
    (at,) = [n for n, text in enumerate(listed) if "ghi lần cuối ngày 05/01/2025" in text]
    assert LEFT in listed[at - 2]
    table = sections.open_overdue_list(q).data
    assert [r[-1] for r in table["rows"]] == ["05/01/2025", mark("zero")]


def test_it_is_a_question_of_credibility(q: PeriodView) -> None:
    (asked,) = [r for r in questions.as_rows(q) if r["id"] == "unconfirmed"]
    assert (asked["count"], asked["of"], asked["codes"]) == (1, 2, [LEFT])
    assert "xuất lại sổ" in asked["check"]


@pytest.mark.parametrize(
    "told",
    [{"again": True}, {"exported": "09/01/2025 08:00"}, {"window": ("01/10/2024", "31/12/2024")}],
    ids=["the newer register has it", "made in the same week", "of the same days, corrected"],
)
def test_nothing_is_said_where_nothing_is_old(workspace: Path, told: dict[str, Any]) -> None:
    q = delivered(workspace, **told)
    assert not len(q.unconfirmed)
    assert not [r for r in questions.as_rows(q) if r["id"] == "unconfirmed"]
    assert not [text for text in [*q.notices, *headline(q), *to_do(q)] if "sổ cũ" in text]


def test_an_older_day_knows_of_no_newer_register(q: PeriodView) -> None:
    then = q.office.period("2024-Q4", as_of="2025-02-01", audience="internal")
    assert then.counts["open_overdue"] == 1 and not len(then.unconfirmed)
