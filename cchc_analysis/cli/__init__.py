"""The ``cchc`` command: reads the arguments and calls the library, nothing else.

What a user can mend is printed in one line with its own exit code (``errors``); what is a fault
of the program is named by its place in the code, without values, for values may be personal
(``CCHC_DEBUG=1`` shows the whole traceback).

What is printed is UTF-8 whatever the system's code page, on a screen as in a redirected log.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import typer

from ..errors import FAULT, CchcError, place
from ..garbage import kept_at_exit
from ..words import say
from . import files, log, making, questions  # noqa: F401 (each adds its commands)
from .options import app
from .usage import command_of, explain

__all__ = ["app", "main"]

USAGE = 2  # as ParameterError
INTERRUPTED = 130  # as every shell has it


def main(arguments: list[str] | None = None) -> None:
    """The entry point: exits with 0, the failure's own code, or ``FAULT``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    kept_at_exit()
    run = log.Run()
    with log.kept(run), _heard() as heard:
        try:
            _run(arguments, run, heard)
        except KeyboardInterrupt:
            typer.echo(say("cli.interrupted"), err=True)
            raise SystemExit(INTERRUPTED) from None


@contextlib.contextmanager
def _heard() -> Iterator[list[int]]:
    """The interrupts of the user: a library that is interrupted may end in any error of its own."""
    heard: list[int] = []
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not ignored
    if not ours or threading.current_thread() is not threading.main_thread():
        yield heard
        return

    def hear(number: int, frame: Any) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _run(arguments: list[str] | None, run: log.Run, heard: list[int]) -> None:
    """Always ends in ``SystemExit``, in ``KeyboardInterrupt``, or in what is to be seen with
    ``CCHC_DEBUG``.
    """
    given = sys.argv[1:] if arguments is None else arguments
    kept = None if "--help" in given else run
    try:
        status = command_of(app)(args=given, prog_name="cchc", standalone_mode=False, obj=kept)
        if heard and status == INTERRUPTED:  # what the parser makes of it
            raise KeyboardInterrupt
        raise SystemExit(status if isinstance(status, int) else 0)
    except CchcError as error:
        if heard:
            raise KeyboardInterrupt from None
        run.error = str(error)
        typer.echo("\n".join(error.lines()), err=True)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:  # the reader of our output had enough
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        if heard:
            raise KeyboardInterrupt from None
        if hasattr(error, "format_message"):  # the parser's own errors, of click or typer
            explain(error, app)
            raise SystemExit(USAGE) from None
        if os.environ.get("CCHC_DEBUG"):
            raise
        run.error = f"{type(error).__name__} {place(error)}"
        typer.echo(say("cli.fault", kind=type(error).__name__, place=place(error)), err=True)
        raise SystemExit(FAULT) from None
