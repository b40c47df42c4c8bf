"""How large a drawing stands on the page, and what its frame shows of it."""

from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.lengths import DEFAULTS, Scope, fitted

_TEXT_WIDTH: Final = 165.0
"""Width of the text on a portrait page, in millimetres."""
_MM: Final = 96 / 25.4
_MOST: Final = 150 * _MM
"""A picture is set no wider and no higher, in pixels."""
_POINTS: Final = 72 / 96
Box = tuple[float, float, float, float]


def say_size(root: ET.Element, box: Box) -> None:
    """A drawing with nothing but a viewBox is printed at one millimetre a unit, if it fits."""
    if root.get("width") or root.get("height"):
        return
    scale = min(1.0, _TEXT_WIDTH / box[2])
    root.set("width", f"{box[2] * scale:.2f}mm")
    root.set("height", f"{box[3] * scale:.2f}mm")


def seen(root: ET.Element, box: Box) -> Box:
    """What a drawing's frame shows, where it has another shape than the view."""
    width, height = _sides(root)
    if not width or not height:
        return box
    a, _, _, d, e, f = fitted(root, width, height)
    return -e / a, -f / d, width / a, height / d


def points_of_unit(root: ET.Element, box: Box) -> tuple[float, float]:
    """How many points a unit of the view has on the page, across and down.

    In a table's cell it may be fewer: that depends on what stands beside it.
    """
    width, height = _sides(root)
    if width and height:
        a, _, _, d, _, _ = fitted(root, width, height)
    else:
        a = d = width / box[2] or height / box[3] or 1.0
    least = min(1.0, _MOST / (width or box[2] * a), _MOST / (height or box[3] * d))
    return a * least * _POINTS, d * least * _POINTS


def _sides(root: ET.Element) -> tuple[float, float]:
    """Width and height as they are said, in pixels; 0 where they aren't."""
    scope = Scope(DEFAULTS, 1.0, 1.0)
    width, height = (scope.length(root.get(name, "0"), 0) for name in ("width", "height"))
    return width, height
