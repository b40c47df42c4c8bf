"""What somebody may have meant by an id that nobody has: its name, another spelling, a slip.

Only words are compared here; whether an id is right, its rule says. Pure, and without any library
of the kind, since rules ask it: nothing may be imported while they run.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from qms.texts import Text

_BETWEEN: Final = re.compile(r"[\W_]+")
_COUNT: Final = re.compile(r"0+(?=[0-9])")
_MOST: Final = 3
_SHORT: Final = 3


def meant(known: Mapping[str, Text], text: str) -> str | None:
    """The only id that `text` can stand for: by its name in any language, or spelled otherwise.

    That is in another width or case, or with other signs between its words. None for an id itself.
    """
    if text in known:
        return None
    wanted = _folded(text)
    found = [
        one for one, name in known.items()
        if wanted and wanted in {_folded(one), *map(_folded, name.by_tag.values())}
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def near(known: Mapping[str, Text], text: str) -> str:
    """The ids close to `text`, the closest first, each with its name; all where none is."""
    return ", ".join(_named(one, known[one]) for one in _close(known, text) or known)


def close_to(known: Mapping[str, Text], text: str) -> str:
    """The same, a dash where none does: for ids of which there may be hundreds."""
    return ", ".join(_named(one, known[one]) for one in _close(known, text)) or "-"


def _close(known: Mapping[str, Text], text: str) -> list[str]:
    """Of two as close the one that `text` is a part of, or that is a part of it, comes first."""
    sure = meant(known, text)
    if sure is not None:
        return [sure]
    wanted = _folded(text)
    found: list[tuple[int, bool, str]] = []
    for one, name in known.items():
        words = [_folded(word) for word in (one, *name.by_tag.values())]
        close = [word for word in words if _is_close(wanted, word)]
        far = min((_distance(wanted, word) for word in close), default=None)
        if far is not None:
            found.append((far, not any(map(partial(_is_part, wanted), close)), one))
    found.sort(key=lambda each: each[:2])
    return [one for _, _, one in found[:_MOST]]


def near_numbers(known: Iterable[str], text: str) -> tuple[str, ...]:
    """The numbers that come close to `text`, the closest ones first."""
    wanted = _folded(text)
    found = [(_distance(wanted, _folded(one)), one) for one in known]
    return tuple(one for far, one in sorted(found) if far <= _bearable(wanted))[:_MOST]


def is_same_number(one: str, other: str) -> bool:
    """Whether two numbers differ by width, case, dashes, blanks or zeros in front alone."""
    return _counted(one) == _counted(other)


def _counted(number: str) -> str:
    narrow = unicodedata.normalize("NFKC", number).casefold()
    return "-".join(_COUNT.sub("", part) for part in _BETWEEN.split(narrow) if part)


def _named(one: str, name: Text) -> str:
    printed = name.of(name.home)
    return f"{one} ({printed})" if printed and printed != one else one


def _folded(text: str) -> str:
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


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
    """How many letters are to be typed, deleted or replaced, or changed with the one beside."""
    if abs(len(one) - len(other)) > _MOST:
        return _MOST + 1
    above: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, above, row = above, row, [at]
        for place, sign in enumerate(other, 1):
            cost = min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != sign))
            if at > 1 and place > 1 and (letter, one[at - 2]) == (other[place - 2], sign):
                cost = min(cost, before[place - 2] + 1)
            row.append(cost)
    return row[-1]
