"""Rounds of Python's garbage collector that find nothing and cost much.

A brief takes a tenth less time without them: what it makes is kept until it is done.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["kept_at_exit", "no_rounds"]


@contextmanager
def no_rounds() -> Iterator[None]:
    """While it lasts, cycles of objects are not looked for."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def kept_at_exit() -> None:
    """A process that ends need not look for cycles in what goes with it."""
    atexit.register(gc.freeze)
