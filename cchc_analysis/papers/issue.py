"""All of the command ``apologies``: the list, the slips for those owed one, the public notice.

The list is internal and has no names; the slips are internal and have them; the notice is public
and has neither names nor codes. What the command prints ends with where the slips lie and how
they are removed, because they are the only files with names that this program writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..period import Period
from ..words import number, say
from .apologies import Apology, lines, owed
from .public_list import write_public
from .raw_names import Names, names_of
from .slips import Written, clean, write

if TYPE_CHECKING:
    from ..office import Office
    from ..view import PeriodView

__all__ = ["Issued", "issue", "remove", "removed_line"]


@dataclass(frozen=True)
class Issued:
    """What was found and written; ``slips`` and ``names`` are None without slips."""

    q: PeriodView
    rows: tuple[Apology, ...]
    public: tuple[Path, ...]
    slips: Written | None
    names: Names | None

    def as_dict(self) -> dict[str, Any]:
        """For a program: the dossiers, and where the papers lie, from the workspace."""
        root = self.q.office.workspace
        slips = self.slips.files if self.slips else ()
        return {
            "dossiers": [row.as_dict() for row in self.rows],
            "slips": [path.relative_to(root).as_posix() for path in slips],
            "slips_kept": self.slips.kept if self.slips else 0,
            "raw_files_needed": self.names.needed if self.names else [],
            "public": [path.relative_to(root).as_posix() for path in self.public],
        }

    def lines(self) -> list[str]:
        """For the terminal."""
        said = lines(self.q, self.rows)
        said.append(say("apologies.public_done", files=", ".join(map(str, self.public))))
        if self.slips is None or self.names is None:
            return said
        said += self.names.notes
        if self.slips.kept:
            said.append(say("apologies.slips_kept", n=number(self.slips.kept)))
        if not self.slips.files:
            return [*said, say("apologies.slips_none")]
        n = number(len(self.slips.files))
        return [
            *said,
            say("apologies.slips_check"),
            say("apologies.slips_done", n=n, folder=self.slips.folder),
            say(
                "apologies.clean_hint",
                period=self.q.period.label,
                workspace=self.q.office.workspace,
                unit=self.q.office.unit.slug,
            ),
        ]


def issue(q: PeriodView, raw: Sequence[Path] = (), *, slips: bool = True) -> Issued:
    """Finds who is owed an apology and writes the public list and, unless told not to, the slips,
    with names from the raw exports in the inbox and in ``raw``.
    """
    rows = owed(q)
    due = [row for row in rows if row.owed]
    names = names_of(q, due, raw) if slips else None
    written = write(q, due, names) if names is not None else None
    return Issued(q, tuple(rows), tuple(write_public(q, rows)), written, names)


def remove(office: Office, period: str) -> int:
    """Removes the slips of a period; how many they were."""
    return clean(office, Period.parse(period).label)


def removed_line(period: str, n: int) -> str:
    return say("apologies.cleaned", n=number(n), period=Period.parse(period).label)
