"""The method page: how every figure of ``indicators.json`` is made, in each language.

Nothing is listed by hand. The page is what :func:`..indicators.results.results` says of each
figure when there are no dossiers at all, spoken in the language asked for; so it holds the ids of
the file in its order, with the words that briefs use. What a unit's own files name (the plan's
digital indicators, units of activities) is quoted in its language and marked for screen readers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from .. import shipped
from ..atomic import cannot_write
from ..disclosure import SMALLEST_CELL
from ..errors import ParameterError, WorkspaceError
from ..indicators.activities import describe
from ..indicators.activity_kinds import Kinds
from ..indicators.activity_kinds import load as load_kinds
from ..indicators.dossiers import FLAGS
from ..indicators.results import STATUSES, Result, Value, dossier_values, results
from ..plan import Plan, load, units
from ..unit import plans_folder
from ..words import LANGUAGES, label, say, speaking
from .html import page

__all__ = ["Method", "load_kinds", "of", "plan_of", "render", "write"]

NOTES = ("values", "late", "periods", "targets", "intervals", "books", "missing")
ROOMS = (  # as in the file
    "dossiers", "survey", "feedback", "digital", "tasks", "service_quality", "activities",
)  # fmt: skip
OWN = "vi"  # the language of what a unit's own files name


@dataclass(frozen=True)
class Method:
    """How one figure is made; ``quoted`` are those of its ``label`` and ``unit`` that are the
    wording of a unit's own files.
    """

    id: str
    label: str
    unit: str
    basis: str
    definition: str
    source: str
    quoted: tuple[str, ...] = ()


def of(plan: Plan, language: str = "vi", kinds: Kinds | None = None) -> list[Method]:
    """Every figure under ``plan``, in the order of ``indicators.json``; ``kinds`` of activities are
    the shipped ones unless given.

    Raises :class:`ParameterError` for a language there is not.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ParameterError(say("cli.no_language", language=language[:20], known=known))
    kinds = kinds or load_kinds()
    with speaking(language):
        own = describe(kinds)
        none = dossier_values(dict.fromkeys(FLAGS, 0))
        rows = results(
            {**none, **dict.fromkeys(own, Value(None, None, None, "no_data"))},
            plan=replace(plan, targets=()), period="", span=("", ""), cut="calendar",
            complete=True, before={}, described=own,
        )  # fmt: skip
        rows.sort(key=lambda row: ROOMS.index(_room(row.id)))
        return [_method(row, plan, kinds) for row in rows]


def _method(row: Result, plan: Plan, kinds: Kinds) -> Method:
    room, _, name = row.id.partition(".")
    said = row.definition
    quoted: tuple[str, ...] = ()
    if room == "digital" and (listed := plan.indicator(name)):
        said, quoted = say(f"method.{listed.kind}"), ("label",)
    elif room == "activities" and (kind := kinds.by_id.get(name.partition(".")[0])):
        quoted = () if kind.known else ("label",)
        quoted += () if "." in name else ("unit",)
    return Method(row.id, row.label, row.unit, row.basis, said, row.source, quoted)


def _room(id: str) -> str:
    return id.partition(".")[0]


def plan_of(workspace: Path, unit: str | None = None) -> Plan:
    """The newest plan of a unit; without a workspace, that of the shipped example.

    Raises :class:`UnitError` for an unknown unit or one too many to choose from.
    """
    from ..office import open as office

    try:
        plans_folder(workspace)
    except WorkspaceError:
        if unit is not None:
            raise
        workspace = shipped.path()
        unit = units(workspace)[0]
    slug = office(workspace, unit).unit.slug
    names = (path.name for path in (plans_folder(workspace) / slug).iterdir() if path.is_dir())
    years = [int(name) for name in names if name.isdecimal() and len(name) == 4]
    return load(workspace, slug, max(years, default=1))


def render(plan: Plan, language: str = "vi", kinds: Kinds | None = None) -> str:
    """The page. Raises :class:`ParameterError` for a language there is not."""
    rows = of(plan, language, kinds)
    with speaking(language):
        return page(
            "method.html.j2",
            style="method.css",
            title=say("method.title"),
            plan=plan,
            own_tongue=OWN,
            notes=[
                *(say(f"method.about_{name}") for name in NOTES),
                say("method.about_hidden", least=SMALLEST_CELL),
            ],
            rooms=[
                {"id": room, "rows": list(found)}
                for room, found in groupby(rows, key=lambda row: _room(row.id))
            ],
            statuses=[(status, label(f"figure.{status}")) for status in STATUSES],
        )


def write(path: Path, text: str) -> None:
    """Writes the page; raises :class:`WorkspaceError` where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise cannot_write(path.parent, error) from None
