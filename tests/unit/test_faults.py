"""Killed anywhere in its writes, or out of disk anywhere: nothing is lost or half-written, and the
next run ends as if nothing had been.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cchc_analysis import office, suppression
from cchc_analysis.briefs import run
from cchc_analysis.errors import BriefError, WorkspaceError
from cchc_analysis.published import Shown
from cchc_analysis.store import Store
from cchc_analysis.view import PeriodView
from cchc_analysis.workspace import inbox

from ..faults import cut
from ..registers import register, row

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

EVERY_BRIEF = (
    "brief.html", "brief.pdf", "brief.docx", "brief.xlsx", "indicators.json", "late_dossiers.csv",
    "open_overdue.csv", "breakdowns.csv", "set_aside.csv",
)  # fmt: skip


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder below ``folder`` but the locks, with the hash of what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if ".locks" in name or name.endswith(".lock"):
            continue
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return found


def fill(workspace: Path, files: int = 5) -> None:
    """An inbox of registers and a log."""
    inbox_folder = workspace / "data" / "inbox"
    for n in range(files):
        month = f"{n + 1:02}"
        rows = [
            row(f"{k:04}", f"0{k}/{month}/2024", f"1{k}/{month}/2024", f"1{2 * k % 9}/{month}/2024")
            for k in range(1, 8)
        ]
        register(
            inbox_folder / f"so_{month}.csv", rows, window=(f"01/{month}/2024", f"28/{month}/2024"),
            exported=f"28/{month}/2024 17:00",
        )  # fmt: skip
    log = ["Mã hồ sơ,Bước xử lý,Người xử lý,Thời điểm nhận,Thời điểm chuyển,Ghi chú"]
    for k in range(1, 8):
        code = f"000.17.31.H56-24010{k}-000{k}"
        log.append(f"{code},Thụ lý,Lê Văn A,0{k}/01/2024 08:00,1{k}/01/2024 09:00,")
    (inbox_folder / "nhat_ky.csv").write_text("\n".join(log) + "\n", encoding="utf-8")


def each_point(
    tmp_path: Path, before: Path, work: Callable[[Path], Any], *, full: bool = False, step: int = 1
) -> list[tuple[Path, Callable[[], Any], Any]]:
    """(root, the work again, the outcome) for every ``step``-th point of ``work``, each in a copy
    of ``before``.
    """
    counted = tmp_path / "counted"
    shutil.copytree(before, counted)
    whole = cut(counted, lambda: work(counted))
    assert whole.error is None, whole.error
    found = []
    for at in range(1, whole.points + 1, step):
        root = tmp_path / f"cut{at}"
        shutil.copytree(before, root)
        outcome = cut(root, lambda root=root: work(root), at, full=full)  # type: ignore[misc]
        assert outcome.killed is not full, f"point {at}: {outcome.error!r}"
        found.append((root, lambda root=root: cut(root, lambda: work(root)), outcome))  # type: ignore[misc]
    return found


# -- taking files in -----------------------------------------------------------------------------


def take_in(root: Path) -> list[str]:
    done = inbox.ingest(root)
    for taken in done:
        if taken.error is not None:
            raise taken.error
    return [taken.outcome for taken in done]


def whole_exports(root: Path, reference: dict[str, str]) -> int:
    """How many exports the store shows; each is as it is in a store without faults."""
    shown = Store(root, "thieu-van").exports()
    for export in shown:
        for name in (f"exports/{export.id}.json", f"{export.table}/{export.id}.parquet"):
            assert tree(root / "data" / "store" / "thieu-van")[name] == reference[name]
    return len(shown)


@pytest.fixture
def filled(workspace: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A workspace with a full inbox, and what its store holds when all goes well."""
    fill(workspace)
    before = tmp_path / "before"
    shutil.copytree(workspace / "data", before / "data")
    (before / "internal").mkdir()
    (before / "internal" / "key").write_text("ab" * 32, encoding="ascii")
    good = tmp_path / "good"
    shutil.copytree(before, good)
    assert take_in(good) == ["new"] * 6
    return before, tree(good / "data" / "store" / "thieu-van")


