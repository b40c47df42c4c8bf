"""What stands below a letter of a drawing, and what above: its ground, and shapes that cover it.

Looked at on a few points of its ink's box. Other letters cover nothing, nor do thin lines; what a
gradient is there nobody knows.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final
from xml.etree import ElementTree as ET

from PIL.ImageColor import getrgb

from qms_publish.svg.ink_boxes import Quad
from qms_publish.svg.lengths import Unlike
from qms_publish.svg.paint import share
from qms_publish.svg.painted import PaintedAt
from qms_publish.svg.path import Matrix, Point, inverse, placed
from qms_publish.svg.path_text import path_of
from qms_publish.svg.within import Cuts, Outline

_GRID: Final = 5
"""So many points across and down a box are looked at."""
_MOST_COVERED: Final = 1 / 3
"""So much of a letter may be behind shapes, as behind an arrow that crosses it."""
_LEAST_SEEN: Final = 1 / 3
_THROUGH: Final = 0.1
"""What lets less through hides what is below it."""
_LEAST_CONTRAST: Final = 1.15
_LEAST_APART: Final = 40 / 255
"""By one of these a letter stands off from its ground: as light grey does from paper, or a hue."""
_GAMMA: Final = 2.2
_CELLS: Final = 48
"""Shapes are looked for by squares, so many across."""
_MOST: Final = 6_000_000
"""So many lines are looked at for all letters: seconds."""
_THINNEST: Final = 1 / 5
"""Lines of less of a letter's size are none that cover it."""
_FEW: Final = 60
"""A shape in more squares than these is looked at for all letters."""
_NUMBER: Final = re.compile(r"[-+.\de]+")
_Colour = tuple[float, float, float]
_Box = tuple[float, float, float, float]
_WHITE: Final[_Colour] = (1.0, 1.0, 1.0)


@dataclass(slots=True, eq=False)
class _Shape:
    """One that is filled, or a broad line."""

    at: int
    element: ET.Element
    place: PaintedAt
    colour: str
    opacity: float
    width: float
    """Of the line; nothing for what is filled."""
    box: _Box
    back: Matrix
    outline: Outline | None = None

    def lines(self) -> int:
        """How many lines have to be looked at for a point."""
        if self.outline is None:
            path, is_even = path_of(self.element.get("d", "")), "fill-rule" in self.element.attrib
            self.outline = Outline.of(path, is_even=is_even, is_line=self.width > 0)
        return len(self.outline.lines)

    def covers(self, point: Point, cuts: Cuts) -> bool:
        """Whether a point of the drawing is below it."""
        own = placed(self.back, point)
        if self.outline is None:
            return False
        if self.width:
            is_in = self.outline.is_within(own, self.width / 2)
        else:
            is_in = self.outline.holds(own)
        return is_in and all(
            cuts.hold(name, (placed(inverse(matrix), point),)) for name, matrix in self.place.cuts
        )


@dataclass(slots=True)
class Grounds:
    """All shapes of a drawing, to be asked for each of its letters.

    `smallest` is the size of its smallest letters, `view` what is seen of it.
    """

    view: _Box
    cuts: Cuts
    smallest: float
    cells: dict[tuple[int, int], list[_Shape]] = field(
        default_factory=lambda: defaultdict(list[_Shape])
    )
    large: list[_Shape] = field(default_factory=list[_Shape])
    left: int = _MOST

    def add(self, at: int, element: ET.Element, place: PaintedAt) -> None:
        """A path that is painted as number `at`."""
        a, b, c, d, _, _ = place.matrix
        scale = math.sqrt(abs(a * d - b * c))
        if not scale:
            return
        numbers: list[float] | None = None
        for name in ("fill", "stroke"):
            colour = element.get(name, "none")
            opacity = place.opacity * share(element.get(f"{name}-opacity", "1"))
            width = float(element.get("stroke-width", "1")) if name == "stroke" else 0.0
            is_thin = name == "stroke" and width * scale < self.smallest * _THINNEST
            if colour == "none" or not opacity or is_thin:
                continue
            if numbers is None:
                numbers = [float(one) for one in _NUMBER.findall(element.get("d", ""))]
            box = _around(numbers, place.matrix, width * scale)
            opacity *= _rgba(colour)[1]
            shape = _Shape(at, element, place, colour, opacity, width, box, inverse(place.matrix))
            cells = list(islice(self._cells(box), _FEW + 1))
            if len(cells) > _FEW:
                self.large.append(shape)
            else:
                for cell in cells:
                    self.cells[cell].append(shape)

    def fault(
        self, at: int, quad: Quad, paints: Sequence[tuple[str, float]], near: Iterable[_Shape]
    ) -> str:
        """Why a letter isn't seen that is painted as number `at`: what covers it, or its ground.

        `paints` are its colours, each with how opaque it is, `near` the shapes near its line;
        nothing is answered for one that is seen.
        """
        shapes = _touching(near, _box_of(quad))
        height = math.dist(quad[0], quad[3])
        shapes = [one for one in shapes if not one.width or self._is_broad(one, height)]
        above = sorted((one for one in shapes if one.at > at), key=_order)
        self._count(above)
        if above and self._covered(_grid(quad), above) > _MOST_COVERED * _GRID**2:
            return "path"
        below = sorted((one for one in shapes if one.at < at), key=_order)
        if _stands_off_all(paints, below):
            return ""
        self._count(below)
        seen = sum(
            any(_stands_off(*one, ground) for one in paints)
            for ground in (self._ground(point, below) for point in _grid(quad))
        )
        return "" if seen >= _LEAST_SEEN * _GRID**2 else "fill"

    def near(self, quads: Iterable[Quad]) -> list[_Shape]:
        """The shapes whose boxes touch the one around all these."""
        box = _box_of([point for quad in quads for point in quad])
        self.left -= len(self.large)
        found = dict.fromkeys(_touching(self.large, box))
        for cell in self._cells(box):
            found |= dict.fromkeys(_touching(self.cells.get(cell, ()), box))
        return list(found)

    def _count(self, shapes: Sequence[_Shape]) -> None:
        """Raises `Unlike` where too much would have to be looked at."""
        self.left -= _GRID**2 * sum(one.lines() for one in shapes)
        if self.left < 0:
            raise Unlike("text, path > …")

    def _is_broad(self, shape: _Shape, height: float) -> bool:
        a, b, c, d, _, _ = shape.place.matrix
        return shape.width * math.sqrt(abs(a * d - b * c)) >= height * _THINNEST

    def _covered(self, points: Sequence[Point], above: Sequence[_Shape]) -> int:
        count = 0
        for point in points:
            through = 1.0
            for shape in above:
                if shape.covers(point, self.cuts):
                    through *= 1 - shape.opacity
            count += through < _THROUGH
        return count

    def _ground(self, point: Point, below: Sequence[_Shape]) -> _Colour | None:
        """The colour at a point; nothing where nobody knows it."""
        ground: _Colour | None = _WHITE
        for shape in below:
            if shape.covers(point, self.cuts):
                ground = _mixed(_rgba(shape.colour)[0], shape.opacity, ground)
        return ground

    def _cells(self, box: _Box) -> Iterator[tuple[int, int]]:
        """The squares that a box touches, within the view."""
        x, y, width, height = self.view
        spans: list[range] = []
        for low, high, begin, long in ((box[0], box[2], x, width), (box[1], box[3], y, height)):
            first = int(max((low - begin) / long * _CELLS, 0.0))
            last = int(min((high - begin) / long * _CELLS, _CELLS - 1.0))
            spans.append(range(first, last + 1))
        return ((across, down) for across in spans[0] for down in spans[1])


