"""Rendering in child processes with limits: memory, processor time, wall clock, for each document.

A document may come from anybody. What is hostile in it is refused before it is set; what slips
through, or is merely huge, ends its own child. It costs that document alone: another child takes
the ones that follow.
"""

import ctypes
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from typing import Final, NamedTuple, Self, TypeAlias

from qms.domain.kinds.policy import Policy
from qms.findings import Finding, Place, QmsError, Reason, Refused
from qms.installed import TOOLS
from qms.listings import ListRequest
from qms.plugins import Hooks
from qms.printing import RenderRequest
from qms.storage.scratch import temporary_place

_DOCUMENTS: Final = 50
"""So many documents are rendered by one child: what one leaves behind in memory ends with it."""
_GRACE: Final = 30
_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG"""


_BEGINS: Final = 30.0
"""Seconds of processor for any document: an empty one takes two."""
_EACH_KB: Final = 2.0
"""… and for each kB of its text: prose takes 0.02, tables 0.2, a list of single letters 0.6."""
_EACH_PICTURE: Final = 10.0
_EACH_ROW: Final = 0.1
"""… and for each row of a list, or line of what a head says."""
_LONGEST: Final = 600.0
_SHORTEST_WAIT: Final = 60.0


Asked: TypeAlias = RenderRequest | ListRequest
"""What a child is handed."""


class Limits(NamedTuple):
    """What one document may take: bytes of address space, seconds of processor and of the wall."""

    memory: int = 3 << 30
    processor: int = int(_LONGEST)
    wall: float = 2 * _LONGEST

    @classmethod
    def of(cls, request: "Asked") -> Self:
        """Several times what the heaviest text of that length takes, on a machine of ours.

        So a short one that goes on and on is found out in a minute. Memory is the same for all: a
        child keeps what it took for the one before.
        """
        if isinstance(request, ListRequest):
            seconds = _BEGINS + _EACH_ROW * len(request.rows)
        else:
            size = len(request.document.body.encode()) / 1024
            rows = sum(len(one.lines) for one in request.particulars)
            seconds = _BEGINS + _EACH_KB * size + _EACH_PICTURE * len(request.assets)
            seconds += _EACH_ROW * rows
        processor = int(min(seconds, _LONGEST))
        return cls(processor=processor, wall=max(_SHORTEST_WAIT, 2.0 * processor))


class _Ended(NamedTuple):
    """That a child ended a document, and why: it can't go on itself."""

    reason: str


def fault_of_document(error: QmsError, path: str) -> Finding:
    """What went wrong in printing the document at `path`: a refusal, a plugin that broke down.

    Raises `error` where it is the machine that lacks something: it is so for all of them.
    """
    if isinstance(error, Refused) or error.finding.reason is Reason.PLUGIN_FAILED:
        return error.finding.at(path=path)
    raise error


def render_all(
    policy: Policy,
    requests: Mapping[str, Asked],
    limits: Limits | None = None,
    workers: int | None = None,
) -> Iterator[tuple[str, bytes | Finding]]:
    """The base PDF of each request, by key, as they are done, on as many children as cores.

    A document that can't be printed gives the finding that says why, and the others go on:
    RENDER-ENDED where its child was ended. Raises `QmsError` for what is broken in the
    environment.
    """
    waiting = iter(requests.items())
    count = min(len(requests), workers or os.cpu_count() or 1)
    children = [_Child(policy, limits) for _ in range(count)]
    try:
        busy = [child for child in children if child.take(next(waiting, None))]
        while busy:
            for child in _ready(busy):
                yield child.key, child.answer(requests[child.key].path)
                if not child.take(next(waiting, None)):
                    busy.remove(child)
    finally:
        for child in children:
            child.end()


@dataclass(slots=True)
class _Running:
    """A process that renders, and our end of the pipe to it."""

    process: multiprocessing.Process
    pipe: "connection.Connection[object, object]"
    documents: int = 0


