"""The process that others are born from: it imports once what every brief needs, then forks.

A kernel of its own spends most of a short notebook's time on imports. Here each kernel is a fork
of one process that has them already, and starts in a tenth of a second. Nothing is shared after
the fork: what a notebook does to a module, no other one sees. In a batch the makers of briefs are
born likewise, and what a brief took of memory is given back when its maker ends. Linux only;
elsewhere processes are started as usual.

Run by ``kernels.Nursery``: one order a line on standard input (JSON: ``argv`` of a kernel or the
``job`` of a maker, ``cwd``, ``env``; or the folder of what is to be ``held`` for all kernels), one
answer a line (``pid``); the end of input ends it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from .. import handover

IMPORTS = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completer",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic",
    "tornado.platform.asyncio", "psutil", "zmq.utils.garbage",
    "pandas", "pandas.core.methods.to_dict", "duckdb", "narwhals", "narwhals._duckdb.namespace",
    "narwhals._duckdb.group_by", "narwhals._pandas_like.dataframe",
    "scipy.stats", "scipy.optimize", "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg", "babel.numbers", "holidays.countries",
    "cchc_analysis.sections", "cchc_analysis.office", "cchc_analysis.engine",
    "cchc_analysis.workdays", "cchc_analysis.questionnaire", "cchc_analysis.themes",
    "cchc_analysis.groups", "cchc_analysis.indicators.own",
    "cchc_analysis.indicators.quality_formulas", "cchc_analysis.stats.scale",
    "cchc_analysis.signals.dates", "cchc_analysis.signals.heaps", "cchc_analysis.signals.numbers",
    "cchc_analysis.signals.pauses", "cchc_analysis.causes.holders",
    "cchc_analysis.causes.picture", "cchc_analysis.causes.outlook",
    "cchc_analysis.figures.lateness", "cchc_analysis.figures.months",
    "cchc_analysis.figures.outside", "cchc_analysis.figures.progress",
    "cchc_analysis.figures.survey", "cchc_analysis.figures.timeline", "cchc_analysis.briefs.html",
)  # fmt: skip
OF_MAKERS = (
    "papermill", "jupyter_client", "mistune", "python_calamine", "pypdfium2", "typst",
    "cchc_analysis.briefs.run", "cchc_analysis.briefs.docx", "cchc_analysis.briefs.xlsx",
    "cchc_analysis.briefs.pdf", "cchc_analysis.briefs.annex", "cchc_analysis.workspace.raw_files",
)  # fmt: skip
INLINE = "module://matplotlib_inline.backend_inline"
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def main(with_makers: bool) -> None:
    """Imports, then serves until the end of input."""
    os.environ.setdefault("MPLBACKEND", INLINE)  # matplotlib asks once, when it is imported
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # else ipykernel's debugger warns
    if with_makers:
        import_module("cchc_analysis.briefs.notebook").quick_nbformat()
    for name in (*IMPORTS, *(OF_MAKERS if with_makers else ())):
        try:
            import_module(name)
        except ImportError:  # inner modules of others move; who needs one says so
            if name.startswith("cchc_analysis"):
                raise
    _rehearse()
    gc.collect()
    gc.freeze()  # what was imported stays; a child need not look through it time and again
    serve(sys.stdin, sys.stdout)


def _rehearse() -> None:
    """What all need is there before the fork: a small picture shown finds the fonts, compiles the
    templates and reads the words; the dictionary of free text is a tree of thousands of phrases.
    """
    from matplotlib.figure import Figure

    from ..themes import Themes
    from ..words import number
    from . import blocks

    drawn = Figure()
    drawn.subplots().set_title(number(1))
    blocks.figure(drawn, id="rehearsal", caption="", alt="")._repr_mimebundle_()
    Themes.of()


def serve(orders: TextIO, answers: TextIO) -> None:
    """Forks for each order; returns at the end of ``orders``."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ended are not waited for
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in orders:
        order = json.loads(line)
        if "held" in order:
            handover.hold(Path(order["held"]))
            pid = os.getpid()
        else:
            pid = os.fork()
            if not pid:
                _become(order)
        print(json.dumps({"pid": pid}), file=answers, flush=True)


def die_with_parent() -> None:
    """So that nobody goes on working for one that was killed."""
    ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGKILL)


def _become(order: dict[str, Any]) -> None:
    """A kernel or a maker. Never returns."""
    status = 1
    try:
        os.setsid()
        die_with_parent()
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        if "job" in order:
            from .maker import work

            work(order["job"])
        else:
            sys.argv = ["ipykernel_launcher", *order["argv"]]
            if sys.path[0] != "":
                sys.path.insert(0, "")
            from ipykernel.kernelapp import launch_new_instance

            launch_new_instance()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main("--makers" in sys.argv)
