"""How each indicator of service quality is computed: one function a formula, by its name.

A formula takes a period under its own rules (``service_quality.ServiceQuality``) and answers
with a share as two counts, or with what is missing. Formulas and the lateness rule are those of the
formula sheet of the national portal (reference S-766F: "Mô tả công thức tính chỉ số 766").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .service_quality import ServiceQuality

__all__ = ["FORMULAS", "Answer"]


@dataclass(frozen=True)
class Answer:
    """What the data says on one indicator: a share as two counts, or why there is none.

    ``missing`` is a code (``province``, ``portal``, ``by_procedure``, ``no_column``,
    ``column_in_part``, ``no_register``, ``no_catalogue``, ``reviews``, ``nothing``), empty where
    the share stands. ``best`` is the highest that a missing share can be; ``assumes`` names what
    was taken for granted. ``rows`` are those counted: ``above`` and ``below`` (0 or 1) add up to
    the two counts.
    """

    numerator: int | None = None
    denominator: int | None = None
    missing: str = ""
    best: Fraction = Fraction(1)
    assumes: tuple[str, ...] = ()
    rows: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def share(self) -> Fraction | None:
        if self.missing or not self.denominator:
            return None
        return Fraction(self.numerator or 0, self.denominator)


def _share(rows: pd.DataFrame, above: pd.Series, *assumes: str) -> Answer:
    """The part of ``rows`` of which ``above`` is true."""
    return _answer(rows.assign(above=above.fillna(False).astype("int64"), below=1), *assumes)


def _answer(rows: pd.DataFrame, *assumes: str) -> Answer:
    k, n = int(rows["above"].sum()), int(rows["below"].sum())
    known = tuple(a for a in assumes if a)
    return Answer(k, n, "" if n else "nothing", assumes=known, rows=rows)


def _services(codes: set[str] | frozenset[str], above: set[str] | frozenset[str]) -> Answer:
    """The part of the procedures ``codes`` that is in ``above``."""
    import pandas as pd

    frame = pd.DataFrame({"code": sorted(codes)}, dtype="str")
    return _share(frame, frame["code"].isin(sorted(above)))


def _in_time(sq: ServiceQuality) -> Answer:
    """2.1: processed in time or open within the limit / processed in the period or open at its
    end. Those of whom nothing tells are left out of both.
    """
    rows = sq.progress
    told = rows[rows["in_time"].notna()]
    return _share(
        told, told["in_time"],
        "log_waits" if sq.lacks("supplement_requested_at") and len(sq.waits) else "",
        "limits" if (rows["why"] == "limit").any() else "",
        "left_out" if len(told) < len(rows) else "",
    )  # fmt: skip


def _online_with_result(sq: ServiceQuality) -> Answer:
    """3.3: received online with an electronic result / received; × the share synchronised, which
    only the portal knows. No channel counts as in person.
    """
    if missing := sq.lacks("channel", "digitised_result"):
        return Answer(missing=missing)
    rows = sq.received()
    online = (rows["channel"] == "online").fillna(False)
    return _share(rows, online & rows["has_result"], "synchronised", "paper_result")


def _procedures_paid_online(sq: ServiceQuality) -> Answer:
    """3.4: procedures with a dossier paid online / procedures with a dossier that had a fee; the
    source gives no more than the name.
    """
    if missing := sq.lacks("fee", "paid_online", "procedure_code"):
        return Answer(missing=missing)
    rows = sq.received()
    rows = rows[(rows["fee"] > 0).fillna(False)]
    paid = rows[rows["paid_online"].fillna(False).astype(bool)]
    first = [~part.duplicated("procedure_code") & part["procedure_code"].notna()
             for part in (paid, rows)]  # fmt: skip
    above = first[0].reindex(rows.index, fill_value=False)
    return _answer(rows.assign(above=above.astype("int64"), below=first[1].astype("int64")))


def _paid_online(sq: ServiceQuality) -> Answer:
    """3.6: received and paid online / received with a fee above 0."""
    if missing := sq.lacks("fee", "paid_online"):
        return Answer(missing=missing)
    rows = sq.received()
    rows = rows[(rows["fee"] > 0).fillna(False)]
    return _share(rows, rows["paid_online"])


def _result_digitised(sq: ServiceQuality) -> Answer:
    """4.1: received with an electronic result by the period's end / received."""
    if missing := sq.lacks("digitised_result"):
        return Answer(missing=missing)
    rows = sq.received()
    return _share(rows, rows["has_result"], "paper_result")


