"""What the office exported, kept for good.

The store holds one Parquet file and one receipt per (table, unit, export), both named by the
content of the exported file. Nothing is overwritten: the same file twice is once, a newer
export of the same dossiers lies beside the older one, and a file ingested by mistake is taken
out of every view by a tombstone that says why. An export counts from the moment its receipt
is renamed into place, so a run that is cut off leaves nothing half-written.

Two views follow from that. *Current* is the newest version of each dossier; *as of a day* is
the newest version among the exports made by the end of that day. The newest is decided by the
export's own moment, never by the order of ingesting.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import StoreError, WorkspaceError
from .words import say

if TYPE_CHECKING:
    from .sources.intake import Intake, Receipt, SetAside

__all__ = ["Export", "Store", "data_folder", "windows"]

SCHEMA_VERSION = 1
ID_LENGTH = 16


def data_folder(path: Path) -> Path:
    """The ``data`` folder, whether ``path`` is a workspace or that folder itself."""
    return path if (path / "plans").is_dir() else path / "data"


@dataclass(frozen=True)
class Export:
    """One ingested file: its receipt, the rows set aside, and where its rows lie."""

    id: str
    table: str
    path: Path
    receipt: Receipt
    set_aside: tuple[SetAside, ...] = ()
    withdrawn: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def exported_at(self) -> dt.datetime:
        return self.receipt.exported_at


class Store:
    """The exports of one unit.

    ``folder`` is ``<workspace>/data/store/<unit>``; it is made at the first ``add``.
    """

    def __init__(self, workspace: Path, unit: str) -> None:
        self.unit = unit
        self.workspace = data_folder(workspace).parent
        self.folder = self.workspace / "data" / "store" / unit

    def exports(
        self,
        table: str | None = None,
        *,
        as_of: dt.date | None = None,
        withdrawn: bool = False,
    ) -> list[Export]:
        """The exports, oldest moment first.

        ``as_of`` keeps those made by the end of that day; ``withdrawn=True`` adds those that
        were taken out. Raises :class:`StoreError` for a receipt that cannot be read.
        """
        found = [self._read(path) for path in self._receipts()]
        kept = [
            export
            for export in found
            if (table is None or export.table == table)
            and (withdrawn or export.withdrawn is None)
            and (as_of is None or export.exported_at.date() <= as_of)
        ]
        return sorted(kept, key=lambda e: (e.exported_at, e.table, e.id))

    def find(self, sha256: str) -> Export | None:
        """The export made from the file with this content, unless it was withdrawn."""
        for export in self.exports():
            if export.receipt.sha256 == sha256:
                return export
        return None

    def add(self, intake: Intake) -> Export:
        """Keeps what was read from one file and returns its export.

        A file whose content is already in the store changes nothing.
        """
        known = self.find(intake.receipt.sha256)
        if known is not None:
            return known
        stem = intake.receipt.sha256[:ID_LENGTH]
        taken = {path.stem for path in self._receipts()}
        id = (
            stem
            if stem not in taken
            else next(name for n in range(2, 10_000) if (name := f"{stem}-{n}") not in taken)
        )
        rows = intake.frame.assign(export=id, exported_at=intake.receipt.exported_at)
        rows["exported_at"] = rows["exported_at"].astype("datetime64[us]")
        target = self.folder / intake.table / f"{id}.parquet"
        _make(target.parent)
        _make(self.folder / "exports")
        with _beside(target) as temporary:
            _write_parquet(rows, temporary)
        content = {
            "schema": SCHEMA_VERSION,
            "id": id,
            "table": intake.table,
            "rows_sha256": _sha256(target),
            "receipt": intake.receipt.as_dict(),
            "set_aside": [asdict(row) for row in intake.set_aside],
        }
        receipt = self.receipt(id)
        with _beside(receipt) as temporary:
            temporary.write_text(_dump(content), encoding="utf-8")
        return self._read(receipt)

    def withdraw(self, id: str, reason: str) -> Export:
        """Takes an export out of every view; ``id`` may be shortened while it is unique."""
        matches = [e for e in self.exports(withdrawn=True) if e.id.startswith(id.lower())]
        live = [e for e in matches if e.withdrawn is None]
        if not matches:
            raise StoreError(say("store.unknown_export", id=id))
        if len(live) != 1:
            key = "store.ambiguous_export" if live else "store.already_withdrawn"
            raise StoreError(say(key, id=id))
        tombstone = self.folder / "exports" / f"{live[0].id}.withdrawn"
        with _beside(tombstone) as temporary:
            temporary.write_text(_dump({"reason": reason}), encoding="utf-8")
        return self._read(self.receipt(live[0].id))

    def receipt(self, id: str) -> Path:
        """The file that says what came of an export."""
        return self.folder / "exports" / f"{id}.json"

    def _receipts(self) -> Iterable[Path]:
        return sorted((self.folder / "exports").glob("*.json"))

    def _read(self, path: Path) -> Export:
        from .sources.intake import Receipt, SetAside

        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] > SCHEMA_VERSION:
                raise StoreError(say("store.newer_schema", file=path.name))
            tombstone = path.with_suffix(".withdrawn")
            reason = None
            if tombstone.exists():
                reason = json.loads(tombstone.read_text(encoding="utf-8"))["reason"]
            export = Export(
                id=content["id"],
                table=content["table"],
                path=self.folder / content["table"] / f"{content['id']}.parquet",
                receipt=Receipt.from_dict(content["receipt"]),
                set_aside=tuple(SetAside(**row) for row in content["set_aside"]),
                withdrawn=reason,
            )
        except (OSError, ValueError, KeyError, TypeError):
            raise StoreError(say("store.damaged_receipt", file=path.name)) from None
        if reason is None and not export.path.exists():
            raise StoreError(say("store.missing_rows", file=export.receipt.file, id=export.id))
        return export


def windows(exports: Iterable[Export]) -> list[tuple[dt.date, dt.date]]:
    """The spans of days that the exports cover, joined where they touch; sorted.

    An export made on a day that it names itself covers nothing later, whatever its title says.
    """
    spans = sorted(
        (start, end)
        for e in exports
        if (start := e.receipt.window_from) and (end := _covered_to(e)) and start <= end
    )
    joined: list[tuple[dt.date, dt.date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + dt.timedelta(days=1):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _covered_to(export: Export) -> dt.date | None:
    end = export.receipt.window_to
    if end is None or export.receipt.exported_at_source == "data":
        return end
    return min(end, export.exported_at.date())


def _write_parquet(frame: Any, path: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.from_df(frame).write_parquet(str(path), compression="zstd")


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(say("store.cannot_write", folder=folder.name)) from error


class _beside:
    """A temporary file in the target's folder, renamed over the target on success."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")

    def __enter__(self) -> Path:
        return self.temporary

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if kind is None:
                with self.temporary.open("rb+") as file:
                    os.fsync(file.fileno())
                self.temporary.replace(self.target)
            elif issubclass(kind, OSError):
                raise WorkspaceError(
                    say("store.cannot_write", folder=self.target.parent.name)
                ) from None
        finally:
            self.temporary.unlink(missing_ok=True)
