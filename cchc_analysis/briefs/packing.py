"""Office files whose bytes depend on their content alone."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

__all__ = ["fixed_zip"]


def fixed_zip(content: bytes, day: dt.date) -> bytes:
    """The same archive with every member dated ``day``, in the order it had."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            info = zipfile.ZipInfo(member.filename, date_time=stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(member.filename))
    return out.getvalue()
