"""Where a workspace stands, from an empty one on: what people see before they do anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cchc_analysis import cli, office, shipped
from cchc_analysis.briefs import record, run
from cchc_analysis.workspace import inbox
from cchc_analysis.workspace.state import Made, State, look

Q4 = "SoTheoDoiHoSo_Q4_2023.xlsx"
LOG = "NhatKyXuLy_Q4_2023.csv"


def deliver(root: Path, *names: str) -> None:
    for name in names:
        shutil.copy(shipped.path("data", "sample", name), root / "data" / "inbox")


@pytest.fixture
def filled(workspace: Path) -> Path:
    """Q4 of 2023 taken in; on its last day some dossiers are overdue."""
    deliver(workspace, Q4, LOG)
    assert not [row.error for row in inbox.ingest(workspace) if row.error]
    return workspace


def brief(root: Path, period: str, **options: str) -> Path:
    """The record of a brief of ``period`` as it would be made now, and a page."""
    q = office.open(root).period(period, **options)  # type: ignore[arg-type]
    folder = root / ("reports" if q.audience == "shared" else "internal") / "thieu-van" / period
    folder.mkdir(parents=True)
    (folder / "brief.html").write_text("<p>", encoding="utf-8")
    content = record.record(q, run._parameters(q), {"brief.html": b"<p>"})
    (folder / run.RUN).write_text(json.dumps(content), encoding="utf-8")
    return folder


def state(root: Path) -> State:
    return look(office.open(root))


def test_an_empty_workspace_says_how_to_begin(workspace: Path) -> None:
    found = state(workspace)
    assert found.empty and not (found.waiting or found.briefs or found.due or found.damage)
    assert len(found.to_do) == 1 and "data/inbox" in found.to_do[0]
    assert found.to_do[0].endswith("cchc ingest")
    shutil.rmtree(workspace / "data" / "inbox")
    assert state(workspace).to_do == found.to_do


def test_a_new_file_is_to_be_taken_in_once(workspace: Path) -> None:
    deliver(workspace, Q4)
    assert [(w.file, w.withdrawn) for w in state(workspace).waiting] == [(Q4, False)]
    assert "1 tệp mới" in state(workspace).to_do[0]
    inbox.ingest(workspace)
    assert not state(workspace).waiting
    store = office.open(workspace).store
    store.withdraw(store.exports()[0].id, "nhầm")
    found = state(workspace)
    assert [(w.file, w.withdrawn) for w in found.waiting] == [(Q4, True)] and found.empty


def test_what_is_taken_in_is_told_by_table(filled: Path) -> None:
    found = {held.table: held for held in state(filled).held}
    register, survey = found["dossiers"], found["survey"]
    assert (register.exports, str(register.first), str(register.last)) == (
        1, "2023-10-01", "2023-12-31",
    )  # fmt: skip
    assert str(register.newest) == "2024-01-05 08:00:00" and register.rows == 617
    assert (survey.exports, survey.newest) == (0, None)


def test_due_dossiers_and_the_brief_that_is_missing_are_to_do(filled: Path) -> None:
    found = state(filled)
    assert [row["chance_late"] for row in found.due][:3] == [1, 1, 1]
    assert any("cchc brief 2023-Q4" in text for text in found.to_do)
    assert found.to_do[-1].endswith("cchc watch-list") and "3 hồ sơ" in found.to_do[-1]


def one(root: Path) -> Made:
    (made,) = state(root).briefs
    return made


def test_a_brief_is_current_until_what_it_was_made_from_changes(filled: Path) -> None:
    folder = brief(filled, "2023-Q4")
    made = one(filled)
    assert made.current and made.changed == ()
    assert made.documents == {"brief.html": "reports/thieu-van/2023-Q4/brief.html"}
    assert not [text for text in state(filled).to_do if "cchc brief" in text]

    (folder / "brief.html").write_text("<p>sửa", encoding="utf-8")
    assert one(filled).current and one(filled).changed == ("outputs",)  # edited is not outdated
    targets = filled / "data/plans/thieu-van/unit.toml"
    targets.write_text(targets.read_text("utf-8") + "\n", "utf-8")
    made = one(filled)
    assert not made.current and made.changed == ("files", "outputs")
    assert made.files == ("data/plans/thieu-van/unit.toml",)
    assert f"đã sửa {made.files[0]}" in made.text() and "sửa tay" in made.text()
    assert any(text.endswith("cchc brief 2023-Q4") for text in state(filled).to_do)

    store = office.open(filled).store
    store.withdraw(store.exports("dossiers")[0].id, "nhầm")
    assert one(filled).changed == ("inputs",)


def test_the_command_that_makes_a_brief_again_is_the_one_that_made_it(filled: Path) -> None:
    brief(filled, "2023-Q4", cut="reporting", audience="internal", as_of="2024-01-06")
    made = one(filled)
    assert made.current and made.audience == "internal"
    options = "--cut reporting --audience internal --as-of 2024-01-06"
    assert made.command() == f"cchc brief 2023-Q4 {options}"


def test_a_damaged_store_is_named_and_no_figure_shown(filled: Path) -> None:
    store = office.open(filled).store
    store.exports("dossiers")[0].path.write_bytes(b"x")
    found = state(filled)
    assert found.damage and found.to_do[0] == found.damage[0] and Q4 in found.damage[0]
    assert not found.due and found.data_day is None


def test_the_terminal_and_json_say_the_same(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brief(filled, "2023-Q4")
    said = []
    for options in ((), ("--json",)):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(filled), "status", *options])
        assert not stopped.value.code
        said.append(capsys.readouterr().out)
    content = json.loads(said[1])
    assert [row["code"] in said[0] for row in content["due"]] == [True] * 3
    assert all(text in said[0] for text in content["to_do"])
    assert content["briefs"][0]["current"] and "reports/thieu-van/2023-Q4/brief.html" in said[0]
    assert repr(state(filled)).startswith("<xã Thiệu Vân: ")
    assert not [row["code"] for row in content["due"] if row["code"] in repr(state(filled))]
