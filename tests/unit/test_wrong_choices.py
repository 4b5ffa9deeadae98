"""A parameter with a value that it does not have is called by a Vietnamese noun."""

from __future__ import annotations

import pytest

import cchc_analysis as cchc
from cchc_analysis import office
from cchc_analysis.errors import ParameterError, PeriodError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"audience": "intern"}, "bản báo cáo “intern” (audience). Có phải ý bạn là: internal?"),
        ({"cut": "xyz"}, "cách cắt kỳ “xyz” (cut). Dùng được: calendar, reporting."),
    ],
)
def test_of_a_period(sample: office.Office, options: dict[str, str], said: str) -> None:
    with pytest.raises(ParameterError) as told:
        sample.period("2024-Q1", **options)
    assert str(told.value) == f"Không có {said}"


def test_of_a_figure_a_group_and_a_frame(sample: office.Office) -> None:
    q = sample.period("2024-Q1")
    for call in (lambda: q.result("dossiers.reveived"), lambda: q.by("fields"),
                 lambda: cchc.columns("lates")):  # fmt: skip
        with pytest.raises(ParameterError, match="Có phải ý bạn là"):
            call()


def test_a_period_within_a_sentence(sample: office.Office) -> None:
    with pytest.raises(PeriodError, match="số liệu của quý I năm 2020"):
        sample.period("2020-Q1")
