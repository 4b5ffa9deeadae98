"""Slices of late dossiers: a period, and the values that its dossiers share."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..causes.evidence import evidence
from ..errors import ParameterError
from ..period import Period
from ..store import windows
from ..words import fold, has_label, label, say

if TYPE_CHECKING:
    import pandas as pd

    from ..view import PeriodView

__all__ = [
    "COLUMNS",
    "SLICES",
    "SORTS",
    "arguments",
    "cases",
    "causes",
    "everything",
    "key_of",
    "line",
]
__all__ += ["lost", "lost_days", "named", "no_such", "ordered", "periods", "view_of"]

COLUMNS = (
    "code", "state", "late_days", "stage", "cause", "field", "procedure_code", "procedure",
    "channel", "officer", "received_at", "due_at", "ended_at", "recorded_only", "evidence",
    "apology",
)  # fmt: skip
SLICES = ("field", "procedure", "officer", "channel", "stage", "cause")
SORTS = ("late_days", "due_at", "received_at", "code")
KINDS = ("quarter", "month", "half", "nine_months", "year")  # in the order of the menu
LABELS = {"channel": "channel", "cause": "cause", "state": "dossiers"}  # column: room of labels
CHOICES = 8  # named in a message


def cases(
    q: PeriodView,
    *,
    period: str | None = None,
    field: str | None = None,
    procedure: str | None = None,
    officer: str | None = None,
    channel: str | None = None,
    stage: str | None = None,
    cause: str | None = None,
    include_open: bool = True,
    sort: str = "late_days",
) -> pd.DataFrame:
    """The late dossiers of ``q`` (or of another ``period`` of its office) that share what is given.

    A row a dossier, columns ``COLUMNS``: ``state`` is ``resolved_late`` or ``open_overdue``,
    ``late_days`` working days (of an open one until the period's last day), ``officer`` whom
    the register names, ``stage`` where most was lost, by the log's own name. Text that was not
    recorded is ``""`` and is asked for so. A value may be given as the data, the code or the
    label has it (``"online"``, ``"Trực tuyến"``), with or without accents; a procedure by
    code or by name. Sorted by ``late_days``, most first, or by another of ``SORTS``.

    Raises :class:`ParameterError` with a near match for what nobody knows.

    >>> cases(q, field="hộ tịch", cause="Chờ ký duyệt")["late_days"].describe()["max"]
    np.float64(3.0)
    """
    view = view_of(q, period)
    given = dict(zip(SLICES, (field, procedure, officer, channel, stage, cause), strict=True))
    frame = everything(view)
    for name, value in given.items():
        if value is not None:
            frame = frame[key_of(frame, name).isin(_resolve(name, value, _known(view, name)))]
    if not include_open:
        frame = frame[frame["state"] == "resolved_late"]
    return ordered(frame, sort)


def line(**chosen: Any) -> str:
    """The call of :func:`cases` with what is ``chosen``, to be copied.

    >>> line(field="Đất đai", cause=None, include_open=True)
    'explore.cases(q, field="Đất đai")'
    """
    return f"explore.cases({', '.join(['q', *arguments(chosen)])})"


def lost_days(q: PeriodView, by: str = "stage", **slice: Any) -> pd.DataFrame:
    """Where the working days late of a slice went: ``by, dossiers, days``, most days first.

    By ``stage`` each dossier's days are shared out over its steps, and ``dossiers`` counts those
    that lost most there (``""``: no log); by any other of ``SLICES`` they count whole. Either
    way ``days`` add up to those of ``cases`` with the same ``slice``.
    """
    if by not in SLICES:
        raise ParameterError(no_such(say("explore.lost_by"), by, SLICES))
    return lost(view_of(q, slice.get("period")), cases(q, **slice), by)


def causes(q: PeriodView, by: str = "cause", **slice: Any) -> pd.DataFrame:
    """Why dossiers are late, added up: a row a value of ``by``, most days first.

    ``by`` is ``cause``, ``stage``, ``field``, ``procedure``, ``officer`` or ``channel``; a slice
    may be given as for :func:`cases`. The columns are those of :func:`lost_days`, with ``label``,
    the value in words, behind the value. Raises :class:`ParameterError` for any other audience than
    the internal one, as everything that looks at single dossiers does.

    >>> causes(q).loc[:1]
                cause                                       label  dossiers  days
    0  signatory_away                                Chờ ký duyệt        15  26.0
    1     closed_late  Kết thúc trên hệ thống chậm so với thực tế         8  14.0
    >>> causes(q, by="field", cause="signatory_away")["dossiers"].sum()
    np.int64(15)
    """
    frame = lost_days(q, by, **slice)
    names = dict(zip(*_names(cases(q, **slice), by), strict=True))
    labels = [named(by, names.get(value, value)) for value in frame[by]]
    frame.insert(1, "label", labels)
    return frame.astype({"label": "str"})


def _names(frame: pd.DataFrame, by: str) -> tuple[pd.Series, pd.Series]:
    """The values of ``by`` and what each is called: a procedure by its name."""
    keys = key_of(frame, by)
    return keys, keys if by != "procedure" else frame["procedure"].where(
        frame["procedure"] != "", keys
    )  # fmt: skip


def periods(q: PeriodView) -> list[Period]:
    """The periods that the store has dossiers of, the latest first within each kind."""
    spans = windows(q.exports)
    if not spans:
        return [q.period]
    found = {q.period.label: q.period}
    last = min(q.data_day, max(end for _, end in spans))
    for year in range(min(start for start, _ in spans).year, last.year + 2):
        forms = ("Q{}", "{:02}", "H{}", "9M", "")
        for form, many in zip(forms, (4, 12, 2, 1, 1), strict=True):
            for n in range(1, many + 1):
                text = f"{year}-{form.format(n)}".rstrip("-")
                period = _parse(q, text)
                if period.start <= last and any(a <= period.end and period.start <= b
                                                for a, b in spans):  # fmt: skip
                    found.setdefault(period.label, period)
    kinds = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(found.values(), key=lambda p: (kinds.get(p.kind, -1), -p.start.toordinal()))


def _parse(q: PeriodView, text: str) -> Period:
    period = Period.parse(text, cut=q.period.cut)
    rules = q.office.plan(period.year).rules
    return Period.parse(text, cut=q.period.cut, closing_day=rules.closing_day)


def view_of(q: PeriodView, text: str | None) -> PeriodView:
    """The period ``text`` of the same office as of the same day, or ``q`` itself."""
    from ..view import PeriodView

    if not isinstance(q, PeriodView):
        raise ParameterError(say("explore.no_view", given=type(q).__name__))
    if q.audience != "internal":
        raise ParameterError(say("explore.internal_only"))
    if text is None or text == q.period.label:
        return q
    period = _parse(q, text)
    _ = q.attribution  # all steps known: the same for every period
    view = q.beside(period)
    if view.plan.rules != q.plan.rules:
        return q.office.period(
            period.label, cut=period.cut, as_of=q.as_of, audience=q.audience
        )  # fmt: skip
    view.check()
    return view


def everything(view: PeriodView) -> pd.DataFrame:
    import pandas as pd

    parts = []
    for state, frame in (("resolved_late", view.late), ("open_overdue", view.open_overdue)):
        said = [
            evidence(view, view.finding(str(row["code"])), row)
            for row in frame.to_dict("records")
        ]  # fmt: skip
        parts.append(frame.assign(state=state, evidence=pd.Series(said, frame.index, dtype="str")))
    frame = pd.concat(parts, ignore_index=True)
    for name in COLUMNS:
        if name not in frame:
            frame[name] = ""
    frame = frame[list(COLUMNS)]
    texts = [name for name in COLUMNS if name not in TYPED]
    frame = frame.astype(dict.fromkeys(texts, "object"))
    frame[texts] = frame[texts].fillna("")
    frame = frame.astype(dict.fromkeys(texts, "str"))
    frame["ended_at"] = frame["ended_at"].where(frame["state"] == "resolved_late")
    return frame


TYPED = ("late_days", "received_at", "due_at", "ended_at", "recorded_only")


def ordered(frame: pd.DataFrame, sort: str) -> pd.DataFrame:
    if sort not in SORTS:
        raise ParameterError(no_such(say("explore.sort"), sort, SORTS))
    most_first = sort == "late_days"
    return frame.sort_values(
        [sort, "code"], ascending=[not most_first, True], ignore_index=True, na_position="last"
    )  # fmt: skip


def key_of(frame: pd.DataFrame, name: str) -> pd.Series:
    """What a slice by ``name`` compares: a procedure without a code goes by its name."""
    if name != "procedure":
        return frame[name]
    return frame["procedure_code"].where(frame["procedure_code"] != "", frame["procedure"])


def _known(view: PeriodView, name: str) -> dict[str, str]:
    """The values that a slice may ask for, with the label of each; "" is not recorded."""
    timeline = view.attribution.timeline
    if name == "cause":
        return {cause: label(f"cause.{cause}") for cause in view.office.causes}
    if name == "stage":
        names = timeline.steps["stage"].dropna().unique()
        return {"": say("explore.stage_unknown"), **{str(n): str(n) for n in names}}
    columns = ("procedure_code", "procedure") if name == "procedure" else (name,)
    known = {"": say("explore.not_recorded")}
    frame = timeline.dossiers
    frame = frame[[c for c in columns if c in frame]].drop_duplicates()
    for values in frame.fillna("").astype(str).itertuples(index=False):
        told = [value for value in values if value]
        if told:
            known[told[0]] = named(name, told[-1])
    return known


def named(name: str, value: str) -> str:
    """A value as people read it."""
    if not value:
        return say("explore.stage_unknown" if name == "stage" else "explore.not_recorded")
    id = f"{LABELS.get(name)}.{value}"
    return label(id) if name in LABELS and has_label(id) else value


def _resolve(name: str, given: str, known: Mapping[str, str]) -> set[str]:
    if given in known:
        return {given}
    asked = fold(str(given))
    found = {value for value, text in known.items() if value and asked in (fold(value), fold(text))}
    if not found:
        told = [value for value in known if value]
        raise ParameterError(no_such(_title(name), given, told, [known[value] for value in told]))
    return found


def no_such(
    title: str, given: Any, choices: Sequence[str], labels: Sequence[str] | None = None
) -> str:
    """The message on a value that is none of the ``choices``, with the nearest."""
    folded = {fold(text): choices[n % len(choices)]
              for n, text in enumerate([*choices, *(labels or ())])}  # fmt: skip
    near = difflib.get_close_matches(fold(str(given)), list(folded), n=1, cutoff=0.5)
    if near:
        return say("explore.unknown", name=title, given=given, hint=folded[near[0]])
    shown = ", ".join(choices[:CHOICES]) + (", …" if len(choices) > CHOICES else "")
    return say("explore.unknown_choices", name=title, given=given, choices=shown)


def _title(name: str) -> str:
    return say("explore.period") if name == "period" else label(f"col.{name}")


def arguments(chosen: Mapping[str, Any]) -> list[str]:
    """Arguments as they are written, those that change nothing left out."""
    usual = {"include_open": True, "sort": "late_days"}
    return [
        f"{name}={json.dumps(value, ensure_ascii=False) if isinstance(value, str) else value}"
        for name, value in chosen.items()
        if value is not None and value != usual.get(name)
    ]


def lost(view: PeriodView, frame: pd.DataFrame, by: str) -> pd.DataFrame:
    import pandas as pd

    days: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    rows = zip(frame["code"], frame["late_days"], key_of(frame, by), strict=True)
    for code, late, value in rows:
        whole = 0 if pd.isna(late) else int(late) * 100
        parts = view.finding(code).lost if by == "stage" else {}
        for part, hundredths in (parts or {value: whole}).items():
            days[part] += hundredths
        count[value] += 1
    found = [(value, count[value], hundredths / 100) for value, hundredths in days.items()]
    found += [(value, n, 0.0) for value, n in count.items() if value not in days]
    found.sort(key=lambda row: (-row[2], -row[1], row[0]))
    return pd.DataFrame(found, columns=[by, "dossiers", "days"]).astype({by: "str"})
