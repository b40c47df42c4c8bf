"""Patterns over many characters: to compile one takes milliseconds, and most texts need few.

What `re` does with a set of Chinese letters costs more than reading a text of ten pages does.
"""

import re
import sys
from collections.abc import Iterator
from functools import cached_property


class Late:
    """A regular expression that is compiled when it is first asked; asked as those of `re` are."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        """Compiles nothing yet: a fault in `pattern` is met by whoever asks first."""
        self.pattern = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    def match(self, text: str, at: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """What stands at a place of `text`."""
        return self._compiled.match(text, at, end)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in `text`."""
        return self._compiled.search(text)

    def findall(self, text: str) -> list[str]:
        """All places in `text`, of a pattern with at most one group."""
        return self._compiled.findall(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All places in `text`, one after the other."""
        return self._compiled.finditer(text)
