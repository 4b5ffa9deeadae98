"""What notebooks 4 and 5 show: the indicators' own numbers, faults only where faults are listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from cchc_analysis import office, sections
from cchc_analysis.indicators import digital, tasks
from cchc_analysis.phrases import mark, rate_text
from cchc_analysis.words import date, label, number, percent, say
from cchc_analysis.workspace import inbox

from ..registers import register, row

DIGITAL = ("digital_overview", "digital_path", "digital_months", "digital_faults")
TASKS = (
    "tasks_overview", "tasks_timeline", "tasks_overdue", "tasks_no_evidence", "tasks_next",
    "tasks_targets", "tasks_faults", "tasks_glitches",
)  # fmt: skip
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def shown(q: Any, name: str) -> dict[str, Any]:
    data: dict[str, Any] = getattr(sections, name)(q).data
    return data


def by_code(table: dict[str, Any]) -> dict[str, list[str]]:
    return {cells[0][-6:-1]: cells[1:] for cells in table["rows"]}


@pytest.mark.parametrize(("period", "cut"), [("2024-Q1", "calendar"), ("2024-Q4", "reporting")])
def test_overview_shows_the_figures_of_the_json(
    sample: office.Office, period: str, cut: str
) -> None:
    q = sample.period(period, cut=cut)
    rows = by_code(shown(q, "digital_overview"))
    assert set(rows) == {i.code for i in q.plan.indicators}
    for code, cells in rows.items():
        r = q.result(f"digital.{code}")
        assert cells[0] == f"{number(r.numerator or 0)}/{number(r.denominator or 0)}"
        assert cells[1] == rate_text(r.numerator, r.denominator, r.value or 0)
        assert r.target is not None and r.value is not None and r.previous is not None
        assert percent_points(cells[3]) == pytest.approx(100 * (r.value - r.target), abs=0.006)
        assert percent_points(cells[4]) == pytest.approx(100 * (r.value - r.previous), abs=0.006)
        assert cells[5] == label("state.met" if r.met else "state.not_met")
    gaps = [percent_points(cells[3]) for cells in rows.values()]
    assert gaps == sorted(gaps)


def percent_points(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def test_goals_that_nobody_verified_are_marked(sample: office.Office) -> None:
    table = shown(sample.period("2024-Q4"), "digital_overview")
    rows = by_code(table)
    assert rows["CDS10"][2] == "100%"  # the plan's own
    assert rows["CDS03"][2] == "90%†"
    assert any(say("digital.goal_unverified") == note for note in table["notes"])


def test_a_flow_that_met_the_goal_in_the_period_alone_is_named(sample: office.Office) -> None:
    q = sample.period("2024-Q4")
    notes = " ".join(shown(q, "digital_overview")["notes"])
    met = {p.indicator.code: (q.result(f"digital.{p.indicator.code}").met, p.met)
           for p in digital.path(q) if p.indicator.kind == "flow"}  # fmt: skip
    for code, (period, year) in met.items():
        assert (f"{code}: " in notes) == (period != year)


def test_the_path_says_what_is_needed_and_what_forecasts_were_worth(sample: office.Office) -> None:
    q = sample.period("2024-Q1")
    table = shown(q, "digital_path")
    rows = by_code(table)
    for path in digital.path(q):
        cells = rows[path.indicator.code]
        if path.indicator.kind == "stock":
            assert cells[2] == path.text
        if path.forecast is None or path.backtest is None:
            assert cells[3:] == [mark("zero")] * 2
        else:
            assert cells[3].startswith(percent(round(path.forecast.value, 6)))
            assert cells[4].startswith(f"{path.backtest.hits}/{path.backtest.tests}")
    test = digital.coverage(q)
    assert any(f"{test.hits}/{test.tests}" in note for note in table["notes"])
    assert "đang" not in rows["CDS01"][2]  # a flow has no pace


def test_after_the_year_there_is_nothing_to_forecast(sample: office.Office) -> None:
    table = shown(sample.period("2024"), "digital_path")
    assert len(table["columns"]) == 4
    assert by_code(table)["CDS06"][2] == say("digital.year_met", goal="100%")


def test_the_faults_stand_in_their_section_and_in_no_figure(sample: office.Office) -> None:
    q = sample.period("2024-Q4")
    text = json.dumps(shown(q, "digital_faults"), ensure_ascii=False)
    assert "05/2024" in text and "772" in text and "07/2024" in text
    for name in DIGITAL[:3]:
        block = shown(q, name)
        rest = {key: value for key, value in block.items() if key != "svg"}
        assert "772" not in json.dumps(rest, ensure_ascii=False)
    table = shown(q, "digital_months")["table"]
    place = [column["label"] for column in table["columns"]].index("CDS05")
    months = {cells[0]: cells for cells in table["rows"]}
    assert months["05/2024"][place] == mark("no_data")
    assert months["07/2024"][place + 1] == mark("no_data")
    assert sum(cells.count(mark("no_data")) for cells in table["rows"]) == 3  # 07/2023 too


def test_a_month_whose_number_is_faulty_has_no_value(sample: office.Office) -> None:
    rows = by_code(shown(sample.period("2024-05"), "digital_overview"))
    assert rows["CDS05"][:2] == [mark("no_data")] * 2
    assert rows["CDS05"][-1] == label("figure.faulty")
    assert list(rows)[-1] == "CDS05"


@pytest.mark.parametrize("cut", ["calendar", "reporting"])
@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q4", "2024-05", "2024"])
def test_the_total_of_tasks_is_the_json(sample: office.Office, period: str, cut: str) -> None:
    q = sample.period(period, cut=cut)
    table = shown(q, "tasks_overview")
    values = tasks.values(q)
    total = [0 if cell == mark("zero") else int(cell) for cell in table["rows"][-1][1:]]
    own, year = total[:5], total[-5:]
    found = [int(values[f"tasks.{name}"].value or 0) for name in ("due", "done", "done_late")]
    assert own[:3] == found
    assert own[4] == values["tasks.no_evidence"].value
    assert year[3] == values["tasks.overdue"].value
    for due, done, late, overdue, _ in (own, year):
        assert due == done + late + overdue
    for place in range(1, len(total) + 1):
        cells = [cells[place] for cells in table["rows"][:-1]]
        assert sum(0 if c == mark("zero") else int(c) for c in cells) == total[place - 1]


def test_each_overdue_duty_is_listed_with_its_days(sample: office.Office) -> None:
    q = sample.period("2024-Q4")
    rows = shown(q, "tasks_overdue")["rows"]
    assert len(rows) == tasks.values(q)["tasks.overdue"].value == 2
    assert rows[0][0].startswith("4. ") and rows[0][2:4] == ["30/09/2024", "92"]
    assert rows[0][4].startswith("60%")
    assert len(shown(q, "tasks_no_evidence")["rows"]) == 5


def test_what_is_next_and_what_closing_days_move(sample: office.Office) -> None:
    q = sample.period("2024-Q3")
    assert len(shown(q, "tasks_next")["rows"]) == len(tasks.due_next(q))
    assert "2025" in shown(sample.period("2024-Q4"), "tasks_next")["text"]
    notes = shown(sample.period("2024-Q4", cut="reporting"), "tasks_overview")["notes"]
    assert any("14/12/2024" in note and note.startswith("29 ") for note in notes)


def test_the_timeline_has_every_duty(sample: office.Office) -> None:
    q = sample.period("2024-Q3")
    block = shown(q, "tasks_timeline")
    assert len(block["table"]["rows"]) == len(tasks.duties(q))
    assert date(q.end) in block["alt"] and date(q.end) in block["svg"]
    assert label("tasks.unreported") not in block["svg"]  # has no due day, so no shape


def test_targets_without_an_owner_and_the_slips_of_the_plan(sample: office.Office) -> None:
    q = sample.period("2024-Q4")
    rows = shown(q, "tasks_targets")["rows"]
    assert [cells[0].split(".")[0] for cells in rows] == ["T5", "T6", "T8", "T9"]
    assert rows[2][2] == rows[3][2] == say("tasks.target_no_value")
    assert len(shown(q, "tasks_glitches")["rows"]) == len(q.plan.glitches)


def test_a_year_without_a_plan(sample: office.Office) -> None:
    q = sample.period("2023-Q4")
    for name in (*DIGITAL, *TASKS):
        block = shown(q, name)
        if name == "tasks_next":  # of the plan of 2024
            assert [cells[2] for cells in block["rows"]] == ["31/03/2024"]
        else:
            assert block["kind"] == "note" and "2023" in block["text"]


def test_nothing_delivered(workspace: Path) -> None:
    cells = [row(f"{n:04}", "02/01/2024", "09/01/2024", "08/01/2024") for n in range(9)]
    inbox.ingest(workspace, [register(workspace / "a.csv", cells)])
    q = office.open(workspace).period("2024-01")
    for name in DIGITAL:
        assert shown(q, name)["text"] == say("digital.not_delivered")
    assert shown(q, "tasks_overdue")["text"] == say("tasks.no_tracker", year=2024)
    assert shown(q, "tasks_overview")["rows"][-1][2:] == [mark("no_data")] * 4
    assert shown(q, "tasks_timeline")["kind"] == "figure"


SCORING = ("own_score", "outside_scores", "outside_years")
QUALITY = ("quality_score", "quality_indicators", "rating", "rating_by")


@pytest.mark.parametrize(
    ("name", "calls"),
    [("4_digital", (*DIGITAL, *QUALITY)), ("5_tasks", (*TASKS, *SCORING, "activities_faults"))],
)
def test_the_notebook_calls_each_once(name: str, calls: tuple[str, ...]) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    said = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert sorted(said[2:]) == sorted(f"sections.{call}(q)" for call in calls)
    tags = [cell for cell in notebook.cells if "appendix" in cell.metadata.get("tags", ())]
    assert len(tags) == 1 and tags[0].cell_type == "markdown"
