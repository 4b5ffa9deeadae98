"""Shipped files are found in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from cchc_analysis import shipped


def test_a_checkout_uses_the_repositorys_own_files():
    root = Path(__file__).parents[2]
    assert shipped.path("data", "reference") == root / "data" / "reference"


def test_a_wheel_carries_its_own(tmp_path, monkeypatch):
    (tmp_path / "_shipped").mkdir()
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path)
    carried = tmp_path / "_shipped" / "data" / "reference" / "workdays.toml"
    assert shipped.reference("workdays.toml") == carried


def test_a_workspaces_table_wins(tmp_path):
    own = tmp_path / "data" / "reference" / "workdays.toml"
    own.parent.mkdir(parents=True)
    assert shipped.reference("workdays.toml", tmp_path) != own
    own.write_text("")
    assert shipped.reference("workdays.toml", tmp_path) == own
