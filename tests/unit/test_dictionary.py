"""The data dictionary holds every column of every frame, and no other."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import cchc_analysis as cchc
from cchc_analysis import dictionary, explore, office
from cchc_analysis.errors import ParameterError
from cchc_analysis.view import PeriodView

KEYS = ("field", "procedure_code", "channel", "officer")
MADE: dict[str, Callable[[PeriodView], list[pd.DataFrame]]] = {
    "dossiers": lambda q: [q.dossiers],
    "late": lambda q: [q.late],
    "open": lambda q: [q.open],
    "open_overdue": lambda q: [q.open_overdue],
    "steps": lambda q: [q.steps],
    "by": lambda q: [q.by(key) for key in (*KEYS, "month")],
    "on_time": lambda q: [cchc.on_time(q.dossiers, by=key) for key in KEYS],
    "causes": lambda q: [cchc.causes(q, by=key) for key in explore.SLICES],
    "cases": lambda q: [explore.cases(q)],
    "way": lambda q: [explore.steps(q, q.late["code"].iloc[0])],
    "watch": lambda q: [q.outlook.watch],
    "set_aside": lambda q: [q.set_aside],
    "vanished": lambda q: [q.vanished],
}
KINDS = {
    "moment": "M", "day": "M", "count": "iu", "number": "fiu", "share": "f", "flag": "b",
    "text": "OUT",
}  # fmt: skip


@pytest.fixture(scope="module")
def q(sample: office.Office) -> PeriodView:
    return sample.period("2024-Q4", audience="internal")


@pytest.mark.parametrize("name", dictionary.FRAMES)
def test_a_frame_has_the_columns_that_are_described(name: str, q: PeriodView) -> None:
    described = {column.name: column for column in dictionary.columns_of(name)}
    frames = MADE[name](q)
    assert set(described) == {column for frame in frames for column in frame}
    for frame in frames:
        for column in frame:
            kind = getattr(frame[column].dtype, "kind", "O")
            empty = frame[column].isna().all()
            assert empty or kind in KINDS[described[column].type], column


def test_every_entry_has_its_words_and_its_frame() -> None:
    entries = dictionary._all()
    assert len({(e.frame, e.name) for e in entries}) == len(entries)
    for entry in entries:
        assert entry.frame in dictionary.FRAMES and entry.type in dictionary.TYPES, entry
        assert entry.vi.strip() and entry.en.strip() and entry.en.isascii() is not None, entry


def test_asking_for_another_frame_names_the_near_one() -> None:
    assert list(cchc.columns("late")) == ["column", "type", "meaning"]
    with pytest.raises(ParameterError, match="open_overdue"):
        cchc.columns("open_overdu")
    with pytest.raises(ParameterError, match="vi, en"):
        cchc.columns("late", "fr")
