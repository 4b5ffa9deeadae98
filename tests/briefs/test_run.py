"""A whole brief of the sample, run as the command runs it: papermill, kernels and all."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from cchc_analysis import cli, office, shipped
from cchc_analysis.briefs import batch as batches
from cchc_analysis.briefs import run, shelf
from cchc_analysis.briefs.notebook import execute, notebook_path
from cchc_analysis.briefs.verify import verify
from cchc_analysis.errors import BriefError, NotebookError, ParameterError, PeriodError
from cchc_analysis.indicators.dossiers import COUNTS
from cchc_analysis.suppression import remember
from cchc_analysis.words import label, say
from cchc_analysis.workspace import DEEPEST, inbox

from ..reexports import export_again

FILES = {
    "brief.html", "brief.pdf", "brief.docx", "brief.xlsx", "indicators.json", "late_dossiers.csv",
    "open_overdue.csv", "breakdowns.csv", "set_aside.csv", "run.json",
    "notebooks/0_summary.ipynb", "notebooks/1_dossiers.ipynb", "notebooks/2_late_causes.ipynb",
    "notebooks/3_satisfaction.ipynb", "notebooks/4_digital.ipynb", "notebooks/5_tasks.ipynb",
}  # fmt: skip


def copy(workspace: Path, to: Path) -> Path:
    shutil.copytree(workspace / "data", to / "data")
    (to / "internal").mkdir()
    (to / "internal" / "key").write_text("ab" * 32, encoding="ascii")
    return to


@pytest.fixture(scope="module")
def batch(
    sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, batches.Batch, list[int]]:
    """A batch of a brief and of one that cannot be, and how many were left as each was told."""
    root = copy(sample_workspace, tmp_path_factory.mktemp("made") / "two words")
    left: list[int] = []
    made = batches.make(
        root, batches.jobs(root, ["2024-Q4", "2019-Q1"]), options={"cut": "calendar"},
        told=lambda outcome, n: left.append(n),
    )  # fmt: skip
    return root, made, left


@pytest.fixture(scope="module")
def briefs(
    sample_workspace: Path,
    tmp_path_factory: pytest.TempPathFactory,
    batch: tuple[Path, batches.Batch, list[int]],
) -> tuple[Path, Path]:
    """The same brief made in two workspaces of different names, by itself and in a batch."""
    root = copy(sample_workspace, tmp_path_factory.mktemp("made") / "một")
    return run.make(office.open(root), "2024-Q4").folder, batch[0] / "reports/thieu-van/2024-Q4"


@pytest.fixture(scope="module")
def internal(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy(sample_workspace, tmp_path_factory.mktemp("internal"))
    return run.make(office.open(root), "2024-Q4", audience="internal").folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_promised_file(briefs: tuple[Path, Path]) -> None:
    assert set(files(briefs[0])) == FILES
    assert (briefs[0] / "brief.html").stat().st_size < 1_000_000
    assert (briefs[0] / "brief.pdf").read_bytes().startswith(b"%PDF")


def test_equal_runs_make_equal_bytes(briefs: tuple[Path, Path]) -> None:
    first, second = (files(folder) for folder in briefs)
    assert [name for name in FILES if first[name] != second[name]] == ["run.json"]


def test_on_a_schedule_and_without_forks_as_on_windows_the_same_bytes_once(
    briefs: tuple[Path, Path],
    sample_workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def brief() -> str:
        with pytest.raises(SystemExit) as stopped:
            cli.main(["-C", str(root), "brief", "--if-changed"])
        assert stopped.value.code == 0
        return capsys.readouterr().out

    monkeypatch.setattr(run.Nursery, "works", False)
    root = copy(sample_workspace, tmp_path)
    assert brief().endswith("brief.pdf\n")
    folder = root / "reports/thieu-van/2024-Q4"  # the newest quarter
    first, plain = files(briefs[0]), files(folder)
    assert [name for name in FILES if first[name] != plain[name]] == ["run.json"]
    names = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    assert max(map(len, names)) < len(DEEPEST.format(unit="thieu-van"))  # see is_too_deep
    (folder / "brief.docx").write_bytes(b"signed by the chairman")
    assert brief() == say("run.standing", period="2024-Q4", folder=folder) + "\n"
    assert files(folder) == plain | {"brief.docx": b"signed by the chairman"}
    q = office.open(root).period("2024-Q4")
    assert run.standing(q)
    targets = root / "data/plans/thieu-van/2024/targets.csv"
    targets.write_text(targets.read_text("utf-8").replace("99", "98", 1), encoding="utf-8")
    assert not run.standing(q)


def test_a_brief_is_made_again_from_what_it_names(
    briefs: tuple[Path, Path], tmp_path: Path
) -> None:
    """Moved away, edited in one place, with its workspace gone on since."""
    folder, root = tmp_path / "sent", tmp_path / "office"
    shutil.copytree(briefs[0], folder)
    shutil.copytree(briefs[0].parents[2], root)
    edited = json.loads((folder / "indicators.json").read_text("utf-8"))
    (late,) = (row for row in edited if row["id"] == "dossiers.resolved_late")
    late["value"] -= 1
    text = json.dumps(edited, ensure_ascii=False, indent=1) + "\n"
    (folder / "indicators.json").write_text(text, encoding="utf-8", newline="\n")
    store = office.open(root).store
    store.withdraw(store.exports("survey")[0].id, "thử")
    ledger = next((root / "internal/published").iterdir())
    later = ledger.read_text("utf-8").splitlines()[0].replace("2024", "2023")
    ledger.write_text(f"{ledger.read_text('utf-8')}{later}\n", encoding="utf-8", newline="\n")
    before = files(tmp_path)
    found = verify(folder, root)
    assert files(tmp_path) == before
    assert {row.file for row in found.files} == FILES - {"run.json"}
    (wrong,) = (row for row in found.files if row.state != "equal")
    assert (wrong.file, wrong.state, len(wrong.where)) == ("indicators.json", "edited", 1)
    assert "dossiers.resolved_late.value" in wrong.where[0]
    assert found.exit_code == 16 and not found.versions and not found.stored


def test_a_batch_goes_on_past_a_failure_and_makes_nothing_twice(
    batch: tuple[Path, batches.Batch, list[int]],
) -> None:
    root, made, left = batch
    assert [(o.period, o.state) for o in made.outcomes] == [
        ("2019-Q1", "failed"), ("2024-Q4", "made"),
    ]  # fmt: skip
    assert made.exit_code == PeriodError.exit_code and left == [1, 0]
    assert "2019" in made.lines()[1]
    folder = root / "reports/thieu-van/2024-Q4"
    before = files(folder)
    (job,) = batches.jobs(root, ["2024-Q4"])
    again = batches.make(root, [job], options={"cut": "calendar"}, nursery=False)
    assert [o.state for o in again.outcomes] == ["unchanged"] and again.exit_code == 0
    assert files(folder) == before
    q = office.open(root).period("2024-Q4")
    assert run.unchanged(q) and not run.unchanged(
        office.open(root).period("2024-Q4", cut="reporting")
    )
    (folder / "breakdowns.csv").write_text("x", encoding="utf-8")
    assert not run.unchanged(q)
    (folder / "breakdowns.csv").write_bytes(before["breakdowns.csv"])


def test_as_of_the_first_day_it_is_the_first_brief_byte_for_byte(
    briefs: tuple[Path, Path], tmp_path: Path
) -> None:
    """Though the quarter was exported again since with other figures, the survey and the activities
    of the first brief were exported a day after the register, and other briefs were published.
    """
    root = tmp_path / "later"
    for name in ("data", "internal"):
        shutil.copytree(briefs[0].parents[2] / name, root / name)
    register = shipped.path("data", "sample", "SoTheoDoiHoSo_Q4_2024.xlsx")
    again = tmp_path / register.name
    edits = export_again(register, again, "10/02/2025 09:00")
    assert inbox.ingest(root, [again])[0].error is None
    later = office.open(root)
    assert set(later.period("2024-Q4").restatements.dossiers["code"]) == set(edits)
    for published in ("2024-Q4", "2024-11", "2024-12"):  # after which it would hide more
        remember(later.period(published))
    first, then = files(briefs[0]), files(run.make(later, "2024-Q4", as_of="2025-01-05").folder)
    assert set(first) == set(then) == FILES
    assert [name for name in FILES if first[name] != then[name]] == ["run.json"]
    assert json.loads(then["run.json"])["parameters"]["as_of"] == "2025-01-05"


def test_a_folder_of_briefs_can_be_listed_without_the_workspace(briefs: tuple[Path, Path]) -> None:
    (row,) = shelf.read(briefs[0].parents[1]).rows
    page = (briefs[0] / "brief.html").read_text(encoding="utf-8")
    assert (row.name, row.parent) == ("Xã Thiệu Vân", "UBND thành phố Thanh Hóa")
    assert row.state == "not_met" and len(row.documents) == 4
    said = row.headline.removesuffix(".").split(". ")  # as on the brief's first screen
    assert len(said) == 2 and all(f"<li>{sentence}.</li>" in page for sentence in said)


def test_the_figures_of_the_documents_are_those_of_the_json(briefs: tuple[Path, Path]) -> None:
    rows = {
        row["id"]: row for row in json.loads((briefs[0] / "indicators.json").read_text("utf-8"))
    }
    page = (briefs[0] / "brief.html").read_text(encoding="utf-8")
    late = rows["dossiers.resolved_late"]["value"]
    rate = rows["dossiers.on_time_rate"]
    shown = f"{round(rate['value'] * 100, 2):.2f}%".replace(".", ",")
    assert f"{late} hồ sơ giải quyết quá hạn" in page
    assert shown in page
    with (briefs[0] / "late_dossiers.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == late


def test_one_row_an_id_and_every_fixed_id(briefs: tuple[Path, Path]) -> None:
    rows = json.loads((briefs[0] / "indicators.json").read_text(encoding="utf-8"))
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    assert {"survey.index", "feedback.open", "tasks.due", "service_quality.total"} <= set(ids)
    assert {f"digital.CDS{n:02}" for n in range(1, 11)} <= set(ids)
    for row in rows:
        assert (row["value"] is None) == (row["status"] not in ("ok", "incomplete_period"))


def test_nothing_personal_leaves(briefs: tuple[Path, Path]) -> None:
    register = re.compile(r"000\.17\.31\.H56-\d{6}-\d{4}")
    officers = ("Lê Thị Hạnh", "Nguyễn Văn Dũng", "Phạm Đình Khôi", "Hoàng Thị Yến")
    for name, content in files(briefs[0]).items():
        if name.endswith((".html", ".json", ".csv", ".ipynb")):
            text = content.decode("utf-8")
            assert not register.search(text), name
            assert not [officer for officer in officers if officer in text], name
            assert str(briefs[0].parents[2]) not in text, name


def test_shared_late_dossiers_have_days_only(briefs: tuple[Path, Path], internal: Path) -> None:
    def rows(folder: Path) -> list[dict[str, str]]:
        with (folder / "late_dossiers.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["due_at"]) for row in rows(briefs[0]))
    assert all(re.fullmatch("HS[B-T]{12}", row["code"]) for row in rows(briefs[0]))
    assert all(re.search(r"\d\d:\d\d:\d\d", row["due_at"]) for row in rows(internal))


def test_filtering_the_internal_workbook_gives_each_headline_count(internal: Path) -> None:
    from openpyxl import load_workbook

    figures = json.loads((internal / "indicators.json").read_text(encoding="utf-8"))
    values = {row["id"]: row["value"] for row in figures}
    sheet = load_workbook(internal / "brief.xlsx")[label("sheet.dossiers")]
    rows = [list(cells) for cells in sheet.iter_rows(values_only=True)]
    head = next(n for n, cells in enumerate(rows) if label("col.code") in cells)
    checked = 0
    for name in COUNTS:
        if label(f"dossiers.{name}") in rows[head]:
            place = rows[head].index(label(f"dossiers.{name}"))
            marked = sum(1 for cells in rows[head + 1 :] if cells[place] == 1)
            assert marked == values[f"dossiers.{name}"], name
            checked += 1
    assert checked >= 20


def test_the_workbook_runs_no_formula(internal: Path) -> None:
    from openpyxl import load_workbook

    for sheet in load_workbook(internal / "brief.xlsx"):
        assert not [c.coordinate for row in sheet for c in row if c.data_type == "f"]


def test_run_json_accounts_for_every_row(briefs: tuple[Path, Path]) -> None:
    content = json.loads((briefs[0] / "run.json").read_text(encoding="utf-8"))
    for row in content["inputs"]:
        assert row["rows_in"] == row["accepted"] + row["set_aside"] + row["duplicates"]
        assert "/" not in row["file"]
    assert content["identity_holds"] is True


def test_a_failed_notebook_leaves_the_last_brief(sample_workspace: Path, tmp_path: Path) -> None:
    root = copy(sample_workspace, tmp_path)
    shutil.copytree(notebook_path(root, "0_summary").parent, root / "notebooks")
    made = run.make(office.open(root), "2024-Q2").folder
    before = files(made)
    path = root / "notebooks" / "1_dossiers.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(3, nbformat.v4.new_code_cell('raise ValueError("0912345678")'))
    nbformat.write(notebook, path)
    with pytest.raises(NotebookError, match="1_dossiers") as failed:
        run.make(office.open(root), "2024-Q2")
    assert "0912345678" not in str(failed.value).split("(", 1)[0]
    assert files(made) == before
    assert list((root / "internal" / "failed").rglob("1_dossiers.ipynb"))
    assert [p.name for p in made.parent.iterdir()] == ["2024-Q2"]


def test_an_edited_document_is_not_overwritten(sample_workspace: Path, tmp_path: Path) -> None:
    root = copy(sample_workspace, tmp_path)
    made = run.make(office.open(root), "2024-03").folder
    (made / "brief.docx").write_bytes(b"edited by the chairman")
    with pytest.raises(BriefError, match=r"brief\.docx"):
        run.make(office.open(root), "2024-03")
    assert (made / "brief.docx").read_bytes() == b"edited by the chairman"
    (made / "notebooks" / "ghi-chu.txt").write_text("the analyst's own", encoding="utf-8")
    run.make(office.open(root), "2024-03", force=True)
    assert set(files(made)) == FILES | {"notebooks/ghi-chu.txt"}  # what is not ours stays
    assert (made / "brief.docx").read_bytes() != b"edited by the chairman"


@pytest.mark.parametrize(
    ("given", "hint"), [({"perod": "2024-Q1"}, "period"), ({"period": 2024}, "str")]
)
def test_parameters_are_checked_before_a_kernel_starts(
    tmp_path: Path, given: dict[str, object], hint: str
) -> None:
    source = notebook_path(tmp_path, "1_dossiers")
    with pytest.raises(ParameterError, match=hint):
        execute(source, tmp_path / "out.ipynb", given, cwd=tmp_path)
    assert not (tmp_path / "out.ipynb").exists()


def test_a_number_that_looks_personal_stops_the_brief(workspace: Path) -> None:
    from cchc_analysis.errors import LeakError

    from ..registers import register, row

    cells = [row(f"{n:04}", "02/01/2024", "09/01/2024", "08/01/2024") for n in range(9)]
    for line in cells:
        line[3] = "Gọi 0912 345 678"  # in the place of the field
    inbox.ingest(workspace, [register(workspace / "a.csv", cells)])
    with pytest.raises(LeakError) as stopped:
        run.make(office.open(workspace), "2024-Q1")
    assert "0912" not in str(stopped.value)
    assert not (workspace / "reports" / "thieu-van" / "2024-Q1").exists()
