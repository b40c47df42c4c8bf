"""What this machine has made itself, and may take again without making it anew.

A cache is believed like one's own work, so nobody else may put anything into it: it lies outside
of every repo, in a folder that only its owner may enter, and each entry bears a code (HMAC) by a
key that lies elsewhere, in the state folder. What a CI cache action restores, what a pull request
wrote, what was copied from another machine or altered since is no entry. Where no safe place is to
be had, and in CI, there is no cache: nothing is found, and nothing kept.
"""

import hmac
import os
import secrets
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from qms.storage.files import write_file

_KEY_FILE: Final = "cache.key"
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
    def open(cls, environment: Mapping[str, str]) -> "OwnCache":
        """The cache of this user on this machine."""
        if environment.get("CI"):
            return cls(None)
        state = _base(environment, "XDG_STATE_HOME", ".local/state")
        cache = _base(environment, "XDG_CACHE_HOME", ".cache")
        if state is None or cache is None:
            return cls(None)
        try:
            if not (_is_own(state / "qms") and _is_own(cache / "qms" / "printed")):
                return cls(None)
            key = _own_key(state / "qms" / _KEY_FILE)
        except OSError:
            return cls(None)
        return cls(None) if key is None else cls(cache / "qms" / "printed", key)

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
        with suppress(OSError):
            write_file(path, self._code(kind, key, data) + data, mode=0o600)

    def prune(self) -> None:
        """Take out what nobody has asked for in 90 days: its inputs have changed.

        By the clock that the files bear, whatever day it is said to be.
        """
        if self._folder is None:
            return
        now = time.time()
        for entry in os.scandir(self._folder):
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < now - _KEPT:
                    os.unlink(entry.path)  # noqa: PTH108 - a name that was just listed

    def _code(self, kind: str, key: str, data: bytes) -> bytes:
        name = f"{kind}\0{key}\0{sha256(data).hexdigest()}".encode()
        return hmac.digest(self._key, name, "sha256")


def _base(environment: Mapping[str, str], variable: str, usual: str) -> Path | None:
    named, home = environment.get(variable), environment.get("HOME")
    base = Path(named) if named else Path(home) / usual if home else None
    return base if base is not None and base.is_absolute() else None


def _is_own(folder: Path) -> bool:
    """Whether `folder` is there, or can be made, and is nobody else's to enter; never a link."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and _is_private(found)


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _own_key(path: Path) -> bytes | None:
    """The key, made where there is none yet; None where what lies there is no key of ours."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(secrets.token_bytes(_KEY_BYTES))
    data = _read_own(path)
    return data if data is not None and len(data) == _KEY_BYTES else None


def _read_own(path: Path) -> bytes | None:
    """What a regular file of ours holds that nobody else may touch; None for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not _is_private(found) or found.st_nlink > 1:
            return None
        return file.read(_MOST)
