"""What an office adds of its own, each in one small file of its workspace, without a fork.

A Python file in the folder ``extensions`` may define figures and causes of being late:

    from cchc_analysis import extend

    @extend.indicator("own.fast_rate", label="Tỷ lệ trả kết quả trong 3 ngày", definition="…")
    def fast(q):
        done = q.dossiers["resolved"]
        days = q.dossiers["ended_on"] - q.dossiers["received_on"]
        return done & (days.dt.days <= 3), done        # a rate: numerator, denominator

    @extend.cause("storm", label="Mưa bão, ngập lụt", form="E2")
    def storm(dossier, steps):
        for step in steps:
            days = step.within(date(2024, 9, 7), date(2024, 9, 13))
            if days:
                yield step.lost(days, "Bước này gặp những ngày bão.")

The figures stand in ``indicators.json`` and the brief with their comparisons and targets; a cause
is weighed against the others by the same question (would the work have ended by the due day without
it?). A layout of exports is a mapping (``….mapping.toml``) in the same folder, a section of the
brief a numbered notebook in ``notebooks`` (``6_….ipynb``).

Such a file is a program of the office: it may do whatever the one who runs ``cchc`` may do. Its
hash stands in ``run.json`` beside all other inputs.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import misspelt
from .errors import CchcError, ExtensionError
from .planfile import attempt, note, together
from .words import learn, say

if TYPE_CHECKING:
    import datetime as dt

    from .sources import Mapping as Layout

__all__ = ["FOLDER", "Cause", "Extensions", "Indicator", "Lost", "Step", "cause", "indicator"]
__all__ += ["files", "layouts", "load", "told"]

FOLDER = "extensions"
LAYOUT = ".mapping.toml"  # as beside an export
ROOM = "own."
_ID = re.compile(r"own\.[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FORM = re.compile(r"[A-Z]\d")

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Indicator:
    """A figure of the office's own. ``compute(q)`` gives a column of truth values of
    ``q.dossiers``, or a whole number, for a count; two of them, numerator and denominator, for a
    rate. ``open`` says that even a figure about few people may be shown to everybody.
    """

    id: str
    label: str
    definition: str
    source: str
    open: bool
    file: str
    path: Path
    compute: Callable[[Any], Any] = field(repr=False)


@dataclass(frozen=True)
class Cause:
    """A cause of the office's own. ``find(dossier, steps)`` gives what it cost at which step.
    ``form`` is its code in form II.07a, ``personal`` keeps it from the shared audience because it
    says something about one person.
    """

    id: str
    label: str
    form: str
    personal: bool
    file: str
    path: Path
    find: Callable[[Mapping[str, Any], list[Step]], Iterable[Lost]] = field(repr=False)


@dataclass(frozen=True)
class Lost:
    """``days`` of work lost at a step (by its ``place``), and in a sentence what shows it."""

    place: int
    days: float
    evidence: str


@dataclass(frozen=True)
class Step:
    """One step of a late dossier as a rule sees it. ``stage`` is the log's own name, ``standard``
    the stage it stands for (``S1_receive`` …), ``actor`` whose desk; ``days`` of work that it took,
    of which ``usual`` is what like dossiers take and ``excess`` what it took beyond; ``waits_for``
    is ``papers`` or ``payment`` where it waited for the filer. Without a log there is one step,
    without a name, from receipt to the end, whose ``excess`` are the days late.
    """

    place: int
    stage: str
    standard: str | None
    actor: str | None
    entered: dt.datetime
    left: dt.datetime | None
    days: float
    usual: float | None
    excess: float
    waits_for: str | None
    clock: Callable[[dt.date, dt.date], float] = field(repr=False, compare=False)

    def within(self, first: dt.date, last: dt.date) -> float:
        """How many days of work of this step lie from ``first`` to ``last``, both inclusive."""
        return self.clock(first, last)

    def lost(self, days: float, evidence: str) -> Lost:
        """That so many days of this step go with the cause; what is beyond its excess is not
        counted.
        """
        return Lost(self.place, float(days), evidence)


@dataclass(frozen=True)
class Extensions:
    """All that the programs of a workspace add, in the order of its files."""

    indicators: tuple[Indicator, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def personal(self) -> frozenset[str]:
        return frozenset(cause.id for cause in self.causes if cause.personal)

    def form(self, cause: str, otherwise: str) -> str:
        """The code of a cause in form II.07a."""
        return next((c.form for c in self.causes if c.id == cause and c.form), otherwise)


class _Found:
    """What a file has declared so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = f"{FOLDER}/{path.name}"
        self.indicators: list[Indicator] = []
        self.causes: list[Cause] = []


