"""The shipped plan of 2024, number by number, as the printed plan has it."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from cchc_analysis import plan as plans

ROOT = Path(__file__).parents[2]

TARGETS = {  # id: (indicator, value, governs)
    "T1": ("dossiers.on_time_rate", "0.999", True),
    "T1x": ("dossiers.on_time_rate", "0.99", False),
    "T2a": ("dossiers.online_rate_eligible", "1", True),
    "T2b": ("dossiers.digitised_result_rate", "1", True),
    "T3": ("survey.overall", "0.98", True),
    "T4": ("survey.index", "0.98", True),
    "T3x": ("survey.index", "0.95", False),
    "T5": ("digital.CDS01", "1", True),
    "T6": ("digital.CDS02", "1", True),
    "T7": ("digital.CDS10", "1", True),
    "T8": ("dossiers.supplement_outside_rule", None, False),
    "T9": ("", None, False),
    "T10": ("tasks.overdue", "0", True),
    "T11": ("dossiers.apology_rate", "1", True),
}


@pytest.fixture(scope="module")
def plan():
    return plans.load(ROOT, "thieu-van", 2024)


def test_targets_and_where_each_is_written(plan):
    found = {
        t.id: (t.indicator, None if t.value is None else str(t.value), t.governs)
        for t in plan.targets
    }
    assert found == TARGETS
    assert all(target.where.startswith(("Phần thân", "Phụ lục")) for target in plan.targets)


def test_conflicts_are_kept_and_the_stricter_governs(plan):
    pairs = [(governing.id, other.id) for governing, other in plan.conflicts()]
    assert pairs == [("T1", "T1x"), ("T4", "T3x")]
    target = plan.target("dossiers.on_time_rate")
    assert target.value == Decimal("0.999")
    assert target.comparator == "min"
    assert plan.target("tasks.overdue").comparator == "max"


def test_a_target_without_a_number_governs_nothing(plan):
    assert plan.target("dossiers.supplement_outside_rule") is None
    assert plan.target("dossiers.received") is None


def test_thirty_tasks_under_29_numbers(plan):
    numbers = [task.task for task in plan.tasks]
    assert sorted(int(n) for n in numbers if n != "IV-0") == list(range(1, 30))
    assert len(numbers) == 30
    assert numbers[numbers.index("12") + 1] == "IV-0"
    assert plan.tasks[numbers.index("17")].lead == ""


def test_editors_remarks_are_not_in_the_content(plan):
    noted = {task.task for task in plan.tasks if task.note}
    assert noted == {"4", "5", "12", "IV-0", "13", "15", "27"}
    assert not any("số TT" in task.content or "ngắt trang" in task.content for task in plan.tasks)


def test_indicators_are_stock_or_flow(plan):
    assert [i.code for i in plan.indicators] == [f"CDS{n:02d}" for n in range(1, 11)]
    assert {i.code for i in plan.indicators if i.kind == "flow"} == {"CDS01", "CDS02", "CDS08"}
    goals = {i.code: i.goal for i in plan.indicators if i.goal != 1}
    assert goals == {"CDS03": Decimal("0.9"), "CDS04": Decimal("0.8"),
                     "CDS05": Decimal("0.5"), "CDS09": Decimal("0.85")}  # fmt: skip
    assert not any(i.verified for i in plan.indicators)
    assert plan.indicator("CDS05").unit == "hộ"


def test_fourteen_findings(plan):
    assert [glitch.number for glitch in plan.glitches] == list(range(1, 15))


def test_the_unit(plan):
    unit = plan.unit
    assert (unit.name, unit.place, unit.province_code) == ("xã Thiệu Vân", "Thiệu Vân", "H56")
    assert (unit.late_rule, unit.same_day_cutoff, unit.closing_day) == ("day", dt.time(15, 0), 14)
    assert unit.valid_on(dt.date(2025, 6, 30)) and not unit.valid_on(dt.date(2025, 7, 1))
    assert unit.successor == "phường Đông Tiến"
    assert unit.recipients[-1] == "Lưu: VT."


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        ("Tiếp nhận", "S1_receive"), ("Phân công", "S2_route"), ("THỤ LÝ", "S3_process"),
        ("Trình ký", "S5_submit"), ("ky duyet", "S6_sign"), ("Văn thư", "S7_seal"),
        ("Trả kết quả", "S8_return"), ("Chuyển liên thông", "linked_out"),
        ("Nhận kết quả liên thông", "linked_in"), ("Hội ý", None),
    ],
)  # fmt: skip
def test_steps_of_the_log_have_standard_stages(plan, step, stage):
    assert plan.unit.stage(step) == stage


def test_a_year_without_a_plan_borrows_none():
    plan = plans.load(ROOT, "thieu-van", 2023)
    assert plan.year is None
    assert plan.targets == plan.tasks == plan.indicators == ()
    assert plan.target("dossiers.on_time_rate") is None
    assert plan.rules == plans.load_unit(ROOT, "thieu-van").rules


def test_online_procedures_are_those_of_the_levels_that_count():
    with (ROOT / "data/reference/procedures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 129
    counted = {r["code"][:8] for r in rows if r["online_level"] in ("toan_trinh", "mot_phan")}
    assert plans.online_procedures(ROOT) == counted
    assert len(counted) == 15
