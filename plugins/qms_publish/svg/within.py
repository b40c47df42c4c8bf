"""Whether a point is within a path that cuts a drawing: what is not is drawn, and never seen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from qms_publish.svg.lengths import Unlike
from qms_publish.svg.path import Path, Point, Subpath, bounds, on_curve

_PARTS: Final = 8
"""A curve is taken for so many lines."""
_MOST: Final = 3_000_000
"""So many lines are looked at for all letters of a drawing: a second."""


@dataclass(frozen=True, slots=True)
class _Outline:
    box: tuple[float, float, float, float]
    lines: tuple[tuple[Point, Point], ...]

    def holds(self, point: Point) -> bool:
        """Whether the outline goes around the point, by the rule `nonzero`."""
        x, y = point
        turns = 0
        for (x1, y1), (x2, y2) in self.lines:
            if (y1 <= y) != (y2 <= y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                turns += 1 if y1 <= y else -1
        return turns != 0

    def is_near(self, point: Point) -> bool:
        """Whether the point is in the box around the outline."""
        left, top, width, height = self.box
        return left <= point[0] <= left + width and top <= point[1] <= top + height


class Cuts:
    """The paths that cut a drawing, by their names."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """All of them are filled by the rule `nonzero`."""
        self._paths = paths
        self._outlines: dict[str, _Outline] = {}
        self._left = _MOST

    def hold(self, name: str, points: Iterable[Point]) -> bool:
        """Whether all points, in the path's own place, are within it.

        Raises `Unlike` where too much would have to be looked at.
        """
        if name not in self._outlines:
            path = self._paths[name]
            lines = tuple(line for one in path for line in _lines(one))
            self._outlines[name] = _Outline(bounds(path), lines)
        outline = self._outlines[name]
        for point in points:
            self._left -= len(outline.lines)
            if self._left < 0:
                raise Unlike("text clip-path > …")
            if not outline.is_near(point) or not outline.holds(point):
                return False
        return True


def _lines(one: Subpath) -> Iterator[tuple[Point, Point]]:
    points = [one.start]
    for part in one.segments:
        for curve in part.curves:
            start = points[-1]
            points += (on_curve(start, curve, step / _PARTS) for step in range(1, _PARTS))
            points.append(curve[2])
        points.append(part.end)
    return pairwise([*points, one.start])
