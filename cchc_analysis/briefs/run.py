"""From a period to a folder of documents.

The notebooks run first under papermill, as many at once as there are processors, ``0_summary``
last because it reads what the others found; then the documents are made from the executed
notebooks; then the whole folder is put in the place of the last one, with what others keep there.
Until that moment the last brief stays as it was.
Parameters are checked against the notebook's own ``parameters`` cell before a kernel starts:
a misspelt name or a wrong type is an error with a near match, not a figure nobody asked for.
"""

from __future__ import annotations

import ast
import difflib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import handover, leaks, shipped
from ..errors import NotebookError, ParameterError, WorkspaceError
from ..office import Office
from ..privacy import Masker
from ..suppression import remember
from ..view import PeriodView
from ..words import inside, number, say
from .folders import beside, outputs_of, swap
from .kernels import Nursery
from .record import guard_edits, is_current, record

if TYPE_CHECKING:
    import nbformat

__all__ = ["NOTEBOOKS", "Brief", "check_parameters", "execute", "make", "unchanged"]

# In the order of starting, the longest first; the last one runs when the others are done.
NOTEBOOKS = (
    "2_late_causes", "1_dossiers", "3_satisfaction", "4_digital", "5_tasks", "0_summary",
)  # fmt: skip
RUN = "run.json"
CELL_SECONDS = 900  # a cell that takes longer is given up
STARTS = 3  # a kernel that does not start is tried so often

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Brief:
    """Where a brief lies."""

    folder: Path
    html: Path
    pdf: Path


def parameters_of(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """The names and defaults in the cell tagged ``parameters``."""
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            found = {}
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
            return found
    return {}


def check_parameters(name: str, notebook: nbformat.NotebookNode, given: Mapping[str, Any]) -> None:
    """Raises :class:`ParameterError` for a parameter that is unknown or of another type."""
    known = parameters_of(notebook)
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.4)
            hint = near[0] if near else ", ".join(known)
            raise ParameterError(say("run.unknown_parameter", name=key, notebook=name, hint=hint))
        if type(value) is not type(known[key]):
            raise ParameterError(
                say(
                    "run.wrong_type", name=key, notebook=name,
                    expected=type(known[key]).__name__, given=type(value).__name__,
                )
            )  # fmt: skip


def execute(
    source: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    cwd: Path,
    nursery: Nursery | None = None,
) -> nbformat.NotebookNode:
    """Runs a notebook under papermill and returns it, cleaned of all that differs between two
    equal runs. With a ``nursery`` its kernel is forked there, and several may run at once.
    Raises :class:`ParameterError` before a kernel starts, :class:`NotebookError` when a cell fails.
    """
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        template = nbformat.read(source, as_version=4)
    except Exception:
        raise NotebookError(say("run.unreadable_notebook", notebook=source.name)) from None
    check_parameters(source.stem, template, parameters)
    try:
        for last in (*[False] * (STARTS - 1), True):
            try:
                _papermill(source, output, parameters, cwd, nursery)
                break
            except (CellTimeoutError, DeadKernelError):
                raise
            except (RuntimeError, TimeoutError):  # nothing was run yet
                if last:
                    raise NotebookError(say("run.no_kernel", notebook=source.stem)) from None
    except PapermillExecutionError as error:
        reason = error.evalue if _is_ours(error.ename) else error.ename
        raise NotebookError(
            say(
                "run.failed_cell", notebook=source.stem, cell=error.cell_index,
                line=_first_line(error.source), reason=reason,
            )
        ) from None  # fmt: skip
    except CellTimeoutError:
        limit = number(CELL_SECONDS)
        raise NotebookError(say("run.slow_cell", notebook=source.stem, limit=limit)) from None
    except DeadKernelError:
        raise NotebookError(say("run.dead_kernel", notebook=source.stem)) from None
    executed = clean(nbformat.read(output, as_version=4))
    nbformat.write(executed, output)
    return executed


def _papermill(
    source: Path,
    output: Path,
    parameters: Mapping[str, Any],
    cwd: Path,
    nursery: Nursery | None,
) -> None:
    import papermill

    with _private_sockets() as options:
        if nursery is None:
            options["cwd"] = str(cwd)
        else:  # papermill would change the directory of this whole process
            options["kernel_manager_class"] = nursery.manager(cwd.resolve())
        papermill.execute_notebook(
            str(source.resolve()), str(output.resolve()), parameters=dict(parameters),
            kernel_name="python3", progress_bar=False, log_output=False, start_timeout=120,
            execution_timeout=CELL_SECONDS, request_save_on_cell_execute=False,
            autosave_cell_every=0, **options,
        )  # fmt: skip


@contextmanager
def _private_sockets() -> Any:
    """A kernel's sockets as files that only this user can open; TCP on Windows, which has none."""
    if os.name == "nt":
        yield {}
        return
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="cchc-") as folder:
        yield {"config": Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})}


