"""Small registers of activities in, small answers out; own kinds from a file alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections, shipped
from cchc_analysis.errors import ParameterError, PlanError
from cchc_analysis.indicators import activities, activity_kinds
from cchc_analysis.period import Period
from cchc_analysis.view import PeriodView
from cchc_analysis.words import has_label

from ..registers import register, row
from ..sheets import PHONE, csv_file

HEADER = ["Ngày", "Nội dung CCHC", "Loại hoạt động", "Tên hoạt động", "Số lượng", "Đơn vị tính",
          "Số người", "Số văn bản"]  # fmt: skip
Make = Callable[..., PeriodView]


def line(day: str, kind: str, count: Any = "", unit: str = "", **more: Any) -> list[Any]:
    cells = {"content": "", "title": "", "people": "", "document": "", **more}
    return [day, cells["content"], kind, cells["title"], count, unit, cells["people"],
            cells["document"]]  # fmt: skip


@pytest.fixture
def make(workspace: Path) -> Make:
    """``make(label, rows, …)``: each list of rows is an export of the year, three months on."""

    def view(label: str, *exports: Sequence[list[Any]], own: str = "") -> PeriodView:
        if own:
            folder = workspace / "data" / "reference"
            folder.mkdir()
            text = shipped.reference("activities.toml").read_text(encoding="utf-8")
            (folder / "activities.toml").write_text(text + own, encoding="utf-8")
        from cchc_analysis.workspace import inbox

        dossiers = [row("0001", "02/01/2024", "09/01/2024", "08/01/2024")]
        files = [(register(workspace / "so.csv", dossiers), "2024-04-05")]
        for number, rows in enumerate(exports):
            path = csv_file(workspace / f"HoatDong{'AB'[number]}_2024.csv", [HEADER, *rows])
            files.append((path, dt.date(2025, 1 + number, 5).isoformat()))
        for path, moment in files:
            done = inbox.ingest(workspace, [path], exported_at=moment)
            assert [taken.error for taken in done] == [None]
        the_office = office.open(workspace)
        return PeriodView(the_office, Period.parse(label), as_of=None, audience="shared")

    return view


def value(q: PeriodView, id: str) -> tuple[Any, ...]:
    found = activities.values(q)[f"activities.{id}"]
    return found.numerator, found.value, found.status


def test_a_row_without_a_number_is_one_and_none_is_nought(make: Make) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Họp"), line("06/02/2024", "Giao ban", 2)])
    assert value(q, "meetings") == (3, 3, "ok")
    assert value(q, "training") == (0, 0, "ok")
    assert value(q, "meetings.people") == (None, None, "no_data")
    assert value(q, "training.people") == (0, 0, "ok")


def test_nothing_delivered(make: Make) -> None:
    q = make("2024-Q1")
    assert {v.status for v in activities.values(q).values()} == {"no_data"}
    assert q.result("activities.budget").status == "no_data"
    assert sections.activities_faults(q).data["kind"] == "note"


def test_sums_of_one_unit_only(make: Make) -> None:
    rows = [
        line("05/02/2024", "Kinh phí", '"1,5"', "tỷ đồng"),
        line("06/02/2024", "Kinh phí", 25, "triệu"),
        line("07/02/2024", "Kinh phí", 250_500, "đồng"),
    ]
    q = make("2024-Q1", rows)
    assert value(q, "budget") == (None, 1525.2505, "ok")
    assert sections.activities_summary(q, "V") == [
        "Kinh phí thực hiện 1.525,2505 triệu đồng (3 lần)."
    ]


@pytest.mark.parametrize(
    ("kind", "count", "unit", "what", "found"),
    [
        ("Tập huấn", 3, "ngày", "other_unit", (2, 2, "incomplete_period")),
        ("Tập huấn", 3, "khóa", None, (5, 5, "ok")),
        ("Tập huấn", 3, "", None, (5, 5, "ok")),
        ("Dã ngoại", 3, "lớp", "unknown_kind", (2, 2, "ok")),
    ],
)
def test_another_unit_is_shown_and_never_added(
    make: Make, kind: str, count: int, unit: str, what: str | None, found: tuple[Any, ...]
) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Tập huấn", 2, "lớp"),
                         line("06/02/2024", kind, count, unit, content="IV")])  # fmt: skip
    assert value(q, "training") == found
    assert [fault.what for fault in q.activities.faults] == ([what] if what else [])
    notes = sections.activities(q, "IV").data["notes"]
    assert len(notes) == (1 if what else 0)


@pytest.mark.parametrize("rows", [[("", "triệu đồng")], [(12, "")]])
def test_money_without_its_sum_or_unit_is_no_sum(make: Make, rows: list[Any]) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Kinh phí", *cells) for cells in rows])
    assert value(q, "budget") == (None, None, "faulty")


def test_a_period_partly_covered(make: Make) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Họp")])
    reporting = PeriodView(q.office, Period.parse("2024-Q1", "reporting"), as_of=None,
                           audience="shared")  # fmt: skip
    assert value(reporting, "meetings") == (1, 1, "incomplete_period")


def test_of_two_exports_the_newer_number_counts_and_a_lost_row_is_asked_about(make: Make) -> None:
    first = [line("05/02/2024", "Tập huấn", 2, title="Kỹ năng số"),
             line("06/02/2024", "Họp", title="Giao ban"),
             line("07/02/2024", "Họp", title="Sơ kết")]  # fmt: skip
    second = [line("05/02/2024", "tap huan", 3, title="Kỹ năng  số"), first[1],
              line("08/02/2024", "Họp", title="Sơ kết")]  # fmt: skip
    first[0][2] = "tap huan"
    q = make("2024-Q1", first, second)
    assert value(q, "training")[1] == 3
    assert value(q, "meetings")[1] == 3
    (fault,) = q.activities.faults
    assert (fault.what, fault.file, fault.row) == ("vanished", "HoatDongA_2024.csv", 4)
    assert "HoatDongB_2024.csv" in fault.text


def test_two_lists_of_one_year_stand_beside_each_other(make: Make) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Họp")], [line("05/02/2024", "Tập huấn")])
    assert (value(q, "meetings")[1], value(q, "training")[1]) == (1, 1)
    assert q.activities.faults == []


def test_hostile_text_stays_text_without_numbers_and_names(make: Make) -> None:
    title = f'"<script>alert(1)</script> ông Nguyễn Văn Kín {PHONE}"'
    formula = '"=HYPERLINK(""http://x"")"'
    q = make("2024-Q1", [line("05/02/2024", "Họp", title=title, document=formula)])
    block = sections.activities(q, "VII")
    cells = block.data["rows"][0]
    assert "Kín" not in cells[1] and PHONE not in cells[1] and "script" in cells[1]
    assert cells[4].startswith("=HYPERLINK")
    assert "<script>" not in block._repr_mimebundle_()["text/html"]


def test_what_is_no_content(make: Make) -> None:
    with pytest.raises(ParameterError):
        sections.activities(make("2024-Q1"), "VIII")


# -- the file of kinds --------------------------------------------------------------------------

OWN = """
[kinds.trees]
label = "Cây xanh được trồng"
content = "VI"
unit = "cây"
words = ["trồng cây"]
people = true
"""


def test_an_own_kind_is_a_figure_without_new_code_or_export(make: Make) -> None:
    q = make("2024-Q1", [line("05/02/2024", "Trồng cây xanh", 120, "cây", people=30)])
    assert [fault.what for fault in q.activities.faults] == ["unknown_kind"]
    folder = q.office.workspace / "data" / "reference"
    folder.mkdir()
    text = shipped.reference("activities.toml").read_text(encoding="utf-8")
    (folder / "activities.toml").write_text(text + OWN, encoding="utf-8")
    q = office.open(q.office.workspace).period("2024-Q1")
    r = q.result("activities.trees")
    assert (r.value, r.label, r.unit) == (120, "Cây xanh được trồng", "cây")
    assert "Cây xanh được trồng" in r.definition
    assert q.result("activities.trees.people").value == 30
    assert sections.activities_summary(q, "VI") == [
        "Cây xanh được trồng: 120 cây, 30 lượt người tham gia."
    ]


def test_a_file_with_fewer_kinds_leaves_the_fixed_ids(workspace: Path, make: Make) -> None:
    folder = workspace / "data" / "reference"
    folder.mkdir()
    (folder / "activities.toml").write_text(OWN, encoding="utf-8")
    q = make("2024-Q1", [line("05/02/2024", "Trồng cây", 2)])
    assert (q.result("activities.trees").value, q.result("activities.training").status) == (
        2, "not_analysed",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        OWN.replace('"VI"', '"VIII"'), OWN.replace("label", "lable"),
        OWN.replace('label = "Cây xanh được trồng"', ""), OWN.replace("trees", '"Cây"'),
        OWN.replace("trồng cây", "tập huấn"), OWN + 'units = { "rừng" = 0 }\n',
        OWN + 'units = ["cây"]\n', OWN.replace("people = true", 'people = "có"'),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(make: Make, wrong: str) -> None:
    with pytest.raises(PlanError, match=r"activities\.toml"):
        make("2024-Q1", [line("05/02/2024", "Họp")], own=wrong).activities.kinds  # noqa: B018


@pytest.mark.parametrize(
    ("spoken", "kind"),
    [
        ("Kiểm tra", "inspections"), ("Kiểm tra văn bản quý I", "documents_checked"),
        ("KIEM TRA CCHC", "inspections"), ("Tự kiểm tra ISO 9001", "iso_checks"),
        ("họp", "meetings"),
        ("Hợp đồng", None), ("Phối hợp", None), ("Hội nghị tập huấn", "training"),
        ("training", "training"), ("Hộ được hỗ trợ lên sàn thương mại điện tử", "ecommerce"),
        ("Hội nghị và tập huấn", None), ("", None),
    ],
)  # fmt: skip
def test_the_longest_word_that_fits_names_the_kind(spoken: str, kind: str | None) -> None:
    found = activity_kinds.load().find(spoken)
    assert (found and found.id) == kind


def test_every_shipped_kind_has_its_label() -> None:
    kinds = activity_kinds.load()
    assert len(kinds.by_id) == 9 and not kinds.verified
    assert all(has_label(f"activities.{id}") for id in kinds.by_id)
