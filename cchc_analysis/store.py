"""What the office exported, kept for good.

The store holds one Parquet file and one receipt per (table, unit, export), both named by the
content of the exported file. Nothing is overwritten: the same file twice is once, a newer
export of the same dossiers lies beside the older one, and a file ingested by mistake is taken
out of every view by a tombstone that says why. An export counts from the moment its receipt
is renamed into place, so a run that is cut off leaves nothing half-written.

A receipt carries the hash of its rows and a seal over itself, and both are checked when they are
read. What is damaged is named and stops every view until it is taken in again or withdrawn: a
figure made from part of the exports would look like any other. Receipts of an older version are
brought up to date in memory, never on the disk.

Two views follow from that. *Current* is the newest version of each dossier; *as of a day* is
the newest version among the exports made by the end of that day. The newest is decided by the
export's own moment, never by the order of ingesting.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .atomic import locked, put, sha256, sweep, written
from .errors import StoreError
from .words import datetime_, label, number, say

if TYPE_CHECKING:
    from .sources.receipt import Intake, Receipt, SetAside

__all__ = ["Export", "Store", "covered_to", "data_folder", "taken_out", "windows"]

SCHEMA_VERSION = 3
ID_LENGTH = 16


def data_folder(path: Path) -> Path:
    """The ``data`` folder, whether ``path`` is a workspace or that folder itself."""
    return path if (path / "plans").is_dir() else path / "data"


@dataclass(frozen=True)
class Export:
    """One ingested file: its receipt, the rows set aside, and where its rows lie.

    ``withdrawn`` is the reason why it was taken out, ``withdrawn_on`` the day where it is known,
    ``damage`` what is wrong with it in the store; a receipt that cannot be read leaves nothing but
    its name.
    """

    id: str
    table: str
    path: Path
    receipt: Receipt
    set_aside: tuple[SetAside, ...] = ()
    withdrawn: str | None = None
    damage: str = ""
    withdrawn_on: dt.date | None = None

    def __repr__(self) -> str:
        if not self.table:
            return say("reprs.export_damaged", id=self.id)
        gone = say("reprs.export_withdrawn") if self.withdrawn is not None else ""
        return say(
            "reprs.export", table=label(f"table.{self.table}"), file=self.receipt.file,
            moment=datetime_(self.exported_at), rows=number(self.receipt.accepted), withdrawn=gone,
        )  # fmt: skip

    @property
    def exported_at(self) -> dt.datetime:
        return self.receipt.exported_at


class Store:
    """The exports of one unit.

    ``folder`` is ``<workspace>/data/store/<unit>``; it is made at the first ``add``. ``only`` names
    the exports to be seen, whatever else is taken in or withdrawn meanwhile.
    """

    def __init__(self, workspace: Path, unit: str, only: Collection[str] | None = None) -> None:
        self.unit = unit
        self.only = only
        self.workspace = data_folder(workspace).parent
        self.folder = self.workspace / "data" / "store" / unit

    def __repr__(self) -> str:
        return say("reprs.store", unit=self.unit, n=number(len(list(self._receipts()))))

    def exports(
        self,
        table: str | None = None,
        *,
        as_of: dt.date | None = None,
        withdrawn: bool = False,
    ) -> list[Export]:
        """The exports, oldest moment first.

        ``as_of`` keeps those made by the end of that day; ``withdrawn=True`` adds those that
        were taken out and those that are damaged. Raises :class:`StoreError` for a damaged one
        otherwise, and for a receipt of a newer version.
        """
        found = [export for path in self._receipts() if (export := self._read(path))]
        if not withdrawn:
            found = [export for export in found if self._counts(export)]
            for export in found:
                if export.damage:
                    raise StoreError(export.damage)
        kept = [
            export
            for export in found
            if (table is None or export.table == table)
            and (as_of is None or export.exported_at.date() <= as_of)
        ]
        return sorted(kept, key=lambda e: (e.exported_at, e.table, e.id))

    def _counts(self, export: Export) -> bool:
        return export.withdrawn is None if self.only is None else export.id in self.only

    def find(self, sha256: str) -> Export | None:
        """The export made from the file with this content, unless it was withdrawn or damaged."""
        for export in self.exports(withdrawn=True):
            live = export.withdrawn is None and not export.damage
            if live and export.receipt.sha256 == sha256:
                return export
        return None

    def add(self, intake: Intake) -> Export:
        """Keeps what was read from one file and returns its export.

        A file whose content is already in the store changes nothing; what was damaged of it
        is withdrawn. Raises :class:`WorkspaceError` where the store cannot be written.
        """
        with self._alone():
            known = self.find(intake.receipt.sha256)
            return known if known is not None else self._add(intake)

    def _add(self, intake: Intake) -> Export:
        stem = intake.receipt.sha256[:ID_LENGTH]
        sweep(self.folder / "exports")
        sweep(self.folder / intake.table)
        taken = {path.stem for path in self._receipts()}
        for export in self.exports(withdrawn=True):
            if export.damage and export.withdrawn is None and export.id.split("-")[0] == stem:
                self._bury(export.id, say("store.replaced"))
        id = (
            stem
            if stem not in taken
            else next(name for n in range(2, 10_000) if (name := f"{stem}-{n}") not in taken)
        )
        rows = intake.frame.assign(export=id, exported_at=intake.receipt.exported_at)
        rows["exported_at"] = rows["exported_at"].astype("datetime64[us]")
        with written(self.folder / intake.table / f"{id}.parquet") as part:
            _write_parquet(rows, part)
            rows_sha256 = sha256(part)
        content = {
            "schema": SCHEMA_VERSION,
            "id": id,
            "table": intake.table,
            "rows_sha256": rows_sha256,
            "receipt": intake.receipt.as_dict(),
            "set_aside": [asdict(row) for row in intake.set_aside],
        }
        receipt = self.receipt(id)
        put(receipt, _dump(content | {"seal": _seal(content)}).encode("utf-8"))
        added = self._read(receipt)
        assert added is not None
        return added

    def withdraw(self, id: str, reason: str) -> Export:
        """Takes an export out of every view; ``id`` may be shortened while it is unique."""
        with self._alone():
            matches = [e for e in self.exports(withdrawn=True) if e.id.startswith(id.lower())]
            live = [e for e in matches if e.withdrawn is None]
            if not matches:
                raise StoreError(say("store.unknown_export", id=id))
            if len(live) != 1:
                key = "store.ambiguous_export" if live else "store.already_withdrawn"
                raise StoreError(say(key, id=id))
            today = dt.date.today()
            self._bury(live[0].id, reason, today)
        return replace(live[0], withdrawn=reason, withdrawn_on=today)

    def receipt(self, id: str) -> Path:
        """The file that says what came of an export."""
        return self.folder / "exports" / f"{id}.json"

    def _bury(self, id: str, reason: str, day: dt.date | None = None) -> None:
        tombstone = self.folder / "exports" / f"{id}.withdrawn"
        content = {"reason": reason} | ({"on": day.isoformat()} if day else {})
        put(tombstone, _dump(content).encode("utf-8"))

    def _alone(self) -> AbstractContextManager[None]:
        return locked(self.folder.parent / ".locks" / self.unit)

    def _receipts(self) -> Iterable[Path]:
        return sorted((self.folder / "exports").glob("*.json"))

    def _read(self, path: Path) -> Export | None:
        """The export of a receipt; None for one that was removed meanwhile.

        Raises :class:`StoreError` for a receipt of a newer version.
        """
        reason, day = _tombstone(path.with_suffix(".withdrawn"))
        try:
            state = path.stat()
            told = _told_by(path, state.st_size, state.st_mtime_ns, state.st_ino)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            damage = say("store.damaged_receipt", id=path.stem)
            return Export(path.stem, "", path, _nothing_of(path), (), reason, damage, day)
        table, receipt, set_aside, rows_sha256 = told
        rows = self.folder / table / f"{path.stem}.parquet"
        damage = ""
        if reason is None and _digest(rows) != rows_sha256:
            key = "damaged_rows" if rows.exists() else "missing_rows"
            damage = say(f"store.{key}", file=receipt.file, id=path.stem)
        return Export(path.stem, table, rows, receipt, set_aside, reason, damage, day)


def taken_out(exports: Iterable[Export], sha256: str) -> Export | None:
    """Of all ``exports`` the one made from the file with this content, where somebody withdrew it
    and nobody took it in again. One that was only replaced because it was damaged is none.
    """
    same = [e for e in exports if e.id.split("-")[0] == sha256[:ID_LENGTH]]
    if any(e.withdrawn is None for e in same):
        return None
    gone = [e for e in same if e.withdrawn != say("store.replaced")]
    return gone[-1] if gone else None


def _tombstone(path: Path) -> tuple[str | None, dt.date | None]:
    """Why an export was withdrawn, and on which day (those of an older version do not say it); a
    tombstone that cannot be read is one all the same.
    """
    try:
        told = json.loads(path.read_bytes())
        day = told.get("on")
        return str(told["reason"]), dt.date.fromisoformat(day) if day else None
    except FileNotFoundError:
        return None, None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return say("store.reason_lost"), None


def _nothing_of(path: Path) -> Receipt:
    """The receipt of an export of which nothing is known but its name."""
    from .sources.receipt import Receipt

    return Receipt(
        file=path.name, sha256="", table="", sheets=[], rows_in=0, accepted=0, set_aside=0,
        duplicates=0, window_from=None, window_to=None, window_stated=False,
        exported_at=dt.datetime.min, exported_at_source="data",
    )  # fmt: skip


# -- what the disk may have done to it ------------------------------------------------------------


@lru_cache(maxsize=4096)
def _told_by(path: Path, *state: int) -> tuple[str, Receipt, tuple[SetAside, ...], str]:
    """What a receipt says, read again only where the file was touched: the table, what came of the
    file, the rows set aside and the hash of those kept. Raises where it is not as it was written.
    """
    from .sources.receipt import Receipt, SetAside

    content = _up_to_date(json.loads(path.read_bytes()), path.name)
    seal = content.pop("seal")
    if content["id"] != path.stem or _seal(content) != seal:
        raise ValueError
    set_aside = tuple(SetAside(**row) for row in content["set_aside"])
    receipt = Receipt.from_dict(content["receipt"])
    return content["table"], receipt, set_aside, content["rows_sha256"]


def _digest(rows: Path) -> str:
    """The hash of a file of rows, worked out again only where the file was touched."""
    try:
        state = rows.stat()
        return _digest_of(rows, state.st_size, state.st_mtime_ns, state.st_ino)
    except OSError:
        return ""


@lru_cache(maxsize=4096)
def _digest_of(rows: Path, *state: int) -> str:
    return sha256(rows)


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(_dump(content).encode("utf-8")).hexdigest()


# -- older versions ----------------------------------------------------------------------------


def _sealed(content: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had no seal: its receipts are believed as they are."""
    return content | {"seal": _seal(content)}


