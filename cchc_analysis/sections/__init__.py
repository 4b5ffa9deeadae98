"""What the notebooks show: one function a block, from a period to what is displayed.

Notebooks hold no logic; a cell calls one of these. Each computes nothing of its own: it takes
figures from the period (``q``) and lays them out as a block, in words from the catalogue. A
notebook of the office's own lays out what it likes with ``table``, ``figure``, ``paragraph`` and
``note``.
"""

from .activity_tables import activities, activities_faults, activities_summary
from .causes import (
    case_list,
    limits_of_data,
    lost_days,
    pareto,
    real_or_recorded,
    stage_times,
    waiting,
)
from .credibility import credibility
from .digital import digital_faults, digital_months, digital_overview, digital_path
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
from .feedback import feedback_balance, feedback_by
from .late_habits import closing_days
from .late_news import late_chart, late_news, late_rates
from .late_where import when_late, where_cells, where_funnel, where_late, why_changed
from .outlook import due_soon, outlook_worth, to_watch
from .own import figure, note, paragraph, table
from .quality import definitions, files, set_aside, unverified, vanished
from .respondents import (
    survey_comments,
    survey_coverage,
    survey_groups,
    survey_linked,
    survey_quality,
)
from .restatements import restated_dossiers, restated_figures
from .satisfaction import survey_drivers, survey_figures, survey_items, survey_trend
from .self_scoring import outside_scores, outside_years, own_score
from .service_quality import quality_indicators, quality_score, rating, rating_by
from .summary import cards, changes, cover, cuts, headline, main_figures, own_figures, to_do
from .tasks import (
    tasks_due,
    tasks_faults,
    tasks_glitches,
    tasks_next,
    tasks_no_evidence,
    tasks_overdue,
    tasks_overview,
    tasks_targets,
    tasks_timeline,
)

__all__ = [
    "activities",
    "activities_faults",
    "activities_summary",
    "allowance",
    "balance",
    "by",
    "cards",
    "case_list",
    "changes",
    "closing_days",
    "cover",
    "credibility",
    "cuts",
    "definitions",
    "digital_faults",
    "digital_handling",
    "digital_months",
    "digital_overview",
    "digital_path",
    "due_soon",
    "feedback_balance",
    "feedback_by",
    "figure",
    "files",
    "headline",
    "late_chart",
    "late_list",
    "late_news",
    "late_rates",
    "limits_of_data",
    "lost_days",
    "main_figures",
    "months",
    "note",
    "on_time_definitions",
    "open_overdue_list",
    "outlook_worth",
    "outside_scores",
    "outside_years",
    "own_figures",
    "own_score",
    "paragraph",
    "pareto",
    "quality_indicators",
    "quality_score",
    "rating",
    "rating_by",
    "real_or_recorded",
    "restated_dossiers",
    "restated_figures",
    "set_aside",
    "stage_times",
    "survey_comments",
    "survey_coverage",
    "survey_drivers",
    "survey_figures",
    "survey_groups",
    "survey_items",
    "survey_linked",
    "survey_quality",
    "survey_trend",
    "table",
    "tasks_due",
    "tasks_faults",
    "tasks_glitches",
    "tasks_next",
    "tasks_no_evidence",
    "tasks_overdue",
    "tasks_overview",
    "tasks_targets",
    "tasks_timeline",
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
