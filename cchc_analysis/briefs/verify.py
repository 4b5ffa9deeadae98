"""Making a brief again from its ``run.json``, to see that it is what it says it is.

First the folder is held against its own record: a document that somebody edited since is named.
Then every input is looked for and held against its hash. Only then the brief is made once more, in
a workspace of its own that holds exactly the inputs listed – exports taken in since are not seen,
exports withdrawn since are, the ledger ends where it ended – and each file is compared byte for
byte. Nothing is written into the brief's folder or its workspace.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import office as offices
from ..atomic import sha256
from ..errors import BriefError, DiffersError, InputsError, WorkspaceError
from ..store import Export, Store
from ..words import say
from . import run
from .differences import differences
from .inputs import SHIPPED, digest, located
from .record import versions

__all__ = ["Compared", "Verified", "verify"]

EQUAL, DIFFERENT, EDITED, MISSING, ADDED = "equal", "different", "edited", "missing", "added"


@dataclass(frozen=True)
class Compared:
    """A file of the brief: ``state`` is ``equal``; ``different`` (made again it is another one);
    ``edited`` or ``missing`` (not as recorded, while made again it is as recorded); or ``added``
    (made now, not recorded). ``where`` tells the first differences.
    """

    file: str
    state: str
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verified:
    """``versions`` are (package, then, now) of what changed; ``stored`` the exports whose content
    is the one listed but whose rows were stored otherwise: another mapping or edition read them.
    """

    folder: Path
    files: tuple[Compared, ...]
    versions: tuple[tuple[str, str, str], ...]
    stored: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return all(row.state == EQUAL for row in self.files)

    @property
    def exit_code(self) -> int:
        return 0 if self.holds else DiffersError.exit_code

    def as_dict(self) -> dict[str, Any]:
        return {
            "folder": self.folder.name, "holds": self.holds,
            "files": [asdict(row) for row in self.files],
            "versions": [dict(zip(("name", "then", "now"), v, strict=True)) for v in self.versions],
            "stored_otherwise": list(self.stored),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """What the terminal shows."""
        told = []
        for row in self.files:
            told.append(say(f"verify.{row.state}", file=row.file))
            told += [f"    {line}" for line in row.where]
        same = sum(row.state == EQUAL for row in self.files)
        told.append(say("verify.holds" if self.holds else "verify.fails", same=same,
                        all=len(self.files)))  # fmt: skip
        told += [say("verify.stored", file=file) for file in self.stored]
        if self.versions:
            told.append(say("verify.versions" if self.holds else "verify.versions_likely"))
            none = say("verify.no_version")
            told += [
                say("verify.version", name=name, then=then or none, now=now or none)
                for name, then, now in self.versions
            ]
        return told


def verify(
    folder: Path,
    workspace: Path | None = None,
    *,
    progress: Callable[[str], None] = lambda line: None,
) -> Verified:
    """Makes the brief in ``folder`` again from the inputs of ``workspace``, by default the one it
    lies in, and compares.

    Raises :class:`WorkspaceError` where it lies in none, :class:`BriefError` without a readable
    ``run.json`` and :class:`InputsError` that names every input which is missing or changed.
    """
    content = _content(folder)
    workspace = workspace or _around(folder)
    recorded: dict[str, str] = content["outputs"]
    now = versions()
    then: dict[str, str] = content["versions"]
    changed = tuple(
        (name, then.get(name, ""), now.get(name, ""))
        for name in sorted({*then, *now})
        if then.get(name, "") != now.get(name, "")
    )
    parameters = content["parameters"]
    store = Store(workspace, parameters["unit"])
    exports = {e.id: e for e in store.exports(withdrawn=True)} if store.folder.is_dir() else {}
    for name, made_then in recorded.items():
        if not (folder / name).is_file() or sha256(folder / name) != made_then:
            progress(say("verify.touched", file=name))
    progress(say("verify.inputs"))
    _check(content, workspace, exports, changed)
    stored = tuple(
        row["file"]
        for row in content["inputs"]
        if sha256(exports[row["export"]].path) != row["rows_sha256"]
        or sha256(store.receipt(row["export"])) != row["receipt_sha256"]
    )
    with tempfile.TemporaryDirectory(prefix="cchc-") as temporary:
        root = Path(temporary)
        _lay(content, workspace, store, exports, root)
        made = run.make(
            offices.open(root, parameters["unit"]), parameters["period"], cut=parameters["cut"],
            as_of=parameters["as_of"], audience=parameters["audience"], progress=progress,
        )  # fmt: skip
        again = {
            path.relative_to(made.folder).as_posix(): path
            for path in made.folder.rglob("*")
            if path.is_file() and path.name != run.RUN
        }
        files = tuple(
            _compare(name, folder / name, recorded.get(name), again.get(name))
            for name in sorted({*recorded, *again})
        )
    return Verified(folder, files, changed, stored)


def _around(folder: Path) -> Path:
    for path in folder.resolve().parents:
        if (path / "data" / "plans").is_dir():
            return path
    raise WorkspaceError(say("verify.no_workspace", folder=folder.name))


def _content(folder: Path) -> dict[str, Any]:
    needed = ("parameters", "inputs", "withdrawn", "files", "ledger", "versions", "outputs")
    try:
        content: dict[str, Any] = json.loads((folder / run.RUN).read_text(encoding="utf-8"))
        rows = all({"export", "sha256", "rows_sha256"} <= set(row) for row in content["inputs"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BriefError(say("verify.no_record", folder=folder.name)) from None
    lacking = [name for name in needed if name not in content]
    if lacking or not rows:
        raise BriefError(say("verify.old_record", folder=folder.name))
    return content


def _check(
    content: dict[str, Any],
    workspace: Path,
    exports: dict[str, Export],
    changed: tuple[tuple[str, str, str], ...],
) -> None:
    """Raises :class:`InputsError` unless every input is there as it was."""
    wrong = []
    for row in content["inputs"]:
        found = exports.get(row["export"])
        if found is None or not found.path.is_file():
            wrong.append(say("verify.no_export", file=row["file"], id=row["export"]))
        elif found.receipt.sha256 != row["sha256"]:
            wrong.append(say("verify.other_export", file=row["file"], id=row["export"]))
    for row in content["withdrawn"]:
        found = exports.get(row["export"])
        if found is None or found.withdrawn != row["reason"]:
            wrong.append(say("verify.no_export", file=row["file"], id=row["export"]))
    for name, then in content["files"].items():
        path = located(workspace, name)
        if not path.is_file():
            wrong.append(say("verify.no_input", file=name))
        elif digest(path) != then:
            wrong.append(say("verify.other_input", file=name))
    ledger = content["ledger"]
    if ledger and hashlib.sha256(_prefix(workspace, ledger)).hexdigest() != ledger["sha256"]:
        wrong.append(say("verify.other_input", file=ledger["file"]))
    if not wrong:
        return
    ours = [v for v in changed if v[0] == "cchc-analysis"]
    if ours and any(name.startswith(SHIPPED) for name in content["files"]):
        wrong.append(say("verify.version", name=ours[0][0], then=ours[0][1], now=ours[0][2]))
    raise InputsError(say("verify.inputs_wrong", listed="; ".join(wrong)))


def _prefix(workspace: Path, ledger: dict[str, Any]) -> bytes:
    path = workspace / ledger["file"]
    return path.read_bytes()[: ledger["bytes"]] if path.is_file() else b""


def _lay(
    content: dict[str, Any],
    workspace: Path,
    store: Store,
    exports: dict[str, Export],
    root: Path,
) -> None:
    """Lays out a workspace of exactly the inputs listed. What was shipped then is shipped now."""

    def place(source: Path, name: Path | str) -> None:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)

    for name in content["files"]:
        if not name.startswith(SHIPPED):
            place(workspace / name, name)
    for row in content["inputs"]:
        export = exports[row["export"]]
        for path in (export.path, store.receipt(export.id)):
            place(path, path.relative_to(store.workspace))
    for row in content["withdrawn"]:
        receipt = store.receipt(row["export"])
        for path in (receipt, receipt.with_suffix(".withdrawn")):
            place(path, path.relative_to(store.workspace))
    if content["ledger"]:
        path = root / content["ledger"]["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_prefix(workspace, content["ledger"]))


def _compare(name: str, path: Path, recorded: str | None, again: Path | None) -> Compared:
    now = None if again is None else sha256(again)
    if recorded is None:
        return Compared(name, ADDED)
    if not path.is_file():
        return Compared(name, MISSING if now == recorded else DIFFERENT)
    if sha256(path) == now:
        return Compared(name, EQUAL)
    where = differences(path, again) if again is not None else ()
    return Compared(name, EDITED if now == recorded else DIFFERENT, tuple(where))
