"""What the system's own limits mean for a command: a code, and never a fault in qms.

A disk that is full or may only be read, more open files than a process may have.
"""

import errno
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qms.findings import Finding, QmsError

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_NO_MORE_OPEN: Final = frozenset((errno.EMFILE, errno.ENFILE))
_DENIED: Final = frozenset((errno.EACCES, errno.EPERM))
# As the C library says it, which git and ssh-keygen repeat; and as git itself does.
_SAID_FULL: Final = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Out of diskspace",
)
_SAID_READ_ONLY: Final = "Read-only file system"
# The system's own way to stop who writes past a limit, where the program doesn't ask not to be.
_STOPPED_FULL: Final = -getattr(signal, "SIGXFSZ", 25)


def fault_of(error: OSError, where: Path | str = "") -> Finding | None:
    """DISK-FULL, DISK-READ-ONLY or FILES-OPEN where that is what `error` means; else None.

    `where` is what was being written, for an error that doesn't name it.
    """
    values = {"place": _place(error, where)}
    if error.errno in _FULL:
        return Finding("DISK-FULL", values=values)
    if error.errno == errno.EROFS:
        return Finding("DISK-READ-ONLY", values=values)
    return Finding("FILES-OPEN") if error.errno in _NO_MORE_OPEN else None


def fault_said(text: str, where: Path | str, code: int = 1) -> Finding | None:
    """The same by what another program said, or by the signal that ended it."""
    values = {"place": str(where)}
    if code == _STOPPED_FULL or any(said in text for said in _SAID_FULL):
        return Finding("DISK-FULL", values=values)
    if _SAID_READ_ONLY in text:
        return Finding("DISK-READ-ONLY", values=values)
    return None


@contextmanager
def writing(where: Path | str) -> Generator[None, None, None]:
    """A span that writes at `where`.

    Raises `QmsError` DISK-FULL, DISK-READ-ONLY, FILES-OPEN, WRITE-DENIED for what the system says
    no to.
    """
    try:
        yield
    except OSError as error:
        fault = fault_of(error, where)
        if fault is None and error.errno in _DENIED:
            fault = Finding("WRITE-DENIED", values={"place": _place(error, where)})
        if fault is None:
            raise
        raise QmsError(fault) from error


def _place(error: OSError, where: Path | str) -> str:
    named = where or error.filename2 or error.filename or ""
    return os.fsdecode(named) if isinstance(named, (str, bytes, Path)) else ""
