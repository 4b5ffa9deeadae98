"""Dossiers by the million: deterministic, continuable, in the store's columns."""

from __future__ import annotations

import pandas as pd

from cchc_analysis.workspace.sample import make_frame


def test_the_frame_is_the_same_for_a_seed_and_goes_on_where_it_ended() -> None:
    first = make_frame(2000, seed=7, units=20)
    pd.testing.assert_frame_equal(first, make_frame(2000, seed=7, units=20))
    more = make_frame(2000, seed=7, units=20, start=2000)
    assert pd.concat([first, more])["code"].is_unique


def test_the_frame_looks_like_an_office() -> None:
    frame = make_frame(50_000, seed=1, units=3, quarters=4)
    ended = frame[frame["status"].isin(["resolved", "handed_over"])]
    late = ended["finished_at"].dt.normalize() > ended["due_at"].dt.normalize()
    assert 0.004 < late.mean() < 0.008
    assert (ended["finished_at"] >= ended["received_at"]).all()
    assert frame["received_at"].dt.year.unique().tolist() == [2023]
    assert frame.loc[frame["status"] == "processing", "finished_at"].isna().all()
    stamp = frame["code"].str.slice(14, 20)
    assert (stamp == frame["received_at"].dt.strftime("%y%m%d")).all()
    assert frame["received_at"].dtype == "datetime64[us]" and frame["unit"].nunique() == 3
