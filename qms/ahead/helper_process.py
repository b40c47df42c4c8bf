"""A process of ours beside this one: it is asked by lines, and answers into files without a name.

It is this very Python and a module of qms. Where it can't be started, ends or says anything
strange, there is no answer, and whoever asked does the work as if it had never been there. It
reads from its pipe until that ends, so it never outlives the process that started it.

Answers go through files, which take in whatever comes: through a pipe the other process would
stand still until its answer is read.
"""

import os
import pickle
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Final

from qms.findings import QmsError
from qms.storage.scratch import temporary_place

MOST: Final = 4
"""So many questions may be asked before the answer to the first is taken."""


class HelperProcess:
    """The other process, from `start` to `end`; `answer` is called once after each `ask`."""

    def __init__(
        self, module: str, *arguments: str, scratch: Callable[[], Path] = temporary_place
    ) -> None:
        """Starts nothing yet. The module hands what it does to `serve`.

        `scratch` gives a folder for its temporary files, which whoever made it removes: the
        process is killed where its answers are wanted no more.
        """
        self._command = (module, *arguments)
        self._scratch = scratch
        self._child: subprocess.Popen[bytes] | None = None
        self._files: tuple[IO[bytes], ...] = ()
        self._taken = 0
        # With one core it would only get in the way; Windows hands on no open files.
        self._is_wanted = bool(sys.executable) and (os.cpu_count() or 1) > 1 and os.name == "posix"

    @property
    def is_running(self) -> bool:
        """Whether it was started and nothing is known to have happened to it."""
        return self._child is not None

    def start(self) -> None:
        """Start it, if that is of any use."""
        if self._child is not None or not self._is_wanted:
            return
        self._is_wanted = False
        # `-P` and `-I`: the folder one happens to be in is no place to import from. A new session:
        # an interrupt from the terminal is for the process that started it, which then ends it.
        safe = "-I" if sys.flags.isolated else "-P"
        with suppress(OSError, QmsError), ExitStack() as stack:
            place = self._scratch()
            files = [
                stack.enter_context(tempfile.TemporaryFile(buffering=0, dir=place))
                for _ in range(MOST)
            ]
            numbers = [file.fileno() for file in files]
            self._child = subprocess.Popen(  # noqa: S603 - this very Python, a module of ours
                [sys.executable, safe, "-m", *self._command, ",".join(map(str, numbers))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=numbers,
                env={**os.environ, "TMPDIR": str(place)},
                start_new_session=True,
            )
            self._files = tuple(files)
            stack.pop_all()

    def ask(self, words: Sequence[str]) -> None:
        """Let it begin with these; no word holds a space or a line end."""
        child = self._child
        if child is None or child.stdin is None:
            return
        try:
            child.stdin.write(" ".join(words).encode() + b"\n")
            child.stdin.flush()
        except OSError:
            self.end()

    @property
    def is_ready(self) -> bool:
        """Whether the oldest question is answered, so that nobody has to wait."""
        child = self._child
        if child is None or child.stdout is None:
            return True
        poll = select.poll()
        poll.register(child.stdout, select.POLLIN)
        return bool(poll.poll(0))

    def answer(self) -> object:
        """What it gives for the oldest question; waits for it. None where there is no answer."""
        child = self._child
        if child is None or child.stdout is None:
            return None
        line = _line(child.stdout.fileno())
        file = self._files[self._taken % MOST]
        self._taken += 1
        if line.isdigit() and 0 < int(line) == os.fstat(file.fileno()).st_size:
            file.seek(0)
            return pickle.loads(file.read())  # noqa: S301 - what `serve` has made
        self.end()
        return None

    def end(self) -> None:
        """End it; it isn't started again."""
        self._is_wanted = False
        child, self._child = self._child, None
        files, self._files = self._files, ()
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout, *files):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()


def _line(number: int) -> bytes:
    """What is written up to the next line end; without it where there is none."""
    line = b""
    while byte := os.read(number, 1):
        if byte == b"\n":
            return line
        line += byte
    return b""


def serve(
    work: Callable[[Sequence[str]], object], requests: IO[bytes], answers: IO[bytes], numbers: str
) -> None:
    """The other side: answer each line of `requests` by what `work` makes of its words.

    `numbers` is the last argument the module was started with.
    """
    files = [open(int(one), "wb", buffering=0) for one in numbers.split(",")]  # noqa: PTH123, SIM115
    for count, line in enumerate(requests):
        data = pickle.dumps(work(line.decode().split()), pickle.HIGHEST_PROTOCOL)
        file = files[count % len(files)]
        file.seek(0)
        file.truncate()
        file.write(data)
        answers.write(b"%d\n" % len(data))
        answers.flush()
