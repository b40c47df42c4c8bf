"""Signatures verified ahead, on another core, where many will be asked for.

A judge remembers what verified. What does not hold is verified again here, so that the judge finds
the fault by itself, and whoever judges the file it stands in tells it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from qms.domain.entries import parsed_document, parsed_log
from qms.domain.judging import Judge
from qms.findings import Refused
from qms.formats.cut import is_markdown
from qms.formats.slots import Slot
from qms.storage.verifying import VerifyingProcess

if TYPE_CHECKING:
    from qms.formats.sshsig import Claim

_FEW: Final = 8
_FEW_TO_START: Final = 128
"""Fewer are verified here before the other process has begun."""
_LOG: Final = b"\nstatus: log\n"


class Verifier:
    """Verifies signatures in files that will be judged soon. A context manager."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._process = VerifyingProcess()
        self._asked: dict[Claim, tuple[Slot, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.end()

    def files(self, contents: Iterable[bytes]) -> None:
        """Begin to verify what documents and logs among `contents` hold; others are passed over.

        When it returns the judge knows what the call before this one began with.
        """
        claims: dict[Claim, tuple[Slot, str]] = {}
        for slot, kind in _slots(contents):
            with suppress(Refused):
                claim = self._judge.claim(slot, kind)
                if claim is not None and claim not in self._asked:
                    claims[claim] = slot, kind
        # Only now: all the time that was spent above, the other process has worked.
        for (slot, kind), holds in zip(self._asked.values(), self._process.verdicts(), strict=True):
            if holds:
                self._judge.take(slot)
            else:
                self._judge.form(slot, kind)
        few = _FEW if self._process.is_running else _FEW_TO_START
        self._asked = claims if len(claims) >= few else {}
        if self._asked:
            self._process.ask(tuple(self._asked))


def _slots(contents: Iterable[bytes]) -> Iterator[tuple[Slot, str]]:
    for data in contents:
        with suppress(Refused):
            if is_markdown(data):
                for slot in parsed_document(data).slots:
                    yield slot, "document"
            elif _LOG in data:
                for slot in parsed_log(data).events:
                    yield slot, "copy"
