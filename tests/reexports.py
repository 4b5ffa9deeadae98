"""A quarter's register exported again with six things changed, each of another kind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from .spec.test_perturbations import CHANNEL, DUE, FINISHED, STATUS, data_rows

CODE, LAST_COLUMN = 2, 24

Change = tuple[str, str | None]


def export_again(source: Path, target: Path, exported: str) -> dict[str, Change]:
    """Writes ``source`` with six edits and the export moment ``exported`` (``dd/mm/yyyy HH:MM``);
    returns the change and the column of each code that was touched.
    """
    book = load_workbook(source)
    sheet: Any = book.active
    place = next(
        cell for row in sheet.iter_rows(max_row=8) for cell in row if "Ngày xuất" in str(cell.value)
    )
    place.value = f"Ngày xuất: {exported}"
    rows = data_rows(sheet)
    late = [
        n for n in rows if sheet.cell(n, FINISHED).value.date() > sheet.cell(n, DUE).value.date()
    ]
    early = [n for n in rows if n not in late]
    done: dict[str, Change] = {}

    def code(n: int) -> str:
        return str(sheet.cell(n, CODE).value).strip().upper()

    def edit(n: int, column: int, value: Any, change: str, field: str | None) -> None:
        sheet.cell(n, column).value = value
        done[code(n)] = (change, field)

    put_off = sheet.cell(late[0], DUE).value + dt.timedelta(days=30)
    edit(late[0], DUE, put_off, "due_moved", "due_at")
    edit(late[1], FINISHED, sheet.cell(late[1], DUE).value, "finish_moved", "finished_at")
    edit(early[40], STATUS, "Công dân yêu cầu rút hồ sơ", "status_turned", "status")
    online = sheet.cell(early[50], CHANNEL).value == "Trực tuyến"
    other = "Trực tiếp" if online else "Trực tuyến"
    edit(early[50], CHANNEL, other, "value_changed", "channel")
    # The third late dossier gives its place to one that nobody has seen.
    done[code(late[2])] = ("vanished", None)
    for column in range(1, LAST_COLUMN + 1):
        sheet.cell(late[2], column).value = sheet.cell(early[60], column).value
    edit(late[2], CODE, code(early[60])[:-4] + "9999", "appeared", None)
    book.save(target)
    return done
