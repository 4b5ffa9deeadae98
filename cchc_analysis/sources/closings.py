"""Lines below a register that are no rows of it: subtotals and signatures.

Both have as many cells as a row may have, and neither is a dossier that somebody forgot to number:
a subtotal is a word for one and figures, and a line of signatures words for who signs, no figure
anywhere. What is signed there are names, which are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from .vocabulary import closing_words, plain

__all__ = ["closing"]

Cell = Any
Closing = Literal["total", "signature"]


def closing(cells: Sequence[Cell], signed: bool) -> Closing | None:
    """What a line is that has neither code nor day; ``signed``: the one before had signatures.

    >>> closing(["Cộng lĩnh vực Hộ tịch", 20.0, 19.0], False), closing(["Công nhận", "An"], False)
    ('total', None)
    >>> closing(["NGƯỜI LẬP BIỂU", "CHỦ TỊCH"], False), closing(["An", "Bình"], True)
    ('signature', 'signature')
    """
    worded = [plain(cell) for cell in cells if not _is_figure(cell)]
    if len(worded) == 1 < len(cells) and _begins(worded[0], "total"):
        return "total"
    if any(any(map(str.isdigit, str(cell))) for cell in cells):
        return None
    signs = sum(_begins(cell, "signature") or cell in closing_words("signed") for cell in worded)
    return "signature" if signed or (worded and 2 * signs >= len(worded)) else None


def _is_figure(cell: Cell) -> bool:
    return not isinstance(cell, str) or not any(map(str.isalpha, cell))


def _begins(key: str, kind: str) -> bool:
    return any(f"{key} ".startswith(f"{word} ") for word in closing_words(kind))
