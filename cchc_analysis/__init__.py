"""Analytics for Vietnamese one-stop offices, from raw exports to a brief one can sign.

>>> import cchc_analysis as cchc
>>> q = cchc.open("data", unit="thieu-van").period("2024-Q1")  # doctest: +SKIP
>>> cchc.on_time(q.dossiers, by="field")  # doctest: +SKIP

``open(path, unit)``
    the office of a workspace; ``.period(label, cut, as_of, audience)`` one of its periods
``q.dossiers`` · ``q.late`` · ``q.open_overdue``
    pandas frames with what each dossier counts as
``q.results`` · ``q.result(id)`` · ``q.by(key)``
    the figures with their comparisons; the breakdowns
``explore.cases(q, field=…)`` · ``explore.Explorer(q)``
    any slice of the late dossiers, the way of each; with menus in JupyterLab
``on_time(frame, by)`` · ``prepare`` · ``flag`` · ``tally``
    the same definitions on any frame: pandas, polars, a DuckDB relation, Spark
``CchcError``
    what every failure a user can mend is derived from
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import CchcError

if TYPE_CHECKING:
    from .indicators.dossiers import flag, on_time, prepare, tally
    from .office import Office, open
    from .period import Period
    from .view import PeriodView

__all__ = [
    "CchcError",
    "Office",
    "Period",
    "PeriodView",
    "flag",
    "on_time",
    "open",
    "prepare",
    "tally",
]

_HOME = {
    "Office": "office",
    "Period": "period",
    "PeriodView": "view",
    "flag": "indicators.dossiers",
    "on_time": "indicators.dossiers",
    "open": "office",
    "prepare": "indicators.dossiers",
    "tally": "indicators.dossiers",
}


def __getattr__(name: str) -> Any:
    """Heavy parts are imported when they are first used."""
    if name == "explore":
        return import_module(".explore", __name__)
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
