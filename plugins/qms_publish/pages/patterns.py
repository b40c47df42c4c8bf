"""Sets the gradients of a finished PDF so that each reader draws them whole.

The renderer fills a shape with a tile as large as the shape, which is repeated. Of tiles without a
gap Poppler makes a picture first, of too few points where the drawing is enlarged, and fills only
the upper left part of the shape with it. One that stands alone is drawn as it is.
"""

from collections.abc import Iterable
from typing import Protocol, cast

_APART = 3
"""In sizes of the tile: no other one gets near the shape."""


class _Tile(Protocol):
    """A stream that a shape is filled with."""

    extra: dict[str, float]


def set_apart(objects: Iterable[object]) -> None:
    """Put gaps between the tiles among these objects of a PDF."""
    for one in objects:
        extra = getattr(one, "extra", None)
        if isinstance(extra, dict) and "PatternType" in extra:
            tile = cast("_Tile", one)
            tile.extra["XStep"] *= _APART
            tile.extra["YStep"] *= _APART
