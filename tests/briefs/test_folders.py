"""A folder of papers is replaced whole, and keeps what its last run did not write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cchc_analysis import atomic
from cchc_analysis.briefs import folders
from cchc_analysis.errors import BriefError, WorkspaceError


def laid(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def texts(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text("utf-8")
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_what_the_last_run_did_not_write_goes_along(tmp_path: Path) -> None:
    old = laid(tmp_path / "Q1", page="old", gone="old", notes__mine="mine", notes__page="old")
    old.joinpath("run.json").write_text(
        json.dumps({"outputs": {"page": "…", "gone": "…", "notes/page": "…"}})
    )
    new = laid(tmp_path / ".Q1-new", page="new", run_dot_json="{}")
    written = {*folders.outputs_of(old / "run.json"), "run.json"}
    folders.swap(new, old, written)
    assert texts(old) == {"page": "new", "run.json": "{}", "notes/mine": "mine"}
    assert [p.name for p in tmp_path.iterdir()] == ["Q1"]


def test_without_a_run_all_is_kept_and_the_new_file_wins(tmp_path: Path) -> None:
    old = laid(tmp_path / "Q1", page="old", apologies="theirs")
    folders.swap(laid(tmp_path / ".new", page="new"), old, folders.outputs_of(old / "run.json"))
    assert texts(old) == {"page": "new", "apologies": "theirs"}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"outputs": 3}'])
def test_a_damaged_run_file_names_no_outputs(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    assert folders.outputs_of(tmp_path / "run.json") == {}


def test_a_failed_swap_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = laid(tmp_path / "Q1", page="old", note="mine")
    new = laid(tmp_path / ".new", page="new")
    real = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path == new:
            raise PermissionError
        return real(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(BriefError):
        folders.swap(new, old, {"page"})
    assert texts(old) == {"page": "old", "note": "mine"}


def test_put_writes_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a" / "page"
    atomic.put(target, b"one")
    atomic.put(target, b"two")
    assert texts(tmp_path) == {"a/page": "two"}

    def full(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkspaceError):
        atomic.put(target, b"three")
    assert texts(tmp_path) == {"a/page": "two"}
