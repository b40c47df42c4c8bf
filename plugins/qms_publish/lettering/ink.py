"""Where a letter has its ink, and how wide it is: by the fonts that draw it, read once from them.

A table, since a drawing is judged alike where no fonts are (docs/make_letter_boxes.py makes it).
"""

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from struct import Struct
from typing import Final, NamedTuple

FACES: Final = (("Sans", "Regular"), ("Sans", "Bold"), ("Serif", "Regular"), ("Serif", "Bold"))
PARTS: Final = 100
"""Lengths in the table are hundredths of a letter's size."""
_COLUMNS: Final = 5
_STEP: Final = Struct("<I")
_PART: Final = Struct("<h")


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
    codes, parts = _table()
    at = bisect_left(codes, ord(letter))
    if at == len(codes) or codes[at] != ord(letter):
        return _DRAWN if letter.isprintable() and letter.isalnum() else _UNSEEN
    first = (2 * is_serif + is_bold) * _COLUMNS
    places = (((first + column) * len(codes) + at) * _PART.size for column in range(_COLUMNS))
    return Ink(*(_PART.unpack_from(parts, place)[0] / PARTS for place in places))


@lru_cache(maxsize=1)
def _table() -> tuple[Sequence[int], bytes]:
    """The letters' numbers in their order, and column by column what is known of them."""
    data = (files("qms_publish") / "data" / "letter_boxes.bin").read_bytes()
    plain = zlib.decompress(data)
    count = len(plain) // (_STEP.size + len(FACES) * _COLUMNS * _PART.size)
    steps = _STEP.iter_unpack(plain[: count * _STEP.size])
    return list(accumulate(step for (step,) in steps)), plain[count * _STEP.size :]
