"""The shipped examples of extensions, switched on as their comments say, in one brief."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cchc_analysis import office, shipped
from cchc_analysis.briefs import run
from cchc_analysis.workspace import inbox


@pytest.fixture(scope="module")
def made(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> run.Brief:
    root = tmp_path_factory.mktemp("made") / "Báo cáo quý 1"
    shutil.copytree(sample_workspace / "data", root / "data")
    for path in shipped.path("data", "examples").glob("*.*"):
        into = root / ("notebooks" if path.suffix == ".ipynb" else "extensions")
        into.mkdir(exist_ok=True)
        shutil.copyfile(path, into / path.name)
    return run.make(office.open(root), "2024-Q3")


def test_the_figure_is_that_of_a_second_count(made: run.Brief, sample: office.Office) -> None:
    rows = json.loads((made.folder / "indicators.json").read_text(encoding="utf-8"))
    (own,) = (row for row in rows if row["id"].startswith("own."))
    q = sample.period("2024-Q3")
    holidays = {date(2024, 9, 2), date(2024, 9, 3)}

    def days_early(row: pd.Series) -> int:
        n, day = 0, row["ended_on"].date()
        while day < row["due_on"].date():
            day += timedelta(days=1)
            n += day.weekday() < 5 and day not in holidays
        return n

    done = q.dossiers[q.dossiers["resolved"] & q.dossiers["due_on"].notna()]
    early = int((done.apply(days_early, axis=1) >= 2).sum())
    assert (own["numerator"], own["denominator"]) == (early, len(done))
    assert own["previous"] is not None and own["same_last_year"] is not None


def test_the_cause_stands_with_its_evidence(made: run.Brief) -> None:
    text = (made.folder / "late_dossiers.csv").read_text(encoding="utf-8")
    found = [row for row in csv.DictReader(text.splitlines()) if row["cause"] == "mua_bao"]
    assert found and all("06/09/2024" in row["evidence"] for row in found)
    assert "Mưa bão, ngập lụt" in made.html.read_text(encoding="utf-8")


def test_the_section_comes_behind_the_others_with_table_and_figure(made: run.Brief) -> None:
    html = made.html.read_text(encoding="utf-8")
    assert html.index("Nhiệm vụ") < html.index("Người dân đến vào thứ mấy")
    assert "Biểu đồ cột; ngày tiếp nhận nhiều nhất là Thứ Sáu." in html
    assert (made.folder / "notebooks" / "6_thu_trong_tuan.ipynb").is_file()


def test_what_was_added_is_an_input(made: run.Brief) -> None:
    root = made.folder.parents[2]
    assert run.unchanged(office.open(root).period("2024-Q3"))
    path = root / "extensions" / "nguyen_nhan_mua_bao.py"
    path.write_text(path.read_text(encoding="utf-8").replace(", 13)", ", 12)"), encoding="utf-8")
    assert not run.unchanged(office.open(root).period("2024-Q3"))


def test_the_layout_reads_a_register_with_other_headers(workspace: Path) -> None:
    (workspace / "extensions").mkdir()
    layout = "so_mau_khac.mapping.toml"
    shutil.copyfile(shipped.path("data", "examples", layout), workspace / "extensions" / layout)
    (workspace / "data" / "inbox" / "khac.csv").write_text(
        "Số biên nhận,Việc,Mảng,Nộp qua,Nhận lúc,Hẹn lúc,Xong lúc\n"
        "K-1,Cấp bản sao,Hộ tịch,Bưu tá,02/01/2024 08:00,05/01/2024 17:00,08/01/2024 09:00\n",
        encoding="utf-8",
    )
    (taken,) = inbox.ingest(workspace)
    assert taken.outcome == "new"
    late = office.open(workspace).period("2024-Q1", audience="internal").late
    assert late[["field", "channel", "late_days"]].values.tolist() == [["Hộ tịch", "postal", 1]]
