"""Whether what a logo says in letters is the organisation's name, or words of it, and no more."""

import re
from collections.abc import Sequence
from typing import Final

from qms.domain.kinds.worth import letters_of

_LEAST: Final = 2
"""So many letters a text has at least: single ones may be put together to any word."""
_WORDS: Final = re.compile(r"[^\W_]+")


def first_strange(texts: Sequence[str], names: Sequence[str]) -> str:
    """The first text that is no part of a name, or too much; empty where all are the names.

    `texts` stand in the order in which they are drawn. Each is a name or whole words of it, in
    their order; of a name in Chinese, which has no words apart, any two letters or more that stand
    together in it. What was said of a name isn't said again: all together say each name once.
    """
    left = [_Name(one) for one in names]
    for said in texts:
        found = letters_of(said)
        if not found:
            continue
        if len(found) < _LEAST or not any(one.gives(found) for one in left):
            return said
    return ""


class _Name:
    """A name and how far it has been said."""

    def __init__(self, name: str) -> None:
        words = [letters_of(one) for one in _WORDS.findall(name)]
        self._letters = "".join(words)
        self._ends = {0, len(self._letters)}
        for at, word in enumerate(words):
            end = sum(map(len, words[: at + 1]))
            self._ends |= {end - len(word), end}
            if not word.isascii():
                self._ends |= set(range(end - len(word), end))
        self._said = 0

    def gives(self, found: str) -> bool:
        """Whether these letters come behind what was said of it; said they are then."""
        at = self._letters.find(found, self._said)
        while at >= 0:
            if {at, at + len(found)} <= self._ends:
                self._said = at + len(found)
                return True
            at = self._letters.find(found, at + 1)
        return False
