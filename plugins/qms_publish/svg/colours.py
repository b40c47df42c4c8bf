"""Colours of a drawing, and whether one stands off from another on paper."""

import math
from functools import lru_cache
from typing import Final

from PIL.ImageColor import getrgb

Colour = tuple[float, float, float]
Layers = tuple[tuple[str, float], ...]
"""Colours that are painted one above the other, each with how opaque it is."""
WHITE: Final[Colour] = (1.0, 1.0, 1.0)
_GAMMA: Final = 2.2
_LEAST: Final = 2.5
"""Of letters: grey #888 on paper has 3.5, white on an office program's orange or green 2.7."""


@lru_cache(maxsize=1024)
def rgba(colour: str) -> tuple[Colour | None, float]:
    """A colour as parts of red, green and blue, and how opaque it is; none for a gradient."""
    if colour in {"none", "transparent"}:
        return None, 0.0
    try:
        red, green, blue, *rest = getrgb(colour)
    except ValueError:
        return None, 1.0
    return (red / 255, green / 255, blue / 255), rest[0] / 255 if rest else 1.0


def mixed(colour: Colour | None, opacity: float, ground: Colour | None) -> Colour | None:
    """What is seen of a colour on a ground; nothing where nobody knows it."""
    if colour is None or (ground is None and opacity < 1):
        return None
    below = ground or WHITE
    red, green, blue = (a * opacity + b * (1 - opacity) for a, b in zip(colour, below, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21, as WCAG 2 reckons it, about."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=4096)
def is_seen(layers: Layers, ground: Colour | None) -> bool:
    """Whether letters that are painted so stand off from a ground, with each layer of them."""
    seen = ground
    for colour, opacity in layers:
        own, alpha = rgba(colour)
        if alpha * opacity:
            seen = mixed(own, alpha * opacity, seen)
        if seen is not None and ground is not None and contrast(seen, ground) < _LEAST:
            return False
    return bool(layers)


def _luminance(colour: Colour) -> float:
    red, green, blue = (math.pow(one, _GAMMA) for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
