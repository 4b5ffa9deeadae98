"""Why files of the inbox were not taken in, kept for the next look at the workspace.

``cchc ingest`` says it once, and its exit code tells a schedule; ``cchc status`` should not offer
the same file as new for ever after, nor read it again to learn why. So the last reason of each file
is kept in ``refused.json`` beside the exports, under the hash of its content and of the mapping
beside it: a file or a mapping that was mended is new again. It is a convenience: where it cannot be
written or read, nothing is lost but the reason.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from ..atomic import put, sha256
from ..errors import CchcError
from ..sources.mapping import of as mapping_of
from ..store import Store

__all__ = ["key", "reasons", "remember"]

NAME = "refused.json"


def key(path: Path, content: str) -> str:
    """Under what the reason for a file with this ``content`` (a hash) is kept."""
    mapping = mapping_of(path)
    with contextlib.suppress(OSError):
        return f"{content} {sha256(mapping)}" if mapping else content
    return content


def reasons(store: Store) -> dict[str, str]:
    """The reasons kept, by :func:`key`."""
    try:
        kept = json.loads((store.folder / NAME).read_bytes())
        return {str(name): str(reason) for name, reason in kept.items()}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def remember(store: Store, found: Mapping[str, str], *, whole: bool) -> None:
    """Keeps what a run found, by :func:`key`: a reason, "" for a file that is no longer refused.
    ``whole`` forgets all else, as the run looked at the whole inbox.
    """
    before = reasons(store)
    kept = {} if whole else dict(before)
    kept |= found
    kept = {name: reason for name, reason in kept.items() if reason}
    if kept != before:
        with contextlib.suppress(CchcError):
            text = json.dumps(kept, indent=1, sort_keys=True)  # a name may be no text
            put(store.folder / NAME, text.encode("utf-8"))
