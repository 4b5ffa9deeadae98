"""One messy file in, tidy rows out, or which rows were set aside and why.

The room's work in the order in which a file goes through it: ``sheets`` (what the file is, its
grids of cells; ``encodings`` and ``markup`` help), ``headers`` (where the header is, which rows
are rows), ``columns`` (which header is which field; ``mapping`` for what we do not know),
``values`` and ``vocabulary`` (what a cell says; ``convert`` for whole columns), ``rows``,
``survey`` and ``rules`` (the rows of a sheet, and which of them cannot be used), ``titles`` (what
is written around the table), ``intake`` (the whole), ``receipt`` (what comes of it),
``strangers`` (what to do about files we do not know). ``tables`` has the schemas. Personal data
stops here.
"""

from __future__ import annotations

from .intake import read
from .mapping import Mapping
from .receipt import Intake, Receipt, SetAside
from .strangers import starter_mapping
from .tables import TABLES, Table

__all__ = ["TABLES", "Intake", "Mapping", "Receipt", "SetAside", "Table", "read", "starter_mapping"]
