"""Words that come close to one that nobody has: another spelling, a part of it, a slip of the pen.

The one measure of nearness for all that is typed: keys, ids, names, titles, numbers. Pure, and
without any library of the kind, since rules ask it: nothing may be imported while they run.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

_BETWEEN: Final = re.compile(r"[\W_]+")
_MOST: Final = 3
_SHORT: Final = 3


def folded(text: str) -> str:
    """A word without width, case, and the signs between its parts."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def parts(text: str) -> list[str]:
    """What stands between the signs of a word, without width and case."""
    return _BETWEEN.split(unicodedata.normalize("NFKC", text).casefold())


def near_words(known: Mapping[str, Iterable[str]], text: str) -> tuple[str, ...]:
    """Those of `known` that come close to `text` by one of their words, the closest first.

    Of two as close the one that `text` is a part of, or that is a part of it, comes first.
    """
    wanted = folded(text)
    found: list[tuple[int, bool, str]] = []
    for one, names in known.items():
        close = [word for word in map(folded, names) if _is_close(wanted, word)]
        far = min((_distance(wanted, word) for word in close), default=None)
        if far is not None:
            found.append((far, not any(map(partial(_is_part, wanted), close)), one))
    found.sort(key=lambda each: each[:2])
    return tuple(one for _, _, one in found[:_MOST])


def near_slips(known: Iterable[str], text: str) -> tuple[str, ...]:
    """Those that are a slip of the pen away from `text`, the closest first; no part of it is."""
    wanted = folded(text)
    found = [(_distance(wanted, folded(one)), one) for one in known]
    return tuple(one for far, one in sorted(found) if far <= _bearable(wanted))[:_MOST]


def _is_close(wanted: str, word: str) -> bool:
    if not wanted or not word:
        return False
    return _is_part(wanted, word) or _distance(wanted, word) <= _bearable(wanted)


def _is_part(wanted: str, word: str) -> bool:
    """Whether one of the two is the beginning or the end of the other, or a name in it."""
    short, long = sorted((wanted, word), key=len)
    least = _SHORT if short.isascii() else 2
    return len(short) >= least and short in long


def _bearable(word: str) -> int:
    return min(len(word) // _SHORT, _MOST)


def _distance(one: str, other: str) -> int:
    """How many letters are to be typed, deleted or replaced, or changed with the one beside.

    Over `_MOST` it is no nearness any more: only what lies so near the diagonal is looked at.
    """
    far, width = _MOST + 1, len(other) + 1
    if abs(len(one) - len(other)) > _MOST:
        return far
    above: list[int] = []
    row = [min(place, far) for place in range(width)]
    for at, letter in enumerate(one, 1):
        before, above, row = above, row, [far] * width
        row[0] = min(at, far)
        first, last = max(at - _MOST, 1), min(at + _MOST, width - 1)
        for place in range(first, last + 1):
            sign = other[place - 1]
            cost = min(above[place] + 1, row[place - 1] + 1, above[place - 1] + (letter != sign))
            if at > 1 and place > 1 and (letter, one[at - 2]) == (other[place - 2], sign):
                cost = min(cost, before[place - 2] + 1)
            row[place] = min(cost, far)
        if min(row[first - 1 : last + 1]) == far:
            return far
    return row[-1]
