"""The office's picture of lateness, from registers to what the notebook shows."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections
from cchc_analysis.words import say
from cchc_analysis.workspace import inbox, lay_out
from cchc_analysis.workspace.sample import make_office

from .test_other_offices import take_in

EVERY = (
    "late_rates", "late_news", "late_chart", "real_or_recorded", "pareto", "lost_days",
    "stage_times", "waiting", "where_late", "where_cells", "where_funnel", "why_changed",
    "when_late", "closing_days", "due_soon", "case_list", "limits_of_data",
)  # fmt: skip
HARD, EASY = "1.000894", "2.000815"


def register(path: Path, rows: list[tuple[str, str, str, bool]]) -> Path:
    """Dossiers of ``(procedure, channel, officer, late)``, some each working day of one quarter."""
    lines = [
        "(Từ ngày 01/01/2024 đến ngày 31/03/2024)", "Ngày xuất: 05/04/2024 08:00",
        "Mã hồ sơ,Mã TTHC,Tên thủ tục hành chính,Lĩnh vực,Hình thức nộp,Cán bộ thụ lý,"
        "Ngày tiếp nhận,Ngày hẹn trả,Ngày xử lý xong,Trạng thái",
    ]  # fmt: skip
    random.Random(5).shuffle(rows)
    for n, (procedure, channel, officer, late) in enumerate(rows):
        month, day = 1 + n % 3, 2 + n % 20
        closed = day + (5 if late else 2)
        lines.append(
            f"000.17.31.H56-24{month:02}{day:02}-{n:04},{procedure}.000.00.00.H56,"
            f"Thủ tục {procedure},Hộ tịch,{channel},{officer},{day:02}/{month:02}/2024 08:00,"
            f"{day + 3:02}/{month:02}/2024 17:00,{closed:02}/{month:02}/2024 10:{n % 60:02},"
            "Đã trả kết quả"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows_of(procedure: str, channel: str, officer: str, n: int, late: int) -> list[Any]:
    return [(procedure, channel, officer, i < late) for i in range(n)]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> office.Office:
    """The hard procedure is filed online and lies with An and Bình; Dung is slow on easy work."""
    root = lay_out(tmp_path_factory.mktemp("mixed") / "ws", unit="dong-linh", name="xã Thiệu Vân")
    file = register(
        root / "data" / "inbox" / "SoTheoDoi_Q1_2024.csv",
        [
            *rows_of(HARD, "Trực tuyến", "An", 150, 24),
            *rows_of(HARD, "Trực tuyến", "Bình", 150, 24),
            *rows_of(HARD, "Trực tiếp", "An", 30, 5), *rows_of(HARD, "Trực tiếp", "Bình", 30, 5),
            *rows_of(EASY, "Trực tuyến", "Chi", 60, 1),
            *rows_of(EASY, "Trực tuyến", "Dung", 60, 6),
            *rows_of(EASY, "Trực tiếp", "Chi", 300, 3),
            *rows_of(EASY, "Trực tiếp", "Dung", 200, 20),
        ],
    )  # fmt: skip
    assert not [done.error for done in inbox.ingest(root, [file]) if done.error]
    return office.open(root)


def test_a_channel_is_cleared_and_a_slow_officer_stands_out(mixed: office.Office) -> None:
    shown = sections.where_late(mixed.period("2024-Q1", audience="internal")).data
    verdict = {row[0]: row[-1] for row in shown["rows"]}
    assert verdict["Hình thức: Trực tuyến"] == "Cao do cơ cấu thủ tục"
    assert verdict["Người thụ lý: Dung"] == "Cao hơn khi cùng thủ tục"
    assert {verdict.get(f"Người thụ lý: {name}", "-") for name in ("An", "Bình")} <= {
        "Cao do cơ cấu thủ tục", "Trong mức dao động", "-",
    }  # fmt: skip
    notes = " ".join(shown["notes"])
    assert "Dung: 26 hồ sơ quá hạn" in notes and "Trực tuyến: nhiều hồ sơ quá hạn hơn" in notes


def test_officers_are_not_named_to_the_shared_audience(mixed: office.Office) -> None:
    q = mixed.period("2024-Q1")
    said = " ".join(str(getattr(sections, name)(q).data) for name in EVERY if name != "late_chart")
    assert "Dung" not in said and "Người thụ lý" not in said


def points(text: str) -> Fraction:
    return Fraction(text.replace("−", "-").replace("+", "").replace(".", "").replace(",", "."))


@pytest.mark.parametrize("label", ["2024-Q4", "2024-Q3", "2024-Q1"])
def test_mix_and_rate_add_up_to_what_is_printed(sample: office.Office, label: str) -> None:
    q = sample.period(label)
    table = sections.why_changed(q).data
    for place in range(1, len(table["columns"])):
        before, mix, rate, now = (points(row[place]) for row in table["rows"])
        assert before + mix + rate == now
        assert now == round(Fraction(q.counts["resolved_late"], _with_due(q)) * 10_000) / Fraction(
            100
        )


def _with_due(q: Any) -> int:
    return sum(q.counts[name] for name in ("resolved_early", "resolved_on_day", "resolved_late"))


def test_waiting_adds_up_and_its_late_part_is_not_more(sample: office.Office) -> None:
    table = sections.waiting(sample.period("2024-Q4")).data
    for place in (1, 3):
        *parts, whole = (points(row[place]) for row in table["rows"])
        assert abs(sum(parts) - whole) <= Fraction(3, 20)
    assert all(points(row[3]) <= points(row[1]) for row in table["rows"])


@pytest.mark.parametrize("late", [0, 1, 2])
@pytest.mark.parametrize("empty_log", [False, True])
def test_few_late_dossiers_draw_no_conclusion(tmp_path: Path, late: int, empty_log: bool) -> None:
    exports = tmp_path / "x"
    make_office(
        exports, seed=11, kind="calm", late=late, dossiers_per_quarter=150, empty_log=empty_log,
        quarters=("2024-Q1",),
    )  # fmt: skip
    q = take_in(tmp_path / "ws", exports).period("2024-Q1", audience="internal")
    assert q.counts["resolved_late"] == late
    shown = {name: getattr(sections, name)(q).data for name in EVERY}
    assert all(shown.values())
    for name in ("late_chart", "where_funnel", "when_late"):
        assert shown[name]["kind"] == "note"  # nothing is drawn over noise
    if not late:
        assert "không có hồ sơ giải quyết quá hạn" in shown["where_late"]["text"]
    else:
        assert {row[-1] for row in shown["where_late"]["rows"]} == {"Chưa đủ hồ sơ để so sánh"}


def test_one_procedure_alone_is_compared_with_nothing(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "ws", unit="dong-linh", name="xã Thiệu Vân")
    rows = rows_of(EASY, "Trực tiếp", "An", 60, 4)
    file = register(root / "data" / "inbox" / "SoTheoDoi_Q1_2024.csv", rows)
    assert not [done.error for done in inbox.ingest(root, [file]) if done.error]
    q = office.open(root).period("2024-Q1", audience="internal")
    shown = {name: getattr(sections, name)(q).data for name in EVERY}
    assert all(shown.values())
    assert {row[-1] for row in shown["where_late"]["rows"]} == {"Trong mức dao động"}
    assert shown["why_changed"]["kind"] == "note"


def test_a_dash_of_the_chart_is_the_period_and_its_limits_come_from_before(
    sample: office.Office,
) -> None:
    q = sample.period("2024-Q4")
    before = [g for g, day in zip(q.picture.history.between, q.picture.ends, strict=True)
              if day < q.start]  # fmt: skip
    limit = q.picture.chart.upper[-1]
    p = len(before) / (len(before) + sum(before))
    assert limit is not None and (1 - p) ** (limit + 1) <= 0.00135 < (1 - p) ** limit
    figure = sections.late_chart(q).data
    for words in ("late_picture.chart_point_g", "figures.centre", "figures.unfinished"):
        assert say(words) in figure["svg"], "what is drawn is named in the legend"
    funnel = sections.where_funnel(q).data["svg"]
    assert say("figures.group") in funnel and say("figures.high_group") in funnel
    assert re.search(r"giới hạn trên \d", figure["alt"]) and len(figure["table"]["rows"]) == 40
