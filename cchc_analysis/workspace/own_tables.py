"""The tables that a workspace holds for itself in ``data/reference``, read by what uses them.

A workspace may correct any shipped table by a copy of its own. Nothing reads all of them at once,
so a slip in one shows only when its notebook runs; ``cchc check`` reads each as that notebook does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .. import plan as plans
from .. import shipped
from ..unit import Unit

__all__ = ["known", "read"]


def known() -> list[str]:
    """The names that a file of ``data/reference`` may have, with ``/`` below a folder."""
    folder = shipped.path("data", "reference")
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def read(name: str, workspace: Path, unit: Unit) -> None:
    """Reads the table ``name`` of the workspace. Raises :class:`PlanError` for one that is wrong,
    ``KeyError`` for a name that nothing reads.
    """
    from .. import privacy, questionnaire, stages, themes, workdays
    from ..indicators import activity_kinds, quality_set, rating, service_quality
    from ..papers import forms

    days = partial(workdays.Calendar.of, "VN", workspace=workspace)

    def procedures() -> None:
        plans.online_procedures(workspace)
        service_quality.catalogue_rows(workspace)

    def headings() -> None:
        for form in ("results", "consolidated", "feedback", "causes"):
            forms.usual_heading(workspace, form)

    readers: dict[str, Callable[[], object]] = {
        "activities.toml": partial(activity_kinds.load, workspace),
        "answers.toml": partial(questionnaire.scales, workspace),
        "forms.toml": headings,
        "procedures.csv": procedures,
        "procedures.toml": procedures,
        rating.FILE: partial(rating.rating_set, workspace),
        "sensitive.toml": partial(privacy.sensitive_words, workspace),
        "stages.toml": partial(stages.Stages.of, unit, workspace),
        "themes.toml": partial(themes.Themes.of, workspace),
        "workdays.toml": days,
        "workdays_vn.csv": days,
    }
    if name.startswith(f"{quality_set.FOLDER}/") and name.endswith(".toml"):
        quality_set.indicator_set(dt.date.max, workspace)
    else:
        readers[name]()
