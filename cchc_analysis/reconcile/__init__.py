"""Figures held against an official table: the portal's, or last quarter's made by hand.

Two honest counts of one office differ: by where the period is cut, by what is called late, by which
rows were there. ``of_file`` reads such a table, makes the figures for the same cells and tells of
each difference what explains it, or that nothing does.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import PeriodError
from ..period import Period
from ..words import say
from .compare import Reconciled, reconcile
from .official import Layout, Official, read

if TYPE_CHECKING:
    from ..office import Office

__all__ = ["Layout", "Official", "Reconciled", "of_file", "period_of", "read", "reconcile"]

CUTS = ("calendar", "reporting")
LABELS = (*(f"-{month:02d}" for month in range(1, 13)), "-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2",
          "-9M", "")  # fmt: skip


def of_file(
    office: Office, file: Path, period: str = "", *, cut: str = "", mapping: Path | None = None
) -> Reconciled:
    """The table in ``file`` held against the figures of ``period``, by default that which the file
    says it is of; ``cut`` likewise, else by calendar.

    Raises :class:`FileError`, :class:`ColumnsError` and :class:`MappingError` for files that cannot
    be read, :class:`PeriodError` where no period is known.
    """
    official = read(file, Layout.load(mapping) if mapping else None)
    stated = period_of(office, official.span) if official.span else None
    if not period and stated is None:
        raise PeriodError(say("reconcile.no_period", file=file.name))
    label = period or (stated.label if stated else "")
    if not cut:
        said = stated is not None and stated.label == Period.parse(label).label
        cut = stated.cut if said and stated else "calendar"
    return reconcile(office.period(label, cut=cut, audience="internal"), official)


def period_of(office: Office, span: tuple[dt.date, dt.date]) -> Period | None:
    """The period of just these days, in either cut; None for days that are no period."""
    for year in (span[1].year, span[1].year + 1):
        closing_day = office.plan(year).rules.closing_day
        for cut, label in product(CUTS, LABELS):
            found = Period.parse(f"{year}{label}", cut=cut, closing_day=closing_day)
            if (found.start, found.end) == span:
                return found
    return None
