"""Analytics for Vietnamese one-stop offices, from raw exports to a brief one can sign.

>>> import cchc_analysis as cchc
>>> q = cchc.sample().period("2024-Q4", audience="internal")  # as the office itself sees it
>>> q
<xã Thiệu Vân, Quý IV năm 2024, từ ngày 01/10/2024 đến ngày 31/12/2024>
>>> q.result("dossiers.on_time_rate")
<dossiers.on_time_rate: 94,18%, chỉ tiêu 99,9%: chưa đạt chỉ tiêu>
>>> cchc.on_time(q.dossiers, by="channel").round(3)
  channel  numerator  denominator  value    low   high
0  direct         50           53  0.943  0.846  0.981
1  online        541          575  0.941  0.919  0.957
2  postal          8            8  1.000  0.676  1.000

========================================  =====================================================
an office and its periods
========================================  =====================================================
``open(path, unit)`` · ``sample()``       the office of a workspace; the shipped sample, to try
``.period(label, cut, as_of, audience)``  one of its periods, ``q`` in the notebooks; without a
                                          label the newest quarter
``q.dossiers`` · ``q.late`` · ``q.open``  pandas frames: the dossiers with what each counts as,
``q.open_overdue`` · ``q.steps``          those resolved late, in progress, overdue; their steps
``q.results`` · ``q.result(id)``          the figures with interval, target and comparisons
``q.by(key)``                             the breakdowns: ``field``, ``procedure_code`` …, ``month``
``columns(frame, language)``              what each column of a frame holds
========================================  =====================================================

========================================  =====================================================
questions
========================================  =====================================================
``on_time(frame, by)``                    the on-time rate with its interval
``causes(q, by)``                         why dossiers are late: dossiers and days lost, by
                                          ``cause``, ``stage``, ``field`` …
``prepare`` · ``flag`` · ``tally``        the same definitions on any frame: pandas, polars, a
                                          DuckDB relation, Spark
``explore.cases(q, …)`` · ``.steps``      any slice of the late dossiers, the way of each;
``explore.Explorer(q)``                   with menus in JupyterLab
``sections.months(q)`` …                  the tables and figures of the brief, one function each;
                                          they show themselves in a notebook
========================================  =====================================================

What goes wrong and a user can mend is a ``CchcError``: one line of Vietnamese with the remedy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import CchcError

if TYPE_CHECKING:
    from . import explore, sections
    from .dictionary import columns
    from .explore.slices import causes as causes  # a package that can be called
    from .indicators.dossiers import flag, on_time, prepare, tally
    from .office import Office, open, sample
    from .period import Period
    from .view import PeriodView

__all__ = [
    "CchcError",
    "Office",
    "Period",
    "PeriodView",
    "causes",
    "columns",
    "explore",
    "flag",
    "on_time",
    "open",
    "prepare",
    "sample",
    "sections",
    "tally",
]

_HOME = {
    "Office": "office",
    "Period": "period",
    "PeriodView": "view",
    "columns": "dictionary",
    "flag": "indicators.dossiers",
    "on_time": "indicators.dossiers",
    "open": "office",
    "prepare": "indicators.dossiers",
    "sample": "office",
    "tally": "indicators.dossiers",
}


def __getattr__(name: str) -> Any:
    """Heavy parts are imported when they are first used."""
    if name in ("causes", "explore", "sections"):
        return import_module(f".{name}", __name__)
    if name not in _HOME:
        from .misspelt import no_attribute

        raise no_attribute(f"module {__name__!r}", name, __all__)
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
