"""A process beside this one that verifies signatures while this one reads and judges.

It is told what is claimed and answers whether that holds, and nothing else: no verdict of it is
believed that isn't "holds", and where it can't be started, ends or answers anything strange,
whoever asked verifies as if it had never been there. It reads from its pipe until that ends, so it
never outlives the process that started it.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import IO, Final

from qms.formats.sshsig import Claim, holds

_LINES: Final = 4
"""A claim is so many lines: message, signature, namespace, fingerprint. None holds a line end."""


class VerifyingProcess:
    """The other process, from the first `ask` to `end`; `verdicts` is called once after each."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._asked = 0
        # With one core it would only get in the way.
        self._is_wanted = bool(sys.executable) and (os.cpu_count() or 1) > 1

    @property
    def is_running(self) -> bool:
        """Whether it was started, so that little is to be paid for asking it again."""
        return self._child is not None

    def ask(self, claims: Sequence[Claim]) -> None:
        """Let it begin with these. Returns as soon as it has taken them in."""
        self._asked = len(claims)
        child = self._running()
        if child is None or child.stdin is None:
            return
        parts: list[bytes] = [b"%d\n" % len(claims)]
        for claim in claims:
            words = (claim.signature, claim.namespace, claim.key)
            parts += (claim.message, "\n".join(words).encode(), b"\n")
        try:
            child.stdin.write(b"".join(parts))
            child.stdin.flush()
        except OSError:
            self.end()

    def verdicts(self) -> list[bool]:
        """Of each claim that was asked whether it was found to hold; waits until it is known."""
        asked, self._asked = self._asked, 0
        child = self._child
        if not asked or child is None or child.stdout is None:
            return [False] * asked
        line = child.stdout.readline()
        if len(line) != asked + 1:
            self.end()
            return [False] * asked
        return [one == ord("1") for one in line[:-1]]

    def end(self) -> None:
        """End it; it isn't started again."""
        self._is_wanted = False
        child, self._child = self._child, None
        if child is not None:
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            child.kill()
            child.wait()

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._child is None and self._is_wanted:
            self._is_wanted = False
            # `-P` and `-I`: the folder one happens to be in is no place to import from. A new
            # session: an interrupt from the terminal is for the one that judges, which ends it.
            safe = "-I" if sys.flags.isolated else "-P"
            with suppress(OSError):
                self._child = subprocess.Popen(  # noqa: S603 - this very Python, this very module
                    [sys.executable, safe, "-m", __name__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._child


def answer(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Verify what stands in `requests`, until they end."""
    for count in requests:
        lines = [one[:-1].decode() for one in islice(requests, int(count) * _LINES)]
        claims = (
            # The message is canonical JSON and one line end, which is signed with it.
            Claim(f"{lines[at]}\n".encode(), *lines[at + 1 : at + _LINES])
            for at in range(0, len(lines), _LINES)
        )
        answers.write(b"".join(b"1" if holds(claim) else b"0" for claim in claims) + b"\n")
        answers.flush()


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
