"""What notebook 3 shows: nothing of few people, no harm from typed text, true in any case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cchc_analysis import office, sections
from cchc_analysis.briefs import docx, html, pdf, xlsx
from cchc_analysis.privacy import scan
from cchc_analysis.words import say
from cchc_analysis.workspace import inbox

from .. import registers

EVERY = (
    "survey_figures", "survey_trend", "survey_items", "survey_drivers", "survey_groups",
    "survey_coverage", "survey_linked", "survey_comments", "survey_quality", "feedback_balance",
    "feedback_by",
)  # fmt: skip
HARMFUL = (
    "<script>alert('x')</script> chờ lâu", '=HYPERLINK("http://x.invalid";"bấm") chờ lâu',
    "Chờ lâu, gọi chị Nguyễn Thị Hoa 0912345678", "Chờ lâu " + "👍" * 10_000, "chờ lâu\u202egnp.",
    "@SUM(A1) chờ lâu",
)  # fmt: skip


def taken(workspace: Path, rows: list[str], head: str = "") -> office.Office:
    register = registers.register(
        workspace / "SoTheoDoi.csv",
        [registers.row("0001", "04/03/2024 08:00", "06/03/2024", "05/03/2024 09:00", "")],
    )
    survey = workspace / "KhaoSatHaiLong_Q1_2024.csv"
    head = head or (
        "Dấu thời gian,Lĩnh vực,Hình thức nộp hồ sơ,Kết quả [Kết quả đúng hẹn],"
        "Kết quả [Kết quả công bằng],Mức độ hài lòng chung,Góp ý"
    )
    survey.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    done = inbox.ingest(workspace, [register, survey])
    assert [d.error for d in done if d.error] == []
    return office.open(workspace)


def form(n: int, comment: str = "", answer: str = "Hài lòng") -> str:
    quoted = '"' + comment.replace('"', '""') + '"'
    return (
        f"{n % 28 + 1:02}/02/2024 08:{n // 28:02}:00,Hộ tịch,Trực tiếp,{answer},{answer},{answer},"
        f"{quoted}"
    )


def shown(q: office.PeriodView) -> dict[str, Any]:
    return {name: getattr(sections, name)(q).data for name in EVERY}


@pytest.mark.parametrize("n", [0, 1, 4])
def test_few_forms_are_not_shown_to_the_shared_audience(workspace: Path, n: int) -> None:
    filler = form(40).replace("/02/2024", "/12/2023")  # of another quarter, so that there is a file
    q = taken(workspace, [filler, *(form(i) for i in range(n))]).period("2024-Q1")
    found = shown(q)
    assert all(found.values())
    about = {name: found[name] for name in EVERY if name.startswith("survey")}
    assert {block["kind"] for block in about.values()} == {"note"}
    assert "100%" not in json.dumps(about, ensure_ascii=False)


def test_only_a_table_that_hides_a_group_says_so(workspace: Path) -> None:
    rows = [form(n) for n in range(10)]
    rows += [form(n).replace("Hộ tịch", "Đất đai") for n in range(10, 13)]
    rows += [form(n).replace("Trực tiếp", "Trực tuyến") for n in range(13, 20)]
    the_office = taken(workspace, rows)
    inner = sections.survey_groups(the_office.period("2024-Q1", audience="internal")).data
    outer = sections.survey_groups(the_office.period("2024-Q1")).data
    few = say("satisfaction.few_hidden")
    assert few not in inner["notes"] and any("Đất đai" in row[0] for row in inner["rows"])
    assert few in outer["notes"] and not any("Đất đai" in row[0] for row in outer["rows"])


def test_five_who_are_all_satisfied_tell_little(workspace: Path) -> None:
    q = taken(workspace, [form(i) for i in range(5)]).period("2024-Q1")
    rows = {row[0]: row for row in sections.survey_figures(q).data["rows"]}
    index = rows["Chỉ số hài lòng (chưa điều chỉnh)"]
    assert index[1] == "100%" and index[2].startswith("47,8%")  # Clopper–Pearson of 5 in 5
    assert index[5] == "Chưa đủ căn cứ kết luận" and index[6] == "183"
    assert sections.survey_drivers(q).data["kind"] == "note"


def test_harmful_text_is_text_in_every_document(workspace: Path, tmp_path: Path) -> None:
    forms = [form(i, HARMFUL[i % len(HARMFUL)]) for i in range(12)]
    the_office = taken(workspace, forms)
    q = the_office.period("2024-Q1", audience="internal")
    table = sections.survey_comments(q).data
    blocks = [{"kind": "heading", "level": 2, "id": "h", "text": "Góp ý"}, table]
    page = html.block_html(table)
    assert "<script>alert" not in page and 'http://x.invalid"' not in page
    assert not scan(json.dumps(table, ensure_ascii=False)) and "Nguyễn Thị Hoa" not in page
    assert len(page) < 20_000
    assert pdf.render(blocks).startswith(b"%PDF") and docx.render(blocks)[:2] == b"PK"
    sheet = {
        "name": "x", "title": "x", "notes": [],
        "columns": [{"label": c["label"], "type": "text", "width": 30} for c in table["columns"]],
        "rows": [[*row[:3], *HARMFUL[:1]] for row in table["rows"]] + [[*HARMFUL[1:5]]],
    }  # fmt: skip
    meta = {"title": "x", "unit": "x", "span": "", "data_day": q.data_day, "audience": "internal",
            "notices": []}  # fmt: skip
    xlsx.write(tmp_path / "x.xlsx", [sheet], meta)
    from openpyxl import load_workbook

    cells = [c for row in load_workbook(tmp_path / "x.xlsx").worksheets[1].iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    shared = sections.survey_comments(the_office.period("2024-Q1")).data
    assert "chờ lâu" not in json.dumps(shared, ensure_ascii=False).lower().replace(
        "chờ đợi lâu", ""
    )


def test_a_question_asked_the_other_way_round_is_found(workspace: Path) -> None:
    head = "Dấu thời gian,Lĩnh vực,Hình thức nộp hồ sơ,Kết quả [Kết quả đúng hẹn],"
    head += "Kết quả [Kết quả công bằng],Kết quả [Dễ hiểu],Kết quả [Phải chờ quá lâu]"
    rows = []
    for n in range(60):
        good = 3 + n % 3
        rows.append(
            f"{n % 28 + 1:02}/02/2024 08:{n:02}:00,Hộ tịch,Trực tiếp,{good},{good},"
            f"{min(5, good + n % 2)},{6 - good}"
        )
    q = taken(workspace, rows, head).period("2024-Q1")
    note = sections.survey_quality(q).data["notes"][0]
    assert "Phải chờ quá lâu" in note and "đúng hẹn" not in note


def test_the_weighted_index_needs_fifty_effective_forms(sample: office.Office) -> None:
    month = sample.period("2024-02")
    assert 0 < month.satisfaction.respondents < 60
    assert month.result("survey.index_weighted").status in ("too_few", "ok")
    weighting = month.satisfaction.weighting
    assert weighting is not None
    enough = weighting.effective >= 50
    assert (month.result("survey.index_weighted").value is not None) is enough


def test_every_section_of_every_quarter_says_something(sample: office.Office) -> None:
    for label in ("2023-Q3", "2024-Q4", "2024-05", "2024"):
        assert all(shown(sample.period(label)).values())


def test_only_a_declared_probability_sample_is_corrected_for_its_population(
    workspace: Path,
) -> None:
    answers = ["Hài lòng"] * 3 + ["Không hài lòng"]
    the_office = taken(workspace, [form(i, answer=answers[i % 4]) for i in range(40)])
    q = the_office.period("2024-Q1")
    wide = q.result("survey.index")
    assert "không phải mẫu ngẫu nhiên" in " ".join(sections.survey_figures(q).data["notes"])
    plan = workspace / "data" / "plans" / "thieu-van" / "2024" / "plan.toml"
    declared = "[survey]\nprobability_sample = true\npopulation = 44\n\n[plan]"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("[plan]", declared, 1), encoding="utf-8"
    )
    q = office.open(workspace).period("2024-Q1")
    narrow = q.result("survey.index")
    assert narrow.value == wide.value
    assert narrow.low is not None and wide.low is not None and narrow.low > wide.low + 0.02
    assert "mẫu chọn xác suất" in " ".join(sections.survey_figures(q).data["notes"])


def test_the_question_that_moves_the_overall_answer_is_named(workspace: Path) -> None:
    import random

    draw = random.Random(4)
    head = "Dấu thời gian,Lĩnh vực,Hình thức nộp hồ sơ,Kết quả [Đúng hẹn],Kết quả [Công bằng],"
    head += "Công chức [Lịch sự],Mức độ hài lòng chung"
    rows = []
    for n in range(160):
        on_time, fair, polite = (draw.choice([2, 3, 4, 4, 5, 5]) for _ in range(3))
        overall = on_time if draw.random() < 0.8 else draw.choice([3, 4, 5])
        stamp = f"{draw.randint(1, 28):02}/02/2024 08:{n % 60:02}:{n // 60:02}"
        rows.append(f"{stamp},Hộ tịch,Trực tiếp,{on_time},{fair},{polite},{overall}")
    q = taken(workspace, rows, head).period("2024-Q1")
    shown = sections.survey_drivers(q).data
    assert shown["notes"][0] == "Nên làm trước: Đúng hẹn."
    assert shown["table"]["rows"][0][1] == "Đúng hẹn"
