"""What an outline is like: which way it turns, what it encloses, and where its markers stand."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qms_publish.svg.path import NOTHING, Path, Point, Segment, Subpath, angle, is_apart

_HALF = 180.0
_ROUND = 360.0
_LITTLE = 1e-4
"""Where a path turns right back, browsers have the same one of both sides."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A place for a marker, and the angle of one that turns with the path, in degrees.

    No angle, where a segment of no length meets it: each browser has its own.
    """

    point: Point
    angle: float | None


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

    Where a stroke is closed, the last and the first segment meet in a corner as all others do.
    """
    return [corner for one in path for corner in _corners(one)]


def _corners(one: Subpath) -> Iterator[Corner]:
    parts = [*one.segments, *(Segment(one.start) for _ in range(one.is_closed))]
    ends = [part.end for part in parts]
    ways = [part.directions(start) for part, start in zip(parts, [one.start, *ends], strict=False)]
    if not ways:
        yield Corner(one.start, None)
        return
    first = _between(ways[-1], ways[0]) if one.is_closed else _alone(ways[0], 0)
    if one.is_moved:
        yield Corner(one.start, first)
    for at, end in enumerate(ends[:-1]):
        yield Corner(end, _between(ways[at], ways[at + 1]))
    yield Corner(ends[-1], first if one.is_closed else _last(ways))


Way = tuple[float, float] | None
"""The directions in which a segment leaves and comes; nothing for one of no length."""


def _alone(way: Way, side: int) -> float | None:
    return None if way is None else way[side]


def _last(ways: Sequence[Way]) -> float | None:
    """The last direction: to the right all take a segment of no length for one of some."""
    known = [one[1] for one in ways if one is not None]
    if ways[-1] is None and known and known[-1] == 0:
        return 0.0
    return _alone(ways[-1], 1)


def _between(before: Way, behind: Way) -> float | None:
    if before is None or behind is None:
        return None
    comes, leaves = before[1], behind[0]
    turn = (leaves - comes) % _ROUND
    turn = 0.0 if turn > _ROUND - _LITTLE else turn
    return comes + turn / 2 + (_HALF if turn > _HALF - _LITTLE else 0)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
