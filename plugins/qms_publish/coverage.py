"""Which characters our fonts have a picture of.

A character that they lack is printed as an empty box and nobody is told. The list travels with the
plugin, so that a text is judged alike on every machine, also where no fonts are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import category

from qms.api import Finding, Place

SURE: Final = "\t\n -~\u4e00-\u9fa5\u3000-\u3002\uff01-\uff5e“”‘’《》（）—…≥≤±×°℃Ω"
"""Ordinary characters, for a set of a pattern: the list itself takes 5 ms to read."""
_ORDINARY: Final = re.compile(f"[{SURE}]*")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_SELECTORS = range(0xFE00, 0xFE10)


def missing(text: str) -> tuple[str, ...]:
    """The characters of `text` that can't be printed, in the order of their numbers."""
    if _ORDINARY.fullmatch(text):
        return ()
    starts, ends = _ranges()
    return tuple(
        char
        for char in sorted(set(text))
        if ord(char) > ends[bisect_right(starts, ord(char)) - 1] and not _is_unseen(char)
    )


def missing_letters(text: str, place: Place) -> Iterator[Finding]:
    """LETTER-MISSING for each character of `text` that can't be printed, where it first stands."""
    for at, char in sorted((text.index(char), char) for char in missing(text)):
        values = {"found": char, "number": f"U+{ord(char):04X}"}
        line = place.line + text.count("\n", 0, at) if place.line else 0
        yield Finding("LETTER-MISSING", place._replace(line=line), values)


def _is_unseen(char: str) -> bool:
    """Whether a character needs no picture: spaces, marks of direction, choices of a variant."""
    return category(char) in _UNSEEN or ord(char) in _SELECTORS


@lru_cache(maxsize=1)
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last of each run of characters, after one that holds none."""
    from importlib.resources import files  # noqa: PLC0415 - seldom needed

    data = (files("qms_publish") / "data" / "letters.txt").read_text(encoding="ascii")
    pairs = [run.partition("-") for run in data.split()]
    starts = (0, *(int(first, 16) for first, _, _ in pairs))
    return starts, (-1, *(int(last or first, 16) for first, _, last in pairs))
