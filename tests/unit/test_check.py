"""All that is wrong with a unit's files is listed once, in one run; mended, the run is clean."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cchc_analysis import cli, shipped
from cchc_analysis.errors import PlanError
from cchc_analysis.plan import load
from cchc_analysis.workspace import check as checking
from cchc_analysis.workspace import inbox

UNIT = "data/plans/thieu-van/unit.toml"
TARGETS = "data/plans/thieu-van/2024/targets.csv"
PLAN = "data/plans/thieu-van/2024/plan.toml"
QUESTIONS = "data/plans/thieu-van/questionnaire.csv"
ACTIVITIES = "data/reference/activities.toml"
ANSWERS = "data/reference/answers.toml"  # which the questionnaire reads too
WORKDAYS = "data/reference/workdays.toml"  # which the unit's calendar reads too
# file, what is written, what stands there instead, what the line must say, the row
PLANTED = [
    (UNIT, 'late_rule = "day"', 'late_rul = "hour"', "“late_rul”", None),  # the key,
    (UNIT, "", "", "hour", None),  # and its value
    (UNIT, 'place = "Thiệu Vân"', 'place = ""', "place", None),
    (TARGETS, "0.999", "99.9", "cột “value”", 2),
    (TARGETS, "T1,dossiers.on_time_rate", "T1,dossiers.on_tme_rate", "dossiers.on_time_rate", None),
    (TARGETS, "0.99,share,min", "0.99,part,min", "cột “unit”", 3),
    (PLAN, "number = 2\n", "number = 2000\n", "2000", None),
    (QUESTIONS, "Q1,5", "Q1,50", "cột “scale”", 2),
    (ANSWERS, "5 = 4", "5 = 40", "40", None),
    (WORKDAYS, "[2023, 2026]", "[2026, 2023]", "[VN]", None),
    (ACTIVITIES, 'content = "IV"', 'content = "IX"', "IX", None),
    (ACTIVITIES, "people = true", 'people = "có"', "people", None),
]
BAD_FILES = {"SoTheoDoi.xlsx": b"", "DanhSach.csv": "Tên,Tuổi\nA,5\nB,6\n".encode()}
MAPPING = 'table = "dossiers"\ndayfirst = "no"\n[columns]\ncode = "Ref"\nreceived = "Opened"\n'


def run(root: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["-C", str(root), "check", *arguments])
    return int(stopped.value.code or 0)


def state(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_everything_wrong_is_told_at_once_and_mended_is_clean(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(shipped.path("data", "reference"), workspace / "data" / "reference")
    (workspace / QUESTIONS).write_text("item,scale\nQ1,5\n", encoding="utf-8")
    good = {file: (workspace / file).read_text(encoding="utf-8") for file, *_ in PLANTED}
    for file, old, new, *_ in PLANTED:
        text = (workspace / file).read_text(encoding="utf-8")
        assert old in text
        (workspace / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    folder = workspace / "data" / "inbox"
    for name, content in BAD_FILES.items():
        (folder / name).write_bytes(content)
    (folder / "Other.csv").write_text("Ref,Opened\nA-1,05/01/2024\n")
    (folder / "Other.mapping.toml").write_text(MAPPING, encoding="utf-8")
    before = state(workspace)
    assert run(workspace, "--json") == PlanError.exit_code  # the first failure's own
    found = json.loads(capsys.readouterr().out)
    assert state(workspace) == before
    errors = [row for row in found if row["level"] == "error"]
    told = [(row["file"], row["row"], row["message"]) for row in errors]
    for file, _, _, said, row in PLANTED:
        same = [each for each in told if each[:2] == (file, row) and said in each[2]]
        assert len(same) == 1, (file, said, told)
    for name in BAD_FILES:
        assert [each[0] for each in told].count(f"data/inbox/{name}") == 1
    mapping = [each[2] for each in told if each[0] == "data/inbox/Other.mapping.toml"]
    assert len(mapping) == 2 and any("“received”" in text for text in mapping)
    assert len(told) == len(PLANTED) + len(BAD_FILES) + len(mapping)

    for file, text in good.items():
        (workspace / file).write_text(text, encoding="utf-8")
    for path in folder.iterdir():
        path.unlink()
    assert run(workspace) == 0
    assert "Không có lỗi nào" in capsys.readouterr().out


def test_other_commands_tell_the_first_and_how_many_more(workspace: Path) -> None:
    file = workspace / TARGETS
    text = file.read_text(encoding="utf-8").replace("share,min", "part,most")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load(workspace, "thieu-van", 2024)
    assert len(caught.value.errors) > 10
    message = str(caught.value)
    assert "dòng 2" in message and "dòng 3" not in message
    assert f"Còn {len(caught.value.errors) - 1} lỗi khác" in message and "cchc check" in message


def test_the_shipped_sample_has_no_errors(workspace: Path) -> None:
    shutil.copytree(shipped.path("data", "reference"), workspace / "data" / "reference")
    for path in shipped.path("data", "sample").iterdir():
        shutil.copy(path, workspace / "data" / "inbox")
    before = state(workspace)
    found = checking.check(workspace)
    assert [finding for finding in found if finding.exit_code] == []
    assert state(workspace) == before
    aside = [f.row for f in found if f.row and f.file.endswith("SoTheoDoiHoSo_Q2_2024.xlsx")]
    assert aside == [651, 711]  # what ingest sets aside
    inbox.ingest(workspace)
    after = checking.check(workspace)
    year = "data/plans/thieu-van/2024"  # goals that nobody verified; a plan printed without number
    files = [f"{year}/indicators.csv", f"{year}/plan.toml", "data/plans/thieu-van"]
    assert [f.file for f in after] == files  # no plan of 2023; nothing to take


HEAD = "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái\n"


def doubts(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in checking.check(root):
        assert finding.exit_code == 0, finding
        found.setdefault(finding.file, []).append(finding.message)
    return found


def test_what_is_no_error_but_worth_knowing(workspace: Path) -> None:
    folder = workspace / "data" / "inbox"
    for month in (1, 4):
        line = f"A-0{month}01,05/0{month}/2024,20/0{month}/2024,Đang xử lý\n"
        (folder / f"HoSo_T{month:02}_2024.csv").write_text(HEAD + line, encoding="utf-8")
    (folder / "HoSo_T04_2024.csv").write_text(
        HEAD.replace("\n", ",Sao băng\n") + "A-0401,05/04/2024,20/04/2024,Đang xử lý,x\n",
        encoding="utf-8",
    )
    (folder / "cong-van.pdf").write_bytes(b"%PDF")
    (folder / "Khac.mapping.toml").write_text('table = "dossiers"\n', encoding="utf-8")
    plan = workspace / "data/plans/thieu-van/2024"
    text = (plan / "targets.csv").read_text(encoding="utf-8")
    head = text.splitlines()[0]
    more = "A1,activities.training.people,100,count,min,mục 3,,Tập huấn 100 lượt người,yes,\n"
    (plan / "targets.csv").write_text(text + more, encoding="utf-8")  # a figure like any other
    found = doubts(workspace)
    assert "Chưa nạp" in found["data/inbox/HoSo_T01_2024.csv"][0]
    assert any("Sao băng" in text for text in found["data/inbox/HoSo_T04_2024.csv"])
    assert "data/inbox/cong-van.pdf" in found and "data/inbox/Khac.mapping.toml" in found
    assert "01/02/2024" in found["data/inbox"][0] and "31/03/2024" in found["data/inbox"][0]
    (plan / "targets.csv").write_text(head + "\n", encoding="utf-8")
    own = folder / "thieu-van"
    own.mkdir()
    found = doubts(workspace)
    assert "chưa có chỉ tiêu" in found["data/plans/thieu-van/2024/targets.csv"][0]
    assert "data/inbox/thieu-van" in found["data/inbox/HoSo_T01_2024.csv"][0]  # is not read there
