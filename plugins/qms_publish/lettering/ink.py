"""Where a letter has its ink, and how wide it is: by the fonts that draw it, read once from them.

A table, since a drawing is judged alike where no fonts are (docs/make_letter_boxes.py makes it).
"""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Final, NamedTuple

FACES: Final = (("Sans", "Regular"), ("Sans", "Bold"), ("Serif", "Regular"), ("Serif", "Bold"))
PARTS: Final = 100
"""Lengths in the table are hundredths of a letter's size."""
_COLUMNS: Final = 5


class Ink(NamedTuple):
    """The box around a letter's ink from the base line, up and to the right, and its width.

    All in parts of its size. A blank has no ink.
    """

    left: float
    bottom: float
    right: float
    top: float
    wide: float

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return self.left >= self.right or self.bottom >= self.top


_DRAWN: Final = Ink(0.05, -0.08, 0.95, 0.83, 1.0)
"""Of a letter that the company draws itself: as those of Chinese are."""
_UNSEEN: Final = Ink(0.0, 0.0, 0.0, 0.0, 0.0)


@lru_cache(maxsize=4096)
def ink_of(letter: str, *, is_serif: bool, is_bold: bool) -> Ink:
    """The ink of a letter that can be printed."""
    codes, columns = _table()
    at = bisect_left(codes, ord(letter))
    if at == len(codes) or codes[at] != ord(letter):
        return _DRAWN if letter.isprintable() and letter.isalnum() else _UNSEEN
    first = (2 * is_serif + is_bold) * _COLUMNS
    return Ink(*(one[at] / PARTS for one in columns[first : first + _COLUMNS]))


@lru_cache(maxsize=1)
def _table() -> tuple[Sequence[int], tuple[Sequence[int], ...]]:
    data = (files("qms_publish") / "data" / "letter_boxes.bin").read_bytes()
    plain = zlib.decompress(data)
    columns = len(FACES) * _COLUMNS
    count = len(plain) // (4 + 2 * columns)
    codes = list(accumulate(_read("I", plain[: 4 * count])))
    parts = _read("h", plain[4 * count :])
    return codes, tuple(parts[at * count : (at + 1) * count] for at in range(columns))


def _read(kind: str, data: bytes) -> Sequence[int]:
    found = array(kind)
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    return found
