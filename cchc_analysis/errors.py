"""What can go wrong, told to people.

One class per kind of failure, each with its own exit code, so that a script can tell a
misspelt period from a damaged file. A message is one line of Vietnamese from the catalogue
(:mod:`cchc_analysis.words`): what is wrong, where (file, sheet, row, column) and what to do.
It never holds a citizen's data. The command line prints the message and nothing else, and so does
a notebook's cell (``CCHC_DEBUG=1`` shows the rest); only what is not listed here is a fault of the
program and gets a traceback.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "BriefError",
    "CchcError",
    "ColumnsError",
    "DataError",
    "DiffersError",
    "ExtensionError",
    "FileError",
    "InputsError",
    "LeakError",
    "MappingError",
    "NotebookError",
    "ParameterError",
    "PeriodError",
    "PlanError",
    "StoreError",
    "UnitError",
    "WorkspaceError",
]


FAULT = 70  # EX_SOFTWARE: the exit code of a fault of the program


class CchcError(Exception):
    """Any failure that the user can mend; ``str(error)`` is the message shown.

    ``file``, ``row`` and ``column`` say where, as far as that is known. ``errors`` are all that
    were found where a file is read to its end; of most failures that is the one. ``listed`` are
    lines to show below the message: what could have been written instead.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        row: int | None = None,
        column: str = "",
        errors: Sequence[CchcError] = (),
        listed: Sequence[str] = (),
    ) -> None:
        super().__init__(" ".join(message.split()))
        self.file, self.row, self.column = file, row, column
        self._errors, self.listed = tuple(errors), tuple(listed)

    @property
    def errors(self) -> tuple[CchcError, ...]:
        return self._errors or (self,)

    def lines(self) -> list[str]:
        """What people are shown."""
        from .words import say

        return [say("cli.error", message=self), *(f"  {line}" for line in self.listed)]

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in the place of a traceback."""
        if os.environ.get("CCHC_DEBUG"):
            return "".join(traceback.format_exception(self)).splitlines()
        return self.lines()


class ParameterError(CchcError):
    """A parameter is unknown, missing or of the wrong type."""

    exit_code = 2


class WorkspaceError(CchcError):
    """The folder is no workspace, or cannot be written."""

    exit_code = 3


class UnitError(CchcError):
    """The unit does not exist in this workspace, or the file names another one."""

    exit_code = 4


class PeriodError(CchcError):
    """The period cannot be read, has not begun, or holds no data."""

    exit_code = 5


class PlanError(CchcError):
    """A plan file is missing a part or contradicts itself."""

    exit_code = 6


class FileError(CchcError):
    """The file cannot be opened: empty, damaged, protected, in use, not a table."""

    exit_code = 7


class ColumnsError(CchcError):
    """The headers are not those of any table we know; a mapping helps."""

    exit_code = 8


class MappingError(CchcError):
    """The mapping file is wrong."""

    exit_code = 9


class DataError(CchcError):
    """The figures cannot be made from what is in the store."""

    exit_code = 10


class StoreError(CchcError):
    """The store is damaged, or an export is not in it."""

    exit_code = 11


class NotebookError(CchcError):
    """A notebook stopped at a cell."""

    exit_code = 12


class BriefError(CchcError):
    """A document could not be made from the executed notebooks."""

    exit_code = 13


class LeakError(CchcError):
    """Personal data was about to leave the machine."""

    exit_code = 14


class InputsError(CchcError):
    """What a brief was made from is missing or is no longer as it was."""

    exit_code = 15


class DiffersError(CchcError):
    """A brief made again is not the brief that lies there."""

    exit_code = 16


class ExtensionError(CchcError):
    """A file of the office's own, in ``extensions``, cannot be used."""

    exit_code = 17


def place(error: BaseException) -> str:
    """The last line of ours in a traceback: where, but no values, for these may be personal."""
    trace, found = error.__traceback__, "?"
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(Path(__file__).parent):
            found = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
