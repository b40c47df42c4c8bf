"""Lengths, boxes and turns of a drawing as numbers, and what is handed down from part to part."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree as ET

from qms_publish.lettering.fonts import SANS_FAMILIES
from qms_publish.svg.path import IDENTITY, Matrix, number, times
from qms_publish.svg.path_text import NUMBER

SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PIXELS: Final = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0,
}  # fmt: skip
_LENGTH: Final = re.compile(rf"\s*({NUMBER})([a-z]*|%)\s*", re.ASCII)
_FUNCTION: Final = re.compile(r"(\w+)\s*\(([^()]*)\)")
_NUMBER: Final = re.compile(NUMBER, re.ASCII)
_NORMAL_SIZE: Final = "16"

DEFAULTS: Final[Mapping[str, str]] = {
    "fill": "black", "stroke": "none", "fill-opacity": "1", "stroke-opacity": "1",
    "fill-rule": "nonzero", "clip-rule": "nonzero", "stroke-linecap": "butt",
    "stroke-linejoin": "miter", "stroke-miterlimit": "4", "stroke-width": "1",
    "stroke-dasharray": "none", "stroke-dashoffset": "0", "marker-start": "none",
    "marker-mid": "none", "marker-end": "none", "visibility": "visible", "color": "black",
    "font-style": "normal", "font-weight": "normal", "font-size": _NORMAL_SIZE,
    "font-family": SANS_FAMILIES, "letter-spacing": "0", "word-spacing": "0",
    "text-anchor": "start", "dominant-baseline": "auto", SPACE: "default",
}  # fmt: skip
"""What is handed down, and what it is where nobody says it."""


class Unlike(Exception):  # noqa: N818 - an outcome, like Refused
    """The page would show something else than a browser; `found` is what that lies in."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for what is drawn at one place: the looks handed down, and the view's size."""

    looks: Mapping[str, str]
    width: float
    height: float

    def of(self, element: ET.Element) -> "Scope":
        """What holds inside of `element`."""
        said = {
            name: value
            for name in DEFAULTS
            if (value := element.get(name, "inherit").strip()) != "inherit"
        }
        if (blanks := element.get("white-space", "inherit")) != "inherit":
            said[SPACE] = "pre" if blanks == "pre" else "default"
        if "font-size" in said:
            size = self.length(said["font-size"], 0, of=self.font_size)
            said["font-size"] = number(size)
        looks = {**self.looks, **said}
        for name in ("fill", "stroke"):
            if said.get(name) == "currentColor":
                looks[name] = looks["color"]
        inside = replace(self, looks=looks)
        for name in ("stroke-width", "letter-spacing"):
            if name in said and said[name] != "normal" and not said[name].endswith("%"):
                looks[name] = number(inside.length(said[name], 0))
        return inside

    @property
    def font_size(self) -> float:
        """The size of letters, in pixels."""
        return float(self.looks["font-size"])

    def length(self, text: str, axis: int | None, *, of: float | None = None) -> float:
        """A length in pixels; parts of a hundred are of the width (0), the height (1), or both."""
        match = _LENGTH.fullmatch(text)
        if match is None or (match[2] not in _PIXELS and match[2] not in {"em", "%"}):
            raise Unlike(text[:40])
        if match[2] == "em":
            return float(match[1]) * self.font_size
        if match[2] == "%":
            both = math.hypot(self.width, self.height) / math.sqrt(2)
            whole = of if of is not None else both if axis is None else self.sides[axis]
            return float(match[1]) * whole / 100
        return float(match[1]) * _PIXELS[match[2]]

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height of the view."""
        return self.width, self.height

    def given(self, element: ET.Element, name: str, default: str = "0") -> float:
        """The length in an attribute of `element`."""
        is_high = "y" in name.lower() or "height" in name.lower()
        axis = None if name in {"r", "fr"} else int(is_high)
        return self.length(element.get(name) or default, axis)


def first_scope(width: float, height: float) -> Scope:
    """What holds at the root of a drawing whose view is so large."""
    return Scope(DEFAULTS, width, height)


def matrix_of(text: str) -> Matrix:
    """What the functions of a transform do together; they are of the closed form."""
    matrix = IDENTITY
    for name, inside in _FUNCTION.findall(text):
        matrix = times(matrix, _single(name, [float(one) for one in _NUMBER.findall(inside)]))
    return matrix


def _single(name: str, numbers: list[float]) -> Matrix:
    first, *rest = numbers
    match name:
        case "matrix":
            a, b, c, d, e, f = numbers
            return a, b, c, d, e, f
        case "translate":
            return 1.0, 0.0, 0.0, 1.0, first, rest[0] if rest else 0.0
        case "scale":
            return first, 0.0, 0.0, rest[0] if rest else first, 0.0, 0.0
        case "rotate":
            cos, sin = math.cos(math.radians(first)), math.sin(math.radians(first))
            x, y = rest or (0.0, 0.0)
            return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y
        case "skewX":
            return 1.0, 0.0, math.tan(math.radians(first)), 1.0, 0.0, 0.0
        case _:
            return 1.0, math.tan(math.radians(first)), 0.0, 1.0, 0.0, 0.0


def transform(matrix: Matrix) -> str:
    """`matrix` as an attribute."""
    return f"matrix({' '.join(f'{one:.10g}' for one in matrix)})"


def box_of(element: ET.Element) -> tuple[float, float, float, float] | None:
    """The viewBox, if there is one."""
    said = element.get("viewBox", "")
    numbers = [float(one) for one in _NUMBER.findall(said)]
    if not said.strip():
        return None
    match numbers:
        case [x, y, width, height] if width > 0 and height > 0:
            return x, y, width, height
        case _:
            raise Unlike(f"viewBox={said[:40]}")


def fitted(element: ET.Element, width: float, height: float) -> Matrix:
    """How what is in the viewBox of `element` is brought into a view of that size."""
    box = box_of(element)
    if box is None:
        return IDENTITY
    align, _, how = element.get("preserveAspectRatio", "xMidYMid").strip().partition(" ")
    x, y = width / box[2], height / box[3]
    if align == "none":
        return x, 0.0, 0.0, y, -box[0] * x, -box[1] * y
    x = y = max(x, y) if how == "slice" else min(x, y)
    parts = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    left = (width - box[2] * x) * parts[align[1:4]] - box[0] * x
    top = (height - box[3] * y) * parts[align[5:8]] - box[1] * y
    return x, 0.0, 0.0, y, left, top
