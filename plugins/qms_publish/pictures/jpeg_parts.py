"""The parts of a JPEG, before anybody decodes it.

A few bytes may say "draw all pixels once more", and a file of two megabytes hold ninety thousand
parts: what a decoder does for each of them is done as often as the author of the file likes. So
they are counted first, as a decoder comes upon them.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_PARTS: Final = 2_000
"""A camera writes a dozen; a large profile has 255, each scan two or three."""
MAX_SCANS: Final = 100
"""What is drawn bit by bit has ten, as programs write it."""

SCAN: Final = 0xDA
APP1: Final = 0xE1
_END: Final = 0xD9
_BARE: Final = frozenset((0x01, 0xD8))
"""Marks with nothing behind them."""
_UNKNOWN: Final = range(0x02, 0xC0)
"""Marks of nothing: one decoder passes over them, another over what it takes for their inside."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARK: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""Any other byte behind FF goes on with the pixels, and is passed over between the parts."""
_SIZE: Final = 5


class JpegPart(NamedTuple):
    """One part: its mark, and what stands inside."""

    mark: int
    inside: bytes


def parts_of(data: bytes) -> tuple[JpegPart, ...]:
    """All parts of a JPEG to its end, pixels left out.

    Raises ValueError where they are more than anybody means, or draw the pixels too often.
    """
    found: list[JpegPart] = []
    scans = 0
    for part in _parts(data):
        found.append(part)
        scans += part.mark == SCAN
        if scans > MAX_SCANS:
            raise ValueError(f"scans > {MAX_SCANS}")
        if len(found) > MAX_PARTS:
            raise ValueError(f"segments > {MAX_PARTS}")
    return tuple(found)


def _parts(data: bytes) -> Iterator[JpegPart]:
    at = 2
    while (mark := _MARK.search(data, at)) is not None:
        kind, at = data[mark.end() - 1], mark.end()
        if kind == _END:
            return
        if kind in _UNKNOWN:
            raise ValueError(f"FF{kind:02X}")
        if kind in _BARE:
            yield JpegPart(kind, b"")
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        yield JpegPart(kind, data[at + 2 : at + length])
        at += max(length, 2)


def pixels_of(parts: tuple[JpegPart, ...]) -> int:
    """How many pixels a JPEG of these parts says it has; 0 where it doesn't say."""
    sizes = (one.inside[1:_SIZE] for one in parts if one.mark in _FRAMES)
    return max((_area(one) for one in sizes), default=0)


def _area(size: bytes) -> int:
    return int.from_bytes(size[:2], "big") * int.from_bytes(size[2:], "big")
