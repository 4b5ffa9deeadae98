"""A layer between the project and the disk that breaks at a chosen write.

``cut(root, work, at)`` runs ``work`` in a forked process in which every operation that changes
something below ``root`` is a point: opening a file to write, within what is written, a
rename, a folder made, a file removed. At the point ``at`` the process dies as by ``kill -9``, or
from there on the disk is full. Without ``at`` the points are only counted.
"""

from __future__ import annotations

import errno
import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc_analysis import store

KILLED = 9
PIECES = 5  # a write is cut off between any two of them
EVENTS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "shutil.copyfile")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Outcome:
    """How the process ended: killed, or what it returned or raised, and the points passed."""

    killed: bool
    result: Any = None
    error: BaseException | None = None
    points: int = 0


class _Layer:
    def __init__(self, root: Path, at: int | None, full: bool) -> None:
        self.root = str(root)
        self.at = at
        self.full = full
        self.points = 0

    def point(self, *, frees: bool = False) -> None:
        self.points += 1
        if self.at is None or self.points < self.at:
            return
        if not self.full:
            os._exit(KILLED)
        if not frees:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, str) or not int(flags or 0) & WRITING:
                return
        elif event in EVENTS:
            path = arguments[-1] if event == "shutil.copyfile" else arguments[0]
        else:
            return
        if str(path).startswith(self.root):
            self.point(frees=event in ("os.remove", "os.rmdir"))

    def install(self) -> None:
        """For the rest of this process: an audit hook cannot be taken off."""
        layer = self

        def write_bytes(path: Path, data: bytes) -> int:
            with path.open("wb") as file:
                for n in range(PIECES):
                    if n:
                        file.flush()
                        layer.point()
                    file.write(data[n * len(data) // PIECES : (n + 1) * len(data) // PIECES])
            return len(data)

        def write_text(path: Path, text: str, encoding: str | None = None, **_: Any) -> int:
            return write_bytes(path, text.encode(encoding or "utf-8"))

        whole = store._write_parquet

        def write_parquet(frame: Any, path: Path) -> None:
            whole(frame, path)
            data = path.read_bytes()
            write_bytes(path, data)

        Path.write_bytes = write_bytes  # type: ignore[method-assign,assignment]
        Path.write_text = write_text  # type: ignore[method-assign,assignment]
        store._write_parquet = write_parquet
        sys.addaudithook(self.hook)


def cut(
    root: Path, work: Callable[[], Any], at: int | None = None, *, full: bool = False
) -> Outcome:
    """Runs ``work`` in a process of its own that breaks at the point ``at``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            layer = _Layer(root, at, full)
            layer.install()
            outcome = Outcome(False)
            try:
                outcome.result = work()
            except BaseException as error:
                outcome.error = error
            outcome.points = layer.points
            try:
                content = pickle.dumps(outcome)
            except Exception:
                content = pickle.dumps(
                    Outcome(False, error=RuntimeError(repr(outcome.error)), points=layer.points)
                )
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(content)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == KILLED:
        return Outcome(True)
    return pickle.loads(content)
