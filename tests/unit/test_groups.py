"""One decision a group for all tables of a brief, and for the briefs of other periods."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc_analysis import office, sections
from cchc_analysis.suppression import remember
from cchc_analysis.workspace import inbox

from ..registers import register, row
from ..spec.test_survey_sections import taken

FORMS = {1: 9, 2: 9, 3: 2}  # by month


def form(month: int, n: int, field: str = "Hộ tịch") -> str:
    return f"{n + 1:02}/{month:02}/2024 08:00:00,{field},Trực tiếp,Hài lòng,Hài lòng,Hài lòng,"


def status(root: Path, label: str) -> str:
    """Of the index in the brief of a period, which is then remembered."""
    q = office.open(root).period(label)
    found = q.result("survey.index")
    assert (found.value is None) is (found.status != "ok")
    assert (sections.survey_figures(q).data["kind"] == "note") is (found.status != "ok")
    remember(q)
    return str(found.status)


@pytest.mark.parametrize(
    "order",
    [
        # the trend of January's brief tells of the quarter
        {"2024-01": "ok", "2024-02": "suppressed", "2024-03": "suppressed", "2024-Q1": "ok"},
        {"2024-Q1": "ok", "2024-03": "suppressed", "2024-01": "ok", "2024-02": "suppressed"},
    ],
)
def test_a_month_of_few_forms_is_not_what_is_left_of_its_quarter(
    workspace: Path, order: dict[str, str]
) -> None:
    taken(workspace, [form(month, n) for month, count in FORMS.items() for n in range(count)])
    assert {label: status(workspace, label) for label in order} == order
    assert {label: status(workspace, label) for label in order} == order  # made again


def test_all_tables_of_a_brief_leave_out_the_same_groups(workspace: Path) -> None:
    fields = ["Hộ tịch"] * 12 + ["Đất đai"] * 8 + ["Chứng thực"] * 3
    the_office = taken(workspace, [form(1, n, field) for n, field in enumerate(fields)])
    q = the_office.period("2024-Q1")
    tables = (sections.survey_groups(q), sections.survey_coverage(q))
    shown = [{row[0] for row in t.data["rows"] if row[0].startswith("Lĩnh vực")} for t in tables]
    assert shown[0] == shown[1] == {"Lĩnh vực: Hộ tịch"}
    assert q.groups.hidden("survey.field") == {"Đất đai", "Chứng thực"}


def test_a_group_is_told_of_its_month_only_where_the_quarter_does_not_tell_the_rest(
    workspace: Path,
) -> None:
    rows = [form(1, n) for n in range(20)] + [form(2, n) for n in range(20)]
    rows += [form(1, n, "Đất đai") for n in range(9)] + [form(2, n, "Đất đai") for n in range(2)]
    taken(workspace, rows)
    quarter = office.open(workspace).period("2024-Q1")
    assert quarter.groups.hidden("survey.field") == set()
    remember(quarter)
    first = office.open(workspace).period("2024-01")
    assert first.groups.hidden("survey.field") == {"Đất đai", "Hộ tịch"}


def themes(root: Path, label: str) -> list[str]:
    """What the brief of a period says that comments speak of; it is then remembered."""
    q = office.open(root).period(label)
    told = sections.survey_comments(q).data["rows"]
    remember(q)
    return [f"{row[0]}: {row[-1]}" for row in told]


def test_what_few_comments_speak_of_is_not_what_is_left_of_the_quarter(workspace: Path) -> None:
    said = "Chờ lâu quá"
    rows = [form(1, n) + said for n in range(6)] + [form(1, n) for n in range(6, 12)]
    rows += [form(2, n) + said for n in range(7)] + [form(2, n) for n in range(7, 14)]
    rows += [form(3, n) + said for n in range(2)] + [form(3, n) for n in range(2, 14)]
    taken(workspace, rows)
    assert themes(workspace, "2024-01") == [f"{(name := 'Chờ đợi lâu')}: 6"]
    assert themes(workspace, "2024-Q1") == [f"{name}: 15"]
    assert themes(workspace, "2024-02") == []  # 15 − 6 − 7 in March
    assert themes(workspace, "2024-01") == [f"{name}: 6"]  # made again


COUNT = (
    "from cchc_analysis import extend\n"
    '@extend.indicator("own.web", label="Qua mạng", definition="Nộp qua mạng")\n'
    'def web(q):\n    return q.dossiers["received_online"]\n'
)


def test_a_figure_of_the_offices_own_is_not_what_is_left_of_its_quarter(workspace: Path) -> None:
    (workspace / "extensions").mkdir()
    (workspace / "extensions" / "web.py").write_text(COUNT, encoding="utf-8")
    lines = [
        row(f"{100 * month + n:04}", f"0{month}/0{month}/2024", channel="Trực tuyến")
        for month, count in FORMS.items() for n in range(count)
    ]  # fmt: skip
    inbox.ingest(workspace, [register(workspace / "so.csv", lines)])
    found = {}
    for label in ("2024-Q1", "2024-03", "2024-01", "2024-02"):
        q = office.open(workspace).period(label)
        found[label] = q.result("own.web").status
        remember(q)
    # March's brief tells of February, to compare: then January would leave March.
    assert found == {"2024-Q1": "ok", "2024-03": "suppressed", "2024-01": "suppressed",
                     "2024-02": "ok"}  # fmt: skip
