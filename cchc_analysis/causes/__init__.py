"""Why dossiers are late: real or recorded, the step, the cause, and what shows it.

The package goes by the name of the question, so it can be asked itself: ``cchc.causes(q)`` is
:func:`.explore.slices.causes`, whether or not one of the modules in here was imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView


class _Asked(ModuleType):
    """A package that can be called."""

    def __call__(self, q: PeriodView, by: str = "cause", **slice: Any) -> pd.DataFrame:
        from ..explore.slices import causes

        return causes(q, by, **slice)


sys.modules[__name__].__class__ = _Asked
