"""What was run in a workspace, when, and how it ended: a line a command in ``internal/log.jsonl``.

What a command made carries its own record (receipts, ``run.json``); what failed left nothing but
words on a screen that nobody may have watched. A line has ``at, command, seconds, exit_code,
error, version``. The arguments are not kept, for a person may be named in them, and an error's
words never are of a citizen. Commands that change nothing leave no line, and where none can
be written the command goes on.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["CHANGING", "LOG", "Run", "kept", "version"]

LOG = "internal/log.jsonl"
CHANGING = (  # the workspace's store or papers
    "ingest", "withdraw", "cause", "brief", "batch", "report", "consolidate", "apologies",
    "province", "index",
)  # fmt: skip


@dataclass
class Run:
    """One run of the program. ``workspace`` and ``command`` are told once the arguments are read;
    without them there is nothing to keep.
    """

    workspace: Path | None = None
    command: str = ""
    error: str = ""
    began: float = field(default_factory=time.monotonic)
    at: dt.datetime = field(default_factory=dt.datetime.now)

    def line(self, exit_code: int) -> str:
        seconds = round(time.monotonic() - self.began, 1)
        told = {
            "at": self.at.isoformat(timespec="seconds", sep=" "), "command": self.command,
            "seconds": seconds, "exit_code": exit_code, "error": self.error, "version": version(),
        }  # fmt: skip
        return json.dumps(told, ensure_ascii=False) + "\n"


@contextlib.contextmanager
def kept(run: Run) -> Iterator[None]:
    """Adds the line of ``run`` when the block ends, by whatever ``SystemExit``."""
    try:
        yield
    except SystemExit as stopped:
        _add(run, stopped.code if isinstance(stopped.code, int) else 0)
        raise


def _add(run: Run, exit_code: int) -> None:
    if run.workspace is None or not (run.workspace / "data" / "plans").is_dir():
        return
    path = run.workspace / LOG
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(run.line(exit_code))


def version() -> str:
    """Of this package, as installed; empty where it is not."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("cchc-analysis")
    except PackageNotFoundError:
        return ""
