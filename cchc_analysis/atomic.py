"""A file is whole or not there, and two processes do not write the same place at once.

What is written goes into a hidden file in the same folder and is renamed over the old one, so that
a run that is cut off, or a full disk, leaves the old file as it was. Where two runs at once could
undo each other's work – the store, the papers of a unit, the ledger of what has been published –
the later one waits. The lock is the operating system's: it goes with the process that holds it,
however that ends.

Windows refuses to rename what another program has open. A virus scanner lets go after a moment, so
a rename is tried for two seconds (:func:`patiently`); Word does not, and the user is told.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import BriefError, WorkspaceError
from .words import has_message, say

__all__ = [
    "beside", "cannot_write", "is_reserved", "left_over", "locked", "patiently", "put", "remove",
    "sha256", "sweep", "written",
]  # fmt: skip


PATIENCE = 2.0 if os.name == "nt" else 0.0  # seconds
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def is_reserved(name: str) -> bool:
    """Whether Windows keeps this name of a file or folder for a device.

    >>> is_reserved("con"), is_reserved("LPT1.docx"), is_reserved("con-cuong")
    (True, True, False)
    """
    return _RESERVED.match(name) is not None


def patiently(rename: Callable[[], object]) -> None:
    """Does ``rename``; again for ``PATIENCE`` while another program holds what is renamed.

    Raises ``PermissionError`` where it does not let go.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            rename()
            return
        except PermissionError:
            if time.monotonic() >= until:
                raise
        time.sleep(0.1)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(path: Path) -> Path:
    """A hidden name in the same place, not yet taken."""
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}")


def left_over(path: Path) -> list[Path]:
    """What stands under a name that :func:`beside` gives for ``path``; for a folder that is being
    replaced, its old self (``….old``) last.
    """
    ours = re.compile(rf"\.{re.escape(path.name)}-[0-9a-f]{{8}}(\.old)?")
    found = path.parent.iterdir() if path.parent.is_dir() else ()
    return sorted((p for p in found if ours.fullmatch(p.name)), key=lambda p: (p.suffix, p.name))


def sweep(folder: Path) -> None:
    """Removes the half-written files that runs which were cut off left in ``folder``."""
    ours = re.compile(r"\..+-[0-9a-f]{8}")
    for path in folder.iterdir() if folder.is_dir() else ():
        if ours.fullmatch(path.name) and path.is_file():
            with contextlib.suppress(OSError):
                path.unlink()


def cannot_write(folder: Path, error: OSError | None = None) -> WorkspaceError:
    """The error for what cannot be written in ``folder``: which file, and the system's reason."""
    number, file = getattr(error, "errno", None), getattr(error, "filename", None)
    if isinstance(error, shutil.Error):  # of a whole tree: (from, to, the reason as a text) each
        _, file, reason = error.args[0][0]
        number = int(found[1]) if (found := re.search(r"Errno (\d+)", str(reason))) else None
    said = _reason(number)
    name = folder.resolve().name
    if isinstance(file, str | os.PathLike) and Path(file).name not in ("", name):
        return WorkspaceError(
            say("store.cannot_write_file", file=_shown(file), folder=name, reason=said)
        )
    return WorkspaceError(say("store.cannot_write", folder=name, reason=said))


def _reason(number: int | None) -> str:
    """The system's reason in Vietnamese, for the rarer ones in its own words."""
    key = f"store.reason_{errno.errorcode.get(number or 0, '')}"
    if has_message(key):
        return say(key)
    return say("store.reason", words=os.strerror(number)) if number else say("store.reason_unknown")


def _shown(file: str | os.PathLike[str]) -> str:
    """The name of a file as people know it, without what :func:`beside` adds."""
    name = Path(file).name
    found = re.fullmatch(r"\.(.+)-[0-9a-f]{8}(?:\.old)?", name)
    return found[1] if found else name


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A file to write, put in the place of ``target`` when all went well.

    Raises :class:`WorkspaceError` where the folder cannot be written, :class:`BriefError` where
    the old file is in use.
    """
    part = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        _remove(part)
        raise cannot_write(target.parent, error) from None
    except BaseException:
        _remove(part)
        raise
    try:
        patiently(lambda: part.replace(target))
    except OSError as error:
        _remove(part)
        if not isinstance(error, PermissionError):
            raise cannot_write(target.parent, error) from None
        raise BriefError(say("run.file_in_use", file=target.name)) from None


def put(path: Path, content: bytes) -> None:
    """Writes a file whole, in the place of the one before; raises as :func:`written` does."""
    with written(path) as part:
        part.write_bytes(content)


def _remove(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


# -- one at a time ----------------------------------------------------------------------------


@contextmanager
def locked(file: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Waits until no other process holds ``file``, and holds it meanwhile.

    ``waiting`` is called once if there is somebody to wait for. Not to be nested for one file.
    Raises :class:`WorkspaceError` where the file cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = file.open("ab")
    except OSError as error:
        raise cannot_write(file.parent, error) from None
    with handle:
        told = False
        while not _take(handle):
            if not told:
                waiting()
                told = True
            time.sleep(0.1)
        try:
            yield
        finally:
            _release(handle)


def _take(handle: IO[bytes]) -> bool:
    """Whether the lock is ours now; True as well on a network drive that has no locks: better
    unguarded than not at all.
    """
    try:
        _lock(handle)
    except _HELD:
        return False
    except OSError:
        return True
    return True


_HELD = PermissionError if os.name == "nt" else BlockingIOError

if os.name == "nt":

    def _lock(handle: IO[bytes]) -> None:
        import msvcrt

        handle.seek(0)  # the first byte stands for the file, whether it is there or not
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _release(handle: IO[bytes]) -> None:
        """At once: what Windows unlocks when a file is closed it unlocks when it has time."""
        import msvcrt

        handle.seek(0)
        with contextlib.suppress(OSError):
            msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:

    def _lock(handle: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: IO[bytes]) -> None:
        """Closing the file does it."""


def remove(path: Path) -> None:
    """Removes a file or a folder with all in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        _remove(path)
