"""A shape of a drawing as it lies there: what it is within reach of, and what it covers."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.svg.painted import PaintedAt
from qms_publish.svg.path import NOTHING, Matrix, Point, inverse, placed
from qms_publish.svg.path_text import path_of
from qms_publish.svg.within import Cuts, Outline

Box = tuple[float, float, float, float]
_MITER: Final = 4.0
"""How long a corner of a line is at most, in widths, where nothing else is said."""

_BLUNT: Final = 0.9
"""By the sine of half its angle: a blunter corner hardly sticks out."""


@dataclass(slots=True, eq=False)
class LaidShape:
    """One that is filled, or a line."""

    at: int
    element: ET.Element
    place: PaintedAt
    colour: str
    opacity: float
    width: float
    """Of the line; nothing for what is filled."""
    box: Box
    back: Matrix
    outline: Outline | None = None

    def opened(self) -> Outline:
        """Its outline: read when it is first asked for."""
        if self.outline is None:
            path, is_even = path_of(self.element.get("d", "")), "fill-rule" in self.element.attrib
            found = Outline.of(path, is_even=is_even, is_line=self.width > 0)
            if self.width and self.element.get("stroke-linejoin", "miter") == "miter":
                limit = float(self.element.get("stroke-miterlimit", _MITER))
                spikes = tuple(_spikes(found.lines, self.width / 2, limit))
                found = Outline(found.box, found.lines + spikes)
            self.outline = found
        return self.outline

    def breadth(self) -> float:
        """How broad it is in the drawing: a line's width, the lesser side of what is filled."""
        if self.width:
            a, b, c, d, _, _ = self.place.matrix
            return self.width * math.sqrt(abs(a * d - b * c))
        left, top, right, bottom = self.box
        return min(right - left, bottom - top)

    def covers(self, point: Point, cuts: Cuts) -> bool:
        """Whether a point of the drawing is below it."""
        own = placed(self.back, point)
        outline = self.opened()
        is_in = outline.is_within(own, self.width / 2) if self.width else outline.holds(own)
        return is_in and all(
            cuts.hold(name, (placed(inverse(matrix), point),)) for name, matrix in self.place.cuts
        )

    def touches(self, quad: Sequence[Point], cuts: Cuts) -> bool:
        """Whether a box of the drawing, given by its corners, is below some of it."""
        own = [placed(self.back, one) for one in quad]
        outline = self.opened()
        if self.width:
            is_in = outline.enters(_widened(own, self.width / 2))
        else:
            is_in = outline.holds(own[0]) or outline.crosses(own)
        return is_in and all(
            cuts.touch_box(name, [placed(inverse(matrix), one) for one in quad])
            for name, matrix in self.place.cuts
        )

    def share(self, quad: Sequence[Point]) -> float:
        """How much of a box is below it at most, from 0 on: by its own size, not where it lies."""
        if not self.width:
            xs, ys = [x for x, _ in quad], [y for _, y in quad]
            left, top, right, bottom = self.box
            wide = min(right, max(xs)) - max(left, min(xs))
            high = min(bottom, max(ys)) - max(top, min(ys))
            return max(wide, 0.0) * max(high, 0.0) / max(_area(quad), NOTHING)
        own = [placed(self.back, one) for one in quad]
        long = self.opened().length_in(_widened(own, self.width / 2), self.width)
        return long * self.width / max(_area(own), NOTHING)

    def holds(self, quad: Sequence[Point], cuts: Cuts) -> bool:
        """Whether such a box is below it as a whole."""
        own = [placed(self.back, one) for one in quad]
        outline = self.opened()
        return (
            not self.width
            and all(map(outline.holds, own))
            and not outline.crosses(own)
            and all(
                cuts.hold_box(name, [placed(inverse(matrix), one) for one in quad])
                for name, matrix in self.place.cuts
            )
        )


def _area(corners: Sequence[Point]) -> float:
    (x, y), right, _, below = corners
    return abs((right[0] - x) * (below[1] - y) - (right[1] - y) * (below[0] - x))


def _widened(corners: Sequence[Point], more: float) -> list[Point]:
    """A box that is larger by so much at each side."""
    (x, y), right, _, below = corners
    along, down = _unit((right[0] - x, right[1] - y)), _unit((below[0] - x, below[1] - y))
    sine = abs(along[0] * down[1] - along[1] * down[0])
    far = more / max(sine, NOTHING)
    sides = ((-far, -far), (far, -far), (far, far), (-far, far))
    return [
        (px + s * along[0] + t * down[0], py + s * along[1] + t * down[1])
        for (px, py), (s, t) in zip(corners, sides, strict=True)
    ]


def _unit(vector: Point) -> Point:
    length = math.hypot(*vector)
    return (vector[0] / length, vector[1] / length) if length else (0.0, 0.0)


def _spikes(
    lines: Sequence[tuple[Point, Point]], half: float, limit: float
) -> Iterator[tuple[Point, Point]]:
    """The corners of a line that stick out beyond its width, each from its place to its point."""
    first = 0
    for at, (start, end) in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if following is None or following[0] != end:
            following, first = lines[first], at + 1
        if following[0] != end:
            continue
        back = _unit((start[0] - end[0], start[1] - end[1]))
        on = _unit((following[1][0] - end[0], following[1][1] - end[1]))
        away = _unit((-back[0] - on[0], -back[1] - on[1]))
        sine = math.sqrt(max((1 - back[0] * on[0] - back[1] * on[1]) / 2, 0.0))
        if sine * limit >= 1 and sine < _BLUNT:
            yield end, (end[0] + away[0] * half / sine, end[1] + away[1] * half / sine)
