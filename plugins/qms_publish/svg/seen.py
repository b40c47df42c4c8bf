"""Letters of a drawing that nobody sees on paper: they would be signed and searched all the same.

Cut off by the drawing's edge or by a path, smaller than any eye reads, nearly transparent,
mirrored, or pressed together. How wide letters stand is estimated, so only what is surely outside
is told: a part of a text that is about half a letter or more beyond the edge. What isn't told is
what stands over or below them: letters in the colour of their ground, or covered by a shape.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.lettering.widths import ems
from qms_publish.svg.as_written import name_in
from qms_publish.svg.lengths import Unlike, matrix_of
from qms_publish.svg.nesting import tag
from qms_publish.svg.paint import share
from qms_publish.svg.path import IDENTITY, Matrix, Point, inverse, placed, times
from qms_publish.svg.within import Cuts

_MIDDLE: Final = frozenset({"middle", "central"})
_ABOVE: Final = frozenset({"hanging", "text-before-edge"})
_HALF: Final = 0.5
_SHARE: Final = 0.05
"""So much of a text's width may be an error of the estimate, at each end."""
_SMALLEST: Final = 1.0
"""Points: smaller letters are a line to the eye."""
_FAINTEST: Final = 0.1
"""How opaque letters are at least."""
_TIGHTEST: Final = 0.5
"""So much of their own width letters that are pressed together have at least."""
_MOST_SPOTS: Final = 40
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen of a drawing: its view, the points a unit has on paper, what cuts it."""

    view: _Box
    points: tuple[float, float]
    cuts: Cuts


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an element stands in the drawing, and what it is seen through."""

    matrix: Matrix = IDENTITY
    opacity: float = 1.0
    cuts: tuple[tuple[str, Matrix], ...] = ()

    def within(self, element: ET.Element) -> "_Place":
        matrix = times(self.matrix, matrix_of(element.get("transform", "")))
        opacity = self.opacity * share(element.get("opacity", "1"))
        cut = element.get("clip-path")
        own = () if cut is None else ((name_in(cut), matrix),)
        return _Place(matrix, opacity, self.cuts + own)


def check_seen(elements: Iterable[ET.Element], frame: Frame) -> None:
    """Raises `Unlike` where letters among these redrawn elements wouldn't be seen."""
    stack = [(one, _Place()) for one in elements]
    while stack:
        element, above = stack.pop()
        place = above.within(element)
        if tag(element) == "text":
            letters = "".join(element.itertext()).strip()
            found = letters and _unseen(element, place, frame)
            if found:
                raise Unlike(f"{found}: {letters[:40]}")
        else:
            stack.extend((child, place) for child in element)


def _unseen(element: ET.Element, place: _Place, frame: Frame) -> str:
    """Why a line of letters isn't seen; nothing, if it is."""
    spots = [placed(place.matrix, one) for one in _spots(element)]
    x, y, width, height = frame.view
    for across, down in (spots[0], spots[-1]):
        if not (x <= across <= x + width and y <= down <= y + height):
            return "text outside of the drawing"
    for name, matrix in place.cuts:
        back = inverse(matrix)
        if not frame.cuts.hold(name, (placed(back, one) for one in spots)):
            return "text clip-path, svg, symbol"
    return _unread(element, place, frame)


def _unread(element: ET.Element, place: _Place, frame: Frame) -> str:
    """Why nobody reads a line of letters that is there as a whole."""
    a, b, c, d, _, _ = place.matrix
    smallest = min(_size(part, element) for part in _parts(element))
    if any(one * place.opacity < _FAINTEST for one in opacities(element)):
        return f"text opacity < {_FAINTEST}"
    if a * d - b * c < 0:
        return "text scale(-1 1)"
    if smallest * _narrowest(place.matrix, frame.points) < _SMALLEST:
        return f"text < {_SMALLEST:.0f} pt"
    if "textLength" in element.attrib and _width(element) < _TIGHTEST * _own_width(element):
        return "text textLength"
    return ""


def _narrowest(matrix: Matrix, points: tuple[float, float]) -> float:
    """The points that a unit has in the direction in which it has fewest."""
    across, down = points
    a, b, c, d = matrix[0] * across, matrix[1] * down, matrix[2] * across, matrix[3] * down
    whole = math.hypot(a, b, c, d) ** 2
    area = abs(a * d - b * c)
    # The lesser of both singular values is the area by the greater one.
    greater = math.sqrt((whole + math.sqrt(max(whole**2 - 4 * area**2, 0.0))) / 2)
    return area / greater


def _parts(element: ET.Element) -> Iterator[ET.Element]:
    """A line of letters and its parts, as far as they have letters of their own."""
    return (one for one in (element, *element) if (one.text or "").strip())


def opacities(line: ET.Element) -> list[float]:
    """How opaque the letters of a line are, part by part."""
    return [_opacity(part, line) for part in _parts(line)]


def _opacity(part: ET.Element, line: ET.Element) -> float:
    """How opaque letters are, by their fill or by their stroke."""
    said = {**line.attrib, **part.attrib}
    return max(
        _alpha(said.get(name, "none")) * share(said.get(f"{name}-opacity", "1"))
        for name in ("fill", "stroke")
    )


def _alpha(colour: str) -> float:
    """How opaque a colour is by itself."""
    if colour in {"none", "transparent"}:
        return 0.0
    if colour.startswith("#"):
        digits = colour[1:]
        short, long = len("rgba"), len("rrggbbaa")
        each = {short: 1, long: 2}.get(len(digits))
        return 1.0 if each is None else int(digits[-each:], 16) / (16**each - 1)
    *_, last = colour.rstrip(" )").split(",")
    is_parted = colour.startswith(("rgb", "hsl")) and colour.count(",") >= len("rgb")
    return share(last) if is_parted else 1.0


def _spots(element: ET.Element) -> list[Point]:
    """Points on what is surely ink of a line of letters, from its one end to the other."""
    left, right, middle = _core(element)
    count = min(max(len("".join(element.itertext())), 2), _MOST_SPOTS)
    return [(left + (right - left) * at / (count - 1), middle) for at in range(count)]


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
    return _own_width(element)


def _own_width(element: ET.Element) -> float:
    """How wide it is where nothing stretches it."""
    total = sum(float(one) for one in element.get("dx", "").split()[1:])
    for part in (element, *element):
        letters = part.text or ""
        apart = float(part.get("letter-spacing", "0").replace("normal", "0"))
        total += ems(letters) * _size(part, element) + apart * len(letters)
        total += float(part.get("dx", "0")) if part is not element else 0.0
    return total


def _size(part: ET.Element, line: ET.Element) -> float:
    return float(part.get("font-size", line.get("font-size", "16")))
