"""What ``cchc init`` lays out, and the sample that needs no workspace.

A workspace is a folder with the plans of its units (``data/plans``), the inbox for exports, the
store, the notebooks, and the reports that runs write.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import plan as plans
from .. import shipped
from ..atomic import beside, cannot_write, is_reserved, left_over, patiently, put, remove, sweep
from ..errors import ParameterError, PlanError, WorkspaceError
from ..extend import FOLDER
from ..words import say

if TYPE_CHECKING:
    from ..office import Office

__all__ = ["SAMPLE_UNIT", "is_too_deep", "lay_out", "next_steps", "sample_office"]

SAMPLE_UNIT = "thieu-van"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PATH_LIMIT = 259 if os.name == "nt" else 0  # characters; 0: none
# Where an apology slip of the longest code lies while it is written.
DEEPEST = f"internal/apologies/{{unit}}/.2024-Q4-01234567/{'x' * 67}.docx"
_IGNORED = """\
# Raw data, the store and internal papers stay out of git.
/data/inbox/
/data/store/
/data/causes/
/reports/
/internal/
"""


def lay_out(folder: Path, *, unit: str, name: str, plan: Path | None = None) -> Path:
    """Makes ``folder`` a workspace for ``unit``, or adds ``unit`` to the one it is.

    ``plan`` is a folder like ``data/plans/<unit>`` to copy instead of the shipped 2024 plan. The
    unit is there when all is there: what was cut off is tried again by the same call.
    Raises :class:`ParameterError`, :class:`WorkspaceError`, :class:`PlanError`.
    """
    from . import schemas, templates
    from .starting_plan import adopt

    if not _SLUG.fullmatch(unit) or is_reserved(unit):
        raise ParameterError(say("workspace.bad_slug", unit=unit))
    if not name.strip():
        raise ParameterError(say("workspace.no_name"))
    if plan is not None and not (plan / "unit.toml").is_file():
        raise PlanError(say("workspace.bad_plan", folder=plan.name))
    target = folder / "data" / "plans" / unit
    if target.exists():
        raise WorkspaceError(say("workspace.unit_exists", unit=unit))
    plans_lie_there = (folder / "data" / "plans").is_dir()
    if folder.is_file() or (not plans_lie_there and any(p.is_file() for p in folder.rglob("*"))):
        raise WorkspaceError(say("workspace.not_empty", folder=folder.name))
    for part in ("", "notebooks", FOLDER, "/".join(schemas.FOLDER)):
        sweep(folder / part)
    try:
        for part in ("data/plans", "data/inbox", "data/store", "reports"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        if plans.units(folder):  # the inbox itself is that of the first
            (folder / "data" / "inbox" / unit).mkdir(exist_ok=True)
        schemas.write(folder)
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "start.ipynb")  # made anew
        _copy(shipped.path("notebooks"), folder / "notebooks", ignore=ignored)
        _put_examples(folder)
        if not (folder / ".gitignore").exists():
            put(folder / ".gitignore", _IGNORED.encode("utf-8"))
        if plan is None:
            _copy(shipped.path("data", "plans", SAMPLE_UNIT), target, lambda at: adopt(at, name))
        else:
            _copy(plan, target)
        with _or_not_at_all(target):
            for year in plans.years(folder, unit):
                with suppress(PlanError):  # a plan that was brought along: cchc check tells
                    templates.write(folder, unit, year)
    except OSError as error:
        raise cannot_write(folder, error) from None
    return folder


def _copy(
    source: Path, target: Path, change: Callable[[Path], None] = lambda at: None, **how: Any
) -> None:
    """Copies a folder whole to where none is yet, with ``change`` made to the copy."""
    for old in left_over(target):
        remove(old)
    if target.exists():
        return
    part = beside(target)
    with _or_not_at_all(part):
        shutil.copytree(source, part, copy_function=shutil.copyfile, **how)
        change(part)
        patiently(lambda: part.replace(target))


@contextmanager
def _or_not_at_all(made: Path) -> Iterator[None]:
    """Takes ``made`` away again where the block fails, so that it can be tried again."""
    try:
        yield
    except BaseException:
        remove(made)
        raise


def is_too_deep(folder: Path, unit: str) -> bool:
    """Whether the longest names below ``folder`` are longer than Windows takes unless it is told
    to (``LongPathsEnabled``); never elsewhere.
    """
    longest = len(str(folder.resolve())) + 1 + len(DEEPEST.format(unit=unit))
    return bool(PATH_LIMIT) and longest > PATH_LIMIT


def _put_examples(folder: Path) -> None:
    """Lays the examples of extensions beside the notebooks and in ``extensions``, put by: each
    begins with ``_`` until somebody takes that off.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    for path in sorted(shipped.path("data", "examples").glob("*.*")):  # pip adds __pycache__
        into = folder / ("notebooks" if path.suffix == ".ipynb" else FOLDER)
        target = into / f"_{path.name}"
        if not target.exists():
            put(target, path.read_bytes())


def next_steps(folder: Path, unit: str, name: str) -> str:
    """What to do with a new workspace, in steps whose commands can be copied."""
    from .inbox import folder_of
    from .templates import folder_of as templates_of

    alone = plans.units(folder) == [unit]
    return say(
        "workspace.next_steps",
        folder=folder,
        name=name,
        file=folder / "data" / "plans" / unit / "unit.toml",
        inbox=folder_of(folder, unit),
        templates=templates_of(folder, unit),
        reports=folder / "reports" / unit,
        year=max(plans.years(folder, unit), default=""),
        cchc=f'cchc -C "{folder}"',
        of="" if alone else f" --unit {unit}",
    )


@contextmanager
def sample_office(unit: str | None, progress: Callable[[str], None]) -> Iterator[Office]:
    """The office of the shipped sample, its files taken in, in a workspace that goes afterwards.

    Raises :class:`ParameterError` for any other ``unit``.
    """
    from .. import office
    from . import inbox

    if unit not in (None, SAMPLE_UNIT):
        raise ParameterError(say("workspace.sample_unit", unit=unit, sample=SAMPLE_UNIT))
    # Windows removes no file that is still open somewhere; then the public sample stays behind.
    with tempfile.TemporaryDirectory(prefix="cchc-", ignore_cleanup_errors=True) as temporary:
        root = Path(temporary)
        shutil.copytree(
            shipped.path("data", "plans", SAMPLE_UNIT), root / "data" / "plans" / SAMPLE_UNIT
        )
        # The sample is public, so is its key: equal runs make equal codes.
        (root / "internal").mkdir()
        (root / "internal" / "key").write_text("00" * 32, encoding="ascii")
        progress(say("workspace.sample_ingest"))
        shutil.copytree(shipped.path("data", "sample"), root / "data" / "inbox")
        done = inbox.ingest(root)
        for row in done:
            if row.error is not None:
                raise row.error
        progress(inbox.summary(done))
        yield office.open(root)
