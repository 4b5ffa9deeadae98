"""A wrong plan file is refused with its name, the place and the remedy."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from cchc_analysis import plan as plans
from cchc_analysis import shipped
from cchc_analysis.errors import PlanError, UnitError, WorkspaceError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path):
    shutil.copytree(ROOT / "data" / "plans", tmp_path / "data" / "plans")
    return tmp_path


def edit(workspace, file, old, new):
    path = workspace / "data/plans/thieu-van" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# file, what is written, what stands there instead, what the message must say
WRONG = [
    ("unit.toml", "late_rule", "late_rul", ["unit.toml", "[rules]", "late_rul", "“late_rule”"]),
    ("unit.toml", "[stages]", "[stage]", ["[stage]", "“stages”"]),
    ("unit.toml", 'late_rule = "day"', 'late_rule = "hour"', ["late_rule", "hour", "day, time"]),
    ("unit.toml", '"15:00"', '"3 giờ"', ["same_day_cutoff", "15:00"]),
    ("unit.toml", "closing_day = 14", "closing_day = 31", ["closing_day", "1 đến 27"]),
    ("unit.toml", "Asia/Ho_Chi_Minh", "Asia/Ha_Noi", ["timezone", "Asia/Ho_Chi_Minh"]),
    ("unit.toml", '= "S3_process"', '= "S3"', ["[stages]", "Thụ lý", "S3_process"]),
    ("unit.toml", "2025-06-30 ", '"30/6/2025"', ["valid_to", "2025-06-30"]),
    ("unit.toml", 'place = "Thiệu Vân"', "", ["thiếu khóa", "place"]),
    ("unit.toml", 'name = "xã Thiệu Vân"', "name = xã Thiệu Vân", ["dòng 9", "cột"]),
    ("2024/plan.toml", "issued_by", "issued_bi", ["2024/plan.toml", "“issued_by”"]),
    ("2024/targets.csv", "comparator", "comparer", ["targets.csv", "comparer", "“comparator”"]),
    ("2024/targets.csv", "0.999", "99.9", ["dòng 2", "value", "99.9", "99,9%"]),
    ("2024/targets.csv", ",min,", ",most,", ["dòng 2", "comparator", "min, max"]),
    ("2024/targets.csv", "0.99,share,min", "0.99,share,max", ["on_time_rate", "min"]),
    ("2024/targets.csv", "T1x,", "T1,", ["dòng 3", "T1", "dòng 2"]),
    ("2024/tasks.csv", "task,section", "section", ["tasks.csv", "thiếu cột", "task"]),
    ("2024/indicators.csv", "flow", "dòng chảy", ["indicators.csv", "dòng 2", "stock, flow"]),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), WRONG)
def test_wrong_files_are_named_with_a_remedy(workspace, file, old, new, told):
    edit(workspace, file, old, new)
    with pytest.raises(PlanError) as caught:
        plans.load(workspace, "thieu-van", 2024)
    message = str(caught.value)
    assert "thieu-van/" in message
    assert [part for part in told if part not in message] == []
    assert str(workspace) not in message


@pytest.mark.parametrize("file", ["plan.toml", "targets.csv", "tasks.csv", "indicators.csv"])
def test_a_missing_file_is_named(workspace, file):
    (workspace / "data/plans/thieu-van/2024" / file).unlink()
    with pytest.raises(PlanError, match=f"2024/{file}"):
        plans.load(workspace, "thieu-van", 2024)


def test_a_file_saved_by_an_old_excel_is_refused_by_name(workspace):
    path = workspace / "data/plans/thieu-van/2024/targets.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    with pytest.raises(PlanError, match="UTF-8"):
        plans.load(workspace, "thieu-van", 2024)


def test_a_file_saved_by_excel_in_vietnam_reads_the_same(workspace):
    before = plans.load(workspace, "thieu-van", 2024)
    path = workspace / "data/plans/thieu-van/2024/indicators.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [[cell.replace("0.85", "85%").replace(".", ",") for cell in row]
                for row in csv.reader(file)]  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    assert plans.load(workspace, "thieu-van", 2024).indicators == before.indicators


def test_a_year_may_change_the_rules_for_itself_alone(workspace):
    edit(workspace, "2024/plan.toml", "[plan]", '[rules]\nlate_rule = "time"\n\n[plan]')
    edit(workspace, "unit.toml", '"15:00"', '"16:30"')
    plan = plans.load(workspace, "thieu-van", 2024)
    assert plan.rules.late_rule == plan.unit.late_rule == "time"
    assert plan.rules.same_day_cutoff == dt.time(16, 30)
    assert plans.load(workspace, "thieu-van", 2025).rules.late_rule == "day"


def test_how_files_are_read_is_no_matter_of_the_year(workspace):
    edit(workspace, "2024/plan.toml", "[plan]", '[rules]\nsame_day_cutoff = "16:00"\n\n[plan]')
    with pytest.raises(PlanError, match="same_day_cutoff"):
        plans.load(workspace, "thieu-van", 2024)


def test_another_commune_is_another_folder(workspace):
    folder = workspace / "data/plans"
    shutil.copytree(folder / "thieu-van", folder / "dong-tien")
    edit(workspace, "../dong-tien/unit.toml", 'name = "xã Thiệu Vân"', 'name = "phường Đông Tiến"')
    edit(workspace, "../dong-tien/2024/targets.csv", "0.999", "95%")
    assert plans.units(workspace) == ["dong-tien", "thieu-van"]
    plan = plans.load(workspace, "dong-tien", 2024)
    assert plan.unit.name == "phường Đông Tiến"
    governing = plan.target("dossiers.on_time_rate")
    assert (governing.id, governing.value) == ("T1x", Decimal("0.99"))


def test_unknown_units_get_a_near_match_and_the_list(workspace):
    with pytest.raises(UnitError, match=r"“thieu-van”.*thieu-van"):
        plans.load_unit(workspace, "thieuvan")
    with pytest.raises(UnitError):
        plans.load_unit(workspace, "../plans/thieu-van")


def test_a_folder_without_plans_is_no_workspace(tmp_path):
    with pytest.raises(WorkspaceError, match="cchc init"):
        plans.units(tmp_path)


def test_the_workspaces_own_catalogue_wins(workspace):
    assert shipped.reference("procedures.csv", workspace) == shipped.reference("procedures.csv")
    own = workspace / "data/reference"
    own.mkdir()
    (own / "procedures.csv").write_text(
        "code,online_level\n1.000001.H56,mot_phan\n2,unknown\n", encoding="utf-8"
    )
    assert plans.online_procedures(workspace) == {"1.000001"}
    (own / "procedures.csv").write_text("code,online_level\n", encoding="utf-8")
    assert plans.online_procedures(workspace) is None
