"""Digging into late dossiers: any slice of them in one line, and the way of each, step by step.

A *slice* is a period and the values that its dossiers share: field, procedure, officer, channel,
stage, cause. ``cases`` gives its dossiers, ``lost_days`` where their days went, ``steps`` and
``timeline`` the way of one of them beside what is usual. :class:`Explorer` shows the same with
menus in JupyterLab and, with every view, the line of code that gives it again.

Slices are too small to be told to everybody: all of this is for the internal audience and refuses
any other. JupyterLab keeps nothing of what the menus show in the notebook's file, unless it is
set to save the state of widgets.

>>> explore.cases(q, field="Hộ tịch", cause="signatory_away")[["stage", "late_days"]].head(2)
      stage  late_days
0  Ký duyệt          3
1  Ký duyệt          3
>>> explore.steps(q, q.late["code"].iloc[0]).loc[4:, ["stage", "days", "usual"]].round(1)
                     stage  days  usual
4        Chuyển liên thông   0.0    0.0
5  Nhận kết quả liên thông   8.1    2.0
6              Trả kết quả   0.0    0.0
"""

from __future__ import annotations

from .dossier import STEPS, steps, timeline
from .menus import Explorer
from .slices import COLUMNS, SLICES, SORTS, cases, causes, line, lost_days, periods

__all__ = ["COLUMNS", "SLICES", "SORTS", "STEPS", "Explorer"]
__all__ += ["cases", "causes", "line", "lost_days", "periods", "steps", "timeline"]
