"""Gradients of a drawing, each as one that all draw alike, or as the colour it ends in."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from PIL.ImageColor import getrgb

from qms_publish.svg.as_written import target_of
from qms_publish.svg.lengths import Scope, Unlike, matrix_of, transform
from qms_publish.svg.nesting import svg, tag
from qms_publish.svg.path import IDENTITY, Matrix, Path, bounds, number, placed, times

GRADIENTS: Final = frozenset({"linearGradient", "radialGradient"})
_DEEPEST: Final = 32
_ALIKE: Final = 1e-6
_STEPS: Final = 16
_MOST_STOPS: Final = 50

Stop = tuple[float, str, float]
"""Where, which colour, how opaque."""


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour, and how opaque; or a gradient, and the colour is a reference to it."""

    colour: str
    opacity: float
    gradient: ET.Element | None = None


NOTHING: Final = Paint("none", 1.0)


def share(text: str) -> float:
    """A number from 0 to 1, which may be in parts of a hundred."""
    plain = text.strip()
    value = float(plain.rstrip("%")) / (100 if plain.endswith("%") else 1)
    return min(1.0, max(0.0, value))


def gradient_paint(
    gradient: ET.Element, named: Mapping[str, ET.Element], scope: Scope, path: Path, name: str
) -> Paint:
    """How a shape is filled by a gradient; `name` is what the new one is called."""
    said, stops = _told(gradient, named)
    if not stops:
        return NOTHING
    shape = bounds(path)
    if said.get("gradientUnits") != "userSpaceOnUse" and min(shape[2:]) <= 0:
        return NOTHING
    last = Paint(*_colour(stops[-1]))
    if len(stops) == 1:
        return last
    new = _geometry(tag(gradient), said, scope, shape)
    if new is None:
        return last
    new.set("id", name)
    if said.get("spreadMethod", "pad") != "pad":
        new.set("spreadMethod", said["spreadMethod"])
    for at, colour, opacity in _even(_placed(stops)):
        said_of = {"offset": number(at), "stop-color": colour, "stop-opacity": number(opacity)}
        ET.SubElement(new, svg("stop"), said_of)
    return Paint(f"url(#{name})", 1.0, new)


def _told(
    gradient: ET.Element, named: Mapping[str, ET.Element]
) -> tuple[dict[str, str], list[ET.Element]]:
    """Attributes and stops, those that are taken from other gradients among them."""
    said: dict[str, str] = {}
    stops: list[ET.Element] = []
    one: ET.Element | None = gradient
    for _ in range(_DEEPEST):
        if one is None or tag(one) not in GRADIENTS:
            return said, stops
        said = {name: value for name, value in one.attrib.items() if name != "id"} | said
        stops = stops or [child for child in one if tag(child) == "stop"]
        one = named.get(target_of(one))
    raise Unlike("gradient > gradient")


def _colour(stop: ET.Element) -> tuple[str, float]:
    colour = stop.get("stop-color", "black")
    if "inherit" in (colour, stop.get("stop-opacity")) or colour == "currentColor":
        raise Unlike("stop-color")
    return colour, share(stop.get("stop-opacity", "1"))


def _placed(stops: list[ET.Element]) -> list[Stop]:
    found: list[Stop] = []
    at = 0.0
    for stop in stops:
        at = max(at, share(stop.get("offset", "0")))
        found.append((at, *_colour(stop)))
    return found


def _even(stops: list[Stop]) -> Iterator[Stop]:
    """Stops with more between those that differ in colour and in how much they let through.

    A renderer mixes both at once, a browser each by itself.
    """
    yield stops[0]
    for before, behind in pairwise(stops):
        if before[1] != behind[1] and before[2] != behind[2]:
            if len(stops) > _MOST_STOPS:
                raise Unlike("stop-opacity")
            first, last = _rgb(before[1]), _rgb(behind[1])
            for step in range(1, _STEPS):
                part = step / _STEPS
                mixed = (round(a + (b - a) * part) for a, b in zip(first, last, strict=True))
                at = before[0] + (behind[0] - before[0]) * part
                opacity = before[2] + (behind[2] - before[2]) * part
                yield at, f"#{''.join(f'{one:02x}' for one in mixed)}", opacity
        yield behind


