"""What this machine has made itself, and may take again without making it anew.

A cache is believed like one's own work, so nobody else may put anything into it: it lies outside
of every repo, in a folder that only its owner may enter, and each entry bears a code (HMAC) by a
key that lies elsewhere, in the state folder. What a CI cache action restores, what a pull request
wrote, what was copied from another machine or altered since is no entry. Where no safe place is to
be had, and in CI, there is no cache: nothing is found, and nothing kept.
"""

import hmac
import os
import stat
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from qms.findings import QmsError
from qms.storage.files import PRIVATE, write_file
from qms.storage.own_state import is_private, state_folder

_FOLDER: Final = "printed"
_KEY_FILE: Final = "key"
_KEY_BYTES: Final = 32
_CODE_BYTES: Final = 32
_MOST: Final = 1 << 30
_KEPT: Final = 90 * 86400


class OwnCache:
    """Bytes by kind and key. `folder` None is a cache that holds nothing."""

    def __init__(self, folder: Path | None, key: bytes = b"") -> None:
        """Use `open`."""
        self._folder = folder
        self._key = key

    @classmethod
    def open(cls) -> "OwnCache":
        """The cache of this user on this machine."""
        base = _base()
        if os.environ.get("CI") or base is None:
            return cls(None)
        folder = base / "qms" / _FOLDER
        try:
            key = _own_key(state_folder(_FOLDER) / _KEY_FILE) if _is_own(folder) else None
        except (OSError, QmsError):
            return cls(None)
        return cls(None) if key is None else cls(folder, key)

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept under `key` (hex digits), if it is this machine's own and whole."""
        if self._folder is None:
            return None
        path = self._folder / f"{kind}-{key}"
        data = _read_own(path)
        if data is None or len(data) < _CODE_BYTES:
            return None
        code, kept = data[:_CODE_BYTES], data[_CODE_BYTES:]
        if not hmac.compare_digest(code, self._code(kind, key, kept)):
            return None
        with suppress(OSError):
            os.utime(path)
        return kept

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep `data`; where there is no room or no right to, nothing is kept."""
        if self._folder is None:
            return
        path = self._folder / f"{kind}-{key}"
        with suppress(OSError, QmsError):
            write_file(path, self._code(kind, key, data) + data, mode=PRIVATE)

    def prune(self) -> None:
        """Take out what nobody has asked for in 90 days: its inputs have changed.

        By the clock that the files bear, whatever day it is said to be.
        """
        if self._folder is None:
            return
        now = time.time()
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_mtime < now - _KEPT:
                        os.unlink(entry.path)  # noqa: PTH108 - a name that was just listed

    def _code(self, kind: str, key: str, data: bytes) -> bytes:
        name = f"{kind}\0{key}\0{sha256(data).hexdigest()}".encode()
        return hmac.digest(self._key, name, "sha256")


def _base() -> Path | None:
    """What is no absolute path counts as unset, as where the state lies."""
    named, home = Path(os.environ.get("XDG_CACHE_HOME", "")), Path(os.environ.get("HOME", ""))
    base = named if named.is_absolute() else home / ".cache"
    return base if base.is_absolute() else None


def _is_own(folder: Path) -> bool:
    """Whether `folder` is there, or can be made, and is nobody else's to enter; never a link."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and is_private(found)


def _own_key(path: Path) -> bytes | None:
    """The key; made anew where there is none, or none of ours: then nothing kept is known."""
    for _ in range(2):
        data = _read_own(path)
        if data is not None and len(data) == _KEY_BYTES:
            return data
        write_file(path, os.urandom(_KEY_BYTES), mode=PRIVATE)
    return None


def _read_own(path: Path) -> bytes | None:
    """What a regular file of ours holds that nobody else may touch; None for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not is_private(found) or found.st_nlink > 1:
            return None
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(min(found.st_size, _MOST))  # Python sets aside what it is asked for
    except OSError:  # the disk doesn't give it: made anew, it is as good
        return None
    finally:
        os.close(descriptor)
