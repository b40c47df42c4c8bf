"""The folder that printed files go to. What lies in it is believed of nobody.

Everything is opened below one descriptor, part by part, and never through a link: a folder that
came with a clone may hold links to the user's own files, devices, pipes. A run writes beside what
is there, into a scratch folder, and moves all of it into place at its end; one that ends badly
leaves what was there before.
"""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from qms.findings import Finding, QmsError
from qms.storage.disk import fault_of
from qms.storage.scratch import is_left, scratch_name

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_BLOCK: Final = 1 << 20
_LARGEST: Final = 1 << 30
"""No page of ours is larger: a folder of others may hold files that nobody reads to their end."""
_SCRATCH: Final = re.compile(r"\.qms-[0-9a-f]{8}-[0-9]+-[0-9]*-[0-9a-f]{16}")
"""This folder's own; whatever else is called like it is the user's."""


def out_place(out: Path, root: Path | None, forbidden: Mapping[str, str]) -> Path:
    """Where `out` (absolute) really is; it need not be there yet.

    Links on the way to it are the user's own, but not inside the work tree `root`: these came
    with the repo. `forbidden` says of folders at the top of the repo why nothing is printed there.
    Raises `QmsError` OUT-FOLDER.
    """
    top = None if root is None else root.resolve()
    place = Path(out.anchor)
    for part in Path(os.path.normpath(out)).parts[1:]:
        inside = top is not None and place.is_relative_to(top)
        place /= part
        if place.is_symlink():
            if inside:
                raise out_fault(out, f"{part} is a link")
            place = place.resolve()
    if place == top:
        raise out_fault(out, "it is the repo itself")
    if top is not None and place.is_relative_to(top):
        first = place.relative_to(top).parts[0].lower()
        if first in forbidden:
            raise out_fault(out, forbidden[first])
    return place


def out_fault(folder: Path, reason: str) -> QmsError:
    """OUT-FOLDER: nothing can be written there."""
    return QmsError(Finding("OUT-FOLDER", values={"folder": str(folder), "reason": reason}))


def _refusal(folder: Path, error: OSError) -> QmsError:
    """DISK-FULL, DISK-READ-ONLY where that is what the system says, else OUT-FOLDER."""
    fault = fault_of(error, folder)
    return out_fault(folder, error.strerror or str(error)) if fault is None else QmsError(fault)


