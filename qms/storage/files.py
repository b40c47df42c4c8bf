"""Writing files so that a reader or a kill sees the old content or the new one, never a part."""

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_file(
    path: Path, data: bytes, scratch: Path | None = None, *, mode: int | None = None
) -> None:
    """Put `data` at `path` in one move; folders are made, the mode of an old file is kept.

    With `mode` the file has that one, from its first byte on.

    The temporary file lies in `scratch` if that is on the same file system (so that a kill leaves
    nothing beside the documents), else in the folder of `path`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = path.parent
    if scratch is not None and scratch.stat().st_dev == folder.stat().st_dev:
        folder = scratch
    part = folder / f".qms-{os.getpid()}-{secrets.token_hex(8)}.part"
    try:
        if mode is None and path.is_file():
            mode = path.stat().st_mode & 0o777
        _write_new(part, data, mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def special_file(folder: Path, names: Iterable[str]) -> str | None:
    """The first of these names in a folder that is there and neither a plain file nor a link."""
    for name in names:
        with suppress(OSError):
            if not stat.S_ISREG((folder / name).stat().st_mode):
                return name
    return None


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


def remove_file(path: Path, top: Path) -> None:
    """Remove `path` if it is there, and the folders below `top` that are empty then."""
    path.unlink(missing_ok=True)
    remove_empty_folders(path.parent, top)


def remove_empty_folders(folder: Path, top: Path) -> None:
    """Remove `folder` and those above it, below `top`, as far as nothing lies in them."""
    while folder != top and folder.is_relative_to(top):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    descriptor = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else mode
    )
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(data)
        file.flush()
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