def test_ingest_killed_at_every_point(
    filled: tuple[Path, dict[str, str]], tmp_path: Path, record_property: Callable[..., None]
) -> None:
    before, reference = filled
    shown = []
    for root, again, _ in (cuts := each_point(tmp_path, before, take_in)):
        shown.append(whole_exports(root, reference))
        assert again().error is None
        assert tree(root / "data" / "store" / "thieu-van") == reference  # nothing left over
    record_property("points", len(cuts))
    assert len(cuts) >= 100
    assert shown == sorted(shown) and set(shown) == set(range(6))


def test_a_disk_that_fills_up_while_files_are_taken_in(
    filled: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    before, reference = filled
    for root, again, outcome in each_point(tmp_path, before, take_in, full=True, step=9):
        assert outcome.error is None or isinstance(outcome.error, WorkspaceError), outcome.error
        assert outcome.error is None or "dung lượng đĩa" in str(outcome.error)
        whole_exports(root, reference)
        assert again().error is None
        assert tree(root / "data" / "store" / "thieu-van") == reference


# -- a brief -------------------------------------------------------------------------------------


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A brief in which what the files say is made up, for hundreds are made: every file is written
    where and as it is written otherwise.
    """
    span = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    monkeypatch.setattr(PeriodView, "identity", SimpleNamespace(holds=True))
    monkeypatch.setattr(PeriodView, "picture", SimpleNamespace(span=span))
    monkeypatch.setattr(PeriodView, "hidden", dict.fromkeys(suppression.BY, suppression.Hidden()))
    told = [Shown(paper, span, "", frozenset({"Hộ tịch"})) for paper in suppression.PAPERS]
    monkeypatch.setattr(suppression, "_tables", lambda q, by: [replace(t, by=by) for t in told])
    monkeypatch.setattr(run.leaks.Watch, "of", lambda q: None)

    def notebooks(q: Any, staging: Path, *_: Any) -> dict[str, Any]:
        for name in run.NOTEBOOKS:
            (staging / "notebooks" / f"{name}.ipynb").write_text(name * 99, encoding="utf-8")
        return {}

    def documents(q: Any, executed: Any, staging: Path) -> None:
        for name in EVERY_BRIEF:
            (staging / name).write_bytes(f"{name} {len(q.office.store.exports())}".encode() * 99)

    monkeypatch.setattr(run, "_run_notebooks", notebooks)
    monkeypatch.setattr(run, "_write_documents", documents)
    monkeypatch.setattr(run.leaks, "search", lambda *_: [])


def brief(root: Path) -> str:
    return run.make(office.open(root), "2024-Q1").folder.name


def whole(folder: Path) -> bool:
    """Whether the folder is a brief in which every file is as its run wrote it."""
    if not (folder / "run.json").exists():
        return False
    outputs = json.loads((folder / "run.json").read_text(encoding="utf-8"))["outputs"]
    assert set(EVERY_BRIEF) <= set(outputs)
    for name, digest in outputs.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    return True


def without_record(found: dict[str, str]) -> dict[str, str]:
    return {name: held for name, held in found.items() if not name.endswith("run.json")}


@pytest.fixture
def briefed(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, dict[str, str], dict[str, str]]:
    """A workspace whose last brief rests on fewer files than its store now holds, with an
    analyst's note in it; what the next brief will leave in reports and in internal.
    """
    quick(monkeypatch)
    fill(workspace)
    late = workspace / "data" / "inbox" / "so_02.csv"
    shutil.move(late, workspace / "so_02.csv")
    before = tmp_path / "before"
    shutil.copytree(workspace / "data", before / "data")
    take_in(before)
    made = run.make(office.open(before), "2024-Q1").folder
    (made / "ghi-chu.txt").write_text("của người làm", encoding="utf-8")
    shutil.copy(workspace / "so_02.csv", before / "data" / "inbox")
    take_in(before)
    good = tmp_path / "good"
    shutil.copytree(before, good)
    brief(good)
    return before, without_record(tree(good / "reports")), tree(good / "internal")


def test_a_brief_killed_at_every_point(
    briefed: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path,
    record_property: Callable[..., None],
) -> None:  # fmt: skip
    before, reports, internal = briefed
    old = tree(before / "reports")
    cuts = each_point(tmp_path, before, brief)
    away = 0
    for root, again, _ in cuts:
        folder = root / "reports" / "thieu-van" / "2024-Q1"
        if not folder.exists():  # between the two renames: the old one stands beside its place
            away += 1
            (folder_beside,) = folder.parent.glob(".2024-Q1-*.old")
            assert whole(folder_beside)
        else:
            assert whole(folder)
            now = {n: h for n, h in tree(root / "reports").items() if "/.2024-Q1-" not in n}
            assert now == old or without_record(now) == reports
        assert again().error is None
        assert whole(folder)
        assert without_record(tree(root / "reports")) == reports  # the note too, nothing left over
        assert tree(root / "internal") == internal
    record_property("points", len(cuts))
    assert away <= 1
    assert len(cuts) >= 85


def test_a_disk_that_fills_up_during_a_brief(
    briefed: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    before, reports, _ = briefed
    for root, again, outcome in each_point(tmp_path, before, brief, full=True, step=9):
        assert isinstance(outcome.error, WorkspaceError | BriefError | None)
        folder = root / "reports" / "thieu-van" / "2024-Q1"
        assert whole(folder) or list(folder.parent.glob(".2024-Q1-*.old"))
        assert again().error is None
        assert without_record(tree(root / "reports")) == reports


# -- at once ---------------------------------------------------------------------------------------


def test_two_ingests_and_a_brief_at_once(
    filled: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    before, reference = filled
    first = before / "data" / "inbox" / "so_01.csv"
    assert inbox.ingest(before, [first])[0].outcome == "new"
    outcomes: list[Any] = []
    works = [take_in, lambda root: [t.outcome for t in inbox.ingest(root)], brief, brief]
    threads = [
        threading.Thread(target=lambda w=w: outcomes.append(cut(before, lambda: w(before))))  # type: ignore[misc]
        for w in works
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [o.error for o in outcomes] == [None] * 4
    assert tree(before / "data" / "store" / "thieu-van") == reference
    assert whole(before / "reports" / "thieu-van" / "2024-Q1")
    assert [p.name for p in (before / "reports" / "thieu-van").iterdir()] == ["2024-Q1"]


def test_a_brief_rests_on_the_exports_it_began_with(
    filled: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is taken in or withdrawn while the notebooks run is in none of its figures."""
    quick(monkeypatch)
    root, _ = filled
    files = sorted((root / "data" / "inbox").glob("so_*.csv"))
    begun = [inbox.ingest(root, [file])[0].export for file in files[:2]]
    notebooks = run._run_notebooks

    def meanwhile(q: Any, *rest: Any) -> Any:
        inbox.ingest(root, files[2:])
        Store(root, "thieu-van").withdraw(begun[0].id, "nạp nhầm")  # type: ignore[union-attr]
        return notebooks(q, *rest)

    monkeypatch.setattr(run, "_run_notebooks", meanwhile)
    the_office = office.open(root)
    made = run.make(the_office, "2024-Q1").folder
    inputs = json.loads((made / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert [i["export"] for i in inputs] == [e.id for e in begun]  # type: ignore[union-attr]
    assert len(the_office.store.exports()) == len(files) - 1  # the next one sees all


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    from cchc_analysis.atomic import locked

    def hold() -> None:
        with locked(tmp_path / "lock"):
            os.kill(os.getpid(), signal.SIGSTOP)

    child = os.fork()
    if child == 0:
        hold()
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    waited: list[str] = []

    def let_go() -> None:
        waited.append("told")
        os.kill(child, signal.SIGKILL)

    with locked(tmp_path / "lock", let_go):
        assert waited == ["told"]
    os.waitpid(child, 0)
