"""How long and how much git may take where it looks through what somebody else made.

git reads all that HEAD names, also what nobody governs, and whatever lies in the work tree under a
name that it knows. A dozen objects may name more files than there are atoms; a pipe called
``.gitattributes`` has no end.
"""

import io
import os
import select
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple, cast

from qms.findings import Finding, Place, QmsError
from qms.storage.exchange import Exchange
from qms.storage.special import in_work_tree

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BUFFER: Final = 1 << 16
MEMORY: Final = 768 * 1024 * 1024
"""Bytes for one git: a hundred thousand files take a tenth of them."""
PROCESSOR: Final = 15
"""Seconds for one that answers a single question; the same files take a tenth of them."""
ANSWER: Final = 64 * 1024 * 1024
"""Bytes of one answer: as many files take a tenth of them."""

WAITING: Final = 3
"""So many seconds without an answer are worth a look for what git may be waiting for."""

QUIET: Final = 9
"""So many seconds in which git does nothing at all, and it waits for what never comes."""
LONGEST: Final = 900
"""So many seconds are enough for one answer where nobody can tell whether git does something."""

_SPARE: Final = 64 * 1024 * 1024
_ENDED: Final = (-9, -24)
"""By which signals a system ends what is over its time: SIGKILL, SIGXCPU."""
_TOO_LARGE: Final = (b"ut of memory", b"memory exhausted", b"annot allocate memory")


def within_memory(start: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """A process that ends when it takes too much; where the system can see to that.

    It is started with that bound: one that is set afterwards comes too late for who fills the
    memory with the first file it opens.
    """
    if resource is None:
        return start()
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    own = max(MEMORY, _data() + _SPARE)  # until the process is there it holds for ours too
    with suppress(OSError, ValueError):  # it may take less as it is
        resource.setrlimit(resource.RLIMIT_DATA, (_less(own, before), most))
    try:
        process = start()
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))
    _within(process, "RLIMIT_DATA", MEMORY, MEMORY)
    return process


def within_time(
    process: subprocess.Popen[bytes], seconds: int = PROCESSOR
) -> subprocess.Popen[bytes]:
    """The same process, which ends when it works too long: for none that lives on."""
    _within(process, "RLIMIT_CPU", seconds, seconds)
    return process


def allow_time(process: subprocess.Popen[bytes], seconds: int) -> None:
    """Let a process that lives on work so long altogether; it may be allowed more later."""
    if resource is not None:
        _within(process, "RLIMIT_CPU", seconds, resource.getrlimit(resource.RLIMIT_CPU)[1])


def used_time(process: subprocess.Popen[bytes]) -> float:
    """Seconds that a process has worked; 0 where nobody tells."""
    ticks = _processor(process)
    return 0.0 if ticks is None else sum(ticks) / os.sysconf("SC_CLK_TCK")


def _within(process: subprocess.Popen[bytes], name: str, soft: int, hard: int) -> None:
    limit = getattr(resource, "prlimit", None)
    if limit is not None:
        with suppress(OSError, ValueError):  # it has ended already, or may take less as it is
            limit(process.pid, getattr(resource, name), (soft, hard))


def _less(wanted: int, known: int) -> int:
    return wanted if known < 0 else min(wanted, known)


def _data() -> int:
    """Bytes of memory that this process has of its own."""
    with suppress(OSError, IndexError, ValueError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[5])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def has_taken_too_much(process: subprocess.Popen[bytes], said: bytes) -> bool:
    """Whether a process that failed did so by what it may take."""
    return process.returncode in _ENDED or any(one in said for one in _TOO_LARGE)


def too_much(command: str, seconds: int = PROCESSOR) -> Finding:
    """GIT-LIMIT: what git was asked for takes more memory or time than it may."""
    values = {"command": command, "most": str(MEMORY >> 20), "seconds": str(seconds)}
    return Finding("GIT-LIMIT", values=values)


class Answered(NamedTuple):
    """What a process wrote to its two streams; `is_too_much` where it took or wrote too much."""

    output: bytes
    errors: bytes
    is_too_much: bool


def answered(
    process: subprocess.Popen[bytes], stdin: bytes, root: Path | None, most: int = ANSWER
) -> Answered:
    """What a process writes to its two streams, however long it works for it.

    One that writes more than `most` is ended, as one that takes too much. Raises `QmsError`
    SPECIAL-FILE where it waits for a pipe that lies in the work tree `root`, GIT-STUCK where it
    waits for something else.
    """
    exchange = Exchange(process, stdin, most)
    used, quiet, whole = _processor(process), 0, 0
    while True:
        said = exchange.goes_on(WAITING)
        if said is not None:
            failed = process.returncode != 0 and has_taken_too_much(process, said[1])
            return Answered(*said, exchange.is_over or failed)
        before, used = used, _processor(process)
        quiet = quiet + WAITING if used == before else 0
        whole += WAITING
        # A git that works is only slow: what lies in repositories inside may be much more.
        inside = quiet == WAITING
        for path in in_work_tree(root, inside=inside) if root is not None else ():
            _end(process)
            raise QmsError(Finding("SPECIAL-FILE", Place(path)))
        if quiet >= (LONGEST if used is None else QUIET) or whole >= LONGEST:
            _end(process)
            raise QmsError(Finding("GIT-STUCK", values={"seconds": str(whole)}))


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
