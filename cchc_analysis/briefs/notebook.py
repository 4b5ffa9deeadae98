"""Running one notebook under papermill, and what is left of it.

Parameters are checked against the notebook's own ``parameters`` cell before a kernel starts: a
misspelt name or a wrong type is an error with a near match, not a figure nobody asked for. A kernel
that does not start is tried again, one that dies or a cell that takes too long is not. What differs
between two equal runs is taken out of the executed notebook.
"""

from __future__ import annotations

import ast
import difflib
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .. import misspelt, shipped
from ..errors import NotebookError, ParameterError
from ..words import number, say
from .kernels import Nursery

if TYPE_CHECKING:
    import nbformat

__all__ = ["check_parameters", "execute", "notebook_path", "ready"]

CELL_SECONDS = 900  # a cell that takes longer is given up
QUIET = ["--log-level=CRITICAL"]  # else a kernel complains of being ended
STARTS = 3  # a kernel that does not start is tried so often


def notebook_path(workspace: Path, name: str) -> Path:
    """The workspace's own notebook, else the shipped one."""
    own = workspace / "notebooks" / f"{name}.ipynb"
    return own if own.exists() else shipped.path("notebooks", f"{name}.ipynb")


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
    """Raises :class:`ParameterError` for a parameter that the notebook lacks or has of another
    type.
    """
    try:
        known = parameters_of(notebook)
    except (SyntaxError, ValueError):
        raise ParameterError(say("run.bad_parameters", notebook=name)) from None
    if given and not known:
        raise ParameterError(say("run.no_parameters", notebook=name))
    for key, value in given.items():
        if key not in known:
            close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.7)
            hint = say("run.near_parameter", hint=close[0]) if close else ""
            raise ParameterError(say("run.unknown_parameter", name=key, notebook=name, hint=hint))
        if type(value) is not type(known[key]):
            raise ParameterError(
                say(
                    "run.wrong_type", name=key, notebook=name,
                    expected=type(known[key]).__name__, given=type(value).__name__,
                )
            )  # fmt: skip


def ready(source: Path, parameters: Mapping[str, Any]) -> nbformat.NotebookNode:
    """The notebook as it is written, if it can be run with ``parameters``. Raises
    :class:`NotebookError` where it cannot be read, else as :func:`check_parameters`.
    """
    nbformat = quick_nbformat()
    try:
        notebook = nbformat.read(source, as_version=4)
    except Exception:
        raise NotebookError(say("run.unreadable_notebook", notebook=source.name)) from None
    check_parameters(source.stem, notebook, parameters)
    return notebook


def quick_nbformat() -> ModuleType:
    """nbformat, imported without what takes it a second: jsonschema looks for a grammar of
    international web addresses, and notebooks have none to check.
    """
    unused = "rfc3987_syntax"
    if unused in sys.modules:
        return import_module("nbformat")
    sys.modules[unused] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        return import_module("nbformat")
    finally:
        sys.modules.pop(unused, None)


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
    nbformat = quick_nbformat()
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    ready(source, parameters)
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
        reason = (
            error.evalue if _is_ours(error.ename)
            else misspelt.told(error.ename, error.evalue, error.source)
        )  # fmt: skip
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
            autosave_cell_every=0, extra_arguments=QUIET, **options,
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