def _both_digitised(sq: ServiceQuality) -> Answer:
    """4.2: received with the papers and the result digitised / received."""
    if missing := sq.lacks("digitised_intake", "digitised_result"):
        return Answer(missing=missing)
    rows = sq.received()
    intake = rows["digitised_intake"].fillna(False).astype(bool)
    return _share(rows, intake & rows["has_result"], "paper_result")


def _reused(sq: ServiceQuality) -> Answer:
    """4.3: received with digitised data used again / received."""
    if missing := sq.lacks("reused"):
        return Answer(missing=missing)
    rows = sq.received()
    return _share(rows, rows["reused"])


def _services_offered(sq: ServiceQuality) -> Answer:
    """3.1: procedures with an online service / procedures of the level."""
    if sq.services is None:
        return Answer(missing="no_catalogue")
    return _services(sq.services[1], sq.services[0])


def _services_used(sq: ServiceQuality) -> Answer:
    """3.2: online services with a dossier received online / online services."""
    if sq.services is None:
        return Answer(missing="no_catalogue")
    rows = sq.received()
    codes = set(rows.loc[(rows["channel"] == "online").fillna(False), "procedure_code"].str[:8])
    return _services(sq.services[0], codes)


def _feedback_in_time(sq: ServiceQuality) -> Answer:
    """5.2: answered in time or open within the limit / answered in the period or open at its end.
    When an answer was published the register does not date.
    """
    rows = sq.feedback
    if rows is None:
        return Answer(missing="no_register")
    rows = rows[rows["resolved"] | rows["open"]]
    told = rows[rows["in_time"].notna()]
    return _share(told, told["in_time"], "published")


def _feedback_satisfied(sq: ServiceQuality) -> Answer:
    """5.3: received and neither late, complained of again nor disliked / received. Only lateness
    is known here, which bounds it.
    """
    rows = sq.feedback
    if rows is None:
        return Answer(missing="reviews")
    rows = rows[rows["received"]]
    late = int((~rows["in_time"].fillna(True)).sum())
    return Answer(missing="reviews", best=1 - Fraction(late, max(len(rows), 1)))


def _filers_satisfied(sq: ServiceQuality) -> Answer:
    """5.4: 100 % − (late + with feedback or a dislike). Only lateness is known here, which bounds
    it; never the survey.
    """
    share = _in_time(sq).share
    return Answer(missing="reviews", best=Fraction(1) if share is None else share)


def _nobody(code: str) -> Callable[[ServiceQuality], Answer]:
    return lambda _: Answer(missing=code)


FORMULAS: dict[str, Callable[[ServiceQuality], Answer]] = {
    "province": _nobody("province"),
    "portal": _nobody("portal"),
    "by_procedure": _nobody("by_procedure"),
    "in_time": _in_time,
    "online_with_result": _online_with_result,
    "procedures_paid_online": _procedures_paid_online,
    "paid_online": _paid_online,
    "result_digitised": _result_digitised,
    "both_digitised": _both_digitised,
    "reused": _reused,
    "services_offered": _services_offered,
    "services_used": _services_used,
    "feedback_in_time": _feedback_in_time,
    "feedback_satisfied": _feedback_satisfied,
    "filers_satisfied": _filers_satisfied,
}
