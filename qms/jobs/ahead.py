"""Files read, parsed and verified ahead, on another core, where many will be asked for.

What arrives is remembered by blob; a judge remembers what verified. A signature that does not hold
is verified again here, so that the judge finds the fault by itself, and whoever judges the file it
stands in tells it.
"""

from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, cast

from qms.domain.document import Document
from qms.domain.entries import remember
from qms.domain.judging import Judge
from qms.domain.log import Log
from qms.formats.slots import Slot
from qms.storage.beside import MOST, Beside
from qms.storage.history import AHEAD
from qms.storage.repository import Repository

if TYPE_CHECKING:
    from qms.jobs.reading import File

_MANY: Final = 500
"""So many files are worth a process, which takes a tenth of a second to start."""
_FIRST_SHARE: Final = 0.6
_STEP: Final = 0.03
"""By so much the share of the other process grows; by twice as much it shrinks where we wait."""


class Ahead:
    """Reads files that will be judged soon. A context manager."""

    def __init__(self, judge: Judge, repository: Repository, expected: int) -> None:
        """`expected`: about how many files will be asked for."""
        self._judge = judge
        self._objects = repository.objects
        self._process = Beside(
            "qms.jobs.reading", str(repository.git_dir), str(repository.root or "")
        )
        self._share = _FIRST_SHARE
        self._has_answered = False
        self._outstanding = 0
        self._asked: deque[Sequence[str]] = deque()  # by call, what the process was asked for
        if expected >= _MANY:
            self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.end()

    def files(self, blobs: Sequence[str]) -> None:
        """Begin to read these; those of the `AHEAD`th call before are at hand when it returns."""
        if len(blobs) >= _MANY:
            self._process.start()
        if not self._process.is_running:
            self._objects.prefetch(blobs)
            return
        count = int(len(blobs) * self._share) if self._outstanding < MOST else 0
        if count:
            self._process.ask(blobs[:count])
            self._outstanding += 1
        self._asked.append(blobs[:count])
        self._objects.prefetch(blobs[count:])
        self._take()

    def _take(self) -> None:
        """Take over what is wanted now; while the process is only about to begin, do its work."""
        while len(self._asked) > AHEAD:
            if self._asked[0]:
                is_ready = self._process.is_ready
                if not is_ready and not self._has_answered:
                    self._objects.prefetch(self._asked[-1 - AHEAD])
                    return
                change = _STEP if is_ready else -2 * _STEP
                self._share = min(max(self._share + change, _STEP), 1)
                self._take_over(self._asked[0])
            self._asked.popleft()

    def _take_over(self, blobs: Sequence[str]) -> None:
        files = cast("list[File]", self._process.answer() or [])
        self._has_answered = True
        self._outstanding -= 1
        for blob, value, verdicts in files:
            remember(blob, value)
            slots = () if value is None else _slots(value)
            for slot, holds in zip(slots, verdicts, strict=True):
                if holds:
                    self._judge.told(slot)
        read = {blob for blob, _, _ in files}
        self._objects.prefetch(blob for blob in blobs if blob not in read)


def _slots(value: Document | Log) -> tuple[Slot, ...]:
    return value.slots if isinstance(value, Document) else value.events
