"""Writing files so that a reader or a kill sees the old content or the new one, never a part."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from qms.findings import Finding, Place, QmsError
from qms.storage.disk import writing
from qms.storage.scratch import scratch_name

PRIVATE: Final = 0o600
"""The mode of a file that nobody else may read."""

_AT_ONCE: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_BLOCK: Final = 1 << 20


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
            try:
                part.replace(path)
            except IsADirectoryError as error:
                raise QmsError(in_the_way(path)) from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def in_the_way(path: Path) -> Finding:
    """FILE-IN-THE-WAY for what is no file where one is to be written, and stands there itself."""
    return Finding("FILE-IN-THE-WAY", Place(path=str(path)), {"found": str(path)})


def read_plain(path: Path | bytes, most: int | None = None) -> bytes:
    """What a file holds; never waits. Raises OSError for a link, and for what is no plain file.

    With `most` also for a file of more bytes, before any of them is read.
    """
    descriptor = os.open(path, _AT_ONCE | getattr(os, "O_NOFOLLOW", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        return _plain_content(file, path, most)


def plain_blocks(path: Path | bytes) -> Iterator[bytes]:
    """What a file of any size holds, a block at a time. Raises as `read_plain`."""
    descriptor = os.open(path, _AT_ONCE | getattr(os, "O_NOFOLLOW", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        _refuse_unreadable(os.fstat(file.fileno()), path, None)
        while block := file.read(_BLOCK):
            yield block


def read_linked(path: Path, most: int) -> bytes:
    """As `read_plain`, but links are followed: what a user's setting names may be one.

    Raises OSError where they end at no plain file of at most `most` bytes; that is asked before
    anything is opened, since some devices do something then.
    """
    _refuse_unreadable(path.stat(), path, most)
    with open(os.open(path, _AT_ONCE), "rb") as file:  # noqa: PTH123 - a descriptor
        return _plain_content(file, path, most)


def file_digest(path: Path) -> str:
    """The digest, as it is signed, of a plain file of any size; raises as `read_linked`."""
    _refuse_unreadable(path.stat(), path, None)
    with open(os.open(path, _AT_ONCE), "rb") as file:  # noqa: PTH123 - a descriptor
        _refuse_unreadable(os.fstat(file.fileno()), path, None)
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def folders_below(top: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder from `top` down, with the names of the folders in it and of all else.

    Links are all else. Folders called ``.git`` are named and not gone into. Where a folder can't be
    opened there is nothing. `os.walk` calls itself for each depth, until Python has enough of it.
    """
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        folders: list[str] = []
        names: list[str] = []
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
        yield folder, folders, names
        waiting += [os.path.join(folder, name) for name in folders if name != ".git"]  # noqa: PTH118


def _plain_content(file: BinaryIO, path: Path | bytes, most: int | None) -> bytes:
    _refuse_unreadable(os.fstat(file.fileno()), path, most)
    if most is None:
        return file.read()
    data = file.read(most + 1) or b""  # what the system makes up as it is read says 0 bytes
    if len(data) > most:
        raise _too_large(path, most)
    return data


def _refuse_unreadable(found: os.stat_result, path: Path | bytes, most: int | None) -> None:
    if not stat.S_ISREG(found.st_mode):
        number = errno.EISDIR if stat.S_ISDIR(found.st_mode) else errno.EINVAL
        raise OSError(number, "no plain file", os.fspath(path))
    if most is not None and found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path | bytes, most: int) -> OSError:
    # not EFBIG: that is what a disk says which takes no more
    return OSError(errno.EINVAL, f"more than {most} bytes", os.fspath(path))


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


def written_time(path: Path) -> float | None:
    """When what lies at `path` was written last, in seconds; None where nothing does."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return None
