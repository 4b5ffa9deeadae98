"""What the notebooks show: one function a block, from a period to what is displayed.

Notebooks hold no logic; a cell calls one of these. Each computes nothing of its own: it takes
figures from the period (``q``) and lays them out as a block, in words from the catalogue.
"""

from .causes import (
    case_list,
    limits_of_data,
    lost_days,
    pareto,
    real_or_recorded,
    stage_times,
    waiting,
)
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
from .late_picture import (
    closing_days,
    habits,
    late_chart,
    late_news,
    late_rates,
    when_late,
    where_cells,
    where_funnel,
    where_late,
    why_changed,
)
from .outlook import due_soon, outlook_worth, to_watch
from .quality import definitions, files, set_aside, unverified, vanished
from .summary import adopt, cards, cover, cuts, headline, main_figures, publish, to_do

__all__ = [
    "adopt",
    "allowance",
    "balance",
    "by",
    "cards",
    "case_list",
    "closing_days",
    "cover",
    "cuts",
    "definitions",
    "digital_handling",
    "due_soon",
    "files",
    "habits",
    "headline",
    "late_chart",
    "late_list",
    "late_news",
    "late_rates",
    "limits_of_data",
    "lost_days",
    "main_figures",
    "months",
    "on_time_definitions",
    "open_overdue_list",
    "outlook_worth",
    "pareto",
    "publish",
    "real_or_recorded",
    "set_aside",
    "stage_times",
    "to_do",
    "to_watch",
    "unverified",
    "vanished",
    "waiting",
    "when_late",
    "where_cells",
    "where_funnel",
    "where_late",
    "why_changed",
    "year_so_far",
]
