"""The brief's documents for ``jupyter nbconvert`` and JupyterLab's *Save and Export*.

Registered as ``cchc-html`` and ``cchc-pdf``. They stand apart from the renderers, because
importing nbconvert takes longer than rendering a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbconvert.exporters import Exporter

from . import html, pdf
from .document import blocks

if TYPE_CHECKING:
    import nbformat

__all__ = ["CchcHTMLExporter", "CchcPDFExporter"]


class CchcHTMLExporter(Exporter):
    """One offline HTML file in the brief's layout."""

    export_from_notebook = "CCHC HTML"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: nbformat.NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return html.render([nb]), resources


class CchcPDFExporter(Exporter):
    """A notebook as PDF/UA-1 in the brief's layout."""

    export_from_notebook = "CCHC PDF"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: nbformat.NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, Any]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = ".pdf"
        return pdf.render(blocks([nb])), resources
