"""The code in the documentation works: every command line is one, and what can be run is run."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .made import commands
from .pages import PAGES, ROOT, Block, blocks, commands_in

FREELY = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
TUTORIAL = ROOT / "docs" / "tutorial.md"  # in a workspace of its own, see below
NEEDS_SH = pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
every = [block for page in PAGES for block in blocks(page)]


def of(*languages: str) -> pytest.MarkDecorator:
    found = [block for block in every if block.language in languages]
    return pytest.mark.parametrize("block", found, ids=str)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """In which ``cchc`` and ``python3`` are the program under test."""
    folder = tmp_path_factory.mktemp("bin")
    for name, line in (
        ("cchc", '-c "from cchc_analysis.cli import main; main()" "$@"'),
        ("python3", '"$@"'),
    ):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {line}\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


def run(block: Block, folder: Path, environment: dict[str, str]) -> Path:
    """Runs a block of a shell and holds it against what the page says of it; returns the folder
    in which it ends.
    """
    where = Path(environment["PATH"].partition(os.pathsep)[0]) / "where"
    where.write_text(f"{folder}\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", "-eu"], input=f'{block.text}pwd > "{where}"\n', cwd=folder, env=environment,
        capture_output=True, encoding="utf-8",
    )  # fmt: skip
    expected = int(block.marks.get("exits", 0))
    assert done.returncode == expected, f"{block}: {done.stdout}{done.stderr}"
    if block.printed is not None:
        checker = doctest.OutputChecker()
        example = doctest.Example(block.text, block.printed)
        same = checker.check_output(block.printed, done.stdout, FREELY)
        assert same, f"{block}: {checker.output_difference(example, done.stdout, FREELY)}"
    return Path(where.read_text(encoding="utf-8").removesuffix("\n"))


def change(block: Block, folder: Path) -> None:
    """Does to a file what the comment above the block says."""
    if name := block.marks.get("write"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    elif name := block.marks.get("by hand"):
        with (folder / name).open("ab") as file:
            file.write(b"by hand")
    elif name := block.marks.get("edit"):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        for line in filter(None, block.text.splitlines()):
            key = line.partition(" = ")[0]
            text, times = re.subn(rf"(?m)^{re.escape(key)} = .*$", lambda _: line, text)  # noqa: B023
            assert times == 1, f"{block}: {key} is not once in {name}"
        path.write_text(text, encoding="utf-8")


# -- all pages ---------------------------------------------------------------------------------


@of("sh", "bat", "powershell", "ini")
def test_every_command_line_is_one(block: Block) -> None:
    for line in commands_in(block.text):
        while line and line[0] in ("-C", "--workspace"):
            line = line[2:]
        assert line and line[0] in commands(), f"{block}: {line}"
        commands()[line[0]].make_context(line[0], line[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_named_in_a_sentence_exists(page: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
    for name, rest in re.findall(r"`cchc (?:-C \S+ )?([a-z][\w-]*)([^`]*)`", text):
        assert name in commands(), f"{page.name}: cchc {name}"
        known = {opt for param in commands()[name].params for opt in param.opts}
        assert set(re.findall(r"(?<!\S)--?[a-z][\w-]*", rest)) <= known, f"{page.name}: {rest}"


def test_every_block_says_its_language() -> None:
    assert [str(b) for b in every if not b.language and "by hand" not in b.marks] == []


@of("toml")
def test_toml_is_toml(block: Block) -> None:
    tomllib.loads(block.text)


@pytest.fixture(scope="session")
def notebooks(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where people try it: beside the data, in a copy, since a block may write."""
    root = tmp_path_factory.mktemp("tried")
    shutil.copytree(sample_workspace / "data", root / "data")
    (root / "notebooks").mkdir()
    return root / "notebooks"


@of("python")
def test_python_runs(block: Block, notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(notebooks)
    exec(compile(block.text, str(block), "exec"), {})


def shell_pages() -> list[Path]:
    """The pages with something to run, in a copy of the sample's workspace."""
    return [
        page
        for page in PAGES
        if page != TUTORIAL
        and any(b.language == "sh" and "not run" not in b.marks for b in blocks(page))
    ]


@NEEDS_SH
@pytest.mark.parametrize("page", shell_pages(), ids=lambda page: page.name)
def test_commands_run(
    page: Path, sample_workspace: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = tmp_path / "Báo cáo quý 1"
    shutil.copytree(sample_workspace / "data", folder / "data")
    for block in blocks(page):
        change(block, folder)
        if block.language == "sh" and "not run" not in block.marks:
            folder = run(block, folder, environment)


# -- the tutorial --------------------------------------------------------------------------------


@NEEDS_SH
def test_the_tutorial_from_an_empty_folder_to_a_signed_brief(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = tmp_path / "Bộ phận Một cửa – thử"
    folder.mkdir()
    for block in blocks(TUTORIAL):
        change(block, folder)
        if block.language == "sh" and "not run" not in block.marks:
            folder = run(block, folder, environment)
