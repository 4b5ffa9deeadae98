"""The process that kernels are born from: it imports once what every notebook needs, then forks.

A kernel of its own spends most of a short notebook's time on imports. Here each kernel is a fork
of one process that has them already, and starts in a tenth of a second. Nothing is shared after
the fork: what a notebook does to a module, no other one sees. Linux only; elsewhere kernels are
started as usual. Run by ``kernels.Nursery``: one order a line on standard input (JSON: ``argv``
of the kernel, ``cwd``, ``env``), one answer a line (``pid``); the end of input ends it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from typing import Any

IMPORTS = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "pandas", "duckdb",
    "scipy.stats", "scipy.optimize", "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg", "babel.numbers", "holidays", "narwhals",
    "cchc_analysis.sections", "cchc_analysis.office", "cchc_analysis.engine",
    "cchc_analysis.causes.picture", "cchc_analysis.causes.outlook",
    "cchc_analysis.figures.lateness", "cchc_analysis.figures.months", "cchc_analysis.briefs.html",
)  # fmt: skip


INLINE = "module://matplotlib_inline.backend_inline"


def main() -> None:
    os.environ.setdefault("MPLBACKEND", INLINE)  # matplotlib asks once, when it is imported
    for name in IMPORTS:
        import_module(name)
    from ..words import label, number

    number(1), label("word.yes")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are not waited for
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _become_kernel(order)
        print(json.dumps({"pid": pid}), flush=True)


def _become_kernel(order: dict[str, Any]) -> None:
    """Never returns."""
    status = 1
    try:
        os.setsid()
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        sys.argv = ["ipykernel_launcher", *order["argv"]]
        if sys.path[0] != "":
            sys.path.insert(0, "")
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
