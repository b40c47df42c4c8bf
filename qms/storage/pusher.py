"""Whether whoever pushes is still there: a hook isn't ended when they go.

The program that takes a push (git 2.39) waits for its hook, whatever became of its client: what
tells it so ends a thread of it, no more, and the pipe that the hook writes to stays open. So the
hook looks for itself, whether anybody reads what that program says. Where that is no pipe, as
behind some servers, or the system shows nobody's files, only the end of that program tells.
"""

import os
import select
import signal
import stat
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from qms.purity import pure

EVERY: Final = 1.0
"""So many seconds lie between two looks."""
_STDOUT: Final = 1
_STDERR: Final = 2


class Gone(KeyboardInterrupt):
    """Whoever pushed has gone: the rest is work for nobody, while others wait."""


@contextmanager
def while_there() -> Generator[None, None, None]:
    """A span of a hook that ends with `Gone` soon after whoever pushed has gone.

    Wherever it is then, as by somebody's Ctrl-C. Where the system has no timers it never does.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    program = os.getppid()

    def look(_number: int, _frame: object) -> None:
        with pure(""):  # whatever rule is asked just then, it is not the one that looks
            is_heard = _is_heard(program)
        if not is_heard:
            raise Gone

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _is_heard(program: int) -> bool:
    """Whether the program that takes the push is there, and somebody reads what it says."""
    if os.getppid() != program or not _is_read(_STDERR):
        return False
    place = f"/proc/{program}/fd/{_STDOUT}"
    try:
        if not stat.S_ISFIFO(os.stat(place).st_mode):  # noqa: PTH116 - no link is followed by names
            return True
        own = os.open(place, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return True  # nobody can tell
    try:
        return _is_read(own)
    finally:
        os.close(own)


def _is_read(number: int) -> bool:
    """Whether somebody has the other end of what is written to; so where there is none."""
    looked = select.poll()
    looked.register(number, 0)
    return not any(found & select.POLLERR for _, found in looked.poll(0))
