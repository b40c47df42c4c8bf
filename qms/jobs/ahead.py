"""Signatures verified ahead, on all cores, where many will be asked for.

The cryptography runs outside of Python's lock, so threads share the work. A judge remembers what
verified; what is found here is asked again, and told, by whoever judges the file it stands in.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from qms.domain.entries import parsed_document, parsed_log
from qms.domain.judging import Judge
from qms.findings import Refused
from qms.formats.cut import is_markdown
from qms.formats.slots import Slot

_FEW: Final = 16
_LOG: Final = b"\nstatus: log\n"
_SHARES: Final = 8
"""Into so many parts work is cut, so that a slow core keeps nobody waiting long."""


class Verifier:
    """Verifies signatures in files that will be judged next. A context manager."""

    def __init__(self, judge: Judge) -> None:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - not for a few files

        self._judge = judge
        self._pool = ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    def files(self, contents: Iterable[bytes]) -> None:
        """Verify what documents and logs among `contents` hold; others are passed over."""
        asked: list[tuple[Slot, str]] = []
        for data in contents:
            with suppress(Refused):
                if is_markdown(data):
                    asked += [(slot, "document") for slot in parsed_document(data).slots]
                elif _LOG in data:
                    asked += [(slot, "copy") for slot in parsed_log(data).events]
        if len(asked) >= _FEW:
            list(self._pool.map(self._verify, (asked[at::_SHARES] for at in range(_SHARES))))

    def _verify(self, share: list[tuple[Slot, str]]) -> None:
        for slot, kind in share:
            with suppress(Refused):
                self._judge.form(slot, kind)
