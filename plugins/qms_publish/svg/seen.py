"""Letters of a drawing that its edge cuts off: they would be signed and searched, and never seen.

How wide letters stand is estimated, so only what is surely outside is told: a part of a text that
is about half a letter or more beyond the edge.
"""

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.lettering.widths import ems
from qms_publish.svg.lengths import Unlike, matrix_of
from qms_publish.svg.nesting import tag
from qms_publish.svg.path import IDENTITY, Matrix, placed, times

_MIDDLE: Final = frozenset({"middle", "central"})
_ABOVE: Final = frozenset({"hanging", "text-before-edge"})
_HALF: Final = 0.5
_SHARE: Final = 0.05
"""So much of a text's width may be an error of the estimate, at each end."""
_Box = tuple[float, float, float, float]


def check_seen(elements: Iterable[ET.Element], view: _Box) -> None:
    """Raises `Unlike` where letters among these redrawn elements stand outside of the view."""
    stack = [(one, IDENTITY) for one in elements]
    while stack:
        element, above = stack.pop()
        matrix = times(above, matrix_of(element.get("transform", "")))
        if tag(element) == "text":
            _check(element, matrix, view)
        else:
            stack.extend((child, matrix) for child in element)


def _check(element: ET.Element, matrix: Matrix, view: _Box) -> None:
    x, y, width, height = view
    left, right, middle = _core(element)
    for end in (left, right):
        across, down = placed(matrix, (end, middle))
        if not (x <= across <= x + width and y <= down <= y + height):
            letters = "".join(element.itertext()).strip()
            raise Unlike(f"text outside of the drawing: {letters[:40]}")


def _core(element: ET.Element) -> tuple[float, float, float]:
    """Both ends of what is surely ink of a line of letters, and the height of its middle."""
    size = float(element.get("font-size", "16"))
    starts = [float(one) for one in element.get("x", "0").split()]
    width = _width(element)
    begin = starts[0]
    if len(starts) > 1:
        begin, width = min(starts), max(starts) - min(starts) + size * _HALF
    anchor = element.get("text-anchor", "start")
    begin -= {"middle": width / 2, "end": width}.get(anchor, 0.0)
    less = min(max(size * _HALF, width * _SHARE), width / 2)
    aligned = element.get("dominant-baseline", "auto")
    down = 0.0 if aligned in _MIDDLE else 0.4 if aligned in _ABOVE else -0.35
    return begin + less, begin + width - less, float(element.get("y", "0")) + down * size


def _width(element: ET.Element) -> float:
    """How wide a line of letters is, about."""
    if "textLength" in element.attrib:
        return float(element.get("textLength", "0"))
    total = sum(float(one) for one in element.get("dx", "").split()[1:])
    for part in (element, *element):
        letters = part.text or ""
        size = float(part.get("font-size", element.get("font-size", "16")))
        apart = float(part.get("letter-spacing", "0").replace("normal", "0"))
        total += ems(letters) * size + apart * len(letters)
        total += float(part.get("dx", "0")) if part is not element else 0.0
    return total
