"""What stands below a letter of a drawing, and what above: its ground, and shapes that cover it.

A letter stands off from its ground with all of its ink's box, and nothing pale is painted over any
of it: Q is read as O then. What is dark and painted over a letter is seen; it hides a letter where
it covers more than a third, or with what else is thin two fifths. Other letters cover nothing;
what a gradient is there nobody knows.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.contrast import WHITE, Colour, Layers, contrast, is_seen, mixed, rgba
from qms_publish.svg.ink_boxes import Quad
from qms_publish.svg.laid_shape import Box, LaidShape
from qms_publish.svg.lengths import Unlike
from qms_publish.svg.paint import share
from qms_publish.svg.painted import PaintedAt
from qms_publish.svg.path import Matrix, Point, inverse, placed
from qms_publish.svg.within import Cuts

_GRID: Final = 5
"""So many points across and down a box are looked at for what covers it."""
_FINE: Final = 16
"""And so many for its ground, where no shape below it is as large as the box."""
_MOST_COVERED: Final = 1 / 3
"""So much of a letter may be behind shapes, as behind an arrow that crosses it."""
_MOST_STRIPED: Final = 0.4
"""And so much behind all lines and spots together, however thin."""
_SCATTERED: Final = 256
"""So many points are looked at for that: on no grid, so that no stripes lie between them."""
_SPREAD: Final = (0.7548776662466927, 0.5698402909980532)
"""What spreads points evenly over a square: of no step that stripes could have."""
_THROUGH: Final = 0.1
"""What lets less through hides what is below it."""
_PALE: Final = 2.0
"""What has less contrast to the ground takes ink away; a line of more strikes a letter out."""
_CELLS: Final = 48
"""Shapes are looked for by squares, so many across."""
_MOST: Final = 6_000_000
"""So many lines are looked at for all letters: seconds."""
_BOXES: Final = 4
"""So many boxes are looked at while a line is."""
_MOST_GROUNDS: Final = 200
_THINNEST: Final = 1 / 5
"""What is less broad than so much of a letter's height is a line that strikes or underlines it."""
_FEW: Final = 60
"""A shape in more squares than these is looked at for all letters."""
_NUMBER: Final = re.compile(r"[-+.\de]+")


