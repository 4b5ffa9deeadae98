"""From a period to the papers that an office hands in, in the folder where its brief lies.

``report.docx``, ``report.pdf`` and ``forms.xlsx`` are made in memory first and put in place one
by one, each whole; ``report.json`` records what they were made from. A report that somebody
edited since is not overwritten unless asked to. A consolidation over units has a folder of its
own, ``reports/_all/<period>``, which no unit can be called.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import leaks
from .. import office as offices
from .. import plan as plans
from ..atomic import put, sha256
from ..briefs import docx, pdf
from ..briefs.folders import alone, recover
from ..briefs.record import PAPERS, guard_edits, record
from ..errors import DataError, PeriodError, UnitError
from ..office import Office
from ..period import Period
from ..words import say
from . import forms_xlsx, narrative
from .drafts import drafts
from .report import report

__all__ = ["Filed", "consolidate", "make"]

FORMS = "forms.xlsx"
ALL = "_all"  # the folder of all units


@dataclass(frozen=True)
class Filed:
    """The files made, in order; the narrative laid out to be filled in, if it was; the units that
    could not be counted, and why.
    """

    files: tuple[Path, ...]
    started: Path | None = None
    missing: tuple[str, ...] = ()


def make(
    office: Office,
    period: str,
    *,
    cut: str = "calendar",
    as_of: str = "",
    audience: str = "shared",
    final: bool = False,
    force: bool = False,
    into: Path | None = None,
) -> Filed:
    """Makes the report and the forms of a period; ``audience`` and ``into`` as for a brief: the
    internal forms name the dossiers of a difference by the register's own codes.

    Raises :class:`BriefError` for a final report with an empty part or a report edited by hand,
    :class:`LeakError` where an officer's paragraph holds a telephone or citizen number.
    """
    q = office.period(period, cut=cut, as_of=as_of, audience=audience)
    root = (into or office.workspace) / ("reports" if audience == "shared" else "internal")
    folder = root / office.unit.slug / q.period.label
    if not force:
        guard_edits(folder, PAPERS)
    proposed = drafts(q)
    started = narrative.start(q, proposed)
    own, watch = narrative.load(q), leaks.Watch.of(q)
    leaks.stop(own.leaks(watch))
    blocks = report(q, own, proposed, final=final)
    files = {
        "report.docx": docx.render(blocks),
        "report.pdf": pdf.render(blocks),
        FORMS: forms_xlsx.workbook(q),
    }
    leaks.stop(leaks.search(files.items(), watch))
    parameters = {
        "unit": office.unit.slug, "period": q.period.label, "cut": cut, "as_of": as_of,
        "audience": audience, "final": final,
    }  # fmt: skip
    content = record(q, parameters, files)
    written = narrative.path(q)
    if written.exists():
        content["files"][written.relative_to(office.workspace).as_posix()] = sha256(written)
    with alone(root, office.unit.slug):
        recover(folder)
        made = _put(folder, files, content)
    return Filed(made, started)


def consolidate(
    workspace: Path,
    period: str,
    units: Sequence[str] = (),
    *,
    as_of: str = "",
    force: bool = False,
) -> Filed:
    """Makes the forms over ``units``, all of the workspace by default.

    A unit without figures for the period is named on the form. Raises :class:`PeriodError` for a
    label that is none, :class:`UnitError` for an unknown unit and :class:`DataError` where none has
    any figures.
    """
    Period.parse(period)
    known = plans.units(workspace)
    for unit in units:
        if unit not in known:
            raise UnitError(
                say("plan.unknown_unit", unit=unit[:60], hint="", units=", ".join(known))
            )
    views, missing, told = [], [], []
    for unit in units or known:
        try:
            office = offices.open(workspace, unit)
            views.append(office.period(period, cut="reporting", as_of=as_of))
        except (DataError, PeriodError) as error:
            missing.append(plans.load_unit(workspace, unit).name)
            told.append(say("forms.unit_missing", unit=unit, reason=str(error)))
    if not views:
        raise DataError("; ".join(told) or say("office.no_unit", folder=workspace.name))
    folder = workspace / "reports" / ALL / views[0].period.label
    if not force:
        guard_edits(folder, PAPERS)
    files = {FORMS: forms_xlsx.consolidation(views, missing)}
    watch = leaks.Watch(paths=leaks.machine(workspace))
    leaks.stop(leaks.search(files.items(), watch))
    parameters = {
        "units": [q.office.unit.slug for q in views], "period": views[0].period.label,
        "cut": "reporting", "as_of": as_of,
    }  # fmt: skip
    content = record(views[0], parameters, files)
    each = [record(q, {}, {}) for q in views]
    content["inputs"] = [row for one in each for row in one["inputs"]]
    content["files"] = {name: digest for one in each for name, digest in one["files"].items()}
    with alone(workspace / "reports", ALL):
        recover(folder)
        return Filed(_put(folder, files, content), missing=tuple(told))


def _put(folder: Path, files: Mapping[str, bytes], content: Mapping[str, Any]) -> tuple[Path, ...]:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    for name, made in {**files, PAPERS: text.encode()}.items():
        put(folder / name, made)
    return tuple(folder / name for name in files)
