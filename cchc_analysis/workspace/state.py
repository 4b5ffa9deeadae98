"""Where a workspace stands: what is taken in, what is new, which briefs there are, what is due.

One look (:func:`look`) gives a :class:`State`; ``cchc status`` prints it and the start page of
``cchc lab`` shows it. It looks and changes nothing, and an empty workspace is a state like any
other: ``to_do`` says what comes first. It names open dossiers by their code, so it is internal.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import CchcError, FileError
from ..period import Period
from ..store import taken_out
from ..words import date, datetime_, inside, label, number, say
from . import inbox, refused

if TYPE_CHECKING:
    from ..office import Office
    from ..store import Export
    from ..view import PeriodView

__all__ = ["MOST_DUE", "Held", "Made", "State", "Waiting", "look"]

TABLES = ("dossiers", "steps", "survey", "feedback", "digital", "tasks", "activities")
DOCUMENTS = ("brief.html", "brief.pdf")
MOST_DUE = 10  # dossiers named; the watch list has all
NAMED = 3  # files that a line names
MANY = 3  # briefs that one command makes again


@dataclass(frozen=True)
class Held:
    """A table of the store: how many exports and rows, the days they cover, the newest moment."""

    table: str
    exports: int
    rows: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    newest: dt.datetime | None = None

    def text(self) -> str:
        if not self.exports:
            return say("state.none_held")
        span = ""
        if self.first and self.last:
            span = say("inbox.span", start=date(self.first), end=date(self.last))
        return say(
            "state.held", exports=number(self.exports), rows=number(self.rows), span=span,
            newest=datetime_(self.newest) if self.newest else "…",
        )  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A file of the inbox that the store does not have. ``gone`` is the export it had, and that
    somebody took out; ``refused`` is why it was not taken in when that was tried last.
    """

    file: str
    gone: Export | None = None
    refused: str = ""

    @property
    def withdrawn(self) -> bool:
        return self.gone is not None

    def text(self) -> str:
        if self.gone is not None:
            return say("state.was_withdrawn", when=inbox.withdrawn_text(self.gone))
        if self.refused:
            return say("state.was_refused", message=self.refused)
        return say("state.is_new")