@dataclass(slots=True)
class Grounds:
    """All shapes of a drawing, to be asked for each of its letters; `view` is what is seen."""

    view: Box
    cuts: Cuts
    cells: dict[tuple[int, int], list[LaidShape]] = field(
        default_factory=lambda: defaultdict(list[LaidShape])
    )
    large: list[LaidShape] = field(default_factory=list[LaidShape])
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
            if colour == "none" or not opacity or (name == "stroke" and not width):
                continue
            if numbers is None:
                numbers = [float(one) for one in _NUMBER.findall(element.get("d", ""))]
            box = _around(numbers, place.matrix, width * _reach(element, place.matrix))
            opacity *= rgba(colour)[1]
            shape = LaidShape(
                at, element, place, colour, opacity, width, box, inverse(place.matrix)
            )
            cells = list(islice(self._cells(box), _FEW + 1))
            if len(cells) > _FEW:
                self.large.append(shape)
            else:
                for cell in cells:
                    self.cells[cell].append(shape)

    def fault(self, at: int, quad: Quad, paints: Sequence[Layers]) -> str:
        """Why a letter isn't seen that is painted as number `at`: what covers it, or its ground.

        `paints` are the ways in which it is painted, of which one has to be seen. Nothing is
        answered for a letter that is.
        """
        height = math.dist(quad[0], quad[3])
        shapes = self._near(quad)
        under = sorted((one for one in shapes if one.at < at), key=_order)
        below = [one for one in under if not _is_thin(one, height)]
        above = sorted((one for one in shapes if one.at > at), key=_order)
        plain = _plain_grounds(below)
        if not plain or any(_is_hidden(paints, one) for one in plain):
            plain = ()
            if not self._stands_off(quad, paints, below, height):
                return "fill"
        broad = [one for one in above if not one.width or not _is_thin(one, height)]
        self._count(broad, _GRID**2)
        if broad and self._covered(_grid(quad, _GRID), broad) > _MOST_COVERED * _GRID**2:
            return "path"
        if self._is_striped(quad, above) or self._is_lost(quad, paints, under, height):
            return "path, path, …"
        return self._taken(quad, paints, (above, below), plain)

    def _is_striped(self, quad: Quad, above: Sequence[LaidShape]) -> bool:
        """Whether lines, stripes or dots together hide a letter of which each hides little."""
        return self._is_much(quad, above) and (
            self._covered(_scattered(quad), above) > _MOST_STRIPED * _SCATTERED
        )

    def _is_lost(
        self, quad: Quad, paints: Sequence[Layers], under: Sequence[LaidShape], height: float
    ) -> bool:
        """Whether a letter stands on thin lines of its own colour, so that nobody sees it."""
        thin = [
            one
            for one in under
            if _is_thin(one, height)
            and _is_hidden(paints, mixed(rgba(one.colour)[0], one.opacity, WHITE))
        ]
        if not self._is_much(quad, thin):
            return False
        self._count(under, _SCATTERED)
        lost = 0
        for point in _scattered(quad):
            ground: Colour | None = WHITE
            for shape in under:
                if shape.covers(point, self.cuts):
                    ground = mixed(rgba(shape.colour)[0], shape.opacity, ground)
            lost += _is_hidden(paints, ground)
        return lost > _MOST_STRIPED * _SCATTERED

    def _is_much(self, quad: Quad, shapes: Sequence[LaidShape]) -> bool:
        """Whether shapes are large enough together to hide a letter, wherever they lie in it."""
        self._count(shapes, 1)
        if sum(one.share(quad) for one in shapes) <= _MOST_STRIPED:
            return False
        self._count(shapes, _SCATTERED)
        return True

    def _taken(
        self,
        quad: Quad,
        paints: Sequence[Layers],
        shapes: tuple[Sequence[LaidShape], Sequence[LaidShape]],
        plain: Sequence[Colour | None],
    ) -> str:
        """What pale shape above takes ink away from a letter; nothing, if none does."""
        above, below = shapes
        grounds: Iterable[Colour | None] = plain or {WHITE, *(rgba(one.colour)[0] for one in below)}
        pale = [
            one for one in above if any(_is_pale(rgba(one.colour)[0], ground) for ground in grounds)
        ]
        self._count(pale, 2 * len(quad))
        pale = [one for one in pale if one.touches(quad, self.cuts)]
        if not pale:
            return ""
        for ground in self._grounds(quad, below):
            seen = [one for one in paints if is_seen(one, ground)]
            if seen and not any(_is_left(one, pale, ground) for one in seen):
                return "path"
        return ""

    def _stands_off(
        self, quad: Quad, paints: Sequence[Layers], below: Sequence[LaidShape], height: float
    ) -> bool:
        """Whether a letter is seen on all that is below it."""
        if not any(_is_hidden(paints, one) for one in self._grounds(quad, below)):
            return True
        below = [one for one in below if one.touches(quad, self.cuts)]
        self._count(below, _FINE**2)
        hidden = 0
        for point in _grid(quad, _FINE):
            ground: Colour | None = WHITE
            top: LaidShape | None = None
            for shape in below:
                if shape.covers(point, self.cuts):
                    ground, top = mixed(rgba(shape.colour)[0], shape.opacity, ground), shape
            if _is_hidden(paints, ground):
                if top is None or not _is_spot(top, ground, height):
                    return False
                hidden += 1
        return hidden <= _MOST_COVERED * _FINE**2

    def _grounds(self, quad: Quad, below: Sequence[LaidShape]) -> set[Colour | None]:
        """All colours that may be below a letter."""
        self._count(below, 3 * len(quad))
        found: set[Colour | None] = {WHITE}
        for shape in below:
            if shape.touches(quad, self.cuts):
                own = rgba(shape.colour)[0]
                new = {mixed(own, shape.opacity, one) for one in found}
                found = new if shape.holds(quad, self.cuts) else found | new
            if len(found) > _MOST_GROUNDS:
                raise Unlike("text, path > …")
        return found

    def _near(self, quad: Quad) -> list[LaidShape]:
        """The shapes whose boxes touch the one around a letter."""
        box = _around([one for point in quad for one in point], None, 0.0)
        found: dict[LaidShape, None] = {}
        for shapes in (self.large, *(self.cells.get(cell, ()) for cell in self._cells(box))):
            self._spend(len(shapes) // _BOXES)
            found |= dict.fromkeys(_touching(shapes, box))
        return list(found)

    def _count(self, shapes: Sequence[LaidShape], times: int) -> None:
        self._spend(times * sum(len(one.opened().lines) for one in shapes))

    def _spend(self, lines: int) -> None:
        """Raises `Unlike` where too much would have to be looked at."""
        self.left -= lines
        if self.left < 0:
            raise Unlike("text, path > …")

    def _covered(self, points: Sequence[Point], above: Sequence[LaidShape]) -> int:
        count = 0
        for point in points:
            through = 1.0
            for shape in above:
                if shape.covers(point, self.cuts):
                    through *= 1 - shape.opacity
            count += through < _THROUGH
        return count

    def _cells(self, box: Box) -> Iterator[tuple[int, int]]:
        """The squares that a box touches, within the view."""
        x, y, width, height = self.view
        spans: list[range] = []
        for low, high, begin, long in ((box[0], box[2], x, width), (box[1], box[3], y, height)):
            first = int(max((low - begin) / long * _CELLS, 0.0))
            last = int(min((high - begin) / long * _CELLS, _CELLS - 1.0))
            spans.append(range(first, last + 1))
        return ((across, down) for across in spans[0] for down in spans[1])


def _touching(shapes: Iterable[LaidShape], box: Box) -> list[LaidShape]:
    left, top, right, bottom = box
    return [
        one
        for one in shapes
        if one.box[0] < right and one.box[2] > left and one.box[1] < bottom and one.box[3] > top
    ]


def _reach(element: ET.Element, matrix: Matrix) -> float:
    """How far a line of a width of one may go beyond its points, in the drawing's measure."""
    a, b, c, d, _, _ = matrix
    is_sharp = element.get("stroke-linejoin", "miter") == "miter"
    long = float(element.get("stroke-miterlimit", "4")) if is_sharp else 1.0
    return max(math.hypot(a, b), math.hypot(c, d)) * max(long, 2.0) / 2


def _is_thin(shape: LaidShape, height: float) -> bool:
    return shape.breadth() < height * _THINNEST


def _is_spot(shape: LaidShape, ground: Colour | None, height: float) -> bool:
    """Whether it is an arrow's head or the like, as dark as the letter that touches it."""
    return ground is not None and contrast(ground, WHITE) >= _PALE and shape.breadth() < height


def _is_hidden(paints: Sequence[Layers], ground: Colour | None) -> bool:
    return not any(is_seen(one, ground) for one in paints)


def _plain_grounds(below: Sequence[LaidShape]) -> tuple[Colour | None, ...]:
    """All that may be below a letter; nothing where shapes there let others through."""
    found: dict[Colour | None, None] = {WHITE: None}
    for one in below:
        if one.opacity <= 1 - _THROUGH:
            return ()
        found[rgba(one.colour)[0]] = None
    return tuple(found)


def _is_pale(colour: Colour | None, ground: Colour | None) -> bool:
    """Whether what is painted over a letter comes near to its ground; nobody knows a gradient."""
    return colour is None or (ground is not None and contrast(colour, ground) < _PALE)


def _is_left(paints: Layers, shapes: Sequence[LaidShape], ground: Colour | None) -> bool:
    """Whether letters are still seen below shapes."""
    seen = ground
    for colour, opacity in paints:
        own, alpha = rgba(colour)
        seen = mixed(own, opacity * alpha, seen)
    for shape in shapes:
        seen = mixed(rgba(shape.colour)[0], shape.opacity, seen)
        if _is_pale(seen, ground):
            return False
    return True


def _order(shape: LaidShape) -> tuple[int, float]:
    return shape.at, shape.width


def _grid(quad: Quad, many: int) -> list[Point]:
    """Points all over a box, so many across and down."""
    (x, y), right, _, below = quad
    across, down = (right[0] - x, right[1] - y), (below[0] - x, below[1] - y)
    parts = [(at + 0.5) / many for at in range(many)]
    return [
        (x + s * across[0] + t * down[0], y + s * across[1] + t * down[1])
        for t in parts
        for s in parts
    ]


def _scattered(quad: Quad) -> list[Point]:
    """Points all over a box, as even as may be, and no two in one row or column."""
    (x, y), right, _, below = quad
    across, down = (right[0] - x, right[1] - y), (below[0] - x, below[1] - y)
    parts = [tuple(at * one % 1.0 for one in _SPREAD) for at in range(1, _SCATTERED + 1)]
    return [(x + s * across[0] + t * down[0], y + s * across[1] + t * down[1]) for s, t in parts]


def _around(numbers: Sequence[float], matrix: Matrix | None, more: float) -> Box:
    """The box around points, and so much more at each side."""
    points: Iterable[Point] = zip(numbers[::2], numbers[1::2], strict=False)
    points = list(points if matrix is None else (placed(matrix, one) for one in points))
    across, down = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return min(across) - more, min(down) - more, max(across) + more, max(down) + more
