"""LibreOffice at work on a file, with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def convert(path: Path, to: str, into: Path) -> Path:
    """The file opened, recalculated and written as ``to`` (``pdf``, ``xlsx``) into a folder."""
    office = shutil.which("soffice") or "soffice"
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={(into / 'profile').as_uri()}",
         "--convert-to", to, "--outdir", into, path],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return into / f"{path.stem}.{to}"


def words(pdf: Path) -> str:
    """The words of a PDF in reading order."""
    made = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return made.stdout.decode()
