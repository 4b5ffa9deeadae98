"""The credibility signals of a period in words, for the brief and for the terminal.

The internal audience sees the codes behind each question. The shared one sees none, and a count of
one to four as ``(*)``: in an office where one person handles a field, a few dossiers may point at
that person. Nobody's role or name stands in either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..disclosure import is_small
from ..phrases import mark, ratio_text
from ..signals import Signal, signals
from ..words import number, say

if TYPE_CHECKING:
    from ..view import PeriodView

__all__ = ["as_rows", "lines", "remarks", "table_rows"]

LISTED = 10  # codes shown with a question
FACTS = ("due_moved", "bulk", "missing_numbers")


def table_rows(q: PeriodView, found: Sequence[Signal]) -> list[list[str]]:
    """A row a question raised: question, count, of, expected, what to check first, and for the
    internal audience the codes.
    """
    return [
        [
            _question(q, s), _count(q, s.count), _count(q, s.of),
            mark("zero") if s.expected is None else number(round(s.expected, 1), 1),
            say(f"signals.check_{s.id}"), *([_codes(s.codes)] if q.audience == "internal" else []),
        ]
        for s in found if s.raised
    ]  # fmt: skip


def remarks(q: PeriodView, found: Sequence[Signal]) -> list[str]:
    """What goes with the questions: further numbers, what was looked at in vain, what could not be
    looked at.
    """
    said = []
    for s in found:
        if s.raised and s.id in FACTS and not any(_hides(q, n) for n in s.facts.values()):
            facts = {name: number(n) for name, n in s.facts.items()}
            said.append(say(f"signals.facts_{s.id}", **facts))
        if s.id == "other_limit" and not s.lacks:
            said += _by_limit(q, s)
    quiet = [s for s in found if not s.raised and not s.lacks]
    if quiet:
        key = "quiet" if any(s.raised for s in found) else "clean"
        about = "; ".join(say(f"signals.about_{s.id}") for s in quiet)
        said.append(say(f"signals.{key}", n=number(len(quiet)), about=about))
    for lacks in dict.fromkeys(s.lacks for s in found if s.lacks):
        about = "; ".join(say(f"signals.about_{s.id}") for s in found if s.lacks == lacks)
        said.append(say("signals.unknown", about=about, why=say(f"signals.lacks_{lacks}")))
    return said


def lines(q: PeriodView) -> list[str]:
    """Every question with what to check first, for the terminal; then the remarks."""
    found = signals(q)
    shown = []
    for s in found:
        if not s.raised:
            continue
        shown.append(_question(q, s))
        told = {"count": _count(q, s.count), "of": _count(q, s.of),
                "check": say(f"signals.check_{s.id}")}  # fmt: skip
        if s.expected is None:
            shown.append(say("signals.line", **told))
        else:
            usual = number(round(s.expected, 1), 1)
            shown.append(say("signals.line_expected", expected=usual, **told))
        if q.audience == "internal":
            shown.append(f"  {_codes(s.codes)}")
    return shown + remarks(q, found)


def as_rows(q: PeriodView) -> list[dict[str, Any]]:
    """Every signal as plain values, with ``about``, ``question`` (empty unless raised), ``check``
    and ``status``: ``raised``, ``quiet`` or ``unknown``. Small counts of the shared audience are
    null, and it sees no codes, not even masked ones: the same hashes stand in its lists of late
    dossiers, with their days.
    """
    shared = q.audience == "shared"
    rows = []
    for s in signals(q):
        hidden = _hides(q, s.count)
        row = asdict(s)
        row |= {
            "count": None if hidden else s.count,
            "of": None if _hides(q, s.of) else s.of,
            "facts": {k: None if _hides(q, n) else n for k, n in s.facts.items()},
            "codes": [] if shared else list(s.codes),
            "chance": None if hidden else s.chance,
            "status": "unknown" if s.lacks else "raised" if s.raised else "quiet",
            "about": say(f"signals.about_{s.id}"),
            "question": _question(q, s) if s.raised else "",
            "check": say(f"signals.check_{s.id}"),
        }
        rows.append(row)
    return rows


def _question(q: PeriodView, s: Signal) -> str:
    n = say("signals.a_few") if _hides(q, s.count) else number(s.count)
    return say(f"signals.{s.id}", n=n, cutoff=f"{q.office.unit.same_day_cutoff:%H:%M}")


def _by_limit(q: PeriodView, s: Signal) -> list[str]:
    """What the rate would be with the catalogue's due days; silent where the difference would tell
    a small number.
    """
    facts = s.facts
    if _hides(q, abs(facts["on_time"] - facts["on_time_by_limit"])):
        return []
    rate = ratio_text(facts["on_time_by_limit"], facts["with_due"])
    now = ratio_text(facts["on_time"], facts["with_due"])
    known, every = number(s.of), number(facts["with_due"])
    return [say("signals.by_limit", rate=rate, now=now, known=known, all=every)]


def _hides(q: PeriodView, count: int) -> bool:
    return q.audience == "shared" and is_small(count)


def _count(q: PeriodView, count: int) -> str:
    return mark("suppressed") if _hides(q, count) else number(count)


def _codes(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:LISTED])
    rest = len(codes) - LISTED
    return say("signals.codes_more", codes=shown, n=number(rest)) if rest > 0 else shown
