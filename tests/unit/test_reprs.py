"""What an object says of itself in a notebook: one short line, in words, of nobody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from cchc_analysis import office
from cchc_analysis.sources.mapping import Mapping
from cchc_analysis.view import PeriodView

OBJECTS: dict[str, Callable[[PeriodView], Any]] = {
    "xã Thiệu Vân (thieu-van)": lambda q: q.office,
    "thieu-van": lambda q: q.office.unit,
    "2024-Q4: Quý IV": lambda q: q.period,
    "xã Thiệu Vân, Quý IV": lambda q: q,
    "22 lần xuất": lambda q: q.office.store,
    "SoTheoDoiHoSo_Q4_2024.xlsx, xuất 05/01/2025 08:00": lambda q: q.exports[-1],
    "2024 của xã Thiệu Vân: 14": lambda q: q.plan,
    "không có kế hoạch": lambda q: q.office.plan(2031),
    "99,9%": lambda q: q.target,
    "Nhiệm vụ 1": lambda q: q.plan.tasks[0],
    "94,18%, chỉ tiêu 99,9%": lambda q: q.result("dossiers.on_time_rate"),
    "dossiers.received: 639": lambda q: q.result("dossiers.received"),
    "Không có số liệu": lambda q: dataclasses.replace(
        q.result("dossiers.online_rate"), value=None, status="no_data"
    ),
    "4 đạt, 12 chưa đạt": lambda q: q.results,
    "Chờ kết quả của cơ quan phối hợp": lambda q: q.finding(q.late["code"].iloc[0]),
    "Khảo sát hài lòng": lambda q: q.satisfaction,
    "Phản ánh": lambda q: q.feedback,
    "Hoạt động": lambda q: q.activities,
    "Chất lượng phục vụ": lambda q: q.service_quality,
    "Bức tranh": lambda q: q.picture,
    "Khả năng quá hạn": lambda q: q.outlook,
    "Nguyên nhân quá hạn": lambda q: q.attribution,
    "Nhật ký xử lý": lambda q: q.attribution.timeline,
    "so với ngày 05/01/2025": lambda q: q.restatements,
    "Lịch làm việc VN": lambda q: q.calendar,
    "chuyển sang 12 + tiếp nhận 639": lambda q: q.identity,
    "1 cột (m.toml)": lambda q: Mapping("dossiers", {"code": "Ref"}, file="m.toml"),
}


@pytest.fixture(scope="module")
def q(sample: office.Office) -> PeriodView:
    return sample.period("2024-Q4", audience="internal")


@pytest.mark.parametrize("said", OBJECTS)
def test_it_says_what_it_is(said: str, q: PeriodView) -> None:
    shown = repr(OBJECTS[said](q))
    assert said in shown and shown.startswith("<") and shown.endswith(">")
    assert len(shown) < 160 and "\n" not in shown and " object at 0x" not in shown
    for name in ("code", "officer"):
        assert not [value for value in q.dossiers[name].dropna().unique() if value in shown]


def test_a_period_and_its_figures_are_tables_in_a_notebook(q: PeriodView) -> None:
    page = q._repr_html_()
    assert "94,18%" in page and "<style>" in page and "cchc.columns" in page
    table = q.results._repr_html_()
    assert table.count("<tr") == len(q.results) + 1 and "99,9%" in table
    assert list(q.results.frame["id"]) == [row.id for row in q.results]