_loading: ContextVar[_Found | None] = ContextVar("loading", default=None)


def indicator(
    id: str, *, label: str, definition: str, source: str = "", open: bool = False
) -> Callable[[Function], Function]:
    """Makes a function a figure ``own.…``; see :class:`Indicator`. Its ``label``, ``definition``
    and ``source`` are what people read of it.
    """

    def declare(function: Function) -> Function:
        found = _loading.get()
        if found is not None:
            _need(_ID.fullmatch(id), "bad_id", found.file, id=id)
            _need(label.strip() and definition.strip(), "no_words", found.file, id=id)
            made = Indicator(id, label, definition, source, open, found.file, found.path, function)
            found.indicators.append(made)
        return function

    return declare


def cause(
    id: str, *, label: str, form: str = "", personal: bool = False
) -> Callable[[Function], Function]:
    """Makes a function a rule for a cause of being late; see :class:`Cause`."""

    def declare(function: Function) -> Function:
        found = _loading.get()
        if found is not None:
            _need(_NAME.fullmatch(id), "bad_cause", found.file, id=id)
            _need(label.strip(), "no_words", found.file, id=id)
            _need(not form or _FORM.fullmatch(form), "bad_form", found.file, id=id)
            made = Cause(id, label, form, personal, found.file, found.path, function)
            found.causes.append(made)
        return function

    return declare


def _need(holds: Any, key: str, file: str, **names: str) -> None:
    if not holds:
        note(ExtensionError(say(f"extend.{key}", file=file, **names), file=file), None)


@together()
def load(workspace: Path, shipped: Collection[str]) -> Extensions:
    """What the files of ``extensions`` declare; ``shipped`` are the causes that are there already.

    Raises :class:`ExtensionError` with all that is wrong, each with file and line.
    """
    indicators: dict[str, Indicator] = {}
    causes: dict[str, Cause] = {}
    for path in _files(workspace, ".py"):
        found = attempt(partial(_declared, path), _Found(path))
        for made in found.indicators:
            _need(made.id not in indicators, "twice", made.file, id=made.id)
            indicators.setdefault(made.id, made)
        for rule in found.causes:
            _need(rule.id not in causes, "twice", rule.file, id=rule.id)
            _need(rule.id not in shipped, "taken", rule.file, id=rule.id)
            causes.setdefault(rule.id, rule)
    for rule in causes.values():
        learn(f"cause.{rule.id}", rule.label)
    return Extensions(tuple(indicators.values()), tuple(causes.values()))


def layouts(workspace: Path) -> tuple[Layout, ...]:
    """The layouts of exports; no program is run. Raises :class:`MappingError`."""
    from .sources.mapping import Mapping as Layout

    return tuple(Layout.load(path) for path in _files(workspace, LAYOUT))


def files(workspace: Path) -> list[Path]:
    """The files that :func:`load` and :func:`layouts` read; one whose name begins with ``_`` is put
    by.
    """
    return [*_files(workspace, ".py"), *_files(workspace, LAYOUT)]


def _files(workspace: Path, suffix: str) -> list[Path]:
    folder = workspace / FOLDER
    return [
        path
        for path in sorted(folder.glob(f"*{suffix}"))
        if path.is_file() and not path.name.startswith((".", "_", "~$"))
    ]


def _declared(path: Path) -> _Found:
    found = _Found(path)
    token = _loading.set(found)
    try:
        with told(path):
            # Run as it stands, without the compiled copy that an import would leave beside it.
            code = compile(path.read_bytes(), str(path), "exec")
            exec(code, {"__name__": path.stem, "__file__": str(path)})
    finally:
        _loading.reset(token)
    return found


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Makes of a failure in the file ``path`` one line: where and of what kind, without values,
    for these may be personal (see :mod:`.misspelt`).
    """
    try:
        yield
    except CchcError:
        raise
    except SyntaxError as error:
        raise _stopped(path, "syntax", error.lineno or 1) from None
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if _same(f, path)]
        line = (lines[-1] if lines else None) or 1
        source = path.read_text(encoding="utf-8", errors="replace")
        reason = misspelt.told(type(error).__name__, str(error), source)
        raise _stopped(path, "failed", line, reason=reason) from None


def _stopped(path: Path, key: str, line: int, **names: str) -> ExtensionError:
    file = f"{FOLDER}/{path.name}"
    return ExtensionError(say(f"extend.{key}", file=file, line=line, **names), file=file, row=line)


def _same(frame: traceback.FrameSummary, path: Path) -> bool:
    return Path(frame.filename) == path