def _is_ours(name: str) -> bool:
    from .. import errors

    return name in errors.__all__


def _first_line(source: str) -> str:
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return lines[0][:80] if lines else ""


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drops timings, environment and random ids in place; returns the notebook."""
    notebook.metadata = type(notebook.metadata)(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    for place, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = type(cell.metadata)(tags=tags) if tags else type(cell.metadata)()
        if "injected-parameters" in tags:
            cell.id = f"injected-parameters-{place}"
            # The brief as of a day is the brief made then; the day asked for is in run.json.
            lines = [line for line in cell.source.split("\n") if not line.startswith("as_of = ")]
            cell.source = "\n".join(lines)
        if cell.cell_type == "code":
            cell.outputs = [
                out
                for out in cell.outputs
                if not (out.output_type == "stream" and out.name == "stderr")
            ]
    return notebook


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
    run in its kernels one after the other, else in kernels of their own, as many at once as there
    are processors.
    """
    q = office.period(period, cut=cut, as_of=as_of, audience=audience)
    folder = _folder(q, into or office.workspace)
    if not force:
        guard_edits(folder, RUN)
    staging = beside(folder)
    try:
        (staging / "notebooks").mkdir(parents=True)
    except OSError:
        raise WorkspaceError(say("store.cannot_write", folder=folder.parent.name)) from None
    seconds: dict[str, float] = {}
    parameters = _parameters(q)
    try:
        executed = _run_notebooks(q, staging, parameters, seconds, progress, nursery)
        with _timed("documents", seconds, progress):
            masker = Masker.of(office.workspace)
            _write_documents(q, masker, executed, staging)
        _write_run(q, staging, parameters, seconds)
        with _timed("leaks", seconds, progress):
            leaks.stop(leaks.search(leaks.inside(staging), leaks.Watch.of(q)))
        if audience == "shared":
            remember(q)
        written = {*outputs_of(folder / RUN), RUN}
        swap(staging, folder, written)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Brief(folder, folder / "brief.html", folder / "brief.pdf")


def unchanged(q: PeriodView) -> bool:
    """Whether the brief of ``q`` lies in its place as it was made, and of what there is now."""
    return is_current(_folder(q, q.office.workspace), RUN, record(q, _parameters(q), {}))


def _folder(q: PeriodView, workspace: Path) -> Path:
    root = workspace / ("reports" if q.audience == "shared" else "internal")
    return root / q.office.unit.slug / q.period.label


def _parameters(q: PeriodView) -> dict[str, Any]:
    """Of the notebooks."""
    return {
        "unit": q.office.unit.slug, "period": q.period.label, "workspace": ".",
        "audience": q.audience, "as_of": q.as_of.isoformat() if q.as_of else "",
        "cut": q.period.cut,
    }  # fmt: skip


def notebook_path(workspace: Path, name: str) -> Path:
    """The workspace's own notebook, else the shipped one."""
    own = workspace / "notebooks" / f"{name}.ipynb"
    return own if own.exists() else shipped.path("notebooks", f"{name}.ipynb")


def _run_notebooks(
    q: PeriodView,
    staging: Path,
    parameters: dict[str, Any],
    seconds: dict[str, float],
    progress: Progress,
    nursery: Nursery | None,
) -> dict[str, nbformat.NotebookNode]:
    office = q.office
    found = staging / "found"
    found.mkdir()

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

    *first, last = NOTEBOOKS
    with _environment(handover.FOLDER, str(found.resolve())):
        if nursery is None and Nursery.works:
            with Nursery() as own, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                _leave(q, found, seconds, progress)  # while the nursery is importing
                executed = dict(zip(first, pool.map(lambda n: run(n, own), first), strict=True))
                executed[last] = run(last, own)
        else:
            _leave(q, found, seconds, progress)
            executed = {name: run(name, nursery) for name in NOTEBOOKS}
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
    q: PeriodView, masker: Masker, executed: dict[str, nbformat.NotebookNode], staging: Path
) -> None:
    from . import document, docx, html, pdf, xlsx
    from .annex import Annex

    ordered = [executed[name] for name in sorted(executed)]
    blocks = document.blocks(ordered)
    annex = Annex(q, masker)
    rows = [result.as_dict() for result in q.results]
    (staging / "brief.html").write_text(html.render(ordered), encoding="utf-8", newline="\n")
    (staging / "brief.pdf").write_bytes(pdf.render(blocks))
    (staging / "brief.docx").write_bytes(docx.render(blocks))
    xlsx.write(staging / "brief.xlsx", annex.sheets(), workbook_meta(q))
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


def workbook_meta(q: PeriodView) -> dict[str, Any]:
    """What the workbook's cover sheet says."""
    return {
        "title": say("run.workbook_title", period=inside(q.period.title)),
        "unit": q.office.unit.authority,
        "span": q.period.span,
        "data_day": q.data_day,
        "audience": q.audience,
        "notices": q.notices,
    }


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
