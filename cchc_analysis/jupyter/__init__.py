"""JupyterLab and what it needs to know of this package.

``lab`` starts it on a workspace. The rest is an extension of Jupyter's server, so that *Save and
Export Notebook As…* gives our formats: the menu asks for ``/nbconvert/cchc-html/…``, and Jupyter's
own address takes no hyphen in the name of a format. A wheel puts the file that switches the
extension on where every Jupyter looks; ``cchc lab`` names its folder itself.
"""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["FORMATS", "TELLS"]

TELLS = "CCHC_LAB"  # set in the environment of the JupyterLab that ``cchc lab`` starts
FORMATS = ("cchc-html", "cchc-pdf")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Has Jupyter's own handler, with all that guards it, answer for ``FORMATS`` too; tells the
    address once the server runs.
    """
    from jupyter_server.base.handlers import path_regex
    from jupyter_server.nbconvert.handlers import NbconvertFileHandler
    from jupyter_server.utils import url_path_join

    address = url_path_join(
        server.web_app.settings["base_url"], rf"/nbconvert/(?P<format>{'|'.join(FORMATS)})"
    )
    server.web_app.add_handlers(".*$", [(address + path_regex, NbconvertFileHandler)])
    if os.environ.get(TELLS):
        server.log.addFilter(lambda record: server.public_url not in record.getMessage())
        server.io_loop.add_callback(_tell, server)


def _tell(server: Any) -> None:
    """The address, in one line of ours in the place of Jupyter's many."""
    from ..words import say

    print(say("cli.lab_runs", address=server.public_url), file=sys.stderr)
