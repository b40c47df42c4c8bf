"""What a process is sent and what it writes, taken as it comes and up to a bound.

A process whose own memory is bounded may still write without end, and whoever keeps what it says
has no bound then.
"""

import os
import select
import selectors
import subprocess
from contextlib import suppress
from time import monotonic
from typing import IO, Final

_PIECE: Final = 1 << 16
_MOST_SAID: Final = 1 << 20
"""Bytes that are kept of what it says to people."""


class Exchange:
    """The whole talk with one process, for one thread; on Windows nothing bounds it.

    A process that has written more than `most` bytes is ended, and nothing of it is kept. It may
    have ended well by then: `is_over` tells, not its code.
    """

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes, most: int) -> None:
        """`stdin` is all that the process is sent."""
        self._process = process
        self._stdin: bytes | None = stdin
        self._left = memoryview(stdin)
        self._most = most
        self._taken = 0
        self._output: list[bytes] = []
        self._errors: list[bytes] = []
        self._selector: selectors.BaseSelector | None = None
        self._streams: dict[int, IO[bytes]] = {}

    def goes_on(self, seconds: float) -> tuple[bytes, bytes] | None:
        """What the process wrote, once it has ended; None where that takes longer."""
        if os.name != "posix":  # nobody there can wait for two pipes at once
            waiting, self._stdin = self._stdin, None
            with suppress(subprocess.TimeoutExpired):
                return self._process.communicate(waiting, timeout=seconds)
            return None
        selector = self._selector = self._selector or self._opened()
        deadline = monotonic() + seconds
        while selector.get_map():
            left = deadline - monotonic()
            if left <= 0:
                return None
            for key, _ in selector.select(left):
                self._serve(key.fd)
        selector.close()
        try:
            self._process.wait(max(0.0, deadline - monotonic()))
        except subprocess.TimeoutExpired:
            return None
        return b"".join(self._output), b"".join(self._errors)

    @property
    def is_over(self) -> bool:
        """Whether the process has written more than it may."""
        return self._taken > self._most

    def _opened(self) -> selectors.BaseSelector:
        selector = selectors.DefaultSelector()
        process = self._process
        self._streams = {
            stream.fileno(): stream
            for stream in (process.stdin, process.stdout, process.stderr)
            if stream is not None
        }
        for number, stream in self._streams.items():
            is_sent = stream is process.stdin
            selector.register(number, selectors.EVENT_WRITE if is_sent else selectors.EVENT_READ)
        process.stdin = None  # nobody else writes there
        return selector

    def _serve(self, number: int) -> None:
        stream = self._streams[number]
        if stream is self._process.stdout:
            self._take(data := os.read(number, _PIECE))
        elif stream is self._process.stderr:
            data = os.read(number, _PIECE)
            if sum(map(len, self._errors)) < _MOST_SAID:
                self._errors.append(data)
        else:
            data = self._send(number)
        if not data and self._selector is not None:
            self._selector.unregister(number)
            with suppress(BrokenPipeError):
                stream.close()

    def _send(self, number: int) -> bytes:
        """Send as much as the process surely takes; gives nothing once that was all."""
        piece = self._left[: select.PIPE_BUF]
        with suppress(BrokenPipeError):
            sent = os.write(number, piece) if piece else 0
            self._left = self._left[sent:]
            return bytes(self._left[:1])
        return b""

    def _take(self, data: bytes) -> None:
        self._taken += len(data)
        if not self.is_over:
            self._output.append(data)
        else:
            self._output.clear()
            self._process.kill()
