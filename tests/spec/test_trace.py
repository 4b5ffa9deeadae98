"""Every figure of a brief is traced to rows that reproduce it, added up here once more by hand."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest

from cchc_analysis.errors import ParameterError
from cchc_analysis.office import Office
from cchc_analysis.trace import Trace, trace


def whole(found: Trace, q: Any) -> float:
    """The value by the rule's words, from ``above`` and ``below`` alone."""
    above, below = defaultdict(Fraction), defaultdict(Fraction)
    for row in found.rows.to_dict("records"):
        above[row.get("part")] += Fraction(row["above"])
        below[row.get("part")] += Fraction(row["below"])
    up, down = sum(above.values()), sum(below.values())
    if found.rule == "count":
        return float(up)
    if found.rule == "share":
        return float(up / down)
    if found.rule == "mean":
        return float(sum(above[part] / below[part] for part in above) / len(above))
    if found.rule == "points":
        by = {s.indicator.id: s.indicator for s in q.service_quality.scored}
        return float(
            sum(by[p].points * min(Fraction(1), above[p] / below[p] / by[p].full_at) for p in above)
        )
    allowed = math.floor(down * (1 - Fraction(q.target.value)))
    return allowed if found.rule == "allowance" else max(0, up - allowed)


@pytest.mark.parametrize(("period", "cut"), [
    ("2024-Q4", "calendar"), ("2024-Q3", "reporting"), ("2023-Q3", "calendar"),
])  # fmt: skip
def test_every_figure_follows_from_its_rows(sample: Office, period: str, cut: str) -> None:
    q = sample.period(period, cut=cut, audience="internal")
    traced = 0
    for result in q.results:
        found = trace(q, result.id)
        assert found.reproduces, result.id
        if result.value is None:
            assert result.status != "ok"
            continue
        traced += 1
        assert whole(found, q) == pytest.approx(result.value, rel=1e-12), result.id
        if result.numerator is not None and found.rule in ("count", "share"):
            assert sum(found.rows["above"]) == result.numerator, result.id
        if result.denominator is not None and found.rule == "share":
            assert sum(found.rows["below"]) == result.denominator, result.id
        assert found.rows["file"].astype(str).str.len().gt(0).all(), result.id
        twice = found.rows.duplicated([n for n in ("file", "sheet", "row", "part", "item", "due_on")
                                       if n in found.rows])  # fmt: skip
        assert not twice[found.rows["row"].notna()].any(), result.id
    assert traced > 40


def test_a_misspelt_figure_names_the_near_one(sample: Office) -> None:
    with pytest.raises(ParameterError, match=r"dossiers\.resolved_late"):
        trace(sample.period("2024-Q3", audience="internal"), "dossiers.resolved_lat")
