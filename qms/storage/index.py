"""Changing a few entries of git's index, by git's own protocol: its lock file is the new index."""

import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError
from qms.formats.tree import TreeEntry
from qms.storage import disk
from qms.storage.gitprogram import DURABLE
from qms.storage.repository import Repository

_ATTEMPTS: Final = 10


class GitIndex:
    """The index of one work tree; `scratch` is a folder of this process in git's own."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self._repository = repository
        self._place = repository.git_dir / "index"
        self._lock = repository.git_dir / "index.lock"
        self._ours = scratch / "index"

    @contextmanager
    def changed(
        self, entries: Mapping[str, TreeEntry | None]
    ) -> Generator[Callable[[], None], None, None]:
        """A span in which nobody else changes the index; gives what puts the new one there.

        That has these entries and is else as it was. Where it isn't called nothing changes. Raises
        `QmsError` GIT-BUSY where another git is at work, GIT-FAILED, DISK-FULL, DISK-READ-ONLY.
        """
        self._take(entries)
        is_there = False

        def put() -> None:
            nonlocal is_there
            with disk.writing(self._place):
                self._lock.replace(self._place)
            is_there = True

        try:
            yield put
        finally:
            if not is_there:
                with suppress(OSError):
                    self._lock.unlink()

    def _take(self, entries: Mapping[str, TreeEntry | None]) -> None:
        """Make the new index beside the old one, and let it be the lock."""
        for _ in range(_ATTEMPTS):
            before = self._state()
            with disk.writing(self._place):
                self._copy(entries)
                self._link()
            if self._state() == before:
                return
            self._lock.unlink(missing_ok=True)
        raise self._busy()

    def _state(self) -> tuple[int, int, int] | None:
        """By what one tells that the index was written anew: it always gets another file."""
        try:
            found = self._place.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _copy(self, entries: Mapping[str, TreeEntry | None]) -> None:
        self._ours.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.copyfile(self._place, self._ours)
        git = self._repository.git
        git.run(
            *(*DURABLE, "update-index", "-z", "--index-info"),
            stdin="".join(self._lines(entries)).encode("utf-8", "surrogateescape"),
            environment=git.environment(GIT_INDEX_FILE=str(self._ours)),
        )

    def _lines(self, entries: Mapping[str, TreeEntry | None]) -> Generator[str, None, None]:
        nothing = "0" * (64 if self._repository.hash_name == "sha256" else 40)
        for path, entry in entries.items():
            if entry is None:  # mode 0 takes a path out, whatever stages it has
                yield f"0 {nothing} 0\t{path}\0"
            else:
                yield f"{entry.mode:o} {entry.id} 0\t{path}\0"

    def _link(self) -> None:
        """Take the lock: by a second name for our file, so that a dead one's lock is known."""
        try:
            os.link(self._ours, self._lock)
        except FileExistsError:
            raise self._busy() from None
        except OSError:  # a file system without second names
            self._link_by_copy()

    def _link_by_copy(self) -> None:
        try:
            descriptor = os.open(self._lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            raise self._busy() from None
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(self._ours.read_bytes())
            file.flush()
            os.fsync(file.fileno())

    def _busy(self) -> QmsError:
        return QmsError(Finding("GIT-BUSY", Place(), {"folder": str(self._repository.git_dir)}))
