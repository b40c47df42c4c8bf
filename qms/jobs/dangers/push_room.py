"""How much the texts of one push may keep a gate at work: others wait for it.

Each text has bounds of its own, and a hundred at theirs would take most of an hour. Pixels are
counted, as pictures say how many they have: that is the same on every machine. Drawings and tables
say nothing of the kind, so processor time is bound too, far beyond what honest ones take.
"""

import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from qms.findings import Finding, Place

MOST_PIXELS: Final = 8_000_000_000
"""Pixels of the pictures of all texts: 1,300 texts with three photographs of two millions each."""
MOST_SECONDS: Final = 1800
"""Seconds of processor time: so many texts take a quarter of them."""
_MILLION: Final = 1_000_000


@dataclass(slots=True, eq=False)
class PushRoom:
    """What a push has used up. One text fits in any case: what it may be is bound by printers."""

    pixels: int = 0
    seconds: float = 0.0

    def fault(self, path: str) -> Finding | None:
        """PUSH-PIXELS or PUSH-TIME, where the text at `path` and those behind it have no room."""
        place = Place(path)
        if self.pixels > MOST_PIXELS:
            return Finding("PUSH-PIXELS", place, {"limit": str(MOST_PIXELS // _MILLION)})
        if self.seconds > MOST_SECONDS:
            return Finding("PUSH-TIME", place, {"limit": str(MOST_SECONDS // 60)})
        return None

    @contextmanager
    def judging(self) -> Generator[None, None, None]:
        """A span in which a text is judged."""
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - began

    def drew(self, pixels: Iterable[int]) -> None:
        """Count the pictures of a text that was judged."""
        self.pixels += sum(max(0, one) for one in pixels)
