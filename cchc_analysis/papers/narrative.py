"""What an officer writes for a report, kept apart from what the program computes.

``data/narrative/<period>.toml`` holds paragraphs for the plan's contents I–VII and for the three
parts that a report must have; a blank line begins a new paragraph. Of a workspace with several
units each has a folder of its own, ``data/narrative/<unit>/<period>.toml``, and none borrows the
others' words. A first file is laid out with the program's proposals as comments; what an officer
wrote is never overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .. import plan as plans
from ..atomic import cannot_write
from ..leaks import Leak, Watch
from ..planfile import read_toml, together
from ..shapes import Key, Shape
from ..words import inside, label, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["CONTENTS", "NARRATIVE_FILE", "PARTS", "Narrative", "load", "path", "read", "start"]

CONTENTS = ("I", "II", "III", "IV", "V", "VI", "VII")
PARTS = ("limitations", "next_tasks", "proposals")
NARRATIVE_FILE = (
    Shape("contents", dict.fromkeys(CONTENTS, Key("text", "")), labels="content."),
    Shape("parts", dict.fromkeys(PARTS, Key("text", "")), labels="word."),
)


@dataclass(frozen=True)
class Narrative:
    """The paragraphs of one period, by content and by part; what nobody wrote is empty."""

    file: str
    contents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def empty_parts(self) -> list[str]:
        """The obligatory parts without a word."""
        return [part for part in PARTS if not self.parts.get(part)]

    def leaks(self, watch: Watch) -> Iterator[Leak]:
        """Where an officer wrote what must not leave."""
        for key, paragraphs in {**self.contents, **self.parts}.items():
            kinds = {kind for text in paragraphs if (kind := watch.finds(text))}
            yield from (Leak(self.file, kind, key) for kind in sorted(kinds))


def path(q: PeriodView) -> Path:
    """Where the unit's file lies, written or not."""
    workspace, unit, name = q.office.workspace, q.office.unit.slug, f"{q.period.label}.toml"
    folder = workspace / "data" / "narrative"
    own = folder / unit / name
    alone = plans.units(workspace) == [unit]
    return folder / name if alone and not own.exists() else own


def load(q: PeriodView) -> Narrative:
    """The unit's paragraphs for the period. Raises :class:`PlanError` for a file that is wrong."""
    file = path(q)
    shown = file.relative_to(q.office.workspace).as_posix()
    return read(file, shown) if file.exists() else Narrative(shown)


@together()
def read(file: Path, shown: str) -> Narrative:
    """The paragraphs in ``file``, which messages call ``shown``. Raises :class:`PlanError`."""
    found = read_toml(file, shown, [shape.name for shape in NARRATIVE_FILE])
    contents, parts = (
        {name: _paragraphs(text) for name, text in shape.read(found, shown).items()}
        for shape in NARRATIVE_FILE
    )
    return Narrative(shown, contents, parts)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs of a text; a line that begins with a dash is one of its own."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [" ".join(line.split()) for line in block.splitlines()]
        said = ""
        for line in lines:
            if re.match(r"[-–+•] ", line) and said:
                found.append(said)
                said = line
            else:
                said = f"{said} {line}".strip()
        if said:
            found.append(said)
    return tuple(found)


def start(q: PeriodView, drafts: Mapping[str, Sequence[str]]) -> Path | None:
    """Lays out a file to fill in, with the ``drafts`` of each part as comments; None where one
    lies there already. Raises :class:`WorkspaceError` where it cannot be written.
    """
    from ..workspace import schemas

    file = path(q)
    if file.exists():
        return None
    lines = schemas.heading("narrative", file)
    lines += [
        f"# {line}" for line in say("narrative.help", period=inside(q.period.title)).splitlines()
    ]
    lines += ["", "[contents]"]
    for name in CONTENTS:
        lines += [f"# {name}. {label(f'content.{name}')}", f'{name} = """', '"""']
    lines += ["", "[parts]"]
    for name in PARTS:
        lines.append(f"# {label(f'word.{name}')}")
        if drafts.get(name):
            lines.append(f"# {say('narrative.drafts')}")
            lines += [f"#   {' '.join(text.split())}" for text in drafts[name]]
        lines += [f'{name} = """', '"""']
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.write("\n".join(lines) + "\n")
    except FileExistsError:
        return None
    except OSError as error:
        raise cannot_write(file.parent, error) from None
    return file