def _rgb(colour: str) -> tuple[int, ...]:
    try:
        found = getrgb(colour)
    except ValueError as error:
        raise Unlike(f"stop-color={colour[:40]}") from error
    if len(found) > len("rgb"):
        raise Unlike(f"stop-color={colour[:40]}")
    return found


def _geometry(
    kind: str, said: Mapping[str, str], scope: Scope, shape: tuple[float, float, float, float]
) -> ET.Element | None:
    """The gradient without its stops, in the shape's own place; nothing, where it has no length."""
    own = ET.Element(svg(kind), dict(said))
    is_own = said.get("gradientUnits") == "userSpaceOnUse"
    unit = scope if is_own else Scope(scope.looks, 1.0, 1.0)
    matrix = matrix_of(said.get("gradientTransform", ""))
    x, y, width, height = shape
    by_shape: Matrix = IDENTITY if is_own else (width, 0.0, 0.0, height, x, y)
    if kind == "linearGradient":
        ends = _line(own, unit, times(by_shape, matrix))
        return ends and _new(kind, dict(zip(("x1", "y1", "x2", "y2"), ends, strict=True)))
    return _circle(own, unit, matrix, by_shape)


def _new(kind: str, numbers: Mapping[str, float]) -> ET.Element:
    said = {name: number(value) for name, value in numbers.items()}
    return ET.Element(svg(kind), said | {"gradientUnits": "userSpaceOnUse"})


def _line(own: ET.Element, unit: Scope, matrix: Matrix) -> tuple[float, float, float, float] | None:
    """Both ends of a gradient along a line: its stripes are turned with the rest."""
    x1, y1 = unit.given(own, "x1"), unit.given(own, "y1")
    x2, y2 = unit.given(own, "x2", "100%"), unit.given(own, "y2")
    if math.dist((x1, y1), (x2, y2)) < _ALIKE:
        return None
    start, end = placed(matrix, (x1, y1)), placed(matrix, (x2, y2))
    stripe = placed(matrix, (x1 - (y2 - y1), y1 + (x2 - x1)))
    along = (stripe[0] - start[0], stripe[1] - start[1])
    far = ((end[0] - start[0]) * along[0] + (end[1] - start[1]) * along[1]) / (
        along[0] ** 2 + along[1] ** 2
    )
    return *start, end[0] - far * along[0], end[1] - far * along[1]


def _circle(own: ET.Element, unit: Scope, matrix: Matrix, by_shape: Matrix) -> ET.Element | None:
    cx, cy = unit.given(own, "cx", "50%"), unit.given(own, "cy", "50%")
    fx, fy = unit.given(own, "fx", f"{cx!r}"), unit.given(own, "fy", f"{cy!r}")
    r, fr = unit.given(own, "r", "50%"), unit.given(own, "fr")
    if r < _ALIKE:
        return None
    if fr < 0 or math.dist((cx, cy), (fx, fy)) + fr > r * (1 - _ALIKE):
        raise Unlike("radialGradient fx, fy, fr")
    whole = times(by_shape, matrix)
    a, b, c, d, _, _ = whole
    scale = math.hypot(a, b)
    if abs(a * c + b * d) > _ALIKE or abs(scale - math.hypot(c, d)) > _ALIKE * scale:
        if b or c or min(a, d) <= 0:
            raise Unlike(f"radialGradient {transform(whole)}")
        # As large as it is drawn: readers lose a gradient of the size of one unit.
        numbers = {"cx": cx, "cy": cy, "fx": fx, "fy": fy, "r": r, "fr": fr}
        new = _new("radialGradient", {name: a * value for name, value in numbers.items()})
        new.set("gradientTransform", transform(times(whole, (1 / a, 0.0, 0.0, 1 / a, 0.0, 0.0))))
        return new
    (cx, cy), (fx, fy) = placed(whole, (cx, cy)), placed(whole, (fx, fy))
    numbers = {"cx": cx, "cy": cy, "fx": fx, "fy": fy, "r": r * scale, "fr": fr * scale}
    return _new("radialGradient", numbers)
