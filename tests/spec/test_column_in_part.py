"""One of a period's registers lacks a column: what is empty says why, and names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import check, inbox
from tests.registers import register, row

CHANNEL = 6  # the place of "Hình thức nộp"


def without_channel(root: Path) -> Path:
    file = register(
        root / "data/inbox/SoMauKhac.csv",
        [row("0009", "05/02/2024", "09/02/2024", "08/02/2024")],
        window=("01/02/2024", "29/02/2024"),
    )
    lines = file.read_text("utf-8").splitlines()
    cut = [",".join(c for n, c in enumerate(line.split(",")) if n != CHANNEL) for line in lines[4:]]
    file.write_text("\n".join([*lines[:4], *cut]) + "\n", encoding="utf-8")
    return file


def main(root: Path) -> Path:
    rows = [row(f"{n:04d}", "02/01/2024", "05/01/2024", "04/01/2024") for n in range(1, 4)]
    return register(root / "data/inbox/SoChinh.csv", rows)


@pytest.fixture
def q(workspace: Path) -> PeriodView:
    done = inbox.ingest(workspace, [main(workspace), without_channel(workspace)])
    assert [t.outcome for t in done] == ["new", "new"]
    return office.open(workspace).period("2024-Q1")


def test_the_figure_is_empty_for_a_true_reason(q: PeriodView) -> None:
    online, apology = q.result("dossiers.online_rate"), q.result("dossiers.apology_rate")
    assert (online.value, online.status) == (None, "column_in_part")
    assert "Có tệp sổ của kỳ" in repr(online)
    assert apology.status == "no_column"  # no register has it
    assert q.result("dossiers.received").value == 4


def test_the_first_page_names_file_and_column(q: PeriodView) -> None:
    (said,) = [text for text in q.notices if "không có cột" in text]
    assert "SoMauKhac.csv" in said and "“Hình thức nộp”" in said and "SoChinh" not in said


def test_ingest_and_check_say_it_beforehand(workspace: Path) -> None:
    inbox.ingest(workspace, [main(workspace)])
    file = without_channel(workspace)
    told = [f.message for f in check.check(workspace) if f.file.endswith(file.name)]
    assert len([text for text in told if "“Hình thức nộp”" in text]) == 1
    (taken,) = inbox.ingest(workspace, [file])
    assert len([text for text in taken.lines() if "“Hình thức nộp”" in text]) == 1
    assert taken.as_dict()["notes"] and "cchc map" in taken.as_dict()["notes"][-1]


def test_registers_of_other_days_are_not_held_against_it(workspace: Path) -> None:
    rows = [row("0001", "02/04/2024", "05/04/2024", "04/04/2024")]
    later = register(workspace / "data/inbox/Q2.csv", rows, window=("01/04/2024", "30/06/2024"),
                     exported="05/07/2024 08:00")  # fmt: skip
    done = inbox.ingest(workspace, [later, without_channel(workspace)])
    assert [t.hints for t in done] == [(), ()]
    assert office.open(workspace).period("2024-Q2").result("dossiers.online_rate").status == "ok"