class _Child:
    """One process at a time that renders one document at a time; a new one where it was ended."""

    def __init__(self, policy: Policy, limits: Limits | None) -> None:
        self.key = ""
        self.due = 0.0
        self._policy, self._limits = policy, limits
        self._running: _Running | None = None

    @property
    def pipe(self) -> "connection.Connection[object, object]":
        """Where its answer comes."""
        return self._started().pipe

    def take(self, item: tuple[str, Asked] | None) -> bool:
        """Begin with a document, if there is one."""
        if item is None:
            return False
        running = self._running
        if running is not None and running.documents >= _DOCUMENTS:
            self.end()
        running = self._started()
        running.documents += 1
        self.key = item[0]
        limits = self._limits or Limits.of(item[1])
        self.due = time.monotonic() + limits.wall
        with suppress(OSError):  # it has died: told where its answer is asked for
            running.pipe.send((item[1], limits))
        return True

    def answer(self, path: str) -> bytes | Finding:
        """What came of its document, whose file is at `path`. Raises what ends the whole run."""
        running = self._started()
        try:
            found = running.pipe.recv() if running.pipe.poll() else _Ended("time")
        except (EOFError, OSError):
            running.process.join(1)
            found = _Ended(_cause(running.process.exitcode))
        if isinstance(found, _Ended):
            self.end()
            return Finding("RENDER-ENDED", Place(path), {"reason": found.reason})
        if isinstance(found, QmsError):
            return fault_of_document(found, path)
        if not isinstance(found, bytes):
            raise TypeError(type(found).__name__)
        return found

    def end(self) -> None:
        """Kill the process, if one is running."""
        if self._running is not None:
            self._running.process.kill()
            self._running.process.join()
            self._running.pipe.close()
            self._running = None

    def _started(self) -> _Running:
        if self._running is None:
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(
                target=_serve, args=(theirs, ours, self._policy), daemon=True
            )
            process.start()
            theirs.close()
            self._running = _Running(process, ours)
        return self._running


def _ready(busy: list[_Child]) -> list[_Child]:
    """Those that have answered, have died, or are over their time."""
    left = max(0.0, min(child.due for child in busy) - time.monotonic())
    told = connection.wait([child.pipe for child in busy], timeout=left)
    now = time.monotonic()
    return [child for child in busy if child.pipe in told or child.due <= now]


def _cause(exitcode: int | None) -> str:
    if exitcode is None or exitcode >= 0:
        return f"exit {exitcode}"
    return signal.Signals(-exitcode).name


def _serve(
    pipe: "connection.Connection[object, object]",
    theirs: "connection.Connection[object, object]",
    policy: Policy,
) -> None:
    """Render what comes, until nothing does: the plugins are loaded here, as the policy admits."""
    theirs.close()  # or nobody would see that the run has ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_run()
    tempfile.tempdir = str(temporary_place())  # a plugin and its libraries ask Python for one
    bound = _limiter()
    printers = Hooks(policy.plugins, (TOOLS,))
    with suppress(EOFError, OSError):
        while True:
            match pipe.recv():
                case ((RenderRequest() | ListRequest()) as request, Limits() as limits):
                    pass
                case _:
                    return
            bound(limits)
            # Where the run itself was killed, nobody else ends what hangs.
            signal.alarm(int(limits.wall) + _GRACE)
            pipe.send(_rendered(printers, request))


def _end_with_run() -> None:
    """Let the system kill this process where the run is killed: it holds the folder's lock too.

    Where the system can't (it is Linux alone that does), it ends at its next answer, or by the
    alarm.
    """
    run = multiprocessing.parent_process()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if run is not None and os.getppid() != run.pid:
        os._exit(1)


def _rendered(printers: Hooks, request: Asked) -> bytes | QmsError | _Ended:
    try:
        if isinstance(request, ListRequest):
            return printers.render_list(request)
        return printers.render(request)
    except QmsError as error:
        if isinstance(error.__cause__, MemoryError):
            return _Ended("memory")
        error.__cause__ = error.__context__ = error.__traceback__ = None
        return error
    except MemoryError:
        return _Ended("memory")


def _limiter() -> Callable[[Limits], None]:
    """What sets the limits for one document, from now on."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, where nothing is rendered
    except ImportError:
        return lambda _limits: None

    def limit(kind: int, most: int) -> None:
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, hard))

    def both(limits: Limits) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + limits.processor)
        limit(resource.RLIMIT_AS, limits.memory)

    return both
