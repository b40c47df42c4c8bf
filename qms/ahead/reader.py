"""Files read, parsed and verified ahead, on another core, where many will be asked for.

What arrives is remembered by blob; a judge remembers what verified. A signature that does not hold
is verified again here, so that the judge finds the fault by itself, and whoever judges the file it
stands in tells it.
"""

from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, cast

from qms.ahead.helper_process import MOST, HelperProcess
from qms.domain.kinds.reading import remember
from qms.domain.register.statement_holds import Judge
from qms.storage.commit_walk import AHEAD
from qms.storage.repository import Repository

if TYPE_CHECKING:
    from qms.ahead.read_files import File

_MANY: Final = 500
"""So many files are worth a process, which takes a tenth of a second to start."""
_LARGE: Final = 1024 * 1024
"""So many bytes of packed objects are most likely so many files."""
_FIRST_SHARE: Final = 0.9
_STEP: Final = 0.03
"""By so much the share of the other process grows, and shrinks where we wait."""


class Ahead:
    """Reads files that will be judged soon. A context manager."""

    def __init__(self, repository: Repository) -> None:
        """To be made as early as one knows that many files may be read: a process takes a while."""
        self._objects = repository.objects
        self._process = HelperProcess(
            "qms.ahead.read_files",
            str(repository.git_dir),
            str(repository.root or ""),
            scratch=lambda: repository.aside.folder,
        )
        self._share = _FIRST_SHARE
        self._has_answered = False
        self._outstanding = 0
        self._calls = 0
        self._asked: deque[Sequence[str]] = deque()  # by call, what the process was asked for
        self._foreseen: set[str] = set()
        self._judge: Judge | None = None
        if repository.packed_bytes() >= _LARGE:
            self._process.start()

    def begin(self, judge: Judge, expected: int) -> None:
        """`judge` is told which signatures hold; about so many files are `expected` to be read."""
        self._judge = judge
        if expected >= _MANY:
            self._process.start()

    def foresee(self, blobs: Sequence[str]) -> None:
        """Begin to read these before anything is known of what will be asked for."""
        if self._process.is_running and blobs:
            self._process.ask(blobs)
            self._outstanding += 1
            self._asked.append(blobs)
            self._foreseen.update(blobs)

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
            left = [blob for asked in self._asked for blob in asked]  # where it has ended
            self._asked.clear()
            self._objects.prefetch((*left, *blobs))
            return
        blobs = [one for one in blobs if one not in self._foreseen]
        self._calls += 1
        # The first will be judged before it has even started.
        is_asked = self._calls > AHEAD and self._outstanding < MOST
        count = int(len(blobs) * self._share) if is_asked else 0
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
                change = _STEP if is_ready else -_STEP
                self._share = min(max(self._share + change, _STEP), 1)
                self._take_over(self._asked[0])
            self._asked.popleft()

    def _take_over(self, blobs: Sequence[str]) -> None:
        files = cast("list[File]", self._process.answer() or [])
        self._has_answered = True
        self._outstanding -= 1
        for blob, value, verdicts in files:
            remember(blob, value)
            slots = () if value is None else value.statements
            for slot, holds in zip(slots, verdicts, strict=True):
                if holds and self._judge is not None:
                    self._judge.told(slot)
        read = {blob for blob, _, _ in files}
        self._objects.prefetch(blob for blob in blobs if blob not in read)
