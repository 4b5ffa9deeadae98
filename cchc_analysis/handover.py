"""What a run has found, for the notebooks of that run: computed once, not once a kernel.

``run.make`` opens the period, computes what most notebooks need, and leaves it in a folder that
only this run knows (``CCHC_RUN``). ``Office.period`` takes it over where it speaks of the very same
period, cut, day, audience and store. A notebook opened by hand finds nothing and computes it.

The run also says which exports it rests on, so that a file taken in or withdrawn meanwhile is in
all of its notebooks or in none.
"""

from __future__ import annotations

import json
import os
import pickle
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .store import Store
    from .view import PeriodView

__all__ = ["FOLDER", "hold", "leave", "only", "pin", "take"]

FOLDER = "CCHC_RUN"
FILE = "found.pickle"
EXPORTS = "exports.json"
KNOWN = ("register", "log", "tallies", "tables")  # of all views beside each other
FOUND = {  # of the view, and of what belongs to it
    "": (
        "counts", "dossiers", "late", "open_overdue", "_findings", "_breakdowns", "results",
        "hidden",
    ),
    "picture": ("history",),
    "restatements": ("dossiers", "figures"),
    "attribution.timeline": ("steps",),
    "holders": ("_few", "_signed", "together"),
    "annex": ("_late", "_open_overdue", "_small_fields", "_fields", "procedure_names"),
    "groups": ("_totals", "_found"),
    "service_quality": ("scored",),
}  # fmt: skip


def pin(store: Store, folder: Path) -> None:
    """Says in ``folder`` which exports this run rests on: those that ``store`` shows."""
    content = {store.unit: [export.id for export in store.exports()]}
    (folder / EXPORTS).write_text(json.dumps(content), encoding="utf-8")


def only(unit: str) -> frozenset[str] | None:
    """The exports of ``unit`` that the run at work rests on; None without a run, or of another."""
    folder = os.environ.get(FOLDER)
    if not folder or not (Path(folder) / EXPORTS).exists():
        return None
    content = json.loads((Path(folder) / EXPORTS).read_text(encoding="utf-8"))
    return frozenset(content[unit]) if unit in content else None


def leave(q: PeriodView, folder: Path) -> None:
    """Computes what most notebooks need of ``q`` and leaves it in ``folder``."""
    q.knowledge.count(q.spans)
    for key in ("field", "procedure_code", "channel"):
        q.by(key)
    found = {
        of: {name: getattr(_part(q, of), name) for name in names} for of, names in FOUND.items()
    }
    known = {name: getattr(q.knowledge, name) for name in KNOWN}
    content = {"key": _key(q), "known": known, "found": found}
    (folder / FILE).write_bytes(pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL))


_held: dict[Path, Any] = {}


def hold(folder: Path) -> None:
    """Reads what was left in ``folder`` for the processes that are forked from this one: they have
    it then, each for itself.
    """
    _held.clear()
    _held[folder] = pickle.loads((folder / FILE).read_bytes())


def take(q: PeriodView) -> None:
    """Takes over what was left for this very view, if anything."""
    folder = os.environ.get(FOLDER)
    if not folder or not (Path(folder) / FILE).exists():
        return
    if Path(folder) not in _held:
        hold(Path(folder))
    content = _held.pop(Path(folder))
    if content["key"] == _key(q):
        q.knowledge.__dict__.update(content["known"])
        for of, values in content["found"].items():
            _part(q, of).__dict__.update(values)


def _part(q: PeriodView, of: str) -> Any:
    """The view, or what belongs to it: ``annex`` …"""
    return attrgetter(of)(q) if of else q


def _key(q: PeriodView) -> tuple[Any, ...]:
    exports = tuple(export.id for export in q.inputs)
    return q.office.unit.slug, q.period, q.as_of, q.audience, exports
