"""What is within a path, one that cuts a drawing or one that covers what is below it."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from qms_publish.svg.lengths import Unlike
from qms_publish.svg.path import NOTHING, Path, Point, Subpath, bounds, on_curve

_PARTS: Final = 8
"""A curve is taken for so many lines."""
_STEP: Final = 1e-4
"""So far beside a line, in sizes of the box, is looked whether it is an edge."""
_MOST: Final = 3_000_000
"""So many lines are looked at for all letters of a drawing: a second."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A path as lines, and the box around it."""

    box: tuple[float, float, float, float]
    lines: tuple[tuple[Point, Point], ...]
    is_even: bool = False
    """Whether what it goes around twice is outside, by the rule `evenodd`; else by `nonzero`."""

    @classmethod
    def of(cls, path: Path, *, is_even: bool = False, is_line: bool = False) -> "Outline":
        """The outline of a path, where it is filled; `is_line` where it is a line."""
        lines = tuple(
            line for one in path for line in _lines(one, is_closed=one.is_closed or not is_line)
        )
        return cls(bounds(path), lines, is_even)

    def holds(self, point: Point) -> bool:
        """Whether the outline goes around the point."""
        if not self._is_near(point):
            return False
        x, y = point
        turns = 0
        for (x1, y1), (x2, y2) in self.lines:
            if (y1 <= y) != (y2 <= y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                turns += 1 if y1 <= y else -1
        return turns % 2 != 0 if self.is_even else turns != 0

    def is_within(self, point: Point, far: float) -> bool:
        """Whether the point is so near to one of its lines, or nearer."""
        return any(_distance(point, *line) <= far for line in self.lines)

    def crosses(self, corners: Sequence[Point]) -> bool:
        """Whether what it goes around ends within a box, given by its corners."""
        return any(self._ends_in(line, corners) for line in self.lines)

    def enters(self, corners: Sequence[Point]) -> bool:
        """Whether one of its lines goes into a box, given by its corners."""
        return any(_inside(line, corners) is not None for line in self.lines)

    def length_in(self, corners: Sequence[Point], ends: float) -> float:
        """How long its lines are in a box, given by its corners, each longer by its `ends`."""
        found = ((_inside(line, corners), math.dist(*line)) for line in self.lines)
        return sum((one[1] - one[0]) * long + ends for one, long in found if one is not None)

    def _ends_in(self, line: tuple[Point, Point], corners: Sequence[Point]) -> bool:
        inside = _inside(line, corners)
        if inside is None:
            return False
        (x1, y1), (x2, y2) = line
        length = math.dist(*line)
        across, down = (y1 - y2) / length * _STEP, (x2 - x1) / length * _STEP
        size = math.dist(corners[0], corners[2])
        for part in (0.1, 0.5, 0.9):
            at = inside[0] + (inside[1] - inside[0]) * part
            x, y = x1 + (x2 - x1) * at, y1 + (y2 - y1) * at
            sides = ((x + side * across * size, y + side * down * size) for side in (1, -1))
            if not all(map(self.holds, sides)):
                return True
        return False

    def _is_near(self, point: Point) -> bool:
        left, top, width, height = self.box
        return left <= point[0] <= left + width and top <= point[1] <= top + height


class Cuts:
    """The paths that cut a drawing, by their names."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """All of them are filled by the rule `nonzero`."""
        self._paths = paths
        self._outlines: dict[str, Outline] = {}
        self._left = _MOST

    def hold(self, name: str, points: Iterable[Point]) -> bool:
        """Whether all points, in the path's own place, are within it."""
        outline = self._outline(name)
        return all(map(outline.holds, points))

    def hold_box(self, name: str, corners: Sequence[Point]) -> bool:
        """Whether a box, given by its corners in the path's own place, is within it as a whole."""
        outline = self._outline(name)
        return all(map(outline.holds, corners)) and not outline.crosses(corners)

    def touch_box(self, name: str, corners: Sequence[Point]) -> bool:
        """Whether some of such a box is within it."""
        outline = self._outline(name)
        return outline.holds(corners[0]) or outline.crosses(corners)

    def _outline(self, name: str) -> Outline:
        """Raises `Unlike` where too much would have to be looked at."""
        if name not in self._outlines:
            self._outlines[name] = Outline.of(self._paths[name])
        outline = self._outlines[name]
        self._left -= len(outline.lines)
        if self._left < 0:
            raise Unlike("text clip-path > …")
        return outline


def _distance(point: Point, start: Point, end: Point) -> float:
    """How far a point is from a line between two others."""
    x, y = end[0] - start[0], end[1] - start[1]
    square = x * x + y * y
    along = ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / square if square else 0.0
    at = min(1.0, max(0.0, along))
    return math.dist(point, (start[0] + at * x, start[1] + at * y))


def _inside(line: tuple[Point, Point], corners: Sequence[Point]) -> tuple[float, float] | None:
    """From where to where on its way a line is within a box, if it is for more than a point."""
    (x1, y1), (x2, y2) = line
    middle = sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)
    first, last = 0.0, 1.0
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        across, down = ay - by, bx - ax
        if across * (middle[0] - ax) + down * (middle[1] - ay) < 0:
            across, down = -across, -down
        begin = across * (x1 - ax) + down * (y1 - ay)
        change = across * (x2 - x1) + down * (y2 - y1)
        if abs(change) < NOTHING:
            if begin <= 0:
                return None
        elif change > 0:
            first = max(first, -begin / change)
        else:
            last = min(last, -begin / change)
    return (first, last) if last - first > NOTHING else None


def _lines(one: Subpath, *, is_closed: bool) -> Iterator[tuple[Point, Point]]:
    points = [one.start]
    for part in one.segments:
        for curve in part.curves:
            start = points[-1]
            points += (on_curve(start, curve, step / _PARTS) for step in range(1, _PARTS))
            points.append(curve[2])
        points.append(part.end)
    return pairwise([*points, one.start] if is_closed else points)
