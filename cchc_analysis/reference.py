"""Tables of reference: the catalogue of procedures, and which names are sensitive.

A workspace's own ``data/reference/<file>`` wins over the shipped one. What the shipped catalogue
does not know for certain is said in ``procedures.toml`` beside it, and where people see it.
"""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from pathlib import Path

from . import shipped
from .errors import PlanError
from .store import data_folder
from .words import fold, say

__all__ = ["file", "online_procedures", "sensitive_words"]


def file(workspace: Path, name: str) -> Path:
    """The workspace's reference file ``name``, else the shipped one."""
    own = data_folder(workspace) / "reference" / name
    return own if own.exists() else shipped.path("data", "reference", name)


@lru_cache(maxsize=8)
def online_procedures(workspace: Path) -> frozenset[str] | None:
    """Codes (``1.001193``) of procedures whose online level counts; None without a catalogue.

    Raises :class:`PlanError` when the catalogue lacks a column.
    """
    table, about = file(workspace, "procedures.csv"), file(workspace, "procedures.toml")
    if not table.exists():
        return None
    levels = set(tomllib.loads(about.read_text(encoding="utf-8"))["online_level_counts"])
    try:
        with table.open(encoding="utf-8-sig", newline="") as opened:
            return frozenset(
                row["code"] for row in csv.DictReader(opened) if row["online_level"] in levels
            )
    except KeyError as error:
        raise PlanError(say("reference.column", file=table.name, column=error.args[0])) from None


@lru_cache(maxsize=8)
def sensitive_words(workspace: Path) -> tuple[str, ...]:
    """Folded words that make a procedure's name sensitive by itself."""
    path = file(workspace, "sensitive.toml")
    return tuple(fold(word) for word in tomllib.loads(path.read_text(encoding="utf-8"))["words"])
