"""Reads a path, or the points of a polygon, to the letter of their grammar.

A browser draws a path up to its first fault; a renderer guesses on. So a path with a fault is none.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import Final

from qms_publish.svg.path import NOTHING, Path, Point, Segment, Subpath, is_apart, placed, times

NUMBER: Final = r"(?>[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)"
"""The form of a number in a drawing, taken as a whole: else many digits are as many numbers, in as
many ways as nobody can try.

What ends with its point is no number to a browser: opacity="0." was nothing said.
"""
_NUMBER: Final = re.compile(NUMBER, re.ASCII)
_FLAG: Final = re.compile("[01]")
_BLANKS: Final = re.compile(r"\s*", re.ASCII)
_BETWEEN: Final = re.compile(r"\s*(,?)\s*", re.ASCII)
_ARGUMENTS: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_FLAGS: Final = (3, 4)
"""Which arguments of an arc are flags."""


class _PathReader:
    """A path on its way from letters to points."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.path: list[Subpath] = []
        self.segments: list[Segment] = []
        self.start: Point | None = None
        self.here: Point = (0.0, 0.0)
        self.is_moved = True
        self.bent: tuple[str, Point] = ("", (0.0, 0.0))
        """The kind of the curve before, and the last point that bent it."""

    def read(self) -> Path:
        self._skip()
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter.lower() not in _ARGUMENTS or (not self.path and self._is_early(letter)):
                raise ValueError(self.text)
            self._command(letter)
            self._skip()
        self._finish(is_closed=False)
        return tuple(self.path)

    def points(self) -> list[Point]:
        self._skip()
        points: list[Point] = []
        while self.at < len(self.text) and (not points or self._goes_on()):
            points.append((self._argument("l", 0), self._argument("l", 1)))
            self._skip()
        if self.at < len(self.text):
            raise ValueError(self.text)
        return points

    def _is_early(self, letter: str) -> bool:
        return self.start is None and letter not in "mM"

    def _command(self, letter: str) -> None:
        count = _ARGUMENTS[letter.lower()]
        self._skip()
        if not count:
            self._close()
            return
        is_first = True
        while is_first or self._goes_on():
            numbers = [self._argument(letter, at) for at in range(count)]
            self._draw(letter if is_first or letter not in "mM" else "lL"[letter == "M"], numbers)
            is_first = False

    def _argument(self, letter: str, at: int) -> float:
        if at:
            self._pass(_BETWEEN)
        is_flag = letter in "aA" and at in _FLAGS
        return float(self._pass(_FLAG if is_flag else _NUMBER))

    def _goes_on(self) -> bool:
        between = _BETWEEN.match(self.text, self.at)
        if between is None:  # never: it may be empty
            return False
        if _NUMBER.match(self.text, between.end()):
            self.at = between.end()
            return True
        if between[1]:
            raise ValueError(self.text)
        return False

    def _pass(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(self.text)
        self.at = found.end()
        return found[0]

    def _skip(self) -> None:
        self._pass(_BLANKS)

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
    return _PathReader(text).read()


def points_of(text: str) -> list[Point]:
    """The points of a polygon; raises ValueError for one number without its other."""
    return _PathReader(text).points()


def is_drawn(text: str, read: Callable[[str], object]) -> bool:
    """Whether `path_of` or `points_of` read all of `text`: a browser draws up to what is wrong."""
    try:
        read(text)
    except (ValueError, ArithmeticError):
        return False
    return True


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
