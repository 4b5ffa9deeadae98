"""Figures of the office's own, from the files in ``extensions``.

What a file gives is a column of truth values over the dossiers of the period, counted here, or
whole numbers. For the shared audience a figure that stands for fewer than ``SMALLEST_CELL`` people,
or leaves so few out, in a period or in what is left of it beside others (:mod:`..groups`), is not
shown, unless its file says that it is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ExtensionError
from ..extend import Indicator, told
from ..words import label, say
from .results import Described, Value

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = ["described", "people", "rows_of", "values"]

Side = Any  # a Series of truth values over ``q.dossiers``, or a whole number


def values(q: PeriodView) -> dict[str, Value]:
    """A value for each figure of the office's own: a count, or a rate."""
    return {each.id: _value(q, each) for each in q.office.extensions.indicators}


def described(q: PeriodView) -> dict[str, Described]:
    """What each is called, counts in and means."""
    return {
        each.id: Described(
            each.label,
            label("unit.share" if len(_sides(q, each)) == 2 else "unit.dossiers"),
            each.definition,
            each.source or say("extend.origin", file=each.file),
        )
        for each in q.office.extensions.indicators
    }


def rows_of(q: PeriodView, id: str) -> tuple[pd.DataFrame, str] | None:
    """The dossiers of a figure with what each adds ``above`` and ``below`` the line, and the rule,
    ``count`` or ``share``; None where the file gives bare numbers.
    """
    each = next(each for each in q.office.extensions.indicators if each.id == id)
    sides = _sides(q, each)
    if any(isinstance(side, int) for side in sides):
        return None
    below = sides[1] if len(sides) == 2 else sides[0] & False
    frame = q.dossiers.assign(above=sides[0].astype("int64"), below=below.astype("int64"))
    kept = frame[(frame["above"] > 0) | (frame["below"] > 0)]
    return kept, "share" if len(sides) == 2 else "count"


def _value(q: PeriodView, each: Indicator) -> Value:
    above, *rest = people(q, each)
    if not each.open and not q.whole.groups.tells(each.id, (q.start, q.end)):
        return Value(None, None, None, "suppressed")
    if not rest:
        return Value(above, None, above)
    if not rest[0]:
        return Value(above, 0, None, "zero_denominator")
    return Value(above, rest[0], above / rest[0])


def people(q: PeriodView, each: Indicator) -> tuple[int, ...]:
    """How many stand above the line, and of a rate below it and between."""
    above, *rest = (int(s if isinstance(s, int) else s.sum()) for s in _sides(q, each))
    if rest and above > rest[0]:
        raise ExtensionError(say("extend.above_below", file=each.file, id=each.id))
    return (above, rest[0], rest[0] - above) if rest else (above,)


def _sides(q: PeriodView, each: Indicator) -> tuple[Side, ...]:
    """What the file's function gives of ``q``: one side or two, checked, asked for once."""
    if each.id not in q.own:
        with told(each.path):
            found = each.compute(q)
        sides = found if isinstance(found, tuple) else (found,)
        if len(sides) not in (1, 2):
            raise _bad(each)
        q.own[each.id] = tuple(_side(q, each, side) for side in sides)
    return q.own[each.id]


def _side(q: PeriodView, each: Indicator, side: Any) -> Side:
    import numpy as np
    import pandas as pd

    if isinstance(side, int | np.integer) and not isinstance(side, bool) and side >= 0:
        return int(side)
    if isinstance(side, pd.Series) and side.index.equals(q.dossiers.index):
        try:
            return side.fillna(False).astype(bool)
        except (TypeError, ValueError):
            raise _bad(each) from None
    raise _bad(each)


def _bad(each: Indicator) -> ExtensionError:
    return ExtensionError(say("extend.bad_value", file=each.file, id=each.id))
