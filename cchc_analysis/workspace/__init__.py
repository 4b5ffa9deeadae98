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
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .. import plan as plans
from .. import shipped
from ..atomic import is_reserved
from ..errors import ParameterError, PlanError, WorkspaceError
from ..planfile import toml_text
from ..words import say

if TYPE_CHECKING:
    from ..office import Office

__all__ = ["SAMPLE_UNIT", "is_too_deep", "lay_out", "sample_office"]

SAMPLE_UNIT = "thieu-van"
_STILL_TRUE = ("authority", "parent")  # comments of the shipped file that hold for any unit
_SLIPS = "# Conflicts and slips"  # the comment above those of the shipped plan
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

    ``plan`` is a folder like ``data/plans/<unit>`` to copy instead of the shipped 2024 plan.
    Raises :class:`ParameterError`, :class:`WorkspaceError`, :class:`PlanError`.
    """
    if not _SLUG.fullmatch(unit) or is_reserved(unit):
        raise ParameterError(say("workspace.bad_slug", unit=unit))
    if not name.strip():
        raise ParameterError(say("workspace.no_name"))
    if plan is not None and not (plan / "unit.toml").is_file():
        raise PlanError(say("workspace.bad_plan", folder=plan.name))
    target = folder / "data" / "plans" / unit
    if target.exists():
        raise WorkspaceError(say("workspace.unit_exists", unit=unit))
    if folder.is_file() or (
        folder.is_dir() and any(folder.iterdir()) and not (folder / "data" / "plans").is_dir()
    ):
        raise WorkspaceError(say("workspace.not_empty", folder=folder.name))
    try:
        for part in ("data/inbox", "data/store", "reports"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        shutil.copytree(plan or shipped.path("data", "plans", SAMPLE_UNIT), target)
        if plan is None:
            _rename(target / "unit.toml", name.strip())
            for year in sorted(path for path in target.iterdir() if path.is_dir()):
                _as_template(folder, unit, year)
        if not (folder / "notebooks").exists():
            shutil.copytree(
                shipped.path("notebooks"),
                folder / "notebooks",
                ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
            )
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text(_IGNORED, encoding="utf-8", newline="\n")
    except OSError:
        raise WorkspaceError(say("store.cannot_write", folder=folder.name)) from None
    return folder


def is_too_deep(folder: Path, unit: str) -> bool:
    """Whether the longest names below ``folder`` are longer than Windows takes unless it is told
    to (``LongPathsEnabled``); never elsewhere.
    """
    longest = len(str(folder.resolve())) + 1 + len(DEEPEST.format(unit=unit))
    return bool(PATH_LIMIT) and longest > PATH_LIMIT


def _rename(path: Path, name: str) -> None:
    """Puts the unit's own name into a copy of the shipped ``unit.toml``; what is not known of
    another commune (its superior, its successor) is left empty for the analyst to fill in.
    """
    kind = next(
        (k for k in say("workspace.kinds").split("|") if name.lower().startswith(k + " ")), ""
    )
    place = name[len(kind) :].strip()
    authority = f"UBND {name}" if kind else name
    quoted = {
        "name": toml_text(name),
        "authority": toml_text(authority),
        "parent": toml_text(""),
        "place": toml_text(place),
        "title_names": f"[{toml_text(authority.upper())}, {toml_text(name)}]",
        "verified": "false",
    }
    lines = []
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip()
        key, _, rest = line.partition(" = ")
        if section == "[unit]" and key in ("valid_to", "valid_from", "successor"):
            continue
        if section == "[unit]" and key in quoted:
            comment = rest.partition("#")[2] if key in _STILL_TRUE else ""
            line = f"{key} = {quoted[key]}" + (f"  #{comment}" if comment else "")
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _as_template(folder: Path, unit: str, year: Path) -> None:
    """Makes a copy of another commune's plan a template: under the unit's own name, without the
    slips of the printed one and the targets that contradict those that govern.
    """
    plan = plans.load(folder, unit, int(year.name))
    whole = (year / "plan.toml").read_text(encoding="utf-8")
    head = whole.partition("[[glitches]]")[0].rstrip()
    lines = [line for line in head.splitlines() if not line.startswith(_SLIPS)]
    title = say("workspace.plan_title", year=year.name, authority=plan.unit.authority)
    values = {"title": title, "issued_by": plan.unit.authority, "issued": ""}
    made = []
    for line in lines:
        key = line.partition(" = ")[0]
        made.append(f"{key} = {toml_text(values[key])}" if key in values else line)
    (year / "plan.toml").write_text("\n".join(made) + "\n", encoding="utf-8", newline="\n")
    lost = {other.id for _, other in plan.conflicts()}
    targets = (year / "targets.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in targets if line.partition(",")[0] not in lost]
    (year / "targets.csv").write_text("\n".join(kept) + "\n", encoding="utf-8", newline="\n")


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
