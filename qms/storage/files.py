"""Writing files so that a reader or a kill sees the old content or the new one, never a part."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

from qms.storage.disk import writing
from qms.storage.scratch import scratch_name

PRIVATE: Final = 0o600
"""The mode of a file that nobody else may read."""


def write_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Put `data` at `path` in one move; folders are made, the mode of an old file is kept.

    With `mode` the file has that one, from its first byte on.

    For folders that are the user's own: a link on the way is followed. What lies in a work tree is
    written by `qms.storage.workfolder`. Raises `QmsError` DISK-FULL, DISK-READ-ONLY, WRITE-DENIED.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.parent / f".{scratch_name(os.urandom(8).hex())}.part"
        try:
            if mode is None and path.is_file():
                mode = path.stat().st_mode & 0o777
            write_new(part, data, mode)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def read_plain(path: Path | bytes) -> bytes:
    """What a file holds; never waits. Raises OSError for a link, and for what is no plain file."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
            raise OSError(number, "no plain file", os.fspath(path))
        return file.read()


def write_new(path: Path, data: bytes, mode: int | None = None) -> None:
    """A new file that is on the disk when this returns. Raises OSError, FileExistsError too."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666 if mode is None else mode)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(data)
        file.flush()
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def sync_folder(folder: Path | int) -> None:
    """Let the names in a folder be on the disk; by its path or its descriptor."""
    if isinstance(folder, int):
        os.fsync(folder)
        return
    if os.name != "posix":  # no folder can be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
