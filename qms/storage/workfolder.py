"""Files of a work tree, written without ever going through a link.

A branch may bring a link where a folder was, and whatever lies behind it isn't ours to write. So
each folder on the way is opened by its name in the one above it, and what is put there is put into
the folder that was opened, whatever its path means by then.
"""

import errno
import os
import stat
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from qms.findings import Place, Refused, refused
from qms.storage.disk import writing
from qms.storage.files import sync_folder, write_new
from qms.storage.scratch import scratch_name

_FOLDER: Final = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | os.O_CLOEXEC
    if os.name == "posix"
    else os.O_RDONLY
)
_NOT_EMPTY: Final = frozenset((errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR))
_LINKED: Final = frozenset((errno.ELOOP, errno.ENOTDIR, errno.EMLINK))


class Laid(NamedTuple):
    """New content of one file, whole on the disk beside its place: one move away from it.

    `part` is None where the file shall go.
    """

    path: str
    part: Path | None


def write_work_file(root: Path, path: str, data: bytes, scratch: Path) -> None:
    """Put `data` at `path` of the work tree `root` in one move; folders are made.

    The mode of an old file is kept. `scratch` is git's folder, so that a kill leaves nothing beside
    the documents. Raises `Refused` FILE-IN-THE-WAY where a link, or what is no folder or plain
    file, lies on the way; `QmsError` DISK-FULL, DISK-READ-ONLY, WRITE-DENIED.
    """
    part = scratch / f".{scratch_name(os.urandom(8).hex())}.part"
    mode = _mode_at(root, path)
    try:
        with writing(root / path):
            write_new(part, data, mode)
        put(root, path, part)
    finally:
        part.unlink(missing_ok=True)


def remove_work_file(root: Path, path: str) -> None:
    """Remove the file at `path` if it is there, and the folders below `root` that are empty then.

    Raises as `write_work_file`.
    """
    with writing(root / path):
        with suppress(FileNotFoundError), _folder(root, path) as folder:
            os.unlink(_name(path), dir_fd=folder)
        _remove_empty(root, path)


def remove_empty_folder(root: Path, path: str) -> None:
    """Remove the folder `path` if nothing lies in it. Raises OSError where the system denies it."""
    with suppress(FileNotFoundError), _folder(root, path) as folder:
        try:
            os.rmdir(_name(path), dir_fd=folder)
        except OSError as error:
            if error.errno not in _NOT_EMPTY:
                raise


def refuse_in_the_way(root: Path, paths: Iterable[str]) -> None:
    """Refuse what could not be written: nothing is written before all can be.

    Raises `Refused` FILE-IN-THE-WAY, `QmsError` DISK-READ-ONLY, WRITE-DENIED.
    """
    for path in paths:
        with writing(root / path):
            parts = path.split("/")[:-1]
            while True:  # the nearest folder that is there
                with suppress(FileNotFoundError), _opened(root, parts, path) as folder:
                    if len(parts) == path.count("/"):
                        _mode(folder, _name(path), path)
                    _refuse_closed(folder)
                    break
                parts.pop()


def _refuse_closed(folder: int) -> None:
    """Raises OSError where nothing can be put into a folder: its disk is read-only, or no right."""
    if os.access(".", os.W_OK | os.X_OK, dir_fd=folder):
        return
    is_read_only = os.fstatvfs(folder).f_flag & os.ST_RDONLY
    code = errno.EROFS if is_read_only else errno.EACCES
    raise OSError(code, os.strerror(code))


def lay(files: Mapping[str, bytes | None], root: Path, scratch: Path) -> list[Laid]:
    """The contents of `files`, whole on the disk: in `scratch`, one move away from their places.

    Raises `QmsError` DISK-FULL, DISK-READ-ONLY, WRITE-DENIED: nothing was changed then.
    """
    laid: list[Laid] = []
    with writing(scratch):
        for number, (path, data) in enumerate(files.items()):
            if data is None:
                laid.append(Laid(path, None))
                continue
            part = scratch / f"file-{number}"
            write_new(part, data, _mode_at(root, path))
            laid.append(Laid(path, part))
    return laid


def put(root: Path, path: str, part: Path) -> None:
    """Move what was laid to its place; raises as `write_work_file`."""
    with writing(root / path), _folder(root, path, make=True) as folder:
        name = _name(path)
        mode = _mode(folder, name, path)
        try:
            os.replace(part, name, dst_dir_fd=folder)
        except OSError as error:
            if error.errno != errno.EXDEV:  # git's folder is on another disk
                raise
            _replace_within(folder, name, part.read_bytes(), mode)
        sync_folder(folder)


def _replace_within(folder: int, name: str, data: bytes, mode: int | None) -> None:
    part = f".{scratch_name(os.urandom(8).hex())}.part"
    try:
        _new_in(folder, part, data, mode)
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise


@contextmanager
def _folder(root: Path, path: str, *, make: bool = False) -> Generator[int, None, None]:
    """The folder that holds `path`, opened; with `make` it and those above it are made."""
    with _opened(root, path.split("/")[:-1], path, make=make) as folder:
        yield folder


@contextmanager
def _opened(
    root: Path, parts: Iterable[str], path: str, *, make: bool = False
) -> Generator[int, None, None]:
    """The folder `parts` below `root`. Raises FileNotFoundError, `Refused` FILE-IN-THE-WAY."""
    folder = os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for part in parts:
            below = _below(folder, part, path, make=make)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def _below(folder: int, part: str, path: str, *, make: bool) -> int:
    if part in ("", ".", ".."):
        raise _in_the_way(path, part)
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=folder)
    try:
        return os.open(part, _FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno in _LINKED:
            raise _in_the_way(path, part) from None
        raise


def _mode(folder: int, name: str, path: str) -> int | None:
    """The mode of the plain file of this name, None where none is. Raises FILE-IN-THE-WAY."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise _in_the_way(path, name)
    return found.st_mode & 0o777


def _mode_at(root: Path, path: str) -> int | None:
    with suppress(FileNotFoundError), _folder(root, path) as folder:
        return _mode(folder, _name(path), path)
    return None


def _new_in(folder: int, name: str, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(name, flags, 0o666, dir_fd=folder)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(data)
        file.flush()
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _remove_empty(root: Path, path: str) -> None:
    """Remove the folders above `path`, below `root`, as far as nothing lies in them."""
    parts = path.split("/")[:-1]
    while parts:
        with suppress(FileNotFoundError):
            try:
                with _opened(root, parts[:-1], path) as folder:
                    os.rmdir(parts[-1], dir_fd=folder)
            except OSError as error:
                if isinstance(error, FileNotFoundError):
                    raise
                return
        parts.pop()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _in_the_way(path: str, found: str) -> Refused:
    return refused("FILE-IN-THE-WAY", Place(path=path), found=found)
