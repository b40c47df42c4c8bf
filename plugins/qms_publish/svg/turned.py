"""Letters that are turned, slanted or drawn out so far that they are read as others: 6 as 9."""

import math
from typing import Final

from qms_publish.svg.path import Matrix

_FARTHEST: Final = 100.0
"""Degrees: along an axis words stand upright, or a bit beyond."""
_SLANTED: Final = 31.0
"""Degrees: what isometric drawings slant by, and a bit."""
_LONGEST: Final = 3.0
"""So many times as wide as high, or as high as wide, letters are drawn at most."""
_OTHERS: Final = 30.0
"""Degrees from which some letters alone are others: N as Z, 一 as 丨, + as ×, → as ↗."""
_FEW: Final = 2
"""Of more letters a word is made, and by a word one sees how it is turned."""
_TURNED: Final = frozenset(
    "NZzHICUuncDMWEmw3ATVvLJlikdpbqXxFYy17/\\|!-−–—_~=‖+×*<>≤≥∧∨∩∪⊂⊃⊥⊢⊣∥∞.,:;()[]{}"
    "一丨丿丶三川工王干土士山巨日曰目田口皿四罒卜ト上下十乂六"
    "→←↑↓↔↕↗↘↙↖⇒⇐⇑⇓⇔▲▼◀▶△▽◁▷◆◇"
)
"""Letters that are another one, or another sign, once they are turned."""


def by_points(matrix: Matrix, points: tuple[float, float]) -> Matrix:
    """How letters are turned and drawn out on paper."""
    across, down = points
    a, b, c, d, _, _ = matrix
    return a * across, b * down, c * across, d * down, 0.0, 0.0


def narrowest(matrix: Matrix) -> float:
    """The length that a unit has in the direction in which it has least."""
    return _sides(matrix)[0]


def misshapen(letters: str, matrix: Matrix) -> str:
    """What makes other letters of these; nothing, where they are read as they are."""
    a, b, c, d, _, _ = matrix
    angle = math.degrees(math.atan2(b, a))
    own = "".join(letters.split())
    is_other = len(own) <= _FEW and abs(angle) > _OTHERS and _TURNED.issuperset(own)
    if is_other or abs(angle) > _FARTHEST:
        return f"text rotate({angle:.0f})"
    slanted = (270 - math.degrees(math.atan2(d, c)) + angle) % 360 - 180
    if abs(slanted) > _SLANTED:
        return f"text skewX({slanted:.0f})"
    least, most = _sides(matrix)
    return "text scale" if most > _LONGEST * least else ""


def _sides(matrix: Matrix) -> tuple[float, float]:
    """The lesser and the greater length of a unit: the area is their product."""
    a, b, c, d, _, _ = matrix
    whole = math.hypot(a, b, c, d) ** 2
    area = abs(a * d - b * c)
    greater = math.sqrt((whole + math.sqrt(max(whole**2 - 4 * area**2, 0.0))) / 2)
    return area / greater, greater