@dataclass(frozen=True)
class Made:
    """A brief. ``changed`` names what is no longer as it was (:func:`.briefs.record.changed`),
    ``files`` which of the unit's own files are, ``documents`` maps their names to paths relative to
    the workspace.
    """

    period: Period
    audience: str
    as_of: str
    changed: tuple[str, ...]
    documents: dict[str, str]
    files: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether it tells what the store tells now, whoever may have edited its text."""
        return not self._stale

    @property
    def _stale(self) -> list[str]:
        return [part for part in self.changed if part != "outputs"]

    @property
    def title(self) -> str:
        day = dt.date.fromisoformat(self.as_of) if self.as_of else None
        return self.period.title + (say("state.as_of", day=date(day)) if day else "")

    def text(self) -> str:
        """Whether it is current, and if not why."""
        whys = dict.fromkeys(self._why(part) for part in self._stale)
        said = say("state.stale", why="; ".join(whys)) if whys else say("state.current")
        return said + (say("state.edited") if "outputs" in self.changed else "")

    def _why(self, part: str) -> str:
        if part != "files":
            return say(f"state.changed_{part}")
        shown, more = ", ".join(self.files[:NAMED]), len(self.files) - NAMED
        key = "state.changed_more_files" if more > 0 else "state.changed_files"
        return say(key, files=shown, n=number(more))

    def command(self) -> str:
        """What makes it again."""
        options = [f"cchc brief {self.period.label}"]
        if self.period.cut != "calendar":
            options.append(f"--cut {self.period.cut}")
        if self.audience != "shared":
            options.append(f"--audience {self.audience}")
        return " ".join([*options, *([f"--as-of {self.as_of}"] if self.as_of else [])])


@dataclass(frozen=True)
class State:
    """One office's state. ``due`` are rows of :func:`.briefs.watch.watch_rows`; ``newest`` the
    newest quarter that is wholly covered, or else the newest; ``damage`` sentences on exports that
    the store cannot read.
    """

    office: Office
    held: tuple[Held, ...]
    waiting: tuple[Waiting, ...]
    damage: tuple[str, ...]
    briefs: tuple[Made, ...]
    due: tuple[dict[str, Any], ...]
    data_day: dt.date | None
    newest: Period | None

    def __repr__(self) -> str:
        briefs, stale = len(self.briefs), sum(not made.current for made in self.briefs)
        return say(
            "state.repr", name=self.office.unit.name, new=number(len(self.new)),
            briefs=number(briefs), stale=number(stale), due=number(len(self.due)),
        )  # fmt: skip

    @property
    def new(self) -> list[Waiting]:
        """The files that were neither withdrawn nor refused."""
        return [one for one in self.waiting if not (one.withdrawn or one.refused)]

    @property
    def empty(self) -> bool:
        """Whether nothing was taken in."""
        return not any(held.exports for held in self.held)

    @cached_property
    def to_do(self) -> list[str]:
        """What to do next, in the order of doing."""
        said = list(self.damage)
        if self.new:
            said.append(say("state.do_ingest", n=number(len(self.new))))
        if refusals := sum(bool(one.refused) for one in self.waiting):
            said.append(say("state.do_refused", n=number(refusals)))
        if not (self.new or refusals):
            if self.empty:
                said.append(say("state.do_copy"))
            elif self.newest is None and not self.damage:
                said.append(say("state.do_register"))
        made = {made.period.label for made in self.briefs if made.audience == "shared"}
        if self.newest is not None and self.newest.label not in made:
            told = {"period": inside(self.newest.title), "label": self.newest.label}
            said.append(say("state.do_brief", **told))
        stale = [made for made in self.briefs if not made.current]
        plain = [made for made in stale if made.command() == f"cchc brief {made.period.label}"]
        if len(plain) >= MANY:
            labels = " ".join(made.period.label for made in plain)
            said.append(say("state.do_batch", n=number(len(plain)), command=f"cchc batch {labels}"))
            stale = [made for made in stale if made not in plain]
        said += [
            say("state.do_again", period=inside(made.title), audience=_audience(made),
                command=made.command())
            for made in stale
        ]  # fmt: skip
        if self.due:
            said.append(say("state.do_watch", n=number(len(self.due))))
        return said or [say("state.do_nothing")]

    @property
    def head(self) -> str:
        """Of whom and of when."""
        name = self.office.unit.name
        name = name[:1].upper() + name[1:]
        if self.data_day is None:
            return say("state.head_empty", name=name)
        return say("state.head", name=name, day=date(self.data_day))

    def lines(self) -> list[str]:
        """The state for a terminal."""
        from ..briefs.watch import row_line

        said = [self.head, "", say("state.store")]
        said += [f"  {label(f'table.{held.table}')}: {held.text()}" for held in self.held]
        said += ["", say("state.inbox")]
        said += [f"  {one.file}: {one.text()}" for one in self.waiting]
        said += [] if self.waiting else [f"  {say('state.none_waiting')}"]
        said += ["", say("state.briefs")]
        for made in self.briefs:
            where = next(iter(made.documents.values()), "")
            said.append(f"  {made.title} ({_audience(made)}): {made.text()}  {where}".rstrip())
        said += [] if self.briefs else [f"  {say('state.none_made')}"]
        if self.data_day is not None:
            said += ["", say("state.due")]
            said += [f"  {row_line(row)}" for row in self.due[:MOST_DUE]]
            said += [f"  {text}" for text in [self.due_note] if text]
        said += ["", say("state.next")]
        return said + [f"  {n}. {text}" for n, text in enumerate(self.to_do, 1)]

    @property
    def due_note(self) -> str:
        """What the list of due dossiers leaves unsaid; "" where nothing."""
        if not self.due:
            return say("state.none_due")
        more = len(self.due) - MOST_DUE
        return say("state.more_due", n=number(more)) if more > 0 else ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "unit": self.office.unit.slug, "name": self.office.unit.name,
            "ingested": [
                {"table": h.table, "exports": h.exports, "rows": h.rows, "from": _iso(h.first),
                 "to": _iso(h.last), "newest": h.newest.isoformat(sep=" ") if h.newest else None}
                for h in self.held
            ],
            "inbox": [
                {"file": w.file, "withdrawn": w.withdrawn, "refused": w.refused or None}
                for w in self.waiting
            ],
            "damage": list(self.damage),
            "briefs": [
                {"period": m.period.label, "cut": m.period.cut, "audience": m.audience,
                 "as_of": m.as_of or None, "current": m.current, "changed": list(m.changed),
                 "files": list(m.files), "documents": m.documents}
                for m in self.briefs
            ],
            "data_day": _iso(self.data_day), "due": list(self.due), "to_do": self.to_do,
        }  # fmt: skip


def look(office: Office) -> State:
    """The state of ``office`` at this moment. Raises :class:`StoreError` for a store that a newer
    version has written, nothing else.
    """
    store = office.store
    everything = store.exports(withdrawn=True)
    live = [e for e in everything if e.withdrawn is None]
    sound = [e for e in live if not e.damage]
    damage = tuple(e.damage for e in live if e.damage)
    q = None if damage else _latest(office)
    return State(
        office=office,
        held=tuple(_held(table, [e for e in sound if e.table == table]) for table in TABLES),
        waiting=tuple(_waiting(office, everything)),
        damage=damage,
        briefs=tuple(sorted(_made(office), key=_place)),
        due=tuple(_due(q)) if q is not None else (),
        data_day=q.data_day if q is not None else None,
        newest=_newest(q) if q is not None else None,
    )


def _held(table: str, exports: list[Export]) -> Held:
    if not exports:
        return Held(table, 0)
    starts = [day for e in exports if (day := e.receipt.window_from)]
    ends = [day for e in exports if (day := e.receipt.window_to)]
    return Held(
        table, len(exports), sum(e.receipt.accepted for e in exports), min(starts, default=None),
        max(ends, default=None), max(e.exported_at for e in exports),
    )  # fmt: skip


def _waiting(office: Office, exports: list[Export]) -> Iterable[Waiting]:
    known = {e.receipt.sha256 for e in exports if e.withdrawn is None and not e.damage}
    try:
        paths = inbox.files_in(inbox.folder_of(office.workspace, office.unit.slug))
    except FileError:  # no such folder: as good as empty
        return
    reasons = refused.reasons(office.store)
    for path in paths:
        try:
            content = inbox.fingerprint(path)
        except FileError:  # to be told by the command that reads it
            content = ""
        if content not in known:
            why = reasons.get(refused.key(path, content), "")
            yield Waiting(path.name, taken_out(exports, content), why)


def _latest(office: Office) -> PeriodView | None:
    try:
        return office.latest(audience="internal")
    except CchcError:  # no register yet
        return None


def _newest(q: PeriodView) -> Period:
    before = q.beside(q.period.previous())
    return before.period if not q.complete and before.complete else q.period


def _due(q: PeriodView) -> list[dict[str, Any]]:
    from ..briefs.watch import watch_rows

    return watch_rows(q)


def _made(office: Office) -> Iterable[Made]:
    from ..briefs import run
    from ..briefs.inputs import files_of
    from ..briefs.record import changed_files

    for folder in ("reports", "internal"):
        for path in sorted((office.workspace / folder / office.unit.slug).glob(f"*/{run.RUN}")):
            try:
                asked = json.loads(path.read_text(encoding="utf-8"))["parameters"]
                label, day, cut = asked["period"], asked["as_of"], asked["cut"]
                period = office.span(label, cut)
                if label != path.parent.name:
                    raise ValueError
                dt.date.fromisoformat(day or "2000-01-01")
            except (CchcError, OSError, ValueError, KeyError, TypeError):
                continue  # another program's, or damaged: the commands on briefs say so
            audience = "shared" if folder == "reports" else "internal"
            try:
                q = office.period(label, cut=cut, as_of=day, audience=audience)
                changed = run.outdated(q)
            except CchcError:  # what it was made from is no longer there
                changed = ("inputs",)
            now = files_of(office) if "files" in changed else {}
            files = tuple(changed_files(path.parent, run.RUN, now)) if now else ()
            documents = {
                name: (path.parent / name).relative_to(office.workspace).as_posix()
                for name in DOCUMENTS
                if (path.parent / name).is_file()
            }
            yield Made(period, audience, day, changed, documents, files)


def _place(made: Made) -> tuple[Any, ...]:
    from ..briefs.shelf import age

    return *(-n for n in age(made.period)), made.audience != "shared"


def _audience(made: Made) -> str:
    return say(f"state.{made.audience}")


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
