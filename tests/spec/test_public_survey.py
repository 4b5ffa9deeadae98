"""A stranger's survey, read by a questionnaire file alone: reliabilities equal the published ones.

2800 respondents, 25 items on six points, seven of them keyed in reverse, ``NA`` for no answer;
see ``tests/data/bfi/README.md``.
"""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cchc_analysis.questionnaire import Questionnaire, load, scored

from ..sheets import take

BFI = Path(__file__).parents[1] / "data" / "bfi"
PUBLISHED = {
    "Agreeableness": "0.70", "Conscientiousness": "0.72", "Extraversion": "0.76",
    "Neuroticism": "0.81", "Openness": "0.60",
}  # fmt: skip
REVERSED = {"A1", "C4", "C5", "E1", "E2", "O2", "O5"}


def questionnaire(folder: Path, *, turned: bool = True) -> Questionnaire:
    own = folder / "data" / "plans" / "stranger" / "questionnaire.csv"
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(BFI / "questionnaire.csv", own)
    if not turned:
        own.write_text(own.read_text(encoding="utf-8").replace(",yes,", ",no,"), encoding="utf-8")
    found = load(folder, "stranger")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("bfi")
    path = folder / "export.csv"
    path.write_bytes(gzip.decompress((BFI / "bfi.csv.gz").read_bytes()))
    asked = questionnaire(folder)
    intake = take(path, questionnaire=asked, exported_at=dt.datetime(2010, 6, 30))
    assert intake.table == "survey"
    assert (intake.receipt.accepted, intake.receipt.set_aside) == (2800, 0)
    assert not [note for note in intake.receipt.notes if "[values." in note]
    return intake.frame


def wide(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.pivot(index="respondent", columns="item", values="score")


def alpha(scores: pd.DataFrame) -> float:
    """Cronbach's, from the covariances of the items."""
    covariance = np.cov(scores.to_numpy(float), rowvar=False)
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


def rest_correlations(scores: pd.DataFrame) -> pd.Series:
    """Each item with the sum of the others."""
    total = scores.sum(axis=1)
    return pd.Series({item: scores[item].corr(total - scores[item]) for item in scores})


def test_everyone_is_one_respondent(taken: pd.DataFrame) -> None:
    assert taken["respondent"].nunique() == 2800
    assert len(taken) == 2800 * 25
    assert set(taken["answered_at"]) == {pd.Timestamp(2010, 6, 30)}


def test_alphas_equal_the_published_ones(tmp_path: Path, taken: pd.DataFrame) -> None:
    result = scored(taken, questionnaire(tmp_path))
    assert result["score"].between(1, 6).sum() == result["valid"].sum() == 2800 * 25 - 508
    assert result["dont_know"].sum() == 508  # every NA is said to be one
    for factor, published in PUBLISHED.items():
        scores = wide(result[result["factor"] == factor])
        assert f"{alpha(scores.fillna(scores.median())):.2f}" == published


def test_an_item_that_is_not_turned_can_be_found(tmp_path: Path, taken: pd.DataFrame) -> None:
    right = scored(taken, questionnaire(tmp_path))
    wrong = scored(taken, questionnaire(tmp_path, turned=False))
    for factor in PUBLISHED:
        turned = rest_correlations(wide(right[right["factor"] == factor]).dropna())
        assert (turned > 0.1).all()
    first = rest_correlations(wide(wrong[wrong["factor"] == "Agreeableness"]).dropna())
    assert first[first < 0].index.tolist() == ["A1"]
    untouched = wide(right)[sorted(set(right["item"]) - REVERSED)]
    pd.testing.assert_frame_equal(untouched, wide(wrong)[untouched.columns])
