"""Paths of a drawing, said anew in lines and curves alone.

Each reader has its own way with relative coordinates, arcs and the direction at a corner. So the
page is given what is left when all of that is worked out.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_ROUND: Final = 4 / 3 * (math.sqrt(2) - 1)
"""How far the points stand off that bend a curve to a quarter of a circle."""
NOTHING: Final = 1e-9
_DOT: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Segment:
    """From the point before to `end`: a line, or curves one after the other."""

    end: Point
    curves: tuple[tuple[Point, Point, Point], ...] = ()

    def directions(self, start: Point) -> tuple[float, float] | None:
        """The angles in which it leaves and arrives; nothing, if it is no longer than a point."""
        points = [start, *(one for curve in self.curves for one in curve), self.end]
        leaves = next((one for one in points if is_apart(one, start)), None)
        comes = next((one for one in reversed(points) if is_apart(one, self.end)), None)
        if leaves is None or comes is None:
            return None
        return angle(start, leaves), angle(comes, self.end)


@dataclass(frozen=True, slots=True)
class Subpath:
    """One stroke of the pen."""

    start: Point
    segments: tuple[Segment, ...] = ()
    is_closed: bool = False
    is_moved: bool = True
    """Whether the pen was moved to its start: behind a `Z` it may go on from there."""

    def points(self) -> Iterator[Point]:
        """All points that it is made of, those that bend it among them."""
        yield self.start
        for segment in self.segments:
            for curve in segment.curves:
                yield from curve
            yield segment.end


Path = tuple[Subpath, ...]


def lines(points: Sequence[Point], *, is_closed: bool) -> Path:
    """The path from point to point."""
    if not points:
        return ()
    return (Subpath(points[0], tuple(map(Segment, points[1:])), is_closed),)


def rectangle(x: float, y: float, width: float, height: float) -> Path:
    """A rectangle, its corners not rounded."""
    right, bottom = x + width, y + height
    return lines([(x, y), (right, y), (right, bottom), (x, bottom)], is_closed=True)


def ellipse(cx: float, cy: float, rx: float, ry: float) -> Path:
    """An ellipse."""
    spots = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]
    at = [(cx + rx * x, cy + ry * y) for x, y in spots]
    curves = [
        (
            (cx + rx * (x - _ROUND * y), cy + ry * (y + _ROUND * x)),
            (cx + rx * (u + _ROUND * v), cy + ry * (v - _ROUND * u)),
            end,
        )
        for (x, y), (u, v), end in zip(spots, spots[1:], at[1:], strict=False)
    ]
    return (Subpath(at[0], tuple(Segment(one[2], (one,)) for one in curves), is_closed=True),)


def written(path: Path) -> str:
    """`path` in moves, lines and curves from the page's corner."""
    said: list[str] = []
    for one in path:
        said.append(f"M{_pair(one.start)}")
        if not any(is_apart(point, one.start) for point in one.points()):
            # A dot: of no length at all, some readers draw none.
            said.append(f"L{number(one.start[0] + _DOT)} {number(one.start[1])}")
            continue
        for segment in one.segments:
            if segment.curves:
                said += (f"C{' '.join(map(_pair, curve))}" for curve in segment.curves)
            else:
                said.append(f"L{_pair(segment.end)}")
        said += ["Z"] * one.is_closed
    return "".join(said)


def moved(path: Path, matrix: Matrix) -> Path:
    """`path` as it is once it was turned and moved."""

    def put(point: Point) -> Point:
        return placed(matrix, point)

    return tuple(
        Subpath(
            put(one.start),
            tuple(
                Segment(put(part.end), tuple((put(a), put(b), put(c)) for a, b, c in part.curves))
                for part in one.segments
            ),
            one.is_closed,
            one.is_moved,
        )
        for one in path
    )


def bounds(path: Path) -> tuple[float, float, float, float]:
    """Left, top, width and height of what a path takes: of its curves, not what bends them."""
    points: list[Point] = []
    for one in path:
        here = one.start
        points.append(here)
        for part in one.segments:
            for curve in part.curves:
                points += _extremes(here, curve)
                here = curve[2]
            points.append(part.end)
            here = part.end
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top


def _extremes(start: Point, curve: tuple[Point, Point, Point]) -> Iterator[Point]:
    for axis in (0, 1):
        a, b, c, d = start[axis], curve[0][axis], curve[1][axis], curve[2][axis]
        square, slope, still = 3 * (d - 3 * c + 3 * b - a), 6 * (c - 2 * b + a), 3 * (b - a)
        if abs(square) < NOTHING:
            roots = [-still / slope] if abs(slope) > NOTHING else []
        else:
            under = slope**2 - 4 * square * still
            signs = (1, -1) if under >= 0 else ()
            roots = [(-slope + sign * math.sqrt(under)) / (2 * square) for sign in signs]
        yield from (on_curve(start, curve, at) for at in roots if 0 < at < 1)


def on_curve(start: Point, curve: tuple[Point, Point, Point], at: float) -> Point:
    """The point of a curve at a part of its way."""
    parts = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
    points = (start, *curve)
    x = sum(part * point[0] for part, point in zip(parts, points, strict=True))
    return x, sum(part * point[1] for part, point in zip(parts, points, strict=True))


def times(outer: Matrix, inner: Matrix) -> Matrix:
    """What is first done by `inner`, then by `outer`, at once."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (
        a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e,
        b * t + d * u + f,
    )  # fmt: skip


def by(x: float, y: float) -> Matrix:
    """A move."""
    return 1.0, 0.0, 0.0, 1.0, x, y


def placed(matrix: Matrix, point: Point) -> Point:
    """Where `matrix` puts a point."""
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def inverse(matrix: Matrix) -> Matrix:
    """What undoes `matrix`; raises ZeroDivisionError where it leaves nothing to be seen."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    return (
        d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area,
    )  # fmt: skip


def is_apart(a: Point, b: Point) -> bool:
    """Whether two points are not one."""
    return math.dist(a, b) > NOTHING


def angle(start: Point, end: Point) -> float:
    """The direction from one point to another, in degrees."""
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def number(value: float) -> str:
    """A number as it stands in a drawing."""
    return f"{value + 0.0:.9g}" if abs(value) > NOTHING else "0"
