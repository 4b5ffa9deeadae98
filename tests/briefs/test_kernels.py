"""Notebooks in kernels forked from one process: nothing is shared, nothing lost, nothing left."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import DeadKernelError

from cchc_analysis import handover
from cchc_analysis.briefs import notebook as running
from cchc_analysis.briefs.kernels import Nursery
from cchc_analysis.errors import NotebookError

pytestmark = pytest.mark.skipif(not Nursery.works, reason="kernels are forked on Linux only")


def notebook(folder: Path, name: str, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    path = folder / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def texts(executed: Any) -> list[str]:
    return [
        out["text"].strip()
        for cell in executed.cells
        for out in cell.outputs
        if out.output_type == "stream"
    ]


def test_what_one_notebook_does_no_other_sees(tmp_path: Path) -> None:
    spoil = notebook(
        tmp_path, "spoil", "import os, textwrap as t; t.dedent = None; os.environ['CCHC_X'] = '1'",
        "open('here.txt', 'w').write('x'); x = 1; print(os.getcwd())",
    )  # fmt: skip
    look = notebook(
        tmp_path, "look", "import os, textwrap as t; print(t.dedent('1'), os.getenv('CCHC_X'))",
        "print('x' in globals(), os.getpid())",
    )  # fmt: skip
    with Nursery() as nursery:
        for n in range(2):
            first = running.execute(spoil, tmp_path / "a.ipynb", {}, cwd=tmp_path, nursery=nursery)
            second = running.execute(look, tmp_path / "b.ipynb", {}, cwd=tmp_path, nursery=nursery)
            assert texts(first) == [str(tmp_path)]
            seen = texts(second)
            assert seen[0] == "1 None" and seen[1].startswith("False ")
            pid = int(seen[1].split()[1])
            until = time.monotonic() + 10
            while alive(pid) and time.monotonic() < until:
                time.sleep(0.05)
            assert not alive(pid), n
    assert (tmp_path / "here.txt").exists() and Path.cwd() != tmp_path


def test_what_is_held_for_all_each_kernel_has_for_itself(tmp_path: Path) -> None:
    left = tmp_path / handover.FILE
    left.write_bytes(pickle.dumps([1]))
    change = notebook(
        tmp_path, "change", "from pathlib import Path\nfrom cchc_analysis import handover",
        "held = handover._held[Path.cwd()]; held.append(2); print(held)",
    )  # fmt: skip
    with Nursery() as nursery:
        nursery.hold(tmp_path)
        left.unlink()  # it is in memory
        for name in ("a", "b"):
            made = running.execute(
                change, tmp_path / f"{name}.ipynb", {}, cwd=tmp_path, nursery=nursery
            )
            assert texts(made) == ["[1, 2]"]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_several_at_once_keep_every_figure(tmp_path: Path) -> None:
    draw = notebook(
        tmp_path, "draw",
        "from matplotlib.figure import Figure\nfrom cchc_analysis.briefs import blocks",
        *["f = Figure(); f.add_subplot().plot([1, 2])\n"
          f"blocks.figure(f, id='f{n}', caption='c', alt='a')" for n in range(3)],
        "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
    )  # fmt: skip
    with Nursery() as nursery, ThreadPoolExecutor(3) as pool:
        made = list(
            pool.map(
                lambda n: running.execute(
                    draw, tmp_path / f"{n}.ipynb", {}, cwd=tmp_path, nursery=nursery
                ),
                range(3),
            )
        )
    for executed in made:
        shown = [out for cell in executed.cells for out in cell.outputs if "data" in out]
        assert sum("<svg" in str(out["data"].get("text/html")) for out in shown) == 3
        assert sum("image/png" in out["data"] for out in shown) == 1  # of pyplot, too


def test_a_kernel_that_dies_is_an_error_and_the_next_one_starts(tmp_path: Path) -> None:
    dies = notebook(tmp_path, "dies", "import os; os._exit(3)")
    fine = notebook(tmp_path, "fine", "print('fine')")
    with Nursery() as nursery:
        with pytest.raises(NotebookError):
            running.execute(dies, tmp_path / "a.ipynb", {}, cwd=tmp_path, nursery=nursery)
        made = running.execute(fine, tmp_path / "b.ipynb", {}, cwd=tmp_path, nursery=nursery)
    assert texts(made) == ["fine"]


def test_a_dead_nursery_is_an_error_and_no_hang(tmp_path: Path) -> None:
    fine = notebook(tmp_path, "fine", "print('fine')")
    with Nursery() as nursery:
        os.kill(nursery._pid, signal.SIGKILL)
        with pytest.raises(NotebookError):
            running.execute(fine, tmp_path / "a.ipynb", {}, cwd=tmp_path, nursery=nursery)


def test_a_kernel_that_does_not_start_is_tried_again_and_one_that_dies_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, whole = notebook(tmp_path, "look", "print(1)"), running._papermill
    tried: list[type[Exception]] = []
    failures: list[type[Exception]] = []

    def papermill(*args: Any) -> None:
        if failures:
            tried.append(failures.pop(0))
            raise tried[-1]("x")
        whole(*args)

    monkeypatch.setattr(running, "_papermill", papermill)
    with Nursery() as nursery:

        def execute() -> Any:
            return running.execute(look, tmp_path / "a.ipynb", {}, cwd=tmp_path, nursery=nursery)

        failures[:] = [RuntimeError, TimeoutError]
        assert texts(execute()) == ["1"] and len(tried) == 2
        failures[:] = [RuntimeError] * 9
        with pytest.raises(NotebookError):
            execute()
        assert len(tried) == 2 + running.STARTS
        failures[:] = [DeadKernelError, RuntimeError]
        with pytest.raises(NotebookError):
            execute()
        assert failures == [RuntimeError]


def test_a_cell_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CELL_SECONDS", 1)
    slow = notebook(tmp_path, "slow", "import time; time.sleep(60)")
    began = time.monotonic()
    with Nursery() as nursery, pytest.raises(NotebookError, match="slow"):
        running.execute(slow, tmp_path / "a.ipynb", {}, cwd=tmp_path, nursery=nursery)
    assert time.monotonic() - began < 30


def test_nobody_goes_on_for_one_that_was_killed(tmp_path: Path) -> None:
    """A batch that is killed takes its nursery, its kernels and all else along."""
    program = """
import json, os, signal, sys, time
from pathlib import Path
from cchc_analysis.briefs.kernels import Nursery
with Nursery() as outer:
    argv = ["-f", str(Path("connection.json").resolve())]
    kernel = outer.kernel(argv, Path.cwd(), os.environ)
    print(json.dumps([outer._pid, kernel.pid]), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True)
    pids = json.loads(done.stdout)
    assert done.returncode == -9 and len(pids) == 2
    until = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, pids))
