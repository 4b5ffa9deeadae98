"""``python -m tests.docs [--write]``: are the pages as the program makes them?"""

from __future__ import annotations

import sys

from .made import made
from .pages import PAGES, ROOT, rendered

write = sys.argv[1:] == ["--write"]
old = []
for page in PAGES:
    text = page.read_text(encoding="utf-8")
    now = rendered(text, made)
    if now != text:
        old.append(page)
        if write:
            page.write_text(now, encoding="utf-8", newline="\n")
        print("written:" if write else "behind:", page.relative_to(ROOT).as_posix())
raise SystemExit(1 if old and not write else 0)
