"""What the notebooks show: one function a block, from a period to what is displayed.

Notebooks hold no logic; a cell calls one of these. Each computes nothing of its own: it takes
figures from the period (``q``) and lays them out as a block, in words from the catalogue.
"""

from .dossiers import (
    allowance,
    balance,
    by,
    digital_handling,
    late_list,
    months,
    on_time_definitions,
    open_overdue_list,
    year_so_far,
)
from .quality import definitions, files, set_aside, unverified, vanished
from .summary import adopt, cards, cover, cuts, headline, main_figures, publish, to_do

__all__ = [
    "adopt",
    "allowance",
    "balance",
    "by",
    "cards",
    "cover",
    "cuts",
    "definitions",
    "digital_handling",
    "files",
    "headline",
    "late_list",
    "main_figures",
    "months",
    "on_time_definitions",
    "open_overdue_list",
    "publish",
    "set_aside",
    "to_do",
    "unverified",
    "vanished",
    "year_so_far",
]
