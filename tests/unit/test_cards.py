"""What a card says of its target."""

from __future__ import annotations

from cchc_analysis import office, sections


def test_all_of_them_is_not_at_least_all(sample: office.Office) -> None:
    ids = ("dossiers.on_time_rate", "dossiers.digitised_result_rate")
    shown = str(sections.cards(sample.period("2024-Q1"), ids).data)
    assert "Chỉ tiêu kế hoạch: ≥ 99,9%" in shown
    assert "Chỉ tiêu kế hoạch: 100%" in shown