def _touching(shapes: Iterable[_Shape], box: _Box) -> list[_Shape]:
    left, top, right, bottom = box
    return [
        one
        for one in shapes
        if one.box[0] < right and one.box[2] > left and one.box[1] < bottom and one.box[3] > top
    ]


def _box_of(points: Sequence[Point]) -> _Box:
    return _around([one for point in points for one in point], None, 0.0)


def _stands_off_all(paints: Sequence[tuple[str, float]], below: Sequence[_Shape]) -> bool:
    """Whether one of a letter's colours is seen on paper, and on each shape that may be below."""
    grounds = {one.colour for one in below}
    is_plain = all(one.opacity > 1 - _THROUGH for one in below)
    return is_plain and any(
        _stands_off(*one, _WHITE) and all(_stands_off(*one, _rgba(colour)[0]) for colour in grounds)
        for one in paints
    )


@lru_cache(maxsize=1024)
def _rgba(colour: str) -> tuple[_Colour | None, float]:
    """A colour as parts of red, green and blue, and how opaque it is; none for a gradient."""
    if colour in {"none", "transparent"}:
        return None, 0.0
    try:
        red, green, blue, *rest = getrgb(colour)
    except ValueError:
        return None, 1.0
    return (red / 255, green / 255, blue / 255), rest[0] / 255 if rest else 1.0


def _order(shape: _Shape) -> tuple[int, float]:
    return shape.at, shape.width


def _mixed(colour: _Colour | None, opacity: float, ground: _Colour | None) -> _Colour | None:
    if colour is None or (ground is None and opacity < 1):
        return None
    below = ground or _WHITE
    red, green, blue = (a * opacity + b * (1 - opacity) for a, b in zip(colour, below, strict=True))
    return red, green, blue


@lru_cache(maxsize=4096)
def _stands_off(colour: str, opacity: float, ground: _Colour | None) -> bool:
    """Whether a letter's colour is seen on a ground."""
    own, alpha = _rgba(colour)
    if not alpha * opacity:
        return False
    seen = _mixed(own, alpha * opacity, ground)
    if seen is None or ground is None:
        return True
    if max(abs(a - b) for a, b in zip(seen, ground, strict=True)) >= _LEAST_APART:
        return True
    light, dark = sorted((_luminance(seen), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05) >= _LEAST_CONTRAST


def _luminance(colour: _Colour) -> float:
    red, green, blue = (math.pow(one, _GAMMA) for one in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _grid(quad: Quad) -> list[Point]:
    """Points all over a box."""
    (x, y), right, _, below = quad
    across, down = (right[0] - x, right[1] - y), (below[0] - x, below[1] - y)
    parts = [(at + 0.5) / _GRID for at in range(_GRID)]
    return [
        (x + s * across[0] + t * down[0], y + s * across[1] + t * down[1])
        for t in parts
        for s in parts
    ]


def _around(numbers: Sequence[float], matrix: Matrix | None, more: float) -> _Box:
    """The box around points, and so much more at each side."""
    points: Iterable[Point] = zip(numbers[::2], numbers[1::2], strict=False)
    points = list(points if matrix is None else (placed(matrix, one) for one in points))
    across, down = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return min(across) - more, min(down) - more, max(across) + more, max(down) + more
