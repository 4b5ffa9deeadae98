"""What the steps of a log are: whose hands a dossier is in, by whatever name an office calls it.

An office names its steps as it likes. The unit's own list (``unit.toml``, ``[stages]``) comes
first; a step it does not name is read by the words of ``data/reference/stages.toml``. The kind
of a stage says who holds the dossier: the counter, an officer, who signs, another agency.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import planfile
from .shipped import reference
from .sources.vocabulary import is_quotable
from .words import fold, has_label, number, say

if TYPE_CHECKING:
    from .unit import Unit

__all__ = ["HANDING_OVER", "KINDS", "Stages"]

FILE = "stages.toml"
HANDING_OVER = "S8_return"
INTAKE = ("S1_receive", "S2_route")
MOST_QUOTED = 6
KINDS = ("counter", "officer", "signatory", "partner")


@dataclass(frozen=True)
class Stages:
    """The standard stages: ``words`` that name each within a step's name and whole ``names`` of
    steps, plain; its ``share`` of the limit and its ``kind``; ``hours`` of work as (start, end)
    minutes of the day; words of a pause.
    """

    words: tuple[tuple[str, str], ...]
    names: dict[str, str]
    shares: dict[str, float]
    kinds: dict[str, str]
    hours: tuple[tuple[int, int], ...]
    waiting: dict[str, tuple[str, ...]]
    opinion: tuple[str, ...] = ()
    own: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(unit: Unit, workspace: Path | None = None) -> Stages:
        """The stages as ``unit`` names them. Raises :class:`PlanError` for a wrong file."""
        base = _read(None if workspace is None else Path(workspace))
        return replace(base, own=unit.stages)

    def standard(self, step: str | None) -> str | None:
        """The standard stage of a step's name; None where nothing tells it."""
        if not step:
            return None
        if (folded := fold(step)) in self.own:
            return self.own[folded]
        plain = _plain(step)
        found = (stage for word, stage in self.words if _holds(plain, word))
        return self.names.get(plain) or next(found, None)

    def is_intake(self, step: str | None) -> bool:
        """Whether a step is the intake and nothing else: not "Tiếp nhận và xử lý hồ sơ"."""
        if not step or self.standard(step) not in INTAKE:
            return False
        plain = _plain(step)
        return not any(_holds(plain, w) for w, stage in self.words if stage not in INTAKE)

    def kind(self, step: str | None) -> str | None:
        """``counter``, ``officer``, ``signatory`` or ``partner``; None where nothing tells it."""
        stage = self.standard(step)
        return self.kinds.get(stage) if stage else None

    def waits_for(self, text: str | None) -> str | None:
        """``supplement`` or ``payment`` where a step's name or note speaks of one."""
        if not text:
            return None
        plain = _plain(text)
        return next(
            (k for k, words in self.waiting.items() if any(_holds(plain, w) for w in words)), None
        )

    def asks(self, step: str) -> bool:
        """Whether a step's name says that others are asked for their opinion."""
        plain = _plain(step)
        return any(_holds(plain, words) for words in self.opinion)

    def unknown(self, steps: Mapping[str, int], file: str) -> str:
        """What to say of the steps (rows by name) that tell neither a stage nor a pause, and in
        which ``file`` they may be named; "" where there are none.
        """
        unknown = {
            name: rows
            for name, rows in sorted(steps.items(), key=lambda item: (-item[1], item[0]))
            if not self.standard(name) and not self.waits_for(name)
        }
        if not unknown:
            return ""
        quoted = [f"“{name}”" for name, rows in unknown.items() if is_quotable(name, rows)]
        return say(
            "causes.unknown_steps", n=number(len(unknown)), rows=number(sum(unknown.values())),
            names=f": {', '.join(quoted[:MOST_QUOTED])}" if quoted else "", file=file,
        )  # fmt: skip


def _plain(text: str) -> str:
    """Words without accents, case or signs, "…" kept."""
    return " ".join(re.findall(r"\w+|…", fold(text)))


def _holds(text: str, words: str) -> bool:
    """Whether a text holds ``words``, whole and together but where "…" stands between them."""
    place, padded = 0, f" {text} "
    for part in words.split(" … "):
        place = padded.find(f" {part} ", place)
        if place < 0:
            return False
        place += len(part) + 1
    return True


@lru_cache(maxsize=8)
@planfile.together(cached=True)
def _read(workspace: Path | None) -> Stages:
    found = planfile.read_toml(
        reference(FILE, workspace), FILE, ("hours", "stages", "waiting", "opinion", "shares")
    )
    stages = planfile.Section.of(found, "stages", FILE).values
    words, shares, kinds = [], {}, {}
    names: dict[str, str] = {}
    for stage in stages:
        if not has_label(f"stage.{stage}"):
            raise planfile.Section.of(found, "stages", FILE).wrong(stage, say("plan.need_stage"))
        section = planfile.Section.of(stages, stage, FILE, ("words", "names", "share", "kind"))
        words += [(_plain(word), stage) for word in section.texts("words")]
        names |= {_plain(name): stage for name in section.texts("names", ())}
        share = section.values.get("share")
        if not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise section.wrong("share", say("plan.need_share"))
        shares[stage] = float(share)
        kinds[stage] = section.choice("kind", KINDS)
    waiting = planfile.Section.of(found, "waiting", FILE)
    opinion = planfile.Section.of(found, "opinion", FILE, ("words",))
    hours = planfile.Section.of(found, "hours", FILE, ("spans", "verified"))
    spans = []
    for text in hours.texts("spans"):
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
        if match is None:
            raise hours.wrong("spans", say("plan.need_time"))
        a, b, c, d = map(int, match.groups())
        start, end = dt.time(a, b), dt.time(c, d)
        spans.append((start.hour * 60 + start.minute, end.hour * 60 + end.minute))
    return Stages(
        words=tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair[0]))),
        names=names,
        shares=shares,
        kinds=kinds,
        hours=tuple(spans),
        waiting={key: tuple(map(_plain, waiting.texts(key))) for key in waiting.values},
        opinion=tuple(map(_plain, opinion.texts("words", ()))),
    )
