"""From a period to a folder of documents.

What the notebooks have in common is computed first; then they run under papermill, several at
once; then the documents are made from the executed notebooks; then the whole folder is put in the
place of the last one, with what others keep there.
Until that moment the last brief stays as it was. How one notebook is run is :mod:`.notebook`'s.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import handover, leaks
from ..atomic import beside, cannot_write, sha256
from ..errors import NotebookError
from ..garbage import no_rounds
from ..office import Office
from ..suppression import remember
from ..view import PeriodView
from ..words import number, say
from .folders import alone, outputs_of, recover, swap
from .kernels import Nursery, processors
from .notebook import execute, notebook_path, ready
from .record import EDITABLE, EDITED, are_older, changed, guard_edits, record

if TYPE_CHECKING:
    import nbformat

__all__ = [
    "NOTEBOOKS", "PARAMETERS", "RUN", "Brief", "make", "notebooks_of", "outdated", "standing",
    "unchanged",
]  # fmt: skip

# In the order of starting, the longest first.
NOTEBOOKS = (
    "2_late_causes", "3_satisfaction", "4_digital", "1_dossiers", "5_tasks", "0_summary",
)  # fmt: skip
RUN = "run.json"
PARAMETERS = ("unit", "period", "workspace", "audience", "as_of", "cut")  # texts, all of them

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Brief:
    """Where a brief lies."""

    folder: Path
    html: Path
    pdf: Path


def notebooks_of(workspace: Path) -> tuple[str, ...]:
    """The names of the notebooks of a brief in the order of starting: the shipped ones and the
    workspace's own, which are all in ``notebooks`` whose name begins with a number.
    """
    found = sorted(path.stem for path in (workspace / "notebooks").glob("[0-9]*_*.ipynb"))
    return (*NOTEBOOKS, *(name for name in found if name not in NOTEBOOKS))


def make(
    office: Office,
    period: str,
    *,
    cut: str = "calendar",
    as_of: str = "",
    audience: str = "shared",
    force: bool = False,
    into: Path | None = None,
    progress: Progress = lambda line: None,
    nursery: Nursery | None = None,
) -> Brief:
    """Makes the whole brief and returns where it lies.

    ``<workspace>/reports/<unit>/<period>/`` for the shared audience, ``internal/…`` for the
    internal one; ``into`` names another folder than the workspace to put it under. ``force``
    replaces a brief whose documents were edited by hand since. With a ``nursery`` the notebooks
    run in its kernels one after the other, else in kernels of their own, several at once.
    """
    with _one_store(office), no_rounds():
        q = office.period(period, cut=cut, as_of=as_of, audience=audience)
        folder = _folder(q, into or office.workspace)
        root = folder.parents[1]
        with alone(root, office.unit.slug, lambda: progress(say("run.waiting"))):
            recover(folder)
            if not force:
                guard_edits(folder, RUN)
            try:
                _make(q, folder, progress, nursery)
                if are_older(folder, RUN):
                    progress(say("run.papers_older", period=q.period.label))
            except OSError as error:  # whatever is written, a library's temporary files too
                raise cannot_write(root, error) from None
    return _brief(folder)


def _brief(folder: Path) -> Brief:
    return Brief(folder, folder / "brief.html", folder / "brief.pdf")


@contextmanager
def _one_store(office: Office) -> Iterator[None]:
    """Keeps to the exports that are there now: all figures of a brief rest on the same."""
    before = office.store.only
    office.store.only = frozenset(export.id for export in office.store.exports())
    try:
        yield
    finally:
        office.store.only = before


def _make(q: PeriodView, folder: Path, progress: Progress, nursery: Nursery | None) -> None:
    """Makes the brief beside ``folder`` and puts it in its place."""
    staging = beside(folder)
    seconds: dict[str, float] = {}
    parameters = _parameters(q)
    try:
        (staging / "notebooks").mkdir(parents=True)
        executed = _run_notebooks(q, staging, parameters, seconds, progress, nursery)
        with _timed("documents", seconds, progress):
            _write_documents(q, executed, staging)
        _write_run(q, staging, parameters, seconds)
        with _timed("leaks", seconds, progress):
            leaks.stop(leaks.search(leaks.inside(staging), leaks.Watch.of(q)))
        if q.audience == "shared":
            remember(q)
        written = {*outputs_of(folder / RUN), RUN}
        swap(staging, folder, written)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def standing(q: PeriodView, into: Path | None = None) -> Brief | None:
    """The brief of ``q`` where it lies in its place and would be the same if made again: of the
    same exports, plan, reference files, notebooks, parameters and versions.

    A Word or Excel file that people edited since is theirs and counts as being in its place.
    """
    folder = _folder(q, into or q.office.workspace)
    found = outdated(q, folder)
    stands = not found or (found == (EDITED,) and _only_edited(folder))
    return _brief(folder) if stands else None


def unchanged(q: PeriodView) -> bool:
    """Whether the brief of ``q`` is :func:`standing` in the workspace."""
    return standing(q) is not None


def outdated(q: PeriodView, folder: Path | None = None) -> tuple[str, ...]:
    """What is no longer so of the brief of ``q``, see :func:`.record.changed`."""
    folder = folder or _folder(q, q.office.workspace)
    return changed(folder, RUN, record(q, _parameters(q), {}))


def _only_edited(folder: Path) -> bool:
    """Whether all files of a brief are there, and only those made to be edited are other ones."""
    try:
        differ = [
            n for n, digest in outputs_of(folder / RUN).items() if sha256(folder / n) != digest
        ]
    except OSError:
        return False
    return all(name.endswith(EDITABLE) for name in differ)


def _folder(q: PeriodView, workspace: Path) -> Path:
    root = workspace / ("reports" if q.audience == "shared" else "internal")
    return root / q.office.unit.slug / q.period.label


def _parameters(q: PeriodView) -> dict[str, Any]:
    """Of the notebooks."""
    as_of = q.as_of.isoformat() if q.as_of else ""
    given = (q.office.unit.slug, q.period.label, ".", q.audience, as_of, q.period.cut)
    return dict(zip(PARAMETERS, given, strict=True))


def _run_notebooks(
    q: PeriodView,
    staging: Path,
    parameters: dict[str, Any],
    seconds: dict[str, float],
    progress: Progress,
    nursery: Nursery | None,
) -> dict[str, nbformat.NotebookNode]:
    office = q.office
    notebooks = notebooks_of(office.workspace)
    for name in notebooks:  # a mistake in one is told before any has run
        ready(notebook_path(office.workspace, name), parameters)
    found = staging / "found"
    found.mkdir()
    handover.pin(office.store, found)

    def run(name: str, nursery: Nursery | None) -> nbformat.NotebookNode:
        output = staging / "notebooks" / f"{name}.ipynb"
        source = notebook_path(office.workspace, name)
        with _timed(name, seconds, progress):
            try:
                return execute(source, output, parameters, cwd=office.workspace, nursery=nursery)
            except NotebookError as error:
                kept = _keep_failed(office, output, parameters["period"])
                where = kept.relative_to(office.workspace).as_posix() if kept else ""
                hint = say("run.kept", path=where) if kept else ""
                raise NotebookError(f"{error} {hint}") from None

    with _environment(handover.FOLDER, str(found.resolve())):
        if nursery is None and Nursery.works:
            lanes = processors() + 1  # some kernel is always on its way in or out
            with Nursery() as own, ThreadPoolExecutor(lanes) as pool:
                _leave(q, found, seconds, progress)  # while the nursery is importing
                own.hold(found.resolve())
                made = pool.map(lambda name: run(name, own), notebooks)
                executed = dict(zip(notebooks, made, strict=True))
        else:
            _leave(q, found, seconds, progress)
            if nursery is not None:
                nursery.hold(found.resolve())
            executed = {name: run(name, nursery) for name in notebooks}
    shutil.rmtree(found)
    return executed


def _leave(q: PeriodView, folder: Path, seconds: dict[str, float], progress: Progress) -> None:
    with _timed("figures", seconds, progress):
        handover.leave(q, folder)


def _keep_failed(office: Office, output: Path, period: str) -> Path | None:
    if not output.exists():
        return None
    kept = office.workspace / "internal" / "failed" / office.unit.slug / period / output.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(output, kept)
    return kept


def _write_documents(
    q: PeriodView, executed: dict[str, nbformat.NotebookNode], staging: Path
) -> None:
    from . import document, docx, html, pdf, xlsx

    ordered = [executed[name] for name in sorted(executed, key=_place)]
    blocks = document.blocks(ordered)
    annex = q.annex
    rows = [result.as_dict() for result in q.results]
    with ThreadPoolExecutor(1) as aside:  # most of it is Typst's, which leaves Python to others
        printed = aside.submit(pdf.render, blocks)
        page = html.render_blocks(blocks)
        (staging / "brief.html").write_text(page, encoding="utf-8", newline="\n")
        (staging / "brief.docx").write_bytes(docx.render(blocks))
        xlsx.write(staging / "brief.xlsx", annex.sheets(), xlsx.meta_of(q))
        (staging / "brief.pdf").write_bytes(printed.result())
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files = {
        "indicators.json": text,
        "late_dossiers.csv": annex.late_csv(),
        "open_overdue.csv": annex.open_overdue_csv(),
        "breakdowns.csv": annex.breakdowns_csv(),
        "set_aside.csv": annex.set_aside_csv(),
    }
    for name, content in files.items():
        (staging / name).write_text(content, encoding="utf-8", newline="\n")


def _place(name: str) -> tuple[int, str]:
    """Where a notebook stands in the brief: by its number."""
    return int(re.match(r"\d*", name)[0] or 0), name  # type: ignore[index]


def _write_run(
    q: PeriodView, staging: Path, parameters: dict[str, Any], seconds: dict[str, float]
) -> None:
    outputs = {
        path.relative_to(staging).as_posix(): path.read_bytes()
        for path in sorted(staging.rglob("*"))
        if path.is_file()
    }
    content = record(q, parameters, outputs)
    unit = q.office.unit
    content["unit"] = {"name": unit.name, "authority": unit.authority, "parent": unit.parent}
    content["identity_holds"] = q.identity.holds
    content["seconds"] = {name: round(value, 3) for name, value in seconds.items()}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (staging / RUN).write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def _timed(name: str, seconds: dict[str, float], progress: Progress) -> Any:
    progress(say("run.step", step=_step(name)))
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began
    progress(say("run.step_done", step=_step(name), seconds=number(seconds[name], 1)))


def _step(name: str) -> str:
    named = name in ("documents", "figures", "leaks")
    return say(f"run.{name}") if named else say("run.notebook", notebook=name)


@contextmanager
def _environment(name: str, value: str) -> Any:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
