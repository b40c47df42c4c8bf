"""Paths of a drawing, read to the letter of their grammar and said anew in lines and curves alone.

A browser draws a path up to its first fault; a renderer guesses on. Each has its own way with
relative coordinates, arcs and the direction at a corner, too. So a path with a fault is none here,
and of all others the page is given what is left when all of that is worked out.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qms.api import path_commands

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_NUMBER: Final = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?")
_BETWEEN: Final = re.compile(r"\s*+,?\s*+")
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


class _Reader:
    """A path on its way from letters to points."""

    def __init__(self) -> None:
        self.path: list[Subpath] = []
        self.segments: list[Segment] = []
        self.start: Point | None = None
        self.here: Point = (0.0, 0.0)
        self.is_moved = True
        self.bent: tuple[str, Point] = ("", (0.0, 0.0))
        """The kind of the curve before, and the last point that bent it."""

    def read(self, text: str) -> Path:
        for letter, numbers in path_commands(text):
            if numbers:
                self._draw(letter, numbers)
            else:
                self._close()
        self._finish(is_closed=False)
        return tuple(self.path)

    def _finish(self, *, is_closed: bool) -> None:
        if self.start is not None:
            one = Subpath(self.start, tuple(self.segments), is_closed, self.is_moved)
            self.path.append(one)
        self.segments = []

    def _close(self) -> None:
        if self.start is None:
            self.start, self.is_moved = self.here, False
        self._finish(is_closed=True)
        self.here, self.start = self.path[-1].start, None
        self.bent = ("", self.here)

    def _draw(self, letter: str, numbers: list[float]) -> None:
        kind = letter.lower()
        x, y = self.here if letter.islower() else (0.0, 0.0)
        if kind == "h":
            end = (x + numbers[0], self.here[1])
        elif kind == "v":
            end = (self.here[0], y + numbers[0])
        else:
            end = (x + numbers[-2], y + numbers[-1])
        if kind == "m":
            self._finish(is_closed=False)
            self.start, self.is_moved = end, True
        else:
            if self.start is None:
                self.start, self.is_moved = self.here, False
            given = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=False)]
            self.segments.append(self._segment(kind, given, numbers, end))
        if kind not in "csqt":
            self.bent = ("", end)
        self.here = end

    def _segment(self, kind: str, given: list[Point], numbers: list[float], end: Point) -> Segment:
        if kind == "a":
            return Segment(end, tuple(_arc(self.here, numbers, end)))
        if kind in "cs":
            first = given[0] if kind == "c" else self._mirrored("c")
            self.bent = ("c", given[-2])
            return Segment(end, ((first, given[-2], end),))
        if kind in "qt":
            middle = given[0] if kind == "q" else self._mirrored("q")
            self.bent = ("q", middle)
            return Segment(end, ((_toward(self.here, middle), _toward(end, middle), end),))
        return Segment(end)

    def _mirrored(self, kind: str) -> Point:
        if self.bent[0] != kind:
            return self.here
        (x, y), (bent_x, bent_y) = self.here, self.bent[1]
        return 2 * x - bent_x, 2 * y - bent_y


def path_of(text: str) -> Path:
    """The path that `text` says; raises ValueError where it breaks off before its end."""
    return _Reader().read(text)


def points_of(text: str) -> list[Point]:
    """The points of a polygon; raises ValueError for one number without its other."""
    numbers = [float(one) for one in _NUMBER.findall(text)]
    if len(numbers) % 2 or _BETWEEN.sub("", _NUMBER.sub("", text)):
        raise ValueError(text)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


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
        yield from (_on(start, curve, at) for at in roots if 0 < at < 1)


def _on(start: Point, curve: tuple[Point, Point, Point], at: float) -> Point:
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


def _arc(start: Point, numbers: list[float], end: Point) -> Iterator[tuple[Point, Point, Point]]:
    """Curves that are an arc, as SVG's appendix on them has it."""
    rx, ry, tilt = abs(numbers[0]), abs(numbers[1]), math.radians(numbers[2])
    if not rx or not ry or not is_apart(start, end):
        return
    cos, sin = math.cos(tilt), math.sin(tilt)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = (cos * half_x + sin * half_y) / rx, (cos * half_y - sin * half_x) / ry
    far = math.hypot(x, y)
    if far > 1:
        rx, ry, x, y, far = rx * far, ry * far, x / far, y / far, 1.0
    side = math.sqrt(max(0.0, 1 / far**2 - 1)) * (-1 if numbers[3] == numbers[4] else 1)
    cx, cy = side * y, -side * x
    first = math.atan2(y - cy, x - cx)
    sweep = math.atan2(-y - cy, -x - cx) - first
    if numbers[4] and sweep < 0:
        sweep += 2 * math.pi
    elif not numbers[4] and sweep > 0:
        sweep -= 2 * math.pi
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    # From a circle of size 1 around its own centre to where it is drawn.
    round_ = times((cos, sin, -sin, cos, *middle), (rx, 0.0, 0.0, ry, rx * cx, ry * cy))
    count = max(1, math.ceil(abs(sweep) / (math.pi / 2) - NOTHING))
    step = sweep / count
    reach = 4 / 3 * math.tan(step / 4)
    for at in range(count):
        a, b = first + at * step, first + (at + 1) * step
        leaves = (math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a))
        comes = (math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b))
        last = end if at + 1 == count else placed(round_, (math.cos(b), math.sin(b)))
        yield placed(round_, leaves), placed(round_, comes), last


def _toward(point: Point, middle: Point) -> Point:
    """Two thirds of the way."""
    return point[0] + 2 / 3 * (middle[0] - point[0]), point[1] + 2 / 3 * (middle[1] - point[1])


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
