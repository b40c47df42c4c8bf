"""How long and how much git may take where it looks through what somebody else made.

git reads all that HEAD names, also what nobody governs, and whatever lies in the work tree under a
name that it knows. A dozen objects may name more files than there are atoms; a pipe called
``.gitattributes`` has no end.
"""

import os
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from qms.findings import Finding, Place, QmsError

MEMORY: Final = 768 * 1024 * 1024
PROCESSOR: Final = 20
"""Bytes and seconds for one git: a hundred thousand files take a tenth of each."""

WAITING: Final = 3
"""So many seconds without an answer are worth a look for what git may be waiting for."""

_READ: Final = (".gitattributes", ".gitignore")
"""What git reads in every folder of a work tree."""
_ENDED: Final = (-9, -24)
"""By which signals a system ends what is over its time: SIGKILL, SIGXCPU."""
_TOO_LARGE: Final = (b"ut of memory", b"memory exhausted", b"annot allocate memory")


def bounded(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The same process, which ends when it takes too much; where the system can see to that."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return process
    limit = getattr(resource, "prlimit", None)
    if limit is not None:
        with suppress(OSError):  # it has ended already
            limit(process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
            limit(process.pid, resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    return process


def has_taken_too_much(process: subprocess.Popen[bytes], said: bytes) -> bool:
    """Whether a process that failed did so by what `bounded` allows it."""
    return process.returncode in _ENDED or any(one in said for one in _TOO_LARGE)


def answered(
    process: subprocess.Popen[bytes], stdin: bytes, root: Path | None
) -> tuple[bytes, bytes]:
    """What a process writes to its two streams, however long it takes.

    Raises `QmsError` SPECIAL-FILE where it waits for a pipe that lies in the work tree `root`.
    """
    waiting: bytes | None = stdin
    while True:
        try:
            return process.communicate(waiting, timeout=WAITING)
        except subprocess.TimeoutExpired:
            waiting = None
            for path in _pipes(root) if root is not None else ():
                process.kill()
                process.communicate()
                raise QmsError(Finding("SPECIAL-FILE", Place(path))) from None


def _pipes(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            path = Path(folder, name)
            if name in _READ and is_strange(path):
                yield path.relative_to(root).as_posix()


def is_strange(path: Path) -> bool:
    """Whether there is something that has no content of its own: a pipe, a socket, a device."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))
