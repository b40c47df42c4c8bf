"""How long and how much git may take where it looks through what somebody else made.

git reads all that HEAD names, also what nobody governs, and whatever lies in the work tree under a
name that it knows. A dozen objects may name more files than there are atoms; a pipe called
``.gitattributes`` has no end.
"""

import io
import os
import select
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from qms.findings import Finding, Place, QmsError
from qms.storage.special import in_work_tree

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER: Final = 1 << 16
MEMORY: Final = 768 * 1024 * 1024
"""Bytes for one git: a hundred thousand files take a tenth of them."""
PROCESSOR: Final = 20
"""Seconds for one that looks through the work tree; the same files take a tenth of them."""

WAITING: Final = 3
"""So many seconds without an answer are worth a look for what git may be waiting for."""

QUIET: Final = 9
"""So many seconds in which git does nothing at all, and it waits for what never comes."""
LONGEST: Final = 900
"""So many seconds are enough for one answer where nobody can tell whether git does something."""

_ENDED: Final = (-9, -24)
"""By which signals a system ends what is over its time: SIGKILL, SIGXCPU."""
_TOO_LARGE: Final = (b"ut of memory", b"memory exhausted", b"annot allocate memory")


def within_memory(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The same process, which ends when it takes too much; where the system can see to that."""
    return _within(process, "RLIMIT_DATA", MEMORY)


def within_time(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The same process, which ends when it works too long: for none that lives on."""
    return _within(process, "RLIMIT_CPU", PROCESSOR)


def _within(process: subprocess.Popen[bytes], name: str, most: int) -> subprocess.Popen[bytes]:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return process
    limit = getattr(resource, "prlimit", None)
    if limit is not None:
        with suppress(OSError):  # it has ended already, or may take less as it is
            limit(process.pid, getattr(resource, name), (most, most))
    return process


def has_taken_too_much(process: subprocess.Popen[bytes], said: bytes) -> bool:
    """Whether a process that failed did so by what it may take."""
    return process.returncode in _ENDED or any(one in said for one in _TOO_LARGE)


def too_much(command: str) -> Finding:
    """GIT-LIMIT: what git was asked for takes more memory than it may."""
    return Finding("GIT-LIMIT", values={"command": command, "most": str(MEMORY >> 20)})


def answered(
    process: subprocess.Popen[bytes], stdin: bytes, root: Path | None
) -> tuple[bytes, bytes]:
    """What a process writes to its two streams, however long it works for it.

    Raises `QmsError` SPECIAL-FILE where it waits for a pipe that lies in the work tree `root`,
    GIT-STUCK where it waits for something else.
    """
    waiting: bytes | None = stdin
    used, quiet, whole = _processor(process), 0, 0
    while True:
        try:
            return process.communicate(waiting, timeout=WAITING)
        except subprocess.TimeoutExpired:
            waiting = None
            before, used = used, _processor(process)
            quiet = quiet + WAITING if used == before else 0
            whole += WAITING
            # A git that works is only slow: what lies in repositories inside may be much more.
            inside = quiet == WAITING
            for path in in_work_tree(root, inside=inside) if root is not None else ():
                _end(process)
                raise QmsError(Finding("SPECIAL-FILE", Place(path))) from None
            if quiet >= (LONGEST if used is None else QUIET) or whole >= LONGEST:
                _end(process)
                raise QmsError(Finding("GIT-STUCK", values={"seconds": str(whole)})) from None


def patient(process: subprocess.Popen[bytes]) -> IO[bytes] | None:
    """What a process that lives on writes; it is ended where it waits for what never comes.

    An object of which a part is missing leaves git at peace: it has sent all there is, and waits
    for the next question, while whoever asked waits for the rest.
    """
    output = process.stdout
    if output is None or not hasattr(select, "poll"):
        return output
    return cast("IO[bytes]", io.BufferedReader(_Patient(process, output.fileno()), _BUFFER))


class _Patient(io.RawIOBase):
    def __init__(self, process: subprocess.Popen[bytes], number: int) -> None:
        self._process = process
        self._number = number
        self._poll = select.poll()
        self._poll.register(number, select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        used: tuple[int, int] | None = None
        quiet = whole = 0
        while not self._poll.poll(WAITING * 1000):
            before, used = used, _processor(self._process)
            quiet = quiet + WAITING if used == before else 0
            whole += WAITING
            if quiet >= (LONGEST if used is None else QUIET) or whole >= LONGEST:
                self._process.terminate()
        return os.readv(self._number, [buffer])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def _processor(process: subprocess.Popen[bytes]) -> tuple[int, int] | None:
    """The time that a process has used, itself and for the system; None where nobody tells."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[11]), int(fields[12])
    except (OSError, IndexError, ValueError):
        return None