class OutFolder:
    """An output folder, as it is there; `begin` makes it."""

    def __init__(self, place: Path) -> None:
        """`place` as `out_place` gives it."""
        self.place = place
        self._scratch = ""

    @contextmanager
    def begun(self) -> Generator[None, None, None]:
        """A span in which files are staged; what is not laid out by its end is gone.

        The folder is made, and gone again where nothing came to lie in it; only one run at a time
        is in it. Raises `QmsError` OUT-FOLDER, DISK-FULL, DISK-READ-ONLY.
        """
        missing = [one for one in (self.place, *self.place.parents) if not one.exists()]
        lock = -1
        try:
            try:
                self.place.mkdir(parents=True, exist_ok=True)
                lock = os.open(self.place, _FOLDER)
                _take(lock)
                self._sweep()
                self._scratch = f".{scratch_name(secrets.token_hex(8))}"
                (self.place / self._scratch).mkdir(mode=0o700)
            except OSError as error:
                raise _refusal(self.place, error) from error
            yield
        finally:
            if self._scratch:
                shutil.rmtree(self.place / self._scratch, ignore_errors=True)
            if lock >= 0:
                os.close(lock)
            for folder in missing:
                with suppress(OSError):
                    folder.rmdir()

    def _sweep(self) -> None:
        """Remove what killed runs left, and nothing else: this may be anybody's home."""
        for name in os.listdir(self.place):  # noqa: PTH208 - names alone
            path = self.place / name
            if _SCRATCH.fullmatch(name) and not path.is_symlink() and is_left(path):
                shutil.rmtree(path, ignore_errors=True)

    def check_places(self, names: Iterable[str]) -> None:
        """Raises `QmsError` OUT-FOLDER where something lies there that no file can replace."""
        wanted = tuple(names)
        for top in sorted({name.partition("/")[0] for name in wanted if "/" in name}):
            path = self.place / top
            if path.is_symlink() or (path.exists() and not path.is_dir()):
                raise out_fault(path, "a link or a file lies there")
            if path.exists() and not os.access(path, os.W_OK | os.X_OK):
                raise out_fault(path, os.strerror(errno.EACCES))
        for name in wanted:
            path = self.place / name
            if path.is_dir() and not path.is_symlink():
                raise out_fault(path, "a folder lies there")

    def is_file(self, name: str) -> bool:
        """Whether a regular file lies at `name`."""
        with suppress(OSError), self._folder(name) as folder:
            return stat.S_ISREG(os.stat(_leaf(name), dir_fd=folder, follow_symlinks=False).st_mode)
        return False

    def digest(self, name: str) -> str | None:
        """The digest of the regular file that lies at `name`; None for anything else.

        None, too, for what is none of ours, whatever its name, by its size or by a hole in it: a
        file of terabytes takes no room on a disk where nothing was written.
        """
        with suppress(OSError), self._folder(name) as folder:
            descriptor = os.open(_leaf(name), _FILE, dir_fd=folder)
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
                told = os.fstat(descriptor)
                if not stat.S_ISREG(told.st_mode) or not _may_be_ours(descriptor, told.st_size):
                    return None
                found = sha256()
                for _ in range(0, told.st_size, _BLOCK):  # and no more, should it grow meanwhile
                    found.update(file.read(_BLOCK))
                return f"sha256:{found.hexdigest()}"
        return None

    def read(self, name: str, most: int) -> bytes | None:
        """What a regular file of at most `most` bytes holds; None for anything else."""
        with suppress(OSError), self._folder(name) as folder:
            descriptor = os.open(_leaf(name), _FILE, dir_fd=folder)
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    return None
                data = file.read(most + 1)
                return data if len(data) <= most else None
        return None

    def names(self) -> tuple[str, ...]:
        """All that lies one or two levels down, links and folders too, but no scratch."""
        found: list[str] = []
        for top in _entries(self.place):
            if top.name.startswith("."):
                continue
            if top.is_dir(follow_symlinks=False):
                found += [f"{top.name}/{one.name}" for one in _entries(top.path)]
            else:
                found.append(top.name)
        return tuple(sorted(found))

    def stage(self, place: int, data: bytes) -> None:
        """Keep a file, by its number, until all is laid out. Raises as `begun`."""
        try:
            (self.place / self._scratch / str(place)).write_bytes(data)
        except OSError as error:
            raise _refusal(self.place, error) from error

    def lay_out(self, place: int, name: str) -> None:
        """Move a staged file to `name`, in the place of whatever lies there.

        A link that lies there is replaced, not followed. Raises as `begun`.
        """
        try:
            with self._folder(name, make=True) as folder:
                os.replace(self.place / self._scratch / str(place), _leaf(name), dst_dir_fd=folder)
        except OSError as error:
            raise _refusal(self.place / name, error) from error

    def remove(self, name: str) -> None:
        """Take out a file, and its folder where that is empty then."""
        with suppress(OSError), self._folder(name) as folder:
            os.unlink(_leaf(name), dir_fd=folder)
        top, slash, _ = name.partition("/")
        if slash:
            with suppress(OSError):
                (self.place / top).rmdir()

    @contextmanager
    def _folder(self, name: str, *, make: bool = False) -> Generator[int, None, None]:
        """The folder that `name` lies in, opened part by part, following no link."""
        opened = [os.open(self.place, _FOLDER)]
        try:
            for part in name.split("/")[:-1]:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=opened[-1])
                opened.append(os.open(part, _FOLDER, dir_fd=opened[-1]))
            yield opened[-1]
        finally:
            for descriptor in opened:
                os.close(descriptor)


def _entries(folder: Path | str) -> "list[os.DirEntry[str]]":
    """What lies in a folder; nothing where we may not look."""
    with suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _leaf(name: str) -> str:
    return name.rpartition("/")[2]


def _may_be_ours(file: int, size: int) -> bool:
    """Whether a file is one that we could have written, as far as its size and its place tell."""
    try:
        return size < _LARGEST and os.lseek(file, 0, os.SEEK_HOLE) >= size
    except (AttributeError, OSError):  # nothing is in it, or nobody tells where the holes are
        return size < _LARGEST
    finally:
        os.lseek(file, 0, os.SEEK_SET)


def _take(folder: int) -> None:
    """Lock a folder; where that can't be (some network shares) there is no lock.

    Raises OSError where somebody else prints there.
    """
    with suppress(ImportError):
        import fcntl  # noqa: PLC0415 - not on Windows, where nothing is printed

        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OSError(error.errno, "another qms publish is at work there") from error
        except OSError:
            return
