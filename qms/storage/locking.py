"""One writer at a time in a repository: a lock that dies with its process.

Taken after a signature is made, so that nobody holds it while they type; under it the state is
read again. It lies in git's common folder, so that two users of one clone, and two work trees of
one repository, are kept apart too. It is never removed: whoever waits for it holds that very file.
"""

import errno
import os
import stat
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qms.findings import Finding, QmsError
from qms.storage.disk import writing

if TYPE_CHECKING:
    from qms.storage.repository import Repository

try:
    import fcntl
except ImportError:  # Windows: reading works, writing is refused
    fcntl = None  # type: ignore[assignment]

NAME: Final = "qms.lock"
SETTING: Final = "qms.lock"
WAIT: Final = 60.0
"""So many seconds a command waits for another one; a commit takes a fraction of one."""
_PAUSE: Final = 0.02
_HELD: Final = frozenset((errno.EAGAIN, errno.EACCES))
_ATTEMPTS: Final = 100


@contextmanager
def locked(repository: "Repository", wait: float | None = None) -> Generator[None, None, None]:
    """A span in which no other command of qms writes in this repository.

    Raises `QmsError` LOCK-PLATFORM where the system has no such locks, LOCK-NONE where this folder
    hasn't (and ``qms.lock`` isn't set to ``none``), LOCK-FILE for what is no lock of ours,
    LOCK-HELD after `wait` seconds, DISK-FULL, DISK-READ-ONLY, WRITE-DENIED.
    """
    path = repository.common_dir / NAME
    if fcntl is None:
        raise QmsError(Finding("LOCK-PLATFORM"))
    if repository.config(SETTING) == "none":
        yield
        return
    deadline = time.monotonic() + (WAIT if wait is None else wait)
    descriptor = _taken(path, deadline)
    try:
        yield
    finally:
        os.close(descriptor)


def _taken(path: Path, deadline: float) -> int:
    """The locked file; it is the one that has this name now."""
    for _ in range(_ATTEMPTS):
        descriptor = _opened(path)
        try:
            _refuse_strange(path, descriptor)
            _lock(path, descriptor, deadline)
            if _has_name(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # it was removed while we waited: another one has a lock of that name
    raise QmsError(Finding("LOCK-HELD", values={"file": str(path)}))


def _opened(path: Path) -> int:
    flags = os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with writing(path):
        try:
            return os.open(path, os.O_RDWR | flags, 0o666)
        except PermissionError:  # another user of this clone made it
            with suppress(FileNotFoundError):
                return os.open(path, os.O_RDONLY | flags & ~os.O_CREAT)
            raise
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO, errno.EMLINK):
                raise _strange(path) from error
            raise


def _refuse_strange(path: Path, descriptor: int) -> None:
    """Only a plain file of mine, root's or whoever owns the repository's folder is a lock."""
    found = os.fstat(descriptor)
    owners = {os.geteuid(), 0, path.parent.stat().st_uid}
    if not stat.S_ISREG(found.st_mode) or found.st_uid not in owners | _sharers(path, found):
        raise _strange(path)


def _sharers(path: Path, found: os.stat_result) -> set[int]:
    """In a folder that a group shares, whoever of the group made it."""
    folder = path.parent.stat()
    is_shared = folder.st_mode & stat.S_IWGRP and found.st_gid == folder.st_gid
    return {found.st_uid} if is_shared else set()


def _strange(path: Path) -> QmsError:
    return QmsError(Finding("LOCK-FILE", values={"file": str(path)}))


def _lock(path: Path, descriptor: int, deadline: float) -> None:
    while True:
        try:
            _flock(descriptor)
        except OSError as error:
            if error.errno not in _HELD:
                values = {"file": str(path), "why": error.strerror or ""}
                raise QmsError(Finding("LOCK-NONE", values=values)) from error
        else:
            return
        if time.monotonic() >= deadline:
            raise QmsError(Finding("LOCK-HELD", values={"file": str(path)}))
        time.sleep(_PAUSE)


def _flock(descriptor: int) -> None:
    if fcntl is None:
        raise QmsError(Finding("LOCK-PLATFORM"))
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _has_name(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False