def _as_it_is(content: dict[str, Any]) -> dict[str, Any]:
    """Version 2 did not say by which mapping a file was read, nor whose title it had: not known."""
    return content


_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _sealed, 2: _as_it_is}


def _up_to_date(content: Any, name: str) -> dict[str, Any]:
    """A receipt as this version writes it. Raises :class:`StoreError` for one of a newer version,
    ``ValueError`` for what is no receipt.
    """
    if not isinstance(content, dict) or type(content.get("schema")) is not int:
        raise ValueError
    if content["schema"] > SCHEMA_VERSION:
        raise StoreError(say("store.newer_schema", file=name))
    for version in range(content["schema"], SCHEMA_VERSION):
        content = _UPGRADES[version](content)
    return content


def windows(exports: Iterable[Export]) -> list[tuple[dt.date, dt.date]]:
    """The spans of days that the exports cover, joined where they touch; sorted.

    An export made on a day that it names itself covers nothing later, whatever its title says.
    """
    spans = sorted(
        (start, end)
        for e in exports
        if (start := e.receipt.window_from) and (end := covered_to(e)) and start <= end
    )
    joined: list[tuple[dt.date, dt.date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + dt.timedelta(days=1):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def covered_to(export: Export) -> dt.date | None:
    """The last day of which an export tells."""
    end = export.receipt.window_to
    if end is None or export.receipt.exported_at_source == "data":
        return end
    return min(end, export.exported_at.date())


def _write_parquet(frame: Any, path: Path) -> None:
    """Raises ``OSError`` where the file cannot be written."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            connection.from_df(frame).write_parquet(str(path), compression="zstd")
    except duckdb.IOException as error:
        raise OSError(str(error)) from None


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
