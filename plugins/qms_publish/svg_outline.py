"""What an outline is like: which way it turns, what it encloses, and where its markers stand."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qms_publish.svg_path import NOTHING, Path, Point, Segment, Subpath, angle, is_apart

_HALF = 180.0
_LITTLE = 1e-4
"""Where a path turns right back, all browsers have the same one of both sides."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A place for a marker, and the angle of one that turns with the path, in degrees."""

    point: Point
    angle: float


def turned_round(one: Subpath) -> Subpath:
    """The same closed outline, drawn the other way round."""
    points = [one.start, *(part.end for part in one.segments)]
    parts = [
        Segment(before, tuple((b, a, start) for (a, b, _), start in _begun(part, before)))
        for part, before in reversed(list(zip(one.segments, points, strict=False)))
    ]
    return Subpath(points[-1], tuple(parts), one.is_closed)


def _begun(part: Segment, before: Point) -> Iterator[tuple[tuple[Point, Point, Point], Point]]:
    """The curves of a segment from the last to the first, each with the point it begins at."""
    starts = [before, *(curve[2] for curve in part.curves)]
    yield from reversed(list(zip(part.curves, starts, strict=False)))


def is_flat(one: Subpath) -> bool:
    """Whether it encloses nothing: a renderer would fill it with a hair."""
    points = list(one.points())
    far = max(points, key=lambda point: math.dist(point, one.start))
    length = math.dist(far, one.start)
    if length < NOTHING:
        return True
    return all(abs(_turn(one.start, far, point)) <= NOTHING * length**2 for point in points)


def area(one: Subpath) -> float:
    """What it encloses, about; below nothing if it is drawn against the clock."""
    points = list(one.points())
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def is_convex(one: Subpath) -> bool:
    """Whether it goes round once and bends to one side alone: all rules fill it alike."""
    points: list[Point] = []
    for point in one.points():
        if not points or is_apart(points[-1], point):
            points.append(point)
    if len(points) > 1 and not is_apart(points[0], points[-1]):
        points.pop()
    if len(points) < len("abc"):
        return True
    turned = 0.0
    signs: set[bool] = set()
    for before, at, after in zip(
        points, [*points[1:], points[0]], [*points[2:], *points[:2]], strict=True
    ):
        turn = math.remainder(angle(at, after) - angle(before, at), 360)
        turned += turn
        if abs(turn) > NOTHING:
            signs.add(turn > 0)
    return len(signs) == 1 and abs(abs(turned) - 360) < 1


def corners(path: Path) -> list[Corner]:
    """The places of a path's markers, in their order.

    A segment of no length has the direction of the one before, or else of the one behind; where a
    stroke is closed, the last and the first meet in a corner as all others do.
    """
    found: list[Corner] = []
    for one in path:
        found += _corners(one)
    return found


def _corners(one: Subpath) -> Iterator[Corner]:
    ends = [part.end for part in one.segments]
    parts = list(one.segments)
    if one.is_closed:
        parts.append(Segment(one.start))
        ends.append(one.start)
    raw = [part.directions(start) for part, start in zip(parts, [one.start, *ends], strict=False)]
    ways = list(_filled(raw))
    if not ways:
        yield Corner(one.start, 0.0)
        return
    first = _between(ways[-1][1], ways[0][0]) if one.is_closed else ways[0][0]
    if one.is_moved:
        yield Corner(one.start, first)
    for at, end in enumerate(ends[:-1]):
        yield Corner(end, _between(ways[at][1], ways[at + 1][0]))
    yield Corner(ends[-1], first if one.is_closed else ways[-1][1])


def _filled(raw: Sequence[tuple[float, float] | None]) -> Iterator[tuple[float, float]]:
    before: float | None = None
    for at, way in enumerate(raw):
        if way is not None:
            before = way[1]
            yield way
        elif before is not None:
            yield before, before
        else:
            behind = next((one[0] for one in raw[at:] if one is not None), 0.0)
            yield behind, behind


def _between(comes: float, leaves: float) -> float:
    if abs(comes - leaves) > _HALF - _LITTLE:
        comes += 2 * _HALF
    return (comes + leaves) / 2


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
