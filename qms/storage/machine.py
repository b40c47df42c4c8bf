"""Which machine, start of it and process this is: what a note or a scratch file is bound to.

A number of a process means nothing on another machine, in another container or after a restart,
and is given out anew: so all of these stand beside it.
"""

import os
import select
import signal
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Self

_ENDED: Final = frozenset(("Z", "X"))
"""The states of processes that do nothing any more."""
_WORDS: Final = 16
"""Of a command line: git's own options come before the name of what it does."""
_ASKED: Final = 2.0
"""So many seconds a process has for ending."""


class Process(NamedTuple):
    """One process: host (and container), start of the machine, number, when it began.

    `boot` and `started` are empty where the system doesn't tell.
    """

    host: str
    boot: str
    pid: int
    started: str

    @classmethod
    def this(cls) -> Self:
        """The process that asks."""
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> Self:
        """The process that has this number now."""
        return cls(host(), boot(), pid, started(pid))

    @property
    def is_of_this_machine(self) -> bool:
        """Whether its number means anything here and now."""
        return (self.host, self.boot) == (host(), boot())

    @property
    def is_running(self) -> bool:
        """Whether it still runs; asked only of one that is of this machine."""
        return is_running(self.pid, self.started)

    def end(self, program: str) -> None:
        """End it, where it is the one that was meant and runs `program`, a command of git.

        Nothing where the system doesn't tell (only Linux does), or forbids it. A number that was
        given out anew meanwhile is nobody's here: what is ended is held while it is looked at.
        """
        if not (self.started and hasattr(os, "pidfd_open")):
            return
        with suppress(OSError):
            held = os.pidfd_open(self.pid)
            try:
                if self.is_running and _runs(self.pid, program):
                    _end(held)
            finally:
                os.close(held)


@cache
def host() -> str:
    """The machine's name; of a container its own, with the number of its process table."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    with suppress(OSError):
        return f"{name} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115 - no path
    return name


@cache
def boot() -> str:
    """What the system calls this start of it; empty where it has no name."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def started(pid: int) -> str:
    """When a process began, as the system counts; empty where it doesn't tell."""
    return _told(pid)[1]


def is_running(pid: int, began: str) -> bool:
    """Whether the process of this number that `began` then runs here; True where nobody can tell.

    Numbers are given out anew: in a container that is started again, the very same ones at once.
    One that ended and that nobody has asked about, as in a container without an `init`, is dead.
    """
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass  # another user's
    state, since = _told(pid)
    return state not in _ENDED and since in (began, "")


def _told(pid: int) -> tuple[str, str]:
    """State and beginning of a process, as the system writes them; empty where it doesn't."""
    with suppress(OSError):
        # The name of the program stands in brackets before it, and may hold anything.
        told = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return told[0].decode("ascii"), told[19].decode("ascii")
    return "", ""


def _runs(pid: int, program: str) -> bool:
    """Whether a process is `git PROGRAM`, as it was called."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    names = {program.encode("ascii"), f"git-{program}".encode("ascii")}
    return any(word.rpartition(b"/")[2] in names for word in words[:_WORDS])


def _end(held: int) -> None:
    """Ask the process to end, as git clears away what it has begun; then end it."""
    for how, seconds in ((signal.SIGTERM, _ASKED), (signal.SIGKILL, _ASKED)):
        signal.pidfd_send_signal(held, how)
        if select.select([held], [], [], seconds)[0]:
            return


def tag() -> str:
    """A short name of this machine and its start, for names of files."""
    return sha256(f"{host()}\n{boot()}".encode("utf-8", "surrogateescape")).hexdigest()[:8]


def is_old(moment: float) -> bool:
    """Whether a file that was touched at `moment` is of no process that could still want it."""
    return time.time() - moment > 24 * 60 * 60
